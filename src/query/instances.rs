//! The objects of some classes.
//!
//! Cost: one look at the class of each object, on all threads; 4 bytes per object found.

use super::scan::fold_tasks;
use crate::graph::GraphError;
use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::{Snapshot, SnapshotError};
use rayon::prelude::*;

/// All objects of the classes, reachable or not, in the order of the dump.
///
/// # Errors
/// Cancelled.
pub fn instances_of(snapshot: &Snapshot, classes: &[ClassIx]) -> Result<Vec<ObjectIx>, SnapshotError> {
    if classes.is_empty() {
        return Ok(Vec::new());
    }
    if let &[class] = classes {
        snapshot.progress().check().map_err(GraphError::from)?;
        return Ok(snapshot.par_instances(class).collect());
    }
    let mut wanted = vec![false; snapshot.classes().len()];
    classes.iter().for_each(|class| wanted[class.index()] = true);
    fold_tasks(
        snapshot,
        Vec::new,
        |mut found: Vec<ObjectIx>, objects| {
            let objects = objects.map(ObjectIx::from_usize);
            found.extend(objects.filter(|&object| wanted[snapshot.class_of(object).index()]));
            found
        },
        |mut a, mut b| {
            a.append(&mut b);
            a
        },
    )
}
