//! What fills the unreachable part of the heap, as suspects.
//!
//! Owns the choice of the classes that tell the story of the garbage. First everything is attributed to what it hung on: from each
//! unreachable object that no other one refers to, all that was not counted before is counted to its class. Where garbage is shared the
//! first owner in the order of the dump gets it, so these bytes are an estimate that only finds candidates. Of the candidates and of the
//! classes that rules know, those tell the story whose instances lead to most of the garbage; among equals the one that a rule knows, for
//! an object that somebody made (a mapper) and the helpers that it made itself (its serializer providers) often refer to each other.
//! Lists and lambdas, a library's as well as the JDK's, tell no story; the classes of which the application has left most behind are candidates, too.
//! Cost: two passes over the unreachable part, one more for each candidate (twelve at most), two bits per object.

use super::story;
use crate::graph::GraphError;
use crate::inspect::context::GARBAGE_WAITS;
use crate::inspect::no_garbage::FILLER;
use crate::inspect::{Context, InspectError, dump_facts};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of, origin_of_named};
use crate::report::{
    Arg, Confidence, GarbageOf, Holder, HolderKind, NoGarbage, Pattern, Standing, Suspect, SuspectKind, Text,
};
use crate::snapshot::{Class, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use rayon::prelude::*;
use std::cmp::Reverse;

/// Garbage is a suspect from this share of the whole heap on.
const GARBAGE_SHARE: f64 = 0.1;
/// Tenths of the most that a class leads to, which are nearly all of it. What the application has made says so much more than what a library had in hand
/// last that it may lead to less.
const NEARLY: u64 = 9;
const NEARLY_OF_OWN: u64 = 7;
/// Candidates of each kind that are looked at: known to rules, topmost, the application's.
const CANDIDATES: usize = 4;
/// So many objects of a class are made again and again; fewer are one thing and its parts.
const CROWD: usize = 16;
/// Objects from which examples are taken.
const EXAMPLES: usize = 500;
/// Where less of the heap is taken the collector had no reason to run: what is garbage then was made since, and nobody makes too much of it.
const OLD: f64 = 0.5;
/// So much of one kind that was made since the last collection is worth a word.
const MUCH_YOUNG: u64 = 32 << 20;
/// If the collector will have a reason before long.
const MUCH_TAKEN: f64 = 1.0 / 3.0;
/// From this part of the garbage on what hung on a class tells what it was, whether or not there is too much of it.
const MOST_OF_IT: f64 = GarbageOf::MOST;
/// From this part on it is worth a word where nothing tells most of it, as a parser's scratch that hangs on nothing.
const A_PART: f64 = 0.1;
/// From this part of the garbage on a class that no rule knows is worth a suspect: what is less every program makes.
const A_GOOD_PART: f64 = 0.3;
/// At most so many suspects are garbage.
const MOST: usize = 3;

/// A class that may tell the story.
#[derive(Debug)]
struct Candidate {
    class: ClassIx,
    /// All its unreachable objects.
    objects: Vec<ObjectIx>,
    /// The garbage that these lead to, in bytes.
    bytes: u64,
    /// Whether a rule finds so much garbage of the class unusual.
    is_known: bool,
    is_application: bool,
    is_array: bool,
}

/// The classes of which garbage was made, if garbage makes up a good part of the dump.
pub(super) fn tell(context: &Context<'_>) -> Result<Vec<Suspect>, InspectError> {
    let total = context.histogram().total();
    let all_bytes = total.shallow_bytes + total.unreachable_bytes;
    let no_garbage = context.no_garbage()?;
    let garbage_bytes = total.unreachable_bytes.saturating_sub(no_garbage.bytes());
    if (garbage_bytes as f64) < GARBAGE_SHARE * all_bytes as f64 {
        return Ok(Vec::new());
    }
    let mut chosen = choose(context, candidates(context)?, garbage_bytes)?;
    // Of trees whose nodes refer to each other none is at the top.
    let is_most = |chosen: &Candidate| chosen.bytes as f64 >= MOST_OF_IT * garbage_bytes as f64;
    if !chosen.iter().any(is_most) && garbage_bytes > total.shallow_bytes {
        let of_libraries = choose(context, of_libraries(context), garbage_bytes)?;
        if let Some(first) = of_libraries.into_iter().next().filter(is_most) {
            chosen.retain(|chosen| chosen.is_known && chosen.class != first.class);
            chosen.insert(0, first);
        }
    }
    let most = chosen.iter().max_by_key(|chosen| chosen.bytes).filter(|most| is_most(most));
    let most = most.map(|most| most.told(context.snapshot));
    let most = match most.or_else(|| large_arrays(context, &no_garbage, garbage_bytes)) {
        None if garbage_bytes > total.shallow_bytes => {
            match of_jdk(context, garbage_bytes)? {
                None => among(context, garbage_bytes)?,
                // Nobody makes nodes of maps: what the application has put into them says what they were.
                Some(nodes) if is_inside_of_collection(&nodes.class) => {
                    let own = among(context, garbage_bytes)?;
                    own.filter(|own| says_more(context.snapshot, own, garbage_bytes)).or(Some(nodes))
                }
                most => most,
            }
        }
        most => most,
    };
    context.garbage.get_or_init(|| most);
    // Where a part of the file is lost, that of the roots or any other one, nobody knows what is garbage.
    if dump_facts(context.snapshot).has_lost_holders() {
        return Ok(Vec::new());
    }
    if let Some(part) = context.taken_part().filter(|&part| part < OLD) {
        // Only a rule knows that there is too much of it. Where nearly all is of one kind whoever looks at a dump that is mostly garbage, and a good part of what the
        // heap may take, wants to know of which.
        let is_most = |chosen: &Candidate| {
            part >= MUCH_TAKEN
                && garbage_bytes > total.shallow_bytes
                && chosen.bytes >= MUCH_YOUNG
                && chosen.bytes * 2 > garbage_bytes
        };
        chosen.retain(|chosen| chosen.is_known || is_most(chosen));
    }
    chosen.iter().map(|chosen| suspect(context, chosen, garbage_bytes)).collect()
}

/// The classes that say most, the first one with all that it leads to, the others with what the ones before them do not lead to.
fn choose(
    context: &Context<'_>,
    mut candidates: Vec<Candidate>,
    whole_bytes: u64,
) -> Result<Vec<Candidate>, SnapshotError> {
    let snapshot = context.snapshot;
    gather(snapshot, &mut candidates);
    for candidate in candidates.iter_mut().filter(|candidate| candidate.is_known) {
        let rule = context.rules().for_class(snapshot, candidate.class);
        candidate.is_known = match rule {
            Some(rule) => rule.is_much_garbage(snapshot, &candidate.objects, whole_bytes)?,
            None => false,
        };
    }
    // A few large buffers are a fault, thousands of small ones are what every program makes.
    candidates.retain(|candidate| candidate.is_known || is_worth_naming(snapshot, candidate.class));
    candidates.par_iter_mut().try_for_each(|candidate| {
        candidate.bytes = reach(snapshot, &candidate.objects, &mut seen(snapshot)?);
        snapshot.progress().check().map_err(GraphError::from)?;
        Ok::<_, SnapshotError>(())
    })?;
    let crowd = |it: &Candidate| it.objects.len() >= CROWD;
    candidates.sort_by_key(|it| (Reverse(crowd(it)), Reverse(it.bytes), it.class));
    // Nearly the same garbage is told by the class that says more.
    let best = candidates.first().map_or(0, |first| first.bytes);
    let near = |it: &Candidate| {
        let tenths = if it.is_application { NEARLY_OF_OWN } else { NEARLY };
        let is_nearly_it = it.bytes * 10 >= best * tenths;
        // A rule knows what to change.
        let is_good_part = it.is_known && it.bytes as f64 >= A_GOOD_PART * whole_bytes as f64;
        (is_nearly_it || is_good_part) && crowd(it)
    };
    // An array of the application's objects says less than these.
    candidates.sort_by_key(|it| Reverse(near(it).then_some((it.is_known, it.is_application, !it.is_array))));
    let mut seen = seen(snapshot)?;
    let mut chosen: Vec<Candidate> = Vec::new();
    for mut candidate in candidates {
        candidate.bytes = reach(snapshot, &candidate.objects, &mut seen);
        // A class that a rule knows says where to look even if it is a small part.
        let share = if candidate.is_known { 0.05 } else { A_GOOD_PART };
        if candidate.bytes as f64 >= share * whole_bytes as f64 && chosen.len() < MOST {
            chosen.push(candidate);
        }
    }
    Ok(chosen)
}

/// The classes on which most hung, and those that rules find there too often.
fn candidates(context: &Context<'_>) -> Result<Vec<Candidate>, SnapshotError> {
    let snapshot = context.snapshot;
    let mut known: Vec<(u64, ClassIx)> = Vec::new();
    for (class, count) in context.histogram().iter() {
        let rule = || context.rules().for_class(snapshot, class);
        if count.unreachable_instances >= CROWD as u64
            && rule().is_some_and(|rule| rule.may_be_much_garbage(count.unreachable_instances))
        {
            known.push((count.unreachable_bytes, class));
        }
    }
    known.sort_by_key(|&(bytes, class)| (Reverse(bytes), class));
    let known = known.into_iter().take(CANDIDATES).map(|(_, class)| class);
    let tops = attribute(snapshot)?.into_iter().map(|(class, _)| class);
    let tops = tops.filter(|&class| is_worth_naming(snapshot, class)).take(CANDIDATES);
    // What a library had in hand last, as an evicted entry, says less than what the application had made.
    let mut own: Vec<(u64, ClassIx)> = context
        .histogram()
        .iter()
        .filter(|(class, count)| {
            count.unreachable_instances >= CROWD as u64
                && origin_of(snapshot, *class) == Origin::Application
                && !snapshot.classes().get(*class).is_array()
        })
        .map(|(class, count)| (count.unreachable_bytes, class))
        .collect();
    own.sort_by_key(|&(bytes, class)| (Reverse(bytes), class));
    let tops = tops.chain(own.into_iter().take(CANDIDATES).map(|(_, class)| class));
    let mut all: Vec<Candidate> = known.map(|class| Candidate::new(snapshot, class, true)).collect();
    for class in tops {
        if all.iter().all(|known| known.class != class) {
            all.push(Candidate::new(snapshot, class, false));
        }
    }
    Ok(all)
}

/// Large arrays of one class that are most of the garbage, as those of pictures: nothing that says more has so much of it.
fn large_arrays(context: &Context<'_>, no_garbage: &NoGarbage, whole_bytes: u64) -> Option<GarbageOf> {
    const LARGE: u64 = 256 << 10;
    const MOST: f64 = 0.6;
    let classes = context.snapshot.classes();
    // What the virtual machine fills memory with is told as that.
    let is_filler = |name: &str| name == FILLER && no_garbage.filler_bytes > 0;
    let is_array =
        |class: ClassIx| classes.get(class).is_primitive_array() && !is_filler(&classes.get(class).name);
    let arrays = context.histogram().iter().filter(|&(class, _)| is_array(class));
    let (class, count) = arrays.max_by_key(|&(class, count)| (count.unreachable_bytes, Reverse(class)))?;
    let is_most = |bytes: u64| bytes as f64 >= MOST * whole_bytes as f64;
    if !is_most(count.unreachable_bytes) {
        return None;
    }
    let snapshot = context.snapshot;
    let garbage = snapshot.par_instances(class).filter(|&object| !snapshot.is_reachable(object));
    let large = garbage.map(|object| snapshot.shallow_bytes(object)).filter(|&bytes| bytes >= LARGE);
    let (count, bytes) = large.map(|bytes| (1, bytes)).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    is_most(bytes).then(|| GarbageOf { class: classes.get(class).name.to_string(), count, bytes })
}

/// Whether a class is a part of the JDK's collections, as the nodes of maps are.
fn is_inside_of_collection(class: &str) -> bool {
    class.starts_with("java.util.") && (class.ends_with("Node") || class.ends_with("Entry"))
}

/// Whether it is of the application's, and a good part of the garbage.
fn says_more(snapshot: &Snapshot, garbage: &GarbageOf, whole_bytes: u64) -> bool {
    let is_much = garbage.bytes as f64 >= A_GOOD_PART * whole_bytes as f64;
    is_much && origin_of_named(snapshot, &garbage.class) == Origin::Application
}

/// The class of the JDK's on which most of the garbage hung, as the maps that are the rows of a table: where there is nothing that says more.
fn of_jdk(context: &Context<'_>, whole_bytes: u64) -> Result<Option<GarbageOf>, SnapshotError> {
    const MOST: f64 = 0.6;
    let snapshot = context.snapshot;
    let is_one = |class: ClassIx, count: u64| {
        count >= CROWD as u64
            && origin_of(snapshot, class) == Origin::Jdk
            && !snapshot.classes().get(class).is_array()
    };
    outermost(context, largest(context, is_one), MOST * whole_bytes as f64)
}

/// The application's or a library's class that says most of a part of the garbage, as the documents that were read: the most of it was scratch
/// of whoever made them and hung on nothing.
fn among(context: &Context<'_>, whole_bytes: u64) -> Result<Option<GarbageOf>, SnapshotError> {
    let mut all = candidates(context)?;
    for one in of_libraries(context) {
        if all.iter().all(|other| other.class != one.class) {
            all.push(one);
        }
    }
    all.retain(|one| is_worth_naming(context.snapshot, one.class));
    outermost(context, all, A_PART * whole_bytes as f64)
}

/// The class of those that leads to most of the garbage, if that is so much.
fn outermost(
    context: &Context<'_>,
    mut candidates: Vec<Candidate>,
    least_bytes: f64,
) -> Result<Option<GarbageOf>, SnapshotError> {
    let snapshot = context.snapshot;
    gather(snapshot, &mut candidates);
    candidates.retain(|candidate| candidate.objects.len() >= CROWD);
    candidates.par_iter_mut().try_for_each(|candidate| {
        candidate.bytes = reach(snapshot, &candidate.objects, &mut seen(snapshot)?);
        snapshot.progress().check().map_err(GraphError::from)?;
        Ok::<_, SnapshotError>(())
    })?;
    // Of what leads to nearly the same the fewest are the outermost: maps, and not their entries. What the application has made says more.
    let most = candidates.iter().map(|candidate| candidate.bytes).max().unwrap_or(0);
    let tenths = |one: &Candidate| if one.is_application { NEARLY_OF_OWN } else { NEARLY };
    candidates.retain(|one| one.bytes * 10 >= most * tenths(one) && one.bytes as f64 >= least_bytes);
    let first =
        candidates.iter().min_by_key(|one| (!one.is_application, one.is_array, one.objects.len(), one.class));
    Ok(first.map(|first| first.told(snapshot)))
}

/// The classes of libraries of which most was left behind.
fn of_libraries(context: &Context<'_>) -> Vec<Candidate> {
    let snapshot = context.snapshot;
    let is_one = |class: ClassIx, count: u64| {
        count >= CROWD as u64
            && origin_of(snapshot, class) == Origin::Library
            && !snapshot.classes().get(class).is_array()
            && is_worth_naming(snapshot, class)
    };
    largest(context, is_one)
}

/// Those classes of which most was left behind, of those that may be taken with so many unreachable instances.
fn largest(context: &Context<'_>, may_be: impl Fn(ClassIx, u64) -> bool) -> Vec<Candidate> {
    let all = context.histogram().iter();
    let all = all.filter(|&(class, count)| may_be(class, count.unreachable_instances));
    let mut all: Vec<(u64, ClassIx)> = all.map(|(class, count)| (count.unreachable_bytes, class)).collect();
    all.sort_by_key(|&(bytes, class)| (Reverse(bytes), class));
    all.into_iter()
        .take(CANDIDATES)
        .map(|(_, class)| Candidate::new(context.snapshot, class, false))
        .collect()
}

impl Candidate {
    fn new(snapshot: &Snapshot, class: ClassIx, is_known: bool) -> Self {
        let is_application = origin_of(snapshot, class) == Origin::Application;
        let is_array = snapshot.classes().get(class).is_array();
        Self { class, objects: Vec::new(), bytes: 0, is_known, is_application, is_array }
    }

    /// What the report says of it.
    fn told(&self, snapshot: &Snapshot) -> GarbageOf {
        GarbageOf {
            class: snapshot.classes().get(self.class).name.to_string(),
            count: self.objects.len() as u64,
            bytes: self.bytes,
        }
    }
}

/// Gives each candidate its objects.
fn gather(snapshot: &Snapshot, candidates: &mut [Candidate]) {
    let mut by_class = vec![None; snapshot.classes().len()];
    for (at, candidate) in candidates.iter().enumerate() {
        by_class[candidate.class.index()] = Some(at);
    }
    for object in snapshot.objects() {
        if let Some(at) = by_class[snapshot.class_of(object).index()]
            && !snapshot.is_reachable(object)
        {
            candidates[at].objects.push(object);
        }
    }
}

fn seen(snapshot: &Snapshot) -> Result<BitColumn, SnapshotError> {
    let count = snapshot.object_count();
    Ok(BitColumn::new(snapshot.storage(), "garbage that is counted", count).map_err(GraphError::from)?)
}

/// The shallow bytes of all garbage that `objects` lead to and that was not seen before.
fn reach(snapshot: &Snapshot, objects: &[ObjectIx], seen: &mut BitColumn) -> u64 {
    let count = snapshot.object_count();
    let mut stack = Vec::new();
    let mut bytes = 0;
    for &start in objects {
        if seen.get(start.index()) {
            continue;
        }
        seen.set(start.index());
        stack.push(start);
        while let Some(object) = stack.pop() {
            bytes += snapshot.shallow_bytes(object);
            for next in snapshot.references().slots(object) {
                if (next as usize) < count
                    && !seen.get(next as usize)
                    && !snapshot.is_reachable(ObjectIx(next))
                {
                    seen.set(next as usize);
                    stack.push(ObjectIx(next));
                }
            }
        }
    }
    bytes
}

/// What lists, maps and tables of libraries extend.
const COLLECTIONS: &[&str] =
    &["java.util.AbstractCollection", "java.util.AbstractMap", "java.util.Dictionary"];

/// The JDK's own trees of XML documents, which say what their garbage was as those of a library do.
const DOCUMENTS: &str = "com.sun.org.apache.xerces.internal.dom.";

/// Whether the class of an object says what its garbage was: a list or a lambda says it no more if it is a library's than if it is the JDK's.
fn is_worth_naming(snapshot: &Snapshot, class: ClassIx) -> bool {
    match origin_of(snapshot, class) {
        Origin::Application => true,
        Origin::Jdk => snapshot.classes().get(class).name.starts_with(DOCUMENTS),
        Origin::Library => {
            let is_collection = |(_, above): (ClassIx, &Class)| COLLECTIONS.contains(&&*above.name);
            !snapshot.classes().get(class).name.contains("$$Lambda")
                && !snapshot.classes().lineage(class).any(is_collection)
        }
    }
}

/// Unreachable objects by the class of what held them, most bytes first. Objects of the JDK hand on what they hold: a list of orders is
/// counted to the orders. Garbage in circles is counted to the first object of the circle.
fn attribute(snapshot: &Snapshot) -> Result<Vec<(ClassIx, u64)>, SnapshotError> {
    let count = snapshot.object_count();
    let (mut referred, mut seen) = (seen(snapshot)?, seen(snapshot)?);
    let references = snapshot.references();
    let own: Vec<bool> =
        snapshot.classes().iter().map(|(class, _)| is_worth_naming(snapshot, class)).collect();
    for (object, slots) in references.lists(0..count) {
        if !snapshot.is_reachable(object) {
            for slot in slots.iter().filter(|&slot| (slot as usize) < count && slot != object.0) {
                referred.set(slot as usize);
            }
        }
    }
    let mut by_class = vec![None::<(ClassIx, u64)>; snapshot.classes().len()];
    let mut stack: Vec<(ObjectIx, Option<ClassIx>)> = Vec::new();
    for only_tops in [true, false] {
        for object in snapshot.objects() {
            let at = object.index();
            if seen.get(at) || (only_tops && referred.get(at)) || snapshot.is_reachable(object) {
                continue;
            }
            seen.set(at);
            stack.push((object, None));
            while let Some((object, owner)) = stack.pop() {
                let class = snapshot.class_of(object);
                let is_own = own[class.index()];
                let owner = owner.or(is_own.then_some(class));
                let counted = owner.unwrap_or(class);
                let slot = by_class[counted.index()].get_or_insert((counted, 0));
                slot.1 += snapshot.shallow_bytes(object);
                for next in references.slots(object) {
                    if (next as usize) < count
                        && !seen.get(next as usize)
                        && !snapshot.is_reachable(ObjectIx(next))
                    {
                        seen.set(next as usize);
                        stack.push((ObjectIx(next), owner));
                    }
                }
            }
        }
    }
    let mut all: Vec<(ClassIx, u64)> = by_class.into_iter().flatten().collect();
    all.sort_by_key(|&(class, bytes)| (Reverse(bytes), class));
    Ok(all)
}

fn suspect(context: &Context<'_>, garbage: &Candidate, whole_bytes: u64) -> Result<Suspect, InspectError> {
    let snapshot = context.snapshot;
    let count = garbage.objects.len() as u64;
    let holder = Holder {
        kind: HolderKind::Nobody,
        class: None,
        field: None,
        thread: None,
        frame: None,
        threads: None,
    };
    let class = snapshot.classes().get(garbage.class).name.to_string();
    let mut suspect = Suspect {
        rank: 0,
        kind: SuspectKind::Garbage,
        standing: Standing::Blamed,
        pattern: if count > 1 { Pattern::Repeated } else { Pattern::BigObject },
        title: story::title(SuspectKind::Garbage, &class, count, &holder),
        fingerprint: story::fingerprint(SuspectKind::Garbage, &class, &holder),
        class,
        instances: count,
        retained_bytes: garbage.bytes,
        share: garbage.bytes as f64 / whole_bytes as f64,
        holder,
        holders: Vec::new(),
        path_graph: None,
        path_graph_of: None,
        until: None,
        together_bytes: 0,
        accumulation_point: None,
        path: Vec::new(),
        root: None,
        composition: Vec::new(),
        examples: Vec::new(),
        rule: None,
        backlog: false,
        cache: false,
        activity: Vec::new(),
        advice: Vec::new(),
        confidence: Confidence::Estimated,
        evidence: vec![Text::with("suspect-evidence-garbage", [("size", Arg::Bytes(whole_bytes))])],
    };
    let unmounted = context.unmounted_threads()?.count;
    let of_class_values = context.class_value_bytes()?;
    suspect.advice = match (unmounted, of_class_values) {
        (0, 0) => story::advice(&suspect),
        (0, _) => {
            vec![Text::with("suspect-advice-class-values-left", [("size", Arg::Bytes(of_class_values))])]
        }
        _ => vec![Text::with("suspect-advice-unmounted", [("threads", Arg::Count(unmounted))])],
    };
    context.rules().explain(snapshot, &mut suspect, &garbage.objects[..garbage.objects.len().min(EXAMPLES)]);
    // What only waits for the next collection is no fault of anybody, unless a rule knows that so much of it should not be made.
    let is_waiting = unmounted == 0 && of_class_values == 0;
    let is_waiting = is_waiting && context.taken_part().is_some_and(|part| part < GARBAGE_WAITS);
    let rule = suspect.rule.as_deref().and_then(|id| context.rules().find(id));
    if is_waiting && !rule.is_some_and(|rule| rule.may_be_much_garbage(suspect.instances)) {
        suspect.advice = vec![Text::message("suspect-advice-garbage-waiting")];
    }
    Ok(suspect)
}
