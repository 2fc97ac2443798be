//! What fills the memory, by the name that its owner knows, and its holder by a field that somebody can look up.

use crate::known_by_rules::reference;
use crate::{bytes, english, held_by_static, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

fn number(name: &str, number: i32) -> (&str, Kind, Value) {
    (name, Kind::Int, Value::Int(number))
}

fn verdict(report: &Report) -> String {
    english(&report.verdict.sentences)
}

/// So many channels, to each of which its inner object, which the thread of the loop has, refers back.
fn channels(count: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let key = heap.string("in.flight");
    let key = library_object(&mut heap, "io.netty.util.AttributeKey", &[reference("name", key)]);
    let attribute = heap.class("io.netty.util.DefaultAttributeMap$DefaultAttribute").loader(loader);
    let attribute = attribute.field("key", Kind::Ref).field("value", Kind::Ref).build();
    let map = heap.class("io.netty.util.DefaultAttributeMap").loader(loader);
    let map = map.field("attributes", Kind::Ref).build();
    let channel = heap.class("io.netty.channel.socket.nio.NioSocketChannel").loader(loader).extends(map);
    let channel = channel.build();
    let inner = "io.netty.channel.socket.nio.NioSocketChannel$NioSocketChannelUnsafe";
    let inners: Vec<Addr> = (0..count)
        .map(|_| {
            let frames = payload(&mut heap, "com.acme.Frame", 2000 / count, 1000);
            let frames = heap.array_list(&frames);
            let attribute = heap.instance(attribute, &[Value::Ref(key), Value::Ref(frames)]);
            let attributes = "io.netty.util.DefaultAttributeMap$DefaultAttribute[]";
            let attributes = heap.object_array(attributes, &[attribute]);
            let channel = heap.instance_with(channel, &[("attributes", Value::Ref(attributes))]);
            library_object(&mut heap, inner, &[reference("this$0", channel)])
        })
        .collect();
    let inners = heap.array_list(&inners);
    let handler = "io.netty.channel.nio.NioIoHandler";
    let handler = library_object(&mut heap, handler, &[reference("registrations", inners)]);
    let group = "io.netty.resolver.DefaultAddressResolverGroup";
    held_by_static(&mut heap, group, "INSTANCE", handler);
    judge(heap)
}

#[test]
fn the_outer_object_of_a_librarys_inner_one_is_no_holder() {
    let report = channels(1);
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "io.netty.util.DefaultAttributeMap.attributes");
    let told = verdict(&report);
    assert!(told.contains("1 Netty channel keeps "), "{told}");
    assert!(told.contains(" in its attribute in.flight: 2,000 Frame, held"), "{told}");
    let told = verdict(&channels(8));
    assert!(!told.contains("this$0"), "{told}");
}

/// A map of Hazelcast whose partitions a task that evicts has as well, by the shorter way, or nobody else.
fn grid(by_task: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let policy = heap.jdk_class("java.lang.Enum");
    let policy = heap.class("com.hazelcast.config.EvictionPolicy").loader(loader).extends(policy).build();
    let name = heap.string("NONE");
    let policy = heap.instance_with(policy, &[("name", Value::Ref(name))]);
    let eviction = [reference("evictionPolicy", policy), number("size", i32::MAX)];
    let eviction = library_object(&mut heap, "com.hazelcast.config.EvictionConfig", &eviction);
    let config =
        [reference("evictionConfig", eviction), number("timeToLiveSeconds", 0), number("maxIdleSeconds", 0)];
    let config = library_object(&mut heap, "com.hazelcast.config.MapConfig", &config);
    let container = "com.hazelcast.map.impl.MapContainer";
    let container = library_object(&mut heap, container, &[reference("mapConfig", config)]);
    let name = heap.string("baskets");
    let base = heap.class("com.hazelcast.map.impl.recordstore.AbstractRecordStore").loader(loader);
    let base = base.field("name", Kind::Ref).field("mapContainer", Kind::Ref);
    let base = base.field("storage", Kind::Ref).build();
    let store = heap.class("com.hazelcast.map.impl.recordstore.DefaultRecordStore").loader(loader);
    let store = store.extends(base).build();
    let partitions: Vec<Addr> = (0..40)
        .map(|_| {
            let records = payload(&mut heap, "com.hazelcast.map.impl.record.Record", 50, 1000);
            let table = heap.object_array("java.lang.Object[]", &records);
            let map = "com.hazelcast.internal.util.ConcurrentReferenceHashMap";
            let segment = [number("count", 50), reference("table", table)];
            let segment = library_object(&mut heap, &format!("{map}$Segment"), &segment);
            let segments = heap.object_array(&format!("{map}$Segment[]"), &[segment]);
            let records = library_object(&mut heap, map, &[reference("segments", segments)]);
            let storage = "com.hazelcast.map.impl.recordstore.StorageImpl";
            let storage = library_object(&mut heap, storage, &[reference("records", records)]);
            let fields = [
                ("name", Value::Ref(name)),
                ("mapContainer", Value::Ref(container)),
                ("storage", Value::Ref(storage)),
            ];
            let store = heap.instance_with(store, &fields);
            let maps = heap.concurrent_hash_map(&[(name, store)]);
            library_object(&mut heap, "com.hazelcast.map.impl.PartitionContainer", &[reference("maps", maps)])
        })
        .collect();
    let partitions = heap.object_array("com.hazelcast.map.impl.PartitionContainer[]", &partitions);
    let context = "com.hazelcast.map.impl.MapServiceContextImpl";
    let context = library_object(&mut heap, context, &[reference("partitionContainers", partitions)]);
    let service = "com.hazelcast.map.impl.MapService";
    let service = library_object(&mut heap, service, &[reference("mapServiceContext", context)]);
    let mut instance = vec![reference("service", service)];
    if by_task {
        let task = "com.hazelcast.internal.eviction.ClearExpiredRecordsTask";
        instance
            .push(reference("task", library_object(&mut heap, task, &[reference("containers", partitions)])));
    }
    let instance = library_object(&mut heap, "com.hazelcast.instance.impl.HazelcastInstanceImpl", &instance);
    held_by_static(&mut heap, "com.hazelcast.core.Hazelcast", "INSTANCE", instance);
    judge(heap)
}

