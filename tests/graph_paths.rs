//! Reachability and shortest paths against plain searches.

#![allow(clippy::unwrap_used, reason = "a test")]

mod graph_common;

use graph_common::*;
use oomph::graph::{
    DominatorSearch, ExtraEdges, ObjectGraph, PhasedPaths, dominator_tree, reachable, reachable_beyond,
    shortest_path, shortest_path_tree, transpose,
};
use oomph::ix::ObjectIx;
use oomph::progress::{Observer, Progress, Unit};
use oomph::storage::{BitColumn, Storage};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A random choice of slots to leave out, and the graph without them.
fn leave_out(plain: &Plain, random: &mut Random) -> (BitColumn, Plain) {
    let slot_count = plain.slots.iter().map(Vec::len).sum();
    let mut bits = BitColumn::new(&Storage::default(), "left out", slot_count).unwrap();
    let mut without = plain.clone();
    for (slot, target) in without.slots.iter_mut().flatten().enumerate() {
        if random.one_in(4) {
            bits.set(slot);
            *target = None;
        }
    }
    (bits, without)
}

/// How an object is reached: in which phase, over how many edges to hubs in that phase, and how many references after the last of them; and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reached {
    phase: usize,
    hubs: usize,
    references: usize,
    before: Option<u32>,
}

/// All paths by a plain search: from the roots of each phase in turn as far as references lead, then from the hubs that were missing, of whose members the first counts, and so on.
/// Nothing leads to what is `barred` but that it is a root.
fn paths(plain: &Plain, phases: &[Vec<u32>], barred: &[u32]) -> Vec<Option<Reached>> {
    let without_hubs = Plain { object_by_hub: Vec::new(), ..plain.clone() }.successors();
    let mut reached: Vec<Option<Reached>> = vec![None; without_hubs.len()];
    for (phase, roots) in phases.iter().enumerate() {
        let mut starts: Vec<(u32, Option<u32>)> = roots.iter().map(|&root| (root, None)).collect();
        for hubs in 0.. {
            starts.retain(|&(object, _)| reached[object as usize].is_none());
            starts.sort_unstable();
            starts.dedup_by_key(|&mut (object, _)| object);
            if starts.is_empty() {
                break;
            }
            let mut level = std::mem::take(&mut starts);
            for references in 0.. {
                for &(object, before) in &level {
                    reached[object as usize] = Some(Reached { phase, hubs, references, before });
                }
                let mut next: Vec<(u32, Option<u32>)> = Vec::new();
                for &(object, _) in &level {
                    next.extend(without_hubs[object as usize].iter().map(|&to| (to, Some(object))));
                }
                next.retain(|&(to, _)| reached[to as usize].is_none() && !barred.contains(&to));
                next.sort_unstable();
                next.dedup_by_key(|&mut (object, _)| object);
                level = next;
                if level.is_empty() {
                    break;
                }
            }
            for (object, &hub) in plain.hub_by_object.iter().enumerate() {
                let hub = plain.object_by_hub.get(usize::from(hub)).copied().flatten();
                let hub = hub.filter(|hub| !barred.contains(hub) && reached[object].is_some());
                starts.extend(hub.map(|hub| (hub, Some(object as u32))));
            }
        }
    }
    reached
}

fn distances(plain: &Plain) -> Vec<usize> {
    let successors = plain.successors();
    let mut distance = vec![usize::MAX; successors.len()];
    let mut level = plain.roots.clone();
    for steps in 0.. {
        level.retain(|&o| distance[o as usize] == usize::MAX);
        level.iter().for_each(|&o| distance[o as usize] = steps);
        level = level.iter().flat_map(|&o| successors[o as usize].clone()).collect();
        if level.is_empty() {
            break;
        }
    }
    distance
}

fn is_path(plain: &Plain, path: &[ObjectIx]) -> bool {
    let successors = plain.successors();
    plain.roots.contains(&path[0].0)
        && path.windows(2).all(|step| successors[step[0].index()].contains(&step[1].0))
}

