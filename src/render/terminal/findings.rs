//! What rules and inspections found, on a terminal: what no suspect has told yet.

use super::Screen;
use super::style::clean;
use crate::render::text::bytes;
use crate::report::{Finding, HeapFacts, Report, Severity, Standing, Suspect, SuspectKind};

/// Findings that are shown.
const MOST: usize = 12;
/// A finding about less than this part of the heap is not about memory; those about threads never are.
const LITTLE: f64 = 0.005;

pub(super) fn write(screen: &mut Screen, report: &Report) {
    let is_told = |finding: &Finding| report.suspects.iter().any(|suspect| finding.is_told_by(suspect));
    let warnings = report.findings.iter().filter(|finding| finding.severity > Severity::Info);
    let is_said = |finding: &Finding| report.is_of_same_error(finding) || report.is_said_by_other(finding);
    let shown = warnings.filter(|finding| !is_told(finding) && !is_said(finding));
    let shown: Vec<_> = shown.take(MOST).collect();
    if shown.is_empty() {
        return;
    }
    screen.heading("section-findings");
    for finding in shown {
        head(screen, &report.heap, finding);
        if !is_beside_leak(report, finding) {
            body(screen, finding);
        }
    }
}

/// The findings that a suspect tells: first those that its title says all of, then the others.
pub(super) fn told_by<'a>(
    screen: &Screen,
    report: &'a Report,
    suspect: &'a Suspect,
) -> (Vec<&'a Finding>, Vec<&'a Finding>) {
    let title = screen.say(&suspect.title);
    let is_said = suspect.is_named_by_rule() || suspect.is_of_threads();
    report.told_by(suspect).partition(|finding| {
        let is_in_title =
            || title.contains(&screen.say(&finding.title)) || finding.says_nothing_beyond(suspect);
        is_said || is_in_title()
    })
}

/// What a rule or an inspection calls what a suspect tells by its classes.
pub(super) fn at_suspect(screen: &mut Screen, finding: &Finding) {
    let words = screen.say(&finding.title);
    with_id(screen, "     ", &words, finding);
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
    report.suspects.iter().any(|suspect| report.told_by(suspect).next().is_some())
}

fn mark(screen: &Screen, severity: Severity) -> String {
    match severity {
        Severity::Error => screen.style.error("  ✗ "),
        _ => screen.style.warning("  ! "),
    }
}

/// Words with the name of the rule or inspection behind them, which stands back.
fn with_id(screen: &mut Screen, first: &str, words: &str, finding: &Finding) {
    let id = clean(&finding.id).into_owned();
    screen.paragraph(first, &format!("{words} [{id}]"));
    let id = format!("[{id}]");
    if let Some(before) = screen.out.strip_suffix(&format!("{id}\n")) {
        screen.out.truncate(before.len());
        let id = screen.style.dim(&id);
        screen.out.push_str(&id);
        screen.out.push('\n');
    }
}

fn head(screen: &mut Screen, heap: &HeapFacts, finding: &Finding) {
    let (mark, words) = (mark(screen, finding.severity), screen.say(&finding.title));
    // Many rules say it in their own words.
    let is_about_memory =
        finding.bytes as f64 >= LITTLE * heap.shallow_bytes as f64 && !finding.id.starts_with("threads.");
    let size = Some(bytes(finding.bytes)).filter(|size| is_about_memory && !words.contains(size));
    let size = size.map_or_else(String::new, |size| format!(" ({size})"));
    with_id(screen, &mark, &format!("{words}{size}"), finding);
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
