//! Reports and growth as self-contained HTML pages: no network, no server, safe to open and to share.
//!
//! Owns which pages there are; their common frame is the module `page`. A page is made from the report alone, so a report read
//! back from JSON gives the same page. It is complete without its script, which only adds sorting, filtering and zooming.
//! Both languages are in the page. Knows nothing of snapshots. Cost: linear in the report.

mod composition;
mod findings;
mod glossary;
mod growth;
mod heap_bar;
mod map;
mod markup;
mod named;
mod page;
mod paths;
mod section;
mod spark;
mod squarify;
mod suspects;
mod table;
mod threads;
mod tree;
mod values;
mod verdict;

use super::text::Language;
use crate::report::{Arg, Report, Section, Text, Tool};
use markup::Markup;
use page::{Page, Planned};

/// What does not come from the report.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct HtmlOptions {
    /// The language shown first; without it the browser's (English without scripts).
    pub language: Option<Language>,
    /// When the page was made (ISO 8601, UTC). Without it the same report gives the same bytes.
    pub generated: Option<String>,
}

/// The page of a report.
pub fn render(report: &Report, options: &HtmlOptions) -> String {
    page::render(&ReportPage(report), options)
}

/// The page of what has grown: the section `growth` that the comparison of reports gives.
pub fn growth(section: &Section, options: &HtmlOptions) -> String {
    page::render(&growth::GrowthPage::new(section), options)
}

struct ReportPage<'r>(&'r Report);

impl Page for ReportPage<'_> {
    fn title(&self) -> Text {
        Text::with("html-title", [("file", Arg::name(&self.0.dump.file))])
    }

    fn about(&self, m: &mut Markup) {
        let report = self.0;
        m.el("code").name(&report.dump.file);
        m.text(" ");
        m.size(report.dump.bytes);
        if let Some(runtime) = report.jvm.runtime() {
            m.span("sep").text(" · ");
            m.span("").name(&runtime);
        }
        if let Some(created) = &report.dump.created {
            m.span("sep").text(" · ");
            m.span("").inside(|m| m.date(created));
        }
    }

    fn sections(&self) -> Vec<Planned> {
        section::plan(self.0)
    }

    fn first_screen(&self, m: &mut Markup) {
        verdict::write(m, self.0);
    }

    fn section(&self, m: &mut Markup, planned: &Planned) {
        section::write(m, self.0, planned);
    }

    fn tool(&self) -> Tool {
        self.0.tool.clone()
    }
}
