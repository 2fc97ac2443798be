//! What objects of the JDK stand for: the number of elements of a collection, the elements, a number, a text.
//!
//! Owns the field names of the JDK's collections, atomics and net classes from 6 on. A class of another shape gives no value rather than a
//! guess. Nothing here trusts the dump: chains are followed for a bounded number of steps.
//! Cost: a few records per value; one per element where elements are visited.

use crate::hprof::{FieldType, Value};
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;
use std::ops::ControlFlow;

/// Elements of one collection that are visited at most: enough for each real collection, and an end for circles.
const MOST_ELEMENTS: usize = 10_000_000;
/// Wrappers around wrappers that are looked through.
const MOST_WRAPPERS: usize = 8;

/// How the JDK keeps elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Another collection in that field.
    Wrapper(&'static str),
    /// A number of elements in a field (an `AtomicInteger` in the linked queue), the elements in an array.
    List { count: &'static str, array: &'static str },
    /// A number of elements in a field, the elements in nodes that hang in an array.
    Table { count: &'static str, table: &'static str },
    /// `ConcurrentHashMap` since 8.
    Concurrent,
    /// `ConcurrentHashMap` until 7: segments.
    Segments,
    /// An array and nothing else.
    Array(&'static str),
    /// A circular array.
    Ring,
    /// Nodes from `head` by `next`, elements in `item`.
    Chain { count: Option<&'static str>, head: &'static str },
    /// A red-black tree.
    Tree,
    /// A number of elements in a field, and elements that are not looked at.
    Counted(&'static str),
}

fn shape_of(class: &str) -> Option<Shape> {
    use Shape::{Array, Chain, Concurrent, Counted, List, Ring, Table, Tree, Wrapper};
    Some(match class {
        "java.util.ArrayList" => List { count: "size", array: "elementData" },
        "java.util.Vector" => List { count: "elementCount", array: "elementData" },
        "java.util.PriorityQueue" | "java.util.concurrent.PriorityBlockingQueue" => {
            List { count: "size", array: "queue" }
        }
        "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue" => {
            List { count: "size", array: "queue" }
        }
        "java.util.TaskQueue" => List { count: "size", array: "queue" },
        "java.util.HashMap" | "java.util.WeakHashMap" => Table { count: "size", table: "table" },
        "java.util.Hashtable" => Table { count: "count", table: "table" },
        "java.util.IdentityHashMap" | "java.util.EnumMap" => Counted("size"),
        "java.util.ImmutableCollections$MapN" | "java.util.ImmutableCollections$SetN" => Counted("size"),
        "java.util.ImmutableCollections$ListN" => Array("elements"),
        "java.util.Arrays$ArrayList" => Array("a"),
        "java.util.concurrent.ConcurrentHashMap" => Concurrent,
        "java.util.TreeMap" => Tree,
        "java.util.HashSet" | "java.util.concurrent.ConcurrentHashMap$KeySetView" => Wrapper("map"),
        "java.util.TreeSet" | "java.util.concurrent.ConcurrentSkipListSet" => Wrapper("m"),
        "java.util.concurrent.CopyOnWriteArraySet" => Wrapper("al"),
        "java.util.concurrent.CopyOnWriteArrayList" => Array("array"),
        "java.util.concurrent.DelayQueue" => Wrapper("q"),
        "java.util.ArrayDeque" => Ring,
        "java.util.LinkedList" => Chain { count: Some("size"), head: "first" },
        "java.util.concurrent.LinkedBlockingQueue" => Chain { count: Some("count"), head: "head" },
        "java.util.concurrent.LinkedBlockingDeque" => Chain { count: Some("count"), head: "first" },
        "java.util.concurrent.ConcurrentLinkedQueue"
        | "java.util.concurrent.ConcurrentLinkedDeque"
        | "java.util.concurrent.LinkedTransferQueue" => Chain { count: None, head: "head" },
        "java.util.concurrent.ArrayBlockingQueue" => Counted("count"),
        "java.util.concurrent.ConcurrentSkipListMap" => Counted("adder"),
        "java.lang.AbstractStringBuilder" | "java.io.ByteArrayOutputStream" | "java.io.CharArrayWriter" => {
            Counted("count")
        }
        "java.util.Collections$UnmodifiableCollection"
        | "java.util.Collections$SynchronizedCollection"
        | "java.util.Collections$CheckedCollection" => Wrapper("c"),
        "java.util.Collections$UnmodifiableMap"
        | "java.util.Collections$SynchronizedMap"
        | "java.util.Collections$CheckedMap"
        | "java.util.Collections$SetFromMap" => Wrapper("m"),
        _ => return None,
    })
}

/// The shape of the nearest known class above that of the object.
fn shape(snapshot: &Snapshot, object: ObjectIx) -> Option<Shape> {
    let mut names = snapshot.classes().lineage(snapshot.class_of(object)).map(|(_, class)| &*class.name);
    let shape = names.find_map(shape_of)?;
    let has = |field: &str| snapshot.field(object, field).is_some();
    Some(match shape {
        // `Properties` keeps its entries in a map of its own since 9.
        Shape::Table { count: "count", .. } if has("map") => Shape::Wrapper("map"),
        Shape::Concurrent if !has("baseCount") => Shape::Segments,
        shape => shape,
    })
}

/// The collection at the end of wrappers, with its shape.
fn unwrapped(snapshot: &Snapshot, mut object: ObjectIx) -> Option<(ObjectIx, Shape)> {
    for _ in 0..MOST_WRAPPERS {
        match shape(snapshot, object)? {
            Shape::Wrapper(field) => object = snapshot.follow(object, field)?,
            shape => return Some((object, shape)),
        }
    }
    None
}

/// How many elements an array, collection, map, string or buffer has; `None` for what is none of these. A class that is not the JDK's and
/// has a field `size` of type `int` is taken for a collection.
pub(super) fn size(snapshot: &Snapshot, object: ObjectIx) -> Option<u64> {
    if let Some(length) = snapshot.array_length(object) {
        return Some(u64::from(length));
    }
    if let Some(units) = snapshot.string_units(object) {
        return Some(units.length() as u64);
    }
    let positive = |number: f64| (number >= 0.0).then_some(number as u64);
    let Some((object, shape)) = unwrapped(snapshot, object) else {
        let Some(Value::Int(size)) = snapshot.field(object, "size") else { return None };
        return u64::try_from(size).ok();
    };
    match shape {
        Shape::Wrapper(_) => None,
        Shape::Counted(field)
        | Shape::List { count: field, .. }
        | Shape::Table { count: field, .. }
        | Shape::Chain { count: Some(field), .. } => positive(number_in(snapshot, object, field)?),
        Shape::Tree => positive(number_in(snapshot, object, "size")?),
        Shape::Concurrent => {
            let cells = snapshot.follow(object, "counterCells");
            positive(snapshot.integer(object, "baseCount")? as f64 + cells_sum(snapshot, cells))
        }
        Shape::Array(field) => snapshot.array_length(snapshot.follow(object, field)?).map(u64::from),
        Shape::Ring => {
            let (head, tail) = (snapshot.integer(object, "head")?, snapshot.integer(object, "tail")?);
            let length = i64::from(snapshot.array_length(snapshot.follow(object, "elements")?)?);
            u64::try_from(tail.wrapping_sub(head).checked_rem_euclid(length)?).ok()
        }
        Shape::Segments | Shape::Chain { count: None, .. } => {
            let mut count = 0;
            elements(snapshot, object, Part::Values, &mut |_| {
                count += 1;
                ControlFlow::Continue(())
            });
            Some(count)
        }
    }
}

/// What of a map is visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The keys. Of what is no map there are none.
    Keys,
    /// The values of a map, the elements of everything else.
    Values,
}

/// Visits the elements of an array or collection of the JDK that are not null. Of a set the elements are visited.
pub(super) fn elements(
    snapshot: &Snapshot,
    object: ObjectIx,
    part: Part,
    visit: &mut dyn FnMut(ObjectIx) -> ControlFlow<()>,
) {
    let array = |array: ObjectIx, limit: usize, visit: &mut dyn FnMut(ObjectIx) -> ControlFlow<()>| {
        let found = snapshot.elements(array).take(limit).filter_map(|id| snapshot.find(id));
        for element in found {
            if visit(element).is_break() {
                break;
            }
        }
    };
    if snapshot.array_length(object).is_some() {
        if part == Part::Values {
            array(object, usize::MAX, visit);
        }
        return;
    }
    let is_set = {
        let mut names = snapshot.classes().lineage(snapshot.class_of(object)).map(|(_, class)| &*class.name);
        names.any(|name| {
            matches!(
                name,
                "java.util.HashSet"
                    | "java.util.TreeSet"
                    | "java.util.concurrent.ConcurrentHashMap$KeySetView"
                    | "java.util.Collections$SetFromMap"
            )
        })
    };
    let Some((collection, shape)) = unwrapped(snapshot, object) else { return };
    let part = if is_set { Part::Keys } else { part };
    let is_map = matches!(shape, Shape::Table { .. } | Shape::Concurrent | Shape::Segments | Shape::Tree);
    if part == Part::Keys && !is_map {
        return;
    }
    match shape {
        Shape::Wrapper(_) | Shape::Counted(_) => {}
        Shape::List { array: field, .. } => {
            let count = size(snapshot, collection).unwrap_or(0) as usize;
            if let Some(data) = snapshot.follow(collection, field) {
                array(data, count.max(1), visit);
            }
        }
        Shape::Array(field) => {
            if let Some(data) = snapshot.follow(collection, field) {
                array(data, usize::MAX, visit);
            }
        }
        Shape::Ring => {
            if let Some(data) = snapshot.follow(collection, "elements") {
                array(data, usize::MAX, visit);
            }
        }
        Shape::Table { table, .. } => nodes_of_table(snapshot, collection, table, part, visit),
        Shape::Concurrent => nodes_of_table(snapshot, collection, "table", part, visit),
        Shape::Segments => {
            let Some(segments) = snapshot.follow(collection, "segments") else { return };
            for segment in snapshot.elements(segments).filter_map(|id| snapshot.find(id)) {
                nodes_of_table(snapshot, segment, "table", part, visit);
            }
        }
        Shape::Chain { head, .. } => {
            let mut node = snapshot.follow(collection, head);
            for _ in 0..MOST_ELEMENTS {
                let Some(at) = node else { break };
                if let Some(item) = snapshot.follow(at, "item")
                    && visit(item).is_break()
                {
                    break;
                }
                node = snapshot.follow(at, "next").filter(|&next| next != at);
            }
        }
        Shape::Tree => nodes_of_tree(snapshot, collection, part, visit),
    }
}

fn in_node(snapshot: &Snapshot, node: ObjectIx, part: Part) -> Option<ObjectIx> {
    let names: &[&str] = match part {
        Part::Keys => &["key", "referent"],
        Part::Values => &["value", "val"],
    };
    names.iter().find_map(|name| snapshot.follow(node, name))
}

fn nodes_of_table(
    snapshot: &Snapshot,
    map: ObjectIx,
    field: &str,
    part: Part,
    visit: &mut dyn FnMut(ObjectIx) -> ControlFlow<()>,
) {
    let Some(table) = snapshot.follow(map, field) else { return };
    let mut left = MOST_ELEMENTS;
    for bucket in snapshot.elements(table).filter_map(|id| snapshot.find(id)) {
        // A bin of a ConcurrentHashMap that became a tree keeps its nodes linked too.
        let mut node = Some(snapshot.follow(bucket, "first").unwrap_or(bucket));
        while let Some(at) = node.filter(|_| left > 0) {
            left -= 1;
            if let Some(found) = in_node(snapshot, at, part)
                && visit(found).is_break()
            {
                return;
            }
            node = snapshot.follow(at, "next");
        }
    }
}

fn nodes_of_tree(
    snapshot: &Snapshot,
    map: ObjectIx,
    part: Part,
    visit: &mut dyn FnMut(ObjectIx) -> ControlFlow<()>,
) {
    let mut stack = Vec::new();
    let mut node = snapshot.follow(map, "root");
    for _ in 0..MOST_ELEMENTS {
        while let Some(at) = node {
            stack.push(at);
            // A tree of a billion nodes is 60 deep; anything deeper is damaged.
            node = snapshot.follow(at, "left").filter(|_| stack.len() < 128);
        }
        let Some(at) = stack.pop() else { return };
        if let Some(found) = in_node(snapshot, at, part)
            && visit(found).is_break()
        {
            return;
        }
        node = snapshot.follow(at, "right");
    }
}

/// The number in a field: a primitive one, or that of a boxed or atomic object.
fn number_in(snapshot: &Snapshot, object: ObjectIx, field: &str) -> Option<f64> {
    match snapshot.field(object, field)? {
        Value::Reference(id) => number(snapshot, snapshot.find(id)?),
        value => primitive(value),
    }
}

/// A primitive value as a number; booleans are 0 and 1, characters their code.
pub(super) fn primitive(value: Value) -> Option<f64> {
    match value {
        Value::Reference(_) => None,
        Value::Boolean(v) => Some(f64::from(u8::from(v))),
        Value::Char(v) => Some(f64::from(v)),
        Value::Float(v) => Some(f64::from(v)),
        Value::Double(v) => Some(v),
        Value::Byte(v) => Some(f64::from(v)),
        Value::Short(v) => Some(f64::from(v)),
        Value::Int(v) => Some(f64::from(v)),
        Value::Long(v) => Some(v as f64),
    }
}

/// The number that a boxed number, an atomic one or an adder stands for.
pub(super) fn number(snapshot: &Snapshot, object: ObjectIx) -> Option<f64> {
    let name = snapshot.class_name(object);
    match name {
        "java.util.concurrent.atomic.LongAdder" => {
            let cells = snapshot.follow(object, "cells");
            Some(snapshot.integer(object, "base")? as f64 + cells_sum(snapshot, cells))
        }
        _ if name.starts_with("java.lang.") || name.starts_with("java.util.concurrent.atomic.") => {
            let is_number = matches!(
                &name[name.rfind('.')? + 1..],
                "Integer"
                    | "Long"
                    | "Short"
                    | "Byte"
                    | "Boolean"
                    | "Character"
                    | "Float"
                    | "Double"
                    | "AtomicInteger"
                    | "AtomicLong"
                    | "AtomicBoolean"
            );
            primitive(snapshot.field(object, "value").filter(|_| is_number)?)
        }
        _ => None,
    }
}

fn cells_sum(snapshot: &Snapshot, cells: Option<ObjectIx>) -> f64 {
    let cells = cells.into_iter().flat_map(|cells| snapshot.elements(cells));
    cells.filter_map(|id| snapshot.integer(snapshot.find(id)?, "value")).map(|value| value as f64).sum()
}

/// What an object says as text, at most `limit` units of it: strings, builders, URIs and URLs, socket addresses, files, enum constants, class
/// mirrors, numbers. `None` for what has no text.
pub(super) fn text(snapshot: &Snapshot, object: ObjectIx, limit: usize) -> Option<String> {
    if let Some(text) = snapshot.text(object, limit) {
        return Some(text);
    }
    if let Some(class) = snapshot.class_of_mirror(object) {
        return Some(class.name.to_string());
    }
    if let Some(number) = number(snapshot, object) {
        let is_boolean = snapshot.class_name(object).ends_with("Boolean");
        return Some(if is_boolean { (number != 0.0).to_string() } else { number.to_string() });
    }
    let field = |name: &str| snapshot.follow(object, name).and_then(|value| snapshot.text(value, limit));
    match snapshot.class_name(object) {
        "char[]" => chars(snapshot, object, limit),
        "java.net.URI" => field("string").or_else(|| {
            let rest = field("schemeSpecificPart").or_else(|| Some(format!("//{}", field("host")?)))?;
            Some(format!("{}:{rest}", field("scheme")?))
        }),
        "java.net.URL" => {
            let port = snapshot.integer(object, "port").filter(|&port| port > 0);
            let port = port.map_or_else(String::new, |port| format!(":{port}"));
            let host = field("host").unwrap_or_default();
            Some(format!("{}://{host}{port}{}", field("protocol")?, field("file").unwrap_or_default()))
        }
        "java.net.InetSocketAddress" => {
            let holder = snapshot.follow(object, "holder").unwrap_or(object);
            let host = snapshot.follow(holder, "hostname").and_then(|host| snapshot.text(host, limit));
            let host = host.or_else(|| inet4(snapshot, snapshot.follow(holder, "addr")?, limit))?;
            Some(format!("{host}:{}", snapshot.integer(holder, "port")?))
        }
        "java.net.Inet4Address" => inet4(snapshot, object, limit),
        "java.io.File" => field("path"),
        "java.util.concurrent.atomic.AtomicReference" | "java.util.Optional" => {
            let inner = snapshot.follow(object, "value")?;
            snapshot.text(inner, limit)
        }
        _ => {
            let classes = snapshot.classes();
            let is = |name| classes.is_named(snapshot.class_of(object), name);
            if is("java.lang.Enum") {
                field("name")
            } else if is("java.lang.AbstractStringBuilder") {
                builder(snapshot, object, limit)
            } else if is("java.lang.Thread") {
                Some(crate::query::thread_name(snapshot, object))
            } else {
                None
            }
        }
    }
}

/// An IPv4 address: the name that it was looked up by, else its numbers.
fn inet4(snapshot: &Snapshot, object: ObjectIx, limit: usize) -> Option<String> {
    let holder = snapshot.follow(object, "holder").unwrap_or(object);
    let host = snapshot.follow(holder, "hostName").and_then(|host| snapshot.text(host, limit));
    host.or_else(|| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an int in the dump")]
        let bits = snapshot.integer(holder, "address")? as u32;
        Some(std::net::Ipv4Addr::from(bits).to_string())
    })
}

fn chars(snapshot: &Snapshot, array: ObjectIx, limit: usize) -> Option<String> {
    let (FieldType::Char, bytes) = snapshot.primitive_elements(array)? else { return None };
    let units = bytes.chunks_exact(2).take(limit).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

fn builder(snapshot: &Snapshot, object: ObjectIx, limit: usize) -> Option<String> {
    let count = usize::try_from(snapshot.integer(object, "count")?).ok()?.min(limit);
    let value = snapshot.follow(object, "value")?;
    match snapshot.primitive_elements(value)? {
        (FieldType::Char, _) => chars(snapshot, value, count),
        (FieldType::Byte, bytes) if snapshot.integer(object, "coder") == Some(0) => {
            Some(bytes.iter().take(count).map(|&byte| char::from(byte)).collect())
        }
        _ => None,
    }
}
