//! The page of what has grown between dumps.
//!
//! Owns its first screen (the verdict, whose the growth is, the collections that grew most as cards) and the order of its tables. It is made
//! from the section `growth` alone and looks like the page of a report.

use super::glossary;
use super::markup::Markup;
use super::page::{Page, Planned};
use super::section::{facts_block, segment};
use super::spark::sizes;
use super::table;
use super::values::ratio;
use crate::render::text::{bytes_delta, count_delta};
use crate::report::{Arg, Block, Cell, Facts, Section, Table, Text, Tool};

/// Collections that get a card.
const CARDS: usize = 3;
/// Owners that get a part of the picture of their own, and the smallest such part in percent.
const PARTS: usize = 8;
const SMALLEST_PART: f64 = 0.5;

/// Sections and the tables that stand in them.
const SECTIONS: [(&str, &[&str]); 7] = [
    ("growth-owners", &["owners"]),
    ("growth-collections", &["collections"]),
    ("growth-branches", &["branches"]),
    ("growth-classes", &["classes"]),
    ("growth-suspects", &["new_suspects"]),
    ("growth-threads", &["threads", "loaders"]),
    ("growth-dumps", &["dumps"]),
];

/// What the page is made from.
pub(super) struct GrowthPage<'s> {
    section: &'s Section,
}

/// A row of a table with names instead of positions.
#[derive(Clone, Copy)]
struct Row<'s> {
    table: &'s Table,
    cells: &'s [Cell],
}

impl<'s> Row<'s> {
    fn cell(self, key: &str) -> &'s Cell {
        let at = self.table.columns.iter().position(|column| column.key == key);
        at.and_then(|at| self.cells.get(at)).unwrap_or(&Cell::None)
    }

    fn name(self, key: &str) -> &'s str {
        match self.cell(key) {
            Cell::Value(name) | Cell::Class(name) => name,
            _ => "",
        }
    }

    fn number(self, key: &str) -> u64 {
        match *self.cell(key) {
            Cell::Bytes(number) | Cell::Count(number) => number,
            _ => 0,
        }
    }

    fn change(self, key: &str) -> i64 {
        match *self.cell(key) {
            Cell::BytesDelta(change) | Cell::CountDelta(change) => change,
            _ => 0,
        }
    }

    fn series(self) -> &'s [u64] {
        match self.cell("trend") {
            Cell::Series(values) => values,
            _ => &[],
        }
    }
}

impl<'s> GrowthPage<'s> {
    pub(super) fn new(section: &'s Section) -> Self {
        Self { section }
    }

