//! Merged paths as a small graph, drawn from left to right: roots, then what they lead to, step by step.
//!
//! Layers are distances from the roots; inside a layer, boxes stand in the order of what leads to them. The same as a table
//! stands below, for those who cannot see the picture.

use super::markup::{Markup, shorten};
use super::values::{ratio, split_class};
use crate::render::text::count;
use crate::report::{Arg, PathEdge, PathGraph, PathNode, Text};
use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Bfs;
use std::fmt::Write;

const BOX_WIDTH: f64 = 144.0;
const BOX_HEIGHT: f64 = 40.0;
const COLUMN: f64 = 222.0;
const ROW: f64 = 60.0;
/// The roots have no box, and no fields lead from them.
const ROOTS_WIDTH: f64 = 58.0;
const ROOTS_COLUMN: f64 = 98.0;
/// Boxes of a layer that are drawn; the table has all.
const TALLEST: usize = 14;
/// Characters that fit into a box and onto a line.
const IN_BOX: usize = 18;
const ON_LINE: usize = 11;

/// For those who cannot see the picture.
const PICTURE: &str = "paths";

/// Where everything stands.
#[derive(Default)]
struct Layout {
    /// The layer and the upper edge of each node, if it is drawn.
    nodes: Vec<Option<(usize, f64)>>,
    /// For each edge the heights at which it passes the layers between its ends.
    passes: Vec<Vec<f64>>,
    width: f64,
    height: f64,
}

/// Where a layer begins, and where its boxes end.
fn span(layer: usize) -> (f64, f64) {
    match layer {
        0 => (1.0, ROOTS_WIDTH),
        layer => {
            let x = ROOTS_COLUMN + (layer - 1) as f64 * COLUMN;
            (x, x + BOX_WIDTH)
        }
    }
}

/// The graph of a suspect.
pub(super) fn ways(m: &mut Markup, graph: &PathGraph) {
    if graph.nodes.len() < 2 {
        return;
    }
    m.el("figure").class("paths").inside(|m| {
        m.el("figcaption").inside(|m| {
            m.el("h4").inside(|m| m.message("html-paths"));
            m.el("p").class("dim").inside(|m| {
                if graph.looked_at < graph.objects {
                    let args =
                        [("looked", Arg::Count(graph.looked_at)), ("count", Arg::Count(graph.objects))];
                    m.words(&Text::with("html-paths-sample", args));
                    m.text(" ");
                }
                m.message("html-paths-hint");
            });
        });
        m.div("scroll")
            .attr("tabindex", "0")
            .attr("role", "group")
            .attr("aria-label", PICTURE)
            .inside(|m| draw(m, graph));
        m.el("details").inside(|m| {
            m.el("summary").inside(|m| m.message("html-paths-table"));
            as_table(m, graph);
        });
    });
}

/// The layer of each node: the length of the longest way to it from node 0. In a graph with cycles, that of the shortest.
/// `None` if nothing leads to it.
fn layers(graph: &PathGraph) -> Vec<Option<usize>> {
    let mut links = DiGraph::<(), ()>::new();
    let nodes: Vec<NodeIndex> = graph.nodes.iter().map(|_| links.add_node(())).collect();
    for edge in &graph.edges {
        if let (Some(from), Some(to)) = (nodes.get(edge.from as usize), nodes.get(edge.to as usize)) {
            links.add_edge(*from, *to, ());
        }
    }
    let mut layer: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    layer[0] = Some(0);
    let order = toposort(&links, None);
    let acyclic = order.is_ok();
    let order = order.unwrap_or_else(|_| {
        let mut walk = Bfs::new(&links, nodes[0]);
        std::iter::from_fn(|| walk.next(&links)).collect()
    });
    for node in order {
        let Some(distance) = layer[node.index()] else { continue };
        for next in links.neighbors(node) {
            let place = &mut layer[next.index()];
            if acyclic || place.is_none() {
                *place = (*place).max(Some(distance + 1));
            }
        }
    }
    layer
}

