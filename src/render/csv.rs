//! Comma-separated values of one inspection: its first table, exact numbers, RFC 4180.
//!
//! Owns quoting, and the guard against cells that a spreadsheet would take for formulas. Cost: linear in the table.

use super::text::Language;
use crate::report::{Block, Cell, Section, Table, TreeNode};

/// The threads of a section, or else its first table or tree; its facts if it has no table. Rows of trees are preceded by their depth.
pub fn section(section: &Section, language: Language) -> String {
    let mut out = String::new();
    let is_threads = |block: &&Block| matches!(block, Block::Threads { .. });
    let threads = section.blocks.iter().find(is_threads);
    for block in threads.map_or(&section.blocks[..], std::slice::from_ref) {
        match block {
            Block::Table(table) => {
                write_table(&mut out, table, language);
                return out;
            }
            Block::Tree(tree) => {
                let keys =
                    std::iter::once("depth").chain(tree.columns.iter().map(|column| column.key.as_str()));
                row(&mut out, keys.map(str::to_owned));
                let mut stack: Vec<(usize, &TreeNode)> =
                    tree.nodes.iter().rev().map(|node| (0, node)).collect();
                while let Some((depth, node)) = stack.pop() {
                    let cells = node.cells.iter().map(|value| cell(value, language));
                    row(&mut out, std::iter::once(depth.to_string()).chain(cells));
                    stack.extend(node.children.iter().rev().map(|child| (depth + 1, child)));
                }
                return out;
            }
            Block::Threads { threads, .. } => {
                let keys =
                    ["address", "name", "state", "retained_bytes", "locals_retained_bytes", "threw_oom"];
                row(&mut out, keys.map(str::to_owned));
                for thread in threads {
                    row(
                        &mut out,
                        [
                            format!("{:#x}", thread.address),
                            text(&thread.name),
                            thread.state.clone().unwrap_or_default(),
                            thread.retained_bytes.to_string(),
                            thread.locals_retained_bytes.to_string(),
                            thread.threw_oom.to_string(),
                        ],
                    );
                }
                return out;
            }
            _ => {}
        }
    }
    for block in &section.blocks {
        if let Block::Facts(facts) = block {
            row(&mut out, ["fact", "value"].map(str::to_owned));
            facts.facts.iter().for_each(|fact| row(&mut out, [text(&fact.key), cell(&fact.value, language)]));
        }
    }
    out
}

fn write_table(out: &mut String, table: &Table, language: Language) {
    row(out, table.columns.iter().map(|column| column.key.clone()));
    for cells in &table.rows {
        row(out, cells.iter().map(|value| cell(value, language)));
    }
}

/// A line of fields.
pub(super) fn row(out: &mut String, fields: impl IntoIterator<Item = String>) {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

/// Words from a dump. A spreadsheet takes what begins like a formula for one; an apostrophe in front stops it.
pub(super) fn text(words: &str) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{words}") } else { words.to_owned() }
}

fn cell(value: &Cell, language: Language) -> String {
    match value {
        Cell::None => String::new(),
        Cell::Bytes(number) | Cell::Count(number) => number.to_string(),
        Cell::BytesDelta(change) | Cell::CountDelta(change) => change.to_string(),
        Cell::Share(part) => format!("{part:.6}"),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Series(values) => values.iter().map(u64::to_string).collect::<Vec<_>>().join(" "),
        Cell::Address(address) => format!("{address:#x}"),
        Cell::Class(name) | Cell::Value(name) => text(name),
        Cell::Term { word, .. } => text(word),
        Cell::Text(words) => text(&language.text(words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Column;

    #[test]
    fn quotes_and_disarms() {
        let rows = vec![
            vec![Cell::Class("a\"b,c".into()), Cell::Bytes(1_234_567)],
            vec![Cell::Value("=cmd()".into()), Cell::None],
        ];
        let columns = vec![Column::left("class"), Column::right("bytes")];
        let table = Table { id: "t".into(), columns, rows, omitted: 0 };
        let section = Section { id: "x".into(), blocks: vec![Block::Table(table)] };
        let expected = "class,bytes\r\n\"a\"\"b,c\",1234567\r\n'=cmd(),\r\n";
        assert_eq!(super::section(&section, Language::En), expected);
    }
}
