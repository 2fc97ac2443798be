//! What several refer to: which of them holds it, and which only knows it, shows it or works with it.

use crate::{bytes, english, held_by_static, ids, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Root, Value};
use oomph::report::{HolderShare, Report, Suspect, SuspectKind};

/// Two repositories of one service have the same objects: the service retains them, and yet nobody can change the field that refers to the service.
#[test]
fn what_two_parts_of_a_service_share_is_held_by_the_fields_of_these() {
    let mut heap = HeapBuilder::hotspot17();
    let products = payload(&mut heap, "com.acme.Product", 1200, 2048);
    let by_id: Vec<(Addr, Addr)> =
        products.iter().zip(1000..).map(|(&product, id)| (heap.boxed_int(id), product)).collect();
    let by_id = heap.hash_map(&by_id);
    let by_sku: Vec<(Addr, Addr)> = products
        .iter()
        .enumerate()
        .map(|(at, &product)| (heap.string(&format!("sku {at}")), product))
        .collect();
    let by_sku = heap.concurrent_hash_map(&by_sku);
    let repository = one_field(&mut heap, "com.acme.Repository", "byId", by_id);
    let prices = one_field(&mut heap, "com.acme.Prices", "bySku", by_sku);
    let service =
        heap.app_class("com.acme.Service").field("repository", Kind::Ref).field("prices", Kind::Ref).build();
    let service = heap.instance(service, &[Value::Ref(repository), Value::Ref(prices)]);
    held_by_static(&mut heap, "com.acme.Main", "SERVICE", service);
    let suspects = judge(heap).suspects;
    let first = &suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Product", 1200));
    let mut holders: Vec<String> = first.holders.iter().map(|share| share.holder.label()).collect();
    holders.sort();
    assert_eq!(holders, ["com.acme.Prices.bySku", "com.acme.Repository.byId"]);
    assert!(first.together_bytes >= 1200 * 2048, "{}", first.together_bytes);
    assert_eq!(suspects.len(), 1, "the map of the products alone is a part of it");
}

/// A pool that has registered itself as a bean is held by whoever has the pool, not by the server of beans.
#[test]
fn what_is_a_bean_besides_is_held_by_the_application() {
    let mut heap = HeapBuilder::hotspot17();
    let records = payload(&mut heap, "com.acme.Record", 400, 4096);
    let records = heap.array_list(&records);
    let producer = library_object(
        &mut heap,
        "org.apache.kafka.Producer",
        &[("records", Kind::Ref, Value::Ref(records))],
    );
    let metric =
        library_object(&mut heap, "org.apache.kafka.Metric", &[("records", Kind::Ref, Value::Ref(records))]);
    let server = heap.class("com.sun.jmx.mbeanserver.JmxMBeanServer").field("beans", Kind::Ref).build();
    let server = heap.instance(server, &[Value::Ref(metric)]);
    let factory = heap.class("java.lang.management.ManagementFactory");
    factory.static_field("platformMBeanServer", Value::Ref(server)).sticky().build();
    let forwarder = one_field(&mut heap, "com.acme.Forwarder", "producer", producer);
    let app = heap.app_class("com.acme.App").sticky().build();
    heap.thread("main").frame(app, "main", "()V", "App.java", 9).local(forwarder).build();
    let first = judge(heap).suspects.remove(0);
    assert_eq!(
        (first.kind, first.holder.label().as_str()),
        (SuspectKind::Leak, "com.acme.Forwarder.producer")
    );
}

/// A service with two parts, one of which has everything: it is that one's.
#[test]
fn what_one_part_of_a_service_has_is_held_by_its_field_alone() {
    let mut heap = HeapBuilder::hotspot17();
    let products = payload(&mut heap, "com.acme.Product", 1200, 2048);
    let list = heap.array_list(&products);
    let some = heap.array_list(&products[..20]);
    let repository = one_field(&mut heap, "com.acme.Repository", "all", list);
    let prices = one_field(&mut heap, "com.acme.Prices", "special", some);
    let service =
        heap.app_class("com.acme.Service").field("repository", Kind::Ref).field("prices", Kind::Ref).build();
    let service = heap.instance(service, &[Value::Ref(repository), Value::Ref(prices)]);
    held_by_static(&mut heap, "com.acme.Main", "SERVICE", service);
    let suspects = judge(heap).suspects;
    assert_eq!(suspects[0].holder.label(), "com.acme.Repository.all");
    assert_eq!(suspects[0].instances, 1200);
    assert_eq!(suspects.len(), 1);
}

