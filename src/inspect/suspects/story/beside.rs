//! Two things that a call has in hand, told as two: a text, and the objects that it is made of.
//!
//! Cost: none beside what telling a suspect takes.

use super::Story;
use super::subject::Subject;
use super::words;
use crate::inspect::holders::is_thread;
use crate::query::{Origin, origin_of, origin_of_named};
use crate::report::{Share, SuspectKind, Text};
use crate::snapshot::Snapshot;

impl Story {
    /// The title of a text or an array of numbers that a call has in hand beside many objects of the application's: these cannot be in it.
    pub(super) fn title_beside(
        &self,
        snapshot: &Snapshot,
        subject: &Subject,
        composition: &[Share],
    ) -> Option<Text> {
        const MANY: u64 = 16;
        /// What is beside it, as a part of all.
        const PART: u64 = 4;
        let array = self.main_part().object().filter(|_| self.held.kind == SuspectKind::Load)?;
        if subject.instances != 1 || !snapshot.classes().get(subject.class).is_primitive_array() {
            return None;
        }
        let bytes = snapshot.retained_bytes(array);
        // The text or the stream that it is the inside of has a name.
        let around = snapshot.dominators().immediate_dominator(array).object().filter(|&around| {
            origin_of(snapshot, snapshot.class_of(around)) == Origin::Jdk
                && snapshot.class(around).element.is_none()
                && !is_thread(snapshot, around)
                && snapshot.retained_bytes(around) <= bytes + bytes / 8
        });
        let is_beside = |share: &&Share| {
            share.instances >= MANY && origin_of_named(snapshot, &share.class) == Origin::Application
        };
        let is_much = self.bytes.saturating_sub(bytes) * PART >= self.bytes;
        let beside = composition.iter().find(is_beside).filter(|_| is_much)?;
        let class = snapshot.class_name(around.unwrap_or(array));
        Some(words::title_beside(class, bytes, beside, &self.held.holder))
    }
}
