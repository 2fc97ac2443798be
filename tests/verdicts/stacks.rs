//! What only stacks lead to: the load of a call, or what outlives it.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::report::{HolderKind, OomRole, Report, Suspect, SuspectKind};

fn first(heap: HeapBuilder) -> Suspect {
    judge(heap).suspects.remove(0)
}

/// A list of 400 objects in a field of an object of that class.
fn in_field(heap: &mut HeapBuilder, class: &str, field: &str) -> (hprof_fixtures::ClassRef, Addr, Addr) {
    let all = payload(heap, "com.acme.Player", 400, 4096);
    let all = heap.array_list(&all);
    let class = heap.app_class(class).field(field, Kind::Ref).build();
    let object = heap.instance(class, &[Value::Ref(all)]);
    (class, object, all)
}

/// A server whose method `main` has called, which has called another of its own.
#[test]
fn the_object_whose_method_main_has_called_is_no_load() {
    let mut heap = HeapBuilder::hotspot17();
    let (server, this, _) = in_field(&mut heap, "com.acme.Server", "players");
    heap.thread("main")
        .frame(server, "join", "()V", "Server.java", 7)
        .local(this)
        .frame(server, "loop", "()V", "Server.java", 14)
        .local(this)
        .frame(server, "main", "([Ljava/lang/String;)V", "Server.java", 20)
        .build();
    let first = first(heap);
    assert_eq!((first.kind, first.holder.label().as_str()), (SuspectKind::Leak, "com.acme.Server.players"));
}

/// A listener that `main` has given to a library that reads a file: it collects rows as long as the call takes.
#[test]
fn what_main_has_given_to_a_library_goes_with_the_call() {
    let mut heap = HeapBuilder::hotspot17();
    let (listener, this, _) = in_field(&mut heap, "com.acme.Listener", "rows");
    let loader = heap.app_class_loader();
    let reader = heap.class("com.alibaba.excel.EasyExcel").loader(loader).build();
    let app = heap.app_class("com.acme.Import").build();
    heap.thread("main")
        .frame(listener, "invoke", "()V", "Listener.java", 7)
        .local(this)
        .frame(reader, "read", "()V", "EasyExcel.java", 140)
        .local(this)
        .frame(app, "main", "([Ljava/lang/String;)V", "Import.java", 20)
        .local(this)
        .build();
    assert_eq!(first(heap).kind, SuspectKind::Load);
}

/// A pipeline of a library in a field of an object that `main` sends events to; the inner one has it in hand at this moment.
#[test]
fn what_the_next_call_finds_again_is_no_load() {
    let mut heap = HeapBuilder::hotspot17();
    let groups = payload(&mut heap, "com.acme.Group", 400, 4096);
    let groups = heap.array_list(&groups);
    let by_key = [("groupMap", Kind::Ref, Value::Ref(groups))];
    let by_key = library_object(&mut heap, "reactor.core.publisher.GroupByMain", &by_key);
    let sink = [("actual", Kind::Ref, Value::Ref(by_key))];
    let sink = library_object(&mut heap, "reactor.core.publisher.SinkMany", &sink);
    let sessions = heap.app_class("com.acme.Sessions").field("clicks", Kind::Ref).build();
    let this = heap.instance(sessions, &[Value::Ref(sink)]);
    let library = heap.class_named("reactor.core.publisher.GroupByMain");
    heap.thread("main")
        .frame(library, "onNext", "()V", "GroupByMain.java", 99)
        .local(by_key)
        .frame(sessions, "click", "()V", "Sessions.java", 9)
        .local(this)
        .frame(sessions, "main", "([Ljava/lang/String;)V", "Sessions.java", 20)
        .local(this)
        .build();
    let first = first(heap);
    assert_eq!((first.kind, first.holder.label().as_str()), (SuspectKind::Leak, "com.acme.Sessions.clicks"));
}

/// A task that is running just now and collects rates in a field, done once or every minute.
fn scheduled(period: i64) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let (refresher, this, all) = in_field(&mut heap, "com.acme.Refresher", "history");
    let tasks = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    let tasks = tasks.field("period", Kind::Long).field("callable", Kind::Ref).build();
    let task = heap.instance(tasks, &[Value::Long(period), Value::Ref(this)]);
    heap.thread("rates")
        .frame(refresher, "refresh", "()V", "Refresher.java", 6)
        .local(this)
        .local(all)
        .frame(tasks, "run", "()V", "ScheduledThreadPoolExecutor.java", 305)
        .local(task)
        .build();
    first(heap)
}

