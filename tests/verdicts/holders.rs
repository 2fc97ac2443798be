//! Who is named as the holder, and as what: shapes of heaps that libraries and runtimes make, each reduced to what decides.

use crate::{bytes, held_by_static, id_of, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, PrimitiveArray, Root, Value};
use oomph::report::{HolderKind, OomRole, Pattern, Report, Standing, SuspectKind};

/// A bean whose list grows, kept by a local variable of `main`, and if `inner` is given by one of a method that `main` called.
fn kept_by_main(inner: Option<&str>) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let prices = payload(&mut heap, "com.acme.Price", 400, 4096);
    let list = heap.array_list(&prices);
    let service = one_field(&mut heap, "com.acme.PriceService", "prices", list);
    let app = heap.app_class("com.acme.App").sticky().build();
    let import = heap.app_class("com.acme.Import").sticky().build();
    let mut thread = heap.thread("main");
    if let Some(method) = inner {
        thread = thread.frame(import, method, "()V", "Import.java", 5).local(service);
    }
    thread.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(service).build();
    judge(heap)
}

#[test]
fn what_main_has_set_up_lives_as_long_as_the_process() {
    let first = kept_by_main(None).suspects.remove(0);
    assert_eq!(first.kind, SuspectKind::Leak);
    assert_eq!(first.holder.label(), "com.acme.PriceService.prices");
}

/// What runs the program outlives each call of it, whoever has it in hand meanwhile.
#[test]
fn what_main_runs_the_program_with_lives_as_long_as_the_process() {
    let first = kept_by_main(Some("run")).suspects.remove(0);
    assert_eq!(first.kind, SuspectKind::Leak);
    assert_eq!(first.holder.label(), "com.acme.PriceService.prices");
}

/// A thread of a pool refers to its executor, whose queue is long. The application refers to a wrapper of the executor, from a local variable.
#[test]
fn an_executor_is_named_by_the_field_that_refers_to_it() {
    let mut heap = HeapBuilder::hotspot17();
    let tasks = payload(&mut heap, "com.acme.Ping", 400, 4096);
    let queue = heap.array_list(&tasks);
    let base = heap.class("java.util.concurrent.AbstractExecutorService").build();
    let executor = heap.class("java.util.concurrent.ThreadPoolExecutor").extends(base);
    let executor = executor.field("workQueue", Kind::Ref).build();
    let executor = heap.instance(executor, &[Value::Ref(queue)]);
    let wrapper = heap.class("java.util.concurrent.Executors$DelegatedExecutorService").field("e", Kind::Ref);
    let wrapper = wrapper.build();
    let wrapper = heap.instance(wrapper, &[Value::Ref(executor)]);
    let heartbeats = one_field(&mut heap, "com.acme.Heartbeats", "ticker", wrapper);
    let worker =
        heap.class("java.util.concurrent.ThreadPoolExecutor$Worker").field("this$0", Kind::Ref).build();
    let worker = heap.instance(worker, &[Value::Ref(executor)]);
    let app = heap.app_class("com.acme.App").sticky().build();
    heap.thread("main").frame(app, "serve", "()V", "App.java", 9).local(heartbeats).build();
    heap.thread("pool-1-thread-1").field("target", Value::Ref(worker)).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.kind, first.holder.kind), (SuspectKind::Leak, HolderKind::InstanceField));
    assert_eq!(first.holder.label(), "com.acme.Heartbeats.ticker");
}

