//! What other threads say of the one that threw: those that are called alike and stand in the same method do the same work, and who is called like nobody has work
//! of its own.

use crate::{bytes, english, held_by_static, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{OomRole, Report};

/// A thread beside the one that throws: its name, the method of the service that it is in, and the method of the index that it has called, if any.
type Other = (&'static str, &'static str, Option<&'static str>);

/// Marks in an index of a service. A thread of that name throws in a method of the service, with the service in hand there or only in the lambda that it was
/// started with.
fn marks(name: &str, method: &str, is_in_hand: bool, others: &[Other]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let mark_class = heap.app_class("com.acme.Mark").field("data", Kind::Ref).build();
    let marks: Vec<Addr> = (0..300)
        .map(|_| {
            let data = bytes(&mut heap, 16 << 10);
            heap.instance(mark_class, &[Value::Ref(data)])
        })
        .collect();
    let slots = heap.object_array("com.acme.Mark[]", &marks);
    let index_class = heap.app_class("com.acme.Index").field("slots", Kind::Ref).build();
    let index = heap.instance(index_class, &[Value::Ref(slots)]);
    let topic = heap.app_class("com.acme.Topic").field("seen", Kind::Ref).build();
    let topic = heap.instance(topic, &[Value::Ref(index)]);
    let service_class = heap.app_class("com.acme.Service").field("topic", Kind::Ref).build();
    let service = heap.instance(service_class, &[Value::Ref(topic)]);
    held_by_static(&mut heap, "com.acme.Server", "SERVICE", service);
    for &(name, method, called) in others {
        let thread = heap.thread(name);
        let thread = match called {
            // It makes the next one, and has not the index in hand.
            Some("<init>") => thread.frame(mark_class, "<init>", "()V", "Mark.java", 2),
            Some(called) => thread.frame(index_class, called, "()V", "Index.java", 8).local(index),
            None => thread,
        };
        thread.frame(service_class, method, "()V", "Service.java", 23).local(service).build();
    }
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread(name).frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(service_class, method, "()V", "Service.java", 20);
    let thread = if is_in_hand { thread.local(service) } else { thread };
    thread.frame(service_class, "lambda$main$0", "()V", "Service.java", 30).local(service).build();
    judge(heap)
}

fn role(report: &Report) -> OomRole {
    report.oom.as_ref().unwrap().role
}

#[test]
fn who_does_the_same_as_one_that_adds_is_to_blame_as_well() {
    let role_beside = |other: Other| role(&marks("consumer-2", "consume", true, &[other]));
    let report = marks("consumer-2", "consume", true, &[("consumer-1", "consume", Some("put"))]);
    assert_eq!(role(&report), OomRole::Culprit);
    let said = english(&report.verdict.sentences);
    assert!(
        said.contains("it is one of the culprits, the threads that fill com.acme.Index.slots: consumer-1"),
        "{said}"
    );
    assert_eq!(role_beside(("consumer-1", "consume", Some("find"))), OomRole::Unknown, "it only looks");
    assert_eq!(role_beside(("exporter-1", "consume", Some("put"))), OomRole::Unknown, "it is another one");
    assert_eq!(role_beside(("consumer-1", "load", Some("put"))), OomRole::Unknown, "it is elsewhere");
    let said = english(&marks("consumer-2", "consume", true, &[]).verdict.sentences);
    assert!(
        said.contains("whether it or others were filling com.acme.Index.slots the dump does not show"),
        "{said}"
    );
}

/// In a constructor nothing is added yet.
#[test]
fn who_is_in_a_constructor_was_making_one_more() {
    let report = marks("consumer-2", "consume", true, &[("consumer-1", "consume", Some("<init>"))]);
    let said = english(&report.verdict.sentences);
    assert!(
        said.contains(
            "consumer-1, which is called alike and in the same method, was just making a new Mark."
        ),
        "{said}"
    );
    assert!(!said.contains("adding something"), "{said}");
}

#[test]
fn who_is_called_like_nobody_and_has_only_the_main_object_is_a_victim() {
    const OTHERS: &[Other] = &[("append-0", "write", None), ("append-1", "write", None)];
    assert_eq!(role(&marks("compactor", "compact", false, OTHERS)), OomRole::Victim);
    assert_eq!(role(&marks("compactor", "compact", true, OTHERS)), OomRole::Unknown, "it goes on with it");
    assert_eq!(role(&marks("append-2", "write", false, OTHERS)), OomRole::Unknown, "it is one of them");
    // Somebody has to fill it.
    assert_eq!(role(&marks("compactor", "compact", false, &OTHERS[..1])), OomRole::Unknown);
    assert_eq!(role(&marks("compactor", "compact", false, &[])), OomRole::Unknown);
}

/// Threads with a pad of marks each in a thread-local; one throws while it has its own pad in hand, or not.
fn pads(is_in_hand: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let pad = heap.app_class("com.acme.Pad").field("marks", Kind::Ref).build();
    let entry = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let locals = heap.class_named("java.lang.ThreadLocal$ThreadLocalMap");
    let key = heap.class_named("java.lang.ThreadLocal");
    let key = heap.instance(key, &[Value::Int(7)]);
    held_by_static(&mut heap, "com.acme.Trace", "PAD", key);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let agent = heap.app_class("com.acme.Agent").build();
    for number in 0..8 {
        let marks: Vec<Addr> = (0..500).map(|_| bytes(&mut heap, 480)).collect();
        let marks = heap.object_array("java.lang.Object[]", &marks);
        let value = heap.instance(pad, &[Value::Ref(marks)]);
        let found = heap.instance_with(entry, &[("referent", Value::Ref(key)), ("value", Value::Ref(value))]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[found]);
        let table = heap.instance_with(locals, &[("table", Value::Ref(table))]);
        let thread = heap.thread(&format!("shop-{number}")).field("threadLocals", Value::Ref(table));
        if number < 7 {
            thread.build();
            continue;
        }
        let thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
        let thread = thread.frame(agent, "request", "()V", "Agent.java", 8);
        if is_in_hand {
            thread.local(value).build()
        } else {
            thread.build()
        };
    }
    judge(heap)
}

#[test]
fn who_is_at_work_with_its_own_of_many_is_one_of_these() {
    let report = pads(true);
    assert_eq!(role(&report), OomRole::Culprit);
    let said = english(&report.verdict.sentences);
    assert!(said.contains("it is one of many that hold the memory together"), "{said}");
    assert_eq!(role(&pads(false)), OomRole::Victim);
}

/// Rooms of a directory, each with messages; so many threads are in a method of a room, and one of these throws.
fn rooms(method: &str, threads: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let room_class = heap.app_class("com.acme.Room").field("messages", Kind::Ref).build();
    let messages = payload(&mut heap, "com.acme.Message", 12 * 40, 4 << 10);
    let rooms: Vec<Addr> = messages
        .chunks(40)
        .map(|messages| {
            let messages = heap.array_list(messages);
            heap.instance(room_class, &[Value::Ref(messages)])
        })
        .collect();
    let table = heap.object_array("com.acme.Room[]", &rooms);
    let directory = heap.app_class("com.acme.Directory").field("rooms", Kind::Ref).build();
    let directory = heap.instance(directory, &[Value::Ref(table)]);
    held_by_static(&mut heap, "com.acme.Server", "DIRECTORY", directory);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let concat = heap.class("java.lang.StringConcatHelper").build();
    for (number, &room) in rooms.iter().enumerate().take(threads).skip(1) {
        let thread = heap.thread(&format!("socket-{number}"));
        thread.frame(room_class, method, "()V", "Room.java", 12).local(room).build();
    }
    let thread = heap.thread("socket-0").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(concat, "newArray", "()V", "StringConcatHelper.java", 5);
    thread.frame(room_class, method, "()V", "Room.java", 12).local(rooms[0]).build();
    judge(heap)
}

#[test]
fn threads_in_one_method_of_what_fills_the_heap_fill_it() {
    let report = rooms("onEvent", 3);
    assert_eq!(role(&report), OomRole::Culprit);
    let said = english(&report.oom.as_ref().unwrap().evidence);
    assert!(said.contains("It was in a method of one com.acme.Room of those that fill the heap"), "{said}");
    assert_ne!(role(&rooms("onEvent", 1)), OomRole::Culprit, "it may be there for anything");
    assert_ne!(role(&rooms("toJson", 3)), OomRole::Culprit, "it makes a text of what is there");
}

/// A store with chained tiles, in one of whose methods a thread throws; beside it a larger list, and what else the store has.
fn store(method: &str, other_bytes: usize, larger: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let tiles = payload(&mut heap, "com.acme.Tile", 300, 8 << 10);
    let table = heap.object_array("com.acme.Tile[]", &tiles);
    let index_class = heap.app_class("com.acme.Tiles$Index").field("table", Kind::Ref).build();
    let index = heap.instance(index_class, &[Value::Ref(table)]);
    let store_class =
        heap.app_class("com.acme.Tiles").field("index", Kind::Ref).field("other", Kind::Ref).build();
    let other = bytes(&mut heap, other_bytes);
    let store = heap.instance(store_class, &[Value::Ref(index), Value::Ref(other)]);
    held_by_static(&mut heap, "com.acme.Server", "TILES", store);
    let notes = payload(&mut heap, "com.acme.Note", larger, 8 << 10);
    let notes = heap.array_list(&notes);
    held_by_static(&mut heap, "com.acme.Notes", "ALL", notes);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("web-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(store_class, method, "()V", "Tiles.java", 7).local(store).build();
    judge(heap)
}

#[test]
fn who_is_in_a_method_of_what_keeps_it_fills_it() {
    let report = store("of", 64, 1);
    assert_eq!(role(&report), OomRole::Culprit);
    let said = english(&report.verdict.sentences);
    let expected = "it is probably the culprit: it was in a method of the com.acme.Tiles that keeps com.acme.Tiles$Index.table";
    assert!(said.contains(expected), "{said}");
    for (method, other_bytes, why) in
        [("export", 64, "it looks at what is there"), ("of", 2 << 20, "the store has other work as well")]
    {
        assert_ne!(role(&store(method, other_bytes, 1)), OomRole::Culprit, "{why}");
    }
}

#[test]
fn who_fills_what_is_second_is_one_of_the_culprits() {
    let report = store("of", 64, 400);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Notes.ALL");
    assert_eq!(role(&report), OomRole::Culprit);
    let said = english(&report.verdict.sentences);
    let expected = "it is one of the culprits: it was filling com.acme.Tiles$Index.table";
    assert!(said.contains(expected), "{said}");
    assert_eq!(role(&store("export", 64, 400)), OomRole::Victim);
    assert_eq!(role(&store("of", 64, 3000)), OomRole::Victim, "what it fills is little of the heap");
}

/// A hub with a list, in hand of so many threads of a pool that are all in one lambda, of which one throws; and of a thread of another name.
fn publishers(count: usize, other: Option<&str>) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let events = payload(&mut heap, "com.acme.Event", 300, 8 << 10);
    let events = heap.array_list(&events);
    let hub = heap.app_class("com.acme.Hub").field("sink", Kind::Ref).build();
    let of = heap.instance(hub, &[Value::Ref(events)]);
    held_by_static(&mut heap, "com.acme.Server", "HUB", of);
    let server = heap.app_class("com.acme.Stream").build();
    for number in 1..count {
        let thread = heap.thread(&format!("worker-{number}"));
        thread.frame(server, "lambda$main$4", "()V", "Stream.java", 8).local(of).build();
    }
    if let Some(name) = other {
        heap.thread(name).frame(server, "listen", "()V", "Stream.java", 20).local(of).build();
    }
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("worker-0").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(server, "lambda$main$4", "()V", "Stream.java", 8).local(of).build();
    judge(heap)
}

#[test]
fn a_pool_of_which_all_threads_have_it_in_hand_and_nobody_else_probably_fills_it() {
    let report = publishers(3, None);
    assert_eq!(role(&report), OomRole::Culprit);
    let said = english(&report.verdict.sentences);
    let expected = "it is probably one of the culprits: 3 threads worker-* are in that method, and they alone have the com.acme.Hub in hand that keeps com.acme.Hub.sink";
    assert!(said.contains(expected), "{said}");
    assert_eq!(role(&publishers(2, None)), OomRole::Unknown, "two may be there by chance");
    assert_eq!(role(&publishers(3, Some("intake"))), OomRole::Unknown, "another one has it as well");
}

/// Baskets, each kept by a lambda of its own in a list of a price list; the thread that throws has that in hand. Another one, of which there are so many, is in a method or a
/// constructor of such a thing.
fn baskets(thrower: &str, count: usize, class: &str, method: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let basket = heap.app_class("com.acme.Basket").field("lines", Kind::Ref).build();
    let lambda = heap.app_class("com.acme.Basket$$Lambda$7").field("arg$1", Kind::Ref).build();
    let listeners: Vec<Addr> = (0..300)
        .map(|_| {
            let lines = bytes(&mut heap, 8 << 10);
            let basket = heap.instance(basket, &[Value::Ref(lines)]);
            heap.instance(lambda, &[Value::Ref(basket)])
        })
        .collect();
    let listeners = heap.array_list(&listeners);
    let prices = heap.app_class("com.acme.PriceList").field("listeners", Kind::Ref).build();
    let prices = heap.instance(prices, &[Value::Ref(listeners)]);
    held_by_static(&mut heap, "com.acme.Shop", "PRICES", prices);
    let server = heap.app_class("com.acme.Server").build();
    let made = if class == "com.acme.Basket" { basket } else { heap.app_class(class).build() };
    for number in 0..count {
        let thread = heap.thread(&format!("shopper-{number}"));
        let thread = if number == 0 { thread.frame(made, method, "()V", "Basket.java", 4) } else { thread };
        thread.frame(server, "lambda$main$1", "()V", "Server.java", 5).build();
    }
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread(thrower).frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(server, "main", "()V", "Server.java", 6).local(prices).build();
    judge(heap)
}

#[test]
fn who_does_other_work_than_those_that_make_the_next_one_is_the_victim() {
    let of_main = |count, class, method| role(&baskets("main", count, class, method));
    assert_eq!(of_main(3, "com.acme.Basket", "<init>"), OomRole::Victim);
    let said = english(&baskets("main", 3, "com.acme.Basket", "<init>").oom.unwrap().evidence);
    assert!(
        said.contains("Thread shopper-0 was just making a com.acme.Basket in com.acme.Basket.<init>"),
        "{said}"
    );
    assert_eq!(of_main(3, "com.acme.Basket", "total"), OomRole::Unknown, "it is only in a method of one");
    assert_eq!(of_main(3, "com.acme.Report", "<init>"), OomRole::Unknown, "it makes something else");
    assert_eq!(of_main(1, "com.acme.Basket", "<init>"), OomRole::Unknown, "one thread is no pool");
    let alike = baskets("shopper-9", 3, "com.acme.Basket", "<init>");
    assert_ne!(role(&alike), OomRole::Victim, "it is called like those that make them");
}
