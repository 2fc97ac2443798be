//! Synthetic HPROF heaps, written without a line of oomph's reader: what the two agree on is the format.
//!
//! * [`HeapBuilder`] writes small heaps for tests, every record and every oddity of the format included.
//! * [`generate`] streams dumps of any size at disk speed, for benchmarks.
//! * [`random_heap`] fills a heap at random, and its [`Model`] says what a reader has to find.
//! * [`corrupt`] cuts and flips the bytes of any of them.
//!
//! ```
//! use hprof_fixtures::{HeapBuilder, Kind, Root, Value};
//!
//! let mut heap = HeapBuilder::hotspot17();
//! let node = heap.class("com.acme.Node").field("next", Kind::Ref).field("value", Kind::Int).build();
//! let tail = heap.instance(node, &[Value::NULL, Value::Int(2)]);
//! let head = heap.instance(node, &[Value::Ref(tail), Value::Int(1)]);
//! heap.static_field(node, "HEAD", Value::Ref(head));
//! heap.root(Root::StickyClass(node.address()));
//! let bytes = heap.finish();
//! assert!(bytes.starts_with(b"JAVA PROFILE 1.0.2\0"));
//! ```

pub mod corrupt;
pub mod generate;
mod heap;
mod layout;
mod model;
mod random;
mod root;
mod splitmix;
mod value;
#[cfg(test)]
mod walk;
mod wire;

pub use heap::{
    AllocSite, AllocSites, ClassBuilder, ClassRef, HeapBuilder, HeapRecords, Jdk, Order, ThreadBuilder,
    ThreadRef,
};
pub use layout::Layout;
pub use model::{Model, ModelObject};
pub use random::random_heap;
pub use root::Root;
pub use splitmix::SplitMix64;
pub use value::{Addr, Kind, PrimitiveArray, Value};
pub use wire::{IdSize, Version};
