//! What a suspect is full of below what its title names, and who should empty it.

use crate::{bytes, english, held_by_static, ids, judge, library_object, payload};
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

/// Pages with their versions, each of which has the one before it.
#[test]
fn chains_in_each_of_many_are_told_beside_them() {
    let mut heap = HeapBuilder::hotspot17();
    let revision =
        heap.app_class("com.acme.Revision").field("before", Kind::Ref).field("text", Kind::Ref).build();
    let page = heap.app_class("com.acme.Page").field("newest", Kind::Ref).build();
    let pages: Vec<Addr> = (0..60)
        .map(|_| {
            let mut newest = Addr::NULL;
            for _ in 0..40 {
                let text = bytes(&mut heap, 800);
                newest = heap.instance(revision, &[Value::Ref(newest), Value::Ref(text)]);
            }
            heap.instance(page, &[Value::Ref(newest)])
        })
        .collect();
    let list = heap.array_list(&pages);
    held_by_static(&mut heap, "com.acme.Wiki", "PAGES", list);
    let first = judge(heap).suspects.remove(0);
    assert_eq!((first.class.as_str(), first.instances), ("com.acme.Page", 60));
    assert_eq!(
        told(&first),
        [
            "Most of it is 2,400 com.acme.Revision in 60 linked lists, one of each com.acme.Page: its field newest leads to the first one, and each to the next one by before, with about 40 in each list."
        ]
    );
    // It may be the pages that are too many.
    assert_eq!(ids(&first.advice), ["suspect-advice-compare", "suspect-advice-field-if-it-grows"]);
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

/// A thread in a method of the class that declares a queue.
struct Stands<'a> {
    name: &'a str,
    method: &'a str,
    /// Whether it has a mail in hand: one of the queue, or one that is not in it.
    mail: Option<bool>,
    inner: &'a [(&'a str, &'a str)],
}

/// A queue in a field, with these threads in methods of the class that declares it.
fn outbox(threads: &[Stands<'_>]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let mails = payload(&mut heap, "com.acme.Mail", 3001, 400);
    let queued = heap.object_array("java.lang.Object[]", &mails[1..]);
    let queue = heap.class("java.util.concurrent.ArrayBlockingQueue").field("items", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Ref(queued)]);
    let outbox = heap.app_class("com.acme.Outbox").field("queue", Kind::Ref).build();
    let instance = heap.instance(outbox, &[Value::Ref(queue)]);
    held_by_static(&mut heap, "com.acme.App", "OUTBOX", instance);
    // It brings the class of threads, which is a class on stacks as well.
    heap.thread("reaper").build();
    for stands in threads {
        let mut class = |name: &str| match name {
            "java.lang.Thread" => heap.class_named(name),
            name if name.starts_with("com.acme.") => heap.app_class(name).build(),
            name => heap.class(name).build(),
        };
        let inner: Vec<_> = stands.inner.iter().map(|&(name, method)| (class(name), method)).collect();
        let mut thread = heap.thread(stands.name);
        for &(class, method) in &inner {
            thread = thread.frame(class, method, "()V", "X.java", 7);
        }
        let mut thread = thread.frame(outbox, stands.method, "()V", "Outbox.java", 12).local(instance);
        if let Some(is_queued) = stands.mail {
            thread = thread.local(mails[usize::from(is_queued)]);
        }
        thread.build();
    }
    judge(heap)
}

const READS: &[(&str, &str)] =
    &[("java.net.SocketInputStream", "socketRead0"), ("java.net.SocketInputStream", "read")];
const SLEEPS: &[(&str, &str)] = &[("java.lang.Thread", "sleep"), ("com.acme.Store", "insert")];
const WORKS: &[(&str, &str)] = &[("com.acme.Format", "write")];
const LATCH: &[(&str, &str)] =
    &[("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.CountDownLatch", "await")];

