//! The classes of a snapshot: names, fields, static fields, super classes, loaders.
//!
//! Owns what CLASS_DUMP and LOAD_CLASS say. Cost: some hundred bytes per class, nothing per object.

use crate::hprof::{Encoding, FieldType, NameId, ObjectId, Value};
use crate::ix::{ClassIx, OptObjectIx};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// How strongly a `java.lang.ref.Reference` holds its referent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strength {
    /// The collector keeps the referent until memory gets short.
    Soft,
    /// The collector does not keep the referent.
    Weak,
    /// The collector keeps the referent, an object with a `finalize` method, until that has run.
    Final,
    /// The collector does not keep the referent.
    Phantom,
}

impl Strength {
    /// Whether a referent is kept, at least for a while.
    pub fn keeps(self) -> bool {
        matches!(self, Self::Soft | Self::Final)
    }
}

/// An instance field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: FieldType,
    /// Where its value stands among the values of an instance of the declaring class, in bytes.
    pub offset: u32,
}

/// A static field with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticField {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
}

impl StaticField {
    /// Its type.
    pub fn ty(&self) -> FieldType {
        match self.value {
            Value::Reference(_) => FieldType::Reference,
            Value::Boolean(_) => FieldType::Boolean,
            Value::Char(_) => FieldType::Char,
            Value::Float(_) => FieldType::Float,
            Value::Double(_) => FieldType::Double,
            Value::Byte(_) => FieldType::Byte,
            Value::Short(_) => FieldType::Short,
            Value::Int(_) => FieldType::Int,
            Value::Long(_) => FieldType::Long,
        }
    }
}

/// A class, interface or array class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its id in the dump; null for classes that the dump mentions but does not describe.
    pub id: ObjectId,
    /// As Java writes it: `java.lang.String`, `byte[]`, `com.acme.Row[]`.
    pub name: Arc<str>,
    /// Its super class.
    pub super_class: Option<ClassIx>,
    /// Its loader's id, null for the boot loader.
    pub loader_id: ObjectId,
    /// Its loader, none for the boot loader.
    pub loader: OptObjectIx,
    /// Its mirror, the `java.lang.Class` object.
    pub mirror: OptObjectIx,
    /// The instance fields that it declares itself, in the order of the dump.
    pub fields: Vec<Field>,
    /// Its static fields.
    pub statics: Vec<StaticField>,
    /// Bytes that its own fields take in an instance record.
    pub own_bytes: u32,
    /// Bytes of an instance record: its own fields and those of all super classes.
    pub record_bytes: u32,
    /// What the JVM wrote as the size of an instance: the fields' bytes, without header.
    pub declared_bytes: u32,
    /// For an array class: the type of its elements.
    pub element: Option<FieldType>,
    /// For a sub class of `java.lang.ref.Reference`: how strongly it holds.
    pub strength: Option<Strength>,
    /// Whether the dump describes it.
    pub described: bool,
}

impl Class {
    /// Whether it is an array class.
    pub fn is_array(&self) -> bool {
        self.element.is_some()
    }

    /// Whether it is a class of arrays of primitive values.
    pub fn is_primitive_array(&self) -> bool {
        self.element.is_some_and(|element| element != FieldType::Reference)
    }

    /// The package, empty for the unnamed one. Arrays count to their elements' package.
    pub fn package(&self) -> &str {
        self.name.rfind('.').map_or("", |dot| &self.name[..dot])
    }

    /// The value of a static field.
    pub fn static_value(&self, name: &str) -> Option<Value> {
        self.statics.iter().find(|field| &*field.name == name).map(|field| field.value)
    }
}

/// All classes.
#[derive(Debug, Default)]
pub struct Classes {
    pub(super) all: Vec<Class>,
    pub(super) by_id: HashMap<ObjectId, ClassIx>,
    by_name: HashMap<Arc<str>, Vec<ClassIx>>,
    /// The class of each kind of primitive array, by the code of the type.
    primitive_arrays: [Option<ClassIx>; 12],
    class_class: Option<ClassIx>,
}

