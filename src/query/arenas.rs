//! Native memory of the foreign memory API (`java.lang.foreign`): what arenas have allocated and not given back.
//!
//! A segment is a view; who owns the memory is the session of its arena, which has a list of what is to be done when it is closed. For memory
//! that is a clean-up with the size that was allocated. Sessions that are closed have given it back. The global arena keeps no list: what is
//! allocated there is never freed and cannot be told from what native code lent, so it is left out. Cost: a record for each session and clean-up.

use super::direct::{BufferKind, DirectBuffer};
use super::instances::instances_of;
use crate::snapshot::{Snapshot, SnapshotError};
use std::iter::successors;

/// What the clean-up of an allocation calls its size: since JDK 22, before.
const SIZES: [&str; 2] = ["val$allocationSize", "val$alignedSize"];
/// What all processes can address is less, in bytes.
const MOST_BYTES: u64 = 1 << 56;
/// Since JDK 19, before.
const SESSIONS: [&str; 2] =
    ["jdk.internal.foreign.MemorySessionImpl", "jdk.internal.foreign.ResourceScopeImpl"];

/// The sessions of all arenas that are open and have memory, in the order of the dump, unreachable ones too: what nobody has closed stays
/// allocated, unless the collector closes it.
///
/// # Errors
/// Cancelled.
pub fn arenas(snapshot: &Snapshot) -> Result<Vec<DirectBuffer>, SnapshotError> {
    let mut classes: Vec<_> =
        SESSIONS.iter().flat_map(|name| snapshot.classes().sub_classes_of(name)).collect();
    classes.sort_unstable();
    let sessions = instances_of(snapshot, &classes)?.into_iter();
    let open = sessions.filter(|&session| snapshot.integer(session, "state").is_none_or(|state| state >= 0));
    // A list that is damaged may go round, and its numbers may add up to anything.
    let (mut left, mut room) = (snapshot.object_count(), MOST_BYTES);
    let arena = |object| {
        let list = snapshot.follow(object, "resourceList")?;
        let cleanups = successors(snapshot.follow(list, "fst"), |&at| snapshot.follow(at, "next"));
        let mut capacity_bytes = 0u64;
        for cleanup in cleanups.take(left) {
            left -= 1;
            let size = SIZES.iter().find_map(|field| snapshot.integer(cleanup, field));
            let size =
                size.and_then(|size| u64::try_from(size).ok()).filter(|&size| size <= room).unwrap_or(0);
            room -= size;
            capacity_bytes += size;
        }
        (capacity_bytes > 0).then(|| DirectBuffer {
            object,
            kind: BufferKind::Arena,
            capacity_bytes,
            is_reachable: snapshot.is_reachable(object),
            is_of_jdk: false,
        })
    };
    Ok(open.filter_map(arena).collect())
}
