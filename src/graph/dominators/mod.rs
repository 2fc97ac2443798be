//! Immediate dominators of all reachable objects.

use super::error::GraphError;
use super::object_graph::ObjectGraph;
use super::tree::{DominatorTree, ROOT, UNREACHABLE};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::storage::{Access, Storage};

/// The dominator tree of everything that `graph.roots` reach.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub fn dominator_tree(
    graph: &ObjectGraph<'_>,
    storage: &Storage,
    progress: &Progress,
) -> Result<DominatorTree, GraphError> {
    let n = graph.object_count();
    let phase = progress.phase("dominators", Unit::Objects, n as u64);
    let mut number = vec![0u32; n];
    let mut vertex = vec![u32::MAX];
    let mut parent = vec![0u32];
    let mut edges: Vec<(u32, u32)> = Vec::new();
    let mut stack: Vec<(u32, u32)> = graph.roots.iter().rev().map(|root| (0, root.0)).collect();
    while let Some((from, to)) = stack.pop() {
        if number[to as usize] != 0 {
            edges.push((number[to as usize], from));
            continue;
        }
        let at = vertex.len() as u32;
        if at.is_multiple_of(4096) {
            phase.advance(4096)?;
        }
        number[to as usize] = at;
        vertex.push(to);
        parent.push(from);
        stack.extend(graph.successors(ObjectIx(to)).map(|next| (at, next.0)));
    }
    edges.sort_unstable();
    let count = vertex.len();
    let mut label: Vec<u32> = (0..count as u32).collect();
    let mut ancestor = parent.clone();
    let mut semi: Vec<u32> = parent.clone();
    let mut path = Vec::new();
    let mut edge = edges.len();
    for w in (1..count as u32).rev() {
        let mut best = parent[w as usize];
        while edge > 0 && edges[edge - 1].0 == w {
            edge -= 1;
            let source = edges[edge].1;
            let candidate = if source <= w {
                source
            } else {
                let mut v = source;
                while ancestor[v as usize] > w {
                    path.push(v);
                    v = ancestor[v as usize];
                }
                let (mut least, top) = (label[v as usize], ancestor[v as usize]);
                while let Some(v) = path.pop() {
                    least = least.min(label[v as usize]);
                    label[v as usize] = least;
                    ancestor[v as usize] = top;
                }
                least
            };
            best = best.min(candidate);
        }
        semi[w as usize] = best;
        label[w as usize] = best;
    }
    let mut column = storage.column("dominators", n, Access::Random)?;
    column.fill(UNREACHABLE);
    let mut idom = parent;
    for w in 1..count {
        let mut above = idom[w];
        while above > semi[w] {
            above = idom[above as usize];
        }
        idom[w] = above;
        column[vertex[w] as usize] = if above == 0 { ROOT } else { vertex[above as usize] };
    }
    drop(phase);
    DominatorTree::new(column, storage, progress)
}
