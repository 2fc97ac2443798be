//! What the keys of a library's map differ in, which the application gives them.

use crate::{bytes, english, held_by_static, ids, judge, library_object};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::Suspect;

/// What a key of the map is.
#[derive(Clone, Copy)]
enum Key {
    /// A pair of the library's with a name and a source; which name one at an index has.
    Pair(fn(usize) -> usize),
    Text,
    Number,
}

/// A mapper of a library in a field of the application's, with 2,000 mappings in a map; or that map alone.
fn mappings(key: Key, is_of_library: bool) -> Suspect {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let pair = heap.class("org.apache.mapper.TypePair").loader(loader);
    let pair = pair.field("sourceType", Kind::Ref).field("name", Kind::Ref).field("hash", Kind::Int).build();
    let mapping = heap.class("org.apache.mapper.TypeMapImpl").loader(loader);
    let mapping = mapping.field("mappings", Kind::Ref).build();
    let source = heap.string("com.acme.Source");
    let entries: Vec<(Addr, Addr)> = (0..2000)
        .map(|at| {
            let data = bytes(&mut heap, 2000);
            let key = match key {
                Key::Pair(name) => {
                    let name = heap.string(&format!("tenant-{}", name(at)));
                    heap.instance(pair, &[Value::Ref(source), Value::Ref(name), Value::Int(7)])
                }
                Key::Text => heap.string(&format!("tenant-{at}")),
                Key::Number => heap.boxed_int(i32::try_from(at).unwrap()),
            };
            (key, heap.instance(mapping, &[Value::Ref(data)]))
        })
        .collect();
    let map = heap.concurrent_hash_map(&entries);
    let object = Kind::Ref;
    let held = if is_of_library {
        let store = [("typeMaps", object, Value::Ref(map))];
        let store = library_object(&mut heap, "org.apache.mapper.TypeMapStore", &store);
        library_object(&mut heap, "org.apache.mapper.ModelMapper", &[("store", object, Value::Ref(store))])
    } else {
        map
    };
    held_by_static(&mut heap, "com.acme.Converter", "MAPPER", held);
    judge(heap).suspects.remove(0)
}

#[test]
fn what_the_keys_of_a_map_of_a_library_differ_in_is_told() {
    let first = mappings(Key::Pair(|at| at), true);
    let said = english(&first.activity);
    let expected =
        "That map of the library has 2,000 TypePair as keys, nearly each of them with another name";
    assert!(said.contains(expected), "{first:?}");
    assert!(!said.contains("tenant"), "{said}");
    assert!(ids(&first.advice).contains(&"suspect-advice-keys-of-library"));
    let said = english(&mappings(Key::Text, true).activity);
    assert!(said.contains("has an entry for each of 2,000 different texts"), "{said}");
}

#[test]
fn keys_that_differ_in_no_text_or_are_in_a_map_of_the_application_are_not_told() {
    for (first, why) in [
        (mappings(Key::Pair(|at| at % 20), true), "twenty names"),
        (mappings(Key::Pair(|at| at / 2), true), "each name twice"),
        (mappings(Key::Number, true), "numbers"),
        (mappings(Key::Pair(|at| at), false), "a map of the application's"),
        (mappings(Key::Text, false), "texts in a map of the application's"),
    ] {
        assert!(!ids(&first.advice).contains(&"suspect-advice-keys-of-library"), "{why}");
    }
}

#[test]
fn what_the_application_puts_into_a_collection_of_a_library_is_its_own() {
    let mut heap = HeapBuilder::hotspot17();
    let entries: Vec<(Addr, Addr)> =
        (0..2000).map(|at| (heap.string(&format!("user-{at}")), bytes(&mut heap, 2000))).collect();
    let map = heap.hash_map(&entries);
    let multimap = [("map", Kind::Ref, Value::Ref(map))];
    let multimap = library_object(&mut heap, "com.google.common.collect.ArrayListMultimap", &multimap);
    held_by_static(&mut heap, "com.acme.Directory", "BY_USER", multimap);
    let first = judge(heap).suspects.remove(0);
    assert!(!ids(&first.advice).contains(&"suspect-advice-keys-of-library"), "{first:?}");
}
