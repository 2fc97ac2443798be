//! Verdicts about who should take from a queue that is a static field, or whose elements something else holds as well.

use crate::pool::{BLOCKED, RUNNABLE};
use crate::{english, held_by_static, ids, judge, library_object, one_field, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// A queue in a static field; a thread with that state in a method of the class that declares it has one of these entries in hand: one that is still in the queue,
/// or one that is not. A journal may have all of the entries as well, under a name that comes first or last.
struct Ledger {
    journal: Option<&'static str>,
    state: i32,
    is_queued: bool,
    /// Whether the thread has no entry in hand.
    has_none: bool,
    /// Whether the method that has it in hand has called another one of the class, which waits.
    is_outside: bool,
    /// The class that declares the method.
    class: &'static str,
    queue: &'static str,
}

const LEDGER: Ledger = Ledger {
    journal: None,
    state: BLOCKED,
    is_queued: false,
    has_none: false,
    is_outside: false,
    class: "com.acme.Ledger",
    queue: "java.util.concurrent.LinkedBlockingQueue",
};

impl Ledger {
    /// What the report tells of the queue beside its holder.
    fn told(&self) -> String {
        let mut heap = HeapBuilder::hotspot17();
        let entries = payload(&mut heap, "com.acme.Entry", 3001, 400);
        let node =
            heap.class(&format!("{}$Node", self.queue)).field("item", Kind::Ref).field("next", Kind::Ref);
        let node = node.build();
        let last = heap.instance(node, &[Value::Ref(entries[3000]), Value::Ref(Addr::NULL)]);
        let mut first = last;
        for &entry in entries[1..3000].iter().rev() {
            first = heap.instance(node, &[Value::Ref(entry), Value::Ref(first)]);
        }
        let queue = heap.class(self.queue).field("head", Kind::Ref).field("last", Kind::Ref).build();
        let queue = heap.instance(queue, &[Value::Ref(first), Value::Ref(last)]);
        if let Some(journal) = self.journal {
            let all = heap.array_list(&entries);
            held_by_static(&mut heap, journal, "ALL", all);
        }
        let class = heap.app_class("com.acme.Ledger").static_field("OUT", Value::Ref(queue)).sticky().build();
        let class = if self.class == "com.acme.Ledger" { class } else { heap.app_class(self.class).build() };
        let in_hand = if self.has_none { heap.string("ready") } else { entries[usize::from(self.is_queued)] };
        let thread = heap.thread("publisher").status(self.state);
        let thread = match self.is_outside {
            true => thread.frame(class, "backOff", "()V", "Ledger.java", 21),
            false => thread,
        };
        let thread = thread.frame(class, "lambda$main$1", "()V", "Ledger.java", 9);
        thread.local(in_hand).build();
        let first = judge(heap).suspects.remove(0);
        assert_eq!(first.class, "com.acme.Entry");
        english(&first.activity)
    }
}

const PUBLISHER: &str = "Thread publisher is in com.acme.Ledger.lambda$main$1(Ledger.java:9), waiting for a lock, and has one com.acme.Entry in hand: \
                         if it took that from here, it takes no more until it is done with what it has.";

#[test]
fn a_thread_that_waits_for_a_monitor_with_an_entry_of_a_static_queue_in_hand_is_told() {
    assert_eq!(LEDGER.told(), PUBLISHER);
    assert_eq!(Ledger { is_queued: true, ..LEDGER }.told(), "", "it has put that");
    assert_eq!(Ledger { state: RUNNABLE, ..LEDGER }.told(), "", "it is at work");
    assert_eq!(
        Ledger { class: "com.acme.Mail", ..LEDGER }.told(),
        "",
        "another class may have it from anywhere"
    );
    let list = Ledger { queue: "java.util.LinkedList", ..LEDGER };
    assert_eq!(list.told(), "", "the monitor may be that of the queue");
}

#[test]
fn an_entry_is_in_hand_as_well_where_the_method_has_called_another_one_of_its_class() {
    let told = Ledger { is_outside: true, ..LEDGER }.told();
    assert_eq!(told, PUBLISHER.replace("lambda$main$1(Ledger.java:9)", "backOff(Ledger.java:21)"));
    assert_eq!(Ledger { is_outside: true, is_queued: true, ..LEDGER }.told(), "", "it has put that");
}

#[test]
fn also_where_something_else_holds_the_same_entries() {
    for journal in ["com.acme.A", "com.acme.Z"] {
        let told = Ledger { journal: Some(journal), ..LEDGER }.told();
        assert!(told.ends_with(PUBLISHER), "{told}");
    }
}

#[test]
fn a_queue_that_nobody_has_in_hand_is_told() {
    let nobody = Ledger { class: "com.acme.Mail", has_none: true, ..LEDGER };
    assert!(
        nobody.told().starts_with("No thread has it, or anything like what is in it, in hand"),
        "{}",
        nobody.told()
    );
    assert_eq!(Ledger { class: "com.acme.Mail", ..LEDGER }.told(), "", "one that is not queued any more");
    assert_eq!(Ledger { class: "com.acme.Mail", is_queued: true, ..LEDGER }.told(), "", "one of them");
    assert_eq!(
        Ledger { has_none: true, state: RUNNABLE, ..LEDGER }.told(),
        "",
        "it may be just about to take one"
    );
    let list = Ledger { class: "com.acme.Mail", has_none: true, queue: "java.util.LinkedList", ..LEDGER };
    assert_eq!(list.told(), "", "a list is no queue between threads");
    let history = Ledger { queue: "java.util.concurrent.ConcurrentLinkedQueue", ..list };
    assert_eq!(history.told(), "", "nobody has to take from that");
}

/// A queue of a relay with two threads that sleep in one of its methods, and one that has run out of memory in another.
fn relay(queue: &str, thrown_in: &str) -> oomph::report::Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let letters = payload(&mut heap, "com.acme.Letter", 3000, 400);
    let node = heap.class(&format!("{queue}$Node")).field("item", Kind::Ref).field("next", Kind::Ref).build();
    let last = heap.instance(node, &[Value::Ref(letters[2999]), Value::Ref(Addr::NULL)]);
    let first = letters[..2999]
        .iter()
        .rev()
        .fold(last, |next, &letter| heap.instance(node, &[Value::Ref(letter), Value::Ref(next)]));
    let queue = heap.class(queue).field("head", Kind::Ref).field("last", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Ref(first), Value::Ref(last)]);
    let relay = heap.app_class("com.acme.Relay").field("outbox", Kind::Ref).build();
    let service = heap.instance(relay, &[Value::Ref(queue)]);
    held_by_static(&mut heap, "com.acme.Main", "RELAY", service);
    let error = heap.class_named("java.lang.OutOfMemoryError");
    let thread = heap.class_named("java.lang.Thread");
    for name in ["delivery-1", "delivery-2"] {
        let sleeping = heap.thread(name).frame(thread, "sleep", "()V", "Thread.java", -2);
        sleeping.frame(relay, "deliver", "()V", "Relay.java", 9).local(service).build();
    }
    let intake = heap.thread("intake").frame(error, "<init>", "()V", "OutOfMemoryError.java", 48);
    intake.frame(relay, thrown_in, "()V", "Relay.java", 13).local(service).build();
    judge(heap).suspects.remove(0)
}

