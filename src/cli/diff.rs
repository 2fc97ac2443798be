//! Growth between dumps or reports: `oomph diff`; and reports from JSON: `oomph render`.

use super::args::{Diff, Format, Lang, Render, Writing};
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

/// Rows of a table of the HTML page at least.
const HTML_ROWS: usize = 500;

/// The language that the page opens in: the one asked for, or the browser's.
fn page_language(args: &Diff) -> Option<Language> {
    match args.writing.lang {
        Lang::En => None,
        Lang::Zh => Some(Language::Zh),
    }
}

pub(super) fn run(session: &Session, args: &Diff) -> Result<(), Failure> {
    let files = std::iter::once(&args.old).chain(&args.new);
    reports::check_stdin(files.clone())?;
    // One dump after the other: only the reports stay in memory.
    let rules = rules::load(&args.rules)?;
    let load = |file| reports::load(session, file, NEEDED, &rules, &session.progress);
    let reports: Vec<Report> = files.map(|file| load(file)).collect::<Result<_, _>>()?;
    let reports: Vec<&Report> = reports.iter().collect();
    let section = compare(&reports, args.limit);
    if let Some(path) = &args.html {
        // A page has room: its tables unfold and can be searched.
        let page = compare(&reports, if args.limit == 0 { 0 } else { args.limit.max(HTML_ROWS) });
        let options = HtmlOptions { language: page_language(args), generated: None };
        output::to_file(path, &html::growth(&page, &options))?;
        session.note(&format!("wrote {}", path.display()));
    }
    let more = [(&args.json, Format::Json), (&args.markdown, Format::Markdown)];
    let more = more.into_iter().filter_map(|(path, format)| Some((path.as_deref()?, format)));
    for (path, format) in more.clone() {
        let writing = Writing { format, output: Some(path.to_owned()), lang: args.writing.lang };
        write(session, &section, &writing)?;
    }
    if args.writing.output.is_none() && more.into_iter().any(|(path, _)| output::is_stdout(path)) {
        return Ok(());
    }
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
