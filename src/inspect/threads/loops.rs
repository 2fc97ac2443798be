//! Event loops that wait within what they call: everything else that they serve waits as well.
//!
//! A loop of Netty (so of Vert.x, Reactor, gRPC, Lettuce), of XNIO (Undertow), and the dispatcher of the JDK's HttpServer, which runs handlers itself unless
//! it is given an executor, serve many connections on one thread. That one reads from a socket that blocks, sleeps, or waits for a result in a
//! method of the application is on its stack. What waits for a lock is not told, for that may pass at once. Cost: a look at each stack.

use super::doing::what;
use super::groups;
use super::stuck::{pattern, place};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{Origin, ThreadFacts, origin_of_named};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::{Snapshot, StackFrame};

/// Where loops run.
const LOOPS: [(&str, &str); 5] = [
    ("io.netty.channel.", "EventLoop"),
    ("io.netty.channel.", "IoHandler"),
    ("io.netty.util.concurrent.", "SingleThreadEventExecutor"),
    ("org.xnio.nio.", "WorkerThread"),
    ("sun.net.httpserver.", "ServerImpl$Dispatcher"),
];

/// One finding for each kind of loop that waits, with the threads that it is about.
pub(super) fn findings(snapshot: &Snapshot, waits: &Waits<'_>) -> Vec<(Finding, Vec<ObjectIx>)> {
    let waiting = waits.threads.iter().filter(|thread| waits_within(snapshot, thread.frames(snapshot)));
    let groups = groups::by_name(waiting).into_iter();
    groups.filter_map(|(_, threads)| finding(snapshot, &threads)).collect()
}

fn is_loop(frame: &StackFrame) -> bool {
    &*frame.method == "run"
        && LOOPS
            .iter()
            .any(|(package, class)| frame.class.starts_with(package) && frame.class.ends_with(class))
}

/// Whether a stack is that of a loop which waits in a method of the application.
fn waits_within(snapshot: &Snapshot, frames: &[StackFrame]) -> bool {
    let waits = matches!(
        what(frames),
        Some(
            "threads-doing-reading"
                | "threads-doing-connecting"
                | "threads-doing-sleeping"
                | "threads-doing-result"
                | "threads-doing-latch"
                | "threads-doing-pool"
                | "threads-doing-full-queue"
                | "threads-doing-queue"
        )
    );
    if !waits {
        return false;
    }
    let Some(own) =
        frames.iter().position(|frame| origin_of_named(snapshot, &frame.class) == Origin::Application)
    else {
        return false;
    };
    // A channel that does not block is read by the loop itself.
    let inner = &frames[..own];
    let reads_channel = inner.iter().any(|frame| &*frame.class == "sun.nio.ch.SocketChannelImpl");
    !reads_channel && !inner.iter().any(is_loop) && frames[own..].iter().any(is_loop)
}

fn finding(snapshot: &Snapshot, threads: &[&ThreadFacts]) -> Option<(Finding, Vec<ObjectIx>)> {
    let place = place(snapshot, threads)?;
    let first = threads.iter().find(|thread| place.has(snapshot, thread))?;
    let doing = what(first.frames(snapshot))?;
    let args = [
        ("count", Arg::Count(threads.len() as u64)),
        ("thread", Arg::name(pattern(threads))),
        ("place", Arg::name(place.text())),
        ("doing", Arg::text(Text::message(doing))),
    ];
    let finding = Finding {
        id: "threads.blocked-loop".into(),
        severity: Severity::Warning,
        title: Text::with("threads-blocked-loop", args),
        class: None,
        bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
        count: threads.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-blocked-loop-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&[
            "threads.blocked-loop",
            &normalise_thread(&first.name),
            &place.method,
        ]),
    };
    Some((finding, threads.iter().map(|thread| thread.object).collect()))
}
