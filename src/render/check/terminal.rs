//! The judgements on a terminal: a line for each dump, the broken budgets below it; of several dumps a table and the sum at the end.
//! The two parts can be had apart, for a run that tells of each dump when it is judged.

use super::{details, message};
use crate::gate::{Judgement, Status};
use crate::render::terminal::{Screen, TerminalOptions};
use crate::render::text::bytes;
use crate::report::{Arg, Text};

/// All dumps and, of several, the table. With `all`, budgets that are kept are listed too.
pub fn terminal(judgements: &[Judgement], all: bool, options: &TerminalOptions) -> String {
    terminal_dumps(judgements, all, options) + &terminal_summary(judgements, options)
}

/// A line for each dump and what is below it.
pub fn terminal_dumps(judgements: &[Judgement], all: bool, options: &TerminalOptions) -> String {
    let mut screen = Screen::new(options);
    let language = options.language;
    for judgement in judgements {
        let broken = judgement.with_status(Status::Failed).count() as u64;
        let tolerated = judgement.with_status(Status::Tolerated).count() as u64;
        let args = [
            ("tolerated", Arg::Count(tolerated)),
            ("file", Arg::name(judgement.file.as_str())),
            ("broken", Arg::Count(broken)),
            ("count", Arg::Count(judgement.measured_count())),
            ("heap", Arg::name(bytes(judgement.heap_bytes))),
        ];
        if let Some(error) = &judgement.error {
            // Many errors begin with the name.
            let name = Some(&judgement.file).filter(|file| !error.starts_with(file.as_str()));
            let name = name.map(|file| format!("{file}: ")).unwrap_or_default();
            screen.paragraph("! ", &format!("{name}{error}"));
            continue;
        }
        let (mark, id) = match broken {
            // Where no budget is measured nobody should read that all are kept.
            0 if !judgement.is_measured() => ("? ", "gate-dump-not-measured"),
            0 if tolerated > 0 => ("✓ ", "gate-dump-tolerated"),
            0 => ("✓ ", "gate-dump-passed"),
            _ => ("✗ ", "gate-dump-failed"),
        };
        screen.paragraph(mark, &language.text(&Text::with(id, args)));
        for outcome in &judgement.outcomes {
            let mark = match outcome.status {
                Status::Failed => "✗",
                Status::Tolerated => "~",
                Status::NotMeasured => "?",
                Status::Passed if all => "✓",
                Status::Passed => continue,
            };
            screen.paragraph(
                &format!("    {mark} "),
                &format!("{}: {}", outcome.budget, message(outcome, language)),
            );
            if matches!(outcome.status, Status::Failed | Status::Tolerated) {
                for line in details(&judgement.file, outcome, language) {
                    screen.paragraph("        ", &line);
                }
            }
        }
    }
    screen.into_text()
}

/// Several dumps in a table, and how many of them failed. Empty for a single one.
pub fn terminal_summary(judgements: &[Judgement], options: &TerminalOptions) -> String {
    let mut screen = Screen::new(options);
    let language = options.language;
    if judgements.len() > 1 {
        screen.table(&super::summary(judgements));
        let bad = judgements.iter().filter(|judgement| !judgement.passed()).count() as u64;
        let args = [("bad", Arg::Count(bad)), ("count", Arg::Count(judgements.len() as u64))];
        screen.paragraph("", &language.text(&Text::with("gate-sum", args)));
    }
    screen.into_text()
}
