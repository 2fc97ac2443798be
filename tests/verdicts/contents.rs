//! What a suspect is told to be full of: the things that a programmer knows, as many as there are.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, SuspectKind};

fn title(report: &Report) -> String {
    Language::En.text(&report.suspects[0].title)
}

/// A map of 40 buffers of a library of collections, each with 100 quotes.
#[test]
fn lists_of_a_library_of_collections_are_told_by_what_is_in_them() {
    let mut heap = HeapBuilder::hotspot17();
    let quotes = payload(&mut heap, "com.acme.Quote", 4000, 600);
    let buffers: Vec<(Addr, Addr)> = quotes
        .chunks(100)
        .enumerate()
        .map(|(number, quotes)| {
            let first = heap.object_array("java.lang.Object[]", quotes);
            let fields = [("first", Kind::Ref, Value::Ref(first))];
            let buffer = library_object(&mut heap, "scala.collection.mutable.ListBuffer", &fields);
            (heap.string(&format!("symbol-{number}")), buffer)
        })
        .collect();
    let history = heap.hash_map(&buffers);
    held_by_static(&mut heap, "com.acme.PriceBook", "history", history);
    assert_eq!(title(&judge(heap)), "4,000 Quote held by com.acme.PriceBook.history");
}

/// A list of 500 rows with a text in each of 12 columns.
#[test]
fn rows_are_told_by_the_row_and_what_is_the_applications_by_its_class() {
    let title_of = |cells: &dyn Fn(&mut HeapBuilder) -> Vec<Addr>, class: &str, linked: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let rows: Vec<Addr> = (0..500)
            .map(|_| {
                let cells = cells(&mut heap);
                heap.object_array(class, &cells)
            })
            .collect();
        let rows = if linked { linked_list(&mut heap, &rows) } else { heap.array_list(&rows) };
        held_by_static(&mut heap, "com.acme.Import", "ROWS", rows);
        title(&judge(heap))
    };
    let texts = |heap: &mut HeapBuilder| -> Vec<Addr> {
        (0..12).map(|cell| heap.string(&format!("a text of some length, in cell {cell}"))).collect()
    };
    assert_eq!(title_of(&texts, "java.lang.String[]", false), "500 String[] held by com.acme.Import.ROWS");
    assert_eq!(title_of(&texts, "java.lang.Object[]", false), "500 Object[] held by com.acme.Import.ROWS");
    assert_eq!(title_of(&texts, "java.lang.String[]", true), "500 String[] held by com.acme.Import.ROWS");
    let orders = |heap: &mut HeapBuilder| payload(heap, "com.acme.Order", 1, 600);
    assert_eq!(title_of(&orders, "java.lang.Object[]", false), "500 Order held by com.acme.Import.ROWS");
}

fn linked_list(heap: &mut HeapBuilder, elements: &[Addr]) -> Addr {
    let node = heap.class("java.util.LinkedList$Node").field("item", Kind::Ref).field("next", Kind::Ref);
    let node = node.build();
    let mut next = Addr::NULL;
    for &element in elements.iter().rev() {
        next = heap.instance(node, &[Value::Ref(element), Value::Ref(next)]);
    }
    let list = heap.class("java.util.LinkedList").field("first", Kind::Ref).build();
    heap.instance(list, &[Value::Ref(next)])
}

/// Scopes of a script engine, each with a prototype of the same class inside.
#[test]
fn what_each_element_has_inside_is_no_element_of_its_own() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let scopes = heap.class("org.mozilla.javascript.NativeObject").loader(loader);
    let scopes = scopes.field("prototype", Kind::Ref).field("slots", Kind::Ref).build();
    let scopes: Vec<(Addr, Addr)> = (0..400)
        .map(|user| {
            let slots = bytes(&mut heap, 2048);
            let prototype = heap.instance(scopes, &[Value::Ref(Addr::NULL), Value::Ref(slots)]);
            let slots = bytes(&mut heap, 2048);
            (
                heap.string(&format!("user-{user}")),
                heap.instance(scopes, &[Value::Ref(prototype), Value::Ref(slots)]),
            )
        })
        .collect();
    let by_user = heap.hash_map(&scopes);
    held_by_static(&mut heap, "com.acme.Runner", "SCOPES", by_user);
    assert_eq!(title(&judge(heap)), "400 NativeObject held by com.acme.Runner.SCOPES");
}

