//! Shallow sizes: how large the objects of a dump were in the JVM that wrote it.
//!
//! HPROF does not say. It lists the fields of each class and the length of each array; header, width of a reference, alignment, order of the fields,
//! what the JVM adds to its own classes and the statics inside `java.lang.Class` objects are left out. This module works them out from the shapes of the
//! classes ([`shape`]), the release of the JVM and the gaps between addresses ([`gaps`]).
//!
//! Pure logic: plain inputs, numbers out. It reads no dump and knows no object. Cost: a few bytes per class. `docs/sizes.md` tells how it was measured.
//! Sources: HotSpot's `classFileParser.cpp` (until 14), `fieldLayoutBuilder.cpp` (since 15), `arrayOop.hpp`, `instanceMirrorKlass.cpp`,
//! `instanceStackChunkKlass.inline.hpp`, `javaClasses.hpp`; JEP 142, 450 and 519; for Android ART's `hprof.cc`.

pub mod fields;
pub mod gaps;
pub mod hidden;
mod infer;
pub mod model;
pub mod notation;
pub mod packing;
pub mod shape;
#[cfg(test)]
mod tests;

use crate::hprof::FieldType;
use crate::ix::ClassIx;
use gaps::GapEvidence;
use model::Model;
use shape::{CLASS, ClassShape, JvmFacts};

/// How sure a layout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// No addresses, or none that fit: the likeliest layout of such a JVM.
    Estimated,
    /// The gaps mostly agree, but some speak against it or most are open.
    Likely,
    /// The gaps confirm it and none refutes it.
    Exact,
}

/// Where the size of a class comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeSource {
    /// The formula; no gap was small enough to confirm it.
    Formula,
    /// The smallest gap, which refutes the formula.
    Gap,
    /// The formula and the smallest gap, which are equal.
    Both,
    /// The dump itself (Android).
    Declared,
}

/// Classes and lengths of arrays whose gaps were compared with a formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The smallest gap is equal to the formula.
    pub confirmed: u32,
    /// The smallest gap is smaller than the formula.
    pub refuted: u32,
    /// The smallest gap is larger: says nothing.
    pub open: u32,
}

impl Evidence {
    fn count(&mut self, formula: u64, gap: u64) {
        match gap.cmp(&formula) {
            std::cmp::Ordering::Less => self.refuted += 1,
            std::cmp::Ordering::Equal => self.confirmed += 1,
            std::cmp::Ordering::Greater => self.open += 1,
        }
    }
}

/// The layout of a dump's objects and the size of each class in it.
#[derive(Clone, Debug)]
pub struct ObjectLayout {
    pub(in crate::snapshot) model: Model,
    pub(in crate::snapshot) confidence: Confidence,
    pub(in crate::snapshot) evidence: Evidence,
    pub(in crate::snapshot) is_forced: bool,
    pub(in crate::snapshot) instance_bytes_by_class: Vec<u32>,
    pub(in crate::snapshot) mirror_bytes_by_class: Vec<u32>,
    pub(in crate::snapshot) source_by_class: Vec<SizeSource>,
}

impl ObjectLayout {
    /// Finds the layout. `shapes` and the classes of `gaps` are numbered alike; `forced` is the user's word on the model, which no gap overrules.
    pub fn infer(
        shapes: &[ClassShape<'_>],
        gaps: &GapEvidence,
        jvm: &JvmFacts<'_>,
        forced: Option<&Model>,
    ) -> ObjectLayout {
        let basis = infer::Basis::new(shapes, jvm);
        let infer::Fit { model, evidence } = infer::choose_model(&basis, gaps, forced);
        let confidence = infer::confidence(&basis, &evidence, &model);
        let trusted = (confidence != Confidence::Estimated).then_some(gaps);
        let sizes = infer::class_sizes(&basis, trusted, &evidence, &model);
        let class = shapes.iter().position(|shape| shape.name == CLASS);
        let own_bytes = class.map_or(model.header_bytes, |class| sizes.instance_bytes[class]);
        let mirrors = (0..shapes.len()).map(|class| infer::mirror_bytes(&basis, class, own_bytes, &model));
        ObjectLayout {
            model,
            confidence,
            evidence,
            is_forced: forced.is_some(),
            mirror_bytes_by_class: mirrors.collect(),
            instance_bytes_by_class: sizes.instance_bytes,
            source_by_class: sizes.sources,
        }
    }

    /// Header, references, alignment and packing.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How sure the model is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Whether the model is the user's.
    pub fn is_forced(&self) -> bool {
        self.is_forced
    }

    /// Classes whose size is a gap, because the formula is refuted or does not know what the JVM adds.
    pub fn classes_sized_by_gap(&self) -> usize {
        self.source_by_class.iter().filter(|&&source| source == SizeSource::Gap).count()
    }

    /// What the gaps say of the model.
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// Shallow size of an instance of a class that is no array, no `java.lang.Class` of a class and no `StackChunk`.
    pub fn instance_bytes(&self, class: ClassIx) -> u32 {
        self.instance_bytes_by_class[class.index()]
    }

    /// Where the size of a class comes from.
    pub fn source(&self, class: ClassIx) -> SizeSource {
        self.source_by_class[class.index()]
    }

    /// Shallow size of the `java.lang.Class` object of a class: its statics are inside.
    pub fn mirror_bytes(&self, class: ClassIx) -> u32 {
        self.mirror_bytes_by_class[class.index()]
    }

    /// Shallow size of an array.
    pub fn array_bytes(&self, element: FieldType, length: u64) -> u64 {
        self.model.array_bytes(element, length)
    }

    /// Shallow size of an instance of `jdk.internal.vm.StackChunk` (the class `class`) whose field `size` is `stack_words`: the words of the stack follow
    /// the fields, and one bit for each place in it where a reference can be.
    pub fn stack_chunk_bytes(&self, class: ClassIx, stack_words: u32) -> u64 {
        let word = u64::from(self.model.word_bytes);
        let places = u64::from(stack_words) * word / u64::from(self.model.reference_bytes);
        let bitmap = places.div_ceil(8 * word) * word;
        self.model
            .object_bytes(u64::from(self.instance_bytes(class)) + u64::from(stack_words) * word + bitmap)
    }
}
