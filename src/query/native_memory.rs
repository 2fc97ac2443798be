//! Memory outside of the heap that objects of libraries own which are no buffers of the JDK: an address and a size.
//!
//! Of some libraries it is known which fields these are, and that the size is in bytes. Of other classes the names of the fields tell, and the
//! numbers must bear it out: addresses as `malloc` returns them, and regions that do not overlap each other nor any that is counted elsewhere, as
//! views do. What a size of theirs counts (bytes, elements) is not known, so that such a sum is an estimate. Objects whose address is 0 have given
//! theirs back. Cost: a record for each object of such a class, and a sort of these.

use super::direct::{BufferKind, DirectBuffer};
use super::instances::instances_of;
use super::origin::{Origin, origin_of};
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Snapshot, SnapshotError};
use std::cmp::Reverse;

/// A class of a library, and the paths to the address and to the size in bytes. `Memory.SharedMemory` is a view, and overlaps what it is one of.
const KNOWN: [(&str, &[&str], &[&str]); 2] = [
    ("com.sun.jna.Memory", &["peer"], &["size"]),
    // What it has counted to the limit that it sets itself. A pointer that is a copy of another one has another deallocator, or none.
    ("org.bytedeco.javacpp.Pointer", &["deallocator", "ownerAddress"], &["deallocator", "bytes"]),
];
/// What others call the address of their memory, and its size.
const ADDRESSES: [&str; 11] = [
    "address",
    "addr",
    "peer",
    "ptr",
    "pointer",
    "handle",
    "memoryAddress",
    "baseAddress",
    "nativeAddress",
    "nativePointer",
    "nativePtr",
];
const SIZES: [&str; 10] = [
    "size",
    "capacity",
    "length",
    "allocatedSize",
    "sizeInBytes",
    "sizeBytes",
    "byteSize",
    "bytes",
    "numBytes",
    "capacityBytes",
];
/// No memory that was allocated begins below or above this where addresses have 8 bytes: a position in a file, a number of something.
const LOWEST: u64 = 1 << 32;
const HIGHEST: u64 = 1 << 57;
/// Where memory that was allocated may begin.
const ALIGNMENT: u64 = 8;
/// What all processes can address is less, in bytes.
const MOST_BYTES: u64 = 1 << 56;

/// Objects of one class that own memory outside of the heap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeMemory {
    /// The class, or the library's own class that it is derived from.
    pub class: ClassIx,
    /// How many objects there are, with those that have given their memory back.
    pub count: u64,
    /// Those that have memory, in the order of their addresses.
    pub owners: Vec<DirectBuffer>,
    /// Whether the size is told by the names of its fields alone.
    pub is_estimate: bool,
}

impl NativeMemory {
    /// How many bytes they own.
    pub fn bytes(&self) -> u64 {
        self.owners.iter().map(|owner| owner.capacity_bytes).sum()
    }
}

/// An object and the memory that it leads to.
#[derive(Clone, Copy)]
struct Region {
    start: u64,
    bytes: u64,
    /// None of what is counted elsewhere.
    owner: Option<ObjectIx>,
}