#[test]
fn goes_on_from_what_was_reached_without_some_slots() {
    let mut random = Random(22);
    let (storage, progress) = (Storage::default(), Progress::silent());
    for round in 0..1000 {
        let plain = Plain::random(&mut random, 200);
        let (bits, _) = leave_out(&plain, &mut random);
        // Some of the slots that were left out are followed later, the others never.
        let mut never = BitColumn::new(&storage, "never", bits.len()).unwrap();
        let (later, others): (Vec<usize>, Vec<usize>) = bits.ones().partition(|_| random.one_in(2));
        others.into_iter().for_each(|slot| never.set(slot));
        let mut later: Vec<u64> = later.into_iter().map(|slot| slot as u64).collect();
        later.reverse();
        let built = plain.build();
        let graph = built.graph();
        let first = reachable(&graph, Some(&bits), &storage, &progress).unwrap();
        let ours = reachable_beyond(&graph, &first, &later, Some(&never), &storage, &progress).unwrap();
        let expected = reachable(&graph, Some(&never), &storage, &progress).unwrap();
        assert_eq!(ours.bits().words(), expected.bits().words(), "round {round}: {plain:?}");
        assert_eq!(ours.count(), expected.count());
    }
}

#[test]
fn reaches_what_a_plain_search_reaches() {
    let mut random = Random(21);
    for round in 0..1000 {
        let plain = Plain::random(&mut random, 200);
        let (bits, without) = leave_out(&plain, &mut random);
        let built = plain.build();
        for (left_out, plain) in [(None, &plain), (Some(&bits), &without)] {
            let ours = reachable(&built.graph(), left_out, &Storage::default(), &Progress::silent()).unwrap();
            let expected = reach(&plain.successors(), &plain.roots, None);
            let listed: Vec<_> = (0..expected.len()).map(|o| ours.contains(ObjectIx(o as u32))).collect();
            assert_eq!(listed, expected, "round {round}");
            assert_eq!(ours.count(), expected.iter().filter(|&&r| r).count());
        }
    }
}

#[test]
fn a_begun_search_finds_what_two_walks_find() {
    let mut random = Random(22);
    let (storage, progress) = (Storage::default(), Progress::silent());
    let mut differ = 0;
    for round in 0..1000 {
        let plain = Plain::random(&mut random, 200);
        let (bits, without) = leave_out(&plain, &mut random);
        let built = plain.build();
        let search = DominatorSearch::begin(&built.graph(), Some(bits), &storage, &progress).unwrap();
        let (all, fewer) = search.reachable(&built.graph(), &storage, &progress).unwrap();
        let fewer = fewer.unwrap();
        for (ours, plain) in [(&fewer, &without), (&all, &plain)] {
            let expected = reach(&plain.successors(), &plain.roots, None);
            let listed: Vec<_> = (0..expected.len()).map(|o| ours.contains(ObjectIx(o as u32))).collect();
            assert_eq!(listed, expected, "round {round}");
        }
        differ += usize::from(fewer.count() < all.count());
    }
    assert!(differ > 100, "left out slots matter in {differ} graphs only");
}

#[test]
fn wide_and_deep_graphs_are_walked_by_many_threads() {
    // One array of 100,000 objects, each the head of a list of ten.
    let wide = 100_000u32;
    let mut slots = vec![(1..=wide).map(Some).collect::<Vec<_>>()];
    slots.extend((1..=wide * 10).map(|o| if o + wide <= wide * 10 { vec![Some(o + wide)] } else { vec![] }));
    let built = Plain::new(slots, vec![0]).build();
    with_threads(4, || {
        let ours = reachable(&built.graph(), None, &Storage::default(), &Progress::silent()).unwrap();
        assert_eq!(ours.count(), 1 + wide as usize * 10);
    });
}

