//! What the JVM adds to some of its own classes and no dump shows: injected fields and `@Contended` padding, by release.
//!
//! Facts from HotSpot's `javaClasses.hpp` (`*_INJECTED_FIELDS`), `classFileParser.cpp` and the annotations in the class files of JDK 8, 11, 17, 21 and 25;
//! each is a hypothesis that the gaps in a dump confirm or refute (see `infer`). Knows nothing of offsets.

use super::fields::FieldMix;
use super::model::Packing;
use super::packing::OwnFields;
use super::shape::{CLASS, ClassShape, STACK_CHUNK};

/// Fields that the JVM adds to a class from one release to another (both included).
struct Injected {
    class: &'static str,
    from: u16,
    to: u16,
    /// The declared field that has taken their place in newer releases.
    unless: &'static str,
    /// Pointers of the JVM: as wide as a machine word.
    words: u32,
    fields: FieldMix,
}

const ALWAYS: u16 = u16::MAX;
const NOTHING: &str = "";
const THREAD: &str = "java.lang.Thread";
const WORK_QUEUE: &str = "java.util.concurrent.ForkJoinPool$WorkQueue";

const fn fields(references: u32, longs: u32, ints: u32, shorts: u32, bytes: u32) -> FieldMix {
    FieldMix { references, longs, ints, shorts, bytes }
}

const fn injected(class: &'static str, releases: [u16; 2], words: u32, fields: FieldMix) -> Injected {
    Injected { class, from: releases[0], to: releases[1], unless: NOTHING, words, fields }
}

const fn until_declared(unless: &'static str, row: Injected) -> Injected {
    Injected { unless, ..row }
}

const INJECTED: &[Injected] = &[
    // Objects of the permanent generation: klass, array_klass, resolved_constructor; oop_size, static_oop_field_count.
    injected(CLASS, [0, 7], 0, fields(3, 0, 0, 0, 0)),
    injected(CLASS, [7, 7], 0, fields(0, 0, 2, 0, 0)),
    // klass, array_klass, oop_size, static_oop_field_count; protection_domain; signers; source_file; init_lock (gone from 9 to 20).
    injected(CLASS, [8, ALWAYS], 2, fields(0, 0, 2, 0, 0)),
    until_declared("protectionDomain", injected(CLASS, [8, ALWAYS], 0, fields(1, 0, 0, 0, 0))),
    until_declared("signers", injected(CLASS, [8, ALWAYS], 0, fields(1, 0, 0, 0, 0))),
    injected(CLASS, [9, ALWAYS], 0, fields(1, 0, 0, 0, 0)),
    injected(CLASS, [8, 8], 0, fields(1, 0, 0, 0, 0)),
    injected(CLASS, [21, ALWAYS], 0, fields(1, 0, 0, 0, 0)),
    // Declared, but JVMTI hides them, and so the hprof agent.
    until_declared("backtrace", injected("java.lang.Throwable", [0, ALWAYS], 0, fields(1, 0, 0, 0, 0))),
    until_declared("constantPoolOop", injected("sun.reflect.ConstantPool", [0, 8], 0, fields(1, 0, 0, 0, 0))),
    injected("java.lang.ClassLoader", [8, ALWAYS], 1, FieldMix::NONE),
    injected("java.lang.Module", [9, ALWAYS], 1, FieldMix::NONE),
    injected("java.lang.String", [16, ALWAYS], 0, fields(0, 0, 0, 0, 1)),
    // jvmti_thread_state, jfr_epoch; jvmti_VTMS_transition_disable_count, jvmti_is_in_VTMS_transition
    injected(THREAD, [19, ALWAYS], 1, fields(0, 0, 0, 1, 0)),
    injected(THREAD, [21, ALWAYS], 0, fields(0, 0, 1, 0, 1)),
    // objectWaiter
    injected("java.lang.VirtualThread", [24, ALWAYS], 1, FieldMix::NONE),
    injected("java.lang.InternalError", [15, ALWAYS], 0, fields(0, 0, 0, 0, 1)),
    injected("java.lang.StackFrameInfo", [9, ALWAYS], 0, fields(0, 0, 0, 1, 0)),
    injected("java.lang.invoke.MemberName", [11, ALWAYS], 1, FieldMix::NONE),
    injected("java.lang.invoke.MemberName", [8, 10], 2, fields(1, 0, 0, 0, 0)),
    injected("java.lang.invoke.ResolvedMethodName", [11, ALWAYS], 1, FieldMix::NONE),
    until_declared(
        "vmholder",
        injected("java.lang.invoke.ResolvedMethodName", [11, ALWAYS], 0, fields(1, 0, 0, 0, 0)),
    ),
    // vmdependencies; last_cleanup
    until_declared("context", injected("java.lang.invoke.CallSite", [21, ALWAYS], 1, fields(0, 1, 0, 0, 0))),
    injected("java.lang.invoke.MethodHandleNatives$CallSiteContext", [8, ALWAYS], 1, FieldMix::NONE),
    injected("java.lang.invoke.MethodHandleNatives$CallSiteContext", [12, ALWAYS], 0, fields(0, 1, 0, 0, 0)),
    // cont, pc, maxThawingSize, flags; lockStackSize
    injected(STACK_CHUNK, [19, ALWAYS], 1, fields(1, 0, 1, 0, 1)),
    injected(STACK_CHUNK, [24, ALWAYS], 0, fields(0, 0, 0, 0, 1)),
];

