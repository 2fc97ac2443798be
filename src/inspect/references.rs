//! References and finalizers: what soft, weak and phantom references refer to, and what waits for its finalizer.
//!
//! What it finds: for each class of reference how many there are, how many are cleared, and of what classes the referents are; memory that only
//! soft references keep; objects with finalizers, and those that wait for theirs to run.
//! Why it matters: soft references keep caches until memory gets short, and then everything goes at once; a finalizer that blocks keeps all
//! finalizable objects of the program from being freed.
//! How it is computed: from the `referent` fields of all sub classes of `java.lang.ref.Reference`, the queue of `java.lang.ref.Finalizer`, and
//! reachability without soft references.
//! False positives: weak and phantom referents keep nothing; they are listed because there being many of them tells of a cache or a cleaner.

use super::blocks::{facts, table};
use super::holders::report_frame;
use super::threads::{nearest_own, what};
use super::{Context, InspectError, Inspection, Outcome, finalizable};
use crate::hprof::{FieldType, HeapRecord};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, Question, ThreadFacts, ThreadState, origin_of_named, thread_name};
use crate::report::{Arg, Block, Cell, Column, Fact, Finding, Fingerprint, Section, Severity, Text};
use crate::snapshot::{MarkedHeap, Snapshot, StackFrame, Strength};
use hashbrown::HashMap;
use std::cmp::Reverse;

/// Objects that wait for their finalizers and are worth a warning.
const LONG_QUEUE: u64 = 1000;

/// See the module.
#[derive(Debug)]
pub(super) struct References;

impl Inspection for References {
    fn id(&self) -> &'static str {
        "references"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let snapshot = context.snapshot;
        let found = context.references()?;
        let reach = context.soft_reach()?;
        let queue = FinalizerQueue::of(snapshot);
        let finalizers = found
            .by_class
            .iter()
            .filter(|(class, _)| snapshot.classes().get(**class).strength == Some(Strength::Final));
        let figures = vec![
            Fact::new("softly_objects", Cell::Count(reach.softly_objects)),
            Fact::new("softly_bytes", Cell::Bytes(reach.softly_bytes)),
            Fact::new("finalizable", Cell::Count(finalizers.map(|(_, counts)| counts.instances).sum())),
            Fact::new("finalizer_objects", Cell::Count(reach.finalizer_objects)),
            Fact::new("finalizer_bytes", Cell::Bytes(reach.finalizer_bytes)),
            Fact::new("finalizer_queue", queue.length.map_or(Cell::None, Cell::Count)),
        ];
        let mut blocks = vec![facts("total", figures), by_class(context, found), referents(context, found)];
        let mut findings = Vec::new();
        if !queue.waiting.is_empty() {
            if queue.length.is_some_and(|length| length >= LONG_QUEUE) {
                findings.push(backlog(snapshot, &queue));
            }
            blocks.push(waiting(context, queue.waiting));
        }
        findings.extend(context.finalizable()?.map(finalizable::finding));
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

/// References of one class.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    instances: u64,
    cleared: u64,
}

/// Referents of one class that references of one strength refer to.
#[derive(Debug, Clone, Copy, Default)]
struct Referents {
    count: u64,
    unreachable: u64,
    bytes: u64,
}

/// All references, and what they refer to.
#[derive(Debug, Default)]
pub(super) struct Found {
    by_class: HashMap<ClassIx, Counts>,
    referents: HashMap<(Strength, ClassIx), Referents>,
}

/// Asks for all instances of `java.lang.ref.Reference`.
#[derive(Debug)]
pub(super) struct ReferenceQuestion<'a> {
    heap: &'a MarkedHeap,
    /// Where the referent stands in instances of the class.
    place_by_class: Vec<Option<u32>>,
}

impl<'a> ReferenceQuestion<'a> {
    pub(super) fn new(heap: &'a MarkedHeap) -> Self {
        let place = |class| {
            heap.classes().get(class).strength?;
            // `Reference` itself declares it; a field of that name in a sub class is another one.
            heap.classes()
                .lineage(class)
                .try_fold(0, |base, (_, declaring)| {
                    match declaring.fields.iter().find(|_| &*declaring.name == "java.lang.ref.Reference") {
                        Some(_) => {
                            let field = declaring.fields.iter().find(|field| &*field.name == "referent");
                            std::ops::ControlFlow::Break(field.map(|field| base + field.offset))
                        }
                        None => std::ops::ControlFlow::Continue(base + declaring.own_bytes),
                    }
                })
                .break_value()?
        };
        Self { heap, place_by_class: heap.classes().iter().map(|(class, _)| place(class)).collect() }
    }
}

