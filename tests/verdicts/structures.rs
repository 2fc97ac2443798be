//! Holders of what libraries and the JDK keep in structures of their own: queues of tasks, trees, registries.

use crate::{bytes, english, held_by_static, ids, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::render::text::Language;
use oomph::report::{HolderKind, OomRole, Pattern, Standing, SuspectKind};

/// Has the JDK refer to the objects as well, by a longer way than any other.
fn registered_elsewhere(heap: &mut HeapBuilder, objects: &[Addr]) {
    let link = heap.class("java.rmi.Link").field("next", Kind::Ref).build();
    let mut way = heap.object_array("java.lang.Object[]", objects);
    for _ in 0..12 {
        way = heap.instance(link, &[Value::Ref(way)]);
    }
    heap.thread("registry").field("target", Value::Ref(way)).build();
}

/// The tasks of a parallel stream are in the queues of the pool's workers, and what they fill is in the hands of the call that waits for them.
#[test]
fn what_a_parallel_call_fills_is_the_calls_and_not_the_pools() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 400, 2048);
    let rows = heap.array_list(&rows);
    let task = heap.class("java.util.stream.ForEachOps$ForEachTask").field("sink", Kind::Ref).build();
    let task = heap.instance(task, &[Value::Ref(rows)]);
    let tasks = heap.object_array("java.util.concurrent.ForkJoinTask[]", &[task]);
    let queue = heap.class("java.util.concurrent.ForkJoinPool$WorkQueue").field("array", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Ref(tasks)]);
    let queues = heap.object_array("java.util.concurrent.ForkJoinPool$WorkQueue[]", &[queue]);
    let pool = heap.class("java.util.concurrent.ForkJoinPool").field("queues", Kind::Ref).build();
    let common = heap.instance(pool, &[Value::Ref(queues)]);
    heap.static_field(pool, "common", Value::Ref(common));
    let worker = heap.class_named("java.lang.Thread");
    let worker = heap.class("java.util.concurrent.ForkJoinWorkerThread").extends(worker).build();
    let reports = heap.app_class("com.acme.Reports").build();
    let stream = heap.class("java.util.stream.ReferencePipeline").build();
    let waiting = heap.class("java.util.concurrent.ForkJoinTask").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let at_work = heap.thread("commonPool-worker-1").class(worker);
    at_work
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(reports, "lambda$build$0", "()V", "Reports.java", 12)
        .local(task)
        .build();
    heap.thread("report-6")
        .frame(waiting, "externalAwaitDone", "()V", "ForkJoinTask.java", 323)
        .frame(stream, "collect", "()V", "ReferencePipeline.java", 679)
        .local(rows)
        .frame(reports, "build", "()V", "Reports.java", 9)
        .build();
    let report = judge(heap);
    let oom = report.oom.unwrap();
    assert_eq!((oom.thread.as_deref(), oom.role), (Some("commonPool-worker-1"), OomRole::Culprit));
    let first = &report.suspects[0];
    assert_eq!((first.kind, first.holder.kind), (SuspectKind::Load, HolderKind::StackLocal));
    assert_eq!(first.holder.thread.as_deref(), Some("report-6"));
    assert_eq!(first.holder.frame.as_ref().unwrap().method, "build");
}

/// A tree of the application's own nodes: the field that refers to its root holds it, and all nodes count.
#[test]
fn a_tree_is_held_by_what_refers_to_its_root() {
    const FANOUT: usize = 9;
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.Node").field("children", Kind::Ref).field("data", Kind::Ref).build();
    let mut level: Vec<Addr> = Vec::new();
    let mut nodes = 0;
    for depth in (0..=4).rev() {
        let count = FANOUT.pow(depth);
        let next: Vec<Addr> = (0..count)
            .map(|at| {
                let below = level.chunks(FANOUT).nth(at).unwrap_or_default();
                let children = heap.object_array("com.acme.Node[]", below);
                let data = bytes(&mut heap, 400);
                heap.instance(node, &[Value::Ref(children), Value::Ref(data)])
            })
            .collect();
        nodes += count as u64;
        level = next;
    }
    let index = heap.app_class("com.acme.Index").field("root", Kind::Ref).build();
    let index = heap.instance(index, &[Value::Ref(level[0])]);
    heap.thread("indexer").field("target", Value::Ref(index)).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Index.root");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Node", nodes));
}

