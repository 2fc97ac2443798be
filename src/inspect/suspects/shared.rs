//! Several holders of the same memory.
//!
//! What two indexes hold is retained by neither of them: each alone lets go of nothing but itself. For a suspect all references that enter
//! it from outside are looked up, the holder of each is found, and those that enter it at many places count. What one of them alone
//! would free is exact: the retained size of what it refers to if nothing else refers to that, and nothing otherwise. What they free
//! together is exact as well: their fields are taken out of the graph and all that is then unreachable is added up. Only some of the objects are looked at: a
//! field that was found in several objects is taken out of all objects of its class that have some of it there, as its name says; where it cannot be told
//! which these are, no size is told.
//! What running calls have in hand besides mostly goes with these: where the holders free it only with the end of the calls, that is counted, and the
//! calls are told, since one dump does not show whether they end. What `main` or the loop that waits for a thread's work has in hand does not.
//! Left out are references of weak, soft and final kind and those from stacks, which let go by themselves.
//! Cost: a pass over all references for all suspects; another one and a walk over the graph for each that is shared, three where calls have it in hand; some
//! hundred objects for each that has one of the fields.

use super::story::same_holder;
use crate::graph::{ExtraEdges, GraphError, reachable};
use crate::hprof::ObjectId;
use crate::inspect::InspectError;
use crate::inspect::holders::{BEANS, Held, Ownership, is_thread};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, instances_of, is_spilled, origin_of, origin_of_name, references_to};
use crate::report::{Holder, HolderKind, HolderShare, PathStep, SuspectKind};
use crate::snapshot::{Link, Root, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::VecDeque;

/// Referrers of one object that are looked at.
const MOST_REFERRERS: usize = 64;
/// Holders that are told.
const MOST_HOLDERS: usize = 8;
/// A holder counts if it holds one of so many of the objects looked at.
const ONE_OF: usize = 4;

/// Whether somebody else holds a suspect, too.
#[derive(Debug)]
pub(super) enum Others {
    /// Nobody, as far as it was looked.
    None,
    /// Nobody but methods of the JDK's that are at work with it at the moment, as one that enlarges the table of a map: it is freed when they have returned.
    AtWork,
    /// Nobody but who has one of its own elements in hand, which refers back to it.
    OfElements,
    /// So many that it is no use to tell them: all that were found do not free it together.
    Many,
    /// These.
    All(Shared),
}

/// Who holds a suspect together.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    /// Whom the suspect is to be named after instead: the first holder only works with what this one keeps.
    pub(super) keeper: Option<Box<Held>>,
    /// All of them, the one that the suspect is named after first, then those that free most alone.
    pub(super) holders: Vec<HolderShare>,
    /// How many of the others are an application's or a library's fields, not the JDK's.
    pub(super) others_to_name: usize,
    /// What is freed if all let go, in bytes: at least that, if not [`is_exact`](Self::is_exact).
    pub(super) together_bytes: u64,
    /// Whether all objects are known whose fields hold it.
    pub(super) is_exact: bool,
    /// Which of the objects that were asked about are freed then, ascending.
    pub(super) frees: Vec<ObjectIx>,
    /// The references by which they hold it: what refers, and to which of the objects looked at.
    pub(super) entries: Vec<(ObjectIx, ObjectIx)>,
    /// From the objects whose fields hold it to what these refer to.
    pub(super) edges: Vec<(ObjectIx, ObjectIx)>,
    /// The calls that have most of it in hand as well: it is freed only when they have ended, too. One of them may be a loop that never does.
    pub(super) calls: Option<Calls>,
}

/// Calls that have in hand what others hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    /// As far as they were found, those on most ways first.
    pub(super) found: Vec<Holder>,
}

/// Those that refer to each of some objects from outside of it.
#[derive(Debug)]
pub(super) struct Entries {
    by_target: HashMap<ObjectIx, Vec<ObjectIx>>,
    /// Ascending.
    asked: Vec<ObjectIx>,
}

/// A holder with the references by which it holds.
struct Candidate {
    held: Held,
    /// How many of the objects looked at it holds.
    count: usize,
    /// From its object to what it refers to.
    edges: Vec<(ObjectIx, ObjectIx)>,
    /// By which it holds the objects looked at, one for each: from outside to the object.
    entries: Vec<(ObjectIx, ObjectIx)>,
    /// Whether nothing but an element that refers back to what it is an element of leads there: as the span that a thread works at leads to the tracer
    /// that keeps all spans. It keeps it alive, but nobody has put it there.
    is_of_element: bool,
}