/// A persistence context that a call has in hand, with so many entities, of which most of what they take is elsewhere in its hands.
#[test]
fn what_a_rule_finds_in_the_hands_of_a_call_explains_what_the_call_holds() {
    let rule = |entities: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let customers = payload(&mut heap, "com.acme.Customer", entities, 100);
        let pairs: Vec<(Addr, Addr)> = customers.iter().map(|&customer| (customer, customer)).collect();
        let clones = heap.hash_map(&pairs);
        let work = [("cloneMapping", Kind::Ref, Value::Ref(clones))];
        let work =
            library_object(&mut heap, "org.eclipse.persistence.internal.sessions.UnitOfWorkImpl", &work);
        let keys =
            payload(&mut heap, "org.eclipse.persistence.internal.identitymaps.CacheKey", entities, 150);
        let keys = heap.array_list(&keys);
        let import = heap.app_class("com.acme.Import").build();
        let thread = heap.thread("import").frame(import, "run", "()V", "Import.java", 7);
        thread.local(keys).local(work).build();
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.kind, SuspectKind::Load);
        first.rule
    };
    assert_eq!(rule(12_000).as_deref(), Some("eclipselink.large-unit-of-work"));
    assert_eq!(rule(2000), None);
}

/// Keys of a library's table that each refer to an entity which is in another table as well.
fn table(entities: usize, keys: usize) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let customer = heap.app_class("com.acme.Customer").field("number", Kind::Int).build();
    let customers: Vec<Addr> = (0..entities).map(|_| heap.instance(customer, &[Value::Int(7)])).collect();
    let loader = heap.app_class_loader();
    let key = heap.class("org.eclipse.persistence.internal.identitymaps.CacheKey").loader(loader);
    let key = key.field("object", Kind::Ref).field("record", Kind::Ref).build();
    let keys: Vec<Addr> = (0..keys)
        .map(|number| {
            let record = bytes(&mut heap, 2000);
            heap.instance(key, &[Value::Ref(customers[number % entities]), Value::Ref(record)])
        })
        .collect();
    let keys = heap.array_list(&keys);
    held_by_static(&mut heap, "com.acme.Import", "KEYS", keys);
    let clones = heap.array_list(&customers);
    held_by_static(&mut heap, "com.acme.Clones", "ALL", clones);
    title(&judge(heap))
}

#[test]
fn what_each_of_many_refers_to_names_it_though_others_refer_to_it_too() {
    assert_eq!(table(1000, 1000), "1,000 CacheKey with one Customer each, held by com.acme.Import.KEYS");
    // What all of them refer to says nothing of them.
    assert_eq!(table(1, 1000), "1,000 CacheKey held by com.acme.Import.KEYS");
}

/// A list that is just being added to, so that its nodes are nobody's alone; a variable of the call leads to it by way of a pipeline.
fn pipeline(commands: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let response = heap.class("redis.clients.jedis.Response").loader(loader).field("data", Kind::Ref).build();
    let node = heap.class("java.util.LinkedList$Node").field("item", Kind::Ref);
    let node = node.field("next", Kind::Ref).field("prev", Kind::Ref).build();
    let nodes: Vec<Addr> = (0..commands)
        .map(|_| {
            let data = bytes(&mut heap, 100);
            let response = heap.instance(response, &[Value::Ref(data)]);
            heap.instance(node, &[Value::Ref(response), Value::NULL, Value::NULL])
        })
        .collect();
    for pair in nodes.windows(2) {
        heap.set_field(pair[0], "next", Value::Ref(pair[1]));
        heap.set_field(pair[1], "prev", Value::Ref(pair[0]));
    }
    let (first, last) = (nodes[0], nodes[commands - 1]);
    let list = heap.class("java.util.LinkedList").field("size", Kind::Int);
    let list = list.field("first", Kind::Ref).field("last", Kind::Ref).build();
    let size = Value::Int(i32::try_from(commands).unwrap());
    let responses = heap.instance(list, &[size, Value::Ref(first), Value::Ref(last)]);
    // All that the variables themselves keep, together.
    let connection = bytes(&mut heap, 20 << 10);
    let fields = [
        ("pipelinedResponses", Kind::Ref, Value::Ref(responses)),
        ("connection", Kind::Ref, Value::Ref(connection)),
    ];
    let pipeline = library_object(&mut heap, "redis.clients.jedis.Pipeline", &fields);
    let jedis = library_object(
        &mut heap,
        "redis.clients.jedis.Jedis",
        &[("pipeline", Kind::Ref, Value::Ref(pipeline))],
    );
    let migration = heap.app_class("com.acme.Migration").build();
    heap.thread("migration")
        .frame(list, "linkLast", "()V", "LinkedList.java", 146)
        .local(responses)
        .local(last)
        .frame(migration, "run", "()V", "Migration.java", 7)
        .local(jedis)
        .local(pipeline)
        .build();
    judge(heap)
}

#[test]
fn a_variable_from_which_all_is_reached_is_told_with_what_there_is_so_much_of() {
    let report = pipeline(12_000);
    let first = &report.suspects[0];
    assert_eq!(first.kind, SuspectKind::Load);
    assert!(
        title(&report).starts_with("One Jedis with 12,000 Response held by com.acme.Migration.run"),
        "{}",
        title(&report)
    );
    assert_eq!(first.rule.as_deref(), Some("jedis.pipeline"));
    assert!(!ids(&first.advice).contains(&"suspect-advice-load"), "{:?}", first.advice);
    assert_eq!(pipeline(6000).suspects[0].rule, None);
}
