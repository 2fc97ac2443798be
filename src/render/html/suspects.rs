//! Each suspect in full: what it is, the chain of objects that keeps it alive, what it is made of, what to change.

use super::findings;
use super::markup::Markup;
use super::paths;
use super::section::bars;
use super::threads;
use super::values::{innermost, kind_class};
use super::verdict::{anchor_of, of_what, others_of_title, rank};
use crate::render::text::root_kind;
use crate::report::{Arg, HolderKind, LOCAL, PathStep, Pattern, Report, Suspect, Text};

/// Steps of a path that are shown at its beginning and at its end; those between are folded.
const FIRST_STEPS: usize = 4;
const LAST_STEPS: usize = 5;

/// All suspects.
pub(super) fn write(m: &mut Markup, report: &Report) {
    if report.suspects.is_empty() {
        let class = if report.verdict.healthy { "calm good" } else { "calm" };
        m.el("p").class(class).message("html-suspects-none");
    }
    for suspect in &report.suspects {
        m.el("article")
            .attr("class", format_args!("suspect {}", kind_class(suspect)))
            .attr("id", anchor_of(suspect))
            .inside(|m| one(m, report, suspect));
    }
}

fn one(m: &mut Markup, report: &Report, suspect: &Suspect) {
    m.el("header").inside(|m| {
        m.el("h3").inside(|m| {
            m.el("a").class("rank").to(&anchor_of(suspect)).words(&rank(suspect));
            m.text(" ");
            m.words(&suspect.title);
        });
        m.el("p").class("line").inside(|m| {
            m.kind_badge(suspect);
            m.explain("leak-load-garbage");
            m.el("b").inside(|m| m.size(suspect.retained_bytes));
            m.explain("retained-size");
            m.span("").words(&of_what(report, suspect));
            if !suspect.is_ordinary() {
                m.holder_confidence(suspect);
            }
            m.span("dim").inside(|m| m.message(pattern(suspect.pattern)));
        });
    });
    for activity in &suspect.activity {
        m.el("p").words(activity);
    }
    m.div("columns").inside(|m| {
        m.div("").inside(|m| {
            if suspect.holder.kind != HolderKind::Nobody {
                m.el("h4").inside(|m| {
                    m.message("html-held-by");
                    m.explain("holder");
                });
                m.holders([&suspect.holder].into_iter().chain(others_of_title(suspect)));
            }
            change(m, report, suspect);
            list(m, "h4", "html-why", "plain", suspect.evidence.iter());
            composition(m, suspect);
        });
        m.div("").inside(|m| {
            chain(m, report, suspect);
            holders(m, suspect);
        });
    });
    if let Some(graph) = &suspect.path_graph {
        paths::ways(m, &paths::anchor_of(suspect.rank), graph);
    }
    if let Some(rank) = suspect.path_graph_of {
        paths::same(m, rank);
    }
    m.el("p").class("ids").inside(|m| {
        let known = findings::explaining(report, suspect);
        if let Some(rule) = suspect.rule.as_ref().or(known.map(|(_, finding)| &finding.id)) {
            m.message("html-rule");
            m.text(" ");
            match known {
                Some((i, _)) => {
                    m.el("a").to(&format!("finding-{}", i + 1)).inside(|m| m.el("code").name(rule))
                }
                None => m.el("code").name(rule),
            }
            m.text(" · ");
        }
        m.message("html-fingerprint");
        m.text(" ");
        m.el("code").name(&suspect.fingerprint.0);
    });
}

/// What to change; how to tell whether it leaks is nothing to change.
fn change(m: &mut Markup, report: &Report, suspect: &Suspect) {
    let mut advice = findings::advice(report, suspect);
    let unproven = suspect.unproven();
    advice.retain(|&text| Some(text) != unproven);
    if let Some(text) = unproven {
        m.el("p").class("dim unproven").words(text);
    }
    list(m, "h4", "html-change", "advice", advice.into_iter());
}

fn composition(m: &mut Markup, suspect: &Suspect) {
    if suspect.composition.is_empty() {
        return;
    }
    m.el("h4").inside(|m| m.message("html-suspect-made-of"));
    let rows = suspect.composition.iter();
    bars(m, rows.map(|row| (row.class.as_str(), row.instances, row.bytes)), suspect.retained_bytes);
}

/// Who else holds it, and what representative objects say.
fn holders(m: &mut Markup, suspect: &Suspect) {
    let is_estimated = suspect.together_bytes == 0;
    if suspect.holders.len() > usize::from(!is_estimated) {
        m.el("h4").inside(|m| m.message(if is_estimated { "html-holders-others" } else { "html-holders" }));
        m.el("ul").class("holders").inside(|m| {
            let about = if is_estimated { "html-holds-about" } else { "html-alone" };
            m.el("li").class("dim").inside(|m| m.message(about));
            for other in &suspect.holders {
                m.el("li").inside(|m| {
                    m.span("holder").inside(|m| m.holder(&other.holder));
                    m.size(other.alone_bytes);
                });
            }
            if !is_estimated {
                m.el("li").class("all").inside(|m| {
                    m.message("html-together");
                    m.size(suspect.together_bytes);
                });
            }
        });
    }
    if !suspect.examples.is_empty() {
        m.el("h4").inside(|m| m.message("html-examples"));
        m.el("ul").class("plain values").inside(|m| {
            for example in &suspect.examples {
                match example {
                    Text::Values { .. } => item(m, example),
                    _ => m.el("li").inside(|m| m.el("code").words(example)),
                }
            }
        });
    }
}

