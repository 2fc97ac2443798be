//! One thing that is told in one sentence: what a rule finds below the holder, or in the hands of the same call, and elements of several classes.

use crate::{english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// Series of charts in a list and in a data set of an object that a field of another one leads to, beside other things in that object.
fn charts(others: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("org.jfree.data.time.TimeSeries").field("data", Kind::Ref);
    let class = class.field("maximumItemCount", Kind::Int).field("maximumItemAge", Kind::Long).build();
    let items = payload(&mut heap, "org.jfree.data.time.TimeSeriesDataItem", 8000, 200);
    let series: Vec<Addr> = items
        .chunks(2000)
        .map(|items| {
            let items = heap.array_list(items);
            let fields = [
                ("data", Value::Ref(items)),
                ("maximumItemCount", Value::Int(i32::MAX)),
                ("maximumItemAge", Value::Long(i64::MAX)),
            ];
            heap.instance_with(class, &fields)
        })
        .collect();
    let in_set = heap.array_list(&series);
    let set = [("data", Kind::Ref, Value::Ref(in_set))];
    let set = library_object(&mut heap, "org.jfree.data.time.TimeSeriesCollection", &set);
    let by_crane = heap.array_list(&series);
    let notes = payload(&mut heap, "com.acme.Note", others, 200);
    let notes = heap.array_list(&notes);
    let charts = heap.app_class("com.acme.CraneCharts").field("dataset", Kind::Ref);
    let charts = charts.field("byCrane", Kind::Ref).field("notes", Kind::Ref).build();
    let charts = heap.instance(charts, &[Value::Ref(set), Value::Ref(by_crane), Value::Ref(notes)]);
    let monitor = heap.app_class("com.acme.Monitor").field("charts", Kind::Ref).build();
    let monitor = heap.instance(monitor, &[Value::Ref(charts)]);
    held_by_static(&mut heap, "com.acme.Yard", "MONITOR", monitor);
    judge(heap)
}

#[test]
fn what_a_rule_finds_below_the_holder_is_the_same_thing() {
    let report = charts(0);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("jfreechart.series-without-limit"), "{:?}", first.holder);
    assert!(english(&first.advice).starts_with("A series that values are added to"), "{:?}", first.advice);
    let verdict = english(&report.verdict.sentences);
    assert_eq!(verdict.matches("JFreeChart series").count(), 1, "{verdict}");
    assert!(!verdict.contains("TimeSeriesDataItem"), "{verdict}");
}

#[test]
fn what_a_rule_finds_in_a_part_is_a_part() {
    let report = charts(6000);
    let first = &report.suspects[0];
    assert!(
        first.rule.is_none() && english(&[report.findings[0].title.clone()]).contains("JFreeChart"),
        "{first:?}"
    );
}

/// A call that has a session of Hibernate in hand, into which it has read a table, and so many rows of its own.
fn reading(rows: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let shipments = payload(&mut heap, "com.acme.Shipment", 6000, 200);
    let entries: Vec<(Addr, Addr)> = shipments
        .iter()
        .map(|&shipment| {
            let key = library_object(&mut heap, "org.hibernate.engine.spi.EntityKey", &[]);
            (key, shipment)
        })
        .collect();
    let entities = heap.hash_map(&entries);
    let state = [("entitiesByKey", Kind::Ref, Value::Ref(entities))];
    let state = library_object(&mut heap, "org.hibernate.engine.internal.StatefulPersistenceContext", &state);
    let session = [("persistenceContext", Kind::Ref, Value::Ref(state))];
    let session = library_object(&mut heap, "org.hibernate.internal.SessionImpl", &session);
    let rows = payload(&mut heap, "com.acme.Row", rows, 200);
    let rows = heap.array_list(&rows);
    let report = heap.app_class("com.acme.Report").build();
    let thread = heap.thread("http-1").frame(report, "monthly", "()V", "Report.java", 4);
    thread.local(session).local(rows).build();
    judge(heap)
}

#[test]
fn what_a_library_advises_is_the_advice_where_a_call_has_it_in_hand() {
    let report = reading(0);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("hibernate.session-growth"), "{first:?}");
    let advice = english(&first.advice);
    assert!(advice.starts_with("The session keeps every entity"), "{advice}");
    let verdict = english(&report.verdict.sentences);
    assert!(verdict.starts_with("A Hibernate session with 6,000 entities"), "{verdict}");
    assert!(
        verdict.contains("com.acme.Report.monthly") && verdict.contains("goes when this call ends"),
        "{verdict}"
    );
    let of_rows = reading(12_000).suspects.remove(0);
    assert_eq!(of_rows.rule, None, "most of it is no session");
}

/// A list of events of two classes in a static field, or a map with keys of the application's.
fn events(arrived: usize, delayed: usize, are_keys: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let first = payload(&mut heap, "com.acme.Arrived", arrived, 200);
    let second = payload(&mut heap, "com.acme.Delayed", delayed, 180);
    let all = if are_keys {
        let entries: Vec<(Addr, Addr)> = second.iter().copied().zip(first.iter().copied()).collect();
        heap.hash_map(&entries)
    } else {
        let both: Vec<Addr> = first.into_iter().chain(second).collect();
        heap.array_list(&both)
    };
    held_by_static(&mut heap, "com.acme.Events", "ALL", all);
    english(&[judge(heap).suspects.remove(0).title])
}

#[test]
fn elements_of_several_classes_are_counted_together() {
    let title = events(2000, 1000, false);
    assert_eq!(title, "3,000 elements (2,000 Arrived, 1,000 Delayed) held by com.acme.Events.ALL");
    assert_eq!(events(2000, 100, false), "2,000 Arrived held by com.acme.Events.ALL");
    let title = events(2000, 2000, true);
    assert_eq!(title, "2,000 Arrived held by com.acme.Events.ALL", "keys are no elements");
}
