//! Shallow sizes of objects, from the inferred layout.
//!
//! Owns one rule per class. Cost: 12 bytes per class, nothing per object.

use super::build::Built;
use super::classes::Classes;
use super::heap::Heap;
use super::layout::ObjectLayout;
use super::layout::fields::FieldMix;
use super::layout::hidden::is_pseudo_static;
use super::layout::model::Model;
use super::layout::shape::{ClassShape, Field, JvmFacts, STACK_CHUNK};
use crate::hprof::FieldType;
use crate::ix::{ClassIx, ObjectIx};

/// How the size of an object of a class is found.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// All instances have the same size.
    Fixed(u32),
    /// The length decides. The second is the size of what is of the class and yet no array.
    Array(FieldType, u32),
    /// A mirror's size depends on the class it stands for.
    Mirror(u32),
    /// The stack in it decides.
    StackChunk(u32),
}

/// Shallow sizes.
#[derive(Debug)]
pub(super) struct ShallowSizes {
    rules: Vec<Rule>,
    layout: ObjectLayout,
    /// Sizes of the objects that hold stacks, ascending by object.
    stack_chunks: Vec<(ObjectIx, u64)>,
    /// Whether some array is of a class that is not known to be one.
    odd_arrays: bool,
}

impl ShallowSizes {
    pub(super) fn infer(built: &Built, forced: Option<&Model>) -> Self {
        let heap = &built.heap;
        let classes = heap.classes();
        let properties = heap.system_properties();
        let property = |key: &str| properties.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str());
        let jvm = JvmFacts {
            id_bytes: heap.encoding().id_bytes() as u32,
            android: heap.origin().format.ends_with("1.0.3"),
            java_version: property("java.version"),
            data_model_bits: property("sun.arch.data.model").and_then(|bits| bits.parse().ok()),
        };
        let layout = ObjectLayout::infer(&shapes(classes), &built.gaps, &jvm, forced);
        let stack_chunks = built.stack_chunks.iter().map(|&chunk| {
            let words = heap.integer(chunk, "size").and_then(|words| u32::try_from(words).ok()).unwrap_or(0);
            (chunk, layout.stack_chunk_bytes(heap.class_of(chunk), words))
        });
        let stack_chunks = stack_chunks.collect();
        Self::new(classes, layout, built.odd_arrays, stack_chunks)
    }

    pub(super) fn new(
        classes: &Classes,
        layout: ObjectLayout,
        odd_arrays: bool,
        stack_chunks: Vec<(ObjectIx, u64)>,
    ) -> Self {
        let rules = classes
            .iter()
            .map(|(ix, class)| {
                let fixed = layout.instance_bytes(ix);
                match class.element {
                    _ if ix == classes.class_class() => Rule::Mirror(fixed),
                    _ if &*class.name == STACK_CHUNK => Rule::StackChunk(fixed),
                    Some(element) => Rule::Array(element, fixed),
                    None if odd_arrays => Rule::Array(FieldType::Reference, fixed),
                    None => Rule::Fixed(fixed),
                }
            })
            .collect();
        Self { rules, layout, stack_chunks, odd_arrays }
    }

    pub(super) fn has_odd_arrays(&self) -> bool {
        self.odd_arrays
    }

    pub(super) fn stack_chunks(&self) -> &[(ObjectIx, u64)] {
        &self.stack_chunks
    }

    #[inline]
    pub(super) fn bytes(&self, heap: &Heap, object: ObjectIx) -> u64 {
        match self.rules[heap.class_of(object).index()] {
            Rule::Fixed(bytes) => u64::from(bytes),
            Rule::Array(element, bytes) => match heap.array_length(object) {
                Some(length) => self.layout.array_bytes(element, u64::from(length)),
                None => u64::from(bytes),
            },
            Rule::Mirror(bytes) => heap
                .mirrored_class(object)
                .map_or(u64::from(bytes), |class| u64::from(self.layout.mirror_bytes(class))),
            Rule::StackChunk(bytes) => self
                .stack_chunks
                .binary_search_by_key(&object, |&(chunk, _)| chunk)
                .map_or(u64::from(bytes), |at| self.stack_chunks[at].1),
        }
    }

    pub(super) fn layout(&self) -> &ObjectLayout {
        &self.layout
    }

    /// The size of an instance of a class that is no array.
    pub(super) fn instance_bytes(&self, class: ClassIx) -> u64 {
        u64::from(self.layout.instance_bytes(class))
    }
}

fn shapes(classes: &Classes) -> Vec<ClassShape<'_>> {
    let shape = |(_, class): (ClassIx, &'_ super::classes::Class)| -> (FieldMix, u32) {
        let statics = class.statics.iter().filter(|field| !is_pseudo_static(&field.name));
        (statics.map(super::classes::StaticField::ty).collect(), class.declared_bytes)
    };
    classes
        .iter()
        .map(|(ix, class)| {
            let (statics, declared_bytes) = shape((ix, class));
            ClassShape {
                name: &class.name,
                super_class: class.super_class.map(|ix| ix.0),
                fields: class
                    .fields
                    .iter()
                    .map(|field| Field { name: &field.name, field_type: field.ty })
                    .collect(),
                statics,
                declared_bytes,
            }
        })
        .collect()
}
