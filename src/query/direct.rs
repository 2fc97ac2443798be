//! Memory outside of the heap that objects of the heap stand for: byte buffers, (de)compressors, Netty's arenas.
//!
//! Owns the telling apart of buffers that own memory, views of others, mapped files, and memory that native code lent. Views
//! (`att` is set) own nothing; mapped files (a file descriptor is set, or the JDK's own image reader holds it) are not allocated;
//! of the rest those with a `cleaner` were made by `ByteBuffer.allocateDirect` and count to the JVM's limit; those without were made by native
//! code or by `Unsafe` (Netty's buffers without cleaner). Cost: a record for each such object.

use super::instances::instances_of;
use crate::hprof::Value;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Snapshot, SnapshotError};

/// Whose memory a direct buffer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BufferKind {
    /// Allocated by `ByteBuffer.allocateDirect`; counts to `-XX:MaxDirectMemorySize`.
    Direct,
    /// Allocated by native code or through `Unsafe`.
    Native,
    /// A mapped file.
    Mapped,
    /// A slice or duplicate of another buffer.
    View,
    /// Allocated in an arena of the foreign memory API that is open; the object is the arena's session.
    Arena,
}

/// A direct buffer, or an arena that has memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectBuffer {
    /// The buffer, or the session of the arena.
    pub object: ObjectIx,
    /// Whose memory it is.
    pub kind: BufferKind,
    /// Its capacity in bytes.
    pub capacity_bytes: u64,
    /// Whether some root reaches it.
    pub is_reachable: bool,
    /// Whether it is the JDK's own modules file, which every process has mapped.
    pub is_of_jdk: bool,
}

/// All direct byte buffers, in the order of the dump, unreachable ones too: their memory is not freed before they are collected.
///
/// # Errors
/// Cancelled.
pub fn direct_buffers(snapshot: &Snapshot) -> Result<Vec<DirectBuffer>, SnapshotError> {
    let mut classes = snapshot.classes().sub_classes_of("java.nio.DirectByteBuffer");
    classes.sort_unstable();
    let images = image_buffers(snapshot)?;
    let buffer = |object: ObjectIx| {
        let is_of_jdk = images.contains(&object);
        let kind = if ["att", "viewedBuffer"].iter().any(|field| snapshot.follow(object, field).is_some()) {
            BufferKind::View
        } else if snapshot.follow(object, "fd").is_some() || is_of_jdk {
            BufferKind::Mapped
        } else if snapshot.follow(object, "cleaner").is_some() {
            BufferKind::Direct
        } else {
            BufferKind::Native
        };
        DirectBuffer {
            object,
            kind,
            capacity_bytes: unsigned(snapshot, object, "capacity"),
            is_reachable: snapshot.is_reachable(object),
            is_of_jdk,
        }
    };
    // One whose allocation has failed has a capacity already, and no memory.
    let has_memory = |&object: &ObjectIx| snapshot.integer(object, "address") != Some(0);
    Ok(instances_of(snapshot, &classes)?.into_iter().filter(has_memory).map(buffer).collect())
}

fn unsigned(snapshot: &Snapshot, object: ObjectIx, field: &str) -> u64 {
    snapshot.integer(object, field).and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}

/// The buffers that map the JDK's `lib/modules` file: the reader has a read-only view of it.
fn image_buffers(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    let readers = snapshot.classes().sub_classes_of("jdk.internal.jimage.BasicImageReader");
    let readers = instances_of(snapshot, &readers)?.into_iter();
    let maps = readers.filter_map(|reader| snapshot.follow(reader, "memoryMap"));
    Ok(maps.flat_map(|map| [Some(map), snapshot.follow(map, "att")]).flatten().collect())
}

/// What the JVM itself has counted of direct memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectCounters {
    /// Bytes that `java.nio.Bits` has reserved.
    pub reserved_bytes: Option<u64>,
    /// Buffers that it has counted.
    pub count: Option<u64>,
    /// Bytes that Netty has counted of its buffers without cleaner.
    pub netty_used_bytes: Option<u64>,
    /// How many Netty allows itself.
    pub netty_limit_bytes: Option<u64>,
}

impl DirectCounters {
    /// Reads them.
    pub fn of(snapshot: &Snapshot) -> Self {
        let statics = |class: &str, fields: &[&str]| {
            let classes = snapshot.classes().named(class).iter();
            let mut values = classes
                .flat_map(|&class| fields.iter().map(move |field| (class, field)))
                .filter_map(|(class, field)| snapshot.classes().get(class).static_value(field));
            let number = values.find_map(|value| match value {
                Value::Reference(id) => snapshot.integer(snapshot.find(id)?, "value"),
                number => number.integer(),
            });
            number.and_then(|number| u64::try_from(number).ok())
        };
        const NETTY: &str = "io.netty.util.internal.PlatformDependent";
        Self {
            reserved_bytes: statics("java.nio.Bits", &["RESERVED_MEMORY", "reservedMemory"]),
            count: statics("java.nio.Bits", &["COUNT", "count"]),
            netty_used_bytes: statics(NETTY, &["DIRECT_MEMORY_COUNTER"]),
            netty_limit_bytes: statics(NETTY, &["DIRECT_MEMORY_LIMIT"]),
        }
    }
}

