//! Whether a thread that threw was adding to what fills the heap: by what it has in hand, and by the arrays that it was enlarging.

use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Confidence, OomRole, Suspect};

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

/// Orders in a static list, whose array a method of this class has in hand.
fn array_in_hand_of(class: &str) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 3000, 1500);
    let size = Value::Int(i32::try_from(orders.len()).unwrap());
    let array = heap.object_array("java.lang.Object[]", &orders);
    let list = heap.class_named("java.util.ArrayList");
    let list = heap.instance_with(list, &[("elementData", Value::Ref(array)), ("size", size)]);
    held_by_static(&mut heap, "com.acme.Orders", "OPEN", list);
    let class =
        if class.starts_with("java.") { heap.class_named(class) } else { heap.app_class(class).build() };
    heap.thread("exec-1").frame(class, "grow", "()V", "X.java", 7).local(array).build();
    judge(heap).suspects.remove(0)
}

/// What has the array of a list in hand while that is enlarged returns in a moment: nobody else keeps it.
#[test]
fn a_list_that_is_being_enlarged_is_its_holders_alone() {
    let first = array_in_hand_of("java.util.ArrayList");
    assert_eq!((&*first.holder.label(), first.confidence), ("com.acme.Orders.OPEN", Confidence::Exact));
    let said = english(&first.evidence);
    let freed = "If this holder let go, 4.41 MiB would be freed, as soon as the methods have returned that are at work with it";
    assert!(said.contains(freed), "{said}");
    let first = array_in_hand_of("com.acme.Export");
    assert_eq!((&*first.holder.label(), first.confidence), ("com.acme.Orders.OPEN", Confidence::Likely));
}

/// Tracks of ships in a static map, each with an array of its own; a thread throws while it copies an array in a method of a track: that of a track, or
/// one that nothing keeps.
fn tracks(method: &str, is_of_track: bool) -> (OomRole, String) {
    tracks_of(&[6 << 10, 2 << 10, 1 << 10].repeat(100), method, is_of_track)
}