/// A trie of a library of collections: branches of two classes below a map that the application refers to.
#[test]
fn a_librarys_collection_is_told_by_its_elements_and_the_applications_field() {
    let mut heap = HeapBuilder::hotspot17();
    let entries = payload(&mut heap, "com.acme.Entry", 640, 2048);
    let loader = heap.app_class_loader();
    let node = |heap: &mut HeapBuilder, name: &str| -> ClassRef {
        heap.class(&format!("io.vavr.collection.Trie${name}"))
            .loader(loader)
            .field("subNodes", Kind::Ref)
            .build()
    };
    let (array_node, indexed_node) = (node(&mut heap, "ArrayNode"), node(&mut heap, "IndexedNode"));
    let branches: Vec<Addr> = entries
        .chunks(20)
        .enumerate()
        .map(|(at, leaves)| {
            let leaves = heap.object_array("java.lang.Object[]", leaves);
            heap.instance(if at % 2 == 0 { array_node } else { indexed_node }, &[Value::Ref(leaves)])
        })
        .collect();
    let branches = heap.object_array("java.lang.Object[]", &branches);
    let trunk = heap.instance(array_node, &[Value::Ref(branches)]);
    let map = heap.class("io.vavr.collection.HashMap").loader(loader).field("trie", Kind::Ref).build();
    let map = heap.instance(map, &[Value::Ref(trunk)]);
    let board = one_field(&mut heap, "com.acme.Board", "scores", map);
    heap.app_class("com.acme.App").static_field("BOARD", Value::Ref(board)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Board.scores");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Entry", 640));
}

/// Few shutdown hooks, one of which leads to the cache of a library; or as many hooks as there are clients.
#[test]
fn hooks_are_to_blame_only_if_they_are_many() {
    for (count, holder) in
        [(1, "org.infinispan.Container.entries"), (300, "java.lang.ApplicationShutdownHooks.hooks")]
    {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let container =
            heap.class("org.infinispan.Container").loader(loader).field("entries", Kind::Ref).build();
        let thread = heap.class("java.lang.HookThread").field("target", Kind::Ref).build();
        let hooks: Vec<Addr> = (0..count)
            .map(|_| {
                let entries: Vec<Addr> = (0..600 / count).map(|_| bytes(&mut heap, 4096)).collect();
                let entries = heap.array_list(&entries);
                let container = heap.instance(container, &[Value::Ref(entries)]);
                heap.instance(thread, &[Value::Ref(container)])
            })
            .collect();
        let hooks = heap.array_list(&hooks);
        let class = heap.class("java.lang.ApplicationShutdownHooks");
        class.static_field("hooks", Value::Ref(hooks)).sticky().build();
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.holder.label(), holder, "{count} hooks");
    }
}

/// Each deployment has a lambda of its own, whose class has a name of its own, and registers it with the JDK.
#[test]
fn lambdas_of_copied_classes_do_not_hold_the_copies() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.class_named("java.net.URLClassLoader");
    let hooks: Vec<Addr> = (0..40)
        .map(|number| {
            let one = heap.instance_with(loader, &[]);
            let rows: Vec<Addr> = (0..20).map(|_| bytes(&mut heap, 10_000)).collect();
            let rows = heap.array_list(&rows);
            let tenant =
                heap.class("com.acme.Tenant").loader(one).static_field("ROWS", Value::Ref(rows)).build();
            let classes = heap.array_list(&[tenant.address()]);
            heap.set_field(one, "classes", Value::Ref(classes));
            let lambda = heap.class(&format!("com.acme.Tenant$$Lambda+0x{number:016x}")).loader(one).build();
            heap.instance(lambda, &[])
        })
        .collect();
    let hooks = heap.array_list(&hooks);
    let class = heap.class("java.lang.ApplicationShutdownHooks");
    class.static_field("hooks", Value::Ref(hooks)).sticky().build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "java.lang.ApplicationShutdownHooks.hooks");
    assert_eq!((first.pattern, first.instances), (Pattern::ClassLoader, 40));
}