#[test]
fn who_keeps_a_map_is_told_and_not_the_task_that_evicts_from_it() {
    for by_task in [true, false] {
        let report = grid(by_task);
        let first = &report.suspects[0];
        let keeper = "com.hazelcast.map.impl.MapServiceContextImpl.partitionContainers";
        assert_eq!(first.holder.label(), keeper, "{by_task}: {first:?}");
        assert_eq!(first.rule.as_deref(), Some("hazelcast.maps"), "{by_task}");
        let told = verdict(&report);
        assert!(told.contains("Hazelcast map baskets, held by"), "{told}");
        assert!(told.contains("There are 2,000 entries in it."), "{told}");
    }
}

/// A timer with so many tasks, of which the first so many were cancelled.
fn timer(tasks: usize, cancelled: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let base =
        heap.class("java.util.TimerTask").field("state", Kind::Int).field("period", Kind::Long).build();
    let expiry = heap.app_class("com.acme.Expiry").extends(base).field("seats", Kind::Ref).build();
    let mut queue: Vec<Addr> = vec![Addr::NULL];
    for at in 0..tasks {
        let state = if at < cancelled { 3 } else { 1 };
        let seats = bytes(&mut heap, 4000);
        let fields = [("state", Value::Int(state)), ("seats", Value::Ref(seats))];
        queue.push(heap.instance_with(expiry, &fields));
    }
    let queue = heap.object_array("java.util.TimerTask[]", &queue);
    let class = heap.class("java.util.TaskQueue").field("queue", Kind::Ref).field("size", Kind::Int).build();
    let size = i32::try_from(tasks).unwrap();
    let queue = heap.instance(class, &[Value::Ref(queue), Value::Int(size)]);
    let class = heap.class("java.util.Timer").field("queue", Kind::Ref).build();
    let timer = heap.instance(class, &[Value::Ref(queue)]);
    let app = one_field(&mut heap, "com.acme.Reservations", "holds", timer);
    held_by_static(&mut heap, "com.acme.App", "ALL", app);
    judge(heap)
}

#[test]
fn tasks_that_were_cancelled_and_are_still_in_their_timer_are_told_first() {
    let report = timer(1200, 1100);
    let told = verdict(&report);
    let expected = "1,200 tasks, 1,100 of which were cancelled, in the queue of a java.util.Timer (com.acme.Expiry), held by com.acme.Reservations.holds";
    assert!(told.contains(expected), "{told}");
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("java.cancelled-timer-tasks"));
    let advice = english(&first.advice[..1]);
    assert!(advice.contains("Timer.purge()"), "{advice}");
    assert!(report.findings.iter().all(|finding| finding.id != "java.timer"), "{:?}", report.findings);
    // Of those that wait nobody has cancelled most.
    for cancelled in [0, 500] {
        let report = timer(1200, cancelled);
        assert_eq!(report.suspects[0].rule.as_deref(), Some("java.timer"), "{cancelled}");
        assert!(!verdict(&report).contains("cancelled,"), "{}", verdict(&report));
        let example = english(&report.suspects[0].examples);
        assert!(example.contains(&format!("cancelled={cancelled}")), "{example}");
    }
}

