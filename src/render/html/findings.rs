//! Findings of rules and inspections: one line each, the rest on request.

use super::markup::Markup;
use super::suspects::list;
use super::verdict;
use crate::render::text::count;
use crate::report::{Finding, Report, Severity, Suspect, THROWN_EARLIER, Text};

/// All findings, most severe first.
pub(super) fn write(m: &mut Markup, report: &Report) {
    if report.findings.is_empty() {
        m.el("p").class("calm").inside(|m| m.message("html-findings-none"));
        return;
    }
    m.div("findings").inside(|m| {
        for (i, finding) in distinct(report) {
            let is_it = |suspect: &&Suspect| explaining(report, suspect).is_some_and(|(place, _)| place == i);
            let suspects: Vec<&Suspect> = report.suspects.iter().filter(is_it).collect();
            // Beside the error of the dump an earlier one is a part of the same incident.
            let is_part = report.oom.is_some() && finding.id == THROWN_EARLIER;
            let is_open = finding.severity == Severity::Error && suspects.is_empty() && !is_part;
            let alike: Vec<(usize, &Finding)> = report
                .findings
                .iter()
                .enumerate()
                .skip(i + 1)
                .filter(|(_, other)| is_alike(finding, other))
                .collect();
            one(m, (i, finding), &alike, &suspects, is_open);
        }
    });
}

/// The findings with their places, those that say the same left out.
pub(super) fn distinct(report: &Report) -> impl Iterator<Item = (usize, &Finding)> {
    let all = report.findings.iter().enumerate();
    all.filter(|(i, finding)| !report.findings[..*i].iter().any(|before| is_alike(before, finding)))
}

/// Whether two findings say the same of nothing that has a size: errors of one place with another stack each.
fn is_alike(one: &Finding, other: &Finding) -> bool {
    one.id == other.id && one.title == other.title && one.bytes == 0 && other.bytes == 0
}

/// The finding that explains a suspect, with its place: that of its rule, or one about the same class and half of it at least. What part of it is wasted does not
/// explain it.
pub(super) fn explaining<'r>(report: &'r Report, suspect: &Suspect) -> Option<(usize, &'r Finding)> {
    let explains = |finding: &Finding| match &suspect.rule {
        Some(rule) => finding.id == *rule,
        None => {
            finding.severity >= Severity::Warning
                && finding.class.as_ref() == Some(&suspect.class)
                && finding.bytes >= suspect.retained_bytes / 2
        }
    };
    report.findings.iter().enumerate().find(|(_, finding)| explains(finding))
}

/// The findings that explain an outage, or that the verdict speaks of, and that no suspect tells of, with their places.
pub(super) fn untold_failures(report: &Report) -> Vec<(usize, &Finding)> {
    let told: Vec<usize> =
        report.suspects.iter().filter_map(|suspect| explaining(report, suspect)).map(|(i, _)| i).collect();
    let all = report.findings.iter().enumerate();
    let is_said = |finding: &Finding| {
        report.verdict.sentences.iter().any(|sentence| sentence.is_or_has(&finding.title))
    };
    // Beside the error that the dump was made at, another one is a part of the same incident, and what its kind of memory is full of explains both.
    let kind = report.oom.as_ref().map(|oom| oom.kind.as_str());
    let is_same_incident = |finding: &Finding| kind.is_some() && finding.id == THROWN_EARLIER;
    let is_of_kind = |finding: &Finding| kind.is_some_and(|kind| fills(finding, kind));
    let is_failure = |finding: &Finding| {
        !is_same_incident(finding)
            && (finding.severity == Severity::Error || is_said(finding) || is_of_kind(finding))
    };
    all.filter(|(i, finding)| is_failure(finding) && !told.contains(i)).collect()
}

/// Whether a finding tells what has filled the memory of which an error of that kind says that there was too little, where that is not the heap.
fn fills(finding: &Finding, kind: &str) -> bool {
    let of = match kind {
        "metaspace" | "compressed-class-space" => "classloaders.",
        "direct-buffer-memory" => "off-heap.",
        _ => return false,
    };
    finding.severity >= Severity::Warning && finding.id.starts_with(of) && !finding.advice.is_empty()
}

/// What to change about a suspect, what is known of its library first.
pub(super) fn advice<'r>(report: &'r Report, suspect: &'r Suspect) -> Vec<&'r Text> {
    // A suspect that knows its rule has that rule's advice already.
    let known = explaining(report, suspect).filter(|_| suspect.rule.is_none());
    let known = known.map_or(&[][..], |(_, finding)| &finding.advice);
    let mut advice: Vec<&Text> = Vec::new();
    for text in known.iter().chain(&suspect.advice) {
        if !advice.contains(&text) {
            advice.push(text);
        }
    }
    advice
}

/// A finding with those that say the same, and with the suspects that tell of it: what to change stands there.
fn one(
    m: &mut Markup,
    (place, finding): (usize, &Finding),
    alike: &[(usize, &Finding)],
    suspects: &[&Suspect],
    is_open: bool,
) {
    let times = alike.iter().fold(finding.count, |sum, (_, other)| sum.saturating_add(other.count));
    m.el("details")
        .class("finding")
        .attr("id", format_args!("finding-{}", place + 1))
        .flag_if(is_open, "open")
        .inside(|m| {
            m.el("summary").inside(|m| {
                m.severity_badge(finding.severity);
                m.span("what").inside(|m| m.words(&finding.title));
                m.span("sum").inside(|m| {
                    if times > 0 {
                        m.span("n dim").text(&format!("× {}", count(times)));
                        m.text(" ");
                    }
                    if finding.bytes > 0 {
                        m.size(finding.bytes);
                    }
                });
            });
            for (place, _) in alike {
                m.el("span").attr("id", format_args!("finding-{}", place + 1)).text("");
            }
            if let Some(holder) = &finding.holder {
                m.el("h3").class("label").message("html-held-by");
                m.el("p").class("holder").inside(|m| m.holder(holder));
            } else if let Some(class) = &finding.class {
                m.el("p").class("holder").inside(|m| m.class_name(class));
            }
            if suspects.is_empty() {
                list(m, "h3", "html-change", "advice", finding.advice.iter());
            } else {
                m.el("p").class("told").inside(|m| {
                    m.message("html-finding-told");
                    for suspect in suspects {
                        m.text(" ");
                        m.el("a").to(&verdict::anchor_of(suspect)).words(&verdict::rank(suspect));
                    }
                });
            }
            let mut evidence: Vec<&Text> = Vec::new();
            for text in finding.evidence.iter().chain(alike.iter().flat_map(|(_, other)| &other.evidence)) {
                if !evidence.contains(&text) {
                    evidence.push(text);
                }
            }
            list(m, "h3", "html-why", "plain", evidence.into_iter());
            m.el("p").class("ids").inside(|m| {
                m.message("html-rule");
                m.text(" ");
                m.el("code").name(&finding.id);
                if let Some(link) = &finding.link {
                    m.text(" · ");
                    m.el("a").outside(link).inside(|m| m.message("html-link"));
                }
                m.text(" · ");
                m.message("html-fingerprint");
                m.text(" ");
                m.el("code").name(&finding.fingerprint.0);
            });
        });
}
