//! A single inspection, in one of four formats.

use super::args::{Format, Inspect, Lang, Writing};
use super::failure::Failure;
use super::open::Session;
use super::output;
use crate::inspect::{self, Context, Options};
use crate::render::text::Language;
use crate::render::{csv, json, markdown, terminal};
use crate::report::Section;

pub(super) fn run(session: &Session, id: &str, args: &Inspect) -> Result<(), Failure> {
    let inspection = inspect::find(id).ok_or_else(|| Failure::new(format!("there is no inspection {id}")))?;
    let snapshot = session.open_to_look(&args.dump_file)?;
    let limit = args.limit.unwrap_or_else(|| usual_limit(id, args.writing.format));
    let options = Options { limit, class_limit: 0, strings: args.strings, ..Options::default() };
    let outcome = inspection.run(&Context::new(&snapshot, options))?;
    write(session, &outcome.section, &args.writing)
}

/// Rows where the user does not say. Programs get all, and so does whoever searches threads with grep; but objects are listed one by
/// one only as far as anybody looks.
fn usual_limit(id: &str, format: Format) -> usize {
    const FOR_READING: usize = 40;
    const OBJECTS: usize = 1000;
    const THREADS: usize = 10_000;
    match (id, format) {
        ("threads", _) => THREADS,
        ("dominators", Format::Json | Format::Csv) => OBJECTS,
        (_, Format::Json | Format::Csv) => 0,
        _ => FOR_READING,
    }
}

/// Writes a section as the user wants it.
pub(super) fn write(session: &Session, section: &Section, writing: &Writing) -> Result<(), Failure> {
    session.finish_progress();
    let language = language(writing.lang);
    let text = match writing.format {
        Format::Json => {
            let value = json::section(section, language);
            serde_json::to_string_pretty(&value).map_err(Failure::new)? + "\n"
        }
        Format::Csv => csv::section(section, language),
        Format::Markdown => markdown::section(section, language),
        Format::Text => {
            terminal::section(section, &terminal_options(session, language, writing.output.is_some()))
        }
    };
    output::write(writing.output.as_deref(), &text)
}

/// How wide and colourful the terminal is. A file gets no colours.
pub(super) fn terminal_options(
    session: &Session,
    language: Language,
    to_file: bool,
) -> terminal::TerminalOptions {
    let width =
        if to_file { None } else { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) };
    // Where nobody looks at columns nothing is cut off: who searches for the name of a class finds it. Prose keeps its width.
    terminal::TerminalOptions {
        width: width.unwrap_or(usize::from(u16::MAX)),
        color: !to_file && session.colors(),
        language,
    }
}

pub(super) fn language(lang: Lang) -> Language {
    match lang {
        Lang::En => Language::En,
        Lang::Zh => Language::Zh,
    }
}
