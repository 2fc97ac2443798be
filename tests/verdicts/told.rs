//! As what a thing is told, and how often: counts, chains, things in things, what many threads hold, and who should have emptied it.

use crate::{bytes, held_by_static, ids, judge, library_object, payload, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::inspect::{Context, Options as InspectOptions, report};
use oomph::render::text::Language;
use oomph::report::{OomRole, Report, Standing, SuspectKind};

/// A trie of a library whose branches are each a large part of the heap.
#[test]
fn what_lies_in_many_branches_of_one_collection_is_counted_once() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let node =
        heap.class("scala.collection.concurrent.CNode").loader(loader).field("array", Kind::Ref).build();
    let quotes = payload(&mut heap, "com.acme.Quote", 2000, 1 << 10);
    let branches: Vec<Addr> = quotes
        .chunks(100)
        .map(|quotes| {
            let array = heap.object_array("java.lang.Object[]", quotes);
            heap.instance(node, &[Value::Ref(array)])
        })
        .collect();
    let array = heap.object_array("java.lang.Object[]", &branches);
    let root = heap.instance(node, &[Value::Ref(array)]);
    let trie = [("root", Kind::Ref, Value::Ref(root))];
    let trie = library_object(&mut heap, "scala.collection.concurrent.TrieMap", &trie);
    held_by_static(&mut heap, "com.acme.Prices", "HISTORY", trie);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Quote", 2000));
}

/// A queue of arrays of which each has a reference to the next one at its end; none of them is large.
#[test]
fn a_chain_of_two_classes_in_turn_is_one_thing() {
    let mut heap = HeapBuilder::hotspot17();
    let array_class =
        heap.class("java.util.concurrent.atomic.AtomicReferenceArray").field("array", Kind::Ref);
    let array_class = array_class.build();
    let ticks = payload(&mut heap, "com.acme.Tick", 4800, 512);
    let mut next = Addr::NULL;
    for ticks in ticks.chunks(16) {
        let mut chunk = ticks.to_vec();
        chunk.push(next);
        let chunk = heap.object_array("java.lang.Object[]", &chunk);
        next = heap.instance(array_class, &[Value::Ref(chunk)]);
    }
    let queue = [("consumerArray", Kind::Ref, Value::Ref(next))];
    let queue = library_object(&mut heap, "reactor.util.concurrent.SpscLinkedArrayQueue", &queue);
    held_by_static(&mut heap, "com.acme.Hub", "EVENTS", queue);
    let report = judge(heap);
    let first = report.suspects.first().expect("a suspect");
    assert_eq!(first.holder.label(), "com.acme.Hub.EVENTS");
    let title = Language::En.text(&first.title);
    assert!(title.contains("4,8") && title.contains("Tick"), "{title}");
    assert!(first.share > 0.9, "{}", first.share);
}

/// Lists in lists are no chain: what they hold is told as before.
#[test]
fn lists_in_lists_are_no_chain() {
    let mut heap = HeapBuilder::hotspot17();
    let photos = payload(&mut heap, "com.acme.Photo", 600, 4 << 10);
    let albums: Vec<Addr> = photos.chunks(60).map(|photos| heap.array_list(photos)).collect();
    let albums = heap.array_list(&albums);
    held_by_static(&mut heap, "com.acme.Gallery", "ALBUMS", albums);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Photo", 600));
}

/// Each of eight threads has inherited a context of its own with an upload in it.
#[test]
fn a_field_of_what_each_thread_has_is_told_by_the_thread_local() {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.class("java.lang.InheritableThreadLocal").build();
    let key = heap.instance(key, &[]);
    held_by_static(&mut heap, "com.acme.Context", "CURRENT", key);
    let request = heap.app_class("com.acme.Request").field("upload", Kind::Ref).build();
    let entry = heap.class("java.lang.ThreadLocal$ThreadLocalMap$Entry");
    let entry = entry.field("referent", Kind::Ref).field("value", Kind::Ref).build();
    let map = heap.class("java.lang.ThreadLocal$ThreadLocalMap").field("table", Kind::Ref).build();
    for number in 0..8 {
        let upload = bytes(&mut heap, 300_000);
        let request = heap.instance(request, &[Value::Ref(upload)]);
        let entry = heap.instance(entry, &[Value::Ref(key), Value::Ref(request)]);
        let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry]);
        let map = heap.instance(map, &[Value::Ref(table)]);
        heap.thread(&format!("background-{number}"))
            .field("inheritableThreadLocals", Value::Ref(map))
            .build();
    }
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Context.CURRENT");
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Request", 8));
    assert_eq!((first.rule.as_deref(), first.standing), (Some("java.thread-local"), Standing::Blamed));
}

