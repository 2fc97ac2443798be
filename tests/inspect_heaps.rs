//! The inspections on heaps made for the purpose: threads and locks, damage, and the same answer from any number of threads.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

use hprof_fixtures::generate::{Options as GenerateOptions, ShapeKind, generate};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Root, Value, corrupt};
use oomph::hprof::{HeapRecord, ObjectId};
use oomph::inspect::rules::RuleSet;
use oomph::inspect::{ALL, Context, Options as InspectOptions, find, paths_section};
use oomph::progress::Progress;
use oomph::query::{
    CollectionKinds, ThreadFacts, ThreadState, collection_length, deadlocks, elements_of, entries_of,
    key_beside, values,
};
use oomph::report::{Arg, Block, Cell, Section, Text, TreeNode};
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::Source;

fn open(bytes: Vec<u8>) -> Snapshot {
    try_open(bytes).unwrap()
}

fn try_open(bytes: Vec<u8>) -> Option<Snapshot> {
    let source = Source::from_memory(bytes);
    Snapshot::from_source(source, "test.hprof", &Options::default(), &Progress::silent()).ok()
}

/// Two threads in each other's way, one with a large local, one that throws.
fn threads_heap() -> Vec<u8> {
    let mut heap = HeapBuilder::hotspot17();
    let sync = heap.class("java.util.concurrent.locks.ReentrantLock$NonfairSync");
    let sync = sync.field("exclusiveOwnerThread", Kind::Ref).build();
    let (left, right) = (heap.instance(sync, &[Value::NULL]), heap.instance(sync, &[Value::NULL]));
    let bank = heap.class("com.acme.Bank").build();
    let place = |line| ("transfer", "()V", "Bank.java", line);
    let one = {
        let (method, signature, file, line) = place(10);
        let thread = heap.thread("pool-1-thread-1").status(0x291).field("parkBlocker", Value::Ref(right));
        thread.frame(bank, method, signature, file, line).local(left).build()
    };
    let two = {
        let (method, signature, file, line) = place(20);
        let thread = heap.thread("pool-1-thread-2").status(0x291).field("parkBlocker", Value::Ref(left));
        thread.frame(bank, method, signature, file, line).local(right).build()
    };
    heap.set_field(left, "exclusiveOwnerThread", Value::Ref(one.object));
    heap.set_field(right, "exclusiveOwnerThread", Value::Ref(two.object));
    // A list and one of its elements, which the thread holds by itself and the list therefore does not retain.
    let elements: Vec<_> = (0..50).map(|number| heap.boxed_int(number)).collect();
    let list = heap.array_list(&elements);
    heap.thread("export")
        .daemon()
        .frame(bank, "export", "()V", "Bank.java", 30)
        .local(list)
        .local(elements[0])
        .build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    heap.thread("victim").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1).build();
    heap.finish()
}

#[test]
fn threads_and_their_locks() {
    let snapshot = open(threads_heap());
    let threads = ThreadFacts::all(&snapshot);
    let names: Vec<&str> = threads.iter().map(|thread| thread.name.as_str()).collect();
    assert_eq!(names, ["pool-1-thread-1", "pool-1-thread-2", "export", "victim"]);
    assert_eq!(threads[0].state, Some(ThreadState::Waiting));
    assert_eq!(threads[2].state, Some(ThreadState::Runnable));
    assert_eq!((threads[2].daemon, threads[0].daemon), (Some(true), Some(false)));
    assert_eq!(threads.iter().filter(|thread| thread.threw_oom).count(), 1);
    assert!(threads[3].threw_oom);
    assert_eq!(deadlocks(&threads), [vec![0, 1]]);
    let list = snapshot.threads()[2].frames[0].locals[0];
    assert_eq!(threads[2].locals_retained_bytes, snapshot.retained_bytes(list) + 16);
    assert_eq!(threads[2].locals_only_bytes, threads[2].locals_retained_bytes);
    assert!(threads[2].retained_bytes > threads[2].locals_retained_bytes);
}