/// Each of eight threads has a buffer of its own in the same thread-local.
#[test]
fn thread_locals_are_counted_over_all_threads() {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.class("java.lang.ThreadLocal").build();
    let key = heap.instance(key, &[]);
    heap.app_class("com.acme.Encoder").static_field("OUT", Value::Ref(key)).sticky().build();
    let entry = heap.class("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let entry = entry.field("referent", Kind::Ref).field("value", Kind::Ref).build();
    let map = heap.class("java.lang.ThreadLocal$ThreadLocalMap").field("table", Kind::Ref).build();
    for number in 0..8 {
        let buffer = bytes(&mut heap, 300_000);
        let entry = heap.instance(entry, &[Value::Ref(key), Value::Ref(buffer)]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry]);
        let map = heap.instance(map, &[Value::Ref(table)]);
        heap.thread(&format!("encoder-{number}")).field("threadLocals", Value::Ref(map)).build();
    }
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Encoder.OUT");
    assert_eq!((first.class.as_str(), first.instances), ("byte[]", 8));
    // What the rule says is not said again in other words, and threads may end.
    assert_eq!(first.rule.as_deref(), Some("java.thread-local"));
    assert_eq!(first.advice.len(), 1, "{:?}", first.advice);
    assert_eq!(id_of(&report.verdict.sentences[0]), Some("verdict-thread-local"));
}

/// A chain of undo steps: the steps are what there is too much of, not the arrays of the JDK that they carry.
#[test]
fn a_chain_of_the_applications_own_is_told_by_its_links() {
    let mut heap = HeapBuilder::hotspot17();
    let change =
        heap.app_class("com.acme.Change").field("previous", Kind::Ref).field("before", Kind::Ref).build();
    let mut last = Value::NULL;
    for _ in 0..500 {
        let before = bytes(&mut heap, 4096);
        last = Value::Ref(heap.instance(change, &[last, Value::Ref(before)]));
    }
    heap.app_class("com.acme.Editor").static_field("LAST", last).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Change", 500));
}

/// One object of a library, full of the application's.
#[test]
fn a_title_says_what_a_librarys_object_is_full_of() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let events = payload(&mut heap, "com.acme.Event", 400, 4096);
    let buffer = heap.object_array("java.lang.Object[]", &events);
    let sink = heap.class("reactor.core.publisher.Sink").loader(loader).field("buffer", Kind::Ref).build();
    let sink = heap.instance(sink, &[Value::Ref(buffer)]);
    heap.app_class("com.acme.Bus").static_field("SINK", Value::Ref(sink)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.class, "reactor.core.publisher.Sink");
    assert_eq!(id_of(&first.title), Some("suspect-title-with"));
    let title = serde_json::to_string(&first.title).unwrap();
    assert!(title.contains("Event") && title.contains("400"), "{title}");
}

/// Small objects below threads that were never started are retained by the list of these threads: they are counted once.
#[test]
fn what_hangs_on_unstarted_threads_is_counted_once() {
    let mut heap = HeapBuilder::hotspot17();
    let thread = heap.class_named("java.lang.Thread");
    let clients = payload(&mut heap, "com.acme.Client", 300, 4096);
    let hooks: Vec<Addr> =
        clients.iter().map(|&client| heap.instance_with(thread, &[("target", Value::Ref(client))])).collect();
    let hooks = heap.array_list(&hooks);
    let class = heap.class("java.lang.ApplicationShutdownHooks");
    class.static_field("hooks", Value::Ref(hooks)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "java.lang.ApplicationShutdownHooks.hooks");
    assert!(first.share <= 1.0, "{}", first.share);
}

/// The queue of an executor is in the hand of its waiting thread, too: no field above it retains it, and yet the nearest one is the answer.
#[test]
fn the_nearest_field_is_the_holder_of_a_queue_that_a_thread_waits_for() {
    let mut heap = HeapBuilder::hotspot17();
    let tasks = payload(&mut heap, "com.acme.Upload", 400, 4096);
    let queue = heap.array_list(&tasks);
    let executor =
        heap.class("java.util.concurrent.ThreadPoolExecutor").field("workQueue", Kind::Ref).build();
    let executor = heap.instance(executor, &[Value::Ref(queue)]);
    let service = one_field(&mut heap, "com.acme.Uploads", "executor", executor);
    heap.app_class("com.acme.App").static_field("UPLOADS", Value::Ref(service)).sticky().build();
    let waiting = heap.class("java.util.concurrent.LinkedBlockingQueue").build();
    heap.thread("pool-1-thread-1").frame(waiting, "take", "()V", "Queue.java", 1).local(queue).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Uploads.executor");
}

