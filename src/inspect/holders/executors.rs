//! The field by which an application reaches an executor or a timer.
//!
//! The threads of an executor keep it and its queue, whether or not anybody else does: the shortest long-lived path to a queued task begins at
//! a thread and says nothing. Whoever made the executor has a field for it, often behind one of the wrappers of `Executors`.
//! Cost: a pass over all references, and another one for each wrapper.

use crate::ix::ObjectIx;
use crate::query::{Origin, is_made_by_compiler, origin_of, references_to};
use crate::report::{Holder, HolderKind};
use crate::snapshot::{Link, Snapshot, SnapshotError};
use hashbrown::HashMap;

/// Wrappers around wrappers.
const DEEPEST: usize = 3;

/// The executor or the queue of a timer among the objects of a path.
pub(super) fn on_path(snapshot: &Snapshot, objects: &[ObjectIx]) -> Option<ObjectIx> {
    let is_executor = |&object: &ObjectIx| {
        let class = snapshot.class_of(object);
        snapshot.classes().is_named(class, "java.util.concurrent.AbstractExecutorService")
            || snapshot.class_name(object) == "java.util.TaskQueue"
    };
    objects.iter().copied().find(is_executor)
}

/// The field by which an executor is reached.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// That field.
    pub holder: Holder,
    /// Whose code it is.
    pub origin: Origin,
    /// The object with the field, and the wrappers from there to the executor, which is the last.
    pub objects: Vec<ObjectIx>,
    /// The same from a root on; empty if no such path was found.
    pub way: Vec<ObjectIx>,
}

/// The field of an application's or a library's object that refers to `executor`; the application's first, then that of the first object in the
/// dump.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn field_of(snapshot: &Snapshot, executor: ObjectIx) -> Result<Option<Field>, SnapshotError> {
    let mut targets = vec![executor];
    // What each wrapper was found to refer to.
    let mut wrapped: HashMap<ObjectIx, ObjectIx> = HashMap::new();
    for _ in 0..DEEPEST {
        let mut referrers = references_to(snapshot, &targets)?;
        referrers.retain(|&(referrer, _)| snapshot.is_reachable(referrer));
        let fields = referrers.iter().filter_map(|&(referrer, target)| {
            field(snapshot, referrer, target).map(|(holder, origin)| (holder, origin, [referrer, target]))
        });
        // The first of the best.
        let best = fields.reduce(|best, next| if next.1 > best.1 { next } else { best });
        if let Some((holder, origin, [referrer, target])) = best {
            let wrappers = std::iter::successors(Some(target), |wrapper| wrapped.get(wrapper).copied());
            return Ok(Some(Field {
                holder,
                origin,
                objects: std::iter::once(referrer).chain(wrappers).collect(),
                way: Vec::new(),
            }));
        }
        let is_wrapper = |object: &ObjectIx| {
            let name = snapshot.class_name(*object);
            name.starts_with("java.util.concurrent.Executors$") || name == "java.util.Timer"
        };
        referrers.retain(|(referrer, _)| is_wrapper(referrer));
        // In the order of the first pass, so that the same dump has the same path.
        for &(referrer, target) in &referrers {
            wrapped.entry(referrer).or_insert(target);
        }
        targets = referrers.into_iter().map(|(referrer, _)| referrer).collect();
        if targets.is_empty() {
            break;
        }
    }
    Ok(None)
}

fn field(snapshot: &Snapshot, referrer: ObjectIx, target: ObjectIx) -> Option<(Holder, Origin)> {
    let (kind, class, name) = match snapshot.link(referrer, target)? {
        Link::Field { class, name } => (HolderKind::InstanceField, class, name),
        Link::Static { class, name } => (HolderKind::StaticField, class, name),
        _ => return None,
    };
    let declaring = &*snapshot.classes().get(class).name;
    let origin = origin_of(snapshot, class);
    (origin != Origin::Jdk && !is_made_by_compiler(declaring, name))
        .then(|| (Holder::of_field(kind, declaring, name), origin))
}
