//! What is said of stores of libraries that nobody empties: the rule, what the suspect is called, and what is told of it.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{OomRole, Report, Standing, SuspectKind};

/// Entries of a map, each of them with half a KiB.
fn map_of_entries(heap: &mut HeapBuilder, count: usize) -> Addr {
    let entries = payload(heap, "com.acme.Entry", count, 512);
    let entries: Vec<(Addr, Addr)> = entries.into_iter().map(|entry| (entry, entry)).collect();
    heap.concurrent_hash_map(&entries)
}

fn has(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|finding| finding.id == rule)
}

/// Stores that are a map in an object, some of them by way of another object: the rule, the class, and the fields on the way to the map, with the class that
/// declares them below the first.
#[test]
fn a_store_with_more_than_its_library_is_meant_for_is_told() {
    for (rule, class, fields) in [
        ("camel.many-routes", "org.apache.camel.impl.engine.AbstractCamelContext", &["routes"][..]),
        (
            "spring.message-groups",
            "org.springframework.integration.store.SimpleMessageStore",
            &["groupIdToMessageGroup"],
        ),
        ("prometheus.label-explosion", "io.prometheus.metrics.core.metrics.StatefulMetric", &["data"]),
        ("prometheus.label-explosion", "io.prometheus.client.SimpleCollector", &["children"]),
        (
            "dataloader.kept-cache",
            "org.dataloader.DataLoader",
            &["futureCache", "org.dataloader.impl.DefaultCacheMap.cache"],
        ),
        ("freemarker.string-templates", "freemarker.cache.StringTemplateLoader", &["templates"]),
        ("ktor.sessions", "io.ktor.server.sessions.SessionStorageMemory", &["sessions"]),
        ("moquette.session-queue", "io.moquette.broker.InMemoryQueue", &["queue"]),
        ("camel.seda-backlog", "org.apache.camel.component.seda.SedaEndpoint", &["queue"]),
        (
            "langchain4j.embedding-store",
            "dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore",
            &["entries"],
        ),
        (
            "java.logging-handlers",
            "java.util.logging.Logger",
            &["config", "java.util.logging.Logger$ConfigurationData.handlers"],
        ),
    ] {
        let judged = |count: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let map = map_of_entries(&mut heap, count);
            let (first, inner) = fields.split_first().unwrap();
            let below = inner.iter().rev().fold(map, |value, place| {
                let (class, field) = place.rsplit_once('.').unwrap();
                library_object(&mut heap, class, &[(field, Kind::Ref, Value::Ref(value))])
            });
            let store = library_object(&mut heap, class, &[(first, Kind::Ref, Value::Ref(below))]);
            held_by_static(&mut heap, "com.acme.App", "STORE", store);
            judge(heap)
        };
        let report = judged(6000);
        assert!(has(&report, rule), "{rule}");
        assert_eq!(report.suspects[0].rule.as_deref(), Some(rule));
        assert!(!has(&judged(40), rule), "{rule}");
    }
}

/// Clients and caches of which one is enough.
#[test]
fn what_is_started_again_and_again_is_told() {
    for (rule, class, state) in [
        ("sshd.repeated-client", "org.apache.sshd.client.SshClient", ("started", true)),
        ("curator.unclosed-caches", "org.apache.curator.framework.recipes.cache.NodeCache", ("state", false)),
    ] {
        let found = |count: usize, is_open: bool| {
            let mut heap = HeapBuilder::hotspot17();
            let path = heap.string("/limits");
            let enums = heap.class("org.lib.State").field("name", Kind::Ref).build();
            let name = heap.string(if is_open { "STARTED" } else { "CLOSED" });
            let named = heap.instance(enums, &[Value::Ref(name)]);
            let (field, is_flag) = state;
            let (kind, value) = if is_flag {
                (Kind::Boolean, Value::Boolean(is_open))
            } else {
                (Kind::Ref, Value::Ref(name))
            };
            let all: Vec<Addr> = (0..count)
                .map(|_| {
                    library_object(
                        &mut heap,
                        class,
                        &[(field, kind, value), ("path", Kind::Ref, Value::Ref(path))],
                    )
                })
                .collect();
            let all = heap.array_list(&all);
            held_by_static(&mut heap, "com.acme.App", "ALL", all);
            held_by_static(&mut heap, "com.acme.States", "ONE", named);
            has(&judge(heap), rule)
        };
        assert!(found(60, true), "{rule}");
        assert!(!found(3, true) && !found(60, false), "{rule}");
    }
}