/// What takes up a row of a layer.
#[derive(Clone, Copy)]
enum Item {
    Node(usize),
    /// An edge that goes on to a later layer.
    Pass(usize),
}

fn layout(graph: &PathGraph) -> Layout {
    let layer = layers(graph);
    let layer_of = |node: u32| layer.get(node as usize).copied().flatten();
    let deepest = layer.iter().flatten().copied().max().unwrap_or(0);
    let mut layout = Layout {
        nodes: vec![None; graph.nodes.len()],
        passes: vec![Vec::new(); graph.edges.len()],
        width: span(deepest).1 + 1.0,
        height: 0.0,
    };
    for depth in 0..=deepest {
        let mut members: Vec<usize> = (0..layer.len()).filter(|node| layer[*node] == Some(depth)).collect();
        members.sort_by_key(|node| (std::cmp::Reverse(graph.nodes[*node].targets), *node));
        members.truncate(TALLEST);
        let passing = graph.edges.iter().enumerate().filter(|(_, edge)| {
            layer_of(edge.from).is_some_and(|from| from < depth && layout.nodes[edge.from as usize].is_some())
                && layer_of(edge.to).is_some_and(|to| to > depth)
        });
        let passing: Vec<usize> = passing.map(|(at, _)| at).collect();
        // Where an edge came from in the layer before.
        let height = |at: usize| {
            let from = layout.nodes.get(graph.edges[at].from as usize).copied().flatten();
            layout.passes[at].last().copied().or(from.map(|(_, y)| y))
        };
        let origin = |item: &Item| match *item {
            Item::Pass(at) => height(at).unwrap_or(0.0),
            Item::Node(node) => {
                let into = (0..graph.edges.len()).filter(|&at| graph.edges[at].to as usize == node);
                let heights: Vec<f64> = into.filter_map(height).collect();
                heights.iter().sum::<f64>() / (heights.len().max(1) as f64)
            }
        };
        let items = members.into_iter().map(Item::Node).chain(passing.into_iter().map(Item::Pass));
        let mut items: Vec<(f64, Item)> = items.map(|item| (origin(&item), item)).collect();
        items.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (row, (_, item)) in items.into_iter().enumerate() {
            let y = 1.0 + row as f64 * ROW;
            layout.height = layout.height.max(y + BOX_HEIGHT + 1.0);
            match item {
                Item::Node(node) => layout.nodes[node] = Some((depth, y)),
                Item::Pass(at) => layout.passes[at].push(y),
            }
        }
    }
    layout
}

fn draw(m: &mut Markup, graph: &PathGraph) {
    let layout = layout(graph);
    let (width, height) = (layout.width, layout.height);
    let most = graph.edges.iter().map(|edge| edge.paths).max().unwrap_or(1).max(1);
    m.el("svg")
        .attr("width", width)
        .attr("height", height)
        .attr("viewBox", format_args!("0 0 {width} {height}"))
        .attr("aria-hidden", "true")
        .inside(|m| {
            for (edge, passes) in graph.edges.iter().zip(&layout.passes) {
                line(m, &layout, edge, passes, 1.0 + 5.0 * ratio(edge.paths, most));
            }
            for (node, place) in graph.nodes.iter().zip(&layout.nodes) {
                if let Some((layer, y)) = *place {
                    a_box(m, node, layer, y);
                }
            }
        });
}