#[test]
fn trees_of_shortest_paths_are_shortest_and_do_not_depend_on_threads() {
    let mut random = Random(22);
    for round in 0..300 {
        let plain = Plain::random(&mut random, if round % 50 == 0 { 60_000 } else { 100 });
        let (bits, without) = leave_out(&plain, &mut random);
        let built = plain.build();
        let dominators = dominator_tree(&built.graph(), &Storage::default(), &Progress::silent()).unwrap();
        for (left_out, plain) in [(None, &plain), (Some(Arc::new(bits)), &without)] {
            let tree = |threads, dominators| {
                with_threads(threads, || {
                    shortest_path_tree(
                        &built.graph(),
                        dominators,
                        left_out.clone(),
                        &Storage::default(),
                        &Progress::silent(),
                    )
                    .unwrap()
                })
            };
            let (one, four) = (tree(1, None), tree(4, Some(&dominators)));
            let expected = paths(plain, std::slice::from_ref(&plain.roots), &[]);
            for (object, expected) in (0..).map(ObjectIx).zip(&expected) {
                for tree in [&one, &four] {
                    assert_eq!(tree.reaches(object), expected.is_some(), "round {round}: {object:?}");
                    let before = expected.and_then(|reached| reached.before).map(ObjectIx);
                    assert_eq!(tree.before(object), before, "round {round}: {object:?}");
                }
            }
            let last = ObjectIx(expected.len() as u32 - 1);
            let path = one.path_to(last);
            assert_eq!(path.is_empty(), expected[last.index()].is_none());
            assert!(path.is_empty() || path.last() == Some(&last) && is_path(plain, &path));
        }
    }
}

#[test]
fn edges_to_hubs_are_followed_as_references_are_where_that_is_asked_for() {
    let mut random = Random(26);
    let (storage, progress) = (Storage::default(), Progress::silent());
    for round in 0..1000 {
        let plain = Plain::random(&mut random, 100);
        let built = plain.build();
        let dominators = dominator_tree(&built.graph(), &storage, &progress).unwrap();
        let roots = vec![built.roots.clone()];
        let mut search = PhasedPaths::new(built.graph(), Some(&dominators), roots, None, &storage).unwrap();
        search.follow_hubs_at_once();
        let tree = search.finish(&progress).unwrap();
        let distance = distances(&plain);
        for object in (0..distance.len() as u32).map(ObjectIx) {
            let steps = tree.path_to(object).len().checked_sub(1).unwrap_or(usize::MAX);
            assert_eq!(steps, distance[object.index()], "round {round}: {object:?}");
        }
    }
}

