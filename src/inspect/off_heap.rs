//! Off-heap memory that objects of the heap stand for.
//!
//! What it finds: direct byte buffers with their capacity against the JVM's limit, by kind and by who holds them; mapped files; arenas of
//! `java.lang.foreign` that are open; memory that objects of libraries have allocated (JNA, JavaCPP, and what has an address and a size); open inflaters and
//! deflaters; Netty's arenas; the number of thread stacks; sockets and channels by owner and state (`sockets`).
//! Why it matters: `OutOfMemoryError: Direct buffer memory`, and processes that the kernel kills although their heap is small: a buffer of
//! 1 GiB is 64 bytes on the heap.
//! How it is computed: from the fields of the buffers. Slices and duplicates own nothing; mapped files, the JDK's own modules file among
//! them, are not allocated and are listed apart. The limit is what `java.nio.Bits` or `jdk.internal.misc.VM` says.
//! False positives: sizes of zlib's memory are estimates, and so are those of classes that are only known by the names of their fields. Unreachable buffers count: their memory is not freed before they are collected.

use super::blocks::{address, facts, share, table};
use super::holders::is_own_field;
use super::oom::has_direct_memory_run_out;
use super::suspects::states_of;
use super::{Context, InspectError, Inspection, Outcome, sockets};
use crate::ix::ObjectIx;
use crate::query::{
    BufferKind, DirectBuffer, DirectCounters, NativeMemory, Origin, arenas, compressors, direct_buffers,
    direct_memory_limit, native_memory, netty_chunks, origin_of,
};
use crate::report::{
    Arg, Block, Cell, Column, DIRECT_MEMORY, Fact, Finding, Fingerprint, Holder, HolderKind, Outside,
    OutsideKind, Section, Severity, Text,
};
use crate::snapshot::Snapshot;
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;

/// Buffers whose holders are searched, the largest ones.
const TRACED: usize = 20_000;
/// Direct memory is worth a warning from this part of its limit on, and an error from the next one on.
const MUCH_OF_LIMIT: f64 = 0.75;
const NEARLY_ALL_OF_LIMIT: f64 = 0.95;
/// So many direct buffers, of so many bytes, that are so many times as large as all of the heap, are worth a warning: whoever looks at the heap
/// alone finds next to nothing.
const MANY_DIRECT: u64 = 500;
const MUCH_DIRECT: u64 = 64 << 20;
const TIMES_THE_HEAP: u64 = 2;
/// So many open arenas, or objects with memory of their own, are worth a warning if they take as much as that.
const MANY_ARENAS: u64 = 100;
/// Open compressors that are worth a warning.
const MANY_OPEN: u64 = 500;

/// Classes that findings are about.
pub(super) const DIRECT_BUFFER: &str = "java.nio.DirectByteBuffer";
pub(super) const ARENA: &str = "java.lang.foreign.Arena";
/// The finding about memory that objects of one class own.
pub(super) const NATIVE_MEMORY: &str = "off-heap.native-memory";
/// The same with what to change.
const OF_BUFFERS: (&str, &str) = (DIRECT_BUFFER, "off-heap-near-limit-advice");
const OF_ARENAS: (&str, &str) = (ARENA, "off-heap-arenas-advice");

/// See the module.
#[derive(Debug)]
pub(super) struct OffHeap;

