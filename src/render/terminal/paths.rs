//! The path to a suspect on a terminal: a line for each step that somebody can go and look at.
//!
//! Owns which steps share a line and which are left out. How a thread leads to what it runs is the same in every program, and the inside of a collection
//! says nothing: the steps of it are one line. A report has all of them.

use super::Screen;
use super::style::{clean, fit, width};
use crate::origin::{Origin, origin_of_name};
use crate::render::text::{bytes, count, root_kind, shorten};
use crate::render::ways;
use crate::report::{
    Arg, HolderKind, LOCAL, PathEdge, PathGraph, PathStep, Report, Suspect, normalise_class,
};
use std::cmp::Reverse;
use std::ops::Range;

/// Lines of a path that are shown; a longer one loses its middle.
const LINES: usize = 14;

/// Steps that are one line.
struct Line {
    steps: Range<usize>,
    /// What is written behind the class of the first.
    field: String,
}

impl Line {
    fn one(path: &[PathStep], at: usize) -> Self {
        let (_, field) = ways::reference(&path[at].class, path[at].field.as_deref());
        Self { steps: at..at + 1, field }
    }

    /// The links of a chain.
    fn chain(path: &[PathStep], steps: Range<usize>) -> Self {
        let times = count(steps.len() as u64);
        Self { field: format!("{} × {times}", Self::one(path, steps.start).field), steps }
    }

    /// Nodes of one class that lead to each other by arrays or by several fields: `.kids[] × 4`, `.child, .sibling × 9`. `None` if there are only a few of them.
    fn nodes(suspect: &Suspect, at: usize) -> Option<Self> {
        const FEW: u64 = 3;
        const FIELDS: usize = 3;
        let path = &suspect.path;
        let class = &path[at].class;
        let is_element = |step: &PathStep| {
            step.class.ends_with("[]") && step.field.as_deref().is_some_and(|field| field.starts_with('['))
        };
        let is_node = |step: &PathStep| {
            let is_field = |field: &str| !field.starts_with(['[', '<']);
            step.class == *class && step.field.as_deref().is_some_and(is_field) && !is_holder(suspect, step)
        };
        let (mut end, mut nodes) = (at, 0);
        let mut fields: Vec<String> = Vec::new();
        while let Some(step) = path.get(end).filter(|step| is_node(step)) {
            let inside = path[end + 1..].iter().take_while(|step| is_element(step)).count();
            let (_, field) = ways::reference(&step.class, step.field.as_deref());
            let field = format!("{field}{}", "[]".repeat(inside));
            if !fields.contains(&field) {
                // What is stored in the last one is in none of the fields by which they lead to each other.
                if path.get(end + 1 + inside).is_none_or(|next| next.class != *class) {
                    break;
                }
                fields.push(field);
            }
            (end, nodes) = (end + 1 + inside, nodes + 1);
        }
        let is_chain = end - at == nodes as usize && fields.len() == 1;
        let are_nodes = nodes >= FEW && fields.len() <= FIELDS && !is_chain;
        are_nodes
            .then(|| Self { steps: at..end, field: format!("{} × {}", fields.join(", "), count(nodes)) })
    }

    /// The inside of a collection: `.table[417].next.val`.
    fn inside(path: &[PathStep], steps: Range<usize>) -> Self {
        let chains = path[steps.clone()].chunk_by(is_same_link);
        let field = chains.map(|links| {
            let (_, field) = ways::reference(&links[0].class, links[0].field.as_deref());
            if links.len() > 1 { format!("{field} × {}", count(links.len() as u64)) } else { field }
        });
        let field: String = field.collect();
        Self { field: ways::without_middle(&field).into_owned(), steps }
    }
}

fn is_same_link(a: &PathStep, b: &PathStep) -> bool {
    let is_element = |step: &PathStep| step.field.as_deref().is_none_or(|field| field.starts_with('['));
    !is_element(a) && a.class == b.class && a.field == b.field
}