#[test]
fn what_a_task_has_that_is_done_again_and_again_is_no_load() {
    let again = scheduled(200_000);
    assert_eq!(
        (again.kind, again.holder.label().as_str()),
        (SuspectKind::Leak, "com.acme.Refresher.history")
    );
    assert_eq!(scheduled(0).kind, SuspectKind::Load);
}

/// A consumer that a pool was given once, whose map grows while it has the map in hand.
#[test]
fn a_task_is_told_by_its_field_and_as_one_that_may_loop() {
    let with = |method: &str, runs: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let (consumer, this, by_id) = in_field(&mut heap, "com.acme.Consumer", "byId");
        let loader = heap.app_class_loader();
        let worker = heap.class(runs).loader(loader).build();
        heap.thread("consumer-5")
            .frame(consumer, "apply", "()V", "Consumer.java", 8)
            .local(by_id)
            .frame(consumer, method, "()V", "Consumer.java", 14)
            .local(this)
            .frame(worker, "runWorker", "()V", "X.java", 1136)
            .build();
        first(heap)
    };
    let task = with("run", "java.util.concurrent.ThreadPoolExecutor");
    assert_eq!((task.kind, task.holder.label().as_str()), (SuspectKind::Load, "com.acme.Consumer.byId"));
    assert_eq!(ids(&task.activity), ["suspect-task-may-loop"]);
    assert!(with("doGet", "org.apache.catalina.Valve").activity.is_empty(), "a request ends");
    let scheduled = "java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask";
    assert!(with("run", scheduled).activity.is_empty(), "each run ends");
}

/// A buffer is as large as it was made, however long the loop goes on that fills it again and again.
#[test]
fn a_buffer_of_a_task_is_not_told_as_one_that_may_loop() {
    let activity = |is_buffer: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let held = if is_buffer {
            bytes(&mut heap, 3 << 20)
        } else {
            let items = payload(&mut heap, "com.acme.Item", 1000, 3000);
            heap.array_list(&items)
        };
        let render = heap.app_class("com.acme.Renderer").build();
        let worker = heap.class("java.util.concurrent.ThreadPoolExecutor").build();
        heap.thread("render-5")
            .frame(render, "run", "()V", "Renderer.java", 14)
            .local(held)
            .frame(worker, "runWorker", "()V", "X.java", 1136)
            .build();
        ids(&first(heap).activity).join(" ")
    };
    assert_eq!((activity(false).as_str(), activity(true).as_str()), ("suspect-task-may-loop", ""));
}

/// A builder whose array is just copied to a longer one.
#[test]
fn what_is_being_built_is_told_and_no_bare_array() {
    let mut heap = HeapBuilder::hotspot17();
    let text = bytes(&mut heap, 6 << 20);
    let builder = heap.class("java.lang.StringBuilder").field("value", Kind::Ref).build();
    let builder = heap.instance(builder, &[Value::Ref(text)]);
    let arrays = heap.class("java.util.Arrays").build();
    let export = heap.app_class("com.acme.Export").build();
    let runnable = heap.class("java.lang.Thread$Work").build();
    heap.thread("export-1")
        .frame(arrays, "copyOf", "()V", "Arrays.java", 3537)
        .local(text)
        .frame(export, "run", "()V", "Export.java", 7)
        .local(builder)
        .frame(runnable, "run", "()V", "Thread.java", 840)
        .build();
    let first = first(heap);
    assert_eq!((first.class.as_str(), first.instances), ("java.lang.StringBuilder", 1), "{first:?}");
}

