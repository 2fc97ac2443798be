//! What the fields of the things that pile up say of whether these are done with.

use crate::{bytes, english, held_by_static, judge};
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::report::Suspect;

/// When the heaps of these tests were dumped.
const DUMPED_MS: i64 = 1_760_000_000_000;
const MINUTE_MS: i64 = 60_000;

/// Sessions with some bytes each and one more field, in a list, in a heap that they fill or in one that has room.
fn sessions(
    field: (&str, Kind),
    is_full: bool,
    value: impl Fn(&mut HeapBuilder, usize) -> Value,
) -> (String, Suspect) {
    things(("com.acme.Session", 2000), field, is_full, value)
}

/// The same of another class, and so many.
fn things(
    (class, count): (&str, usize),
    field: (&str, Kind),
    is_full: bool,
    value: impl Fn(&mut HeapBuilder, usize) -> Value,
) -> (String, Suspect) {
    let mut heap = HeapBuilder::hotspot17();
    if is_full {
        let machine = heap.class("jdk.internal.misc.VM");
        machine.static_field("directMemory", Value::Long(4_700_000)).sticky().build();
    }
    let class = heap.app_class(class).field("data", Kind::Ref).field(field.0, field.1).build();
    let all: Vec<Addr> = (0..count)
        .map(|at| {
            let value = value(&mut heap, at);
            let data = bytes(&mut heap, 4_096_000 / count);
            heap.instance(class, &[Value::Ref(data), value])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Sessions", "ALL", all);
    let first = judge(heap).suspects.remove(0);
    (format!("{} | {}", english(&first.activity), english(&first.advice)), first)
}

/// What is chained goes when its first one is let go of, and the state tells when that is.
#[test]
fn what_has_ended_is_taken_out_of_chains_as_well() {
    let said = |has_ended: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let class = heap.app_class("com.acme.Talk").field("later", Kind::Ref).field("data", Kind::Ref);
        let class = class.field("endedAt", Kind::Long).build();
        let heads: Vec<Addr> = (0..30)
            .map(|_| {
                (0..200).fold(Addr::NULL, |later, at| {
                    let data = bytes(&mut heap, 1000);
                    let ended = if has_ended && at % 60 > 0 { DUMPED_MS - at * MINUTE_MS } else { 0 };
                    heap.instance(class, &[Value::Ref(later), Value::Ref(data), Value::Long(ended)])
                })
            })
            .collect();
        let heads = heap.object_array("com.acme.Talk[]", &heads);
        held_by_static(&mut heap, "com.acme.Talks", "BY_DESK", heads);
        let first = judge(heap).suspects.remove(0);
        crate::ids(&first.advice).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let ended = said(true);
    assert_eq!(ended[..2], ["suspect-advice-done-if-it-grows", "suspect-advice-chain"], "{ended:?}");
    assert_eq!(said(false)[0], "suspect-advice-chain");
}

/// Of what most are done with, though some are not yet, it is told how many; nothing is concluded from it.
#[test]
fn what_most_of_them_are_is_told_as_well() {
    let said = |name: &'static str, of_ten: usize| {
        let value = |_: &mut HeapBuilder, at: usize| match at % 10 < of_ten {
            true => Value::Long(DUMPED_MS - 90 * MINUTE_MS),
            false => Value::Long(0),
        };
        things(("com.acme.Alarm", 2000), (name, Kind::Long), true, value).0
    };
    let most = said("acknowledgedAt", 8);
    assert!(most.contains("acknowledgedAt is set in 1,600 of 2,000 Alarm that were looked at. |"), "{most}");
    assert!(
        most.contains("| Take each out of com.acme.Sessions.ALL once acknowledgedAt is set, if nobody"),
        "{most}"
    );
    assert!(!said("acknowledgedAt", 4).contains("looked at"));
    let flags = |of_ten: usize| {
        let value = |_: &mut HeapBuilder, at: usize| Value::Boolean(at % 10 < of_ten);
        things(("com.acme.Payment", 2000), ("screened", Kind::Boolean), true, value).0
    };
    assert!(
        flags(7).contains("screened is true in 1,400 of 2,000 Payment that were looked at. |"),
        "{}",
        flags(7)
    );
    assert!(!flags(3).contains("looked at"));
}

/// Constants of an enumeration.
fn constants(heap: &mut HeapBuilder, class: &str, names: &[&str]) -> Vec<Addr> {
    let base = heap.class_named("java.lang.Enum");
    let class: ClassRef = heap.app_class(class).extends(base).build();
    let mut made = Vec::new();
    for &name in names {
        let name = heap.string(name);
        made.push(heap.instance_with(class, &[("name", Value::Ref(name))]));
    }
    made
}

#[test]
fn what_is_closed_and_still_held_is_done_with() {
    let closed = |field: &'static str, is_full| {
        sessions((field, Kind::Boolean), is_full, |_, at| Value::Boolean(at % 50 != 0)).0
    };
    for field in ["closed", "isClosed", "sessionClosed", "_disposed"] {
        let said = closed(field, true);
        let expected = format!(
            "{field} is true in 1,960 of 2,000 Session that were looked at: they seem done with, and are still held."
        );
        assert!(said.starts_with(&expected), "{said}");
        let advised =
            format!("| Take each out of com.acme.Sessions.ALL when it is done with ({field} is true)");
        assert!(said.contains(&advised), "{said}");
    }
    // Where it may only be data that is a fact, and no reproach: but of what is nothing once it is closed.
    let account = things(("com.acme.Account", 2000), ("closed", Kind::Boolean), false, |_, at| {
        Value::Boolean(at % 50 != 0)
    })
    .0;
    assert!(account.contains("closed is true in 1,960 of 2,000 Account that were looked at. |"), "{account}");
    assert!(account.contains("If it grows: take each out of com.acme.Sessions.ALL when"), "{account}");
    let evicted = things(("com.acme.Tile", 2000), ("evicted", Kind::Boolean), false, |_, at| {
        Value::Boolean(at % 50 != 0)
    });
    assert!(evicted.0.contains("Tile that were looked at: they seem done with, and are still held."));
    assert!(!evicted.1.is_leak_if_it_grows());
    let said = closed("closed", false);
    assert!(said.contains("looked at: they seem done with, and are still held. |"), "{said}");
    assert!(said.contains("| Take each out of com.acme.Sessions.ALL when"), "{said}");
    assert!(!said.contains("One dump does not tell"), "{said}");
    // Few say it as well as many do; of a handful it may be chance.
    let few = |count| {
        let field = ("closed", Kind::Boolean);
        things(("com.acme.Session", count), field, true, |_, at| Value::Boolean(at != 3)).0
    };
    assert!(few(24).starts_with("closed is true in 23 of 24 Session that were looked at"), "{}", few(24));
    assert!(!few(12).contains("that were looked at"), "{}", few(12));
    // Nothing is done with because its input is, or its headers are sent.
    for field in ["inputClosed", "headersSent", "autoClosed", "visible"] {
        assert!(!closed(field, true).contains("that were looked at"), "{field}");
    }
    // What is done to records says nothing of whether they are needed.
    let said = closed("sent", true);
    assert!(said.contains("sent is true in 1,960 of 2,000 Session that were looked at. |"), "{said}");
    let advised =
        "| Take each out of com.acme.Sessions.ALL once sent is true, if nobody needs it after that.";
    assert!(said.contains(advised), "{said}");
    let half = sessions(("closed", Kind::Boolean), true, |_, at| Value::Boolean(at % 2 == 0)).0;
    assert!(!half.contains("that were looked at"), "{half}");
}

