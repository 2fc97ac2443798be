//! Where everything of the picture of merged paths stands.
//!
//! Owns places, sizes and how far words are cut. A node stands in the layer of the longest way to it; an edge over several layers keeps a row free in
//! each (Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981), so no line runs through a box.
//! Layers are columns from left to right; a beginning in which nothing parts may stand as a stack in the first one, so that a long chain needs no more
//! room than a short one. Of several layouts the first that fits the page is taken. Cost: some passes over a graph of some dozen nodes.

use super::super::markup::visible;
use super::super::values::split_class;
use crate::render::text::{Language, count};
use crate::render::ways;
use crate::report::{LOCAL, PathEdge, PathGraph, PathNode};
use std::borrow::Cow;

/// The room that the page has for a picture on a screen of 1280 pixels.
pub(super) const FITS: f64 = 913.0;
/// Room for a character of a name and of a smaller word, in pixels.
const CHARACTER: f64 = 7.0;
const SMALL_CHARACTER: f64 = 6.65;
/// The least height of a box.
const BOX_HEIGHT: f64 = 42.0;
/// Between two lines of a name.
pub(super) const LEADING: f64 = 14.0;
/// Between boxes of one column.
const SPACE: f64 = 20.0;
/// The height of a line that passes a column.
const PASSING: f64 = 14.0;
/// Between lines with words that leave the same box.
const PITCH: f64 = 18.0;
/// Around the picture.
const EDGE: f64 = 2.0;
/// Where the line down from a box of the stack stands.
pub(super) const STEM: f64 = 18.0;

/// How words and boxes may be put.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// Characters of a class in a line of its box.
    in_box: usize,
    /// Characters of the words on a line.
    on_line: usize,
    /// Whether a beginning in which nothing parts is a stack.
    is_stacked: bool,
}

/// From what is best to read to what is narrowest.
const ROOMS: [Room; 6] = [
    Room { in_box: 28, on_line: 26, is_stacked: false },
    Room { in_box: 20, on_line: 22, is_stacked: false },
    Room { in_box: 28, on_line: 26, is_stacked: true },
    Room { in_box: 20, on_line: 22, is_stacked: true },
    Room { in_box: 17, on_line: 17, is_stacked: true },
    Room { in_box: 14, on_line: 13, is_stacked: true },
];

/// Something that takes a row of a column: a box, or an edge that passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) node: Option<usize>,
    /// The middle of its left side.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// An edge as it is drawn.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) edge: &'a PathEdge,
    /// The items that it leads over, from its first box to its last.
    pub(super) over: Vec<usize>,
    /// What is written on it: the field, cut.
    pub(super) words: String,
    /// Where the words stand.
    pub(super) place: Place,
    /// How far below the middle of its first box it begins; of lines down, how many stand before it.
    pub(super) port: f64,
    /// How far below the middle of its last box it ends.
    pub(super) end: f64,
}

/// Where the words of a line stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Beside the box where it begins.
    Start,
    /// Beside the box where it ends, which no other line leads to.
    End,
    /// Beside a line down the stack.
    Down,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(super) struct Layout<'a> {
    pub(super) items: Vec<Item>,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) width: f64,
    pub(super) height: f64,
    in_box: usize,
}

/// The first layout that fits, or the narrowest.
pub(super) fn layout(graph: &PathGraph) -> Layout<'_> {
    let mut best: Option<Layout<'_>> = None;
    for room in ROOMS {
        let made = layout_in(graph, room);
        if made.width <= FITS {
            return made;
        }
        if best.as_ref().is_none_or(|best| made.width < best.width) {
            best = Some(made);
        }
    }
    best.unwrap_or_default()
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

