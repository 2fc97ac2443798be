//! Servers whose only thread that accepts connections is at work for one of them.
//!
//! A `ServerSocket` is accepted from by whoever has it. Where it is open, nobody waits in `accept` for it, and the only thread that waits for a client of it
//! (a socket with the local port of the server, which a client in the same process does not have) runs a method of the object that has it in a field,
//! no other client is served meanwhile.
//! Cost: a pass over the references for each such socket, a look at each stack.

use super::doing::what;
use super::reach::Shared;
use super::stuck::{place, waits_inside};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{LockNames, SocketState, ThreadFacts, instances_of, sockets};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashMap;

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
    let sockets = sockets(snapshot)?;
    let ports_of = |is_it: &dyn Fn(SocketState) -> bool| -> HashMap<ObjectIx, u16> {
        let found = sockets.iter().filter(|socket| is_it(socket.state));
        found.filter_map(|socket| Some((socket.object, socket.local_port?))).collect()
    };
    let listening = ports_of(&|state| state == SocketState::Listening);
    let connected = ports_of(&|state| state == SocketState::Connected);
    let open = |socket: ObjectIx| {
        let port = snapshot.follow(socket, "impl").and_then(|inside| listening.get(&inside));
        Some((socket, *port.filter(|_| snapshot.is_reachable(socket))?))
    };
    let listening = instances_of(snapshot, &classes)?.into_iter().filter_map(open).take(MOST_SOCKETS);
    let mut findings = Vec::new();
    for (socket, port) in listening {
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
            waits_inside(snapshot, thread) && has(thread, &|local| connected.get(local) == Some(&port))
        };
        let serving: Vec<&ThreadFacts> = waits.threads.iter().filter(serves).collect();
        let [thread] = serving[..] else { continue };
        // Who only serves may have been given the client by one that accepts.
        if !has(thread, &|local| shared.all.contains(local)) {
            continue;
        }
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