#[test]
fn what_was_open_is_done_with_and_what_never_was_is_not() {
    let told = |field: &'static str, open: usize| {
        sessions((field, Kind::Boolean), true, move |_, at| Value::Boolean(at < open)).0
    };
    let expected = "alive is false in 1,999 of 2,000 Session that were looked at: they seem done with";
    assert!(told("alive", 1).starts_with(expected), "{}", told("alive", 1));
    // One is at work, the others may wait for that.
    let said = told("active", 1);
    assert!(said.contains("active is false in 1,999 of 2,000 Session that were looked at. |"), "{said}");
    // Nobody knows of a task that is not running whether it is to be.
    assert!(!told("active", 0).contains("that were looked at"));
    let said = told("open", 0);
    assert!(said.contains("open is false in all 2,000 Session that were looked at. |"), "{said}");
    assert!(!told("sent", 0).contains("that were looked at"), "not yet");
}

#[test]
fn flags_and_states_in_objects_of_their_own_are_read() {
    let said = sessions(("closed", Kind::Ref), true, |heap, at| {
        let name = "java.util.concurrent.atomic.AtomicBoolean";
        let class =
            if at == 0 { heap.class(name).field("value", Kind::Int).build() } else { heap.class_named(name) };
        Value::Ref(heap.instance(class, &[Value::Int(1)]))
    })
    .0;
    assert!(said.starts_with("closed is true in all 2,000 Session"), "{said}");
}

