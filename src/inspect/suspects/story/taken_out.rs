//! Whether much was taken out of a map so far.
//!
//! Maps and sets of the JDK count the changes of their structure: a key that is put in, and one that is taken out. Where there were three times as many as
//! there are keys, at least as many were taken out as are there, and "never taken out" would be wrong. It may leak all the same, if not all that is put in
//! is taken out: so it is told, and how to be sure is told by it, and nobody is acquitted. Lists are not asked: they count when they are sorted, too.
//! False positives: a map that was cleared again and again while nothing was in it. Cost: a record.

use super::Story;
use super::words;
use crate::inspect::bounds;
use crate::query::{CollectionKind, collection_kind, collection_length};
use crate::report::{Arg, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// Fewer elements are no table of which one asks what happens to it.
const LEAST: u64 = 100;

impl Story {
    /// Says of a map or a set to blame how much was taken out of it, if that is as much as it has.
    pub(super) fn tell_what_was_taken_out(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.rule.is_none()
            && !suspect.backlog
            && self.copies.is_none();
        let collection = self.held.object;
        let kind = collection_kind(snapshot, collection);
        let is_map = matches!(kind, Some(CollectionKind::Map | CollectionKind::Set));
        let entries = collection_length(snapshot, collection).filter(|&entries| entries >= LEAST);
        let Some(entries) = entries.filter(|_| is_asked && is_map) else { return };
        // What is in one of a few entries is not counted by the map.
        if suspect.instances > 1 && entries.saturating_mul(2) < suspect.instances {
            return;
        }
        let Some(lost) = bounds::lost(snapshot, collection).filter(|&lost| lost >= entries) else { return };
        let args = [("count", Arg::Count(lost)), ("entries", Arg::Count(entries))];
        suspect.activity.push(Text::with("suspect-taken-out", args));
        words::tell_as_emptied(suspect);
    }
}