/// What a monitor shows of a store, and a few jobs of a long list that somebody has noted: neither is the holder.
#[test]
fn a_view_and_a_note_of_a_few_hold_nothing() {
    let mut heap = HeapBuilder::hotspot17();
    let parcels = payload(&mut heap, "com.acme.Parcel", 1200, 1024);
    let keys: Vec<(Addr, Addr)> =
        parcels.iter().zip(1000..).map(|(&parcel, id)| (heap.boxed_int(id), parcel)).collect();
    let map = heap.hash_map(&keys);
    let view = heap.class("java.util.Collections$UnmodifiableMap").field("m", Kind::Ref).build();
    let view = heap.instance(view, &[Value::Ref(map)]);
    held_by_static(&mut heap, "com.acme.Monitor", "WATCHED", view);
    let store = one_field(&mut heap, "com.acme.ParcelStore", "parcels", map);
    let depot = one_field(&mut heap, "com.acme.Depot", "store", store);
    held_by_static(&mut heap, "com.acme.Main", "DEPOT", depot);
    assert_eq!(judge(heap).suspects[0].holder.label(), "com.acme.ParcelStore.parcels");

    let mut heap = HeapBuilder::hotspot17();
    let job = heap.app_class("com.acme.Job").field("next", Kind::Ref).field("data", Kind::Ref).build();
    let mut jobs = vec![Addr::NULL];
    for _ in 0..4000 {
        let data = bytes(&mut heap, 1000);
        let last = jobs[jobs.len() - 1];
        jobs.push(heap.instance(job, &[Value::Ref(last), Value::Ref(data)]));
    }
    let samples: Vec<Addr> = jobs.iter().skip(60).step_by(400).copied().collect();
    let samples = heap.array_list(&samples);
    let sampler = one_field(&mut heap, "com.acme.Sampler", "samples", samples);
    let queue = one_field(&mut heap, "com.acme.JobQueue", "head", jobs[4000]);
    let mailer =
        heap.app_class("com.acme.Mailer").field("sampler", Kind::Ref).field("queue", Kind::Ref).build();
    let mailer = heap.instance(mailer, &[Value::Ref(sampler), Value::Ref(queue)]);
    held_by_static(&mut heap, "com.acme.Main", "MAILER", mailer);
    assert_eq!(judge(heap).suspects[0].holder.label(), "com.acme.JobQueue.head");
}

/// Several stores of which a monitor has views: each is held by its own field, whatever else is shown.
#[test]
fn views_of_several_stores_hold_none_of_them() {
    let mut heap = HeapBuilder::hotspot17();
    let view = heap.class("java.util.Collections$UnmodifiableMap").field("m", Kind::Ref).build();
    let (mut views, mut stores) = (Vec::new(), Vec::new());
    for name in ["Parcel", "Letter"] {
        let things = payload(&mut heap, &format!("com.acme.{name}"), 1200, 1024);
        let keys: Vec<(Addr, Addr)> =
            things.iter().zip(1000..).map(|(&thing, id)| (heap.boxed_int(id), thing)).collect();
        let map = heap.hash_map(&keys);
        views.push(heap.instance(view, &[Value::Ref(map)]));
        stores.push(one_field(&mut heap, &format!("com.acme.{name}Store"), "all", map));
    }
    held_by_static(&mut heap, "com.acme.Monitor", "PARCELS", views[0]);
    held_by_static(&mut heap, "com.acme.Watch", "LETTERS", views[1]);
    let depot =
        heap.app_class("com.acme.Depot").field("parcels", Kind::Ref).field("letters", Kind::Ref).build();
    let depot = heap.instance(depot, &[Value::Ref(stores[0]), Value::Ref(stores[1])]);
    held_by_static(&mut heap, "com.acme.Main", "DEPOT", depot);
    // Nothing but the view leads to this one.
    let forms = payload(&mut heap, "com.acme.Form", 1200, 1024);
    let list = heap.array_list(&forms);
    let read_only = heap.class("java.util.Collections$UnmodifiableList").field("list", Kind::Ref).build();
    let read_only = heap.instance(read_only, &[Value::Ref(list)]);
    held_by_static(&mut heap, "com.acme.Forms", "ALL", read_only);
    let mut holders: Vec<String> =
        judge(heap).suspects.iter().map(|suspect| suspect.holder.label()).collect();
    holders.sort();
    assert_eq!(holders, ["com.acme.Forms.ALL", "com.acme.LetterStore.all", "com.acme.ParcelStore.all"]);
}