/// What a service of the application's and a running call both lead to is retained by nobody. The field at the top of the path retains as much only by
/// chance: by something else.
#[test]
fn the_top_of_the_path_is_not_the_holder_of_what_it_does_not_dominate() {
    let mut heap = HeapBuilder::hotspot17();
    let templates = payload(&mut heap, "com.acme.Template", 400, 4096);
    let stored = heap.array_list(&templates);
    let cache = library_object(
        &mut heap,
        "freemarker.cache.TemplateCache",
        &[("storage", Kind::Ref, Value::Ref(stored))],
    );
    let engine = library_object(
        &mut heap,
        "freemarker.template.Configuration",
        &[("cache", Kind::Ref, Value::Ref(cache))],
    );
    let labels = one_field(&mut heap, "com.acme.LabelTemplates", "engine", engine);
    let letters = payload(&mut heap, "com.acme.Letter", 300, 4096);
    let letters = heap.array_list(&letters);
    let archive = one_field(&mut heap, "com.acme.Archive", "letters", letters);
    let mailer =
        heap.app_class("com.acme.LabelMailer").field("labels", Kind::Ref).field("archive", Kind::Ref).build();
    let mailer = heap.instance(mailer, &[Value::Ref(labels), Value::Ref(archive)]);
    held_by_static(&mut heap, "com.acme.Main", "APP", mailer);
    let job = heap.app_class("com.acme.PrintJob").build();
    heap.thread("print-1").frame(job, "run", "()V", "PrintJob.java", 9).local(stored).build();
    let suspects = judge(heap).suspects;
    let holders: Vec<String> = suspects.iter().map(|suspect| suspect.holder.label()).collect();
    assert_eq!(holders, ["com.acme.LabelTemplates.engine", "com.acme.Archive.letters"]);
}

/// The JDK keeps a timer's queue for its cleaner. The application refers to the timer from an object that only a stack refers to.
#[test]
fn a_timer_is_named_by_the_field_that_refers_to_it() {
    let mut heap = HeapBuilder::hotspot17();
    let tasks = payload(&mut heap, "com.acme.Reminder", 400, 4096);
    let array = heap.object_array("java.util.TimerTask[]", &tasks);
    let queue = heap.class("java.util.TaskQueue").field("queue", Kind::Ref).field("size", Kind::Int).build();
    let queue = heap.instance(queue, &[Value::Ref(array), Value::Int(400)]);
    heap.class("jdk.internal.ref.Kept").static_field("common", Value::Ref(queue)).sticky().build();
    let timer = heap.class("java.util.Timer").field("queue", Kind::Ref).build();
    let timer = heap.instance(timer, &[Value::Ref(queue)]);
    let reminders = one_field(&mut heap, "com.acme.Reminders", "timer", timer);
    let app = heap.app_class("com.acme.App").sticky().build();
    heap.thread("main").frame(app, "serve", "()V", "App.java", 9).local(reminders).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(
        (first.kind, first.holder.label()),
        (SuspectKind::Leak, "com.acme.Reminders.timer".to_owned())
    );
    let fields: Vec<&str> = first.path.iter().filter_map(|step| step.field.as_deref()).collect();
    assert!(fields.starts_with(&["<local> com.acme.App.serve(App.java:9)", "timer", "queue"]), "{fields:?}");
}

