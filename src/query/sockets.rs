//! Sockets and channels of the JDK: what state they are in, and where they lead.
//!
//! Owns the fields of the JDK's implementations: `SocketChannelImpl`, `ServerSocketChannelImpl`, `DatagramChannelImpl` and their
//! asynchronous kin, `NioSocketImpl` (sockets since JDK 13) and `AbstractPlainSocketImpl` (before). The numbers of states differ between
//! releases (`sun/nio/ch/*.java`): those up to "connected" do not, and whether a channel was closed is a field of its own.
//! What the kernel thinks of a connection (CLOSE_WAIT, ESTABLISHED) is not in the heap: a peer that is gone looks like one that is silent, unless
//! somebody has read to the end of what it sent.
//! Cost: a pass over the class column, some records for each socket.

use super::instances::instances_of;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, SnapshotError};

/// What a socket was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SocketState {
    /// Bound, takes connections.
    Listening,
    /// On the way to be connected.
    Connecting,
    /// Connected.
    Connected,
    /// The peer has reset the connection, and nobody has closed it since.
    Reset,
    /// The peer has closed its side, whoever reads has seen that, and nobody has closed this side since: CLOSE_WAIT.
    HalfClosed,
    /// Open, and neither bound to take connections nor connected; datagrams too.
    Open,
    /// Closed, or never created.
    Closed,
}

/// A socket or channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketFacts {
    /// The channel, or the implementation behind a `java.net.Socket`.
    pub object: ObjectIx,
    /// Its state.
    pub state: SocketState,
    /// The local port, if bound.
    pub local_port: Option<u16>,
    /// `host:port` of the peer, if there is one.
    pub remote: Option<String>,
    /// Whether some root reaches it.
    pub is_reachable: bool,
}

/// All sockets and channels, in the order of the dump, unreachable ones too: what was not closed stays open.
///
/// # Errors
/// Cancelled.
pub fn sockets(snapshot: &Snapshot) -> Result<Vec<SocketFacts>, SnapshotError> {
    let mut all = Vec::new();
    for (class, read) in KINDS {
        let mut classes = snapshot.classes().sub_classes_of(class);
        classes.sort_unstable();
        all.extend(instances_of(snapshot, &classes)?.into_iter().map(|object| read(snapshot, object)));
    }
    all.sort_by_key(|socket| socket.object);
    Ok(all)
}

type Read = fn(&Snapshot, ObjectIx) -> SocketFacts;

const KINDS: &[(&str, Read)] = &[
    ("sun.nio.ch.SocketChannelImpl", connection),
    ("sun.nio.ch.AsynchronousSocketChannelImpl", connection),
    ("sun.nio.ch.ServerSocketChannelImpl", server),
    ("sun.nio.ch.AsynchronousServerSocketChannelImpl", server),
    ("sun.nio.ch.DatagramChannelImpl", datagrams),
    ("sun.nio.ch.NioSocketImpl", nio_socket),
    ("java.net.AbstractPlainSocketImpl", plain_socket),
];

fn flag(snapshot: &Snapshot, object: ObjectIx, field: &str) -> Option<bool> {
    snapshot.integer(object, field).map(|value| value != 0)
}

/// Whether a channel was closed: `closed` since JDK 11, `open` before.
fn is_closed(snapshot: &Snapshot, channel: ObjectIx) -> bool {
    flag(snapshot, channel, "closed").unwrap_or(false) || flag(snapshot, channel, "open") == Some(false)
}

fn channel(snapshot: &Snapshot, object: ObjectIx, open: SocketState) -> SocketFacts {
    let local = snapshot.follow(object, "localAddress");
    SocketFacts {
        object,
        state: if is_closed(snapshot, object) { SocketState::Closed } else { open },
        local_port: local.and_then(|address| port(snapshot, snapshot.follow(address, "holder")?)),
        remote: snapshot.follow(object, "remoteAddress").and_then(|address| endpoint(snapshot, address)),
        is_reachable: snapshot.is_reachable(object),
    }
}

fn connection(snapshot: &Snapshot, object: ObjectIx) -> SocketFacts {
    let state = match snapshot.integer(object, "state") {
        Some(1) => SocketState::Connecting,
        Some(2) if flag(snapshot, object, "connectionReset") == Some(true) => SocketState::Reset,
        Some(2) => SocketState::Connected,
        Some(3..) => SocketState::Closed,
        _ => SocketState::Open,
    };
    channel(snapshot, object, state)
}

fn server(snapshot: &Snapshot, object: ObjectIx) -> SocketFacts {
    let bound = snapshot.follow(object, "localAddress").is_some();
    let state = match snapshot.integer(object, "state") {
        Some(1..) => SocketState::Closed,
        _ if bound => SocketState::Listening,
        _ => SocketState::Open,
    };
    channel(snapshot, object, state)
}