    fn table(&self, id: &str) -> Option<&'s Table> {
        self.section.blocks.iter().find_map(|block| match block {
            Block::Table(table) if table.id == id => Some(table),
            _ => None,
        })
    }

    fn rows(&self, id: &str) -> impl Iterator<Item = Row<'s>> + use<'s> {
        let table = self.table(id);
        table.into_iter().flat_map(|table| table.rows.iter().map(move |cells| Row { table, cells }))
    }

    fn prose(&self) -> impl Iterator<Item = &'s Text> {
        self.section.blocks.iter().filter_map(|block| match block {
            Block::Prose { text } => Some(text),
            _ => None,
        })
    }

    fn facts(&self) -> Option<&'s Facts> {
        self.section.blocks.iter().find_map(|block| match block {
            Block::Facts(facts) => Some(facts),
            _ => None,
        })
    }

    fn fact(&self, key: &str) -> &'s Cell {
        let fact = self.facts().and_then(|facts| facts.facts.iter().find(|fact| fact.key == key));
        fact.map_or(&Cell::None, |fact| &fact.value)
    }

    fn number_of_rows(&self, tables: &[&str]) -> u64 {
        let tables = tables.iter().filter_map(|table| self.table(table));
        tables.map(|table| table.rows.len() as u64 + table.omitted).sum()
    }

    /// A table without the columns that say nothing or are told by others, so that none is cut.
    fn shown(&self, table: &Table) -> Table {
        let is_one_step = self.rows("dumps").count() == 2;
        let is_told = |column: &str| match column {
            // A line of two points shows it.
            "steady" => is_one_step,
            // Cards and sentences tell the limit.
            "old_elements" | "limit" => true,
            _ => false,
        };
        let kept: Vec<usize> =
            (0..table.columns.len()).filter(|&at| !is_told(&table.columns[at].key)).collect();
        let mut shown = table.clone();
        shown.columns = kept.iter().map(|&at| table.columns[at].clone()).collect();
        shown.rows = table
            .rows
            .iter()
            .map(|row| kept.iter().filter_map(|&at| row.get(at).cloned()).collect())
            .collect();
        shown
    }

    /// One line for all sections that would be empty.
    fn empty_sections(&self, m: &mut Markup) {
        let empty: Vec<&str> = SECTIONS
            .iter()
            .filter(|(_, tables)| self.number_of_rows(tables) == 0)
            .map(|&(id, _)| id)
            .collect();
        if empty.is_empty() {
            return;
        }
        m.el("p").class("dim").inside(|m| {
            m.message("html-none-of");
            for (at, id) in empty.iter().enumerate() {
                m.text(if at == 0 { " " } else { " · " });
                m.message(&format!("section-{id}"));
            }
        });
    }

    fn heap_change(&self) -> i64 {
        match *self.fact("bytes_delta") {
            Cell::BytesDelta(change) => change,
            _ => 0,
        }
    }

    /// The growth of the heap as a bar, by owner.
    fn picture(&self, m: &mut Markup) {
        let Ok(whole) = u64::try_from(self.heap_change()) else { return };
        let change = |row: &Row<'_>| u64::try_from(row.change("bytes_delta")).unwrap_or(0);
        let owners: Vec<(Row<'_>, u64)> = self.rows("owners").map(|row| (row, change(&row))).collect();
        let known: u64 = owners.iter().map(|&(_, bytes)| bytes).fold(0, u64::saturating_add);
        // Owners may have grown by more than the heap, where something else became less.
        let whole = whole.max(known);
        if whole == 0 {
            return;
        }
        let shown: Vec<_> = owners
            .into_iter()
            .take(PARTS)
            .filter(|&(_, bytes)| 100.0 * ratio(bytes, whole) >= SMALLEST_PART)
            .collect();
        let rest = whole - shown.iter().map(|&(_, bytes)| bytes).fold(0, u64::saturating_add);
        m.el("figure").class("heap").inside(|m| {
            m.el("figcaption").inside(|m| {
                m.message("html-growth-picture");
                m.span("total").inside(|m| {
                    m.cell(&Cell::BytesDelta(self.heap_change()));
                    m.text(" ");
                    m.message("html-growth-of-heap");
                });
            });
            m.el("svg").class("bar tall").attr("aria-hidden", "true").inside(|m| {
                let mut at = 0.0;
                for (i, &(_, bytes)) in shown.iter().enumerate() {
                    let width = 100.0 * ratio(bytes, whole);
                    segment(m, at, width, color(i));
                    at += width;
                }
                segment(m, at, 100.0 * ratio(rest, whole), "rest");
            });
            m.el("ul").class("legend").inside(|m| {
                for (i, (row, bytes)) in shown.iter().enumerate() {
                    m.el("li").inside(|m| {
                        m.el("i").attr("class", format_args!("key {}", color(i))).text("");
                        m.el("a").to("growth-owners").inside(|m| m.cell(row.cell("holder")));
                        m.text(" ");
                        m.cell(&Cell::BytesDelta(i64::try_from(*bytes).unwrap_or(i64::MAX)));
                    });
                }
                if rest > 0 {
                    m.el("li").inside(|m| {
                        m.el("i").attr("class", "key rest").text("");
                        m.el("span").inside(|m| m.message("html-growth-rest"));
                        m.text(" ");
                        m.cell(&Cell::BytesDelta(i64::try_from(rest).unwrap_or(i64::MAX)));
                    });
                }
            });
        });
    }

    fn cards(&self, m: &mut Markup) {
        let collections: Vec<Row<'_>> = self.rows("collections").take(CARDS).collect();
        let (rows, id): (Vec<Row<'_>>, _) = if collections.is_empty() {
            (self.rows("branches").take(CARDS).collect(), "growth-branches")
        } else {
            (collections, "growth-collections")
        };
        if rows.is_empty() {
            m.el("p").class("calm good").message("html-growth-calm");
            return;
        }
        m.div("cards").inside(|m| rows.iter().for_each(|&row| self.card(m, row, id)));
    }

    fn card(&self, m: &mut Markup, row: Row<'_>, section: &str) {
        let is_limited = *row.cell("limit") != Cell::None;
        let is_steady = *row.cell("steady") == Cell::Flag(true) && !is_limited;
        m.el("article").class(if is_steady { "card leak" } else { "card" }).inside(|m| {
            m.el("header").inside(|m| {
                let (class, id) = if is_limited {
                    ("badge", "html-growth-limited")
                } else if is_steady && row.series().len() == 2 {
                    // What has only one step tells nothing about every step.
                    ("badge leak", "html-growth-unsteady")
                } else if is_steady {
                    ("badge leak", "html-growth-steady")
                } else {
                    ("badge", "html-growth-unsteady")
                };
                m.span(class).message(id);
            });
            m.el("p").class("figure").inside(|m| {
                let change = row.change("bytes_delta");
                let exact = format!("{} B", count_delta(change));
                m.el("span").class("n").attr("title", exact).text(&bytes_delta(change));
                let now = match row.cell("retained_bytes") {
                    Cell::None => row.number("new_bytes"),
                    _ => row.number("retained_bytes"),
                };
                m.span("of").words(&Text::with("html-growth-now", [("size", Arg::Bytes(now))]));
            });
            let values = row.series();
            if values.len() > 1 {
                m.spark(values, "spark big");
                m.el("p").class("dim small").text(&sizes(values));
            }
            m.el("p").class("holder").inside(|m| {
                m.span("hk").message("html-held-by");
                m.text(" ");
                m.cell(row.cell(if row.name("holder").is_empty() { "path" } else { "holder" }));
            });
            m.el("p").class("title").inside(|m| {
                let change = match row.cell("elements_delta") {
                    Cell::None => row.change("objects_delta"),
                    _ => row.change("elements_delta"),
                };
                // Where an earlier dump did not count them, nothing is said of their number.
                if change != 0 {
                    m.cell(&Cell::CountDelta(change));
                    m.text(" × ");
                }
                m.class_name(row.name("class"));
            });
            if let Some(rate) = self.an_hour(row.change("bytes_delta")) {
                m.el("p")
                    .class("title")
                    .words(&Text::with("html-growth-an-hour", [("size", Arg::Bytes(rate))]));
            }
            m.el("a").class("go").to(section).message("html-details");
        });
    }

    /// What a growth makes in an hour, if the dumps say when they were made and are far enough apart.
    fn an_hour(&self, change: i64) -> Option<u64> {
        let (Cell::Count(seconds), Cell::BytesDelta(_)) = (self.fact("seconds"), self.fact("bytes_per_hour"))
        else {
            return None;
        };
        let seconds = u128::from(*seconds).max(1);
        let an_hour = u128::from(u64::try_from(change).ok()?) * 3600 / seconds;
        Some(u64::try_from(an_hour).unwrap_or(u64::MAX))
    }
}

