//! An object of the application's that a thread-local keeps for each of some threads, of which one has nearly all: its field is the holder, and that it is the value of a
//! thread-local says why it stays.
//!
//! Cost: the map of each thread once, and the static fields of all classes for the name of the thread-local.

use super::Story;
use super::words::{replace_any_general, simple_name};
use crate::hprof::ObjectId;
use crate::inspect::holders::{THREAD_LOCAL_ENTRY, static_holder_of};
use crate::query::{thread_name, value_in_thread};
use crate::report::{Arg, HolderKind, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;
use std::cmp::Reverse;

impl Story {
    /// Tells of which thread-local the object with the full field is the value, and in how many threads there is such a one.
    pub(super) fn tell_value_of_thread_local(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.holder.kind == HolderKind::InstanceField;
        let Some(declaring) = self.declaring(snapshot).filter(|_| is_asked) else { return };
        let steps = self.held.path.iter().filter(|step| step.class == THREAD_LOCAL_ENTRY);
        let entry = steps.filter_map(|step| snapshot.find(ObjectId(step.address))).next_back();
        let Some(entry) = entry.filter(|&entry| snapshot.follow(entry, "value") == Some(declaring)) else {
            return;
        };
        let Some(key) = snapshot.follow(entry, "referent") else { return };
        let class = snapshot.class_of(declaring);
        let values = snapshot.threads().iter().filter_map(|thread| {
            let value = value_in_thread(snapshot, thread.object, key)?;
            (snapshot.class_of(value) == class).then(|| (snapshot.retained_bytes(value), thread.object))
        });
        let mut values: Vec<_> = values.collect();
        values.sort_by_key(|&(bytes, thread)| (Reverse(bytes), thread));
        let Some(&(most, thread)) = values.first() else { return };
        if values.iter().map(|&(bytes, _)| bytes).sum::<u64>() * 10 < self.bytes * 8 {
            return;
        }
        let field = match static_holder_of(snapshot, key) {
            Some((class, field)) => format!("{class}.{field}"),
            None => snapshot.class_name(key).to_owned(),
        };
        let args = [
            ("class", Arg::name(simple_name(snapshot.class_name(declaring)))),
            ("field", Arg::name(field)),
            ("count", Arg::Count(values.len() as u64)),
            ("thread", Arg::name(thread_name(snapshot, thread))),
            ("size", Arg::Bytes(most)),
        ];
        suspect.activity.insert(0, Text::with("suspect-value-of-thread-local", args));
        replace_any_general(suspect, "suspect-advice-thread-local");
    }
}