/// An actor with children: the root of the red-black tree of them is black, which Scala notes in the sign of its count, or in a field of its own.
#[test]
fn an_actor_whose_children_are_never_stopped_is_told_by_its_name() {
    // The class of the tree, its field for the count, whether that has the colour in its sign, and the field of the map for the tree.
    let versions = [
        // Scala 2.13.3 and later.
        ("RedBlackTree$Tree", "scala$collection$immutable$RedBlackTree$Tree$$_count", true, "tree"),
        // 2.12.13 and later.
        ("NewRedBlackTree$Tree", "scala$collection$immutable$NewRedBlackTree$Tree$$_count", true, "tree"),
        // 2.12 before.
        ("RedBlackTree$BlackTree", "count", false, "tree"),
        // 2.13 before.
        ("RedBlackTree$BlackTree", "count", false, "scala$collection$immutable$TreeMap$$tree"),
    ];
    for (tree_class, count_field, has_sign, tree_field) in versions {
        let judged = |children: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let inside = map_of_entries(&mut heap, children);
            let count = i32::try_from(children).unwrap() + if has_sign { i32::MIN } else { 0 };
            let tree =
                [(count_field, Kind::Int, Value::Int(count)), ("inside", Kind::Ref, Value::Ref(inside))];
            let tree = library_object(&mut heap, &format!("scala.collection.immutable.{tree_class}"), &tree);
            let map = library_object(
                &mut heap,
                "scala.collection.immutable.TreeMap",
                &[(tree_field, Kind::Ref, Value::Ref(tree))],
            );
            let container = "org.apache.pekko.actor.dungeon.ChildrenContainer$NormalChildrenContainer";
            let container = library_object(&mut heap, container, &[("c", Kind::Ref, Value::Ref(map))]);
            let [user, orders] = ["user", "orders"].map(|name| heap.string(name));
            let parent = library_object(&mut heap, "org.lib.Path", &[("name", Kind::Ref, Value::Ref(user))]);
            let path = [("name", Kind::Ref, Value::Ref(orders)), ("parent", Kind::Ref, Value::Ref(parent))];
            let path = library_object(&mut heap, "org.lib.ChildPath", &path);
            let this = library_object(&mut heap, "org.lib.Ref", &[("path", Kind::Ref, Value::Ref(path))]);
            let actor = payload(&mut heap, "com.acme.Orders", 1, 16)[0];
            let refs = "org$apache$pekko$actor$dungeon$Children$$_childrenRefsDoNotCallMeDirectly";
            let cell = [
                (refs, Kind::Ref, Value::Ref(container)),
                ("self", Kind::Ref, Value::Ref(this)),
                ("_actor", Kind::Ref, Value::Ref(actor)),
            ];
            let cell = library_object(&mut heap, "org.apache.pekko.actor.ActorCell", &cell);
            let reference = [("_cell", Kind::Ref, Value::Ref(cell))];
            let reference =
                library_object(&mut heap, "org.apache.pekko.actor.RepointableActorRef", &reference);
            held_by_static(&mut heap, "com.acme.App", "ORDERS", reference);
            judge(heap)
        };
        let report = judged(6000);
        assert_eq!(report.suspects[0].rule.as_deref(), Some("akka.many-children"), "{tree_class}");
        let finding = report.findings.iter().find(|finding| finding.id == "akka.many-children").unwrap();
        let title = Language::En.text(&finding.title);
        assert!(title.starts_with("The children of actor user/orders hold "), "{title}");
        assert!(!has(&judged(900), "akka.many-children"), "{tree_class}");
    }
}

