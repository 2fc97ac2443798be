//! Whether a thread that threw was making the next of what fills the heap, or may have been: by the constructor that it is in, by what it has in hand, and by how
//! little it asked for.

use crate::{bytes, english, held_by_static, judge, library_object};
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
    let other = Thrown { class: "com.acme.Report", has_it: true, ..THROWN };
    assert_eq!(other.role("com.acme.Letter"), OomRole::Victim, "a method of another class");
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
        assert!(said.contains("\"GC overhead limit exceeded\" would look the same"), "{said}");
    }
    let said = evidence(&[], 7_000_000);
    assert!(said.contains("were free when it threw") && said.contains("ParallelGC"), "{said}");
}
