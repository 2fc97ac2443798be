//! Facts about the dump as a whole: file, virtual machine, totals, the OutOfMemoryError.

use super::{Arg, Frame, Holder, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The program that wrote a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `oomph`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    pub fn own() -> Self {
        Self { name: "oomph".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The dump file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DumpFacts {
    /// Its name, without folders.
    pub file: String,
    /// Its size on disk.
    pub bytes: u64,
    /// The format's own version line, e.g. `JAVA PROFILE 1.0.2`.
    pub format: String,
    /// Width of an id in the file.
    pub id_bytes: u8,
    /// When it was written (ISO 8601, UTC), if the file says so.
    pub created: Option<String>,
    /// Whether the file ends before its last record does.
    pub truncated: bool,
    /// What is wrong with it, worst first; empty for a sound dump.
    pub damage: Vec<DamageNote>,
}

impl DumpFacts {
    /// Whether a part of the file is lost that may have told who holds what: then what nothing leads to need not be garbage.
    pub fn has_lost_holders(&self) -> bool {
        self.truncated || self.damage.iter().any(|note| note.kind == LOST_ROOTS)
    }
}

/// The kind of damage that leaves out roots.
pub const LOST_ROOTS: &str = "lost-roots";

/// One kind of damage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DamageNote {
    /// A stable name, e.g. `truncated-record`.
    pub kind: String,
    /// How often it occurs.
    pub count: u64,
    /// Where it occurs first, as an offset into the (unpacked) dump.
    pub first_offset: Option<u64>,
    /// What it means for the reader.
    #[serde(rename = "message_text")]
    pub message: Text,
}

/// The virtual machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct JvmFacts {
    /// `java.version`, e.g. `17.0.15`.
    pub version: Option<String>,
    /// `java.vendor`.
    pub vendor: Option<String>,
    /// `java.vm.name` and `java.vm.version`.
    pub vm: Option<String>,
    /// How objects are laid out.
    pub object_layout: LayoutFacts,
    /// System properties, secrets masked.
    pub properties: BTreeMap<String, String>,
}

impl JvmFacts {
    /// What ran the program, for the head of a report: `Java 17.0.15`, or `Android (Dalvik 1.6.0)`, where `java.version` is 0.
    pub fn runtime(&self) -> Option<String> {
        let property = |key: &str| self.properties.get(key).map_or("", String::as_str);
        if property("java.vm.vendor") == "The Android Project" {
            let [name, version] = ["java.vm.name", "java.vm.version"].map(property);
            return Some(format!("Android ({name} {version})"));
        }
        self.version.as_ref().map(|version| format!("Java {version}"))
    }
}

/// How sure a statement is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// A guess without evidence.
    #[default]
    Estimated,
    /// Supported by some evidence.
    Likely,
    /// Proven by evidence in the dump.
    Exact,
}

/// How objects are laid out in the memory of the virtual machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LayoutFacts {
    /// Bytes of an object's header.
    pub header_bytes: u32,
    /// Bytes of a reference in the heap (not in the file).
    pub reference_bytes: u32,
    /// Objects begin at multiples of this.
    pub alignment_bytes: u32,
    /// Whether headers are compact (JEP 450/519).
    pub compact_headers: bool,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    #[serde(rename = "evidence_text", default)]
    pub evidence: Vec<Text>,
}

/// Totals of the heap.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeapFacts {
    /// Reachable objects.
    pub objects: u64,
    /// Their shallow sizes.
    pub shallow_bytes: u64,
    /// Objects that no root reaches: garbage not yet collected.
    pub unreachable_objects: u64,
    /// Their shallow sizes.
    pub unreachable_bytes: u64,
    /// How large the heap could grow, as far as the dump tells (`-Xmx`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<u64>,
    /// Whether that limit is an estimate, because the dump does not hold the arguments of the virtual machine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub limit_is_estimate: bool,
    /// Virtual threads whose stacks the dump leaves out: what only these hold counts as unreachable.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unmounted_threads: u64,
    /// What no root reaches and hangs on class values: garbage unless their classes are loaded, which the dump does not tell. 0 if it is little.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub class_value_bytes: u64,
    /// What no root reaches and is yet no garbage of the program's.
    #[serde(default, skip_serializing_if = "NoGarbage::is_none")]
    pub no_garbage: NoGarbage,
    /// What only finalizers lead to and does not yet wait in their queue, if it is much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finalizable: Option<Finalizable>,
    /// What most of the garbage hung on, if there is much, whether or not too much of it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub garbage: Option<GarbageOf>,
    /// Loaded classes, with or without instances.
    pub classes: u64,
    /// Class loaders.
    pub class_loaders: u64,
    /// GC roots.
    pub gc_roots: u64,
    /// Memory outside of the heap that is much beside it, most first; empty where there is little.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Outside>,
    /// Memory that is reachable only through weaker references.
    #[serde(default)]
    pub soft: SoftReach,
    /// The proof that dominators and retained sizes are right, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified: Option<Certified>,
}

