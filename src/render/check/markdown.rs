//! Markdown for the summary of a job: a table of all dumps, then what is broken and why.

use super::{details, message};
use crate::gate::{Judgement, Outcome, Status};
use crate::render::markdown::{cell, escape};
use crate::render::text::Language;
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
    let table = super::summary(judgements);
    let heads = table.columns.iter().map(|column| word(&format!("column-{}", column.key)));
    writeln!(out, "| {} |\n|---|---|---:|---:|---:|---|", heads.collect::<Vec<_>>().join(" | "))?;
    for (judgement, row) in judgements.iter().zip(&table.rows) {
        let mark = match (&judgement.error, judgement.passed()) {
            (Some(_), _) => "⚠",
            (None, _) if !judgement.is_measured() => "❔",
            (None, true) => "✅",
            (None, false) => "❌",
        };
        let words = row.iter().enumerate().map(|(at, value)| {
            let words = cell(value, language);
            if at == 1 { format!("{mark} {words}") } else { words }
        });
        writeln!(out, "| {} |", words.collect::<Vec<_>>().join(" | "))?;
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
