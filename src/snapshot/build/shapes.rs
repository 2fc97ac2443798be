//! What the hot loops need to know of a class: where its instances hold references.

use super::super::classes::{Classes, Strength};
use super::super::pending::{PENDING_LINK, REFERENCE};
use crate::hprof::{Encoding, FieldType, ObjectId};
use crate::ix::ClassIx;

/// Where the instances of a class hold references.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Offsets of the fields that the collector follows, ascending; the soft or final one is last.
    pub(super) references: Box<[u32]>,
    /// The offset of a referent that is held softly or for its finalizer.
    pub(super) softer: Option<(u32, Strength)>,
    /// The offset of the collector's own link to the next reference that waits for its handler; not among the references.
    pub(super) pending: Option<u32>,
    /// Bytes of an instance's record.
    pub(super) record_bytes: usize,
}

/// The shapes of all classes, by number.
#[derive(Debug)]
pub(super) struct Shapes<'a> {
    pub(super) classes: &'a Classes,
    shapes: Vec<Shape>,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(classes: &'a Classes, encoding: Encoding, soft_as_weak: bool) -> Self {
        let shapes = classes
            .iter()
            .map(|(ix, class)| {
                let mut references = Vec::new();
                let (mut softer, mut pending) = (None, None);
                let mut base = 0;
                for (_, declaring) in classes.lineage(ix) {
                    for field in declaring.fields.iter().filter(|field| field.ty == FieldType::Reference) {
                        let offset = base + field.offset;
                        let is_of_reference = &*declaring.name == REFERENCE;
                        if is_of_reference && &*field.name == PENDING_LINK {
                            pending = Some(offset);
                            continue;
                        }
                        let is_referent = is_of_reference && &*field.name == "referent";
                        match class.strength.filter(|_| is_referent) {
                            Some(Strength::Soft) if soft_as_weak => {}
                            Some(strength) if strength.keeps() => softer = Some((offset, strength)),
                            Some(_) => {}
                            None => references.push(offset),
                        }
                    }
                    base = base.saturating_add(declaring.own_bytes);
                }
                let record_bytes = class.record_bytes as usize;
                debug_assert!(references.iter().all(|&at| at as usize + encoding.id_bytes() <= record_bytes));
                Shape { references: references.into(), softer, pending, record_bytes }
            })
            .collect();
        Self { classes, shapes }
    }

    #[inline]
    pub(super) fn get(&self, class: ClassIx) -> &Shape {
        &self.shapes[class.index()]
    }

    /// A look-up of classes by id that remembers the last ones; one for each thread.
    pub(super) fn lookup(&self) -> ClassLookup<'_> {
        ClassLookup { classes: self.classes, recent: [(ObjectId(0), None); 256] }
    }
}

/// Finds classes by id; consecutive objects are mostly of few classes.
pub(super) struct ClassLookup<'a> {
    classes: &'a Classes,
    recent: [(ObjectId, Option<ClassIx>); 256],
}

impl ClassLookup<'_> {
    #[inline]
    pub(super) fn find(&mut self, id: ObjectId) -> Option<ClassIx> {
        let slot = &mut self.recent[(id.0 >> 3 ^ id.0 >> 11) as usize % 256];
        if slot.0 != id || slot.1.is_none() {
            *slot = (id, self.classes.find(id));
        }
        slot.1
    }
}

/// The references that the collector follows from an instance, not null. The last one is the soft or final referent if `true` comes with it.
#[inline]
pub(super) fn instance_references(
    shape: &Shape,
    fields: &[u8],
    encoding: Encoding,
    mut take: impl FnMut(ObjectId, Option<Strength>),
) {
    let id_bytes = encoding.id_bytes();
    for &offset in &shape.references {
        if let Some(bytes) = fields.get(offset as usize..offset as usize + id_bytes) {
            let id = encoding.read_id(bytes);
            if !id.is_null() {
                take(id, None);
            }
        }
    }
    if let Some((offset, strength)) = shape.softer
        && let Some(bytes) = fields.get(offset as usize..offset as usize + id_bytes)
    {
        let id = encoding.read_id(bytes);
        if !id.is_null() {
            take(id, Some(strength));
        }
    }
}

/// The reference after this one that waits for its handler.
#[inline]
pub(super) fn next_pending(shape: &Shape, fields: &[u8], encoding: Encoding) -> Option<ObjectId> {
    let offset = shape.pending? as usize;
    let id = encoding.read_id(fields.get(offset..offset + encoding.id_bytes())?);
    (!id.is_null()).then_some(id)
}

/// The elements of an object array that are not null.
#[inline]
pub(super) fn array_references(elements: &[u8], encoding: Encoding, mut take: impl FnMut(ObjectId)) {
    for bytes in elements.chunks_exact(encoding.id_bytes()) {
        let id = encoding.read_id(bytes);
        if !id.is_null() {
            take(id);
        }
    }
}