/// Twelve threads in one method, each with a document in hand or, once it is no longer needed, only its pages; one of them runs out of memory.
fn converting() -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let converter = heap.app_class("com.acme.Converter").sticky().build();
    let document = heap.app_class("com.acme.Document").field("pages", Kind::Ref).build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    for number in 1..=12 {
        let pages: Vec<Addr> = (0..40).map(|_| bytes(&mut heap, 4 << 10)).collect();
        let pages = heap.array_list(&pages);
        let document = heap.instance(document, &[Value::Ref(pages)]);
        let mut thread = heap.thread(&format!("convert-{number}"));
        if number == 5 {
            thread = thread.frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
        }
        let in_hand = if number <= 8 { document } else { pages };
        thread.frame(converter, "convert", "()V", "Converter.java", 4).local(in_hand).build();
    }
    judge(heap)
}

#[test]
fn what_many_threads_hold_in_one_method_is_one_load_and_none_of_them_holds_all() {
    let report = converting();
    let kept: Vec<_> = report.suspects.iter().filter(|suspect| suspect.kind == SuspectKind::Load).collect();
    assert_eq!(kept.len(), 1, "{:?}", kept.iter().map(|suspect| &suspect.title).collect::<Vec<_>>());
    assert!(kept[0].share > 0.8, "{}", kept[0].share);
    assert_eq!(kept[0].holder.thread.as_deref(), Some("convert-*"));
    let title = Language::En.text(&kept[0].title);
    assert!(
        title.ends_with("in com.acme.Converter.convert(Converter.java:4) in 12 threads convert-*"),
        "{title}"
    );
    let oom = report.oom.as_ref().expect("an error");
    assert!(oom.thread_retained_bytes * 10 < kept[0].retained_bytes, "{}", oom.thread_retained_bytes);
    assert_eq!(oom.role, OomRole::Culprit);
    assert!(ids(&report.verdict.sentences).contains(&"verdict-load-of-calls"));
}

/// A catalogue that keeps its places in two maps: what the maps keep by themselves is a part of it.
#[test]
fn the_maps_of_a_catalogue_are_no_suspects_beside_it() {
    let mut heap = HeapBuilder::hotspot17();
    let places = payload(&mut heap, "com.acme.Place", 40_000, 64);
    let places: Vec<(Addr, Addr)> = places.into_iter().map(|place| (place, place)).collect();
    let maps = [0; 2].map(|_| Value::Ref(heap.hash_map(&places)));
    let catalogue =
        heap.app_class("com.acme.Catalogue").field("byName", Kind::Ref).field("byPlace", Kind::Ref);
    let catalogue = catalogue.build();
    let catalogue = heap.instance(catalogue, &maps);
    held_by_static(&mut heap, "com.acme.App", "CATALOGUE", catalogue);
    let report = judge(heap);
    let told: Vec<String> = report.suspects.iter().map(|suspect| suspect.holder.label()).collect();
    assert_eq!(told, ["com.acme.App.CATALOGUE"]);
    assert_eq!(report.verdict.sentences.len(), 1);
}

