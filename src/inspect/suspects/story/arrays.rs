//! Elements in full arrays, as a table that was made once, or of which a few objects have one each, as a ring for each endpoint or a grid for each layer.
//!
//! An array cannot grow, and where all of them are of one length and without a gap nobody has made one longer for what came last: there are more elements
//! only with more of these objects. An owner that counts how much of its array is in use has a list of its own making, elements with collections
//! inside may grow themselves, and of many owners (unless it counts what it has thrown out), or those of which each leads to the next one, there may be more soon: of none of these is it told. Cost: a pass over the objects for the owners, where
//! there are few, and what their arrays refer to.

use super::Story;
use super::fixed::is_of_fixed_parts;
use super::standing::Fixed;
use super::young::Young;
use crate::hprof::FieldType;
use crate::inspect::suspects::elements::is_collection;
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of};
use crate::report::{HolderKind, SuspectKind};
use crate::snapshot::{FieldValue, Snapshot};
use hashbrown::HashSet;
use rayon::prelude::*;

/// Owners that are few.
const FEW: u64 = 32;
/// Two may have as many elements by chance.
const LEAST: usize = 3;

impl Story {
    /// In how many arrays of one length it is, if nearly all of it is in such.
    pub(super) fn in_full_arrays(&self, snapshot: &Snapshot) -> Option<Fixed> {
        let holder = &self.held.holder;
        let field = holder.field.as_deref().filter(|_| holder.kind == HolderKind::InstanceField)?;
        let owner = self.declaring(snapshot).filter(|_| self.held.kind == SuspectKind::Leak)?;
        let class = snapshot.class_of(owner);
        let is_one_of_few = snapshot.class_counts()[class.index()].instances <= FEW
            && origin_of(snapshot, class) != Origin::Jdk
            && !is_collection(snapshot, owner)
            && snapshot.follow(owner, field).is_some_and(|array| snapshot.class(array).is_array());
        if !is_one_of_few {
            return None;
        }
        let owners: Vec<ObjectIx> =
            snapshot.par_instances(class).filter(|&object| snapshot.is_reachable(object)).collect();
        // One piece of a list that is cut into pieces leads to the next one.
        let is_piece = |&owner: &ObjectIx| {
            snapshot.references().of(owner).any(|other| snapshot.class_of(other) == class)
        };
        if owners.iter().any(is_piece) {
            return None;
        }
        let arrays: Vec<ObjectIx> =
            owners.iter().map(|&owner| snapshot.follow(owner, field)).collect::<Option<_>>()?;
        let length = snapshot.array_length(*arrays.first()?)?;
        let is_full = |(&owner, &array): (&ObjectIx, &ObjectIx)| {
            snapshot.class(array).element == Some(FieldType::Reference)
                && snapshot.array_length(array) == Some(length)
                && snapshot.references().of(array).count() == length as usize
                && snapshot.dominators().dominates(owner, array)
        };
        let counts = |owner: &ObjectIx| counts(snapshot, *owner, i64::from(length));
        let bytes: u64 = arrays.iter().map(|&array| snapshot.retained_bytes(array)).sum();
        let is_it = arrays.len() >= LEAST
            && length > 1
            && bytes * 10 >= self.bytes * 9
            && owners.iter().zip(&arrays).all(is_full)
            && (owners.iter().all(|&owner| is_evicting(snapshot, owner)) && hold_pieces(snapshot, &arrays)
                || !owners.iter().any(counts)
                    && are_alike(snapshot, &arrays)
                    && arrays.iter().all(|&array| is_of_fixed_parts(snapshot, array)));
        is_it.then_some(Fixed::FullArrays { arrays: arrays.len() as u64, length: u64::from(length) })
    }
}

/// Whether what is in the arrays is of one size, and has nothing inside that grows.
fn are_alike(snapshot: &Snapshot, arrays: &[ObjectIx]) -> bool {
    let elements = || arrays.iter().flat_map(|&array| snapshot.references().of(array));
    let sizes = || elements().map(|element| snapshot.retained_bytes(element));
    let (least, most) = (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0));
    least * 10 >= most * 9
        && (arrays.iter().all(|&array| is_matrix(snapshot, array))
            || elements().all(|element| is_of_one_piece(snapshot, element)))
}

/// Whether an object counts what it has thrown out, and has done so: a cache that is full, whose count of what is in it says only that.
fn is_evicting(snapshot: &Snapshot, owner: ObjectIx) -> bool {
    let has_evicted = |field: FieldValue<'_>| {
        field.field.name.to_ascii_lowercase().contains("evict")
            && field.value.integer().is_some_and(|number| number > 0)
    };
    snapshot.fields(owner).any(has_evicted)
}

/// Whether what is in the arrays has nothing inside that grows, of whatever size each is, as pages and images are.
fn hold_pieces(snapshot: &Snapshot, arrays: &[ObjectIx]) -> bool {
    let mut elements = arrays.iter().flat_map(|&array| snapshot.references().of(array));
    elements.all(|element| is_of_one_piece(snapshot, element))
}