#[test]
fn threads_that_sleep_while_another_one_runs_out_of_memory_with_the_queue_in_hand_may_be_too_slow() {
    let blocking = "java.util.concurrent.LinkedBlockingQueue";
    let suspect = relay(blocking, "lambda$main$1");
    assert!(suspect.backlog);
    let said = english(&suspect.activity);
    assert!(said.contains("2 threads, such as delivery-1, are in com.acme.Relay.deliver(Relay.java:9), sleeping: if they take from here"), "{said}");
    assert!(ids(&suspect.advice).contains(&"suspect-advice-queue-consumer"));
    // All of them may be putting.
    assert!(!relay(blocking, "deliver").backlog);
    // A list that threads hand each other nothing by.
    assert!(!relay("java.util.LinkedList", "lambda$main$1").backlog);
}

/// Six subscriptions of a topic, of which "warehouse" has a backlog, and a thread that waits in each of them but one.
fn subscriptions(without_reader: &str, reads: Option<&str>) -> oomph::report::Report {
    subscriptions_named(
        ["shop", "warehouse", "finance", "search", "mail", "reporting"],
        without_reader,
        reads,
    )
}

fn subscriptions_named(names: [&str; 6], without_reader: &str, reads: Option<&str>) -> oomph::report::Report {
    let mut heap = HeapBuilder::hotspot17();
    let subscription =
        heap.app_class("com.acme.Subscription").field("name", Kind::Ref).field("backlog", Kind::Ref).build();
    let reader = heap.app_class("com.acme.TopicReader").field("subscription", Kind::Ref).build();
    let object = heap.class_named("java.lang.Object");
    let mut all = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let text = heap.string(name);
        let changes = if at == 1 { payload(&mut heap, "com.acme.Change", 2000, 2000) } else { Vec::new() };
        let backlog = heap.array_list(&changes);
        let one = heap.instance(subscription, &[Value::Ref(text), Value::Ref(backlog)]);
        all.push(one);
        let reader_object = heap.instance(reader, &[Value::Ref(one)]);
        if name == without_reader && reads != Some(name) {
            continue;
        }
        let mut thread = heap.thread(&format!("reader-{name}")).status(0x191);
        if reads == Some(name) {
            thread = thread.frame(object, "hashCode", "()I", "Object.java", 7);
        } else {
            thread = thread
                .frame(object, "wait", "()V", "Object.java", 7)
                .frame(subscription, "next", "()V", "Subscription.java", 9)
                .local(one);
        }
        thread.frame(reader, "run", "()V", "TopicReader.java", 12).local(reader_object).build();
    }
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Topic", "SUBSCRIPTIONS", all);
    judge(heap)
}