fn layout_in(graph: &PathGraph, room: Room) -> Layout<'_> {
    // A report that was written by hand may say anything.
    let is_forward = |edge: &&PathEdge| edge.from < edge.to && (edge.to as usize) < graph.nodes.len();
    let mut edges: Vec<&PathEdge> = graph.edges.iter().filter(is_forward).collect();
    edges.sort_by_key(|edge| (edge.from, edge.to, std::cmp::Reverse(edge.paths)));
    let layer = layers(graph.nodes.len(), &edges);
    let deepest = layer.iter().flatten().copied().max().unwrap_or(0);
    let mut made = Layout { in_box: room.in_box, ..Layout::default() };
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    let mut item_by_node: Vec<usize> = vec![usize::MAX; graph.nodes.len()];
    let item = |node, height| Item { node, x: 0.0, y: 0.0, width: 0.0, height };
    for (node, at) in layer.iter().enumerate().filter_map(|(node, at)| Some((node, (*at)?))) {
        item_by_node[node] = made.items.len();
        members[at].push(made.items.len());
        made.items.push(item(Some(node), BOX_HEIGHT));
    }
    // Lines between the same two boxes go beside each other where they pass.
    for same in edges.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
        let (from, to) = (same[0].from as usize, same[0].to as usize);
        let (Some(first), Some(last)) = (layer[from], layer[to]) else { continue };
        let mut over = vec![item_by_node[from]];
        for between in &mut members[first + 1..last] {
            over.push(made.items.len());
            between.push(made.items.len());
            made.items.push(item(None, PASSING));
        }
        over.push(item_by_node[to]);
        for edge in same {
            let words = if edge.from == 0 { String::new() } else { cut_fields(&edge.field, room.on_line) };
            made.lines.push(Line {
                edge,
                over: over.clone(),
                words,
                place: Place::Start,
                port: 0.0,
                end: 0.0,
            });
        }
    }
    // Where nothing parts and nothing passes; the objects themselves stand apart.
    let alone = members.iter().take(deepest).take_while(|layer| layer.len() == 1).count();
    let stack = if room.is_stacked && alone > 2 { alone } else { 1 };
    let columns: Vec<Vec<usize>> =
        std::iter::once(members[..stack].concat()).chain(members.drain(stack..)).collect();
    made.choose_places(&columns[0], graph);
    made.place(&columns, graph);
    made.leave_boxes();
    made
}

