//! What ran out, and whether the thread that threw was adding to what fills the heap.

use crate::{bytes, english, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{OomRole, Report};

/// A thread that throws in a method of a handler which keeps 1 MiB of uploads, in a heap of that size, with so much garbage.
fn upload(limit_bytes: i64, garbage_bytes: usize, method: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit_bytes));
    vm.sticky().build();
    let uploads = payload(&mut heap, "com.acme.Upload", 512, 2048);
    let recent = heap.array_list(&uploads);
    bytes(&mut heap, garbage_bytes);
    let class = heap.app_class("com.acme.Handler").field("recent", Kind::Ref).build();
    let handler = heap.instance(class, &[Value::Ref(recent)]);
    held_by_static(&mut heap, "com.acme.Server", "HANDLER", handler);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.thread("upload-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    thread.frame(class, method, "()V", "Handler.java", 5).local(handler).build();
    judge(heap)
}

#[test]
fn what_does_not_fit_into_a_heap_that_is_half_free_is_one_array() {
    let report = upload(4 << 20, 0, "receive");
    let oom = report.oom.as_ref().expect("an error");
    assert_eq!(
        (oom.kind.as_str(), oom.role, oom.culprit.is_none()),
        ("array-too-large", OomRole::Culprit, true)
    );
    // Of the uploads nothing is known that is wrong.
    assert_eq!(ids(&report.verdict.sentences), ["verdict-oom-array", "verdict-array-advice"]);
    assert_ne!(report.suspects[0].kind_message(), "kind-leak");
}

/// What is in a heap that is nearly free has nothing to do with an array that no heap has room for.
#[test]
fn nothing_is_to_blame_beside_an_array_in_a_free_heap() {
    let free = upload(64 << 20, 1 << 20, "receive");
    assert_eq!(free.suspects[0].kind_message(), "kind-largest", "{:?}", free.suspects[0].standing);
    let taken = upload(3 << 20, 1 << 20, "receive");
    assert_eq!(taken.suspects[0].kind_message(), "kind-leak-if-it-grows");
}

#[test]
fn garbage_that_was_left_shows_that_no_array_can_be_so_large() {
    let oom = upload(4 << 20, 1 << 20, "receive").oom.expect("an error");
    assert_eq!((oom.kind.as_str(), oom.role), ("requested-array-size", OomRole::Culprit));
}

/// A leak takes room for much as well, of a cache nothing wrong is proven.
#[test]
fn what_was_free_when_it_threw_is_told() {
    let at = |limit: i64| {
        let oom = upload(limit, 0, "receive").oom.expect("an error");
        assert_eq!(oom.kind, "java-heap-space");
        (oom.role, english(&oom.evidence).contains("were free when it threw"))
    };
    assert_eq!(at(1_750_000), (OomRole::Unknown, true));
    assert_eq!(at(1_300_000), (OomRole::Culprit, false), "hardly any room");
}

/// A cache that evicts, in three fifths of a heap, and a thread that asked for something: it held nothing, and whether the cache is to blame nobody knows.
#[test]
fn who_throws_beside_a_cache_where_a_good_part_of_the_heap_is_free_is_no_victim() {
    let role = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit));
        vm.sticky().build();
        let icons = payload(&mut heap, "com.acme.Icon", 2000, 1000);
        let icons: Vec<(Addr, Addr)> =
            (0..).zip(icons).map(|(number, icon)| (heap.boxed_int(number), icon)).collect();
        let map = heap.hash_map(&icons);
        heap.set_field(map, "modCount", Value::Int(9000));
        let cache = heap.app_class("com.acme.Icons").field("maxEntries", Kind::Int).field("map", Kind::Ref);
        let cache = cache.build();
        let cache = heap.instance(cache, &[Value::Int(2000), Value::Ref(map)]);
        held_by_static(&mut heap, "com.acme.Server", "ICONS", cache);
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let class = heap.app_class("com.acme.Sprite").build();
        let thread = heap.thread("exec-3").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
        thread.frame(class, "render", "()V", "Sprite.java", 12).build();
        let oom = judge(heap).oom.unwrap();
        assert_eq!(oom.kind, "java-heap-space");
        oom.role
    };
    assert_eq!(role(3_500_000), OomRole::Unknown);
    assert_eq!(role(2_400_000), OomRole::Victim);
}