/// The lines of the path.
fn lines(suspect: &Suspect) -> Vec<Line> {
    const CHAIN: usize = 3;
    let path = &suspect.path;
    let mut lines = Vec::new();
    let mut at = steps_of_thread(path);
    while at < path.len() {
        let inside = path[at..].iter().take_while(|step| is_inside_of_collection(suspect, step)).count();
        // An array by itself is no collection: the field before it says whose it is.
        if inside > 1 && !path[at].class.ends_with("[]") {
            lines.push(Line::inside(path, at..at + inside));
            at += inside;
            continue;
        }
        if let Some(nodes) = Line::nodes(suspect, at) {
            at = nodes.steps.end;
            lines.push(nodes);
            continue;
        }
        let links = path[at..].chunk_by(is_same_link).next().map_or(1, <[PathStep]>::len);
        if links >= CHAIN {
            lines.push(Line::chain(path, at..at + links));
            at += links;
        } else {
            lines.push(Line::one(path, at));
            at += 1;
        }
    }
    join_over_gap(path, lines)
}

/// Makes a list or a tree one line that is so long that the path has lost its middle: the nodes before the gap and behind it are of one class.
fn join_over_gap(path: &[PathStep], mut lines: Vec<Line>) -> Vec<Line> {
    const TIMES: &str = " × ";
    let is_gap = |line: &Line| path[line.steps.start].address == 0 && line.steps.len() == 1;
    let Some(gap) = lines.iter().position(is_gap).filter(|&gap| gap > 0 && gap + 1 < lines.len()) else {
        return lines;
    };
    let (before, behind) = (&lines[gap - 1], &lines[gap + 1]);
    let class_of = |line: &Line| path[line.steps.start].class.as_str();
    let mut words = class_of(&lines[gap]).split(' ');
    let left_out: Option<u64> = words.nth(1).and_then(|count| count.parse().ok());
    let is_open = words.next() == Some("or");
    // How many steps there were says nothing of nodes that lead to each other by arrays.
    let is_plain = |line: &Line| {
        line.steps.clone().all(|at| path[at].class == class_of(line)) && line.field.contains(TIMES)
    };
    if let (Some(left_out), true, true) = (left_out, is_plain(before), is_plain(behind))
        && class_of(before) == class_of(behind)
    {
        let fields = |line: &Line| line.field.split(TIMES).next().unwrap_or_default().to_owned();
        let (first, second) = (fields(before), fields(behind));
        let (fewer, more) = if first.len() < second.len() { (first, second) } else { (second, first) };
        if fewer.split(", ").all(|field| more.split(", ").any(|known| known == field)) {
            let steps = before.steps.start..behind.steps.end;
            let all = count(steps.len() as u64 - 1 + left_out);
            let field = format!("{more}{TIMES}{all}{}", if is_open { "+" } else { "" });
            lines.splice(gap - 1..gap + 2, [Line { steps, field }]);
        }
    }
    lines
}

/// How many of the first steps lead from a thread to what it runs.
fn steps_of_thread(path: &[PathStep]) -> usize {
    let is = |at: usize, class: &str, field: &str| {
        path.get(at).is_some_and(|step| step.class == class && step.field.as_deref() == Some(field))
    };
    let found = if is(0, "java.lang.Thread", "target") {
        1
    } else if is(0, "java.lang.Thread", "holder") && is(1, "java.lang.Thread$FieldHolder", "task") {
        2
    } else {
        0
    };
    // What it runs itself is a step to look at.
    if path.len() > found + 1 { found } else { 0 }
}

/// Whether a step is the field that the suspect is held by.
fn is_holder(suspect: &Suspect, step: &PathStep) -> bool {
    let is_class = || suspect.holder.class.as_deref().is_some_and(|class| class == step.class);
    step.field.is_some() && step.field == suspect.holder.field && is_class()
}

/// Whether a step leads on within a collection of the JDK's, and is not what the suspect is held by.
fn is_inside_of_collection(suspect: &Suspect, step: &PathStep) -> bool {
    let is_array = step.class.ends_with("[]");
    step.field.is_some() && !is_holder(suspect, step) && (is_array || step.class.starts_with("java.util."))
}

/// How many of the first lines of a path are those of a suspect further up, where it would be told twice, and the rank of that one. The last of them is shown,
/// so that it is seen where they part.
fn known_before(report: &Report, suspect: &Suspect, lines: &[Line]) -> Option<(usize, u32)> {
    const WORTH_IT: usize = 4;
    let before = report.suspects.iter().take_while(|other| other.rank < suspect.rank);
    let same = |other: &Suspect| {
        let is_same = |(a, b): &(&PathStep, &PathStep)| {
            a.address == b.address && (&a.class, &a.field) == (&b.class, &b.field)
        };
        let same = suspect.path.iter().zip(&other.path).take_while(is_same).count();
        lines.iter().take_while(|line| line.steps.end <= same).count()
    };
    let (same, rank) =
        before.map(|other| (same(other), other.rank)).max_by_key(|&(same, rank)| (same, Reverse(rank)))?;
    (same > WORTH_IT).then(|| (same - 1, rank))
}

