//! Who is to blame, and who is only the largest: one dump shows what has piled up, not what grows.

use crate::thread_locals::heap_of;
use crate::{bytes, english, held_by_static, ids, judge, library_object, payload, report_of, snapshot};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::inspect::rules::RuleSet;
use oomph::inspect::{Context, Options as InspectOptions};
use oomph::render::html::{self, HtmlOptions};
use oomph::render::json;
use oomph::render::text::Language;
use oomph::report::{OomRole, Report, Standing, SuspectKind, Text};

/// An index of a library with `parts` of its own inside and nothing of the application's, in a heap of twice its size.
fn index(heap: &mut HeapBuilder, parts: usize, part_bytes: usize) {
    let parts = payload(heap, "org.apache.lucene.index.SegmentReader", parts, part_bytes);
    let parts = heap.object_array("org.apache.lucene.index.SegmentReader[]", &parts);
    let loader = heap.app_class_loader();
    let searcher =
        heap.class("org.apache.lucene.search.IndexSearcher").loader(loader).field("leaves", Kind::Ref);
    let searcher = searcher.build();
    let searcher = heap.instance(searcher, &[Value::Ref(parts)]);
    held_by_static(heap, "com.acme.Search", "searcher", searcher);
}

fn verdict_id(report: &Report) -> &str {
    match report.verdict.sentences.last() {
        Some(Text::Message { id, .. }) => id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_large_object_is_no_leak() {
    let mut heap = HeapBuilder::hotspot17();
    index(&mut heap, 40, 64 << 10);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(
        (first.standing, first.holder.label().as_str()),
        (Standing::Largest, "com.acme.Search.searcher")
    );
    assert!(first.share > 0.5, "{}", first.share);
    assert!(report.verdict.healthy);
    assert_eq!(verdict_id(&report), "verdict-largest");
}

#[test]
fn thousands_of_parts_have_piled_up() {
    let mut heap = HeapBuilder::hotspot17();
    index(&mut heap, 2000, 1 << 10);
    let report = judge(heap);
    assert_eq!(report.suspects[0].standing, Standing::Blamed);
    assert!(!report.verdict.healthy);
}

#[test]
fn what_fills_a_full_heap_is_to_blame_whatever_it_is() {
    let with_limit = |limit: i64| {
        let mut heap = HeapBuilder::hotspot17();
        heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit)).sticky().build();
        index(&mut heap, 40, 64 << 10);
        let report = judge(heap);
        let is_told = ids(&report.verdict.sentences).contains(&"verdict-heap-nearly-full");
        assert_eq!(is_told, report.suspects[0].standing == Standing::Blamed, "{:?}", report.verdict);
        (report.suspects[0].standing, report.heap.limit_bytes, report.heap.limit_is_estimate)
    };
    assert_eq!(with_limit(2_900_000), (Standing::Blamed, Some(2_900_000), true));
    assert_eq!(with_limit(64 << 20), (Standing::Largest, Some(64 << 20), true));
    // Less than what is in use was the limit of something else.
    assert_eq!(with_limit(1 << 20), (Standing::Largest, None, false));
}

/// What a library's field holds counts for less, for nobody can change that, but not where a rule knows what is wrong and memory has run out.
#[test]
fn what_takes_most_of_a_full_heap_comes_first_though_a_library_has_it() {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(6_500_000)).sticky().build();
    let own = payload(&mut heap, "com.acme.Form", 1200, 1800);
    let own = heap.array_list(&own);
    held_by_static(&mut heap, "com.acme.FormHistory", "VERSIONS", own);
    let spans = payload(&mut heap, "com.acme.Span", 1900, 2000);
    let spans: Vec<(Addr, Addr)> = spans.iter().map(|&span| (span, span)).collect();
    let spans = heap.concurrent_hash_map(&spans);
    let exporter = "io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter";
    let exporter =
        library_object(&mut heap, exporter, &[("finishedSpanItems", Kind::Ref, Value::Ref(spans))]);
    let loader = heap.app_class_loader();
    let global = heap.class("io.opentelemetry.api.GlobalOpenTelemetry").loader(loader);
    global.static_field("exporter", Value::Ref(exporter)).sticky().build();
    let report = judge(heap);
    let rules: Vec<Option<&str>> = report.suspects.iter().map(|suspect| suspect.rule.as_deref()).collect();
    assert_eq!(rules, [Some("opentelemetry.in-memory-exporter"), None], "{:?}", report.suspects);
}

