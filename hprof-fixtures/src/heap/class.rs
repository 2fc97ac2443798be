//! Classes: what CLASS_DUMP and LOAD_CLASS say of them.

use super::{HeapBuilder, Jdk};
use crate::root::Root;
use crate::value::{Addr, Kind, Value};

/// A class of the heap under construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassRef {
    pub(crate) index: usize,
    pub(crate) address: Addr,
}

impl ClassRef {
    /// Address of the class object.
    pub const fn address(self) -> Addr {
        self.address
    }
}

impl From<ClassRef> for Addr {
    fn from(class: ClassRef) -> Self {
        class.address
    }
}

/// All that is known of one class.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClassData {
    /// As Java writes it.
    pub(crate) name: String,
    pub(crate) address: u64,
    pub(crate) superclass: Option<usize>,
    pub(crate) superclass_address: u64,
    pub(crate) loader: u64,
    pub(crate) signers: u64,
    pub(crate) protection_domain: u64,
    pub(crate) constants: Vec<(u16, Value)>,
    pub(crate) statics: Vec<(u64, Value)>,
    /// Name identifier, name, type.
    pub(crate) fields: Vec<(u64, String, Kind)>,
    /// Types of fields that the VM adds and no dump shows.
    pub(crate) injected: Vec<Kind>,
    pub(crate) jvm_bytes: Option<u64>,
    pub(crate) declared_bytes: Option<u32>,
    pub(crate) load_records: u32,
}

/// Describes one class; [`ClassBuilder::build`] adds it to the heap.
#[derive(Debug)]
#[must_use = "nothing is added to the heap before `build`"]
pub struct ClassBuilder<'heap> {
    heap: &'heap mut HeapBuilder,
    data: ClassData,
    address: Option<Addr>,
    root_class: bool,
    sticky: bool,
}

impl ClassBuilder<'_> {
    /// A field, in the order of the dump (HotSpot: reverse order of the source).
    pub fn field(mut self, name: &str, kind: Kind) -> Self {
        let id = self.heap.name(name);
        self.data.fields.push((id, name.to_owned(), kind));
        self
    }

    /// A static field with its value.
    pub fn static_field(mut self, name: &str, value: Value) -> Self {
        let id = self.heap.name(name);
        self.data.statics.push((id, value));
        self
    }

    /// An entry of the constant pool; only the hprof agent and Android write any.
    pub fn constant(mut self, index: u16, value: Value) -> Self {
        self.data.constants.push((index, value));
        self
    }

    /// The superclass; `java.lang.Object` if never called.
    pub fn extends(mut self, superclass: ClassRef) -> Self {
        self.data.superclass = Some(superclass.index);
        self.data.superclass_address = superclass.address.0;
        self
    }

    /// A superclass that only its address is known of: it may not be in the dump.
    pub fn extends_unknown(mut self, superclass: Addr) -> Self {
        self.root_class = true;
        self.data.superclass_address = superclass.0;
        self
    }

    /// No superclass at all, as `java.lang.Object`.
    pub fn without_superclass(mut self) -> Self {
        self.root_class = true;
        self
    }

    /// The class loader; the boot loader (0) if never called.
    pub fn loader(mut self, loader: Addr) -> Self {
        self.data.loader = loader.0;
        self
    }

    /// The signers array.
    pub fn signers(mut self, signers: Addr) -> Self {
        self.data.signers = signers.0;
        self
    }

    /// The protection domain.
    pub fn protection_domain(mut self, domain: Addr) -> Self {
        self.data.protection_domain = domain.0;
        self
    }

    /// The address of the class object.
    pub fn address(mut self, address: Addr) -> Self {
        self.address = Some(address);
        self
    }

    /// A field that the VM adds to the class: it takes room in an instance, but no dump shows it.
    pub fn injected_field(mut self, kind: Kind) -> Self {
        self.data.injected.push(kind);
        self
    }

    /// What the JVM allocates for an instance, where the layout does not tell (`@Contended`).
    pub fn instance_bytes(mut self, bytes: u64) -> Self {
        self.data.jvm_bytes = Some(bytes);
        self
    }

    /// What CLASS_DUMP says an instance's fields take, in place of the truth.
    pub fn declared_instance_size(mut self, bytes: u32) -> Self {
        self.data.declared_bytes = Some(bytes);
        self
    }

    /// Number of LOAD_CLASS records: 1 if never called, 0 for a class without a name, more as JDK 11 and 17 write
    /// for arrays (each with a serial number of its own).
    pub fn load_records(mut self, count: u32) -> Self {
        self.data.load_records = count;
        self
    }

    /// Makes the class a sticky root, as those of the boot loader are.
    pub fn sticky(mut self) -> Self {
        self.sticky = true;
        self
    }

    /// Adds the class to the heap.
    pub fn build(self) -> ClassRef {
        let ClassBuilder { heap, mut data, address, root_class, sticky } = self;
        if !root_class && data.superclass.is_none() {
            let object = heap.jdk_class("java.lang.Object");
            data.superclass = Some(object.index);
            data.superclass_address = object.address.0;
        }
        let address = address.unwrap_or_else(|| heap.allocate_mirror(&data));
        data.address = address.0;
        let class = ClassRef { index: heap.classes.len(), address };
        heap.class_by_name.insert(data.name.clone(), class);
        heap.classes.push(data);
        if sticky {
            heap.root(Root::StickyClass(address));
        }
        class
    }
}

