//! The first screen: what happened, the heap as a picture, the suspects as cards, the OutOfMemoryError.

use super::composition;
use super::findings;
use super::markup::Markup;
use super::section::segment;
use super::threads;
use super::values::{kind_class, ratio};
use crate::render::text::{Language, bytes, count};
use crate::report::{
    Arg, COMPARE, Finding, Holder, HolderKind, Oom, OomRole, Report, Severity, Suspect, SuspectKind,
    THROWN_EARLIER, Text,
};

/// Suspects that get a card here; the others are in their section.
const CARDS: usize = 3;

/// Percents of the bar that have no room for a size, and such as have none on a phone.
const NARROW: f64 = 7.0;
const NARROW_ON_A_PHONE: f64 = 20.0;

/// The verdict.
pub(super) fn write(m: &mut Markup, report: &Report) {
    m.el("section").class("verdict").attr("id", "verdict").attr("aria-labelledby", "verdict-title").inside(
        |m| {
            if report.dump.truncated || !report.dump.damage.is_empty() {
                damage(m, report);
            }
            headline(m, report);
            // Of a file without objects nothing more can be said.
            if report.heap.objects > 0 {
                match &report.oom {
                    Some(oom) => thrown(m, report, oom),
                    None => m.el("p").class("no-oom dim").message(no_oom(report)),
                }
                heap_picture(m, report);
                cards(m, report);
                if report.suspects.is_empty() {
                    composition::packages(m, report);
                }
            }
            m.el("p").class("more-link js").inside(|m| {
                m.el("button").attr("type", "button").attr("id", "copy-summary").message("html-copy-summary");
            });
        },
    );
}

/// That the dump is damaged, and the worst of it: what follows may be only part of the truth.
fn damage(m: &mut Markup, report: &Report) {
    m.el("p").class("banner").attr("role", "note").inside(|m| {
        m.el("a").to("damage").inside(|m| m.message("html-damage-banner"));
        match report.dump.damage.first() {
            // The headline says it.
            Some(_) if report.heap.objects == 0 => {}
            Some(note) => {
                m.text(" ");
                m.words(&note.message);
            }
            None => {
                m.text(" ");
                m.message("html-truncated");
            }
        }
    });
}

/// Whether a sentence only says what the panel of the OutOfMemoryError shows.
fn is_about_oom(sentence: &Text) -> bool {
    matches!(sentence, Text::Message { id, .. } if id.starts_with("verdict-oom-"))
}

/// Whether a sentence only says that some OutOfMemoryError was thrown at another time: beside that of the dump it explains nothing.
fn is_about_another(sentence: &Text) -> bool {
    let Text::Message { id, args } = sentence else { return false };
    let title = args.get("title").and_then(|title| match title {
        Arg::Text(title) => Some(&**title),
        _ => None,
    });
    id == "oom-thrown"
        || title.is_some_and(|title| matches!(title, Text::Message { id, .. } if id == "oom-thrown"))
}

/// Whether a sentence says what filled the heap.
fn is_about_cause(sentence: &Text) -> bool {
    let is_other = |id: &str| {
        id.starts_with("verdict-garbage")
            || id.starts_with("verdict-unmounted")
            || id.starts_with("verdict-class-values")
            || id.starts_with("verdict-finalizable")
            || matches!(
                id,
                "verdict-healthy"
                    | "verdict-healthy-besides"
                    | "verdict-no-holder"
                    | "verdict-no-holder-besides"
                    | "verdict-roots-lost"
            )
    };
    !is_about_oom(sentence) && !matches!(sentence, Text::Message { id, .. } if is_other(id))
}

/// What fills the heap comes first if the thread that threw is only the victim, as it is more often than not.
fn headline(m: &mut Markup, report: &Report) {
    let mut sentences: Vec<&Text> = report.verdict.sentences.iter().collect();
    let is_culprit = report.oom.as_ref().is_some_and(|oom| oom.role == OomRole::Culprit);
    if report.oom.is_some() {
        sentences.sort_by_key(|sentence| is_about_another(sentence));
    }
    let cause = sentences.iter().position(|sentence| is_about_cause(sentence));
    if let (Some(cause), Some(thrown), false) =
        (cause, sentences.iter().position(|sentence| is_about_oom(sentence)), is_culprit)
        && thrown < cause
    {
        sentences[thrown..=cause].rotate_left(1);
    }
    let mut shown = sentences.into_iter();
    // Of a file without objects there is nothing to say but what is wrong with it.
    if report.heap.objects == 0 {
        let damage = &report.dump.damage;
        let reason = damage.iter().find(|note| note.kind == "no-heap").or(damage.first());
        if let Some(note) = reason {
            m.el("h1").attr("id", "verdict-title").words(&note.message);
            return;
        }
    }
    m.el("h1").attr("id", "verdict-title").inside(|m| match shown.next() {
        Some(first) => m.words(first),
        None => m.message(if report.suspects.is_empty() { "html-healthy" } else { "html-verdict" }),
    });
    for sentence in shown {
        m.el("p").class("lead").words(sentence);
    }
}

