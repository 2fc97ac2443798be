//! Markdown for the summary of a job: a table of all dumps, then what is broken and why.

use super::{details, message};
use crate::gate::{Judgement, Outcome, Status};
use crate::render::markdown::escape;
use crate::render::text::{Language, bytes, count};
use std::fmt::Write;

/// All dumps.
pub fn markdown(judgements: &[Judgement], language: Language) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut out, judgements, language);
    out
}

fn write_all(out: &mut String, judgements: &[Judgement], language: Language) -> std::fmt::Result {
    let word = |id: &str| escape(&language.message(id));
    writeln!(out, "## {}\n", word("gate-title"))?;
    let heads = [
        "gate-column-dump",
        "gate-column-result",
        "gate-column-heap",
        "gate-column-broken",
        "gate-column-budgets",
    ];
    writeln!(out, "| {} |\n|---|---|---:|---:|---:|", heads.map(word).join(" | "))?;
    for judgement in judgements {
        let (mark, result) = match (&judgement.error, judgement.passed()) {
            (Some(_), _) => ("⚠", "gate-unreadable"),
            (None, true) => ("✅", "gate-passed"),
            (None, false) => ("❌", "gate-failed"),
        };
        writeln!(
            out,
            "| {} | {mark} {} | {} | {} | {} |",
            escape(&judgement.file),
            word(result),
            bytes(judgement.heap_bytes),
            count(judgement.with_status(Status::Failed).count() as u64),
            count(judgement.outcomes.len() as u64)
        )?;
    }
    for judgement in judgements {
        if let Some(error) = &judgement.error {
            writeln!(out, "\n### {}\n\n⚠ {}", escape(&judgement.file), escape(error))?;
            continue;
        }
        let is_told = |outcome: &&Outcome| outcome.status != Status::Passed;
        let told: Vec<&Outcome> = judgement.outcomes.iter().filter(is_told).collect();
        if told.is_empty() {
            continue;
        }
        writeln!(out, "\n### {}\n", escape(&judgement.file))?;
        for outcome in told {
            let mark = match outcome.status {
                Status::Failed => "❌",
                Status::Tolerated => "🕒",
                _ => "❔",
            };
            writeln!(out, "- {mark} `{}` {}", outcome.budget, escape(&message(outcome, language)))?;
            if outcome.status == Status::NotMeasured {
                continue;
            }
            for line in details(&judgement.file, outcome, language) {
                writeln!(out, "  - {}", escape(&line))?;
            }
        }
    }
    Ok(())
}
