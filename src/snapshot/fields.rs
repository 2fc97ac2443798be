//! The values in objects: fields, elements, static fields, and what each reference is called.
//!
//! Owns nothing; reads the mapped dump. Cost: finding the record of an object (up to 64 records are walked over) and its bytes.

use super::classes::Field;
use super::heap::Heap;
use super::pending::{PENDING_LINK, REFERENCE};
use crate::hprof::{Cursor, FieldType, HeapRecord, ObjectId, Value};
use crate::ix::{ClassIx, ObjectIx};

/// What the reference from one object to another is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Link<'a> {
    /// An instance field.
    Field {
        /// The class that declares it.
        class: ClassIx,
        /// Its name.
        name: &'a str,
    },
    /// An element of an array.
    Element(u32),
    /// A static field of the class whose mirror refers.
    Static {
        /// The class.
        class: ClassIx,
        /// Its name.
        name: &'a str,
    },
    /// From an object to the mirror of its class.
    Class,
    /// From a class to its super class.
    SuperClass,
    /// From a class to its loader.
    Loader,
    /// From a class to its signers.
    Signers,
    /// From a class to its protection domain.
    ProtectionDomain,
    /// From a thread to what its stack holds.
    Local {
        /// The number of the thread.
        thread: u32,
        /// The number of the frame, `None` outside of Java frames.
        frame: Option<u32>,
    },
}

/// A field with its value.
#[derive(Clone, Copy, Debug)]
pub struct FieldValue<'a> {
    /// The class that declares it.
    pub class: ClassIx,
    /// The field.
    pub field: &'a Field,
    /// Its value.
    pub value: Value,
}

