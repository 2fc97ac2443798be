//! Markdown: one inspection as tables, the whole report as a summary for a job's page.
//!
//! Owns escaping: nothing from a dump becomes a heading, a link or HTML. Cost: linear in what is shown.

use super::text::{Language, bytes, count, share, shorten};
use super::ways;
use crate::report::{Block, Cell, Column, PathGraph, Report, Section, Severity, Suspect, TreeNode};
use std::fmt::Write;

/// Rows of a suspects' or findings' table.
const MOST: usize = 10;

/// A single inspection.
pub fn section(section: &Section, language: Language) -> String {
    let mut out = format!("## {}\n", language.message(&format!("section-{}", section.id)));
    for block in &section.blocks {
        out.push('\n');
        write_block(&mut out, block, language);
    }
    out
}

/// The whole report in short: verdict, suspects with their holders and paths, findings.
pub fn report(report: &Report, language: Language) -> String {
    let mut out = format!("# {}\n\n", escape(&report.dump.file));
    for note in &report.dump.damage {
        line(&mut out, &format!("> ⚠ {}", escape(&language.text(&note.message))));
    }
    for sentence in &report.verdict.sentences {
        line(&mut out, &escape(&language.text(sentence)));
        out.push('\n');
    }
    for outside in report.outside_to_tell() {
        line(&mut out, &escape(&language.text(&outside)));
        out.push('\n');
    }
    if !report.suspects.is_empty() {
        line(&mut out, &format!("## {}\n", language.message("section-suspects")));
        let heads = ["rank", "kind", "holder", "retained_bytes", "share", "instances", "class"];
        let heads: Vec<String> = heads.iter().map(|key| language.message(&format!("column-{key}"))).collect();
        line(&mut out, &format!("| {} |", heads.join(" | ")));
        line(&mut out, "|---:|---|---|---:|---:|---:|---|");
        for suspect in report.suspects.iter().take(MOST) {
            line(&mut out, &suspect_row(suspect, language));
        }
        for suspect in report.suspects.iter().take(MOST) {
            write_suspect(&mut out, suspect, language);
        }
    }
    let findings: Vec<_> =
        report.findings.iter().filter(|finding| finding.severity > Severity::Info).take(MOST).collect();
    if !findings.is_empty() {
        line(&mut out, &format!("\n## {}\n", language.message("section-findings")));
        for finding in findings {
            let mark = if finding.severity == Severity::Error { "❌" } else { "⚠" };
            line(
                &mut out,
                &format!("- {mark} {} (`{}`)", escape(&language.text(&finding.title)), code(&finding.id)),
            );
            for advice in &finding.advice {
                line(&mut out, &format!("  - {}", escape(&language.text(advice))));
            }
        }
    }
    let evidence = &report.jvm.object_layout.evidence;
    if !evidence.is_empty() {
        line(&mut out, &format!("\n## {}\n", language.message("section-layout")));
        evidence.iter().for_each(|text| line(&mut out, &format!("- {}", escape(&language.text(text)))));
    }
    out
}

fn suspect_row(suspect: &Suspect, language: Language) -> String {
    format!(
        "| {} | {} | `{}` | {} | {} | {} | `{}` |",
        suspect.rank,
        language.message(suspect.kind_message()),
        code(&suspect.holder.label()),
        bytes(suspect.retained_bytes),
        share(suspect.share),
        count(suspect.instances),
        code(&suspect.class)
    )
}

fn write_suspect(out: &mut String, suspect: &Suspect, language: Language) {
    line(out, &format!("\n**{}.** {}\n", suspect.rank, escape(&language.text(&suspect.title))));
    for activity in &suspect.activity {
        line(out, &format!("{}\n", escape(&language.text(activity))));
    }
    if !suspect.path.is_empty() {
        out.push_str("```\n");
        for step in &suspect.path {
            let (owner, field) = ways::reference(&step.class, step.field.as_deref());
            // A fence cannot be closed from inside: control characters and backticks are gone.
            line(out, &code(&format!("{owner}{field}")));
        }
        out.push_str("```\n");
    }
    if let Some(graph) = &suspect.path_graph {
        write_ways(out, graph, language);
    }
    if let Some(rank) = suspect.path_graph_of {
        line(out, &format!("{}\n", escape(&language.text(&ways::same(rank)))));
    }
    for advice in &suspect.advice {
        line(out, &format!("- {}", escape(&language.text(advice))));
    }
}

/// The merged paths to a suspect's objects.
fn write_ways(out: &mut String, graph: &PathGraph, language: Language) {
    line(out, &format!("{}\n", escape(&language.text(&ways::about(graph)))));
    out.push_str("```\n");
    for step in ways::lines(graph) {
        let words = ways::words(graph, &step, language);
        let indent = "  ".repeat(step.depth);
        line(out, &format!("{indent}{}  {}", code(&words), ways::part(graph, step.edge.paths)));
    }
    out.push_str("```\n");
}

