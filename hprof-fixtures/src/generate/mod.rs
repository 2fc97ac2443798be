//! Dumps of any size, streamed: what is in memory does not grow with the number of objects.
//!
//! A dump is a small JVM made with [`HeapBuilder`] (JDK classes, system properties, class loader, threads) and a
//! `Shape` that streams the bulk of the heap. The bulk begins at a fixed address and the address of each of its
//! objects can be computed from its number, so that references forward need no table. Sizes are those of a JDK 17,
//! hence neighbours follow one another without gaps.

mod classes;
mod graphs;
mod jvm;
mod shop;
mod shop_plan;
mod shop_write;
mod writer;

use crate::heap::HeapBuilder;
use crate::layout::Layout;
use std::io;
use writer::HeapWriter;
pub use writer::{Giant, Output, Summary};

/// The shapes of heaps that can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// A shop: maps of customers with orders, lines, strings, lists, boxes; about 57 bytes of file and 1.57
    /// references for each object, a fifth of the references to shared objects.
    Shop,
    /// The shop under ZGC: wide references, addresses at 4 TB, file order unlike address order.
    Zgc,
    /// A singly linked list.
    Chain,
    /// One array that refers to everything.
    Star,
    /// Groups of 512 objects, half of which refer to each of the other half: 128 references for each object.
    Bipartite,
    /// One class for each object.
    Classes,
    /// One class loader, with one class, for each four objects.
    Loaders,
    /// Each object is a root.
    Roots,
    /// A tree a fifth as deep as it is large.
    DeepTree,
    /// A random acyclic graph, four references out of each object.
    WideDag,
}

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The shape.
    pub shape: ShapeKind,
    /// Number of objects, class objects apart; the dump has about so many.
    pub objects: u64,
    /// Same seed, same bytes.
    pub seed: u64,
    /// One HEAP_DUMP instead of segments of 1 MB.
    pub giant: Option<Giant>,
}

/// What is special in one shape. Called in the order of the methods.
pub(crate) trait Shape {
    /// Adds classes, static fields and the few objects that are not bulk to the JVM.
    fn define(&mut self, heap: &mut HeapBuilder);

    /// Writes names and LOAD_CLASS records of classes that the JVM does not know of.
    fn top_records(&self, _out: &mut HeapWriter<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes classes that the JVM does not know of.
    fn classes(&self, _out: &mut HeapWriter<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Streams the bulk of the heap.
    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()>;

    /// Writes roots beyond those of the JVM.
    fn roots(&self, _out: &mut HeapWriter<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the dump to `out` and says what is in it. Cost: a core writes more than 500 MB/s.
pub fn generate(options: &Options, out: &mut dyn Output) -> io::Result<Summary> {
    let objects = options.objects.max(1);
    let seed = options.seed;
    let layout = match options.shape {
        ShapeKind::Zgc => Layout::WIDE_REFERENCES,
        // past 32 GB of heap the JVM gives up compressed references
        _ if objects > 500_000_000 => Layout::WIDE_REFERENCES,
        _ => Layout::COMPRESSED,
    };
    let place = jvm::Place { layout, zgc: options.shape == ShapeKind::Zgc };
    let mut shape: Box<dyn Shape> = match options.shape {
        ShapeKind::Shop | ShapeKind::Zgc => Box::new(shop::Shop::new(objects, seed, place)),
        ShapeKind::Chain => Box::new(graphs::Graph::new(graphs::Edges::Chain, objects, seed, place)),
        ShapeKind::DeepTree => Box::new(graphs::Graph::new(graphs::Edges::DeepTree, objects, seed, place)),
        ShapeKind::WideDag => Box::new(graphs::Graph::new(graphs::Edges::WideDag, objects, seed, place)),
        ShapeKind::Star => Box::new(graphs::Star::new(objects, place)),
        ShapeKind::Bipartite => Box::new(graphs::Bipartite::new(objects, place)),
        ShapeKind::Roots => Box::new(graphs::Roots::new(objects, place)),
        ShapeKind::Classes => Box::new(classes::Classes::new(objects, place)),
        ShapeKind::Loaders => Box::new(classes::Loaders::new(objects, place)),
    };
    let mut heap = jvm::boot(place);
    shape.define(&mut heap);
    let mut writer = HeapWriter::new(out, options.giant);
    writer.top(|wire| {
        heap.write_header(wire);
        heap.write_top(wire);
    })?;
    assert!(heap.end_address() <= place.bulk(), "the JVM's own objects end before the bulk begins");
    shape.top_records(&mut writer)?;
    writer.begin_heap()?;
    writer.small_classes(&heap)?;
    shape.classes(&mut writer)?;
    writer.small_objects(&heap)?;
    shape.objects(&mut writer)?;
    writer.small_roots(&heap)?;
    shape.roots(&mut writer)?;
    writer.finish()
}

#[cfg(test)]
mod tests;
