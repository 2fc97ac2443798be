//! Findings of rules and inspections: one line each, the rest on request.

use super::markup::Markup;
use super::suspects::list;
use crate::render::text::count;
use crate::report::{Finding, Report, Severity, Suspect, Text};

/// All findings, most severe first.
pub(super) fn write(m: &mut Markup, report: &Report) {
    if report.findings.is_empty() {
        m.el("p").class("calm").inside(|m| m.message("html-findings-none"));
        return;
    }
    m.div("findings").inside(|m| {
        for (i, finding) in report.findings.iter().enumerate() {
            one(m, i + 1, finding);
        }
    });
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
    let is_failure = |finding: &Finding| finding.severity == Severity::Error || is_said(finding);
    all.filter(|(i, finding)| is_failure(finding) && !told.contains(i)).collect()
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

fn one(m: &mut Markup, number: usize, finding: &Finding) {
    let open = finding.severity == Severity::Error;
    m.el("details")
        .class("finding")
        .attr("id", format_args!("finding-{number}"))
        .flag_if(open, "open")
        .inside(|m| {
            m.el("summary").inside(|m| {
                m.severity_badge(finding.severity);
                m.span("what").inside(|m| m.words(&finding.title));
                m.span("sum").inside(|m| {
                    if finding.count > 0 {
                        m.span("n dim").text(&format!("× {}", count(finding.count)));
                        m.text(" ");
                    }
                    if finding.bytes > 0 {
                        m.size(finding.bytes);
                    }
                });
            });
            if let Some(holder) = &finding.holder {
                m.el("h3").class("label").message("html-held-by");
                m.el("p").class("holder").inside(|m| m.holder(holder));
            } else if let Some(class) = &finding.class {
                m.el("p").class("holder").inside(|m| m.class_name(class));
            }
            list(m, "h3", "html-change", "advice", finding.advice.iter());
            list(m, "h3", "html-why", "plain", finding.evidence.iter());
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