/// A kind retains what only its objects keep together: a variable of a thread counts at the thread too, an object below another one once.
#[test]
fn roots_by_kind_retain_what_their_objects_keep_together() {
    let mut heap = HeapBuilder::hotspot17();
    let bytes = |heap: &mut HeapBuilder, length| heap.primitive_array(PrimitiveArray::Byte(vec![0; length]));
    let run = heap.class("com.acme.Run").build();
    let local = bytes(&mut heap, 1000);
    heap.thread("main").frame(run, "run", "()V", "Run.java", 1).local(local).local(local).build();
    let holder = heap.class("com.acme.Native").field("data", Kind::Ref).build();
    let data = bytes(&mut heap, 2000);
    let native = heap.instance(holder, &[Value::Ref(data)]);
    let both = bytes(&mut heap, 500);
    for (at, object) in [native, native, both].into_iter().enumerate() {
        heap.root(Root::JniGlobal { object, handle: Addr(at as u64 + 1) });
    }
    heap.root(Root::MonitorUsed(both));
    let snapshot = open(heap.finish());
    let context = Context::new(&snapshot, InspectOptions::default());
    let section = find("dominators").unwrap().run(&context).unwrap().section;
    let table = section.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == "roots" => Some(table),
        _ => None,
    });
    let row = |kind: &str| {
        let is_it = |row: &&Vec<Cell>| matches!(&row[0], Cell::Term { word, .. } if word == kind);
        let row = table.unwrap().rows.iter().find(is_it).unwrap();
        let (Cell::Count(roots), Cell::Count(objects), Cell::Bytes(bytes)) = (&row[1], &row[2], &row[3])
        else {
            panic!("{row:?}");
        };
        (*roots, *objects, *bytes)
    };
    let retained = |object: Addr| snapshot.retained_bytes(snapshot.find(ObjectId(object.0)).unwrap());
    assert!(retained(native) > 2000 && retained(both) > 500 && retained(local) > 1000);
    // Both are roots, so each keeps itself; one of them is told twice.
    assert_eq!(row("JNI global"), (3, 2, retained(native) + retained(both)));
    assert_eq!(row("monitor in use"), (1, 1, retained(both)));
    assert_eq!(row("Java frame"), (2, 1, retained(local)));
    let (threads, _, bytes_of_thread) = row("thread object");
    assert_eq!(threads, 1);
    assert!(bytes_of_thread > retained(local), "its variables are the thread's too");
}