/// An evaluator of a library that keeps little beside its cache.
#[test]
fn what_keeps_little_beside_the_collection_in_it_is_no_suspect_beside_it() {
    let mut heap = HeapBuilder::hotspot17();
    let compiled = payload(&mut heap, "org.apache.lucene.expressions.Expression", 2000, 1 << 10);
    let compiled: Vec<(Addr, Addr)> = compiled.into_iter().map(|one| (one, one)).collect();
    let compiled = heap.hash_map(&compiled);
    let mut fields = vec![("cache", Kind::Ref, Value::Ref(compiled))];
    // None of them is large, all of them together are.
    for table in ["names", "operators", "functions", "constants", "types"] {
        fields.push((table, Kind::Ref, Value::Ref(bytes(&mut heap, 60 << 10))));
    }
    let evaluator = library_object(&mut heap, "org.apache.lucene.expressions.Evaluator", &fields);
    let loader = heap.app_class_loader();
    let holder = heap.class("org.apache.lucene.expressions.Holder").loader(loader);
    holder.static_field("INSTANCE", Value::Ref(evaluator)).sticky().build();
    let told: Vec<String> = judge(heap).suspects.iter().map(|suspect| suspect.holder.label()).collect();
    assert_eq!(told, ["org.apache.lucene.expressions.Evaluator.cache"]);
}

/// A writer whose queue is full; `more` is another field of it.
fn writer(more: impl Fn(&mut HeapBuilder) -> Addr) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let events = payload(&mut heap, "com.acme.Event", 2000, 1 << 10);
    let queue = heap.array_list(&events);
    let worker = more(&mut heap);
    let writer =
        heap.app_class("com.acme.Writer").field("queue", Kind::Ref).field("worker", Kind::Ref).build();
    let writer = heap.instance(writer, &[Value::Ref(queue), Value::Ref(worker)]);
    held_by_static(&mut heap, "com.acme.App", "AUDIT", writer);
    heap.thread("main").build();
    judge(heap)
}

#[test]
fn a_thread_that_should_have_emptied_it_and_has_ended_is_told() {
    let with_status = |status: i32| {
        let report = writer(|heap| {
            let thread = heap.class_named("java.lang.Thread");
            let name = heap.string("audit-writer");
            heap.instance_with(thread, &[("name", Value::Ref(name)), ("threadStatus", Value::Int(status))])
        });
        let first = &report.suspects[0];
        assert_eq!(first.holder.label(), "com.acme.Writer.queue");
        first.activity.iter().map(|text| Language::En.text(text)).collect::<String>()
    };
    let ended = with_status(2);
    assert!(ended.starts_with("Thread audit-writer in com.acme.Writer.worker has ended"), "{ended}");
    // One that was never started may be started yet.
    assert!(!with_status(0).contains("audit-writer"));
}

#[test]
fn a_task_that_should_have_emptied_it_and_has_failed_is_told() {
    let with_state = |state: i32| {
        let report = writer(|heap| {
            let error = heap.app_class("com.acme.CollectorDown").build();
            let error = heap.instance(error, &[]);
            let task = heap.class("java.util.concurrent.FutureTask");
            let task = task.field("state", Kind::Int).field("outcome", Kind::Ref).build();
            let periodic = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
            let periodic = periodic.extends(task).build();
            heap.instance_with(periodic, &[("state", Value::Int(state)), ("outcome", Value::Ref(error))])
        });
        report.suspects[0].activity.iter().map(|text| Language::En.text(text)).collect::<String>()
    };
    let failed = with_state(3);
    assert!(failed.contains("com.acme.Writer.worker ended with com.acme.CollectorDown"), "{failed}");
    assert!(!with_state(0).contains("CollectorDown"));
}

/// Objects in a list of a library whose classes are generated, one for each statement: the list is no registry of unrelated things.
#[test]
fn classes_that_a_library_generates_are_alike_if_their_super_class_is() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let base = heap.class("org.apache.derby.impl.sql.execute.BaseActivation").loader(loader);
    let base = base.field("resultSet", Kind::Ref).build();
    let made: Vec<_> = (0..5)
        .map(|number| {
            heap.class(&format!("org.apache.derby.exe.ac{number}")).loader(loader).extends(base).build()
        })
        .collect();
    let sets = payload(&mut heap, "org.apache.derby.impl.sql.execute.RowResultSet", 1500, 2 << 10);
    let running: Vec<Addr> = sets
        .iter()
        .enumerate()
        .map(|(number, &set)| heap.instance_with(made[number % 5], &[("resultSet", Value::Ref(set))]))
        .collect();
    let list = heap.array_list(&running);
    let fields = [("acts", Kind::Ref, Value::Ref(list))];
    let connection = library_object(&mut heap, "org.apache.derby.impl.jdbc.EmbedConnection", &fields);
    let dao = heap.app_class("com.acme.Dao").field("connection", Kind::Ref).build();
    let dao = heap.instance(dao, &[Value::Ref(connection)]);
    held_by_static(&mut heap, "com.acme.App", "DAO", dao);
    // The JDK refers to them as well, so that nobody retains them.
    let queue = heap.object_array("java.lang.Object[]", &running);
    heap.class("java.lang.Watch").static_field("queue", Value::Ref(queue)).sticky().build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Dao.connection");
}