/// Views of auctions in an index, each in the list of one of 25 auctions besides. One auction has a list of something else.
#[test]
fn a_field_of_many_objects_lets_go_in_all_of_them() {
    const AUCTIONS: usize = 25;
    const VIEWS: usize = 3000;
    const DATA: usize = 1200;
    let mut heap = HeapBuilder::hotspot17();
    let views = payload(&mut heap, "com.acme.View", VIEWS, DATA);
    let by_user: Vec<(Addr, Addr)> =
        views.iter().zip(1..).map(|(&view, id)| (heap.boxed_int(id), view)).collect();
    let by_user = heap.hash_map(&by_user);
    held_by_static(&mut heap, "com.acme.Views", "BY_USER", by_user);
    let auction = heap.app_class("com.acme.Auction").field("listeners", Kind::Ref).build();
    let mut auctions: Vec<Addr> = (0..AUCTIONS)
        .map(|number| {
            let of_auction: Vec<Addr> = views.iter().copied().skip(number).step_by(AUCTIONS).collect();
            let list = heap.array_list(&of_auction);
            heap.instance(auction, &[Value::Ref(list)])
        })
        .collect();
    let reports = payload(&mut heap, "com.acme.Report", 40, 10_000);
    let reports = heap.array_list(&reports);
    auctions.push(heap.instance(auction, &[Value::Ref(reports)]));
    let open = heap.array_list(&auctions);
    held_by_static(&mut heap, "com.acme.House", "OPEN", open);
    let first = judge(heap).suspects.remove(0);
    let holders: Vec<String> = first.holders.iter().map(|share| share.holder.label()).collect();
    assert_eq!(holders, ["com.acme.Views.BY_USER", "com.acme.Auction.listeners"]);
    let of_views = (VIEWS * DATA) as u64;
    let together = first.together_bytes;
    assert!((of_views..of_views + 400_000).contains(&together), "{together}: {of_views}");
    // The arrays of all lists, 4 bytes for each view.
    let lists = first.holders[1].alone_bytes;
    assert!((VIEWS as u64 * 4..VIEWS as u64 * 8).contains(&lists), "{lists}");
}

/// The threads of an executor know it, too, by the field that leads from a worker to what it is a part of.
#[test]
fn the_workers_of_an_executor_do_not_hold_its_queue() {
    let mut heap = HeapBuilder::hotspot17();
    let calls = payload(&mut heap, "com.acme.Call", 400, 4 << 10);
    let queued = heap.array_list(&calls);
    let executors =
        heap.class("java.util.concurrent.ThreadPoolExecutor").field("workQueue", Kind::Ref).build();
    let executor = heap.instance(executors, &[Value::Ref(queued)]);
    let workers =
        heap.class("java.util.concurrent.ThreadPoolExecutor$Worker").field("this$0", Kind::Ref).build();
    let gateway = heap.app_class("com.acme.Gateway").field("executor", Kind::Ref).build();
    let gateway = heap.instance(gateway, &[Value::Ref(executor)]);
    held_by_static(&mut heap, "com.acme.App", "GATEWAY", gateway);
    for number in 0..4 {
        let worker = heap.instance(workers, &[Value::Ref(executor)]);
        heap.thread(&format!("gw-{number}"))
            .field("target", Value::Ref(worker))
            .frame(workers, "run", "()V", "ThreadPoolExecutor.java", 635)
            .local(worker)
            .build();
    }
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Gateway.executor");
    assert!(first.holders.is_empty(), "{:?}", first.holders);
}