/// One `@Contended` group of a class. Of several rows for a class the first whose mark is declared counts.
struct ContendedGroup {
    class: &'static str,
    /// A field by which the version of the class is known.
    mark: &'static str,
    /// The fields that are in the group, if declared.
    fields: &'static [&'static str],
}

const CONTENDED_GROUPS: &[ContendedGroup] = &[
    ContendedGroup {
        class: THREAD,
        mark: "threadStatus",
        fields: &["threadLocalRandomSeed", "threadLocalRandomProbe", "threadLocalRandomSecondarySeed"],
    },
    ContendedGroup {
        class: "java.util.concurrent.ForkJoinPool",
        mark: "ctl",
        fields: &["ctl", "parallelism"],
    },
    ContendedGroup {
        class: WORK_QUEUE,
        mark: "parking",
        fields: &["top", "phase", "stackPred", "source", "nsteals", "parking"],
    },
    ContendedGroup {
        class: WORK_QUEUE,
        mark: "access",
        fields: &["top", "access", "phase", "source", "nsteals"],
    },
    ContendedGroup { class: WORK_QUEUE, mark: "source", fields: &["top", "source", "nsteals"] },
    ContendedGroup {
        class: "java.util.concurrent.SubmissionPublisher$BufferedSubscription",
        mark: "demand",
        fields: &["demand", "waiting"],
    },
];

/// A class that is `@Contended` as a whole.
struct ContendedClass {
    class: &'static str,
    to: u16,
    /// A field by which the version of the class is known.
    mark: &'static str,
}

const CONTENDED_CLASSES: &[ContendedClass] = &[
    ContendedClass { class: "java.util.concurrent.atomic.Striped64$Cell", to: ALWAYS, mark: "value" },
    ContendedClass { class: "java.util.concurrent.ConcurrentHashMap$CounterCell", to: ALWAYS, mark: "value" },
    ContendedClass { class: "java.util.concurrent.Exchanger$Node", to: ALWAYS, mark: "collides" },
    ContendedClass { class: "java.util.concurrent.Exchanger$Slot", to: ALWAYS, mark: "entry" },
    ContendedClass {
        class: "java.util.concurrent.SubmissionPublisher$BufferedSubscription",
        to: ALWAYS,
        mark: "demand",
    },
    ContendedClass { class: "java.util.concurrent.ForkJoinPool", to: 8, mark: "ctl" },
    ContendedClass { class: WORK_QUEUE, to: ALWAYS, mark: "pool" },
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

/// Whether the sizes of this release's own classes were compared with the JVM's histograms, class by class.
pub fn is_checked(release: u16) -> bool {
    matches!(release, 8 | 11 | 17 | 21 | 25)
}

/// Whether some release adds something to this class.
pub fn is_special(class: &str) -> bool {
    INJECTED.iter().any(|row| row.class == class)
        || CONTENDED_GROUPS.iter().any(|row| row.class == class)
        || CONTENDED_CLASSES.iter().any(|row| row.class == class)
}

/// The fields of a class as release `release` laid them out, what the JVM adds included.
pub fn own_fields(shape: &ClassShape<'_>, release: u16, packing: Packing, word_bytes: u32) -> OwnFields {
    let mut own = OwnFields { plain: shape.field_mix(), ..OwnFields::default() };
    own.references_first = packing == Packing::Jdk7To14 && REFERENCES_FIRST.contains(&shape.name);
    if !is_special(shape.name) {
        return own;
    }
    let declares = |field: &str| shape.fields.iter().any(|f| f.name == field);
    for row in INJECTED.iter().filter(|row| row.class == shape.name) {
        if !(row.from..=row.to).contains(&release) || declares(row.unless) {
            continue;
        }
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
    own.contended = CONTENDED_CLASSES
        .iter()
        .any(|row| row.class == shape.name && release <= row.to && declares(row.mark));
    let group = CONTENDED_GROUPS.iter().find(|row| row.class == shape.name && declares(row.mark));
    // While the whole work queue was padded no field of it had a group.
    let group = group.filter(|_| !(own.contended && shape.name == WORK_QUEUE));
    if let Some(row) = group {
        let members = shape.fields.iter().filter(|f| row.fields.contains(&f.name));
        let mix: FieldMix = members.map(|f| f.field_type).collect();
        own.plain = own.plain - mix;
        own.groups.push(mix);
    }
    own
}

/// Every release at which the fields of this class may differ: the hypotheses to try when the one of the dump's release is refuted.
pub fn releases_to_try(class: &str) -> Vec<u16> {
    let rows = INJECTED.iter().filter(|row| row.class == class);
    let changes =
        rows.flat_map(|row| [row.from.saturating_sub(1), row.from, row.to, row.to.saturating_add(1)]);
    let classes = CONTENDED_CLASSES.iter().filter(|row| row.class == class).map(|row| row.to);
    let mut releases: Vec<u16> = changes.chain(classes).map(|r| r.min(NEWEST_RELEASE)).collect();
    releases.push(7);
    releases.sort_unstable_by(|a, b| b.cmp(a));
    releases.dedup();
    releases
}

/// Whether static fields lie in the `java.lang.Class` object: until 6 they lay in a structure of the JVM that no dump has.
pub fn has_statics_in_mirror(release: u16) -> bool {
    release >= 7
}

/// The name of a field that is in a dump's list of statics but takes no room in the `java.lang.Class` object: since 9 the dumper writes the constant
/// pool's resolved references, the class's signers and the like as if they were static fields.
pub fn is_pseudo_static(name: &str) -> bool {
    name.starts_with('<')
}
