//! Few objects that are large: what grows is each of them, and not their number.

use crate::{bytes, english, held_by_static, ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// A map of so many series of values in a library's object, each with an array of that length of which so many are in use.
fn series(count: i32, length: usize, used: i32) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let array = heap.class("org.apache.commons.math3.util.ResizableDoubleArray").loader(loader);
    let array = array.field("internalArray", Kind::Ref).field("numElements", Kind::Int).build();
    let series = heap.class("org.apache.commons.math3.stat.DescriptiveStatistics").loader(loader);
    let series = series.field("eDA", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..count)
        .map(|number| {
            let values = bytes(&mut heap, length);
            let array = heap.instance(array, &[Value::Ref(values), Value::Int(used)]);
            (heap.boxed_int(number), heap.instance(series, &[Value::Ref(array)]))
        })
        .collect();
    let map = heap.concurrent_hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Latencies", "BY_ENDPOINT", map);
    judge(heap)
}

#[test]
fn what_grows_in_each_of_a_few_is_told_and_not_their_number() {
    let first = series(45, 100 << 10, 80_000).suspects.remove(0);
    assert_eq!(ids(&first.advice), ["suspect-advice-compare", "suspect-advice-each-if-it-grows"]);
    let said = english(&first.activity);
    let expected = "There are only 45: nearly all of each DescriptiveStatistics is in one byte[] of 100 KiB on average, \
                    which has room to grow.";
    assert!(said.contains(expected), "{said}");
    for (count, length, used, why) in [
        (45, 100 << 10, 100 << 10, "an array that is full, as that of a picture is"),
        (45, 100 << 10, 300, "a number that counts something else"),
        (600, 40 << 10, 30_000, "many"),
        (45, 30 << 10, 20_000, "small"),
    ] {
        let first = series(count, length, used).suspects.remove(0);
        assert!(!english(&first.activity).contains("There are only"), "{why}");
    }
}

/// A map of so many sessions, each with a history of pictures in a skip list; of so many it is empty.
fn sessions(count: i32, emptied: i32) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let session = heap.app_class("com.acme.Session").field("history", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..count)
        .map(|number| {
            let pictures = if number < emptied { 0 } else { 100 };
            let history: Vec<(Addr, Addr)> =
                (0..pictures).map(|at| (heap.boxed_long(at), bytes(&mut heap, 1000))).collect();
            let history = heap.skip_list_map(&history);
            (heap.boxed_int(number), heap.instance(session, &[Value::Ref(history)]))
        })
        .collect();
    let map = heap.skip_list_map(&entries);
    held_by_static(&mut heap, "com.acme.Sessions", "BY_ID", map);
    judge(heap)
}

#[test]
fn skip_lists_that_grow_in_each_of_a_few_are_told() {
    let first = sessions(110, 0).suspects.remove(0);
    let said = english(&first.activity);
    assert!(
        said.contains("There are only 110: nearly all of each Session is in one ConcurrentSkipListMap of"),
        "{said}"
    );
    assert!(ids(&first.advice).contains(&"suspect-advice-each-if-it-grows"), "{:?}", first.advice);
    let first = sessions(110, 60).suspects.remove(0);
    assert!(!english(&first.activity).contains("There are only"));
}

/// Rooms in an array, each with strokes, chat and a history of its own: what there is most of, points, is deep in one of the three. Of `large` rooms in `count` each
/// has ten times as much.
fn rooms(count: usize, pieces: usize, large: usize) -> Report {
    rooms_in(count, pieces, large, false)
}

/// The same, or in maps of a map.
fn rooms_in(count: usize, pieces: usize, large: usize, in_maps: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let point = heap.app_class("com.acme.Point").field("x", Kind::Long).field("y", Kind::Long).build();
    let room = heap.app_class("com.acme.Room");
    let room =
        ["strokes", "chat", "history"].iter().fold(room, |room, field| room.field(field, Kind::Ref)).build();
    let all: Vec<Addr> = (0..count)
        .map(|at| {
            let pieces = if at < large { pieces * 100 } else { pieces };
            let strokes: Vec<Addr> = (0..)
                .take(3 * pieces)
                .map(|at| heap.instance(point, &[Value::Long(at), Value::Long(2)]))
                .collect();
            let chat: Vec<Addr> = (0..pieces).map(|_| bytes(&mut heap, 80)).collect();
            let history: Vec<Addr> = (0..pieces / 4).map(|_| bytes(&mut heap, 300)).collect();
            let parts = [strokes, chat, history].map(|part| Value::Ref(heap.array_list(&part)));
            heap.instance(room, &parts)
        })
        .collect();
    let all = if in_maps {
        let by_day: Vec<(Addr, Addr)> = all
            .chunks(10)
            .map(|rooms| {
                let of_day: Vec<(Addr, Addr)> =
                    rooms.iter().map(|&room| (heap.string("room"), room)).collect();
                (heap.string("day"), heap.hash_map(&of_day))
            })
            .collect();
        heap.hash_map(&by_day)
    } else {
        heap.object_array("com.acme.Room[]", &all)
    };
    let directory = heap.app_class("com.acme.Directory").field("rooms", Kind::Ref).build();
    let directory = heap.instance(directory, &[Value::Ref(all)]);
    held_by_static(&mut heap, "com.acme.App", "DIRECTORY", directory);
    judge(heap)
}

#[test]
fn what_each_of_a_few_owners_keeps_is_told_by_its_fields() {
    let first = rooms(50, 400, 0).suspects.remove(0);
    assert_eq!(
        (&*first.class, first.instances),
        ("com.acme.Room", 50),
        "{:?} {:?} {:?}",
        ids(&first.advice),
        first.standing,
        english(&first.activity)
    );
    assert_eq!(first.holder.label(), "com.acme.Directory.rooms");
    let said = english(&first.activity);
    assert!(said.contains("Each Room has 113 KiB on average: strokes 37%, chat 35%, history 28%."), "{said}");
    assert!(english(&first.advice).contains("see whether all 50 are still needed"), "{:?}", first.advice);
    let first = rooms_in(50, 400, 0, true).suspects.remove(0);
    let said = english(&first.activity);
    assert!(said.contains("Each Room has 113 KiB on average: strokes 37%"), "in maps of a map: {said}");
    for (count, pieces, large, why) in [
        (400, 400, 0, "many, of which there may be too many"),
        (50, 100, 0, "small ones"),
        (60, 400, 1, "one that has most of it"),
    ] {
        let first = rooms(count, pieces, large).suspects.remove(0);
        assert!(!english(&first.activity).contains("Each Room has"), "{why}");
    }
}
