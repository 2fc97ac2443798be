//! A stack of numbers in columns, for what nobody can count beforehand.
//!
//! Owns its pieces: memory comes and goes with them, so that it is never more than what is on the stack needs, and it is within the budget as all columns are.

use crate::storage::{Access, Column, Storage, StorageError};

/// Numbers in a piece, as a power of two: a megabyte.
const PIECE_SHIFT: u32 = 18;

/// Numbers, of which the last one pushed is the first to be taken.
pub(super) struct Stack {
    what: &'static str,
    storage: Storage,
    pieces: Vec<Column<u32>>,
    len: usize,
}

impl Stack {
    /// An empty one; `what` is what reports call its memory.
    pub(super) fn new(what: &'static str, storage: &Storage) -> Self {
        Self { what, storage: storage.clone(), pieces: Vec::new(), len: 0 }
    }

    /// How many numbers are on it.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The number that was pushed when so many were there.
    #[inline]
    pub(super) fn get(&self, at: usize) -> u32 {
        self.pieces[at >> PIECE_SHIFT][at & ((1 << PIECE_SHIFT) - 1)]
    }

    /// One more.
    #[inline]
    pub(super) fn push(&mut self, number: u32) -> Result<(), StorageError> {
        let (piece, at) = (self.len >> PIECE_SHIFT, self.len & ((1 << PIECE_SHIFT) - 1));
        if piece == self.pieces.len() {
            self.grow()?;
        }
        self.pieces[piece][at] = number;
        self.len += 1;
        Ok(())
    }

    #[cold]
    fn grow(&mut self) -> Result<(), StorageError> {
        self.pieces.push(self.storage.column(self.what, 1 << PIECE_SHIFT, Access::Sequential)?);
        Ok(())
    }

    /// Takes the last one.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u32> {
        self.len = self.len.checked_sub(1)?;
        let number = self.get(self.len);
        if self.len & ((1 << PIECE_SHIFT) - 1) == 0 {
            self.pieces.pop();
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_pushed_and_the_memory() {
        let storage = Storage::default();
        let mut stack = Stack::new("test", &storage);
        let count = (2 << PIECE_SHIFT) + 3;
        (0..count as u32).for_each(|number| stack.push(number ^ 5).unwrap());
        assert_eq!((stack.len(), stack.pieces.len()), (count, 3));
        assert_eq!(stack.get(1 << PIECE_SHIFT), (1 << PIECE_SHIFT) ^ 5);
        for number in (0..count as u32).rev() {
            assert_eq!(stack.pop(), Some(number ^ 5));
        }
        assert_eq!((stack.pop(), stack.pieces.len()), (None, 0));
    }
}
