//! Maps of Scala and Clojure that are trees of arrays, by the bits of the hash codes of their keys.
//!
//! Owns what the nodes of each are called and where keys, values and other nodes stand in them. Cost: a record or two per node and entry.

use super::contents::Entry;
use crate::hprof::ObjectId;
use crate::ix::ObjectIx;
use crate::snapshot::Heap;

/// Calls `take` for each entry below a node until it has enough. A node that is of no known class is left out.
pub(super) fn visit(heap: &Heap, root: Option<ObjectIx>, take: &mut dyn FnMut(Entry) -> bool) {
    // In a damaged dump nodes may lead in a circle.
    let mut left = heap.object_count();
    let mut above: Vec<ObjectIx> = root.into_iter().collect();
    while let Some(node) = above.pop().filter(|_| left > 0) {
        left -= 1;
        let array = |name| heap.follow(node, name).into_iter().flat_map(|array| heap.elements(array));
        let mut entry = |key, value| take((heap.find(key), heap.find(value)));
        let goes_on = match heap.class_name(node) {
            "scala.collection.concurrent.INode" => {
                above.extend(heap.follow(node, "mainnode"));
                true
            }
            "scala.collection.concurrent.CNode" | "clojure.lang.PersistentHashMap$ArrayNode" => {
                above.extend(array("array").filter_map(|id| heap.find(id)));
                true
            }
            "scala.collection.concurrent.SNode" | "scala.collection.concurrent.TNode" => {
                take((heap.follow(node, "k"), heap.follow(node, "v")))
            }
            // What keys with the same hash code are in.
            "scala.collection.concurrent.LNode" => list(heap, heap.follow(node, "entries"), take),
            "scala.collection.immutable.BitmapIndexedMapNode" => {
                let entries = heap.integer(node, "dataMap").map_or(0, |bits| (bits as u32).count_ones());
                let content: Vec<ObjectId> = array("content").collect();
                let (entries, nodes) = content.split_at(content.len().min(2 * entries as usize));
                // The nodes stand in the order of the bits from behind.
                above.extend(nodes.iter().filter_map(|&id| heap.find(id)));
                entries.chunks_exact(2).all(|pair| entry(pair[0], pair[1]))
            }
            "clojure.lang.PersistentHashMap$BitmapIndexedNode"
            | "clojure.lang.PersistentHashMap$HashCollisionNode" => {
                let content: Vec<ObjectId> = array("array").collect();
                let mut pairs = content.chunks_exact(2);
                pairs.all(|pair| {
                    if pair[0].is_null() {
                        above.extend(heap.find(pair[1]));
                        true
                    } else {
                        entry(pair[0], pair[1])
                    }
                })
            }
            _ => true,
        };
        if !goes_on {
            return;
        }
    }
}

/// The pairs in a list of Scala's. False if `take` has enough.
fn list(heap: &Heap, first: Option<ObjectIx>, take: &mut dyn FnMut(Entry) -> bool) -> bool {
    let mut left = heap.object_count();
    let mut at = first;
    while let Some(link) = at.filter(|_| left > 0) {
        left -= 1;
        if let Some(pair) = heap.follow(link, "head")
            && !take((heap.follow(pair, "_1"), heap.follow(pair, "_2")))
        {
            return false;
        }
        at = heap.follow(link, "next").or_else(|| heap.follow(link, "tl"));
    }
    true
}
