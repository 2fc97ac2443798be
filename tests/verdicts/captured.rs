//! Elements that keep what is around them: the object that an inner class was made in, what a lambda has captured.

use crate::{bytes, english, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Report, Standing, Suspect};

/// Jobs with so many bytes each.
fn jobs(heap: &mut HeapBuilder, count: usize, length: usize) -> Vec<Addr> {
    let job = heap.app_class("com.acme.Job").field("rows", Kind::Ref).build();
    (0..count)
        .map(|_| {
            let rows = bytes(heap, length);
            heap.instance(job, &[Value::Ref(rows)])
        })
        .collect()
}

/// What each of 300 objects of a class with that field keeps: a job of its own, or one job that all of them share.
fn summaries(class: &str, field: &str, is_shared: bool, length: usize) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    // So many that they are looked at, however small each is.
    let count = if length < 1000 { 6000 } else { 300 };
    let jobs = jobs(&mut heap, if is_shared { 1 } else { count }, length);
    let summary = heap.app_class(class).field("count", Kind::Int).field(field, Kind::Ref).build();
    let all: Vec<Addr> = (0..count)
        .map(|at| {
            let job = if is_shared { jobs[0] } else { jobs[at] };
            heap.instance(summary, &[Value::Int(7), Value::Ref(job)])
        })
        .collect();
    let list = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.History", "LAST", list);
    judge(heap).suspects.remove(0)
}

#[test]
fn the_outer_object_that_each_element_keeps_is_told() {
    let first = summaries("com.acme.Job$Summary", "this$0", false, 20_000);
    assert_eq!((first.instances, first.class.as_str()), (300, "com.acme.Job$Summary"));
    let said = english(&first.activity);
    let expected = "Each Job$Summary takes 24 B itself and keeps by this$0 the Job around it (19.6 KiB), which nothing else keeps.";
    assert!(said.contains(expected), "{said}");
    assert_eq!(ids(&first.advice)[0], "suspect-advice-outer");
    let last: Vec<_> =
        first.path.iter().rev().take(2).map(|step| (step.class.as_str(), step.field.as_deref())).collect();
    assert_eq!(last, [("com.acme.Job", None), ("com.acme.Job$Summary", Some("this$0"))]);
}

#[test]
fn an_outer_object_that_all_share_or_that_is_small_is_not_told() {
    for first in [
        summaries("com.acme.Job$Summary", "this$0", true, 1 << 20),
        summaries("com.acme.Job$Summary", "job", false, 20_000),
        summaries("com.acme.Job$Summary", "this$0", false, 100),
    ] {
        assert!(!ids(&first.advice).iter().any(|id| id.starts_with("suspect-advice-outer")));
        assert!(!english(&first.activity).contains("which nothing else keeps"));
    }
}

#[test]
fn what_a_lambda_has_captured_is_told() {
    let first = summaries("com.acme.Job$$Lambda$14", "arg$1", false, 20_000);
    let said = english(&first.activity);
    assert!(said.contains("keeps the Job that it has captured (arg$1, 19.6 KiB)"), "{said}");
    let advice =
        ["suspect-advice-compare", "suspect-advice-callbacks-if-it-grows", "suspect-advice-captured-this"];
    assert_eq!(ids(&first.advice), advice);
    let first = summaries("com.acme.Page$1", "val$job", false, 20_000);
    assert!(english(&first.activity).contains("(val$job, 19.6 KiB)"));
    assert_eq!(ids(&first.advice)[0], "suspect-advice-captured");
}

/// What is told of 300 watchers that lambdas of these classes are by turns.
fn watchers(classes: &[&str]) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let jobs = jobs(&mut heap, 300, 20_000);
    let classes: Vec<_> =
        classes.iter().map(|class| heap.app_class(class).field("arg$1", Kind::Ref).build()).collect();
    let all: Vec<Addr> = jobs
        .into_iter()
        .enumerate()
        .map(|(at, job)| heap.instance(classes[at % classes.len()], &[Value::Ref(job)]))
        .collect();
    let list = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Bus", "WATCHERS", list);
    judge(heap).suspects.remove(0)
}

