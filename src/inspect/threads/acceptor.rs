//! Servers whose only thread that accepts connections is at work for one of them.
//!
//! A `ServerSocket` is accepted from by whoever has it. Where it is open, nobody waits in `accept` for it, and one thread runs a method of the object that has
//! it in a field and waits there, that thread serves a client, and no other client is served meanwhile.
//! Cost: a pass over the references for each such socket, a look at each stack.

use super::doing::what;
use super::reach::Shared;
use super::stuck::{place, waits_inside};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{LockNames, SocketState, ThreadFacts, instances_of, sockets};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashSet;

/// Sockets that are looked at.
const MOST_SOCKETS: usize = 16;

/// One finding for each such server, with the thread that it is about.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn findings(
    snapshot: &Snapshot,
    waits: &Waits<'_>,
) -> Result<Vec<(Finding, Vec<ObjectIx>)>, SnapshotError> {
    let mut classes = snapshot.classes().sub_classes_of("java.net.ServerSocket");
    classes.sort_unstable();
    let listening: HashSet<ObjectIx> = sockets(snapshot)?
        .into_iter()
        .filter(|socket| socket.state == SocketState::Listening)
        .map(|socket| socket.object)
        .collect();
    let is_open = |&socket: &ObjectIx| {
        snapshot.is_reachable(socket)
            && snapshot.follow(socket, "impl").is_some_and(|inside| listening.contains(&inside))
    };
    let listening = instances_of(snapshot, &classes)?.into_iter().filter(is_open).take(MOST_SOCKETS);
    let mut findings = Vec::new();
    for socket in listening {
        let shared = Shared::find(snapshot, socket)?;
        let has = |thread: &ThreadFacts, objects: &dyn Fn(&ObjectIx) -> bool| {
            thread.frames(snapshot).iter().flat_map(|frame| &frame.locals).any(objects)
        };
        let accepts = |thread: &ThreadFacts| {
            what(thread.frames(snapshot)) == Some("threads-doing-accepting")
                && has(thread, &|local| *local == socket)
        };
        if waits.threads.iter().any(accepts) {
            continue;
        }
        let serves = |thread: &&ThreadFacts| {
            // Who has merely opened it may have others accept.
            waits_inside(snapshot, thread) && has(thread, &|local| shared.owners.contains(local))
        };
        let serving: Vec<&ThreadFacts> = waits.threads.iter().filter(serves).collect();
        let [thread] = serving[..] else { continue };
        if let Some(finding) = finding(snapshot, socket, thread)? {
            findings.push((finding, vec![thread.object]));
        }
    }
    Ok(findings)
}

fn finding(
    snapshot: &Snapshot,
    socket: ObjectIx,
    thread: &ThreadFacts,
) -> Result<Option<Finding>, SnapshotError> {
    let frames = thread.frames(snapshot);
    let (Some(place), Some(doing)) = (place(snapshot, &[thread]), what(frames)) else { return Ok(None) };
    let name = LockNames::find(snapshot, &[socket])?.name(snapshot, socket);
    let args = [
        ("thread", Arg::name(&thread.name)),
        ("socket", Arg::name(&name)),
        ("place", Arg::name(place.text())),
        ("doing", Arg::text(Text::message(doing))),
    ];
    Ok(Some(Finding {
        id: "threads.busy-acceptor".into(),
        severity: Severity::Warning,
        title: Text::with("threads-busy-acceptor", args),
        class: Some(snapshot.class_name(socket).to_owned()),
        bytes: thread.retained_bytes,
        count: 1,
        holder: None,
        advice: vec![Text::message("threads-busy-acceptor-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&["threads.busy-acceptor", &name, &normalise_thread(&thread.name)]),
    }))
}
