//! GC roots: HotSpot's and those that only ART (Android) writes.

use crate::value::Addr;
use crate::wire::Wire;

/// One GC root. `thread` is a thread's serial number ([`crate::ThreadRef::serial`]); `frame` counts from the top
/// of that thread's stack trace, -1 for "no frame".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// 0xff
    Unknown(Addr),
    /// 0x01
    JniGlobal {
        /// What is held.
        object: Addr,
        /// Address of the JNI handle.
        handle: Addr,
    },
    /// 0x02
    JniLocal {
        /// What is held.
        object: Addr,
        /// Serial of the thread.
        thread: u32,
        /// Frame number, or -1.
        frame: i32,
    },
    /// 0x03: a local variable or an operand of a Java frame
    JavaFrame {
        /// What is held.
        object: Addr,
        /// Serial of the thread.
        thread: u32,
        /// Frame number, or -1.
        frame: i32,
    },
    /// 0x04
    NativeStack {
        /// What is held.
        object: Addr,
        /// Serial of the thread.
        thread: u32,
    },
    /// 0x05: a class of the boot loader (or any class that is never unloaded)
    StickyClass(Addr),
    /// 0x06
    ThreadBlock {
        /// What is held.
        object: Addr,
        /// Serial of the thread.
        thread: u32,
    },
    /// 0x07
    MonitorUsed(Addr),
    /// 0x08: a live `java.lang.Thread`
    ThreadObject {
        /// The thread object.
        object: Addr,
        /// Serial of the thread.
        thread: u32,
        /// Serial of its stack trace.
        trace: u32,
    },
    /// 0x89, Android
    InternedString(Addr),
    /// 0x8a, Android
    Finalizing(Addr),
    /// 0x8b, Android
    Debugger(Addr),
    /// 0x8c, Android
    ReferenceCleanup(Addr),
    /// 0x8d, Android
    VmInternal(Addr),
    /// 0x8e, Android
    JniMonitor {
        /// What is held.
        object: Addr,
        /// Serial of the thread.
        thread: u32,
        /// Frame number, or -1.
        frame: i32,
    },
    /// 0x90, Android: not a root in spite of its place among them
    Unreachable(Addr),
}

impl Root {
    /// The sub-record's tag.
    pub const fn tag(self) -> u8 {
        match self {
            Root::Unknown(_) => 0xff,
            Root::JniGlobal { .. } => 0x01,
            Root::JniLocal { .. } => 0x02,
            Root::JavaFrame { .. } => 0x03,
            Root::NativeStack { .. } => 0x04,
            Root::StickyClass(_) => 0x05,
            Root::ThreadBlock { .. } => 0x06,
            Root::MonitorUsed(_) => 0x07,
            Root::ThreadObject { .. } => 0x08,
            Root::InternedString(_) => 0x89,
            Root::Finalizing(_) => 0x8a,
            Root::Debugger(_) => 0x8b,
            Root::ReferenceCleanup(_) => 0x8c,
            Root::VmInternal(_) => 0x8d,
            Root::JniMonitor { .. } => 0x8e,
            Root::Unreachable(_) => 0x90,
        }
    }

    /// The object that the root names.
    pub const fn object(self) -> Addr {
        match self {
            Root::Unknown(object)
            | Root::StickyClass(object)
            | Root::MonitorUsed(object)
            | Root::InternedString(object)
            | Root::Finalizing(object)
            | Root::Debugger(object)
            | Root::ReferenceCleanup(object)
            | Root::VmInternal(object)
            | Root::Unreachable(object)
            | Root::JniGlobal { object, .. }
            | Root::JniLocal { object, .. }
            | Root::JavaFrame { object, .. }
            | Root::NativeStack { object, .. }
            | Root::ThreadBlock { object, .. }
            | Root::ThreadObject { object, .. }
            | Root::JniMonitor { object, .. } => object,
        }
    }

    pub(crate) fn write(self, wire: &mut Wire) {
        wire.u1(self.tag());
        wire.addr(self.object());
        match self {
            Root::JniGlobal { handle, .. } => wire.addr(handle),
            Root::JniLocal { thread, frame, .. }
            | Root::JavaFrame { thread, frame, .. }
            | Root::JniMonitor { thread, frame, .. } => {
                wire.u4(thread);
                wire.u4(frame.cast_unsigned());
            }
            Root::NativeStack { thread, .. } | Root::ThreadBlock { thread, .. } => wire.u4(thread),
            Root::ThreadObject { thread, trace, .. } => {
                wire.u4(thread);
                wire.u4(trace);
            }
            _ => {}
        }
    }
}