/// Whether methods of the JDK's have an object in hand, and no other root leads to it by itself.
fn is_in_hand_of_jdk(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let is_of_jdk = |root: &Root| {
        let thread = root.thread.and_then(|thread| snapshot.threads().get(thread as usize));
        let frame = thread.zip(root.frame).and_then(|(thread, frame)| thread.frames.get(frame as usize));
        frame.is_some_and(|frame| origin_of_name(&frame.class) == Origin::Jdk)
    };
    let roots = snapshot.roots_of(object);
    !roots.is_empty() && roots.iter().all(is_of_jdk)
}

/// What is in question, of which [`Entries::shared`] finds who holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// The bytes in question, as in [`Ownership::of`].
    pub(super) bytes: u64,
    /// Of how many objects the targets are some.
    pub(super) count: u64,
    /// What the targets retain.
    pub(super) whole_bytes: u64,
    /// The class of many elements that a single target keeps.
    pub(super) elements: Option<ClassIx>,
}

impl Entries {
    /// Looks for the references to `targets`, but for those from what a target itself retains.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub(super) fn find(snapshot: &Snapshot, targets: &[ObjectIx]) -> Result<Self, SnapshotError> {
        let classes = snapshot.classes();
        let lets_go = |object| classes.is_named(snapshot.class_of(object), "java.lang.ref.Reference");
        let tree = snapshot.dominators();
        let mut by_target: HashMap<ObjectIx, Vec<ObjectIx>> = HashMap::new();
        for (object, target) in references_to(snapshot, targets)? {
            let entries = by_target.entry(target).or_default();
            let is_outside = || tree.is_reachable(object) && !tree.dominates(target, object);
            if entries.len() < MOST_REFERRERS && is_outside() && !lets_go(object) {
                entries.push(object);
            }
        }
        Ok(Self { by_target, asked: Vec::new() })
    }

    /// The same, to be asked as well which of these objects are freed with what is shared.
    pub(super) fn asking(mut self, mut objects: Vec<ObjectIx>) -> Self {
        objects.sort_unstable();
        objects.dedup();
        self.asked = objects;
        self
    }

    /// Those that refer to one of the objects it was made for.
    pub(super) fn of(&self, target: ObjectIx) -> &[ObjectIx] {
        self.by_target.get(&target).map_or(&[], Vec::as_slice)
    }

    /// Who holds `targets` together with `main`.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub(super) fn shared(
        &self,
        ownership: &Ownership<'_>,
        targets: &[ObjectIx],
        main: &Held,
        asked: Asked,
    ) -> Result<Others, InspectError> {
        let Asked { bytes, count, whole_bytes, elements } = asked;
        let snapshot = ownership.snapshot();
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut is_kept_besides = false;
        for &target in targets {
            let mut entries = self.of(target).to_vec();
            entries.dedup();
            let mut counted: Vec<usize> = Vec::new();
            for referrer in entries.into_iter().filter(|&referrer| !is_part_of(snapshot, referrer, target)) {
                let Some((mut held, mut from)) = ownership.of_entry(referrer, target, bytes, count) else {
                    is_kept_besides = true;
                    continue;
                };
                let beans = table_of_beans(snapshot, &held).filter(|_| targets.len() > 1);
                let is_bean = beans.is_some();
                if let Some((repository, beans)) = beans {
                    (from, held.object) = (repository, beans);
                }
                // Lambdas and inner classes work with what others keep, and so do coroutines.
                let is_beside = is_beside(snapshot, &held.holder) && !same_holder(&held, main);
                if held.holder.kind == HolderKind::StackLocal || is_beside {
                    is_kept_besides = true;
                    continue;
                }
                let edge = (from, held.object);
                let is_of_element = elements == Some(snapshot.class_of(referrer));
                let by_fields = if is_bean { vec![held] } else { by_each_field(snapshot, held, from) };
                for held in by_fields {
                    let at = candidates.iter().position(|known| same_holder(&known.held, &held));
                    let at = at.unwrap_or_else(|| {
                        let (edges, entries) = (Vec::new(), Vec::new());
                        candidates.push(Candidate { held, count: 0, edges, entries, is_of_element });
                        candidates.len() - 1
                    });
                    candidates[at].is_of_element &= is_of_element;
                    if !candidates[at].edges.contains(&edge) {
                        candidates[at].edges.push(edge);
                    }
                    if !counted.contains(&at) {
                        counted.push(at);
                        candidates[at].count += 1;
                        candidates[at].entries.push((referrer, target));
                    }
                }
            }
        }
        candidates.retain(|candidate| candidate.count * ONE_OF >= targets.len());
        if targets.iter().all(|&target| is_owned(snapshot, target)) {
            // Inside of one object of the application a library may refer to it from many of its own: nobody lets go there, and who holds that
            // object holds it all.
            let tree = snapshot.dominators();
            let is_around = |held: ObjectIx| held != main.object && tree.dominates(held, main.object);
            candidates.retain(|Candidate { held, .. }| {
                held.origin == Origin::Application && !is_around(held.object)
            });
        }
        let is_main = |candidate: &Candidate| same_holder(&candidate.held, main);
        // A registry of the JDK is known to several of its classes: nobody lets go there.
        let of_jdk = |Candidate { held, .. }: &Candidate| {
            held.holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Jdk)
        };
        let at_work = || targets.iter().all(|&target| is_in_hand_of_jdk(snapshot, target));
        if let [only] = &candidates[..]
            && is_main(only)
            && !is_kept_besides
            && at_work()
        {
            return Ok(Others::AtWork);
        }
        if candidates.len() < 2 || !candidates.iter().any(is_main) || candidates.iter().all(of_jdk) {
            return Ok(Others::None);
        }
        if candidates.iter().filter(|candidate| !candidate.is_of_element).count() < 2 {
            return Ok(Others::OfElements);
        }
        // Of an object that very many refer to only some of these are known.
        let is_known = |&target: &ObjectIx| self.of(target).len() < MOST_REFERRERS;
        let looks_at_all = targets.len() as u64 >= count && targets.iter().all(is_known);
        let all_of = |candidate: Candidate| {
            let all = fields_of_name(snapshot, &candidate, targets)?;
            let is_exact = all.is_some() || looks_at_all;
            Ok((all.unwrap_or_else(|| candidate.edges.clone()), is_exact, candidate))
        };
        let candidates: Vec<(Vec<_>, bool, Candidate)> =
            candidates.into_iter().map(all_of).collect::<Result<_, SnapshotError>>()?;
        let held: Vec<ObjectIx> =
            candidates.iter().flat_map(|(cut, ..)| cut.iter().map(|&(_, held)| held)).collect();
        let entries = Self::find(snapshot, &held)?;
        let mut told: Vec<Told> = candidates
            .into_iter()
            .map(|(cut, is_exact, candidate)| Told {
                is_main: is_main(&candidate),
                alone_bytes: entries.alone_bytes(snapshot, &cut),
                cut,
                is_exact,
                candidate,
            })
            .collect();
        // Whoever has registered beans takes them back.
        let is_to_name = |Candidate { held, .. }: &Candidate| {
            held.origin != Origin::Jdk || table_of_beans(snapshot, held).is_some()
        };
        // A table of the JDK's that has a few more of a common class is not what the title names. The sort is stable: of equal ones the first found comes first.
        told.sort_by_key(|told| {
            (Reverse(told.is_main), !is_to_name(&told.candidate), Reverse(told.alone_bytes))
        });
        if told.first().is_some_and(|first| first.alone_bytes * 2 >= whole_bytes) {
            return Ok(Others::None);
        }
        told.truncate(MOST_HOLDERS);
        let keeper = keeper(&mut told).map(Box::new);
        let is_exact = told.iter().all(|told| told.is_exact);
        let cut: Vec<(ObjectIx, ObjectIx)> = told.iter().flat_map(|told| told.cut.iter().copied()).collect();
        let (mut together_bytes, mut frees) = freed_by(snapshot, &cut, &self.asked, false)?;
        told.retain(|told| told.is_main || !told.candidate.is_of_element);
        let mut calls = None;
        if together_bytes * 2 < whole_bytes {
            // What running calls have in hand besides goes with them.
            (together_bytes, frees) = freed_by(snapshot, &cut, &self.asked, true)?;
            calls = Some(self.calls(ownership, snapshot, targets));
        }
        if together_bytes * 2 < whole_bytes {
            return Ok(Others::Many);
        }
        let edges = told.iter().flat_map(|told| told.candidate.edges.iter().copied()).collect();
        let others = told.iter().skip(1);
        let mut others_to_name = others.filter(|other| is_to_name(&other.candidate)).count();
        let entries = told.iter().flat_map(|told| told.candidate.entries.iter().copied()).collect();
        let share =
            |told: Told| HolderShare { holder: told.candidate.held.holder, alone_bytes: told.alone_bytes };
        let mut holders: Vec<HolderShare> = told.into_iter().map(share).collect();
        // What `main` or a loop has in hand stays as long as that runs: it holds it as a field does.
        let (mut lasting, running): (Vec<Holder>, _) =
            calls.map_or_else(Default::default, |(lasting, running)| (lasting, Some(running)));
        lasting.retain(|holder| !is_outer_of_jdk(holder));
        others_to_name += lasting.len();
        holders.extend(lasting.into_iter().map(|holder| HolderShare { holder, alone_bytes: 0 }));
        // Whoever only works for one of the others lets go with it.
        let others = holders.split_off(1);
        holders.extend(others.into_iter().filter(|share| !is_outer_of_jdk(&share.holder)));
        let calls = running.map(|found| Calls { found });
        Ok(Others::All(Shared {
            keeper,
            holders,
            others_to_name,
            together_bytes,
            is_exact,
            frees,
            entries,
            edges,
            calls,
        }))
    }

    /// Who has `targets` in hand: what lasts as long as `main` or the loop that is all that a thread does, and calls that may end.
    fn calls(
        &self,
        ownership: &Ownership<'_>,
        snapshot: &Snapshot,
        targets: &[ObjectIx],
    ) -> (Vec<Holder>, Vec<Holder>) {
        const MOST: usize = 4;
        let mut found: Vec<(Held, usize)> = Vec::new();
        for &target in targets {
            let is_in_hand = snapshot.roots_of(target).iter().any(Root::is_held_by_thread);
            let itself = is_in_hand.then_some(target);
            let mut of_target: Vec<Held> = Vec::new();
            for object in self.of(target).iter().copied().chain(itself) {
                // The workers of an executor have that in hand as long as it is there.
                let held = ownership.in_hand_of(object).filter(|held| held.origin != Origin::Jdk);
                let is_new = |held: &Held| !of_target.iter().any(|known| same_holder(known, held));
                of_target.extend(held.filter(is_new));
            }
            for held in of_target {
                match found.iter_mut().find(|(known, _)| same_holder(known, &held)) {
                    Some((_, count)) => *count += 1,
                    None => found.push((held, 1)),
                }
            }
        }
        // The sort is stable.
        found.sort_by_key(|&(_, count)| Reverse(count));
        found.truncate(MOST);
        let (lasting, running): (Vec<_>, Vec<_>) =
            found.into_iter().map(|(held, _)| held).partition(|held| held.kind == SuspectKind::Leak);
        let holders = |all: Vec<Held>| all.into_iter().map(|held| held.holder).collect();
        (holders(lasting), holders(running))
    }

    /// What is freed if these references alone are cut.
    fn alone_bytes(&self, snapshot: &Snapshot, edges: &[(ObjectIx, ObjectIx)]) -> u64 {
        let cut: HashSet<(ObjectIx, ObjectIx)> = edges.iter().copied().collect();
        let is_freed = |held: ObjectIx| {
            let entries = self.of(held);
            let all_cut = entries.len() < MOST_REFERRERS
                && snapshot.roots_of(held).is_empty()
                && entries.iter().all(|&from| cut.contains(&(from, held)));
            // An object that refers to it by two fields comes twice.
            let several = entries.windows(2).any(|pair| pair[0] == pair[1]);
            all_cut && !several
        };
        let freed: HashSet<ObjectIx> =
            edges.iter().map(|&(_, held)| held).filter(|&held| is_freed(held)).collect();
        let tree = snapshot.dominators();
        let is_top = |held: &&ObjectIx| !tree.dominators(**held).any(|above| freed.contains(&above));
        freed.iter().filter(is_top).map(|&held| snapshot.retained_bytes(held)).sum()
    }
}

