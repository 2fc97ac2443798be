//! Futures of which nearly all wait for another one of them: stages in a chain, `tail = tail.thenCompose(...)`, behind one that nobody completes.
//!
//! All of them are not completed, but only the first can be: the others are when that is. So the first is told, with how many wait behind it, and what the functions
//! of the stages have captured. Cost: a pass over the futures and their stages, only where a rule has found that they fill the heap.

use super::Story;
use super::words::simple_name;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, instances_of, origin_of};
use crate::report::{Arg, Suspect, Text};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::{HashMap, HashSet};

const FUTURE: &str = "java.util.concurrent.CompletableFuture";
const STAGE: &str = "java.util.concurrent.CompletableFuture$UniCompletion";

impl Story {
    /// Says of futures that are not completed how few of them keep the others waiting.
    ///
    /// # Errors
    /// Cancelled.
    pub(super) fn tell_if_chained(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
    ) -> Result<(), SnapshotError> {
        const MANY: usize = 1000;
        /// Stages behind each of the first at least, on average.
        const LONG: usize = 100;
        if suspect.rule.as_deref() != Some("java.unfinished-futures") {
            return Ok(());
        }
        let is_open = |&future: &ObjectIx| {
            snapshot.follow(future, "result").is_none() && snapshot.follow(future, "stack").is_some()
        };
        let classes = snapshot.classes();
        let reachable = |classes: &[ClassIx]| -> Result<Vec<ObjectIx>, SnapshotError> {
            let mut found = instances_of(snapshot, classes)?;
            found.retain(|&object| snapshot.is_reachable(object));
            Ok(found)
        };
        let open: Vec<ObjectIx> =
            reachable(&classes.sub_classes_of(FUTURE))?.into_iter().filter(is_open).collect();
        let stages = reachable(&classes.sub_classes_of(STAGE))?;
        let behind: HashSet<ObjectIx> =
            stages.iter().filter_map(|&stage| snapshot.follow(stage, "dep")).filter(is_open).collect();
        let firsts: Vec<ObjectIx> = open.iter().copied().filter(|future| !behind.contains(future)).collect();
        if open.len() < MANY || firsts.is_empty() || firsts.len() * LONG > open.len() {
            return Ok(());
        }
        // What is waited for at the moment, as the next answer of another server is, has hardly any behind it. Which waits for several counts for one of them.
        let mut seen = HashSet::new();
        let mut lengths: Vec<usize> =
            firsts.iter().map(|&first| waiting_for(snapshot, first, &mut seen)).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        let longest = lengths[0];
        lengths.retain(|&length| length * LONG >= longest);
        let (first, count) = (lengths.len(), lengths.iter().sum::<usize>());
        let args = [
            ("first", Arg::Count(first as u64)),
            ("count", Arg::Count(count as u64)),
            ("holder", suspect.holder.words()),
        ];
        suspect.title = Text::with("suspect-title-chained", args);
        suspect.instances = first as u64;
        suspect.activity.extend(captured(snapshot, &stages));
        suspect.advice = vec![Text::message("suspect-advice-chained")];
        Ok(())
    }
}

/// How many futures wait for that one, or for one that does, as far as nothing has completed them and they were not seen before: all of them together are seen once,
/// and so are the stages.
fn waiting_for(snapshot: &Snapshot, first: ObjectIx, seen: &mut HashSet<ObjectIx>) -> usize {
    let mut count = 0;
    let mut left = vec![first];
    while let Some(future) = left.pop() {
        let mut stage = snapshot.follow(future, "stack");
        // The stages of one future are a list.
        while let Some(found) = stage.filter(|&found| seen.insert(found)) {
            let dep = snapshot.follow(found, "dep");
            let new = dep.filter(|&dep| snapshot.follow(dep, "result").is_none() && seen.insert(dep));
            count += usize::from(new.is_some());
            left.extend(new);
            stage = snapshot.follow(found, "next");
        }
    }
    count
}

/// The class of the application's whose objects the functions of these stages have captured, each another one.
fn captured(snapshot: &Snapshot, stages: &[ObjectIx]) -> Option<Text> {
    const LOOKED_AT: usize = 256;
    const PART: usize = 4;
    let step = stages.len().div_ceil(LOOKED_AT).max(1);
    let functions = stages.iter().step_by(step).filter_map(|&stage| snapshot.follow(stage, "fn"));
    let mut by_class: HashMap<ClassIx, HashSet<ObjectIx>> = HashMap::new();
    let mut looked_at = 0;
    for function in functions {
        looked_at += 1;
        for object in snapshot.references().of(function) {
            let class = snapshot.class_of(object);
            if snapshot.mirrored_class(object).is_none()
                && origin_of(snapshot, class) == Origin::Application
                && !snapshot.class_name(object).contains("$$Lambda")
            {
                by_class.entry(class).or_default().insert(object);
            }
        }
    }
    let (class, objects) = by_class.into_iter().max_by_key(|(class, objects)| (objects.len(), *class))?;
    if objects.len() * PART < looked_at {
        return None;
    }
    let args = [
        ("class", Arg::name(simple_name(&snapshot.classes().get(class).name))),
        ("count", Arg::Count(snapshot.class_counts()[class.index()].instances)),
    ];
    Some(Text::with("suspect-chained-captured", args))
}