impl Layout<'_> {
    /// The words of a class in its box, in one line or two, and of how many objects.
    pub(super) fn name_of(&self, graph: &PathGraph, node: &PathNode) -> Vec<String> {
        let is_many = node.objects > 1 && !is_target(graph, node);
        let times = if is_many { format!(" × {}", count(node.objects)) } else { String::new() };
        let name = visible(split_class(&node.label).1);
        let mut lines = match length(&name) > self.in_box {
            true => halves(&name).map(|half| cut(half, self.in_box)).into(),
            false => vec![name.into_owned()],
        };
        let last = lines.last_mut().expect("a name has a line");
        last.push_str(&times);
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn width_of(&self, graph: &PathGraph, node: &PathNode) -> f64 {
        let longest = |lines: &[String]| lines.iter().map(|line| length(line)).max().unwrap_or(0);
        let name = match ways::stand_in(graph, node) {
            Some(words) => longest(&Language::ALL.map(|language| language.text(&words).to_string())),
            None => longest(&self.name_of(graph, node)),
        };
        let figures = length(&figures(graph, node)) as f64 * SMALL_CHARACTER;
        (name as f64 * CHARACTER).max(figures).round() + 22.0
    }

    /// Where the words of each line stand, and how high a box must be so that those that begin there stand below each other.
    fn choose_places(&mut self, stack: &[usize], graph: &PathGraph) {
        let ends: Vec<(usize, usize)> =
            self.lines.iter().map(|line| (line.over[0], line.over[line.over.len() - 1])).collect();
        let is_only_there = |last: usize| ends.iter().filter(|other| other.1 == last).count() == 1;
        for (line, &(first, last)) in self.lines.iter_mut().zip(&ends) {
            let mut here = ends.iter().filter(|other| other.0 == first);
            let is_only_here = here.clone().count() == 1;
            // Some at one end and some at the other would lie over each other.
            let all_are_only_there = here.all(|other| is_only_there(other.1));
            line.place = match () {
                () if stack.contains(&last) => Place::Down,
                () if all_are_only_there && !is_only_here => Place::End,
                () => Place::Start,
            };
        }
        for at in 0..self.items.len() {
            let Some(node) = self.items[at].node.map(|node| &graph.nodes[node]) else { continue };
            let lines =
                if ways::stand_in(graph, node).is_some() { 1 } else { self.name_of(graph, node).len() };
            let here = |line: &&Line<'_>| line.over[0] == at && line.has_words_at_start();
            let beside = |line: &Line<'_>| self.lines.iter().filter(|other| other.over == line.over).count();
            let leave = self.lines.iter().filter(here).count();
            let into = self.lines.iter().filter(|line| line.over.last() == Some(&at) && !line.is_down());
            let arrive = into
                .filter(|line| beside(line) > 1)
                .map(|line| self.lines.iter().filter(|other| other.over[0] == line.over[0]).count());
            let most = leave.max(arrive.max().unwrap_or(0)) as f64;
            let words = BOX_HEIGHT + lines.saturating_sub(1) as f64 * LEADING;
            self.items[at].height = words.max(most * PITCH + 8.0);
        }
    }

    /// Orders each column by what leads to it, and gives it as much room as its longest words need.
    fn place(&mut self, columns: &[Vec<usize>], graph: &PathGraph) {
        let mut x = EDGE;
        // How high each column is, and how far below its top the middle of the picture is.
        let mut heights = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let mut order = column.clone();
            if at > 0 {
                order.sort_by(|&a, &b| self.origin(a).total_cmp(&self.origin(b)));
            }
            let words = |item: usize| {
                self.items[item].node.map_or(0.0, |node| self.width_of(graph, &graph.nodes[node]))
            };
            let mut width = order.iter().map(|&item| words(item)).fold(0.0, f64::max);
            let (mut y, mut axis) = (0.0, 0.0);
            for &item in &order {
                // In a stack stand words between two boxes.
                let above: Vec<&Line<'_>> = self
                    .lines
                    .iter()
                    .filter(|line| line.is_down() && line.over.last() == Some(&item))
                    .collect();
                if at == 0 && item != order[0] {
                    y += above.iter().filter(|line| !line.words.is_empty()).count() as f64 * PITCH;
                    let stem = STEM + 8.0 + above.len() as f64 * 8.0;
                    width = above.iter().map(|line| line.room() + stem).fold(width, f64::max);
                }
                let height = self.items[item].height;
                axis = y + height / 2.0;
                self.items[item] = Item { x, y: axis, ..self.items[item] };
                y += height + SPACE;
            }
            order.iter().for_each(|&item| self.items[item].width = width);
            let height = y - SPACE;
            heights.push((height, if at == 0 { axis } else { height / 2.0 }));
            self.width = x + width + EDGE;
            let next = columns.get(at + 1);
            let longest = |is_there: &dyn Fn(&Line<'_>) -> bool| {
                self.lines.iter().filter(|line| is_there(line)).map(Line::room).fold(0.0, f64::max)
            };
            let starting = longest(&|line| line.place == Place::Start && column.contains(&line.over[0]));
            let ends_in = |line: &Line<'_>, next: &Vec<usize>| next.contains(&line.over[line.over.len() - 1]);
            let ending =
                longest(&|line| line.place == Place::End && next.is_some_and(|next| ends_in(line, next)));
            // Words of two boxes meet in the gap: each has its part of it.
            let between = if starting > 0.0 && ending > 0.0 { 14.0 } else { 0.0 };
            x += width + (starting + between + ending + 18.0).max(38.0);
        }
        // The middle of each column stands in the middle of the picture.
        let axis = heights.iter().map(|&(_, axis)| axis).fold(0.0, f64::max);
        for (column, (height, own)) in columns.iter().zip(heights) {
            let down = (axis - own).round() + EDGE;
            column.iter().for_each(|&item| self.items[item].y += down);
            self.height = self.height.max(down + height + EDGE);
        }
    }

    /// The middle of what leads to an item.
    fn origin(&self, item: usize) -> f64 {
        let pairs = self.lines.iter().flat_map(|line| line.over.windows(2));
        let before: Vec<f64> =
            pairs.filter(|pair| pair[1] == item).map(|pair| self.items[pair[0]].y).collect();
        before.iter().sum::<f64>() / before.len().max(1) as f64
    }

    /// Lines leave a box from top to bottom in the order in which they end, those with words apart from each other.
    fn leave_boxes(&mut self) {
        let goal = |line: &Line<'_>| {
            let height = |at: usize| self.items[at].y;
            (height(line.over[1]), height(line.over[line.over.len() - 1]))
        };
        let goals: Vec<(f64, f64)> = self.lines.iter().map(goal).collect();
        for item in 0..self.items.len() {
            let mut here: Vec<usize> =
                (0..self.lines.len()).filter(|&line| self.lines[line].over[0] == item).collect();
            if self.lines.iter().filter(|line| line.over[0] == item && line.has_words_at_start()).count() < 2
            {
                continue;
            }
            if here.iter().any(|&line| self.lines[line].is_down()) {
                (0..).zip(&here).for_each(|(at, &line)| self.lines[line].port = f64::from(at));
                continue;
            }
            here.sort_by(|&a, &b| {
                goals[a].0.total_cmp(&goals[b].0).then(goals[a].1.total_cmp(&goals[b].1)).then(a.cmp(&b))
            });
            let room = |line: &Line<'_>| if line.has_words_at_start() { PITCH } else { PITCH / 3.0 };
            let all: f64 = here.iter().map(|&line| room(&self.lines[line])).sum();
            let mut below = -all / 2.0;
            for line in here {
                let room = room(&self.lines[line]);
                // Words stand above their line.
                self.lines[line].port = below + room * 0.75;
                below += room;
            }
        }
        // Those between the same two boxes stay beside each other as far as to the other box.
        let has_others = |line: &Line<'_>| {
            self.lines.iter().filter(|other| other.over == line.over && !line.is_down()).count() > 1
        };
        let ends: Vec<f64> =
            self.lines.iter().map(|line| if has_others(line) { line.port } else { 0.0 }).collect();
        self.lines.iter_mut().zip(ends).for_each(|(line, end)| line.end = end);
    }
}