/// A holder with what it frees.
struct Told {
    is_main: bool,
    alone_bytes: u64,
    /// The references that are cut when it lets go.
    cut: Vec<(ObjectIx, ObjectIx)>,
    /// Whether these are all that its name stands for.
    is_exact: bool,
    candidate: Candidate,
}

/// The references that are meant when a holder is told by the name of its field: the one that was found, or, where it was found in several objects, those of all
/// objects of the class that lead to some of what is held. `None` if that cannot be told.
fn fields_of_name(
    snapshot: &Snapshot,
    candidate: &Candidate,
    targets: &[ObjectIx],
) -> Result<Option<Vec<(ObjectIx, ObjectIx)>>, SnapshotError> {
    /// Objects that are looked at.
    const MOST: usize = 1 << 16;
    let (edges, holder) = (&candidate.edges, &candidate.held.holder);
    let first = edges.first().map(|&(from, _)| from);
    if edges.iter().all(|&(from, _)| Some(from) == first) {
        return Ok(Some(edges.clone()));
    }
    let (Some(class), Some(field)) = (holder.class.as_deref(), holder.field.as_deref()) else {
        return Ok(None);
    };
    let of_class = match holder.kind {
        HolderKind::InstanceField => instances_of(snapshot, &snapshot.classes().sub_classes_of(class))?,
        _ => return Ok(None),
    };
    if of_class.len() > MOST {
        return Ok(None);
    }
    let mut all: HashSet<(ObjectIx, ObjectIx)> = HashSet::new();
    let is_field = |link: &Link<'_>| match *link {
        Link::Field { class: declaring, name } => {
            name == field && *snapshot.classes().get(declaring).name == *class
        }
        _ => false,
    };
    for from in of_class.into_iter().filter(|&from| snapshot.is_reachable(from)) {
        snapshot.links(from, |link, held| {
            if is_field(&link) && leads_to(snapshot, held, targets) {
                all.insert((from, held));
            }
            true
        });
    }
    let is_known = edges.iter().all(|edge| all.contains(edge));
    let mut all: Vec<(ObjectIx, ObjectIx)> = all.into_iter().collect();
    all.sort_unstable();
    Ok(is_known.then_some(all))
}