/// JDK 21 leaves virtual threads that do not run out of the threads of a dump. Its report says how many, how large their stacks are, and of
/// how much memory it is not known whether they hold it.
#[test]
fn virtual_threads_that_the_dump_leaves_out() {
    let mut heap = HeapBuilder::hotspot17();
    let chunk = heap.class("jdk.internal.vm.StackChunk").field("parent", Kind::Ref).build();
    let thread = heap
        .class("java.lang.VirtualThread")
        .field("chunk", Kind::Ref)
        .field("state", Kind::Int)
        .static_field("PARKED", Value::Int(5))
        .static_field("TERMINATED", Value::Int(99))
        .build();
    let basket = heap.class("shop.Basket").field("goods", Kind::Ref).build();
    for number in 1..=40 {
        let stack = heap.instance(chunk, &[Value::NULL]);
        // The last ten have ended: they are nobody's uncertainty.
        let state = if number <= 30 { 5 } else { 99 };
        let object = heap.instance(thread, &[Value::Ref(stack), Value::Int(state)]);
        if number == 1 {
            heap.root(Root::JniGlobal { object, handle: hprof_fixtures::Addr(1) });
        }
        // What a frame in the stack refers to: nothing in the dump leads to it.
        let goods = heap.primitive_array(PrimitiveArray::Byte(vec![7; 5_000]));
        heap.instance(basket, &[Value::Ref(goods)]);
    }
    let snapshot = open(heap.finish());
    let context = Context::new(&snapshot, InspectOptions::default());
    let total = context.histogram().total();
    let chunk_class = snapshot.classes().named("jdk.internal.vm.StackChunk")[0];
    let section = find("unreachable").unwrap().run(&context).unwrap().section;
    let told = section.blocks.iter().find_map(|block| match block {
        Block::Prose { text: Text::Message { id, args } } if id == "unreachable-virtual-threads" => {
            Some(args)
        }
        _ => None,
    });
    let told = told.expect("the report speaks of virtual threads");
    assert_eq!(told["count"], Arg::Count(30));
    assert_eq!(told["stacks"], Arg::Bytes(40 * snapshot.instance_bytes(chunk_class)));
    assert_eq!(told["size"], Arg::Bytes(total.unreachable_bytes));

    // Nor does the verdict call it garbage.
    let report = oomph::inspect::report(&context, |_| false).unwrap();
    assert_eq!(report.heap.unmounted_threads, 30);
    let ids = |texts: &[Text]| -> Vec<String> {
        let id = |text: &Text| match text {
            Text::Message { id, .. } => Some(id.to_string()),
            _ => None,
        };
        texts.iter().filter_map(id).collect()
    };
    let said = ids(&report.verdict.sentences);
    assert!(said.starts_with(&["verdict-unmounted".into(), "verdict-unmounted-made-of".into()]), "{said:?}");
    assert_eq!(report.suspects[0].class, "shop.Basket");
    assert_eq!(ids(&report.suspects[0].advice), ["suspect-advice-unmounted"]);

    // Nor does a rule.
    let rule = r#"
        schema = "oomph/rules/1"
        [[rule]]
        id = "shop.baskets"
        severity = "warning"
        class = "shop.Basket"
        garbage = { min-count = 10 }
        title.en = "unused"
        title.zh = "unused"
        [[rule.advice]]
        en = "unused"
        zh = "unused"
    "#;
    let rules = RuleSet::parse(rule, "shop.toml").unwrap();
    let context = Context::new(&snapshot, InspectOptions::default()).with_rules(rules.into());
    let findings = find("rules").unwrap().run(&context).unwrap().findings;
    let finding = findings.iter().find(|finding| finding.id == "shop.baskets").unwrap();
    assert_eq!(ids(std::slice::from_ref(&finding.title)), ["rule-unmounted-title"]);
    assert_eq!(ids(&finding.advice)[0], "rule-unmounted-advice");
}

#[test]
fn collections_give_their_elements() {
    let mut heap = HeapBuilder::hotspot17();
    let numbers: Vec<_> = (0..5).map(|number| heap.boxed_int(number)).collect();
    let list = heap.array_list(&numbers);
    let entries: Vec<_> = numbers.iter().map(|&number| (heap.string("k"), number)).collect();
    let map = heap.hash_map(&entries);
    let concurrent = heap.concurrent_hash_map(&entries);
    let set_class = heap.class_named("java.util.HashSet");
    let set = heap.instance_with(set_class, &[("map", Value::Ref(map))]);
    let holder = heap.class("com.acme.Holder").field("all", Kind::Ref).build();
    let all = heap.object_array("java.lang.Object[]", &[list, map, concurrent, set]);
    let holder_object = heap.instance(holder, &[Value::Ref(all)]);
    heap.root(Root::JniGlobal { object: holder_object, handle: hprof_fixtures::Addr(1) });
    let snapshot = open(heap.finish());
    let find = |address: hprof_fixtures::Addr| snapshot.find(oomph::hprof::ObjectId(address.0)).unwrap();
    let kinds = CollectionKinds::new(&snapshot);
    for collection in [list, map, concurrent, set] {
        assert_eq!(collection_length(&snapshot, find(collection)), Some(5), "{collection:?}");
        assert_eq!(elements_of(&snapshot, find(collection), 100).len(), 5);
        let HeapRecord::Instance { fields, .. } = snapshot.record(find(collection)) else {
            panic!("an object")
        };
        let class = snapshot.class_of(find(collection));
        assert_eq!(kinds.measure(&snapshot, class, find(collection), fields).length, Some(5));
    }
    assert_eq!(elements_of(&snapshot, find(list), 3).len(), 3);
    for map in [map, concurrent] {
        let mut values: Vec<_> =
            entries_of(&snapshot, find(map), 100).into_iter().map(|(_, value)| value.unwrap()).collect();
        values.sort_unstable();
        let mut expected: Vec<_> = numbers.iter().map(|&number| find(number)).collect();
        expected.sort_unstable();
        assert_eq!(values, expected);
    }
    assert_eq!(collection_length(&snapshot, find(holder_object)), None);
}