impl Inspection for OffHeap {
    fn id(&self) -> &'static str {
        "off-heap"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let snapshot = context.snapshot;
        let mut buffers = direct_buffers(snapshot)?;
        let native_memory = native_memory(snapshot, &buffers)?;
        buffers.extend(arenas(snapshot)?);
        let counters = DirectCounters::of(snapshot);
        let limit = direct_memory_limit(snapshot);
        let sum = |kind| {
            let of_kind = buffers.iter().filter(|buffer| buffer.kind == kind);
            of_kind.fold((0, 0), |(count, bytes), buffer| (count + 1, bytes + buffer.capacity_bytes))
        };
        let [direct, native, mapped, views, arenas] =
            [BufferKind::Direct, BufferKind::Native, BufferKind::Mapped, BufferKind::View, BufferKind::Arena]
                .map(sum);
        let unreachable = buffers.iter().filter(|buffer| owns(buffer) && !buffer.is_reachable);
        let bytes = |bytes: Option<u64>| bytes.map_or(Cell::None, Cell::Bytes);
        let mut figures = vec![
            Fact::new("direct_buffers", Cell::Count(direct.0)),
            Fact::new("direct_bytes", Cell::Bytes(direct.1)),
            Fact::new("native_buffers", Cell::Count(native.0)),
            Fact::new("native_bytes", Cell::Bytes(native.1)),
            Fact::new("mapped_buffers", Cell::Count(mapped.0)),
            Fact::new("mapped_bytes", Cell::Bytes(mapped.1)),
            Fact::new("views", Cell::Count(views.0)),
            Fact::new(
                "unreachable_bytes",
                Cell::Bytes(unreachable.map(|buffer| buffer.capacity_bytes).sum()),
            ),
            Fact::new("reserved_bytes", bytes(counters.reserved_bytes)),
            Fact::new("limit_bytes", bytes(limit)),
            Fact::new("thread_stacks", Cell::Count(snapshot.threads().len() as u64)),
        ];
        if arenas.0 > 0 {
            figures.push(Fact::new("arenas", Cell::Count(arenas.0)));
            figures.push(Fact::new("arena_bytes", Cell::Bytes(arenas.1)));
        }
        if counters.netty_used_bytes.is_some() {
            figures.push(Fact::new("netty_used_bytes", bytes(counters.netty_used_bytes)));
            figures.push(Fact::new("netty_limit_bytes", bytes(counters.netty_limit_bytes)));
        }
        let owners = Owners::find(context, &buffers)?;
        let mut blocks = vec![facts("total", figures)];
        let mut findings = Vec::new();
        let near = limit.and_then(|limit| {
            let used = counters.reserved_bytes.unwrap_or(direct.1).max(direct.1);
            near_limit(used, direct.0, limit, &owners)
        });
        // What did not fit any more was refused although there was a little left.
        let near = match near {
            Some(near) if has_direct_memory_run_out(context.snapshot)? => {
                Some(Finding { severity: Severity::Error, ..near })
            }
            near => near,
        };
        let heap_bytes = context.histogram().total().shallow_bytes;
        findings.extend(near.or_else(|| beside_heap(direct, heap_bytes, &owners)));
        findings.extend(open_arenas(context, &buffers, heap_bytes)?);
        if !owners.by_label.is_empty() {
            blocks.push(owners.table(context));
        }
        blocks.push(largest(context, &buffers));
        for memory in &native_memory {
            findings.extend(much_native(context, memory, heap_bytes)?);
        }
        blocks.push(native_owners(context, &native_memory, &mut findings)?);
        blocks.extend(sockets::blocks(context, &mut findings)?);
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

/// What there is outside of the heap, if it is much beside what is on it.
pub(super) fn outside(context: &Context<'_>) -> Result<Vec<Outside>, InspectError> {
    /// Every process with a network library has some buffers.
    const LEAST_BYTES: u64 = 32 << 20;
    let heap_bytes = context.histogram().total().shallow_bytes;
    let buffers = direct_buffers(context.snapshot)?;
    let arenas = arenas(context.snapshot)?;
    let native = native_memory(context.snapshot, &buffers)?;
    let is_mapped = |buffer: &DirectBuffer| buffer.kind == BufferKind::Mapped && !buffer.is_of_jdk;
    let mut all = Vec::new();
    let of_buffers = [
        (OutsideKind::Direct, None, buffers.iter().filter(|buffer| owns(buffer)).collect::<Vec<_>>()),
        (OutsideKind::Mapped, None, buffers.iter().filter(|buffer| is_mapped(buffer)).collect()),
        (OutsideKind::Arena, None, arenas.iter().collect()),
    ];
    let of_classes =
        native.iter().map(|memory| (OutsideKind::Native, Some(memory), memory.owners.iter().collect()));
    for (kind, native, mut of_kind) in of_buffers.into_iter().chain(of_classes) {
        of_kind.retain(|buffer| buffer.capacity_bytes > 0);
        let (count, bytes) = (of_kind.len() as u64, of_kind.iter().map(|buffer| buffer.capacity_bytes).sum());
        if bytes < LEAST_BYTES || bytes < heap_bytes / 2 {
            continue;
        }
        let of_most = match holder_of_most(context, &of_kind, bytes)? {
            Some(holder) => Some(holder),
            None => {
                let first = Owners::of(context, of_kind)?.by_label.into_iter().next();
                let most = first.filter(|&(_, _, _, held_bytes)| held_bytes >= bytes / 2);
                most.and_then(|(_, holder, ..)| holder)
            }
        };
        all.push(Outside {
            kind,
            count,
            bytes,
            class: native.map(|memory| context.snapshot.classes().get(memory.class).name.to_string()),
            is_estimate: native.is_some_and(|memory| memory.is_estimate),
            holder: of_most,
        });
    }
    all.sort_by_key(|outside| Reverse(outside.bytes));
    Ok(all)
}

/// Whoever holds the collection in which most of these buffers are: it says more than the field of each object that has one of them. `None` if
/// there is no such, or it is the JDK's.
fn holder_of_most(
    context: &Context<'_>,
    buffers: &[&DirectBuffer],
    bytes: u64,
) -> Result<Option<Holder>, InspectError> {
    let snapshot = context.snapshot;
    /// A collection of collections is no more than a few steps up.
    const STEPS: usize = 64;
    let key = |buffer: &&&DirectBuffer| (buffer.capacity_bytes, Reverse(buffer.object));
    let Some(largest) = buffers.iter().max_by_key(key).filter(|_| buffers.len() > 1) else { return Ok(None) };
    let tree = snapshot.dominators();
    let above = |buffer: &DirectBuffer| tree.dominators(buffer.object).take(STEPS);
    let mut bytes_below: HashMap<ObjectIx, u64> = above(largest).map(|above| (above, 0)).collect();
    for buffer in buffers {
        for above in above(buffer) {
            if let Some(sum) = bytes_below.get_mut(&above) {
                *sum += buffer.capacity_bytes;
            }
        }
    }
    let Some(common) = above(largest).find(|above| bytes_below[above] >= bytes / 2) else { return Ok(None) };
    let belongs_to_many = snapshot.mirrored_class(common).is_some()
        || ["java.lang.Thread", "java.lang.ClassLoader"]
            .iter()
            .any(|name| snapshot.classes().is_named(snapshot.class_of(common), name));
    if belongs_to_many {
        return Ok(None);
    }
    let held = context.ownership()?.of(common, snapshot.retained_bytes(common));
    Ok(held.filter(|held| held.origin != Origin::Jdk).map(|held| held.holder))
}

/// The objects of the application's in whose fields some thousand of the direct buffers are.
fn owners_of(snapshot: &Snapshot, buffers: &[DirectBuffer]) -> Vec<ObjectIx> {
    const MOST: usize = 4096;
    const STEPS: usize = 8;
    let is_own = |&object: &ObjectIx| {
        !snapshot.class(object).is_array()
            && snapshot.mirrored_class(object).is_none()
            && origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
    };
    let is_direct = |buffer: &&DirectBuffer| buffer.kind == BufferKind::Direct && buffer.is_reachable;
    let owner =
        |buffer: &DirectBuffer| snapshot.dominators().dominators(buffer.object).take(STEPS).find(is_own);
    let mut owners: Vec<ObjectIx> =
        buffers.iter().filter(is_direct).filter_map(owner).collect::<HashSet<_>>().into_iter().collect();
    owners.sort_unstable();
    owners.truncate(MOST);
    owners
}

/// Whether a buffer has memory of its own.
fn owns(buffer: &DirectBuffer) -> bool {
    matches!(buffer.kind, BufferKind::Direct | BufferKind::Native | BufferKind::Arena)
}

/// Who holds the buffers that own memory.
struct Owners {
    /// By label: the holder, how many buffers, their capacity; most bytes first.
    by_label: Vec<(String, Option<Holder>, u64, u64)>,
    /// Whoever holds the objects in whose fields most direct buffers are, if many have one each, what the fields of these say of whether they are done with, and
    /// what to do then.
    keeper: Option<(Holder, Vec<Text>, Option<Text>)>,
    /// Of a thread-local that holds most: the threads that have it.
    threads: u64,
    /// How many buffers there are beyond those whose holders were searched, and their capacity.
    others: (u64, u64),
}

impl Owners {
    fn find(context: &Context<'_>, buffers: &[DirectBuffer]) -> Result<Self, InspectError> {
        let has_memory = |buffer: &&DirectBuffer| owns(buffer) && buffer.capacity_bytes > 0;
        let owning: Vec<&DirectBuffer> = buffers.iter().filter(has_memory).collect();
        let bytes = owning.iter().map(|buffer| buffer.capacity_bytes).sum();
        let keeper = holder_of_most(context, &owning, bytes)?.filter(is_own_field);
        let mut found = Self::of(context, owning)?;
        if let Some(keeper) = keeper.filter(|keeper| found.is_of_elements(keeper)) {
            let (states, advice) = states_of(context, owners_of(context.snapshot, buffers), &keeper);
            found.keeper = Some((keeper, states, advice));
        }
        Ok(found)
    }