/// The class that paints a part of the picture.
fn color(part: usize) -> &'static str {
    ["leak", "k0", "k1", "k2", "k3", "k4", "k5", "k7", "k8"][part.min(8)]
}

impl Page for GrowthPage<'_> {
    fn title(&self) -> Text {
        let Cell::Value(file) = self.fact("new_file") else { return Text::message("section-growth") };
        Text::with("html-growth-title", [("file", Arg::name(file.as_str()))])
    }

    fn about(&self, m: &mut Markup) {
        if let (Cell::Value(old), Cell::Value(new)) = (self.fact("old_file"), self.fact("new_file")) {
            m.el("code").name(old);
            m.text(" → ");
            m.el("code").name(new);
        }
    }

    fn sections(&self) -> Vec<Planned> {
        let mut sections: Vec<Planned> = Vec::new();
        for (id, tables) in SECTIONS {
            let number = self.number_of_rows(tables);
            if number == 0 {
                continue;
            }
            sections.push(Planned { id: id.to_owned(), number: (number > 0).then_some(number) });
        }
        sections.push(Planned { id: "glossary".to_owned(), number: None });
        sections
    }

    fn first_screen(&self, m: &mut Markup) {
        let verdict = m.el("section").class("verdict").attr("id", "verdict");
        verdict.attr("aria-labelledby", "verdict-title").inside(|m| {
            let mut sentences = self.prose();
            m.el("h1").attr("id", "verdict-title").inside(|m| match sentences.next() {
                Some(first) => m.words(first),
                None => m.message("section-growth"),
            });
            for sentence in sentences {
                m.el("p").class("lead").words(sentence);
            }
            self.picture(m);
            self.cards(m);
            m.el("p").class("more-link js").inside(|m| {
                m.el("button").attr("type", "button").attr("id", "copy-summary").message("html-copy-summary");
            });
        });
    }

    fn section(&self, m: &mut Markup, planned: &Planned) {
        super::section::frame(m, &planned.id, |m| {
            if planned.id == "glossary" {
                glossary::list(m);
            }
            if let Some(facts) = self.facts().filter(|_| planned.id == "growth-dumps") {
                facts_block(m, facts);
            }
            let tables =
                SECTIONS.iter().find(|(id, _)| *id == planned.id).map_or(&[][..], |(_, tables)| tables);
            for table in tables.iter().filter_map(|table| self.table(table)) {
                if !table.rows.is_empty() {
                    table::write(m, "table", &self.shown(table));
                }
            }
            if planned.id == "growth-dumps" {
                self.empty_sections(m);
            }
        });
    }

    fn tool(&self) -> Tool {
        Tool::own()
    }
}