/// Bytes of a `java.lang.Class` before its statics on JDK 17 with compressed references.
pub(crate) const MIRROR_BYTES: u64 = 112;

impl HeapBuilder {
    /// Begins a class; `name` is as Java writes it: `com.acme.Node`, `com.acme.Node[]`, `int[]`.
    pub fn class(&mut self, name: &str) -> ClassBuilder<'_> {
        let data = ClassData { name: name.to_owned(), load_records: 1, ..ClassData::default() };
        ClassBuilder { heap: self, data, address: None, root_class: false, sticky: false }
    }

    /// Adds a static field to a class that is built already.
    pub fn static_field(&mut self, class: ClassRef, name: &str, value: Value) {
        let id = self.name(name);
        let statics = &mut self.classes[class.index].statics;
        match statics.iter_mut().find(|(existing, _)| *existing == id) {
            Some(existing) => existing.1 = value,
            None => statics.push((id, value)),
        }
    }

    /// The class last built under this name. An unknown one is made: from the JDK's table if it is there, an array
    /// class otherwise. Panics if it is neither.
    pub fn class_named(&mut self, name: &str) -> ClassRef {
        if let Some(&class) = self.class_by_name.get(name) {
            return class;
        }
        if name.ends_with("[]") { self.class(name).sticky().build() } else { self.jdk_class(name) }
    }

    fn allocate_mirror(&mut self, data: &ClassData) -> Addr {
        let statics: u32 =
            data.statics.iter().map(|(_, value)| value.kind().bytes(self.layout.reference)).sum();
        self.allocate(MIRROR_BYTES + u64::from(statics))
    }

    /// Types of all fields of an instance in file order: the class's own, then its superclass's.
    pub(crate) fn field_kinds(&self, class: ClassRef) -> Vec<Kind> {
        self.chain(class.index).flat_map(|class| class.fields.iter().map(|field| field.2)).collect()
    }

    pub(crate) fn field_place(&self, class: usize, field: &str) -> usize {
        self.chain(class)
            .flat_map(|class| &class.fields)
            .position(|(_, name, _)| name == field)
            .unwrap_or_else(|| panic!("{} has no field {field}", self.classes[class].name))
    }

    /// [`Self::field_place`] of a class that is built.
    pub(crate) fn field_place_of(&self, class: ClassRef, field: &str) -> usize {
        self.field_place(class.index, field)
    }

    /// The class and its superclasses, upwards.
    fn chain(&self, class: usize) -> impl Iterator<Item = &ClassData> {
        std::iter::successors(Some(&self.classes[class]), |class| {
            class.superclass.map(|up| &self.classes[up])
        })
    }

    /// Shallow size of an instance on the JVM.
    pub fn instance_bytes(&self, class: ClassRef) -> u64 {
        if let Some(bytes) = self.classes[class.index].jvm_bytes {
            return bytes;
        }
        let all_kinds = |class: &ClassData| {
            class.fields.iter().map(|field| field.2).chain(class.injected.iter().copied()).collect()
        };
        let mut chain: Vec<Vec<Kind>> = self.chain(class.index).map(all_kinds).collect();
        chain.reverse();
        self.layout.instance_bytes(chain.iter().map(Vec::as_slice))
    }

    /// The class's name as this JVM writes it into the dump.
    pub(crate) fn name_in_file(&self, name: &str) -> String {
        if self.jdk == Jdk::Android { name.to_owned() } else { internal_name(name) }
    }
}

/// `com.acme.Node[]` -> `[Lcom/acme/Node;`, `int[]` -> `[I`, `com.acme.Node` -> `com/acme/Node`.
pub(crate) fn internal_name(name: &str) -> String {
    let element = name.trim_end_matches("[]");
    let dimensions = (name.len() - element.len()) / 2;
    let slashed = element.replace('.', "/");
    if dimensions == 0 {
        return slashed;
    }
    let primitive = match element {
        "boolean" => Some('Z'),
        "char" => Some('C'),
        "float" => Some('F'),
        "double" => Some('D'),
        "byte" => Some('B'),
        "short" => Some('S'),
        "int" => Some('I'),
        "long" => Some('J'),
        _ => None,
    };
    let brackets = "[".repeat(dimensions);
    match primitive {
        Some(letter) => format!("{brackets}{letter}"),
        None => format!("{brackets}L{slashed};"),
    }
}

#[cfg(test)]
mod tests {
    use super::internal_name;

    #[test]
    fn names_are_written_as_the_jvm_does() {
        assert_eq!(internal_name("com.acme.Node"), "com/acme/Node");
        assert_eq!(internal_name("com.acme.Node[][]"), "[[Lcom/acme/Node;");
        assert_eq!(internal_name("int[]"), "[I");
        assert_eq!(internal_name("byte[][]"), "[[B");
    }
}