impl Question for ReferenceQuestion<'_> {
    type Sums = Found;

    fn nothing(&self) -> Found {
        Found::default()
    }

    #[inline]
    fn visit(&self, found: &mut Found, object: ObjectIx, record: &HeapRecord<'_>) {
        let heap = self.heap;
        let class = heap.class_of(object);
        if let HeapRecord::Instance { fields, .. } = *record
            && let Some(offset) = self.place_by_class[class.index()]
            && let Some(strength) = heap.classes().get(class).strength
            && heap.is_reachable(object)
        {
            let value = heap.value_at(fields, offset, FieldType::Reference);
            let id = value.and_then(|value| value.reference());
            let counts = found.by_class.entry(class).or_default();
            counts.instances += 1;
            counts.cleared += u64::from(id.is_none());
            if let Some(referent) = id.and_then(|id| heap.find(id)) {
                let key = (strength, heap.class_of(referent));
                let referents = found.referents.entry(key).or_default();
                referents.count += 1;
                referents.unreachable += u64::from(!heap.is_reachable(referent));
                referents.bytes += heap.shallow_bytes(referent);
            }
        }
    }

    fn merge(&self, mut first: Found, second: Found) -> Found {
        for (class, counts) in second.by_class {
            let sum = first.by_class.entry(class).or_default();
            sum.instances += counts.instances;
            sum.cleared += counts.cleared;
        }
        for (key, referents) in second.referents {
            let sum = first.referents.entry(key).or_default();
            sum.count += referents.count;
            sum.unreachable += referents.unreachable;
            sum.bytes += referents.bytes;
        }
        first
    }
}

fn strength_text(strength: Strength) -> Cell {
    match strength {
        Strength::Soft => Cell::term("soft", "strength-soft"),
        Strength::Weak => Cell::term("weak", "strength-weak"),
        Strength::Final => Cell::term("final", "strength-final"),
        Strength::Phantom => Cell::term("phantom", "strength-phantom"),
    }
}

fn by_class(context: &Context<'_>, found: &Found) -> Block {
    let classes = context.snapshot.classes();
    let mut rows: Vec<(ClassIx, Counts)> =
        found.by_class.iter().map(|(&class, &counts)| (class, counts)).collect();
    rows.sort_by_key(|&(class, counts)| (Reverse(counts.instances), &classes.get(class).name, class));
    let columns = vec![
        Column::left("class"),
        Column::left("strength"),
        Column::right("instances"),
        Column::right("cleared"),
        Column::right("shallow_bytes"),
    ];
    table(context, "classes", columns, rows, |(class, counts)| {
        vec![
            Cell::Class(classes.get(class).name.to_string()),
            classes.get(class).strength.map_or(Cell::None, strength_text),
            Cell::Count(counts.instances),
            Cell::Count(counts.cleared),
            Cell::Bytes(context.histogram().of_class(class).shallow_bytes),
        ]
    })
}

fn referents(context: &Context<'_>, found: &Found) -> Block {
    let classes = context.snapshot.classes();
    let mut rows: Vec<_> = found.referents.iter().map(|(&key, &referents)| (key, referents)).collect();
    rows.sort_by_key(|&((strength, class), referents)| {
        (Reverse(referents.count), &classes.get(class).name, class, strength as u8)
    });
    let columns = vec![
        Column::left("class"),
        Column::left("strength"),
        Column::right("count"),
        Column::right("unreachable_instances"),
        Column::right("shallow_bytes"),
    ];
    table(context, "referents", columns, rows, |((strength, class), referents)| {
        vec![
            Cell::Class(classes.get(class).name.to_string()),
            strength_text(strength),
            Cell::Count(referents.count),
            Cell::Count(referents.unreachable),
            Cell::Bytes(referents.bytes),
        ]
    })
}

/// What waits for its finalizer to run.
#[derive(Debug, Default)]
struct FinalizerQueue {
    length: Option<u64>,
    /// By class: how many, what they retain.
    waiting: Vec<(ClassIx, u64, u64)>,
}

impl FinalizerQueue {
    fn of(snapshot: &Snapshot) -> Self {
        /// Finalizers that are looked at.
        const MOST: usize = 1 << 22;
        let Some(queue) = snapshot.static_reference("java.lang.ref.Finalizer", "queue") else {
            return Self::default();
        };
        let length = snapshot.integer(queue, "queueLength").and_then(|length| u64::try_from(length).ok());
        let mut by_class: HashMap<ClassIx, (u64, u64)> = HashMap::new();
        let mut node = snapshot.follow(queue, "head");
        for _ in 0..MOST.min(snapshot.object_count()) {
            let Some(finalizer) = node else { break };
            if let Some(referent) = snapshot.follow(finalizer, "referent") {
                let sum = by_class.entry(snapshot.class_of(referent)).or_default();
                sum.0 += 1;
                sum.1 += snapshot.retained_bytes(referent);
            }
            // The last one refers to itself. A Finalizer has another `next`, for the list of all of them.
            let next = snapshot.follow_declared(finalizer, "java.lang.ref.Reference", "next");
            node = next.filter(|&next| next != finalizer);
        }
        let mut waiting: Vec<_> =
            by_class.into_iter().map(|(class, (count, bytes))| (class, count, bytes)).collect();
        waiting.sort_by_key(|&(class, count, bytes)| (Reverse(count), Reverse(bytes), class));
        Self { length, waiting }
    }
}

