//! The kernels of `graph` on shapes of real heaps and on shapes that a careless algorithm could not bear.
//!
//! `cargo bench --bench graph`. Sizes are per graph; divide by them to get nanoseconds per object.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use divan::{Bencher, black_box};
use oomph::graph::{
    ExtraEdges, Hubs, ObjectGraph, Part, References, ReferencesBuilder, RetainedSizes, dominator_tree,
    reachable, shortest_path_tree, transpose,
};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::storage::Storage;

fn main() {
    divan::main();
}

/// Objects of the big shapes.
const MILLION: u32 = 1_000_000;

#[derive(Clone, Copy, Debug)]
enum Shape {
    /// Maps of records with strings, and a fifth of references to shared objects.
    Shop,
    /// One linked list.
    Chain,
    /// A linked list of elements that an array holds as well.
    Queue,
    /// One array of everything.
    Star,
    /// Every object is a root.
    Roots,
    /// A thousand objects that all refer to a thousand others.
    Bipartite,
}

const SHAPES: [Shape; 6] =
    [Shape::Shop, Shape::Chain, Shape::Queue, Shape::Star, Shape::Roots, Shape::Bipartite];

struct Graph {
    references: References,
    extra: ExtraEdges,
    roots: Vec<ObjectIx>,
}

impl Graph {
    fn new(shape: Shape) -> Self {
        let mut roots = vec![0];
        let lists: Vec<Vec<u32>> = match shape {
            Shape::Shop => shop(),
            Shape::Chain => {
                (1..=MILLION).map(|next| if next < MILLION { vec![next] } else { vec![] }).collect()
            }
            Shape::Queue => {
                let nodes = MILLION / 2 - 1;
                let array = 2 * nodes + 1;
                let mut lists = vec![vec![1, array]];
                let next = |node| if node < nodes { node + 1 } else { array };
                lists.extend((1..=nodes).map(|node| vec![nodes + node, next(node)]));
                lists.resize(array as usize, vec![]);
                lists.push((nodes + 1..array).collect());
                lists
            }
            Shape::Star => {
                let mut lists = vec![vec![]; MILLION as usize];
                lists[0] = (1..MILLION).collect();
                lists
            }
            Shape::Roots => {
                roots = (0..MILLION).collect();
                (0..MILLION).map(|object| vec![(object + 1) % MILLION]).collect()
            }
            Shape::Bipartite => {
                let mut lists = vec![(1..=1000).collect::<Vec<_>>()];
                lists.resize(1001, (1001..=2000).collect());
                lists.resize(2001, vec![]);
                lists
            }
        };
        Self {
            references: references(&lists),
            extra: ExtraEdges::default(),
            roots: roots.into_iter().map(ObjectIx).collect(),
        }
    }

    fn graph(&self) -> ObjectGraph<'_> {
        ObjectGraph {
            references: &self.references,
            extra: &self.extra,
            hubs: Hubs::none(),
            roots: &self.roots,
        }
    }
}

fn references(lists: &[Vec<u32>]) -> References {
    let slots = lists.iter().map(Vec::len).sum();
    let whole = [Part { first_object: 0, first_slot: 0 }];
    let mut builder = ReferencesBuilder::new(&Storage::default(), lists.len(), slots, &whole).unwrap();
    builder.writers().into_iter().for_each(|mut writer| lists.iter().for_each(|list| writer.object(list)));
    builder.finish().unwrap()
}

/// A table of chains of entries, each with a key, a value of four objects, and a reference to something shared.
fn shop() -> Vec<Vec<u32>> {
    let records = MILLION / 6;
    let mut lists = vec![(0..records).step_by(2).map(|record| 1 + record * 6).collect::<Vec<u32>>()];
    for record in 0..records {
        let entry = 1 + record * 6;
        let next = if record % 2 == 0 && record + 1 < records { Some(entry + 6) } else { None };
        lists.push([entry + 1, entry + 2].into_iter().chain(next).collect());
        lists.push(vec![]);
        let shared = 1 + record.wrapping_mul(2_654_435_761) % records * 6 + 4;
        lists.push(vec![entry + 3, entry + 4, if record % 5 == 0 { shared } else { entry + 5 }]);
        lists.extend([vec![entry + 5], vec![], vec![]]);
    }
    lists
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn dominators(bencher: Bencher<'_, '_>, shape: Shape) {
    let graph = Graph::new(shape);
    bencher.bench_local(|| {
        black_box(dominator_tree(&graph.graph(), &Storage::default(), &Progress::silent()).unwrap())
    });
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn retained_sizes(bencher: Bencher<'_, '_>, shape: Shape) {
    let graph = Graph::new(shape);
    let tree = dominator_tree(&graph.graph(), &Storage::default(), &Progress::silent()).unwrap();
    bencher.bench_local(|| {
        black_box(RetainedSizes::compute(&tree, |_| 24, &Storage::default(), &Progress::silent()).unwrap())
    });
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn reachability(bencher: Bencher<'_, '_>, shape: Shape) {
    let graph = Graph::new(shape);
    bencher.bench_local(|| {
        black_box(reachable(&graph.graph(), None, &Storage::default(), &Progress::silent()).unwrap())
    });
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn shortest_paths(bencher: Bencher<'_, '_>, shape: Shape) {
    let graph = Graph::new(shape);
    bencher.bench_local(|| {
        black_box(
            shortest_path_tree(&graph.graph(), None, None, &Storage::default(), &Progress::silent()).unwrap(),
        )
    });
}

#[divan::bench(args = SHAPES, sample_count = 10)]
fn referrers(bencher: Bencher<'_, '_>, shape: Shape) {
    let graph = Graph::new(shape);
    bencher.bench_local(|| {
        black_box(transpose(&graph.references, None, &Storage::default(), &Progress::silent()).unwrap())
    });
}
