//! Certificates of dominator trees: right trees get one, and no wrong tree does.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

mod graph_common;

use graph_common::*;
use oomph::graph::{Certificate, CertifyError, Dominator, DominatorTree, Flaw, RetainedSizes, certify};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::storage::{Access, BitColumn, Column, Element, Storage};

fn column<T: Element>(values: &[T]) -> Column<T> {
    let mut column = Storage::default().column("test", values.len(), Access::Random).unwrap();
    column.copy_from_slice(values);
    column
}

/// The tree that those dominators make up, right or wrong.
fn tree_of(dominators: &[Dominator]) -> DominatorTree {
    let n = dominators.len();
    let mut lists = vec![Vec::new(); n + 1];
    let mut words = Vec::new();
    for (object, dominator) in dominators.iter().enumerate() {
        let word = match dominator {
            Dominator::Unreachable => u32::MAX,
            Dominator::Root => u32::MAX - 1,
            Dominator::Object(above) => above.0,
        };
        match dominator {
            Dominator::Unreachable => {}
            Dominator::Root => lists[n].push(Some(object as u32)),
            Dominator::Object(above) => lists[above.index()].push(Some(object as u32)),
        }
        words.push(word);
    }
    let lists = references(&lists);
    let (children, degrees, anchors) = lists.columns();
    let inner = BitColumn::new(&Storage::default(), "inner nodes", n).unwrap();
    // Of a tree that may be wrong nothing is known to be held once.
    let none = || column(&vec![0; n.div_ceil(64)]);
    let (words, children) = (column(&words).into(), column(&children.iter().collect::<Vec<u32>>()));
    DominatorTree::from_columns(words, children, column(degrees), column(anchors), none(), none(), inner)
        .unwrap()
}

fn certificate(built: &Built, tree: &DominatorTree) -> Result<Certificate, CertifyError> {
    let (storage, progress) = (Storage::default(), Progress::silent());
    let shallow = |object: ObjectIx| 8 + u64::from(object.0 % 5) * 8;
    let retained = RetainedSizes::compute(tree, shallow, &storage, &progress).unwrap();
    certify(&built.graph(), tree, &retained, shallow, &storage, &progress)
}

#[test]
fn certifies_what_the_algorithm_finds_and_no_single_change_of_it() {
    let mut random = Random(0xce57);
    let (mut ordered, mut changes) = (0, 0);
    for round in 0..6000 {
        let plain = Plain::random(&mut random, 3 + round % 20);
        let built = plain.build();
        let right = dominators(&dominator_tree(&built));
        let certificate_of_right = certificate(&built, &tree_of(&right))
            .unwrap_or_else(|error| panic!("round {round}: {error} {plain:?}"));
        ordered += certificate_of_right.ordered_count;
        let reachable = right.iter().filter(|&&dominator| dominator != Dominator::Unreachable).count();
        assert_eq!(certificate_of_right.object_count, reachable as u64);

        if round % 10 != 0 {
            continue;
        }
        for object in 0..right.len() {
            let others = (0..right.len() as u32).map(|above| Dominator::Object(ObjectIx(above)));
            for other in others.chain([Dominator::Root, Dominator::Unreachable]) {
                if other == right[object] {
                    continue;
                }
                let mut wrong = right.clone();
                wrong[object] = other;
                changes += 1;
                let result = certificate(&built, &tree_of(&wrong));
                assert!(
                    matches!(result, Err(CertifyError::Flaw(_))),
                    "round {round}: object {object} with {other:?}: {result:?} {plain:?}"
                );
            }
        }
    }
    // The sample has to hold what makes certificates hard.
    assert!(ordered > 3000 && changes > 20_000, "{ordered} {changes}");
}

/// All trees that have the parent property but are not the nearest: every object hangs on something that dominates its dominator.
#[test]
fn rejects_trees_with_dominators_that_are_true_but_too_far() {
    let mut random = Random(0xfa7);
    let mut changed = 0;
    for round in 0..1000 {
        let plain = Plain::random(&mut random, 30);
        let built = plain.build();
        let tree = dominator_tree(&built);
        let mut flat = dominators(&tree);
        for dominator in &mut flat {
            if let Dominator::Object(above) = *dominator
                && random.one_in(2)
            {
                *dominator = tree.immediate_dominator(above);
            }
        }
        if flat != dominators(&tree) {
            changed += 1;
            assert!(certificate(&built, &tree_of(&flat)).is_err(), "round {round}: {plain:?}");
        }
    }
    assert!(changed > 300, "{changed}");
}

