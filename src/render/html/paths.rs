//! Merged paths as a small graph, drawn from left to right: roots, then what they lead to, step by step, the instances last.
//!
//! Owns what is written; where it stands is [`layout`]'s. The same as a list stands beside it, for phones and for those who cannot see the
//! picture.

mod layout;

use super::markup::{Markup, shorten};
use super::values::ratio;
use crate::render::text::Language;
use crate::render::ways;
use crate::report::{PathEdge, PathGraph, PathNode};
use layout::{Item, Layout, Line, Place};

/// The id of a suspect's graph.
pub(super) fn anchor_of(rank: u32) -> String {
    format!("suspect-{rank}-paths")
}

/// That the graph stands at an earlier suspect.
pub(super) fn same(m: &mut Markup, rank: u32) {
    m.el("h4").inside(|m| m.message("html-paths"));
    m.el("p").inside(|m| m.el("a").to(&anchor_of(rank)).words(&ways::same(rank)));
}

/// The graph, with a heading.
pub(super) fn ways(m: &mut Markup, id: &str, graph: &PathGraph) {
    if graph.nodes.len() < 2 {
        return;
    }
    m.el("figure").class("paths").attr("id", id).inside(|m| {
        m.el("figcaption").inside(|m| {
            m.el("h4").attr("id", format_args!("{id}-name")).inside(|m| m.message("html-paths"));
            m.el("p").class("dim small").inside(|m| {
                m.words(&ways::about(graph));
                m.text(" ");
                m.message("html-paths-hint");
            });
        });
        let made = layout::layout(graph);
        let frame = m.div("scroll drawn").attr("tabindex", "0").attr("role", "group");
        frame.attr("aria-labelledby", format_args!("{id}-name")).inside(|m| draw(m, graph, &made));
        if made.width > layout::FITS {
            m.el("p").class("wider dim").message("html-paths-wider");
        }
        as_list(m, graph);
    });
}

fn draw(m: &mut Markup, graph: &PathGraph, made: &Layout<'_>) {
    let (width, height) = (made.width, made.height);
    m.el("svg")
        .attr("width", width)
        .attr("height", height)
        .attr("viewBox", format_args!("0 0 {width} {height}"))
        .inside(|m| {
            made.lines.iter().for_each(|line| curve(m, graph, made, line));
            // No line runs over words.
            made.lines.iter().for_each(|line| words_of(m, graph, made, line));
            for item in &made.items {
                if let Some(node) = item.node {
                    node_box(m, graph, made, &graph.nodes[node], item);
                }
            }
        });
}

fn curve(m: &mut Markup, graph: &PathGraph, made: &Layout<'_>, line: &Line<'_>) {
    use std::fmt::Write as _;
    let mut way = String::new();
    let first = made.items[line.over[0]];
    if line.is_down() {
        let last = made.items[line.over[1]];
        let (start, end) = (first.y + first.height / 2.0, last.y - last.height / 2.0);
        let _ = write!(way, "M{} {start}V{end}", stem(&first, line.port));
    } else {
        let start = first.y + line.port;
        let _ = write!(way, "M{} {start}", first.x + first.width);
        for (at, pair) in line.over.windows(2).enumerate() {
            let (from, to) = (made.items[pair[0]], made.items[pair[1]]);
            let y = if at == 0 { start } else { from.y };
            let (start, middle) = (from.x + from.width, (from.x + from.width + to.x) / 2.0);
            // Through a column that it only passes it goes straight.
            let end = if at + 2 == line.over.len() { to.y + line.end } else { to.y };
            let _ = write!(way, "H{start}C{middle} {y} {middle} {end} {} {end}", to.x);
        }
    }
    let wide = 1.0 + 5.0 * ratio(line.edge.paths, graph.looked_at.max(1));
    let path = m.el("path").attr("d", way).attr("stroke-width", format_args!("{wide:.1}"));
    path.inside(|m| title_of(m, graph, line.edge));
}

/// Where a line down a stack stands; `before` so many others.
fn stem(item: &Item, before: f64) -> f64 {
    item.x + layout::STEM + 8.0 * before
}

