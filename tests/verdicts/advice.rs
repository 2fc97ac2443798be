//! What a suspect advises: only what fits it.

use crate::{bytes, held_by_static, judge, payload, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::inspect::rules::RuleSet;
use oomph::render::text::Language;
use oomph::report::{Report, Standing, Suspect, Text};

fn ids(suspect: &Suspect) -> Vec<&str> {
    let messages = suspect.advice.iter().filter_map(|text| match text {
        Text::Message { id, .. } => Some(id.as_str()),
        _ => None,
    });
    messages.collect()
}

/// 2,000 items in a list of that class, which keeps them in an array.
fn items_in(class: &str, super_class: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let items = heap.object_array("java.lang.Object[]", &items);
    let above = heap.class(super_class).build();
    let list = heap.class(class).extends(above).field("elements", Kind::Ref).build();
    let list = heap.instance(list, &[Value::Ref(items)]);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", list);
    judge(heap)
}

#[test]
fn a_collection_that_nothing_can_be_added_to_is_no_leak() {
    let immutable = "java.util.ImmutableCollections$AbstractImmutableCollection";
    for (class, above, standing) in [
        ("java.util.ImmutableCollections$ListN", immutable, Standing::Largest),
        (
            "com.google.common.collect.RegularImmutableList",
            "com.google.common.collect.ImmutableCollection",
            Standing::Largest,
        ),
        ("java.util.concurrent.ConcurrentLinkedDeque", "java.util.AbstractQueue", Standing::Blamed),
    ] {
        let report = items_in(class, above);
        let first = &report.suspects[0];
        assert_eq!(
            (first.standing, first.holder.label().as_str()),
            (standing, "com.acme.Catalogue.ITEMS"),
            "{class}"
        );
        assert_eq!(report.verdict.healthy, standing == Standing::Largest);
        assert_eq!(report.verdict.healthy, says_that_it_cannot_grow(&report), "{class}");
    }
}

/// Whether the suspect and the verdict say so.
fn says_that_it_cannot_grow(report: &Report) -> bool {
    let in_advice = ids(&report.suspects[0]).contains(&"suspect-advice-unmodifiable");
    let sentences = &report.verdict.sentences;
    let is_said = |text: &Text| matches!(text, Text::Message { id, .. } if id == "verdict-largest-fixed");
    assert_eq!(in_advice, sentences.iter().any(is_said), "{sentences:?}");
    in_advice
}

#[test]
fn a_list_that_an_array_is_behind_cannot_grow() {
    let report = items_in("java.util.Arrays$ArrayList", "java.util.AbstractCollection");
    assert_eq!(report.suspects[0].standing, Standing::Largest);
    assert!(says_that_it_cannot_grow(&report));
}

/// The rows of a table that was made for as many.
#[test]
fn a_table_without_a_gap_cannot_grow() {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "com.acme.Row", 2000, 2048);
    let rows = heap.object_array("com.acme.Row[]", &rows);
    held_by_static(&mut heap, "com.acme.Table", "ROWS", rows);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.standing, ids(&first)), (Standing::Largest, vec!["suspect-advice-full-array"]));
}

/// Three columns of one table, each without a gap: the table is told, and that none of its arrays has one.
#[test]
fn a_table_whose_columns_have_no_gaps_cannot_grow() {
    let mut heap = HeapBuilder::hotspot17();
    let table = ["isin", "name", "venue"]
        .iter()
        .fold(heap.app_class("com.acme.Table"), |class, field| class.field(field, Kind::Ref));
    let table = table.build();
    let columns = [0; 3].map(|_| {
        let texts = payload(&mut heap, "com.acme.Text", 2000, 2048);
        Value::Ref(heap.object_array("com.acme.Text[]", &texts))
    });
    let table = heap.instance(table, &columns);
    held_by_static(&mut heap, "com.acme.Instruments", "TABLE", table);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.standing, &*first.class), (Standing::Largest, "com.acme.Table"));
    assert_eq!(ids(first), ["suspect-advice-full-arrays-of-one"]);
    let sentences = &report.verdict.sentences;
    assert!(sentences.iter().any(|text| text.is_message("verdict-largest-fixed")), "{sentences:?}");
}

/// A map or list of which the application has an unmodifiable view, and perhaps the collection itself.
fn shown(is_map: bool, is_kept: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let collection = if is_map {
        let entries: Vec<_> = items.into_iter().map(|item| (item, item)).collect();
        heap.hash_map(&entries)
    } else {
        heap.array_list(&items)
    };
    let (class, field) = if is_map {
        ("java.util.Collections$UnmodifiableMap", "m")
    } else {
        ("java.util.Collections$UnmodifiableCollection", "c")
    };
    let view = heap.class(class).field(field, Kind::Ref).build();
    let view = heap.instance(view, &[Value::Ref(collection)]);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", view);
    if is_kept {
        held_by_static(&mut heap, "com.acme.Loader", "loaded", collection);
    }
    judge(heap)
}