#[test]
fn the_limit_is_told_by_the_arguments_before_the_limit_of_direct_memory() {
    let mut heap = HeapBuilder::hotspot17();
    let arguments = ["-Xmx2g", "-XX:MaxDirectMemorySize=32m"].map(|argument| heap.string(argument));
    let arguments = heap.array_list(&arguments);
    let management = heap.class("sun.management.VMManagementImpl").field("vmArgs", Kind::Ref).build();
    let management = heap.instance(management, &[Value::Ref(arguments)]);
    let helper = heap.class("sun.management.ManagementFactoryHelper");
    helper.static_field("jvm", Value::Ref(management)).sticky().build();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(32 << 20)).sticky().build();
    let heap = judge(heap).heap;
    assert_eq!((heap.limit_bytes, heap.limit_is_estimate), (Some(2 << 30), false));
}

/// A leak of 9 % beside a catalogue of 74 % that does not grow, both collections of the application.
#[test]
fn a_small_leak_beside_a_large_catalogue_is_told() {
    let mut heap = HeapBuilder::hotspot17();
    let items = payload(&mut heap, "com.acme.Item", 7400, 4 << 10);
    let items = heap.array_list(&items);
    held_by_static(&mut heap, "com.acme.Catalogue", "ITEMS", items);
    let uploads = payload(&mut heap, "com.acme.Upload", 900, 4 << 10);
    let uploads = heap.array_list(&uploads);
    held_by_static(&mut heap, "com.acme.Uploads", "UNFINISHED", uploads);
    for number in 0..17 {
        let other = bytes(&mut heap, 400 << 10);
        held_by_static(&mut heap, &format!("com.acme.Part{number}"), "STATE", other);
    }
    let report = judge(heap);
    let told: Vec<String> = report
        .suspects
        .iter()
        .filter(|suspect| suspect.standing == Standing::Blamed)
        .map(|suspect| suspect.holder.label())
        .collect();
    assert_eq!(told, ["com.acme.Catalogue.ITEMS", "com.acme.Uploads.UNFINISHED"]);
}

/// A thread that throws in a method of the class that declares the full list; `at_it` lets it have the list in hand.
fn thrown_in_the_class_of_the_static(at_it: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let carts = payload(&mut heap, "com.acme.Cart", 2000, 1 << 10);
    let list = heap.array_list(&carts);
    let store = heap.app_class("com.acme.CartStore").static_field("OPEN", Value::Ref(list)).sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let mut thread = heap.thread("exec-3").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
    thread = thread.frame(store, "render", "()V", "CartStore.java", 30);
    thread = thread.local(if at_it { list } else { carts[5] });
    thread.build();
    judge(heap)
}

#[test]
fn a_thread_in_the_class_of_the_full_field_is_a_victim_unless_it_was_adding_to_it() {
    let role = |report: &Report| report.oom.as_ref().map(|oom| oom.role);
    let victim = thrown_in_the_class_of_the_static(false);
    assert_eq!(role(&victim), Some(OomRole::Victim));
    let evidence = &victim.oom.as_ref().unwrap().evidence;
    let says_so = |text: &Text| matches!(text, Text::Message { id, .. } if id == "oom-evidence-same-class");
    assert!(evidence.iter().any(says_so), "{evidence:?}");
    assert_eq!(role(&thrown_in_the_class_of_the_static(true)), Some(OomRole::Culprit));
}

