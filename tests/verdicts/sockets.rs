//! Sockets and channels: who has them open, where they lead, and what piles up with them.

use crate::{held_by_static, ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Block, Report, Severity};

/// A server with accepted connections, clients of a broker (some dropped without being closed), and a closed one.
#[test]
fn sockets_by_owner_and_state() {
    let mut heap = HeapBuilder::hotspot17();
    let holder = heap.class("java.net.InetAddress$InetAddressHolder");
    let holder = holder.field("hostName", Kind::Ref).field("address", Kind::Int).build();
    let address = heap.class("java.net.Inet4Address").field("holder", Kind::Ref).build();
    let socket_holder = heap.class("java.net.InetSocketAddress$InetSocketAddressHolder");
    let socket_holder =
        socket_holder.field("addr", Kind::Ref).field("port", Kind::Int).field("hostname", Kind::Ref).build();
    let socket_address = heap.class("java.net.InetSocketAddress").field("holder", Kind::Ref).build();
    let channel = heap.class("sun.nio.ch.SocketChannelImpl");
    let channel = channel.field("state", Kind::Int).field("closed", Kind::Boolean);
    let channel = channel.field("localAddress", Kind::Ref).field("remoteAddress", Kind::Ref).build();
    let server = heap.class("sun.nio.ch.ServerSocketChannelImpl");
    let server = server.field("state", Kind::Int).field("localAddress", Kind::Ref).build();
    let at = |heap: &mut HeapBuilder, host: i32, port: i32| {
        let inner = heap.instance(holder, &[Value::NULL, Value::Int(host)]);
        let host = heap.instance(address, &[Value::Ref(inner)]);
        let inner = heap.instance(socket_holder, &[Value::Ref(host), Value::Int(port), Value::NULL]);
        Value::Ref(heap.instance(socket_address, &[Value::Ref(inner)]))
    };
    let (own, peer, broker) =
        (at(&mut heap, 0, 9010), at(&mut heap, 0x0a00_0007, 51234), at(&mut heap, 0x0a00_0102, 61616));
    let from = at(&mut heap, 0, 40001);
    let listener = heap.instance(server, &[Value::Int(0), own]);
    let open = |heap: &mut HeapBuilder, state, closed, local, remote| {
        heap.instance(channel, &[Value::Int(state), Value::Boolean(closed), local, remote])
    };
    let accepted: Vec<Addr> = (0..12).map(|_| open(&mut heap, 2, false, own, peer)).collect();
    let clients: Vec<Addr> = (0..5).map(|_| open(&mut heap, 2, false, from, broker)).collect();
    let closed = open(&mut heap, 4, true, from, broker);
    (0..30).for_each(|_| _ = open(&mut heap, 2, false, from, broker));
    let [accepted, clients, others] =
        [&accepted[..], &clients, &[listener, closed]].map(|all| Value::Ref(heap.array_list(all)));
    let class = heap.app_class("com.acme.Server").static_field("ACCEPTED", accepted);
    class.static_field("CLIENTS", clients).static_field("OTHERS", others).sticky().build();
    let report = judge(heap);
    let section = report.inspections.iter().find(|section| section.id == "off-heap").unwrap();
    let table = section.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == "sockets" => Some(table),
        _ => None,
    });
    let rows: Vec<String> =
        table.unwrap().rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    let has = |words: &[&str]| rows.iter().any(|row| words.iter().all(|word| row.contains(word)));
    assert_eq!(rows.len(), 5, "{rows:#?}");
    assert!(has(&["30", "socket-connected", "→ 10.0.1.2:61616", "holder-nobody"]), "{rows:#?}");
    assert!(has(&["12", "socket-connected", "← :9010", "com.acme.Server.ACCEPTED"]), "{rows:#?}");
    assert!(has(&["5", "socket-connected", "→ 10.0.1.2:61616", "com.acme.Server.CLIENTS"]), "{rows:#?}");
    assert!(has(&["1", "socket-closed"]) && has(&["socket-listening", ":9010"]), "{rows:#?}");
    let dropped = report.findings.iter().find(|finding| finding.id == "sockets.not-closed").unwrap();
    assert_eq!((dropped.count, dropped.severity), (30, Severity::Warning));
}

/// A thousand accepted connections, most of which the server's table leads to by the shortest way, and the others a timer.
#[test]
fn accepted_connections_are_told_together_and_as_such() {
    let mut heap = HeapBuilder::hotspot17();
    let host = heap.class("java.net.InetAddress$InetAddressHolder").field("address", Kind::Int).build();
    let host = heap.instance(host, &[Value::Int(0x0a00_0007)]);
    let inet = heap.class("java.net.Inet4Address").field("holder", Kind::Ref).build();
    let inet = heap.instance(inet, &[Value::Ref(host)]);
    let port = heap.class("java.net.InetSocketAddress$InetSocketAddressHolder").field("addr", Kind::Ref);
    let port = port.field("port", Kind::Int).build();
    let address = heap.class("java.net.InetSocketAddress").field("holder", Kind::Ref).build();
    let channel = heap.class("sun.nio.ch.SocketChannelImpl");
    let channel = channel.field("state", Kind::Int).field("closed", Kind::Boolean);
    let channel = channel.field("localAddress", Kind::Ref).field("remoteAddress", Kind::Ref).build();
    let server = heap.class("sun.nio.ch.ServerSocketChannelImpl");
    let server = server.field("state", Kind::Int).field("localAddress", Kind::Ref).build();
    let [own, peer] = [8080, 51234].map(|number| {
        let port = heap.instance(port, &[Value::Ref(inet), Value::Int(number)]);
        Value::Ref(heap.instance(address, &[Value::Ref(port)]))
    });
    let listener = heap.instance(server, &[Value::Int(0), own]);
    held_by_static(&mut heap, "com.acme.Server", "LISTENER", listener);
    let all: Vec<Addr> = (0..1000)
        .map(|_| heap.instance(channel, &[Value::Int(2), Value::Boolean(false), own, peer]))
        .collect();
    for (class, some) in [("com.acme.Server", &all[..600]), ("com.acme.Timers", &all[600..])] {
        let some = heap.array_list(some);
        held_by_static(&mut heap, &format!("{class}Table"), "ALL", some);
    }
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "sockets.many-open").unwrap();
    assert_eq!(
        crate::english(&finding.evidence),
        "1,000 of them: connected ← :8080, accepted by this process"
    );
    assert_eq!((ids(&finding.advice), finding.holder.as_ref()), (vec!["sockets-many-accepted-advice"], None));
}