#[test]
fn a_method_of_the_object_with_the_full_field_fills_it_surely_only_if_it_adds() {
    let role = |method: &str| {
        let report = upload(1_300_000, 0, method);
        let oom = report.oom.as_ref().expect("an error");
        assert_eq!(oom.kind, "java-heap-space");
        let said = ids(&report.verdict.sentences);
        let of_thread = said.iter().find(|id| id.starts_with("verdict-oom"));
        (oom.role, of_thread.expect("what is said of the thread").to_string())
    };
    assert_eq!(role("addUpload"), (OomRole::Culprit, "verdict-oom-filling".to_owned()));
    // It has the object in hand, and nothing else: what it asked for was for it as a rule.
    assert_eq!(role("receive"), (OomRole::Culprit, "verdict-oom-filling-probably".to_owned()));
    assert_eq!(role("export"), (OomRole::Unknown, "verdict-oom-within".to_owned()));
}

/// What the terminal says of the thread that threw, the page says too: first where it is the culprit, in the panel of the error where the cause is another one.
#[test]
fn the_page_has_the_sentence_about_the_thread_that_threw() {
    for (method, is_first) in [("export", false), ("addUpload", true)] {
        let report = upload(1_300_000, 0, method);
        let page = oomph::render::html::render(&report, &oomph::render::html::HtmlOptions::default());
        let lead = &page[page.find("id=\"verdict-title\"").or(page.find("id=verdict-title")).unwrap()..];
        let thrown = lead.find("threw an OutOfMemoryError").expect("the sentence");
        assert_eq!(thrown < lead.find("</h1>").unwrap(), is_first, "{}", &lead[..600]);
        let panel = lead.find("class=oom").or(lead.find("class=\"oom")).unwrap();
        assert_eq!(thrown < panel, is_first, "in the panel or above it");
    }
}

/// A thread that throws with a third of the heap in hand, beside a static list with half of it.
#[test]
fn the_panel_and_the_verdict_agree_on_one_of_two_culprits() {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 500, 10_000);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Orders", "ALL", orders);
    let rows = payload(&mut heap, "com.acme.Row", 400, 10_000);
    let rows = heap.array_list(&rows);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let export = heap.app_class("com.acme.Export").build();
    let thread = heap.thread("export-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    thread.frame(export, "run", "()V", "Export.java", 5).local(rows).build();
    let report = judge(heap);
    let oom = report.oom.as_ref().expect("an error");
    assert_eq!(
        (oom.role, ids(&report.verdict.sentences)[0]),
        (OomRole::Culprit, "verdict-oom-culprit-beside")
    );
    assert_eq!(oom.role_message(), "role-one-of-them");
}

