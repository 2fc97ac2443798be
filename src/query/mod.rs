//! Questions asked of a snapshot: counts by class, paths to roots, holders, values.
//!
//! Owns how an answer is found; draws no conclusions and writes no report.

mod arenas;
mod array_stats;
mod boxes;
mod collections;
mod contents;
mod coroutines;
mod direct;
mod garbage;
mod gather;
mod histogram;
mod ids;
mod instances;
mod literals;
mod loaders;
mod machine;
mod native_memory;
mod near;
mod origin;
mod paths;
mod pattern;
mod referring;
mod scan;
mod secrets;
mod sockets;
mod texts;
mod threads;
pub mod values;

pub use arenas::arenas;
pub use array_stats::{ArrayCount, ArrayStats, RepeatedArray};
pub use boxes::{BOX_CLASSES, BoxCount, boxed_numbers};
pub use collections::{
    Buckets, CollectionCount, CollectionKind, CollectionKinds, CollectionStats, FILL_STEPS, Fill, HashTable,
    Measure, Part as CollectionPart, Problem, Wasteful, collection_kind, collection_length,
    collection_measure, elements_of, entries_of, key_beside, queue_limit, visit_part,
};
pub use contents::Contents;
pub use coroutines::{CONTINUATION, is_spilled};
pub use direct::{
    BufferKind, DirectBuffer, DirectCounters, NativeOwners, NettyChunks, compressors, direct_buffers,
    netty_chunks,
};
pub use garbage::{GarbageTops, garbage_tops};
pub use histogram::Histogram;
pub use ids::without_ids;
pub use instances::instances_of;
pub use literals::{RESOLVED, is_literal};
pub use loaders::LoaderNames;
pub use machine::{
    HeapLimit, direct_memory_limit, environment, garbage_collectors, heap_limit, is_measure_of_heap,
    vm_arguments,
};
pub use native_memory::{NativeMemory, native_memory};
pub use near::{Reach, visit_near};
pub use origin::{
    Origin, is_called_a_collection, is_collection_library, is_made_by_compiler, is_of_collections,
    library_of, loaded_from, origin_of, origin_of_name, origin_of_named,
};
pub use paths::{Path, Paths, Step, best_root, named, named_by};
pub use pattern::ClassPattern;
pub use referring::{FieldIx, FieldName, ReferringQuestion, ask_referring, references_to};
pub use scan::{Question, ask, fold_tasks};
pub use secrets::{MASK, is_secret_name, mask, mask_value, masked_properties};
pub use sockets::{SocketFacts, SocketState, sockets};
pub use texts::{RepeatedText, TextMember, Texts};
pub use threads::{
    Awaited, Executor, Lock, LockNames, NoRoom, Permits, Served, ThreadFacts, ThreadState, UnmountedThreads,
    Wait, WaitKind, Waiting, deadlocks, entry_in_thread, executors, few_elements, has_ended, in_hand,
    is_in_own_hand, is_inside_of_value, is_pool_with, is_semaphore, kept_by_thread_local, led_to, lock_of,
    no_room, permits_left, permits_of, queued_tasks, thread_locals, thread_name, thread_state, thread_task,
    unmounted_threads, value_in_thread, values_of_thread_locals,
};