/// Maps that keep their entries neither in a hash table nor in a tree; the skip list has its nodes and its counter otherwise until JDK 8.
#[test]
fn skip_lists_and_maps_of_constants_give_their_entries() {
    for mut heap in [HeapBuilder::hotspot8(), HeapBuilder::hotspot17()] {
        let numbers: Vec<_> = (0..5).map(|number| heap.boxed_int(number)).collect();
        let entries: Vec<_> = numbers.iter().map(|&number| (heap.string("k"), number)).collect();
        let skip = heap.skip_list_map(&entries);
        let empty = heap.skip_list_map(&[]);
        let set = heap.class("java.util.concurrent.ConcurrentSkipListSet").field("m", Kind::Ref).build();
        let set = heap.instance(set, &[Value::Ref(skip)]);
        let of_region = [("NORTH", Some(numbers[0])), ("SOUTH", None), ("EAST", Some(numbers[1]))];
        let constants = heap.enum_map("com.acme.Region", &of_region);
        let all = heap.object_array("java.lang.Object[]", &[skip, empty, set, constants]);
        heap.root(Root::JniGlobal { object: all, handle: Addr(1) });
        let snapshot = open(heap.finish());
        let find = |address: Addr| snapshot.find(ObjectId(address.0)).unwrap();
        let in_map = |map| -> Vec<_> {
            let entries = entries_of(&snapshot, find(map), 100).into_iter();
            entries.map(|(key, value)| (key.is_some(), value.unwrap())).collect()
        };
        let expected: Vec<_> = numbers.iter().map(|&number| (true, find(number))).collect();
        assert_eq!(in_map(skip), expected);
        assert_eq!(collection_length(&snapshot, find(skip)), Some(5));
        assert_eq!(collection_length(&snapshot, find(empty)), Some(0));
        assert_eq!(elements_of(&snapshot, find(set), 100).len(), 5);
        assert_eq!(in_map(constants), [expected[0], expected[1]]);
        let key = key_beside(&snapshot, find(constants), find(numbers[1])).unwrap();
        assert_eq!(values::plain(&snapshot, key).as_deref(), Some("EAST"));
        assert_eq!(key_beside(&snapshot, find(constants), find(numbers[2])), None);
    }
}

/// A linked list that bites its own tail, and a map whose size lies.
#[test]
fn damaged_collections_end() {
    let mut heap = HeapBuilder::hotspot17();
    let node =
        heap.class("java.util.LinkedList$Node").field("item", Kind::Ref).field("next", Kind::Ref).build();
    let number = heap.boxed_int(1);
    let first = heap.instance(node, &[Value::Ref(number), Value::NULL]);
    let second = heap.instance(node, &[Value::Ref(number), Value::Ref(first)]);
    heap.set_field(first, "next", Value::Ref(second));
    let class = heap.class("java.util.LinkedList").field("size", Kind::Int).field("first", Kind::Ref).build();
    let list = heap.instance(class, &[Value::Int(-5), Value::Ref(first)]);
    heap.root(Root::JniGlobal { object: list, handle: hprof_fixtures::Addr(1) });
    let snapshot = open(heap.finish());
    let list = snapshot.find(oomph::hprof::ObjectId(list.0)).unwrap();
    assert_eq!(collection_length(&snapshot, list), None);
    assert!(elements_of(&snapshot, list, 1000).len() <= 1000);
    run_all(&snapshot);
}