/// A thread that ran out of memory in the class around the one whose map is full: only if it has that map in hand it was filling it.
#[test]
fn a_nested_class_does_not_make_its_neighbours_culprits() {
    for (has_it, role) in [(false, OomRole::Victim), (true, OomRole::Culprit)] {
        let mut heap = HeapBuilder::hotspot17();
        let baskets = payload(&mut heap, "com.acme.Shop$Basket", 400, 4096);
        let list = heap.array_list(&baskets);
        let service = one_field(&mut heap, "com.acme.Shop$Service", "baskets", list);
        let shop =
            heap.app_class("com.acme.Shop").static_field("SERVICE", Value::Ref(service)).sticky().build();
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let small = bytes(&mut heap, 100);
        heap.thread("render-1")
            .frame(error, "<init>", "()V", "OutOfMemoryError.java", 1)
            .frame(shop, "render", "()V", "Shop.java", 9)
            .local(if has_it { list } else { small })
            .build();
        assert_eq!(judge(heap).oom.unwrap().role, role, "{has_it}");
    }
}

/// A map of soft references is no leak, however large.
#[test]
fn what_soft_references_hold_is_ordinary() {
    let mut heap = HeapBuilder::hotspot17();
    let soft = heap.class_named("java.lang.ref.SoftReference");
    let pages: Vec<Addr> = (0..400)
        .map(|_| {
            let page = bytes(&mut heap, 4096);
            heap.reference(soft, page)
        })
        .collect();
    let pages = heap.array_list(&pages);
    heap.app_class("com.acme.Pages").static_field("CACHE", Value::Ref(pages)).sticky().build();
    let report = judge(heap);
    assert!(report.suspects.iter().all(oomph::report::Suspect::is_ordinary), "{:?}", report.suspects);
    assert!(report.verdict.healthy, "{:?}", report.verdict);
}

/// The holder of what only a soft reference leads to is whoever has the reference; it goes before memory runs out.
#[test]
fn a_map_that_only_a_soft_reference_leads_to_is_ordinary() {
    let mut heap = HeapBuilder::hotspot17();
    let soft = heap.class_named("java.lang.ref.SoftReference");
    let names = payload(&mut heap, "com.acme.Resource", 3000, 512);
    let list = heap.array_list(&names);
    let list = heap.reference(soft, list);
    let loader = heap.app_class("com.acme.Loader").field("known", Kind::Ref).build();
    let loader = heap.instance(loader, &[Value::Ref(list)]);
    held_by_static(&mut heap, "com.acme.Loaders", "FIRST", loader);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.standing), ("com.acme.Resource", Standing::Soft));
    assert_eq!(first.holder.label(), "com.acme.Loader.known");
    assert!(report.verdict.healthy, "{:?}", report.verdict);
}

/// Two threads of one name: the one that threw holds next to nothing.
#[test]
fn threads_of_one_name_are_told_apart() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 400, 4096);
    let rows = heap.array_list(&rows);
    let export = heap.app_class("com.acme.Export").sticky().build();
    let ping = heap.app_class("com.acme.Ping").sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    heap.thread("worker").frame(export, "export", "()V", "Export.java", 3).local(rows).build();
    heap.thread("worker")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 1)
        .frame(ping, "answer", "()V", "Ping.java", 9)
        .build();
    let oom = judge(heap).oom.unwrap();
    assert_eq!(oom.role, OomRole::Victim);
    assert!(oom.thread_retained_bytes < 4096, "{}", oom.thread_retained_bytes);
}

/// A shop keeps orders in a store; `places` says where the classes of the shop and of the store were loaded from.
fn stored_orders(places: Option<[&str; 2]>) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let url = heap.class("java.net.URL").field("protocol", Kind::Ref).field("file", Kind::Ref).build();
    let source = heap.class("java.security.CodeSource").field("location", Kind::Ref).build();
    let domain = heap.class("java.security.ProtectionDomain").field("codesource", Kind::Ref).build();
    let domain_of = |heap: &mut HeapBuilder, place: &str| {
        let (protocol, file) = (heap.string("file"), heap.string(place));
        let url = heap.instance(url, &[Value::Ref(protocol), Value::Ref(file)]);
        let source = heap.instance(source, &[Value::Ref(url)]);
        heap.instance(domain, &[Value::Ref(source)])
    };
    let domains = places.map(|places| places.map(|place| domain_of(&mut heap, place)));
    let [own, foreign] = domains.unwrap_or([Addr::NULL; 2]);
    let order = heap.app_class("com.acme.shop.Order").protection_domain(own).field("data", Kind::Ref).build();
    let store =
        heap.app_class("de.kontor.store.Store").protection_domain(foreign).field("all", Kind::Ref).build();
    let orders: Vec<Addr> = (0..3000)
        .map(|_| {
            let data = heap.primitive_array(PrimitiveArray::zeros(Kind::Byte, 500));
            heap.instance(order, &[Value::Ref(data)])
        })
        .collect();
    let list = heap.array_list(&orders);
    let store = heap.instance(store, &[Value::Ref(list)]);
    let shop = heap.app_class("com.acme.shop.Shop").protection_domain(own);
    shop.static_field("ORDERS", Value::Ref(store)).build();
    judge(heap).suspects[0].holder.label()
}

