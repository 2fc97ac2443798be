//! Whether the program is still loading what piles up.
//!
//! A table that is read when a program starts is held by a field for good, as a leak is. While the main thread stands in a method of the class with the
//! field that is called for loading, it is what the program is busy with, and nothing that was forgotten. Cost: the frames of one thread.

use super::Story;
use crate::inspect::holders::{is_main, report_frame};
use crate::query::thread_name;
use crate::report::{Arg, HolderKind, SuspectKind, Text};
use crate::snapshot::{Snapshot, StackFrame};

/// How the names of methods begin that load something once.
const LOADS: [&str; 14] = [
    "load",
    "reload",
    "preload",
    "init",
    "<init>",
    "<clinit>",
    "read",
    "fill",
    "populate",
    "import",
    "build",
    "warm",
    "parse",
    "bootstrap",
];

impl Story {
    /// That the main thread is in a method that loads it.
    pub(super) fn is_being_loaded(&self, snapshot: &Snapshot) -> Option<Text> {
        let holder = &self.held.holder;
        let class = holder.class.as_deref().filter(|_| self.held.kind == SuspectKind::Leak)?;
        let declaring = match holder.kind {
            HolderKind::StaticField => None,
            HolderKind::InstanceField => Some(self.declaring(snapshot)?),
            _ => return None,
        };
        let loads = |frame: &&StackFrame| {
            *frame.class == *class
                && LOADS.iter().any(|begin| frame.method.starts_with(begin))
                && declaring.is_none_or(|declaring| frame.locals.contains(&declaring))
        };
        let thread = snapshot.threads().iter().find(|thread| is_main(snapshot, thread))?;
        let frame = thread.frames.iter().find(loads)?;
        let args = [
            ("thread", Arg::name(thread_name(snapshot, thread.object))),
            ("place", Arg::name(report_frame(frame).to_string())),
        ];
        Some(Text::with("suspect-being-loaded", args))
    }
}