fn datagrams(snapshot: &Snapshot, object: ObjectIx) -> SocketFacts {
    let state = match snapshot.integer(object, "state") {
        Some(1) => SocketState::Connected,
        Some(2..) => SocketState::Closed,
        _ => SocketState::Open,
    };
    channel(snapshot, object, state)
}

/// What is told by the fields of `java.net.SocketImpl`.
fn socket(snapshot: &Snapshot, object: ObjectIx, state: SocketState) -> SocketFacts {
    let number = |field| snapshot.integer(object, field).and_then(|port| u16::try_from(port).ok());
    let remote_port = number("port").filter(|&port| port > 0);
    let host = snapshot.follow(object, "address").and_then(|address| host(snapshot, address));
    SocketFacts {
        object,
        state,
        local_port: number("localport").filter(|&port| port > 0),
        remote: remote_port.map(|port| format!("{}:{port}", host.unwrap_or_else(|| "?".to_owned()))),
        is_reachable: snapshot.is_reachable(object),
    }
}

fn nio_socket(snapshot: &Snapshot, object: ObjectIx) -> SocketFacts {
    let is_server = flag(snapshot, object, "server") == Some(true);
    let bound = snapshot.integer(object, "localport").is_some_and(|port| port > 0);
    // The kernel knows of it once it has a descriptor: those of TLS are asked for their defaults before they have one.
    let is_created = || descriptor(snapshot, object).is_some_and(|number| number >= 0);
    let state = match snapshot.integer(object, "state") {
        Some(0) if !is_created() => SocketState::Closed,
        Some(1) if is_server && bound => SocketState::Listening,
        Some(2) => SocketState::Connecting,
        Some(3) if flag(snapshot, object, "connectionReset") == Some(true) => SocketState::Reset,
        Some(3) if flag(snapshot, object, "readEOF") == Some(true) => SocketState::HalfClosed,
        Some(3) => SocketState::Connected,
        Some(4..) => SocketState::Closed,
        _ => SocketState::Open,
    };
    socket(snapshot, object, state)
}

/// The number of the file of a `java.net.SocketImpl`.
fn descriptor(snapshot: &Snapshot, object: ObjectIx) -> Option<i64> {
    snapshot.follow(object, "fd").and_then(|fd| snapshot.integer(fd, "fd"))
}

fn plain_socket(snapshot: &Snapshot, object: ObjectIx) -> SocketFacts {
    let is_open = descriptor(snapshot, object).is_some_and(|number| number >= 0)
        && flag(snapshot, object, "closePending") != Some(true);
    let positive = |field| snapshot.integer(object, field).is_some_and(|number| number > 0);
    let has_ended = || {
        let input = snapshot.follow(object, "socketInputStream");
        input.is_some_and(|input| flag(snapshot, input, "eof") == Some(true))
    };
    let state = match (is_open, snapshot.follow(object, "serverSocket").is_some()) {
        (false, _) => SocketState::Closed,
        (true, true) if positive("localport") => SocketState::Listening,
        (true, _) if positive("port") && has_ended() => SocketState::HalfClosed,
        (true, _) if positive("port") => SocketState::Connected,
        _ => SocketState::Open,
    };
    socket(snapshot, object, state)
}

fn port(snapshot: &Snapshot, holder: ObjectIx) -> Option<u16> {
    u16::try_from(snapshot.integer(holder, "port")?).ok()
}

/// `host:port` of an `InetSocketAddress`.
fn endpoint(snapshot: &Snapshot, address: ObjectIx) -> Option<String> {
    let holder = snapshot.follow(address, "holder")?;
    let name = snapshot.text_field(holder, "hostname").filter(|name| !name.is_empty());
    let host = name.or_else(|| host(snapshot, snapshot.follow(holder, "addr")?))?;
    Some(format!("{host}:{}", port(snapshot, holder)?))
}

/// The name of an `InetAddress`, or its number.
fn host(snapshot: &Snapshot, address: ObjectIx) -> Option<String> {
    let holder = snapshot.follow(address, "holder")?;
    let name = snapshot.text_field(holder, "hostName").filter(|name| !name.is_empty());
    if name.is_some() {
        return name;
    }
    if let Some((_, bytes)) = snapshot
        .follow_all(address, &["holder6", "ipaddress"])
        .and_then(|bytes| snapshot.primitive_elements(bytes))
    {
        let bytes: [u8; 16] = bytes.try_into().ok()?;
        return Some(format!("[{}]", std::net::Ipv6Addr::from(bytes)));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an int with the bits of an address"
    )]
    let bits = snapshot.integer(holder, "address")? as i32 as u32;
    Some(std::net::Ipv4Addr::from(bits).to_string())
}
