//! Virtual threads that wait for a carrier, while what is mounted does not let go of one.
//!
//! The scheduler of virtual threads has as many carriers as the machine has processors. A virtual thread leaves its carrier only where it waits; one that computes
//! keeps it, as does one that waits in native code, or until JDK 24 in a `synchronized` method. JDK 25 writes virtual threads that were not begun into the dump.
//! Cost: a look at each thread.

use super::stuck::{doing_of, pattern, place};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{ThreadFacts, ThreadState};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::Snapshot;

/// Virtual threads that wait for their turn, for each carrier: fewer are soon served.
const MANY: usize = 50;

/// The finding, with the virtual threads that have the carriers.
pub(super) fn finding(snapshot: &Snapshot, waits: &Waits<'_>) -> Option<(Finding, Vec<ObjectIx>)> {
    let is_carrier =
        |thread: &&ThreadFacts| snapshot.class_name(thread.object) == "jdk.internal.misc.CarrierThread";
    let carriers = waits.threads.iter().filter(is_carrier).count();
    let is_ready = |thread: &&ThreadFacts| thread.is_virtual && thread.state == Some(ThreadState::Runnable);
    let (mounted, waiting): (Vec<&ThreadFacts>, Vec<&ThreadFacts>) =
        waits.threads.iter().filter(is_ready).partition(|thread| !thread.frames(snapshot).is_empty());
    if carriers == 0 || mounted.len() < carriers || waiting.len() < carriers * MANY {
        return None;
    }
    let place = place(snapshot, &mounted)?;
    let first = mounted.iter().find(|thread| place.has(snapshot, thread))?;
    let args = [
        ("carriers", Arg::Count(carriers as u64)),
        ("thread", Arg::name(pattern(&mounted))),
        ("place", Arg::name(place.text())),
        ("doing", Arg::text(doing_of(snapshot, first)?)),
        ("count", Arg::Count(waiting.len() as u64)),
        ("waiting", Arg::name(pattern(&waiting))),
    ];
    let finding = Finding {
        id: "threads.no-carrier".into(),
        severity: Severity::Warning,
        title: Text::with("threads-no-carrier", args),
        class: Some(snapshot.class_name(first.object).to_owned()),
        bytes: waiting.iter().map(|thread| thread.retained_bytes).sum(),
        count: waiting.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-no-carrier-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.no-carrier", &normalise_thread(&first.name), &place.method]),
    };
    Some((finding, mounted.iter().map(|thread| thread.object).collect()))
}
