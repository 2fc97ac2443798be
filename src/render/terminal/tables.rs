//! Tables, trees and facts in columns that line up.

use super::Screen;
use super::style::{clean, fit, fit_beginning, width};
use crate::render::text::{bytes, bytes_delta, count, count_delta, share, spark};
use crate::report::{Align, Cell, Column, Facts, Table, Tree, TreeNode};

/// Columns of a terminal between two columns of a table.
const GAP: usize = 2;
/// No column is made narrower than this.
const NARROWEST: usize = 12;

/// The words of a cell.
pub(super) fn cell(screen: &Screen, cell: &Cell) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Bytes(size) => bytes(*size),
        Cell::BytesDelta(change) => bytes_delta(*change),
        Cell::Count(number) => count(*number),
        Cell::CountDelta(change) => count_delta(*change),
        Cell::Share(part) => share(*part),
        Cell::Flag(flag) => screen.language.message(if *flag { "yes" } else { "no" }),
        Cell::Series(values) => spark(values),
        Cell::Address(address) => format!("{address:#x}"),
        Cell::Class(name) | Cell::Value(name) => clean(name).into_owned(),
        Cell::Text(text) | Cell::Term { text, .. } => clean(&screen.say(text)).into_owned(),
    }
}

pub(super) fn facts(screen: &mut Screen, facts: &Facts) {
    let rows: Vec<(String, String)> = facts
        .facts
        .iter()
        .map(|fact| (screen.language.message(&format!("fact-{}", fact.key)), cell(screen, &fact.value)))
        .collect();
    let names = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    for (name, value) in rows {
        let pad = names - width(&name);
        let lead = format!("{name}{:pad$}  ", "");
        screen.paragraph(&lead, &value);
    }
}

pub(super) fn table(screen: &mut Screen, table: &Table) {
    let mut rows: Vec<(usize, Vec<String>)> =
        table.rows.iter().map(|row| (0, row.iter().map(|value| cell(screen, value)).collect())).collect();
    caption(screen, &table.id, rows.len());
    let mut columns = table.columns.clone();
    // A path beside other columns would leave no room for them: it gets lines of its own.
    let paths = columns.iter().position(|column| column.key == "path").filter(|_| columns.len() > 2);
    let mut below = Vec::new();
    if let Some(at) = paths {
        columns.remove(at);
        below = rows
            .iter_mut()
            .map(|(_, row)| if at < row.len() { row.remove(at) } else { String::new() })
            .collect();
    }
    grid(screen, &columns, &rows, &below);
    screen.omitted(table.omitted);
}

/// The name of the table, where it has one, so that two tables on one screen can be told apart.
fn caption(screen: &mut Screen, id: &str, rows: usize) {
    let message = format!("table-{id}");
    if screen.language.has(&message) {
        let words = format!("{} ({})", screen.language.message(&message), count(rows as u64));
        let words = screen.style.bold(&words);
        screen.line(&words);
    }
}

pub(super) fn tree(screen: &mut Screen, tree: &Tree) {
    let mut rows = Vec::new();
    let mut omitted = 0;
    let mut stack: Vec<(usize, &TreeNode)> = tree.nodes.iter().rev().map(|node| (0, node)).collect();
    while let Some((depth, node)) = stack.pop() {
        rows.push((depth, node.cells.iter().map(|value| cell(screen, value)).collect()));
        omitted += node.omitted;
        stack.extend(node.children.iter().rev().map(|child| (depth + 1, child)));
    }
    let roots = rows.iter().filter(|(depth, _)| *depth == 0).count();
    caption(screen, &tree.id, roots);
    grid(screen, &tree.columns, &rows, &[]);
    screen.omitted(omitted);
}

/// Rows whose first column is indented by depth. `below` has words that follow a row on lines of their own.
fn grid(screen: &mut Screen, columns: &[Column], rows: &[(usize, Vec<String>)], below: &[String]) {
    if rows.is_empty() {
        return;
    }
    let heads: Vec<String> =
        columns.iter().map(|column| screen.language.message(&format!("column-{}", column.key))).collect();
    let mut widths: Vec<usize> = heads.iter().map(|head| width(head)).collect();
    for (depth, row) in rows {
        for (at, value) in row.iter().enumerate().take(widths.len()) {
            let indent = if at == 0 { 2 * depth } else { 0 };
            widths[at] = widths[at].max(width(value) + indent);
        }
    }
    shrink(&mut widths, columns, screen.width);
    let mut head = String::new();
    for (at, column) in columns.iter().enumerate() {
        pad(&mut head, &fit(&heads[at], widths[at]), widths[at], column.align);
    }
    let head = screen.style.dim(head.trim_end());
    screen.line(&head);
    for (number, (depth, row)) in rows.iter().enumerate() {
        let mut line = String::new();
        for (at, column) in columns.iter().enumerate() {
            let value = row.get(at).map_or("", String::as_str);
            let indent = if at == 0 { 2 * depth.min(&(widths[0] / 4)) } else { 0 };
            // A name says most at its end, a value at its beginning.
            let fit = if column.key == "value" { fit_beginning } else { fit };
            let value = format!("{:indent$}{}", "", fit(value, widths[at] - indent));
            pad(&mut line, &value, widths[at], column.align);
        }
        screen.line(&line);
        if let Some(words) = below.get(number).filter(|words| !words.is_empty()) {
            screen.dim_paragraph("    ", words);
        }
    }
}

/// Takes room from the widest columns of words until all fit.
fn shrink(widths: &mut [usize], columns: &[Column], room: usize) {
    loop {
        let all = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        if all <= room {
            return;
        }
        let words =
            (0..widths.len()).filter(|&at| columns[at].align == Align::Left && widths[at] > NARROWEST);
        let Some(widest) = words.max_by_key(|&at| widths[at]) else { return };
        widths[widest] = widths[widest].saturating_sub(all - room).max(NARROWEST).max(widths[widest] / 2);
    }
}

fn pad(line: &mut String, value: &str, room: usize, align: Align) {
    if !line.is_empty() {
        line.push_str("  ");
    }
    let space = room.saturating_sub(width(value));
    let (before, after) = match align {
        Align::Left => (0, space),
        Align::Right => (space, 0),
    };
    line.push_str(&" ".repeat(before));
    line.push_str(value);
    line.push_str(&" ".repeat(after));
}