impl HeapFacts {
    /// Whether what is in use is so little of what the heap may take that a share of it is none of the heap.
    pub fn is_far_from_full(&self) -> bool {
        self.limit_bytes.is_some_and(|limit| self.shallow_bytes.saturating_mul(2) < limit)
    }

    /// What a share is a share of, for the messages that have one: the heap, or what is in use of one that is far from full.
    pub fn whole(&self) -> (&'static str, Arg) {
        ("inuse", Arg::Count(u64::from(self.is_far_from_full())))
    }

    /// Whether a good part of the dump is what no root reaches, so that it is worth a sentence.
    pub fn is_much_unreachable(&self) -> bool {
        const MUCH: f64 = 0.3;
        let all = self.shallow_bytes + self.unreachable_bytes;
        all > 0 && self.garbage_bytes() as f64 >= MUCH * all as f64
    }

    /// The bytes of what no root reaches, without what is no garbage of the program's.
    pub fn garbage_bytes(&self) -> u64 {
        self.unreachable_bytes.saturating_sub(self.no_garbage.bytes())
    }

    /// How many objects these are.
    pub fn garbage_objects(&self) -> u64 {
        let NoGarbage { filler_objects, reflection_objects, .. } = self.no_garbage;
        self.unreachable_objects.saturating_sub(filler_objects + reflection_objects)
    }
}

/// Objects that no root reaches and that are yet no garbage of the program's, if they are more than a little.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoGarbage {
    /// `int[]` of 4 KiB and more that nothing refers to, not even garbage: with such the virtual machine fills what a thread has reserved and not used. Those of a method that has returned look
    /// the same.
    #[serde(default)]
    pub filler_objects: u64,
    /// Their shallow sizes.
    #[serde(default)]
    pub filler_bytes: u64,
    /// What classes keep softly for reflection (`Class.reflectionData`): a dump has no fields of classes' own, so that nothing seems to lead there.
    #[serde(default)]
    pub reflection_objects: u64,
    /// Their shallow sizes.
    #[serde(default)]
    pub reflection_bytes: u64,
}

impl NoGarbage {
    /// All of it, in bytes.
    pub fn bytes(&self) -> u64 {
        self.filler_bytes + self.reflection_bytes
    }

    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What it may be that no root reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// Garbage, and nothing else.
    Garbage,
    /// Some of it hangs on class values: held, if the classes that these belong to are loaded.
    ClassValues,
    /// Virtual threads whose stacks the dump leaves out may have it in use.
    UnmountedThreads,
    /// A part of the file is lost, of the roots or of what they lead to: nothing can be said of it.
    RootsLost,
}

/// What kind of memory is outside of the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OutsideKind {
    /// Allocated for direct buffers.
    Direct,
    /// Mapped files.
    Mapped,
    /// Allocated in arenas of `java.lang.foreign` that are not closed.
    Arena,
    /// Allocated by objects of another class, a library's or the application's.
    Native,
}

/// Memory outside of the heap for which buffers on it stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// What it is.
    pub kind: OutsideKind,
    /// How many buffers, mappings, arenas or objects.
    pub count: u64,
    /// Their capacities.
    pub bytes: u64,
    /// The class of the objects, of `native` memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Whether how much it is was told by the names of their fields.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_estimate: bool,
    /// Who holds most of it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
}

impl Outside {
    /// What there is of it, whoever holds it.
    pub fn words_alone(&self) -> Text {
        Self { holder: None, ..self.clone() }.words()
    }

    /// It in a sentence.
    pub fn words(&self) -> Text {
        let mut args = vec![("count", Arg::Count(self.count)), ("size", Arg::Bytes(self.bytes))];
        args.extend(self.holder.as_ref().map(|holder| ("holder", holder.words())));
        args.extend(self.class.as_ref().map(|class| ("class", Arg::name(class))));
        let id = match (self.kind, &self.holder) {
            (OutsideKind::Direct, None) => "outside-direct",
            (OutsideKind::Direct, Some(_)) => "outside-direct-held",
            (OutsideKind::Mapped, None) => "outside-mapped",
            (OutsideKind::Mapped, Some(_)) => "outside-mapped-held",
            (OutsideKind::Arena, None) => "outside-arena",
            (OutsideKind::Arena, Some(_)) => "outside-arena-held",
            (OutsideKind::Native, None) if self.is_estimate => "outside-native-about",
            (OutsideKind::Native, Some(_)) if self.is_estimate => "outside-native-about-held",
            (OutsideKind::Native, None) => "outside-native",
            (OutsideKind::Native, Some(_)) => "outside-native-held",
        };
        Text::with(id, args)
    }
}

/// What a low-high order and a second sum of sizes have proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified {
    /// Objects whose immediate dominator and retained size are certified: all reachable ones.
    pub objects: u64,
    /// Edges of the graph that were looked at.
    pub edges: u64,
    /// Objects that the order was needed for: their dominator does not refer to them.
    pub ordered_objects: u64,
}