fn run_all(snapshot: &Snapshot) -> Vec<Section> {
    let context = Context::new(snapshot, InspectOptions::default());
    ALL.iter().map(|inspection| inspection.run(&context).unwrap().section).collect()
}

/// Some programs name threads after what they are connected to. The secret in such a name is nowhere, neither as it is nor with its figures
/// replaced, as they are in the names of groups of threads.
#[test]
fn secrets_in_names_of_threads_are_masked() {
    let mut heap = HeapBuilder::hotspot17();
    let pump = heap.class("com.acme.Pump").build();
    for number in 1..=3 {
        let name =
            format!("pump-{number} jdbc:mysql://app:hunt3r{number}@db{number}/shop JSESSIONID=0A1B2C3D4E5F");
        let buffer = heap.primitive_array(PrimitiveArray::Byte(vec![1; 1 << 20]));
        heap.thread(&name).frame(pump, "run", "()V", "Pump.java", 10).local(buffer).build();
    }
    let snapshot = open(heap.finish());
    let said = serde_json::to_string(&run_all(&snapshot)).unwrap();
    assert!(said.contains("jdbc:mysql://app:******@db1/shop JSESSIONID=******"), "{said}");
    for secret in ["hunt", "0A1B", "*A*B"] {
        assert!(!said.contains(secret), "{secret}");
    }
}

/// What repeated texts waste is divided among the fields that hold them, whatever their number: 400 texts, each three times in orders and
/// once in a customer.
#[test]
fn waste_of_repeated_texts_is_divided_among_fields() {
    let mut heap = HeapBuilder::hotspot17();
    let order = heap.class("com.acme.Order").field("state", Kind::Ref).build();
    let customer = heap.class("com.acme.Customer").field("city", Kind::Ref).build();
    let mut objects = Vec::new();
    for number in 0..1600 {
        let text = heap.string(&format!("text {}", number / 4));
        let class = if number % 4 == 0 { customer } else { order };
        objects.push(heap.instance(class, &[Value::Ref(text)]));
    }
    let list = heap.array_list(&objects);
    heap.root(Root::JniGlobal { object: list, handle: hprof_fixtures::Addr(1) });
    let sections = run_all(&open(heap.finish()));
    let strings = sections.iter().find(|section| section.id == "strings").unwrap();
    let wasted = strings.blocks.iter().find_map(|block| match block {
        Block::Facts(facts) => facts.facts.iter().find(|fact| fact.key == "wasted_bytes"),
        _ => None,
    });
    let Cell::Bytes(wasted) = wasted.unwrap().value else { panic!("bytes") };
    let fields = strings.blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.id == "fields" => Some(&table.rows),
        _ => None,
    });
    let row = |field: &str, references, part| {
        vec![Cell::Value(field.into()), Cell::Count(references), Cell::Bytes(part)]
    };
    let quarter = wasted / 4;
    assert_eq!(
        *fields.unwrap(),
        [row("com.acme.Order.state", 1200, 3 * quarter), row("com.acme.Customer.city", 400, quarter)]
    );
}

