//! What the heap tells of the virtual machine that it belongs to: arguments, environment, collectors, limits.
//!
//! Each answer is in the heap only if somebody has asked the JDK for it before; empty or `None` says no more than that.
//! Cost: a few records.

use super::collections::{elements_of, entries_of};
use crate::hprof::Value;
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

/// Longest argument or value that is read, in characters.
const LIMIT: usize = 1 << 14;

fn text(snapshot: &Snapshot, object: ObjectIx) -> Option<String> {
    snapshot.text(object, LIMIT)
}

/// Objects of the class of that name and of its sub classes, at most `count`.
fn some_instances(snapshot: &Snapshot, name: &str, count: usize) -> Vec<ObjectIx> {
    let mut wanted = vec![false; snapshot.classes().len()];
    let classes = snapshot.classes().sub_classes_of(name);
    if classes.is_empty() {
        return Vec::new();
    }
    classes.iter().for_each(|class| wanted[class.index()] = true);
    snapshot.objects().filter(|&object| wanted[snapshot.class_of(object).index()]).take(count).collect()
}

/// The arguments of the JVM (`-Xmx2g`, `-Dx=y`) as `RuntimeMXBean` has cached them. Not masked.
pub fn vm_arguments(snapshot: &Snapshot) -> Vec<String> {
    let known = snapshot.static_reference("sun.management.ManagementFactoryHelper", "jvm");
    let management = known.map_or_else(
        || some_instances(snapshot, "sun.management.VMManagementImpl", 4),
        |object| vec![object],
    );
    let lists = management.into_iter().filter_map(|object| snapshot.follow(object, "vmArgs"));
    lists
        .flat_map(|list| elements_of(snapshot, list, 4096))
        .filter_map(|argument| text(snapshot, argument))
        .collect()
}

/// The environment variables, sorted by name. Not masked.
pub fn environment(snapshot: &Snapshot) -> Vec<(String, String)> {
    let map = ["theEnvironment", "theUnmodifiableEnvironment"]
        .into_iter()
        .find_map(|field| snapshot.static_reference("java.lang.ProcessEnvironment", field));
    let Some(map) = map else { return Vec::new() };
    // On Unix both sides are wrapped: `Variable` and `Value` with the text in `str`.
    let unwrap = |object| text(snapshot, object).or_else(|| snapshot.text_field(object, "str"));
    let entries = entries_of(snapshot, map, 1 << 16).into_iter();
    let mut variables: Vec<(String, String)> =
        entries.filter_map(|(name, value)| Some((unwrap(name?)?, unwrap(value?)?))).collect();
    variables.sort();
    variables
}

/// The names of the garbage collectors, if the management beans were made.
pub fn garbage_collectors(snapshot: &Snapshot) -> Vec<String> {
    let beans = some_instances(snapshot, "sun.management.GarbageCollectorImpl", 16);
    let mut names: Vec<String> =
        beans.into_iter().filter_map(|bean| snapshot.text_field(bean, "name")).collect();
    names.sort();
    names.dedup();
    names
}

/// How large the heap could grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeapLimit {
    /// In bytes.
    pub bytes: u64,
    /// Whether it is the limit of direct memory, which follows the heap's: the virtual machine leaves a part of the young generation out of
    /// it, and an argument may have set it where the dump does not hold the arguments.
    pub is_estimate: bool,
}

/// Whether what the heap may take says whether something in it is large, where `used_bytes` are in use: a limit that is very many times as much was chosen by
/// nobody, and beside it nothing is large.
pub fn is_measure_of_heap(limit_bytes: u64, used_bytes: u64) -> bool {
    const FAR: u64 = 64;
    limit_bytes / FAR <= used_bytes
}

/// How large the heap could grow: `-Xmx` where the dump has the arguments, otherwise the limit of direct memory, which is about the same
/// unless it was set. `used_bytes` are in the dump: a limit below that was not the heap's.
pub fn heap_limit(snapshot: &Snapshot, used_bytes: u64) -> Option<HeapLimit> {
    let arguments = vm_arguments(snapshot);
    let of_option = |name: &str| {
        let value = arguments.iter().rev().find_map(|argument| argument.strip_prefix(name))?;
        size_of_option(value)
    };
    let given = of_option("-Xmx").or_else(|| of_option("-XX:MaxHeapSize="));
    let is_set = arguments.iter().any(|argument| argument.starts_with("-XX:MaxDirectMemorySize="))
        || has_own_direct_limit(snapshot);
    let by_default = || direct_memory_limit(snapshot).filter(|_| !is_set);
    let exact = given.map(|bytes| HeapLimit { bytes, is_estimate: false });
    let estimate = || by_default().map(|bytes| HeapLimit { bytes, is_estimate: true });
    exact.or_else(estimate).filter(|limit| limit.bytes >= used_bytes)
}

/// Whether direct memory was given a limit of its own: the virtual machine hands it to the JDK as a property, which is kept apart from those
/// that programs see.
fn has_own_direct_limit(snapshot: &Snapshot) -> bool {
    const PROPERTY: &str = "sun.nio.MaxDirectMemorySize";
    let places = [("jdk.internal.misc.VM", "savedProps"), ("sun.misc.VM", "savedProps")];
    let kept = places.into_iter().find_map(|(class, field)| snapshot.static_reference(class, field));
    let entries = kept.map(|map| entries_of(snapshot, map, 1 << 12)).unwrap_or_default();
    entries.into_iter().any(|(name, value)| {
        let is_it = name.and_then(|name| text(snapshot, name)).is_some_and(|name| name == PROPERTY);
        // -1 stands for the default.
        let bytes = || text(snapshot, value?)?.parse::<i64>().ok();
        is_it && bytes().is_some_and(|bytes| bytes > 0)
    })
}

/// A size as options of the virtual machine have it: `512m`, `2G`, `1073741824`.
fn size_of_option(value: &str) -> Option<u64> {
    let digits = value.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let shift = match value[digits.len()..].to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// How much direct memory may be allocated, in bytes: `-XX:MaxDirectMemorySize`, or the largest heap if that is not given.
pub fn direct_memory_limit(snapshot: &Snapshot) -> Option<u64> {
    let places = [
        ("java.nio.Bits", "MAX_MEMORY"),
        ("java.nio.Bits", "maxMemory"),
        ("jdk.internal.misc.VM", "directMemory"),
        ("sun.misc.VM", "directMemory"),
    ];
    places.into_iter().find_map(|(class, field)| {
        let classes = snapshot.classes().named(class).iter();
        let mut values = classes.filter_map(|&class| snapshot.classes().get(class).static_value(field));
        values.find_map(Value::integer).and_then(|bytes| u64::try_from(bytes).ok()).filter(|&bytes| bytes > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_options_have_them() {
        let read = ["512m", "2G", "1073741824", "64K", "1t", "", "m", "12x", "99999999999999999999"];
        let expected = [Some(512 << 20), Some(2 << 30), Some(1 << 30), Some(64 << 10), Some(1 << 40)];
        assert_eq!(read.map(size_of_option)[..5], expected);
        assert_eq!(read.map(size_of_option)[5..], [None; 4]);
    }
}