/// The lines of a long path that are left out: what libraries have in between before they come to the application, where that leads to the holder, and else, or
/// of what is still long, the middle.
fn left_out(suspect: &Suspect, lines: &[Line]) -> Vec<Range<usize>> {
    const MOST_OF_LIBRARIES: usize = 5;
    const BEGINNING: usize = 2;
    let at = |is_it: &dyn Fn(&PathStep) -> bool| {
        lines.iter().position(|line| is_it(&suspect.path[line.steps.start]))
    };
    let is_own = |step: &PathStep| step.address != 0 && origin_of_name(&step.class) == Origin::Application;
    let holding = at(&|step| step.field.is_some() && step.field == suspect.holder.field);
    let own =
        at(&is_own).filter(|&own| own > MOST_OF_LIBRARIES && holding.is_some_and(|holding| own <= holding));
    let mut left_out: Vec<Range<usize>> = own.map(|own| BEGINNING..own).into_iter().collect();
    let start = own.unwrap_or(0);
    let room = if own.is_some() { LINES - BEGINNING } else { LINES };
    let rest = lines.len() - start;
    if rest > room {
        let middle = start + room / 2..lines.len() - (room - room / 2);
        // The field that is told as the holder is not left out.
        match holding.filter(|holding| middle.contains(holding)) {
            Some(holding) => left_out.extend([middle.start..holding, holding + 1..middle.end]),
            None => left_out.push(middle),
        }
    }
    // One step takes no more room than the words that it is left out.
    left_out.retain(|gap| gap.len() > 1);
    left_out
}

pub(super) fn path(screen: &mut Screen, report: &Report, suspect: &Suspect) {
    if suspect.path.is_empty() {
        return;
    }
    let lines = lines(suspect);
    let indent = 7;
    if let Some(root) = &suspect.root {
        let mut words = screen.say(&root_kind(root));
        let first = suspect.path[0].address;
        if let Some(thread) = report.threads().find(|thread| thread.address == first) {
            words = format!("{words} {}", shorten(&thread.name));
        }
        let words = screen.message("terminal-root", [("root", Arg::name(words))]);
        let line = screen.style.dim(&format!("{:indent$}{}", "", clean(&words)));
        screen.line(&line);
    }
    let known = known_before(report, suspect, &lines);
    let left_out = match known {
        Some((same, _)) => std::iter::once(0..same).collect(),
        None => left_out(suspect, &lines),
    };
    for (at, line) in lines.iter().enumerate() {
        let (step, last) = (&suspect.path[line.steps.start], line.steps.end - 1);
        if let Some(gap) = left_out.iter().find(|gap| gap.contains(&at)) {
            if at == gap.start {
                let more = ("count", Arg::name(count(steps_in(&lines[gap.clone()]))));
                let words = match known {
                    Some((_, rank)) => {
                        screen.message("terminal-same-steps", [more, ("rank", Arg::Count(rank.into()))])
                    }
                    None => screen.message("terminal-more-steps", [more]),
                };
                let line = screen.style.dim(&format!("{:indent$}  {words}", ""));
                screen.line(&line);
            }
            continue;
        }
        let class = normalise_class(&step.class);
        let (owner, _) = ways::reference(&class, step.field.as_deref());
        let field = shorten(&clean(&line.field)).into_owned();
        // Beside a field stands what is behind it, unless more lies below: then other ways lead there, too, and the figure would be read as the whole.
        let behind = (last + 1).min(suspect.path.len() - 1);
        let size = suspect.path[behind].retained_bytes;
        let below = suspect.path.iter().skip(last + 2).map(|step| step.retained_bytes).max();
        let is_told = size > 0 && below.is_none_or(|below| below <= size) && is_about(suspect, behind);
        let retained = if is_told { bytes(size) } else { String::new() };
        let arrow = if at == 0 { "" } else { "└ " };
        let lead = format!("{:indent$}{arrow}", "");
        let room = screen.width.saturating_sub(lead.chars().count() + field.chars().count() + 14);
        let owner = clean(owner);
        let name = format!("{}{}", fit(&owner, room.max(20)), screen.style.accent(&field));
        let gap = screen.width.min(110).saturating_sub(width(&lead) + width(&name) + retained.len()).max(1);
        let retained = screen.style.dim(&retained);
        screen.line(&format!("{lead}{name}{:gap$}{retained}", ""));
    }
}