#[test]
fn phases_are_searched_one_after_the_other_and_past_what_is_barred() {
    let (mut random, mut peeled, mut barred_ones) = (Random(24), 0, 0);
    let (storage, progress) = (Storage::default(), Progress::silent());
    for round in 0..2000 {
        let plain = Plain::random(&mut random, 100);
        let (bits, without) = leave_out(&plain, &mut random);
        let built = plain.build();
        let dominators = dominator_tree(&built.graph(), &storage, &progress).unwrap();
        // Some phase may begin at any object that is reachable, be it one that is held once.
        let others = (0..plain.slots.len() as u32).filter(|&o| dominators.is_reachable(ObjectIx(o)));
        let others: Vec<u32> = others.filter(|_| round % 3 == 0 && random.one_in(10)).collect();
        let (first, second) = plain.roots.split_at(plain.roots.len() / 2);
        let phases = [first.to_vec(), others, second.to_vec()];
        let barred: Vec<u32> = (0..plain.slots.len() as u32).filter(|_| random.one_in(12)).collect();
        for (left_out, plain) in [(None, &plain), (Some(Arc::new(bits)), &without)] {
            let outcome = paths(plain, &phases, &barred);
            for dominators in [None, Some(&dominators)] {
                let roots = phases.iter().map(|roots| roots.iter().map(|&root| ObjectIx(root)).collect());
                let roots = roots.collect();
                let mut search =
                    PhasedPaths::new(built.graph(), dominators, roots, left_out.clone(), &storage).unwrap();
                search.bar(&barred.iter().map(|&object| ObjectIx(object)).collect::<Vec<_>>());
                // Whatever is asked for first, the answers are the same.
                for _ in 0..5 {
                    let object = ObjectIx(random.below(outcome.len()) as u32);
                    let tree = search.reach(object, &progress).unwrap();
                    let expected = outcome[object.index()];
                    assert_eq!(
                        tree.reaches(object),
                        expected.is_some(),
                        "round {round}: {object:?} {plain:?} {barred:?} {phases:?} {} {} {:?}",
                        dominators.is_some(),
                        left_out.is_some(),
                        dominators.map(|d| d.immediate_dominator(object))
                    );
                    let before = expected.and_then(|reached| reached.before).map(ObjectIx);
                    let whole = std::iter::successors(Some(object), |at| {
                        outcome[at.index()].and_then(|reached| reached.before).map(ObjectIx)
                    });
                    let mut whole: Vec<_> = whole.filter(|_| expected.is_some()).collect();
                    whole.reverse();
                    assert_eq!(tree.path_to(object), whole, "round {round}: {object:?}");
                    peeled += usize::from(dominators.is_some() && before.is_some());
                    barred_ones += usize::from(barred.contains(&object.0));
                }
            }
        }
    }
    assert!(peeled > 1000 && barred_ones > 1000, "{peeled} {barred_ones}");
}

/// Counts what the searches have looked at, phase by phase.
#[derive(Default)]
struct Counted(Mutex<Vec<Arc<AtomicU64>>>);

impl Observer for Counted {
    fn begin(&self, _: &'static str, _: Unit, _: u64, done: Arc<AtomicU64>) {
        self.0.lock().unwrap().push(done);
    }

