//! Dominators, the dominator tree, retained sizes and referrers against the definition and against petgraph.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

mod graph_common;

use graph_common::*;
use oomph::graph::{Dominator, NO_GROUP, RetainedSizes, retained_by_group, transpose};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::storage::Storage;

#[test]
fn equals_brute_force_on_small_graphs() {
    let mut random = Random(0x5eed);
    for round in 0..6000 {
        let plain = Plain::random(&mut random, 4 + round % 24);
        let tree = dominator_tree(&plain.build());
        assert_eq!(dominators(&tree), brute_force(&plain), "round {round}: {plain:?}");
    }
}

#[test]
fn equals_petgraph_on_middle_graphs() {
    let mut random = Random(77);
    for round in 0..200 {
        let plain = Plain::random(&mut random, 3000);
        let tree = dominator_tree(&plain.build());
        let successors = plain.successors();
        let root = successors.len() as u32;
        let mut other = petgraph::graph::DiGraph::<(), ()>::new();
        let nodes: Vec<_> = (0..=root).map(|_| other.add_node(())).collect();
        for (from, list) in successors.iter().enumerate() {
            for &to in list {
                other.add_edge(nodes[from], nodes[to as usize], ());
            }
        }
        for &to in &plain.roots {
            other.add_edge(nodes[root as usize], nodes[to as usize], ());
        }
        let theirs = petgraph::algo::dominators::simple_fast(&other, nodes[root as usize]);
        for (object, ours) in dominators(&tree).into_iter().enumerate() {
            let expected = match theirs.immediate_dominator(nodes[object]) {
                None => Dominator::Unreachable,
                Some(node) if node == nodes[root as usize] => Dominator::Root,
                Some(node) => Dominator::Object(ObjectIx(node.index() as u32)),
            };
            assert_eq!(ours, expected, "round {round}, object {object}");
        }
    }
}

#[test]
fn tree_turns_the_dominators_around() {
    let mut random = Random(5);
    for _ in 0..200 {
        let plain = Plain::random(&mut random, 60);
        let tree = dominator_tree(&plain.build());
        let all: Vec<_> = (0..tree.object_count() as u32).map(ObjectIx).collect();
        let with = |dominator| {
            all.iter().copied().filter(|&o| tree.immediate_dominator(o) == dominator).collect::<Vec<_>>()
        };
        assert_eq!(tree.root_children(), with(Dominator::Root));
        for &object in &all {
            assert_eq!(tree.children(object), with(Dominator::Object(object)));
        }
        assert_eq!(tree.reachable_count(), all.iter().filter(|&&o| tree.is_reachable(o)).count());
    }
}

#[test]
fn retained_sizes_are_sums_over_what_is_dominated() {
    let mut random = Random(9);
    for round in 0..600 {
        let plain = Plain::random(&mut random, 40);
        let tree = dominator_tree(&plain.build());
        // Odd, even, very large units, and a sum that does not fit 32 bits in any unit.
        let scale = [1, 8, 1 << 40, (1 << 33) + 1][round % 4];
        let shallow: Vec<u64> = plain.slots.iter().map(|_| (1 + random.below(9)) as u64 * scale).collect();
        let size = |object: ObjectIx| shallow[object.index()];
        let retained = RetainedSizes::compute(&tree, size, &Storage::default(), &Progress::silent()).unwrap();
        for object in (0..shallow.len() as u32).map(ObjectIx) {
            let dominated = (0..shallow.len() as u32).map(ObjectIx);
            let dominated = dominated.filter(|&o| tree.is_reachable(o) && tree.dominates(object, o));
            assert_eq!(retained.bytes(object), dominated.map(size).sum::<u64>());
        }
    }
}

#[test]
fn objects_with_hundreds_of_inner_children_are_summed_up_once() {
    // 0 -> 1..=1000, each with a chain of 0 to 3 below.
    let mut slots: Vec<Vec<Option<u32>>> = vec![(1..=1000).map(Some).collect()];
    slots.resize(1001, Vec::new());
    for child in 1..=1000 {
        let mut above = child;
        for _ in 0..child % 4 {
            let next = slots.len() as u32;
            slots[above].push(Some(next));
            above = next as usize;
            slots.push(Vec::new());
        }
    }
    let count = slots.len() as u64;
    let tree = dominator_tree(&Plain::new(slots, vec![0]).build());
    for threads in [1, 4] {
        let retained = with_threads(threads, || {
            RetainedSizes::compute(&tree, |_| 24, &Storage::default(), &Progress::silent()).unwrap()
        });
        assert_eq!(retained.bytes(ObjectIx(0)), count * 24);
        assert_eq!(retained.bytes(ObjectIx(3)), 4 * 24);
    }
}