/// The root of ZooKeeper's tree has no name: paths are shown that tell something.
#[test]
fn nodes_of_zookeeper_are_told_by_some_of_their_paths() {
    let mut heap = HeapBuilder::hotspot17();
    let nodes = payload(&mut heap, "org.apache.zookeeper.server.DataNode", 20_040, 128);
    let nodes = nodes.into_iter().enumerate().map(|(at, node)| {
        let path = if at % 500 == 0 { format!("/locks/job-{at}") } else { String::new() };
        (heap.string(&path), node)
    });
    let nodes: Vec<(Addr, Addr)> = nodes.collect();
    let nodes = heap.concurrent_hash_map(&nodes);
    let tree = [("nodes", Kind::Ref, Value::Ref(nodes))];
    let tree = library_object(&mut heap, "org.apache.zookeeper.server.DataTree", &tree);
    held_by_static(&mut heap, "com.acme.App", "TREE", tree);
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "zookeeper.nodes").unwrap();
    let title = Language::En.text(&finding.title);
    let told = "The ZooKeeper server in this process has 20,040 nodes, such as /locks/job-";
    assert!(title.starts_with(told), "{title}");
}

/// What waits takes the memory that was allocated for it, however little is in it.
#[test]
fn buffers_that_wait_for_a_peer_are_weighed_by_what_they_take() {
    let mut heap = HeapBuilder::hotspot17();
    let buffer = heap.class("io.netty.buffer.PooledHeapByteBuf").field("maxLength", Kind::Int).build();
    let buffers: Vec<Addr> = (0..10_000).map(|_| heap.instance(buffer, &[Value::Int(4096)])).collect();
    let buffers = heap.array_list(&buffers);
    let queue = [
        ("bufAndListenerPairs", Kind::Ref, Value::Ref(buffers)),
        ("readableBytes", Kind::Int, Value::Int(2 << 20)),
    ];
    let queue = library_object(&mut heap, "io.netty.channel.CoalescingBufferQueue", &queue);
    let data = [("queue", Kind::Ref, Value::Ref(queue))];
    let class = "io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder$FlowControlledData";
    let data = library_object(&mut heap, class, &data);
    held_by_static(&mut heap, "com.acme.App", "STREAM", data);
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "netty.unread-streams").unwrap();
    let title = Language::En.text(&finding.title);
    assert!(title.starts_with("39.1 MiB wait for HTTP/2 peers that do not read"), "{title}");
}

/// Records that share what they were read from: they are what was added, whatever that takes.
#[test]
fn what_many_elements_share_is_not_what_there_is_too_much_of() {
    let mut heap = HeapBuilder::hotspot17();
    let parser = heap.app_class("com.lib.Parser").field("text", Kind::Ref).build();
    let record =
        heap.app_class("com.lib.Record").field("parser", Kind::Ref).field("values", Kind::Ref).build();
    let records: Vec<Addr> = (0..8)
        .flat_map(|_| {
            let text = bytes(&mut heap, 256 << 10);
            let parser = heap.instance(parser, &[Value::Ref(text)]);
            (0..500)
                .map(|_| {
                    let values = bytes(&mut heap, 300);
                    heap.instance(record, &[Value::Ref(parser), Value::Ref(values)])
                })
                .collect::<Vec<Addr>>()
        })
        .collect();
    let records = heap.array_list(&records);
    held_by_static(&mut heap, "com.acme.Journal", "REJECTED", records);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!((first.class.as_str(), first.instances), ("com.lib.Record", 4000));
    assert_eq!(first.standing, Standing::Blamed);
}