/// The same with arrays of these lengths.
fn tracks_of(lengths: &[usize], method: &str, is_of_track: bool) -> (OomRole, String) {
    let mut heap = HeapBuilder::hotspot17();
    let track = heap.app_class("com.acme.Track").field("times", Kind::Ref).build();
    let times: Vec<Addr> = lengths.iter().map(|&length| bytes(&mut heap, length)).collect();
    let tracks: Vec<Addr> = times.iter().map(|&times| heap.instance(track, &[Value::Ref(times)])).collect();
    let list = heap.array_list(&tracks);
    held_by_static(&mut heap, "com.acme.Tracks", "ALL", list);
    let copied = if is_of_track { times[7] } else { bytes(&mut heap, 4 << 10) };
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let arrays = heap.class("java.util.Arrays").build();
    let thread = heap.thread("decoder-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(arrays, "copyOf", "([BI)[B", "Arrays.java", 3700).local(copied);
    thread.frame(track, method, "()V", "Track.java", 6).local(tracks[7]).build();
    let oom = judge(heap).oom.unwrap();
    (oom.role, english(&oom.evidence))
}

#[test]
fn who_enlarges_an_array_of_what_fills_the_heap_fills_it() {
    let (role, said) = tracks("add", true);
    assert_eq!(role, OomRole::Culprit);
    assert!(said.contains("It was enlarging the array of one com.acme.Track"), "{said}");
    assert!(said.contains("each of them grows, so bound what one keeps"), "{said}");
    // Of many that have about as much each it may be the number that grows.
    let (role, said) = tracks_of(&[4 << 10; 300], "add", true);
    assert_eq!(role, OomRole::Culprit);
    assert!(
        said.contains("There are 300 of them, about 4.03 KiB each: see whether there are too many"),
        "{said}"
    );
    let (_, said) = tracks_of(&[32 << 10; 40], "add", true);
    assert!(said.contains("each of them grows"), "{said}");
    // What is copied may be made shorter or only given away: it is no buffer that grows.
    for (method, is_of_track) in [("add", false), ("toArray", true)] {
        let (role, said) = tracks(method, is_of_track);
        assert_eq!(role, OomRole::Victim, "{method}");
        assert!(!said.contains("enlarging") && said.contains("It was copying an array"), "{said}");
    }
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

/// Workers each of which keeps values in a library's map in a thread-local; one throws in a function that the map has called, or in another method of the
/// class, with its own map in hand or one that nobody keeps.
fn memo(method: &str, is_own: bool) -> (OomRole, String) {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let map_class = heap.class("it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap").loader(loader);
    let map_class = map_class.field("value", Kind::Ref).build();
    let make = |heap: &mut HeapBuilder, count: usize| {
        let curves: Vec<Addr> = (0..count).map(|_| bytes(heap, 480)).collect();
        let table = heap.object_array("java.lang.Object[]", &curves);
        heap.instance(map_class, &[Value::Ref(table)])
    };
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let locals = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    held_by_static(&mut heap, "com.acme.Memo", "MEMO", key);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let memo = heap.app_class("com.acme.Memo").build();
    let other = make(&mut heap, 1);
    for number in 0..8 {
        // The one that throws is none of those with the most.
        let map = make(&mut heap, if number == 7 { 800 } else { 1000 });
        let found = [("referent", Value::Ref(key)), ("value", Value::Ref(map))];
        let found = heap.instance_with(entry, &found);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
        let table = heap.instance_with(locals, &[("table", Value::Ref(table))]);
        let thread = heap.thread(&format!("calc-{number}")).field("threadLocals", Value::Ref(table));
        if number < 7 {
            thread.build();
            continue;
        }
        thread
            .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
            .frame(memo, "lambda$discount$0", "()V", "Memo.java", 8)
            .frame(map_class, method, "()V", "Int2ObjectOpenHashMap.java", 500)
            .local(if is_own { map } else { other })
            .frame(memo, "discount", "()V", "Memo.java", 7)
            .build();
    }
    let oom = judge(heap).oom.unwrap();
    (oom.role, english(&oom.evidence))
}

#[test]
fn who_fills_a_librarys_map_in_its_own_thread_local_fills_it() {
    let (role, said) = memo("computeIfAbsent", true);
    assert_eq!(role, OomRole::Culprit, "{said}");
    assert_eq!(memo("forEach", true).0, OomRole::Victim, "it only reads");
    let (role, said) = memo("computeIfAbsent", false);
    assert_eq!(role, OomRole::Victim);
    assert!(said.contains("nothing that it had in hand shows that it was adding to it"), "{said}");
}

/// Blocks of transfers that chain back; a thread throws in a method of the class that keeps the last one, with an array in hand that it fills: of
/// transfers that it has made, of some that are in the chain, or with nothing in it.
fn blocks(in_hand: &str) -> (OomRole, String) {
    let mut heap = HeapBuilder::hotspot17();
    let transfer = heap.app_class("com.acme.Transfer").field("memo", Kind::Ref).build();
    let block =
        heap.app_class("com.acme.Block").field("parent", Kind::Ref).field("transfers", Kind::Ref).build();
    let ledger = heap.app_class("com.acme.Ledger").field("head", Kind::Ref).build();
    let make = |heap: &mut HeapBuilder| {
        let transfers: Vec<Addr> = (0..10)
            .map(|_| {
                let memo = bytes(heap, 100);
                heap.instance(transfer, &[Value::Ref(memo)])
            })
            .collect();
        (heap.object_array("com.acme.Transfer[]", &transfers), transfers)
    };
    let mut head = Addr(0);
    let mut kept = Vec::new();
    for _ in 0..600 {
        let (array, transfers) = make(&mut heap);
        head = heap.instance(block, &[Value::Ref(head), Value::Ref(array)]);
        kept = transfers;
    }
    let keeps = heap.instance(ledger, &[Value::Ref(head)]);
    held_by_static(&mut heap, "com.acme.Node", "LEDGER", keeps);
    let array = match in_hand {
        "new" => make(&mut heap).0,
        "kept" => heap.object_array("com.acme.Transfer[]", &kept),
        _ => heap.object_array("com.acme.Transfer[]", &[]),
    };
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("builder").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(ledger, "seal", "()V", "Ledger.java", 10).local(keeps).local(array).build();
    let report = judge(heap);
    (report.oom.unwrap().role, english(&report.verdict.sentences))
}

#[test]
fn who_makes_an_array_of_what_piles_up_fills_it() {
    let (role, said) = blocks("new");
    assert_eq!(role, OomRole::Culprit, "{said}");
    assert_eq!(blocks("kept").0, OomRole::Victim, "it reads what is there");
    // It has the ledger in hand, and what it was about to do with the array does not show.
    let (role, said) = blocks("none");
    assert_eq!(role, OomRole::Culprit);
    assert!(said.contains("it is probably the culprit: it was in a method of the com.acme.Ledger"), "{said}");
}

/// Meters of a library's registry in a static field of the class whose method was called; the thread that throws has called the registry, which copies its
/// meters into a new list, or adds them to one.
fn registry(method: &str) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let meters: Vec<Addr> = (0..300)
        .map(|_| {
            let histogram = bytes(&mut heap, 4 << 10);
            library_object(
                &mut heap,
                "io.micrometer.core.Timer",
                &[("histogram", Kind::Ref, Value::Ref(histogram))],
            )
        })
        .collect();
    let list = heap.array_list(&meters);
    let registry =
        library_object(&mut heap, "io.micrometer.core.Registry", &[("meters", Kind::Ref, Value::Ref(list))]);
    held_by_static(&mut heap, "com.acme.Checkout", "METRICS", registry);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let view = heap.class("java.util.concurrent.ConcurrentHashMap$CollectionView").build();
    let (copies, registers) =
        (heap.class_named("java.util.ArrayList"), heap.class_named("io.micrometer.core.Registry"));
    let checkout = heap.class_named("com.acme.Checkout");
    let thread = heap.thread("main").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(view, "toArray", "()[Ljava/lang/Object;", "ConcurrentHashMap.java", 4471);
    let thread = thread.frame(copies, method, "()V", "ArrayList.java", 181);
    let thread = thread.frame(registers, "getMeters", "()V", "Registry.java", 414).local(registry);
    thread.frame(checkout, "main", "()V", "Checkout.java", 20).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_reads_what_fills_the_heap_does_not_fill_it() {
    assert_eq!(registry("<init>"), OomRole::Unknown);
    assert_eq!(registry("addAll"), OomRole::Culprit);
}

/// Frames in a map of a library's channel; a handler of the class around that of the frames throws with a context in hand that leads to that channel, or to another one.
fn channel(element: &str, leads_there: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let frame = heap.app_class(element).field("bytes", Kind::Ref).build();
    let frames: Vec<Addr> = (0..300)
        .map(|_| {
            let bytes = bytes(&mut heap, 4 << 10);
            heap.instance(frame, &[Value::Ref(bytes)])
        })
        .collect();
    let list = heap.array_list(&frames);
    let channel =
        library_object(&mut heap, "io.netty.channel.Channel", &[("attributes", Kind::Ref, Value::Ref(list))]);
    let other = library_object(&mut heap, "io.netty.channel.Other", &[]);
    let end = if leads_there { channel } else { other };
    let pipeline =
        library_object(&mut heap, "io.netty.channel.Pipeline", &[("channel", Kind::Ref, Value::Ref(end))]);
    let context = library_object(
        &mut heap,
        "io.netty.channel.Context",
        &[("pipeline", Kind::Ref, Value::Ref(pipeline))],
    );
    let loader = heap.app_class_loader();
    let server =
        heap.class("io.netty.channel.Server").loader(loader).static_field("OPEN", Value::Ref(channel));
    server.sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let tracker = heap.app_class("com.acme.Relay$Tracker").build();
    let thread = heap.thread("uplink-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(tracker, "write", "()V", "Relay.java", 14).local(context).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_may_have_made_the_next_of_what_a_library_keeps_is_not_only_the_victim() {
    assert_eq!(channel("com.acme.Relay$Frame", true), OomRole::Unknown);
    assert_eq!(channel("com.acme.Relay$Frame", false), OomRole::Victim);
    assert_eq!(channel("com.acme.Frame", true), OomRole::Victim, "it does other work");
}