/// A line from the end of one box to the beginning of another, level where it passes other layers.
fn line(m: &mut Markup, layout: &Layout, edge: &PathEdge, passes: &[f64], thickness: f64) {
    let at = |node: u32| layout.nodes.get(node as usize).copied().flatten();
    let (Some((from, y)), Some((to, end))) = (at(edge.from), at(edge.to)) else { return };
    if to <= from {
        return;
    }
    let middle = BOX_HEIGHT / 2.0;
    let mut path = format!("M{} {}", span(from).1, y + middle);
    let mut last = (span(from).1, y + middle);
    for (layer, y) in (from + 1..).zip(passes.iter().copied().chain([end])) {
        let (x, y) = (span(layer).0, y + middle);
        let bend = (last.0 + x) / 2.0;
        // A string takes what is written to it.
        let _ = write!(path, "C{bend} {} {bend} {y} {x} {y}", last.1);
        last = (x, y);
        if layer < to {
            last.0 = span(layer).1;
            let _ = write!(path, "H{}", last.0);
        }
    }
    m.el("path").attr("d", path).attr("stroke-width", format_args!("{thickness:.1}")).text("");
    if !edge.field.is_empty() {
        let next = passes.first().copied().unwrap_or(end);
        let x = (span(from).1 + span(from + 1).0) / 2.0;
        m.el("text").class("via").attr("x", x).attr("y", (y + next) / 2.0 + middle - 6.0).inside(|m| {
            m.text(&cut(&edge.field, ON_LINE));
            m.el("title").name(&edge.field);
        });
    }
}

fn a_box(m: &mut Markup, node: &PathNode, layer: usize, y: f64) {
    let (x, end) = span(layer);
    let name = shorten(&node.label);
    let name = cut(split_class(&name).1, IN_BOX);
    if layer == 0 {
        m.el("text").attr("x", x).attr("y", y + BOX_HEIGHT / 2.0 + 4.0).text(&name);
        return;
    }
    m.el("rect")
        .attr("x", x)
        .attr("y", y)
        .attr("width", end - x)
        .attr("height", BOX_HEIGHT)
        .attr("rx", 6)
        .inside(|m| m.el("title").name(&node.label));
    m.el("text").attr("x", x + 9.0).attr("y", y + 17.0).text(&name);
    let all = if node.objects > 0 { node.objects } else { node.targets };
    m.el("text").class("sub").attr("x", x + 9.0).attr("y", y + 32.0).text(&format!("× {}", count(all)));
}

fn cut(name: &str, length: usize) -> String {
    if name.chars().count() <= length {
        return name.to_owned();
    }
    name.chars().take(length - 1).chain(['…']).collect()
}

fn as_table(m: &mut Markup, graph: &PathGraph) {
    m.div("scroll").inside(|m| {
        m.el("table").inside(|m| {
            m.el("thead").inside(|m| {
                m.el("tr").inside(|m| {
                    for heading in ["html-from", "column-field", "html-to"] {
                        m.el("th").attr("scope", "col").inside(|m| m.message(heading));
                    }
                    m.el("th").attr("scope", "col").class("r").inside(|m| m.message("html-count"));
                });
            });
            m.el("tbody").inside(|m| {
                for PathEdge { from, to, field, paths } in &graph.edges {
                    let name =
                        |node: &u32| graph.nodes.get(*node as usize).map_or("", |node| node.label.as_str());
                    m.el("tr").inside(|m| {
                        m.el("td").inside(|m| m.class_name(name(from)));
                        m.el("td").inside(|m| m.el("code").name(field));
                        m.el("td").inside(|m| m.class_name(name(to)));
                        m.el("td").class("r").text(&count(*paths));
                    });
                }
            });
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::PathNode;

    fn graph(nodes: usize, edges: &[(u32, u32)]) -> PathGraph {
        let node = PathNode { label: "a.B".into(), objects: 1, targets: 1 };
        let edge = |&(from, to): &(u32, u32)| PathEdge { from, to, field: String::new(), paths: 1 };
        PathGraph {
            nodes: vec![node; nodes],
            edges: edges.iter().map(edge).collect(),
            ..PathGraph::default()
        }
    }

    #[test]
    fn layers_are_longest_ways_and_cycles_do_no_harm() {
        assert_eq!(layers(&graph(4, &[(0, 1), (1, 2), (0, 2)])), [Some(0), Some(1), Some(2), None]);
        assert_eq!(layers(&graph(3, &[(0, 1), (1, 2), (2, 1)])), [Some(0), Some(1), Some(2)]);
        assert_eq!(
            layers(&graph(2, &[(0, 1), (0, 9), (1, 1)])),
            [Some(0), Some(1)],
            "edges to nowhere are ignored"
        );
    }
}