/// A registry with meters of two names; of each a customer or a step as a tag.
fn meters(tag: &str, values: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let base = heap.class("io.micrometer.core.instrument.AbstractMeter").loader(loader);
    let base = base.field("id", Kind::Ref).field("buckets", Kind::Ref).build();
    let timers = heap.class("io.micrometer.core.instrument.cumulative.CumulativeTimer").loader(loader);
    let timers = timers.extends(base).build();
    let counters = heap.class("io.micrometer.core.instrument.cumulative.CumulativeCounter").loader(loader);
    let counters = counters.extends(base).build();
    let names = ["checkout.step", "checkout.bytes"].map(|name| heap.string(name));
    let (key, steps) = (heap.string(tag), heap.string("step"));
    let mut all: Vec<(Addr, Addr)> = Vec::new();
    for at in 0..4000 {
        let tag = |heap: &mut HeapBuilder, key: Addr, value: usize| {
            let value = heap.string(&format!("v{value}"));
            let tag = [reference("key", key), reference("value", value)];
            library_object(heap, "io.micrometer.core.instrument.ImmutableTag", &tag)
        };
        let tags = [tag(&mut heap, key, at % values), tag(&mut heap, steps, at % 3)];
        let tags = heap.object_array("io.micrometer.core.instrument.Tag[]", &tags);
        let tags =
            library_object(&mut heap, "io.micrometer.core.instrument.Tags", &[reference("sortedSet", tags)]);
        let id = [reference("name", names[at % 2]), reference("tags", tags)];
        let id = library_object(&mut heap, "io.micrometer.core.instrument.Meter$Id", &id);
        let buckets = bytes(&mut heap, 500);
        let class = if at % 2 == 0 { timers } else { counters };
        let fields = [("id", Value::Ref(id)), ("buckets", Value::Ref(buckets))];
        all.push((id, heap.instance_with(class, &fields)));
    }
    let map = heap.concurrent_hash_map(&all);
    let base = heap.class("io.micrometer.core.instrument.MeterRegistry").loader(loader);
    let base = base.field("meterMap", Kind::Ref).build();
    let registry = heap.class("io.micrometer.core.instrument.simple.SimpleMeterRegistry").loader(loader);
    let registry = registry.extends(base).build();
    let registry = heap.instance_with(registry, &[("meterMap", Value::Ref(map))]);
    held_by_static(&mut heap, "com.acme.Checkout", "METRICS", registry);
    judge(heap)
}

#[test]
fn meters_of_all_names_are_counted_with_the_tag_that_has_so_many_values() {
    let report = meters("session", 4000);
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("micrometer.tag-explosion"));
    let finding = report.findings.iter().find(|finding| finding.id == "micrometer.tag-explosion").unwrap();
    let title = english(std::slice::from_ref(&finding.title));
    assert!(title.starts_with("4,000 meters of the names checkout."), "{title}");
    let advice = english(&first.advice);
    assert!(advice.contains("The tag of which there are most values is session"), "{advice}");
    // Few values of each tag: it is something else that there are so many of.
    let advice = english(&meters("shop", 5).suspects[0].advice);
    assert!(!advice.contains("most values"), "{advice}");
}

/// A keyed pool with one idle object for each of its keys.
fn keyed_pool(keys: usize, most: i32) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let sessions = payload(&mut heap, "com.acme.Session", keys, 2000);
    let entries: Vec<(Addr, Addr)> = sessions
        .into_iter()
        .enumerate()
        .map(|(at, session)| {
            let deque = "org.apache.commons.pool2.impl.GenericKeyedObjectPool$ObjectDeque";
            let deque = library_object(&mut heap, deque, &[reference("idleObjects", session)]);
            (heap.string(&format!("tenant-{at}/report")), deque)
        })
        .collect();
    let names: Vec<Addr> = entries.iter().map(|&(name, _)| name).collect();
    let (map, list) = (heap.concurrent_hash_map(&entries), heap.array_list(&names));
    let factory = payload(&mut heap, "com.acme.Sessions", 1, 8)[0];
    let total = i32::try_from(keys).unwrap();
    let pool = [
        reference("poolMap", map),
        reference("poolKeyList", list),
        reference("factory", factory),
        number("maxTotal", most),
        number("numTotal", total),
        ("closed", Kind::Boolean, Value::Boolean(false)),
    ];
    let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericKeyedObjectPool", &pool);
    let hub = one_field(&mut heap, "com.acme.Hub", "sessions", pool);
    held_by_static(&mut heap, "com.acme.App", "HUB", hub);
    judge(heap)
}

