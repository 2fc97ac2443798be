//! Trees: rows that open, by the browser alone. What is too much for the page is drawn by the script on opening.

use super::glossary;
use super::markup::{Markup, anchor};
use super::section::caption;
use super::table::{cell_data, heading, kind};
use crate::report::{Align, Arg, Cell, Text, Tree, TreeNode};
use serde_json::{Value, json};

/// Levels, and rows below one row, that stand in the page as HTML.
const STATIC_DEPTH: usize = 3;
const STATIC_CHILDREN: usize = 8;
const STATIC_ROOTS: usize = 30;

/// A tree of a section.
pub(super) fn write(m: &mut Markup, section: &str, tree: &Tree) {
    let id = anchor(&format!("{section}-{}", tree.id));
    m.div("table tree").attr("id", &id).inside(|m| {
        m.div("table-head").inside(|m| {
            m.el("h3").attr("id", format_args!("{id}-name")).inside(|m| caption(m, &tree.id));
            m.div("tools js").inside(|m| {
                m.el("button")
                    .attr("type", "button")
                    .attr("data-do", "expand")
                    .inside(|m| m.message("html-expand-all"));
                m.el("button")
                    .attr("type", "button")
                    .attr("data-do", "collapse")
                    .inside(|m| m.message("html-collapse-all"));
            });
        });
        if tree.nodes.is_empty() {
            m.el("p").class("dim").inside(|m| m.message("html-no-rows"));
            return;
        }
        m.div("scroll")
            .attr("tabindex", "0")
            .attr("role", "group")
            .attr("aria-labelledby", format_args!("{id}-name"))
            .inside(|m| {
                m.div("tree-rows").inside(|m| {
                    m.div("row head").inside(|m| {
                        for (i, column) in tree.columns.iter().enumerate() {
                            m.span(side(tree, i)).inside(|m| {
                                heading(m, column);
                                if let Some(term) = glossary::of_column(&column.key) {
                                    m.explain(term);
                                }
                            });
                        }
                    });
                    let mut cut = false;
                    nodes(m, tree, &tree.nodes, STATIC_ROOTS, 0, &mut cut);
                    if cut {
                        m.data(&data(tree));
                    }
                });
            });
    });
}

/// The class of a cell: its side, or that of addresses, which need little room.
fn side(tree: &Tree, column: usize) -> &'static str {
    let is_address =
        |node: &TreeNode| node.cells.get(column).is_some_and(|cell| matches!(cell, Cell::Address(_)));
    match tree.columns[column].align {
        _ if column > 0 && tree.nodes.iter().any(is_address) => "x",
        Align::Right => "r",
        Align::Left => "",
    }
}

/// Recursion ends at [`STATIC_DEPTH`].
fn nodes(m: &mut Markup, tree: &Tree, all: &[TreeNode], limit: usize, depth: usize, cut: &mut bool) {
    let shown = all.len().min(limit);
    *cut |= shown < all.len();
    for node in &all[..shown] {
        let deeper = depth + 1 < STATIC_DEPTH;
        *cut |= !deeper && !node.children.is_empty();
        if node.children.is_empty() && node.omitted == 0 {
            m.div("row leaf").inside(|m| cells(m, tree, node));
            continue;
        }
        m.el("details").inside(|m| {
            m.el("summary").class("row").inside(|m| cells(m, tree, node));
            m.div("below").inside(|m| {
                let mut left = node.omitted;
                if deeper {
                    nodes(m, tree, &node.children, STATIC_CHILDREN, depth + 1, cut);
                    left = left.saturating_add(node.children.len().saturating_sub(STATIC_CHILDREN) as u64);
                } else {
                    left = left.saturating_add(node.children.len() as u64);
                }
                if left > 0 {
                    m.el("p").class("dim more").inside(|m| {
                        m.words(&Text::with("html-omitted", [("count", Arg::Count(left))]));
                    });
                }
            });
        });
    }
}

fn cells(m: &mut Markup, tree: &Tree, node: &TreeNode) {
    for (i, cell) in node.cells.iter().enumerate().take(tree.columns.len()) {
        m.span(side(tree, i)).inside(|m| {
            m.cell(cell);
            if let Cell::Share(part) = cell {
                m.gauge(*part);
            }
        });
    }
}

fn data(tree: &Tree) -> Value {
    let kinds: Vec<&str> = (0..tree.columns.len())
        .map(|i| {
            let first =
                tree.nodes.iter().filter_map(|node| node.cells.get(i)).find(|cell| **cell != Cell::None);
            first.map_or("value", kind)
        })
        .collect();
    let sides: Vec<&str> = (0..tree.columns.len()).map(|i| side(tree, i)).collect();
    json!({ "kinds": kinds, "sides": sides, "nodes": node_data(&tree.nodes, &kinds) })
}

/// Whoever makes a tree bounds its depth, so recursion is safe.
fn node_data(nodes: &[TreeNode], kinds: &[&str]) -> Value {
    let one = |node: &TreeNode| {
        let cells: Vec<Value> =
            kinds.iter().zip(&node.cells).map(|(kind, cell)| cell_data(cell, kind)).collect();
        if node.children.is_empty() && node.omitted == 0 {
            json!([cells])
        } else {
            json!([cells, node_data(&node.children, kinds), node.omitted])
        }
    };
    nodes.iter().map(one).collect()
}
