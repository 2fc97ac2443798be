//! What a suspect is full of below what its title names, and who should empty it.

use crate::{bytes, held_by_static, ids, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Report, Suspect};

fn told(suspect: &Suspect) -> Vec<String> {
    suspect.activity.iter().map(|text| Language::En.text(text)).collect()
}

/// Objects of one class, each with a list of some of another one.
fn with_lists(
    heap: &mut HeapBuilder,
    class: &str,
    field: &str,
    count: usize,
    element: &str,
    each: usize,
) -> Vec<Addr> {
    let elements = payload(heap, element, count * each, 400);
    let elements = elements.chunks(each);
    let class = heap.app_class(class).field(field, Kind::Ref).field("name", Kind::Ref).build();
    elements
        .map(|elements| {
            let list = heap.array_list(elements);
            heap.instance(class, &[Value::Ref(list), Value::NULL])
        })
        .collect()
}

/// An actor's cell of a library, with the cells of its children, in each of which is an actor of the application.
#[test]
fn what_a_library_holds_is_told_by_the_objects_of_the_application_in_it() {
    let mut heap = HeapBuilder::hotspot17();
    let actors = with_lists(&mut heap, "com.acme.Vehicle", "track", 60, "com.acme.Position", 40);
    let cells: Vec<Addr> = actors
        .iter()
        .map(|&actor| {
            library_object(
                &mut heap,
                "org.apache.pekko.actor.ActorCell",
                &[("_actor", Kind::Ref, Value::Ref(actor))],
            )
        })
        .collect();
    let children = heap.array_list(&cells);
    let parent = library_object(
        &mut heap,
        "org.apache.pekko.actor.Parent",
        &[("children", Kind::Ref, Value::Ref(children))],
    );
    let system = library_object(
        &mut heap,
        "org.apache.pekko.actor.System",
        &[("guardian", Kind::Ref, Value::Ref(parent))],
    );
    heap.thread("dispatcher-1").field("target", Value::Ref(system)).build();
    let report = judge(heap);
    assert_eq!(told(&report.suspects[0]), ["Most of it is in 60 com.acme.Vehicle, in their field track."]);
}

/// That there are sixty rooms is no problem: what fills them is.
#[test]
fn what_each_of_many_is_full_of_is_told_beside_them() {
    let rooms = |each: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let rooms = with_lists(&mut heap, "com.acme.Room", "history", 60, "com.acme.Line", each);
        let list = heap.array_list(&rooms);
        held_by_static(&mut heap, "com.acme.Lobby", "ROOMS", list);
        judge(heap).suspects.remove(0)
    };
    let first = rooms(40);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Room", 60));
    assert_eq!(
        told(&first),
        ["Most of it is 2,400 com.acme.Line, in the field history of each com.acme.Room."]
    );
    assert_eq!(ids(&rooms(4).activity), [""; 0], "four of each are a part of it");
}

/// Many small things in one field, and what is large in another one.
#[test]
fn what_there_is_most_of_is_not_what_most_of_the_bytes_are() {
    let mut heap = HeapBuilder::hotspot17();
    let flag = heap.app_class("com.acme.Flag").field("on", Kind::Int).build();
    let customer =
        heap.app_class("com.acme.Customer").field("picture", Kind::Ref).field("flags", Kind::Ref).build();
    let customers: Vec<Addr> = (0..60)
        .map(|_| {
            let flags: Vec<Addr> = (0..10).map(|_| heap.instance(flag, &[Value::Int(1)])).collect();
            let flags = heap.array_list(&flags);
            let picture = bytes(&mut heap, 60_000);
            heap.instance(customer, &[Value::Ref(picture), Value::Ref(flags)])
        })
        .collect();
    let list = heap.array_list(&customers);
    held_by_static(&mut heap, "com.acme.Crm", "ALL", list);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Customer", 60));
    assert_eq!(ids(&first.activity), [""; 0]);
}

/// A queue in a field, with a thread in a method of the class that declares it.
fn outbox(inner: &[(&str, &str)]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let mails = payload(&mut heap, "com.acme.Mail", 3000, 400);
    let mails = heap.object_array("java.lang.Object[]", &mails);
    let queue = heap.class("java.util.concurrent.ArrayBlockingQueue").field("items", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Ref(mails)]);
    let outbox = heap.app_class("com.acme.Outbox").field("queue", Kind::Ref).build();
    let instance = heap.instance(outbox, &[Value::Ref(queue)]);
    held_by_static(&mut heap, "com.acme.App", "OUTBOX", instance);
    let inner: Vec<_> = inner.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
    let mut thread = heap.thread("delivery");
    for &(class, method) in &inner {
        thread = thread.frame(class, method, "()V", "X.java", 7);
    }
    thread.frame(outbox, "deliver", "()V", "Outbox.java", 12).local(instance).build();
    judge(heap)
}

#[test]
fn a_thread_that_should_empty_a_queue_and_waits_for_something_else_is_told() {
    let reads =
        outbox(&[("java.net.SocketInputStream", "socketRead0"), ("java.net.SocketInputStream", "read")]);
    assert_eq!(reads.suspects[0].holder.label(), "com.acme.Outbox.queue");
    let expected = "Thread delivery is in com.acme.Outbox.deliver(Outbox.java:12), reading from the network: if it is the one that takes from it, \
                    nothing is taken meanwhile.";
    assert_eq!(told(&reads.suspects[0]), [expected]);
    assert!(reads.verdict.sentences.iter().any(|text| Language::En.text(text) == expected));
    let works = outbox(&[("com.acme.Format", "write")]);
    assert_eq!(ids(&works.suspects[0].activity), [""; 0]);
}