/// Keys with four different hash codes lie in four buckets, whatever the size of the map; those of a good one do not collide, and of maps that
/// are no hash tables nothing is said.
#[test]
fn keys_that_collide_are_told_with_their_class() {
    let mut heap = HeapBuilder::hotspot17();
    let point = heap.class("com.acme.Point").build();
    let keys: Vec<_> = (0..2000).map(|_| heap.instance(point, &[])).collect();
    let mut map = |hash: &dyn Fn(i32) -> i32| {
        let entries: Vec<_> =
            (0..).zip(&keys).map(|(number, &key)| (hash(number), key, Addr::NULL)).collect();
        heap.hash_map_by_hash(&entries)
    };
    let (bad, good) = (map(&|number| number % 4), map(&|number| number));
    let empty = heap.hash_map(&[]);
    let list = heap.array_list(&[bad, good, empty]);
    heap.root(Root::JniGlobal { object: list, handle: Addr(1) });
    let snapshot = open(heap.finish());
    let context = Context::new(&snapshot, InspectOptions::default());
    let outcome = find("collections").unwrap().run(&context).unwrap();
    let rows = |id: &str| {
        let tables = outcome.section.blocks.iter().filter_map(|block| match block {
            Block::Table(table) if table.id == id => Some(&table.rows),
            _ => None,
        });
        tables.flatten().cloned().collect::<Vec<_>>()
    };
    let class = || Cell::Class("java.util.HashMap".into());
    let ratio = |collisions: f64, entries: f64| Cell::Share(collisions / entries);
    let counts = |numbers: [u64; 4]| numbers.map(Cell::Count);
    let [maps, entries, used, collisions] = counts([2, 4000, 2004, 1996]);
    assert_eq!(
        rows("collisions"),
        [[class(), maps, entries, used, collisions, ratio(1996.0, 4000.0)]],
        "the empty one has no entries that could collide"
    );
    let [entries, places, used, _] = counts([2000, 4096, 4, 0]);
    let key = Cell::Class("com.acme.Point".into());
    let worst = [Cell::Address(bad.0), class(), key, entries, places, used, ratio(1996.0, 2000.0)];
    assert_eq!(rows("crowded"), [worst], "the good one is none of them");
    let finding = outcome.findings.iter().find(|finding| finding.id == "collections.collisions").unwrap();
    assert_eq!((finding.class.as_deref(), finding.count), (Some("com.acme.Point"), 1996));
}

/// Nothing uses the array class: it is in the dump, but neither the heap nor the class loaders count it.
#[test]
fn the_heap_has_as_many_classes_as_its_loaders() {
    let mut heap = HeapBuilder::hotspot17();
    let used = heap.class("com.acme.Used").build();
    let object = heap.instance(used, &[]);
    heap.root(Root::JniGlobal { object, handle: Addr(1) });
    heap.class("com.acme.Unused[]").build();
    let snapshot = open(heap.finish());
    let context = Context::new(&snapshot, InspectOptions::default());
    let report = oomph::inspect::report(&context, |_| true).unwrap();
    let section = report.section("classloaders").unwrap();
    let fact = section.blocks.iter().find_map(|block| match block {
        Block::Facts(facts) => facts.facts.iter().find(|fact| fact.key == "classes"),
        _ => None,
    });
    assert_eq!(fact.unwrap().value, Cell::Count(report.heap.classes));
    let described = snapshot.classes().iter().filter(|(_, class)| class.described).count() as u64;
    assert!(report.heap.classes < described, "one is not in use");
}

/// Each node of a list dominates the next one. Shown one below the other they would be all that one sees of a heap.
#[test]
fn the_nodes_of_a_list_are_one_row_of_the_dominator_tree() {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.class("com.acme.Node").field("item", Kind::Ref).field("next", Kind::Ref).build();
    let mut next = Addr::NULL;
    for _ in 0..5000 {
        let item = heap.primitive_array(PrimitiveArray::Byte(vec![1; 100]));
        next = heap.instance(node, &[Value::Ref(item), Value::Ref(next)]);
    }
    let list = heap.class("com.acme.List").field("first", Kind::Ref).build();
    let list = heap.instance(list, &[Value::Ref(next)]);
    heap.root(Root::JniGlobal { object: list, handle: Addr(1) });
    let snapshot = open(heap.finish());
    let context = Context::new(&snapshot, InspectOptions::default());
    let section = find("dominators").unwrap().run(&context).unwrap().section;
    let tree = section.blocks.iter().find_map(|block| match block {
        Block::Tree(tree) => Some(tree),
        _ => None,
    });
    let list = &tree.unwrap().nodes[0];
    let told = |row: &TreeNode| (row.cells[0].clone(), row.cells[2].clone(), row.cells[3].clone());
    let name = |field: &str| Cell::Value(field.into());
    assert_eq!(told(list), (Cell::Class("com.acme.List".into()), Cell::None, Cell::Count(1)));
    let nodes = &list.children[0];
    assert_eq!(told(nodes), (Cell::Class("com.acme.Node".into()), name("first"), Cell::Count(5000)));
    assert_eq!(nodes.cells[1], Cell::Address(next.0), "that of the first one");
    let items = &nodes.children[0];
    assert_eq!(told(items), (Cell::Class("byte[]".into()), name("item"), Cell::Count(5000)));
    assert!(items.children.is_empty() && nodes.children.len() == 1);
}