impl Heap {
    /// The instance fields of an object: those of its class first, then those of each super class. Nothing for arrays; a mirror
    /// has the fields of `java.lang.Class` only in dumps that list it as an instance too.
    pub fn fields(&self, object: ObjectIx) -> impl Iterator<Item = FieldValue<'_>> {
        let bytes: &[u8] = match self.record(object) {
            HeapRecord::Instance { fields, .. } => fields,
            _ => &[],
        };
        self.fields_in(self.class_of(object), bytes)
    }

    /// The fields of an instance of `class` whose values stand in `bytes`.
    pub fn fields_in<'a>(&'a self, class: ClassIx, bytes: &'a [u8]) -> impl Iterator<Item = FieldValue<'a>> {
        let mut cursor = Cursor::new(bytes, 0, self.encoding());
        let declared = self
            .classes()
            .lineage(class)
            .flat_map(|(ix, class)| class.fields.iter().map(move |field| (ix, field)));
        declared.map_while(move |(class, field)| {
            Some(FieldValue { class, field, value: Value::read(&mut cursor, field.ty).ok()? })
        })
    }

    /// The value of the instance field of that name; of several the one nearest to the object's own class.
    pub fn field(&self, object: ObjectIx, name: &str) -> Option<Value> {
        let HeapRecord::Instance { fields, .. } = self.record(object) else { return None };
        let (offset, ty) = self.field_place(self.class_of(object), name)?;
        self.value_at(fields, offset, ty)
    }

    /// Where the value of the field of that name stands in a record of an instance of `class`.
    pub fn field_place(&self, class: ClassIx, name: &str) -> Option<(u32, FieldType)> {
        let mut base = 0;
        for (_, declaring) in self.classes().lineage(class) {
            if let Some(field) = declaring.fields.iter().find(|field| &*field.name == name) {
                return Some((base + field.offset, field.ty));
            }
            base += declaring.own_bytes;
        }
        None
    }

    /// The value at a place of [`Self::field_place`].
    pub fn value_at(&self, fields: &[u8], offset: u32, ty: FieldType) -> Option<Value> {
        let bytes = fields.get(offset as usize..)?;
        Value::read(&mut Cursor::new(bytes, 0, self.encoding()), ty).ok()
    }

    /// The object that the field of that name refers to.
    pub fn follow(&self, object: ObjectIx, name: &str) -> Option<ObjectIx> {
        self.find(self.field(object, name)?.reference()?)
    }

    /// The object that a field refers to which the class called `declaring` declares: a sub class may have another one of that name.
    pub fn follow_declared(&self, object: ObjectIx, declaring: &str, name: &str) -> Option<ObjectIx> {
        let mut fields = self.fields(object);
        let is_meant = |field: &FieldValue<'_>| {
            &*field.field.name == name && &*self.classes().get(field.class).name == declaring
        };
        self.find(fields.find(is_meant)?.value.reference()?)
    }

    /// The object at the end of a chain of fields.
    pub fn follow_all(&self, object: ObjectIx, names: &[&str]) -> Option<ObjectIx> {
        names.iter().try_fold(object, |object, name| self.follow(object, name))
    }

    /// The field as a whole number (booleans are 0 and 1).
    pub fn integer(&self, object: ObjectIx, name: &str) -> Option<i64> {
        self.field(object, name)?.integer()
    }

    /// The elements of an array of references, null ones too.
    pub fn elements(&self, object: ObjectIx) -> impl ExactSizeIterator<Item = ObjectId> + '_ {
        let bytes: &[u8] = match self.record(object) {
            HeapRecord::ObjectArray { elements, .. } => elements,
            _ => &[],
        };
        let encoding = self.encoding();
        bytes.chunks_exact(encoding.id_bytes()).map(move |bytes| encoding.read_id(bytes))
    }

    /// The bytes of an array of primitive values, big-endian, and their type.
    pub fn primitive_elements(&self, object: ObjectIx) -> Option<(FieldType, &[u8])> {
        match self.record(object) {
            HeapRecord::PrimitiveArray { element, elements, .. } => Some((element, elements)),
            _ => None,
        }
    }

    /// The static field of a class, by the class's name; of several classes of that name the first that has it.
    pub fn static_reference(&self, class: &str, field: &str) -> Option<ObjectIx> {
        let classes = self.classes().named(class).iter().map(|&class| self.classes().get(class));
        classes.filter_map(|class| class.static_value(field)).find_map(|value| self.find(value.reference()?))
    }

    /// Calls `visit` for everything that `object` refers to in the graph: its references, then the edge to its class if that counts,
    /// then what its stack holds if it is a thread. A referent that is weak is passed over, and so is the
    /// collector's own link between references. Ends when `visit` says so.
    pub fn links<'a>(&'a self, object: ObjectIx, mut visit: impl FnMut(Link<'a>, ObjectIx) -> bool) {
        let found = |id: ObjectId| self.find(id);
        let go_on = match self.record(object) {
            HeapRecord::Instance { fields, .. } => {
                let class = self.class_of(object);
                let strength = self.classes().get(class).strength;
                self.fields_in(class, fields).all(|field| {
                    let Some(to) = field.value.reference().and_then(found) else { return true };
                    let name = &*field.field.name;
                    let is_of_reference = matches!(name, "referent" | PENDING_LINK)
                        && &*self.classes().get(field.class).name == REFERENCE;
                    if is_of_reference && name == PENDING_LINK {
                        return true;
                    }
                    let is_referent = is_of_reference && name == "referent";
                    if is_referent && strength.is_some_and(|strength| !strength.keeps()) {
                        return true;
                    }
                    visit(Link::Field { class: field.class, name: &field.field.name }, to)
                })
            }
            HeapRecord::ObjectArray { .. } => {
                let mut elements = (0u32..).zip(self.elements(object));
                elements.all(|(at, id)| found(id).is_none_or(|to| visit(Link::Element(at), to)))
            }
            HeapRecord::Class(dump) => {
                let fixed = [
                    (dump.super_class, Link::SuperClass),
                    (dump.loader, Link::Loader),
                    (dump.signers, Link::Signers),
                    (dump.protection_domain, Link::ProtectionDomain),
                ];
                let fixed = fixed.into_iter().all(|(id, link)| found(id).is_none_or(|to| visit(link, to)));
                let class = self.classes().find(dump.class);
                fixed
                    && class.is_none_or(|class| {
                        self.classes().get(class).statics.iter().all(|field| {
                            let to = field.value.reference().and_then(found);
                            to.is_none_or(|to| visit(Link::Static { class, name: &field.name }, to))
                        })
                    })
            }
            _ => true,
        };
        if !go_on || !self.graph().hubs.hub_of(object).is_none_or(|mirror| visit(Link::Class, mirror)) {
            return;
        }
        for (at, thread) in self.threads().iter().enumerate().filter(|(_, thread)| thread.object == object) {
            let frames = (0u32..).zip(&thread.frames);
            let in_frames =
                frames.flat_map(|(frame, f)| f.locals.iter().map(move |&local| (Some(frame), local)));
            let native = thread.native_locals.iter().map(|&local| (None, local));
            for (frame, local) in in_frames.chain(native) {
                if !visit(Link::Local { thread: at as u32, frame }, local) {
                    return;
                }
            }
        }
    }

    /// What the reference from `from` to `to` is; of several the first.
    pub fn link(&self, from: ObjectIx, to: ObjectIx) -> Option<Link<'_>> {
        if self.array_length(from).is_some() {
            // Of a long array what each element refers to would have to be looked up.
            let id = self.address_of(to);
            let at = (0u32..).zip(self.elements(from)).find(|&(_, element)| element == id);
            if let Some((at, _)) = at {
                return Some(Link::Element(at));
            }
        }
        let mut link = None;
        self.links(from, |candidate, target| {
            if target == to {
                link = Some(candidate);
            }
            target != to
        });
        link
    }
}
