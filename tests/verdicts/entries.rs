//! Maps of which one entry has nearly everything: which key it has says more than the map.

use crate::{english, held_by_static, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// What is said of orders by region, of each of which there are so many, in a map of constants or in one that has keys and values by turns in an array.
fn orders(by_region: [usize; 3], is_of_constants: bool) -> String {
    let mut heap = HeapBuilder::hotspot17();
    let names = ["NORTH", "SOUTH", "EAST"];
    let mut lists: Vec<Addr> = Vec::new();
    for count in by_region {
        let orders = payload(&mut heap, "com.acme.Order", count, 1000);
        lists.push(heap.array_list(&orders));
    }
    let map = if is_of_constants {
        heap.enum_map("com.acme.Region", &[0, 1, 2].map(|at| (names[at], Some(lists[at]))))
    } else {
        let keys = [0, 1, 2].map(|number| heap.boxed_int(number));
        let pairs: Vec<Addr> = keys.into_iter().zip(&lists).flat_map(|(key, &list)| [key, list]).collect();
        let table = heap.object_array("java.lang.Object[]", &pairs);
        let map = heap.class("java.util.IdentityHashMap").field("size", Kind::Int).field("table", Kind::Ref);
        let map = map.build();
        heap.instance(map, &[Value::Int(3), Value::Ref(table)])
    };
    held_by_static(&mut heap, "com.acme.Ledger", "BY_REGION", map);
    english(&judge(heap).suspects[0].activity)
}

#[test]
fn the_key_of_the_one_entry_is_told_where_a_map_has_no_objects_for_its_entries() {
    let said = orders([20, 3000, 20], true);
    assert!(said.contains("Nearly all of it is in one entry of a map, under the key SOUTH."), "{said}");
    let said = orders([20, 20, 3000], false);
    assert!(said.contains("Nearly all of it is in one entry of a map, under the key 2."), "{said}");
}

#[test]
fn no_key_is_told_where_each_entry_has_a_part() {
    for is_of_constants in [true, false] {
        let said = orders([1000, 1000, 1000], is_of_constants);
        assert!(!said.contains("one entry of a map"), "{said}");
    }
}

/// `(swap! state update :open conj record)`: a keyword is a name in the program, as a field is.
#[test]
fn a_keyword_of_clojure_is_told_as_a_key() {
    let told = |name: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let class = |heap: &mut HeapBuilder, name: &str, fields: &[&str]| {
            let class = heap.class(name).loader(loader);
            fields.iter().fold(class, |class, field| class.field(field, Kind::Ref)).build()
        };
        let symbol = class(&mut heap, "clojure.lang.Symbol", &["ns", "name"]);
        let keyword = class(&mut heap, "clojure.lang.Keyword", &["sym"]);
        let map = class(&mut heap, "clojure.lang.PersistentArrayMap", &["array"]);
        let name = heap.string(name);
        let symbol = heap.instance(symbol, &[Value::NULL, Value::Ref(name)]);
        let key = heap.instance(keyword, &[Value::Ref(symbol)]);
        let records = payload(&mut heap, "com.acme.Payment", 2000, 200);
        let records = heap.array_list(&records);
        let array = heap.object_array("java.lang.Object[]", &[key, records]);
        let map = heap.instance(map, &[Value::Ref(array)]);
        held_by_static(&mut heap, "com.acme.Payments", "STATE", map);
        english(&judge(heap).suspects[0].activity)
    };
    let said = told("open");
    assert!(said.contains("under the key :open."), "{said}");
    let said = told("jo@acme.com");
    assert!(!said.contains("acme.com"), "that is no name: {said}");
}
