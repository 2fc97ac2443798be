//! A collection that lets go of its elements, beside another one of the same that does not; and what a task keeps that is not running.

use crate::{bytes, english, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Suspect;

/// A store with a list of tiles, and a map by name that has so many of them and says that it may have `limit`; of the map's so many are its own.
fn store(mapped: usize, limit: i32, own: usize) -> (String, Suspect) {
    const ALL: usize = 3000;
    let mut heap = HeapBuilder::hotspot17();
    let tiles = payload(&mut heap, "com.acme.Tile", ALL + own, 2000);
    let entries: Vec<(Addr, Addr)> = (0..)
        .zip(&tiles[ALL + own - mapped..])
        .map(|(at, &tile)| (heap.string(&format!("tile {at}")), tile))
        .collect();
    // As many again have come and gone.
    let by_name = heap.hash_map(&entries);
    heap.set_field(by_name, "modCount", Value::Int(9000));
    let list = heap.array_list(&tiles[..ALL]);
    let class = heap.app_class("com.acme.TileStore").field("byName", Kind::Ref).field("recent", Kind::Ref);
    let class = class.field("maxEntries", Kind::Int).build();
    let store = heap.instance(class, &[Value::Ref(by_name), Value::Ref(list), Value::Int(limit)]);
    held_by_static(&mut heap, "com.acme.Maps", "STORE", store);
    let first = judge(heap).suspects.remove(0);
    (english(&first.activity), first)
}

#[test]
fn a_full_map_beside_a_list_that_keeps_what_the_map_has_thrown_out_is_told() {
    let (said, first) = store(1200, 1200, 0);
    assert_eq!(first.holder.label(), "com.acme.TileStore.recent");
    let expected = "TileStore.byName has 1,200 of these Tile and is full: what is thrown out of it stays in com.acme.TileStore.recent.";
    assert!(said.contains(expected), "{said}");
    assert!(ids(&first.advice).contains(&"suspect-advice-full-beside"), "{:?}", first.advice);
    let (said, first) = store(1200, 100_000, 0);
    assert!(said.contains("Only 1,200 of these Tile are in TileStore.byName as well."), "{said}");
    assert!(!ids(&first.advice).contains(&"suspect-advice-full-beside"));
    for (mapped, own, why) in [(1200, 1200, "others"), (2500, 0, "nearly all"), (5, 0, "next to none")] {
        let (said, _) = store(mapped, i32::try_from(mapped).unwrap(), own);
        assert!(!said.contains("byName"), "{why}: {said}");
    }
}

/// The same where the list is made of the tiles themselves, of which the store has both ends.
#[test]
fn a_full_map_inside_of_what_has_a_list_is_told_as_that() {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("com.acme.Tile").field("older", Kind::Ref).field("newer", Kind::Ref);
    let class = class.field("data", Kind::Ref).build();
    let tiles: Vec<Addr> = (0..3000)
        .map(|_| {
            let data = bytes(&mut heap, 2000);
            heap.instance(class, &[Value::NULL, Value::NULL, Value::Ref(data)])
        })
        .collect();
    for pair in tiles.windows(2) {
        heap.set_field(pair[0], "newer", Value::Ref(pair[1]));
        heap.set_field(pair[1], "older", Value::Ref(pair[0]));
    }
    let entries: Vec<(Addr, Addr)> =
        (0..).zip(&tiles[1800..]).map(|(at, &tile)| (heap.boxed_int(at), tile)).collect();
    let by_key = heap.hash_map(&entries);
    heap.set_field(by_key, "modCount", Value::Int(9000));
    let class = ["byKey", "newest", "oldest"]
        .iter()
        .fold(heap.app_class("com.acme.TileStore"), |class, field| class.field(field, Kind::Ref));
    let class = class.field("maxEntries", Kind::Int).build();
    let ends = [tiles[2999], tiles[0]].map(Value::Ref);
    let store = heap.instance(class, &[Value::Ref(by_key), ends[0], ends[1], Value::Int(1200)]);
    let class = heap.app_class("com.acme.Tiles").field("store", Kind::Ref).build();
    let service = heap.instance(class, &[Value::Ref(store)]);
    held_by_static(&mut heap, "com.acme.App", "TILES", service);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Tiles.store");
    let said = english(&first.activity);
    let expected = "TileStore.byKey has 1,200 of these Tile and is full: what is thrown out of it stays in the TileStore all the same.";
    assert!(said.contains(expected), "{said}");
    assert!(!ids(&first.advice).contains(&"suspect-advice-full-beside"), "{:?}", first.advice);
}

/// A job that waits in a timer's queue with the rows of its last run; or runs.
fn job(is_running: bool, is_by_lambda: bool, period: i64) -> (String, Suspect) {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 3000, 2000);
    let rows = heap.array_list(&rows);
    let class = heap.app_class("com.acme.Settlement").field("rows", Kind::Ref).build();
    let job = heap.instance(class, &[Value::Ref(rows)]);
    let task = if is_by_lambda {
        let lambda = heap.app_class("com.acme.App$$Lambda+0x00007f0001").field("arg$1", Kind::Ref).build();
        heap.instance(lambda, &[Value::Ref(job)])
    } else {
        job
    };
    let adapter =
        heap.class("java.util.concurrent.Executors$RunnableAdapter").field("task", Kind::Ref).build();
    let adapter = heap.instance(adapter, &[Value::Ref(task)]);
    let future = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    let future = future.field("callable", Kind::Ref).field("period", Kind::Long).build();
    let future = heap.instance(future, &[Value::Ref(adapter), Value::Long(period)]);
    let queue = heap.object_array("java.util.concurrent.RunnableScheduledFuture[]", &[future]);
    held_by_static(&mut heap, "com.acme.App", "QUEUE", queue);
    let at_work =
        heap.app_class(if is_running { "com.acme.Settlement$Reader" } else { "com.acme.Other" }).build();
    heap.thread("cron-1").frame(at_work, "read", "()V", "X.java", 5).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Settlement.rows");
    (english(&first.activity), first)
}

