//! The sections below the verdict: which there are, and the blocks that need no module of their own.

use super::markup::{Markup, anchor};
use super::named::Threads;
use super::page::Planned;
use super::values::{percent, ratio};
use super::{composition, findings, glossary, map, suspects, table, threads, tree};
use crate::render::text::{Language, count};
use crate::report::{Arg, Bar, Block, Cell, Certified, Fact, Facts, Report, Section, Table, Text, Unreached};

/// The sections in the order of reading: to blame first, then each inspection, then how it was found out.
pub(super) fn plan(report: &Report) -> Vec<Planned> {
    let planned = |id: &str, number: usize| Planned {
        id: id.to_owned(),
        number: (number > 0).then_some(number as u64),
    };
    let mut sections = Vec::new();
    // Of a file without objects there is nothing to show but what is wrong with it.
    if report.heap.objects > 0 {
        sections.push(planned("suspects", report.suspects.len()));
        sections.push(planned("findings", findings::distinct(report).count()));
        let inspections = report.inspections.iter().filter(|section| !OWN.contains(&section.id.as_str()));
        sections.extend(inspections.map(|section| planned(&section.id, 0)));
    }
    sections.push(planned("layout", 0));
    if report.dump.truncated || !report.dump.damage.is_empty() {
        sections.push(planned("damage", report.dump.damage.len()));
    }
    sections.push(planned("glossary", 0));
    sections
}

/// Sections whose content is in the report itself. What an inspection of that name adds is shown below it, but for that of
/// the rules, which only lists findings.
const OWN: [&str; 6] = ["suspects", "findings", "rules", "layout", "damage", "glossary"];

/// A section with its heading and what it is about.
pub(super) fn frame(m: &mut Markup, id: &str, content: impl FnOnce(&mut Markup)) {
    frame_about(m, id, &format!("section-{id}-about"), content);
}

fn frame_about(m: &mut Markup, id: &str, about: &str, content: impl FnOnce(&mut Markup)) {
    let anchor = anchor(id);
    m.el("section").attr("id", &anchor).attr("aria-labelledby", format_args!("{anchor}-title")).inside(|m| {
        m.el("h2").attr("id", format_args!("{anchor}-title")).inside(|m| {
            m.el("a").to(id).message(&format!("section-{id}"));
        });
        m.el("p").class("about").inside(|m| m.message_if_any(about));
        content(m);
    });
}

/// A section of a report.
pub(super) fn write(m: &mut Markup, report: &Report, planned: &Planned) {
    frame_about(m, &planned.id, &about(report, &planned.id), |m| {
        match planned.id.as_str() {
            "suspects" => suspects::write(m, report),
            "findings" => findings::write(m, report),
            "layout" => layout(m, report),
            "damage" => damage(m, report),
            "glossary" => glossary::list(m),
            _ => {}
        }
        if let Some(section) = report.section(&planned.id) {
            if planned.id == "strings" && !has_contents(section) {
                m.el("p").class("prose dim").message("html-strings-left-out");
            }
            blocks(m, section, report);
        }
    });
}

/// What a section is about. Of what no root reaches that depends on the dump.
fn about(report: &Report, id: &str) -> String {
    let which = match report.unreached() {
        _ if id != "unreachable" => "",
        Unreached::Garbage => "",
        Unreached::ClassValues => "-class-values",
        Unreached::UnmountedThreads => "-unmounted",
        Unreached::RootsLost => "-roots-lost",
    };
    format!("section-{id}-about{which}")
}

/// Where there is a picture of areas, it comes before the rows that it shows. A paragraph stays below what it is about, the block before it.
fn in_order(section: &Section) -> Vec<&Block> {
    let is_map = |block: &Block| matches!(block, Block::Map { .. });
    if !section.blocks.iter().any(is_map) {
        return section.blocks.iter().collect();
    }
    let mut place = 0;
    let mut blocks: Vec<(u8, &Block)> = Vec::with_capacity(section.blocks.len());
    for block in &section.blocks {
        place = match block {
            Block::Prose { .. } => place,
            Block::Facts(_) | Block::Bar(_) => 0,
            Block::Map { .. } => 1,
            Block::Tree(_) => 2,
            Block::Table(_) | Block::Threads { .. } => 3,
        };
        blocks.push((place, block));
    }
    blocks.sort_by_key(|&(place, _)| place);
    blocks.into_iter().map(|(_, block)| block).collect()
}

