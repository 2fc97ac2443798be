//! Merged paths as a small graph, drawn from left to right: roots, then what they lead to, step by step, the instances last.
//!
//! A node stands in the layer of the longest way to it; an edge over several layers keeps a row free in each (Sugiyama, Tagawa and Toda,
//! Methods for Visual Understanding of Hierarchical System Structures, 1981), so no line runs through a box. The same as a list stands
//! beside it, for phones and for those who cannot see the picture.

use super::markup::{Markup, visible};
use super::values::{ratio, split_class};
use crate::render::text::{Language, count};
use crate::render::ways::{self, Line};
use crate::report::{PathEdge, PathGraph, PathNode};

/// Room for a character of a name and of a smaller word, in pixels.
const CHARACTER: f64 = 7.0;
const SMALL_CHARACTER: f64 = 6.5;
/// Characters of names that are drawn.
const IN_BOX: usize = 28;
const ON_LINE: usize = 24;
const BOX_HEIGHT: f64 = 42.0;
/// Between boxes of one layer.
const SPACE: f64 = 20.0;
/// The height of a line that passes a layer.
const PASSING: f64 = 14.0;

/// The graph, with a heading.
pub(super) fn ways(m: &mut Markup, id: &str, graph: &PathGraph) {
    if graph.nodes.len() < 2 {
        return;
    }
    m.el("figure").class("paths").attr("id", id).inside(|m| {
        m.el("figcaption").inside(|m| {
            m.el("h4").inside(|m| m.message("html-paths"));
            m.el("p").class("dim small").inside(|m| {
                m.words(&ways::about(graph));
                m.text(" ");
                m.message("html-paths-hint");
            });
        });
        let frame = m.div("scroll drawn").attr("tabindex", "0").attr("role", "group");
        frame.attr("aria-label", "paths").inside(|m| draw(m, graph));
        as_list(m, graph);
    });
}

/// Something that takes a row of a layer: a box, or an edge that passes.
#[derive(Debug, Clone, Copy)]
struct Item {
    node: Option<usize>,
    /// The middle of its left side.
    x: f64,
    y: f64,
    width: f64,
}

impl Item {
    fn height(&self) -> f64 {
        if self.node.is_some() { BOX_HEIGHT } else { PASSING }
    }
}

/// Where everything stands.
#[derive(Debug, Default)]
struct Layout {
    items: Vec<Item>,
    /// The items that each edge leads over, from its first box to its last.
    lines: Vec<(PathEdge, Vec<usize>)>,
    width: f64,
    height: f64,
}

/// The layer of each node: the length of the longest way to it from the roots. `None` if nothing leads to it.
fn layers(nodes: usize, edges: &[&PathEdge]) -> Vec<Option<usize>> {
    let mut layer: Vec<Option<usize>> = vec![None; nodes];
    layer[0] = Some(0);
    for node in 0..nodes {
        let Some(distance) = layer[node] else { continue };
        for edge in edges.iter().filter(|edge| edge.from as usize == node) {
            let place = &mut layer[edge.to as usize];
            *place = (*place).max(Some(distance + 1));
        }
    }
    layer
}

fn layout(graph: &PathGraph) -> Layout {
    // A report that was written by hand may say anything.
    let is_forward = |edge: &&PathEdge| edge.from < edge.to && (edge.to as usize) < graph.nodes.len();
    let mut edges: Vec<&PathEdge> = graph.edges.iter().filter(is_forward).collect();
    edges.sort_by_key(|edge| (edge.from, edge.to));
    let layer = layers(graph.nodes.len(), &edges);
    let deepest = layer.iter().flatten().copied().max().unwrap_or(0);
    let mut made = Layout::default();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    let mut item_by_node: Vec<usize> = vec![usize::MAX; graph.nodes.len()];
    for (node, at) in layer.iter().enumerate().filter_map(|(node, at)| Some((node, (*at)?))) {
        item_by_node[node] = made.items.len();
        members[at].push(made.items.len());
        made.items.push(Item { node: Some(node), x: 0.0, y: 0.0, width: 0.0 });
    }
    // Several fields of one object that refer to the same are one line.
    for same in edges.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
        let (from, to) = (same[0].from as usize, same[0].to as usize);
        let (Some(first), Some(last)) = (layer[from], layer[to]) else { continue };
        let mut over = vec![item_by_node[from]];
        for between in &mut members[first + 1..last] {
            over.push(made.items.len());
            between.push(made.items.len());
            made.items.push(Item { node: None, x: 0.0, y: 0.0, width: 0.0 });
        }
        over.push(item_by_node[to]);
        let main = same.iter().max_by_key(|edge| edge.paths).expect("a chunk is never empty");
        let more = if same.len() > 1 { format!(" +{}", same.len() - 1) } else { String::new() };
        let paths = main.paths;
        let field = if main.from == 0 { String::new() } else { cut(&main.field, ON_LINE) + &more };
        made.lines.push((PathEdge { field, paths, ..**main }, over));
    }
    place(&mut made, &members, graph);
    made
}