fn waiting(context: &Context<'_>, waiting: Vec<(ClassIx, u64, u64)>) -> Block {
    let columns = vec![Column::left("class"), Column::right("count"), Column::right("retained_bytes")];
    table(context, "finalizer_queue", columns, waiting, |(class, count, bytes)| {
        vec![
            Cell::Class(context.snapshot.classes().get(class).name.to_string()),
            Cell::Count(count),
            Cell::Bytes(bytes),
        ]
    })
}

fn backlog(snapshot: &Snapshot, queue: &FinalizerQueue) -> Finding {
    let length = queue.length.unwrap_or(0);
    let class = queue.waiting.first().map(|&(class, ..)| snapshot.classes().get(class).name.to_string());
    let named = class.clone().unwrap_or_default();
    Finding {
        id: "references.finalizer-backlog".into(),
        severity: Severity::Warning,
        title: Text::with(
            "references-backlog",
            [("count", Arg::Count(length)), ("class", Arg::name(named.clone()))],
        ),
        class,
        bytes: queue.waiting.iter().map(|&(_, _, bytes)| bytes).sum(),
        count: length,
        holder: None,
        advice: vec![Text::message("references-backlog-advice")],
        evidence: finalizer_thread(snapshot),
        link: None,
        fingerprint: Fingerprint::of(&["references.finalizer-backlog", &named]),
    }
}

/// Where the thread stands that runs the finalizers, and who has the monitor that it waits for, if it waits for one.
fn finalizer_thread(snapshot: &Snapshot) -> Vec<Text> {
    let is_finalizer =
        |object: ObjectIx| snapshot.class_name(object) == "java.lang.ref.Finalizer$FinalizerThread";
    let threads = ThreadFacts::all(snapshot);
    let Some(thread) = threads.iter().find(|thread| is_finalizer(thread.object)) else { return Vec::new() };
    let Some(top) = thread.frames(snapshot).first() else { return Vec::new() };
    let place = ("place", Arg::name(report_frame(top).to_string()));
    if thread.state != Some(ThreadState::Blocked) {
        /// Frames that are told.
        const MOST: usize = 4;
        // What it does in the JDK is what the finalizer has it do.
        let frames = thread.frames(snapshot);
        let others = frames.iter().filter(|frame| origin_of_named(snapshot, &frame.class) != Origin::Jdk);
        let others: Vec<String> = others.take(MOST).map(|frame| report_frame(frame).to_string()).collect();
        let words = |doing: &str| {
            let doing = ("doing", Arg::text(Text::message(doing)));
            Text::with("references-finalizer-in", [("place", Arg::name(others.join(" ← "))), doing])
        };
        let doing = what(frames).unwrap_or("threads-doing-running");
        let is_known = !others.is_empty();
        return vec![if is_known { words(doing) } else { Text::with("references-finalizer-at", [place]) }];
    }
    let mut told = vec![Text::with("references-finalizer-blocked", [place])];
    let words = |id: &str, other: &ThreadFacts, frame: &StackFrame| {
        let mut args = vec![
            ("thread", Arg::name(thread_name(snapshot, other.object))),
            ("place", Arg::name(report_frame(frame).to_string())),
        ];
        let doing = what(other.frames(snapshot)).unwrap_or("threads-doing-running");
        args.push(("doing", Arg::text(Text::message(doing))));
        Text::with(id, args)
    };
    match thread.wait {
        Some(wait) => {
            let owner = threads.iter().find(|other| Some(other.object) == wait.owner);
            let frame = owner.and_then(|owner| nearest_own(snapshot, owner.frames(snapshot)));
            told.extend(
                owner.zip(frame).map(|(owner, frame)| words("references-finalizer-owner", owner, frame)),
            );
        }
        // With nothing in hand it enters a method of the class itself.
        None => {
            let beside = |other: &&ThreadFacts| {
                other.object != thread.object && other.state != Some(ThreadState::Blocked)
            };
            let in_class =
                |frames: &'_ [StackFrame]| frames.iter().position(|frame| frame.class == top.class);
            let mut others = threads.iter().filter(beside).filter_map(|other| {
                let frames = other.frames(snapshot);
                Some((other, &frames[in_class(frames)?]))
            });
            // Of several nobody knows which one.
            if let (Some((other, frame)), None) = (others.next(), others.next()) {
                told.push(words("references-finalizer-beside", other, frame));
            }
        }
    }
    told
}