/// Whether a few references lead from an object to one of `targets`, or, where these are some of many, to one of their class.
fn leads_to(snapshot: &Snapshot, object: ObjectIx, targets: &[ObjectIx]) -> bool {
    /// The elements of a collection are found sooner.
    const MOST: usize = 256;
    let is_it = |object: ObjectIx| match targets {
        [target] => object == *target,
        _ => targets.iter().any(|&target| snapshot.class_of(target) == snapshot.class_of(object)),
    };
    let mut seen: HashSet<ObjectIx> = HashSet::from_iter([object]);
    let mut ahead = VecDeque::from([object]);
    while let Some(object) = ahead.pop_front() {
        if is_it(object) {
            return true;
        }
        for next in snapshot.references().of(object) {
            if seen.len() == MOST {
                break;
            }
            if seen.insert(next) {
                ahead.push_back(next);
            }
        }
    }
    false
}

/// The table of the management beans, and what refers to it, if that is how something is held. Several classes of the JDK know the server of beans; it lets go of
/// beans by taking them out of this table.
fn table_of_beans(snapshot: &Snapshot, held: &Held) -> Option<(ObjectIx, ObjectIx)> {
    let is_repository = |step: &&PathStep| step.class == "com.sun.jmx.mbeanserver.Repository";
    let step =
        held.path.iter().find(is_repository).filter(|_| held.holder.class.as_deref() == Some(BEANS))?;
    let repository = snapshot.find(ObjectId(step.address))?;
    Some((repository, snapshot.follow(repository, "domainTb")?))
}

