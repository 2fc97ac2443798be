//! What the keys of a map look like: patterns that many follow, and how many values their fields have.

use crate::{bytes, english, held_by_static, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// What is said of a map of histograms by keys that are made so.
fn by_keys(count: usize, key: impl Fn(&mut HeapBuilder, usize) -> Addr) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let histogram = heap.app_class("com.acme.Histogram").field("counts", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..count)
        .map(|at| {
            let key = key(&mut heap, at);
            let counts = bytes(&mut heap, 4000);
            (key, heap.instance(histogram, &[Value::Ref(counts)]))
        })
        .collect();
    let map = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Latency", "BY_ROUTE", map);
    let first = judge(heap).suspects.remove(0);
    format!("{} | {}", english(&first.activity), english(&first.advice))
}

#[test]
fn patterns_that_many_keys_follow_are_told_and_no_single_key() {
    let said = by_keys(1000, |heap, at| {
        let key = match at % 10 {
            0..6 => format!("/api/carts/{at}"),
            6..9 => format!("/api/customers/{at}/orders"),
            // Nobody else is called so: that stays in the dump.
            _ => format!(
                "/api/people/{}-{at}",
                (0..5)
                    .map(|digit| char::from(b'a' + (at / 7_usize.pow(digit) % 7) as u8))
                    .collect::<String>()
            ),
        };
        heap.string(&key)
    });
    let expected =
        "Keys look like \"/api/carts/*\" (600 of 1,000 looked at) and \"/api/customers/*/orders\".";
    let advised = "where one entry for all ids is enough, as for a timer or a counter, use the template of the path as the key (\"/api/carts/{id}\"), else bound com.acme.Latency.BY_ROUTE, or let entries expire.";
    assert!(said.contains(expected), "{said}");
    assert!(said.contains(advised), "{said}");
    assert!(!said.contains("look at what is put into"), "{said}");
    assert!(!said.contains("people"), "{said}");
}

/// Ids in base 36 often begin with letters, and some have no digit.
#[test]
fn keys_of_one_word_and_an_id_are_counted_by_the_word() {
    let said = by_keys(1000, |heap, at| {
        let digits = "0123456789abcdefghijklmnopqrstuvwxyz".as_bytes();
        let mut number = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
        let mut id = String::new();
        while number > 0 {
            id.push(char::from(digits[(number % 36) as usize]));
            number /= 36;
        }
        heap.string(&if at % 100 == 0 { format!("user-{at}") } else { format!("anon-{id}") })
    });
    assert!(said.contains("Keys look like \"anon-*\" (990 of 1,000 looked at)"), "{said}");
}

#[test]
fn patterns_of_few_keys_and_keys_without_numbers_are_not_told() {
    for (said, why) in [
        (by_keys(1000, |heap, at| heap.string(&format!("group {} of {at}", "x".repeat(at % 50)))), "20 each"),
        (by_keys(1000, |heap, at| heap.string(&"x".repeat(at))), "no number in them"),
        (by_keys(1000, |heap, at| heap.string(&format!("{at:06}"))), "numbers as texts"),
        (by_keys(1000, |heap, at| heap.boxed_int(i32::try_from(at).unwrap())), "numbers"),
    ] {
        assert!(!said.contains("Keys look like"), "{why}: {said}");
        assert!(said.contains("look at what is put into"), "{why}: {said}");
    }
}

#[test]
fn how_many_values_the_fields_of_keys_have_is_told() {
    let key = |heap: &mut HeapBuilder, at: usize, is_known: bool| {
        // One class for all keys of a heap.
        let class = if at == 0 {
            let class = heap.app_class("com.acme.QuoteKey").field("zone", Kind::Ref);
            class.field("minute", Kind::Long).field("of", Kind::Ref).build()
        } else {
            heap.class_named("com.acme.QuoteKey")
        };
        let (zone, other) = (heap.string(["NORTH", "SOUTH"][at % 2]), heap.string("x"));
        let minute = Value::Long(i64::try_from(at / 2).unwrap());
        let of = if is_known {
            other
        } else {
            heap.instance(class, &[Value::Ref(zone), minute, Value::Ref(other)])
        };
        heap.instance(class, &[Value::Ref(zone), minute, Value::Ref(of)])
    };
    let said = by_keys(1000, |heap, at| key(heap, at, true));
    let expected =
        "Its keys are QuoteKey: among 1,000 looked at minute has 500 different values, zone 2, of 1.";
    assert!(said.contains(expected), "{said}");
    // Of objects nobody knows how many differ.
    let said = by_keys(1000, |heap, at| key(heap, at, false));
    assert!(said.contains("minute has 500 different values, zone 2."), "{said}");
    assert!(!said.contains("NORTH"), "{said}");
}

