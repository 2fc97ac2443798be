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
    Arg, Finding, Holder, HolderKind, OF_SEVERAL, Oom, OomRole, Report, SHARED, Severity, Suspect,
    SuspectKind, THROWN_EARLIER, Text,
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
    let is_it = |id: &str| id.starts_with("oom-thrown");
    is_it(id) || title.is_some_and(|title| matches!(title, Text::Message { id, .. } if is_it(id)))
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
    // What is said of the error stands in its panel.
    let is_of_panel = |sentence: &Text| report.oom.is_some() && is_about_oom(sentence);
    let is_shown = |sentence: &&Text| {
        !stands_below(report, sentence) && !is_of_panel(sentence) && !is_same_error(report, sentence)
    };
    for sentence in shown.filter(is_shown) {
        m.el("p").class("lead").words(sentence);
    }
}

/// Whether all that a sentence says stands below as the title of a card.
fn stands_below(report: &Report, sentence: &Text) -> bool {
    let has_title = |(_, finding): &(usize, &Finding)| sentence.is_or_has(&finding.title);
    sentence.is_message("verdict-finding") && shown_failures(report).iter().any(has_title)
}

/// Whether a sentence only says that the error of the dump was thrown at the same place before.
fn is_same_error(report: &Report, sentence: &Text) -> bool {
    let site = report.oom.as_ref().and_then(|oom| oom.site.as_ref()).map(ToString::to_string);
    let says = |site: &String| Language::En.text(sentence).contains(&**site);
    is_about_another(sentence) && site.is_some_and(|site| says(&site))
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

/// The error: what the verdict says of it, the way to the stack of its thread, and why. What the headline says is not said again.
fn thrown(m: &mut Markup, report: &Report, oom: &Oom) {
    let place = report.threads().find(|view| view.threw_oom && Some(&view.name) == oom.thread.as_ref());
    let said: Vec<&Text> = sentences(report).into_iter().filter(|sentence| is_about_oom(sentence)).collect();
    let is_headline = sentences(report).first().is_some_and(|first| is_about_oom(first));
    let place_of_thread = place.map(threads::anchor_of);
    m.div("oom").inside(|m| {
        for sentence in said.iter().skip(usize::from(is_headline)) {
            m.el("p").class("lead").words(sentence);
        }
        kind_of_error(m, oom, said.is_empty());
        m.el("dl").inside(|m| of_thread(m, report, oom, place_of_thread.as_deref()));
        if let (Some(place), false) = (&place_of_thread, said.is_empty()) {
            m.el("a").class("to-stack").to(place).message("html-oom-stack");
        }
        if !oom.evidence.is_empty() {
            // Where nobody who holds memory is to blame and no finding has a card, this is all that there is to read.
            let is_all =
                report.suspects.iter().all(Suspect::is_ordinary) && shown_failures(report).is_empty();
            m.el("details").flag_if(is_all, "open").inside(|m| {
                m.el("summary").inside(|m| m.message("html-why"));
                m.el("ul").class("plain").inside(|m| {
                    for evidence in &oom.evidence {
                        m.el("li").inside(|m| m.words(evidence));
                    }
                });
            });
        }
        if !said.is_empty() {
            m.explain("culprit-victim");
        }
    });
}

/// Of what there was too little, where no sentence says that, and what the error itself said if that is more.
fn kind_of_error(m: &mut Markup, oom: &Oom, is_untold: bool) {
    let kind = oom.kind_message();
    let message = oom.message.as_ref().filter(|message| **message != Language::En.message(&kind));
    if !is_untold && message.is_none() {
        return;
    }
    m.el("p").class("oom-head").inside(|m| {
        m.el("b").text("OutOfMemoryError");
        if is_untold {
            m.text(" ");
            m.message(&kind);
        }
        if let Some(message) = message {
            m.text(" ");
            m.el("code").name(message);
        }
    });
}

/// What no sentence and no card says of the thread that threw and of who is to blame.
fn of_thread(m: &mut Markup, report: &Report, oom: &Oom, place: Option<&str>) {
    let mut row = |term: &str, value: &dyn Fn(&mut Markup)| {
        m.el("div").inside(|m| {
            m.el("dt").inside(|m| m.message(term));
            m.el("dd").inside(value);
        });
    };
    if let Some(thread) = oom.thread.as_ref().filter(|_| !is_said_of_error(report, "thread")) {
        row("html-oom-thread", &|m| {
            match place {
                Some(place) => m.el("a").to(place).inside(|m| m.el("code").name(thread)),
                None => m.el("code").name(thread),
            }
            m.text(" ");
            m.el("span").attr("class", role_class(oom.role)).inside(|m| m.message(oom.role_message()));
            m.explain("culprit-victim");
        });
    }
    if oom.thread.is_some() && !is_said_of_error(report, "size") {
        row("html-oom-held", &|m| m.size(oom.thread_retained_bytes));
    }
    if let Some(site) = oom.site.as_ref().filter(|_| !is_said_of_error(report, "site")) {
        row("html-oom-site", &|m| m.frame(site));
    }
    // Whoever has a card, or is named by a sentence, is known.
    let is_named = |culprit: &&Holder| {
        let says = |sentence: &Text| Language::En.text(sentence).contains(&culprit.label());
        report.verdict.sentences.iter().any(says)
            || shown_suspects(report).iter().any(|suspect| suspect.holder == **culprit)
    };
    if let Some(culprit) = oom.culprit.as_ref().filter(|culprit| !is_named(culprit)) {
        // Whom nothing proves to be to blame the page does not call so.
        let is_clear = oom.role != OomRole::Unknown;
        row(if is_clear { "html-oom-culprit" } else { "html-held-by" }, &|m| m.holder(culprit));
    }
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

/// The suspects that have a card. Beside what is wrong, what is merely the largest would only distract.
fn shown_suspects(report: &Report) -> Vec<&Suspect> {
    let failures = shown_failures(report).len();
    let is_wanted = |suspect: &&Suspect| failures == 0 || !suspect.is_ordinary();
    report.suspects.iter().filter(is_wanted).take(CARDS - failures).collect()
}

/// What is wrong and no suspect tells of has its card too.
fn cards(m: &mut Markup, report: &Report) {
    let failures = shown_failures(report);
    let suspects = shown_suspects(report);
    if failures.is_empty() && suspects.is_empty() {
        if !report.verdict.healthy {
            m.el("p").class("calm").message("html-suspects-none");
        }
        return;
    }
    let is_one = failures.len() + suspects.len() == 1;
    m.div(if is_one { "cards one" } else { "cards" }).inside(|m| {
        let write_failures = |m: &mut Markup, said: &mut Said| {
            for &(place, finding) in &failures {
                failure_card(m, report, place, finding, said);
            }
        };
        // In the order of the headline.
        let failure_first = is_failure_first(report, &failures);
        let mut said = Said::default();
        if failure_first {
            write_failures(m, &mut said);
        }
        suspects.iter().for_each(|suspect| card(m, report, suspect, &mut said));
        if !failure_first {
            write_failures(m, &mut said);
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

/// What the cards before this one have advised: nothing is said twice beside each other.
#[derive(Default)]
struct Said(Vec<Text>);

impl Said {
    /// Whether this is new, which it is no more afterwards.
    fn is_new(&mut self, text: &Text) -> bool {
        let is_new = !self.0.contains(text);
        if is_new {
            self.0.push(text.clone());
        }
        is_new
    }

    /// An advice, or that it is the one that was given before.
    fn write(&mut self, m: &mut Markup, advice: &Text) {
        if self.is_new(advice) {
            m.el("p").words(advice);
        } else {
            m.el("p").class("dim").message("html-change-same");
        }
    }
}

/// A finding that explains an outage, and what to do.
fn failure_card(m: &mut Markup, report: &Report, place: usize, finding: &Finding, said: &mut Said) {
    // What the headline says the card need not say again; it has its proof.
    let is_headline = sentences(report).first().is_some_and(|first| first.is_or_has(&finding.title));
    let proof = if is_headline { &finding.evidence[..finding.evidence.len().min(PROOF)] } else { &[] };
    let class = if finding.severity == Severity::Error { "card error" } else { "card load" };
    let advice = finding.advice.first();
    m.el("article").class(class).inside(|m| {
        m.el("header").inside(|m| m.severity_badge(finding.severity));
        m.div("body").inside(|m| {
            if !is_headline {
                m.el("p").class("title strong").words(&finding.title);
            }
            if let Some(advice) = advice {
                m.div("advice").inside(|m| {
                    m.el("p").class("label").message("html-change");
                    said.write(m, advice);
                });
            }
            if !proof.is_empty() {
                m.div("proof").inside(|m| list(m, "p", "html-why", "plain", proof.iter()));
            }
        });
        m.el("a").class("go").to(&format!("finding-{}", place + 1)).inside(|m| {
            let is_untold = proof.is_empty() && !finding.evidence.is_empty();
            m.message(if is_untold { "html-why" } else { "html-finding-details" });
            m.span("vh").inside(|m| {
                m.text(", ");
                m.words(&finding.title);
            });
        });
    });
}

fn card(m: &mut Markup, report: &Report, suspect: &Suspect, said: &mut Said) {
    m.el("article").attr("class", format_args!("card {}", kind_class(suspect))).inside(|m| {
        m.el("header").inside(|m| {
            m.kind_badge(suspect);
            m.el("p").class("figure").inside(|m| {
                m.size(suspect.retained_bytes);
                m.span("of").words(&of_what(report, suspect));
            });
            if !suspect.is_ordinary() {
                m.holder_confidence(suspect);
            }
        });
        m.gauge(suspect.share);
        m.div("body").inside(|m| {
            m.div("who").inside(|m| who(m, report, suspect));
            change(m, report, suspect, said);
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
    let is_told = suspect.holder.kind != HolderKind::Nobody && !names_holder(suspect);
    m.holders(Some(&suspect.holder).filter(|_| is_told).into_iter().chain(others_of_title(suspect)));
    m.el("p").class("title").inside(|m| title(m, suspect));
    // What the headline says stands right above.
    let is_said = |activity: &&Text| report.verdict.sentences.contains(*activity);
    for activity in suspect.activity.iter().filter(|activity| !is_said(activity)) {
        m.el("p").class("title").words(activity);
    }
}

/// The first thing to change; of what several hold, also that all have to let go.
fn change(m: &mut Markup, report: &Report, suspect: &Suspect, said: &mut Said) {
    let mut all = findings::advice(report, suspect);
    // How to tell whether it leaks belongs to what is not known yet.
    let unproven = suspect.unproven();
    all.retain(|&text| Some(text) != unproven);
    let is_shared = others_of_title(suspect).next().is_some();
    let shared = all.iter().skip(1).filter(|text| is_shared && text.is_one_of(&SHARED));
    let shown: Vec<&Text> = all.first().into_iter().chain(shared).copied().collect();
    let open = unproven.filter(|text| suspect.is_leak_if_it_grows() && said.is_new(text));
    if shown.is_empty() && open.is_none() {
        return;
    }
    m.div("advice").inside(|m| {
        if let Some(text) = open {
            m.el("p").class("dim").words(text);
        }
        if !suspect.is_ordinary() && !shown.is_empty() {
            m.el("p").class("label").message("html-change");
        }
        for advice in shown {
            // That nothing is wrong is said of each that it is true of.
            if suspect.is_ordinary() {
                m.el("p").words(advice);
            } else {
                said.write(m, advice);
            }
        }
    });
}

/// Who else holds it, where the title says that one alone frees nothing. Of many some.
pub(super) fn others_of_title(suspect: &Suspect) -> impl Iterator<Item = &Holder> {
    const SOME: usize = 3;
    let is_shared = suspect.title.is_one_of(&OF_SEVERAL);
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
pub(super) fn of_what(report: &Report, suspect: &Suspect) -> Text {
    let id = if suspect.kind == SuspectKind::Garbage { "html-of-garbage" } else { "html-of-heap" };
    Text::with(id, [report.heap.whole(), ("share", Arg::Share(suspect.share))])
}