/// A timer of a library that is in a queue and in a map besides: the queue says more than the field that each task has, and what the application
/// has given to it more than the task.
#[test]
fn tasks_of_a_library_are_told_by_their_queue_and_by_what_they_carry() {
    let mut heap = HeapBuilder::hotspot17();
    let pollers = payload(&mut heap, "com.acme.Poller", 500, 2048);
    let wrap = |heap: &mut HeapBuilder, class: &str, field: &str, all: &[Addr]| -> Vec<Addr> {
        let loader = heap.app_class_loader();
        let class = heap.class(class).loader(loader).field(field, Kind::Ref).build();
        all.iter().map(|&inner| heap.instance(class, &[Value::Ref(inner)])).collect()
    };
    let handlers = wrap(&mut heap, "io.vertx.core.impl.TimerHandler", "handler", &pollers);
    let tasks = wrap(&mut heap, "io.netty.util.concurrent.ScheduledFutureTask", "task", &handlers);
    let queue = heap.object_array("io.netty.util.concurrent.ScheduledFutureTask[]", &tasks);
    let field = [("scheduledTaskQueue", Kind::Ref, Value::Ref(queue))];
    let event_loop = library_object(&mut heap, "io.netty.channel.nio.NioEventLoop", &field);
    registered_elsewhere(&mut heap, &handlers);
    heap.thread("eventloop").field("target", Value::Ref(event_loop)).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "io.netty.channel.nio.NioEventLoop.scheduledTaskQueue");
    assert_eq!(ids(&[first.title]), ["suspect-title-carrying"]);
    assert_eq!(first.instances, 500);
}

/// Beans of an application that was loaded again and again stay registered in a table of the JDK, and all of it with them.
#[test]
fn copies_that_a_table_of_the_jdk_keeps_are_held_by_the_table() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.class_named("java.net.URLClassLoader");
    let mut all_weights = Vec::new();
    let beans: Vec<Addr> = (0..20)
        .map(|_| {
            let loader = heap.instance(loader, &[]);
            let weights = bytes(&mut heap, 40 << 10);
            all_weights.push(weights);
            let model = heap.class("com.acme.Model").loader(loader).field("weights", Kind::Ref).build();
            let model = heap.instance(model, &[Value::Ref(weights)]);
            let stats = heap.class("com.acme.Stats").loader(loader).field("model", Kind::Ref).build();
            heap.instance(stats, &[Value::Ref(model)])
        })
        .collect();
    registered_elsewhere(&mut heap, &all_weights);
    let beans = heap.array_list(&beans);
    let server = heap.class("com.sun.jmx.mbeanserver.JmxMBeanServer").field("beans", Kind::Ref).build();
    let server = heap.instance(server, &[Value::Ref(beans)]);
    heap.class("java.lang.management.ManagementFactory")
        .static_field("platformMBeanServer", Value::Ref(server))
        .sticky()
        .build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.pattern, first.instances), (Pattern::ClassLoader, 20));
    assert_eq!(first.holder.label(), "java.lang.management.ManagementFactory.platformMBeanServer");
}

/// A library's frame has the document in hand, too, and the shortest path begins there: the path names the frame that the holder is.
#[test]
fn a_path_begins_in_the_frame_that_is_blamed() {
    let mut heap = HeapBuilder::hotspot17();
    let pages = payload(&mut heap, "com.acme.Page", 400, 2048);
    let pages = heap.array_list(&pages);
    let document =
        library_object(&mut heap, "org.apache.pdfbox.Doc", &[("pages", Kind::Ref, Value::Ref(pages))]);
    let loader = heap.app_class_loader();
    let library = heap.class("org.apache.pdfbox.Writer").loader(loader).build();
    let reports = heap.app_class("com.acme.Reports").build();
    heap.thread("http-1")
        .frame(library, "write", "()V", "Writer.java", 70)
        .local(document)
        .frame(reports, "year", "()V", "Reports.java", 9)
        .local(document)
        .build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.frame.as_ref().unwrap().method, "year");
    assert_eq!(first.path[0].field.as_deref(), Some("<local> com.acme.Reports.year(Reports.java:9)"));
    assert_eq!(first.path[1].class, "org.apache.pdfbox.Doc");
}

