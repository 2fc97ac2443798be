//! Copies of a class, made by as many class loaders: what holds the copies is to blame, not the fields of each.
//!
//! Cost: a path for each of some copies.

use super::Story;
use crate::inspect::Context;
use crate::inspect::holders::{COPIES_LOOKED_AT, Ownership};
use crate::report::HolderKind;

impl Story {
    /// Where a static field belongs to one of several copies of a class, made by as many class loaders, the leak is what holds
    /// the copies.
    pub(in crate::inspect::suspects) fn blame_who_holds_the_copies(
        &mut self,
        context: &Context<'_>,
        ownership: &Ownership<'_>,
    ) {
        match self.held.holder.kind {
            HolderKind::StaticField => {}
            HolderKind::InstanceField if self.is_spread_over_copies(context) => {}
            _ => return,
        }
        let class = self.held.holder.class.clone().unwrap_or_default();
        if let Some(copies) = ownership.of_copy(&class, self.bytes) {
            self.held = copies.held;
            self.copies = Some((class, copies.count as u64));
            self.alone = false;
            let looked_at = copies.count.min(COPIES_LOOKED_AT);
            self.keep_by_own_threads(context.snapshot, &copies.starts, looked_at, copies.count as u64);
        }
    }

    /// Whether several copies of the class whose field the holder is have instances, none of them most.
    fn is_spread_over_copies(&self, context: &Context<'_>) -> bool {
        const SEVERAL: usize = 3;
        let class = self.held.holder.class.as_deref().unwrap_or_default();
        let counts = context.snapshot.classes().named(class).iter();
        let counts: Vec<u64> = counts.map(|&copy| context.histogram().of_class(copy).instances).collect();
        let with_instances = counts.iter().filter(|&&count| count > 0).count();
        let most = counts.iter().max().copied().unwrap_or(0);
        with_instances >= SEVERAL && most * 2 < counts.iter().sum()
    }
}