fn blocks(m: &mut Markup, section: &Section, report: &Report) {
    let named = Threads::of(report);
    let mut empty: Vec<&Table> = Vec::new();
    for block in in_order(section) {
        match block {
            block if stands_elsewhere(report, section, block) => {}
            Block::Table(table) if table.rows.is_empty() && table.omitted == 0 => empty.push(table),
            Block::Prose { text } => m.el("p").class("prose").inside(|m| m.words(text)),
            Block::Facts(facts) => {
                facts_block(m, facts);
                composition::after_facts(m, report, &section.id);
            }
            Block::Table(table) => table::write(m, &section.id, &named.table(table)),
            Block::Tree(tree) => tree::write(m, &section.id, &named.tree(tree)),
            Block::Threads { threads, groups } => {
                threads::write(m, threads, groups, threads_omitted(section));
            }
            Block::Map { id, root } => map::write(m, &section.id, id, &named.map(root), report),
            Block::Bar(parts) => bar(m, parts),
        }
    }
    if !empty.is_empty() {
        m.el("p").class("prose dim").inside(|m| {
            m.message("html-none-of");
            for (i, table) in empty.into_iter().enumerate() {
                m.text(if i > 0 { "; " } else { " " });
                table_caption(m, &section.id, &table.id);
            }
        });
    }
}

/// Whether the page shows a block, or all that it says, at another place.
fn stands_elsewhere(report: &Report, section: &Section, block: &Block) -> bool {
    let every = |table: &Table, column: &str, cell: &Cell| {
        let at = table.columns.iter().position(|own| own.key == column);
        at.is_some_and(|at| table.rows.iter().all(|row| row.get(at) == Some(cell)))
    };
    match (section.id.as_str(), block) {
        // The suspects themselves stand above it.
        ("suspects", Block::Table(table)) => table.id == "suspects",
        // The garbage has its own section.
        ("histogram", Block::Table(table)) => table.id == "unreachable",
        // So has the layout.
        ("system", Block::Facts(facts)) => facts.id == "layout",
        ("system", Block::Prose { text }) => report.jvm.object_layout.evidence.contains(text),
        // Where each is one of its own, the groups are the list once more.
        ("threads", Block::Table(table)) if table.id == "pools" => {
            table.omitted == 0 && every(table, "threads", &Cell::Count(1))
        }
        ("classloaders", Block::Table(table)) if table.id == "kinds_of_loaders" => {
            table.omitted == 0 && every(table, "instances", &Cell::Count(1))
        }
        _ => false,
    }
}

/// Whether texts were asked for (`--strings`): they may hold what nobody should see.
fn has_contents(section: &Section) -> bool {
    let has_value = |block: &Block| match block {
        Block::Table(table) => table.columns.iter().any(|column| column.key == "value"),
        _ => false,
    };
    section.blocks.iter().any(has_value)
}

/// The fact of a section that says how many threads the report leaves out; it is told where the threads end.
const THREADS_OMITTED: &str = "threads_not_shown";

fn threads_omitted(section: &Section) -> u64 {
    let facts = section.blocks.iter().filter_map(|block| match block {
        Block::Facts(facts) => Some(&facts.facts),
        _ => None,
    });
    let omitted = facts.flatten().find(|fact| fact.key == THREADS_OMITTED);
    omitted.map_or(0, |fact| if let Cell::Count(count) = fact.value { count } else { 0 })
}

/// The caption of a bar or tree, if the catalogue has one.
pub(super) fn caption(m: &mut Markup, id: &str) {
    caption_of(m, &["table"], id);
}

/// The caption of a table, which other sections may have, too, of something else.
pub(super) fn table_caption(m: &mut Markup, section: &str, id: &str) {
    caption_of(m, &[&format!("table-{section}"), "table"], id);
}

