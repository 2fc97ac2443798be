//! Suspects on a terminal: who holds what, how it is held, what to change.

use super::Screen;
use super::style::{clean, fit, width};
use crate::origin::{Origin, origin_of_name};
use crate::render::text::{bytes, count, root_kind, shorten};
use crate::render::ways;
use crate::report::{
    Arg, Confidence, Finding, PathGraph, PathStep, Report, Severity, Standing, Suspect, SuspectKind, Text,
};
use std::cmp::Reverse;
use std::ops::Range;

/// Steps of a path that are shown; a longer one loses its middle.
const STEPS: usize = 14;

pub(super) fn write(screen: &mut Screen, report: &Report) {
    let suspects = &report.suspects;
    if suspects.is_empty() {
        return;
    }
    screen.heading("section-suspects");
    let mut after_folded = true;
    for suspect in suspects {
        let is_folded = is_folded(report, suspect);
        if suspect.rank > 1 && !(is_folded && after_folded) {
            screen.out.push('\n');
        }
        if is_folded {
            folded(screen, suspect)
        } else {
            one(screen, report, suspect)
        }
        after_folded = is_folded;
    }
}

/// Whether a suspect takes no more than a line, as it only draws the eye from what explains the incident: it is the largest of what is left, little of what the heap
/// may take, nothing speaks against it, and what is wrong with threads or outside of the heap is told; or it is a little garbage beside what is to blame. What
/// is to blame for anything is never told so.
fn is_folded(report: &Report, suspect: &Suspect) -> bool {
    const PART_OF_LIMIT: u64 = 20;
    const TIMES: u64 = 4;
    let is_little = || {
        let limit = report.heap.limit_bytes;
        limit.is_some_and(|limit| suspect.retained_bytes.saturating_mul(PART_OF_LIMIT) <= limit)
    };
    let is_much_larger = |other: &Suspect| {
        other.kind != SuspectKind::Garbage
            && other.standing == Standing::Blamed
            && other.retained_bytes / TIMES >= suspect.retained_bytes
    };
    match (suspect.kind, suspect.standing) {
        _ if suspect.rule.is_some() => false,
        (SuspectKind::Garbage, _) => {
            !report.heap.is_much_unreachable() && report.suspects.iter().any(is_much_larger)
        }
        (_, Standing::Largest) => is_little() && report.findings.iter().any(|found| is_cause(report, found)),
        _ => false,
    }
}

/// Whether a finding stands in the verdict that is about something else than what the heap holds.
fn is_cause(report: &Report, finding: &Finding) -> bool {
    const OTHER: [&str; 3] = ["threads.", "off-heap.", "sockets."];
    let is_title = |text: &Text| match text {
        Text::Message { args, .. } => args
            .get("title")
            .is_some_and(|title| matches!(title, Arg::Text(title) if **title == finding.title)),
        _ => false,
    };
    finding.severity >= Severity::Warning
        && OTHER.iter().any(|begin| finding.id.starts_with(begin))
        && report.verdict.sentences.iter().any(is_title)
}

/// How much, of which kind, and who holds what.
fn folded(screen: &mut Screen, suspect: &Suspect) {
    let kind = screen.language.message(suspect.kind_message());
    let part = part_of(screen, suspect);
    let title = screen.say(&suspect.title);
    let words = format!("{} {part} · {kind} · {title}", bytes(suspect.retained_bytes));
    screen.paragraph(&format!("{:>3}. ", suspect.rank), &words);
}

/// Its share, and of what.
fn part_of(screen: &Screen, suspect: &Suspect) -> String {
    let whole = match suspect.kind {
        SuspectKind::Garbage => "terminal-of-garbage",
        _ => "terminal-of-heap",
    };
    screen.message(whole, [("share", Arg::Share(suspect.share))])
}

