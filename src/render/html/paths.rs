//! Merged paths as a small graph, drawn from left to right: roots, then what they lead to, step by step.
//!
//! Layers are distances from the roots; inside a layer, boxes stand in the order of what leads to them. The same as a table
//! stands below, for those who cannot see the picture.

use super::markup::{Markup, shorten};
use super::values::{ratio, split_class};
use crate::render::text::count;
use crate::report::{Arg, PathEdge, PathGraph, Text};
use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::Bfs;

const BOX_WIDTH: f64 = 164.0;
const BOX_HEIGHT: f64 = 40.0;
const COLUMN: f64 = 256.0;
const ROW: f64 = 60.0;
/// Boxes of a layer that are drawn; the table has all.
const TALLEST: usize = 14;
/// Characters that fit into a box and onto a line.
const IN_BOX: usize = 21;
const ON_LINE: usize = 12;

/// For those who cannot see the picture.
const PICTURE: &str = "paths";

/// Where a node stands, if it is drawn.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
}

/// The graph of a suspect.
pub(super) fn write(m: &mut Markup, graph: &PathGraph) {
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

fn places(graph: &PathGraph) -> (Vec<Option<Place>>, f64, f64) {
    let layer = layers(graph);
    let deepest = layer.iter().flatten().copied().max().unwrap_or(0);
    let mut place: Vec<Option<Place>> = vec![None; graph.nodes.len()];
    let mut height = ROW;
    for depth in 0..=deepest {
        let mut members: Vec<usize> = (0..layer.len()).filter(|node| layer[*node] == Some(depth)).collect();
        // Most targets first decides who is drawn; then those with the same origin stand together.
        members.sort_by_key(|node| (std::cmp::Reverse(graph.nodes[*node].targets), *node));
        members.truncate(TALLEST);
        let origin = |node: usize| {
            let above = graph.edges.iter().filter(|edge| edge.to as usize == node);
            let heights: Vec<f64> =
                above.filter_map(|edge| place.get(edge.from as usize)?.map(|p: Place| p.y)).collect();
            heights.iter().sum::<f64>() / (heights.len().max(1) as f64)
        };
        members.sort_by(|a, b| origin(*a).total_cmp(&origin(*b)));
        for (row, node) in members.iter().enumerate() {
            place[*node] = Some(Place { x: 1.0 + depth as f64 * COLUMN, y: 1.0 + row as f64 * ROW });
        }
        height = height.max(members.len() as f64 * ROW);
    }
    (place, deepest as f64 * COLUMN + BOX_WIDTH + 2.0, height - (ROW - BOX_HEIGHT) + 2.0)
}

fn draw(m: &mut Markup, graph: &PathGraph) {
    let (place, width, height) = places(graph);
    let most = graph.edges.iter().map(|edge| edge.paths).max().unwrap_or(1).max(1);
    let at = |node: u32| place.get(node as usize).copied().flatten();
    m.el("svg")
        .attr("width", width)
        .attr("height", height)
        .attr("viewBox", format_args!("0 0 {width} {height}"))
        .attr("aria-hidden", "true")
        .inside(|m| {
            for PathEdge { from, to, field, paths } in &graph.edges {
                let (Some(from), Some(to)) = (at(*from), at(*to)) else { continue };
                if to.x <= from.x {
                    continue;
                }
                let (x1, y1, x2, y2) =
                    (from.x + BOX_WIDTH, from.y + BOX_HEIGHT / 2.0, to.x, to.y + BOX_HEIGHT / 2.0);
                // A long line stays on its row and bends in the last gap, where it is least in the way.
                let gap = COLUMN - BOX_WIDTH;
                let start = (x2 - gap).max(x1);
                let bend = (start + x2) / 2.0;
                m.el("path")
                    .attr("d", format_args!("M{x1} {y1}H{start}C{bend} {y1} {bend} {y2} {x2} {y2}"))
                    .attr("stroke-width", format_args!("{:.1}", 1.0 + 5.0 * ratio(*paths, most)))
                    .text("");
                let height = if start > x1 { y1 } else { (y1 + y2) / 2.0 };
                m.el("text").class("via").attr("x", x1 + gap / 2.0).attr("y", height - 6.0).inside(|m| {
                    m.text(&cut(field, ON_LINE));
                    m.el("title").name(field);
                });
            }
            for ((number, node), place) in graph.nodes.iter().enumerate().zip(&place) {
                let Some(Place { x, y }) = place else { continue };
                m.el("rect")
                    .attr("x", x)
                    .attr("y", y)
                    .attr("width", BOX_WIDTH)
                    .attr("height", BOX_HEIGHT)
                    .attr("rx", 6)
                    .inside(|m| m.el("title").name(&node.label));
                let name = shorten(&node.label);
                m.el("text").attr("x", x + 9.0).attr("y", y + 17.0).text(&cut(split_class(&name).1, IN_BOX));
                if number > 0 {
                    let all = if node.objects > 0 { node.objects } else { node.targets };
                    m.el("text")
                        .class("sub")
                        .attr("x", x + 9.0)
                        .attr("y", y + 32.0)
                        .text(&format!("× {}", count(all)));
                }
            }
        });
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
