//! Heaps with very many classes: of the boot loader, or each of a class loader of its own.

use super::Shape;
use super::jvm::Place;
use super::writer::HeapWriter;
use crate::heap::{HeapBuilder, MIRROR_BYTES};
use crate::root::Root;
use crate::value::{Addr, Kind, Value};
use crate::wire::{IdSize, Wire, tag};
use std::io;

/// Identifiers of the names of classes; those of the JVM's names lie below.
const NAME_BASE: u64 = 0x7f80_0000_0000;
/// Serial numbers of the classes; those of the JVM's classes lie below.
const FIRST_SERIAL: u32 = 1 << 20;

/// The bulk: first the class objects, each with one static reference, then instances.
struct Mirrors {
    count: u64,
    place: Place,
    object_class: Addr,
    /// Identifier of the name of the static field.
    field_name: u64,
}

impl Mirrors {
    const fn new(count: u64, place: Place) -> Self {
        Mirrors { count, place, object_class: Addr::NULL, field_name: 0 }
    }

    fn define(&mut self, heap: &mut HeapBuilder) {
        self.object_class = heap.jdk_class("java.lang.Object").address();
        self.field_name = heap.name("INSTANCE");
    }

    const fn bytes(&self) -> u64 {
        self.place.layout.align(MIRROR_BYTES + self.place.layout.reference as u64)
    }

    const fn address(&self, class: u64) -> Addr {
        Addr(self.place.bulk() + class * self.bytes())
    }

    /// Where the instances begin.
    const fn end(&self) -> u64 {
        self.address(self.count).0
    }

    /// UTF8 and LOAD_CLASS of each.
    fn names(&self, out: &mut HeapWriter<'_>, package: &str) -> io::Result<()> {
        for class in 0..self.count {
            let name = NAME_BASE + 16 * class;
            let serial = FIRST_SERIAL + u32::try_from(class).expect("fewer classes than serial numbers");
            let mut text = Wire::new(IdSize::Eight);
            text.id(name);
            text.raw(format!("{package}/Type{class:07}").as_bytes());
            let mut load = Wire::new(IdSize::Eight);
            load.u4(serial);
            load.addr(self.address(class));
            load.u4(1);
            load.id(name);
            out.top(|wire| {
                wire.record(tag::UTF8, &text.bytes);
                wire.record(tag::LOAD_CLASS, &load.bytes);
            })?;
        }
        Ok(())
    }

    fn write(&self, out: &mut HeapWriter<'_>, class: u64, loader: Addr, instance: Addr) -> io::Result<()> {
        out.class(self.address(class), self.object_class, loader, &[(self.field_name, instance)])
    }
}

/// One class for each object; the class holds its only instance.
pub(crate) struct Classes {
    mirrors: Mirrors,
    instance_bytes: u64,
}

impl Classes {
    pub(crate) const fn new(objects: u64, place: Place) -> Self {
        Classes { mirrors: Mirrors::new(objects, place), instance_bytes: 0 }
    }

    const fn instance(&self, class: u64) -> Addr {
        Addr(self.mirrors.end() + class * self.instance_bytes)
    }
}

impl Shape for Classes {
    fn define(&mut self, heap: &mut HeapBuilder) {
        self.mirrors.define(heap);
        let object = heap.jdk_class("java.lang.Object");
        self.instance_bytes = heap.instance_bytes(object);
    }

    fn top_records(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        self.mirrors.names(out, "com/acme/generated")
    }

    fn classes(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        (0..self.mirrors.count)
            .try_for_each(|class| self.mirrors.write(out, class, Addr::NULL, self.instance(class)))
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        (0..self.mirrors.count).try_for_each(|class| {
            out.instance(self.instance(class), self.mirrors.address(class), 0);
            out.end()
        })
    }

    fn roots(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        (0..self.mirrors.count).try_for_each(|class| out.root(Root::StickyClass(self.mirrors.address(class))))
    }
}

/// Objects of a plugin: its loader, the loader's list of classes, the list's array, the instance of its class.
const PLUGIN_OBJECTS: u64 = 4;