fn one(screen: &mut Screen, report: &Report, suspect: &Suspect) {
    let kind = screen.language.message(suspect.kind_message());
    let kind = match suspect.kind {
        _ if suspect.is_ordinary() => kind,
        SuspectKind::Leak => screen.style.error(&kind),
        SuspectKind::Load => screen.style.warning(&kind),
        SuspectKind::Garbage => screen.style.dim(&kind),
    };
    let part = part_of(screen, suspect);
    // How sure it is who holds it; of what is not to blame, that nothing speaks against it.
    let sure = match (suspect.standing, suspect.confidence) {
        (Standing::Largest, _) => "standing-largest",
        (Standing::Meant, _) => "standing-meant",
        (Standing::Soft, _) => "standing-soft",
        (Standing::Blamed, _) if suspect.kind == SuspectKind::Garbage => "garbage-estimated",
        (Standing::Blamed, Confidence::Exact) => "holder-exact",
        (Standing::Blamed, Confidence::Likely) => "holder-likely",
        (Standing::Blamed, Confidence::Estimated) => "holder-estimated",
    };
    let sure = screen.language.message(sure);
    let size = screen.style.bold(&bytes(suspect.retained_bytes));
    screen.line(&format!("{:>3}. {size} {part} · {kind} · {sure}", suspect.rank));
    let title = screen.say(&suspect.title);
    screen.paragraph("     ", &title);
    for activity in &suspect.activity {
        let words = screen.say(activity);
        screen.paragraph("     ", &words);
    }
    // What to change before the proof of it: a path may fill a screen.
    for advice in &suspect.advice {
        let words = screen.say(advice);
        screen.paragraph("     → ", &words);
    }
    path(screen, report, suspect);
    if let Some(graph) = &suspect.path_graph {
        merged_paths(screen, graph);
    }
    if let Some(rank) = suspect.path_graph_of {
        let words = screen.say(&ways::same(rank));
        screen.paragraph("     ", &words);
    }
    if !suspect.composition.is_empty() {
        let shares =
            suspect.composition.iter().take(4).map(|part| {
                format!("{} {} ({})", count(part.instances), simple(&part.class), bytes(part.bytes))
            });
        let list = shares.collect::<Vec<_>>().join(", ");
        let words = screen.message("terminal-made-of", [("list", Arg::name(list))]);
        screen.paragraph("     ", &words);
    }
    for example in suspect.examples.iter().take(2) {
        let words = screen.message("terminal-example", [("example", Arg::text(example.clone()))]);
        screen.paragraph("     ", &words);
    }
    holders(screen, suspect);
}

/// Who else holds it: what each frees alone and all free together, or an estimate where only samples were looked at.
fn holders(screen: &mut Screen, suspect: &Suspect) {
    const MOST: usize = 5;
    const MOST_ESTIMATED: usize = 3;
    if suspect.together_bytes == 0 {
        for other in suspect.holders.iter().take(MOST_ESTIMATED) {
            let size = Arg::Bytes(other.alone_bytes);
            let args = [("holder", Arg::name(other.holder.label())), ("size", size)];
            let words = screen.message("terminal-held-estimated", args);
            screen.paragraph("     ", &words);
        }
        return;
    }
    let shown = &suspect.holders[..suspect.holders.len().min(MOST)];
    let is_none_alone = shown.len() > 1 && shown.iter().all(|holder| holder.alone_bytes == 0);
    if is_none_alone {
        let holders: Vec<String> = shown.iter().map(|holder| holder.holder.label()).collect();
        let words = screen.message("terminal-held-none-alone", [("holders", Arg::name(holders.join(", ")))]);
        screen.paragraph("     ", &words);
    }
    for holder in shown.iter().filter(|_| !is_none_alone) {
        let args = [("holder", Arg::name(holder.holder.label())), ("size", Arg::Bytes(holder.alone_bytes))];
        let words = screen.message("terminal-held-alone", args);
        screen.paragraph("     ", &words);
    }
    let words = screen.message("terminal-held-together", [("size", Arg::Bytes(suspect.together_bytes))]);
    screen.paragraph("     ", &words);
}

/// The class without its package.
fn simple(class: &str) -> String {
    shorten(&clean(class.rfind('.').map_or(class, |dot| &class[dot + 1..]))).into_owned()
}