/// Whether what the object at `at` of the path retains is what the suspect is about: no other way leads past it, and down to the field that the suspect is held by, where that is one
/// place, it retains all of it and hardly anything else. What one of several holders has is told of the one that the path leads through.
fn is_about(suspect: &Suspect, at: usize) -> bool {
    const LEAST: f64 = 0.92;
    const MOST: f64 = 1.05;
    let path = &suspect.path;
    let is_local =
        |step: &PathStep| step.field.as_deref().is_some_and(|field| field.starts_with(LOCAL.trim_end()));
    let held_by = match suspect.holder.kind {
        HolderKind::StackLocal => path.iter().position(is_local),
        _ => path.iter().position(|step| is_holder(suspect, step)),
    };
    // Of threads that have a part each it is the part of one.
    let held_by = held_by.filter(|_| suspect.holder.threads.is_none());
    let is_one_of = |step: &PathStep| {
        let is_of_map = step.class.starts_with("java.util.") && !step.class.contains(".atomic.");
        step.field.as_deref().is_some_and(|field| field.starts_with('[') || is_of_map && field == "value")
    };
    // The object that the field leads to, or the table or the list of the several that have one.
    let whole = held_by.map(|held_by| path[..held_by].iter().position(is_one_of).unwrap_or(held_by + 1));
    let part = path[at].retained_bytes as f64 / suspect.retained_bytes.max(1) as f64;
    !path[at].bypassed && (whole.is_none_or(|whole| at > whole) || (LEAST..=MOST).contains(&part))
}

/// How many steps are in these lines.
fn steps_in(lines: &[Line]) -> u64 {
    lines.iter().map(|line| line.steps.len() as u64).sum()
}

/// Whether the ways to its objects part before they come to the holder. How they go on within that says nothing: by the left and by the right in a tree.
pub(super) fn part_above(graph: &PathGraph, suspect: &Suspect) -> bool {
    /// Nearly all.
    const ALL: f64 = 0.95;
    let Some(field) = suspect.holder.field.as_deref().filter(|_| suspect.holders.len() <= 1) else {
        return true;
    };
    let is_it = |edge: &PathEdge| edge.field.split(['.', '[']).any(|name| name == field);
    // Who has noted some links of a list is on the shortest ways to the others, and has none of them.
    if !graph.edges.iter().any(is_it) {
        return false;
    }
    let is_nearly_all = |paths: u64| paths as f64 >= ALL * graph.looked_at as f64;
    let mut node = 0;
    while let Some(edge) = graph.edges_from(node).first() {
        // Those that are chained in a table part in the field that has it.
        if is_nearly_all(
            graph.edges_from(node).iter().filter(|edge| is_it(edge)).map(|edge| edge.paths).sum(),
        ) {
            return false;
        }
        if !is_nearly_all(edge.paths) {
            return true;
        }
        node = edge.to;
    }
    true
}

/// By which ways its objects are kept, and how many of them by each.
pub(super) fn merged(screen: &mut Screen, graph: &PathGraph) {
    const MOST: usize = 12;
    let words = screen.say(&ways::about(graph));
    screen.paragraph("     ", &words);
    let lines = ways::lines(graph);
    for line in lines.iter().take(MOST) {
        let lead = " ".repeat(7 + 2 * line.depth);
        let part = ways::part(graph, line.edge.paths);
        let words = ways::words(graph, line, screen.language);
        let words = clean(&words);
        let name = fit(&words, screen.width.saturating_sub(lead.len() + part.len() + 2).max(20));
        let gap = screen.width.min(110).saturating_sub(lead.len() + width(&name) + width(&part)).max(1);
        let part = screen.style.dim(&part);
        screen.line(&format!("{lead}{name}{:gap$}{part}", ""));
    }
    if lines.len() > MOST {
        let more = count((lines.len() - MOST) as u64);
        let words = screen.message("terminal-more-steps", [("count", Arg::name(more))]);
        let line = screen.style.dim(&format!("{:7}{words}", ""));
        screen.line(&line);
    }
}