impl Certified {
    /// It in a sentence.
    pub fn words(&self) -> Text {
        Text::with(
            "certified",
            [
                ("objects", Arg::Count(self.objects)),
                ("edges", Arg::Count(self.edges)),
                ("ordered", Arg::Count(self.ordered_objects)),
            ],
        )
    }
}

/// Objects with finalizers that nothing else leads to, and what hangs on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finalizable {
    /// The class of those that have most of it.
    pub class: String,
    /// How many of this class there are.
    pub count: u64,
    /// What hangs on all of them, in bytes.
    pub bytes: u64,
    /// Whether they were dropped: the collector has found that, or there is other garbage. If not, something that the dump leaves out may have them in use.
    pub is_dropped: bool,
}

/// Objects of one class on which garbage hung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GarbageOf {
    /// Their class.
    pub class: String,
    /// How many.
    pub count: u64,
    /// What hung on them, in bytes: an estimate.
    pub bytes: u64,
}

impl GarbageOf {
    /// From this part of the garbage on it is told by what hung on one class; less is only among it.
    pub const MOST: f64 = 0.4;
}

/// Memory that would go if soft references were cleared, or once finalizers have run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoftReach {
    /// Reachable only through soft references: bytes.
    pub softly_bytes: u64,
    /// The same, objects.
    pub softly_objects: u64,
    /// Reachable only through `java.lang.ref.Finalizer`: bytes.
    pub finalizer_bytes: u64,
    /// The same, objects.
    pub finalizer_objects: u64,
}

/// What happened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// One or two sentences.
    #[serde(rename = "sentences_text")]
    pub sentences: Vec<Text>,
    /// `healthy` when nothing is to blame.
    pub healthy: bool,
}

/// Whether the thread that threw was to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OomRole {
    /// It held most of what filled the heap.
    Culprit,
    /// It merely asked for memory when there was none left.
    Victim,
    /// The dump does not say.
    Unknown,
}

/// The OutOfMemoryError.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Oom {
    /// Which one, e.g. `java-heap-space`, `metaspace`, `direct-buffer-memory`.
    pub kind: String,
    /// The thread that threw it.
    pub thread: Option<String>,
    /// The error's own message.
    pub message: Option<String>,
    /// Whether that thread was to blame.
    pub role: OomRole,
    /// The first frame of the application below the throw.
    pub site: Option<Frame>,
    /// What the thread itself held, in bytes.
    #[serde(default)]
    pub thread_retained_bytes: u64,
    /// If a victim, or it is not clear: who holds the memory.
    #[serde(default)]
    pub culprit: Option<Holder>,
    /// Whether the thread is to blame for what it held or filled, and something else held more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub others_hold_more: bool,
    /// Of a single array that was too large: the frame of the library that asked for it when the application had called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<Frame>,
    /// What in the heap supports this.
    #[serde(rename = "evidence_text", default)]
    pub evidence: Vec<Text>,
}

impl Oom {
    /// The message that says of what there was too little. A dump is written before the error gets its message: that the collector has given up ("GC overhead limit exceeded")
    /// looks the same as that there was no room, so where no message is known it is the heap.
    pub fn kind_message(&self) -> String {
        match &*self.kind {
            "java-heap-space" if self.message.is_none() => "oom-kind-java-heap".to_owned(),
            kind => format!("oom-kind-{kind}"),
        }
    }

    /// Whether objects had filled the heap.
    pub fn is_of_heap(&self) -> bool {
        matches!(&*self.kind, "java-heap-space" | "gc-overhead-limit")
    }

    /// Whether many threads hold the memory together and the one that threw is one of them.
    pub fn is_one_of_many(&self) -> bool {
        let is_of_threads = self.culprit.as_ref().is_some_and(|holder| holder.threads.is_some());
        // Each thread has one in a thread-local.
        let has_its_own = self.evidence.iter().any(|text| text.is_one_of(&["oom-evidence-own-value"]));
        self.role == OomRole::Culprit && (is_of_threads || has_its_own)
    }

    /// Whether the one that threw does a part of the work of a call on another thread, which is to blame.
    pub fn is_at_work_for_another(&self) -> bool {
        let is_of_another = |holder: &Holder| {
            holder.frame.is_some() && holder.thread.is_some() && holder.thread != self.thread
        };
        self.role == OomRole::Culprit && self.culprit.as_ref().is_some_and(is_of_another)
    }

    /// The message that says whether the thread was to blame.
    pub fn role_message(&self) -> &'static str {
        match self.role {
            OomRole::Culprit if self.is_one_of_many() || self.others_hold_more => "role-one-of-them",
            OomRole::Culprit if self.is_at_work_for_another() => "role-works-for",
            OomRole::Culprit => "role-culprit",
            OomRole::Victim => "role-victim",
            OomRole::Unknown => "role-unknown",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