#[test]
fn a_collection_that_is_reached_by_an_unmodifiable_view_only_is_no_leak() {
    for is_map in [true, false] {
        let first = shown(is_map, false).suspects.remove(0);
        assert_eq!(
            (first.standing, first.holder.label()),
            (Standing::Largest, "com.acme.Catalogue.ITEMS".into())
        );
        assert!(says_that_it_cannot_grow(&shown(is_map, false)));
        assert_eq!(shown(is_map, true).suspects[0].standing, Standing::Blamed);
    }
}

/// Rates that are loaded once fill three quarters of the heap; what is wrong is a list of a tenth of that.
#[test]
fn a_small_leak_comes_before_what_cannot_grow() {
    let mut heap = HeapBuilder::hotspot17();
    let rates = payload(&mut heap, "com.acme.Rate", 6000, 2048);
    let rates = heap.object_array("java.lang.Object[]", &rates);
    let above = heap.class("java.util.ImmutableCollections$AbstractImmutableMap").build();
    let map =
        heap.class("java.util.ImmutableCollections$MapN").extends(above).field("table", Kind::Ref).build();
    let map = heap.instance(map, &[Value::Ref(rates)]);
    held_by_static(&mut heap, "com.acme.Rates", "ALL", map);
    let undo = payload(&mut heap, "com.acme.Undo", 900, 2048);
    let undo = heap.array_list(&undo);
    held_by_static(&mut heap, "com.acme.Calculator", "undo", undo);
    let report = judge(heap);
    let told = report.suspects.iter().map(|suspect| (suspect.holder.label(), suspect.standing));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("com.acme.Calculator.undo".to_owned(), Standing::Blamed),
            ("com.acme.Rates.ALL".to_owned(), Standing::Largest)
        ]
    );
}

/// A catalogue of products, kept by number in one map and in an index of a library.
#[test]
fn what_is_merely_large_inside_of_what_is_to_blame_is_no_suspect_of_its_own() {
    let mut heap = HeapBuilder::hotspot17();
    let products = payload(&mut heap, "com.acme.Product", 2000, 2048);
    // Two lists of the same: only the catalogue retains them.
    let lists = [0; 2].map(|_| Value::Ref(heap.array_list(&products)));
    let index = bytes(&mut heap, 2 << 20);
    let loader = heap.app_class_loader();
    let trie = heap.class("org.example.index.Trie").loader(loader).field("cells", Kind::Ref).build();
    let trie = heap.instance(trie, &[Value::Ref(index)]);
    let catalogue = heap.app_class("com.acme.Catalogue");
    let catalogue = ["by_name", "by_price", "index"]
        .iter()
        .fold(catalogue, |class, field| class.field(field, Kind::Ref))
        .build();
    let fields: Vec<Value> = lists.into_iter().chain([Value::Ref(trie)]).collect();
    let catalogue = heap.instance(catalogue, &fields);
    held_by_static(&mut heap, "com.acme.App", "catalogue", catalogue);
    held_by_static(&mut heap, "com.acme.Server", "catalogue", catalogue);
    let report = judge(heap);
    let told: Vec<_> =
        report.suspects.iter().map(|suspect| (suspect.holder.label(), suspect.standing)).collect();
    assert!(told.iter().any(|(_, standing)| *standing == Standing::Blamed), "{told:?}");
    assert!(told.iter().all(|(_, standing)| *standing != Standing::Largest), "{told:?}");
}

#[test]
fn what_may_be_data_is_told_how_to_be_told_from_a_leak() {
    let report = items_in("java.util.concurrent.ConcurrentLinkedDeque", "java.util.AbstractQueue");
    assert_eq!(ids(&report.suspects[0]), ["suspect-advice-compare", "suspect-advice-field-if-it-grows"]);
    // Not where memory has run out, or nearly.
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(4_700_000)).sticky().build();
    let items = payload(&mut heap, "com.acme.Item", 2000, 2048);
    let items = heap.array_list(&items);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", items);
    assert_eq!(ids(&judge(heap).suspects[0]), ["suspect-advice-field"]);
}