/// The application polls a consumer, and the library makes a buffer as large as the first bytes of an answer say.
#[test]
fn the_librarys_method_that_asked_for_an_array_is_told_and_how_large_it_was_to_be() {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(256 << 20));
    vm.sticky().build();
    let asked = |number: i32| ("requestedBufferSize", Kind::Int, Value::Int(number));
    let receive =
        library_object(&mut heap, "org.apache.kafka.common.network.NetworkReceive", &[asked(352_518_912)]);
    let receive_class = heap.class_named("org.apache.kafka.common.network.NetworkReceive");
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let buffer = heap.class("java.nio.HeapByteBuffer").build();
    let bridge = heap.app_class("com.acme.EventBridge").build();
    heap.thread("poll-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(buffer, "<init>", "(II)V", "HeapByteBuffer.java", 64)
        .frame(receive_class, "readFrom", "()J", "NetworkReceive.java", 102)
        .local(receive)
        .frame(bridge, "run", "()V", "EventBridge.java", 10)
        .build();
    let report = judge(heap);
    let oom = report.oom.as_ref().unwrap();
    assert_eq!((oom.kind.as_str(), oom.role), ("array-too-large", OomRole::Culprit));
    let asked_by = oom.asked_by.as_ref().unwrap().to_string();
    assert_eq!(asked_by, "org.apache.kafka.common.network.NetworkReceive.readFrom(NetworkReceive.java:102)");
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-oom-array-asked");
    let shown = oomph::render::text::Language::En.text(&oom.evidence[2]);
    assert!(shown.contains("NetworkReceive.requestedBufferSize is 352,518,912"), "{shown}");
}

/// A thread that makes a command which a library keeps metrics of, or that a server has called, where the metrics fill the heap.
fn thread_of_a_library(is_called: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let stream = heap.class("com.netflix.hystrix.metric.Stream").field("buckets", Kind::Ref).build();
    let streams: Vec<_> = (0..500)
        .map(|_| {
            let buckets = bytes(&mut heap, 2048);
            heap.instance(stream, &[Value::Ref(buckets)])
        })
        .collect();
    let streams = heap.array_list(&streams);
    held_by_static(&mut heap, "com.netflix.hystrix.metric.Streams", "STREAMS", streams);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let command = heap.class("com.netflix.hystrix.HystrixCommand").build();
    let own = heap.app_class("com.acme.PriceCommand").build();
    let thread = heap.thread("main").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    if is_called {
        thread
            .frame(command, "<init>", "()V", "HystrixCommand.java", 120)
            .frame(own, "<init>", "()V", "PriceCommand.java", 7)
            .build();
    } else {
        thread
            .frame(own, "run", "()V", "PriceCommand.java", 19)
            .frame(command, "execute", "()V", "HystrixCommand.java", 300)
            .build();
    }
    judge(heap)
}

#[test]
fn whoever_was_in_a_call_of_the_library_that_keeps_it_may_have_added_to_it() {
    let report = thread_of_a_library(true);
    let oom = report.oom.as_ref().unwrap();
    assert_eq!(oom.role, OomRole::Unknown);
    assert_eq!(oom.culprit.as_ref().unwrap().label(), "com.netflix.hystrix.metric.Streams.STREAMS");
    assert!(ids(&report.verdict.sentences).contains(&"verdict-oom-within"));
    let page = oomph::render::html::render(&report, &oomph::render::html::HtmlOptions::default());
    assert!(!page.contains(">To blame is<") && page.contains(">Held by<"));
    assert_eq!(thread_of_a_library(false).oom.unwrap().role, OomRole::Victim);
}

/// A thread of a server's own that throws, where a library keeps what fills the heap whose packages begin alike: both from one archive, or not.
fn thread_of_a_server(is_one_archive: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let url = heap.class("java.net.URL").field("protocol", Kind::Ref).field("file", Kind::Ref).build();
    let source = heap.class("java.security.CodeSource").field("location", Kind::Ref).build();
    let domain = heap.class("java.security.ProtectionDomain").field("codesource", Kind::Ref).build();
    let mut domain_of = |place: &str| {
        let (protocol, file) = (heap.string("file"), heap.string(place));
        let url = heap.instance(url, &[Value::Ref(protocol), Value::Ref(file)]);
        let source = heap.instance(source, &[Value::Ref(url)]);
        heap.instance(domain, &[Value::Ref(source)])
    };
    let streams = domain_of("/app/lib/kafka-streams.jar");
    let raft = if is_one_archive { streams } else { domain_of("/app/lib/kafka-raft.jar") };
    let keys: Vec<Addr> = (0..500).map(|_| bytes(&mut heap, 2048)).collect();
    let keys = heap.array_list(&keys);
    let loader = heap.app_class_loader();
    let store = heap.class("org.apache.kafka.streams.state.Store").loader(loader);
    store.protection_domain(streams).static_field("map", Value::Ref(keys)).sticky().build();
    let pool = heap.class("org.apache.kafka.raft.BatchMemoryPool").loader(loader);
    let pool = pool.protection_domain(raft).build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    heap.thread("quorum-controller")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(pool, "tryAllocate", "()V", "BatchMemoryPool.java", 77)
        .build();
    judge(heap).oom.unwrap().role
}

