//! What is small beside what is known not to grow is told after it.

use crate::{held_by_static, ids, judge, payload};
use hprof_fixtures::{HeapBuilder, Kind, Value};

#[test]
fn what_is_much_larger_and_cannot_grow_is_told_first() {
    let mut heap = HeapBuilder::hotspot17();
    let products = payload(&mut heap, "com.acme.Product", 20_000, 1000);
    let products = heap.object_array("com.acme.Product[]", &products);
    let list = heap.class("java.util.Arrays$ArrayList").field("a", Kind::Ref).build();
    let products = heap.instance(list, &[Value::Ref(products)]);
    held_by_static(&mut heap, "com.acme.Catalog", "BY_ID", products);
    let words = payload(&mut heap, "com.acme.Word", 1500, 1000);
    let words = heap.array_list(&words);
    held_by_static(&mut heap, "com.acme.Index", "BY_WORD", words);
    let said = judge(heap).verdict.sentences;
    assert_eq!(ids(&said)[..2], ["verdict-larger-fixed", "verdict-leak-if-it-grows"]);
}
