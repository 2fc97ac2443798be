//! Shapes on which a careless algorithm is quadratic or runs out of stack: each must take seconds at most, also unoptimised.

#![allow(clippy::unwrap_used, reason = "a test")]

mod graph_common;

use graph_common::*;
use oomph::graph::{Dominator, RetainedSizes, reachable, shortest_path_tree, transpose};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::storage::Storage;
use std::time::{Duration, Instant};

/// Runs everything that is computed of a graph; returns the tree and what object 0 retains where each object has 8 bytes.
fn run_all(plain: &Plain) -> (oomph::graph::DominatorTree, u64) {
    let begun = Instant::now();
    let (storage, progress) = (Storage::default(), Progress::silent());
    let built = plain.build();
    let tree = dominator_tree(&built);
    let retained = RetainedSizes::compute(&tree, |_| 8, &storage, &progress).unwrap();
    let all = reachable(&built.graph(), None, &storage, &progress).unwrap();
    assert_eq!(all.count(), tree.reachable_count());
    let paths = shortest_path_tree(&built.graph(), None, None, &storage, &progress).unwrap();
    assert!(paths.reaches(ObjectIx(plain.roots[0])));
    transpose(&built.references, None, &storage, &progress).unwrap();
    // Quadratic work on these sizes takes hours; the bound leaves room for slow and busy machines.
    assert!(begun.elapsed() < Duration::from_secs(120), "took {:?}", begun.elapsed());
    (tree, retained.bytes(ObjectIx(0)))
}

#[test]
fn chain() {
    let n = 1_000_000;
    let slots = (1..=n).map(|next| if next < n { vec![Some(next)] } else { vec![] }).collect();
    let (tree, retained) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.immediate_dominator(ObjectIx(n - 1)), Dominator::Object(ObjectIx(n - 2)));
    assert_eq!(retained, u64::from(n) * 8);
}

#[test]
fn chain_whose_elements_are_held_elsewhere_too() {
    // A queue of tasks that a list holds as well: the chain is deep in the tree, and each element below it belongs to the top.
    let n = 1_000_000u32;
    let mut slots = vec![vec![Some(1), Some(2 * n + 1)]];
    slots.extend((1..=n).map(|node| vec![Some(n + node), Some(node + 1).filter(|&next| next <= n)]));
    slots.extend((0..n).map(|_| vec![]));
    slots.push((n + 1..=2 * n).map(Some).collect());
    let (tree, retained) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.immediate_dominator(ObjectIx(n)), Dominator::Object(ObjectIx(n - 1)));
    assert_eq!(tree.children(ObjectIx(0)).len() as u32, n + 2);
    assert_eq!(retained, u64::from(2 * n + 2) * 8);
}

#[test]
fn chain_whose_elements_hold_each_other() {
    // The same with elements that have something below them, which is held by the top in part and by every seventh node of the chain in part.
    let n = 300_000u32;
    let list = 3 * n + 1;
    let mut slots = vec![vec![Some(1), Some(list)]];
    slots.extend((1..=n).map(|node| {
        let far = (node + 7 <= n).then_some(2 * n + node + 7);
        vec![Some(n + node), far, Some(node + 1).filter(|&next| next <= n)]
    }));
    slots.extend((1..=n).map(|element| vec![Some(2 * n + element)]));
    slots.extend((0..n).map(|_| vec![]));
    slots.push((n + 1..=2 * n).step_by(2).map(Some).collect());
    let (tree, retained) = run_all(&Plain::new(slots, vec![0]));
    // Element 1 hangs on the list, too, element 2 on its node alone.
    assert_eq!(tree.immediate_dominator(ObjectIx(n + 1)), Dominator::Object(ObjectIx(0)));
    assert_eq!(tree.immediate_dominator(ObjectIx(n + 2)), Dominator::Object(ObjectIx(2)));
    // What is below element 100 is held by node 93 as well, and both are below that node; of element 101 it is held from the top, too.
    assert_eq!(tree.immediate_dominator(ObjectIx(2 * n + 100)), Dominator::Object(ObjectIx(93)));
    assert_eq!(tree.immediate_dominator(ObjectIx(2 * n + 101)), Dominator::Object(ObjectIx(0)));
    assert_eq!(retained, u64::from(3 * n + 2) * 8);
}

