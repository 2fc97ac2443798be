//! A list that is inserted into at any place and tells which of two members comes first.
//!
//! Owns links and tags; a member's tag is larger than those of all before it. Where there is no room between two tags, those of a
//! neighbourhood are spread anew, as large a one as is thinly enough settled: logarithmic amortized time per insertion (M. A. Bender, R.
//! Cole, E. D. Demaine, M. Farach-Colton, J. Zito, "Two Simplified Algorithms for Maintaining Order in a List", 2002).
//! Cost: 16 bytes per number that may become a member.

use crate::storage::{Access, Column, Storage, StorageError};

/// Room that a member at an end of the list leaves behind.
const STEP: u64 = 1 << 30;

/// Members are numbers from 1; 0 stands for both ends.
pub(super) struct OrderedList {
    next: Column<u32>,
    previous: Column<u32>,
    tags: Column<u64>,
}

impl OrderedList {
    /// An empty list for the numbers 1 to `most`.
    pub(super) fn new(most: usize, storage: &Storage) -> Result<Self, StorageError> {
        Ok(Self {
            next: storage.column("order of siblings", most + 1, Access::Random)?,
            previous: storage.column("order of siblings", most + 1, Access::Random)?,
            tags: storage.column("order of siblings", most + 1, Access::Random)?,
        })
    }

    /// Whether `a` comes before `b`; both are members.
    #[inline]
    pub(super) fn is_before(&self, a: u32, b: u32) -> bool {
        self.tags[a as usize] < self.tags[b as usize]
    }

    /// Puts `member` behind `place`, or at the front for 0.
    pub(super) fn insert_after(&mut self, place: u32, member: u32) {
        let mut tag = self.room_after(place);
        if tag.is_none() {
            self.spread(if place == 0 { self.next[0] } else { place });
            tag = self.room_after(place);
        }
        self.tags[member as usize] =
            tag.expect("spreading makes room: there are far fewer members than tags");
        let next = self.next[place as usize];
        self.next[place as usize] = member;
        self.previous[next as usize] = member;
        self.previous[member as usize] = place;
        self.next[member as usize] = next;
    }

    /// Puts `member` before `place`, or at the end for 0.
    pub(super) fn insert_before(&mut self, place: u32, member: u32) {
        self.insert_after(self.previous[place as usize], member);
    }

    /// All members in order.
    pub(super) fn members(&self) -> impl Iterator<Item = u32> + '_ {
        let after = |&member: &u32| Some(self.next[member as usize]).filter(|&next| next != 0);
        std::iter::successors(after(&0), after)
    }

    /// A tag between that of `place` and the next one. Tags are never 0 nor the largest number.
    fn room_after(&self, place: u32) -> Option<u64> {
        let next = self.next[place as usize];
        let low = if place == 0 { 0 } else { self.tags[place as usize] };
        let high = if next == 0 { u64::MAX } else { self.tags[next as usize] };
        let half = (high - low) / 2;
        let tag = match (place, next) {
            (0, 0) => 1 << 63,
            (_, 0) => low + half.min(STEP),
            (0, _) => high - half.min(STEP),
            _ => low + half,
        };
        (low < tag && tag < high).then_some(tag)
    }

    /// Spreads the tags around `member` evenly over the smallest range of tags that is settled thinly enough.
    fn spread(&mut self, member: u32) {
        let tag = self.tags[member as usize];
        let (mut first, mut last, mut count) = (member, member, 1u64);
        let mut most = 1.0f64;
        for bits in 1..64 {
            most *= 2.0 / 1.3;
            let low = tag >> bits << bits;
            let high = low + ((1 << bits) - 1);
            while self.previous[first as usize] != 0
                && self.tags[self.previous[first as usize] as usize] >= low
            {
                first = self.previous[first as usize];
                count += 1;
            }
            while self.next[last as usize] != 0 && self.tags[self.next[last as usize] as usize] <= high {
                last = self.next[last as usize];
                count += 1;
            }
            let gap = (1u64 << bits) / (count + 1);
            if count as f64 <= most && gap > 3 {
                let mut at = first;
                for place in 1..=count {
                    self.tags[at as usize] = low + place * gap;
                    at = self.next[at as usize];
                }
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_wherever_is_inserted() {
        let mut random = 1u64;
        for kind in 0..5 {
            let most = 3000;
            let mut list = OrderedList::new(most, &Storage::default()).unwrap();
            let mut plain: Vec<u32> = Vec::new();
            for member in 1..=most as u32 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = match kind {
                    0 => 0,
                    1 => plain.len(),
                    2 => plain.len() / 2,
                    3 => plain.len().min(1),
                    _ => (random >> 33) as usize % (plain.len() + 1),
                };
                if random >> 40 & 1 == 0 {
                    list.insert_after(at.checked_sub(1).map_or(0, |at| plain[at]), member);
                } else {
                    list.insert_before(plain.get(at).copied().unwrap_or(0), member);
                }
                plain.insert(at, member);
            }
            assert_eq!(list.members().collect::<Vec<_>>(), plain);
            assert!(plain.windows(2).all(|pair| list.is_before(pair[0], pair[1])));
        }
    }
}
