//! Lists and queues of the application's own making.

use crate::{bytes, english, held_by_static, ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// Who owns a list of 2,000 jobs.
#[derive(Debug, Clone, Copy, Default)]
struct Owner {
    /// Whether a field leads to the last one.
    has_tail: bool,
    /// What a number of it says.
    number: i32,
    /// Whether a printer has a job in hand that was in the list.
    is_taken: bool,
    /// Whether that printer has one in hand that is in the list still.
    is_peeked: bool,
    /// Whether it has one in hand that leads to none.
    is_new: bool,
}

fn jobs(owner: Owner) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let job = heap.app_class("com.acme.Job").field("behind", Kind::Ref).field("page", Kind::Ref).build();
    let mut all = Vec::new();
    let mut first = Addr::NULL;
    for _ in 0..2001 {
        let page = bytes(&mut heap, 1000);
        first = heap.instance(job, &[Value::Ref(first), Value::Ref(page)]);
        all.push(first);
    }
    // The last one that was made stands before all others, and was taken.
    let (taken, first, last) = (all[2000], all[1999], all[0]);
    let queue = heap.app_class("com.acme.Jobs").field("first", Kind::Ref).field("last", Kind::Ref);
    let queue = queue.field("number", Kind::Int).build();
    let tail = if owner.has_tail { last } else { Addr::NULL };
    let fields = [Value::Ref(first), Value::Ref(tail), Value::Int(owner.number)];
    let queue = heap.instance(queue, &fields);
    held_by_static(&mut heap, "com.acme.Printers", "JOBS", queue);
    let printer = heap.app_class("com.acme.Printer").build();
    if owner.is_taken || owner.is_peeked || owner.is_new {
        let page = bytes(&mut heap, 1000);
        let new = heap.instance(job, &[Value::NULL, Value::Ref(page)]);
        let in_hand = match (owner.is_taken, owner.is_new) {
            (true, _) => taken,
            (_, true) => new,
            _ => all[1000],
        };
        heap.thread("printer-1").frame(printer, "print", "()V", "Printer.java", 7).local(in_hand).build();
    }
    judge(heap)
}

fn said(report: &Report) -> (String, Vec<&str>) {
    let first = &report.suspects[0];
    assert_eq!(first.holder.label(), "com.acme.Jobs.first");
    (english(&first.activity), ids(&first.advice))
}

#[test]
fn a_list_with_an_owner_is_no_chain_that_somebody_keeps() {
    let report = jobs(Owner { number: 2000, ..Owner::default() });
    let (activity, advice) = said(&report);
    assert!(
        activity.contains("com.acme.Jobs.first leads to a linked list of 2,000 com.acme.Job: each leads to the next one by behind."),
        "{activity}"
    );
    assert!(advice.contains(&"suspect-advice-field-if-it-grows"), "{advice:?}");
    assert!(!advice.contains(&"suspect-advice-chain"), "{advice:?}");
    let report = jobs(Owner { number: 3, ..Owner::default() });
    let (activity, advice) = said(&report);
    assert!(!activity.contains("linked list"), "neither a number nor another end: {activity}");
    assert!(advice.contains(&"suspect-advice-chain"), "{advice:?}");
}

#[test]
fn a_list_with_two_ends_is_a_queue() {
    let report = jobs(Owner { has_tail: true, ..Owner::default() });
    let (activity, advice) = said(&report);
    assert!(
        activity.contains("com.acme.Jobs.first and com.acme.Jobs.last are the two ends of a linked list of 2,000 com.acme.Job"),
        "{activity}"
    );
    assert!(advice.contains(&"suspect-advice-queue-if-it-grows"), "{advice:?}");
    assert!(!activity.contains("in hand"), "{activity}");
}

#[test]
fn who_has_one_in_hand_that_is_not_in_the_queue_may_have_taken_it() {
    let report = jobs(Owner { has_tail: true, is_taken: true, ..Owner::default() });
    let first = &report.suspects[0];
    let activity = english(&first.activity);
    assert!(activity.contains("Thread printer-1 is at work in com.acme.Printer.print(Printer.java:7) and has one com.acme.Job in hand"), "{activity}");
    assert!(
        first.backlog && ids(&first.advice).contains(&"suspect-advice-queue-consumer"),
        "{:?}",
        first.advice
    );
    let report = jobs(Owner { has_tail: true, is_peeked: true, ..Owner::default() });
    assert!(!english(&report.suspects[0].activity).contains("if it took that"), "it is in the queue still");
    let report = jobs(Owner { has_tail: true, is_new: true, ..Owner::default() });
    assert!(english(&report.suspects[0].activity).contains("if it took that"));
    assert!(!report.suspects[0].backlog, "it may be about to put that into it");
}

