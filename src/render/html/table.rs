//! Tables: the first rows as HTML, all rows as data for the script, which sorts, filters and copies them.
//!
//! A long table costs its cells once, as JSON by column; names that occur more than once in a column are stored once.

use super::glossary;
use super::markup::{Markup, anchor, visible};
use super::section::table_caption;
use super::values::long;
use super::values::{data_name, data_text, ratio};
use crate::report::{Align, Arg, Cell, Column, Table, Text};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rows that stand in the page as HTML.
const STATIC_ROWS: usize = 25;
/// Shorter tables get no tools: there is nothing to look for.
const TOOLS_FROM: usize = 8;
/// The column of values that somebody may want to read whole, such as a class path; those of other columns are cut.
const VALUE: &str = "value";
/// Tables of more columns stand closer.
const WIDE_FROM: usize = 7;

/// A table of a section.
pub(super) fn write(m: &mut Markup, section: &str, table: &Table) {
    let id = anchor(&format!("{section}-{}", table.id));
    let tools = table.rows.len() >= TOOLS_FROM;
    // What is only a list of addresses tells nothing on paper.
    let is_words = |column: &Column| column.align == Align::Left && column.key != "address";
    let class = if table.columns.iter().any(is_words) { "table" } else { "table off-paper" };
    m.el("div").class(class).attr("id", &id).inside(|m| {
        m.div("table-head").inside(|m| {
            m.el("h3").attr("id", format_args!("{id}-name")).inside(|m| {
                table_caption(m, section, &table.id);
                m.span("nr").text(&crate::render::text::count(table.rows.len() as u64 + table.omitted));
            });
            if tools {
                toolbar(m, &id);
            }
        });
        if table.rows.is_empty() {
            m.el("p").class("dim").inside(|m| m.message("html-no-rows"));
            return;
        }
        let (gauges, sides) = (gauges(table), sides(table));
        m.div("scroll")
            .attr("tabindex", "0")
            .attr("role", "group")
            .attr("aria-labelledby", format_args!("{id}-name"))
            .inside(|m| {
                let name = format!("{id}-name");
                let class = shape(table, &sides);
                m.el("table").attr("class", class).attr("aria-labelledby", name).inside(|m| {
                    m.el("thead").inside(|m| head(m, table, &sides, tools));
                    m.el("tbody").inside(|m| {
                        let rows = table.rows.iter().take(STATIC_ROWS);
                        rows.for_each(|row| body_row(m, table, row, &sides, &gauges));
                    });
                });
            });
        if table.rows.len() > STATIC_ROWS {
            m.el("p").class("dim static").inside(|m| {
                let args = [
                    ("count", Arg::Count(STATIC_ROWS as u64)),
                    ("total", Arg::Count(table.rows.len() as u64)),
                ];
                m.words(&Text::with("html-static-rows", args));
            });
        }
        if table.omitted > 0 {
            // Beside how many rows are shown, where the script says that.
            let class = if table.rows.len() > STATIC_ROWS { "dim static" } else { "dim" };
            m.el("p").class(class).inside(|m| {
                m.words(&Text::with("html-omitted", [("count", Arg::Count(table.omitted))]));
            });
        }
        if tools {
            m.data(&data(table, &sides, &gauges));
        }
    });
}

/// The column that takes what room the others leave: that of the class, or else the first one of words.
fn main_column(table: &Table) -> Option<usize> {
    let class = table.rows.first().and_then(|row| row.iter().position(|cell| matches!(cell, Cell::Class(_))));
    class.or_else(|| table.columns.iter().position(|column| column.align == Align::Left))
}

/// The classes beside the main one in a table of seven columns and more, where there is room for the innermost name only; class loaders everywhere.
const NARROW: &str = "nc";

/// Longer names, such as those of threads, need more room in a table of many columns.
const LONG_NAME: usize = 16;
/// On a phone still longer ones have a line of their own.
const LONG_VALUE: usize = 24;

