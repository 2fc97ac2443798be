//! Whether a thread that threw was adding to what fills the heap: by what it has in hand, and by the arrays that it was enlarging.

use crate::{bytes, english, held_by_static, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::OomRole;

/// Sinks of a library's stream that buffer what nobody takes; a thread that throws has another sink of them in hand, or a small object.
fn sinks(has_one: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let sinks: Vec<Addr> = (0..4)
        .map(|_| {
            let buffer = bytes(&mut heap, 400_000);
            library_object(
                &mut heap,
                "reactor.core.publisher.BufferSink",
                &[("queue", Kind::Ref, Value::Ref(buffer))],
            )
        })
        .collect();
    let all = heap.array_list(&sinks);
    let static_all = heap.app_class_loader();
    let owner =
        heap.class("reactor.core.publisher.Sinks").loader(static_all).static_field("ALL", Value::Ref(all));
    owner.sticky().build();
    let sink = if has_one { sinks[3] } else { bytes(&mut heap, 16) };
    let serialized = library_object(
        &mut heap,
        "reactor.core.publisher.SerializedSink",
        &[("sink", Kind::Ref, Value::Ref(sink))],
    );
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let message = heap.string("Java heap space");
    let thrown = heap.instance_with(error, &[("detailMessage", Value::Ref(message))]);
    let ticker = heap.app_class("com.acme.Ticker").build();
    let thread = heap.thread("link-2").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.local(thrown).frame(ticker, "live", "()V", "Ticker.java", 9).local(serialized).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_has_a_part_of_it_in_hand_is_not_only_the_victim() {
    assert_eq!(sinks(true), OomRole::Unknown);
    assert_eq!(sinks(false), OomRole::Victim);
}

/// Tracks of ships in a static map, each with an array of its own; a thread throws while it copies an array in a method of a track: that of a track, or
/// one that nothing keeps.
fn tracks(method: &str, is_of_track: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let track = heap.app_class("com.acme.Track").field("times", Kind::Ref).build();
    let times: Vec<Addr> = (0..300).map(|_| bytes(&mut heap, 4 << 10)).collect();
    let tracks: Vec<Addr> = times.iter().map(|&times| heap.instance(track, &[Value::Ref(times)])).collect();
    let list = heap.array_list(&tracks);
    held_by_static(&mut heap, "com.acme.Tracks", "ALL", list);
    let copied = if is_of_track { times[7] } else { bytes(&mut heap, 4 << 10) };
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let arrays = heap.class("java.util.Arrays").build();
    let thread = heap.thread("decoder-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(arrays, "copyOf", "([BI)[B", "Arrays.java", 3700).local(copied);
    thread.frame(track, method, "()V", "Track.java", 6).local(tracks[7]).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_enlarges_an_array_of_what_fills_the_heap_fills_it() {
    assert_eq!(tracks("add", true), OomRole::Culprit);
    assert_eq!(tracks("add", false), OomRole::Victim);
    // A copy that is given away.
    assert_eq!(tracks("toArray", true), OomRole::Victim);
}

/// What a program has written is collected in one buffer of a static field; a thread throws while that one is enlarged, or one of its own.
fn collected(method: &str, is_its: bool) -> (OomRole, String) {
    let mut heap = HeapBuilder::hotspot17();
    let stream = heap.class("java.io.ByteArrayOutputStream").field("buf", Kind::Ref).build();
    let said = bytes(&mut heap, 4 << 20);
    let said_in = heap.instance(stream, &[Value::Ref(said)]);
    held_by_static(&mut heap, "com.acme.Captured", "SAID", said_in);
    let own = bytes(&mut heap, 4 << 10);
    let own_in = heap.instance(stream, &[Value::Ref(own)]);
    let (copied, receiver) = if is_its { (said, said_in) } else { (own, own_in) };
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let arrays = heap.class("java.util.Arrays").build();
    let tool = heap.app_class("com.acme.Tool").build();
    let thread = heap.thread("migrate-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(arrays, "copyOf", "([BI)[B", "Arrays.java", 3700).local(copied);
    let thread = thread.frame(stream, method, "()V", "ByteArrayOutputStream.java", 100).local(receiver);
    thread.frame(tool, "migrate", "()V", "Tool.java", 6).build();
    let oom = judge(heap).oom.unwrap();
    (oom.role, english(&oom.evidence))
}

#[test]
fn who_enlarges_the_one_array_that_fills_the_heap_fills_it() {
    for method in ["ensureCapacity", "ensureCapacitySameCoder"] {
        let (role, said) = collected(method, true);
        assert_eq!(role, OomRole::Culprit, "{method}: {said}");
        assert!(said.contains("It was enlarging") && said.contains("ByteArrayOutputStream"), "{said}");
        assert_eq!(collected(method, false).0, OomRole::Victim, "{method}");
    }
    assert_eq!(collected("toByteArray", true).0, OomRole::Victim, "a copy that is given away");
}

/// Series of values in a static map, each with an array in a library's object; a thread throws in a method of such an object, or of a series, that asks
/// for memory itself: one of those in the map, or one that nothing keeps.
fn series(class: &str, method: &str, is_kept: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let array = heap.class("org.apache.commons.math3.util.ResizableDoubleArray").loader(loader);
    let array = array.field("values", Kind::Ref).build();
    let series = heap.app_class("com.acme.Series").field("array", Kind::Ref).build();
    let make = |heap: &mut HeapBuilder| {
        let values = bytes(heap, 40 << 10);
        let values = heap.instance(array, &[Value::Ref(values)]);
        (values, heap.instance(series, &[Value::Ref(values)]))
    };
    let all: Vec<(Addr, Addr)> = (0..30).map(|_| make(&mut heap)).collect();
    let one = if is_kept { all[7] } else { make(&mut heap) };
    let list: Vec<Addr> = all.iter().map(|&(_, series)| series).collect();
    let list = heap.array_list(&list);
    held_by_static(&mut heap, "com.acme.Store", "ALL", list);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("mqtt-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = match class {
        "com.acme.Series" => thread,
        _ => thread.frame(array, method, "()V", "ResizableDoubleArray.java", 9).local(one.0),
    };
    let inner = if class == "com.acme.Series" { method } else { "record" };
    thread.frame(series, inner, "()V", "Series.java", 9).local(one.1).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_makes_room_by_hand_in_what_fills_the_heap_fills_it() {
    assert_eq!(series("com.acme.Series", "enlarge", true), OomRole::Unknown, "it has no array itself");
    assert_eq!(series("ResizableDoubleArray", "expand", true), OomRole::Culprit);
    assert_eq!(series("ResizableDoubleArray", "expand", false), OomRole::Victim);
    assert_eq!(series("ResizableDoubleArray", "copyOf", true), OomRole::Victim);
    // What it was asked for may have been for the series or for another thing.
    assert_eq!(series("com.acme.Series", "render", true), OomRole::Unknown);
    assert_eq!(series("com.acme.Series", "render", false), OomRole::Victim);
}
