//! The gate's judgements in the formats that people and CI systems read.
//!
//! Owns one file for each format and the words that they share. What a dump says is never obeyed by what reads it: each format
//! has its own escaping, and control characters are shown as escapes in all of them. Cost: linear in the outcomes.

mod annotations;
mod csv;
mod junit;
mod machine;
mod markdown;
mod place;
mod prometheus;
mod sarif;
mod terminal;

pub use annotations::{github, github_log, gitlab};
pub use csv::csv;
pub use junit::junit;
pub use machine::json;
pub use markdown::markdown;
pub use place::{FindSource, Place};
pub use prometheus::prometheus;
pub use sarif::sarif;
pub use terminal::{terminal, terminal_dumps, terminal_summary};

use super::terminal::clean;
use super::text::{LONGEST_NAME, Language, bytes};
use super::ways;
use crate::gate::{Judgement, Outcome, Status};
use crate::report::{Arg, Cell, Column, PathStep, Table, Text};
use std::borrow::Cow;

/// All dumps in a table, each in one row that says why it failed.
fn summary(judgements: &[Judgement]) -> Table {
    let row = |judgement: &Judgement| {
        let result = match (&judgement.error, judgement.passed()) {
            (Some(_), _) => "gate-unreadable",
            (None, _) if !judgement.is_measured() => "gate-nothing-measured",
            (None, true) => "gate-passed",
            (None, false) => "gate-failed",
        };
        let count = |status| Cell::Count(judgement.with_status(status).count() as u64);
        let is_read = judgement.error.is_none();
        let figure = |cell| if is_read { cell } else { Cell::None };
        let why = match (&judgement.error, judgement.with_status(Status::Failed).next()) {
            (Some(error), _) => Cell::Value(error.clone()),
            (None, Some(broken)) => {
                let holder = broken.holder.as_ref().map(|holder| format!(": {}", holder.label()));
                Cell::Value(format!("{}{}", broken.budget, holder.unwrap_or_default()))
            }
            (None, None) if !judgement.is_measured() => {
                judgement.outcomes.first().map_or(Cell::None, |outcome| Cell::Text(outcome.message.clone()))
            }
            (None, None) => Cell::None,
        };
        vec![
            Cell::Value(judgement.file.clone()),
            Cell::Text(Text::message(result)),
            figure(Cell::Bytes(judgement.heap_bytes)),
            figure(count(Status::Failed)),
            figure(Cell::Count(judgement.measured_count())),
            why,
        ]
    };
    let columns = vec![
        Column::left("gate_dump"),
        Column::left("gate_result"),
        Column::right("gate_heap"),
        Column::right("gate_broken"),
        Column::right("gate_budgets"),
        Column::left("gate_why"),
    ];
    let rows = judgements.iter().map(row).collect();
    Table { id: "gate_dumps".to_owned(), columns, rows, omitted: 0 }
}

/// The outcome in one line.
fn message(outcome: &Outcome, language: Language) -> String {
    clean(&language.text(&said_once(&outcome.message, language))).into_owned()
}

/// A problem whose own words say its size does not say it again.
fn said_once(text: &Text, language: Language) -> Cow<'_, Text> {
    if let Text::Message { id, args } = text
        && id == "gate-problem"
        && let (Some(Arg::Text(title)), Some(Arg::Bytes(measured))) =
            (args.get("title"), args.get("measured"))
        && language.text(title).contains(&bytes(*measured))
    {
        return Cow::Owned(Text::Message { id: "gate-problem-said".to_owned(), args: args.clone() });
    }
    Cow::Borrowed(text)
}

/// What follows the message where there is room: holder, path, note, advice, what shows more.
fn details(file: &str, outcome: &Outcome, language: Language) -> Vec<String> {
    let say = |id: &'static str, key: &'static str, name: String| {
        language.text(&Text::with(id, [(key, Arg::name(name))]))
    };
    let mut lines = Vec::new();
    if let Some(holder) = &outcome.holder {
        lines.push(say("gate-held-by", "holder", holder.label()));
    }
    if !outcome.path.is_empty() {
        lines.push(say("gate-path", "path", path(&outcome.path)));
    }
    lines.extend(outcome.note.iter().map(|note| language.text(note)));
    lines.extend(outcome.advice.iter().map(|advice| format!("→ {}", language.text(advice))));
    lines.push(say("gate-see", "command", command(file, outcome)));
    lines.push(say("gate-fingerprint", "fingerprint", outcome.fingerprint.0.clone()));
    lines.iter().map(|line| clean(line).into_owned()).collect()
}

/// `a.Registry.MAP > java.util.HashMap.table > [].next`; long paths without their middle, so that both ends are there: a line that is too long is
/// cut off.
fn path(steps: &[PathStep]) -> String {
    const SHOWN: usize = 8;
    let step = |step: &PathStep| {
        let (owner, field) = ways::reference(&step.class, step.field.as_deref());
        format!("{owner}{field}")
    };
    let mut words: Vec<String> = steps.iter().map(step).collect();
    if words.len() > SHOWN {
        words.splice(SHOWN / 2..words.len() - SHOWN / 2, ["…".to_owned()]);
    }
    let length = |words: &[String]| words.iter().map(|word| word.chars().count() + 3).sum::<usize>();
    let mut at = words.len() / 2;
    while length(&words) > LONGEST_NAME && words.len() > 3 {
        match words.iter().position(|word| word == "…") {
            None => words[at] = "…".to_owned(),
            // On the side that is longer.
            Some(gap) => {
                let before = length(&words[..gap]) > length(&words[gap + 1..]) && gap > 1;
                at = if before || gap + 2 >= words.len() { gap - 1 } else { gap + 1 };
                words.remove(at);
            }
        }
    }
    words.join(" > ")
}

/// The command that shows more, as a shell takes it.
fn command(file: &str, outcome: &Outcome) -> String {
    let mut words = vec!["oomph".to_owned()];
    let mut see = outcome.see.iter();
    words.extend(see.next().cloned());
    words.push(quoted(file));
    words.extend(see.map(|word| quoted(word)));
    words.join(" ")
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The name of a status in formats for machines.
fn status_name(status: Status) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Tolerated => "tolerated",
        Status::NotMeasured => "not-measured",
        Status::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_keeps_both_of_its_ends() {
        let step = |class: &str, field: &str| PathStep {
            class: class.to_owned(),
            field: Some(field.to_owned()).filter(|field| !field.is_empty()),
            address: 0,
            retained_bytes: 0,
            bypassed: false,
        };
        let long = "io.reactivex.rxjava3.subjects.PublishSubject";
        let mut steps = vec![step("com.acme.booking.BookingService", "current")];
        steps.extend((0..6).map(|_| step(long, "subscribers")));
        steps.push(step("com.acme.booking.BookingService$Request", ""));
        let told = path(&steps);
        assert!(told.starts_with("com.acme.booking.BookingService.current > io"), "{told}");
        assert!(
            told.ends_with("> … > com.acme.booking.BookingService$Request")
                || told.ends_with("subscribers > com.acme.booking.BookingService$Request"),
            "{told}"
        );
        assert!(told.chars().count() <= LONGEST_NAME && told.matches('…').count() == 1, "{told}");
        // A path of two steps is whole, however long they are.
        assert_eq!(path(&[step(&long.repeat(6), "a"), step(long, "")]).matches('…').count(), 0);
    }

    #[test]
    fn a_shell_takes_the_command_as_it_is_meant() {
        assert_eq!(quoted("soak-1.hprof"), "soak-1.hprof");
        assert_eq!(quoted("a b'$(x)"), "'a b'\\''$(x)'");
    }
}
