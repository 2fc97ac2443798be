//! Verdicts on heaps made for the purpose: what the labelled programs do not show, and what must not be taken for something else.

use crate::{held_by_static, id_of, ids, judge, payload, report_of, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::hprof::ObjectId;
use oomph::report::{Arg, Confidence, HolderKind, Pattern, Report, Severity, SuspectKind, Text};

/// 300 threads that wait with a buffer in hand, run by `frames` from the top of the stack.
fn waiting_threads(frames: &[(&str, &str)], bytes_of: impl Fn(usize) -> usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let classes: Vec<_> = frames
        .iter()
        .map(|&(class, _)| match class {
            "java.lang.Thread" => heap.class_named(class),
            _ if class.starts_with("java.") => heap.class(class).build(),
            _ => heap.class(class).loader(loader).build(),
        })
        .collect();
    for number in 0..300 {
        let buffer = heap.primitive_array(PrimitiveArray::Byte(vec![0; bytes_of(number)]));
        let name = format!("client-{number}");
        let mut thread = heap.thread(&name).status(0x191);
        for (at, (class, &(_, method))) in classes.iter().zip(frames).enumerate() {
            thread = thread.frame(*class, method, "()V", "X.java", 7);
            if at == 0 {
                thread = thread.local(buffer);
            }
        }
        thread.build();
    }
    judge(heap)
}

#[test]
fn hundreds_of_threads_in_one_method_are_a_leak_of_threads() {
    let report = waiting_threads(&[("com.acme.Client", "run"), ("java.lang.Thread", "run")], |_| 8192);
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.pattern), (SuspectKind::Leak, Pattern::Threads));
    assert_eq!(first.holder.kind, HolderKind::Thread);
    assert_eq!(first.holder.label(), "com.acme.Client.run(X.java:7) in threads \"client-*\"");
    assert_eq!(first.instances, 300);
    assert!(first.retained_bytes >= 300 * 8192);
    assert_eq!(first.rule.as_deref(), Some("java.many-threads"));
}

#[test]
fn what_workers_of_a_pool_hold_is_load() {
    let frames = [
        ("com.acme.Client", "run"),
        ("java.util.concurrent.ThreadPoolExecutor", "runWorker"),
        ("java.lang.Thread", "run"),
    ];
    let first = waiting_threads(&frames, |_| 8192).suspects.remove(0);
    assert_eq!((first.kind, first.holder.kind), (SuspectKind::Load, HolderKind::StackLocal));
}

#[test]
fn one_thread_that_holds_most_is_no_crowd() {
    let frames = [("com.acme.Client", "run"), ("java.lang.Thread", "run")];
    let bytes_of = |number| if number == 17 { 8 << 20 } else { 4096 };
    let first = waiting_threads(&frames, bytes_of).suspects.remove(0);
    assert_eq!(first.kind, SuspectKind::Load);
    assert_eq!(first.holder.thread.as_deref(), Some("client-17"));
}

/// A thread that throws an OutOfMemoryError with that message, in a heap with classes by many loaders, direct buffers, and 30 other threads.
fn throwing(message: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let loader = heap.app_class("com.acme.RuleLoader").extends(loaders).build();
    for _ in 0..40 {
        let one = heap.instance_with(loader, &[]);
        heap.class("com.acme.Rule").loader(one).sticky().build();
    }
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(32 << 20)).sticky().build();
    let buffer = heap.class("java.nio.DirectByteBuffer").field("capacity", Kind::Int);
    let buffer = buffer.field("cleaner", Kind::Ref).build();
    let cleaner = heap.class("jdk.internal.ref.Cleaner").build();
    let cleaner = heap.instance(cleaner, &[]);
    let made = heap.instance(buffer, &[Value::Int(31 << 20), Value::Ref(cleaner)]);
    let job = heap.app_class("com.acme.Job").static_field("BUFFER", Value::Ref(made)).sticky().build();
    for number in 0..30 {
        heap.thread(&format!("client-{number}")).frame(job, "listen", "()V", "Job.java", 3).build();
    }
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let words = heap.string(message);
    let thrown = heap.instance_with(error, &[("detailMessage", Value::Ref(words))]);
    let array = heap.primitive_array(PrimitiveArray::Byte(vec![0; 2 << 20]));
    heap.thread("job-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 1)
        .local(thrown)
        .local(array)
        .frame(job, "run", "()V", "Job.java", 9)
        .build();
    judge(heap)
}

