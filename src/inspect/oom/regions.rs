//! What large arrays take in a heap that is made of regions.
//!
//! G1 gives an array of half a region or more regions of its own: one of a mebibyte and a header takes two regions of a mebibyte, and what it leaves
//! of the second nobody can use. A dump does not say that, but where objects begin tells it. Cost: the length of each array.

use crate::inspect::Context;
use crate::report::{Arg, Text};
use crate::snapshot::Snapshot;

/// The smallest region that G1 makes, in bytes.
const REGION: u64 = 1 << 20;
/// So many large arrays tell where such begin.
const ENOUGH: usize = 8;

/// The bytes that large arrays leave unused of the regions that they begin, at least; 0 where they do not begin at regions.
pub(super) fn unused_beside_arrays(snapshot: &Snapshot) -> u64 {
    unused(&large_arrays(snapshot))
}

/// Says how a heap can be full in which that much is unused.
pub(super) fn evidence(context: &Context<'_>) -> Option<Text> {
    /// Part of what the heap may take from which on it matters.
    const MUCH: u64 = 10;
    let limit = context.heap_limit()?.bytes;
    let arrays = large_arrays(context.snapshot);
    let bytes = unused(&arrays);
    let args = [("count", Arg::Count(arrays.len() as u64)), ("size", Arg::Bytes(bytes))];
    (bytes.saturating_mul(MUCH) >= limit).then(|| Text::with("oom-evidence-regions", args))
}

/// Addresses and sizes of the arrays of half a region and more.
fn large_arrays(snapshot: &Snapshot) -> Vec<(u64, u64)> {
    let large = snapshot.objects().filter_map(|object| {
        snapshot.array_length(object)?;
        let bytes = snapshot.shallow_bytes(object);
        (bytes >= REGION / 2).then(|| (snapshot.address_of(object).0, bytes))
    });
    large.collect()
}

/// The same of arrays by address and size.
fn unused(arrays: &[(u64, u64)]) -> u64 {
    let at_region = arrays.iter().filter(|(address, _)| address.is_multiple_of(REGION)).count();
    if arrays.len() < ENOUGH || at_region * 4 < arrays.len() * 3 {
        return 0;
    }
    arrays.iter().map(|&(_, bytes)| bytes.next_multiple_of(REGION) - bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::{REGION, unused};

    #[test]
    fn arrays_that_begin_at_regions_leave_the_rest_of_them() {
        let at = |step: u64| (1..=10).map(|number| (number * step, REGION + 16)).collect::<Vec<_>>();
        assert_eq!(unused(&at(2 * REGION)), 10 * (REGION - 16));
        // One after the other, as other collectors put them.
        assert_eq!(unused(&at(REGION + 16)), 0);
        assert_eq!(unused(&at(2 * REGION)[..4]), 0, "too few to tell");
    }
}