/// What is said where all of the things share some constants, the first of which nearly all have.
fn in_state(field: &str, names: &'static [&'static str]) -> String {
    let made = std::cell::RefCell::new(Vec::new());
    sessions((field, Kind::Ref), true, |heap, at| {
        if at == 0 {
            *made.borrow_mut() = constants(heap, "com.acme.Status", names);
        }
        let made = made.borrow();
        Value::Ref(made[usize::from(at % 40 == 0) % made.len()])
    })
    .0
}

#[test]
fn the_state_that_nearly_all_are_in_is_told() {
    let said = in_state("status", &["FAILED", "ACTIVE"]);
    let expected = "status is FAILED in 1,950 of 2,000 Session that were looked at: they seem done with";
    assert!(said.starts_with(expected), "{said}");
    // Orders that were delivered may be data.
    let said = in_state("status", &["DELIVERED", "OPEN"]);
    assert!(said.contains("status is DELIVERED in 1,950 of 2,000 Session that were looked at. |"), "{said}");
    assert!(said.contains("once status is DELIVERED, if nobody needs it after that."), "{said}");
    // Whatever a field is called that has a constant: its name says it, or nothing does.
    let said = in_state("step", &["DONE", "ACTIVE"]);
    let expected = "step is DONE in 1,950 of 2,000 Session that were looked at: they seem done with";
    assert!(said.starts_with(expected), "{said}");
    for names in [&["ACTIVE", "DONE"], &["NOT_SENT", "SENT"]] {
        let said = in_state("step", names);
        assert!(!said.contains("that were looked at"), "{said}");
    }
}

#[test]
fn what_has_run_out_is_told() {
    let expiring = |field: &'static str, ms: i64| {
        sessions((field, Kind::Long), true, move |_, at| {
            // A few run out later.
            let late = if at % 100 == 0 { 60 * MINUTE_MS } else { 0 };
            Value::Long(ms + i64::try_from(at).unwrap() + late)
        })
        .0
    };
    let said = expiring("expiresAt", DUMPED_MS - 10 * MINUTE_MS);
    let expected =
        "expiresAt has passed in 1,980 of 2,000 Session that were looked at, and they are still held.";
    assert!(said.starts_with(expected), "{said}");
    assert!(said.contains("| Take each out of com.acme.Sessions.ALL when expiresAt has passed"), "{said}");
    for (field, ms) in [
        ("expiresAt", DUMPED_MS + 10 * MINUTE_MS),
        // When it was made.
        ("createdAt", DUMPED_MS - 10 * MINUTE_MS),
        // A contract of long ago.
        ("validTo", DUMPED_MS - 2000 * 24 * 60 * MINUTE_MS),
        // A clock that started with the machine.
        ("deadline", 5_000_000_000_000_000),
        ("deadline", 30_000),
    ] {
        assert!(!expiring(field, ms).contains("that were looked at"), "{field} {ms}");
    }
    let never = sessions(("wakeAt", Kind::Long), true, |_, _| Value::Long(i64::MAX)).0;
    let expected =
        "wakeAt is Long.MAX_VALUE in all 2,000 Session that were looked at: that time never comes.";
    assert!(never.contains(expected), "{never}");
}

#[test]
fn what_has_a_moment_at_which_it_was_done_with_is_done_with() {
    let ended = |field: &'static str, open: usize| {
        sessions((field, Kind::Long), true, move |_, at| Value::Long(if at < open { 0 } else { DUMPED_MS })).0
    };
    let said = ended("endedAt", 50);
    let expected = "endedAt is set in 1,950 of 2,000 Session that were looked at: they seem done with";
    assert!(said.starts_with(expected), "{said}");
    let advised = "| Take each out of com.acme.Sessions.ALL when it is done with (endedAt is set)";
    assert!(said.contains(advised), "{said}");
    assert!(
        ended("endedAt", 500).contains("endedAt is set in 1,500 of 2,000 Session that were looked at. |")
    );
    assert!(!ended("endedAt", 1000).contains("that were looked at"));
    assert!(!ended("startedAt", 50).contains("that were looked at"));
}