/// Clients in a map of the application's, each registered as a management bean besides. Several classes of the JDK know the server of beans.
#[test]
fn what_is_registered_one_by_one_is_held_by_the_application_and_the_server_of_beans() {
    let mut heap = HeapBuilder::hotspot17();
    let clients = payload(&mut heap, "com.acme.Client", 1200, 600);
    let by_id: Vec<(Addr, Addr)> =
        clients.iter().zip(1..).map(|(&it, id)| (heap.boxed_int(id), it)).collect();
    let by_id = heap.hash_map(&by_id);
    held_by_static(&mut heap, "com.acme.Registry", "BY_ID", by_id);
    let around = |heap: &mut HeapBuilder, class: &str, field: &str, value: Addr| {
        let class = heap.class(class).field(field, Kind::Ref).build();
        heap.instance(class, &[Value::Ref(value)])
    };
    let support = heap.class("com.sun.jmx.mbeanserver.StandardMBeanSupport").field("resource", Kind::Ref);
    let support = support.build();
    let named = heap.class("com.sun.jmx.mbeanserver.NamedObject").field("name", Kind::Ref);
    let named = named.field("object", Kind::Ref).build();
    let beans: Vec<(Addr, Addr)> = clients
        .iter()
        .map(|&client| {
            let name = heap.string("com.acme:type=Client");
            let bean = heap.instance(support, &[Value::Ref(client)]);
            (heap.boxed_int(1), heap.instance(named, &[Value::Ref(name), Value::Ref(bean)]))
        })
        .collect();
    let beans = heap.hash_map(&beans);
    let domain = heap.string("com.acme");
    let table = heap.hash_map(&[(domain, beans)]);
    let repository = around(&mut heap, "com.sun.jmx.mbeanserver.Repository", "domainTb", table);
    let interceptor = "com.sun.jmx.interceptor.DefaultMBeanServerInterceptor";
    let interceptor = around(&mut heap, interceptor, "repository", repository);
    let server = around(&mut heap, "com.sun.jmx.mbeanserver.JmxMBeanServer", "mbsInterceptor", interceptor);
    for (class, field) in [
        ("java.lang.management.ManagementFactory", "platformMBeanServer"),
        ("javax.management.MBeanServerFactory", "first"),
    ] {
        heap.class(class).static_field(field, Value::Ref(server)).sticky().build();
    }
    let report = judge(heap);
    assert_eq!(report.suspects.len(), 1, "its entries are a part of it");
    let first = &report.suspects[0];
    assert_eq!(
        english(std::slice::from_ref(&first.title)),
        "1,200 Client held by com.acme.Registry.BY_ID and java.lang.management.ManagementFactory.platformMBeanServer"
    );
    assert!(
        first.holders.iter().all(|share| share.alone_bytes * 3 < first.retained_bytes),
        "{:?}",
        first.holders
    );
    assert!(english(&first.advice).contains("do both: unregisterMBean(name)"), "{:?}", report.findings);
    let sentences = english(&report.verdict.sentences);
    assert!(!sentences.contains("MBeans are registered"), "it is told by the suspect: {sentences}");
}

/// A map in one field and, in another, a repository of a library around the same map: what is taken out of the map is gone for both.
#[test]
fn of_one_map_it_is_enough_to_take_out_what_is_in_it() {
    let told = |is_same: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let sessions = payload(&mut heap, "com.acme.Login", 1200, 900);
        let entries: Vec<(Addr, Addr)> = sessions
            .iter()
            .enumerate()
            .map(|(at, &session)| (heap.string(&format!("session {at}")), session))
            .collect();
        let map = heap.concurrent_hash_map(&entries);
        let other = if is_same { map } else { heap.array_list(&sessions) };
        let fields = [("sessions", Kind::Ref, Value::Ref(other))];
        let repository =
            library_object(&mut heap, "org.springframework.session.MapSessionRepository", &fields);
        held_by_static(&mut heap, "com.acme.Store", "SESSIONS", map);
        held_by_static(&mut heap, "com.acme.Filter", "repository", repository);
        let first = judge(heap).suspects.remove(0);
        assert_eq!((first.instances, first.holders.len()), (1200, 2), "{is_same}");
        english(&first.advice)
    };
    let (same, two) = (told(true), told(false));
    assert!(same.contains("All of its holders refer to the same ConcurrentHashMap"), "{same}");
    assert!(!same.contains("remove it from each of them"), "{same}");
    assert!(two.contains("remove it from each of them"), "{two}");
}