/// A table that was made at its size and filled cannot grow; one with room may.
#[test]
fn a_full_table_is_only_large() {
    let judged = |gap: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let mut rows: Vec<Addr> = (0..2000).map(|_| bytes(&mut heap, 1024)).collect();
        if gap {
            rows.push(Addr(0));
        }
        let rows = heap.object_array("byte[][]", &rows);
        held_by_static(&mut heap, "com.acme.Embeddings", "ROWS", rows);
        let report = judge(heap);
        report.suspects[0].standing
    };
    assert_eq!(judged(false), Standing::Largest);
    assert_eq!(judged(true), Standing::Blamed);
}

/// A broker that keeps the messages of a queue in a list of its own making: the field of the queue holds them, not what the list calls its parts.
#[test]
fn a_list_of_the_librarys_own_says_less_than_the_field_that_refers_to_it() {
    let mut heap = HeapBuilder::hotspot17();
    let message = heap.class("org.apache.broker.Message").field("body", Kind::Ref).build();
    let levels: Vec<Addr> = (0..4)
        .map(|level| {
            let count = if level == 0 { 800 } else { 0 };
            let messages: Vec<Addr> = (0..count)
                .map(|_| {
                    let body = bytes(&mut heap, 1024);
                    heap.instance(message, &[Value::Ref(body)])
                })
                .collect();
            let items = heap.object_array("java.lang.Object[]", &messages);
            let list = "org.apache.broker.utils.collections.LinkedListImpl";
            library_object(&mut heap, list, &[("items", Kind::Ref, Value::Ref(items))])
        })
        .collect();
    let levels = heap.object_array("org.apache.broker.utils.collections.LinkedListImpl[]", &levels);
    let list = "org.apache.broker.utils.collections.PriorityLinkedListImpl";
    let list = library_object(&mut heap, list, &[("levels", Kind::Ref, Value::Ref(levels))]);
    let fields = [("messageReferences", Kind::Ref, Value::Ref(list))];
    let queue = library_object(&mut heap, "org.apache.broker.core.QueueImpl", &fields);
    let server = library_object(
        &mut heap,
        "org.apache.broker.core.Server",
        &[("queue", Kind::Ref, Value::Ref(queue))],
    );
    held_by_static(&mut heap, "org.apache.broker.core.ServerStatus", "instance", server);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "org.apache.broker.core.QueueImpl.messageReferences");
    assert_eq!((first.class.as_str(), first.instances), ("org.apache.broker.Message", 800));
}

/// The static field of a library that refers to a collection says more than what the collection calls its parts.
#[test]
fn the_static_field_of_a_library_says_more_than_the_inside_of_its_collection() {
    let mut heap = HeapBuilder::hotspot17();
    let entries: Vec<Addr> = (0..800)
        .map(|_| {
            let key = bytes(&mut heap, 1024);
            library_object(&mut heap, "org.apache.broker.Key", &[("name", Kind::Ref, Value::Ref(key))])
        })
        .collect();
    let table = heap.object_array("java.lang.Object[]", &entries);
    let map = "org.apache.broker.util.ConcurrentLongHashMap";
    let map = library_object(&mut heap, map, &[("table", Kind::Ref, Value::Ref(table))]);
    held_by_static(&mut heap, "org.apache.broker.core.Registry", "KEYS", map);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "org.apache.broker.core.Registry.KEYS");
}

/// What all objects that are to be cleaned up are linked in leads from each of them to all others, and holds nothing for any of them.
#[test]
fn one_cleanable_does_not_hold_what_the_others_clean_up() {
    let mut heap = HeapBuilder::hotspot17();
    let cleanable = "jdk.internal.ref.CleanerImpl$PhantomCleanableRef";
    let cleanable = heap
        .class(cleanable)
        .field("next", Kind::Ref)
        .field("prev", Kind::Ref)
        .field("list", Kind::Ref)
        .field("action", Kind::Ref)
        .build();
    let source = heap.class("java.util.zip.ZipFile$Source").field("cen", Kind::Ref).build();
    let mut next = Value::NULL;
    for _ in 0..40 {
        let directory = bytes(&mut heap, 32 << 10);
        let source = heap.instance(source, &[Value::Ref(directory)]);
        let link = heap.instance(cleanable, &[next, Value::NULL, Value::NULL, Value::Ref(source)]);
        next = Value::Ref(link);
    }
    let own = heap.instance(cleanable, &[next, Value::NULL, Value::NULL, Value::NULL]);
    let wrapper = heap.class("java.util.concurrent.Executors$AutoShutdownDelegatedExecutorService");
    let wrapper = wrapper.field("cleanable", Kind::Ref).build();
    let wrapper = heap.instance(wrapper, &[Value::Ref(own)]);
    held_by_static(&mut heap, "com.acme.Reaper", "EXECUTOR", wrapper);
    let cleaner = heap.class("jdk.internal.ref.CleanerImpl").field("phantomCleanableList", Kind::Ref).build();
    let cleaner = heap.instance(cleaner, &[next]);
    heap.class("jdk.internal.ref.CleanerFactory")
        .static_field("commonCleaner", Value::Ref(cleaner))
        .sticky()
        .build();
    let report = judge(heap);
    let labels: Vec<String> = report.suspects.iter().map(|suspect| suspect.holder.label()).collect();
    assert!(!labels.iter().any(|label| label.contains("com.acme")), "{labels:?}");
}

