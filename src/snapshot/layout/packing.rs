//! Where HotSpot puts the fields of a class: the two packings that there have been, and what `@Contended` adds.
//!
//! * **Until 14** (`ClassFileParser::layout_fields`): fields by width, largest first, references last; one hole before the first `long` may be filled; a
//!   subclass starts where its super class ends, rounded up to a reference.
//! * **Since 15** (`FieldLayoutBuilder`, JDK-8237767): the same order, but every field goes into the smallest hole that it fits, holes of super classes
//!   and their tail included.
//!
//! Sizes only; no offsets leave this module. Cost per class: its fields times the few holes of its super classes.

use super::fields::FieldMix;
use super::model::{Model, Packing};

/// Bytes that `@Contended` keeps free on each side (`ContendedPaddingWidth`).
pub const CONTENDED_PADDING_BYTES: u64 = 128;

/// A class keeps at most this many holes for its subclasses: real classes have fewer than ten, a made-up hierarchy must not cost quadratic time.
const MAX_HOLES: usize = 64;

/// The fields that one class declares, or that the JVM adds to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnFields {
    /// Fields outside of any contention group.
    pub plain: FieldMix,
    /// Fields of each `@Contended` group, in the order of their first field.
    pub groups: Vec<FieldMix>,
    /// The class itself is `@Contended`.
    pub contended: bool,
    /// Until 14 some classes of `java.lang` had their references first and no hole filled.
    pub references_first: bool,
}

impl OwnFields {
    fn has_padding(&self) -> bool {
        self.contended || !self.groups.is_empty()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hole {
    offset: u64,
    bytes: u64,
}

/// The space that an object's fields take up, from the start of the object, and the room that subclasses find in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// End of the last field.
    fields_end: u64,
    /// End of the last field or padding: the unrounded size.
    end: u64,
    holes: Vec<Hole>,
    /// This class or one above it has contended fields: subclasses stay away from them.
    padded: bool,
}

/// Rounds up to a multiple of a power of two; saturates.
pub fn align_up(value: u64, alignment: u64) -> u64 {
    debug_assert!(alignment.is_power_of_two());
    value.saturating_add(alignment - 1) & !(alignment - 1)
}

impl Footprint {
    /// An object without fields.
    pub fn empty(model: &Model) -> Footprint {
        let header = u64::from(model.header_bytes);
        Footprint { fields_end: header, end: header, holes: Vec::new(), padded: false }
    }

    /// This class with the fields of a subclass added.
    pub fn extend(&self, own: &OwnFields, model: &Model) -> Footprint {
        match model.packing {
            Packing::Jdk7To14 => self.extend_until_14(own, model),
            Packing::Jdk15 => self.extend_since_15(own, model),
        }
    }

    /// Shallow size of an instance.
    pub fn instance_bytes(&self, model: &Model) -> u64 {
        model.object_bytes(self.end)
    }

    /// This class, known to end elsewhere than computed: what is inside is not known, so a subclass starts at its end.
    pub fn cut_at(&self, bytes: u64) -> Footprint {
        Footprint { fields_end: bytes, end: bytes, holes: Vec::new(), padded: false }
    }

    /// This class with paddings around some of its fields that make an instance as large as known. Where they are is not known, so its end may be off by
    /// a word.
    pub fn padded(&self, padding_bytes: u64, instance_bytes: u64, model: &Model) -> Footprint {
        let end = self.end.saturating_add(padding_bytes);
        let end = if model.object_bytes(end) == instance_bytes { end } else { instance_bytes };
        let fields_end = end.saturating_sub(CONTENDED_PADDING_BYTES);
        Footprint { fields_end, end, holes: Vec::new(), padded: true }
    }

    /// Whether this class or one above it has contended fields.
    pub fn is_padded(&self) -> bool {
        self.padded
    }

    fn extend_until_14(&self, own: &OwnFields, model: &Model) -> Footprint {
        let reference = u64::from(model.reference_bytes);
        let mut mix = own.plain;
        let mut at = align_up(self.end, reference);
        if own.contended {
            at += CONTENDED_PADDING_BYTES;
        }
        if own.references_first {
            at += u64::from(mix.references) * reference;
        }
        if mix.longs > 0 {
            let aligned = align_up(at, 8);
            if !own.references_first {
                fill(aligned - at, &mut mix, reference);
            }
            at = aligned + 8 * u64::from(mix.longs);
        }
        at += 4 * u64::from(mix.ints) + 2 * u64::from(mix.shorts) + u64::from(mix.bytes);
        if !own.references_first && mix.references > 0 {
            at = align_up(at, reference) + reference * u64::from(mix.references);
        }
        if !own.groups.is_empty() {
            at += CONTENDED_PADDING_BYTES;
            for group in &own.groups {
                at = append(at, group, reference) + CONTENDED_PADDING_BYTES;
            }
        }
        if own.contended {
            at += CONTENDED_PADDING_BYTES;
        }
        let padded = self.padded || own.has_padding();
        Footprint { fields_end: at, end: at, holes: Vec::new(), padded }
    }