/// What is said where the dump was not made at an OutOfMemoryError.
fn no_oom(report: &Report) -> &'static str {
    let is_thrown = |finding: &Finding| finding.id == THROWN_EARLIER;
    if report.findings.iter().any(is_thrown) { "html-oom-earlier" } else { "html-no-oom" }
}

fn thrown(m: &mut Markup, report: &Report, oom: &Oom) {
    let place = report.threads().find(|view| view.threw_oom && Some(&view.name) == oom.thread.as_ref());
    m.div("oom").inside(|m| {
        m.el("p").class("oom-head").inside(|m| {
            m.el("b").text("OutOfMemoryError");
            m.text(" ");
            m.message(&format!("oom-kind-{}", oom.kind));
            let said = Language::En.message(&format!("oom-kind-{}", oom.kind));
            if let Some(message) = oom.message.as_ref().filter(|message| **message != said) {
                m.text(" ");
                m.el("code").name(message);
            }
        });
        m.el("dl").inside(|m| {
            let mut row = |term: &str, value: &dyn Fn(&mut Markup)| {
                m.el("div").inside(|m| {
                    m.el("dt").inside(|m| m.message(term));
                    m.el("dd").inside(value);
                });
            };
            if let Some(thread) = &oom.thread {
                row("html-oom-thread", &|m| {
                    match place {
                        Some(view) => {
                            m.el("a").to(&threads::anchor_of(view)).inside(|m| m.el("code").name(thread))
                        }
                        None => m.el("code").name(thread),
                    }
                    m.text(" ");
                    m.el("span")
                        .attr("class", role_class(oom.role))
                        .inside(|m| m.message(oom.role_message()));
                    m.explain("culprit-victim");
                });
                row("html-oom-held", &|m| m.size(oom.thread_retained_bytes));
            }
            if let Some(site) = &oom.site {
                row("html-oom-site", &|m| m.frame(site));
            }
            if let Some(culprit) = &oom.culprit {
                // Whom nothing proves to be to blame the page does not call so.
                let is_clear = oom.role != OomRole::Unknown;
                row(if is_clear { "html-oom-culprit" } else { "html-held-by" }, &|m| m.holder(culprit));
            }
        });
        if !oom.evidence.is_empty() {
            // Where nobody who holds memory is to blame, this is all that there is to read.
            let is_all = report.suspects.iter().all(Suspect::is_ordinary);
            m.el("details").flag_if(is_all, "open").inside(|m| {
                m.el("summary").inside(|m| m.message("html-why"));
                m.el("ul").class("plain").inside(|m| {
                    for evidence in &oom.evidence {
                        m.el("li").inside(|m| m.words(evidence));
                    }
                });
            });
        }
    });
}

fn role_class(role: OomRole) -> &'static str {
    match role {
        OomRole::Culprit => "badge leak",
        OomRole::Victim => "badge victim",
        OomRole::Unknown => "badge garbage",
    }
}