/// A set of a library of collections that a field refers to, caught while its array is copied to a larger one: the library's own frame has the array in
/// hand.
#[test]
fn a_table_that_is_just_being_enlarged_is_held_by_the_field_of_its_collection() {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.primitive_array(PrimitiveArray::zeros(Kind::Long, 1 << 18));
    let fields = [("key", Kind::Ref, Value::Ref(key))];
    let set = library_object(&mut heap, "it.unimi.dsi.fastutil.longs.LongOpenHashSet", &fields);
    held_by_static(&mut heap, "com.acme.Clicks", "SEEN", set);
    let counter = heap.app_class("com.acme.Counter").field("seen", Kind::Ref).build();
    let counter_object = heap.instance(counter, &[Value::Ref(set)]);
    let library = heap.class_named("it.unimi.dsi.fastutil.longs.LongOpenHashSet");
    let thread = heap.thread("tail").field("target", Value::Ref(counter_object));
    thread
        .frame(library, "rehash", "()V", "LongOpenHashSet.java", 800)
        .local(key)
        .frame(counter, "count", "()V", "Counter.java", 8)
        .build();
    assert_eq!(first(heap).holder.label(), "com.acme.Clicks.SEEN");
}

/// The queue of the common pool, whose array the thread that gives it one more task is just enlarging.
#[test]
fn the_queue_of_a_pool_is_not_held_by_the_call_that_adds_to_it() {
    let mut heap = HeapBuilder::hotspot17();
    let tasks = payload(&mut heap, "com.acme.Enrich", 400, 32 << 10);
    let array = heap.object_array("java.util.concurrent.ForkJoinTask[]", &tasks);
    let queues = heap.class("java.util.concurrent.ForkJoinPool$WorkQueue").field("array", Kind::Ref).build();
    let queue = heap.instance(queues, &[Value::Ref(array)]);
    let all = heap.object_array("java.util.concurrent.ForkJoinPool$WorkQueue[]", &[queue]);
    let pools = heap.class("java.util.concurrent.ForkJoinPool").field("queues", Kind::Ref).sticky().build();
    let common = heap.instance(pools, &[Value::Ref(all)]);
    heap.static_field(pools, "common", Value::Ref(common));
    let enricher = heap.app_class("com.acme.Enricher").build();
    heap.thread("import")
        .frame(queues, "growArray", "()V", "ForkJoinPool.java", 900)
        .local(array)
        .frame(enricher, "enrich", "()V", "Enricher.java", 7)
        .build();
    let first = first(heap);
    assert_eq!(first.kind, SuspectKind::Leak);
    assert_ne!(first.holder.kind, HolderKind::StackLocal);
}

/// A map that two lambdas of a class have captured, of which a thread of a pool leads to one.
#[test]
fn a_variable_that_a_lambda_has_captured_holds_what_it_refers_to() {
    let mut heap = HeapBuilder::hotspot17();
    let samples = payload(&mut heap, "com.acme.Sample", 400, 4096);
    let samples = heap.array_list(&samples);
    let lambdas = heap.app_class("com.acme.Poller$$Lambda+0x00007f1000").field("arg$1", Kind::Ref).build();
    let lambda = heap.instance(lambdas, &[Value::Ref(samples)]);
    let task = heap.class("java.util.concurrent.FutureTask").field("callable", Kind::Ref).build();
    let task = heap.instance(task, &[Value::Ref(lambda)]);
    heap.thread("poll").field("target", Value::Ref(task)).build();
    let first = first(heap);
    assert_eq!((first.kind, first.holder.label().as_str()), (SuspectKind::Leak, "com.acme.Poller.arg$1"));
    let title = oomph::render::text::Language::En.text(&first.title);
    assert_eq!(title, "400 Sample held by a variable that a lambda of com.acme.Poller has captured");
}

/// An attribute of a servlet context, which a static field of the server leads to by a long way, and much else leads to as well.
#[test]
fn the_nearest_field_of_a_library_says_more_than_the_top_of_the_path() {
    let mut heap = HeapBuilder::hotspot17();
    let hits = payload(&mut heap, "com.acme.Hit", 400, 4096);
    let hits = heap.array_list(&hits);
    let name = heap.string("kiosk.hits");
    let map = heap.concurrent_hash_map(&[(name, hits)]);
    let attributes = [("_map", Kind::Ref, Value::Ref(map))];
    let attributes = library_object(&mut heap, "org.eclipse.jetty.util.AttributesMap", &attributes);
    let context = [("_attributes", Kind::Ref, Value::Ref(attributes))];
    let context = library_object(&mut heap, "org.eclipse.jetty.server.Context", &context);
    let loader = heap.app_class_loader();
    heap.class("org.eclipse.jetty.server.ShutdownMonitor")
        .loader(loader)
        .static_field("instance", Value::Ref(context))
        .sticky()
        .build();
    // A servlet has found the list in the context.
    let servlets = heap.app_class("com.acme.Servlet").build();
    heap.thread("http-1").frame(servlets, "doGet", "()V", "Servlet.java", 9).local(hits).build();
    assert_eq!(first(heap).holder.label(), "org.eclipse.jetty.server.Context._attributes");
}