#[test]
fn the_one_that_nobody_takes_from_is_told_by_its_name() {
    let report = subscriptions("warehouse", None);
    let first = &report.suspects[0];
    let said = english(&first.activity);
    let expected = "Of the 5 others 5 have nearly nothing there and a thread that waits in com.acme.Subscription.next(Subscription.java:9) for more";
    assert!(said.contains(expected), "{said}");
    assert!(first.backlog);
    assert!(ids(&first.advice).contains(&"suspect-advice-no-reader"));
    // Its own reader is at work.
    let report = subscriptions("warehouse", Some("warehouse"));
    let said = english(&report.suspects[0].activity);
    assert!(said.contains("One of 6 Subscription holds it") && !said.contains("for more"), "{said}");
}

/// A queue of a library's in a field of the application's, as linked arrays of messages, and a thread that sleeps in a method of the class that
/// declares it, with that of them in hand that is at this place: the last one is not queued.
fn library_queue(package: &str, class: &str, in_hand: Option<usize>) -> oomph::report::Suspect {
    const PART: usize = 300;
    let mut heap = HeapBuilder::hotspot17();
    let messages = payload(&mut heap, "com.acme.Message", 3001, 400);
    let mut next: Option<Addr> = None;
    for part in messages[..3000].chunks(PART).rev() {
        let elements: Vec<Addr> = part.iter().copied().chain(next).collect();
        next = Some(heap.object_array("java.lang.Object[]", &elements));
    }
    let buffer = crate::known_by_rules::reference("consumerBuffer", next.unwrap());
    let queue = library_object(&mut heap, &format!("{package}{class}"), &[buffer]);
    let pipe = one_field(&mut heap, "com.acme.Pipe", "pending", queue);
    held_by_static(&mut heap, "com.acme.Main", "PIPE", pipe);
    let (pipe_class, other) = (heap.class_named("com.acme.Pipe"), heap.app_class("com.acme.Mail").build());
    let address = heap.string("ops@acme.example");
    let thread = heap.class_named("java.lang.Thread");
    let sleeper = heap.thread("pipe-writer").status(0xe1).frame(thread, "sleep", "(J)V", "Thread.java", 0);
    let sleeper = match in_hand {
        Some(at) => {
            let sleeper = sleeper.frame(pipe_class, "backOff", "()V", "Pipe.java", 30).local(pipe);
            sleeper.frame(pipe_class, "write", "()V", "Pipe.java", 21).local(pipe).local(messages[at])
        }
        None => sleeper.frame(other, "send", "()V", "Mail.java", 7).local(address),
    };
    sleeper.build();
    judge(heap).suspects.remove(0)
}