impl Classes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// That class.
    #[inline]
    pub fn get(&self, class: ClassIx) -> &Class {
        &self.all[class.index()]
    }

    /// All classes with their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (ClassIx, &Class)> + Clone {
        self.all.iter().enumerate().map(|(at, class)| (ClassIx::from_usize(at), class))
    }

    /// The class with that id.
    #[inline]
    pub fn find(&self, id: ObjectId) -> Option<ClassIx> {
        self.by_id.get(&id).copied()
    }

    /// All classes with that name (one for each loader that defined it), as Java writes it.
    pub fn named(&self, name: &str) -> &[ClassIx] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The array class of primitive elements.
    pub fn primitive_array(&self, element: FieldType) -> ClassIx {
        self.primitive_arrays[element as usize]
            .expect("made for all primitive types when the classes were read")
    }

    /// `java.lang.Class`.
    pub fn class_class(&self) -> ClassIx {
        self.class_class.expect("made when the classes were read")
    }

    /// The class and its super classes, nearest first. Ends also where super classes form a circle.
    pub fn lineage(&self, class: ClassIx) -> impl Iterator<Item = (ClassIx, &Class)> {
        std::iter::successors(Some(class), |&class| self.get(class).super_class)
            .take(self.len())
            .map(|class| (class, self.get(class)))
    }

    /// Whether `class` is `ancestor` or a sub class of it.
    pub fn is_sub_class(&self, class: ClassIx, ancestor: ClassIx) -> bool {
        self.lineage(class).any(|(class, _)| class == ancestor)
    }

    /// Whether `class` or one of its super classes has that name.
    pub fn is_named(&self, class: ClassIx, name: &str) -> bool {
        self.lineage(class).any(|(_, class)| &*class.name == name)
    }

    /// All classes that are one of that name or a sub class of one, marked by number.
    pub fn sub_classes_of(&self, name: &str) -> Vec<ClassIx> {
        self.iter().map(|(class, _)| class).filter(|&class| self.is_named(class, name)).collect()
    }

    /// Adds a class. The first class with an id keeps it.
    pub(super) fn push(&mut self, class: Class) -> ClassIx {
        let ix = ClassIx::from_usize(self.all.len());
        if !class.id.is_null() {
            self.by_id.entry(class.id).or_insert(ix);
        }
        self.by_name.entry(Arc::clone(&class.name)).or_default().push(ix);
        self.all.push(class);
        ix
    }

    /// Puts together classes that were kept: all that [`Self::complete`] would settle is settled in `all`.
    pub(super) fn restore(
        all: Vec<Class>,
        class_class: ClassIx,
        primitive_arrays: [ClassIx; FieldType::PRIMITIVES.len()],
    ) -> Self {
        let mut classes = Self::default();
        for class in all {
            classes.push(class);
        }
        classes.class_class = Some(class_class);
        for (element, array) in FieldType::PRIMITIVES.into_iter().zip(primitive_arrays) {
            classes.primitive_arrays[element as usize] = Some(array);
        }
        classes
    }

    /// Settles what depends on other classes: super classes (by the ids in `supers`), record sizes, reference strengths, and makes
    /// sure that the classes exist that the format takes for granted.
    /// Returns how many classes have a circle of super classes; those circles are cut.
    pub(super) fn complete(&mut self, supers: &[ObjectId], encoding: Encoding) -> u64 {
        for (at, &id) in supers.iter().enumerate() {
            self.all[at].super_class = self.by_id.get(&id).copied();
        }
        self.class_class = Some(self.required("java.lang.Class", None));
        for element in FieldType::PRIMITIVES {
            let class = self.required(&format!("{}[]", element.java_name()), Some(element));
            self.primitive_arrays[element as usize] = Some(class);
        }
        let circles = self.cut_circles();
        for at in 0..self.all.len() {
            let class = ClassIx::from_usize(at);
            let bytes: u64 = self.lineage(class).map(|(_, c)| u64::from(c.own_bytes)).sum();
            let strength = self.lineage(class).find_map(|(_, c)| match &*c.name {
                "java.lang.ref.SoftReference" => Some(Strength::Soft),
                "java.lang.ref.WeakReference" => Some(Strength::Weak),
                "java.lang.ref.FinalReference"
                | "java.lang.ref.Finalizer"
                | "java.lang.ref.FinalizerReference" => Some(Strength::Final),
                "java.lang.ref.PhantomReference" => Some(Strength::Phantom),
                _ => None,
            });
            let entry = &mut self.all[at];
            entry.record_bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            entry.strength = strength;
        }
        debug_assert!(self.all.iter().all(|c| c.own_bytes as usize
            == c.fields.iter().map(|f| f.ty.bytes(encoding)).sum::<usize>()));
        circles
    }

    /// The class of that name of the boot loader, made if the dump does not describe it.
    fn required(&mut self, name: &str, element: Option<FieldType>) -> ClassIx {
        let known = self.named(name).iter().copied().find(|&c| self.get(c).loader_id.is_null());
        known
            .or_else(|| self.named(name).first().copied())
            .unwrap_or_else(|| self.push(Class { element, ..Class::undescribed(ObjectId(0), name.into()) }))
    }

    /// A circle can only come from a damaged dump; walking one would never end.
    fn cut_circles(&mut self) -> u64 {
        // 0: not looked at; 1: on the present walk; 2: known to end.
        let mut state = vec![0u8; self.all.len()];
        let mut circles = 0;
        for start in 0..self.all.len() {
            let mut walk = Vec::new();
            let mut at = Some(start);
            while let Some(class) = at.filter(|&class| state[class] == 0) {
                state[class] = 1;
                walk.push(class);
                at = self.all[class].super_class.map(ClassIx::index);
            }
            if at.is_some_and(|class| state[class] == 1) {
                circles += 1;
                if let Some(&last) = walk.last() {
                    self.all[last].super_class = None;
                }
            }
            for class in walk {
                state[class] = 2;
            }
        }
        circles
    }
}

