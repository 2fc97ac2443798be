//! The first screen: what happened, the heap as a picture, the suspects as cards, the OutOfMemoryError.

use super::composition;
use super::findings;
use super::heap_bar;
use super::markup::Markup;
use super::suspects::list;
use super::threads;
use super::values::kind_class;
use crate::render::text::{Language, count};
use crate::report::{
    Arg, COMPARE, Finding, Holder, HolderKind, Oom, OomRole, Report, SHARED, Severity, Suspect, SuspectKind,
    THROWN_EARLIER, Text,
};

/// Suspects that get a card here; the others are in their section.
const CARDS: usize = 3;

/// Lines that prove a finding in its card.
const PROOF: usize = 3;

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
                heap_bar::write(m, report);
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

/// The sentences of the verdict, the headline first: what fills the heap if the thread that threw is only the victim, as it is more often than not.
fn sentences(report: &Report) -> Vec<&Text> {
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
    sentences
}

fn headline(m: &mut Markup, report: &Report) {
    let mut shown = sentences(report).into_iter();
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
    for sentence in shown.filter(|sentence| !stands_below(report, sentence)) {
        m.el("p").class("lead").words(sentence);
    }
}

/// Whether all that a sentence says stands below as the title of a card.
fn stands_below(report: &Report, sentence: &Text) -> bool {
    let has_title = |(_, finding): &(usize, &Finding)| sentence.is_or_has(&finding.title);
    sentence.is_message("verdict-finding") && shown_failures(report).iter().any(has_title)
}

/// Whether the sentence about the error says this, so that the panel need not.
fn is_said_of_error(report: &Report, what: &str) -> bool {
    let says = |sentence: &&Text| matches!(sentence, Text::Message { args, .. } if args.contains_key(what));
    report.verdict.sentences.iter().filter(|sentence| is_about_oom(sentence)).any(|sentence| says(&sentence))
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
                if !is_said_of_error(report, "size") {
                    row("html-oom-held", &|m| m.size(oom.thread_retained_bytes));
                }
            }
            if let Some(site) = oom.site.as_ref().filter(|_| !is_said_of_error(report, "site")) {
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

/// The id of a suspect's place in the page.
pub(super) fn anchor_of(suspect: &Suspect) -> String {
    format!("suspect-{}", suspect.rank)
}

/// The findings that have a card.
fn shown_failures(report: &Report) -> Vec<(usize, &Finding)> {
    let mut failures = findings::untold_failures(report);
    failures.truncate(CARDS - 1);
    failures
}

/// What is wrong and no suspect tells of has its card too; beside it what is merely the largest would only distract.
fn cards(m: &mut Markup, report: &Report) {
    let failures = shown_failures(report);
    let is_wanted = |suspect: &&Suspect| failures.is_empty() || !suspect.is_ordinary();
    let suspects: Vec<&Suspect> =
        report.suspects.iter().filter(is_wanted).take(CARDS - failures.len()).collect();
    if failures.is_empty() && suspects.is_empty() {
        if !report.verdict.healthy {
            m.el("p").class("calm").message("html-suspects-none");
        }
        return;
    }
    let is_one = failures.len() + suspects.len() == 1;
    m.div(if is_one { "cards one" } else { "cards" }).inside(|m| {
        let write_failures = |m: &mut Markup| {
            for &(place, finding) in &failures {
                failure_card(m, report, place, finding, is_one);
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
fn failure_card(m: &mut Markup, report: &Report, place: usize, finding: &Finding, is_alone: bool) {
    // What the headline says has its proof in the card, and alone below it the card need not say it again.
    let is_headline = sentences(report).first().is_some_and(|first| first.is_or_has(&finding.title));
    let proof = if is_headline { &finding.evidence[..finding.evidence.len().min(PROOF)] } else { &[] };
    let class = if finding.severity == Severity::Error { "card error" } else { "card load" };
    m.el("article").class(class).inside(|m| {
        m.el("header").inside(|m| m.severity_badge(finding.severity));
        m.div("body").inside(|m| {
            if proof.is_empty() || !is_alone {
                m.el("p").class("title strong").words(&finding.title);
            }
            if let Some(advice) = finding.advice.first() {
                m.div("advice").inside(|m| {
                    m.el("p").class("label").message("html-change");
                    m.el("p").words(advice);
                });
            }
            if !proof.is_empty() {
                m.div("proof").inside(|m| list(m, "p", "html-why", "plain", proof.iter()));
            }
        });
        m.el("a").class("go").to(&format!("finding-{}", place + 1)).inside(|m| {
            m.message(if proof.is_empty() { "html-why" } else { "html-finding-details" });
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
            m.el("p").class("figure").inside(|m| {
                m.size(suspect.retained_bytes);
                m.span("of").words(&of_what(suspect));
            });
            if !suspect.is_ordinary() {
                m.holder_confidence(suspect);
            }
        });
        m.gauge(suspect.share);
        m.div("body").inside(|m| {
            m.div("who").inside(|m| who(m, report, suspect));
            change(m, report, suspect);
        });
        m.el("a").class("go").to(&anchor_of(suspect)).inside(|m| {
            m.message("html-details");
            m.span("vh").inside(|m| {
                m.text(", ");
                m.words(&rank(suspect));
            });
        });
    });
}

/// Who holds what.
fn who(m: &mut Markup, report: &Report, suspect: &Suspect) {
    if suspect.holder.kind != HolderKind::Nobody && !names_holder(suspect) {
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
}

/// The first thing to change; of what several hold, also that all have to let go.
fn change(m: &mut Markup, report: &Report, suspect: &Suspect) {
    let all = findings::advice(report, suspect);
    let is_shared = others_of_title(suspect).next().is_some();
    let shared = all.iter().skip(1).filter(|text| is_shared && text.is_one_of(&SHARED));
    let shown: Vec<&Text> = all.first().into_iter().chain(shared).copied().collect();
    if shown.is_empty() {
        return;
    }
    m.div("advice").inside(|m| {
        if !suspect.is_ordinary() {
            m.el("p").class("label").message("html-change");
        }
        for advice in shown {
            m.el("p").inside(|m| m.words(advice));
        }
        // How to tell whether it leaks belongs to what is not known yet.
        if suspect.is_leak_if_it_grows() {
            m.el("p").class("dim").message(COMPARE);
        }
    });
}

/// Who else holds it, where the title says that one alone frees nothing. Of many some.
pub(super) fn others_of_title(suspect: &Suspect) -> impl Iterator<Item = &Holder> {
    const SOME: usize = 3;
    let is_shared = matches!(&suspect.title, Text::Message { id, .. } if matches!(&**id, "suspect-title-two" | "suspect-title-several"));
    let holders = suspect.holders.iter().map(|share| &share.holder);
    holders.filter(move |other| is_shared && **other != suspect.holder).take(SOME)
}

/// Whether the title as it stands in a card says itself who holds it: threads hold what they have in hand.
fn names_holder(suspect: &Suspect) -> bool {
    matches!(&suspect.title, Text::Message { id, .. } if id.starts_with("suspect-title-threads"))
}

/// What a suspect is, without its holder, which stands above: titles that no rule gave name it once more.
fn title(m: &mut Markup, suspect: &Suspect) {
    match &suspect.title {
        Text::Message { id, args } if id.starts_with("suspect-title-") && !names_holder(suspect) => {
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
