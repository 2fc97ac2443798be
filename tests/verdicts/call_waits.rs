//! Verdicts about calls that hold much and wait for another process.

use crate::pool::{PARKS, READS};
use crate::{english, judge, payload};
use hprof_fixtures::HeapBuilder;
use oomph::report::SuspectKind;

/// What is said of a call that has many rows in hand and stands in these frames.
fn call_in(inner: &[(&str, &str)]) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 3000, 400);
    let rows = heap.array_list(&rows);
    let frames: Vec<_> = inner
        .iter()
        .map(|&(class, method)| {
            let is_known = class == "java.lang.Thread";
            (if is_known { heap.class_named(class) } else { heap.class(class).build() }, method)
        })
        .collect();
    let export = heap.app_class("com.acme.Export").build();
    let mut thread = heap.thread("http-7");
    for (class, method) in frames {
        thread = thread.frame(class, method, "()V", "X.java", 3);
    }
    let thread = thread.frame(export, "copy", "()V", "Export.java", 9);
    thread.frame(export, "handle", "()V", "Export.java", 6).local(rows).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.kind, SuspectKind::Load);
    english(&first.activity)
}

#[test]
fn what_a_call_with_much_in_hand_waits_for_is_told() {
    let writes = [("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "implWrite")];
    let said = call_in(&writes);
    let place = "in com.acme.Export.copy(Export.java:9) at this moment";
    assert!(
        said.contains(&format!("Thread http-7 is writing to the network {place}: where the client")),
        "{said}"
    );
    let said = call_in(&READS);
    assert!(said.contains(&format!("Thread http-7 is reading from the network {place}")), "{said}");
    let pool = [&PARKS[..], &[("com.zaxxer.hikari.pool.HikariPool", "getConnection")]].concat();
    let said = call_in(&pool);
    assert!(said.contains(&format!("Thread http-7 is waiting for what a pool lends {place}")), "{said}");
    for works in [&[("java.util.HashMap", "resize")][..], &[("java.lang.Thread", "sleep")]] {
        assert!(!call_in(works).contains("at this moment"), "{works:?}");
    }
}
