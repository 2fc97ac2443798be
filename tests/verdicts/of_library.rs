//! What libraries keep: in tables of their own that are as large as they were made, and in the inside of what the application has a field for.

use crate::{bytes, english, held_by_static, ids, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Root, Value};
use oomph::render::text::Language;
use oomph::report::{OF_LIBRARY, Report, Standing};

/// A dictionary of a library, in the field of a singleton, and what happened besides.
#[derive(Clone, Copy)]
struct Dictionary {
    /// Those of its 2,000 words and more that were made amid the garbage of the calls.
    late: usize,
    /// Values that were made anew there, of words that are old.
    replaced: usize,
    /// Words that are garbage.
    dropped: usize,
    /// Bytes of garbage of other kinds.
    garbage: usize,
    /// The class of its words.
    class: &'static str,
    /// The class of the singleton.
    holder: &'static str,
    /// A method of it that a thread stands in.
    method: Option<&'static str>,
    limit: i64,
}

const ROOM: i64 = 64 << 20;
/// A dictionary that was loaded, in a service that is at work.
const LOADED: Dictionary = Dictionary {
    late: 0,
    replaced: 0,
    dropped: 0,
    garbage: 4 << 20,
    class: "org.apache.lucene.dict.Word",
    holder: "org.apache.lucene.dict.WordDictionary",
    method: None,
    limit: ROOM,
};

fn dictionary(of: Dictionary) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(of.limit)).sticky().build();
    let loader = heap.app_class_loader();
    let word = heap.class(of.class).loader(loader);
    let word = word.field("data", Kind::Ref).field("weight", Kind::Ref).build();
    let make = |heap: &mut HeapBuilder| {
        let data = bytes(heap, 3000);
        let weight = heap.boxed_int(1000);
        heap.instance(word, &[Value::Ref(data), Value::Ref(weight)])
    };
    let mut words: Vec<Addr> = (0..2000).map(|_| make(&mut heap)).collect();
    for _ in 0..of.dropped {
        make(&mut heap);
    }
    // What is made now lies elsewhere.
    heap.gap(8 << 20);
    let pieces = of.garbage / 2000;
    for at in 0..pieces {
        heap.primitive_array(PrimitiveArray::zeros(Kind::Char, 1000));
        if at * of.late / pieces < (at + 1) * of.late / pieces {
            words.push(make(&mut heap));
        }
        if at < of.replaced {
            let weight = heap.boxed_int(2000);
            heap.set_field(words[at], "weight", Value::Ref(weight));
        }
    }
    let list = heap.array_list(&words);
    let class = heap.class(of.holder).loader(loader).field("words", Kind::Ref).build();
    let dictionary = heap.instance(class, &[Value::Ref(list)]);
    heap.static_field(class, "INSTANCE", Value::Ref(dictionary));
    heap.root(Root::StickyClass(class.address()));
    if let Some(method) = of.method {
        heap.thread("exec-1").frame(class, method, "()V", "WordDictionary.java", 7).build();
    }
    judge(heap)
}

#[test]
fn a_table_of_a_library_that_nothing_was_added_to_is_only_large() {
    for (of, why) in [
        (LOADED, "loaded once"),
        (Dictionary { replaced: 900, ..LOADED }, "values are replaced"),
        (Dictionary { method: Some("lookUp"), ..LOADED }, "a thread reads it"),
    ] {
        let report = dictionary(of);
        let first = &report.suspects[0];
        assert_eq!(first.holder.label(), "org.apache.lucene.dict.WordDictionary.words", "{why}");
        assert_eq!(
            (first.standing, ids(&first.advice)),
            (Standing::Largest, vec![OF_LIBRARY, "suspect-advice-ordinary"]),
            "{why}"
        );
        let said = english(&report.verdict.sentences);
        assert!(report.verdict.healthy && said.contains("a table that a library keeps for itself"), "{said}");
        assert!(!said.contains("a leak if it grows"), "{said}");
    }
}

#[test]
fn a_table_of_a_library_is_told_where_anything_speaks_for_growth() {
    for (of, why) in [
        (Dictionary { late: 6, ..LOADED }, "words were added lately"),
        (Dictionary { dropped: 100, ..LOADED }, "words are made and let go of"),
        (Dictionary { garbage: 100 << 10, ..LOADED }, "what was made last is not known"),
        (Dictionary { class: "com.acme.Word", ..LOADED }, "words of the application"),
        (Dictionary { holder: "com.acme.Words", ..LOADED }, "a table of the application"),
        (Dictionary { method: Some("addWord"), ..LOADED }, "a thread adds to it"),
        (Dictionary { limit: 10 << 20, ..LOADED }, "the heap is not free"),
    ] {
        let report = dictionary(of);
        assert_eq!(report.suspects[0].standing, Standing::Blamed, "{why}");
    }
}

