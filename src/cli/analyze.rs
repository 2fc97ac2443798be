//! The main job: `oomph analyze`.

use super::args::Analyze;
use super::failure::Failure;
use super::inspect::{language, terminal_options};
use super::open::Session;
use super::{output, rules};
use crate::inspect::rules::RuleSet;
use crate::inspect::{Context, Options, is_mostly_text, report};
use crate::render::html::HtmlOptions;
use crate::render::text::Language;
use crate::render::{html, json, markdown, terminal};
use crate::report::Report;

/// Rows in the tables of a report for each suspect that the user wants to see.
const ROWS_PER_SUSPECT: usize = 40;
/// Classes in the histogram of the reports: all of most programs, so that a search for part of a name finds what is there.
const CLASSES: usize = 2000;

pub(super) fn run(session: &Session, args: &Analyze) -> Result<(), Failure> {
    // A mistake in a rule file is told before the long work begins. The built-in rules have none: they can be read beside it.
    let with_own = if args.rules.is_empty() { None } else { Some(rules::load(&args.rules)?) };
    rayon::spawn(|| drop(RuleSet::builtin()));
    // The terminal shows the verdict alone; what nobody will read is not computed.
    let in_full = args.html.is_some() || args.json.is_some() || args.markdown.is_some();
    let (snapshot, preview) =
        if in_full { session.open_in_full(&args.dump_file)? } else { (session.open(&args.dump_file)?, None) };
    let limit = ROWS_PER_SUSPECT * usize::from(args.top);
    let options = Options { limit, class_limit: CLASSES, strings: args.strings, ..Options::default() };
    let rules = with_own.unwrap_or_else(RuleSet::builtin);
    let context = Context::new(&snapshot, options).with_rules(rules).with_preview(preview);
    let is_text = is_mostly_text(&context);
    let is_needed = |id: &str| NEEDED_FOR_VERDICT.contains(&id) || is_text && id == "strings";
    let report = report(&context, |id| in_full || is_needed(id))?;
    session.finish_progress();
    drop(context);
    // A report needs nothing of the heap, and its pages take memory themselves. To give back a mapped dump and its columns takes a while.
    std::thread::scope(|scope| {
        scope.spawn(move || drop(snapshot));
        write(session, args, report)
    })
}

/// Writes what was asked for to files and to the terminal.
fn write(session: &Session, args: &Analyze, report: Report) -> Result<(), Failure> {
    let lang = args.lang.map(language);
    let words = lang.unwrap_or(Language::En);
    let page = || {
        let generated = args.timestamp.then(|| jiff::Timestamp::now().to_string());
        html::render(&report, &HtmlOptions { language: lang, generated })
    };
    let text = || serde_json::to_string_pretty(&json::report(&report, words)).map_err(Failure::new);
    let (page, text) = rayon::join(
        || args.html.as_ref().map(|path| (path, page())),
        || args.json.as_ref().map(|path| (path, text())),
    );
    if let Some((path, page)) = page {
        output::to_file(path, &page)?;
    }
    if let Some((path, text)) = text {
        output::to_file(path, &(text? + "\n"))?;
    }
    if let Some(path) = &args.markdown {
        output::to_file(path, &markdown::report(&report, words))?;
    }
    let written = [&args.html, &args.json, &args.markdown].into_iter().flatten();
    if !written.clone().any(|path| output::is_stdout(path)) {
        let mut shown = report;
        shown.suspects.truncate(usize::from(args.top));
        output::to_stdout(&terminal::report(&shown, &terminal_options(session, words, false)))?;
    }
    for path in written.filter(|path| !output::is_stdout(path)) {
        session.note(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Inspections whose findings belong to the verdict.
const NEEDED_FOR_VERDICT: &[&str] = &["threads", "rules", "off-heap", "classloaders", "references"];