/// The line about the heap and the evidence of the error count the same classes.
#[test]
fn the_classes_that_are_loaded_are_one_number() {
    let report = throwing("Metaspace");
    let counted = report.oom.as_ref().unwrap().evidence.iter().find_map(|text| match text {
        Text::Message { id, args } if id == "oom-evidence-classes" => args.get("classes").cloned(),
        _ => None,
    });
    assert_eq!(counted, Some(Arg::Count(report.heap.classes)));
}

#[test]
fn each_kind_of_error_has_its_evidence() {
    for (message, kind, evidence) in [
        ("Java heap space", "java-heap-space", "oom-evidence-array-only"),
        ("GC overhead limit exceeded", "gc-overhead-limit", "oom-evidence-array-only"),
        ("Metaspace", "metaspace", "oom-evidence-loaders"),
        ("Compressed class space", "compressed-class-space", "oom-evidence-copies"),
        ("Direct buffer memory", "direct-buffer-memory", "oom-evidence-direct"),
        ("unable to create native thread: possibly", "native-thread", "oom-evidence-thread-count"),
        ("Requested array size exceeds VM limit", "requested-array-size", "oom-evidence-half-empty-about"),
        ("Out of space in CodeCache for adapters", "code-cache", "oom-evidence-classes"),
    ] {
        let oom = throwing(message).oom.unwrap();
        assert_eq!(oom.kind, kind);
        let ids: Vec<&str> = oom.evidence.iter().filter_map(id_of).collect();
        assert!(ids.contains(&evidence), "{message}: {ids:?}");
        assert!(ids.contains(&"oom-evidence-task"), "{message}: {ids:?}");
    }
}

/// Errors that lie about: with a stack and a message (one that was thrown), without a stack (the JVM's own), without a message (a library's).
#[test]
fn an_error_that_was_thrown_and_kept_is_told_from_those_made_beforehand() {
    let mut heap = HeapBuilder::hotspot17();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let message = heap.string("Cannot reserve 65536 bytes of direct buffer memory (allocated: 1, limit: 2)");
    let keeper = heap.app_class("com.acme.Decoder").sticky().build();
    let mirrors = heap.object_array("java.lang.Object[]", &[keeper.address(), Addr::NULL]);
    let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
    let stack = [("backtrace", Value::Ref(backtrace)), ("depth", Value::Int(1))];
    let thrown = heap.instance_with(error, &[&stack[..], &[("detailMessage", Value::Ref(message))]].concat());
    let beforehand = heap.instance_with(error, &[("detailMessage", Value::Ref(message))]);
    let of_library = heap.instance_with(error, &stack);
    for (name, error) in [("last", thrown), ("spare", beforehand), ("model", of_library)] {
        heap.static_field(keeper, name, Value::Ref(error));
    }
    let findings = judge(heap).findings;
    let told: Vec<_> = findings.iter().filter(|finding| finding.id == "oom.thrown-earlier").collect();
    let [finding] = &told[..] else { panic!("{told:?}") };
    assert_eq!((finding.count, finding.severity), (1, Severity::Error));
    assert_eq!(finding.holder.as_ref().unwrap().label(), "com.acme.Decoder.last");
    let stack = serde_json::to_string(&finding.evidence).unwrap();
    assert!(stack.contains("com.acme.Decoder"), "{stack}");
}

/// A list of payloads that each of some static maps in classes of their own refers to.
fn shared_by(classes: &[&str]) -> (Report, [u64; 2]) {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.app_class("com.acme.Order").field("data", Kind::Ref).build();
    let orders: Vec<Addr> = (0..400)
        .map(|_| {
            let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 4096]));
            heap.instance(order, &[Value::Ref(data)])
        })
        .collect();
    let list = heap.array_list(&orders);
    let mut maps = Vec::new();
    for class in classes {
        let key = heap.string("orders");
        let map = heap.hash_map(&[(key, list)]);
        maps.push(map);
        heap.app_class(class).static_field("CACHE", Value::Ref(map)).sticky().build();
    }
    let snapshot = snapshot(heap);
    let retained = |address: Addr| snapshot.retained_bytes(snapshot.find(ObjectId(address.0)).unwrap());
    let maps_bytes = maps.iter().map(|&map| retained(map)).sum::<u64>();
    let sizes = [retained(maps[0]), maps_bytes + retained(list)];
    (report_of(&snapshot), sizes)
}