#[test]
fn a_keyed_pool_is_told_with_its_keys() {
    let report = keyed_pool(1500, -1);
    let told = verdict(&report);
    let expected = "Keyed object pool with 1,500 keys and 1,500 objects, held by com.acme.Hub.sessions";
    assert!(told.contains(expected), "{told}");
    let advice = english(&report.suspects[0].advice);
    assert!(advice.contains("setMaxTotal") && advice.contains("setTimeBetweenEvictionRuns"), "{advice}");
    let example = english(&report.suspects[0].examples);
    assert!(example.contains("key=tenant-*/report"), "{example}");
    // With a limit that holds it is as large as it is meant to be.
    let bounded = keyed_pool(1500, 2000);
    assert_eq!(bounded.suspects[0].rule.as_deref(), Some("commons-pool.bounded-keyed-pool"));
    assert!(!verdict(&bounded).contains("Keyed object pool with"), "{}", verdict(&bounded));
}

/// A service with an index that is half of it and more, and an archive with nothing in it that would be told by itself; a lambda has captured the service.
fn service(rest: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let node = heap.app_class("com.acme.Trie").field("sibling", Kind::Ref).field("text", Kind::Ref).build();
    let nodes = (0..4000).fold(Addr::NULL, |next, _| {
        let text = bytes(&mut heap, 500);
        heap.instance(node, &[Value::Ref(next), Value::Ref(text)])
    });
    let suggest = one_field(&mut heap, "com.acme.Suggest", "root", nodes);
    let pages: Vec<Addr> = (0..rest).map(|_| bytes(&mut heap, 1000)).collect();
    let pages = heap.object_array("byte[][]", &pages);
    let search = heap.app_class("com.acme.Search").field("suggest", Kind::Ref).field("pages", Kind::Ref);
    let search = search.build();
    let search = heap.instance(search, &[Value::Ref(suggest), Value::Ref(pages)]);
    let lambda = heap.app_class("com.acme.Search$$Lambda$7").field("arg$1", Kind::Ref).build();
    let lambda = heap.instance(lambda, &[Value::Ref(search)]);
    let contexts = heap.array_list(&[lambda]);
    let server = library_object(&mut heap, "org.lib.Server", &[reference("contexts", contexts)]);
    held_by_static(&mut heap, "org.lib.Servers", "ONE", server);
    judge(heap)
}

#[test]
fn an_object_and_what_it_is_full_of_are_one_story() {
    let report = service(1500);
    let told = verdict(&report);
    assert!(!told.contains("Beside it"), "{told}");
    let of_nodes = report.suspects.iter().filter(|suspect| told.contains(&*suspect.class)).count();
    assert!(of_nodes <= 1, "{:?}", report.suspects);
    assert!(told.contains("com.acme.Suggest.root"), "{told}");
}

/// A catalogue with two large fields, to which eight objects of a library lead, and a lambda of the application's.
#[test]
fn a_long_way_through_a_library_is_told_briefly_and_once() {
    let mut heap = HeapBuilder::hotspot17();
    let catalog = heap.app_class("com.acme.Catalog").field("articles", Kind::Ref).field("words", Kind::Ref);
    let catalog = catalog.build();
    let [articles, words] = ["com.acme.Article", "com.acme.Word"].map(|class| {
        let all = payload(&mut heap, class, 2000, 1000);
        heap.array_list(&all)
    });
    let catalog = heap.instance(catalog, &[Value::Ref(articles), Value::Ref(words)]);
    let lambda = heap.app_class("com.acme.Gate$$Lambda$7").field("arg$1", Kind::Ref).build();
    let lambda = heap.instance(lambda, &[Value::Ref(catalog)]);
    let way = (0..8).fold(lambda, |next, at| {
        library_object(&mut heap, &format!("io.vertx.core.Step{at}"), &[reference("next", next)])
    });
    held_by_static(&mut heap, "io.vertx.core.Vertx", "ALL", way);
    let report = judge(heap);
    let text = oomph::render::terminal::report(&report, &oomph::render::terminal::TerminalOptions::default());
    assert!(text.contains("io.vertx.core.Vertx.ALL") && text.contains("... 7 more steps ..."), "{text}");
    assert!(!text.contains("io.vertx.core.Step4"), "{text}");
    assert!(text.contains("... the same 9 steps as for suspect 1 ..."), "{text}");
    let fields = ["com.acme.Catalog.articles", "com.acme.Catalog.words"];
    assert!(fields.iter().all(|field| text.matches(&format!("└ {field}")).count() == 1), "{text}");
}
