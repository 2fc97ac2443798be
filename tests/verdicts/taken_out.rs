//! Collections of which their count of changes says whether much was taken out, or nothing was added since they were made.

use crate::{english, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Value};
use oomph::report::{Standing, Suspect};

const ENTRIES: i32 = 3000;

/// A map in a static field from which so many entries were taken out again.
fn map(removed: i32) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let sessions = payload(&mut heap, "com.acme.Session", ENTRIES as usize, 1000);
    let entries: Vec<(Addr, Addr)> = sessions
        .into_iter()
        .enumerate()
        .map(|(at, session)| (heap.string(&format!("session {at}")), session))
        .collect();
    let map = heap.hash_map(&entries);
    heap.set_field(map, "modCount", Value::Int(ENTRIES + 2 * removed));
    held_by_static(&mut heap, "com.acme.Sessions", "OPEN", map);
    judge(heap).suspects.remove(0)
}

#[test]
fn that_much_was_taken_out_of_a_map_is_told_and_nobody_is_acquitted_by_it() {
    let first = map(5 * ENTRIES);
    assert_eq!(first.standing, Standing::Blamed);
    assert!(first.is_leak_if_it_grows());
    let said = english(&first.activity);
    let expected = "By the number of its changes at least 15,000 entries were taken out of it again so far; it has 3,000.";
    assert!(said.contains(expected), "{said}");
    let advised = ids(&first.advice);
    assert!(advised.contains(&"suspect-advice-compare-emptied"), "{advised:?}");
    assert!(advised.contains(&"suspect-advice-taken-out-if-it-grows"), "{advised:?}");
    assert!(!english(&first.advice).contains("never taken out"));
}

#[test]
fn a_few_that_were_taken_out_are_not_told() {
    for removed in [0, ENTRIES / 2] {
        let first = map(removed);
        assert!(!english(&first.activity).contains("taken out of it again"));
        assert!(ids(&first.advice).contains(&"suspect-advice-compare"), "{removed}");
    }
}

/// A list in a static field, made of another one or filled one by one, with room for more or without.
fn list(changes: i32, has_room: bool) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let mut countries = payload(&mut heap, "com.acme.Country", ENTRIES as usize, 1000);
    let list = heap.array_list(&countries);
    heap.set_field(list, "modCount", Value::Int(changes));
    countries.extend(has_room.then_some(Addr::NULL));
    let array = heap.object_array("java.lang.Object[]", &countries);
    heap.set_field(list, "elementData", Value::Ref(array));
    held_by_static(&mut heap, "com.acme.Countries", "ALL", list);
    judge(heap).suspects.remove(0)
}

#[test]
fn a_list_to_which_nothing_was_added_since_it_was_made_has_not_grown() {
    let first = list(0, false);
    assert_eq!(first.standing, Standing::Largest);
    assert!(ids(&first.advice).contains(&"suspect-advice-as-made"), "{:?}", ids(&first.advice));
    for (changes, has_room) in [(ENTRIES, false), (1, false), (0, true)] {
        let first = list(changes, has_room);
        assert_eq!(first.standing, Standing::Blamed, "{changes} {has_room}");
        assert!(!ids(&first.advice).contains(&"suspect-advice-as-made"));
    }
}