#[test]
fn all_who_share_a_list_are_told_with_what_each_frees_alone() {
    for classes in [&["com.acme.A", "com.acme.B"][..], &["com.acme.A", "com.acme.B", "com.acme.C"]] {
        let (report, [alone, together]) = shared_by(classes);
        let first = &report.suspects[0];
        let labels: Vec<String> = first.holders.iter().map(|share| share.holder.label()).collect();
        let mut sorted = labels.clone();
        sorted.sort();
        let fields: Vec<String> = classes.iter().map(|class| format!("{class}.CACHE")).collect();
        assert_eq!(sorted, fields);
        assert_eq!(labels[0], first.holder.label());
        assert!(first.holders.iter().all(|share| share.alone_bytes == alone), "{:?}", first.holders);
        assert!(alone < 1024);
        assert_eq!((first.together_bytes, first.retained_bytes), (together, together));
        assert_eq!(first.confidence, Confidence::Exact);
    }
}

#[test]
fn one_holder_alone_is_no_shared_holder() {
    let (report, _) = shared_by(&["com.acme.A"]);
    let first = &report.suspects[0];
    assert!(first.holders.is_empty() && first.together_bytes == 0);
    assert_eq!(first.evidence.iter().filter_map(id_of).next(), Some("suspect-evidence-alone"));
}

/// Three fields, two of them of one class, refer to the list itself: none of them frees it, and whoever says so must know of the other.
#[test]
fn fields_that_refer_to_the_same_list_free_it_only_together() {
    let mut heap = HeapBuilder::hotspot17();
    let rows: Vec<Addr> =
        (0..400).map(|_| heap.primitive_array(PrimitiveArray::Byte(vec![0; 4096]))).collect();
    let list = heap.array_list(&rows);
    let reader = heap.app_class("com.acme.Reader").static_field("ROWS", Value::Ref(list));
    reader.static_field("LAST", Value::Ref(list)).sticky().build();
    heap.app_class("com.acme.Writer").static_field("ROWS", Value::Ref(list)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    let mut labels: Vec<String> = first.holders.iter().map(|share| share.holder.label()).collect();
    labels.sort();
    assert_eq!(labels, ["com.acme.Reader.LAST", "com.acme.Reader.ROWS", "com.acme.Writer.ROWS"]);
    assert!(first.holders.iter().all(|share| share.alone_bytes == 0), "{:?}", first.holders);
    assert!(first.together_bytes >= 400 * 4096);
    assert_eq!(id_of(&first.title), Some("suspect-title-several"));
}

/// An index of the application keeps a directory, and a library's writer, which refers to it from several places of its own.
#[test]
fn what_a_library_refers_to_inside_of_its_owner_has_one_holder() {
    let mut heap = HeapBuilder::hotspot17();
    let rows: Vec<Addr> =
        (0..400).map(|_| heap.primitive_array(PrimitiveArray::Byte(vec![0; 4096]))).collect();
    let directory = heap.array_list(&rows);
    let loader = heap.app_class_loader();
    let refers = |heap: &mut HeapBuilder, class: &str, fields: &[Addr]| {
        let made = heap.class(class).loader(loader);
        let made =
            (0..fields.len()).fold(made, |made, at| made.field(&format!("part{at}"), Kind::Ref)).build();
        heap.instance(made, &fields.iter().map(|&field| Value::Ref(field)).collect::<Vec<_>>())
    };
    let deleter = refers(&mut heap, "org.apache.lucene.index.IndexFileDeleter", &[directory]);
    let writer = refers(&mut heap, "org.apache.lucene.index.IndexWriter", &[directory, deleter]);
    let index =
        heap.app_class("com.acme.Index").field("directory", Kind::Ref).field("writer", Kind::Ref).build();
    let index = heap.instance(index, &[Value::Ref(directory), Value::Ref(writer)]);
    heap.app_class("com.acme.App").static_field("INDEX", Value::Ref(index)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Index.directory");
    assert!(first.holders.is_empty(), "{:?}", first.holders);
}

/// Classes of one name by many loaders count as one: not "one ArrayList", but so many rules.
#[test]
fn objects_of_a_class_that_many_loaders_define_are_counted_together() {
    let mut heap = HeapBuilder::hotspot17();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let loader = heap.app_class("com.acme.RuleLoader").extends(loaders).build();
    let mut rules = Vec::new();
    for _ in 0..60 {
        let one = heap.instance_with(loader, &[]);
        let rule = heap.class("com.acme.Rule").loader(one).field("data", Kind::Ref).build();
        let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 8192]));
        rules.push(heap.instance(rule, &[Value::Ref(data)]));
    }
    let list = heap.array_list(&rules);
    heap.app_class("com.acme.Compiler").static_field("COMPILED", Value::Ref(list)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Rule", 60));
    assert_eq!(first.holder.label(), "com.acme.Compiler.COMPILED");
}