#[test]
fn the_values_of_a_map_say_more_than_its_keys() {
    let mut heap = HeapBuilder::hotspot17();
    let sync = heap.class("java.util.concurrent.locks.ReentrantLock$NonfairSync").field("state", Kind::Long);
    let sync = sync.build();
    let lock = heap.class("java.util.concurrent.locks.ReentrantLock").field("sync", Kind::Ref).build();
    let locks: Vec<(Addr, Addr)> = (0..30_000)
        .map(|number| {
            let sync = heap.instance(sync, &[Value::Long(0)]);
            let lock = heap.instance(lock, &[Value::Ref(sync)]);
            (heap.string(&format!("message-{number}")), lock)
        })
        .collect();
    let locks = heap.concurrent_hash_map(&locks);
    held_by_static(&mut heap, "com.acme.Locks", "BY_MESSAGE", locks);
    let first = judge(heap).suspects.remove(0);
    let found = (first.class.as_str(), first.instances);
    assert_eq!(found, ("java.util.concurrent.locks.ReentrantLock", 30_000));
}

/// A limit of direct memory that was set says nothing of the heap's.
#[test]
fn a_limit_of_direct_memory_that_was_set_is_not_the_heaps() {
    let limit = |set: Option<&str>| {
        let mut heap = HeapBuilder::hotspot17();
        let used = bytes(&mut heap, 1 << 20);
        held_by_static(&mut heap, "com.acme.App", "DATA", used);
        let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(64 << 20));
        let vm = vm.static_field("savedProps", Value::NULL).sticky().build();
        if let Some(bytes) = set {
            let entry = (heap.string("sun.nio.MaxDirectMemorySize"), heap.string(bytes));
            let properties = heap.hash_map(&[entry]);
            heap.static_field(vm, "savedProps", Value::Ref(properties));
        }
        judge(heap).heap.limit_bytes
    };
    assert_eq!(limit(None), Some(64 << 20));
    assert_eq!(limit(Some("-1")), Some(64 << 20));
    assert_eq!(limit(Some("67108864")), None);
}

/// A thread that was having a class generated, or loaded, when there was no more room for classes.
fn out_of_metaspace(way: (&str, &str)) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    for number in 0..300 {
        heap.class(&format!("com.acme.Entities$Lazy{number}")).loader(loader).sticky().build();
    }
    let maker = heap.app_class("com.acme.Maker").sticky().build();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let library = heap.class(way.0).loader(loader).build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let words = heap.string("Metaspace");
    let thrown = heap.instance_with(error, &[("detailMessage", Value::Ref(words))]);
    heap.thread("loader-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 1)
        .local(thrown)
        .frame(loaders, "defineClass", "()V", "ClassLoader.java", 1)
        .frame(library, way.1, "()V", "X.java", 3)
        .frame(maker, "make", "()V", "Maker.java", 9)
        .build();
    judge(heap)
}

#[test]
fn whoever_generates_classes_is_to_blame_if_they_are_too_many() {
    let report = out_of_metaspace(("org.springframework.cglib.core.ReflectUtils", "defineClass"));
    let oom = report.oom.as_ref().expect("an error");
    assert_eq!(oom.role, OomRole::Culprit);
    let said = ids(&report.verdict.sentences);
    assert_eq!(said[..3], ["verdict-oom-classes", "verdict-classes", "verdict-classes-advice"]);
    let classes = Language::En.text(&report.verdict.sentences[1]);
    assert_eq!(classes, "300 of the classes that are loaded are com.acme.Entities$Lazy*.");
    let evidence: Vec<String> = oom.evidence.iter().map(|text| Language::En.text(text)).collect();
    let counted = "300 of these classes are com.acme.Entities$Lazy*.".to_owned();
    assert!(evidence.contains(&counted), "{evidence:?}");
    // Whoever merely loads one more is not.
    let loads = out_of_metaspace(("org.springframework.boot.loader.LaunchedURLClassLoader", "loadClass"));
    assert_eq!(loads.oom.expect("an error").role, OomRole::Unknown);
}

