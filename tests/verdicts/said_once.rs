//! What the first screen says once: of what a library keeps, of the error that other threads have met as well, and which figures stand beside a path.

use crate::{bytes, english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::terminal::{TerminalOptions, report as screen_of};
use oomph::report::Report;

fn screen(report: &Report) -> String {
    let mut options = TerminalOptions::default();
    options.width = 110;
    screen_of(report, &options)
}

/// An event bus of so many screens that never leave it.
fn bus(count: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let screens = payload(&mut heap, "com.acme.Screen", count, 512);
    let screens: Vec<(Addr, Addr)> = screens.iter().map(|&screen| (screen, Addr::NULL)).collect();
    let screens = heap.hash_map(&screens);
    let fields = [("typesBySubscriber", Kind::Ref, Value::Ref(screens))];
    let bus = library_object(&mut heap, "org.greenrobot.eventbus.EventBus", &fields);
    held_by_static(&mut heap, "com.acme.App", "BUS", bus);
    judge(heap)
}

#[test]
fn what_a_rule_says_in_other_words_than_the_title_is_not_said_besides() {
    let report = bus(1500);
    let screen = screen(&report);
    assert!(screen.contains("1,500 Screen held by"), "{screen}");
    assert!(!screen.contains("has 1,500 subscribers") && !screen.contains("subscribers=1,500"), "{screen}");
    assert!(screen.contains("Call unregister(this)"), "what to change is said: {screen}");
}

/// A registry with circuit breakers of a library, of which nothing is the application's.
#[test]
fn what_is_of_a_librarys_own_classes_is_told_by_the_rule_alone() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let breaker = heap.class("io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine");
    let breaker = breaker.loader(loader).field("state", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..6000)
        .map(|number| {
            let state = bytes(&mut heap, 512);
            let name = heap.string(&format!("acquirer-2#{:016x}", 0x4f30_ee0c_2d48_9248_u64 + number));
            (name, heap.instance(breaker, &[Value::Ref(state)]))
        })
        .collect();
    let entries = heap.concurrent_hash_map(&entries);
    let class = "io.github.resilience4j.core.registry.InMemoryRegistryStore";
    let store = library_object(&mut heap, class, &[("entryMap", Kind::Ref, Value::Ref(entries))]);
    held_by_static(&mut heap, "com.acme.App", "STORE", store);
    let report = judge(heap);
    let screen = screen(&report);
    let told = "A Resilience4j registry has 6,000 entries, held by com.acme.App.STORE";
    assert_eq!(screen.matches(told).count(), 2, "in the verdict and at the suspect: {screen}");
    assert!(!screen.contains("InMemoryRegistryStore with 6,000"), "{screen}");
    assert!(screen.contains("names=acquirer-2#*") && !screen.contains("entries=6,000"), "{screen}");
}

/// A service with two full collections, of which a thread has the second in hand as well.
fn desk(is_in_hand: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let views = payload(&mut heap, "com.acme.View", 3000, 2000);
    let views = heap.array_list(&views);
    let feed = one_field(&mut heap, "com.acme.Feed", "listeners", views);
    let positions = payload(&mut heap, "com.acme.Position", 3000, 1000);
    let positions = heap.array_list(&positions);
    let cache = one_field(&mut heap, "com.acme.Cache", "entries", positions);
    let desk = heap.app_class("com.acme.Desk").field("feed", Kind::Ref).field("positions", Kind::Ref).build();
    let desk = heap.instance(desk, &[Value::Ref(feed), Value::Ref(cache)]);
    held_by_static(&mut heap, "com.acme.Main", "DESK", desk);
    if is_in_hand {
        let own = heap.app_class("com.acme.Api").build();
        let thread = heap.thread("api-1").frame(own, "position", "()V", "Api.java", 3);
        thread.local(positions).local(cache).build();
    }
    judge(heap)
}

/// The figure beside the line of a path that has this step in the path of the second suspect.
fn beside(report: &Report, step: &str) -> Option<String> {
    let screen = screen(report);
    let second = screen.split("\n  2. ").nth(1).expect("a second suspect");
    let mut lines = second.lines().map(|line| line.trim_start().trim_start_matches("└ "));
    let figure = lines.find_map(|line| line.strip_prefix(step)).unwrap_or_else(|| panic!("{step}: {screen}"));
    Some(figure.trim().to_owned()).filter(|figure| !figure.is_empty())
}