/// Listeners are taken back by whoever has registered them: nobody bounds how many there may be.
#[test]
fn listeners_are_told_to_be_taken_back() {
    let told = |field: &str, class: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let items = payload(&mut heap, class, 2000, 2048);
        let items = heap.array_list(&items);
        held_by_static(&mut heap, "com.acme.Board", field, items);
        let advice = judge(heap).suspects.remove(0).advice;
        let first = advice.iter().find(|text| !text.is_message("suspect-advice-compare"));
        Language::En.text(first.unwrap())
    };
    let expected = "These are registered to be told of something (LISTENERS):";
    assert!(told("LISTENERS", "com.acme.Dashboard").starts_with(expected));
    assert!(told("ALL", "com.acme.PriceObserver").starts_with(&expected.replace("LISTENERS", "ALL")));
    assert!(told("ALL", "com.acme.Dashboard").starts_with("If it grows: look at what is put into"));
}

/// A planner with two maps: nothing is put into the field that holds the planner.
#[test]
fn what_is_put_into_a_field_is_asked_only_where_the_field_is_a_collection() {
    let mut heap = HeapBuilder::hotspot17();
    let places = payload(&mut heap, "com.acme.Place", 900, 2048);
    let roads = payload(&mut heap, "com.acme.Road", 900, 2048);
    let (places, roads) = (heap.array_list(&places), heap.array_list(&roads));
    let planner =
        heap.app_class("com.acme.Planner").field("places", Kind::Ref).field("roads", Kind::Ref).build();
    let planner = heap.instance(planner, &[Value::Ref(places), Value::Ref(roads)]);
    held_by_static(&mut heap, "com.acme.App", "planner", planner);
    held_by_static(&mut heap, "com.acme.Server", "planner", planner);
    let report = judge(heap);
    for suspect in &report.suspects {
        let asks = ids(suspect).iter().any(|id| id.starts_with("suspect-advice-field"));
        assert!(!asks || suspect.holder.field.as_deref() != Some("planner"), "{suspect:?}");
    }
}

/// A rule about mapped files asks whether there is a file. Buffers that it has not looked at may have none.
#[test]
fn a_rule_with_conditions_explains_nothing_that_was_not_looked_at() {
    let mut heap = HeapBuilder::hotspot17();
    let mapped = heap.class("java.nio.MappedByteBuffer").field("fd", Kind::Ref).build();
    let direct = heap.class("java.nio.DirectByteBuffer").extends(mapped).build();
    let buffers: Vec<Addr> = (0..2000).map(|_| heap.instance(direct, &[Value::NULL])).collect();
    let data = payload(&mut heap, "com.acme.Frame", 600, 4096);
    let all: Vec<Addr> = buffers.into_iter().chain(data).collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Gateway", "OUTBOX", all);
    let snapshot = snapshot(heap);
    let mut suspect = crate::report_of(&snapshot).suspects.remove(0);
    (suspect.class, suspect.instances, suspect.rule) = ("java.nio.DirectByteBuffer".into(), 20_000, None);
    RuleSet::builtin().explain(&snapshot, &mut suspect, &[]);
    assert_eq!(suspect.rule, None);
}

/// Messages that fill most of the heap, and subscribers that a rule finds to be an error beside them.
#[test]
fn the_second_suspect_stands_in_the_verdict_once() {
    let mut heap = HeapBuilder::hotspot17();
    let messages = payload(&mut heap, "com.acme.Message", 6000, 1024);
    let messages = heap.array_list(&messages);
    held_by_static(&mut heap, "com.acme.Inbox", "MESSAGES", messages);
    let subscribers = payload(&mut heap, "com.acme.Subscriber", 2000, 1024);
    let subscribers = heap.object_array("java.lang.Object[]", &subscribers);
    let subject = heap.class("io.reactivex.rxjava3.subjects.PublishSubject").field("subscribers", Kind::Ref);
    let subject = subject.build();
    let subject = heap.instance(subject, &[Value::Ref(subscribers)]);
    held_by_static(&mut heap, "com.acme.Prices", "subject", subject);
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(9_300_000)).sticky().build();
    let report = judge(heap);
    assert_eq!(report.suspects[1].rule.as_deref(), Some("rxjava.subscribers"));
    let words = report.verdict.sentences.iter().map(|sentence| Language::En.text(sentence));
    let words: Vec<String> = words.collect();
    let of_subject = words.iter().filter(|sentence| sentence.contains("ubject")).count();
    assert_eq!(of_subject, 1, "{words:?}");
    assert!(
        words
            .iter()
            .any(|sentence| sentence.starts_with("Beside it, a leak as well: An RxJava subject has 2,000")),
        "{words:?}"
    );
}

/// A catalogue of so many items of half a KiB, and 2,000 subscribers of 1.1 MiB that a rule knows, in a heap of so many bytes at most.
fn catalogue_and_subscribers(items: usize, limit: i64) -> Vec<String> {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
    let items = payload(&mut heap, "com.acme.Item", items, 512);
    let items = heap.array_list(&items);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", items);
    let subscribers = payload(&mut heap, "com.acme.Subscriber", 2000, 512);
    let subscribers = heap.object_array("java.lang.Object[]", &subscribers);
    let subject = heap.class("io.reactivex.rxjava3.subjects.PublishSubject").field("subscribers", Kind::Ref);
    let subject = subject.build();
    let subject = heap.instance(subject, &[Value::Ref(subscribers)]);
    held_by_static(&mut heap, "com.acme.Prices", "subject", subject);
    judge(heap).suspects.iter().map(|suspect| suspect.holder.label()).collect()
}

