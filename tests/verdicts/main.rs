//! Verdicts on heaps made for the purpose.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

mod advice;
mod alike_threads;
mod arrays_at_errors;
mod at_work;
mod below;
mod beside_lists;
mod between;
mod caches;
mod caches_with_limits;
mod call_waits;
mod called_by_rules;
mod captured;
mod chunks;
mod class_values;
mod consumers;
mod contents;
mod counted;
mod documents;
mod emptied;
mod ended;
mod entries;
mod executors;
mod few;
mod fields_of_elements;
mod filling;
mod finalizers;
mod fitting;
mod fixed;
mod found_by_rules;
mod found_in_caches;
mod garbage;
mod generated;
mod growing;
mod heaps;
mod holders;
mod in_hand;
mod kept;
mod key_shapes;
mod keys_of_library;
mod known_by_rules;
mod larger_beside;
mod libraries;
mod links;
mod loading;
mod loads;
mod mains;
mod making;
mod monitors;
mod more_libraries;
mod named_by_rules;
mod of_library;
mod off_heap;
mod one_thing;
mod oom;
mod outer;
mod own_lists;
mod own_pools;
mod own_threads;
mod pool;
mod pools;
mod queues;
mod referred_to_by_several;
mod registered;
mod room_for_classes;
mod rules;
mod rules_apart;
mod rules_hold;
mod rules_of_libraries;
mod said_once;
mod same_elements;
mod schedulers;
mod sides;
mod small;
mod sockets;
mod split;
mod spread;
mod stacks;
mod standing;
mod standstill;
mod starved;
mod states;
mod streams;
mod structures;
mod stuck;
mod taken_out;
mod thread_locals;
mod threads;
mod told;

mod unanswered;
mod views;
mod waste;
mod ways;
mod wholes;

use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::inspect::{Context, Options as InspectOptions, report};
use oomph::progress::Progress;
use oomph::report::{Report, Text};
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::Source;

fn judge(heap: HeapBuilder) -> Report {
    report_of(&snapshot(heap))
}

fn report_of(snapshot: &Snapshot) -> Report {
    report(&Context::new(snapshot, InspectOptions::default()), |_| true).unwrap()
}

fn snapshot(heap: HeapBuilder) -> Snapshot {
    let source = Source::from_memory(heap.finish());
    Snapshot::from_source(source, "test.hprof", &Options::default(), &Progress::silent()).unwrap()
}

fn bytes(heap: &mut HeapBuilder, length: usize) -> Addr {
    heap.primitive_array(PrimitiveArray::zeros(Kind::Byte, length))
}

fn held_by_static(heap: &mut HeapBuilder, class: &str, field: &str, value: Addr) {
    heap.app_class(class).static_field(field, Value::Ref(value)).sticky().build();
}

/// Objects of one class of the application, each with some bytes.
fn payload(heap: &mut HeapBuilder, class: &str, count: usize, length: usize) -> Vec<Addr> {
    let class = heap.app_class(class).field("data", Kind::Ref).build();
    (0..count)
        .map(|_| {
            let data = bytes(heap, length);
            heap.instance(class, &[Value::Ref(data)])
        })
        .collect()
}

/// An object of the application's with one field.
fn one_field(heap: &mut HeapBuilder, class: &str, field: &str, value: Addr) -> Addr {
    let class = heap.app_class(class).field(field, Kind::Ref).build();
    heap.instance(class, &[Value::Ref(value)])
}

/// An object of a library, with these fields.
fn library_object(heap: &mut HeapBuilder, class: &str, fields: &[(&str, Kind, Value)]) -> Addr {
    let loader = heap.app_class_loader();
    let mut made = heap.class(class).loader(loader);
    for &(name, kind, _) in fields {
        made = made.field(name, kind);
    }
    let made = made.build();
    let values: Vec<(&str, Value)> = fields.iter().map(|&(name, _, value)| (name, value)).collect();
    heap.instance_with(made, &values)
}

/// The message that a text is made of.
fn id_of(text: &Text) -> Option<&str> {
    match text {
        Text::Message { id, .. } => Some(id),
        _ => None,
    }
}

/// The messages of some texts.
/// These texts in English, one after the other.
fn english(texts: &[Text]) -> String {
    let words: Vec<String> = texts.iter().map(|text| oomph::render::text::Language::En.text(text)).collect();
    words.join(" ")
}

fn ids(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|text| id_of(text).unwrap_or("")).collect()
}