#[test]
fn a_thread_that_may_have_taken_from_a_queue_and_waits_for_something_else_is_told() {
    let delivery = Stands { name: "delivery", method: "deliver", mail: Some(false), inner: READS };
    let reads = outbox(&[delivery]);
    assert_eq!(reads.suspects[0].holder.label(), "com.acme.Outbox.queue");
    let expected = "Thread delivery is in com.acme.Outbox.deliver(Outbox.java:12), reading from the network, and has one com.acme.Mail in hand: if it took that from here, it takes no more until it is done with what it has.";
    assert_eq!(told(&reads.suspects[0]), [expected]);
    assert!(reads.verdict.sentences.iter().any(|text| Language::En.text(text) == expected));
    // A read without a time-out may last for ever: that is the first thing to change.
    let advice = |report: &Report| Language::En.text(&report.suspects[0].advice[0]);
    let expected = "As long as the other side does not answer, delivery takes nothing from com.acme.Outbox.queue: give what it reads a time-out";
    assert!(advice(&reads).starts_with(expected), "{}", advice(&reads));
    // What is told of one that sleeps is where. Threads that put sleep as well.
    let shipper = |name| Stands { name, method: "ship", mail: Some(false), inner: SLEEPS };
    let producer = |name| Stands { name, method: "produce", mail: None, inner: SLEEPS };
    let sleeps = outbox(&[producer("a"), producer("b"), shipper("shipper"), producer("c"), producer("d")]);
    let expected = "Thread shipper is in com.acme.Outbox.ship(Outbox.java:12), sleeping in com.acme.Store.insert, and has one com.acme.Mail in hand: \
                    if it took that from here, it takes no more until it is done with what it has.";
    assert_eq!(told(&sleeps.suspects[0]), [expected]);
    assert!(!advice(&sleeps).starts_with("As long as the other side"), "{}", advice(&sleeps));
    let main = Stands { name: "main", method: "main", mail: None, inner: LATCH };
    let stands = outbox(&[main, Stands { mail: None, ..shipper("shipper") }]);
    let expected =
        "Thread shipper is in com.acme.Outbox.ship(Outbox.java:12), sleeping in com.acme.Store.insert.";
    assert_eq!(told(&stands.suspects[0]), [expected]);
}

/// Whoever takes may be slow by sleeping itself.
#[test]
fn a_thread_that_sleeps_with_something_in_hand_may_have_taken_it() {
    let sleeps = |name, mail| Stands { name, method: "deliver", mail, inner: &SLEEPS[..1] };
    let report = outbox(&[sleeps("pump", Some(false)), sleeps("pace", None)]);
    let expected = "Thread pump is in com.acme.Outbox.deliver(Outbox.java:12), sleeping, and has one com.acme.Mail in hand: \
                    if it took that from here, it takes no more until it is done with what it has.";
    assert_eq!(told(&report.suspects[0]), [expected]);
}

const LOCKS: &[(&str, &str)] =
    &[("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.locks.ReentrantLock", "lock")];
const PUTS_SOON: &[(&str, &str)] = &[
    ("jdk.internal.misc.Unsafe", "park"),
    ("java.util.concurrent.locks.ReentrantLock", "lockInterruptibly"),
    ("java.util.concurrent.LinkedBlockingQueue", "put"),
];

#[test]
fn a_thread_that_waits_for_a_lock_may_have_taken_something() {
    let at = |mail, inner| outbox(&[Stands { name: "mailer", method: "deliver", mail, inner }]);
    let report = at(Some(false), LOCKS);
    let expected = "Thread mailer is in com.acme.Outbox.deliver(Outbox.java:12), waiting for a lock, and has one com.acme.Mail in hand: if it took that from here, it takes no more until it is done with what it has.";
    assert_eq!(told(&report.suspects[0]), [expected]);
    assert!(told(&at(None, LOCKS).suspects[0]).is_empty(), "it may put");
    assert!(told(&at(Some(false), PUTS_SOON).suspects[0]).is_empty(), "it puts");
}