/// What the style sheet has to know of a table: to find it out by `:has` would cost the browser a look at each row for each row that comes.
fn shape(table: &Table, sides: &[&'static str]) -> String {
    let mut classes = vec![format!("n{}", table.columns.len())];
    let mut mark = |is_so: bool, class: &str| {
        if is_so {
            classes.push(class.to_owned());
        }
    };
    mark(table.columns.len() > WIDE_FROM, "wide");
    mark(sides.contains(&"k"), "has-k");
    mark(sides.contains(&"p"), "has-p");
    // Beside a class stands another one.
    let second = (sides.first() == Some(&"m")).then(|| sides.get(1)).flatten();
    let is_class = || matches!(table.rows.first().and_then(|row| row.get(1)), Some(Cell::Class(_)));
    mark(second == Some(&NARROW), "beside");
    mark(second == Some(&"") && is_class(), "beside has-two");
    classes.join(" ")
}

/// The class of the cells of each column.
fn sides(table: &Table) -> Vec<&'static str> {
    let main = main_column(table);
    let is_wide = table.columns.len() > WIDE_FROM;
    // The largest table that does not stand closer has no room for two whole names either.
    let has_room = table.columns.len() < WIDE_FROM;
    let is_class = |at: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let mut first = cells.skip_while(|cell| **cell == Cell::None);
        matches!(first.next(), Some(Cell::Class(_)))
    };
    let longest = if is_wide { LONG_NAME } else { LONG_VALUE };
    let is_long = |at: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(at));
        cells.any(|cell| matches!(cell, Cell::Value(name) if name.len() > longest))
    };
    let of = |(at, column): (usize, &Column)| match side(column, main == Some(at)) {
        "" if column.key == "loader" || (!has_room && is_class(at)) => NARROW,
        "" if is_long(at) => "k",
        side => side,
    };
    table.columns.iter().enumerate().map(of).collect()
}

/// The class that follows from the column alone.
fn side(column: &Column, is_main: bool) -> &'static str {
    match (column.align, is_main) {
        (Align::Right, _) => "r",
        (Align::Left, true) => "m",
        (Align::Left, false) if column.key == "path" => "p",
        (Align::Left, false) if column.key == "created" => "t",
        (Align::Left, false) if column.key == "holder" => "h",
        (Align::Left, false) if column.key == "address" => "x",
        (Align::Left, false) => "",
    }
}

/// What only works with scripts is hidden without.
fn toolbar(m: &mut Markup, id: &str) {
    m.div("tools js").inside(|m| {
        m.el("label").attr("for", format_args!("{id}-filter")).inside(|m| m.message("html-filter"));
        m.el("input")
            .attr("type", "search")
            .attr("id", format_args!("{id}-filter"))
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .void();
        m.el("button").attr("type", "button").attr("data-do", "copy").inside(|m| m.message("html-copy"));
        m.el("button").attr("type", "button").attr("data-do", "csv").inside(|m| m.message("html-copy-csv"));
    });
}

fn head(m: &mut Markup, table: &Table, sides: &[&'static str], tools: bool) {
    m.el("tr").inside(|m| {
        for (column, class) in table.columns.iter().zip(sides) {
            m.el("th").attr("scope", "col").class_if(class).inside(|m| {
                m.span("th").inside(|m| {
                    if tools {
                        m.el("button").attr("type", "button").attr("data-key", &column.key).inside(|m| {
                            heading(m, column);
                        });
                    } else {
                        heading(m, column);
                    }
                    if let Some(term) = glossary::of_column(&column.key) {
                        m.explain(term);
                    }
                });
            });
        }
    });
}

/// The heading of a column, by the catalogue.
pub(super) fn heading(m: &mut Markup, column: &Column) {
    m.message(&format!("column-{}", column.key));
}

fn body_row(m: &mut Markup, table: &Table, row: &[Cell], sides: &[&'static str], gauges: &[Option<f64>]) {
    m.el("tr").inside(|m| {
        for (((column, cell), class), largest) in table.columns.iter().zip(row).zip(sides).zip(gauges) {
            m.el("td").class_if(class).inside(|m| {
                match cell {
                    Cell::Class(name) | Cell::Value(name) if *class == NARROW => m.innermost_class(name),
                    Cell::Value(value) if column.key == VALUE => m.long_value(value),
                    _ => m.cell(cell),
                }
                if let (Some(largest), Some(part)) = (largest, magnitude(cell)) {
                    m.gauge(if *largest > 0.0 { part / largest } else { 0.0 });
                }
            });
        }
    });
}

/// Cells that can be compared by the length of a bar.
fn magnitude(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Bytes(size) => Some(ratio(*size, 1)),
        Cell::Share(part) if part.is_finite() => Some(*part),
        _ => None,
    }
}

/// The largest value of each column whose cells get a bar.
fn gauges(table: &Table) -> Vec<Option<f64>> {
    let largest = |column: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(column).and_then(magnitude));
        cells.fold(None, |largest: Option<f64>, size| Some(largest.map_or(size, |l| l.max(size))))
    };
    (0..table.columns.len()).map(|column| if table.rows.len() < 3 { None } else { largest(column) }).collect()
}

