//! Where bytes live: mapped dumps, columns on the heap or in scratch files, kept files, the memory budget.
//!
//! The only module with `unsafe` (memory maps and atomic views of plain numbers). It knows nothing of HPROF or graphs.

mod available;
mod bits;
mod column;
mod gzip;
mod keep;
mod source;
mod store;
mod usage;

pub use available::{available_memory, is_in_memory, scratch_folder};
pub use bits::{BitColumn, RankedBits, bits_of};
pub use column::{AtomicColumn, Column, Element, atomic_u8, atomic_u16, atomic_u32, atomic_u64, split_mut};
pub use keep::{KeptFile, NewFile};
pub use source::{Packing, Source, SourceError};
pub use store::{Access, MemoryUse, Storage, StorageError};
pub use usage::{Resident, give_back_freed_memory, processor_time, resident};