/// The caption of a picture of areas, which may have the id of a table of something else.
pub(super) fn map_caption(m: &mut Markup, id: &str) {
    caption_of(m, &["map", "table"], id);
}

fn caption_of(m: &mut Markup, kinds: &[&str], id: &str) {
    let mut messages = kinds.iter().map(|kind| format!("{kind}-{id}"));
    match messages.find(|message| Language::ALL.iter().all(|language| language.has(message))) {
        Some(message) => m.message(&message),
        None => m.text(id),
    }
}

pub(super) fn facts_block(m: &mut Markup, facts: &Facts) {
    let is_shown = |fact: &&Fact| fact.value != Cell::None && fact.key != THREADS_OMITTED;
    let is_zero = |fact: &&Fact| matches!(fact.value, Cell::Count(0) | Cell::Bytes(0));
    let (zero, told): (Vec<&Fact>, Vec<&Fact>) = facts.facts.iter().filter(is_shown).partition(is_zero);
    if !told.is_empty() {
        m.el("dl").class("facts").inside(|m| {
            for Fact { key, value } in told {
                let is_long = matches!(value, Cell::Value(value) if value.chars().count() > LONG_FACT);
                fact_in(m, if is_long { "long" } else { "" }, key, |m| m.cell(value));
            }
        });
    }
    // What there is none of takes a line, not a place of its own among the figures.
    if !zero.is_empty() {
        m.el("p").class("zeros dim").inside(|m| {
            m.message("html-zero");
            for (i, Fact { key, .. }) in zero.into_iter().enumerate() {
                m.text(if i > 0 { " · " } else { " " });
                m.message(&format!("fact-{key}"));
            }
        });
    }
}

/// Longer values, such as a command, have a line of their own among the facts.
const LONG_FACT: usize = 34;

/// A named value of a list of facts.
pub(super) fn fact(m: &mut Markup, key: &str, value: impl FnOnce(&mut Markup)) {
    fact_in(m, "", key, value);
}

fn fact_in(m: &mut Markup, class: &'static str, key: &str, value: impl FnOnce(&mut Markup)) {
    m.el("div").class_if(class).inside(|m| {
        m.el("dt").inside(|m| m.message(&format!("fact-{key}")));
        m.el("dd").inside(value);
    });
}

/// A bar of parts, as long as the page is wide, with its legend.
pub(super) fn bar(m: &mut Markup, bar: &Bar) {
    let whole: u64 = bar.parts.iter().map(|part| part.bytes).fold(0, u64::saturating_add);
    m.el("figure").class("composition").inside(|m| {
        m.el("figcaption").inside(|m| caption(m, &bar.id));
        m.el("svg").class("bar").attr("aria-hidden", "true").inside(|m| {
            let mut at = 0.0;
            for (i, part) in bar.parts.iter().enumerate() {
                let width = 100.0 * ratio(part.bytes, whole);
                segment(m, at, width, format_args!("k{}", i.min(8)));
                at += width;
            }
        });
        m.el("ul").class("legend").inside(|m| {
            for (i, part) in bar.parts.iter().enumerate() {
                m.el("li").inside(|m| {
                    m.el("i").attr("class", format_args!("key k{}", i.min(8))).text("");
                    m.el("span").inside(|m| match &part.label {
                        Text::Plain(name) => m.value(name),
                        label => m.words(label),
                    });
                    m.text(" ");
                    m.size(part.bytes);
                    m.text(" ");
                    m.span("n dim").text(&crate::render::text::share(ratio(part.bytes, whole)));
                });
            }
        });
    });
}

/// A part of a horizontal bar, in percent of its width.
pub(super) fn segment(m: &mut Markup, at: f64, width: f64, class: impl std::fmt::Display) {
    if width > 0.0 {
        m.el("rect")
            .attr("class", class)
            .attr("x", format_args!("{at:.3}%"))
            .attr("width", format_args!("{width:.3}%"))
            .attr("height", "100%")
            .text("");
    }
}

