//! What the verdict says of memory outside of the heap, and what suspects say of it that have it.

use super::{suspect_args, told_with_holder};
use crate::inspect::holders::is_own_field;
use crate::inspect::off_heap;
use crate::query::{Origin, origin_of_name};
use crate::report::{
    Arg, DIRECT_MEMORY, Finding, Holder, Oom, Outside, OutsideKind, Pattern, Report, Severity, Suspect,
    SuspectKind, Text,
};

/// What is outside of the heap is the story where it is so many times as large as what the suspect retains on it.
const TIMES_THE_SUSPECT: u64 = 2;

/// Tells suspects what the things that they are about have outside of the heap, where that is far more than they retain, and how it is given back.
pub(in crate::inspect) fn tell_suspects(report: &mut Report) {
    if report.oom.as_ref().is_some_and(Oom::is_of_heap) {
        return;
    }
    // That its limit is near is told by itself.
    let is_near_limit = report.findings.iter().any(|finding| finding.id == DIRECT_MEMORY);
    let is_told = |outside: &&Outside| match outside.kind {
        OutsideKind::Mapped => false,
        OutsideKind::Direct => !is_near_limit,
        OutsideKind::Arena | OutsideKind::Native => true,
    };
    for outside in report.heap.outside.iter().filter(is_told) {
        let Some(suspect) = report.suspects.iter_mut().find(|suspect| has_it(suspect, outside)) else {
            continue;
        };
        suspect.activity.retain(|text| !text.is_message(NONE_IS_YOUNG));
        suspect.activity.insert(0, outside.words_alone());
        let told = report.findings.iter().find(|finding| is_about_outside(finding, outside));
        let mut advice = told.map_or_else(Vec::new, |finding| finding.advice.clone());
        // What only the collector gives back goes when they are let go of; what has to be closed does not.
        let is_closed =
            outside.kind == OutsideKind::Arena || outside.kind == OutsideKind::Native && !outside.is_estimate;
        for text in suspect.advice.iter_mut().filter(|_| is_closed) {
            if let Text::Message { id, .. } = text
                && let Some((_, closed)) = CLOSED.iter().find(|(done, _)| id == done)
            {
                (*closed).clone_into(id);
            }
        }
        advice.retain(|text| !suspect.advice.contains(text));
        let at = suspect
            .advice
            .iter()
            .take_while(|text| text.is_one_of(&CLOSED.map(|(_, closed)| closed)))
            .count();
        suspect.advice.splice(at..at, advice);
    }
}

/// That it grows slowly if it does, which is said of what is on the heap.
const NONE_IS_YOUNG: &str = "suspect-none-is-young";
/// What to do with things that are done with, and with such as have to be closed as well.
const CLOSED: [(&str, &str); 2] = [
    ("suspect-advice-done", "suspect-advice-done-close"),
    ("suspect-advice-done-if-it-grows", "suspect-advice-done-close-if-it-grows"),
];

/// Whether the things that a suspect is about have this, and it is far more than what they are on the heap.
fn has_it(suspect: &Suspect, outside: &Outside) -> bool {
    let is_its = |holder: &Holder| is_own_field(holder) && holder.label() == suspect.holder.label();
    suspect.kind == SuspectKind::Leak
        && !suspect.is_ordinary()
        && !suspect.cache
        && !matches!(suspect.pattern, Pattern::Threads | Pattern::EmptyCollection)
        && suspect.instances >= MANY
        && outside.bytes / TIMES_THE_SUSPECT >= suspect.retained_bytes
        && outside.holder.as_ref().is_some_and(is_its)
}

/// Fewer are not what has so much.
const MANY: u64 = 16;

/// Whether a suspect says of what it is about that it has this.
pub(super) fn is_told_with(outside: &Outside, suspect: &Suspect) -> bool {
    !suspect.backlog && suspect.activity.contains(&outside.words_alone())
}