/// What is registered goes with all that it has captured when it is taken back.
#[test]
fn a_listener_is_to_be_taken_back_and_not_to_capture_less() {
    let mut heap = HeapBuilder::hotspot17();
    let jobs = jobs(&mut heap, 300, 20_000);
    let lambda = heap.app_class("com.acme.Job$$Lambda$14").field("arg$1", Kind::Ref).build();
    let all: Vec<Addr> = jobs.into_iter().map(|job| heap.instance(lambda, &[Value::Ref(job)])).collect();
    let list = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Bus", "listeners", list);
    let first = judge(heap).suspects.remove(0);
    let advice = ids(&first.advice);
    assert!(advice.contains(&"suspect-advice-listeners"), "{advice:?}");
    assert!(!advice.contains(&"suspect-advice-captured-this"), "{advice:?}");
}

/// Each place in the code that makes a lambda has a class of its own.
#[test]
fn lambdas_of_several_places_in_a_class_are_counted_together() {
    for classes in [
        ["com.acme.Editor$$Lambda$14+0x0000000801000a00", "com.acme.Editor$$Lambda$15+0x0000000801000c10"],
        ["com.acme.Editor$$Lambda+0x0000000801000a00", "com.acme.Editor$$Lambda+0x0000000801000c10"],
    ] {
        let first = watchers(&classes);
        let (title, said) = (english(std::slice::from_ref(&first.title)), english(&first.activity));
        assert_eq!(first.instances, 300);
        assert!(title.starts_with("300 Job, each kept by a lambda in com.acme.Bus.WATCHERS"), "{title}");
        let places = "The code of Editor makes these 300 Editor$$Lambda in 2 places.";
        assert!(said.contains(places), "{said}");
        assert!(said.contains("keeps the Job that it has captured (arg$1, 19.6 KiB)"), "{said}");
    }
    let one = watchers(&["com.acme.Editor$$Lambda$14"]);
    assert!(!english(&one.activity).contains("places"));
    // Nobody looks for both in one class.
    let two = watchers(&["com.acme.Editor$$Lambda$14", "com.acme.Viewer$$Lambda$15"]);
    assert_eq!(two.instances, 150);
    assert!(!english(&two.activity).contains("places"));
}

/// A future keeps its callback by a field of the JDK's.
#[test]
fn what_is_captured_within_each_element_is_told() {
    let mut heap = HeapBuilder::hotspot17();
    let jobs = jobs(&mut heap, 300, 20_000);
    let lambda = heap.app_class("com.acme.Hooks$$Lambda$3").field("arg$1", Kind::Ref).build();
    let handler = heap.app_class("com.acme.Handler").field("action", Kind::Ref).build();
    let all: Vec<Addr> = jobs
        .into_iter()
        .map(|job| {
            let lambda = heap.instance(lambda, &[Value::Ref(job)]);
            heap.instance(handler, &[Value::Ref(lambda)])
        })
        .collect();
    let list = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Hooks", "WAITING", list);
    let said = english(&judge(heap).suspects[0].activity);
    let expected =
        "Each Handler leads to a Hooks$$Lambda that keeps the Job that it has captured (arg$1, 19.6 KiB)";
    assert!(said.contains(expected), "{said}");
}

/// 2,000 images of 2 KiB in a map that the code lets have so many, in a heap that may take so much.
fn limited(field: &str, limit: i32, heap_bytes: i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(heap_bytes)).sticky().build();
    let images = crate::payload(&mut heap, "com.acme.Image", 2000, 2 << 10);
    let images: Vec<(Addr, Addr)> = (0..).zip(images).map(|(n, image)| (heap.boxed_int(n), image)).collect();
    let map = heap.hash_map(&images);
    let tiles = heap.app_class("com.acme.Tiles").static_field(field, Value::Int(limit));
    let tiles = tiles.field("tiles", Kind::Ref).build();
    let tiles = heap.instance(tiles, &[Value::Ref(map)]);
    held_by_static(&mut heap, "com.acme.Map", "CACHE", tiles);
    judge(heap)
}