/// Whether nearly all of an object is in itself and in arrays of numbers that it refers to.
fn is_of_one_piece(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let is_data = |&inner: &ObjectIx| {
        snapshot.class(inner).is_primitive_array()
            && snapshot.dominators().immediate_dominator(inner).object() == Some(object)
    };
    let inside = snapshot.references().of(object).filter(is_data);
    let bytes: u64 = inside.map(|inner| snapshot.shallow_bytes(inner)).sum();
    snapshot.class(object).element != Some(FieldType::Reference)
        && !is_collection(snapshot, object)
        && (bytes + snapshot.shallow_bytes(object)) * 10 >= snapshot.retained_bytes(object) * 9
}

/// Whether an object has a number that says how many elements of an array of that length are in use, and all of them are.
pub(super) fn counts(snapshot: &Snapshot, owner: ObjectIx, length: i64) -> bool {
    let counts_it = |field: FieldValue<'_>| {
        let name = field.field.name.trim_start_matches('_');
        let is_count = ["size", "count", "elementCount", "used", "top", "n"].contains(&name);
        is_count && field.value.integer() == Some(length)
    };
    snapshot.fields(owner).any(counts_it)
}

/// Whether an object has a number that says how far the rows of a matrix are in use, as one does that has its columns in arrays which it replaces by longer ones.
pub(super) fn may_have_longer_rows(snapshot: &Snapshot, owner: ObjectIx, array: ObjectIx) -> bool {
    if !is_matrix(snapshot, array) {
        return false;
    }
    let first = snapshot.references().of(array).next();
    let Some(length) = first.and_then(|row| snapshot.array_length(row)).map(i64::from) else { return false };
    // A list that is made longer is more than half full.
    let is_use = |field: FieldValue<'_>| {
        field.value.integer().is_some_and(|number| (length / 2..length).contains(&number))
    };
    length > 1 && snapshot.fields(owner).any(is_use)
}

/// Whether an array is one of arrays of numbers: a matrix has no collections in it.
fn is_matrix(snapshot: &Snapshot, array: ObjectIx) -> bool {
    let is_row = |row: ObjectIx| snapshot.class(row).is_primitive_array();
    let elements = snapshot.references().of(array);
    elements.filter(|&element| snapshot.mirrored_class(element).is_none()).all(is_row)
}

/// Whether it is a large array without a gap, which a field refers to directly: a table that is as large as it was made. What grows has room to grow,
/// and an array of few may be one of collections.
pub(super) fn is_full_table(snapshot: &Snapshot, array: ObjectIx) -> bool {
    let least: u64 = if is_matrix(snapshot, array) { 2 } else { 1024 };
    let is_full = |length: u64| snapshot.references().of(array).count() as u64 == length;
    snapshot.class(array).element == Some(FieldType::Reference)
        && (snapshot
            .array_length(array)
            .map(u64::from)
            .is_some_and(|length| length >= least && is_full(length))
            || is_full_grid(snapshot, array))
        && (is_of_fixed_parts(snapshot, array) || is_of_short_rows(snapshot, array))
}

/// Whether an array is one of very many short rows of numbers that nothing else refers to, of many lengths, none of which was made lately as far as the dump shows: a table
/// that was filled once, as the parts that fit each model. Rows to which numbers are added become long, or are of the few lengths that an array has that is doubled.
fn is_of_short_rows(snapshot: &Snapshot, array: ObjectIx) -> bool {
    const MANY: u64 = 10_000;
    /// On average.
    const SHORT: u64 = 64;
    const LONGEST: u64 = 8 * SHORT;
    const LENGTHS: usize = 12;
    let tree = snapshot.dominators();
    if !is_matrix(snapshot, array) || snapshot.array_length(array).map_or(0, u64::from) < MANY {
        return false;
    }
    let (mut sum, mut rows, mut most) = (0, 0, 0);
    let mut lengths: HashSet<u64> = HashSet::new();
    for row in snapshot.references().of(array) {
        let length = snapshot.array_length(row).map_or(0, u64::from);
        if tree.immediate_dominator(row).object() != Some(array) {
            return false;
        }
        (sum, rows, most) = (sum + length, rows + 1, most.max(length));
        lengths.insert(length);
    }
    let is_short = sum <= SHORT * rows && most <= LONGEST && lengths.len() >= LENGTHS;
    is_short && {
        let young = snapshot.remember(Young::find);
        let is_young = |row: ObjectIx| young.is_amid_garbage(snapshot, row);
        young.shows().is_none() || !snapshot.references().of(array).any(is_young)
    }
}

/// Whether an array is one of rows of one length without a gap whose elements do not grow.
fn is_full_grid(snapshot: &Snapshot, array: ObjectIx) -> bool {
    /// Cells at least.
    const LARGE: usize = 1024;
    const TWO: usize = 2;
    let rows: Vec<ObjectIx> = snapshot.references().of(array).collect();
    let length = rows.first().and_then(|&row| snapshot.array_length(row)).map_or(0, |length| length as usize);
    let is_row = |&row: &ObjectIx| {
        snapshot.class(row).element == Some(FieldType::Reference)
            && snapshot.array_length(row).is_some_and(|of_row| of_row as usize == length)
            && snapshot.references().of(row).count() == length
            && snapshot.dominators().immediate_dominator(row).object() == Some(array)
    };
    let is_large = rows.len() >= TWO && length >= TWO && rows.len() * length >= LARGE;
    is_large
        && snapshot.array_length(array).is_some_and(|all| all as usize == rows.len())
        && rows.iter().all(is_row)
        && are_alike(snapshot, &rows)
}