fn data(table: &Table, sides: &[&str], gauges: &[Option<f64>]) -> Value {
    let columns: Vec<Value> = (0..table.columns.len())
        .map(|i| {
            let column = &table.columns[i];
            let cells = || table.rows.iter().map(move |row| row.get(i).unwrap_or(&Cell::None));
            // What a few cells are called by the program's own words does not make a column of names one of words.
            let names = cells().find(|cell| !matches!(cell, Cell::None | Cell::Term { .. }));
            let kind = match names.or_else(|| cells().find(|cell| **cell != Cell::None)) {
                Some(Cell::Value(_)) if column.key == VALUE => LONG,
                first => first.map_or("value", kind),
            };
            let mut object = Map::new();
            object.insert("key".into(), visible(&column.key).into());
            object.insert("kind".into(), kind.into());
            object.insert("side".into(), sides[i].into());
            if let Some(largest) = gauges[i] {
                object.insert("max".into(), largest.into());
            }
            let values: Vec<Value> = cells().map(|cell| cell_data(cell, kind)).collect();
            match shared(&values) {
                Some((names, indices)) => {
                    object.insert("names".into(), names);
                    object.insert("cells".into(), indices);
                }
                None => {
                    object.insert("cells".into(), values.into());
                }
            }
            object.into()
        })
        .collect();
    json!({ "columns": columns, "first": STATIC_ROWS, "omitted": table.omitted })
}

/// Names and words that occur often, and for each cell which one it is.
fn shared(values: &[Value]) -> Option<(Value, Value)> {
    let mut number_by_name: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    let mut names: Vec<Value> = Vec::new();
    let mut indices = Vec::with_capacity(values.len());
    for value in values {
        let name: Cow<'_, str> = match value {
            Value::String(name) => name.into(),
            // Words in both languages.
            Value::Object(_) => value.to_string().into(),
            _ => return None,
        };
        let number = *number_by_name.entry(name).or_insert_with(|| {
            names.push(value.clone());
            names.len() - 1
        });
        indices.push(number);
    }
    (names.len() * 2 < values.len()).then(|| (names.into(), indices.into()))
}

/// The name by which the script knows a kind of cell.
pub(super) fn kind(cell: &Cell) -> &'static str {
    match cell {
        Cell::None => "none",
        Cell::Bytes(_) => "bytes",
        Cell::BytesDelta(_) => "bytes-delta",
        Cell::Count(_) => "count",
        Cell::CountDelta(_) => "count-delta",
        Cell::Share(_) => "share",
        Cell::Flag(_) => "flag",
        Cell::Series(_) => "series",
        Cell::Address(_) => "address",
        Cell::Class(_) => "class",
        Cell::Value(_) => "value",
        Cell::Text(_) | Cell::Term { .. } => "text",
    }
}

/// The kind of cells of values that are not cut.
const LONG: &str = "long";

/// A cell for the script: its bare value where it is of the column's kind.
pub(super) fn cell_data(cell: &Cell, column: &str) -> Value {
    let value = match cell {
        Cell::None => return Value::Null,
        Cell::Bytes(n) | Cell::Count(n) => json!(n),
        Cell::BytesDelta(n) | Cell::CountDelta(n) => json!(n),
        Cell::Share(part) => json!(part),
        Cell::Flag(flag) => json!(flag),
        Cell::Series(values) => json!(values),
        Cell::Address(address) => json!(format!("{address:#x}")),
        Cell::Value(value) if column == LONG => return Value::String(long(value)),
        Cell::Class(name) | Cell::Value(name) => data_name(name),
        Cell::Text(text) | Cell::Term { text, .. } => data_text(text),
    };
    let kind = kind(cell);
    if kind == column { value } else { json!({ "kind": kind, "value": value }) }
}
