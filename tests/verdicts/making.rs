//! Whether a thread that threw was making the next of what fills the heap, or may have been: by the constructor that it is in, by what it has in hand, and by how
//! little it asked for.

use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{Oom, OomRole};

/// Messages in the mailbox of an actor of a library; a thread throws in a method of such a class, with the address of that actor in hand, or of another one.
fn mailbox(class: &str, method: &str, has_address: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let posting = heap.app_class("com.acme.Intake$Posting").field("signature", Kind::Ref).build();
    let postings: Vec<Addr> = (0..300)
        .map(|_| {
            let signature = bytes(&mut heap, 4 << 10);
            heap.instance(posting, &[Value::Ref(signature)])
        })
        .collect();
    let queue = heap.array_list(&postings);
    let reference = |name, to| [(name, Kind::Ref, Value::Ref(to))];
    let mailbox = library_object(&mut heap, "org.actors.Mailbox", &reference("queue", queue));
    let cell = library_object(&mut heap, "org.actors.Cell", &reference("mailbox", mailbox));
    let address = library_object(&mut heap, "org.actors.ActorRef", &reference("cell", cell));
    let nobody = library_object(&mut heap, "org.actors.Nobody", &[]);
    let loader = heap.app_class_loader();
    let system = heap.class("org.actors.System").loader(loader).static_field("ACTORS", Value::Ref(cell));
    system.sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let intake = heap.app_class("com.acme.Receiver").build();
    let class = if class == "com.acme.Intake$Posting" { posting } else { heap.app_class(class).build() };
    let thread = heap.thread("swift-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(class, method, "()V", "Intake.java", 5);
    let thread = thread.frame(intake, "lambda$main$0", "()V", "Receiver.java", 15);
    thread.local(if has_address { address } else { nobody }).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_makes_the_next_message_for_an_actor_fills_its_mailbox() {
    let posting = "com.acme.Intake$Posting";
    assert_eq!(mailbox(posting, "<init>", true), OomRole::Culprit);
    // For whom it makes one does not show.
    assert_eq!(mailbox(posting, "<init>", false), OomRole::Unknown);
    assert_eq!(mailbox(posting, "render", false), OomRole::Victim);
    assert_eq!(mailbox("com.acme.Report", "<init>", true), OomRole::Victim, "it makes something else");
}

/// States of channels in a map of a registry, with the channel as the key; one of so many of the channels is in use elsewhere as well. A thread throws in a
/// constructor that a method of `caller` has called.
fn states(made: &str, caller: &str, has_broker: bool, in_use: usize) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let channel = heap.app_class("com.acme.Broker$Channel").field("buffer", Kind::Ref).build();
    let state = heap.app_class("com.acme.Broker$State").field("trace", Kind::Ref).build();
    let (mut live, mut entries) = (Vec::new(), Vec::new());
    for number in 0..3000 {
        let (buffer, trace) = (bytes(&mut heap, 256), bytes(&mut heap, 1 << 10));
        let key = heap.instance(channel, &[Value::Ref(buffer)]);
        entries.push((key, heap.instance(state, &[Value::Ref(trace)])));
        if number % in_use == 0 {
            live.push(key);
        }
    }
    let map = heap.hash_map(&entries);
    let registry = heap.app_class("com.acme.Broker$States").field("states", Kind::Ref).build();
    let registry = heap.instance(registry, &[Value::Ref(map)]);
    let broker_class = heap.app_class("com.acme.Broker").field("registry", Kind::Ref).build();
    let broker = heap.instance(broker_class, &[Value::Ref(registry)]);
    held_by_static(&mut heap, "com.acme.Server", "BROKER", broker);
    let live = heap.object_array("com.acme.Broker$Channel[]", &live);
    held_by_static(&mut heap, "com.acme.Live", "CHANNELS", live);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let made = if made == "com.acme.Broker$Channel" { channel } else { heap.app_class(made).build() };
    let caller = if caller == "com.acme.Broker" { broker_class } else { heap.app_class(caller).build() };
    let other = library_object(&mut heap, "org.acme.Clock", &[]);
    let thread = heap.thread("acceptor-0").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(made, "<init>", "()V", "Broker.java", 5);
    let thread = thread.frame(caller, "accept", "()V", "Broker.java", 12);
    thread.local(if has_broker { broker } else { other }).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_makes_the_next_key_of_the_map_fills_it() {
    let channel = "com.acme.Broker$Channel";
    assert_eq!(states(channel, "com.acme.Broker", true, 20), OomRole::Culprit);
    assert_eq!(states(channel, "com.acme.Broker", false, 20), OomRole::Unknown, "for whom does not show");
    // Who looks something up makes a key as well.
    assert_eq!(states(channel, "com.acme.Broker", true, 3), OomRole::Unknown);
    // Whoever is elsewhere makes such a thing for something else, and who makes something else of its own is a reader.
    assert_eq!(states(channel, "com.acme.Report", false, 3), OomRole::Victim);
    assert_eq!(states("com.acme.Broker$View", "com.acme.Broker", false, 3), OomRole::Victim);
}

/// What one thread does that throws beside callbacks, or a queue, that fill the heap.
struct Thrown {
    class: &'static str,
    method: &'static str,
    /// Whether it has the object with the full field in a variable.
    has_it: bool,
    /// An array in a variable of its own.
    own_bytes: usize,
    /// The JDK's methods that it has called, the innermost first.
    called: &'static [(&'static str, &'static str)],
}

const THROWN: Thrown =
    Thrown { class: "com.acme.Gate", method: "render", has_it: false, own_bytes: 16, called: &[] };

impl Thrown {
    /// Objects of `class` in a field of a service; the heap may take so many bytes.
    fn beside(&self, class: &str, limit_bytes: i64) -> Oom {
        let mut heap = HeapBuilder::hotspot17();
        let vm = heap.class("jdk.internal.misc.VM").static_field("directMemory", Value::Long(limit_bytes));
        vm.sticky().build();
        let class = heap.app_class(class).field("arg$1", Kind::Ref).build();
        let all: Vec<Addr> = (0..300)
            .map(|_| {
                let captured = bytes(&mut heap, 16 << 10);
                heap.instance(class, &[Value::Ref(captured)])
            })
            .collect();
        let all = heap.array_list(&all);
        let relay = heap.app_class("com.acme.Relay").field("outbox", Kind::Ref).build();
        let service = heap.instance(relay, &[Value::Ref(all)]);
        held_by_static(&mut heap, "com.acme.Server", "RELAY", service);
        let own = bytes(&mut heap, self.own_bytes);
        let error = heap.class_named("java.lang.OutOfMemoryError");
        let own_class =
            if self.class == "com.acme.Relay" { relay } else { heap.app_class(self.class).build() };
        let called: Vec<_> =
            self.called.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
        let thread = heap.thread("viewer-2").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
        let thread = called
            .into_iter()
            .fold(thread, |thread, (class, method)| thread.frame(class, method, "()V", "Called.java", 12));
        let thread = thread.frame(own_class, self.method, "()V", "Gate.java", 10).local(own);
        let thread = if self.has_it { thread.local(service) } else { thread };
        thread.build();
        judge(heap).oom.unwrap()
    }

    fn role(&self, class: &str) -> OomRole {
        self.beside(class, 6_000_000).role
    }
}

#[test]
fn who_stands_in_the_class_whose_callbacks_pile_up_may_have_added_one() {
    let of_gate = "com.acme.Gate$$Lambda$12";
    assert_eq!(THROWN.role(of_gate), OomRole::Unknown);
    assert_eq!(THROWN.role("com.acme.Other$$Lambda$12"), OomRole::Victim, "another one makes them");
    let large = Thrown { own_bytes: 1200 << 10, ..THROWN };
    assert_eq!(large.beside(of_gate, 7_000_000).role, OomRole::Victim, "it has something large in hand");
    let reads = Thrown { called: &[("java.util.Vector", "toArray")], ..THROWN };
    assert_eq!(reads.role(of_gate), OomRole::Victim);
}

#[test]
fn who_has_the_object_with_the_full_field_in_hand_may_have_added_to_it() {
    let accepts = Thrown { class: "com.acme.Relay", method: "lambda$main$1", has_it: true, ..THROWN };
    assert_eq!(accepts.role("com.acme.Letter"), OomRole::Unknown);
    assert_eq!(Thrown { has_it: false, ..accepts }.role("com.acme.Letter"), OomRole::Victim);
    // It may be there to be added to.
    let other = Thrown { class: "com.acme.Intake", has_it: true, ..THROWN };
    assert_eq!(other.role("com.acme.Letter"), OomRole::Unknown);
    // A method that makes a text of its own does that, whatever it has in hand besides.
    let grows: &[(&str, &str)] =
        &[("java.util.Arrays", "copyOf"), ("java.lang.StringBuilder", "ensureCapacityInternal")];
    let report =
        Thrown { class: "com.acme.Report", has_it: true, own_bytes: 100_000, called: grows, ..THROWN };
    assert_eq!(report.role("com.acme.Letter"), OomRole::Victim);
    assert_eq!(Thrown { own_bytes: 16, ..report }.role("com.acme.Letter"), OomRole::Unknown, "a short text");
}

/// What the thread has in hand that throws beside what fills the heap.
#[derive(Clone, Copy, PartialEq, Debug)]
enum InHand {
    /// A service, with the object with the full field in a field.
    Service,
    /// The same, and an iterator over what is full.
    Iterator,
    /// The same, and the stream that a text is printed to.
    Printer,
    /// Something else.
    Nothing,
}

/// Parcels wait in a link that a thread of its own takes them from; another thread throws in a lookup of a service.
fn scanner(in_hand: InHand) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let parcels = payload(&mut heap, "com.acme.Parcel", 300, 16 << 10);
    let backlog = heap.array_list(&parcels);
    let reference = |name, to| [(name, Kind::Ref, Value::Ref(to))];
    let link = heap.app_class("com.acme.Link").field("backlog", Kind::Ref).build();
    let link = heap.instance(link, &[Value::Ref(backlog)]);
    held_by_static(&mut heap, "com.acme.Links", "DEPOT", link);
    let scans = heap.app_class("com.acme.Scans").field("out", Kind::Ref).build();
    let service = heap.instance(scans, &[Value::Ref(link)]);
    let other = library_object(&mut heap, "org.acme.Clock", &[]);
    let local = match in_hand {
        InHand::Iterator => {
            library_object(&mut heap, "java.util.ArrayList$Itr", &reference("this$0", backlog))
        }
        InHand::Printer => library_object(&mut heap, "java.io.PrintStream", &[]),
        InHand::Service | InHand::Nothing => other,
    };
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let concat = heap.class("java.lang.StringConcatHelper").build();
    let thread = heap.thread("scanner-1").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(concat, "newArray", "()V", "StringConcatHelper.java", 5);
    let thread = thread.frame(scans, "scanned", "()V", "Scans.java", 9).local(local);
    thread.local(if in_hand == InHand::Nothing { other } else { service }).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn nobody_is_only_the_victim_whose_fields_lead_to_what_is_full() {
    assert_eq!(scanner(InHand::Service), OomRole::Unknown);
    for victim in [InHand::Nothing, InHand::Iterator, InHand::Printer] {
        assert_eq!(scanner(victim), OomRole::Victim, "{victim:?}");
    }
}

/// Readings wait in a buffer at the end of a stream; a thread throws in the method of a class that asked for an object itself, with the beginning of the stream in
/// hand or without it.
fn stream(class: &str, has_subject: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let readings = payload(&mut heap, "com.acme.Hub$Reading", 300, 16 << 10);
    let buffer = heap.array_list(&readings);
    let reference = |name, to| [(name, Kind::Ref, Value::Ref(to))];
    let mut next = library_object(&mut heap, "org.streams.Buffer", &reference("queue", buffer));
    for operator in ["org.streams.Filter", "org.streams.Map", "org.streams.Subscription"] {
        next = library_object(&mut heap, operator, &reference("downstream", next));
    }
    let subscribers = heap.object_array("org.streams.Subscription[]", &[next]);
    let subject = library_object(&mut heap, "org.streams.Subject", &reference("subscribers", subscribers));
    let nothing = library_object(&mut heap, "org.streams.Nothing", &[]);
    let loader = heap.app_class_loader();
    let worker = heap.class("org.streams.Scheduler").loader(loader).static_field("WORKER", Value::Ref(next));
    worker.sticky().build();
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let class = heap.app_class(class).build();
    let thread = heap.thread("gateway-3").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(class, "receive", "()V", "Hub.java", 13);
    thread.local(if has_subject { subject } else { nothing }).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_asks_for_the_next_one_and_has_in_hand_whom_to_give_it_to_fills_it() {
    assert_eq!(stream("com.acme.Hub", true), OomRole::Culprit);
    assert_eq!(stream("com.acme.Hub", false), OomRole::Victim);
    assert_eq!(stream("com.acme.Other", true), OomRole::Victim);
}

/// Rows of a table of a database in this process; a thread throws while it makes a text, with a statement of that database in hand, or of another library.
fn database(handle: &str, sql: &str) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let rows = payload(&mut heap, "org.hsqldb.persist.Row", 600, 16 << 10);
    let rows = heap.array_list(&rows);
    let reference = |name, to| [(name, Kind::Ref, Value::Ref(to))];
    let store = library_object(&mut heap, "org.hsqldb.persist.RowStore", &reference("rows", rows));
    let stores = heap.object_array("org.hsqldb.persist.RowStore[]", &[store]);
    let database = library_object(&mut heap, "org.hsqldb.Database", &reference("stores", stores));
    let loader = heap.app_class_loader();
    let all = heap.class("org.hsqldb.Databases").loader(loader).static_field("MEMORY", Value::Ref(database));
    all.sticky().build();
    let session = library_object(&mut heap, "org.hsqldb.Session", &reference("database", database));
    let sql = heap.string(sql);
    let fields = [("session", Kind::Ref, Value::Ref(session)), ("sql", Kind::Ref, Value::Ref(sql))];
    let statement = library_object(&mut heap, handle, &fields);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let concat = heap.class("java.lang.StringConcatHelper").build();
    let audit = heap.app_class("com.acme.Audit").build();
    let thread = heap.thread("reader-3").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(concat, "newArray", "()V", "StringConcatHelper.java", 5);
    thread.frame(audit, "reader", "()V", "Audit.java", 8).local(statement).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn nobody_is_only_the_victim_who_has_a_statement_of_the_full_database_in_hand() {
    let statement = "org.hsqldb.jdbc.JDBCStatement";
    assert_eq!(database(statement, "select * from audit"), OomRole::Unknown);
    for other in ["org.hsqldb.trace.Span", "org.hibernate.Session"] {
        assert_eq!(database(other, "insert into audit values (?)"), OomRole::Victim, "{other}");
    }
    assert_eq!(database(statement, "INSERT INTO audit VALUES (?)"), OomRole::Culprit);
}

/// A collector gives up beside free memory as well; a short text is not what was too large.
#[test]
fn who_asks_for_a_short_text_has_not_asked_for_more_than_was_free() {
    let evidence = |called: &'static [(&'static str, &'static str)], limit: i64| {
        english(&Thrown { called, ..THROWN }.beside("com.acme.Letter", limit).evidence)
    };
    const CONCATENATES: &[(&str, &str)] = &[
        ("jdk.internal.misc.Unsafe", "allocateUninitializedArray"),
        ("java.lang.StringConcatHelper", "newArray"),
    ];
    const COPIES: &[(&str, &str)] =
        &[("java.util.Arrays", "copyOfRange"), ("java.lang.StringBuilder", "toString")];
    for called in [CONCATENATES, COPIES] {
        let said = evidence(called, 7_000_000);
        assert!(!said.contains("were free when it threw"), "{said}");
        assert!(said.contains("or \"GC overhead limit exceeded\", which looks the same"), "{said}");
    }
    let said = evidence(&[], 7_000_000);
    assert!(said.contains("were free when it threw") && said.contains("ParallelGC"), "{said}");
}

/// Payments in an atom of a Clojure program; a thread throws as it makes a map, with a function in hand in whose code that variable stands, or another one.
fn payments(function: &str, is_of_state: bool) -> OomRole {
    let mut heap = HeapBuilder::hotspot17();
    let payments = payload(&mut heap, "clojure.lang.PersistentArrayMap", 3000, 400);
    let payments = heap.array_list(&payments);
    let reference = |name, to| (name, Kind::Ref, Value::Ref(to));
    let atom = library_object(&mut heap, "clojure.lang.Atom", &[reference("state", payments)]);
    let named = |heap: &mut HeapBuilder, class: &str, name: &str| {
        let name = heap.string(name);
        library_object(heap, class, &[reference("name", name)])
    };
    let symbol = named(&mut heap, "clojure.lang.Symbol", "state");
    let space = heap.string("shop.payments");
    let symbols = heap.class_named("clojure.lang.Symbol");
    let space = heap.instance_with(symbols, &[("name", Value::Ref(space))]);
    let space = library_object(&mut heap, "clojure.lang.Namespace", &[reference("name", space)]);
    let fields = [reference("root", atom), reference("ns", space), reference("sym", symbol)];
    let var = library_object(&mut heap, "clojure.lang.Var", &fields);
    let other = bytes(&mut heap, 16);
    let loader = heap.app_class_loader();
    let settle = heap.class("shop.payments$settle_BANG_").loader(loader);
    settle.static_field("const__1", Value::Ref(var)).sticky().build();
    let class = heap.class(function).loader(loader);
    let class = class.static_field("const__0", Value::Ref(if is_of_state { var } else { other })).build();
    let function = heap.instance(class, &[]);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let runtime = heap.class("clojure.lang.RT").loader(loader).build();
    let start = heap.class("shop.payments$start$fn__157").loader(loader).build();
    let thread = heap.thread("intake-0").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    let thread = thread.frame(runtime, "mapUniqueKeys", "()V", "RT.java", 1600);
    thread.frame(start, "invoke", "()V", "payments.clj", 6).local(function).build();
    judge(heap).oom.unwrap().role
}

#[test]
fn who_makes_a_map_for_a_function_that_changes_the_variable_fills_it() {
    assert_eq!(payments("shop.payments$register_BANG_", true), OomRole::Culprit);
    assert_ne!(payments("shop.payments$register_BANG_", false), OomRole::Culprit, "it changes another one");
    assert_ne!(payments("shop.payments$lookup", true), OomRole::Culprit, "it may only look something up");
}