/// Timers: the thread of each has a queue of tasks, and so has what cleans up after the timer.
#[test]
fn what_a_thread_has_is_not_held_by_what_cleans_up_after_it() {
    for jdk25 in [false, true] {
        let mut heap = HeapBuilder::hotspot17();
        let cleanable = heap.class("jdk.internal.ref.CleanerImpl$PhantomCleanableRef");
        let cleanable = cleanable.field("next", Kind::Ref).field("action", Kind::Ref).build();
        let reaper = heap.class("java.util.Timer$ThreadReaper").field("queue", Kind::Ref).build();
        let queues = heap.class("java.util.TaskQueue").field("queue", Kind::Ref).build();
        let reminder = heap.app_class("com.acme.Reminder").field("text", Kind::Ref).build();
        let (mut next, mut cleanables) = (Value::NULL, Vec::new());
        for number in 0..60 {
            let text = bytes(&mut heap, 32 << 10);
            let reminder = heap.instance(reminder, &[Value::Ref(text)]);
            let tasks = heap.object_array("java.util.TimerTask[]", &[Addr::NULL, reminder]);
            let queue = heap.instance(queues, &[Value::Ref(tasks)]);
            let action = heap.instance(reaper, &[Value::Ref(queue)]);
            let link = if jdk25 { Value::NULL } else { next };
            let link = heap.instance(cleanable, &[link, Value::Ref(action)]);
            next = Value::Ref(link);
            cleanables.push(link);
            heap.thread(&format!("Timer-{number}")).field("target", Value::Ref(queue)).build();
        }
        let list = if jdk25 {
            let part =
                heap.class("jdk.internal.ref.CleanerImpl$CleanableList$Node").field("arr", Kind::Ref).build();
            let all = heap.object_array("jdk.internal.ref.PhantomCleanable[]", &cleanables);
            Value::Ref(heap.instance(part, &[Value::Ref(all)]))
        } else {
            next
        };
        let cleaner =
            heap.class("jdk.internal.ref.CleanerImpl").field("phantomCleanableList", Kind::Ref).build();
        let cleaner = heap.instance(cleaner, &[list]);
        heap.class("jdk.internal.ref.CleanerFactory")
            .static_field("commonCleaner", Value::Ref(cleaner))
            .sticky()
            .build();
        let first = judge(heap).suspects.remove(0);
        let label = first.holder.label();
        assert!(!label.contains("Cleaner"), "{label}");
        let through_list = first.path.iter().any(|step| step.class.contains("Cleaner"));
        assert!(!through_list, "{:?}", first.path);
    }
}

/// What is said of nodes with two fields to each other, which `place` puts into the field `nodes` of `com.acme.Trail`.
fn told_of_nodes(
    place: impl Fn(&mut HeapBuilder, &[Addr]) -> Vec<Addr>,
    link: impl Fn(usize) -> [Option<usize>; 2],
) -> (String, String) {
    const COUNT: usize = 600;
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.Node");
    let node = node.field("previous", Kind::Ref).field("next", Kind::Ref).field("data", Kind::Ref).build();
    let nodes: Vec<Addr> = (0..COUNT)
        .map(|_| {
            let data = bytes(&mut heap, 4000);
            heap.instance(node, &[Value::NULL, Value::NULL, Value::Ref(data)])
        })
        .collect();
    for (at, &node) in nodes.iter().enumerate() {
        let [previous, next] = link(at).map(|to| to.and_then(|to| nodes.get(to)).copied());
        heap.set_field(node, "previous", Value::Ref(previous.unwrap_or(Addr::NULL)));
        heap.set_field(node, "next", Value::Ref(next.unwrap_or(Addr::NULL)));
    }
    let fields = place(&mut heap, &nodes);
    let trail = heap.app_class("com.acme.Trail").field("first", Kind::Ref).field("last", Kind::Ref).build();
    let trail = heap.instance(trail, &[Value::Ref(fields[0]), Value::Ref(fields[1])]);
    held_by_static(&mut heap, "com.acme.Audit", "TRAIL", trail);
    let first = judge(heap).suspects.remove(0);
    (english(&first.activity), english(&first.advice))
}