/// Three requests that hold much at once, of which the one that holds least has thrown.
fn three_requests(least: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    for (number, rows) in [400, 380, least].into_iter().enumerate() {
        let rows = payload(&mut heap, "com.acme.Row", rows, 4096);
        let rows = heap.array_list(&rows);
        let call = heap.app_class(&format!("com.acme.Call{number}")).build();
        let thread = heap.thread(&format!("exec-{number}"));
        let thread = if number == 2 {
            thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        } else {
            thread
        };
        thread.frame(call, "doGet", "()V", "Call.java", 8).local(rows).build();
    }
    judge(heap)
}

#[test]
fn a_request_that_holds_much_is_one_of_the_culprits() {
    let report = three_requests(220);
    let oom = report.oom.as_ref().unwrap();
    assert_eq!((oom.role, oom.others_hold_more), (OomRole::Culprit, true));
    let said = ids(&report.verdict.sentences);
    assert_eq!(said[0], "verdict-oom-culprit-beside");
    assert!(said.contains(&"verdict-beside-load"), "{said:?}");
    assert_eq!(
        three_requests(180).oom.unwrap().role,
        OomRole::Victim,
        "less than half of what another holds"
    );
}

/// A buffer of the application's own, which is most of the heap, copied to a larger one.
#[test]
fn an_own_array_that_is_copied_to_a_larger_one_is_to_blame() {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
    vm.sticky().build();
    let samples = heap.primitive_array(PrimitiveArray::zeros(Kind::Double, 1 << 20));
    let recorder = heap.app_class("com.acme.Recorder").field("samples", Kind::Ref).build();
    let this = heap.instance(recorder, &[Value::Ref(samples)]);
    held_by_static(&mut heap, "com.acme.Probe", "RECORDER", this);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let arrays = heap.class("java.util.Arrays").build();
    heap.thread("probe")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(arrays, "copyOf", "()V", "Arrays.java", 3537)
        .local(samples)
        .frame(recorder, "add", "()V", "Recorder.java", 5)
        .local(this)
        .build();
    let report = judge(heap);
    assert_eq!(report.oom.as_ref().unwrap().kind, "java-heap-space");
    assert_eq!(report.suspects[0].holder.label(), "com.acme.Recorder.samples");
    assert_eq!(report.suspects[0].standing, oomph::report::Standing::Blamed);
}

/// Entries of a cache that is at its limit, in a part of it that a thread has in hand.
#[test]
fn entries_that_a_thread_has_taken_out_of_a_caches_tree_are_still_the_caches() {
    let with = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        let entries: Vec<(Addr, Addr)> = (0..2000)
            .map(|number| {
                let value = bytes(&mut heap, 2048);
                (heap.string(&format!("key-{number}")), value)
            })
            .collect();
        let data = heap.concurrent_hash_map(&entries);
        let maximum = [
            ("maximum", Kind::Long, Value::Long(limit)),
            ("weightedSize", Kind::Long, Value::Long(2000)),
            ("data", Kind::Ref, Value::Ref(data)),
        ];
        let super_class = "com.github.benmanes.caffeine.cache.BoundedLocalCache";
        let cache = library_object(&mut heap, super_class, &maximum);
        held_by_static(&mut heap, "com.acme.Labels", "CACHE", cache);
        // It has the table in hand, so that nobody retains what is in it.
        let table: Vec<Addr> = entries.iter().map(|&(_, value)| value).collect();
        let table = heap.object_array("java.lang.Object[]", &table);
        let belts = heap.app_class("com.acme.Belt").build();
        heap.thread("belt-1").frame(belts, "work", "()V", "Belt.java", 15).local(table).build();
        first(heap)
    };
    let full = with(2000);
    assert_eq!(full.standing, oomph::report::Standing::Meant, "{:?}", full.rule);
}

