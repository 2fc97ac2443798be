//! Growth between dumps or reports: `oomph diff`; and reports from JSON: `oomph render`.

use super::args::{Diff, Render};
use super::failure::Failure;
use super::inspect::{language, terminal_options, write};
use super::open::Session;
use super::{output, reports, rules};
use crate::gate::compare;
use crate::render::html::HtmlOptions;
use crate::render::text::Language;
use crate::render::{html, markdown, terminal};
use crate::report::Report;

/// Inspections that growth is read from.
const NEEDED: &[&str] = &["rules", "histogram", "threads", "classloaders", "dominators"];

pub(super) fn run(session: &Session, args: &Diff) -> Result<(), Failure> {
    let files = std::iter::once(&args.old).chain(&args.new);
    // One dump after the other: only the reports stay in memory.
    let rules = rules::load(&args.rules)?;
    let load = |file| reports::load(session, file, NEEDED, &rules, &session.progress);
    let reports: Vec<Report> = files.map(|file| load(file)).collect::<Result<_, _>>()?;
    let section = compare(&reports.iter().collect::<Vec<_>>(), args.limit);
    write(session, &section, &args.writing)
}

/// Shows an earlier report, or makes HTML and Markdown of it.
pub(super) fn render(session: &Session, args: &Render) -> Result<(), Failure> {
    let report = reports::read(&args.report_file)?;
    let lang = args.lang.map(language);
    let words = lang.unwrap_or(Language::En);
    if let Some(path) = &args.html {
        output::to_file(path, &html::render(&report, &HtmlOptions { language: lang, generated: None }))?;
    }
    if let Some(path) = &args.markdown {
        output::to_file(path, &markdown::report(&report, words))?;
    }
    if args.html.is_none() && args.markdown.is_none() {
        output::to_stdout(&terminal::report(&report, &terminal_options(session, words, false)))?;
    }
    Ok(())
}