/// One bar for all of the heap: suspects by name, then the rest, then what is not really held.
fn heap_picture(m: &mut Markup, report: &Report) {
    let heap = &report.heap;
    let whole = heap.shallow_bytes.saturating_add(heap.unreachable_bytes);
    if whole == 0 {
        return;
    }
    let mut left = heap.shallow_bytes;
    let mut parts: Vec<(&'static str, Part<'_>, u64)> = Vec::new();
    for suspect in report.suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage).take(6) {
        // Suspects are disjoint when they come from the analyzer; a report from elsewhere must not overflow the bar.
        let size = suspect.retained_bytes.min(left);
        left -= size;
        parts.push((kind_class(suspect), Part::Suspect(suspect), size));
    }
    let soft = heap.soft.softly_bytes.min(left);
    let finalizer = heap.soft.finalizer_bytes.min(left - soft);
    left -= soft + finalizer;
    parts.push(("rest", Part::Message("html-heap-rest"), left));
    parts.push(("soft", Part::Message("html-heap-soft"), soft));
    parts.push(("final", Part::Message("html-heap-finalizer"), finalizer));
    parts.push(("garbage", Part::Message("html-heap-unreachable"), heap.unreachable_bytes));
    parts.retain(|(_, _, size)| *size > 0);
    m.el("figure").class("heap").inside(|m| {
        m.el("figcaption").inside(|m| {
            m.message("html-heap-picture");
            m.span("total").inside(|m| {
                m.size(heap.shallow_bytes);
                m.text(" ");
                m.message("html-reachable-total");
                m.text(" · ");
                m.words(&Text::with("objects-count", [("count", Arg::Count(heap.objects))]));
                if let Some(limit) = heap.limit_bytes {
                    m.text(" · ");
                    let id = if heap.limit_is_estimate { "html-heap-limit-about" } else { "html-heap-limit" };
                    m.words(&Text::with(id, [("limit", Arg::Bytes(limit))]));
                }
            });
        });
        m.el("svg").class("bar tall").attr("aria-hidden", "true").inside(|m| {
            let mut at = 0.0;
            for (class, part, size) in &parts {
                let width = 100.0 * ratio(*size, whole);
                segment(m, at, width, class);
                // Sizes, not shares: those of suspects are of the reachable heap, and the bar is of all that is in the dump.
                if matches!(part, Part::Suspect(_)) && width > NARROW {
                    let on_phones = if width > NARROW_ON_A_PHONE { "" } else { " narrow" };
                    m.el("text")
                        .attr("class", format_args!("{class}{on_phones}"))
                        .attr("x", format_args!("{:.3}%", at + width / 2.0))
                        .attr("y", "50%")
                        .text(&bytes(*size));
                }
                at += width;
            }
        });
        m.el("ul").class("legend").inside(|m| {
            for (class, part, size) in &parts {
                m.el("li").inside(|m| {
                    m.el("i").attr("class", format_args!("key {class}")).text("");
                    match part {
                        Part::Suspect(suspect) => {
                            m.el("a").to(&anchor_of(suspect)).inside(|m| short_holder(m, suspect))
                        }
                        Part::Message(id) => m.el("span").inside(|m| m.message(id)),
                    }
                    m.text(" ");
                    m.size(*size);
                });
            }
        });
        for outside in report.outside_to_tell() {
            m.el("p").class("dim").inside(|m| m.words(&outside));
        }
    });
}

