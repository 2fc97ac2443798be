//! What the verdict says of what no root reaches, or finalizers alone.

use super::{MOST_OF_HEAP, suspect_args};
use crate::inspect::context::GARBAGE_WAITS;
use crate::report::{Arg, Finalizable, GarbageOf, NoGarbage, Oom, Report, Suspect, SuspectKind, Text};

pub(super) fn is_garbage(suspect: &Suspect) -> bool {
    suspect.kind == SuspectKind::Garbage
}

/// The bytes of the whole dump, with what is unreachable.
pub(super) fn all_bytes(report: &Report) -> u64 {
    report.heap.shallow_bytes + report.heap.unreachable_bytes
}

/// Whether most of the dump is garbage, and what is held in it is little and perhaps meant to be there.
pub(super) fn is_beside_garbage(report: &Report, kept: &[&Suspect]) -> bool {
    const LITTLE: f64 = 0.1;
    let all = all_bytes(report) as f64;
    let is_little =
        |first: &&Suspect| first.is_leak_if_it_grows() && (first.retained_bytes as f64) < LITTLE * all;
    report.oom.is_none()
        && report.heap.garbage_bytes() as f64 >= MOST_OF_HEAP * all
        && kept.first().is_some_and(is_little)
}

/// Whether most of a dump that was written because the heap was full is garbage: the collector had left none when the error was thrown, so somebody has
/// let go of it since.
pub(super) fn is_let_go(report: &Report) -> bool {
    let is_of_heap = |oom: &Oom| matches!(&*oom.kind, "java-heap-space" | "gc-overhead-limit");
    report.oom.as_ref().is_some_and(is_of_heap)
        && report.heap.garbage_bytes() as f64 >= MOST_OF_HEAP * all_bytes(report) as f64
}

/// Whether there is room in the heap, so that the garbage only waits for the next collection.
fn is_waiting(report: &Report) -> bool {
    let taken = report.heap.limit_bytes.map(|limit| all_bytes(report) as f64 / limit as f64);
    taken.is_some_and(|taken| taken < GARBAGE_WAITS)
}

/// What is said of the unreachable part, if it is large.
pub(super) fn unreached(report: &Report) -> Vec<Text> {
    let heap = &report.heap;
    if !heap.is_much_unreachable() {
        return no_garbage(report);
    }
    let roots_lost = report.dump.has_lost_holders();
    let share = heap.garbage_bytes() as f64 / all_bytes(report) as f64;
    let args = [
        ("size", Arg::Bytes(heap.garbage_bytes())),
        ("share", Arg::Share(share)),
        ("threads", Arg::Count(heap.unmounted_threads)),
        ("held", Arg::Bytes(heap.class_value_bytes)),
    ];
    let by_class_values = heap.class_value_bytes > 0 && !roots_lost;
    let id = if roots_lost {
        "verdict-roots-lost"
    } else if heap.unmounted_threads > 0 {
        "verdict-unmounted"
    } else if by_class_values {
        "verdict-class-values"
    } else if is_let_go(report) {
        "verdict-garbage-let-go"
    } else {
        "verdict-garbage"
    };
    let mut sentences = vec![Text::with(id, args.clone())];
    if id == "verdict-unmounted" && by_class_values {
        sentences.push(Text::with("verdict-class-values-too", args));
    }
    if let Some(garbage) = report.suspects.iter().find(|suspect| is_garbage(suspect)) {
        let is_unmounted = heap.unmounted_threads > 0 && !roots_lost;
        // How fast it was made no dump tells; only a rule knows that there is too much of it.
        let is_known = garbage.rule.is_some();
        let is_told_apart = is_unmounted || by_class_values || is_let_go(report);
        let id = if is_told_apart || !is_known || is_waiting(report) {
            "verdict-unmounted-made-of"
        } else if garbage.share > 0.5 {
            "verdict-garbage-made-of"
        } else {
            "verdict-garbage-partly"
        };
        sentences.push(Text::with(id, suspect_args(report, garbage)));
    } else if let Some(garbage) = heap
        .garbage
        .as_ref()
        .filter(|_| matches!(id, "verdict-garbage" | "verdict-roots-lost") && share > 0.5)
    {
        let share = garbage.bytes as f64 / heap.garbage_bytes() as f64;
        let args = [
            ("count", Arg::Count(garbage.count)),
            ("class", Arg::name(&garbage.class)),
            ("share", Arg::Share(share)),
        ];
        let id = if garbage.class.ends_with("[]") {
            "verdict-garbage-arrays"
        } else if share < GarbageOf::MOST {
            "verdict-garbage-among"
        } else {
            "verdict-garbage-of"
        };
        sentences.push(Text::with(id, args));
    }
    sentences.extend(no_garbage(report));
    sentences
}

/// What is said of what no root reaches and is yet no garbage, where it is so much that whoever looks at all of the dump would wonder.
fn no_garbage(report: &Report) -> Vec<Text> {
    const MUCH: f64 = 0.1;
    let heap = &report.heap;
    let much = |id: &str, count: u64, size: u64| {
        let is_much = size as f64 >= MUCH * all_bytes(report) as f64;
        let share = size as f64 / all_bytes(report).max(1) as f64;
        let args = [("count", Arg::Count(count)), ("size", Arg::Bytes(size)), ("share", Arg::Share(share))];
        is_much.then(|| Text::with(id, args))
    };
    let NoGarbage { filler_objects, filler_bytes, reflection_objects, reflection_bytes } = heap.no_garbage;
    let of_reflection = much("verdict-no-garbage-reflection", reflection_objects, reflection_bytes);
    of_reflection
        .into_iter()
        .chain(much("verdict-no-garbage-fillers", filler_objects, filler_bytes))
        .collect()
}

/// What is said of what only finalizers lead to.
pub(super) fn finalizable(report: &Report, found: &Finalizable) -> Text {
    let id = if found.is_dropped { "verdict-finalizable" } else { "verdict-finalizable-unproven" };
    let share = found.bytes as f64 / report.heap.shallow_bytes.max(1) as f64;
    let args = [
        ("size", Arg::Bytes(found.bytes)),
        ("share", Arg::Share(share)),
        ("count", Arg::Count(found.count)),
        ("class", Arg::name(&found.class)),
    ];
    Text::with(id, args)
}