/// A wrapper that a filter of each of six threads has made; on one of them the compiler has found that the filter does not need it any more.
#[test]
fn what_only_the_callee_has_on_one_thread_is_told_with_the_others() {
    let mut heap = HeapBuilder::hotspot17();
    let filter = heap.app_class("com.acme.Filter").build();
    let servlet = heap.app_class("com.acme.Servlet").build();
    let loader = heap.app_class_loader();
    let chain = heap.class("org.apache.catalina.core.FilterChain").loader(loader).build();
    let wrappers = heap.class("org.springframework.web.util.Wrapper").loader(loader);
    let wrappers = wrappers.field("content", Kind::Ref).build();
    for number in 0..6 {
        let content = bytes(&mut heap, 1 << 20);
        let wrapper = heap.instance(wrappers, &[Value::Ref(content)]);
        let thread = heap.thread(&format!("exec-{number}"));
        let thread = thread.frame(servlet, "doGet", "()V", "Servlet.java", 12).local(wrapper);
        // While it writes it has the buffer itself in hand.
        let thread = if number == 0 { thread.local(content) } else { thread };
        let thread = thread.frame(chain, "doFilter", "()V", "FilterChain.java", 140).local(wrapper);
        let thread = thread.frame(filter, "doFilter", "()V", "Filter.java", 8);
        if number == 0 { thread } else { thread.local(wrapper) }.build();
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.instances, report.suspects.len()), (6, 1));
    assert!(first.holder.label().starts_with("com.acme.Filter.doFilter"), "{}", first.holder.label());
}

/// Bodies of requests that a library collects in what an anonymous class of its has captured.
#[test]
fn several_large_objects_in_captured_variables_of_a_library_are_counted() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let captured = heap.class("io.undertow.io.Receiver$4").loader(loader).field("val$sb", Kind::Ref).build();
    let setters = heap.class("org.xnio.Setter").loader(loader).field("listener", Kind::Ref).build();
    let setters: Vec<Addr> = (0..4)
        .map(|_| {
            let body = bytes(&mut heap, 4 << 20);
            let receiver = heap.instance(captured, &[Value::Ref(body)]);
            heap.instance(setters, &[Value::Ref(receiver)])
        })
        .collect();
    let setters = heap.array_list(&setters);
    let server = [("connections", Kind::Ref, Value::Ref(setters))];
    let server = library_object(&mut heap, "io.undertow.Server", &server);
    heap.class("io.undertow.Servers").loader(loader).static_field("ALL", Value::Ref(server)).sticky().build();
    let first = first(heap);
    assert_eq!((first.class.as_str(), first.instances), ("byte[]", 4));
    let title = oomph::render::text::Language::En.text(&first.title);
    assert_eq!(title, "4 byte[] held by the variable sb that io.undertow.io.Receiver$4 has captured");
}

/// Tasks of a batch for whose results `main` waits: it has the futures of all of them.
#[test]
fn what_a_task_collects_whose_result_main_waits_for_is_load() {
    let mut heap = HeapBuilder::hotspot17();
    let (tasks, this, _) = in_field(&mut heap, "com.acme.RegionTask", "shapes");
    let futures = heap.class("java.util.concurrent.FutureTask").field("callable", Kind::Ref).build();
    let future = heap.instance(futures, &[Value::Ref(this)]);
    let all = heap.array_list(&[future]);
    let parks = heap.class("java.util.concurrent.locks.LockSupport").build();
    let app = heap.app_class("com.acme.Batch").build();
    heap.thread("main")
        .field("parkBlocker", Value::Ref(future))
        .frame(parks, "park", "()V", "LockSupport.java", 211)
        .frame(futures, "get", "()V", "FutureTask.java", 190)
        .local(future)
        .frame(app, "main", "([Ljava/lang/String;)V", "Batch.java", 20)
        .local(all)
        .build();
    heap.thread("tiles-3")
        .frame(tasks, "call", "()V", "RegionTask.java", 9)
        .local(this)
        .frame(futures, "run", "()V", "FutureTask.java", 264)
        .local(future)
        .build();
    let first = first(heap);
    assert_eq!(
        (first.kind, first.holder.label().as_str()),
        (SuspectKind::Load, "com.acme.RegionTask.shapes")
    );
}