/// What objects of libraries and of the application own, by class; unreachable ones too: their memory is not freed before they are collected.
///
/// `buffers` are the direct buffers, whose memory is not counted twice.
///
/// # Errors
/// Cancelled.
pub fn native_memory(
    snapshot: &Snapshot,
    buffers: &[DirectBuffer],
) -> Result<Vec<NativeMemory>, SnapshotError> {
    let mut all = Vec::new();
    let mut known = Vec::new();
    let mut counted = counted_elsewhere(snapshot, buffers)?;
    for (name, address, size) in KNOWN {
        let classes = snapshot.classes().sub_classes_of(name);
        let objects = instances_of(snapshot, &classes)?;
        known.extend(classes);
        let Some(&class) = snapshot.classes().named(name).first() else { continue };
        let number = |object: ObjectIx, path: &[&str]| {
            let (last, before) = path.split_last()?;
            unsigned(snapshot.integer(snapshot.follow_all(object, before)?, last))
        };
        let regions = objects.iter().filter_map(|&object| {
            Some(Region {
                start: number(object, address)?,
                bytes: number(object, size)?,
                owner: Some(object),
            })
        });
        let regions: Vec<Region> = regions.collect();
        counted.extend(regions.iter().map(|region| Region { owner: None, ..*region }));
        let owners = owners_of(snapshot, regions);
        all.push(NativeMemory { class, count: objects.len() as u64, owners, is_estimate: false });
    }
    for (class, address, size) in named_so(snapshot, &known) {
        let objects = instances_of(snapshot, &[class])?;
        let integer = |object, field| unsigned(snapshot.integer(object, field));
        let regions: Vec<Region> = objects
            .iter()
            .filter_map(|&object| {
                let (start, bytes) = (integer(object, address)?, integer(object, size)?);
                Some(Region { start, bytes, owner: Some(object) })
            })
            .collect();
        let is_allocated = |region: &Region| {
            (LOWEST..HIGHEST).contains(&region.start) && region.start.is_multiple_of(ALIGNMENT)
        };
        if !regions.iter().all(is_allocated) {
            continue;
        }
        let with_memory = regions.len();
        let owners = owners_of(snapshot, counted.iter().copied().chain(regions).collect());
        // Where most are views of others nobody knows what the rest is.
        if owners.len() * 2 > with_memory {
            all.push(NativeMemory { class, count: objects.len() as u64, owners, is_estimate: true });
        }
    }
    all.retain(|memory| !memory.owners.is_empty());
    Ok(all)
}

/// A number of memory that there is.
fn unsigned(number: Option<i64>) -> Option<u64> {
    number.and_then(|number| u64::try_from(number).ok()).filter(|&number| number > 0)
}

/// Classes that are not the JDK's with a field for an address and one for a size, by their names.
fn named_so(snapshot: &Snapshot, known: &[ClassIx]) -> Vec<(ClassIx, &'static str, &'static str)> {
    /// An address takes so much.
    const ID_BYTES: usize = 8;
    if snapshot.encoding().id_bytes() < ID_BYTES {
        return Vec::new();
    }
    let classes = snapshot.classes();
    let find = |class: ClassIx, names: &[&'static str], types: &[FieldType]| {
        names.iter().copied().find(|name| {
            classes.lineage(class).any(|(_, declaring)| {
                declaring.fields.iter().any(|field| &*field.name == *name && types.contains(&field.ty))
            })
        })
    };
    let fields = |(class, _)| {
        let address = find(class, &ADDRESSES, &[FieldType::Long])?;
        let size = find(class, &SIZES, &[FieldType::Long, FieldType::Int])?;
        let is_it = !known.contains(&class) && origin_of(snapshot, class) != Origin::Jdk;
        is_it.then_some((class, address, size))
    };
    classes.iter().filter_map(fields).collect()
}

/// Memory that is counted as something else: of direct buffers, mapped files and segments.
fn counted_elsewhere(snapshot: &Snapshot, buffers: &[DirectBuffer]) -> Result<Vec<Region>, SnapshotError> {
    let region = |object, start, bytes| {
        let integer = |field| unsigned(snapshot.integer(object, field));
        Some(Region { start: integer(start)?, bytes: integer(bytes)?, owner: None })
    };
    let of_buffers = buffers.iter().filter_map(|buffer| region(buffer.object, "address", "capacity"));
    let segments = snapshot.classes().sub_classes_of("jdk.internal.foreign.AbstractMemorySegmentImpl");
    let segments = instances_of(snapshot, &segments)?.into_iter();
    Ok(of_buffers.chain(segments.filter_map(|segment| region(segment, "min", "length"))).collect())
}

/// The objects whose regions lie in no other: of two of the same memory the one that comes first in the dump.
fn owners_of(snapshot: &Snapshot, mut regions: Vec<Region>) -> Vec<DirectBuffer> {
    regions.sort_by_key(|region| (region.start, region.owner.is_some(), Reverse(region.bytes), region.owner));
    let (mut end, mut room) = (0u64, MOST_BYTES);
    let mut owners = Vec::new();
    for region in regions {
        let Some(left) = room.checked_sub(region.bytes) else { continue };
        let is_view = region.start < end;
        end = end.max(region.start.saturating_add(region.bytes));
        let Some(object) = region.owner.filter(|_| !is_view) else { continue };
        room = left;
        owners.push(DirectBuffer {
            object,
            kind: BufferKind::Native,
            capacity_bytes: region.bytes,
            is_reachable: snapshot.is_reachable(object),
            is_of_jdk: false,
        });
    }
    owners
}