#[test]
fn a_servers_own_thread_is_innocent_of_what_another_archive_keeps() {
    assert_eq!(thread_of_a_server(true), OomRole::Unknown);
    assert_eq!(thread_of_a_server(false), OomRole::Victim);
}

/// A thread that throws in this method of the JDK's while nine tenths of the heap are free.
fn thrown_in_free_heap(class: &str, method: &str) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
    vm.sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let called = if class == "java.lang.Class" { heap.class_named(class) } else { heap.class(class).build() };
    let own = heap.app_class("com.acme.LetterRenderer").build();
    heap.thread("renderer")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(called, method, "()V", "X.java", 1)
        .frame(own, "render", "()V", "LetterRenderer.java", 10)
        .build();
    judge(heap).oom.unwrap().kind
}

/// Classes are linked by methods that ask for no array, so what ran out where the heap is free was the room for classes.
#[test]
fn what_runs_out_where_classes_are_linked_is_metaspace() {
    assert_eq!(thrown_in_free_heap("java.lang.Class", "getDeclaredConstructors0"), "metaspace");
    assert_eq!(thrown_in_free_heap("java.lang.invoke.MethodHandleNatives", "resolve"), "metaspace");
    assert_eq!(thrown_in_free_heap("java.nio.HeapByteBuffer", "<init>"), "array-too-large");
}

/// What asks for room for classes, and for little else, has found none there unless the heap is nearly full as well.
#[test]
fn what_runs_out_where_classes_are_linked_is_metaspace_unless_the_heap_is_full() {
    let kind = |method: &str, taken: usize| {
        const LIMIT: i64 = 4 << 20;
        let mut heap = HeapBuilder::hotspot17();
        let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(LIMIT));
        vm.sticky().build();
        let views = payload(&mut heap, "com.acme.View", taken, 40 << 10);
        let views = heap.array_list(&views);
        held_by_static(&mut heap, "com.acme.Views", "ALL", views);
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let class = heap.class_named("java.lang.Class");
        let own = heap.app_class("com.acme.Renderer").build();
        heap.thread("renderer")
            .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
            .frame(class, method, "()V", "Class.java", -3)
            .frame(own, "render", "()V", "Renderer.java", 10)
            .build();
        judge(heap).oom.unwrap().kind
    };
    assert_eq!(kind("getDeclaredConstructors0", 70), "metaspace");
    assert_eq!(kind("getDeclaredConstructors0", 98), "java-heap-space");
    assert_eq!(kind("getConstantPool", 70), "java-heap-space", "that links nothing");
}

/// What is put together of short texts is small, and so is the box of a number.
#[test]
fn what_makes_no_large_array_has_not_asked_for_one() {
    assert_eq!(thrown_in_free_heap("java.lang.StringConcatHelper", "newArray"), "java-heap-space");
    assert_eq!(thrown_in_free_heap("java.lang.Integer", "valueOf"), "java-heap-space");
}