/// Objects of one class that own memory of native libraries, and how many of them were not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeOwners {
    /// The class.
    pub class: ClassIx,
    /// How many.
    pub count: u64,
    /// How many still have their memory.
    pub open: u64,
    /// About how much those take that still have their memory, in bytes.
    pub about_bytes: u64,
    /// Those of them that should have been closed: open zip files keep others for the next entry that is read, and close them with the file.
    pub left_open: Vec<ObjectIx>,
}

impl NativeOwners {
    /// About how many bytes each takes that still has its memory.
    pub fn about_bytes_of_each(&self) -> u64 {
        self.about_bytes / self.open.max(1)
    }
}

/// What zlib takes for an `Inflater` (a window of 32 KiB and its state).
const INFLATER_BYTES: u64 = 43 << 10;
/// What zlib takes for a `Deflater` at its usual level (window, hash chains, pending output).
const DEFLATER_BYTES: u64 = 264 << 10;

/// `Inflater`s and `Deflater`s by class, unreachable ones too.
///
/// # Errors
/// Cancelled.
pub fn compressors(snapshot: &Snapshot) -> Result<Vec<NativeOwners>, SnapshotError> {
    let mut all = Vec::new();
    let kept = kept_for_next(snapshot)?;
    for (name, bytes) in
        [("java.util.zip.Inflater", INFLATER_BYTES), ("java.util.zip.Deflater", DEFLATER_BYTES)]
    {
        for class in snapshot.classes().sub_classes_of(name) {
            let objects = instances_of(snapshot, &[class])?;
            let is_open = |&&object: &&ObjectIx| {
                snapshot
                    .follow(object, "zsRef")
                    .is_some_and(|stream| snapshot.integer(stream, "address") != Some(0))
            };
            let open: Vec<ObjectIx> = objects.iter().filter(is_open).copied().collect();
            let is_kept = |object: &ObjectIx| kept.binary_search(object).is_ok();
            if !objects.is_empty() {
                let count = open.len() as u64;
                all.push(NativeOwners {
                    class,
                    count: objects.len() as u64,
                    open: count,
                    about_bytes: count * bytes,
                    left_open: open.into_iter().filter(|object| !is_kept(object)).collect(),
                });
            }
        }
    }
    Ok(all)
}

/// The `Inflater`s in the pools that zip files have of them, in order.
fn kept_for_next(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    const OWNERS: [&str; 2] = ["java.util.zip.ZipFile$CleanableResource", "java.util.zip.ZipFile"];
    let classes: Vec<ClassIx> =
        OWNERS.iter().flat_map(|&owner| snapshot.classes().sub_classes_of(owner)).collect();
    let elements = |owner: ObjectIx| snapshot.follow(snapshot.follow(owner, "inflaterCache")?, "elements");
    let mut kept: Vec<ObjectIx> = instances_of(snapshot, &classes)?
        .into_iter()
        .filter_map(elements)
        .flat_map(|elements| snapshot.references().of(elements))
        .collect();
    kept.sort_unstable();
    Ok(kept)
}

/// The chunks of Netty's pooled arenas of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NettyChunks {
    /// Whether they are outside of the heap.
    pub is_direct: bool,
    /// How many chunks.
    pub count: u64,
    /// Their sizes.
    pub bytes: u64,
    /// The part of it that is in no use.
    pub free_bytes: u64,
}

/// Netty's chunks: direct ones, then those on the heap.
///
/// # Errors
/// Cancelled.
pub fn netty_chunks(snapshot: &Snapshot) -> Result<[NettyChunks; 2], SnapshotError> {
    let mut sums = [true, false].map(|is_direct| NettyChunks { is_direct, ..NettyChunks::default() });
    let chunks: Vec<ClassIx> = snapshot
        .classes()
        .iter()
        .filter(|(_, class)| class.name.ends_with("io.netty.buffer.PoolChunk"))
        .map(|(class, _)| class)
        .collect();
    for chunk in instances_of(snapshot, &chunks)?.into_iter().filter(|&chunk| snapshot.is_reachable(chunk)) {
        let arena = snapshot.follow(chunk, "arena");
        let is_heap = arena.is_some_and(|arena| snapshot.class_name(arena).ends_with("HeapArena"));
        let sum = &mut sums[usize::from(is_heap)];
        sum.count += 1;
        sum.bytes += unsigned(snapshot, chunk, "chunkSize");
        sum.free_bytes += unsigned(snapshot, chunk, "freeBytes");
    }
    Ok(sums)
}