#[test]
fn objects_that_hold_each_other_are_told_as_a_chain_or_a_list() {
    let before = |at: usize| [at.checked_sub(1), None];
    let both = |at: usize| [at.checked_sub(1), Some(at + 1)];
    let (chain, advice) = told_of_nodes(|_, nodes| vec![Addr::NULL, nodes[599]], before);
    assert!(
        chain.contains(
            "There are 600 com.acme.Node in it, chained: nearly all of them are held by the field previous of another one."
        ),
        "{chain}"
    );
    assert!(advice.contains("do not keep previous longer") && !advice.contains("put into"), "{advice}");
    // Twenty chains whose ends are in a list.
    let ends = |heap: &mut HeapBuilder, nodes: &[Addr]| {
        let ends: Vec<Addr> = nodes.iter().skip(29).step_by(30).copied().collect();
        vec![heap.array_list(&ends), Addr::NULL]
    };
    let (chains, advice) = told_of_nodes(ends, |at| [at.checked_sub(1).filter(|_| at % 30 > 0), None]);
    assert!(advice.contains("do not keep previous longer"), "{advice}");
    // Short ones hang on what is put into the list.
    let short = |heap: &mut HeapBuilder, nodes: &[Addr]| {
        let ends: Vec<Addr> = nodes.iter().skip(5).step_by(6).copied().collect();
        vec![heap.array_list(&ends), Addr::NULL]
    };
    let (_, advice) = told_of_nodes(short, |at| [at.checked_sub(1).filter(|_| at % 6 > 0), None]);
    assert!(advice.contains("put into"), "{advice}");
    // Half of them hang on another one each: that is said beside what is said of the list.
    let pairs = |heap: &mut HeapBuilder, nodes: &[Addr]| {
        let ends: Vec<Addr> = nodes.iter().skip(1).step_by(2).copied().collect();
        vec![heap.array_list(&ends), Addr::NULL]
    };
    let (pairs, advice) = told_of_nodes(pairs, |at| [at.checked_sub(1).filter(|_| at % 2 > 0), None]);
    let expected =
        "There are 600 com.acme.Node in it: 300 of them are held by the field previous of another one";
    assert!(pairs.contains(expected) && advice.contains("put into"), "{pairs} {advice}");
    assert!(chains.contains("There are 600 com.acme.Node in it, chained"), "{chains}");
    let (list, advice) = told_of_nodes(|_, nodes| vec![nodes[0], nodes[599]], both);
    assert!(
        list.contains("There are 600 com.acme.Node in it, linked to each other by next, previous"),
        "{list}"
    );
    assert!(advice.contains("unlinks it here as well (next, previous)"), "{advice}");
    // In a list of its own each is held by that, whatever they refer to.
    let all = |heap: &mut HeapBuilder, nodes: &[Addr]| vec![heap.array_list(nodes), Addr::NULL];
    let (listed, advice) = told_of_nodes(all, both);
    assert!(!listed.contains("in it") && advice.contains("put into"), "{listed} {advice}");
    // Two indexes of one object, which dominates what is in both.
    let indexed =
        |heap: &mut HeapBuilder, nodes: &[Addr]| vec![heap.array_list(nodes), heap.array_list(nodes)];
    let (indexed, _) = told_of_nodes(indexed, |at| [Some(at / 10), None]);
    assert!(!indexed.contains("linked"), "{indexed}");
    // A chain behind the last one of a long list is a part of it.
    let mostly_flat = |at: usize| [at.checked_sub(1).filter(|_| at < 150), None];
    let flat = |heap: &mut HeapBuilder, nodes: &[Addr]| vec![heap.array_list(&nodes[149..]), Addr::NULL];
    let (flat, _) = told_of_nodes(flat, mostly_flat);
    assert!(!flat.contains("chained"), "{flat}");
}