#[test]
fn who_takes_from_a_queue_of_a_library_is_told_as_well() {
    for package in ["org.jctools.queues.", "io.netty.util.internal.shaded.org.jctools.queues."] {
        let first = library_queue(package, "MpscUnboundedArrayQueue", Some(3000));
        let said = english(&first.activity);
        let expected = "Thread pipe-writer is in com.acme.Pipe.backOff(Pipe.java:30), sleeping, and has one com.acme.Message in hand";
        assert!(said.contains(expected), "{package} {said}");
        assert!(first.backlog, "no entry of a queue expires");
        let advised = ids(&first.advice);
        assert!(advised.contains(&"suspect-advice-queue-consumer"), "{advised:?}");
        assert!(!english(&first.advice).contains("expire") && !advised.contains(&"suspect-advice-compare"));
    }
    let queued = library_queue("org.jctools.queues.", "MpscUnboundedArrayQueue", Some(700));
    assert_eq!(english(&queued.activity), "", "it has put that");
    let no_queue = library_queue("org.jctools.maps.", "NonBlockingHashMap", Some(3000));
    assert!(!no_queue.backlog && !english(&no_queue.activity).contains("pipe-writer"), "it is no queue");
}

#[test]
fn that_nobody_takes_from_a_queue_of_a_library_is_told() {
    let first = library_queue("org.jctools.queues.", "SpscUnboundedArrayQueue", None);
    assert!(english(&first.activity).contains("No thread has it"), "{}", english(&first.activity));
    assert!(ids(&first.advice).contains(&"suspect-advice-queue-nobody"));
    assert!(first.is_leak_if_it_grows(), "a burst may have filled it");
}

/// A name that stands in no class may be a customer's.
#[test]
fn a_name_that_is_not_shown_is_told_to_be_there() {
    let hidden =
        "One of 6 Subscription holds it, which its name tells from the others; --strings shows that.";
    let said = english(&subscriptions("warehouse", None).suspects[0].activity);
    assert!(said.contains(hidden), "{said}");
    let same = subscriptions_named(["topic"; 6], "", None);
    let said = english(&same.suspects[0].activity);
    assert!(said.contains("One of 6 Subscription holds it.") && !said.contains("--strings"), "{said}");
}

/// A queue of retries in a service. One thread has called `method` of the queue in `submit`; another is in that method of the service as well, or in another
/// one; a third one may have an element in hand in a class of its own.
fn retries(class: &str, method: &str, other: &str, has_one: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let mut all = payload(&mut heap, "com.acme.Retry", 3001, 400);
    let taken = all.pop().unwrap();
    let node = heap.class(&format!("{class}$Node")).field("item", Kind::Ref).field("next", Kind::Ref).build();
    let first = all
        .iter()
        .fold(Addr::NULL, |next, &retry| heap.instance(node, &[Value::Ref(retry), Value::Ref(next)]));
    let queues = heap.class(class).field("head", Kind::Ref).build();
    let queue = heap.instance(queues, &[Value::Ref(first)]);
    let another = heap.instance(queues, &[Value::NULL]);
    let class = heap.app_class("com.acme.Retries").field("queue", Kind::Ref).build();
    let service = heap.instance(class, &[Value::Ref(queue)]);
    held_by_static(&mut heap, "com.acme.Main", "RETRIES", service);
    let putting = heap.thread("http-1").frame(queues, method, "()V", "Q.java", 3).local(queue);
    putting.frame(class, "submit", "()V", "Retries.java", 9).local(service).build();
    heap.thread("http-2").frame(class, other, "()V", "Retries.java", 11).local(service).build();
    let mail = heap.app_class("com.acme.Mail").build();
    let waits = heap.thread("mail").frame(queues, "take", "()V", "Q.java", 5).local(another);
    let waits = waits.frame(mail, "run", "()V", "Mail.java", 4);
    if has_one { waits.local(taken) } else { waits }.build();
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn that_all_who_have_a_queue_in_hand_put_into_it_is_told() {
    const BLOCKING: &str = "java.util.concurrent.LinkedBlockingQueue";
    let said = retries(BLOCKING, "offer", "submit", false);
    let expected = "2 threads, such as http-1 in com.acme.Retries.submit(Retries.java:9), put into it; no thread waits to take from it";
    assert!(said.contains(expected), "{said}");
    for (class, method, other, has_one, why) in [
        (BLOCKING, "poll", "submit", false, "it takes"),
        (BLOCKING, "offer", "send", false, "it may be working one off"),
        (BLOCKING, "offer", "submit", true, "it has one in hand"),
        ("java.util.concurrent.ConcurrentLinkedQueue", "offer", "submit", false, "it may be a history"),
    ] {
        let said = retries(class, method, other, has_one);
        assert!(!said.contains("waits to take from it"), "{why}: {said}");
    }
}

/// A queue in a field of a service that only its `main` has in hand, which has called these methods and may have an element in hand as well.
fn in_main(inner: &[(&str, &str)], has_one: bool) -> oomph::report::Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let mut jobs = payload(&mut heap, "com.acme.Job", 3001, 400);
    let taken = jobs.pop().unwrap();
    let queue = "java.util.concurrent.LinkedBlockingQueue";
    let node = heap.class(&format!("{queue}$Node")).field("item", Kind::Ref).field("next", Kind::Ref).build();
    let add = |heap: &mut HeapBuilder, next, job| heap.instance(node, &[Value::Ref(job), Value::Ref(next)]);
    let first = jobs.iter().fold(Addr::NULL, |next, &job| add(&mut heap, next, job));
    let queue = heap.class(queue).field("head", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Ref(first)]);
    let app = heap.app_class("com.acme.App").field("jobs", Kind::Ref).sticky().build();
    let service = heap.instance(app, &[Value::Ref(queue)]);
    let frames: Vec<_> = inner
        .iter()
        .map(|&(class, method)| match class {
            "java.lang.Thread" | "java.lang.Object" => (heap.class_named(class), method),
            _ => (heap.app_class(class).build(), method),
        })
        .collect();
    let mut main = heap.thread("main");
    for (class, method) in frames {
        main = main.frame(class, method, "()V", "X.java", 3);
    }
    let main = main.frame(app, "main", "([Ljava/lang/String;)V", "App.java", 9).local(service);
    if has_one { main.local(taken) } else { main }.build();
    judge(heap).suspects.remove(0)
}