#[test]
fn what_a_rule_knows_to_be_wrong_comes_before_what_may_be_data() {
    let wrong_first = ["com.acme.Prices.subject", "com.acme.Catalogue.ITEMS"];
    assert_eq!(catalogue_and_subscribers(3600, 64 << 20), wrong_first);
    let largest_first = ["com.acme.Catalogue.ITEMS", "com.acme.Prices.subject"];
    assert_eq!(catalogue_and_subscribers(3600, 3_600_000), largest_first, "memory has nearly run out");
    assert_eq!(catalogue_and_subscribers(8000, 64 << 20), largest_first, "it is very much larger");
}

#[test]
fn direct_buffers_beside_a_small_heap_are_told() {
    let buffers = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let cleaner = heap.class("jdk.internal.ref.Cleaner").build();
        let direct =
            heap.class("java.nio.DirectByteBuffer").field("capacity", Kind::Int).field("cleaner", Kind::Ref);
        let direct = direct.build();
        let buffers: Vec<Addr> = (0..count)
            .map(|_| {
                let cleaner = heap.instance(cleaner, &[]);
                heap.instance(direct, &[Value::Int(64 << 10), Value::Ref(cleaner)])
            })
            .collect();
        let buffers = heap.array_list(&buffers);
        held_by_static(&mut heap, "com.acme.Gateway", "OUTBOX", buffers);
        let report = judge(heap);
        let finding = report.findings.iter().find(|finding| finding.id == "off-heap.beside-heap").cloned();
        finding.map(|finding| (finding.count, finding.bytes, finding.holder.map(|holder| holder.label())))
    };
    let holder = Some("com.acme.Gateway.OUTBOX".to_owned());
    assert_eq!(buffers(3000), Some((3000, 3000 * (64 << 10), holder)));
    assert_eq!(buffers(400), None, "not many");
}

/// The rule that a heap with a thing of that class in a static field is told by; `fields` are what it refers to.
fn told_by(class: &str, fields: &[(&str, Kind, Value)], mut heap: HeapBuilder) -> Vec<String> {
    let loader = heap.app_class_loader();
    let mut thing = heap.class(class).loader(loader);
    for &(name, kind, _) in fields {
        thing = thing.field(name, kind);
    }
    let thing = thing.build();
    let values: Vec<(&str, Value)> = fields.iter().map(|&(name, _, value)| (name, value)).collect();
    let thing = heap.instance_with(thing, &values);
    held_by_static(&mut heap, "com.acme.Holder", "THING", thing);
    judge(heap).findings.into_iter().map(|finding| finding.id).collect()
}

#[test]
fn subscribers_that_never_leave_an_event_bus_are_told() {
    let with = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let screens = payload(&mut heap, "com.acme.Screen", count, 512);
        let screens: Vec<(Addr, Addr)> = screens.iter().map(|&screen| (screen, Addr::NULL)).collect();
        let screens = heap.hash_map(&screens);
        let fields = [("typesBySubscriber", Kind::Ref, Value::Ref(screens))];
        told_by("org.greenrobot.eventbus.EventBus", &fields, heap)
            .contains(&"greenrobot.event-bus".to_owned())
    };
    assert!(with(1500) && !with(500));
}

#[test]
fn a_pool_whose_objects_are_not_returned_is_told_and_one_with_idle_ones_is_not() {
    let with = |idle: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let lent = payload(&mut heap, "com.acme.Parser", 800, 2 << 10);
        let lent: Vec<(Addr, Addr)> = lent.iter().map(|&object| (object, object)).collect();
        let lent = heap.concurrent_hash_map(&lent);
        let idle_objects = heap.class("org.apache.commons.pool2.impl.LinkedBlockingDeque");
        let idle_objects = idle_objects.field("count", Kind::Int).build();
        let idle_objects = heap.instance(idle_objects, &[Value::Int(idle)]);
        let fields = [
            ("allObjects", Kind::Ref, Value::Ref(lent)),
            ("idleObjects", Kind::Ref, Value::Ref(idle_objects)),
            ("maxTotal", Kind::Int, Value::Int(-1)),
        ];
        let class = "org.apache.commons.pool2.impl.GenericObjectPool";
        told_by(class, &fields, heap).contains(&"commons-pool.not-returned".to_owned())
    };
    assert!(with(3) && !with(400));
}