/// The thread that ran out of room for classes was putting one more into a list, whose array it has in hand: the list retains nothing.
#[test]
fn what_keeps_the_classes_that_ran_out_is_a_leak_whether_or_not_it_grows() {
    let mut heap = HeapBuilder::hotspot17();
    let loaders = heap.class_named("java.lang.ClassLoader");
    let made_by = heap.app_class("net.bytebuddy.ByteArrayClassLoader").extends(loaders).build();
    let views: Vec<Addr> = (0..400)
        .map(|at| {
            let loader = heap.instance_with(made_by, &[]);
            let data = bytes(&mut heap, 4000);
            let class = heap.class(&format!("com.acme.View${at}")).loader(loader);
            let class = class.static_field("data", Value::Ref(data)).build();
            class.address()
        })
        .collect();
    let in_hand = heap.object_array("java.lang.Object[]", &views);
    let list = heap.jdk_class("java.util.ArrayList");
    let fields = [("size", Value::Int(400)), ("elementData", Value::Ref(in_hand))];
    let list = heap.instance_with(list, &fields);
    held_by_static(&mut heap, "com.acme.Views", "VIEWS", list);
    let factory = heap.app_class("com.acme.Factory").sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let words = heap.string("Metaspace");
    let thrown = heap.instance_with(error, &[("detailMessage", Value::Ref(words))]);
    heap.thread("http-1")
        .frame(error, "<init>", "()V", "OutOfMemoryError.java", 1)
        .local(thrown)
        .frame(loaders, "defineClass", "()V", "ClassLoader.java", 1)
        .frame(factory, "view", "()V", "Factory.java", 9)
        .local(in_hand)
        .build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Views.VIEWS");
    assert_eq!(first.kind_message(), "kind-leak", "{:?}", first.advice);
}

#[test]
fn a_finding_in_the_verdict_names_who_holds_it() {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(32 << 20)).sticky().build();
    let buffer = heap.class("java.nio.DirectByteBuffer").field("capacity", Kind::Int);
    let buffer = buffer.field("cleaner", Kind::Ref).build();
    let cleaner = heap.class("jdk.internal.ref.Cleaner").build();
    let frames: Vec<Addr> = (0..31)
        .map(|_| {
            let cleaner = heap.instance(cleaner, &[]);
            heap.instance(buffer, &[Value::Int(1 << 20), Value::Ref(cleaner)])
        })
        .collect();
    let frames = heap.array_list(&frames);
    held_by_static(&mut heap, "com.acme.Camera", "FRAMES", frames);
    let report = judge(heap);
    let first = Language::En.text(&report.verdict.sentences[0]);
    assert!(first.ends_with("mostly held by com.acme.Camera.FRAMES."), "{first}");
}

/// A few rows that the application keeps, in a dump that is mostly garbage.
#[test]
fn garbage_that_is_most_of_the_dump_comes_before_the_little_that_may_leak() {
    let sentences = |kept: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let rows = payload(&mut heap, "com.acme.Row", kept, 2048);
        let rows = heap.array_list(&rows);
        held_by_static(&mut heap, "com.acme.App", "ROWS", rows);
        payload(&mut heap, "com.acme.Hit", 10_000, 2048);
        let report = judge(heap);
        ids(&report.verdict.sentences).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let place = |sentences: &[String], id: &str| sentences.iter().position(|sentence| sentence == id);
    let few = sentences(900);
    assert_eq!(few[0], "verdict-garbage", "{few:?}");
    assert!(place(&few, "verdict-leak-if-it-grows").is_some(), "{few:?}");
    let many = sentences(5000);
    assert_eq!(many[0], "verdict-leak-if-it-grows", "{many:?}");
}

