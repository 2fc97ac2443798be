//! Threads: what each is called, what it was doing, what it holds, what it waits for.
//!
//! Owns the decoding of `java.lang.Thread` objects of all JDKs (fields of the thread itself until 18, of its `holder` since 19), what
//! stacks and thread-locals retain, and lock cycles. It does not know what a thread *should* be doing; rules do.

mod executors;
mod facts;
mod in_hand;
mod locals;
mod locals_kept;
mod locks;
mod monitors;
mod readers;
mod served;
mod state;
mod unmounted;

pub use executors::{Executor, NoRoom, executors, is_pool_with, no_room, queued_tasks};
pub use facts::{Awaited, ThreadFacts, Wait, WaitKind};
pub use in_hand::{
    entry_in_thread, few_elements, in_hand, led_to, thread_locals, value_in_thread, values_of_thread_locals,
};
pub use locals_kept::{is_in_own_hand, is_inside_of_value, kept_by_thread_local};
pub use locks::{Lock, LockNames, Permits, deadlocks, is_semaphore, lock_of, permits_left, permits_of};
pub use served::{Served, Waiting};
pub use state::ThreadState;
pub use unmounted::{UnmountedThreads, unmounted_threads};

use super::secrets::mask_value;
use crate::hprof::{FieldType, RootTag};
use crate::ix::ObjectIx;
use crate::snapshot::{Heap, Snapshot};

/// The state of a thread object, as `Thread.getState()` would say it; `None` if the dump does not say.
pub fn thread_state(heap: &Heap, thread: ObjectIx) -> Option<ThreadState> {
    state::state_of(heap, thread, heap.class_name(thread) == "java.lang.VirtualThread")
}

/// Whether a thread object is of a thread that has ended.
pub fn has_ended(snapshot: &Snapshot, thread: ObjectIx) -> bool {
    let runs = snapshot.roots_of(thread).iter().any(|root| root.kind == RootTag::ThreadObject);
    !runs && thread_state(snapshot, thread) == Some(ThreadState::Terminated)
}

/// What a thread was started with: the task that it was given, in its `FieldHolder` since JDK 19.
pub fn thread_task(heap: &Heap, thread: ObjectIx) -> Option<ObjectIx> {
    heap.follow(thread, "target").or_else(|| heap.follow_all(thread, &["holder", "task"]))
}

/// The name of a thread object; `?` if the dump does not hold it. What looks like a secret in it is masked: some programs name threads after
/// the address that they are connected to.
pub fn thread_name(heap: &Heap, thread: ObjectIx) -> String {
    let chars = |array| match heap.primitive_elements(array) {
        // Until JDK 8 the name was an array of chars.
        Some((FieldType::Char, bytes)) => {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
        }
        _ => None,
    };
    let name = heap.follow(thread, "name");
    let name = name.and_then(|name| heap.text(name, 4096).or_else(|| chars(name)));
    // Virtual threads have no name unless they are given one.
    if name.as_deref().is_none_or(str::is_empty) && heap.class_name(thread) == "java.lang.VirtualThread" {
        let number = heap.integer(thread, "tid").map(|number| format!(" #{number}"));
        return format!("virtual{}", number.unwrap_or_default());
    }
    name.map_or_else(|| "?".to_owned(), |name| mask_value(&name).into_owned())
}