#[test]
fn the_json_of_suspects_has_fixed_words() {
    let mut heap = HeapBuilder::hotspot17();
    index(&mut heap, 2000, 1 << 10);
    let snapshot = snapshot(heap);
    let context = Context::new(&snapshot, InspectOptions::default());
    let section = oomph::inspect::find("suspects").unwrap().run(&context).unwrap().section;
    for language in [Language::En, Language::Zh] {
        assert_eq!(json::section(&section, language)["suspects"][0]["kind"], "leak");
    }
    let whole = json::report(&report_of(&snapshot), Language::En);
    assert_eq!(
        (&whole["suspects"][0]["kind"], &whole["suspects"][0]["standing"]),
        (&"leak".into(), &"blamed".into())
    );
}

/// Two partitions of a grid with the records of a map each, which only fields of the grid lead to.
#[test]
fn the_inside_of_a_grid_is_told_by_the_name_of_the_map() {
    let titles = |maps: [&str; 2]| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let base = heap.class("com.hazelcast.map.impl.recordstore.AbstractRecordStore").loader(loader);
        let base = base.field("name", Kind::Ref).field("storage", Kind::Ref).build();
        let store = heap.class("com.hazelcast.map.impl.recordstore.DefaultRecordStore").loader(loader);
        let store = store.extends(base).build();
        let partition = heap.class("com.hazelcast.map.impl.PartitionContainer").loader(loader);
        let partition = partition.field("maps", Kind::Ref).build();
        let partitions = maps.map(|map| {
            let records: Vec<Addr> = (0..300).map(|_| bytes(&mut heap, 4 << 10)).collect();
            let records = heap.object_array("java.lang.Object[]", &records);
            let name = heap.string(map);
            let fields = [("name", Value::Ref(name)), ("storage", Value::Ref(records))];
            let store = heap.instance_with(store, &fields);
            let maps = heap.array_list(&[store]);
            heap.instance(partition, &[Value::Ref(maps)])
        });
        let partitions = heap.object_array("com.hazelcast.map.impl.PartitionContainer[]", &partitions);
        let service = heap.class("com.hazelcast.map.impl.MapServiceContextImpl").loader(loader);
        service.static_field("partitionContainers", Value::Ref(partitions)).sticky().build();
        let title = judge(heap).suspects.remove(0).title;
        Language::En.text(&title)
    };
    // With the field, as every title has it.
    assert_eq!(
        titles(["sessions", "sessions"]),
        "Hazelcast map sessions, held by com.hazelcast.map.impl.recordstore.AbstractRecordStore.storage"
    );
    assert!(!titles(["sessions", "prices"]).starts_with("Hazelcast map"));
}

/// A cache of the application's own with a field for its limit, of which so many entries were removed so far.
fn own_cache(field: &str, limit: i32, entries: usize, removed: i32) -> Standing {
    let mut heap = HeapBuilder::hotspot17();
    let images = payload(&mut heap, "com.acme.Image", entries, 2 << 10);
    let images: Vec<(Addr, Addr)> = (0..).zip(images).map(|(n, image)| (heap.boxed_int(n), image)).collect();
    let map = heap.hash_map(&images);
    heap.set_field(map, "modCount", Value::Int(i32::try_from(entries).unwrap() + 2 * removed));
    let cache = heap.app_class("com.acme.ThumbnailCache").field(field, Kind::Int).field("entries", Kind::Ref);
    let cache = cache.build();
    let cache = heap.instance(cache, &[Value::Int(limit), Value::Ref(map)]);
    held_by_static(&mut heap, "com.acme.Images", "CACHE", cache);
    judge(heap).suspects[0].standing
}

#[test]
fn a_cache_of_the_applications_own_at_its_limit_is_as_large_as_it_is_meant_to_be() {
    assert_eq!(own_cache("maxEntries", 2000, 2000, 700), Standing::Meant);
    assert_eq!(own_cache("maxEntries", 2000, 1950, 7000), Standing::Meant);
    // Far from the limit it may still grow for long, and above it the number limits something else.
    assert_eq!(own_cache("maxEntries", 1_000_000, 2000, 7000), Standing::Blamed);
    assert_eq!(own_cache("maxEntries", 100, 2000, 7000), Standing::Blamed);
}