/// A library's cache of soft references inside of its configuration object, and a smaller map that is held strongly. The suspect is about the
/// references, or about the one object if its library is known.
#[test]
fn a_cache_of_soft_references_inside_of_a_librarys_object_is_ordinary() {
    for (storage, configuration) in [
        ("org.lib.Storage", "org.lib.Configuration"),
        ("freemarker.cache.SoftCacheStorage", "freemarker.template.Configuration"),
    ] {
        let mut heap = HeapBuilder::hotspot17();
        let soft = heap.class_named("java.lang.ref.SoftReference");
        let pages: Vec<(Addr, Addr)> = (0..2000)
            .map(|_| {
                let page = bytes(&mut heap, 4096);
                let page = heap.reference(soft, page);
                (page, page)
            })
            .collect();
        let pages = heap.concurrent_hash_map(&pages);
        let storage = library_object(&mut heap, storage, &[("map", Kind::Ref, Value::Ref(pages))]);
        let config = library_object(&mut heap, configuration, &[("cache", Kind::Ref, Value::Ref(storage))]);
        held_by_static(&mut heap, "com.acme.Mails", "CONFIG", config);
        let texts = map_of_entries(&mut heap, 4000);
        held_by_static(&mut heap, "com.acme.Mails2", "TEXTS", texts);
        let report = judge(heap);
        assert_eq!(report.suspects[0].holder.label(), "com.acme.Mails2.TEXTS");
        let found: Vec<(&str, u64, Standing)> = report
            .suspects
            .iter()
            .map(|suspect| (suspect.class.as_str(), suspect.instances, suspect.standing))
            .collect();
        let expected = match configuration {
            "org.lib.Configuration" => ("java.lang.ref.SoftReference", 2000, Standing::Soft),
            known => (known, 1, Standing::Soft),
        };
        assert!(found.contains(&expected), "{found:?}");
    }
}

/// What a stream buffers waits, though only the call that works it off leads to it.
#[test]
fn a_backlog_that_only_a_call_leads_to_is_a_backlog() {
    let mut heap = HeapBuilder::hotspot17();
    let ticks = payload(&mut heap, "com.acme.Tick", 4000, 512);
    let ticks = heap.array_list(&ticks);
    let sink = [("queue", Kind::Ref, Value::Ref(ticks))];
    let sink = library_object(&mut heap, "reactor.core.publisher.SinkManyUnicast", &sink);
    let drain = heap.class("reactor.core.publisher.FluxPublishOn$PublishOnSubscriber").build();
    heap.thread("writer-1").frame(drain, "runAsync", "()V", "FluxPublishOn.java", 446).local(sink).build();
    let report = judge(heap);
    assert_eq!(report.suspects[0].kind, SuspectKind::Load);
    assert_eq!(ids(&report.verdict.sentences)[0], "verdict-backlog");
    assert_eq!(report.suspects[0].kind_message(), "kind-backlog");
}

/// A thread that holds much throws while another holds more.
#[test]
fn who_holds_much_beside_one_that_holds_more_is_one_of_the_culprits() {
    let sentence = |other: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let app = heap.app_class("com.acme.Planner").sticky().build();
        let [mine, others] = [("com.acme.Point", 3000), ("com.acme.Feature", other)].map(|(class, count)| {
            let all = payload(&mut heap, class, count, 512);
            heap.array_list(&all)
        });
        let error = heap.class_named("java.lang.OutOfMemoryError");
        heap.thread("planner-1").frame(app, "load", "()V", "Planner.java", 3).local(others).build();
        let thread = heap.thread("planner-2").frame(error, "<init>", "()V", "OutOfMemoryError.java", 1);
        thread.frame(app, "plan", "()V", "Planner.java", 9).local(mine).build();
        let report = judge(heap);
        assert_eq!(report.oom.as_ref().map(|oom| oom.role), Some(OomRole::Culprit));
        ids(&report.verdict.sentences)[0].to_owned()
    };
    assert_eq!(sentence(4500), "verdict-oom-culprit-beside");
    assert_eq!(sentence(1500), "verdict-oom-culprit");
}