/// By which ways its objects are kept, and how many of them by each.
fn merged_paths(screen: &mut Screen, graph: &PathGraph) {
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

/// The steps of a path: where each begins, and how often it is done again. The links of a chain are one.
fn runs(path: &[PathStep]) -> Vec<(usize, usize)> {
    const CHAIN: usize = 3;
    let is_same = |a: &PathStep, b: &PathStep| a.field.is_some() && a.class == b.class && a.field == b.field;
    let mut steps = Vec::new();
    let mut first = 0;
    for run in path.chunk_by(is_same) {
        if run.len() >= CHAIN {
            steps.push((first, run.len()));
        } else {
            steps.extend((first..first + run.len()).map(|at| (at, 1)));
        }
        first += run.len();
    }
    steps
}

/// How many of the first steps of a path are those of a suspect further up, where it would be told twice, and the rank of that one. The last of them is shown,
/// so that it is seen where they part.
fn known_before(report: &Report, suspect: &Suspect, steps: &[(usize, usize)]) -> Option<(usize, u32)> {
    const WORTH_IT: usize = 4;
    let before = report.suspects.iter().take_while(|other| other.rank < suspect.rank);
    let same = |other: &Suspect| {
        let is_same = |(a, b): &(&PathStep, &PathStep)| {
            a.address == b.address && (&a.class, &a.field) == (&b.class, &b.field)
        };
        let same = suspect.path.iter().zip(&other.path).take_while(is_same).count();
        // A run of like steps is one.
        steps.iter().take_while(|&&(first, times)| first + times <= same).count()
    };
    let (same, rank) =
        before.map(|other| (same(other), other.rank)).max_by_key(|&(same, rank)| (same, Reverse(rank)))?;
    (same > WORTH_IT).then(|| (same - 1, rank))
}

/// The steps of a long path that are left out: what libraries have in between before they come to the application, where that leads to the holder, and else, or
/// of what is still long, the middle.
fn left_out(suspect: &Suspect, steps: &[(usize, usize)]) -> Vec<Range<usize>> {
    const MOST_OF_LIBRARIES: usize = 5;
    const BEGINNING: usize = 2;
    let at =
        |is_it: &dyn Fn(&PathStep) -> bool| steps.iter().position(|&(first, _)| is_it(&suspect.path[first]));
    let is_own = |step: &PathStep| step.address != 0 && origin_of_name(&step.class) == Origin::Application;
    let holding = at(&|step| step.field.is_some() && step.field == suspect.holder.field);
    let own =
        at(&is_own).filter(|&own| own > MOST_OF_LIBRARIES && holding.is_some_and(|holding| own <= holding));
    let mut left_out: Vec<Range<usize>> = own.map(|own| BEGINNING..own).into_iter().collect();
    let start = own.unwrap_or(0);
    let room = if own.is_some() { STEPS - BEGINNING } else { STEPS };
    let rest = steps.len() - start;
    if rest > room {
        let middle = start + room / 2..steps.len() - (room - room / 2);
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

fn path(screen: &mut Screen, report: &Report, suspect: &Suspect) {
    if suspect.path.is_empty() {
        return;
    }
    let steps = runs(&suspect.path);
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
    let known = known_before(report, suspect, &steps);
    let left_out = match known {
        Some((same, _)) => std::iter::once(0..same).collect(),
        None => left_out(suspect, &steps),
    };
    for (at, &(first, times)) in steps.iter().enumerate() {
        let step = &suspect.path[first];
        if let Some(gap) = left_out.iter().find(|gap| gap.contains(&at)) {
            if at == gap.start {
                let more = ("count", Arg::name(count(gap.len() as u64)));
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
        let (owner, field) = ways::reference(&step.class, step.field.as_deref());
        let mut field = shorten(&clean(&field)).into_owned();
        if times > 1 {
            field.push_str(&format!(" × {}", count(times as u64)));
        }
        // Beside a field stands what is behind it, unless more lies below: then other ways lead there, too, and the figure would be read as the whole.
        let behind = suspect.path.get(first + 1).unwrap_or(step).retained_bytes;
        let below = suspect.path.iter().skip(first + 2).map(|step| step.retained_bytes).max();
        let retained = if behind > 0 && below.is_none_or(|below| below <= behind) {
            bytes(behind)
        } else {
            String::new()
        };
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
