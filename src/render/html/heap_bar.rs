//! The heap as one bar: suspects by name, then the rest, then what is not really held.
//!
//! Owns the parts and their legend. Sizes stand in it, not shares: those of suspects are of the reachable heap, and the bar is of all
//! that is in the dump. Cost: linear in the suspects.

use super::markup::Markup;
use super::section::segment;
use super::values::{kind_class, ratio};
use super::verdict::{anchor_of, others_of_title};
use crate::render::text::bytes;
use crate::report::{Arg, Holder, HolderKind, Report, Suspect, SuspectKind, Text, Unreached};

/// Percents of the bar that have no room for a size, and such as have none on a phone.
const NARROW: f64 = 8.0;
const NARROW_ON_A_PHONE: f64 = 20.0;

/// A part of the bar: the class of its colour, its name, its bytes.
type Portion<'r> = (&'static str, Part<'r>, u64);

/// One bar for all that is in the dump.
pub(super) fn write(m: &mut Markup, report: &Report) {
    let heap = &report.heap;
    let whole = heap.shallow_bytes.saturating_add(heap.unreachable_bytes);
    if whole == 0 {
        return;
    }
    let mut parts = reachable(report);
    parts.extend(unreached(report));
    parts.retain(|(_, _, size)| *size > 0);
    m.el("figure").class("heap").inside(|m| {
        m.el("figcaption").inside(|m| {
            m.message("html-heap-picture");
            m.span("total").inside(|m| {
                m.size(heap.shallow_bytes);
                m.text(" ");
                m.message("html-reachable-total");
                m.span("objects").inside(|m| {
                    m.text(" · ");
                    m.words(&Text::with("objects-count", [("count", Arg::Count(heap.objects))]));
                });
                if let Some(limit) = heap.limit_bytes {
                    m.text(" · ");
                    let id = if heap.limit_is_estimate { "html-heap-limit-about" } else { "html-heap-limit" };
                    m.words(&Text::with(id, [("limit", Arg::Bytes(limit))]));
                }
            });
        });
        m.el("svg").class("bar tall").attr("aria-hidden", "true").inside(|m| {
            let mut at = 0.0;
            for (class, _, size) in &parts {
                let width = 100.0 * ratio(*size, whole);
                segment(m, at, width, class);
                if width > NARROW {
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
                            m.el("a").to(&anchor_of(suspect)).inside(|m| short_holders(m, suspect));
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

/// What is in use: suspects, the rest, and what weaker references keep, if that is as much as the terminal speaks of.
fn reachable(report: &Report) -> Vec<Portion<'_>> {
    let heap = &report.heap;
    let mut left = heap.shallow_bytes;
    let mut parts = Vec::new();
    for suspect in report.suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage).take(6) {
        // Suspects are disjoint when they come from the analyzer; a report from elsewhere must not overflow the bar.
        let size = suspect.retained_bytes.min(left);
        left -= size;
        parts.push((kind_class(suspect), Part::Suspect(suspect), size));
    }
    let is_much = |size: u64| u128::from(size) * 100 > u128::from(heap.shallow_bytes);
    let mut weaker = Vec::new();
    for (class, id, size) in [
        ("soft", "html-heap-soft", heap.soft.softly_bytes),
        ("final", "html-heap-finalizer", heap.soft.finalizer_bytes),
    ] {
        let size = if is_much(size) { size.min(left) } else { 0 };
        left -= size;
        weaker.push((class, Part::Message(id), size));
    }
    parts.push(("rest", Part::Message("html-heap-rest"), left));
    parts.extend(weaker);
    parts
}

/// What no root reaches: garbage only where nothing speaks against it.
fn unreached(report: &Report) -> Vec<Portion<'static>> {
    let all = report.heap.garbage_bytes();
    let maybe = |id, size| ("maybe", Part::Message(id), size);
    let garbage = |size| ("garbage", Part::Message("html-heap-unreachable"), size);
    let no_garbage = &report.heap.no_garbage;
    let mut parts = vec![
        ("soft", Part::Message("html-heap-reflection"), no_garbage.reflection_bytes),
        maybe("html-heap-fillers", no_garbage.filler_bytes),
    ];
    parts.extend(match report.unreached() {
        Unreached::Garbage => vec![garbage(all)],
        Unreached::ClassValues => {
            let held = report.heap.class_value_bytes.min(all);
            vec![maybe("html-heap-class-values", held), garbage(all - held)]
        }
        Unreached::UnmountedThreads => vec![maybe("html-heap-unmounted", all)],
        Unreached::RootsLost => vec![maybe("html-heap-roots-lost", all)],
    });
    parts
}

enum Part<'r> {
    Suspect(&'r Suspect),
    Message(&'static str),
}

/// All whom the title names. Fields of one class follow its name.
pub(super) fn short_holders(m: &mut Markup, suspect: &Suspect) {
    let mut before: Option<String> = None;
    for holder in [&suspect.holder].into_iter().chain(others_of_title(suspect)) {
        let (class, member) = short_holder(holder, &suspect.class);
        if before.is_some() {
            m.text(" + ");
        }
        m.el("code").name(&match member {
            Some(member) if before.as_deref() == Some(class) => member.to_owned(),
            Some(member) => format!("{class}.{member}"),
            None => class.to_owned(),
        });
        before = Some(class.to_owned());
    }
}

/// The holder by its last names only, for legends.
fn short_holder<'h>(holder: &'h Holder, otherwise: &'h str) -> (&'h str, Option<&'h str>) {
    let of_frame = holder.frame.as_ref().map(|frame| frame.class.as_str());
    // Of threads the method that they are in says more than their class.
    let class = if holder.kind == HolderKind::Thread { of_frame } else { None };
    let class = class.or(holder.class.as_deref()).or(of_frame);
    let (_, simple) = super::values::split_class(class.unwrap_or(otherwise));
    let member = holder.field.as_deref().or(holder.frame.as_ref().map(|frame| frame.method.as_str()));
    (simple, member)
}