/// No list of packages knows all libraries: an archive beside the application's own classes, with other packages, is one.
#[test]
fn a_library_is_told_by_the_archive_that_it_came_from() {
    assert_eq!(stored_orders(None), "de.kontor.store.Store.all");
    let by_place = |own, other| stored_orders(Some([own, other]));
    assert_eq!(by_place("/srv/app/classes/", "/srv/app/lib/kontor-1.2.jar"), "com.acme.shop.Shop.ORDERS");
    assert_eq!(
        by_place("/srv/app.jar!/BOOT-INF/classes!/", "/srv/app.jar!/BOOT-INF/lib/kontor-1.2.jar!/"),
        "com.acme.shop.Shop.ORDERS"
    );
    // Both in one archive, or in archives of which none is known to be the application's: nothing is known.
    assert_eq!(by_place("/srv/app.jar", "/srv/app.jar"), "de.kontor.store.Store.all");
    assert_eq!(by_place("/srv/app.jar", "/srv/lib/kontor.jar"), "de.kontor.store.Store.all");
    assert_eq!(by_place("/srv/app/classes/", "/srv/other/classes/"), "de.kontor.store.Store.all");
}

/// `(def sessions (atom {}))`: a Clojure program has no static field of its own, but a variable with a name.
#[test]
fn a_variable_of_clojure_is_named_as_in_its_program() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let class = |heap: &mut HeapBuilder, name: &str, fields: &[&str]| {
        let class = heap.class(name).loader(loader);
        fields.iter().fold(class, |class, field| class.field(field, Kind::Ref)).build()
    };
    let symbol = class(&mut heap, "clojure.lang.Symbol", &["ns", "name"]);
    let named = |heap: &mut HeapBuilder, name: &str| {
        let name = heap.string(name);
        heap.instance(symbol, &[Value::NULL, Value::Ref(name)])
    };
    let namespace = class(&mut heap, "clojure.lang.Namespace", &["name"]);
    let node = class(&mut heap, "clojure.lang.PersistentHashMap$ArrayNode", &["array"]);
    let map = class(&mut heap, "clojure.lang.PersistentHashMap", &["root"]);
    let atom = class(&mut heap, "clojure.lang.Atom", &["state"]);
    let var = class(&mut heap, "clojure.lang.Var", &["root", "ns", "sym"]);
    let inner: Vec<Addr> = (0..16)
        .map(|_| {
            let records: Vec<Addr> = (0..32).map(|_| bytes(&mut heap, 4096)).collect();
            let array = heap.object_array("java.lang.Object[]", &records);
            heap.instance(node, &[Value::Ref(array)])
        })
        .collect();
    let array = heap.object_array("java.lang.Object[]", &inner);
    let mut value = heap.instance(node, &[Value::Ref(array)]);
    for class in [map, atom] {
        value = heap.instance(class, &[Value::Ref(value)]);
    }
    let (core, sessions) = (named(&mut heap, "shop.core"), named(&mut heap, "sessions"));
    let core = heap.instance(namespace, &[Value::Ref(core)]);
    let var = heap.instance(var, &[value, core, sessions].map(Value::Ref));
    let login = heap.class("shop.core$login_BANG_").loader(loader);
    login.static_field("const__1", Value::Ref(var)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "shop.core.sessions");
    assert_eq!(first.holder.kind, HolderKind::StaticField);
}

