//! The lists in which the JDK keeps all objects that have something to be cleaned up after.
//!
//! Each of these objects refers to its neighbours in the list, and so whoever has one of them, as any stream or executor has, leads to what all
//! others clean up: zip files, buffers, sockets. That is nobody's doing but the JDK's. Cost: a look at each of these objects, and only where a
//! path leads from one to another.

use crate::graph::GraphError;
use crate::ix::ObjectIx;
use crate::query::instances_of;
use crate::snapshot::{Link, Snapshot, SnapshotError};
use crate::storage::BitColumn;

/// Classes of what is in such a list: since JDK 9, and those of direct buffers.
const CLEANABLE: &[&str] = &[
    "jdk.internal.ref.PhantomCleanable",
    "jdk.internal.ref.CleanerImpl$PhantomCleanableRef",
    "jdk.internal.ref.Cleaner",
    "sun.misc.Cleaner",
];
/// The fields that lead to the neighbours, or (in JDK 25) to the part of the list that it stands in.
const NEIGHBOURS: &[&str] = &["next", "prev", "list", "node"];
/// A part of the list in JDK 25, and the fields that lead to what stands in it and to the next part.
const PART: &str = "jdk.internal.ref.CleanerImpl$CleanableList$Node";
const OF_PART: &[&str] = &["arr", "next"];

/// Whether an object is one of these.
pub(super) fn is_cleanable(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let class = snapshot.class_of(object);
    // Paths may be lists of millions: few classes are worth a look at their super classes.
    let name = snapshot.class_name(object);
    (name.starts_with("jdk.internal.ref.") || name.ends_with("Cleanable") || name == "sun.misc.Cleaner")
        && CLEANABLE.iter().any(|name| snapshot.classes().is_named(class, name))
}

/// Whether a path passes from one of these objects to others, or comes to one of them from the JDK's list.
pub(super) fn leads_from_one_to_others(snapshot: &Snapshot, path: &[ObjectIx]) -> bool {
    let is_way = |pair: &[ObjectIx]| {
        let fields = if is_cleanable(snapshot, pair[0]) {
            NEIGHBOURS
        } else if snapshot.class_name(pair[0]) == PART {
            OF_PART
        } else {
            return false;
        };
        matches!(snapshot.link(pair[0], pair[1]), Some(Link::Field { name, .. }) if fields.contains(&name))
    };
    path.windows(2).any(is_way)
}

/// All of these objects.
pub(super) fn all(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    let mut classes: Vec<_> =
        CLEANABLE.iter().flat_map(|name| snapshot.classes().sub_classes_of(name)).collect();
    classes.sort_unstable();
    classes.dedup();
    instances_of(snapshot, &classes)
}

/// Marks the slots that lead from one of these objects to its neighbours, beside those of soft and final references.
pub(super) fn slots_of_lists(snapshot: &Snapshot) -> Result<BitColumn, SnapshotError> {
    let slots = snapshot.references().slot_count();
    let mut marked = match snapshot.softer_slots()? {
        Some(slots) => slots,
        None => BitColumn::new(snapshot.storage(), "slots of lists", slots).map_err(GraphError::from)?,
    };
    let parts = instances_of(snapshot, snapshot.classes().named(PART))?;
    let parts = parts.into_iter().map(|part| (part, OF_PART));
    for (object, fields) in all(snapshot)?.into_iter().map(|object| (object, NEIGHBOURS)).chain(parts) {
        let neighbours: Vec<ObjectIx> =
            fields.iter().filter_map(|field| snapshot.follow(object, field)).collect();
        let range = snapshot.references().slot_range(object);
        for (slot, target) in range.zip(snapshot.references().slots(object)) {
            if neighbours.contains(&ObjectIx(target)) {
                marked.set(slot);
            }
        }
    }
    Ok(marked)
}