/// Subscriptions that what they are to be disposed with has, and what they are subscribed to, which is a library's subject or a list of the application's.
fn subscriptions(subject: &str, subscribers: &str) -> Vec<String> {
    let mut heap = HeapBuilder::hotspot17();
    let screens = payload(&mut heap, "com.acme.Screen$$Lambda$7", 1200, 2048);
    let loader = heap.app_class_loader();
    let observer = heap.class("io.reactivex.rxjava3.internal.observers.LambdaObserver").loader(loader);
    let observer = observer.field("onNext", Kind::Ref).build();
    let observers: Vec<Addr> =
        screens.into_iter().map(|screen| heap.instance(observer, &[Value::Ref(screen)])).collect();
    let keys = heap.object_array("java.lang.Object[]", &observers);
    let set = [("keys", Kind::Ref, Value::Ref(keys)), ("size", Kind::Int, Value::Int(1200))];
    let set = library_object(&mut heap, "io.reactivex.rxjava3.internal.util.OpenHashSet", &set);
    let composite = "io.reactivex.rxjava3.disposables.CompositeDisposable";
    let fields =
        [("resources", Kind::Ref, Value::Ref(set)), ("disposed", Kind::Boolean, Value::Boolean(false))];
    let composite = library_object(&mut heap, composite, &fields);
    held_by_static(&mut heap, "com.acme.Screens", "SUBSCRIPTIONS", composite);
    let all = heap.array_list(&observers);
    let subject = library_object(&mut heap, subject, &[(subscribers, Kind::Ref, Value::Ref(all))]);
    held_by_static(&mut heap, "com.acme.Clock", "TICKS", subject);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holders.len(), 2, "{first:?}");
    assert_eq!(first.rule.as_deref(), Some("rxjava.undisposed"));
    first.advice.iter().map(|text| english(std::slice::from_ref(text))).collect()
}

/// Whoever knows the library knows that one call takes them out of both.
#[test]
fn what_takes_them_out_of_all_that_hold_them_is_the_advice_where_rules_know_all_of_these() {
    let all_let_go = |advice: &[String]| advice.iter().any(|text| text.contains("all of its holders let go"));
    let advice = subscriptions("io.reactivex.rxjava3.subjects.PublishSubject", "subscribers");
    assert!(advice.iter().any(|text| text.contains("dispose()")), "{advice:?}");
    assert!(!all_let_go(&advice), "{advice:?}");
    let advice = subscriptions("com.acme.Board", "shown");
    assert!(all_let_go(&advice), "a board of their own keeps them: {advice:?}");
}

/// The orders of two lists, that native code refers to, too: so many of such a length in each list.
fn in_two_lists(lists: [(usize, usize); 2]) -> Vec<Suspect> {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("com.acme.Order").field("data", Kind::Ref).build();
    let mut handles = (0x7000_0000..).step_by(8).map(Addr);
    let holders = [("com.acme.Shop", "ORDERS"), ("com.acme.Examples", "ALL")];
    for ((count, length), (holder, field)) in lists.into_iter().zip(holders) {
        let orders: Vec<Addr> = (0..count)
            .map(|_| {
                let data = bytes(&mut heap, length);
                let order = heap.instance(class, &[Value::Ref(data)]);
                heap.root(Root::JniGlobal { object: order, handle: handles.next().unwrap() });
                order
            })
            .collect();
        let orders = heap.array_list(&orders);
        held_by_static(&mut heap, holder, field, orders);
    }
    let told = judge(heap).suspects;
    let first = &told[0];
    assert_eq!((first.class.as_str(), first.together_bytes), ("com.acme.Order", 0));
    assert_eq!(first.holder.label(), "com.acme.Shop.ORDERS");
    let is_other = |share: &HolderShare| share.holder.label() == "com.acme.Examples.ALL";
    assert!(first.holders.iter().all(is_other), "{:?}", first.holders);
    told
}

/// Who holds how many of them.
fn of_each(told: &[Suspect]) -> Vec<(String, u64)> {
    told.iter().map(|suspect| (suspect.holder.label(), suspect.instances)).collect()
}

/// What a sample says about others counts by the bytes of it, and from a part on that matters: then each is told with its own.
#[test]
fn who_holds_next_to_nothing_of_it_is_no_holder() {
    let holders = |lists| in_two_lists(lists).remove(0).holders;
    assert_eq!(holders([(600, 4 << 10), (20, 4 << 10)]), []);
    assert_eq!(holders([(600, 4 << 10), (150, 64)]), []);
    let told = in_two_lists([(600, 4 << 10), (150, 4 << 10)]);
    let each = [("com.acme.Shop.ORDERS".to_owned(), 600), ("com.acme.Examples.ALL".to_owned(), 150)];
    assert_eq!((of_each(&told), &told[0].holders[..]), (each.to_vec(), &[][..]));
}