/// Many small lists and two that have grown, in one map: what has grown is told once, by the lists.
#[test]
fn two_of_many_places_in_a_map_and_the_map_are_one_suspect() {
    let mut heap = HeapBuilder::hotspot17();
    let log = heap.app_class("com.acme.EventLog").field("events", Kind::Ref).build();
    let event = heap.app_class("com.acme.Event").field("data", Kind::Ref).build();
    let logs: Vec<(Addr, Addr)> = (0..14)
        .map(|number| {
            let events: Vec<Addr> = (0..if number < 2 { 3000 } else { 10 })
                .map(|_| {
                    let data = bytes(&mut heap, 400);
                    heap.instance(event, &[Value::Ref(data)])
                })
                .collect();
            let events = heap.array_list(&events);
            let log = heap.instance(log, &[Value::Ref(events)]);
            (heap.string(&format!("tenant-{number}")), log)
        })
        .collect();
    let logs = heap.concurrent_hash_map(&logs);
    let store = heap.app_class("com.acme.Store").field("byTenant", Kind::Ref).build();
    let store = heap.instance(store, &[Value::Ref(logs)]);
    held_by_static(&mut heap, "com.acme.Stores", "ALL", store);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Event", 6000));
    assert_eq!(first.holder.label(), "com.acme.EventLog.events");
    let told: Vec<&str> = report.suspects.iter().map(|suspect| suspect.class.as_str()).collect();
    assert_eq!(told, ["com.acme.Event"]);
    let places: Vec<String> =
        first.activity.iter().map(|text| oomph::render::text::Language::En.text(text)).collect();
    assert_eq!(places, ["2 of 14 EventLog hold it."]);
}

/// Zones in two indexes share their codes with the entries of one of them, and the largest texts of the heap are others'.
#[test]
fn texts_that_indexed_objects_share_are_told_with_these() {
    let mut heap = HeapBuilder::hotspot17();
    let zone = heap.app_class("com.acme.Zone").field("code", Kind::Ref).build();
    let (mut by_code, mut all): (Vec<(Addr, Addr)>, Vec<Addr>) = (Vec::new(), Vec::new());
    for number in 0..6000 {
        let code = heap.string(&format!("zone {number:04} with a name that is long enough to matter"));
        let zone = heap.instance(zone, &[Value::Ref(code)]);
        by_code.push((code, zone));
        all.push(zone);
    }
    let by_code = heap.hash_map(&by_code);
    let all = heap.array_list(&all);
    let table = heap.app_class("com.acme.ZoneTable").static_field("BY_CODE", Value::Ref(by_code));
    table.static_field("ALL", Value::Ref(all)).sticky().build();
    // What the JDK has resolved of its constants.
    let resolved: Vec<Addr> =
        (0..60).map(|number| heap.string(&format!("{number:02} {}", "a constant ".repeat(9)))).collect();
    let resolved = heap.object_array("java.lang.Object[]", &resolved);
    heap.root(Root::JniGlobal { object: resolved, handle: Addr(0x7000_0000) });
    let report = judge(heap);
    let told: Vec<&str> = report.suspects.iter().map(|suspect| suspect.class.as_str()).collect();
    assert!(told[0] == "com.acme.Zone" && !told.contains(&"java.lang.String"), "{told:?}");
    let mut holders: Vec<String> =
        report.suspects[0].holders.iter().map(|share| share.holder.label()).collect();
    holders.sort_unstable();
    assert_eq!(holders, ["com.acme.ZoneTable.ALL", "com.acme.ZoneTable.BY_CODE"]);
    let first = &report.suspects[0];
    assert!(first.share <= 1.0 && first.retained_bytes >= 6000 * 100, "{}", first.retained_bytes);
}