/// What counts the most that there were so far, or the last number that was given, is as many as there are where nothing is ever removed.
#[test]
fn a_number_that_follows_a_leak_is_no_limit_of_it() {
    assert_eq!(own_cache("maxSize", 2000, 2000, 0), Standing::Blamed);
    assert_eq!(own_cache("max", 2000, 2000, 0), Standing::Blamed);
    assert_eq!(own_cache("max", 2000, 2000, 700), Standing::Blamed, "the largest of what?");
    // A few are taken out of a leak as well.
    assert_eq!(own_cache("maxSize", 2000, 2000, 7), Standing::Blamed);
    assert_eq!(own_cache("maxSize", 2000, 1990, 700), Standing::Blamed, "what was there once");
}

/// A cache of 2,000 images in a heap of that limit, in the field of an object with that field.
fn cache_with(field: &str, number: i32, limit_bytes: i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM")
        .static_field("directMemory", Value::Long(limit_bytes))
        .sticky()
        .build();
    let images = payload(&mut heap, "com.acme.Image", 2000, 2 << 10);
    let images: Vec<(Addr, Addr)> = (0..).zip(images).map(|(n, image)| (heap.boxed_int(n), image)).collect();
    let map = heap.hash_map(&images);
    let cache = heap.app_class("com.acme.Tiles").field(field, Kind::Int).field("tiles", Kind::Ref).build();
    let cache = heap.instance(cache, &[Value::Int(number), Value::Ref(map)]);
    held_by_static(&mut heap, "com.acme.Map", "CACHE", cache);
    judge(heap)
}

#[test]
fn what_has_room_left_by_its_own_code_is_only_large() {
    let report = cache_with("limit", 6000, 64 << 20);
    let first = &report.suspects[0];
    assert_eq!((first.standing, first.holder.label().as_str()), (Standing::Largest, "com.acme.Tiles.tiles"));
    assert_eq!(ids(&first.advice), ["suspect-own-limit", "suspect-advice-ordinary"]);
    let said = english(&report.verdict.sentences);
    assert!(report.verdict.healthy && said.contains("Tiles.limit is 6,000, and it has 2,000"), "{said}");
    for (field, number, limit_bytes, why) in [
        ("limit", 1500, 64 << 20, "there are more"),
        ("limit", 8000, 64 << 20, "full it would take a quarter of the heap"),
        ("limit", 6000, 4_800_000, "it has filled the heap"),
        ("next", 6000, 64 << 20, "no limit by its name"),
        ("max", 6000, 64 << 20, "the largest of what?"),
    ] {
        let report = cache_with(field, number, limit_bytes);
        assert_eq!(report.suspects[0].standing, Standing::Blamed, "{why}");
    }
}

/// Loaders of which each has defined one class, of the name that `name_of` gives.
fn loaders(name_of: impl Fn(usize) -> String) -> Vec<String> {
    let mut heap = HeapBuilder::hotspot17();
    let base = heap.class_named("java.lang.ClassLoader");
    let loader = heap.app_class("lang.PieceLoader").extends(base).field("classes", Kind::Ref).build();
    let loaders: Vec<Addr> = (0..40)
        .map(|number| {
            let one = heap.instance_with(loader, &[]);
            let class = heap.class(&name_of(number)).loader(one).build();
            let classes = heap.array_list(&[class.address()]);
            heap.set_field(one, "classes", Value::Ref(classes));
            one
        })
        .collect();
    let loaders = heap.array_list(&loaders);
    held_by_static(&mut heap, "com.acme.Pieces", "ALL", loaders);
    judge(heap).findings.into_iter().map(|finding| finding.id).collect()
}

#[test]
fn loaders_are_too_many_if_they_define_the_same_classes() {
    let leak = "java.class-loader-leak".to_owned();
    assert!(loaders(|_| "com.acme.PlugIn".to_owned()).contains(&leak));
    // A language that makes a loader for each piece of code.
    assert!(!loaders(|number| format!("shop.core$fn__{number}")).contains(&leak));
}