/// The elements of many collections under one field are all counted, and so is what they retain.
#[test]
fn elements_of_many_collections_are_counted_with_their_bytes() {
    let mut heap = HeapBuilder::hotspot17();
    let entry = heap.app_class("com.acme.Entry").field("data", Kind::Ref).build();
    let entry_bytes = heap.instance_bytes(entry) + 2416;
    let lists: Vec<Addr> = (0..80)
        .map(|_| {
            let entries: Vec<Addr> = (0..30)
                .map(|_| {
                    let data = heap.primitive_array(PrimitiveArray::Byte(vec![0; 2400]));
                    heap.instance(entry, &[Value::Ref(data)])
                })
                .collect();
            heap.array_list(&entries)
        })
        .collect();
    let by_day = heap.object_array("java.lang.Object[]", &lists);
    heap.app_class("com.acme.Archive").static_field("BY_DAY", Value::Ref(by_day)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Entry", 2400));
    let evidence = serde_json::to_string(&first.evidence).unwrap();
    let bytes = format!("{}", 2400 * entry_bytes);
    assert!(
        evidence.contains("suspect-evidence-elements") && evidence.contains(&bytes),
        "{bytes}: {evidence}"
    );
}

/// What a frame has in hand besides is dominated by neither, and is an element all the same.
#[test]
fn elements_in_the_hands_of_a_frame_are_counted() {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 500, 2048);
    let list = heap.array_list(&orders);
    let app = heap.app_class("com.acme.Backlog").static_field("ORDERS", Value::Ref(list)).sticky().build();
    heap.thread("main").frame(app, "add", "()V", "Backlog.java", 9).local(orders[499]).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Order", 500));
}

/// Each node of a list refers back to the one before it: that is nothing in hand, however many there are.
#[test]
fn elements_in_hand_are_counted_in_long_lists_too() {
    const COUNT: usize = 70_000;
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", COUNT, 64);
    let node = heap.class("java.util.LinkedList$Node");
    let node = node.field("item", Kind::Ref).field("next", Kind::Ref).field("prev", Kind::Ref).build();
    let nodes: Vec<Addr> = orders.iter().map(|&order| heap.instance(node, &[Value::Ref(order)])).collect();
    for pair in nodes.windows(2) {
        heap.set_field(pair[0], "next", Value::Ref(pair[1]));
        heap.set_field(pair[1], "prev", Value::Ref(pair[0]));
    }
    let list = heap.class("java.util.LinkedList").field("first", Kind::Ref).build();
    let list = heap.instance(list, &[Value::Ref(nodes[0])]);
    let app = heap.app_class("com.acme.Backlog").static_field("ORDERS", Value::Ref(list)).sticky().build();
    heap.thread("main").frame(app, "add", "()V", "Backlog.java", 9).local(orders[COUNT - 1]).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Order", COUNT as u64));
}

/// The last, half-filled array of a linked buffer hangs on the buffer itself, not on the chain of those before it.
#[test]
fn elements_beside_the_chain_are_counted() {
    let mut heap = HeapBuilder::hotspot17();
    let events = payload(&mut heap, "com.acme.Event", 40 * 210, 512);
    let loader = heap.app_class_loader();
    let sink = heap
        .class("reactor.core.publisher.ReplayBuffer")
        .loader(loader)
        .field("head", Kind::Ref)
        .field("tail", Kind::Ref)
        .build();
    let sinks: Vec<Addr> = events
        .chunks(210)
        .map(|events| {
            let tail = heap.object_array("java.lang.Object[]", &events[200..]);
            let mut head = tail;
            for part in events[..200].chunks(50).rev() {
                let part: Vec<Addr> = part.iter().copied().chain([head]).collect();
                head = heap.object_array("java.lang.Object[]", &part);
            }
            heap.instance(sink, &[Value::Ref(head), Value::Ref(tail)])
        })
        .collect();
    let list = heap.array_list(&sinks);
    heap.app_class("com.acme.Rooms").static_field("SINKS", Value::Ref(list)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Rooms.SINKS");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Event", 40 * 210));
}

