//! Comma-separated values: a row for each budget of each dump, exact numbers, RFC 4180; a row with the error for what could not be read.

use super::{command, message, status_name};
use crate::gate::{Figure, Judgement, Outcome};
use crate::render::csv::{row, text};
use crate::render::text::Language;

/// The columns. Sizes and counts are whole numbers, shares 0 to 1, as `unit` says.
const COLUMNS: [&str; 14] = [
    "dump",
    "status",
    "budget",
    "subject",
    "unit",
    "measured",
    "allowed",
    "class",
    "holder",
    "rule",
    "fingerprint",
    "message",
    "note",
    "see",
];

/// All dumps.
pub fn csv(judgements: &[Judgement], language: Language) -> String {
    let mut out = String::new();
    row(&mut out, COLUMNS.map(str::to_owned));
    for judgement in judgements {
        if let Some(error) = &judgement.error {
            let mut fields = COLUMNS.map(|_| String::new());
            fields[0] = text(&judgement.file);
            fields[1] = "unreadable".to_owned();
            fields[11] = text(error);
            row(&mut out, fields);
        }
        for outcome in &judgement.outcomes {
            row(&mut out, fields(&judgement.file, outcome, language));
        }
    }
    out
}

fn fields(file: &str, outcome: &Outcome, language: Language) -> [String; COLUMNS.len()] {
    let unit = match outcome.allowed.or(outcome.measured) {
        Some(Figure::Bytes(_)) => "bytes",
        Some(Figure::Count(_)) => "count",
        Some(Figure::Share(_)) => "share",
        None => "",
    };
    let number = |figure: Option<Figure>| match figure {
        Some(Figure::Bytes(number) | Figure::Count(number)) => number.to_string(),
        Some(Figure::Share(share)) => format!("{share:.6}"),
        None => String::new(),
    };
    let name = |name: Option<&str>| name.map(text).unwrap_or_default();
    [
        text(file),
        status_name(outcome.status).to_owned(),
        outcome.budget.clone(),
        text(&outcome.subject),
        unit.to_owned(),
        number(outcome.measured),
        number(outcome.allowed),
        name(outcome.class.as_deref()),
        name(outcome.holder.as_ref().map(|holder| holder.label()).as_deref()),
        name(outcome.rule.as_deref()),
        outcome.fingerprint.to_string(),
        text(&message(outcome, language)),
        name(outcome.note.as_ref().map(|note| language.text(note)).as_deref()),
        text(&command(file, outcome)),
    ]
}