#[test]
fn chain_in_both_directions() {
    let n = 1_000_000u32;
    let slots = (0..n).map(|at| vec![at.checked_sub(1), Some(at + 1).filter(|&next| next < n)]).collect();
    let (tree, retained) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.immediate_dominator(ObjectIx(n - 1)), Dominator::Object(ObjectIx(n - 2)));
    assert_eq!(retained, u64::from(n) * 8);
}

#[test]
fn list_whose_nodes_all_refer_to_its_head_and_tail() {
    let n = 500_000u32;
    let slots = (0..n).map(|at| vec![Some(0), Some(n), Some(at + 1)]).chain([vec![Some(0)]]).collect();
    let (tree, _) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.immediate_dominator(ObjectIx(n)), Dominator::Object(ObjectIx(0)));
    assert_eq!(tree.immediate_dominator(ObjectIx(n - 1)), Dominator::Object(ObjectIx(n - 2)));
}

#[test]
fn star_and_its_reverse() {
    // One array of many; each of them refers to the two objects after them, which thus have long lists of referrers side by side.
    let n = 500_000u32;
    let mut slots = vec![(1..=n).map(Some).collect::<Vec<_>>()];
    slots.extend((0..n).map(|_| vec![Some(n + 1), Some(n + 2)]));
    slots.extend([vec![], vec![Some(n + 1)]]);
    let (tree, retained) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.children(ObjectIx(0)).len() as u32, n + 2);
    assert_eq!(retained, u64::from(n + 3) * 8);
}

#[test]
fn complete_bipartite() {
    let side = 1000u32;
    let mut slots = vec![(1..=side).map(Some).collect::<Vec<_>>()];
    slots.extend((0..side).map(|_| (side + 1..=2 * side).map(Some).collect::<Vec<_>>()));
    slots.extend((0..side).map(|_| (1..=side).map(Some).collect::<Vec<_>>()));
    let (tree, _) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.children(ObjectIx(0)).len() as u32, 2 * side);
}

#[test]
fn every_object_a_root() {
    let n = 500_000u32;
    let slots = (0..n).map(|at| vec![Some((at + 1) % n)]).collect();
    let (tree, retained) = run_all(&Plain::new(slots, (0..n).collect()));
    assert_eq!(tree.root_children().len() as u32, n);
    assert_eq!(retained, 8);
}

#[test]
fn ladder_of_shared_children() {
    // Rung k refers to both objects of rung k + 1: no one dominates any but the first.
    let rungs = 250_000u32;
    let mut slots = vec![vec![Some(1), Some(2)]];
    slots.extend((0..2 * rungs).map(|at| {
        let next = at / 2 * 2 + 3;
        if next + 1 > 2 * rungs { vec![] } else { vec![Some(next), Some(next + 1)] }
    }));
    let (tree, _) = run_all(&Plain::new(slots, vec![0]));
    assert_eq!(tree.children(ObjectIx(0)).len() as u32, 2 * rungs);
}

#[test]
fn members_of_many_hubs_and_hubs_that_few_members_reach() {
    // Hub h is held by object 1 and by its members; a single member of each hub hangs on another root.
    let (hubs, members) = (20_000u32, 20);
    let first_member = 2 + hubs;
    let n = first_member + hubs * members;
    let mut slots = vec![vec![]; n as usize];
    slots[0] = vec![Some(1)];
    slots[1] = (2..first_member).map(Some).collect();
    for hub in 0..hubs {
        let all = (0..members).map(|member| first_member + member * hubs + hub);
        slots[2 + hub as usize] = all.skip(usize::from(hub % 2 == 0)).map(Some).collect();
    }
    let other_root = n;
    slots.push((0..hubs).step_by(2).map(|hub| Some(first_member + hub)).collect());
    let mut plain = Plain::new(slots, vec![0, other_root]);
    plain.object_by_hub = (0..hubs).map(|hub| Some(2 + hub)).collect();
    plain.hub_by_object = (0..=n)
        .map(|at| if at < first_member || at == n { u16::MAX } else { ((at - first_member) % hubs) as u16 })
        .collect();
    let (tree, _) = run_all(&plain);
    for hub in 0..hubs {
        let expected = if hub % 2 == 0 { Dominator::Root } else { Dominator::Object(ObjectIx(1)) };
        assert_eq!(tree.immediate_dominator(ObjectIx(2 + hub)), expected, "hub {hub}");
    }
}

