//! The small facts of an index as bytes: numbers of variable length and texts, each text written once.
//!
//! Owns the notation, not what is noted. Reading never trusts a length: it ends with `None` where the bytes do. Cost: a byte for a small number,
//! a byte or two for a text that was there before.

use crate::ix::{ClassIx, ObjectIx, OptObjectIx};
use hashbrown::HashMap;
use std::sync::Arc;

/// Writes.
#[derive(Default)]
pub(super) struct Encoder {
    bytes: Vec<u8>,
    texts: HashMap<Arc<str>, u64>,
}

impl Encoder {
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(super) fn flag(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    /// Eight bytes, for what is no small number.
    pub(super) fn word(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Seven bits per byte, the lowest first.
    pub(super) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8);
    }

    pub(super) fn count(&mut self, value: usize) {
        self.number(value as u64);
    }

    /// `None` is zero, all others are one more.
    pub(super) fn option(&mut self, value: Option<u64>) {
        self.flag(value.is_some());
        if let Some(value) = value {
            self.number(value);
        }
    }

    pub(super) fn object(&mut self, object: ObjectIx) {
        self.number(u64::from(object.0));
    }

    pub(super) fn optional_object(&mut self, object: OptObjectIx) {
        self.option(object.get().map(|object| u64::from(object.0)));
    }

    pub(super) fn class(&mut self, class: ClassIx) {
        self.number(u64::from(class.0));
    }

    pub(super) fn text(&mut self, text: &Arc<str>) {
        if let Some(&number) = self.texts.get(text) {
            self.number(number);
            return;
        }
        self.number(0);
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
        let number = self.texts.len() as u64 + 1;
        self.texts.insert(Arc::clone(text), number);
    }
}

/// Reads what [`Encoder`] wrote, in the same order. `None` means that it is something else.
pub(super) struct Decoder<'a> {
    bytes: &'a [u8],
    texts: Vec<Arc<str>>,
    /// Objects and classes have lower numbers.
    objects: u64,
    classes: u64,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, texts: Vec::new(), objects: 0, classes: 0 }
    }

    /// From here on, objects have numbers below `objects` and classes below `classes`.
    pub(super) fn set_bounds(&mut self, objects: usize, classes: usize) {
        (self.objects, self.classes) = (objects as u64, classes as u64);
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.u8()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub(super) fn word(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub(super) fn usize(&mut self) -> Option<usize> {
        self.number()?.try_into().ok()
    }

    /// A list: its length, then what `each` reads, at least a byte for each.
    pub(super) fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.usize()?;
        if count > self.bytes.len() {
            return None;
        }
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(each(self)?);
        }
        Some(list)
    }

    pub(super) fn option(&mut self) -> Option<Option<u64>> {
        Some(if self.flag()? { Some(self.number()?) } else { None })
    }

    pub(super) fn object(&mut self) -> Option<ObjectIx> {
        let number = self.number()?;
        (number < self.objects).then_some(ObjectIx(number as u32))
    }

    pub(super) fn optional_object(&mut self) -> Option<OptObjectIx> {
        Some(if self.flag()? { OptObjectIx::some(self.object()?) } else { OptObjectIx::NONE })
    }

    pub(super) fn class(&mut self) -> Option<ClassIx> {
        let number = self.number()?;
        (number < self.classes).then_some(ClassIx(number as u32))
    }

    pub(super) fn text(&mut self) -> Option<Arc<str>> {
        match self.usize()? {
            0 => {
                let count = self.usize()?;
                let text: Arc<str> = std::str::from_utf8(self.take(count)?).ok()?.into();
                self.texts.push(Arc::clone(&text));
                Some(text)
            }
            number => self.texts.get(number - 1).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX >> 1, u64::MAX];
        let texts: [Arc<str>; 3] = ["".into(), "größe".into(), "".into()];
        let mut encoder = Encoder::default();
        numbers.iter().for_each(|&number| encoder.number(number));
        texts.iter().for_each(|text| encoder.text(text));
        encoder.option(None);
        encoder.option(Some(7));
        encoder.object(ObjectIx(4));
        encoder.word(0x0123_4567_89ab_cdef);
        let bytes = encoder.finish();
        let mut decoder = Decoder::new(&bytes);
        decoder.set_bounds(5, 0);
        numbers.iter().for_each(|&number| assert_eq!(decoder.number(), Some(number)));
        texts.iter().for_each(|text| assert_eq!(decoder.text().as_ref(), Some(text)));
        assert_eq!(decoder.option(), Some(None));
        assert_eq!(decoder.option(), Some(Some(7)));
        assert_eq!(decoder.object(), Some(ObjectIx(4)));
        assert_eq!(decoder.word(), Some(0x0123_4567_89ab_cdef));
        assert!(decoder.is_at_end());
        assert_eq!(decoder.u8(), None);
    }

    #[test]
    fn nothing_is_believed() {
        assert_eq!(Decoder::new(&[0xff; 10]).number(), None, "more than 64 bits");
        assert_eq!(Decoder::new(&[0xff; 3]).number(), None, "no end");
        assert_eq!(
            Decoder::new(&[0xff, 0xff, 3]).list(Decoder::u8),
            None,
            "a list longer than all that is left"
        );
        assert_eq!(Decoder::new(&[5]).text(), None, "a text that was never written");
        assert_eq!(Decoder::new(&[0, 2, 0xff, 0xff]).text(), None, "no text at all");
        assert_eq!(Decoder::new(&[2]).flag(), None);
        let mut decoder = Decoder::new(&[5, 3]);
        decoder.set_bounds(5, 3);
        assert_eq!((decoder.object(), decoder.class()), (None, None), "numbers out of bounds");
    }
}