/// Tasks of a batch of which `main` waits for the first. The threads that do the others have let go of them, or hold them by a variable of the JDK's.
#[test]
fn what_the_tasks_of_a_batch_collect_is_load_whichever_of_them_main_waits_for() {
    let mut heap = HeapBuilder::hotspot17();
    let tasks = heap.app_class("com.acme.RegionTask").field("shapes", Kind::Ref).build();
    let futures = heap.class("java.util.concurrent.FutureTask").field("callable", Kind::Ref).build();
    let made = |count| {
        let shapes = payload(&mut heap, "com.acme.Shape", count, 4096);
        let shapes = heap.array_list(&shapes);
        let task = heap.instance(tasks, &[Value::Ref(shapes)]);
        (task, heap.instance(futures, &[Value::Ref(task)]))
    };
    let [north, south, east, west] = [100, 100, 80, 100].map(made);
    let all = heap.array_list(&[north.1, south.1, east.1, west.1]);
    let parks = heap.class("java.util.concurrent.locks.LockSupport").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let app = heap.app_class("com.acme.Batch").build();
    heap.thread("main")
        .frame(parks, "park", "()V", "LockSupport.java", 211)
        .frame(futures, "get", "()V", "FutureTask.java", 190)
        .local(north.1)
        .frame(app, "main", "([Ljava/lang/String;)V", "Batch.java", 20)
        .local(all)
        .build();
    heap.thread("tiles-2").frame(futures, "run", "()V", "FutureTask.java", 264).local(south.0).build();
    heap.thread("tiles-3")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(tasks, "call", "()V", "RegionTask.java", 9)
        .local(east.0)
        .frame(futures, "run", "()V", "FutureTask.java", 264)
        .local(east.1)
        .build();
    let report = judge(heap);
    assert!(report.suspects.iter().all(|suspect| suspect.kind == SuspectKind::Load), "{:?}", report.suspects);
    assert_eq!(report.suspects[0].holder.label(), "com.acme.RegionTask.shapes");
    assert_eq!(report.oom.unwrap().role, OomRole::Culprit);
}

/// What ran out in a heap of 64 MiB with so much reachable and so much garbage, and an array of the one that threw among what is reachable.
fn ran_out(array: usize, garbage: usize) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
    vm.sticky().build();
    bytes(&mut heap, garbage);
    let samples = bytes(&mut heap, array);
    let app = heap.app_class("com.acme.Spectrum").build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    heap.thread("read-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 48)
        .frame(app, "read", "()V", "Spectrum.java", 5)
        .local(samples)
        .build();
    judge(heap).oom.unwrap().kind
}

#[test]
fn a_single_array_is_too_large_only_where_nothing_else_explains_it() {
    const MIB: usize = 1 << 20;
    assert_eq!(ran_out(2 * MIB, 0), "array-too-large");
    assert_eq!(ran_out(24 * MIB, 0), "java-heap-space", "a copy of twice the size does not fit beside it");
    assert_eq!(ran_out(2 * MIB, 20 * MIB), "requested-array-size");
    assert_eq!(ran_out(2 * MIB, 60 * MIB), "java-heap-space", "it was full a moment ago");
}

/// A recursion in `main`, thousands of calls deep, each with some variables: each stack is looked at once, and not for each variable.
#[test]
fn many_variables_of_a_deep_stack_take_one_look_at_the_stack() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 400, 2048);
    let rows = heap.array_list(&rows);
    let small: Vec<Addr> = (0..20).map(|number| heap.string(&format!("text {number}"))).collect();
    let app = heap.app_class("com.acme.Walk").build();
    let mut thread = heap.thread("main").frame(app, "visit", "()V", "Walk.java", 9).local(rows);
    for _ in 0..20_000 {
        thread = thread.frame(app, "visit", "()V", "Walk.java", 12);
        for &local in &small {
            thread = thread.local(local);
        }
    }
    thread.frame(app, "main", "([Ljava/lang/String;)V", "Walk.java", 3).build();
    let first = first(heap);
    assert_eq!((first.kind, first.class.as_str()), (SuspectKind::Load, "com.acme.Row"));
}
