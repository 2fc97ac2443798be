//! Prometheus text exposition, for a text file collector or a push gateway.

use super::status_name;
use crate::gate::{Figure, Judgement, Status};
use std::collections::BTreeMap;
use std::fmt::Write;

/// All dumps.
pub fn prometheus(judgements: &[Judgement]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut out, judgements);
    out
}

fn write_all(out: &mut String, judgements: &[Judgement]) -> std::fmt::Result {
    type Gauge = (&'static str, &'static str, fn(&Judgement) -> u64);
    let per_dump: [Gauge; 5] = [
        ("oomph_passed", "1 if budgets were measured and none is broken.", |judgement| {
            u64::from(judgement.passed())
        }),
        ("oomph_readable", "1 if the dump could be read.", |judgement| u64::from(judgement.error.is_none())),
        ("oomph_heap_bytes", "Shallow size of reachable objects.", |judgement| judgement.heap_bytes),
        ("oomph_unreachable_bytes", "Shallow size of unreachable objects.", |judgement| {
            judgement.unreachable_bytes
        }),
        ("oomph_objects", "Reachable objects.", |judgement| judgement.objects),
    ];
    for (name, help, value) in per_dump {
        head(out, name, help)?;
        for judgement in judgements {
            writeln!(out, "{name}{{dump=\"{}\"}} {}", label(&judgement.file), value(judgement))?;
        }
    }
    head(out, "oomph_budgets", "Budgets by how they fared.")?;
    for judgement in judgements {
        for status in [Status::Passed, Status::Tolerated, Status::NotMeasured, Status::Failed] {
            let count = judgement.with_status(status).count();
            let (dump, status) = (label(&judgement.file), status_name(status));
            writeln!(out, "oomph_budgets{{dump=\"{dump}\",status=\"{status}\"}} {count}")?;
        }
    }
    for (name, help, of_budget) in [
        ("oomph_measured", "What was measured for a budget.", false),
        ("oomph_allowed", "What a budget allows.", true),
    ] {
        head(out, name, help)?;
        for judgement in judgements {
            let mut seen: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
            for outcome in &judgement.outcomes {
                let Some(figure) = (if of_budget { outcome.allowed } else { outcome.measured }) else {
                    continue;
                };
                let (unit, value) = match figure {
                    Figure::Bytes(bytes) => ("bytes", bytes.to_string()),
                    Figure::Count(count) => ("count", count.to_string()),
                    Figure::Share(share) => ("ratio", share.to_string()),
                };
                let (dump, subject) = (label(&judgement.file), label(&outcome.subject));
                write!(
                    out,
                    "{name}{{dump=\"{dump}\",budget=\"{}\",subject=\"{subject}\",unit=\"{unit}\"",
                    outcome.budget
                )?;
                // Series that would be the same one are kept apart; all others have the same labels in every run, whatever else is broken.
                let count = seen.entry((&outcome.budget, &outcome.subject, unit)).or_default();
                *count += 1;
                if *count > 1 {
                    write!(out, ",n=\"{count}\"")?;
                }
                writeln!(out, "}} {value}")?;
            }
        }
    }
    Ok(())
}

fn head(out: &mut String, name: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")
}

/// The value of a label.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