/// Plugins that were never unloaded: an array holds all their loaders.
pub(crate) struct Loaders {
    mirrors: Mirrors,
    loader_class: Addr,
    /// Types of a loader's fields, and which of them is `classes`.
    loader_fields: Vec<Kind>,
    classes_field: usize,
    list_class: Addr,
    array_class: Addr,
    loader_bytes: u64,
    list_bytes: u64,
    instance_bytes: u64,
}

impl Loaders {
    pub(crate) const fn new(objects: u64, place: Place) -> Self {
        Loaders {
            mirrors: Mirrors::new(objects.div_ceil(PLUGIN_OBJECTS), place),
            loader_class: Addr::NULL,
            loader_fields: Vec::new(),
            classes_field: 0,
            list_class: Addr::NULL,
            array_class: Addr::NULL,
            loader_bytes: 0,
            list_bytes: 0,
            instance_bytes: 0,
        }
    }

    const fn array_bytes(&self, length: u64) -> u64 {
        self.mirrors.place.layout.array_bytes(Kind::Ref, length)
    }

    const fn loader(&self, plugin: u64) -> Addr {
        let each = self.loader_bytes + self.list_bytes + self.array_bytes(1) + self.instance_bytes;
        Addr(self.mirrors.end() + self.array_bytes(self.mirrors.count) + plugin * each)
    }

    const fn list(&self, plugin: u64) -> Addr {
        Addr(self.loader(plugin).0 + self.loader_bytes)
    }

    const fn array(&self, plugin: u64) -> Addr {
        Addr(self.list(plugin).0 + self.list_bytes)
    }

    const fn instance(&self, plugin: u64) -> Addr {
        Addr(self.array(plugin).0 + self.array_bytes(1))
    }
}

impl Shape for Loaders {
    fn define(&mut self, heap: &mut HeapBuilder) {
        self.mirrors.define(heap);
        let base = heap.jdk_class("java.lang.ClassLoader");
        let loader = heap.app_class("com.acme.plugin.PluginLoader").extends(base).build();
        let list = heap.jdk_class("java.util.ArrayList");
        let object = heap.jdk_class("java.lang.Object");
        self.loader_class = loader.address();
        self.loader_fields = heap.field_kinds(loader);
        self.classes_field = heap.field_place_of(loader, "classes");
        self.list_class = list.address();
        self.array_class = heap.class_named("java.lang.Object[]").address();
        self.loader_bytes = heap.instance_bytes(loader);
        self.list_bytes = heap.instance_bytes(list);
        self.instance_bytes = heap.instance_bytes(object);
        let all = Value::Ref(Addr(self.mirrors.end()));
        heap.app_class("com.acme.plugin.Plugins").static_field("LOADED", all).build();
    }

    fn top_records(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        self.mirrors.names(out, "com/acme/plugin")
    }

    fn classes(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        (0..self.mirrors.count).try_for_each(|plugin| {
            self.mirrors.write(out, plugin, self.loader(plugin), self.instance(plugin))
        })
    }

    fn objects(&self, out: &mut HeapWriter<'_>) -> io::Result<()> {
        let count = self.mirrors.count;
        out.object_array(Addr(self.mirrors.end()), self.array_class, count, |plugin| self.loader(plugin))?;
        let field_bytes = self.loader_fields.iter().map(|kind| kind.bytes(8)).sum();
        for plugin in 0..count {
            out.instance(self.loader(plugin), self.loader_class, field_bytes);
            for (place, kind) in self.loader_fields.iter().enumerate() {
                if place == self.classes_field {
                    out.reference(self.list(plugin));
                } else {
                    out.fields().value(kind.zero());
                }
            }
            out.end()?;
            // ArrayList: size, elementData; AbstractList: modCount
            out.instance(self.list(plugin), self.list_class, 4 + 8 + 4);
            out.fields().u4(1);
            out.reference(self.array(plugin));
            out.fields().u4(1);
            out.end()?;
            out.object_array(self.array(plugin), self.array_class, 1, |_| self.mirrors.address(plugin))?;
            out.instance(self.instance(plugin), self.mirrors.address(plugin), 0);
            out.end()?;
        }
        Ok(())
    }
}