/// A listener of each version of a plug-in, whose class leads to the loader: no field of anybody refers to one.
#[test]
fn loaders_that_only_listeners_lead_to_are_told_by_who_has_the_listeners() {
    let mut heap = HeapBuilder::hotspot17();
    let base = heap.class_named("java.lang.ClassLoader");
    let loader = heap.app_class("org.pf4j.PluginClassLoader").extends(base);
    let loader = loader.field("classes", Kind::Ref).build();
    let listeners: Vec<Addr> = (0..40)
        .map(|number| {
            let one = heap.instance_with(loader, &[]);
            let rates = bytes(&mut heap, 200_000);
            let plugin =
                heap.class("com.acme.TaxPlugin").loader(one).static_field("RATES", Value::Ref(rates)).build();
            let classes = heap.array_list(&[plugin.address()]);
            heap.set_field(one, "classes", Value::Ref(classes));
            let lambda =
                heap.class(&format!("com.acme.TaxPlugin$$Lambda+0x{number:016x}")).loader(one).build();
            heap.instance(lambda, &[])
        })
        .collect();
    let listeners = heap.array_list(&listeners);
    held_by_static(&mut heap, "com.acme.Board", "LISTENERS", listeners);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.standing, first.instances), (Standing::Blamed, 40), "{first:?}");
    let told = english(&report.verdict.sentences);
    assert!(told.contains("40 class loaders") && told.contains("com.acme.Board.LISTENERS"), "{told}");
}

#[test]
fn what_several_threads_hold_in_one_method_names_no_single_thread() {
    let mut heap = HeapBuilder::hotspot17();
    let app = heap.app_class("com.acme.Export").sticky().build();
    for number in 1..=3 {
        let rows = payload(&mut heap, "com.acme.Row", 400, 2 << 10);
        let rows = heap.array_list(&rows);
        let thread = heap.thread(&format!("exec-{number}"));
        thread.frame(app, "lines", "()V", "Export.java", 9).local(rows).build();
    }
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.kind, SuspectKind::Load);
    let title = Language::En.text(&first.title);
    assert!(title.ends_with("com.acme.Export.lines(Export.java:9) in 3 threads exec-*"), "{title}");
}

#[test]
fn numbers_in_what_a_rule_says_have_separators_and_units_but_for_names() {
    let rule = r#"
schema = "oomph/rules/1"
[[rule]]
id = "acme.ring"
severity = "warning"
class = "com.acme.Ring"
describe = ["slots = bufferSize", "port", "room = bytes(room)", "version"]
title.en = "A ring of {bufferSize} slots at {port}"
title.zh = "环 {bufferSize} {port}"
[[rule.advice]]
en = "x"
zh = "x"
"#;
    let rules = std::sync::Arc::new(RuleSet::parse(rule, "rule.toml").unwrap());
    let mut heap = HeapBuilder::hotspot17();
    let ring = heap.app_class("com.acme.Ring").field("bufferSize", Kind::Int);
    let ring = ring.field("port", Kind::Int).field("room", Kind::Long).field("version", Kind::Float);
    let values = [Value::Int(65_536), Value::Int(9010), Value::Long(3 << 20), Value::Float(1.4)];
    let ring = ring.build();
    let ring = heap.instance(ring, &values);
    held_by_static(&mut heap, "com.acme.App", "RING", ring);
    let snapshot = snapshot(heap);
    let context =
        Context::new(&snapshot, InspectOptions::default()).with_rules(std::sync::Arc::clone(&rules));
    let finding = rules.run(&context).unwrap().remove(0);
    assert_eq!(Language::En.text(&finding.title), "A ring of 65,536 slots at 9010");
    assert_eq!(
        Language::En.text(&finding.evidence[0]),
        "slots=65,536, port=9010, room=3.00 MiB, version=1.4"
    );
}