/// Where a task or another helper of a library's comes first: who keeps what it works with, put before it. Nobody looks for a map in what evicts from it.
fn keeper(told: &mut [Told]) -> Option<Held> {
    let is_helper = |held: &Held| held.holder.class.as_deref().is_some_and(is_called_a_helper);
    let first = told.first().map(|first| &first.candidate.held);
    first.filter(|first| first.origin == Origin::Library && is_helper(first))?;
    let keeps = |told: &Told| {
        let held = &told.candidate.held;
        let is_field = matches!(held.holder.kind, HolderKind::StaticField | HolderKind::InstanceField);
        is_field && held.origin != Origin::Jdk && held.kind == SuspectKind::Leak && !is_helper(held)
    };
    let at = told.iter().position(|other| !other.candidate.is_of_element && keeps(other))?;
    told[..=at].rotate_right(1);
    Some(told[0].candidate.held.clone())
}

/// Whether a class of a library is called like something that does work from time to time, and keeps nothing for anybody.
fn is_called_a_helper(class: &str) -> bool {
    const HELPERS: [&str; 8] =
        ["Task", "Runnable", "Cleaner", "Listener", "Evictor", "Reaper", "Monitor", "Worker"];
    let innermost = class.rsplit(['.', '$']).next().unwrap_or(class);
    HELPERS.iter().any(|end| innermost.ends_with(end))
}

