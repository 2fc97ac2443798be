//! Sockets and channels by owner and state, and servers against their limits: a part of the inspection `off-heap`.
//!
//! Owns the tables and what is worth a warning: sockets that were dropped without being closed, very many of them, and those whose peers
//! have reset the connection or closed their side of it (CLOSE_WAIT), as far as somebody has read so far. Of what nobody has read from only the kernel
//! knows; connections that pile up against a server's limit are what shows of it here.
//! Cost: a few records for each socket, and a path for each of the first thousands.

use super::blocks::table;
use super::{Context, InspectError, suspects};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, SocketFacts, SocketState, instances_of, origin_of, sockets};
use crate::report::{
    Arg, Block, Cell, Column, Finding, Fingerprint, Holder, Severity, Suspect, SuspectKind, Text,
    normalise_thread,
};
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;

/// Sockets whose holders are searched.
const TRACED: usize = 2000;
/// So many sockets that were dropped without being closed are worth a warning.
const MANY_DROPPED: u64 = 20;
/// So many connections that the peer has reset, too.
const MANY_RESET: u64 = 20;
/// So many that the peer has closed, too.
const MANY_HALF_CLOSED: u64 = 20;
/// So many open sockets as well: processes are often allowed 1,024 or 4,096 files.
const OPEN: u64 = 900;
/// The finding about these.
pub(super) const MANY_OPEN: &str = "sockets.many-open";
/// Where most of them lead, and who holds them.
const MOST: &str = "sockets-most";
/// The same, said of a suspect.
pub(super) const CONNECTED: &str = "suspect-connections";

/// Before the port at which a connection came in.
const ACCEPTED: &str = "←";

/// Sockets of one owner, kind, state and direction.
struct Row {
    holder: Option<Holder>,
    class: String,
    state: SocketState,
    endpoint: String,
    is_reachable: bool,
    count: u64,
}

impl Row {
    /// Whether the process has accepted these connections, rather than made them.
    fn is_accepted(&self) -> bool {
        self.endpoint.starts_with(ACCEPTED)
    }
}

/// The tables, if there is anything to show, and what is worth a warning.
///
/// # Errors
/// Cancelled, or as [`Context::ownership`].
pub(super) fn blocks(context: &Context<'_>, findings: &mut Vec<Finding>) -> Result<Vec<Block>, InspectError> {
    let all = sockets(context.snapshot)?;
    let mut blocks = Vec::new();
    let rows = rows(context, &all)?;
    findings.extend(warnings(context, &all, &rows)?);
    if !rows.is_empty() {
        blocks.push(socket_table(context, &rows));
    }
    blocks.extend(connectors(context)?);
    Ok(blocks)
}

/// Says of suspects each of whose objects has a connection where these lead, and that they are to be closed. So many of them to one address are nothing that is
/// meant to be there: where they were accepted they may be.
pub(super) fn tell_suspects(suspects: &mut [Suspect], findings: &[Finding]) {
    let Some(many) = findings.iter().find(|finding| finding.id == MANY_OPEN) else { return };
    let holder = many.holder.as_ref().and_then(|holder| holder.class.as_deref());
    let most = many.evidence.iter().find(|text| text.is_message(MOST));
    let (Some(holder), Some(Text::Message { args, .. })) = (holder, most) else { return };
    let (Some(Arg::Count(count)), Some(Arg::Name(endpoint))) = (args.get("count"), args.get("endpoint"))
    else {
        return;
    };
    let is_nearly_each = |suspect: &&mut Suspect| count * 10 >= suspect.instances * 9;
    let has_one_each = |suspect: &&mut Suspect| {
        suspect.kind == SuspectKind::Leak && suspect.class == holder && is_nearly_each(suspect)
    };
    if !endpoint.starts_with("→ ") {
        return;
    }
    for suspect in suspects.iter_mut().filter(has_one_each) {
        let words = args.clone();
        suspect.activity.insert(0, Text::Message { id: CONNECTED.into(), args: words });
        if suspect.rule.is_none() {
            suspects::prove(suspect, "suspect-advice-connections");
        }
    }
}