/// Orders each layer by what leads to it, and gives it as much room as its longest words need.
fn place(made: &mut Layout, members: &[Vec<usize>], graph: &PathGraph) {
    const EDGE: f64 = 2.0;
    let mut x = EDGE;
    for (at, layer) in members.iter().enumerate() {
        let mut order = layer.clone();
        let origin = |item: usize, made: &Layout| {
            let before =
                made.lines.iter().flat_map(|(_, over)| over.windows(2)).filter(|pair| pair[1] == item);
            let heights: Vec<f64> = before.map(|pair| made.items[pair[0]].y).collect();
            heights.iter().sum::<f64>() / heights.len().max(1) as f64
        };
        order.sort_by(|&a, &b| origin(a, made).total_cmp(&origin(b, made)));
        let words =
            |item: usize| made.items[item].node.map_or(0.0, |node| width_of(graph, &graph.nodes[node]));
        let width = order.iter().map(|&item| words(item)).fold(0.0, f64::max);
        let mut y = 0.0;
        for &item in &order {
            let height = made.items[item].height();
            made.items[item] = Item { x, y: y + height / 2.0, width, ..made.items[item] };
            y += height + SPACE;
        }
        made.height = made.height.max(y - SPACE);
        let labels = made
            .lines
            .iter()
            .filter(|(_, over)| at + 1 < members.len() && over.iter().any(|item| order.contains(item)));
        let longest = labels.map(|(edge, _)| length(&edge.field)).max().unwrap_or(0);
        made.width = x + width + EDGE;
        x += width + (longest as f64 * SMALL_CHARACTER + 22.0).max(44.0);
    }
    // The middle of each layer stands in the middle of the picture.
    for layer in members {
        let end = layer
            .iter()
            .map(|&item| made.items[item].y + made.items[item].height() / 2.0)
            .fold(0.0, f64::max);
        let down = ((made.height - end) / 2.0).round() + EDGE;
        layer.iter().for_each(|&item| made.items[item].y += down);
    }
    made.height += 2.0 * EDGE;
}

fn draw(m: &mut Markup, graph: &PathGraph) {
    let made = layout(graph);
    let (width, height) = (made.width, made.height);
    m.el("svg")
        .attr("width", width)
        .attr("height", height)
        .attr("viewBox", format_args!("0 0 {width} {height}"))
        .inside(|m| {
            for (edge, over) in &made.lines {
                line(m, graph, &made, edge, over);
            }
            for item in &made.items {
                if let Some(node) = item.node {
                    node_box(m, graph, &graph.nodes[node], item);
                }
            }
        });
}

fn line(m: &mut Markup, graph: &PathGraph, made: &Layout, edge: &PathEdge, over: &[usize]) {
    use std::fmt::Write as _;
    let mut way = String::new();
    let first = made.items[over[0]];
    let _ = write!(way, "M{} {}", first.x + first.width, first.y);
    for pair in over.windows(2) {
        let (from, to) = (made.items[pair[0]], made.items[pair[1]]);
        let (start, middle) = (from.x + from.width, (from.x + from.width + to.x) / 2.0);
        // Through a layer that it only passes it goes straight.
        let _ = write!(way, "H{start}C{middle} {} {middle} {} {} {}", from.y, to.y, to.x, to.y);
    }
    let wide = 1.0 + 5.0 * ratio(edge.paths, graph.looked_at.max(1));
    m.el("path").attr("d", way).attr("stroke-width", format_args!("{wide:.1}")).text("");
    let is_only = |of: fn(&[usize]) -> Option<&usize>| {
        made.lines.iter().filter(|(_, other)| of(other) == of(over)).count() == 1
    };
    let last = made.items[over[over.len() - 1]];
    // Beside the end that no other line shares.
    let text = m.el("text");
    let text = if is_only(<[usize]>::last) && !is_only(<[usize]>::first) {
        text.class("via end").attr("x", last.x - 7.0).attr("y", last.y - 6.0)
    } else {
        text.class("via").attr("x", first.x + first.width + 7.0).attr("y", first.y - 6.0)
    };
    text.text(&edge.field);
}

fn node_box(m: &mut Markup, graph: &PathGraph, node: &PathNode, item: &Item) {
    let (x, top) = (item.x, item.y - BOX_HEIGHT / 2.0);
    let words = ways::stand_in(graph, node);
    let rect = match &words {
        Some(_) => m.el("rect").class("stand-in"),
        None if is_target(graph, node) => m.el("rect").class("end"),
        None => m.el("rect"),
    };
    rect.attr("x", x)
        .attr("y", top)
        .attr("width", item.width)
        .attr("height", BOX_HEIGHT)
        .attr("rx", 7)
        .inside(|m| m.el("title").name(&node.label));
    match words {
        Some(words) => {
            for language in Language::ALL {
                m.el("text")
                    .class("sub")
                    .attr("lang", language.tag())
                    .attr("x", x + 10.0)
                    .attr("y", top + 18.0)
                    .text(&language.text(&words));
            }
        }
        None => m.el("text").attr("x", x + 10.0).attr("y", top + 18.0).text(&name_of(graph, node)),
    }
    m.el("text").class("sub").attr("x", x + 10.0).attr("y", top + 33.0).text(&figures(graph, node));
}