enum Part<'r> {
    Suspect(&'r Suspect),
    Message(&'static str),
}

/// The id of a suspect's place in the page.
pub(super) fn anchor_of(suspect: &Suspect) -> String {
    format!("suspect-{}", suspect.rank)
}

/// The holder by its last names only, for legends.
fn short_holder(m: &mut Markup, suspect: &Suspect) {
    let holder = &suspect.holder;
    let of_frame = holder.frame.as_ref().map(|frame| frame.class.as_str());
    // Of threads the method that they are in says more than their class.
    let class = if holder.kind == HolderKind::Thread { of_frame } else { None };
    let class = class.or(holder.class.as_deref()).or(of_frame);
    let class = class.unwrap_or(&suspect.class);
    let (_, simple) = super::values::split_class(class);
    let member = holder.field.as_deref().or(holder.frame.as_ref().map(|frame| frame.method.as_str()));
    m.el("code").name(&match member {
        Some(member) => format!("{simple}.{member}"),
        None => simple.to_owned(),
    });
}

/// What is wrong and no suspect tells of has its card too; beside it what is merely the largest would only distract.
fn cards(m: &mut Markup, report: &Report) {
    let mut failures = findings::untold_failures(report);
    failures.truncate(CARDS - 1);
    let is_wanted = |suspect: &&Suspect| failures.is_empty() || !suspect.is_ordinary();
    let suspects: Vec<&Suspect> =
        report.suspects.iter().filter(is_wanted).take(CARDS - failures.len()).collect();
    if failures.is_empty() && suspects.is_empty() {
        if !report.verdict.healthy {
            m.el("p").class("calm").message("html-suspects-none");
        }
        return;
    }
    m.div("cards").inside(|m| {
        let write_failures = |m: &mut Markup| {
            for &(place, finding) in &failures {
                failure_card(m, place, finding);
            }
        };
        // In the order of the headline.
        let failure_first = is_failure_first(report, &failures);
        if failure_first {
            write_failures(m);
        }
        suspects.iter().for_each(|suspect| card(m, report, suspect));
        if !failure_first {
            write_failures(m);
        }
    });
    if report.suspects.len() > suspects.len() {
        m.el("p").class("more-link").inside(|m| {
            m.el("a").to("suspects").inside(|m| {
                m.message("section-suspects");
                m.text(&format!(" ({})", count(report.suspects.len() as u64)));
            });
        });
    }
}

/// Whether the headline is the title of a finding and not what filled the heap.
fn is_failure_first(report: &Report, failures: &[(usize, &Finding)]) -> bool {
    let is_aside = |sentence: &Text| report.oom.is_some() && is_about_another(sentence);
    let first =
        report.verdict.sentences.iter().find(|sentence| !is_about_oom(sentence) && !is_aside(sentence));
    first.is_some_and(|first| failures.iter().any(|(_, finding)| first.is_or_has(&finding.title)))
}

/// A finding that explains an outage, and what to do.
fn failure_card(m: &mut Markup, place: usize, finding: &Finding) {
    let class = if finding.severity == Severity::Error { "card error" } else { "card load" };
    m.el("article").class(class).inside(|m| {
        m.el("header").inside(|m| m.severity_badge(finding.severity));
        m.el("p").class("title strong").words(&finding.title);
        if let Some(advice) = finding.advice.first() {
            m.div("advice").inside(|m| {
                m.el("p").class("label").message("html-change");
                m.el("p").words(advice);
            });
        }
        m.el("a").class("go").to(&format!("finding-{}", place + 1)).inside(|m| {
            m.message("html-why");
            m.span("vh").inside(|m| {
                m.text(", ");
                m.words(&finding.title);
            });
        });
    });
}

fn card(m: &mut Markup, report: &Report, suspect: &Suspect) {
    m.el("article").attr("class", format_args!("card {}", kind_class(suspect))).inside(|m| {
        m.el("header").inside(|m| {
            m.kind_badge(suspect);
            if !suspect.is_ordinary() {
                m.holder_confidence(suspect);
            }
        });
        m.el("p").class("figure").inside(|m| {
            m.size(suspect.retained_bytes);
            m.span("of").words(&of_what(suspect));
        });
        m.gauge(suspect.share);
        if suspect.holder.kind != HolderKind::Nobody {
            m.el("p").class("holder").inside(|m| m.holder(&suspect.holder));
        }
        for other in others_of_title(suspect) {
            m.el("p").class("holder").inside(|m| m.holder(other));
        }
        m.el("p").class("title").inside(|m| title(m, suspect));
        // What the headline says stands right above.
        let is_said = |activity: &&Text| report.verdict.sentences.contains(*activity);
        for activity in suspect.activity.iter().filter(|activity| !is_said(activity)) {
            m.el("p").class("title").words(activity);
        }
        if let Some(advice) = findings::advice(report, suspect).into_iter().next() {
            m.div("advice").inside(|m| {
                if !suspect.is_ordinary() {
                    m.el("p").class("label").message("html-change");
                }
                m.el("p").inside(|m| m.words(advice));
                // How to tell whether it leaks belongs to what is not known yet.
                if suspect.is_leak_if_it_grows() {
                    m.el("p").class("dim").message(COMPARE);
                }
            });
        }
        m.el("a").class("go").to(&anchor_of(suspect)).inside(|m| {
            m.message("html-details");
            m.span("vh").inside(|m| {
                m.text(", ");
                m.words(&rank(suspect));
            });
        });
    });
}

/// Who else holds it, where the title says that one alone frees nothing. Of many some.
fn others_of_title(suspect: &Suspect) -> impl Iterator<Item = &Holder> {
    const SOME: usize = 3;
    let is_shared = matches!(&suspect.title, Text::Message { id, .. } if matches!(&**id, "suspect-title-two" | "suspect-title-several"));
    let holders = suspect.holders.iter().map(|share| &share.holder);
    holders.filter(move |other| is_shared && **other != suspect.holder).take(SOME)
}

/// What a suspect is, without its holder, which stands above: titles that no rule gave name it once more.
fn title(m: &mut Markup, suspect: &Suspect) {
    match &suspect.title {
        Text::Message { id, args }
            if id.starts_with("suspect-title-") && !id.starts_with("suspect-title-threads") =>
        {
            m.span("n").text(&format!("{} × ", count(suspect.instances)));
            m.class_name(&suspect.class);
            // One object is nothing to look at; what it is full of is.
            if let (Some(Arg::Count(elements)), Some(Arg::Name(element))) =
                (args.get("count"), args.get("element"))
            {
                m.text(" · ");
                m.span("n").text(&format!("{} × ", count(*elements)));
                m.class_name(element);
            }
        }
        title => m.words(title),
    }
}

/// "Suspect 1".
pub(super) fn rank(suspect: &Suspect) -> Text {
    Text::with("html-suspect", [("rank", Arg::Count(suspect.rank.into()))])
}

/// A suspect's share, and what it is a share of.
pub(super) fn of_what(suspect: &Suspect) -> Text {
    let id = if suspect.kind == SuspectKind::Garbage { "html-of-garbage" } else { "html-of-heap" };
    Text::with(id, [("share", Arg::Share(suspect.share))])
}