/// Consumers of an event bus stand in a sequence for each address.
#[test]
fn consumers_of_an_event_bus_that_are_never_unregistered_are_told_by_their_rule() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let class = |heap: &mut HeapBuilder, name: &str, field: &str| {
        heap.class(name).loader(loader).field(field, Kind::Ref).build()
    };
    let holder = class(&mut heap, "io.vertx.core.eventbus.impl.HandlerHolder", "handler");
    let registration = heap.class("io.vertx.core.eventbus.impl.HandlerRegistration").loader(loader);
    let registration = registration.field("address", Kind::Ref).field("handler", Kind::Ref).build();
    let sequence = class(&mut heap, "io.vertx.core.impl.utils.ConcurrentCyclicSequence", "elements");
    let bus = class(&mut heap, "io.vertx.core.eventbus.impl.EventBusImpl", "handlerMap");
    let by_address: Vec<(Addr, Addr)> = (0..4)
        .map(|number| {
            let views = payload(&mut heap, "com.acme.View", 300, 2 << 10);
            let address = heap.string(&format!("quotes.{number}"));
            let holders: Vec<Addr> = views
                .iter()
                .map(|&view| {
                    let consumer = heap.instance(registration, &[Value::Ref(address), Value::Ref(view)]);
                    heap.instance(holder, &[Value::Ref(consumer)])
                })
                .collect();
            let holders = heap.object_array("java.lang.Object[]", &holders);
            (address, heap.instance(sequence, &[Value::Ref(holders)]))
        })
        .collect();
    let map = heap.concurrent_hash_map(&by_address);
    let bus = heap.instance(bus, &[Value::Ref(map)]);
    held_by_static(&mut heap, "com.acme.Feed", "BUS", bus);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.standing, first.rule.as_deref()), (Standing::Blamed, Some("vertx.consumers")));
    assert_eq!(first.holder.label(), "com.acme.Feed.BUS");
}

/// Scripts that were compiled one by one have a class each: they are told by what they have in common.
#[test]
fn objects_of_which_each_has_a_class_of_its_own_are_told_by_their_super_class() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let script = heap.class("groovy.lang.Script").loader(loader).field("binding", Kind::Ref).build();
    let scripts: Vec<(Addr, Addr)> = (1..=400)
        .map(|number| {
            let class = heap.app_class(&format!("Script{number}")).extends(script).build();
            let binding = bytes(&mut heap, 4 << 10);
            (heap.boxed_int(number), heap.instance(class, &[Value::Ref(binding)]))
        })
        .collect();
    let compiled = heap.hash_map(&scripts);
    held_by_static(&mut heap, "com.acme.Pricing", "COMPILED", compiled);
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "groovy.scripts").unwrap();
    assert_eq!((finding.class.as_deref(), finding.count), (Some("groovy.lang.Script"), 400));
    let title = Language::En.text(&report.suspects[0].title);
    assert_eq!(
        title,
        "400 Groovy scripts, each with a class and loader of its own, held by com.acme.Pricing.COMPILED"
    );
}

/// The largest holder is the largest, also where the application's own comes first among the suspects.
#[test]
fn the_largest_holder_is_the_one_that_holds_most() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let texts: Vec<Addr> = (0..10).map(|_| bytes(&mut heap, 60 << 10)).collect();
    let texts = heap.array_list(&texts);
    let bundles = heap.class("org.apache.tomcat.util.res.StringManager").loader(loader);
    bundles.static_field("managers", Value::Ref(texts)).sticky().build();
    let orders = payload(&mut heap, "com.acme.Order", 10, 50 << 10);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Shop", "OPEN", orders);
    let report = judge(heap);
    assert!(report.verdict.healthy && report.suspects.len() == 2);
    let most = report.suspects.iter().map(|suspect| suspect.retained_bytes).max().unwrap();
    assert!(report.suspects[0].retained_bytes < most, "the application's own comes first");
    let told = report.verdict.sentences.iter().find_map(|sentence| match sentence {
        Text::Message { id, args } if id.starts_with("verdict-largest") => Some(args["size"].clone()),
        _ => None,
    });
    assert_eq!(told, Some(oomph::report::Arg::Bytes(most)));
}