#[test]
fn ids_in_keys_are_told_as_such() {
    let said = by_keys(1000, |heap, at| {
        let at = at as u64;
        heap.string(&format!(
            "session:{:08x}-4f89-41d3-9a0c-{:012x}",
            at * 0x9e37_79b9 % (1 << 32),
            at * 7919
        ))
    });
    assert!(said.contains("Keys look like \"session:*\" (1,000 looked at)."), "{said}");
    assert!(said.contains("look at what is put into"), "no path: {said}");
}

#[test]
fn ports_in_keys_are_told_to_be_left_out() {
    let address = |at: usize| format!("10.0.{}.{}", at % 4, at % 250);
    let said = by_keys(1000, |heap, at| heap.string(&format!("{}:{}", address(at), 30_000 + at)));
    assert!(said.contains("Keys look like \"*.*.*.*:*\" (1,000 looked at)."), "{said}");
    assert!(
        said.contains("each connection of a client has another port, so leave it out of the key"),
        "{said}"
    );
    let said = by_keys(1000, |heap, at| heap.string(&format!("172.16.{}.{}", at / 250, at % 250)));
    assert!(said.contains("Keys look like \"*.*.*.*\" (1,000 looked at)."), "{said}");
    assert!(said.contains("look at what is put into"), "{said}");
    // Numbers alone are no pattern.
    assert!(!by_keys(1000, |heap, at| heap.string(&at.to_string())).contains("Keys look like"));
}

/// What is said of a map whose keys have a client out of so many, a minute out of so many, and a zone.
fn by_quotes(clients: usize, minutes: usize) -> String {
    by_keys(1000, |heap, at| {
        let class = if at == 0 {
            let class = heap.app_class("com.acme.QuoteKey").field("client", Kind::Ref);
            class.field("minute", Kind::Long).field("zone", Kind::Int).build()
        } else {
            heap.class_named("com.acme.QuoteKey")
        };
        let client = heap.string(&format!("client {}", at % clients));
        let minute = Value::Long(i64::try_from(at % minutes).unwrap());
        heap.instance(class, &[Value::Ref(client), minute, Value::Int(i32::try_from(at % 7).unwrap())])
    })
}

#[test]
fn a_field_that_hardly_any_two_keys_have_the_same_of_is_told_to_be_left_out() {
    let said = by_quotes(950, 400);
    let expected = "Hardly any two keys have the same client: among 1,000 QuoteKey looked at it has 950 different values, minute 400, zone 7.";
    assert!(said.contains(expected), "{said}");
    let advised = "If it grows: nearly each entry has another client in its key; leave it out of the key if the values do not depend on it, or limit com.acme.Latency.BY_ROUTE by size and age";
    assert!(said.contains(advised), "{said}");
    // An id is what the thing is known by.
    let said = by_quotes(1000, 400);
    assert!(
        said.contains("Each of the 1,000 QuoteKey looked at, which are its keys, has another client."),
        "{said}"
    );
    assert!(said.contains("look at what is put into"), "{said}");
    // With several it is a thing itself, and no key.
    let said = by_quotes(1000, 1000);
    assert!(!said.contains("keys"), "{said}");
    let said = by_quotes(300, 400);
    assert!(said.contains("look at what is put into"), "{said}");
}

/// What is advised of requests that are in a map with little beside each, as its keys or under numbers.
fn requests(are_keys: bool, is_record: bool) -> String {
    requests_in(are_keys, is_record, false)
}

/// The same, or in a set that is made of such a map.
fn requests_in(are_keys: bool, is_record: bool, in_set: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let parent =
        if is_record { heap.class("java.lang.Record").build() } else { heap.class_named("java.lang.Object") };
    let request = heap.app_class("com.acme.Request").extends(parent).field("data", Kind::Ref).build();
    let entries: Vec<(Addr, Addr)> = (0..1000)
        .map(|number| {
            let data = bytes(&mut heap, 4000);
            let request = heap.instance_with(request, &[("data", Value::Ref(data))]);
            let number = heap.boxed_int(number);
            if are_keys { (request, number) } else { (number, request) }
        })
        .collect();
    let mut map = heap.hash_map(&entries);
    if in_set {
        let set = heap.class_named("java.util.HashSet");
        map = heap.instance(set, &[Value::Ref(map)]);
    }
    held_by_static(&mut heap, "com.acme.Requests", "ACTIVE", map);
    english(&judge(heap).suspects[0].advice)
}

#[test]
fn keys_that_may_change_are_told_to_be_such() {
    let told = "Each Request is itself a key there: remove() does not find a key whose hashCode()";
    let said = requests(true, false);
    assert!(said.contains(told), "{said}");
    assert!(!requests(false, false).contains("itself a key"));
    assert!(!requests(true, true).contains("itself a key"), "records do not change");
    assert!(!requests_in(true, false, true).contains("itself a key"), "what is in a set is no key");
}