/// Whether it is a variable that a lambda has captured, or one of a coroutine.
fn is_beside(snapshot: &Snapshot, holder: &Holder) -> bool {
    let is_of_coroutine = holder
        .class
        .as_deref()
        .zip(holder.field.as_deref())
        .is_some_and(|(class, field)| is_spilled(snapshot, class, field));
    is_of_coroutine || holder.is_captured() || is_outer_of_jdk(holder)
}

/// Whether it is the reference of an inner class of the JDK's to the object that it belongs to, as a worker's to its executor: nobody has put that there.
fn is_outer_of_jdk(holder: &Holder) -> bool {
    let is_outer = holder.field.as_deref().is_some_and(|field| field.starts_with("this$"));
    is_outer && holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Jdk)
}

/// Whether an object of the JDK refers to another one as a part of it, as the workers of an executor do: nobody lets go there.
fn is_part_of(snapshot: &Snapshot, object: ObjectIx, whole: ObjectIx) -> bool {
    snapshot.class_name(object).starts_with("java.")
        && matches!(snapshot.link(object, whole), Some(Link::Field { name, .. }) if name.starts_with("this$"))
}

/// Whether all ways to an object lead through one of the application's.
fn is_owned(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let owner = snapshot.dominators().immediate_dominator(object).object();
    owner.is_some_and(|owner| {
        origin_of(snapshot, snapshot.class_of(owner)) == Origin::Application
            && snapshot.mirrored_class(owner).is_none()
            && !is_thread(snapshot, owner)
    })
}

/// The holder as often as `from` refers to what it holds: two fields of one class are two places to let go, if somebody can. Inside of a library they
/// are one.
fn by_each_field(snapshot: &Snapshot, held: Held, from: ObjectIx) -> Vec<Held> {
    let is_field = matches!(held.holder.kind, HolderKind::StaticField | HolderKind::InstanceField)
        && held.origin == Origin::Application;
    let mut all = vec![held];
    if !is_field {
        return all;
    }
    let object = all[0].object;
    snapshot.links(from, |link, target| {
        if let (true, Link::Field { class, name } | Link::Static { class, name }) = (target == object, link)
            && all[0].holder.field.as_deref() != Some(name)
        {
            let mut held = all[0].clone();
            held.holder.class = Some(snapshot.classes().get(class).name.to_string());
            held.holder.field = Some(name.to_owned());
            all.push(held);
        }
        true
    });
    all
}

/// The bytes of all that cannot be reached without these references, and which of the objects `asked` about are among it; with `as_if_ended` of what is
/// left when all running calls have ended.
fn freed_by(
    snapshot: &Snapshot,
    edges: &[(ObjectIx, ObjectIx)],
    asked: &[ObjectIx],
    as_if_ended: bool,
) -> Result<(u64, Vec<ObjectIx>), InspectError> {
    let references = snapshot.references();
    let mut cut = BitColumn::new(snapshot.storage(), "references cut", references.slot_count())
        .map_err(GraphError::from)
        .map_err(SnapshotError::from)?;
    for &(from, held) in edges {
        let range = references.slot_range(from);
        let slots = range.zip(references.slots(from)).filter(|&(_, slot)| slot == held.0);
        slots.for_each(|(at, _)| cut.set(at));
    }
    let no_extra = ExtraEdges::default();
    let graph = if as_if_ended { snapshot.graph_without_stacks(&no_extra) } else { snapshot.graph() };
    let reach = |leave_out| {
        reachable(&graph, leave_out, snapshot.storage(), snapshot.progress()).map_err(SnapshotError::from)
    };
    let before = if as_if_ended { Some(reach(None)?) } else { None };
    let left = reach(Some(&cut))?;
    let lost = |at: usize| {
        let object = ObjectIx::from_usize(at);
        let was_held =
            before.as_ref().map_or_else(|| snapshot.is_reachable(object), |before| before.contains(object));
        was_held && !left.contains(object)
    };
    let objects = (0..snapshot.object_count()).into_par_iter().filter(|&at| lost(at));
    let bytes = objects.map(|at| snapshot.shallow_bytes(ObjectIx::from_usize(at))).sum();
    Ok((bytes, asked.iter().copied().filter(|object| lost(object.index())).collect()))
}
