//! The state of a thread, as `Thread.getState()` would say it.
//!
//! Platform threads carry the JVM TI state bits (`threadStatus`; `jdk.internal.misc.VM.toThreadState`), virtual ones a number whose
//! meaning has changed from JDK to JDK: it is looked up among the constants of `java.lang.VirtualThread` in the dump itself.

use crate::hprof::Value;
use crate::ix::ObjectIx;
use crate::snapshot::Heap;

/// `java.lang.Thread.State`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadState {
    /// Not started.
    New,
    /// Running, or able to; also in native code, as when it reads from a socket.
    Runnable,
    /// Waits to enter a monitor.
    Blocked,
    /// Waits for another thread, without a limit.
    Waiting,
    /// Waits for some time, or sleeps.
    TimedWaiting,
    /// Has ended.
    Terminated,
}

impl ThreadState {
    /// As Java writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Runnable => "RUNNABLE",
            Self::Blocked => "BLOCKED",
            Self::Waiting => "WAITING",
            Self::TimedWaiting => "TIMED_WAITING",
            Self::Terminated => "TERMINATED",
        }
    }

    /// What the JVM TI bits say; the same order of tests as in `VM.toThreadState`.
    fn from_bits(bits: i64) -> Self {
        const ALIVE: i64 = 0x1;
        const TERMINATED: i64 = 0x2;
        const RUNNABLE: i64 = 0x4;
        const WAITING_INDEFINITELY: i64 = 0x10;
        const WAITING_WITH_TIMEOUT: i64 = 0x20;
        const BLOCKED: i64 = 0x400;
        let has = |bit| bits & bit != 0;
        if has(RUNNABLE) {
            Self::Runnable
        } else if has(BLOCKED) {
            Self::Blocked
        } else if has(WAITING_INDEFINITELY) {
            Self::Waiting
        } else if has(WAITING_WITH_TIMEOUT) {
            Self::TimedWaiting
        } else if has(TERMINATED) {
            Self::Terminated
        } else if !has(ALIVE) {
            Self::New
        } else {
            Self::Runnable
        }
    }

    /// What a constant of `java.lang.VirtualThread` stands for.
    fn from_constant(name: &str) -> Option<Self> {
        Some(match name {
            "NEW" => Self::New,
            "STARTED" | "RUNNABLE" | "RUNNING" | "PARKING" | "TIMED_PARKING" | "UNPARKED" | "YIELDING"
            | "YIELDED" | "BLOCKING" | "UNBLOCKED" | "WAITING" | "TIMED_WAITING" => Self::Runnable,
            "BLOCKED" => Self::Blocked,
            "PARKED" | "PINNED" | "WAIT" => Self::Waiting,
            "TIMED_PARKED" | "TIMED_PINNED" | "TIMED_WAIT" => Self::TimedWaiting,
            "TERMINATED" => Self::Terminated,
            _ => return None,
        })
    }
}

/// The state of a thread object; `None` if the dump does not say (Android).
pub(super) fn state_of(heap: &Heap, thread: ObjectIx, is_virtual: bool) -> Option<ThreadState> {
    if is_virtual && let Some(state) = heap.integer(thread, "state") {
        /// Set while a debugger has suspended the thread.
        const SUSPENDED: i64 = 1 << 8;
        let classes = heap.classes().named("java.lang.VirtualThread").iter();
        let mut constants = classes.flat_map(|&class| &heap.classes().get(class).statics);
        return constants.find_map(|constant| {
            let is_it = matches!(constant.value, Value::Int(value) if i64::from(value) == state & !SUSPENDED);
            if is_it { ThreadState::from_constant(&constant.name) } else { None }
        });
    }
    let bits = heap.integer(thread, "threadStatus");
    let bits = bits.or_else(|| heap.integer(heap.follow(thread, "holder")?, "threadStatus"));
    bits.map(ThreadState::from_bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_bits_of_the_jvm() {
        // Values that HotSpot writes: running, sleeping, in Object.wait(), blocked, parked, parked for a time, ended.
        let expected = [
            (0x5, ThreadState::Runnable),
            (0xe1, ThreadState::TimedWaiting),
            (0x191, ThreadState::Waiting),
            (0x401, ThreadState::Blocked),
            (0x291, ThreadState::Waiting),
            (0x2a1, ThreadState::TimedWaiting),
            (0x2, ThreadState::Terminated),
            (0, ThreadState::New),
        ];
        for (bits, state) in expected {
            assert_eq!(ThreadState::from_bits(bits), state, "{bits:#x}");
        }
    }
}