#[test]
fn beside_a_path_stands_only_what_is_the_suspects_own() {
    for is_in_hand in [false, true] {
        let report = desk(is_in_hand);
        assert_eq!(report.suspects[1].holder.label(), "com.acme.Cache.entries");
        assert_eq!(beside(&report, "com.acme.Main.DESK"), None, "most of it is the first suspect's");
        let own = beside(&report, "com.acme.Cache.entries").expect("the list has all of it");
        assert!(own.ends_with("MiB"), "{own}");
    }
    let steps = &desk(true).suspects[1].path;
    let bypassed: Vec<bool> = steps.iter().map(|step| step.bypassed).collect();
    let desk = steps.iter().position(|step| step.class == "com.acme.Desk").unwrap();
    assert!(bypassed[desk] && !bypassed[steps.len() - 1], "{bypassed:?}");
}

/// Orders in a static list; a thread throws, and another one has met an error with that message before: it is the outcome of a task of the application's, or ends a thread
/// that was in the JDK alone.
fn met(other: Option<(&str, bool)>) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 3000, 2000);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "ALL", orders);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    if let Some((message, is_ended)) = other {
        let sweeper = if is_ended {
            heap.class("java.lang.StringCoding").build()
        } else {
            heap.app_class("com.acme.Sweeper").build()
        };
        let mirrors = heap.object_array("java.lang.Object[]", &[sweeper.address(), Addr::NULL]);
        let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
        let message = heap.string(message);
        let fields = [
            ("backtrace", Value::Ref(backtrace)),
            ("depth", Value::Int(1)),
            ("detailMessage", Value::Ref(message)),
        ];
        let thrown = heap.instance_with(error, &fields);
        let task = heap.class("java.util.concurrent.FutureTask").build();
        let class = heap.class_named("java.lang.Thread");
        let thread = heap.thread("sweeper");
        let thread = if is_ended {
            thread.frame(class, "dispatchUncaughtException", "()V", "Thread.java", 2901)
        } else {
            thread.frame(task, "setException", "()V", "FutureTask.java", 311)
        };
        thread.local(thrown).build();
    }
    let web = heap.app_class("com.acme.Web").build();
    let thread = heap.thread("web-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    thread.frame(web, "page", "()V", "Web.java", 7).build();
    judge(heap)
}

#[test]
fn that_others_have_met_the_same_error_takes_a_line() {
    for is_ended in [false, true] {
        let report = met(Some(("Java heap space", is_ended)));
        assert!(report.findings.iter().any(|finding| finding.id == "oom.thrown-earlier"));
        let screen = screen(&report);
        assert!(screen.contains("  Another thread has met such an error as well: sweeper."), "{screen}");
        assert!(!screen.contains("oom.thrown-earlier"), "{screen}");
    }
    assert!(!screen(&met(None)).contains("as well"));
    let other = screen(&met(Some(("unable to create native thread", false))));
    assert!(other.contains("oom.thrown-earlier") && !other.contains("as well"), "{other}");
}

/// A dump is written before the error has its message: nobody knows whether it was that the collector gave up.
#[test]
fn of_an_error_without_a_message_only_the_memory_is_named() {
    let told = english(&met(None).verdict.sentences);
    assert!(told.contains("threw an OutOfMemoryError (Java heap) in com.acme.Web.page"), "{told}");
}

/// Orders in a heap that may take so much.
fn orders(limit: i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    let orders = payload(&mut heap, "com.acme.Order", 3000, 2000);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "ALL", orders);
    judge(heap)
}

#[test]
fn a_share_of_little_is_none_of_the_heap() {
    let little = screen(&orders(256 << 20));
    assert!(little.contains("% of what is in use") && !little.contains("% of the heap"), "{little}");
    let much = screen(&orders(8 << 20));
    assert!(much.contains("% of the heap") && !much.contains("% of what is in use"), "{much}");
}