    fn of(context: &Context<'_>, mut owning: Vec<&DirectBuffer>) -> Result<Self, InspectError> {
        if owning.is_empty() {
            return Ok(Self { by_label: Vec::new(), keeper: None, threads: 0, others: (0, 0) });
        }
        owning.sort_by_key(|buffer| (Reverse(buffer.capacity_bytes), buffer.object));
        let others = owning.split_off(owning.len().min(TRACED));
        let others = (others.len() as u64, others.iter().map(|buffer| buffer.capacity_bytes).sum());
        let ownership = context.ownership()?;
        let mut sums: HashMap<String, (Option<Holder>, u64, u64)> = HashMap::new();
        let mut threads: HashMap<String, HashSet<Option<String>>> = HashMap::new();
        for buffer in owning {
            let held = ownership.of(buffer.object, context.snapshot.retained_bytes(buffer.object));
            let holder = held.map(|held| held.holder);
            let label = holder.as_ref().map_or_else(String::new, Holder::label);
            if let Some(holder) = holder.as_ref().filter(|holder| holder.kind == HolderKind::ThreadLocal) {
                threads.entry(label.clone()).or_default().insert(holder.thread.clone());
            }
            let sum = sums.entry(label).or_insert((holder, 0, 0));
            sum.1 += 1;
            sum.2 += buffer.capacity_bytes;
        }
        let mut by_label: Vec<_> =
            sums.into_iter().map(|(label, (holder, count, bytes))| (label, holder, count, bytes)).collect();
        by_label.sort_by(|a, b| b.3.cmp(&a.3).then_with(|| a.0.cmp(&b.0)));
        let first = by_label.first().and_then(|(label, ..)| threads.get(label));
        let threads = first.map_or(0, |threads| threads.len() as u64);
        Ok(Self { threads, keeper: None, by_label, others })
    }