impl Class {
    /// A class of which no more is known than its name.
    pub(super) fn undescribed(id: ObjectId, name: Arc<str>) -> Self {
        Self {
            id,
            name,
            super_class: None,
            loader_id: ObjectId(0),
            loader: OptObjectIx::NONE,
            mirror: OptObjectIx::NONE,
            fields: Vec::new(),
            statics: Vec::new(),
            own_bytes: 0,
            record_bytes: 0,
            declared_bytes: 0,
            element: None,
            strength: None,
            described: false,
        }
    }
}

/// The texts of UTF8 records, decoded when needed and shared.
#[derive(Debug)]
pub(super) struct Names<'a> {
    bytes: &'a [u8],
    places: &'a HashMap<NameId, Range<usize>>,
    decoded: HashMap<NameId, Arc<str>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(bytes: &'a [u8], places: &'a HashMap<NameId, Range<usize>>) -> Self {
        Self { bytes, places, decoded: HashMap::new() }
    }

    /// The text, not shared.
    pub(super) fn text(&self, name: NameId) -> Option<Cow<'a, str>> {
        self.places.get(&name).map(|place| modified_utf8(&self.bytes[place.clone()]))
    }

    /// The text, `?` if there is no such record.
    pub(super) fn shared(&mut self, name: NameId) -> Arc<str> {
        if let Some(text) = self.decoded.get(&name) {
            return Arc::clone(text);
        }
        let text: Arc<str> = self.text(name).map_or_else(|| "?".into(), |text| Arc::from(&*text));
        self.decoded.insert(name, Arc::clone(&text));
        text
    }
}