/// A leak, and a call that holds somewhat less: who reads only the verdict must know of both, but of no small call.
#[test]
fn a_call_that_holds_much_beside_a_leak_is_in_the_verdict() {
    let told = |rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let app = heap.app_class("com.acme.Import").sticky().build();
        let rows = payload(&mut heap, "com.acme.Row", rows, 512);
        let rows = heap.array_list(&rows);
        heap.thread("import-1").frame(app, "load", "()V", "Import.java", 3).local(rows).build();
        let rejected = map_of_entries(&mut heap, 6000);
        held_by_static(&mut heap, "com.acme.Journal", "REJECTED", rejected);
        ids(&judge(heap).verdict.sentences).contains(&"verdict-beside-load")
    };
    assert!(told(4000));
    assert!(!told(600));
}

/// Proxies that are made anew for each object take Metaspace and hardly any heap: nothing else would tell of them.
#[test]
fn a_class_of_which_sub_classes_are_generated_again_and_again_is_told() {
    let judged = |count: usize, mark: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let account = heap.app_class("com.acme.Account").sticky().build();
        for number in 0..count {
            let proxy = heap.app_class(&format!("com.acme.Account{mark}{number}"));
            proxy.extends(account).sticky().build();
        }
        judge(heap)
    };
    let report = judged(600, "_$$_jvst560_");
    let finding = report.findings.iter().find(|finding| finding.id == "classloaders.generated").unwrap();
    assert_eq!(
        Language::En.text(&finding.title),
        "600 sub classes of com.acme.Account were generated at run time"
    );
    assert!(!has(&judged(400, "_$$_jvst560_"), "classloaders.generated"));
    assert!(!has(&judged(600, "OfKind"), "classloaders.generated"), "sub classes that somebody wrote");
}

/// Who keeps an instance of each generated class is the place to look at; where they are kept here and there, nobody is named.
#[test]
fn who_keeps_the_instances_of_generated_classes_is_named() {
    let judged = |lists: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let account = heap.app_class("com.acme.Account").sticky().build();
        let proxies: Vec<Addr> = (0..600)
            .map(|number| {
                let proxy = heap.app_class(&format!("com.acme.Account$ByteBuddy${number}"));
                let proxy = proxy.extends(account).sticky().build();
                heap.instance(proxy, &[])
            })
            .collect();
        for (number, part) in proxies.chunks(600 / lists).enumerate() {
            let list = heap.array_list(part);
            held_by_static(&mut heap, &format!("com.acme.Repository{number}"), "ACCOUNTS", list);
        }
        judge(heap)
    };
    let report = judged(1);
    let finding = report.findings.iter().find(|finding| finding.id == "classloaders.generated").unwrap();
    let label = finding.holder.as_ref().map(|holder| holder.label());
    assert_eq!(label.as_deref(), Some("com.acme.Repository0.ACCOUNTS"));
    assert_eq!(ids(&finding.evidence), ["classloaders-generated-held"]);
    let verdict = Language::En.text(&report.verdict.sentences[0]);
    assert!(verdict.ends_with("; their instances are held by com.acme.Repository0.ACCOUNTS."), "{verdict}");
    let report = judged(3);
    let finding = report.findings.iter().find(|finding| finding.id == "classloaders.generated").unwrap();
    assert_eq!((&finding.holder, finding.evidence.len()), (&None, 0));
}

