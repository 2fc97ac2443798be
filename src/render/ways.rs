//! Merged paths as an indented list: each edge of the graph once, below the edges that lead to where it begins.
//!
//! What stands twice in a graph is told where it stands first. Cost: one walk over a graph of some dozen nodes.

use super::text::{Language, count, shorten};
use crate::report::{Arg, PathEdge, PathGraph, PathNode, Text, written_way};
use std::borrow::Cow;

/// A line of the list: one step of the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// How far in it stands.
    pub(super) depth: usize,
    /// What refers; of the roots there are no lines but those of what they keep directly.
    pub(super) node: &'a PathNode,
    /// The reference.
    pub(super) edge: &'a PathEdge,
    /// Whether the lines below what it leads to stand further up.
    pub(super) is_told: bool,
}

/// The lines, those of what most paths take first.
pub(super) fn lines(graph: &PathGraph) -> Vec<Line<'_>> {
    let mut told = vec![false; graph.nodes.len()];
    let mut lines = Vec::new();
    let mut stack: Vec<(usize, &PathEdge)> =
        graph.edges_from(0).into_iter().rev().map(|edge| (0, edge)).collect();
    while let Some((depth, edge)) = stack.pop() {
        let is_told = std::mem::replace(&mut told[edge.to as usize], true);
        let is_from_roots = edge.from == 0;
        let next = graph.edges_from(edge.to);
        if !is_from_roots || next.is_empty() {
            let node = &graph.nodes[edge.from as usize];
            lines.push(Line { depth, node, edge, is_told: is_told && !next.is_empty() });
        }
        if !is_told {
            let depth = if is_from_roots { depth } else { depth + 1 };
            stack.extend(next.into_iter().rev().map(|edge| (depth, edge)));
        }
    }
    lines
}

/// How many objects were looked at, and what the figures mean.
pub(super) fn about(graph: &PathGraph) -> Text {
    let id = match graph {
        _ if graph.is_sample() => "paths-of-some",
        PathGraph { looked_at: 1, .. } => "paths-of-one",
        _ => "paths-of-all",
    };
    Text::with(id, [("looked", Arg::Count(graph.looked_at)), ("count", Arg::Count(graph.objects))])
}

/// That all ways to these objects stand at the suspect of that rank.
pub(super) fn same(rank: u32) -> Text {
    Text::with("paths-same", [("rank", Arg::Count(rank.into()))])
}

/// The words for a node that is no class.
pub(super) fn stand_in(graph: &PathGraph, node: &PathNode) -> Option<Text> {
    if graph.nodes.first().is_some_and(|roots| std::ptr::eq(roots, node)) {
        return Some(Text::message("paths-roots"));
    }
    (node.label == PathGraph::OTHERS).then(|| Text::message("paths-others"))
}

/// A line in words, without its number: `com.acme.Registry.FACTORIES`.
pub(super) fn words(graph: &PathGraph, line: &Line<'_>, language: Language) -> String {
    let Line { node, edge, .. } = line;
    let mut words = match stand_in(graph, node) {
        Some(words) => language.text(&words),
        None => {
            let (owner, field) = reference(&node.label, Some(&edge.field));
            format!("{}{}", shorten(owner), without_middle(&shorten(&field)))
        }
    };
    if line.is_told {
        words.push(' ');
        words.push_str(&language.message("paths-above"));
    }
    words
}

/// What stands between two boxes without its middle, if it is long: nobody reads the ten fields by which a class loader leads to what one of its files
/// is to be closed with.
pub(super) fn without_middle(fields: &str) -> Cow<'_, str> {
    const MOST: usize = 8;
    const ENDS: usize = 3;
    let dots: Vec<usize> = fields.match_indices('.').map(|(at, _)| at).collect();
    if dots.len() <= MOST {
        return Cow::Borrowed(fields);
    }
    let (first, last) = (dots[ENDS - 1], dots[dots.len() - ENDS]);
    Cow::Owned(format!("{}…{}", &fields[..first], &fields[last + 1..]))
}

