//! What objects of the JDK stand for: the number of elements of a collection, a number, a date, a text.
//!
//! Owns the field names of the JDK's boxes, atomics, builders, times and net classes from 6 on; those of
//! collections are in the module of that name. A class of another shape gives no value rather than a guess. Two kinds are kept apart: what a class
//! says of itself ([`plain`]: numbers, constants, dates, names of classes) and what an application wrote ([`text`] gives that as well), which a
//! report has only when asked for. Nothing is masked here. Cost: a few records per value.

mod net;
mod numbers;
mod times;

pub use numbers::{number, primitive};

use super::{collection_length, thread_name};
use crate::hprof::{FieldType, Value};
use crate::ix::ObjectIx;
use crate::snapshot::{Heap, Units};

/// How many elements an array, collection, map, string or buffer has; `None` for what is none of these. A class that is not the JDK's and
/// has a field `size` of type `int` is taken for a collection.
pub fn size(heap: &Heap, object: ObjectIx) -> Option<u64> {
    /// Classes of the JDK that count what they have, though they are no collections to their users.
    const COUNTING: &[(&str, &str)] = &[
        ("java.lang.AbstractStringBuilder", "count"),
        ("java.io.ByteArrayOutputStream", "count"),
        ("java.io.CharArrayWriter", "count"),
    ];
    if let Some(length) = heap.array_length(object) {
        return Some(u64::from(length));
    }
    if let Some(units) = heap.string_units(object) {
        return Some(units.length() as u64);
    }
    if let Some(length) = collection_length(heap, object) {
        return Some(length);
    }
    // An atomic reference to an array or a collection is as long as that.
    if heap.class_name(object) == "java.util.concurrent.atomic.AtomicReference" {
        return size_in(heap, heap.follow(object, "value")?);
    }
    let class = heap.class_of(object);
    let counting = COUNTING.iter().find(|&&(name, _)| heap.classes().is_named(class, name));
    let number = match counting {
        Some((_, field)) => numbers::number_in(heap, object, field)?,
        None => match heap.field(object, "size")? {
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
fn size_in(heap: &Heap, object: ObjectIx) -> Option<u64> {
    heap.array_length(object).map(u64::from).or_else(|| collection_length(heap, object))
}

/// What an object says that is no text of the application: a number, a flag, the constant of an enumeration, a date, time or zone, a UUID, a
/// locale, the name of a class, method or thread. `None` for everything else.
pub fn plain(heap: &Heap, object: ObjectIx) -> Option<String> {
    if let Some(class) = heap.class_of_mirror(object) {
        return Some(class.name.to_string());
    }
    if let Some(number) = numbers::digits(heap, object).or_else(|| times::iso(heap, object)) {
        return Some(number);
    }
    let class = heap.class_of(object);
    let is = |name| heap.classes().is_named(class, name);
    match heap.class_name(object) {
        "java.lang.reflect.Method" | "java.lang.reflect.Field" => {
            let owner = heap.class_of_mirror(heap.follow(object, "clazz")?)?;
            Some(format!("{}.{}", owner.name, heap.text_field(object, "name")?))
        }
        "java.lang.reflect.Constructor" => {
            Some(format!("{}.<init>", heap.class_of_mirror(heap.follow(object, "clazz")?)?.name))
        }
        "java.time.ZoneRegion" | "java.time.ZoneOffset" => heap.text_field(object, "id"),
        "java.util.Currency" => heap.text_field(object, "currencyCode"),
        "java.util.Locale" => {
            let base = heap.follow(object, "baseLocale")?;
            let parts = ["language", "script", "region"].map(|part| heap.text_field(base, part));
            Some(parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-"))
        }
        _ if is("java.lang.Enum") => heap.text_field(object, "name"),
        _ if is("java.lang.Thread") => Some(thread_name(heap, object)).filter(|name| !name.is_empty()),
        _ => None,
    }
}

/// What an object says, at most `limit` UTF-16 units of it: [`plain`] values, strings, builders, arrays of characters, files, URIs and URLs, socket
/// addresses, messages of exceptions, regular expressions, what an `Optional` or an atomic reference refers to. `None` for what has no text.
pub fn text(heap: &Heap, object: ObjectIx, limit: usize) -> Option<String> {
    if let Some(units) = units(heap, object) {
        return Some(units.text(limit));
    }
    if let Some(words) = plain(heap, object).or_else(|| net::address(heap, object, limit)) {
        return Some(words);
    }
    let field = |name: &str| heap.text(heap.follow(object, name)?, limit);
    match heap.class_name(object) {
        "java.io.File" => field("path"),
        "sun.nio.fs.UnixPath" => {
            let (FieldType::Byte, bytes) = heap.primitive_elements(heap.follow(object, "path")?)? else {
                return None;
            };
            Some(String::from_utf8_lossy(&bytes[..bytes.len().min(limit)]).into_owned())
        }
        "sun.nio.fs.WindowsPath" => field("path"),
        "java.util.regex.Pattern" => field("pattern"),
        "java.util.concurrent.atomic.AtomicReference" | "java.util.Optional" => {
            let inner = heap.follow(object, "value")?;
            units(heap, inner).map(|units| units.text(limit)).or_else(|| plain(heap, inner))
        }
        _ if heap.classes().is_named(heap.class_of(object), "java.lang.Throwable") => field("detailMessage"),
        _ => None,
    }
}

/// The characters of a string, a builder or an array of them; `None` for everything else. Not copied.
pub fn units(heap: &Heap, object: ObjectIx) -> Option<Units<'_>> {
    if let Some(units) = heap.string_units(object) {
        return Some(units);
    }
    if let Some((FieldType::Char, bytes)) = heap.primitive_elements(object) {
        return Some(Units::Utf16Big(bytes));
    }
    if !heap.classes().is_named(heap.class_of(object), "java.lang.AbstractStringBuilder") {
        return None;
    }
    let count = usize::try_from(heap.integer(object, "count")?).ok()?;
    let (element, bytes) = heap.primitive_elements(heap.follow(object, "value")?)?;
    let first = |bytes_each: usize| bytes.get(..count.checked_mul(bytes_each)?);
    match (element, heap.integer(object, "coder")) {
        (FieldType::Char, _) => Some(Units::Utf16Big(first(2)?)),
        (FieldType::Byte, Some(1)) => Some(Units::Utf16Little(first(2)?)),
        (FieldType::Byte, _) => Some(Units::Latin1(first(1)?)),
        _ => None,
    }
}

/// Key and value of an entry of one of the JDK's maps; `None` for what is no entry. Either may be null.
pub fn entry(heap: &Heap, object: ObjectIx) -> Option<(Option<ObjectIx>, Option<ObjectIx>)> {
    /// Classes of entries with their fields; sub classes are read like them.
    const ENTRIES: &[(&str, &str, &str)] = &[
        ("java.util.HashMap$Node", "key", "value"),
        ("java.util.HashMap$Entry", "key", "value"),
        ("java.util.Hashtable$Entry", "key", "value"),
        ("java.util.TreeMap$Entry", "key", "value"),
        ("java.util.WeakHashMap$Entry", "referent", "value"),
        ("java.util.concurrent.ConcurrentHashMap$Node", "key", "val"),
        ("java.util.concurrent.ConcurrentHashMap$HashEntry", "key", "value"),
        ("java.util.concurrent.ConcurrentSkipListMap$Node", "key", "val"),
        // Until JDK 8.
        ("java.util.concurrent.ConcurrentSkipListMap$Node", "key", "value"),
        ("java.util.AbstractMap$SimpleEntry", "key", "value"),
        ("java.util.AbstractMap$SimpleImmutableEntry", "key", "value"),
        ("java.util.KeyValueHolder", "key", "value"),
        ("java.lang.ThreadLocal$ThreadLocalMap$Entry", "referent", "value"),
    ];
    let class = heap.class_of(object);
    let is_one = |(name, _, value): &&(&str, &str, &str)| {
        heap.classes().is_named(class, name) && heap.field(object, value).is_some()
    };
    let (_, key, value) = ENTRIES.iter().find(is_one)?;
    Some((heap.follow(object, key), heap.follow(object, value)))
}