/// What a suspect has outside of the heap and on it, in one sentence.
pub(super) fn told_with(report: &Report, suspect: &Suspect, outside: &Outside) -> Text {
    let what = match outside.kind {
        OutsideKind::Direct => "outside-what-direct",
        OutsideKind::Mapped => "outside-what-mapped",
        OutsideKind::Arena => "outside-what-arena",
        OutsideKind::Native => "outside-what-native",
    };
    let of_what = outside.class.as_ref().map(|class| ("class", Arg::name(class)));
    let what = Text::with(what, of_what.into_iter().chain([("count", Arg::Count(outside.count))]));
    let id =
        if suspect.is_leak_if_it_grows() { "verdict-outside-if-it-grows" } else { "verdict-outside-leak" };
    let mut args = suspect_args(report, suspect);
    args.extend([
        ("outside", Arg::Bytes(outside.bytes)),
        ("what", Arg::text(what)),
        ("estimates", Arg::Count(u64::from(outside.is_estimate))),
    ]);
    Text::with(id, args)
}

/// Whether what is outside of the heap comes first: nothing ran out, and what the first suspect holds may be data, or simply stays there, which is little beside it.
pub(super) fn is_what_happened(report: &Report, first: Option<&Suspect>) -> bool {
    let is_small_beside = |first: &Suspect| {
        first.is_leak_if_it_grows()
            || first.kind == SuspectKind::Leak && !first.backlog && first.pattern != Pattern::Threads
    };
    report.oom.is_none() && first.is_none_or(is_small_beside)
}

/// Whether it is what a library maps, as a broker does its log: that is the page cache's and runs out for nobody.
pub(super) fn is_mapped_by_library(outside: &Outside) -> bool {
    let class = outside.holder.as_ref().and_then(|holder| holder.class.as_deref());
    outside.kind == OutsideKind::Mapped && class.is_some_and(|class| origin_of_name(class) == Origin::Library)
}

/// What there is outside of the heap, if the heap is small beside it: whoever looks at the heap alone looks at the wrong place. What an error says is not
/// said twice. Beside a suspect, which is first told by what it has on the heap, it is much as well if a finding warns of it.
pub(super) fn much_outside<'r>(
    report: &'r Report,
    first: Option<&'r Suspect>,
) -> impl Iterator<Item = &'r Outside> {
    let is_told_of = move |outside: &Outside, severity: Severity| {
        let of_severity = move |finding: &&Finding| {
            // That its limit is near is told by itself.
            finding.severity == severity && (severity == Severity::Error || finding.id != DIRECT_MEMORY)
        };
        report.findings.iter().filter(of_severity).any(|finding| is_about_outside(finding, outside))
    };
    let is_much = move |outside: &Outside| {
        let is_larger = |first: &Suspect| outside.bytes / TIMES_THE_SUSPECT >= first.retained_bytes;
        is_much_beside(outside.bytes, report)
            || first.is_some_and(is_larger) && is_told_of(outside, Severity::Warning)
    };
    let all = report.heap.outside.iter();
    all.filter(move |outside| is_much(outside) && !is_told_of(outside, Severity::Error))
}

/// Whether the heap is small beside so many bytes outside of it.
fn is_much_beside(bytes: u64, report: &Report) -> bool {
    const LEAST_BYTES: u64 = 256 << 20;
    const TIMES_THE_HEAP: u64 = 2;
    bytes >= LEAST_BYTES && bytes / TIMES_THE_HEAP >= report.heap.shallow_bytes
}

/// Whether a finding is about memory of which a sentence says how much there is.
pub(super) fn is_told_as_outside(report: &Report, finding: &Finding) -> bool {
    much_outside(report, None).any(|outside| is_about_outside(finding, outside))
}

/// What compressors hold, which the heap does not show either, if it is small beside that.
pub(super) fn compressors(report: &Report) -> impl Iterator<Item = Text> {
    let of_compressors = |finding: &&Finding| finding.id == "off-heap.open-compressors";
    let is_much = |finding: &&Finding| is_much_beside(finding.bytes, report);
    report.findings.iter().filter(of_compressors).filter(is_much).map(told_with_holder)
}

/// Whether a finding is about what is outside of the heap in that kind of memory.
fn is_about_outside(finding: &Finding, outside: &Outside) -> bool {
    let class = match outside.kind {
        OutsideKind::Direct => Some(off_heap::DIRECT_BUFFER),
        OutsideKind::Arena => Some(off_heap::ARENA),
        OutsideKind::Native => outside.class.as_deref().filter(|_| finding.id == off_heap::NATIVE_MEMORY),
        _ => None,
    };
    class.is_some() && finding.class.as_deref() == class
}