/// Who holds something is proven or not; a layout of objects and garbage have no holder.
#[test]
fn only_what_has_a_holder_is_told_how_sure_the_holder_is() {
    let page = |report: &Report| html::render(report, &HtmlOptions::default());
    let holders = ["holder proven", "holder likely", "holder guessed"];
    let mut heap = HeapBuilder::hotspot17();
    payload(&mut heap, "com.acme.Order", 2000, 2 << 10);
    let garbage = judge(heap);
    assert!(garbage.suspects.iter().all(|suspect| suspect.kind == SuspectKind::Garbage));
    assert!(!garbage.suspects.is_empty());
    let words = page(&garbage);
    assert!(!holders.iter().any(|holder| words.contains(holder)) && words.contains("an estimate"));
    let mut heap = HeapBuilder::hotspot17();
    let orders = payload(&mut heap, "com.acme.Order", 2000, 2 << 10);
    let orders = heap.array_list(&orders);
    held_by_static(&mut heap, "com.acme.Shop", "OPEN", orders);
    assert!(page(&judge(heap)).contains(holders[0]));
}

/// A map that evicts within something that a rule of the library finds too much: its limit is what has to be lowered.
#[test]
fn a_limit_that_a_rule_finds_too_high_is_to_blame() {
    let mut heap = HeapBuilder::hotspot17();
    let hash_map = heap.jdk_class("java.util.HashMap");
    let linked = heap.class("java.util.LinkedHashMap").extends(hash_map);
    let linked = linked.field("accessOrder", Kind::Boolean).build();
    let lru = heap.app_class("com.alibaba.druid.stat.JdbcDataSourceStat$1").extends(linked).build();
    let entries: Vec<_> = (0..)
        .zip(payload(&mut heap, "com.alibaba.druid.stat.JdbcSqlStat", 3000, 1000))
        .map(|(n, statement)| (heap.boxed_int(n), statement))
        .collect();
    let fields = [("accessOrder", Value::Boolean(false)), ("modCount", Value::Int(9000))];
    let map = heap.hash_map_of(lru, &entries, &fields);
    let fields = [("sqlStatMap", Kind::Ref, Value::Ref(map))];
    let stat = library_object(&mut heap, "com.alibaba.druid.stat.JdbcDataSourceStat", &fields);
    held_by_static(&mut heap, "com.acme.Dao", "STAT", stat);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.rule.as_deref(), first.standing), (Some("druid.sql-stat"), Standing::Blamed));
}

/// A tree whose nodes have arrays of just as many places as they have children, as those have that are copied for each new child.
#[test]
fn a_full_array_that_its_owner_counts_can_grow() {
    let standing = |field: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let events = payload(&mut heap, "com.acme.Event", 2048, 2000);
        let items = heap.object_array("com.acme.Event[]", &events);
        let log = heap.app_class("com.acme.Log").field("items", Kind::Ref).field(field, Kind::Int).build();
        let log = heap.instance(log, &[Value::Ref(items), Value::Int(2048)]);
        held_by_static(&mut heap, "com.acme.App", "LOG", log);
        judge(heap).suspects[0].standing
    };
    assert_eq!(standing("size"), Standing::Blamed, "a list that is full at the moment");
    assert_eq!(standing("next"), Standing::Largest, "a ring");
}