#[test]
fn a_limit_that_the_heap_has_no_room_for_is_told_to_be_too_high() {
    let first = limited("MAX", 10_000, 4_800_000).suspects.remove(0);
    assert_eq!(first.standing, Standing::Blamed);
    let said = english(&first.advice);
    let expected = "If Tiles.MAX (10,000) limits com.acme.Tiles.tiles, it is too high for elements of that size: 2,000 of 2.09 KiB each";
    assert!(said.contains(expected), "{said}");
    for (field, limit, why) in [
        ("MAX", 1500, "there are more"),
        ("MAX", 2_000_000, "a number of something else"),
        ("NEXT", 10_000, "no limit by its name"),
    ] {
        let first = limited(field, limit, 4_800_000).suspects.remove(0);
        let advice = ids(&first.advice);
        assert!(!advice.contains(&"suspect-advice-limit-too-high"), "{why}");
        assert!(advice.iter().any(|id| id.starts_with("suspect-advice-field")), "{why}: {advice:?}");
    }
}

/// A listener that is taken back keeps nothing, whatever it has captured.
#[test]
fn of_listeners_it_is_told_first_to_take_them_back() {
    for (class, field) in [("com.acme.Job$1", "this$0"), ("com.acme.Page$1", "val$job")] {
        let mut heap = HeapBuilder::hotspot17();
        let views = jobs(&mut heap, 300, 20_000);
        let listener = heap.app_class(class).field(field, Kind::Ref).build();
        let all: Vec<Addr> = views.iter().map(|&view| heap.instance(listener, &[Value::Ref(view)])).collect();
        let all = heap.array_list(&all);
        held_by_static(&mut heap, "com.acme.Hub", "listeners", all);
        let first = judge(heap).suspects.remove(0);
        let advised: Vec<&str> =
            ids(&first.advice).into_iter().filter(|id| !id.contains("compare")).collect();
        assert_eq!(advised[0], "suspect-advice-listeners", "{advised:?}");
        assert!(
            advised[1].starts_with("suspect-advice-outer")
                || advised[1].starts_with("suspect-advice-captured")
        );
    }
}

/// A registration of a library keeps a lambda, and that what it was made for.
#[test]
fn what_the_lambdas_in_a_librarys_table_have_captured_is_named() {
    let told = |is_shared: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let sessions = payload(&mut heap, "com.acme.Session", 1200, 4000);
        let lambda = heap.app_class("com.acme.Chat$$Lambda$21").field("arg$1", Kind::Ref).build();
        let address = heap.string("chat");
        let registrations: Vec<Addr> = sessions
            .iter()
            .map(|&session| {
                let lambda = Value::Ref(heap.instance(lambda, &[Value::Ref(session)]));
                let fields = [("handler", Kind::Ref, lambda), ("address", Kind::Ref, Value::Ref(address))];
                library_object(&mut heap, "io.vertx.core.eventbus.impl.HandlerRegistration", &fields)
            })
            .collect();
        let registrations = heap.array_list(&registrations);
        let loader = heap.app_class_loader();
        let bus = heap.class("io.vertx.core.eventbus.impl.EventBusImpl").loader(loader);
        bus.static_field("handlerMap", Value::Ref(registrations)).sticky().build();
        if is_shared {
            let sessions = heap.array_list(&sessions);
            held_by_static(&mut heap, "com.acme.Sessions", "OPEN", sessions);
        }
        let report = judge(heap);
        report.suspects.iter().map(|suspect| english(&suspect.activity)).collect::<String>()
    };
    let said = told(false);
    assert!(said.contains("Most of it is in 1,200 com.acme.Session, in their field data."), "{said}");
    assert!(!told(true).contains("Most of it"));
}

