//! What rules and inspections found, on a terminal: what no suspect has told yet.

use super::Screen;
use super::style::clean;
use crate::render::text::bytes;
use crate::report::{
    Arg, Finding, HeapFacts, Holder, HolderKind, LOCAL, Pattern, Report, Severity, Standing, Suspect,
    SuspectKind,
};

/// Findings that are shown.
const MOST: usize = 12;
/// A finding about less than this part of the heap is not about memory; those about threads never are.
const LITTLE: f64 = 0.005;

pub(super) fn write(screen: &mut Screen, report: &Report) {
    let shown: Vec<_> =
        report.findings.iter().filter(|finding| finding.severity > Severity::Info).take(MOST).collect();
    if shown.is_empty() {
        return;
    }
    screen.heading("section-findings");
    for finding in shown {
        let told_by = report.suspects.iter().find(|suspect| is_told_by(finding, suspect));
        // Threads do not retain what others refer to as well; the suspect tells what they hold.
        let is_of_threads = told_by.is_some_and(|suspect| suspect.pattern == Pattern::Threads);
        head(screen, &report.heap, finding, !is_of_threads);
        match told_by {
            Some(suspect) => {
                let words =
                    screen.message("terminal-see-suspect", [("rank", Arg::Count(suspect.rank.into()))]);
                screen.dim_paragraph("      ", &words);
            }
            None if is_beside_leak(report, finding) => {}
            None => body(screen, finding),
        }
    }
}

/// Whether a finding about one thread that serves its clients in turn, as a small server of a service's own may be meant to, stands beside a leak that has
/// most of the heap: that is what the dump is looked at for.
fn is_beside_leak(report: &Report, finding: &Finding) -> bool {
    const MOST: f64 = 0.5;
    let is_it = |suspect: &Suspect| {
        suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && !suspect.is_leak_if_it_grows()
            && suspect.share >= MOST
    };
    finding.id == "threads.busy-acceptor" && report.suspects.iter().any(is_it)
}

/// Whether a suspect tells what is found.
pub(super) fn any_is_told(report: &Report) -> bool {
    report.findings.iter().any(|finding| report.suspects.iter().any(|suspect| is_told_by(finding, suspect)))
}

/// Whether a suspect above says all that a finding has to say: its advice, and who holds it; or another rule about the same library is what it is told by, and
/// the finding is about nearly all of it.
fn is_told_by(finding: &Finding, suspect: &Suspect) -> bool {
    let all = || suspect.holders.iter().map(|share| &share.holder).chain([&suspect.holder]);
    // A variable on the path says less than the field that the suspect is told by.
    let is_on_path = |holder: &Holder| {
        let place = Holder { thread: None, ..holder.clone() }.label();
        let is_it = |field: &str| field.strip_prefix(LOCAL).is_some_and(|field| field == place);
        holder.kind == HolderKind::StackLocal
            && suspect.path.iter().any(|step| step.field.as_deref().is_some_and(is_it))
    };
    let is_same = |holder: &Holder| is_on_path(holder) || all().any(|known| known.label() == holder.label());
    let is_about_all = (suspect.retained_bytes.saturating_mul(9)..=suspect.retained_bytes.saturating_mul(11))
        .contains(&finding.bytes.saturating_mul(10));
    let library = |id: &str| id.split('.').next().map(str::to_owned);
    let is_of_library = suspect.rule.as_deref().is_some_and(|rule| library(rule) == library(&finding.id));
    if is_of_library && is_about_all && finding.holder.as_ref().is_some_and(is_same) {
        return true;
    }
    // Threads are held by their running, each by its own.
    let are_by_threads = suspect.holder.kind == HolderKind::Thread && suspect.holder.threads.is_some();
    let is_same_place =
        suspect.pattern == Pattern::Threads || are_by_threads || finding.holder.as_ref().is_none_or(is_same);
    is_of_library
        && (is_same_place || is_about_all)
        && (suspect.rule.as_deref() == Some(&*finding.id) || !finding.advice.is_empty())
        && finding.advice.iter().all(|advice| suspect.advice.contains(advice))
}

fn head(screen: &mut Screen, heap: &HeapFacts, finding: &Finding, with_size: bool) {
    let (mark, words) = match finding.severity {
        Severity::Error => (screen.style.error("  ✗ "), screen.say(&finding.title)),
        _ => (screen.style.warning("  ! "), screen.say(&finding.title)),
    };
    // Many rules say it in their own words.
    let is_about_memory =
        finding.bytes as f64 >= LITTLE * heap.shallow_bytes as f64 && !finding.id.starts_with("threads.");
    let size =
        Some(bytes(finding.bytes)).filter(|size| with_size && is_about_memory && !words.contains(size));
    let size = size.map_or_else(String::new, |size| format!(" ({size})"));
    let id = screen.style.dim(&format!(" [{}]", clean(&finding.id)));
    screen.paragraph(&mark, &format!("{words}{size}"));
    if let Some(last) = screen.out.strip_suffix('\n') {
        screen.out.truncate(last.len());
        screen.out.push_str(&id);
        screen.out.push('\n');
    }
}

fn body(screen: &mut Screen, finding: &Finding) {
    for evidence in finding.evidence.iter().take(3) {
        let words = screen.say(evidence);
        screen.paragraph("      ", &words);
    }
    for advice in finding.advice.iter().take(2) {
        let words = screen.say(advice);
        screen.paragraph("      → ", &words);
    }
}