/// The nodes of a map whose keys and values others hold as well are all that it keeps; each counts, also those that stand in a chain.
#[test]
fn each_node_of_a_map_counts_where_nodes_are_all_that_it_keeps() {
    let mut heap = HeapBuilder::hotspot17();
    let stop = heap.app_class("com.acme.Stop").field("name", Kind::Ref).build();
    let stops: Vec<(Addr, Addr)> = (0..6000)
        .map(|number| {
            let name = heap.string(&format!("stop-{number}"));
            (name, heap.instance(stop, &[Value::Ref(name)]))
        })
        .collect();
    let by_name = heap.hash_map(&stops);
    let all: Vec<Addr> = stops.iter().map(|&(_, stop)| stop).collect();
    let all = heap.array_list(&all);
    let planner = heap.app_class("com.acme.Planner").static_field("BY_NAME", Value::Ref(by_name));
    planner.static_field("STOPS", Value::Ref(all)).sticky().build();
    let report = judge(heap);
    let of_nodes = report.suspects.iter().find(|suspect| suspect.class == "java.util.HashMap$Node").unwrap();
    assert_eq!((of_nodes.instances, of_nodes.holder.label().as_str()), (6000, "com.acme.Planner.BY_NAME"));
    let evidence = serde_json::to_string(&of_nodes.evidence).unwrap();
    assert!(evidence.contains(&format!("{}", 6000 * 32)), "{evidence}");
}

/// A class of one name that so many loaders of this class have defined, and the loader of the application once: the class that the finding names.
fn loaders_of(class: &str) -> Option<String> {
    let mut heap = HeapBuilder::hotspot17();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let application = heap.app_class_loader();
    heap.class("com.acme.Rule").loader(application).sticky().build();
    let loader = heap.class(class).loader(application).extends(loaders).build();
    for _ in 0..30 {
        let one = heap.instance_with(loader, &[]);
        heap.class("com.acme.Rule").loader(one).sticky().build();
    }
    let report = judge(heap);
    report.findings.into_iter().find(|finding| finding.id == "classloaders.many")?.class
}

#[test]
fn many_loaders_are_told_by_the_class_of_most_of_them() {
    assert_eq!(loaders_of("com.acme.RuleLoader").as_deref(), Some("com.acme.RuleLoader"));
    // It makes one for each piece of code, and keeps few of them.
    assert_eq!(loaders_of("org.codehaus.janino.ByteArrayClassLoader"), None);
}

/// Two indexes have the rows, and a thread has them in a variable as well: removing them from both frees nothing before the call ends, which a loop never does.
#[test]
fn what_a_call_has_in_hand_besides_two_holders_is_told() {
    let shared_by = |thread: &str, method: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let rows = payload(&mut heap, "com.acme.Row", 1200, 2048);
        let by_id: Vec<(Addr, Addr)> =
            rows.iter().zip(1000..).map(|(&row, id)| (heap.boxed_int(id), row)).collect();
        let by_id = heap.hash_map(&by_id);
        let list = heap.array_list(&rows);
        held_by_static(&mut heap, "com.acme.A", "rows", list);
        held_by_static(&mut heap, "com.acme.B", "byId", by_id);
        let mine = heap.object_array("com.acme.Row[]", &rows);
        let app = heap.app_class("com.acme.App").sticky().build();
        let of_thread = heap.class_named("java.lang.Thread");
        let waiting = heap.thread(thread).frame(of_thread, "join", "()V", "Thread.java", 1);
        waiting.frame(app, method, "([Ljava/lang/String;)V", "App.java", 9).local(mine).build();
        judge(heap).suspects.remove(0)
    };
    let by_call = shared_by("scan", "scan");
    assert_eq!(by_call.holders.len(), 2);
    assert!(ids(&by_call.activity).contains(&"suspect-calls-besides"), "{:?}", by_call.activity);
    assert_eq!(by_call.confidence, Confidence::Likely);
    // What `main` has in a variable stays as long as the process: it is a holder like the others.
    let by_main = shared_by("main", "main");
    assert_eq!(by_main.holders.len(), 3, "{:?}", by_main.holders);
    assert!(by_main.holders[2].holder.frame.is_some());
    assert!(!ids(&by_main.activity).contains(&"suspect-calls-besides"), "{:?}", by_main.activity);
}