/// The largest ones are a quarter of it and all somebody else's.
#[test]
fn the_largest_of_many_do_not_stand_for_the_others() {
    let told = in_two_lists([(180, 4 << 10), (60, 5 << 10)]);
    let each = [("com.acme.Shop.ORDERS".to_owned(), 180), ("com.acme.Examples.ALL".to_owned(), 60)];
    assert_eq!((of_each(&told), &told[0].holders[..]), (each.to_vec(), &[][..]));
}

/// Who uses two libraries can neither let one of them own what both have nor have the other refer to it weakly.
#[test]
fn what_only_libraries_share_has_no_advice_on_who_should_own_it() {
    let told = |first: &str, second: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let limit = Value::Long(5_200_000);
        heap.class("jdk.internal.misc.VM").static_field("directMemory", limit).sticky().build();
        let rows = payload(&mut heap, "com.acme.Row", 3000, 1600);
        let (one, other) = (heap.array_list(&rows), heap.array_list(&rows));
        held_by_library(&mut heap, first, one);
        held_by_library(&mut heap, second, other);
        let suspect = judge(heap).suspects.remove(0);
        let holders = suspect.holders.iter().map(|share| share.holder.label()).collect::<Vec<_>>();
        (holders, english(&suspect.advice).contains("refer to it weakly"))
    };
    let (holders, is_advised) = told("org.hibernate.Rows", "org.apache.kafka.Results");
    assert_eq!((holders.len(), is_advised), (2, false), "{holders:?}");
    let (holders, is_advised) = told("org.hibernate.Rows", "com.acme.Results");
    assert_eq!((holders.len(), is_advised), (2, true), "{holders:?}");
}

fn held_by_library(heap: &mut HeapBuilder, class: &str, value: Addr) {
    let loader = heap.app_class_loader();
    heap.class(class).loader(loader).static_field("KEPT", Value::Ref(value)).sticky().build();
}

/// A tracer with spans that refer to it, one of which a thread is at work at, in two fields.
fn tracer(class: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let tracer = heap.class(class).loader(loader).field("finishedSpans", Kind::Ref).build();
    let tracer = heap.instance_with(tracer, &[]);
    let span = heap.class("io.opentracing.mock.MockSpan").loader(loader);
    let span = span.field("mockTracer", Kind::Ref).field("tags", Kind::Ref).build();
    let spans: Vec<Addr> = (0..1500)
        .map(|_| {
            let tags = bytes(&mut heap, 2000);
            heap.instance(span, &[Value::Ref(tracer), Value::Ref(tags)])
        })
        .collect();
    let finished = heap.array_list(&spans[1..]);
    heap.set_field(tracer, "finishedSpans", Value::Ref(finished));
    held_by_static(&mut heap, "com.acme.Service", "TRACER", tracer);
    let payments = one_field(&mut heap, "com.acme.Payments", "tracer", tracer);
    held_by_static(&mut heap, "com.acme.Service2", "PAYMENTS", payments);
    let scope = [("wrapped", Kind::Ref, Value::Ref(spans[0]))];
    let scope = library_object(&mut heap, "io.opentracing.util.ThreadLocalScope", &scope);
    held_by_static(&mut heap, "com.acme.Scopes", "CURRENT", scope);
    judge(heap)
}

#[test]
fn who_works_at_an_element_that_refers_back_holds_nothing() {
    let report = tracer("io.opentracing.other.Tracer");
    let first = &report.suspects[0];
    let title = english(std::slice::from_ref(&first.title));
    assert!(title.starts_with("One Tracer with 1,499 MockSpan held by com.acme."), "{title}");
    let mut holders: Vec<String> = first.holders.iter().map(|share| share.holder.label()).collect();
    holders.sort();
    assert_eq!(holders, ["com.acme.Payments.tracer", "com.acme.Service.TRACER"]);
    assert!(first.together_bytes >= 1400 * 2000, "{}", first.together_bytes);
    let advice = ids(&first.advice);
    assert!(!advice.contains(&"suspect-advice-shared"), "nobody removes a service: {advice:?}");
}

#[test]
fn spans_that_a_tracer_for_tests_keeps_are_told() {
    let report = tracer("io.opentracing.mock.MockTracer");
    let first = &report.suspects[0];
    assert_eq!(first.rule.as_deref(), Some("opentracing.mock-tracer"));
    let said = english(&report.verdict.sentences);
    assert!(said.contains("1,499 finished spans"), "{said}");
}