/// A thousand connections that a selector of the application's watches for so much, with so many in the hands of a server of a library.
fn watched(operations: i32, attachment: &str) -> (Vec<String>, String) {
    let mut heap = HeapBuilder::hotspot17();
    let channel = heap.class("sun.nio.ch.SocketChannelImpl").field("state", Kind::Int).build();
    let key = heap.class("sun.nio.ch.SelectionKeyImpl").field("interestOps", Kind::Int);
    let key = key.field("channel", Kind::Ref).field("attachment", Kind::Ref).build();
    let loader = heap.app_class_loader();
    let attached = heap.class(attachment).loader(loader).build();
    let keys: Vec<Addr> = (0..1000)
        .map(|_| {
            let channel = heap.instance(channel, &[Value::Int(2)]);
            let attached = heap.instance(attached, &[]);
            heap.instance(key, &[Value::Int(operations), Value::Ref(channel), Value::Ref(attached)])
        })
        .collect();
    let keys = heap.array_list(&keys);
    held_by_static(&mut heap, "com.acme.Collector", "KEYS", keys);
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "sockets.many-open").unwrap();
    (ids(&finding.advice).into_iter().map(str::to_owned).collect(), crate::english(&finding.evidence))
}

/// So many objects of the application's with a connection to one address each, which a list has.
fn links(count: usize, port: i32, has_peer: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let host = heap.class("java.net.InetAddress$InetAddressHolder").field("address", Kind::Int).build();
    let host = heap.instance(host, &[Value::Int(0x0a00_0007)]);
    let inet = heap.class("java.net.Inet4Address").field("holder", Kind::Ref).build();
    let inet = heap.instance(inet, &[Value::Ref(host)]);
    let inner = heap.class("java.net.InetSocketAddress$InetSocketAddressHolder").field("addr", Kind::Ref);
    let inner = inner.field("port", Kind::Int).build();
    let address = heap.class("java.net.InetSocketAddress").field("holder", Kind::Ref).build();
    let inner = heap.instance(inner, &[Value::Ref(inet), Value::Int(port)]);
    let peer = if has_peer { Value::Ref(heap.instance(address, &[Value::Ref(inner)])) } else { Value::NULL };
    let channel = heap.class("sun.nio.ch.SocketChannelImpl").field("state", Kind::Int);
    let channel = channel.field("remoteAddress", Kind::Ref).build();
    let link = heap.app_class("com.acme.Link").field("channel", Kind::Ref).field("data", Kind::Ref).build();
    let links: Vec<Addr> = (0..count)
        .map(|_| {
            let channel = heap.instance(channel, &[Value::Int(2), peer]);
            let data = crate::bytes(&mut heap, 8 << 10);
            heap.instance(link, &[Value::Ref(channel), Value::Ref(data)])
        })
        .collect();
    let links = heap.array_list(&links);
    held_by_static(&mut heap, "com.acme.Uplinks", "USED", links);
    judge(heap)
}

/// What has a socket each stands before how much of the heap it takes.
#[test]
fn sockets_of_what_piles_up_are_in_the_verdict() {
    let said = |count| crate::english(&links(count, 0, false).verdict.sentences);
    let many = said(1000);
    assert!(many.starts_with("1,000 sockets are open, mostly held by com.acme.Link.channel."), "{many}");
    assert!(!said(100).contains("sockets are open"));
}

/// A thousand connections to one address are a leak of what has them, whatever they take of the heap, and it is said once.
#[test]
fn what_has_a_connection_each_is_to_be_closed() {
    let report = links(1000, 9010, true);
    let first = &report.suspects[0];
    assert_eq!(ids(&first.advice), ["suspect-advice-connections"]);
    assert!(!first.is_leak_if_it_grows());
    let said = crate::english(&report.verdict.sentences);
    assert!(said.contains("1,000 sockets are open in them: connected → 10.0.0.7:9010."), "{said}");
    assert!(!said.contains("mostly held by"), "{said}");
    let few = links(100, 9010, true);
    assert!(!ids(&few.suspects[0].advice).contains(&"suspect-advice-connections"), "a pool may have so many");
}

#[test]
fn connections_that_are_watched_for_nothing_are_to_be_closed() {
    let (advice, said) = watched(0, "com.acme.DeviceLink");
    assert_eq!(advice, ["sockets-unwatched-advice"]);
    assert!(
        said.contains("1,000 of them are registered with a selector that watches them for nothing"),
        "{said}"
    );
    assert_eq!(watched(1, "com.acme.DeviceLink").0, ["sockets-many-open-advice"]);
    // A server takes no interest in a connection while its request is in work.
    assert_eq!(
        watched(0, "org.apache.tomcat.util.net.NioEndpoint$NioSocketWrapper").0,
        ["sockets-many-open-advice"]
    );
}