fn words_of(m: &mut Markup, graph: &PathGraph, made: &Layout<'_>, line: &Line<'_>) {
    if line.words.is_empty() {
        return;
    }
    let (first, last) = (made.items[line.over[0]], made.items[line.over[line.over.len() - 1]]);
    let (class, x, y) = match line.place {
        Place::Start => ("via", first.x + first.width + 7.0, first.y + line.port - 5.0),
        Place::End => ("via end", last.x - 7.0, last.y - 6.0),
        Place::Down => {
            let beside = made.lines.iter().filter(|other| other.over == line.over).count() as f64;
            let y = first.y + first.height / 2.0 + 23.0 + 18.0 * line.port;
            ("via", stem(&first, beside), y)
        }
    };
    let [en, zh] = Language::ALL.map(|language| ways::fields(&line.words, language));
    let is_same = en == zh;
    for (language, words) in Language::ALL.into_iter().zip([en, zh]).take(if is_same { 1 } else { 2 }) {
        let text = m.el("text").class(class);
        let text = if is_same { text } else { text.attr("lang", language.tag()) };
        text.attr("x", x).attr("y", y).inside(|m| {
            title_of(m, graph, line.edge);
            m.text(&words);
        });
    }
}

/// The fields in full, and how many paths there are.
fn title_of(m: &mut Markup, graph: &PathGraph, edge: &PathEdge) {
    m.el("title").inside(|m| {
        m.name(&edge.field);
        m.text(if edge.field.is_empty() { "" } else { ": " });
        m.text(&ways::part(graph, edge.paths));
    });
}

fn node_box(m: &mut Markup, graph: &PathGraph, made: &Layout<'_>, node: &PathNode, item: &Item) {
    let (x, top) = (item.x, item.y - item.height / 2.0);
    let words = ways::stand_in(graph, node);
    let lines = if words.is_some() { Vec::new() } else { made.name_of(graph, node) };
    let more = lines.len().saturating_sub(1) as f64 * layout::LEADING;
    let (name, below) = (item.y - 3.0 - more / 2.0, item.y + 12.0 + more / 2.0);
    let class = match &words {
        Some(_) => "stand-in",
        None if layout::is_target(graph, node) => "end",
        None => "",
    };
    m.el("g").inside(|m| {
        let rect = m.el("rect").class_if(class).attr("x", x).attr("y", top);
        rect.attr("width", item.width).attr("height", item.height).attr("rx", 7).text("");
        match &words {
            Some(words) => {
                for language in Language::ALL {
                    let text = m.el("text").class("sub").attr("lang", language.tag());
                    text.attr("x", x + 10.0).attr("y", name).text(&language.text(words));
                }
            }
            None => {
                m.el("title").name(&node.label);
                for (at, line) in (0..).zip(&lines) {
                    let y = name + f64::from(at) * layout::LEADING;
                    m.el("text").attr("x", x + 10.0).attr("y", y).text(line);
                }
            }
        }
        let text = m.el("text").class("sub").attr("x", x + 10.0).attr("y", below);
        text.text(&layout::figures(graph, node));
    });
}

/// The same as nested lines.
fn as_list(m: &mut Markup, graph: &PathGraph) {
    const INDENTS: [&str; 7] = ["", "in1", "in2", "in3", "in4", "in5", "in6"];
    m.el("ul").class("ways").inside(|m| {
        for line in ways::lines(graph) {
            m.el("li")
                .class_if(INDENTS[line.depth.min(INDENTS.len() - 1)])
                .inside(|m| list_line(m, graph, &line));
        }
    });
}

fn list_line(m: &mut Markup, graph: &PathGraph, line: &ways::Line<'_>) {
    let ways::Line { node, edge, .. } = line;
    match ways::stand_in(graph, node) {
        Some(words) => {
            m.words(&words);
            m.text(" ");
        }
        None => {
            m.class_name(&node.label);
            // Without the space the last word of the class could not stand on a line without the field.
            m.text(" ");
            m.el("code").inside(|m| m.fields(&shorten(&edge.field), Markup::broken));
        }
    }
    m.span("n").text(&ways::part(graph, edge.paths));
    if line.is_told {
        m.text(" ");
        m.span("dim").message("paths-above");
    }
}