/// Clients of a cloud's services, each with an HTTP client inside: what the application has made is told, and not what each of them has made for itself.
#[test]
fn what_each_of_many_clients_has_inside_does_not_name_them() {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let http = heap.class("org.apache.http.impl.client.InternalHttpClient").loader(loader);
    let http = http.field("closed", Kind::Boolean).build();
    let handler = heap.class("software.amazon.awssdk.core.internal.handler.BaseClientHandler").loader(loader);
    let handler = handler.field("client", Kind::Ref).build();
    let client = heap.class("software.amazon.awssdk.services.sqs.DefaultSqsClient").loader(loader);
    let client = client.field("clientHandler", Kind::Ref).field("clientConfiguration", Kind::Ref).build();
    let clients: Vec<Addr> = (0..600)
        .map(|_| {
            let http = heap.instance(http, &[Value::Boolean(false)]);
            let handler = heap.instance(handler, &[Value::Ref(http)]);
            let settings = bytes(&mut heap, 2048);
            heap.instance(client, &[Value::Ref(handler), Value::Ref(settings)])
        })
        .collect();
    let clients = heap.array_list(&clients);
    held_by_static(&mut heap, "com.acme.TicketQueue", "CLIENTS", clients);
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(first.class, "software.amazon.awssdk.services.sqs.DefaultSqsClient");
    assert!(has(&report, "httpclient.repeated-client") && has(&report, "aws.repeated-client"));
    let advice: Vec<String> = first.advice.iter().map(|text| Language::En.text(text)).collect();
    assert!(!advice.iter().any(|text| text.contains("CloseableHttpClient")), "{advice:?}");
    assert_eq!(first.rule.as_deref(), Some("aws.repeated-client"));
    let told = report.verdict.sentences.iter().filter(|text| Language::En.text(text).contains("HttpClient"));
    assert_eq!(told.count(), 0, "{:?}", report.verdict.sentences);
}

/// Half of what a cache keeps is in one of its fields, half in what two of its fields lead to: it is one cache.
#[test]
fn a_cache_with_half_of_it_in_one_field_is_told_once() {
    let mut heap = HeapBuilder::hotspot17();
    let key = heap.class("org.apache.hadoop.fs.FileSystem$Cache$Key").field("ugi", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..600)
        .map(|_| {
            let user = bytes(&mut heap, 1024);
            let key = heap.instance(key, &[Value::Ref(user)]);
            let uri = bytes(&mut heap, 1100);
            let fields = [("uri", Kind::Ref, Value::Ref(uri))];
            (key, library_object(&mut heap, "org.apache.hadoop.fs.LocalFileSystem", &fields))
        })
        .collect();
    let keys: Vec<Addr> = entries.iter().map(|&(key, _)| key).collect();
    let fields = [("map", heap.hash_map(&entries)), ("toAutoClose", heap.array_list(&keys))]
        .map(|(name, value)| (name, Kind::Ref, Value::Ref(value)));
    let cache = library_object(&mut heap, "org.apache.hadoop.fs.FileSystem$Cache", &fields);
    held_by_static(&mut heap, "org.apache.hadoop.fs.FileSystem", "CACHE", cache);
    let report = judge(heap);
    let labels: Vec<String> = report.suspects.iter().map(|suspect| suspect.holder.label()).collect();
    assert_eq!(labels, ["org.apache.hadoop.fs.FileSystem.CACHE"]);
    assert_eq!(report.suspects[0].rule.as_deref(), Some("hadoop.filesystem-cache"));
}