/// Decodes the JVM's modified UTF-8 (surrogate pairs as two three-byte forms, zero as two bytes). What is no text becomes U+FFFD.
pub(crate) fn modified_utf8(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut units = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = |ahead: usize| {
            bytes.get(at + ahead).copied().filter(|b| b & 0xc0 == 0x80).map(|b| u16::from(b & 0x3f))
        };
        let lead = bytes[at];
        let (unit, length) = match (lead, byte(1), byte(2)) {
            (0..=0x7f, _, _) => (u16::from(lead), 1),
            (0xc0..=0xdf, Some(b), _) => (u16::from(lead & 0x1f) << 6 | b, 2),
            (0xe0..=0xef, Some(b), Some(c)) => (u16::from(lead & 0x0f) << 12 | b << 6 | c, 3),
            _ => (0xfffd, 1),
        };
        units.push(unit);
        at += length;
    }
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// The name as Java writes it, and for arrays the type of the elements: `[[Ljava/lang/String;` is `java.lang.String[][]`.
pub(super) fn java_name(vm_name: &str) -> (String, Option<FieldType>) {
    let dimensions = vm_name.bytes().take_while(|&b| b == b'[').count();
    let element = &vm_name[dimensions..];
    if dimensions == 0 {
        // The agent of old and Android write names with dots and arrays as Java does.
        let dotted = vm_name.replace('/', ".");
        let ty = dotted.strip_suffix("[]").map(|element| {
            FieldType::PRIMITIVES
                .into_iter()
                .find(|ty| ty.java_name() == element)
                .unwrap_or(FieldType::Reference)
        });
        return (dotted, ty);
    }
    let primitive = |ty: FieldType| (ty.java_name().to_owned(), ty);
    let (name, ty) = match element.as_bytes().first() {
        Some(b'Z') if element.len() == 1 => primitive(FieldType::Boolean),
        Some(b'C') if element.len() == 1 => primitive(FieldType::Char),
        Some(b'F') if element.len() == 1 => primitive(FieldType::Float),
        Some(b'D') if element.len() == 1 => primitive(FieldType::Double),
        Some(b'B') if element.len() == 1 => primitive(FieldType::Byte),
        Some(b'S') if element.len() == 1 => primitive(FieldType::Short),
        Some(b'I') if element.len() == 1 => primitive(FieldType::Int),
        Some(b'J') if element.len() == 1 => primitive(FieldType::Long),
        Some(b'L') => (element[1..].trim_end_matches(';').replace('/', "."), FieldType::Reference),
        _ => (element.replace('/', "."), FieldType::Reference),
    };
    (name + &"[]".repeat(dimensions), Some(if dimensions == 1 { ty } else { FieldType::Reference }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_java_writes_them() {
        assert_eq!(java_name("java/lang/String"), ("java.lang.String".to_owned(), None));
        assert_eq!(java_name("[I"), ("int[]".to_owned(), Some(FieldType::Int)));
        assert_eq!(java_name("[[J"), ("long[][]".to_owned(), Some(FieldType::Reference)));
        assert_eq!(java_name("[Lcom/acme/Row;"), ("com.acme.Row[]".to_owned(), Some(FieldType::Reference)));
        assert_eq!(java_name("byte[]"), ("byte[]".to_owned(), Some(FieldType::Byte)));
        assert_eq!(java_name("["), ("[]".to_owned(), Some(FieldType::Reference)));
    }

    #[test]
    fn decodes_modified_utf8() {
        assert_eq!(modified_utf8("größe".as_bytes()), "größe");
        assert_eq!(modified_utf8(&[0x61, 0xc0, 0x80]), "a\0");
        assert_eq!(modified_utf8(&[0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]), "😀");
        assert_eq!(modified_utf8(&[0xed, 0xa0, 0xbd, 0x61]), "\u{fffd}a");
        assert_eq!(modified_utf8(&[0xff]), "\u{fffd}");
    }

    #[test]
    fn circles_of_super_classes_are_cut() {
        let mut classes = Classes::default();
        for id in 1..=3u64 {
            classes.push(Class::undescribed(ObjectId(id), format!("c{id}").into()));
        }
        let circles = classes.complete(&[ObjectId(2), ObjectId(1), ObjectId(1)], Encoding { wide_ids: true });
        assert_eq!(circles, 1);
        assert!(classes.lineage(ClassIx(2)).count() <= 3);
    }
}