#[test]
fn a_queue_that_only_main_has_in_hand_which_waits_for_the_end_is_told() {
    for (inner, doing) in [
        (&[("java.lang.Object", "wait")][..], "waiting for a signal"),
        (&[("java.lang.Thread", "sleep"), ("com.acme.Forever", "park")], "sleeping"),
    ] {
        let suspect = in_main(inner, false);
        let said = english(&suspect.activity);
        let expected =
            format!("Only thread main has it in hand, which is in com.acme.App.main(App.java:9), {doing}");
        assert!(said.contains(&expected), "{said}");
        assert!(suspect.backlog);
    }
    let sleeps = [("java.lang.Thread", "sleep")];
    assert!(
        !english(&in_main(&sleeps, false).activity).contains("Only thread"),
        "between two it may have taken"
    );
    let waits = [("java.lang.Object", "wait")];
    assert!(!english(&in_main(&waits, true).activity).contains("Only thread"), "it has one");
}

/// Six actors with a mailbox each. The second has a backlog, and if so an exception with which it has failed.
fn mailboxes(failed: bool) -> oomph::report::Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let exception = heap.class_named("java.lang.Exception");
    let exception = heap.class("java.lang.IllegalStateException").extends(exception).build();
    let mailbox = heap.app_class("com.acme.Mailbox").field("waiting", Kind::Ref).build();
    let actor = heap.app_class("com.acme.ActorCell").field("path", Kind::Ref);
    let actor = actor.field("mailbox", Kind::Ref).field("cause", Kind::Ref).build();
    let all: Vec<Addr> = (0..6)
        .map(|at| {
            let entries = if at == 1 { payload(&mut heap, "com.acme.Audit", 2000, 2000) } else { Vec::new() };
            let entries = heap.array_list(&entries);
            let mailbox = heap.instance(mailbox, &[Value::Ref(entries)]);
            let path = heap.string(&format!("/sales/{at}"));
            let cause =
                if at == 1 && failed { Value::Ref(heap.instance(exception, &[])) } else { Value::NULL };
            heap.instance(actor, &[Value::Ref(path), Value::Ref(mailbox), cause])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Actors", "CELLS", all);
    judge(heap).suspects.remove(0)
}

#[test]
fn whom_a_mailbox_belongs_to_and_that_it_has_failed_is_told() {
    let first = mailboxes(true);
    let said = english(&first.activity);
    assert_eq!(first.holder.label(), "com.acme.Mailbox.waiting");
    let one =
        "One of 6 Mailbox holds it, which its ActorCell.path tells from the others; --strings shows that.";
    assert!(said.contains(one), "{said}");
    let failed = "ActorCell.cause has an exception, IllegalStateException: what should take from it may have ended with that.";
    assert!(said.contains(failed), "{said}");
    assert!(ids(&first.advice).contains(&"suspect-advice-failed"));
    let first = mailboxes(false);
    assert!(!english(&first.activity).contains("has an exception"));
    assert!(!ids(&first.advice).contains(&"suspect-advice-failed"));
}