/// What a table is of: a section has several.
fn title(out: &mut String, id: &str, language: Language) {
    line(out, &format!("**{}**\n", escape(&language.message(&format!("table-{id}")))));
}

fn write_block(out: &mut String, block: &Block, language: Language) {
    match block {
        Block::Prose { text } => line(out, &escape(&language.text(text))),
        Block::Facts(facts) => {
            for fact in &facts.facts {
                let name = language.message(&format!("fact-{}", fact.key));
                line(out, &format!("- {}: {}", escape(&name), cell(&fact.value, language)));
            }
        }
        Block::Table(table) => {
            title(out, &table.id, language);
            heads(out, &table.columns, language);
            for row in &table.rows {
                cells(out, row.iter().map(|value| cell(value, language)));
            }
            omitted(out, table.omitted, language);
        }
        Block::Tree(tree) => {
            title(out, &tree.id, language);
            heads(out, &tree.columns, language);
            let mut left_out = 0;
            let mut stack: Vec<(usize, &TreeNode)> = tree.nodes.iter().rev().map(|node| (0, node)).collect();
            while let Some((depth, node)) = stack.pop() {
                let indent = "&emsp;".repeat(depth);
                let row = node.cells.iter().enumerate().map(|(at, value)| {
                    let value = cell(value, language);
                    if at == 0 { format!("{indent}{value}") } else { value }
                });
                cells(out, row);
                left_out += node.omitted;
                stack.extend(node.children.iter().rev().map(|child| (depth + 1, child)));
            }
            omitted(out, left_out, language);
        }
        Block::Threads { threads, .. } => {
            for thread in threads {
                let state = thread.state.as_deref().unwrap_or("");
                line(
                    out,
                    &format!("\n**{}** {state} {}\n", escape(&thread.name), bytes(thread.retained_bytes)),
                );
                out.push_str("```\n");
                for frame in &thread.frames {
                    line(out, &code(&format!("at {}", frame.frame)));
                }
                out.push_str("```\n");
            }
        }
        Block::Bar(bar) => {
            for part in &bar.parts {
                line(out, &format!("- {}: {}", escape(&language.text(&part.label)), bytes(part.bytes)));
            }
        }
        Block::Map { .. } => {}
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn heads(out: &mut String, columns: &[Column], language: Language) {
    cells(out, columns.iter().map(|column| escape(&language.message(&format!("column-{}", column.key)))));
    cells(
        out,
        columns.iter().map(|column| {
            if column.align == crate::report::Align::Right { "---:" } else { "---" }.to_owned()
        }),
    );
}

fn cells(out: &mut String, cells: impl Iterator<Item = String>) {
    out.push('|');
    for cell in cells {
        // Writing to a String does not fail.
        let _ = write!(out, " {cell} |");
    }
    out.push('\n');
}

fn omitted(out: &mut String, count: u64, language: Language) {
    if count > 0 {
        let text =
            crate::report::Text::with("terminal-omitted", [("count", crate::report::Arg::Count(count))]);
        line(out, &format!("\n{}", escape(&language.text(&text))));
    }
}

pub(in crate::render) fn cell(value: &Cell, language: Language) -> String {
    match value {
        Cell::None => String::new(),
        Cell::Bytes(size) => bytes(*size),
        Cell::BytesDelta(change) => super::text::bytes_delta(*change),
        Cell::Count(number) => count(*number),
        Cell::CountDelta(change) => super::text::count_delta(*change),
        Cell::Share(part) => share(*part),
        Cell::Flag(flag) => language.message(if *flag { "yes" } else { "no" }),
        Cell::Series(values) => super::text::spark(values),
        Cell::Address(address) => format!("`{address:#x}`"),
        Cell::Class(name) | Cell::Value(name) if name.is_empty() => String::new(),
        Cell::Class(name) | Cell::Value(name) => format!("`{}`", code(name)),
        Cell::Text(text) | Cell::Term { text, .. } => escape(&language.text(text)),
    }
}

/// Words that Markdown takes as they are.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // No mentions of people on code hosts.
            '@' => out.push_str("&#64;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Words for a code span inside of a table, of bearable length.
fn code(text: &str) -> String {
    let short = shorten(text);
    let plain = short.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.collect::<String>().replace('`', "'").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_dump_becomes_markup() {
        assert_eq!(escape("<script>[x](y) # *"), "&lt;script&gt;\\[x\\](y) \\# \\*");
        assert_eq!(code("a`b|c\nd"), "a'b\\|c d");
    }
}
