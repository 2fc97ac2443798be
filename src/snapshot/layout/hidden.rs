//! What the JVM adds to some of its own classes and no dump shows: injected fields and `@Contended` padding, by release.
//!
//! Facts from HotSpot's `javaClasses.hpp` (`*_INJECTED_FIELDS`), `classFileParser.cpp` and the annotations in the class files of JDK 8, 11, 17, 21 and 25;
//! each is a hypothesis that the gaps in a dump confirm or refute (see [`infer`](super::infer)). Knows nothing of offsets.

use super::fields::FieldMix;
use super::model::Packing;
use super::packing::OwnFields;
use super::shape::{CLASS, ClassShape, STACK_CHUNK};

/// Fields that the JVM adds to a class from one release to another (both included).
struct Injected {
    class: &'static str,
    from: u16,
    to: u16,
    /// Pointers of the JVM: as wide as a machine word.
    words: u32,
    fields: FieldMix,
}

const ALWAYS: u16 = u16::MAX;

const fn fields(references: u32, longs: u32, ints: u32, shorts: u32, bytes: u32) -> FieldMix {
    FieldMix { references, longs, ints, shorts, bytes }
}

const fn injected(class: &'static str, from: u16, to: u16, words: u32, fields: FieldMix) -> Injected {
    Injected { class, from, to, words, fields }
}

/// Newest first within a class: when no release is known, the first that the gaps allow is taken.
const INJECTED: &[Injected] = &[
    injected(CLASS, 17, ALWAYS, 2, fields(3, 0, 2, 0, 0)),
    injected(CLASS, 9, 16, 2, fields(2, 0, 2, 0, 0)),
    injected(CLASS, 8, 8, 2, fields(3, 0, 2, 0, 0)),
    injected("java.lang.ClassLoader", 8, ALWAYS, 1, fields(0, 0, 0, 0, 0)),
    injected("java.lang.Module", 9, ALWAYS, 1, fields(0, 0, 0, 0, 0)),
    injected("java.lang.String", 16, ALWAYS, 0, fields(0, 0, 0, 0, 1)),
    injected("java.lang.Thread", 21, ALWAYS, 1, fields(0, 0, 1, 1, 1)),
    injected("java.lang.VirtualThread", 24, ALWAYS, 1, fields(0, 0, 0, 0, 0)),
    injected("java.lang.InternalError", 15, ALWAYS, 0, fields(0, 0, 0, 0, 1)),
    injected("java.lang.StackFrameInfo", 9, ALWAYS, 0, fields(0, 0, 0, 1, 0)),
    injected("java.lang.invoke.MemberName", 11, ALWAYS, 1, fields(0, 0, 0, 0, 0)),
    injected("java.lang.invoke.MemberName", 8, 10, 2, fields(1, 0, 0, 0, 0)),
    injected("java.lang.invoke.ResolvedMethodName", 11, ALWAYS, 1, fields(1, 0, 0, 0, 0)),
    injected("java.lang.invoke.CallSite", 25, ALWAYS, 1, fields(0, 1, 0, 0, 0)),
    injected("java.lang.invoke.MethodHandleNatives$CallSiteContext", 11, ALWAYS, 1, fields(0, 1, 0, 0, 0)),
    injected("java.lang.invoke.MethodHandleNatives$CallSiteContext", 8, 10, 1, fields(0, 0, 0, 0, 0)),
    injected(STACK_CHUNK, 19, ALWAYS, 1, fields(1, 0, 1, 0, 1)),
];

/// One `@Contended` group of a class, by the names of the fields that may be in it.
struct ContendedGroup {
    class: &'static str,
    to: u16,
    fields: &'static [&'static str],
}

const CONTENDED_GROUPS: &[ContendedGroup] = &[
    ContendedGroup {
        class: "java.lang.Thread",
        to: 20,
        fields: &["threadLocalRandomSeed", "threadLocalRandomProbe", "threadLocalRandomSecondarySeed"],
    },
    ContendedGroup {
        class: "java.util.concurrent.ForkJoinPool",
        to: ALWAYS,
        fields: &["ctl", "parallelism"],
    },
    ContendedGroup {
        class: "java.util.concurrent.ForkJoinPool$WorkQueue",
        to: ALWAYS,
        fields: &["top", "source", "nsteals", "access", "phase", "stackPred", "parking"],
    },
    ContendedGroup {
        class: "java.util.concurrent.SubmissionPublisher$BufferedSubscription",
        to: ALWAYS,
        fields: &["demand", "waiting"],
    },
];