/// What is said of any collection leads nowhere where a library has the field.
#[test]
fn a_field_of_a_library_is_left_to_what_the_library_offers() {
    let report = dictionary(Dictionary { late: 6, ..LOADED });
    assert_eq!(
        ids(&report.suspects[0].advice),
        ["suspect-advice-compare", "suspect-advice-field-of-library-if-it-grows"]
    );
    let own = dictionary(Dictionary { holder: "com.acme.Words", ..LOADED });
    assert_eq!(ids(&own.suspects[0].advice), ["suspect-advice-compare", "suspect-advice-field-if-it-grows"]);
}

/// A server of a library in a field of the application's, of which a thread has a part in hand: it retains next to nothing itself, and its journal is
/// deep inside.
#[test]
fn what_piles_up_in_the_inside_of_a_librarys_object_is_told_by_the_field_that_has_it() {
    let told = |has_thread: bool, is_journal: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let events: Vec<Addr> = (0..2000)
            .map(|_| {
                let body = bytes(&mut heap, 2000);
                let fields = [("body", Kind::Ref, Value::Ref(body))];
                library_object(&mut heap, "org.eclipse.jetty.mock.ServeEvent", &fields)
            })
            .collect();
        let events = heap.array_list(&events);
        let journal = [("serveEvents", Kind::Ref, Value::Ref(events))];
        let journal = library_object(&mut heap, "org.eclipse.jetty.mock.Journal", &journal);
        let options = [("journal", Kind::Ref, Value::Ref(journal))];
        let options = library_object(&mut heap, "org.eclipse.jetty.mock.Options", &options);
        let server = [("options", Kind::Ref, Value::Ref(options))];
        let server = library_object(&mut heap, "org.eclipse.jetty.mock.MockServer", &server);
        held_by_static(&mut heap, "com.acme.Sandbox", "STUBS", if is_journal { server } else { events });
        if has_thread {
            let run = heap.class("org.eclipse.jetty.mock.Acceptor").sticky().build();
            let thread = heap.thread("qtp-1").frame(run, "accept", "()V", "Acceptor.java", 30);
            thread.local(options).build();
        }
        let first = judge(heap).suspects.remove(0);
        let advice: Vec<String> = ids(&first.advice).into_iter().map(str::to_owned).collect();
        (Language::En.text(&first.title), advice, english(&first.advice))
    };
    let (title, advice, said) = told(true, true);
    assert_eq!(title, "2,000 ServeEvent in Journal.serveEvents, below com.acme.Sandbox.STUBS");
    assert_eq!(advice, ["suspect-advice-compare", "suspect-advice-below-field-if-it-grows"]);
    assert!(
        said.contains("which keeps them in org.eclipse.jetty.mock.Journal.serveEvents; look for"),
        "{said}"
    );
    // One object with a name is told by it, and a list in the field is a list in the field.
    let (title, ..) = told(false, true);
    assert!(title.starts_with("One MockServer with 2,000 ServeEvent held by"), "{title}");
    let (title, advice, _) = told(false, false);
    assert_eq!(title, "2,000 ServeEvent held by com.acme.Sandbox.STUBS");
    assert_eq!(advice, ["suspect-advice-compare", "suspect-advice-field-if-it-grows"]);
}