#[test]
fn what_a_task_keeps_between_two_runs_is_told() {
    for is_by_lambda in [false, true] {
        let (said, first) = job(false, is_by_lambda, -5_000_000_000);
        let expected = "Settlement is not running: it waits to be run again, and keeps what earlier runs have left there.";
        assert!(said.contains(expected), "{said}");
        assert!(ids(&first.advice).contains(&"suspect-advice-task-rests-if-it-grows"), "{:?}", first.advice);
        let (said, _) = job(false, is_by_lambda, 0);
        assert!(
            said.contains("Settlement is not running: it waits to be run, and keeps this meanwhile."),
            "{said}"
        );
        let (said, first) = job(true, is_by_lambda, -5_000_000_000);
        assert!(!said.contains("is not running"), "{said}");
        assert!(ids(&first.advice).contains(&"suspect-advice-field-if-it-grows"), "{:?}", first.advice);
    }
}

#[test]
fn what_the_keys_of_the_maps_of_threads_look_like_is_told() {
    let said = |of_each: usize, is_in_object: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let ruler = heap.app_class("com.acme.Ruler").field("widths", Kind::Ref).build();
        let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
        let map = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
        let key = heap.class_named("java.lang.ThreadLocal");
        let key = heap.instance(key, &[Value::Int(7)]);
        held_by_static(&mut heap, "com.acme.Fonts", "MEASURED", key);
        for number in 0..4 {
            let entries: Vec<(Addr, Addr)> = (0..of_each)
                .map(|at| {
                    (heap.string(&format!("Invoice {at} line {number}")), bytes(&mut heap, 600_000 / of_each))
                })
                .collect();
            let value = heap.hash_map(&entries);
            let value = if is_in_object { heap.instance(ruler, &[Value::Ref(value)]) } else { value };
            let found =
                heap.instance_with(entry, &[("referent", Value::Ref(key)), ("value", Value::Ref(value))]);
            let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
            let locals = heap.instance_with(map, &[("table", Value::Ref(table))]);
            heap.thread(&format!("lane-{number}")).field("threadLocals", Value::Ref(locals)).build();
        }
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.holder.label(), "com.acme.Fonts.MEASURED");
        english(&first.activity)
    };
    let many = said(1000, false);
    assert!(many.contains("Keys look like \"Invoice * line *\" (1,000 looked at)"), "{many}");
    let of_object = said(1000, true);
    let whose = "Keys of Ruler.widths look like \"Invoice * line *\" (1,000 looked at)";
    assert!(of_object.contains(whose), "{of_object}");
    let few = said(20, false);
    assert!(!few.contains("Keys look like"), "{few}");
}

/// Sessions of a table beside which stands, in such a field, a task that has ended with an exception.
fn beside_failed(field: &str) -> (String, Suspect, String) {
    let mut heap = HeapBuilder::hotspot17();
    let sessions = payload(&mut heap, "com.acme.Session", 3000, 1500);
    let entries: Vec<(Addr, Addr)> =
        (0..).zip(sessions).map(|(at, session)| (heap.boxed_int(at), session)).collect();
    let sessions = heap.hash_map(&entries);
    let error = heap.class_named("java.lang.Throwable");
    let error = heap.class("java.lang.NullPointerException").extends(error).build();
    let error = heap.instance_with(error, &[]);
    let base =
        heap.class("java.util.concurrent.FutureTask").field("state", Kind::Int).field("outcome", Kind::Ref);
    let base = base.build();
    let task =
        heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask").extends(base);
    let task = task.field("period", Kind::Long).build();
    let task = heap.instance_with(
        task,
        &[("state", Value::Int(3)), ("outcome", Value::Ref(error)), ("period", Value::Long(1_000_000_000))],
    );
    let class = heap.app_class("com.acme.SessionManager").field("active", Kind::Ref).field(field, Kind::Ref);
    let class = class.build();
    let manager = heap.instance(class, &[Value::Ref(sessions), Value::Ref(task)]);
    held_by_static(&mut heap, "com.acme.App", "SESSIONS", manager);
    let report = judge(heap);
    let first = report.suspects[0].clone();
    assert_eq!(first.holder.label(), "com.acme.SessionManager.active");
    (english(&first.activity), first, english(&report.verdict.sentences))
}

#[test]
fn what_a_dead_task_was_to_empty_is_a_leak_and_is_told_once() {
    let (said, first, verdict) = beside_failed("expiryTask");
    assert!(!first.is_leak_if_it_grows());
    assert_eq!(ids(&first.advice), ["suspect-advice-run-again"]);
    assert!(said.contains("SessionManager.expiryTask ended with java.lang.NullPointerException"), "{said}");
    assert_eq!(verdict.matches("NullPointerException").count(), 1, "{verdict}");
    let (said, first, verdict) = beside_failed("priceRefresh");
    assert!(first.is_leak_if_it_grows(), "{:?}", first.advice);
    assert!(said.contains("if it was to empty com.acme.SessionManager.active"), "{said}");
    assert_eq!(verdict.matches("NullPointerException").count(), 1, "{verdict}");
}