/// Classes that are `@Contended` as a whole, up to a release.
const CONTENDED_CLASSES: &[(&str, u16)] = &[
    ("java.util.concurrent.atomic.Striped64$Cell", ALWAYS),
    ("java.util.concurrent.ConcurrentHashMap$CounterCell", ALWAYS),
    ("java.util.concurrent.Exchanger$Node", ALWAYS),
    ("java.util.concurrent.SubmissionPublisher$BufferedSubscription", ALWAYS),
    ("java.util.concurrent.ForkJoinPool", 8),
    ("java.util.concurrent.ForkJoinPool$WorkQueue", 16),
];

/// Classes whose references came first until 14 (their offsets were known to the JVM from its start).
const REFERENCES_FIRST: &[&str] = &[
    "java.lang.AssertionStatusDirectives",
    CLASS,
    "java.lang.ClassLoader",
    "java.lang.ref.Reference",
    "java.lang.ref.SoftReference",
    "java.lang.StackTraceElement",
    "java.lang.String",
    "java.lang.Throwable",
    "java.lang.Boolean",
    "java.lang.Character",
    "java.lang.Float",
    "java.lang.Double",
    "java.lang.Byte",
    "java.lang.Short",
    "java.lang.Integer",
    "java.lang.Long",
];

/// The release that is assumed when the dump does not say: the newest that this table was checked with.
pub const NEWEST_RELEASE: u16 = 25;

/// Whether some release adds something to this class.
pub fn is_special(class: &str) -> bool {
    INJECTED.iter().any(|row| row.class == class)
        || CONTENDED_GROUPS.iter().any(|row| row.class == class)
        || CONTENDED_CLASSES.iter().any(|row| row.0 == class)
}

/// The fields of a class as release `release` laid them out, what the JVM adds included.
pub fn own_fields(shape: &ClassShape<'_>, release: u16, packing: Packing, word_bytes: u32) -> OwnFields {
    let mut own = OwnFields { plain: shape.field_mix(), ..OwnFields::default() };
    own.references_first = packing == Packing::Jdk7To14 && REFERENCES_FIRST.contains(&shape.name);
    if !is_special(shape.name) {
        return own;
    }
    for row in INJECTED.iter().filter(|row| row.class == shape.name && (row.from..=row.to).contains(&release))
    {
        own.plain = own.plain + row.fields;
        if word_bytes == 8 {
            own.plain.longs += row.words;
        } else {
            own.plain.ints += row.words;
        }
    }
    if release < 8 {
        return own; // JEP 142 came with 8
    }
    own.contended = CONTENDED_CLASSES.iter().any(|&(class, to)| class == shape.name && release <= to);
    for row in CONTENDED_GROUPS.iter().filter(|row| row.class == shape.name && release <= row.to) {
        // Where the whole class is padded, its group takes part only if it has one of its own as well.
        if own.contended && shape.name == "java.util.concurrent.ForkJoinPool$WorkQueue" {
            continue;
        }
        let group: FieldMix =
            shape.fields.iter().filter(|f| row.fields.contains(&f.name)).map(|f| f.field_type).collect();
        if !group.is_empty() {
            own.plain = own.plain - group;
            own.groups.push(group);
        }
    }
    own
}

/// Every release at which the fields of this class may differ: the hypotheses to try when the one of the dump's release is refuted.
pub fn releases_to_try(class: &str) -> Vec<u16> {
    let rows = INJECTED.iter().filter(|row| row.class == class).flat_map(|row| [row.from, row.to]);
    let groups = CONTENDED_GROUPS.iter().filter(|row| row.class == class).map(|row| row.to);
    let classes = CONTENDED_CLASSES.iter().filter(|row| row.0 == class).map(|row| row.1);
    let mut releases: Vec<u16> = rows.chain(groups).chain(classes).map(|r| r.min(NEWEST_RELEASE)).collect();
    releases.push(7);
    releases.sort_unstable_by(|a, b| b.cmp(a));
    releases.dedup();
    releases
}

/// The name of a field that is in a dump's list of statics but takes no room in the `java.lang.Class` object: since 9 the dumper writes the constant
/// pool's resolved references, the class's signers and the like as if they were static fields.
pub fn is_pseudo_static(name: &str) -> bool {
    name.starts_with('<')
}