/// A library's static field leads to a storage by a shorter way than the field of the application's that has the scheduler.
#[test]
fn what_a_field_of_a_library_holds_is_told_with_the_field_by_which_the_application_reaches_it() {
    let told = |has_field: bool, is_in_map: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let jobs = payload(&mut heap, "org.eclipse.jetty.jobs.Job", 2000, 1500);
        let jobs: Vec<(Addr, Addr)> =
            (0..).zip(jobs).map(|(number, job)| (heap.boxed_int(number), job)).collect();
        let queue = heap.concurrent_hash_map(&jobs);
        let storage = [("jobQueue", Kind::Ref, Value::Ref(queue))];
        let storage = library_object(&mut heap, "org.eclipse.jetty.jobs.Storage", &storage);
        held_by_static(&mut heap, "org.eclipse.jetty.jobs.Jobs", "STORAGE", storage);
        // Other objects of the library may keep it in a map, and each of many refers to it.
        let kept = if is_in_map {
            let class = heap.class("org.eclipse.jetty.jobs.Runner").field("storage", Kind::Ref).build();
            let runners: Vec<Addr> = (0..100).map(|_| heap.instance(class, &[Value::Ref(storage)])).collect();
            let runners = heap.array_list(&runners);
            held_by_static(&mut heap, "org.eclipse.jetty.jobs.Runners", "ALL", runners);
            let name = heap.string("main");
            heap.hash_map(&[(name, storage)])
        } else {
            storage
        };
        let scheduler = [("storage", Kind::Ref, Value::Ref(kept))];
        let scheduler = library_object(&mut heap, "org.eclipse.jetty.jobs.Scheduler", &scheduler);
        let invoices = one_field(&mut heap, "com.acme.Invoices", "jobs", scheduler);
        let invoices = if has_field { invoices } else { scheduler };
        held_by_static(
            &mut heap,
            if has_field { "com.acme.Shop" } else { "org.eclipse.jetty.Main" },
            "IT",
            invoices,
        );
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.holder.label(), "org.eclipse.jetty.jobs.Storage.jobQueue");
        english(&first.activity)
    };
    for is_in_map in [false, true] {
        let activity = told(true, is_in_map);
        assert!(activity.contains("The application reaches it by com.acme.Invoices.jobs."), "{activity}");
        assert!(!told(false, is_in_map).contains("reaches it"));
    }
}

/// One object of the application's is no collection: nobody puts anything into the field that has it.
#[test]
fn what_piles_up_in_a_librarys_object_below_one_of_the_applications_is_told_by_both_fields() {
    let mut heap = HeapBuilder::hotspot17();
    let vertices: Vec<Addr> = (0..2000)
        .map(|_| {
            let properties = bytes(&mut heap, 1000);
            let fields = [("properties", Kind::Ref, Value::Ref(properties))];
            library_object(&mut heap, "org.apache.tinkerpop.TinkerVertex", &fields)
        })
        .collect();
    let numbered: Vec<(Addr, Addr)> =
        (0..).zip(&vertices).map(|(number, &vertex)| (heap.boxed_int(number), vertex)).collect();
    let all = heap.concurrent_hash_map(&numbered);
    let graph = [("vertices", Kind::Ref, Value::Ref(all))];
    let graph = library_object(&mut heap, "org.apache.tinkerpop.TinkerGraph", &graph);
    // What each job has made leads to them as well.
    let jobs: Vec<Addr> = vertices.chunks(50).map(|made| heap.array_list(made)).collect();
    let jobs = heap.array_list(&jobs);
    let lineage =
        heap.app_class("com.acme.Lineage").field("graph", Kind::Ref).field("jobs", Kind::Ref).build();
    let lineage = heap.instance(lineage, &[Value::Ref(graph), Value::Ref(jobs)]);
    held_by_static(&mut heap, "com.acme.Server", "LINEAGE", lineage);
    let first = judge(heap).suspects.remove(0);
    assert_eq!(first.holder.label(), "com.acme.Server.LINEAGE");
    let title = Language::En.text(&first.title);
    assert_eq!(title, "2,000 TinkerVertex in TinkerGraph.vertices, below com.acme.Lineage.graph");
    let advice = english(&first.advice);
    assert!(
        advice.contains("com.acme.Lineage.graph has one object of a library") && !advice.contains("put into"),
        "{advice}"
    );
}

/// A mock has the package of what it stands for, and nobody has written it.
#[test]
fn a_class_that_a_library_has_generated_is_no_holder() {
    let holder = |class: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let calls = payload(&mut heap, "com.acme.PriceQuery", 2000, 2000);
        let calls = heap.array_list(&calls);
        let fields = [("calls", Kind::Ref, Value::Ref(calls))];
        let handler = library_object(&mut heap, "org.mockito.internal.Handler", &fields);
        let mock = heap.app_class(class).field("mockitoInterceptor", Kind::Ref).build();
        let mock = heap.instance(mock, &[Value::Ref(handler)]);
        let prices = one_field(&mut heap, "com.acme.Prices", "api", mock);
        held_by_static(&mut heap, "com.acme.Shop", "PRICES", prices);
        judge(heap).suspects[0].holder.label()
    };
    assert_eq!(holder("com.acme.PriceApi$MockitoMock$1mUlS4Nu"), "com.acme.Prices.api");
    assert_eq!(holder("com.acme.RecordingPriceApi"), "com.acme.RecordingPriceApi.mockitoInterceptor");
}