    /// Whether most buffers are in one field of many objects, and that is not the field of this holder.
    fn is_of_elements(&self, keeper: &Holder) -> bool {
        const MANY: u64 = 16;
        let first = self.by_label.first();
        let holder = |holder: &Option<Holder>| {
            holder
                .as_ref()
                .is_some_and(|holder| is_own_field(holder) && holder.kind == HolderKind::InstanceField)
        };
        first.is_some_and(|(label, of_first, count, _)| {
            *count >= MANY && holder(of_first) && *label != keeper.label()
        })
    }

    /// A finding about buffers or arenas, which are of that class, with what to change and who holds most of them.
    fn finding(
        &self,
        id: &str,
        (class, advice): (&str, &str),
        severity: Severity,
        title: Text,
        (count, bytes): (u64, u64),
    ) -> Finding {
        let first = self.by_label.first();
        let evidence =
            first.filter(|(_, holder, ..)| holder.is_some()).map(|(label, holder, count, bytes)| {
                let mut args = vec![
                    ("holder", Arg::name(label)),
                    ("count", Arg::Count(*count)),
                    ("size", Arg::Bytes(*bytes)),
                ];
                let thread = holder.as_ref().and_then(|holder| holder.thread.as_ref());
                let Some(thread) = thread.filter(|_| self.threads > 1) else {
                    return Text::with("off-heap-held", args);
                };
                args.extend([("thread", Arg::name(thread)), ("threads", Arg::Count(self.threads))]);
                Text::with("off-heap-held-in-threads", args)
            });
        let label = first.map(|(label, ..)| label.as_str()).unwrap_or_default();
        let of_keeper = self.keeper.as_ref().filter(|_| class == DIRECT_BUFFER);
        let states = of_keeper.iter().flat_map(|(_, states, _)| states.clone());
        let take_out = of_keeper.and_then(|(_, _, advice)| advice.clone());
        let holder = match of_keeper {
            Some((keeper, ..)) => Some(keeper.clone()),
            None => first.and_then(|(_, holder, ..)| holder.clone()),
        };
        Finding {
            id: id.into(),
            severity,
            title,
            class: Some(class.into()),
            bytes,
            count,
            holder,
            advice: take_out.into_iter().chain([Text::message(advice)]).collect(),
            evidence: evidence.into_iter().chain(states).collect(),
            link: None,
            fingerprint: Fingerprint::of(&[id, label]),
        }
    }