#[test]
fn chain_of_hubs() {
    // Each class is known to nobody but its only instance, which is in a field of the class before: a walk for each would be quadratic.
    let n = 30_000u32;
    let mut slots: Vec<Vec<Option<u32>>> = (0..n).map(|class| vec![Some(n + class)]).collect();
    slots.extend((0..n).map(|_| vec![]));
    let mut plain = Plain::new(slots, vec![0]);
    // Instance `n + c` is of the class `c + 1`; classes themselves have no class here.
    plain.object_by_hub = (0..=n).map(|hub| Some(hub).filter(|&hub| hub > 0 && hub < n)).collect();
    plain.hub_by_object = (0..2 * n).map(|o| if o < n { 0 } else { (o - n + 1) as u16 }).collect();
    let (tree, _) = run_all(&plain);
    assert_eq!(tree.reachable_count(), 2 * n as usize);
    let built = plain.build();
    let (storage, progress) = (Storage::default(), Progress::silent());
    let begun = Instant::now();
    for dominators in [None, Some(&tree)] {
        let paths = shortest_path_tree(&built.graph(), dominators, None, &storage, &progress).unwrap();
        assert_eq!(paths.path_to(ObjectIx(2 * n - 1)).len(), 2 * n as usize);
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "took {:?}", begun.elapsed());
}

#[test]
fn what_lies_below_is_seen_once_by_many_threads() {
    // A root with 100,000 children, the first of which begins a list of 100,000: wide and deep.
    let n = 100_000u32;
    let mut slots = vec![(1..=n).map(Some).collect::<Vec<_>>()];
    slots.extend((1..=n).map(|child| if child == 1 { vec![Some(n + 1)] } else { vec![] }));
    slots.extend((n + 1..2 * n).map(|link| vec![Some(link + 1)]));
    slots.push(vec![]);
    let built = Plain::new(slots, vec![0]).build();
    let tree = dominator_tree(&built);
    let see = |tops: &[ObjectIx], end: Option<ObjectIx>| {
        let notes = with_threads(4, || {
            tree.fold_below(
                tops,
                Vec::new,
                |seen, object| {
                    seen.push(object);
                    Some(object) != end
                },
                |_| (),
            )
        });
        let mut seen = notes.concat();
        seen.sort_unstable();
        seen
    };
    let objects = |range: std::ops::RangeInclusive<u32>| range.map(ObjectIx).collect::<Vec<_>>();
    assert_eq!(see(&[ObjectIx(0)], None), objects(0..=2 * n));
    assert_eq!(see(tree.children(ObjectIx(0)), Some(ObjectIx(n + 5))), objects(1..=n + 5));
    assert_eq!(see(&[], None), []);
}

/// Constants that all records refer to, in thousands of kinds: to find what is left out and matters may take no look at all records for each.
#[test]
fn many_stars_with_ways_around() {
    const PARTS: usize = 300;
    const RECORDS: usize = 1000;
    // A root, parts, their records; each part has its star, which the last record of the next part refers to as well.
    let first = 1 + 2 * PARTS;
    let mut slots = vec![(1..=PARTS as u32).map(Some).collect::<Vec<_>>()];
    for part in 0..PARTS {
        slots.push((0..RECORDS).map(|at| Some((first + part * RECORDS + at) as u32)).collect());
    }
    slots.extend((0..PARTS).map(|_| Vec::new()));
    for part in 0..PARTS {
        for at in 0..RECORDS {
            let mut list = vec![Some((1 + PARTS + part) as u32)];
            if at + 1 == RECORDS && part % 2 == 0 {
                list.push(Some((1 + PARTS + (part + 1) % PARTS) as u32));
            }
            slots.push(list);
        }
    }
    let plain = Plain::new(slots, vec![0]);
    let (tree, _) = run_all(&plain);
    for part in 0..PARTS as u32 {
        let star = ObjectIx(1 + PARTS as u32 + part);
        let holder = if part % 2 == 0 { 1 + part } else { 0 };
        assert_eq!(tree.immediate_dominator(star), Dominator::Object(ObjectIx(holder)), "{part}");
    }
}