/// Errors that were thrown in different places and kept, two of them with the same message.
#[test]
fn the_verdict_says_nothing_twice() {
    let mut heap = HeapBuilder::hotspot17();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    for (name, message) in
        [("Reader", "Java heap space"), ("Writer", "Java heap space"), ("Jobs", "Metaspace")]
    {
        let keeper = heap.app_class(&format!("com.acme.{name}")).sticky().build();
        let mirrors = heap.object_array("java.lang.Object[]", &[keeper.address(), Addr::NULL]);
        let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
        let message = heap.string(message);
        let fields = [
            ("backtrace", Value::Ref(backtrace)),
            ("depth", Value::Int(1)),
            ("detailMessage", Value::Ref(message)),
        ];
        let thrown = heap.instance_with(error, &fields);
        heap.static_field(keeper, "last", Value::Ref(thrown));
    }
    let report = judge(heap);
    let thrown = report.findings.iter().filter(|finding| finding.id == "oom.thrown-earlier").count();
    assert_eq!(thrown, 3);
    let told: Vec<String> = report.verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
    let distinct: std::collections::HashSet<&String> = told.iter().collect();
    assert_eq!(distinct.len(), told.len(), "{told:?}");
    // There is room for what would have been crowded out.
    assert!(told.iter().any(|sentence| sentence.contains("Metaspace")), "{told:?}");
}

/// A map of lists by the names of tenants, of which one has nearly everything.
fn by_tenant(is_constant: bool, strings: bool) -> (String, Vec<String>) {
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 400, 4096);
    let orders = heap.array_list(&orders);
    let few = payload(&mut heap, "com.acme.Order", 4, 4096);
    let few = heap.array_list(&few);
    let (globex, initech) = (heap.string("globex-4711"), heap.string("initech"));
    let by_tenant = heap.hash_map(&[(globex, orders), (initech, few)]);
    held_by_static(&mut heap, "com.acme.Tenants", "ORDERS", by_tenant);
    if is_constant {
        let constants = heap.object_array("java.lang.Object[]", &[globex]);
        held_by_static(&mut heap, "com.acme.Main", "<resolved_references>", constants);
    }
    let mut options = InspectOptions::default();
    options.strings = strings;
    let snapshot = snapshot(heap);
    let report = report(&Context::new(&snapshot, options), |_| true).unwrap();
    let text = serde_json::to_string(&report).unwrap();
    (text, report.suspects[0].activity.iter().map(|text| Language::En.text(text)).collect())
}

#[test]
fn the_key_of_the_entry_that_has_it_all_is_told_if_it_stands_in_the_code() {
    let told = "Nearly all of it is in one entry of a map, under the key \"globex-4711\".";
    assert_eq!(by_tenant(true, false).1, [told]);
    assert_eq!(by_tenant(false, true).1, [told]);
}

#[test]
fn a_key_that_may_be_data_is_told_only_if_strings_are_asked_for() {
    let (report, told) = by_tenant(false, false);
    assert_eq!(told, ["Nearly all of it is in one entry of a map; --strings shows its key."]);
    assert!(!report.contains("globex-4711"));
}

/// Many objects of a library's own class say little; the rule that finds them wrong says what they are.
#[test]
fn what_a_rule_knows_of_a_librarys_objects_is_told_in_its_words() {
    let mut heap = HeapBuilder::hotspot17();
    let client = "software.amazon.awssdk.services.sqs.DefaultSqsClient";
    let clients: Vec<Addr> = (0..800)
        .map(|_| {
            let pool = bytes(&mut heap, 2048);
            crate::library_object(&mut heap, client, &[("pool", Kind::Ref, Value::Ref(pool))])
        })
        .collect();
    let clients = heap.array_list(&clients);
    crate::held_by_static(&mut heap, "com.acme.Tickets", "CLIENTS", clients);
    let report = judge(heap);
    let told = Language::En.text(&report.verdict.sentences[0]);
    assert!(
        told.starts_with(
            "800 clients of the AWS SDK, where one for each service and region is enough, held by com.acme.Tickets.CLIENTS: "
        ),
        "{told}"
    );
}

