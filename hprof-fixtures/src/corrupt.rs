//! Damage: what a full disk, a killed JVM or a bad copy makes of a dump.

use crate::splitmix::SplitMix64;

/// The first `length` bytes; the whole if it is shorter.
pub fn truncate_at(dump: &[u8], length: usize) -> Vec<u8> {
    dump[..length.min(dump.len())].to_vec()
}

/// The dump with `count` bytes changed, each to a different value, at places that `seed` chooses (a place may be
/// chosen twice). An empty dump stays empty.
pub fn flip_bytes(dump: &[u8], seed: u64, count: usize) -> Vec<u8> {
    let mut damaged = dump.to_vec();
    if damaged.is_empty() {
        return damaged;
    }
    let mut random = SplitMix64::new(seed);
    for _ in 0..count {
        let place = random.index(damaged.len());
        damaged[place] ^= 1 + random.below(255) as u8;
    }
    damaged
}

/// The dump with `bytes` written over it at `offset`. Panics if they do not fit.
pub fn overwrite(dump: &[u8], offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut damaged = dump.to_vec();
    damaged[offset..offset + bytes.len()].copy_from_slice(bytes);
    damaged
}

/// The dump with `bytes` put in at `offset`: what was there moves back.
pub fn insert(dump: &[u8], offset: usize, bytes: &[u8]) -> Vec<u8> {
    [&dump[..offset], bytes, &dump[offset..]].concat()
}

/// The dump without the bytes of `hole`: what is after it moves forward, as when a block of a copy got lost.
pub fn cut_out(dump: &[u8], hole: std::ops::Range<usize>) -> Vec<u8> {
    [&dump[..hole.start], &dump[hole.end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_where_and_as_large_as_asked() {
        let dump: Vec<u8> = (0..=255).collect();
        assert_eq!(truncate_at(&dump, 3), [0, 1, 2]);
        assert_eq!(truncate_at(&dump, 999), dump);
        let flipped = flip_bytes(&dump, 1, 1);
        assert_eq!(flipped.iter().zip(&dump).filter(|(a, b)| a != b).count(), 1);
        assert_eq!(flip_bytes(&dump, 1, 9), flip_bytes(&dump, 1, 9));
        assert_eq!(overwrite(&dump, 1, &[9, 9])[..4], [0, 9, 9, 3]);
        assert_eq!(insert(&dump[..2], 1, &[9]), [0, 9, 1]);
        assert_eq!(cut_out(&dump, 1..255), [0, 255]);
        assert!(flip_bytes(&[], 1, 5).is_empty());
    }
}