/// A service that a lambda has captured has a table and a pool. Threads have the pool in hand, so that the service does not retain it: what the service keeps is the table, and the
/// field that leads to the pool holds that.
#[test]
fn what_a_captured_service_keeps_besides_is_not_that_of_a_pool_in_use() {
    let told = |in_hand: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let session = heap.app_class("com.acme.Session").field("buffer", Kind::Ref).build();
        let entries: Vec<(Addr, Addr)> = (0..2000)
            .map(|number| {
                let buffer = bytes(&mut heap, 1000);
                (heap.boxed_int(number), heap.instance(session, &[Value::Ref(buffer)]))
            })
            .collect();
        let map = heap.concurrent_hash_map(&entries);
        let class = "org.apache.commons.pool2.impl.SomePool";
        let pool = library_object(&mut heap, class, &[("poolMap", Kind::Ref, Value::Ref(map))]);
        let table = bytes(&mut heap, 4 << 20);
        let gateway = heap.app_class("com.acme.Gateway").field("geo", Kind::Ref).field("sessions", Kind::Ref);
        let gateway = gateway.build();
        let gateway = heap.instance(gateway, &[Value::Ref(table), Value::Ref(pool)]);
        let lambda = heap.app_class("com.acme.Gateway$$Lambda$7").field("arg$1", Kind::Ref).build();
        let lambda = heap.instance(lambda, &[Value::Ref(gateway)]);
        held_by_static(&mut heap, "com.acme.Main", "HANDLER", lambda);
        let frame = heap.class("org.apache.commons.pool2.impl.Borrowing").build();
        let thread = heap.thread("nio-1").frame(frame, "borrow", "()V", "Borrowing.java", 7);
        if in_hand {
            thread.local(pool).build()
        } else {
            thread.build()
        };
        let report = judge(heap);
        let told =
            report.suspects.iter().map(|suspect| (suspect.holder.label(), suspect.retained_bytes >> 20));
        told.collect::<Vec<_>>()
    };
    let each = ["com.acme.Gateway.geo", "com.acme.Gateway.sessions"].map(str::to_owned);
    let [table, pool] = each.map(|field| if field.ends_with("geo") { (field, 4) } else { (field, 2) });
    assert_eq!(told(true), [pool.clone(), table.clone()]);
    assert_eq!(told(false), [pool, table], "nobody has it in hand");
}

/// A thread that was started with a lambda that has captured a service with a table, and throws in an export that has a text of so many bytes in hand.
fn export_beside_service(text: usize) -> (u64, String) {
    let mut heap = HeapBuilder::hotspot17();
    let tokens = payload(&mut heap, "com.acme.Token", 2000, 1000);
    let tokens = heap.array_list(&tokens);
    let service = heap.app_class("com.acme.Service").field("tokens", Kind::Ref).build();
    let service = heap.instance(service, &[Value::Ref(tokens)]);
    let lambda = heap.app_class("com.acme.Server$$Lambda$7").field("arg$1", Kind::Ref).build();
    let lambda = heap.instance(lambda, &[Value::Ref(service)]);
    let text = bytes(&mut heap, text);
    let export = heap.app_class("com.acme.Export").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("export-1").field("target", Value::Ref(lambda));
    let thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(export, "csv", "()V", "Export.java", 3).local(text).build();
    let report = judge(heap);
    (report.oom.as_ref().unwrap().thread_retained_bytes, english(&report.verdict.sentences))
}

#[test]
fn what_the_lambda_of_a_thread_has_captured_is_not_what_its_call_holds() {
    let (held, said) = export_beside_service(3 << 20);
    assert!(said.contains("it is the culprit: it held 3."), "{said}");
    assert!((3 << 20..4 << 20).contains(&held), "{held}");
    assert!(said.contains("2,000 Token held by com.acme.Service.tokens"), "{said}");
}
