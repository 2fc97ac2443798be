//! GC roots by kind: how many there are, of how many objects, and what these objects keep.
//!
//! What it finds: for each kind of root the records of the dump, the objects they name, and the memory that these objects retain, each byte once.
//! Why it matters: a million JNI globals are a leak of native code, thousands of threads are one of their own, and what Java frames keep goes when
//! calls end.
//! How it is computed: the sum over those of a kind that no other of the kind dominates; what several roots keep only together is in no row. An
//! object that is a root in several ways counts in each of them, and what a thread's variables keep counts at the thread too: the rows add up to
//! more than the heap.
//! Cost: the walk up from each root, where no object is passed twice.

use super::Context;
use super::blocks::table;
use crate::hprof::RootTag;
use crate::ix::ObjectIx;
use crate::report::{Block, Cell, Column};
use crate::snapshot::Snapshot;
use hashbrown::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The table.
pub(super) fn by_kind(context: &Context<'_>) -> Block {
    let snapshot = context.snapshot;
    let mut by_kind: BTreeMap<RootTag, (u64, Vec<ObjectIx>)> = BTreeMap::new();
    for root in snapshot.roots().all() {
        let (records, objects) = by_kind.entry(root.kind).or_default();
        *records += 1;
        // They come ascending by object.
        if objects.last() != Some(&root.object) {
            objects.push(root.object);
        }
    }
    let sum = |(kind, (records, objects)): (RootTag, (u64, Vec<ObjectIx>))| {
        (kind, records, objects.len() as u64, retained_each_once(snapshot, &objects))
    };
    let mut rows: Vec<(RootTag, u64, u64, u64)> = by_kind.into_iter().map(sum).collect();
    rows.sort_by_key(|&(kind, _, _, bytes)| (Reverse(bytes), kind));
    let columns = vec![
        Column::left("root"),
        Column::right("roots"),
        Column::right("objects"),
        Column::right("retained_bytes"),
    ];
    table(context, "roots", columns, rows, |(kind, records, objects, bytes)| {
        let id = format!("root-{}", kind.words().to_ascii_lowercase().replace(' ', "-"));
        vec![Cell::term(kind.words(), &id), Cell::Count(records), Cell::Count(objects), Cell::Bytes(bytes)]
    })
}

/// What each of them keeps alive by itself, each byte once.
fn retained_each_once(snapshot: &Snapshot, objects: &[ObjectIx]) -> u64 {
    let tree = snapshot.dominators();
    let set: HashSet<ObjectIx> = objects.iter().copied().collect();
    // Whether what stands above an object, or the object itself, is one of them.
    let mut known: HashMap<ObjectIx, bool> = HashMap::new();
    let mut passed = Vec::new();
    let mut is_below = |object: ObjectIx| {
        let mut answer = false;
        for above in tree.dominators(object) {
            if let Some(found) = set.contains(&above).then_some(true).or_else(|| known.get(&above).copied()) {
                answer = found;
                break;
            }
            passed.push(above);
        }
        known.extend(passed.drain(..).map(|above| (above, answer)));
        answer
    };
    let topmost = objects.iter().filter(|&&object| snapshot.is_reachable(object) && !is_below(object));
    topmost.map(|&object| snapshot.retained_bytes(object)).sum()
}