/// A list of bars: what something is made of.
pub(super) fn bars<'a>(m: &mut Markup, rows: impl Iterator<Item = (&'a str, u64, u64)>, whole: u64) {
    m.el("ul").class("bars").inside(|m| {
        for (class, instances, size) in rows {
            m.el("li").inside(|m| {
                m.class_name(class);
                m.span("n dim").text(&format!("× {}", count(instances)));
                m.size(size);
                m.el("i").attr("class", format_args!("w w{}", percent(ratio(size, whole)))).text("");
            });
        }
    });
}

fn layout(m: &mut Markup, report: &Report) {
    let layout = &report.jvm.object_layout;
    m.el("dl").class("facts").inside(|m| {
        let value = |m: &mut Markup, key, value: &Option<String>| {
            if let Some(value) = value {
                fact(m, key, |m| m.name(value));
            }
        };
        // Where the virtual machine has its own section, it says that.
        if report.section("system").is_none() {
            value(m, "java-version", &report.jvm.version);
            value(m, "vendor", &report.jvm.vendor);
            value(m, "vm", &report.jvm.vm);
        }
        fact(m, "header-bytes", |m| m.size(layout.header_bytes.into()));
        fact(m, "reference-bytes", |m| m.size(layout.reference_bytes.into()));
        fact(m, "alignment-bytes", |m| m.size(layout.alignment_bytes.into()));
        fact(m, "compact-headers", |m| m.message(if layout.compact_headers { "yes" } else { "no" }));
        fact(m, "confidence", |m| m.confidence(layout.confidence));
        fact(m, "file", |m| m.name(&report.dump.file));
        fact(m, "file-bytes", |m| m.size(report.dump.bytes));
        fact(m, "format", |m| m.name(&report.dump.format));
        if let Some(created) = &report.dump.created {
            fact(m, "created", |m| m.date(created));
        }
    });
    let certified = report.heap.certified.as_ref().map(Certified::words);
    if !layout.evidence.is_empty() || certified.is_some() {
        m.el("h3").inside(|m| m.message("html-why"));
        m.el("ul").class("plain").inside(|m| {
            for evidence in layout.evidence.iter().chain(&certified) {
                m.el("li").inside(|m| m.words(evidence));
            }
        });
    }
}

fn damage(m: &mut Markup, report: &Report) {
    m.el("ul").class("plain").inside(|m| {
        if report.dump.truncated {
            m.el("li").inside(|m| m.message("html-truncated"));
        }
        for note in &report.dump.damage {
            m.el("li").inside(|m| {
                m.words(&note.message);
                m.text(" ");
                m.span("dim").inside(|m| {
                    // Messages of ours say how often themselves.
                    if !matches!(note.message, Text::Message { .. }) {
                        m.words(&Text::with("html-times", [("count", Arg::Count(note.count))]));
                        m.text(" ");
                    }
                    if let Some(offset) = note.first_offset {
                        let offset = Arg::Name(format!("{offset:#x}"));
                        m.words(&Text::with("html-offset", [("offset", offset)]));
                    }
                });
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::MapNode;

    #[test]
    fn a_paragraph_stays_below_what_it_is_about() {
        let prose = |id: &str| Block::Prose { text: Text::message(id) };
        let table = |id: &str| {
            let (columns, rows) = (Vec::new(), Vec::new());
            Block::Table(Table { id: id.into(), columns, rows, omitted: 0 })
        };
        let root = MapNode {
            label: "all".into(),
            field: None,
            address: 0,
            count: 1,
            retained_bytes: 1,
            shallow_bytes: None,
            children: Vec::new(),
        };
        let map = Block::Map { id: "map".into(), root };
        let of = |blocks: Vec<Block>| Section { id: "dominators".into(), blocks };
        let section = of(vec![
            prose("html-map-about"),
            table("objects"),
            map.clone(),
            table("roots"),
            prose("roots-about"),
        ]);
        let expected =
            of(vec![prose("html-map-about"), map, table("objects"), table("roots"), prose("roots-about")]);
        let shown: Vec<Block> = in_order(&section).into_iter().cloned().collect();
        assert_eq!(shown, expected.blocks);
    }
}