/// A heading with a list below it, if there is anything to list.
pub(super) fn list<'t>(
    m: &mut Markup,
    level: &'static str,
    heading: &'static str,
    class: &'static str,
    texts: impl ExactSizeIterator<Item = &'t Text>,
) {
    if texts.len() == 0 {
        return;
    }
    m.el(level).class("label").message(heading);
    m.el("ul").class(class).inside(|m| {
        texts.for_each(|text| item(m, text));
    });
}

/// An item of a list: words, or the values of an object.
fn item(m: &mut Markup, text: &Text) {
    match text {
        Text::Values { values, share } => {
            m.el("li").class("of-values").inside(|m| m.named_values(values, *share));
        }
        words => m.el("li").inside(|m| m.words(words)),
    }
}

/// The path from the root as a chain of boxes; the fields stand on the links between them.
fn chain(m: &mut Markup, report: &Report, suspect: &Suspect) {
    if suspect.path.is_empty() {
        return;
    }
    let steps = &suspect.path;
    let fold = steps.len() > FIRST_STEPS + LAST_STEPS + 1;
    let (first, last) =
        if fold { (FIRST_STEPS, steps.len() - LAST_STEPS) } else { (steps.len(), steps.len()) };
    // The way to one object stands for the ways to all that are like it.
    let is_example = suspect.pattern == Pattern::Repeated && suspect.instances > 1;
    m.el("h4").inside(|m| {
        m.message(if is_example { "html-path-example" } else { "html-path" });
        m.explain("path");
    });
    let alone = if is_example { Vec::new() } else { alone(suspect) };
    m.el("ol").class("chain").inside(|m| {
        m.el("li").class("root").inside(|m| {
            m.div("box").inside(|m| {
                m.span("").inside(|m| {
                    m.message("html-path-from");
                    if let Some(root) = &suspect.root {
                        m.text(" · ");
                        m.words(&with_short_loader(root_kind(root)));
                    }
                    // A path that begins with a thread says which.
                    let first = steps[0].address;
                    if let Some(thread) = report.threads().find(|thread| thread.address == first) {
                        m.text(" ");
                        let place = threads::anchor_of(thread);
                        m.el("a").to(&place).inside(|m| m.code(&thread.name));
                    }
                });
            });
        });
        let link = |m: &mut Markup, step: &PathStep| link(m, step, suspect, alone.contains(&step.address));
        steps[..first].iter().for_each(|step| link(m, step));
        if fold {
            m.el("li").class("fold").inside(|m| {
                m.el("details").inside(|m| {
                    let between = Arg::Count((last - first) as u64);
                    m.el("summary").inside(|m| m.words(&Text::with("html-path-more", [("count", between)])));
                    m.el("ol").class("chain").inside(|m| {
                        steps[first..last].iter().for_each(|step| link(m, step));
                    });
                });
            });
            steps[last..].iter().for_each(|step| link(m, step));
        }
    });
    if !alone.is_empty() {
        m.el("p").class("dim small").message("html-path-alone-about");
    }
}

/// Of the loader of a class that is a root the package tells nothing.
fn with_short_loader(mut root: Text) -> Text {
    if let Text::Message { args, .. } = &mut root
        && let Some(Arg::Name(loader)) = args.get_mut("loader")
    {
        *loader = innermost(loader).to_owned();
    }
    root
}

/// The addresses of steps that retain far less than the suspect, because other ways lead to the same memory. What follows the
/// accumulation point is one element of many and has no need of an explanation.
fn alone(suspect: &Suspect) -> Vec<u64> {
    let point = suspect.accumulation_point.as_ref().map(|point| point.address);
    let steps = &suspect.path;
    let end = steps.iter().position(|step| Some(step.address) == point).map_or(steps.len(), |at| at + 1);
    let is_small =
        |step: &&PathStep| step.retained_bytes > 0 && step.retained_bytes < suspect.retained_bytes / 2;
    steps[..end].iter().filter(is_small).map(|step| step.address).collect()
}

fn link(m: &mut Markup, step: &PathStep, suspect: &Suspect, is_alone: bool) {
    let here = suspect.accumulation_point.as_ref().filter(|point| point.address == step.address);
    m.el("li").class_if(if here.is_some() { "here" } else { "" }).inside(|m| {
        m.div("box").inside(|m| {
            m.class_name(&step.class);
            // Where other ways lead past it the figure is none of the suspect's.
            if step.retained_bytes > 0 && (is_alone || !step.bypassed) {
                m.span("n").inside(|m| {
                    if is_alone {
                        let size = Arg::Bytes(step.retained_bytes);
                        m.words(&Text::with("html-path-size-alone", [("size", size)]));
                    } else {
                        m.size(step.retained_bytes);
                    }
                });
            }
            if let Some(point) = here {
                m.span("mark").inside(|m| {
                    m.message("html-path-here");
                    if point.elements > 0 {
                        m.text(" · ");
                        m.words(&Text::with("elements-count", [("count", Arg::Count(point.elements))]));
                    }
                    m.explain("accumulation-point");
                });
            }
        });
        if let Some(field) = &step.field {
            m.span("via").inside(|m| match field.strip_prefix(LOCAL) {
                Some(frame) => {
                    m.span("hk").message("holder-stack-local");
                    m.text(" ");
                    m.dotted(frame);
                }
                None => m.fields(field, Markup::name),
            });
        }
    });
}

fn pattern(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Collection => "pattern-collection",
        Pattern::Repeated => "pattern-repeated",
        Pattern::BigObject => "pattern-big-object",
        Pattern::EmptyCollection => "pattern-empty-collection",
        Pattern::ClassLoader => "pattern-class-loader",
        Pattern::OffHeap => "pattern-off-heap",
        Pattern::Threads => "pattern-threads",
    }
}