    fn table(&self, context: &Context<'_>) -> Block {
        let columns = vec![Column::left("holder"), Column::right("count"), Column::right("bytes")];
        let row = |(label, holder, count, bytes): &(String, Option<Holder>, u64, u64)| {
            let nobody = Cell::Text(Text::message("holder-nobody"));
            let holder = if holder.is_some() { Cell::Value(label.clone()) } else { nobody };
            (holder, *count, *bytes)
        };
        let mut rows: Vec<_> = self.by_label.iter().map(row).collect();
        if self.others.0 > 0 {
            // Said, so that nobody takes the sum for all.
            let others = Cell::Text(Text::message("off-heap-not-traced"));
            rows.push((others, self.others.0, self.others.1));
        }
        table(context, "holders", columns, rows, |(holder, count, bytes)| {
            vec![holder, Cell::Count(count), Cell::Bytes(bytes)]
        })
    }
}

fn largest(context: &Context<'_>, buffers: &[DirectBuffer]) -> Block {
    let mut rows: Vec<&DirectBuffer> =
        buffers.iter().filter(|buffer| buffer.kind != BufferKind::View).collect();
    rows.sort_by_key(|buffer| (Reverse(buffer.capacity_bytes), buffer.object));
    let columns = vec![
        Column::left("address"),
        Column::left("class"),
        Column::left("buffer_kind"),
        Column::right("bytes"),
        Column::left("reachable"),
    ];
    table(context, "buffers", columns, rows, |buffer| {
        let kind = match buffer.kind {
            BufferKind::Direct => Cell::term("direct", "buffer-direct"),
            BufferKind::Native => Cell::term("native", "buffer-native"),
            BufferKind::Mapped => Cell::term("mapped", "buffer-mapped"),
            BufferKind::View => Cell::term("view", "buffer-view"),
            BufferKind::Arena => Cell::term("arena", "buffer-arena"),
        };
        vec![
            address(context.snapshot, buffer.object),
            Cell::Class(context.snapshot.class_name(buffer.object).to_owned()),
            kind,
            Cell::Bytes(buffer.capacity_bytes),
            Cell::Flag(buffer.is_reachable),
        ]
    })
}

/// Other objects that own memory: of libraries, compressors, Netty's chunks.
fn native_owners(
    context: &Context<'_>,
    native_memory: &[NativeMemory],
    findings: &mut Vec<Finding>,
) -> Result<Block, InspectError> {
    let snapshot = context.snapshot;
    let row = |memory: &NativeMemory| {
        let class = snapshot.classes().get(memory.class).name.to_string();
        (class, memory.count, memory.owners.len() as u64, memory.bytes(), None)
    };
    let mut rows: Vec<_> = native_memory.iter().map(row).collect();
    let mut open: Vec<Open> = Vec::new();
    for owners in compressors(snapshot)? {
        let class = snapshot.classes().get(owners.class).name.to_string();
        rows.push((class.clone(), owners.count, owners.open, owners.about_bytes, None));
        if owners.left_open.len() as u64 >= MANY_OPEN {
            let bytes_of_each = owners.about_bytes_of_each();
            open.push(Open { class, objects: owners.left_open, bytes_of_each });
        }
    }
    findings.extend(many_open(context, &open)?);
    for chunks in netty_chunks(snapshot)?.into_iter().filter(|chunks| chunks.count > 0) {
        let class = if chunks.is_direct {
            "io.netty.buffer.PoolArena$DirectArena"
        } else {
            "io.netty.buffer.PoolArena$HeapArena"
        };
        rows.push((class.to_owned(), chunks.count, chunks.count, chunks.bytes, Some(chunks.free_bytes)));
    }
    rows.sort_by(|a, b| b.3.cmp(&a.3).then_with(|| a.0.cmp(&b.0)));
    let columns = vec![
        Column::left("class"),
        Column::right("count"),
        Column::right("open"),
        Column::right("bytes"),
        Column::right("free_bytes"),
    ];
    Ok(table(context, "native", columns, rows, |(class, count, open, bytes, free)| {
        vec![
            Cell::Class(class),
            Cell::Count(count),
            Cell::Count(open),
            Cell::Bytes(bytes),
            free.map_or(Cell::None, Cell::Bytes),
        ]
    }))
}

fn near_limit(used: u64, count: u64, limit: u64, owners: &Owners) -> Option<Finding> {
    let part = share(used, limit);
    if part < MUCH_OF_LIMIT {
        return None;
    }
    let args = [("size", Arg::Bytes(used)), ("limit", Arg::Bytes(limit)), ("share", Arg::Share(part))];
    let severity = if part >= NEARLY_ALL_OF_LIMIT { Severity::Error } else { Severity::Warning };
    Some(owners.finding(
        DIRECT_MEMORY,
        OF_BUFFERS,
        severity,
        Text::with("off-heap-near-limit", args),
        (count, used),
    ))
}

/// Direct buffers beside which the heap is small.
fn beside_heap((count, bytes): (u64, u64), heap_bytes: u64, owners: &Owners) -> Option<Finding> {
    if count < MANY_DIRECT || bytes < MUCH_DIRECT || bytes < TIMES_THE_HEAP.saturating_mul(heap_bytes) {
        return None;
    }
    let args = [("count", Arg::Count(count)), ("size", Arg::Bytes(bytes)), ("heap", Arg::Bytes(heap_bytes))];
    let title = Text::with("off-heap-beside-heap", args);
    Some(owners.finding("off-heap.beside-heap", OF_BUFFERS, Severity::Warning, title, (count, bytes)))
}

/// Arenas that nobody has closed, beside which the heap is small.
fn open_arenas(
    context: &Context<'_>,
    buffers: &[DirectBuffer],
    heap_bytes: u64,
) -> Result<Option<Finding>, InspectError> {
    let arenas: Vec<DirectBuffer> =
        buffers.iter().filter(|buffer| buffer.kind == BufferKind::Arena).copied().collect();
    let count = arenas.len() as u64;
    let bytes = arenas.iter().map(|arena| arena.capacity_bytes).sum();
    if count < MANY_ARENAS || bytes < MUCH_DIRECT || bytes < TIMES_THE_HEAP.saturating_mul(heap_bytes) {
        return Ok(None);
    }
    let owners = Owners::find(context, &arenas)?;
    let args = [("count", Arg::Count(count)), ("size", Arg::Bytes(bytes)), ("heap", Arg::Bytes(heap_bytes))];
    let title = Text::with("off-heap-arenas", args);
    let mut finding =
        owners.finding("off-heap.open-arenas", OF_ARENAS, Severity::Warning, title, (count, bytes));
    if let Some(holder) = holder_of_most(context, &arenas.iter().collect::<Vec<_>>(), bytes)? {
        finding.holder = Some(holder);
    }
    Ok(Some(finding))
}

/// Objects of one class that own memory beside which the heap is small.
fn much_native(
    context: &Context<'_>,
    memory: &NativeMemory,
    heap_bytes: u64,
) -> Result<Option<Finding>, InspectError> {
    let (count, bytes) = (memory.owners.len() as u64, memory.bytes());
    if count < MANY_ARENAS || bytes < MUCH_DIRECT || bytes < TIMES_THE_HEAP.saturating_mul(heap_bytes) {
        return Ok(None);
    }
    let class = context.snapshot.classes().get(memory.class).name.to_string();
    let owners = Owners::find(context, &memory.owners)?;
    let args = [
        ("count", Arg::Count(count)),
        ("class", Arg::name(&class)),
        ("size", Arg::Bytes(bytes)),
        ("heap", Arg::Bytes(heap_bytes)),
    ];
    let (title, advice) = if memory.is_estimate {
        ("off-heap-native-about", "off-heap-native-about-advice")
    } else {
        ("off-heap-native", "off-heap-native-advice")
    };
    let title = Text::with(title, args);
    let mut finding =
        owners.finding(NATIVE_MEMORY, (&class, advice), Severity::Warning, title, (count, bytes));
    finding.advice = vec![Text::with(advice, [("class", Arg::name(&class))])];
    finding.fingerprint = Fingerprint::of(&[NATIVE_MEMORY, &class]);
    if let Some(holder) = holder_of_most(context, &memory.owners.iter().collect::<Vec<_>>(), bytes)? {
        finding.holder = Some(holder);
    }
    Ok(Some(finding))
}

/// Compressors of one class that were not closed.
struct Open {
    class: String,
    objects: Vec<ObjectIx>,
    bytes_of_each: u64,
}

impl Open {
    fn count(&self) -> u64 {
        self.objects.len() as u64
    }

