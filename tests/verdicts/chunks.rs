//! Queues of chunks: what waits in them is told, and not the chunks.

use crate::known_by_rules::reference;
use crate::{bytes, english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// 60 chunks of 64 messages each in a queue of a library's, as a list that is linked both ways.
fn queue(class: &str, next: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let message = heap.class("zmq.Msg").loader(loader).field("data", Kind::Ref).build();
    let chunk = heap.class(&format!("{class}$Chunk")).loader(loader);
    let chunk = chunk.field("values", Kind::Ref).field(next, Kind::Ref).field("prev", Kind::Ref).build();
    let chunks: Vec<Addr> = (0..60)
        .map(|_| {
            let messages: Vec<Addr> = (0..64)
                .map(|_| {
                    let data = bytes(&mut heap, 850);
                    heap.instance(message, &[Value::Ref(data)])
                })
                .collect();
            let values = heap.object_array("java.lang.Object[]", &messages);
            heap.instance_with(chunk, &[("values", Value::Ref(values))])
        })
        .collect();
    for pair in chunks.windows(2) {
        heap.set_field(pair[0], next, Value::Ref(pair[1]));
        heap.set_field(pair[1], "prev", Value::Ref(pair[0]));
    }
    let fields = [reference("beginChunk", chunks[0]), reference("endChunk", chunks[59])];
    let queue = library_object(&mut heap, class, &fields);
    let pipe = match class {
        "zmq.pipe.YQueue" => library_object(&mut heap, "zmq.pipe.YPipe", &[reference("queue", queue)]),
        _ => queue,
    };
    let sender = one_field(&mut heap, "com.acme.Sender", "out", pipe);
    held_by_static(&mut heap, "com.acme.Plant", "SENDER", sender);
    judge(heap)
}

#[test]
fn what_waits_in_the_chunks_of_a_queue_is_told() {
    let report = queue("zmq.pipe.YQueue", "next");
    let first = &report.suspects[0];
    assert!(first.backlog, "{:?}", first.rule);
    assert_eq!(first.rule.as_deref(), Some("jeromq.pipe-backlog"));
    let said = english(&report.verdict.sentences);
    assert!(
        said.contains("3,840 Msg") || english(std::slice::from_ref(&first.title)).contains("3,840 Msg"),
        "{said}"
    );
    assert!(english(&first.advice).contains("high-water mark"));
}

/// A tree with an array of children in each node is no queue.
#[test]
fn what_has_no_next_one_is_no_chunk() {
    let title = |next: &str| {
        let report = queue("org.apache.other.Tree", next);
        english(std::slice::from_ref(&report.suspects[0].title))
    };
    assert_eq!(title("parent"), "One Tree with 60 Tree$Chunk held by com.acme.Sender.out");
    assert_eq!(title("next"), "One Tree with 3,840 Msg held by com.acme.Sender.out");
}

/// Listeners in the chunks of a feed of the application's own, which are linked backwards; each chunk may have a name as well, or room for a few only.
fn feed(has_name: bool, room: usize) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let listener = heap.app_class("com.acme.Listener").field("basket", Kind::Ref).build();
    let chunk = heap.app_class("com.acme.Feed$Chunk").field("slots", Kind::Ref).field("used", Kind::Int);
    let chunk = chunk.field("previous", Kind::Ref).field("name", Kind::Ref).build();
    let mut last = Addr::NULL;
    for number in 0..(20_000 / room) {
        let slots: Vec<Addr> = (0..room)
            .map(|_| {
                let basket = bytes(&mut heap, 100);
                heap.instance(listener, &[Value::Ref(basket)])
            })
            .collect();
        let slots = heap.object_array("java.lang.Object[]", &slots);
        let name = if has_name { heap.string(&format!("revision {number}")) } else { Addr::NULL };
        last = heap.instance_with(
            chunk,
            &[("slots", Value::Ref(slots)), ("previous", Value::Ref(last)), ("name", Value::Ref(name))],
        );
    }
    let feed = one_field(&mut heap, "com.acme.Feed", "last", last);
    held_by_static(&mut heap, "com.acme.Rates", "FEED", feed);
    english(std::slice::from_ref(&judge(heap).suspects[0].title))
}

#[test]
fn what_is_in_the_applications_own_chunks_is_told() {
    assert_eq!(feed(false, 40), "20,000 Listener held by com.acme.Feed.last");
    // What has a name is what somebody has put there, and so is what has a few of something.
    assert_eq!(feed(true, 40), "500 Feed$Chunk held by com.acme.Feed.last");
    assert_eq!(feed(false, 4), "5,000 Feed$Chunk held by com.acme.Feed.last");
}

/// What is put into a channel implements one interface of the application's.
#[test]
fn what_waits_in_chunks_is_told_with_all_its_classes() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let arrived = payload(&mut heap, "com.acme.Arrived", 2000, 400);
    let delayed = payload(&mut heap, "com.acme.Delayed", 1840, 400);
    let events: Vec<Addr> = arrived.iter().zip(&delayed).flat_map(|(&one, &other)| [one, other]).collect();
    let chunk = heap.class("org.channels.Queue$Segment").loader(loader);
    let chunk = chunk.field("values", Kind::Ref).field("next", Kind::Ref).build();
    let mut next = Addr::NULL;
    for events in events.chunks(64) {
        let values = heap.object_array("java.lang.Object[]", events);
        next = heap.instance(chunk, &[Value::Ref(values), Value::Ref(next)]);
    }
    let queue = library_object(&mut heap, "org.channels.Queue", &[reference("first", next)]);
    held_by_static(&mut heap, "com.acme.Notifier", "OUTBOX", queue);
    let title = english(&[judge(heap).suspects.remove(0).title]);
    assert!(title.contains("3,680 elements (1,840 Arrived, 1,840 Delayed)"), "{title}");
}