/// What refers, as the two parts `com.acme.Registry` and `.MAP`; of an array `java.lang.Object` and `[417]`, as its elements are
/// written in Java (`byte[3][]` of a `byte[][]`).
pub(super) fn reference<'a>(class: &'a str, field: Option<&str>) -> (&'a str, String) {
    let field = field.unwrap_or_default();
    if field.starts_with('[') {
        // From the first pair of brackets on: `byte[][]` is an array of `byte[]`.
        let (element, deeper) = class.find("[]").map_or((class, ""), |at| (&class[..at], &class[at + 2..]));
        return (element, format!("{field}{deeper}"));
    }
    let field = written_way(field);
    let dot = match &*field {
        "" => "",
        _ if field.starts_with('<') => " ",
        _ => ".",
    };
    (class, format!("{dot}{field}"))
}

/// What is no field of a class and yet leads on, as the references of a class to its loader: how the report writes it, and its message.
const LINKS: [(&str, &str); 5] = [
    ("<class loader>", "link-class-loader"),
    ("<super class>", "link-super-class"),
    ("<class>", "link-class"),
    ("<signers>", "link-signers"),
    ("<protection domain>", "link-protection-domain"),
];

/// The fields of a way with what is no field in a language.
pub(super) fn fields(fields: &str, language: Language) -> Cow<'_, str> {
    if !fields.contains('<') {
        return Cow::Borrowed(fields);
    }
    let in_words = |fields: String, (link, id): (&str, &str)| fields.replace(link, &language.message(id));
    Cow::Owned(LINKS.into_iter().fold(fields.to_owned(), in_words))
}

/// How many of the objects looked at go a way: `200 · 78 %`.
pub(super) fn part(graph: &PathGraph, paths: u64) -> String {
    let share = paths as f64 / graph.looked_at.max(1) as f64;
    format!("{} · {}", count(paths), super::text::share(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_field_is_told_in_the_language_of_the_reader() {
        let way = "handlers.<class loader>.map";
        assert_eq!(fields(way, Language::En), way);
        assert_eq!(fields(way, Language::Zh), "handlers.<类加载器>.map");
        assert_eq!(fields("a.<init>", Language::Zh), "a.<init>");
    }

    fn graph(nodes: usize, edges: &[(u32, u32)]) -> PathGraph {
        let node = PathNode { label: "a.B".into(), objects: 1, targets: 1 };
        let edge = |&(from, to)| PathEdge { from, to, field: format!("{from}-{to}"), paths: 1 };
        PathGraph {
            objects: 1,
            looked_at: 1,
            nodes: vec![node; nodes],
            edges: edges.iter().map(edge).collect(),
        }
    }

    fn told(graph: &PathGraph) -> Vec<(usize, &str, bool)> {
        lines(graph).iter().map(|line| (line.depth, line.edge.field.as_str(), line.is_told)).collect()
    }

    #[test]
    fn an_element_is_written_as_in_java() {
        let words = |class, field| {
            let (owner, field) = reference(class, field);
            format!("{owner}{field}")
        };
        assert_eq!(words("a.B", Some("c")), "a.B.c");
        assert_eq!(words("a.B[]", Some("[7]")), "a.B[7]");
        assert_eq!(words("byte[][]", Some("[7]")), "byte[7][]");
        assert_eq!(words("a.B[]", None), "a.B[]");
        assert_eq!(words("a.B[]", Some("")), "a.B[]");
        assert_eq!(words("a.T", Some("<local> a.B.run")), "a.T <local> a.B.run");
    }

    #[test]
    fn each_step_stands_once_below_what_leads_to_it() {
        let shared = graph(5, &[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]);
        assert_eq!(told(&shared), [(0, "1-3", false), (1, "3-4", false), (0, "2-3", true)]);
        assert_eq!(told(&graph(2, &[(0, 1)])), [(0, "0-1", false)], "a root keeps the instances");
    }

    #[test]
    fn edges_backwards_and_to_nowhere_do_no_harm() {
        assert_eq!(told(&graph(3, &[(0, 1), (1, 2), (2, 1), (1, 9), (1, 1)])), [(0, "1-2", false)]);
    }
}