impl Line<'_> {
    fn has_words_at_start(&self) -> bool {
        self.place != Place::End && !self.words.is_empty()
    }

    pub(super) fn is_down(&self) -> bool {
        self.place == Place::Down
    }

    /// How wide its words are.
    fn room(&self) -> f64 {
        length(&self.words) as f64 * SMALL_CHARACTER
    }
}

/// Whether it stands for the objects themselves.
pub(super) fn is_target(graph: &PathGraph, node: &PathNode) -> bool {
    graph.nodes.last().is_some_and(|last| std::ptr::eq(last, node))
}

/// How many of the objects looked at have a path that passes.
pub(super) fn figures(graph: &PathGraph, node: &PathNode) -> String {
    let is_roots = graph.nodes.first().is_some_and(|first| std::ptr::eq(first, node));
    if is_target(graph, node) && graph.is_sample() {
        format!("{} / {}", count(node.targets), count(graph.objects))
    } else if is_roots || is_target(graph, node) {
        count(node.targets)
    } else {
        ways::part(graph, node.targets)
    }
}

/// The length in characters; those of Chinese count twice.
fn length(words: &str) -> usize {
    words.chars().map(wide).sum()
}

fn wide(c: char) -> usize {
    if c >= '\u{1100}' { 2 } else { 1 }
}

/// A name in two lines, parted where a word of it begins, near the middle.
fn halves(name: &str) -> [&str; 2] {
    let chars: Vec<(usize, char)> = name.char_indices().collect();
    let begins = chars.windows(2).filter(|pair| {
        (pair[1].1.is_uppercase() && !pair[0].1.is_uppercase()) || (pair[0].1 == '$' && pair[1].1 != '$')
    });
    let from_middle = |&at: &usize| (2 * at).abs_diff(name.len());
    let at = begins.map(|pair| pair[1].0).min_by_key(from_middle).unwrap_or(name.len());
    let (first, second) = name.split_at(at);
    [first, second]
}

/// As many characters as have room, from the beginning or from the end: how many bytes they are.
fn fitting(mut chars: impl Iterator<Item = char>, room: usize) -> usize {
    let (mut left, mut bytes) = (room, 0);
    while let Some((c, rest)) = chars.next().and_then(|c| Some((c, left.checked_sub(wide(c))?))) {
        left = rest;
        bytes += c.len_utf8();
    }
    bytes
}