#[test]
fn rows_fit_their_columns_and_ids_are_unique() {
    let sections = run_all(&open(threads_heap()));
    let mut seen = Vec::new();
    for section in &sections {
        assert!(!seen.contains(&section.id), "{} is there twice", section.id);
        seen.push(section.id.clone());
        for block in &section.blocks {
            if let Block::Table(table) = block {
                assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.id);
            }
        }
    }
}

#[test]
fn every_message_is_in_the_catalogues() {
    use oomph::render::text::{Language, messages};
    use oomph::report::{DumpFacts, HeapFacts, JvmFacts, Report};
    let mut report = Report::new(DumpFacts::default(), JvmFacts::default(), HeapFacts::default());
    let snapshot = open(threads_heap());
    let context = Context::new(&snapshot, InspectOptions::default());
    for inspection in ALL {
        let outcome = inspection.run(&context).unwrap();
        report.inspections.push(outcome.section);
        report.findings.extend(outcome.findings);
    }
    // Captions of groups of facts are optional.
    let needed = messages(&report).into_iter().filter(|id| !id.starts_with("facts-"));
    let missing: Vec<String> =
        needed.filter(|id| !Language::ALL.iter().all(|language| language.has(id))).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn one_thread_and_many_say_the_same() {
    let snapshot = open(threads_heap());
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run_all(&snapshot))
    };
    assert_eq!(with(1), with(4));
}

/// Cut and bent dumps: whatever can be opened can be inspected.
#[test]
fn damage_never_panics() {
    let bytes = threads_heap();
    for cut in (40..bytes.len()).step_by(bytes.len() / 40) {
        if let Some(snapshot) = try_open(bytes[..cut].to_vec()) {
            run_all(&snapshot);
        }
    }
    for seed in 0..60 {
        if let Some(snapshot) = try_open(corrupt::flip_bytes(&bytes, seed, 12)) {
            run_all(&snapshot);
        }
    }
}

/// A list of many nodes: the paths to all of them are shown as one, and looking at them is not a walk from the root for each.
#[test]
fn the_paths_to_all_nodes_of_a_list_are_one() {
    let mut out = std::io::Cursor::new(Vec::new());
    generate(&GenerateOptions { shape: ShapeKind::Chain, objects: 100_000, seed: 1, giant: None }, &mut out)
        .unwrap();
    let snapshot = open(out.into_inner());
    let class = snapshot.classes().iter().map(|(class, _)| class);
    let node = class.max_by_key(|class| snapshot.class_counts()[class.index()].instances).unwrap();
    let nodes: Vec<_> = snapshot.objects().filter(|&object| snapshot.class_of(object) == node).collect();
    assert!(nodes.len() > 90_000);
    let section = paths_section(&Context::new(&snapshot, InspectOptions::default()), &nodes).unwrap();
    let Block::Tree(tree) = &section.blocks[0] else { panic!("paths are a tree") };
    let counts: Vec<u64> = tree
        .nodes
        .iter()
        .map(|path| match path.cells[2] {
            Cell::Count(count) => count,
            _ => panic!("the third column counts objects"),
        })
        .collect();
    // The first node has no other before it.
    assert!(counts.len() <= 2 && counts[0] >= 9_999, "{counts:?}");
}