#[test]
fn moments_of_the_jdk_are_read() {
    let said = sessions(("validUntil", Kind::Ref), true, |heap, at| {
        let class = if at == 0 {
            let class = heap.class("java.time.Instant").field("seconds", Kind::Long);
            class.field("nanos", Kind::Int).build()
        } else {
            heap.class_named("java.time.Instant")
        };
        Value::Ref(heap.instance(class, &[Value::Long(DUMPED_MS / 1000 - 600), Value::Int(0)]))
    })
    .0;
    assert!(said.starts_with("validUntil has passed in all 2,000 Session"), "{said}");
}

#[test]
fn what_is_counted_down_to_nothing_is_told() {
    let counted = |field: &'static str, last: i32| {
        sessions((field, Kind::Int), true, move |_, at| Value::Int(if at == 1999 { last } else { 0 })).0
    };
    let said = counted("remaining", 0);
    assert!(said.contains("remaining is 0 in all 2,000 Session that were looked at."), "{said}");
    let said = counted("open", 0);
    assert!(said.contains("open is 0 in all 2,000 Session that were looked at."), "{said}");
    assert!(!counted("remaining", 1).contains("that were looked at"), "not in all");
    assert!(!counted("leftChild", 0).contains("that were looked at"), "counts nothing");
}

/// What is said of envelopes with one entry each, which say nothing themselves. Some entries are in another list, too, and not handled.
fn envelopes(in_two: impl Fn(usize) -> bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("com.acme.Entry").field("data", Kind::Ref).field("handled", Kind::Boolean);
    let class = class.build();
    let envelope = heap.app_class("com.acme.Envelope").field("entry", Kind::Ref).build();
    let mut others = Vec::new();
    let all: Vec<Addr> = (0..2000)
        .map(|at| {
            let data = bytes(&mut heap, 2048);
            let entry = heap.instance(class, &[Value::Ref(data), Value::Boolean(!in_two(at))]);
            others.extend(in_two(at).then_some(entry));
            heap.instance(envelope, &[Value::Ref(entry)])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Outbox", "ALL", all);
    let others = heap.array_list(&others);
    held_by_static(&mut heap, "com.acme.Outbox$Open", "SOME", others);
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn what_is_one_step_below_is_looked_at_as_well() {
    let said = envelopes(|_| false);
    assert!(said.contains("handled is true in all 2,000 Entry that were looked at."), "{said}");
    // Those that others have as well are in another state.
    let said = envelopes(|at| at % 40 == 0);
    assert!(said.contains("handled is true in 1,950 of 2,000 Entry that were looked at."), "{said}");
}

#[test]
fn closed_listeners_are_told_to_be_taken_back() {
    let mut heap = HeapBuilder::hotspot17();
    let machine = heap.class("jdk.internal.misc.VM");
    machine.static_field("directMemory", Value::Long(4_700_000)).sticky().build();
    let class = heap.app_class("com.acme.Session").field("data", Kind::Ref).field("closed", Kind::Boolean);
    let class = class.build();
    let lambda = heap.app_class("com.acme.Session$$Lambda$14").field("arg$1", Kind::Ref).build();
    let all: Vec<Addr> = (0..2000)
        .map(|at| {
            let data = bytes(&mut heap, 2048);
            let session = heap.instance(class, &[Value::Ref(data), Value::Boolean(at > 10)]);
            heap.instance(lambda, &[Value::Ref(session)])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Feed", "listeners", all);
    let first = judge(heap).suspects.remove(0);
    let said = format!("{} | {}", english(&first.activity), english(&first.advice));
    assert!(
        said.starts_with("closed is true in 1,989 of 2,000 Session that were looked at: they seem done"),
        "{said}"
    );
    assert!(said.contains("They are registered (listeners) and seem done with (closed is true)"), "{said}");
}

/// Listeners of an inner class, each made in an object of its own.
#[test]
fn what_is_around_an_inner_object_is_looked_at_as_well() {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class("com.acme.Editor").field("data", Kind::Ref).field("closed", Kind::Boolean);
    let class = class.build();
    let inner = heap.app_class("com.acme.Editor$Watch").field("this$0", Kind::Ref).build();
    let all: Vec<Addr> = (0..2000)
        .map(|at| {
            let data = bytes(&mut heap, 2048);
            let editor = heap.instance(class, &[Value::Ref(data), Value::Boolean(at > 10)]);
            heap.instance(inner, &[Value::Ref(editor)])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Bus", "ALL", all);
    let said = english(&judge(heap).suspects[0].activity);
    assert!(said.contains("closed is true in 1,989 of 2,000 Editor that were looked at"), "{said}");
}