/// Two threads have run out of memory at once: one has its error in hand, that of the other is just being made. Much of the heap is free.
#[test]
fn what_another_thread_has_just_run_out_of_is_what_ran_out() {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
    vm.sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let pump = heap.app_class("com.acme.Pump").sticky().build();
    let mirrors = heap.object_array("java.lang.Object[]", &[pump.address(), Addr::NULL]);
    let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
    let message = heap.string("GC overhead limit exceeded");
    let fields = [
        ("backtrace", Value::Ref(backtrace)),
        ("depth", Value::Int(1)),
        ("detailMessage", Value::Ref(message)),
    ];
    let met = heap.instance_with(error, &fields);
    heap.thread("pump").frame(pump, "run", "()V", "Pump.java", 9).local(met).build();
    let own = heap.app_class("com.acme.Metrics").build();
    heap.thread("metrics")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(own, "push", "()V", "Metrics.java", 27)
        .build();
    assert_eq!(judge(heap).oom.unwrap().kind, "gc-overhead-limit");
}

/// When HotSpot counts an error it takes one of each kind that is about classes, and gives it the stack of the one that was thrown.
#[test]
fn errors_that_hotspot_took_only_to_count_one_are_not_told() {
    let mut heap = HeapBuilder::hotspot17();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let gateway = heap.app_class("com.acme.Gateway").sticky().build();
    let mirrors = heap.object_array("java.lang.Object[]", &[gateway.address(), Addr::NULL]);
    let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
    for message in
        ["Metaspace", "unable to create native thread: possibly out of memory", "Compressed class space"]
    {
        let message = heap.string(message);
        let fields = [
            ("backtrace", Value::Ref(backtrace)),
            ("depth", Value::Int(1)),
            ("detailMessage", Value::Ref(message)),
        ];
        heap.instance_with(error, &fields);
    }
    let findings = judge(heap).findings;
    let told: Vec<_> = findings.iter().filter(|finding| finding.id == "oom.thrown-earlier").collect();
    let [finding] = &told[..] else { panic!("{told:?}") };
    assert_eq!(finding.count, 1);
    let title = oomph::render::text::Language::En.text(&finding.title);
    assert!(title.contains("unable to create native thread"), "{title}");
}

/// Whoever throws leaves out the frames that the virtual machine hides, such as those of lambdas; an error that it only took to compare has them, and
/// no more frames than the first part of a backtrace has.
#[test]
fn hidden_frames_tell_no_error_apart_from_one_that_was_only_counted() {
    const LAMBDA: &str = "com.acme.Gateway$$Lambda$3+0x00007f9c69001448";
    const BETWEEN: &str = "com.acme.Gateway$$Lambda/0x00007f9c6900aaaa";
    let told = |thrown: &[&str], counted: &[&str]| {
        let mut heap = HeapBuilder::hotspot17();
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let mut add = |message: &str, stack: &[&str]| {
            let mut mirrors: Vec<Addr> =
                stack.iter().map(|class| heap.app_class(class).sticky().build().address()).collect();
            mirrors.push(Addr::NULL);
            let mirrors = heap.object_array("java.lang.Object[]", &mirrors);
            let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
            let message = heap.string(message);
            let fields = [
                ("backtrace", Value::Ref(backtrace)),
                ("depth", Value::Int(i32::try_from(stack.len()).unwrap())),
                ("detailMessage", Value::Ref(message)),
            ];
            heap.instance_with(error, &fields);
        };
        add("unable to create native thread: possibly out of memory", thrown);
        for _ in 0..2 {
            add("Compressed class space", counted);
            add("Metaspace", counted);
        }
        let findings = judge(heap).findings;
        let told = findings.iter().filter(|finding| finding.id == "oom.thrown-earlier");
        told.map(|finding| finding.count).sum::<u64>()
    };
    let short = ["com.acme.Gateway", "com.acme.Server"];
    assert_eq!(
        told(&short, &["com.acme.Gateway", BETWEEN, "com.acme.Gateway", "com.acme.Server", LAMBDA]),
        1
    );
    assert_eq!(told(&short, &["com.acme.Gateway", "com.acme.Server", "com.acme.Main"]), 5, "another stack");
    assert_eq!(
        told(&["com.acme.Gateway", "com.acme.Server", "com.acme.Main"], &short),
        5,
        "a part of it only"
    );
    let names: Vec<String> = (0..32).map(|number| format!("com.acme.Filter{number}")).collect();
    let deep: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(told(&deep, &[&["com.acme.Filter0", LAMBDA], &deep[1..31]].concat()), 1, "cut off");
}

