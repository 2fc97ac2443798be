//! Rules about what libraries keep, each on a heap that is just enough for it, and on one that lacks one thing.

use crate::known_by_rules::reference;
use crate::{bytes, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Standing};

fn number(name: &str, number: i32) -> (&str, Kind, Value) {
    (name, Kind::Int, Value::Int(number))
}

/// A class of a library, made once for all of its instances.
fn class(heap: &mut HeapBuilder, name: &str, fields: &[(&str, Kind)]) -> ClassRef {
    let loader = heap.app_class_loader();
    let made = heap.class(name).loader(loader);
    fields.iter().fold(made, |made, &(name, kind)| made.field(name, kind)).build()
}

fn rule(report: &Report) -> Option<&str> {
    report.suspects[0].rule.as_deref()
}

fn has(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|finding| finding.id == rule)
}

fn verdict(report: &Report) -> String {
    Language::En.text(&report.verdict.sentences[0])
}

/// A pool of one connection, which has a pool of 800 statements in it.
#[test]
fn statements_in_the_pool_of_one_connection_are_not_told_by_the_pool_of_connections() {
    let judged = |most: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let statements =
            payload(&mut heap, "org.apache.commons.dbcp2.PoolablePreparedStatement", 800, 8 << 10);
        let statements: Vec<(Addr, Addr)> =
            (0..).zip(statements).map(|(at, made)| (heap.boxed_int(at), made)).collect();
        let statements = heap.concurrent_hash_map(&statements);
        let pool = [reference("poolMap", statements), number("maxTotal", most), number("numTotal", 800)];
        let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericKeyedObjectPool", &pool);
        let connection = [reference("pStmtPool", pool)];
        let connection = library_object(&mut heap, "org.apache.commons.dbcp2.PoolingConnection", &connection);
        let all = heap.concurrent_hash_map(&[(connection, connection)]);
        let pool = [reference("allObjects", all), number("maxTotal", 4), number("maxIdle", 4)];
        let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericObjectPool", &pool);
        held_by_static(&mut heap, "com.acme.Db", "POOL", pool);
        judge(heap)
    };
    assert_eq!(rule(&judged(-1)), Some("dbcp.pooled-statements"));
    assert!(has(&judged(-1), "dbcp.pooled-statements"));
    assert_eq!(rule(&judged(1000)), Some("commons-pool.bounded-keyed-pool"));
    // What each connection has besides is not bounded by the pool of connections.
    let statements = |report: &Report| report.suspects[0].standing;
    assert_eq!((statements(&judged(-1)), statements(&judged(1000))), (Standing::Blamed, Standing::Meant));
}