/// The name without its middle: what tells names apart stands at their ends.
fn cut(name: &str, most: usize) -> String {
    cut_before(name, most, (most - 1) / 2)
}

/// The name in `most` characters, at most `end` of them from its end.
fn cut_before(name: &str, most: usize, end: usize) -> String {
    if length(name) <= most {
        return name.to_owned();
    }
    let last = &name[name.len() - fitting(name.chars().rev(), end)..];
    let first = &name[..fitting(name.chars(), most - 1 - length(last))];
    format!("{first}…{last}")
}

/// The fields on a line. What is cut away of long ones are those between the first and the last.
fn cut_fields(fields: &str, most: usize) -> String {
    let fields = visible(fields);
    let fields = without_place(&fields);
    let last = fields.rfind('.').map_or(0, |dot| length(&fields[dot..]));
    let end = if last == 0 { (most - 1) / 2 } else { last.clamp(4, most / 2) };
    cut_before(&fields, most, end)
}

/// Of a frame only class and method.
fn without_place(fields: &str) -> Cow<'_, str> {
    let frame = fields.strip_prefix(LOCAL).and_then(|local| {
        let (method, rest) = local.split_once('(')?;
        let (_, rest) = rest.split_once(')')?;
        let mut dots = method.rmatch_indices('.').map(|(dot, _)| dot + 1);
        Some(format!("{}(){rest}", &method[dots.nth(1).unwrap_or(0)..]))
    });
    frame.map_or(Cow::Borrowed(fields), Cow::Owned)
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

    fn assert_apart(made: &Layout<'_>) {
        for (at, a) in made.items.iter().enumerate() {
            for b in &made.items[at + 1..] {
                let apart = (a.y - b.y).abs() >= (a.height + b.height) / 2.0;
                assert!(a.x != b.x || apart, "{a:?} {b:?}");
                assert!(a.x == b.x || (a.x + a.width - b.x) * (b.x + b.width - a.x) <= 0.0, "{a:?} {b:?}");
            }
            assert!(a.x + a.width <= made.width && a.y + a.height / 2.0 <= made.height);
            assert!(a.y >= a.height / 2.0);
        }
    }

    #[test]
    fn layers_are_longest_ways() {
        assert_eq!(depths(&graph(4, &[(0, 1), (1, 2), (0, 2)])), [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn no_line_runs_through_a_box_and_no_box_over_another() {
        let graph = graph(6, &[(0, 1), (0, 2), (1, 3), (3, 4), (4, 5), (2, 5), (0, 5)]);
        for room in ROOMS {
            let made = layout_in(&graph, room);
            assert_apart(&made);
            let long = made.lines.iter().find(|line| (line.edge.from, line.edge.to) == (0, 5));
            assert_eq!(long.map(|line| line.over.len()), Some(5), "a row is kept free in the three layers");
        }
    }

    #[test]
    fn edges_backwards_and_to_nowhere_are_ignored() {
        let graph = graph(3, &[(0, 1), (0, 9), (1, 1), (2, 1), (1, 2)]);
        assert_eq!(layout(&graph).lines.len(), 2);
    }

    /// Eight fields of one object that all refer to the same begin below each other.
    #[test]
    fn lines_with_words_that_leave_one_box_stand_apart() {
        let mut eight = graph(3, &[(0, 1)]);
        for field in 0..8 {
            let field = format!("field{field}");
            eight.edges.push(PathEdge { from: 1, to: 2, field, paths: 1 });
        }
        let made = layout(&eight);
        assert_apart(&made);
        let mut ports: Vec<f64> =
            made.lines.iter().filter(|line| !line.words.is_empty()).map(|line| line.port).collect();
        ports.sort_by(f64::total_cmp);
        assert_eq!(ports.len(), 8);
        assert!(ports.windows(2).all(|pair| pair[1] - pair[0] >= PITCH), "{ports:?}");
        let height = made.items[made.lines[0].over[1]].height;
        assert!(made.lines.iter().all(|line| line.end.abs() < height / 2.0));
        assert!(ports.iter().all(|port| port.abs() < height / 2.0), "{ports:?} in {height}");
    }

    /// The left edge, the right edge and the base line of the words of a line.
    fn words(made: &Layout<'_>, line: &Line<'_>) -> Option<[f64; 3]> {
        let (first, last) = (made.items[line.over[0]], made.items[line.over[line.over.len() - 1]]);
        let left = first.x + first.width + 7.0;
        match line.place {
            _ if line.words.is_empty() => None,
            Place::Start => Some([left, left + line.room(), first.y + line.port - 5.0]),
            Place::End => Some([last.x - 7.0 - line.room(), last.x - 7.0, last.y - 6.0]),
            Place::Down => None,
        }
    }

    /// A class whose static fields lead to boxes of their own and to the objects themselves, and a box beside it that is reached by one line only.
    #[test]
    fn words_of_lines_do_not_lie_over_each_other() {
        let ways = [(0, 1), (1, 2), (1, 3), (2, 4), (3, 5), (4, 5), (1, 5), (1, 5), (2, 5), (2, 5), (0, 3)];
        let more = [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 5), (3, 5), (4, 5)];
        for ways in [&ways[..], &ways[..10], &more] {
            let mut graph = graph(6, ways);
            for (at, edge) in graph.edges.iter_mut().enumerate() {
                edge.field = format!("CUSTOMERS{at}.table[].val");
            }
            for room in ROOMS {
                let made = layout_in(&graph, room);
                let all: Vec<[f64; 3]> = made.lines.iter().filter_map(|line| words(&made, line)).collect();
                for (at, a) in all.iter().enumerate() {
                    for b in &all[at + 1..] {
                        let is_beside = a[1] <= b[0] || b[1] <= a[0];
                        assert!(is_beside || (a[2] - b[2]).abs() >= 11.0, "{a:?} {b:?} of {ways:?}");
                    }
                }
            }
        }
    }

    /// As many boxes one after the other as a long chain has, and then two ways.
    #[test]
    fn a_long_beginning_without_a_branch_is_stacked_and_fits_the_page() {
        let mut long = graph(8, &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (4, 6), (5, 7), (6, 7)]);
        for node in &mut long.nodes[1..] {
            node.label = "com.acme.warehouse.AbstractInventoryTransactionCoordinator".into();
        }
        for edge in &mut long.edges {
            edge.field = "lifecycleListeners.table[].val.mapServiceContext".into();
        }
        let made = layout(&long);
        assert_apart(&made);
        assert!(made.width <= FITS, "{}", made.width);
        assert_eq!(made.lines.iter().filter(|line| line.is_down()).count(), 4);
        let short = graph(4, &[(0, 1), (1, 2), (2, 3), (1, 3)]);
        assert!(layout(&short).lines.iter().all(|line| !line.is_down()), "what fits is not stacked");
    }

    #[test]
    fn names_are_cut_in_their_middle_by_their_width() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abc…fg");
        assert_eq!(cut("订单订单", 6), "订…单");
    }

    #[test]
    fn long_names_stand_in_two_lines() {
        assert_eq!(halves("OutOfMemoryErrorDispatcher"), ["OutOfMemory", "ErrorDispatcher"]);
        assert_eq!(halves("ConcurrentHashMap$Node"), ["Concurrent", "HashMap$Node"]);
        assert_eq!(halves("lowercase"), ["lowercase", ""]);
        assert_eq!(halves(""), ["", ""]);
    }

    #[test]
    fn of_fields_the_first_and_the_last_are_seen() {
        let cut = |fields| cut_fields(fields, 24);
        assert_eq!(cut("FACTORIES.table[].val"), "FACTORIES.table[].val");
        assert_eq!(cut("lifecycleListeners.table[].val.task"), "lifecycleListeners….task");
        assert_eq!(cut("lifecycleListeners.table[].val.arg$1.mapServiceContext"), "lifecycleLi…rviceContext");
        assert_eq!(cut("aVeryLongNameOfAFieldByItself"), "aVeryLongNam…eldByItself");
        assert_eq!(cut("<local> com.acme.Export.write(Export.java:7)"), "Export.write()");
        assert_eq!(
            cut("<local> com.acme.Export.write(Export.java:7).elementData[]"),
            "Export.writ…lementData[]"
        );
        assert_eq!(cut("<local> native stack"), "<local> native stack");
    }
}