#[test]
fn certifies_middle_graphs_on_any_number_of_threads() {
    let mut random = Random(3);
    for _ in 0..30 {
        let plain = Plain::random(&mut random, 60_000);
        let built = plain.build();
        let tree = dominator_tree(&built);
        let one = with_threads(1, || certificate(&built, &tree).unwrap());
        let four = with_threads(4, || certificate(&built, &tree).unwrap());
        assert_eq!(one, four);
        let (object, wrong) = loop {
            let object = random.below(plain.slots.len());
            let mut wrong = dominators(&tree);
            let before = wrong[object];
            wrong[object] = Dominator::Object(ObjectIx(random.below(plain.slots.len()) as u32));
            if wrong[object] != before {
                break (object, tree_of(&wrong));
            }
        };
        let flaw = |threads| match with_threads(threads, || certificate(&built, &wrong)) {
            Err(CertifyError::Flaw(flaw)) => flaw,
            other => panic!("object {object}: {other:?}"),
        };
        assert_eq!(flaw(1), flaw(4));
    }
}

#[test]
fn rejects_a_retained_size_that_is_off_by_one_unit() {
    let (storage, progress) = (Storage::default(), Progress::silent());
    let plain = Plain::new(vec![vec![Some(1), Some(2)], vec![Some(3)], vec![Some(3)], vec![]], vec![0]);
    let built = plain.build();
    let tree = dominator_tree(&built);
    let retained = RetainedSizes::compute(&tree, |_| 16, &storage, &progress).unwrap();
    let check = |of_three: u64| {
        let shallow = |object: ObjectIx| if object.0 == 3 { of_three } else { 16 };
        certify(&built.graph(), &tree, &retained, shallow, &storage, &progress)
    };
    assert_eq!(check(16).unwrap().ordered_count, 1);
    let flaw = match check(24) {
        Err(CertifyError::Flaw(flaw)) => flaw,
        other => panic!("{other:?}"),
    };
    let expected = Flaw::RetainedSize { object: ObjectIx(0), claimed_bytes: 64, summed_bytes: 72 };
    assert_eq!(flaw, expected);
}

#[test]
fn certifies_large_shapes() {
    let n = 1_000_000u32;
    let list = |targets: &[u32]| targets.iter().copied().map(Some).collect::<Vec<_>>();
    let chain = (0..n).map(|at| if at + 1 < n { list(&[at + 1]) } else { Vec::new() }).collect();
    let both_ways = (0..n).map(|at| list(&[(at + 1).min(n - 1), at.saturating_sub(1)])).collect();
    let mut star = vec![(1..n).map(Some).collect::<Vec<_>>()];
    star.resize(n as usize, Vec::new());
    // Each rung of the ladder is reached from both sides: all hang on the roots.
    let ladder: Vec<_> = (0..n).map(|at| list(&[(at + 1).min(n - 1), (at + 2).min(n - 1)])).collect();
    let sides = 1000u32;
    let bipartite: Vec<_> = (0..2 * sides)
        .map(|at| if at < sides { (sides..2 * sides).map(Some).collect() } else { Vec::new() })
        .collect();
    // A cycle that is entered at both ends, so that nothing in it dominates anything.
    let ring = (0..n).map(|at| list(&[(at + 1) % n, (at + n - 1) % n])).collect();
    // A chain whose elements a list holds as well: the derived edge of each comes from the top of the whole chain.
    let mut queue = vec![list(&[1, n - 1])];
    let nodes = n / 2 - 1;
    queue.extend((1..=nodes).map(|node| list(&[nodes + node, if node < nodes { node + 1 } else { n - 1 }])));
    queue.resize(n as usize - 1, Vec::new());
    queue.push((nodes + 1..=2 * nodes).map(Some).collect());
    let shapes = [
        ("queue", queue, vec![0], u64::from(nodes)),
        ("chain", chain, vec![0], 0),
        ("both ways", both_ways, vec![0, n - 1], u64::from(n) - 2),
        ("star", star, vec![0], 0),
        ("ladder", ladder, vec![0, 1], u64::from(n) - 2),
        ("bipartite", bipartite, (0..sides).collect(), u64::from(sides)),
        ("ring", ring, vec![0, n / 2], u64::from(n) - 2),
    ];
    for (name, slots, roots, ordered) in shapes {
        let built = Plain::new(slots, roots).build();
        let tree = dominator_tree(&built);
        let certificate = certificate(&built, &tree).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(certificate.ordered_count, ordered, "{name}");
    }
}

#[test]
fn certifies_no_objects_and_no_roots() {
    let built = Plain::new(Vec::new(), Vec::new()).build();
    assert_eq!(certificate(&built, &dominator_tree(&built)).unwrap().object_count, 0);
    let built = Plain::new(vec![vec![Some(1)], vec![]], Vec::new()).build();
    assert_eq!(certificate(&built, &dominator_tree(&built)).unwrap().object_count, 0);
}