/// A few histories in a list, which counts what it has.
#[test]
fn many_lists_are_counted_and_their_owner_is_named() {
    let activity = |is_counted: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let command = heap.app_class("com.acme.Command").field("older", Kind::Ref).field("tiles", Kind::Ref);
        let command = command.build();
        let history = heap.app_class("com.acme.History").field("newest", Kind::Ref).field("depth", Kind::Int);
        let history = history.build();
        let histories: Vec<Addr> = (0..3)
            .map(|number| {
                let length = 1995 + number;
                let newest = (0..length).fold(Addr::NULL, |older, _| {
                    let tiles = bytes(&mut heap, 1200);
                    heap.instance(command, &[Value::Ref(older), Value::Ref(tiles)])
                });
                let depth = if is_counted { length } else { 0 };
                heap.instance(history, &[Value::Ref(newest), Value::Int(depth)])
            })
            .collect();
        let map = heap.array_list(&histories);
        held_by_static(&mut heap, "com.acme.Designs", "BY_USER", map);
        let report = judge(heap);
        let title = english(std::slice::from_ref(&report.suspects[0].title));
        format!("{title} {}", english(&report.suspects[0].activity))
    };
    let said = activity(true);
    assert!(
        said.contains("They are in 3 linked lists, to which com.acme.History.newest leads, with about 1,996 com.acme.Command each: each of these leads to the next one by older."),
        "{said}"
    );
    assert!(!activity(false).contains("linked lists"));
}

/// Timers in the slots of a wheel, in lists that lead both ways; the payments that are open have noted theirs. Who has the list has one of its ends: the wheel. `each` are in
/// a list, and every one of `noted` is noted.
fn timers(lists: usize, each: usize, noted: usize) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let timer = heap.app_class("com.acme.Timer").field("next", Kind::Ref).field("prev", Kind::Ref);
    let timer = timer.field("what", Kind::Ref).build();
    let payment = heap.app_class("com.acme.Payment").field("timeout", Kind::Ref).build();
    let (mut heads, mut open, mut made) = (Vec::new(), Vec::new(), 0);
    for _ in 0..lists {
        let mut before = Addr::NULL;
        for _ in 0..each {
            let what = bytes(&mut heap, 400);
            let next = heap.instance(timer, &[Value::NULL, Value::Ref(before), Value::Ref(what)]);
            if before == Addr::NULL {
                heads.push(next);
            } else {
                heap.set_field(before, "next", Value::Ref(next));
            }
            before = next;
            made += 1;
            if (made + noted / 2).is_multiple_of(noted) {
                open.push(heap.instance(payment, &[Value::Ref(next)]));
            }
        }
    }
    let slots = heap.object_array("com.acme.Timer[]", &heads);
    let wheel = heap.app_class("com.acme.Wheel").field("slots", Kind::Ref).build();
    let wheel = heap.instance(wheel, &[Value::Ref(slots)]);
    let service = heap.app_class("com.acme.Service").field("wheel", Kind::Ref).build();
    let service = heap.instance(service, &[Value::Ref(wheel)]);
    held_by_static(&mut heap, "com.acme.App", "SERVICE", service);
    let open = heap.array_list(&open);
    held_by_static(&mut heap, "com.acme.Payments", "OPEN", open);
    judge(heap)
}

#[test]
fn who_has_noted_some_links_of_a_list_has_none_of_it() {
    let first = |report: &Report| (report.suspects[0].holder.label(), report.suspects.len());
    assert_eq!(first(&timers(40, 100, 20)), ("com.acme.Wheel.slots".to_owned(), 1));
    assert_eq!(first(&timers(1, 6000, 300)), ("com.acme.Wheel.slots".to_owned(), 1), "one long list");
    // Each is noted: who has noted them keeps them as well.
    let report = timers(40, 100, 1);
    assert!(
        report.suspects[0].holder.label() != "com.acme.Wheel.slots" || report.suspects[0].holders.len() > 1
    );
}