    fn end(&self, _: &'static str) {}
}

/// A long list that a root holds, and a thread whose variable holds a few objects: to find these nobody has to walk down the list.
#[test]
fn what_a_barred_object_dominates_is_found_without_what_comes_before_it() {
    let n = 100_000u32;
    let mut slots: Vec<Vec<Option<u32>>> = (0..n).map(|at| vec![(at + 1 < n).then_some(at + 1)]).collect();
    let (thread, local, below, left) = (n, n + 1, n + 2, n + 3);
    slots.extend([vec![Some(7)], vec![Some(below)], vec![Some(3), Some(left)], vec![]]);
    let mut plain = Plain::new(slots, vec![0, thread]);
    plain.extra.push((thread, local));
    let built = plain.build();
    let (storage, counted) = (Storage::default(), Arc::new(Counted::default()));
    let progress = Progress::new(Arc::<Counted>::clone(&counted));
    let dominators = dominator_tree(&built.graph(), &storage, &Progress::silent()).unwrap();
    let none = ExtraEdges::default();
    let graph = ObjectGraph { extra: &none, ..built.graph() };
    let phases = vec![vec![ObjectIx(0)], vec![ObjectIx(thread)], vec![ObjectIx(local)]];
    let mut leave_out = BitColumn::new(&storage, "left out", n as usize + 4).unwrap();
    leave_out.set(n as usize + 3);
    let leave_out = Some(Arc::new(leave_out));
    let mut search = PhasedPaths::new(graph, Some(&dominators), phases, leave_out, &storage).unwrap();
    search.bar(&[ObjectIx(thread)]);
    let looked_at =
        || -> u64 { counted.0.lock().unwrap().iter().map(|done| done.load(Ordering::Relaxed)).sum() };
    let path = search.reach(ObjectIx(below), &progress).unwrap().path_to(ObjectIx(below));
    assert_eq!((path, looked_at()), (vec![ObjectIx(local), ObjectIx(below)], 0));
    // That nothing leads there is known at once as well.
    assert!(!search.reach(ObjectIx(left), &progress).unwrap().reaches(ObjectIx(left)));
    assert_eq!(looked_at(), 0);
    assert_eq!(search.reach(ObjectIx(n - 1), &progress).unwrap().path_to(ObjectIx(n - 1)).len(), n as usize);
    // The last objects of the list were peeled.
    assert!(looked_at() > u64::from(n) - 10, "{}", looked_at());
}

#[test]
fn backward_paths_are_shortest() {
    let mut random = Random(23);
    for _ in 0..500 {
        let plain = Plain::random(&mut random, 60);
        let (bits, without) = leave_out(&plain, &mut random);
        let built = plain.build();
        let (storage, progress) = (Storage::default(), Progress::silent());
        let referrers = transpose(&built.references, None, &storage, &progress).unwrap();
        for (left_out, plain) in [(None, &plain), (Some(&bits), &without)] {
            let with_hubs = distances(plain);
            let without_hubs = distances(&Plain { object_by_hub: Vec::new(), ..plain.clone() });
            for target in (0..with_hubs.len() as u32).map(ObjectIx) {
                let path = shortest_path(&built.graph(), &referrers, target, left_out, &storage, &progress);
                match path.unwrap() {
                    None => assert_eq!(with_hubs[target.index()], usize::MAX),
                    Some(path) => {
                        assert!(is_path(plain, &path) && path.last() == Some(&target));
                        // Without a hub edge if possible, and then the shortest.
                        let shortest = without_hubs[target.index()];
                        assert!(shortest == usize::MAX || path.len() == shortest + 1);
                    }
                }
            }
        }
    }
}

#[test]
fn long_paths_lose_their_middle() {
    let n = 1000u32;
    let slots = (0..n).map(|at| if at + 1 < n { vec![Some(at + 1)] } else { vec![] }).collect();
    let built = Plain::new(slots, vec![0]).build();
    let tree =
        shortest_path_tree(&built.graph(), None, None, &Storage::default(), &Progress::silent()).unwrap();
    let objects = |range: std::ops::Range<u32>| range.map(ObjectIx).collect::<Vec<_>>();
    assert_eq!(tree.ends_of_path_to(ObjectIx(19), 10), objects(0..20));
    assert_eq!(tree.ends_of_path_to(ObjectIx(20), 10), [objects(0..10), objects(11..21)].concat());
    assert_eq!(tree.ends_of_path_to(ObjectIx(n - 1), 10), [objects(0..10), objects(n - 10..n)].concat());
    assert_eq!(tree.ends_of_path_to(ObjectIx(3), 10), objects(0..4));
}

#[test]
fn paths_that_have_most_in_common_are_told_by_what_was_found_before() {
    // A list of 20,000 from which shorter ones part, so that many paths join it.
    let (mut random, n) = (Random(25), 40_000u32);
    let before: Vec<u32> = (0..n)
        .map(|at| match at {
            0 | 1 => 0,
            _ if at <= n / 2 || !random.one_in(50) => at - 1,
            _ => random.below(n as usize / 2) as u32,
        })
        .collect();
    let mut slots = vec![Vec::new(); n as usize];
    (1..n).for_each(|at| slots[before[at as usize] as usize].push(Some(at)));
    let built = Plain::new(slots, vec![0]).build();
    let tree =
        shortest_path_tree(&built.graph(), None, None, &Storage::default(), &Progress::silent()).unwrap();
    for _ in 0..2000 {
        let object = ObjectIx(random.below(n as usize) as u32);
        let each = [3, 500, 4000][random.below(3)];
        let whole = tree.path_to(object);
        let expected = match whole.len() {
            len if len > 2 * each => [&whole[..each], &whole[len - each..]].concat(),
            _ => whole,
        };
        assert_eq!(tree.ends_of_path_to(object, each), expected, "{object:?}, {each}");
    }
}
