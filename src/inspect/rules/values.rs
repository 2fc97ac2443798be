//! What objects of the JDK stand for: the number of elements of a collection, a number, a text.
//!
//! Owns the field names of the JDK's atomics, builders and net classes from 6 on; those of collections are [`crate::query`]'s. A class of another
//! shape gives no value rather than a guess. Cost: a few records per value.

use crate::hprof::{FieldType, Value};
use crate::ix::ObjectIx;
use crate::query::collection_length;
use crate::snapshot::Snapshot;

/// How many elements an array, collection, map, string or buffer has; `None` for what is none of these. A class that is not the JDK's and
/// has a field `size` of type `int` is taken for a collection.
pub(super) fn size(snapshot: &Snapshot, object: ObjectIx) -> Option<u64> {
    /// Classes of the JDK that count what they have, though they are no collections to their users.
    const COUNTING: &[(&str, &str)] = &[
        ("java.lang.AbstractStringBuilder", "count"),
        ("java.io.ByteArrayOutputStream", "count"),
        ("java.io.CharArrayWriter", "count"),
    ];
    if let Some(length) = snapshot.array_length(object) {
        return Some(u64::from(length));
    }
    if let Some(units) = snapshot.string_units(object) {
        return Some(units.length() as u64);
    }
    if let Some(length) = collection_length(snapshot, object) {
        return Some(length);
    }
    // An atomic reference to an array or a collection is as long as that.
    if snapshot.class_name(object) == "java.util.concurrent.atomic.AtomicReference" {
        return size_in(snapshot, snapshot.follow(object, "value")?);
    }
    let class = snapshot.class_of(object);
    let counting = COUNTING.iter().find(|&&(name, _)| snapshot.classes().is_named(class, name));
    let number = match counting {
        Some((_, field)) => number_in(snapshot, object, field)?,
        None => match snapshot.field(object, "size")? {
            Value::Int(size) => f64::from(size),
            _ => return None,
        },
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and saturates"
    )]
    (number >= 0.0).then_some(number as u64)
}

/// The number of elements of what an atomic reference refers to.
fn size_in(snapshot: &Snapshot, object: ObjectIx) -> Option<u64> {
    snapshot.array_length(object).map(u64::from).or_else(|| collection_length(snapshot, object))
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