/// A session of HSQLDB with statements that were never closed, in a database whose rows are little or much.
#[test]
fn statements_that_are_not_closed_are_not_told_as_rows() {
    let rule = |rows: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let wrappers = heap.class("org.hsqldb.StatementManager$StatementWrapper").loader(loader);
        let wrappers = wrappers.field("sql", Kind::Ref).field("statement", Kind::Ref).build();
        let statements: Vec<Addr> = (0..4000)
            .map(|number| {
                let sql = heap.string(&format!("select no from invoice where id = {number}"));
                let statement = bytes(&mut heap, 1024);
                heap.instance(wrappers, &[Value::Ref(sql), Value::Ref(statement)])
            })
            .collect();
        let table = heap.object_array("java.lang.Object[]", &statements);
        let count = [("elementCount", Kind::Int, Value::Int(4000))];
        let index = library_object(&mut heap, "org.hsqldb.map.HashIndex", &count);
        let set =
            [("hashIndex", Kind::Ref, Value::Ref(index)), ("objectKeyTable", Kind::Ref, Value::Ref(table))];
        let set = library_object(&mut heap, "org.hsqldb.lib.HashSet", &set);
        let set = [("statementSet", Kind::Ref, Value::Ref(set))];
        let manager = library_object(&mut heap, "org.hsqldb.StatementManager", &set);
        let session = [("statementManager", Kind::Ref, Value::Ref(manager))];
        let session = library_object(&mut heap, "org.hsqldb.Session", &session);
        let sessions = [("session", Kind::Ref, Value::Ref(session))];
        let sessions = library_object(&mut heap, "org.hsqldb.SessionManager", &sessions);
        let rows = payload(&mut heap, "com.acme.Row", rows, 1024);
        let rows = heap.array_list(&rows);
        let database =
            [("sessionManager", Kind::Ref, Value::Ref(sessions)), ("rows", Kind::Ref, Value::Ref(rows))];
        let database = library_object(&mut heap, "org.hsqldb.Database", &database);
        let databases = heap.array_list(&[database]);
        let manager = heap.class("org.hsqldb.DatabaseManager").loader(loader);
        manager.static_field("memDatabaseMap", Value::Ref(databases)).sticky().build();
        let report = judge(heap);
        report.suspects[0].rule.clone().filter(|rule| has(&report, rule))
    };
    assert_eq!(rule(100).as_deref(), Some("hsqldb.open-statements"));
    assert_ne!(rule(40_000).as_deref(), Some("hsqldb.open-statements"));
}

/// An object pool with as many objects as it may have, or with no limit.
#[test]
fn an_object_pool_at_its_limit_is_as_large_as_it_is_meant_to_be() {
    let standing = |most: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let buffers = payload(&mut heap, "com.acme.Buffer", 48, 64 << 10);
        let all: Vec<(Addr, Addr)> = buffers.iter().map(|&buffer| (buffer, buffer)).collect();
        let all = heap.concurrent_hash_map(&all);
        let fields = [
            ("maxTotal", Kind::Int, Value::Int(most)),
            ("maxIdle", Kind::Int, Value::Int(48)),
            ("allObjects", Kind::Ref, Value::Ref(all)),
        ];
        let pool = library_object(&mut heap, "org.apache.commons.pool2.impl.GenericObjectPool", &fields);
        held_by_static(&mut heap, "com.acme.Buffers", "POOL", pool);
        judge(heap).suspects[0].standing
    };
    assert_eq!(standing(48), Standing::Meant);
    assert_ne!(standing(-1), Standing::Meant);
}

/// Requests of Undertow whose bodies its receiver collects: they go with the requests, whatever leads to these.
#[test]
fn bodies_that_undertow_collects_are_load() {
    let first = |length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let receivers = heap.class("io.undertow.io.AsyncReceiverImpl$4").loader(loader);
        let receivers = receivers.field("val$sb", Kind::Ref).build();
        let streams = heap.class("java.io.ByteArrayOutputStream").field("buf", Kind::Ref);
        let streams = streams.field("count", Kind::Int).build();
        let bodies: Vec<Addr> = (0..4)
            .map(|_| {
                let body = bytes(&mut heap, length);
                let body = heap.instance(streams, &[Value::Ref(body), Value::Int(60_000)]);
                heap.instance(receivers, &[Value::Ref(body)])
            })
            .collect();
        let bodies = heap.array_list(&bodies);
        let server = [("connections", Kind::Ref, Value::Ref(bodies))];
        let server = library_object(&mut heap, "io.undertow.Server", &server);
        let servers = heap.class("io.undertow.Servers").loader(loader);
        servers.static_field("ALL", Value::Ref(server)).sticky().build();
        let other = bytes(&mut heap, 1 << 20);
        held_by_static(&mut heap, "com.acme.App", "OTHER", other);
        let report = judge(heap);
        (report.suspects[0].kind, report.suspects[0].rule.clone())
    };
    assert_eq!(first(8 << 20), (SuspectKind::Load, Some("undertow.request-bodies".to_owned())));
    assert_ne!(first(60_000).1.as_deref(), Some("undertow.request-bodies"));
}