#[test]
fn threads_that_put_or_work_or_only_wait_are_not_told_as_those_that_take() {
    let silent = |threads: &[Stands<'_>]| ids(&outbox(threads).suspects[0].activity).is_empty();
    let at = |name, method, mail, inner| Stands { name, method, mail, inner };
    assert!(silent(&[at("receiver", "receive", None, READS)]), "who puts reads");
    assert!(silent(&[at("receiver", "receive", Some(true), READS)]), "it has put that");
    // Who has started it all waits for the end.
    let report = outbox(&[at("main", "main", None, LATCH)]);
    assert_eq!(ids(&report.suspects[0].activity), ["suspect-queue-only-main"]);
    assert!(silent(&[at("delivery", "deliver", None, WORKS)]));
    let waits = || at("delivery-1", "deliver", Some(false), READS);
    assert!(silent(&[waits(), at("delivery-2", "deliver", None, WORKS)]), "another one takes");
    let put = [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.ArrayBlockingQueue", "put")];
    assert!(!silent(&[waits(), at("receiver", "receive", Some(true), &put)]));
    assert!(
        silent(&[at("mailer", "deliver", Some(true), &SLEEPS[..1])]),
        "it has put that, and waits for the next"
    );
    let paces = |name| at(name, "produce", None, &SLEEPS[..1]);
    assert!(silent(&[paces("a")]));
    assert!(silent(&[paces("a"), at("b", "produce", None, SLEEPS)]));
}

const UPDATES: &[(&str, &str)] = &[
    ("java.lang.Object", "wait"),
    ("org.h2.mvstore.tx.Transaction", "waitFor"),
    ("org.h2.jdbc.JdbcPreparedStatement", "executeUpdate"),
];
const QUERIES: &[(&str, &str)] =
    &[UPDATES[0], UPDATES[1], ("org.h2.jdbc.JdbcPreparedStatement", "executeQuery")];

/// What it has taken is no longer in its frame once nothing uses it any more.
#[test]
fn the_one_thread_that_waits_in_a_library_until_something_is_written_is_told() {
    let at = |mail, inner| Stands { name: "writer", method: "drain", mail, inner };
    let stands = |mail, inner| outbox(&[at(mail, inner)]);
    let expected = "Thread writer is in com.acme.Outbox.drain(Outbox.java:12), waiting for a signal in org.h2.jdbc.JdbcPreparedStatement.executeUpdate.";
    assert_eq!(told(&stands(None, UPDATES).suspects[0]), [expected]);
    let reads = [READS[0], UPDATES[2]];
    assert_eq!(told(&stands(None, &reads).suspects[0]).len(), 1, "the database is somewhere else");
    assert!(told(&stands(None, QUERIES).suspects[0]).is_empty(), "what is found may be put into it");
    assert_eq!(told(&stands(Some(false), QUERIES).suspects[0]).len(), 1, "what it has in hand says more");
    assert!(told(&stands(None, &UPDATES[..1]).suspects[0]).is_empty(), "for anything");
    let own = [UPDATES[0], ("com.acme.Store", "executeUpdate")];
    assert!(told(&stands(None, &own).suspects[0]).is_empty(), "for anything of its own");
    let paces = Stands { name: "a", method: "produce", mail: None, inner: &SLEEPS[..1] };
    assert!(told(&outbox(&[at(None, UPDATES), paces]).suspects[0]).is_empty(), "another one may take");
}

/// The queue of an object that has these threads in fields, with their states.
fn with_threads(threads: &[(&str, bool)]) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let mails = payload(&mut heap, "com.acme.Mail", 3000, 400);
    let queue = heap.array_list(&mails);
    let mut values = vec![Value::Ref(queue)];
    for &(name, lives) in threads {
        if lives {
            values.push(Value::Ref(heap.thread(name).build().object));
        } else {
            let thread = heap.class_named("java.lang.Thread");
            let name = heap.string(name);
            let fields = [("name", Value::Ref(name)), ("threadStatus", Value::Int(2))];
            values.push(Value::Ref(heap.instance_with(thread, &fields)));
        }
    }
    let outbox = heap.app_class("com.acme.Outbox").field("queue", Kind::Ref);
    let outbox = threads.iter().fold(outbox, |class, &(name, _)| class.field(name, Kind::Ref)).build();
    let instance = heap.instance(outbox, &values);
    held_by_static(&mut heap, "com.acme.App", "OUTBOX", instance);
    judge(heap).suspects.remove(0)
}

/// A thread that has warmed it up may have ended; one that is at work may be the consumer.
#[test]
fn a_thread_that_has_ended_is_advice_where_another_one_lives() {
    let ended = "suspect-advice-ended-thread";
    let alone = with_threads(&[("consumer", false)]);
    assert_eq!(ids(&alone.activity), [ended]);
    let beside = with_threads(&[("warmUp", false), ("consumer", true)]);
    assert_eq!(ids(&beside.activity), [""; 0]);
    assert!(ids(&beside.advice).contains(&ended));
}

/// Five editors in a map, one of which a thread has in hand: nearly all of it is in their histories, and is told once.
#[test]
fn what_is_in_a_field_of_each_of_a_few_is_told_once() {
    let mut heap = HeapBuilder::hotspot17();
    // What is drawn now is known to the last steps as well, so that no list has it for itself.
    let shapes = payload(&mut heap, "com.acme.Shape", 5 * 40, 4000);
    let step =
        heap.app_class("com.acme.MoveVertex").field("before", Kind::Ref).field("now", Kind::Ref).build();
    let moves: Vec<Addr> = (0..5 * 400)
        .map(|at| {
            let before = bytes(&mut heap, 4000);
            heap.instance(step, &[Value::Ref(before), Value::Ref(shapes[at / 10])])
        })
        .collect();
    let class = heap.app_class("com.acme.Editor").field("undo", Kind::Ref).field("layer", Kind::Ref).build();
    let editors: Vec<Addr> = moves
        .chunks(400)
        .zip(shapes.chunks(40))
        .map(|(moves, shapes)| {
            let (undo, layer) = (heap.array_list(moves), heap.array_list(shapes));
            heap.instance(class, &[Value::Ref(undo), Value::Ref(layer)])
        })
        .collect();
    let by_user: Vec<(Addr, Addr)> =
        (0..).zip(&editors).map(|(at, &editor)| (heap.boxed_int(at), editor)).collect();
    let by_user = heap.concurrent_hash_map(&by_user);
    held_by_static(&mut heap, "com.acme.Sessions", "byUser", by_user);
    let snap = heap.app_class("com.acme.Snap").build();
    heap.thread("snap-1").frame(snap, "run", "()V", "Snap.java", 7).local(editors[3]).build();
    let report = judge(heap);
    let told: Vec<String> = report.suspects.iter().map(|suspect| Language::En.text(&suspect.title)).collect();
    assert_eq!(told, ["2,000 MoveVertex held by com.acme.Editor.undo"]);
}

/// Sightings in lists of their own in the cells of a grid, which does not grow, or of a list, which does.
#[test]
fn lists_in_each_cell_of_a_grid_are_what_grows() {
    let told = |is_grid: bool, each: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let sighting =
            heap.app_class("com.acme.Sighting").field("earlier", Kind::Ref).field("data", Kind::Ref).build();
        let cell = heap.app_class("com.acme.Cell").field("last", Kind::Ref).build();
        let cells: Vec<Addr> = (0..256)
            .map(|_| {
                let mut last = Addr::NULL;
                for _ in 0..each {
                    let data = bytes(&mut heap, 100);
                    last = heap.instance(sighting, &[Value::Ref(last), Value::Ref(data)]);
                }
                heap.instance(cell, &[Value::Ref(last)])
            })
            .collect();
        let grid = if is_grid {
            let rows: Vec<Addr> =
                cells.chunks(16).map(|row| heap.object_array("com.acme.Cell[]", row)).collect();
            heap.object_array("com.acme.Cell[][]", &rows)
        } else {
            heap.array_list(&cells)
        };
        held_by_static(&mut heap, "com.acme.Field", "CELLS", grid);
        let first = judge(heap).suspects.remove(0);
        let title = english(std::slice::from_ref(&first.title));
        format!("{title} | {} | {}", english(&first.activity), english(&first.advice))
    };
    for (is_grid, each) in [(true, 40), (false, 80)] {
        let said = told(is_grid, each);
        assert!(
            said.contains(
                " Sighting held by com.acme.Field.CELLS | They are in 256 linked lists, one of each "
            ),
            "{said}"
        );
        assert!(said.contains("ound the list that each Cell has"), "{said}");
    }
    let said = told(false, 40);
    assert!(said.starts_with("256 Cell held by"), "{said}");
    assert!(said.contains("look at what is put into com.acme.Field.CELLS"), "{said}");
}
