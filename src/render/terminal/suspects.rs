//! Suspects on a terminal: who holds what, how it is held, what to change.

use super::Screen;
use super::style::clean;
use super::{findings, paths};
use crate::render::text::{bytes, count, shorten};
use crate::render::ways;
use crate::report::{
    Arg, Confidence, Finding, NamedValue, Report, Severity, Standing, Suspect, SuspectKind, Text,
    normalise_class,
};

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
            folded(screen, report, suspect)
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
fn folded(screen: &mut Screen, report: &Report, suspect: &Suspect) {
    let kind = screen.language.message(suspect.kind_message());
    let part = part_of(screen, report, suspect);
    let title = screen.say(&suspect.title);
    let words = format!("{} {part} · {kind} · {title}", bytes(suspect.retained_bytes));
    screen.paragraph(&format!("{:>3}. ", suspect.rank), &words);
}

/// Its share, and of what.
fn part_of(screen: &Screen, report: &Report, suspect: &Suspect) -> String {
    let whole = match suspect.kind {
        SuspectKind::Garbage => "terminal-of-garbage",
        _ => "terminal-of-heap",
    };
    screen.message(whole, [report.heap.whole(), ("share", Arg::Share(suspect.share))])
}

fn one(screen: &mut Screen, report: &Report, suspect: &Suspect) {
    let kind = screen.language.message(suspect.kind_message());
    let kind = match suspect.kind {
        _ if suspect.is_ordinary() => kind,
        SuspectKind::Leak => screen.style.error(&kind),
        SuspectKind::Load => screen.style.warning(&kind),
        SuspectKind::Garbage => screen.style.dim(&kind),
    };
    let part = part_of(screen, report, suspect);
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
    // Why it is no more than likely.
    let reason = suspect.evidence.iter().find_map(|text| match text {
        Text::Message { id, args } if sure == "holder-likely" => {
            let id = match &**id {
                "suspect-evidence-group" => "holder-likely-of",
                "suspect-evidence-referred" => "holder-likely-referred",
                "suspect-evidence-by-element" => "holder-likely-by-element",
                _ => return None,
            };
            Some(Text::Message { id: id.into(), args: args.clone() })
        }
        _ => None,
    });
    let sure = reason.map_or_else(|| screen.language.message(sure), |text| screen.say(&text));
    let size = screen.style.bold(&bytes(suspect.retained_bytes));
    let (said, not_said) = findings::told_by(screen, report, suspect);
    let ids = said.iter().map(|finding| screen.style.dim(&format!(" [{}]", clean(&finding.id))));
    let ids: String = ids.collect();
    screen.line(&format!("{:>3}. {size} {part} · {kind} · {sure}{ids}", suspect.rank));
    let title = screen.say(&suspect.title);
    screen.paragraph("     ", &title);
    not_said.into_iter().for_each(|finding| findings::at_suspect(screen, finding));
    for activity in suspect.activity.iter().filter(|text| !report.verdict.sentences.contains(text)) {
        let words = screen.say(activity);
        screen.paragraph("     ", &words);
    }
    // What to change before the proof of it: a path may fill a screen. How to be sure whether it has to be is said once.
    let (unproven, advice): (Vec<&Text>, Vec<&Text>) =
        suspect.advice.iter().partition(|&text| suspect.unproven() == Some(text));
    let is_said = |text: &Text| {
        let mut before = report.suspects.iter().take_while(|other| other.rank < suspect.rank);
        before.any(|other| other.unproven() == Some(text))
    };
    for advice in advice.into_iter().chain(unproven.into_iter().filter(|text| !is_said(text))) {
        let words = screen.say(advice);
        screen.paragraph("     → ", &words);
    }
    // Of what is as it should be nobody asks by which way it is held.
    if !suspect.is_meant() {
        paths::path(screen, report, suspect);
        if let Some(graph) = suspect.path_graph.as_ref().filter(|graph| paths::part_above(graph, suspect)) {
            paths::merged(screen, graph);
        }
        let is_shown = |rank: &u32| {
            let same = report.suspects.iter().find(|other| other.rank == *rank);
            same.is_some_and(|same| {
                same.path_graph.as_ref().is_some_and(|graph| paths::part_above(graph, same))
            })
        };
        if let Some(rank) = suspect.path_graph_of.filter(is_shown) {
            let words = screen.say(&ways::same(rank));
            screen.paragraph("     ", &words);
        }
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
        let words = if is_all(suspect) {
            let Some(beside) = beside_said(screen, report, suspect, example) else { continue };
            screen.say(&beside)
        } else {
            screen.message("terminal-example", [("example", Arg::text(example.clone()))])
        };
        screen.paragraph("     ", &words);
    }
    if !suspect.is_meant() {
        holders(screen, suspect);
    }
}

/// Whether what an example says is said of the only object that there is, and no example: the totals of a scheduler.
fn is_all(suspect: &Suspect) -> bool {
    matches!(suspect.examples[..], [Text::Values { share: None, .. }])
}

/// What is said of the only object that there is and does not stand on the screen yet.
fn beside_said(screen: &Screen, report: &Report, suspect: &Suspect, example: &Text) -> Option<Text> {
    let Text::Values { values, share } = example else { return Some(example.clone()) };
    let titles = report.told_by(suspect).map(|finding| &finding.title);
    let texts = report.verdict.sentences.iter().chain([&suspect.title]).chain(titles);
    let said: Vec<String> = texts.map(|text| screen.say(text)).collect();
    let said = format!("{}\n{}", said.join("\n"), bytes(suspect.retained_bytes));
    let values: Vec<NamedValue> = values.iter().filter(|value| !value.is_in(&said)).cloned().collect();
    (!values.is_empty()).then_some(Text::Values { values, share: *share })
}

/// Who else holds it: what each frees alone and all free together, or an estimate where only samples were looked at.
fn holders(screen: &mut Screen, suspect: &Suspect) {
    const MOST: usize = 5;
    const MOST_ESTIMATED: usize = 3;
    if suspect.together_bytes == 0 {
        for other in suspect.holders.iter().take(MOST_ESTIMATED) {
            let size = Arg::Bytes(other.alone_bytes);
            let args = [("holder", Arg::name(other.holder.written())), ("size", size)];
            let words = screen.message("terminal-held-estimated", args);
            screen.paragraph("     ", &words);
        }
        return;
    }
    let shown = &suspect.holders[..suspect.holders.len().min(MOST)];
    let is_none_alone = shown.len() > 1 && shown.iter().all(|holder| holder.alone_bytes == 0);
    if is_none_alone {
        let holders: Vec<String> = shown.iter().map(|holder| holder.holder.written()).collect();
        let words = screen.message("terminal-held-none-alone", [("holders", Arg::name(holders.join(", ")))]);
        screen.paragraph("     ", &words);
    }
    for holder in shown.iter().filter(|_| !is_none_alone) {
        let args = [("holder", Arg::name(holder.holder.written())), ("size", Arg::Bytes(holder.alone_bytes))];
        let words = screen.message("terminal-held-alone", args);
        screen.paragraph("     ", &words);
    }
    let words = screen.message("terminal-held-together", [("size", Arg::Bytes(suspect.together_bytes))]);
    screen.paragraph("     ", &words);
}

/// The class without its package.
fn simple(class: &str) -> String {
    let class = normalise_class(class);
    shorten(&clean(class.rfind('.').map_or(&*class, |dot| &class[dot + 1..]))).into_owned()
}