#[test]
fn a_full_array_of_one_of_many_nodes_can_grow() {
    let cannot_grow = |nodes: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let node = heap.app_class("com.acme.Node").field("child", Kind::Ref).field("word", Kind::Ref).build();
        let leaves: Vec<Addr> = (0..2000)
            .map(|_| {
                let word = bytes(&mut heap, 2000);
                heap.instance(node, &[Value::Ref(Addr::NULL), Value::Ref(word)])
            })
            .take(nodes)
            .collect();
        let words: Vec<Addr> = (0..2000).map(|_| bytes(&mut heap, 2000)).collect();
        let all = if nodes > 1 { leaves } else { words };
        let child = heap.object_array("java.lang.Object[]", &all);
        let root = heap.instance(node, &[Value::Ref(child), Value::Ref(Addr::NULL)]);
        held_by_static(&mut heap, "com.acme.Dictionary", "ROOT", root);
        let first = judge(heap).suspects.remove(0);
        let field = if nodes > 1 { "ROOT" } else { "child" };
        assert_eq!(first.holder.field.as_deref(), Some(field), "{first:?}");
        first.standing == Standing::Largest
    };
    assert!(!cannot_grow(2000), "a node of a tree");
    assert!(cannot_grow(1), "a table");
}

/// A table that was filled when the service started has none of the objects that were made last; what grows has.
#[test]
fn what_has_nothing_young_seems_not_to_have_grown_lately() {
    // So many of them beside each piece of the garbage at the end, which is a quarter of all.
    let told_of = |late: usize, garbage: usize, at_last: usize, per_list: usize, is_filler: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let made = |heap: &mut HeapBuilder| match is_filler {
            true => heap.primitive_array(PrimitiveArray::Int(vec![0; 500])),
            false => bytes(heap, 2000),
        };
        let class = heap.app_class("com.acme.Article").field("data", Kind::Ref).build();
        let make = |heap: &mut HeapBuilder| {
            let data = bytes(heap, 2000);
            heap.instance(class, &[Value::Ref(data)])
        };
        let mut articles: Vec<Addr> = (0..2000).map(|_| make(&mut heap)).collect();
        // What is made now lies elsewhere.
        heap.gap(1 << 20);
        for at in 0..garbage {
            made(&mut heap);
            if at * late / garbage < (at + 1) * late / garbage {
                articles.push(make(&mut heap));
            }
        }
        heap.gap(1 << 18);
        for _ in 0..garbage / 4 {
            made(&mut heap);
            articles.extend((0..at_last).map(|_| make(&mut heap)));
        }
        if per_list > 0 {
            articles = articles.chunks(per_list).map(|some| heap.array_list(some)).collect();
        }
        let articles = heap.array_list(&articles);
        held_by_static(&mut heap, "com.acme.Catalogue", "ALL", articles);
        let report = judge(heap);
        english(&report.verdict.sentences).contains("It seems not to have grown since the last collection")
    };
    let told_with = |late, garbage, at_last| told_of(late, garbage, at_last, 0, false);
    let told = |late: usize, garbage: usize| told_with(late, garbage, 0);
    assert!(told(0, 1000));
    assert!(!told_with(0, 1000, 3), "where it grows there is more of it than of garbage");
    // The lists are old, what was added to them is not.
    assert!(!told_of(0, 1000, 3, 30, false), "those in lists are young");
    assert!(!told_of(0, 1000, 0, 0, true), "with such the virtual machine fills memory");
    assert!(!told(5, 1000), "five are young");
    assert!(!told(0, 100), "too little was made since");
}

/// Factories that were made again and again, in a heap that may take so many bytes.
fn factories(limit: i64) -> String {
    let mut heap = heap_of(limit);
    let made = payload(&mut heap, "org.apache.activemq.ActiveMQConnectionFactory", 3000, 1000);
    let made = heap.array_list(&made);
    held_by_static(&mut heap, "com.acme.Queues", "MADE", made);
    let report = judge(heap);
    assert!(!report.suspects[0].is_leak_if_it_grows());
    english(&report.verdict.sentences)
}

#[test]
fn how_much_room_a_leak_has_left_is_told() {
    let said = factories(64 << 20);
    assert!(said.contains("The heap is not full yet: what is in use is 4."), "{said}");
    assert!(said.contains("% of about 64.0 MiB that it may take."), "{said}");
    let said = factories(4 << 20);
    assert!(!said.contains("not full yet"), "{said}");
}
