//! Texts, arrays, collections and boxed numbers, all looked at in one pass over the records.
//!
//! Cost: that pass, one over the references, and what its parts say of themselves while it works.

use super::array_stats::{ArrayQuestion, ArrayStats};
use super::boxes::{BoxCount, BoxKinds, BoxQuestion};
use super::collections::{CollectionQuestion, CollectionStats};
use super::histogram::Histogram;
use super::scan::{Question, ask};
use super::texts::{TextArrays, TextQuestion, Texts};
use crate::snapshot::{MarkedHeap, SnapshotError};

/// What the objects of a heap hold.
#[derive(Debug, Clone)]
pub struct Contents {
    /// All strings.
    pub texts: Texts,
    /// All arrays.
    pub arrays: ArrayStats,
    /// All collections.
    pub collections: CollectionStats,
    /// All boxed numbers, most bytes first.
    pub boxes: Vec<BoxCount>,
}

impl Contents {
    /// Looks at everything, and asks another question on the way.
    ///
    /// # Errors
    /// No memory and no scratch space, or cancelled.
    pub fn and<Q: Question>(
        heap: &MarkedHeap,
        histogram: &Histogram,
        other: &Q,
    ) -> Result<(Self, Q::Sums), SnapshotError> {
        let text_arrays = TextArrays::new(heap)?;
        let box_kinds = BoxKinds::new(heap);
        let mut text_hashes = text_arrays.column(heap)?;
        let mut array_hashes = ArrayQuestion::column(heap, &text_arrays)?;
        let mut numbers = box_kinds.columns(heap, histogram)?;
        let texts = TextQuestion::new(heap, &text_arrays, &mut text_hashes);
        let arrays = ArrayQuestion::new(heap, &text_arrays, &mut array_hashes);
        let boxes = BoxQuestion::new(heap, &box_kinds, &mut numbers);
        let question = ((texts, arrays), ((CollectionQuestion::new(heap), boxes), other));
        let ((text_sums, array_sums), ((collections, box_sums), other_sums)) = ask(heap, &question)?;
        let ((texts, arrays), ((_, boxes), _)) = question;
        let (texts_len, text_sums) = texts.finish(text_sums);
        let (arrays_len, array_sums) = arrays.finish(array_sums);
        let box_lengths = boxes.finish(box_sums);
        // Each has steps that one thread does alone.
        let ((texts, arrays), boxes) = rayon::join(
            || {
                rayon::join(
                    || {
                        let hashes = text_arrays.alike(&mut text_hashes, texts_len);
                        Texts::answer(heap, &text_arrays, text_sums, &hashes)
                    },
                    || {
                        let hashes = ArrayStats::alike(&mut array_hashes, arrays_len);
                        ArrayStats::answer(heap, array_sums, &hashes)
                    },
                )
            },
            || box_kinds.answer(heap, &mut numbers, box_lengths),
        );
        Ok((
            Self { texts, arrays, collections: CollectionStats::answer(heap, collections), boxes },
            other_sums,
        ))
    }
}