/// Whether it stands for the objects themselves.
fn is_target(graph: &PathGraph, node: &PathNode) -> bool {
    graph.nodes.last().is_some_and(|last| std::ptr::eq(last, node))
}

/// The class as it stands in a box, and of how many objects.
fn name_of(graph: &PathGraph, node: &PathNode) -> String {
    let name = cut(split_class(&node.label).1, IN_BOX);
    let is_many = node.objects > 1 && !is_target(graph, node);
    if is_many { format!("{name} × {}", count(node.objects)) } else { name }
}

/// How many of the objects looked at have a path that passes.
fn figures(graph: &PathGraph, node: &PathNode) -> String {
    let is_roots = graph.nodes.first().is_some_and(|first| std::ptr::eq(first, node));
    if is_target(graph, node) && graph.is_sample() {
        format!("{} / {}", count(node.targets), count(graph.objects))
    } else if is_roots || is_target(graph, node) {
        count(node.targets)
    } else {
        ways::part(graph, node.targets)
    }
}

fn width_of(graph: &PathGraph, node: &PathNode) -> f64 {
    let name = match ways::stand_in(graph, node) {
        Some(words) => {
            Language::ALL.map(|language| length(&language.text(&words))).into_iter().max().unwrap_or(0)
        }
        None => length(&name_of(graph, node)),
    };
    let figures = length(&figures(graph, node)) as f64 * SMALL_CHARACTER;
    (name as f64 * CHARACTER).max(figures).round() + 22.0
}

/// The length in characters; those of Chinese count twice.
fn length(words: &str) -> usize {
    words.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum()
}

fn cut(name: &str, most: usize) -> String {
    let name = visible(name);
    if length(&name) <= most {
        return name.into_owned();
    }
    let mut room = most - 1;
    let fits = name.chars().take_while(|c| {
        let wide = length(c.encode_utf8(&mut [0; 4]));
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    });
    fits.chain(['…']).collect()
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

fn list_line(m: &mut Markup, graph: &PathGraph, line: &Line<'_>) {
    let Line { node, edge, .. } = line;
    match ways::stand_in(graph, node) {
        Some(words) => {
            m.words(&words);
            m.text(" ");
        }
        None => {
            m.class_name(&node.label);
            m.el("code").name(&edge.field);
        }
    }
    m.span("n").text(&ways::part(graph, edge.paths));
    if line.is_told {
        m.text(" ");
        m.span("dim").message("paths-above");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, edges: &[(u32, u32)]) -> PathGraph {
        let node = PathNode { label: "a.B".into(), objects: 1, targets: 1 };
        let edge = |&(from, to)| PathEdge { from, to, field: "field".into(), paths: 1 };
        let edges = edges.iter().map(edge).collect();
        PathGraph { objects: 1, looked_at: 1, nodes: vec![node; nodes], edges }
    }

    fn depths(graph: &PathGraph) -> Vec<Option<usize>> {
        layers(graph.nodes.len(), &graph.edges.iter().collect::<Vec<_>>())
    }

    #[test]
    fn layers_are_longest_ways() {
        assert_eq!(depths(&graph(4, &[(0, 1), (1, 2), (0, 2)])), [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn no_line_runs_through_a_box_and_no_box_over_another() {
        let made = layout(&graph(6, &[(0, 1), (0, 2), (1, 3), (3, 4), (4, 5), (2, 5), (0, 5)]));
        for (at, a) in made.items.iter().enumerate() {
            for b in &made.items[at + 1..] {
                let apart = (a.y - b.y).abs() >= (a.height() + b.height()) / 2.0;
                assert!(a.x != b.x || apart, "{a:?} {b:?}");
                assert!(a.x == b.x || (a.x + a.width - b.x) * (b.x + b.width - a.x) <= 0.0, "{a:?} {b:?}");
            }
            assert!(a.x + a.width <= made.width && a.y + a.height() / 2.0 <= made.height);
        }
        let long =
            made.lines.iter().find(|(edge, _)| (edge.from, edge.to) == (0, 5)).map(|(_, over)| over.len());
        assert_eq!(long, Some(5), "a row is kept free in the three layers between");
    }

    #[test]
    fn edges_backwards_and_to_nowhere_are_ignored() {
        let made = layout(&graph(3, &[(0, 1), (0, 9), (1, 1), (2, 1), (1, 2)]));
        assert_eq!(made.lines.len(), 2);
    }

    #[test]
    fn names_are_cut_by_their_width() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
        assert_eq!(cut("订单订单", 6), "订单…");
    }
}