/// A word is a way down by the first child and along its siblings: nothing is chained there.
#[test]
fn a_tree_by_two_fields_is_told_as_a_tree() {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.Node").field("child", Kind::Ref).field("sibling", Kind::Ref);
    let node = node.field("data", Kind::Ref).build();
    let mut made = |child: Addr, sibling: Addr| {
        let data = bytes(&mut heap, 4000);
        heap.instance(node, &[Value::Ref(child), Value::Ref(sibling), Value::Ref(data)])
    };
    let mut root = Addr::NULL;
    for _ in 0..100 {
        let word = (0..5).fold(Addr::NULL, |below, _| made(below, Addr::NULL));
        root = made(word, root);
    }
    held_by_static(&mut heap, "com.acme.Words", "ROOT", root);
    let said = english(&judge(heap).suspects.remove(0).activity);
    let expected = "There are 600 com.acme.Node in it, a tree: nearly all of them are held by one of the fields child, sibling of another one.";
    assert!(said.contains(expected), "{said}");
}

/// The keys and the values of a table are one structure.
#[test]
fn arrays_that_one_object_has_side_by_side_are_told_together() {
    let report = |is_same: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let mut cells = payload(&mut heap, "com.acme.Cell", 2000, 4000);
        // There is room for more.
        cells.resize(2400, Addr::NULL);
        let cells = heap.object_array("com.acme.Cell[]", &cells);
        let keys = heap.primitive_array(PrimitiveArray::zeros(Kind::Long, 256 << 10));
        let table =
            heap.app_class("com.acme.GridTable").field("keys", Kind::Ref).field("cells", Kind::Ref).build();
        let first =
            heap.instance(table, &[Value::Ref(if is_same { keys } else { Addr::NULL }), Value::Ref(cells)]);
        held_by_static(&mut heap, "com.acme.Grid", "FORECASTS", first);
        if !is_same {
            let other = heap.instance(table, &[Value::Ref(keys), Value::NULL]);
            held_by_static(&mut heap, "com.acme.Other", "TABLE", other);
        }
        judge(heap)
    };
    let together = report(true);
    let first = &together.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.GridTable.cells");
    let said = english(&first.activity);
    let expected =
        "The same GridTable has another 2.00 MiB in its field keys, which belongs to the same table.";
    assert!(said.contains(expected), "{said}");
    assert_eq!(together.suspects.len(), 1);
    let apart = report(false);
    assert!(!english(&apart.suspects[0].activity).contains("The same GridTable"));
    assert_eq!(apart.suspects.len(), 2);
}

#[test]
fn a_tree_of_the_applications_is_told_with_its_widest_node() {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.Node").field("children", Kind::Ref).field("data", Kind::Ref).build();
    let made = |heap: &mut HeapBuilder, children: &[Addr]| {
        let children = if children.is_empty() { Addr::NULL } else { heap.array_list(children) };
        let data = bytes(heap, 2000);
        heap.instance(node, &[Value::Ref(children), Value::Ref(data)])
    };
    let leaves: Vec<Addr> = (0..1000).map(|_| made(&mut heap, &[])).collect();
    let wide = made(&mut heap, &leaves);
    let others: Vec<Addr> = (0..50).map(|_| made(&mut heap, &[])).chain([wide]).collect();
    let root = made(&mut heap, &others);
    held_by_static(&mut heap, "com.acme.Routes", "ROOT", root);
    let first = judge(heap).suspects.remove(0);
    let told: Vec<String> = first.activity.iter().map(|text| Language::En.text(text)).collect();
    let tree = "There are 1,051 com.acme.Node in it, a tree: nearly all of them are in the field children of another one, and one of them alone has 1,000 there.";
    assert!(told.iter().any(|told| told == tree), "{told:?}");
}