/// Threads of one pool that run out at once: the dump is written for the first, the others stand where they have met their errors.
#[test]
fn what_other_threads_meet_at_the_same_moment_was_not_thrown_before() {
    let told = |errors: usize, stands_in: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let thread = heap.class_named("java.lang.Thread");
        let quotes = heap.app_class("com.acme.Quotes").sticky().build();
        let stands = if stands_in == "com.acme.Quotes" { quotes } else { heap.app_class(stands_in).build() };
        let mirrors = [quotes.address(), quotes.address(), thread.address(), Addr::NULL];
        let mirrors = heap.object_array("java.lang.Object[]", &mirrors);
        let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
        let message = heap.string("Java heap space");
        for _ in 0..errors {
            let fields = [
                ("backtrace", Value::Ref(backtrace)),
                ("depth", Value::Int(3)),
                ("detailMessage", Value::Ref(message)),
            ];
            heap.instance_with(error, &fields);
        }
        for number in 1..=4 {
            let mut at = heap.thread(&format!("quote-{number}"));
            if number == 1 {
                at = at.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
            }
            at.frame(stands, "render", "()V", "Quotes.java", 26)
                .frame(stands, "call", "()V", "Quotes.java", 24)
                .frame(thread, "run", "()V", "Thread.java", 840)
                .build();
        }
        let findings = judge(heap).findings;
        let earlier = findings.iter().find(|finding| finding.id == "oom.thrown-earlier");
        earlier.map(|finding| finding.count)
    };
    assert_eq!(told(3, "com.acme.Quotes"), None);
    assert_eq!(told(5, "com.acme.Quotes"), Some(2), "these have been thrown before");
    assert_eq!(told(3, "com.acme.Idle"), Some(3));
}

/// Whoever logs the error asks it for its trace: it names methods then, and those that were taken beside it have classes only.
#[test]
fn errors_that_were_taken_beside_one_that_was_logged_are_not_told() {
    let told = |logged: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let thread = heap.class_named("java.lang.Thread");
        let gateway = heap.app_class("com.acme.Gateway").sticky().build();
        let element = heap.class("java.lang.StackTraceElement");
        let element = element.field("declaringClass", Kind::Ref).field("methodName", Kind::Ref).build();
        let mirrors = [thread.address(), gateway.address(), Addr::NULL];
        let mirrors = heap.object_array("java.lang.Object[]", &mirrors);
        let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
        let frames = [
            ("java.lang.Thread", "start0"),
            ("java.lang.Thread", "start"),
            ("com.acme.Gateway", "connect"),
            (logged, "main"),
        ];
        let frames = frames.map(|(class, method)| {
            let (class, method) = (heap.string(class), heap.string(method));
            heap.instance(element, &[Value::Ref(class), Value::Ref(method)])
        });
        let trace = heap.object_array("java.lang.StackTraceElement[]", &frames);
        let mut thrown = |message: &str, fields: &[(&str, Value)]| {
            let message = ("detailMessage", Value::Ref(heap.string(message)));
            heap.instance_with(error, &[fields, &[("depth", Value::Int(4)), message]].concat());
        };
        thrown(
            "unable to create native thread: possibly out of memory",
            &[("stackTrace", Value::Ref(trace))],
        );
        thrown("Metaspace", &[("backtrace", Value::Ref(backtrace))]);
        thrown("Compressed class space", &[("backtrace", Value::Ref(backtrace))]);
        let findings = judge(heap).findings;
        findings
            .iter()
            .filter(|finding| finding.id == "oom.thrown-earlier")
            .map(|finding| finding.count)
            .sum()
    };
    let (same, other): (u64, u64) = (told("com.acme.Gateway"), told("com.acme.Main"));
    // Beside an error of another place they were thrown themselves.
    assert_eq!((same, other), (1, 3));
}