    fn bytes(&self) -> u64 {
        self.count() * self.bytes_of_each
    }

    /// The same as what has memory of its own.
    fn owning<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = DirectBuffer> + 'a {
        self.objects.iter().map(|&object| DirectBuffer {
            object,
            kind: BufferKind::Native,
            capacity_bytes: self.bytes_of_each,
            is_reachable: snapshot.is_reachable(object),
            is_of_jdk: false,
        })
    }
}

/// One finding for all that are open, by class: who compresses expands, too.
fn many_open(context: &Context<'_>, open: &[Open]) -> Result<Option<Finding>, InspectError> {
    let Some(most) = open.iter().max_by_key(|open| open.bytes()) else { return Ok(None) };
    let bytes = open.iter().map(Open::bytes).sum();
    let count = open.iter().map(Open::count).sum();
    let of = |name: &str| open.iter().find(|open| open.class == name).map(Open::count);
    let title = match (of("java.util.zip.Deflater"), of("java.util.zip.Inflater")) {
        (Some(deflaters), Some(inflaters)) => {
            let args = [
                ("deflaters", Arg::Count(deflaters)),
                ("inflaters", Arg::Count(inflaters)),
                ("size", Arg::Bytes(bytes)),
            ];
            Text::with("off-heap-open-both", args)
        }
        _ => {
            let args = [
                ("count", Arg::Count(count)),
                ("class", Arg::name(&most.class)),
                ("size", Arg::Bytes(bytes)),
            ];
            Text::with("off-heap-open", args)
        }
    };
    let owning: Vec<DirectBuffer> = open.iter().flat_map(|open| open.owning(context.snapshot)).collect();
    let owners = Owners::find(context, &owning)?;
    let about = (most.class.as_str(), "off-heap-open-advice");
    let mut finding =
        owners.finding("off-heap.open-compressors", about, Severity::Warning, title, (count, bytes));
    finding.fingerprint = Fingerprint::of(&["off-heap.open-compressors", &most.class]);
    if let Some(holder) = holder_of_most(context, &owning.iter().collect::<Vec<_>>(), bytes)? {
        finding.holder = Some(holder);
    }
    Ok(Some(finding))
}