/// A map or set of keys of a class with a number and a text in which each content is there `times` times.
fn told_of_keys(times: usize, of_arrays: bool) -> (String, String) {
    let mut heap = HeapBuilder::hotspot17();
    let key =
        heap.app_class("com.acme.PriceKey").field("country", Kind::Int).field("article", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..2000)
        .map(|number| {
            let content = number / times;
            let key = if of_arrays {
                heap.primitive_array(PrimitiveArray::Byte(format!("key {content:06}").into_bytes()))
            } else {
                let article = heap.string(&format!("article {content}"));
                heap.instance(key, &[Value::Int(i32::try_from(content % 7).unwrap()), Value::Ref(article)])
            };
            (key, bytes(&mut heap, 1000))
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Prices", "BY_KEY", map);
    let first = judge(heap).suspects.remove(0);
    (english(&first.activity), english(&first.advice))
}

#[test]
fn keys_that_are_the_same_again_and_again_lack_equals() {
    let (told, advice) = told_of_keys(20, false);
    let same =
        "Of 2,000 keys that were looked at only 100 differ: the others are the same com.acme.PriceKey again";
    assert!(told.contains(same), "{told}");
    assert!(
        advice.contains("give com.acme.PriceKey equals and hashCode") && !advice.contains("bound it"),
        "{advice}"
    );
    let (_, advice) = told_of_keys(20, true);
    assert!(advice.contains("no byte[] that is made anew is ever found"), "{advice}");
    let (told, advice) = told_of_keys(1, false);
    assert!(!told.contains("differ") && advice.contains("bound it"), "{told} {advice}");
}

/// The dictionary of a library, of which an application has added to the tree.
#[test]
fn nodes_of_a_librarys_tree_are_held_by_the_field_that_leads_to_the_tree() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let node = heap.class("org.words.trie.Node").loader(loader);
    let node = node.field("child", Kind::Ref).field("word", Kind::Ref).build();
    let leaves: Vec<Addr> = (0..1500)
        .map(|_| {
            let word = bytes(&mut heap, 2000);
            heap.instance(node, &[Value::NULL, Value::Ref(word)])
        })
        .collect();
    let child = heap.object_array("org.words.trie.Node[]", &leaves);
    let inner = heap.instance(node, &[Value::Ref(child), Value::NULL]);
    let child = heap.object_array("org.words.trie.Node[]", &[inner, Addr::NULL]);
    let root = heap.instance(node, &[Value::Ref(child), Value::NULL]);
    let dictionary =
        library_object(&mut heap, "org.words.Dictionary", &[("trie", Kind::Ref, Value::Ref(root))]);
    heap.class("org.words.Words")
        .loader(loader)
        .static_field("DEFAULT", Value::Ref(dictionary))
        .sticky()
        .build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "org.words.Dictionary.trie");
}

/// A record with an array among its fields, whose elements its `equals` does not look at.
#[test]
fn keys_with_arrays_are_not_told_to_be_records() {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.app_class("com.acme.Digest").field("bytes", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..2000)
        .map(|number| {
            let content = format!("digest {:06}", number / 20).into_bytes();
            let content = heap.primitive_array(PrimitiveArray::Byte(content));
            (heap.instance(key, &[Value::Ref(content)]), bytes(&mut heap, 1000))
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Digests", "BY_KEY", map);
    let first = judge(heap).suspects.remove(0);
    assert!(ids(&first.advice).contains(&"suspect-advice-keys-with-arrays"), "{:?}", first.advice);
}

/// Versions of a persistent map in a list: of so many nodes each version has some of its own, and shares the others.
#[test]
fn versions_of_a_persistent_map_are_what_a_list_has_and_not_their_nodes() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let node = heap.class("org.pcollections.IntTree").loader(loader);
    let node = node.field("left", Kind::Ref).field("right", Kind::Ref).field("value", Kind::Ref).build();
    let map = heap.class("org.pcollections.HashPMap").loader(loader).field("root", Kind::Ref).build();
    let mut older = Value::NULL;
    let versions: Vec<Addr> = (0..600)
        .map(|_| {
            let mut root = older;
            for _ in 0..8 {
                let value = bytes(&mut heap, 100);
                // The next version begins at the middle of this one.
                older = root;
                root = Value::Ref(heap.instance(node, &[root, older, Value::Ref(value)]));
            }
            heap.instance(map, &[root])
        })
        .collect();
    let undo = heap.array_list(&versions);
    let sheet = one_field(&mut heap, "com.acme.Sheet", "undo", undo);
    held_by_static(&mut heap, "com.acme.Sheets", "OPEN", sheet);
    let report = judge(heap);
    assert_eq!(Language::En.text(&report.suspects[0].title), "600 HashPMap held by com.acme.Sheet.undo");
}