/// Pictures, each a hundredth of the heap and more, in a map of a service that the main thread has in hand: the map is told, and how many there are in it.
#[test]
fn many_big_elements_are_told_by_the_collection_that_they_are_in() {
    let mut heap = HeapBuilder::hotspot17();
    let raster = heap.class("sun.awt.image.Raster").field("data", Kind::Ref).build();
    let image = heap.class("java.awt.image.BufferedImage").field("raster", Kind::Ref).build();
    let preview = heap.app_class("com.acme.Preview").field("image", Kind::Ref).build();
    let previews: Vec<(Addr, Addr)> = (0..45)
        .map(|number| {
            let pixels = bytes(&mut heap, 256 << 10);
            let raster = heap.instance(raster, &[Value::Ref(pixels)]);
            let image = heap.instance(image, &[Value::Ref(raster)]);
            let key = heap.string(&format!("preview-{number}"));
            (key, heap.instance(preview, &[Value::Ref(image)]))
        })
        .collect();
    let map = heap.hash_map(&previews);
    let synchronized = heap.class("java.util.Collections$SynchronizedMap").field("m", Kind::Ref).build();
    let map = heap.instance(synchronized, &[Value::Ref(map)]);
    let service = heap.app_class("com.acme.PreviewService").field("previews", Kind::Ref).build();
    let own = heap.instance(service, &[Value::Ref(map)]);
    let form = heap.class("java.lang.invoke.LambdaForm$DMH+0x000000009c0e4800").build();
    let linked = heap.class("java.lang.invoke.Invokers$Holder").build();
    heap.thread("main")
        .frame(form, "newInvokeSpecial", "()V", "LambdaForm$DMH", 1)
        .local(own)
        .frame(linked, "linkToTargetMethod", "()V", "Invokers$Holder", 1)
        .frame(service, "main", "()V", "PreviewService.java", 14)
        .build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.PreviewService.previews");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Preview", 45));
    assert_eq!(first.kind, SuspectKind::Leak);
}

/// A thread of a server of the JDK's waits by a selector for its channels: to the key of each of them what the server knows of it is attached.
#[test]
fn what_is_attached_to_a_channel_is_that_of_the_server_that_has_made_the_selector() {
    let told = |server: &str, field: &str, is_own: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let connection = heap.class("sun.net.httpserver.HttpConnection").field("buffer", Kind::Ref).build();
        let key = heap.class("sun.nio.ch.SelectionKeyImpl").field("attachment", Kind::Ref).build();
        let keys: Vec<Addr> = (0..600)
            .map(|_| {
                let buffer = bytes(&mut heap, 40 << 10);
                let connection = heap.instance(connection, &[Value::Ref(buffer)]);
                heap.instance(key, &[Value::Ref(connection)])
            })
            .collect();
        let keys = heap.array_list(&keys);
        let selector = heap.class("sun.nio.ch.EPollSelectorImpl").field("keys", Kind::Ref).build();
        let selector = heap.instance(selector, &[Value::Ref(keys)]);
        let interruptible = heap.class("java.nio.channels.spi.AbstractSelector$1");
        let interruptible = interruptible.field("this$0", Kind::Ref).build();
        let blocker = heap.instance(interruptible, &[Value::Ref(selector)]);
        let server = if is_own { heap.app_class(server) } else { heap.class(server) };
        let server = server.field(field, Kind::Ref).build();
        let server = heap.instance(server, &[Value::Ref(selector)]);
        heap.thread("dispatcher")
            .field("blocker", Value::Ref(blocker))
            .field("target", Value::Ref(server))
            .build();
        judge(heap).suspects.remove(0).holder.label()
    };
    let of_jdk = "sun.net.httpserver.ServerImpl";
    assert_eq!(told(of_jdk, "selector", false), "sun.net.httpserver.ServerImpl.selector");
    assert_eq!(told("com.acme.Acceptor", "channels", true), "com.acme.Acceptor.channels");
}