/// An error in the hands of what the virtual machine calls for errors that nobody has caught.
#[test]
fn an_error_that_ends_a_thread_was_not_caught() {
    let told = |class: &str, method: &str, as_cause: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let ticker = heap.app_class("com.acme.Ticker").sticky().build();
        let mirrors = heap.object_array("java.lang.Object[]", &[ticker.address(), Addr::NULL]);
        let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
        let message = heap.string("Java heap space");
        let fields = [
            ("backtrace", Value::Ref(backtrace)),
            ("depth", Value::Int(1)),
            ("detailMessage", Value::Ref(message)),
        ];
        let thrown = heap.instance_with(error, &fields);
        let other = heap.class("java.util.concurrent.ExecutionException").field("cause", Kind::Ref).build();
        let in_hand = if as_cause { heap.instance(other, &[Value::Ref(thrown)]) } else { thrown };
        let handler = if matches!(class, "java.lang.Thread" | "java.lang.Throwable") {
            heap.class_named(class)
        } else {
            heap.class(class).build()
        };
        let thread = heap.class_named("java.lang.Thread");
        let made = heap.thread("price-ticker").frame(handler, method, "()V", "X.java", 1084).local(in_hand);
        // It may have gone on to print it, and wait for those who print as well.
        let is_printed = class == "java.lang.Throwable";
        let made = if is_printed {
            made.frame(thread, "dispatchUncaughtException", "()V", "Thread.java", 2556)
        } else {
            made
        };
        made.build();
        let findings = judge(heap).findings;
        let finding = findings.into_iter().find(|finding| finding.id == "oom.thrown-earlier").unwrap();
        finding
            .evidence
            .iter()
            .map(|text| oomph::render::text::Language::En.text(text))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let ends = "Nobody caught it: it is ending thread price-ticker.";
    let uncaught = told("java.lang.ThreadGroup", "uncaughtException", false);
    assert!(uncaught.contains(ends) && !uncaught.contains("kept by"), "{uncaught}");
    assert!(told("java.lang.Thread", "dispatchUncaughtException", false).contains(ends));
    let cause = told("java.lang.Thread", "dispatchUncaughtException", true);
    assert!(!cause.contains(ends), "another thread met it: {cause}");
    assert!(told("java.lang.Throwable", "printStackTrace", false).contains(ends));
    let cause = told("java.lang.Throwable", "printEnclosedStackTrace", false);
    assert!(!cause.contains(ends), "{cause}");
    let caught = told("com.acme.Handler", "handle", false);
    assert!(caught.contains("It is kept by com.acme.Handler.handle"), "{caught}");
}

/// The collector leaves no garbage before it gives up: what a dump has of it was let go of since.
#[test]
fn garbage_of_a_heap_that_was_full_was_let_go_of() {
    let told = |has_thrown: bool| {
        let mut heap = HeapBuilder::hotspot17();
        payload(&mut heap, "com.acme.Posting", 900, 4096);
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let message = heap.string("Java heap space");
        let thrown = heap.instance_with(error, &[("detailMessage", Value::Ref(message))]);
        let node = heap.app_class("com.acme.Node").build();
        let mut thread = heap.thread("ping-2");
        if has_thrown {
            thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48).local(thrown);
        }
        thread.frame(node, "sleep", "()V", "Node.java", 23).build();
        let report = judge(heap);
        ids(&report.verdict.sentences).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let has = |told: &[String], id: &str| told.iter().any(|known| known == id);
    let full = told(true);
    assert!(has(&full, "verdict-garbage-let-go") && !has(&full, "verdict-garbage"), "{full:?}");
    let young = told(false);
    assert!(has(&young, "verdict-garbage") && !has(&young, "verdict-garbage-let-go"), "{young:?}");
}