#[test]
fn groups_retain_what_their_topmost_members_do() {
    let mut random = Random(17);
    for round in 0..40 {
        let plain = Plain::random(&mut random, if round < 37 { 300 } else { 60_000 });
        let tree = dominator_tree(&plain.build());
        let shallow = |object: ObjectIx| u64::from(object.0 % 5 + 1) * 8;
        let retained =
            RetainedSizes::compute(&tree, shallow, &Storage::default(), &Progress::silent()).unwrap();
        let groups = 1 + round % 9;
        let group_of = |object: ObjectIx| {
            Some((object.0.wrapping_mul(0x9e37_79b9) >> 20) as usize % (groups + 1)).filter(|&g| g < groups)
        };
        let mut expected = vec![0; groups];
        for object in (0..plain.slots.len() as u32).map(ObjectIx).filter(|&object| tree.is_reachable(object))
        {
            let Some(group) = group_of(object) else { continue };
            if tree.dominators(object).all(|above| group_of(above) != Some(group)) {
                expected[group] += retained.bytes(object);
            }
        }
        let reachable =
            (0..plain.slots.len() as u32).map(ObjectIx).filter(|&object| tree.is_reachable(object));
        let is_top = |object: &ObjectIx| tree.dominators(*object).all(|above| above.0 % 2 == 0);
        let odd: u64 = reachable
            .filter(|object| object.0 % 2 == 1)
            .filter(is_top)
            .map(|object| retained.bytes(object))
            .sum();
        for threads in [1, 4] {
            // The same groups twice, and what is odd as another group.
            let groups_of = |object: ObjectIx| {
                let group = group_of(object).map_or(NO_GROUP, |group| group as u32);
                let again = if group == NO_GROUP { NO_GROUP } else { group + groups as u32 };
                [group, again, if object.0 % 2 == 1 { 2 * groups as u32 } else { NO_GROUP }]
            };
            let sums = with_threads(threads, || {
                retained_by_group(&tree, &retained, 2 * groups + 1, groups_of, |_| ())
            });
            assert_eq!(sums[..groups], expected, "{round}");
            assert_eq!(sums[groups..2 * groups], expected, "{round}");
            assert_eq!(sums[2 * groups], odd, "{round}");
        }
    }
}

/// A list of two million, and a star of as many: neither deep nor wide trees take long.
#[test]
fn groups_of_deep_and_wide_trees() {
    let count = 2_000_000u32;
    let list = (0..count).map(|at| if at + 1 < count { vec![Some(at + 1)] } else { Vec::new() }).collect();
    let mut star = vec![(1..count).map(Some).collect::<Vec<_>>()];
    star.resize(count as usize, Vec::new());
    for (slots, others) in [(list, count - 1), (star, count - 2)] {
        let tree = dominator_tree(&Plain::new(slots, vec![0]).build());
        let retained =
            RetainedSizes::compute(&tree, |_| 8, &Storage::default(), &Progress::silent()).unwrap();
        let sums = with_threads(4, || {
            // The last object is a group of its own; of the others, all but the first are the other group.
            retained_by_group(
                &tree,
                &retained,
                2,
                |object| match object.0 {
                    0 => [NO_GROUP],
                    at if at + 1 == count => [1],
                    _ => [0],
                },
                |_| (),
            )
        });
        assert_eq!(sums, [u64::from(others) * 8, 8]);
    }
}

#[test]
fn transposing_turns_each_slot_around() {
    let mut random = Random(3);
    for _ in 0..100 {
        let plain = Plain::random(&mut random, 200);
        let references = references(&plain.slots);
        let back = transpose(&references, None, &Storage::default(), &Progress::silent()).unwrap();
        let mut expected = vec![Vec::new(); plain.slots.len()];
        for (from, list) in plain.slots.iter().enumerate() {
            list.iter().flatten().for_each(|&to| expected[to as usize].push(from as u32));
        }
        for (object, expected) in expected.iter().enumerate() {
            assert!(back.slots(ObjectIx(object as u32)).iter().eq(expected.iter().copied()));
            let mut once: Vec<ObjectIx> = expected.iter().copied().map(ObjectIx).collect();
            once.dedup();
            assert_eq!(references.referrers_of(ObjectIx(object as u32)), once);
        }
    }
}

#[test]
fn does_not_depend_on_the_number_of_threads() {
    let mut random = Random(41);
    for round in 0..30 {
        let plain = Plain::random(&mut random, 120_000);
        let built = plain.build();
        let shallow = |object: ObjectIx| u64::from(object.0 % 7 + 1) * 8;
        let run = |threads| {
            with_threads(threads, || {
                let tree = dominator_tree(&built);
                let retained =
                    RetainedSizes::compute(&tree, shallow, &Storage::default(), &Progress::silent()).unwrap();
                let bytes: Vec<u64> =
                    (0..tree.object_count() as u32).map(|o| retained.bytes(ObjectIx(o))).collect();
                (dominators(&tree), bytes)
            })
        };
        assert!(run(1) == run(4), "round {round}");
    }
}

#[test]
fn equals_lengauer_and_tarjan_on_large_graphs() {
    let mut random = Random(43);
    for round in 0..12 {
        let plain = Plain::random(&mut random, 300_000);
        let tree = dominator_tree(&plain.build());
        assert!(dominators(&tree) == lengauer_tarjan(&plain), "round {round}");
    }
}