    fn extend_since_15(&self, own: &OwnFields, model: &Model) -> Footprint {
        let mut next = self.clone();
        if self.padded {
            next.holes.clear();
            next.fields_end += CONTENDED_PADDING_BYTES;
        } else {
            next.fields_end = self.end;
        }
        next.padded = self.padded || own.has_padding();
        let start = next.fields_end;
        if own.contended {
            next.fields_end += CONTENDED_PADDING_BYTES;
        }
        next.add(&own.plain, model, !self.padded && !own.contended);
        for group in &own.groups {
            next.fields_end += CONTENDED_PADDING_BYTES;
            next.add(group, model, false);
        }
        next.end = next.fields_end;
        if own.has_padding() {
            next.end += CONTENDED_PADDING_BYTES;
        } else if self.padded && next.fields_end == start {
            // No field of its own: what counts for a subclass is still the last field above.
            next.fields_end = self.fields_end;
        }
        next
    }

    fn add(&mut self, mix: &FieldMix, model: &Model, reuse: bool) {
        let reference = u64::from(model.reference_bytes);
        for (count, bytes) in
            [(mix.longs, 8), (mix.ints, 4), (mix.shorts, 2), (mix.bytes, 1), (mix.references, reference)]
        {
            let mut look = reuse;
            for _ in 0..count {
                look = look && self.place_in_hole(bytes);
                if !look {
                    self.append(bytes);
                }
            }
        }
    }

    /// Puts a field into the smallest hole that takes it, the last of them if several are as small.
    fn place_in_hole(&mut self, bytes: u64) -> bool {
        let fits = |hole: &Hole| align_up(hole.offset, bytes) + bytes <= hole.offset + hole.bytes;
        let best = (0..self.holes.len())
            .filter(|&i| fits(&self.holes[i]))
            .min_by_key(|&i| (self.holes[i].bytes, std::cmp::Reverse(self.holes[i].offset)));
        let Some(best) = best else { return false };
        let hole = self.holes.swap_remove(best);
        let at = align_up(hole.offset, bytes);
        self.keep_hole(hole.offset, at);
        self.keep_hole(at + bytes, hole.offset + hole.bytes);
        true
    }

    fn append(&mut self, bytes: u64) {
        let at = align_up(self.fields_end, bytes);
        self.keep_hole(self.fields_end, at);
        self.fields_end = at.saturating_add(bytes);
    }

    fn keep_hole(&mut self, from: u64, to: u64) {
        if to > from && self.holes.len() < MAX_HOLES {
            self.holes.push(Hole { offset: from, bytes: to - from });
        }
    }
}

/// Until 14: moves what fits from `mix` into the `room` bytes before the first `long`. A reference goes there only if nothing else did.
fn fill(room: u64, mix: &mut FieldMix, reference: u64) {
    let mut room = room;
    for (count, bytes) in
        [(&mut mix.ints, 4), (&mut mix.shorts, 2), (&mut mix.bytes, 1), (&mut mix.references, reference)]
    {
        while *count > 0 && room >= bytes {
            *count -= 1;
            room -= bytes;
        }
    }
}

fn append(at: u64, mix: &FieldMix, reference: u64) -> u64 {
    let mut at = at;
    for (count, bytes) in
        [(mix.longs, 8), (mix.ints, 4), (mix.shorts, 2), (mix.bytes, 1), (mix.references, reference)]
    {
        if count > 0 {
            at = align_up(at, bytes) + bytes * u64::from(count);
        }
    }
    at
}

/// Bytes that the static fields of a class take up in its `java.lang.Class` object: references first, then by width; whole words.
pub fn static_bytes(statics: &FieldMix, model: &Model) -> u64 {
    let mut at = u64::from(statics.references) * u64::from(model.reference_bytes);
    if statics.longs > 0 {
        at = align_up(at, 8) + 8 * u64::from(statics.longs);
    }
    at += 4 * u64::from(statics.ints) + 2 * u64::from(statics.shorts) + u64::from(statics.bytes);
    align_up(at, u64::from(model.word_bytes))
}