/// The size at the end of such words is told in the same breath.
#[test]
fn a_size_is_not_told_twice() {
    let mut heap = HeapBuilder::hotspot17();
    let subscribers = payload(&mut heap, "com.acme.Subscriber", 2000, 1024);
    let subscribers = heap.object_array("java.lang.Object[]", &subscribers);
    let subject = "io.reactivex.rxjava3.subjects.PublishSubject";
    let fields = [("subscribers", Kind::Ref, Value::Ref(subscribers))];
    let subject = crate::library_object(&mut heap, subject, &fields);
    crate::held_by_static(&mut heap, "com.acme.Prices", "SUBJECT", subject);
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "rxjava.subscribers").unwrap();
    assert!(Language::En.text(&finding.title).ends_with(" MiB"), "{:?}", finding.title);
    for (language, words) in [
        (Language::En, "has 2,000 subscribers: 2,000 Subscriber, held by com.acme.Prices.SUBJECT: "),
        (Language::Zh, "2,000 个订阅者：2,000 个 Subscriber，由"),
    ] {
        let told = language.text(&report.verdict.sentences[0]);
        assert!(told.contains(words), "{told}");
        assert_eq!(told.matches(" MiB").count(), 1, "{told}");
    }
}

/// Four leaks: who reads the verdict alone must know of those that are not small.
#[test]
fn a_third_leak_is_told_if_it_is_not_small() {
    let beside = |third: usize| {
        let mut heap = HeapBuilder::hotspot17();
        for (name, count) in [("Orders", 900), ("Carts", 600), ("Views", third), ("Hooks", third / 2)] {
            let objects = payload(&mut heap, &format!("com.acme.{name}Entry"), count, 4096);
            let objects = heap.array_list(&objects);
            crate::held_by_static(&mut heap, &format!("com.acme.{name}"), "ALL", objects);
        }
        let report = judge(heap);
        let told: Vec<String> = report.verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
        told.into_iter().filter(|sentence| sentence.starts_with("Beside it")).collect::<Vec<_>>()
    };
    let told = beside(300);
    assert!(told.len() == 2 && told[0].contains("CartsEntry") && told[1].contains("ViewsEntry"), "{told:?}");
    assert!(told[0].ends_with(", a leak if it grows as well."), "{told:?}");
    assert_eq!(beside(60).len(), 1);
}

/// Of what a call has in hand and what stays when it has ended the second may be the leak.
#[test]
fn what_stays_is_told_beside_what_goes_with_its_call() {
    let mut heap = HeapBuilder::hotspot17();
    let calls = payload(&mut heap, "com.acme.Call", 900, 4096);
    let calls = heap.array_list(&calls);
    crate::held_by_static(&mut heap, "com.acme.Calls", "SEEN", calls);
    let positions = payload(&mut heap, "com.acme.Position", 1200, 4096);
    let positions = heap.array_list(&positions);
    let preview = heap.app_class("com.acme.Preview").build();
    heap.thread("web-4").frame(preview, "collect", "()V", "Preview.java", 6).local(positions).build();
    let told: Vec<String> =
        judge(heap).verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
    assert!(told[0].contains("1,200 Position held by com.acme.Preview.collect"), "{told:?}");
    let stays = "which stays when that call has ended: a leak if it grows from dump to dump.";
    assert!(
        told.iter().any(|sentence| sentence.contains("900 Call") && sentence.ends_with(stays)),
        "{told:?}"
    );
}

/// What native code has is not held by its own class.
#[test]
fn what_native_code_holds_is_told_with_its_holder() {
    let mut heap = HeapBuilder::hotspot17();
    let handles = payload(&mut heap, "com.acme.Handle", 9000, 1024);
    for (object, number) in handles.into_iter().zip(0..) {
        heap.root(hprof_fixtures::Root::JniGlobal { object, handle: Addr(0x7000_0000 + 8 * number) });
    }
    let report = judge(heap);
    let title = Language::En.text(&report.suspects[0].title);
    assert_eq!(title, "9,000 Handle held by native code (JNI global references to com.acme.Handle)");
}