fn rows(context: &Context<'_>, all: &[SocketFacts]) -> Result<Vec<Row>, InspectError> {
    let snapshot = context.snapshot;
    let listening: HashSet<u16> = all
        .iter()
        .filter(|socket| socket.state == SocketState::Listening)
        .filter_map(|socket| socket.local_port)
        .collect();
    let mut by_key: HashMap<(String, ClassIx, SocketState, String, bool), Row> = HashMap::new();
    for (at, socket) in all.iter().enumerate() {
        let held =
            if at < TRACED && socket.is_reachable { context.ownership()?.of(socket.object, 0) } else { None };
        let mut holder = held.map(|held| held.holder);
        // Threads that differ by their numbers alone are one owner.
        if let Some(name) = holder.as_mut().and_then(|holder| holder.thread.as_mut()) {
            *name = normalise_thread(name).into_owned();
        }
        let label = holder.as_ref().map_or_else(String::new, Holder::label);
        let endpoint = endpoint(socket, &listening);
        let class = snapshot.class_of(socket.object);
        let key = (label, class, socket.state, endpoint.clone(), socket.is_reachable);
        let row = by_key.entry(key).or_insert_with(|| Row {
            holder,
            class: snapshot.class_name(socket.object).to_owned(),
            state: socket.state,
            endpoint,
            is_reachable: socket.is_reachable,
            count: 0,
        });
        row.count += 1;
    }
    let mut rows: Vec<(String, Row)> = by_key.into_iter().map(|(key, row)| (key.0, row)).collect();
    rows.sort_by(|(a_label, a), (b_label, b)| {
        let key = |row: &Row| (Reverse(row.count), row.state, !row.is_reachable);
        key(a)
            .cmp(&key(b))
            .then_with(|| (a_label, &a.class, &a.endpoint).cmp(&(b_label, &b.class, &b.endpoint)))
    });
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Where it leads: what came in by a port that the process listens at is told by that port, everything else by the peer.
fn endpoint(socket: &SocketFacts, listening: &HashSet<u16>) -> String {
    match (socket.local_port, &socket.remote) {
        (Some(port), Some(_)) if listening.contains(&port) => format!("{ACCEPTED} :{port}"),
        (_, Some(remote)) => format!("→ {remote}"),
        (Some(port), None) => format!(":{port}"),
        (None, None) => String::new(),
    }
}

fn socket_table(context: &Context<'_>, rows: &[Row]) -> Block {
    let columns = vec![
        Column::right("count"),
        Column::left("socket_state"),
        Column::left("endpoint"),
        Column::left("holder"),
        Column::left("class"),
        Column::left("reachable"),
    ];
    table(context, "sockets", columns, rows.iter().collect(), |row| {
        let (word, id) = state_words(row.state);
        vec![
            Cell::Count(row.count),
            Cell::term(word, id),
            Cell::Value(row.endpoint.clone()),
            row.holder.as_ref().map_or_else(
                || Cell::Text(Text::message("holder-nobody")),
                |holder| Cell::Value(holder.label()),
            ),
            Cell::Class(row.class.clone()),
            Cell::Flag(row.is_reachable),
        ]
    })
}

/// The word for a state, and the message that names it.
fn state_words(state: SocketState) -> (&'static str, &'static str) {
    match state {
        SocketState::Listening => ("listening", "socket-listening"),
        SocketState::Connecting => ("connecting", "socket-connecting"),
        SocketState::Connected => ("connected", "socket-connected"),
        SocketState::Reset => ("reset", "socket-reset"),
        SocketState::HalfClosed => ("half-closed", "socket-half-closed"),
        SocketState::Open => ("open", "socket-open"),
        SocketState::Closed => ("closed", "socket-closed"),
    }
}

fn warnings(context: &Context<'_>, all: &[SocketFacts], rows: &[Row]) -> Result<Vec<Finding>, InspectError> {
    let open = || all.iter().filter(|socket| socket.state != SocketState::Closed);
    let dropped = open().filter(|socket| !socket.is_reachable).count() as u64;
    let in_state = |state| all.iter().filter(|socket| socket.state == state).count() as u64;
    let reset = in_state(SocketState::Reset);
    let half_closed = in_state(SocketState::HalfClosed);
    let held = open().count() as u64 - dropped;
    let mut findings = Vec::new();
    if dropped >= MANY_DROPPED {
        let of = |row: &&Row| !row.is_reachable && row.state != SocketState::Closed;
        findings.push(finding(
            "sockets.not-closed",
            "sockets-not-closed",
            dropped,
            rows.iter().find(of),
            rows,
        ));
    }
    if reset >= MANY_RESET {
        let of = |row: &&Row| row.state == SocketState::Reset;
        findings.push(finding(
            "sockets.reset-not-closed",
            "sockets-reset",
            reset,
            rows.iter().find(of),
            rows,
        ));
    }
    if half_closed >= MANY_HALF_CLOSED {
        let of = |row: &&Row| row.state == SocketState::HalfClosed;
        let most = rows.iter().find(of);
        findings.push(finding("sockets.half-closed", "sockets-half-closed", half_closed, most, rows));
    }
    if held >= OPEN {
        let of = |row: &&Row| row.is_reachable && row.state != SocketState::Closed;
        let most = rows.iter().find(of);
        let mut finding = finding(MANY_OPEN, "sockets-many-open", held, most, rows);
        if most.is_some_and(Row::is_accepted) {
            finding.advice = vec![Text::message("sockets-many-accepted-advice")];
        }
        let unwatched = unwatched(context, all)?;
        if unwatched * 2 >= held {
            finding.evidence.push(Text::with("sockets-unwatched", [("count", Arg::Count(unwatched))]));
            finding.advice = vec![Text::message("sockets-unwatched-advice")];
        }
        findings.push(finding);
    }
    Ok(findings)
}

/// How many open connections are registered with a selector for nothing, by the application's own code: those of a server's are while their request is in work.
fn unwatched(context: &Context<'_>, all: &[SocketFacts]) -> Result<u64, InspectError> {
    let snapshot = context.snapshot;
    let is_open = |socket: &&SocketFacts| socket.is_reachable && socket.state == SocketState::Connected;
    let open: HashSet<ObjectIx> = all.iter().filter(is_open).map(|socket| socket.object).collect();
    let keys = instances_of(snapshot, snapshot.classes().named("sun.nio.ch.SelectionKeyImpl"))?;
    let of_library = |attached: ObjectIx| origin_of(snapshot, snapshot.class_of(attached)) == Origin::Library;
    let is_unwatched = |key: &ObjectIx| {
        snapshot.is_reachable(*key)
            && snapshot.integer(*key, "interestOps") == Some(0)
            && snapshot.follow(*key, "channel").is_some_and(|channel| open.contains(&channel))
            && !snapshot.follow(*key, "attachment").is_some_and(of_library)
    };
    Ok(keys.iter().filter(|key| is_unwatched(key)).count() as u64)
}

/// A warning with the most of those that it is about as its evidence. A server and its selector, the timers and the requests in work all lead to a connection that
/// was accepted: who does by the shortest way says nothing of it.
fn finding(id: &str, message: &str, count: u64, most: Option<&Row>, rows: &[Row]) -> Finding {
    let is_alike = |row: &Row, most: &Row| {
        (row.state, &row.endpoint, row.is_reachable) == (most.state, &most.endpoint, most.is_reachable)
    };
    let all = |most: &Row| rows.iter().filter(|row| is_alike(row, most)).map(|row| row.count).sum::<u64>();
    let shared = most.filter(|most| most.is_accepted()).map(all);
    let is_shared = |row: &Row| shared.is_some_and(|all| all > row.count);
    let holder = most.filter(|row| !is_shared(row)).and_then(|row| row.holder.clone());
    let label = holder.as_ref().map(Holder::label).unwrap_or_default();
    let evidence = most.map(|row| {
        let state = ("state", Arg::text(Text::message(state_words(row.state).1)));
        if let Some(all) = shared.filter(|_| is_shared(row)) {
            let args = [("count", Arg::Count(all)), state, ("endpoint", Arg::name(&row.endpoint))];
            return Text::with("sockets-most-accepted", args);
        }
        let args = [
            ("count", Arg::Count(row.count)),
            state,
            ("endpoint", Arg::name(&row.endpoint)),
            (
                "holder",
                row.holder.as_ref().map_or_else(|| Arg::text(Text::message("holder-nobody")), Holder::words),
            ),
        ];
        Text::with(MOST, args)
    });
    Finding {
        id: id.to_owned(),
        severity: Severity::Warning,
        title: Text::with(message, [("count", Arg::Count(count))]),
        class: most.map(|row| row.class.clone()),
        bytes: 0,
        count,
        holder,
        advice: vec![Text::message(&format!("{message}-advice"))],
        evidence: evidence.into_iter().collect(),
        link: None,
        fingerprint: Fingerprint::of(&[id, &label]),
    }
}

/// The connectors of a Tomcat: what they have taken, against what they may take.
fn connectors(context: &Context<'_>) -> Result<Option<Block>, InspectError> {
    let snapshot = context.snapshot;
    let mut classes = snapshot.classes().sub_classes_of("org.apache.tomcat.util.net.AbstractEndpoint");
    classes.sort_unstable();
    let mut endpoints = instances_of(snapshot, &classes)?;
    endpoints.retain(|&endpoint| snapshot.is_reachable(endpoint));
    if endpoints.is_empty() {
        return Ok(None);
    }
    let columns = vec![
        Column::left("connector"),
        Column::left("running"),
        Column::left("paused"),
        Column::right("connections"),
        Column::right("max_connections"),
        Column::right("accept_count"),
        Column::right("max_threads"),
    ];
    let latched = |endpoint: ObjectIx| {
        let sync = snapshot.follow_all(endpoint, &["connectionLimitLatch", "count"])?;
        snapshot.integer(sync, "value")
    };
    Ok(Some(table(context, "connectors", columns, endpoints, |endpoint| {
        let number = |number: Option<i64>| {
            number.and_then(|number| u64::try_from(number).ok()).map_or(Cell::None, Cell::Count)
        };
        let flag = |field| snapshot.integer(endpoint, field).map_or(Cell::None, |flag| Cell::Flag(flag != 0));
        vec![
            Cell::Value(snapshot.text_field(endpoint, "name").unwrap_or_default()),
            flag("running"),
            flag("paused"),
            number(latched(endpoint)),
            number(snapshot.integer(endpoint, "maxConnections")),
            number(snapshot.integer(endpoint, "acceptCount")),
            number(snapshot.integer(endpoint, "maxThreads")),
        ]
    })))
}
