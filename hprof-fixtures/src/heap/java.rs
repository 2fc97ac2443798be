//! Objects of the JDK as it builds them: strings, boxes, collections, system properties, the class loader.

use super::jdk::{OBJECT, SKIP_LIST_MAP};
use super::{ClassRef, HeapBuilder, Jdk};
use crate::value::{Addr, PrimitiveArray, Value};

/// `String.hashCode`.
pub(crate) fn string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// `HashMap.hash`: the high half mixed into the low one.
pub(crate) const fn spread(hash: i32) -> i32 {
    hash ^ (hash.cast_unsigned() >> 16).cast_signed()
}

impl HeapBuilder {
    /// A `java.lang.String` and its array: `byte[]` in Latin-1 or UTF-16 since JDK 9 (little-endian, as on x86),
    /// `char[]` before and on Android.
    pub fn string(&mut self, text: &str) -> Addr {
        let units: Vec<u16> = text.encode_utf16().collect();
        let length = i32::try_from(units.len()).expect("a string of a test is short");
        let latin1 = units.iter().all(|&unit| unit < 256);
        let class = self.jdk_class("java.lang.String");
        match self.jdk {
            Jdk::V8 => {
                let value = self.primitive_array(PrimitiveArray::Char(units));
                self.instance_with(class, &[("value", Value::Ref(value))])
            }
            Jdk::Android => {
                let value = self.primitive_array(PrimitiveArray::Char(units));
                self.instance_with(class, &[("value", Value::Ref(value)), ("count", Value::Int(length))])
            }
            Jdk::V17 | Jdk::V21 => {
                let bytes = if latin1 {
                    units.iter().map(|&unit| unit as u8).collect()
                } else {
                    units.iter().flat_map(|unit| unit.to_le_bytes()).collect()
                };
                let value = self.primitive_array(PrimitiveArray::Byte(bytes));
                let coder = Value::Byte(i8::from(!latin1));
                self.instance_with(class, &[("value", Value::Ref(value)), ("coder", coder)])
            }
        }
    }

    /// A `java.lang.Integer`.
    pub fn boxed_int(&mut self, value: i32) -> Addr {
        let class = self.jdk_class("java.lang.Integer");
        self.instance(class, &[Value::Int(value)])
    }

    /// A `java.lang.Long`.
    pub fn boxed_long(&mut self, value: i64) -> Addr {
        let class = self.jdk_class("java.lang.Long");
        self.instance(class, &[Value::Long(value)])
    }

    /// A `java.util.ArrayList` whose array is as long as it is full.
    pub fn array_list(&mut self, elements: &[Addr]) -> Addr {
        let class = self.jdk_class("java.util.ArrayList");
        let size = i32::try_from(elements.len()).expect("a list of a test is short");
        let array = self.object_array("java.lang.Object[]", elements);
        let fields =
            [("size", Value::Int(size)), ("elementData", Value::Ref(array)), ("modCount", Value::Int(size))];
        self.instance_with(class, &fields)
    }

    /// A `java.util.HashMap` with these keys and values. Hashes come from the keys' addresses.
    pub fn hash_map(&mut self, entries: &[(Addr, Addr)]) -> Addr {
        let class = self.jdk_class("java.util.HashMap");
        self.hash_map_of(class, entries, &[])
    }

    /// A map of a sub class of `java.util.HashMap`, with these fields more.
    pub fn hash_map_of(&mut self, class: ClassRef, entries: &[(Addr, Addr)], more: &[(&str, Value)]) -> Addr {
        let hashed: Vec<_> = entries.iter().map(|&(key, value)| (identity_hash(key), key, value)).collect();
        self.hashed_map(class, &hashed, more)
    }

    /// A `java.util.HashMap` with keys of these hash codes. `entries` are hash, key, value.
    pub fn hash_map_by_hash(&mut self, entries: &[(i32, Addr, Addr)]) -> Addr {
        let class = self.jdk_class("java.util.HashMap");
        self.hashed_map(class, entries, &[])
    }

    fn hashed_map(&mut self, class: ClassRef, entries: &[(i32, Addr, Addr)], more: &[(&str, Value)]) -> Addr {
        let (table, capacity) = self.bucket_table("java.util.HashMap$Node", "value", entries);
        let size = Value::Int(i32::try_from(entries.len()).expect("a map of a test is small"));
        let threshold = i32::try_from(capacity * 3 / 4).expect("a map of a test is small");
        let mut fields = vec![
            ("size", size),
            ("modCount", size),
            ("threshold", Value::Int(threshold)),
            ("loadFactor", Value::Float(0.75)),
            ("table", Value::Ref(table)),
        ];
        fields.extend(more);
        self.instance_with(class, &fields)
    }

    /// A `java.util.concurrent.ConcurrentHashMap` with these keys and values.
    pub fn concurrent_hash_map(&mut self, entries: &[(Addr, Addr)]) -> Addr {
        let hashed: Vec<_> = entries.iter().map(|&(key, value)| (identity_hash(key), key, value)).collect();
        self.concurrent_hash_map_of(&hashed)
    }

    fn concurrent_hash_map_of(&mut self, entries: &[(i32, Addr, Addr)]) -> Addr {
        let (table, capacity) =
            self.bucket_table("java.util.concurrent.ConcurrentHashMap$Node", "val", entries);
        let class = self.jdk_class("java.util.concurrent.ConcurrentHashMap");
        let size_control = i32::try_from(capacity * 3 / 4).expect("a map of a test is small");
        self.instance_with(
            class,
            &[
                ("baseCount", Value::Long(i64::try_from(entries.len()).expect("a map of a test is small"))),
                ("sizeCtl", Value::Int(size_control)),
                ("table", Value::Ref(table)),
            ],
        )
    }

    /// A `java.util.concurrent.ConcurrentSkipListMap` with these keys and values in this order: an index of one level, a node before the first one and a
    /// marker behind it, as behind one that is being removed.
    pub fn skip_list_map(&mut self, entries: &[(Addr, Addr)]) -> Addr {
        let [map, node, index] =
            ["", "$Node", "$Index"].map(|inner| self.jdk_class(&format!("{SKIP_LIST_MAP}{inner}")));
        let is_old = self.jdk == Jdk::V8;
        let value_field = if is_old { "value" } else { "val" };
        let mut next = Addr::NULL;
        for (at, &(key, value)) in entries.iter().enumerate().rev() {
            if at == 0 {
                next = self.instance_with(node, &[("next", Value::Ref(next))]);
                // Until JDK 8 a marker is its own value.
                self.set_field(next, value_field, if is_old { Value::Ref(next) } else { Value::NULL });
            }
            let fields =
                [("key", Value::Ref(key)), (value_field, Value::Ref(value)), ("next", Value::Ref(next))];
            next = self.instance_with(node, &fields);
        }
        let before_first = self.instance_with(node, &[("next", Value::Ref(next))]);
        let head = self.instance_with(index, &[("node", Value::Ref(before_first))]);
        let made = self.instance_with(map, &[("head", Value::Ref(head))]);
        if is_old {
            let object = self.jdk_class(OBJECT);
            let base = self.instance(object, &[]);
            self.set_field(before_first, value_field, Value::Ref(base));
        } else {
            let adder = self.jdk_class("java.util.concurrent.atomic.LongAdder");
            let count = i64::try_from(entries.len()).expect("a map of a test is small");
            let adder = self.instance_with(adder, &[("base", Value::Long(count))]);
            self.set_field(made, "adder", Value::Ref(adder));
        }
        made
    }

    /// A `java.util.EnumMap` of an enumeration with these constants, with values for some of them.
    pub fn enum_map(&mut self, enumeration: &str, entries: &[(&str, Option<Addr>)]) -> Addr {
        let constant = self.jdk_class("java.lang.Enum");
        let constant = self.class(enumeration).extends(constant).build();
        let keys: Vec<Addr> = entries
            .iter()
            .map(|(name, _)| {
                let name = self.string(name);
                self.instance_with(constant, &[("name", Value::Ref(name))])
            })
            .collect();
        let values: Vec<Addr> = entries.iter().map(|(_, value)| value.unwrap_or(Addr::NULL)).collect();
        let size = values.iter().filter(|value| **value != Addr::NULL).count();
        let keys = self.object_array("java.lang.Object[]", &keys);
        let values = self.object_array("java.lang.Object[]", &values);
        let map = self.jdk_class("java.util.EnumMap");
        let fields = [
            ("keyUniverse", Value::Ref(keys)),
            ("vals", Value::Ref(values)),
            ("size", Value::Int(i32::try_from(size).expect("a map of a test is small"))),
        ];
        self.instance_with(map, &fields)
    }

    /// The array of buckets with its chains of nodes, and its length. `entries` are hash, key, value.
    fn bucket_table(
        &mut self,
        node: &str,
        value_field: &str,
        entries: &[(i32, Addr, Addr)],
    ) -> (Addr, usize) {
        let capacity = (entries.len() * 4 / 3 + 1).next_power_of_two().max(16);
        let table = self.object_array(&format!("{node}[]"), &vec![Addr::NULL; capacity]);
        let class = self.jdk_class(node);
        let mut heads = vec![Addr::NULL; capacity];
        for &(hash, key, value) in entries {
            let bucket = hash.cast_unsigned() as usize & (capacity - 1);
            let fields = [
                ("hash", Value::Int(hash)),
                ("key", Value::Ref(key)),
                (value_field, Value::Ref(value)),
                ("next", Value::Ref(heads[bucket])),
            ];
            heads[bucket] = self.instance_with(class, &fields);
            self.set_element(table, bucket, heads[bucket]);
        }
        (table, capacity)
    }

    /// `java.lang.System.props` as the JDK keeps it: a Properties with a ConcurrentHashMap inside since JDK 9, a
    /// Hashtable before.
    pub fn system_properties(&mut self, properties: &[(&str, &str)]) -> Addr {
        let entries: Vec<(i32, Addr, Addr)> = properties
            .iter()
            .map(|&(key, value)| (spread(string_hash(key)) & i32::MAX, self.string(key), self.string(value)))
            .collect();
        let class = self.jdk_class("java.util.Properties");
        let object = if self.jdk == Jdk::V8 {
            let (table, _) = self.bucket_table("java.util.Hashtable$Entry", "value", &entries);
            let count = i32::try_from(entries.len()).expect("few properties");
            self.instance_with(class, &[("table", Value::Ref(table)), ("count", Value::Int(count))])
        } else {
            let map = self.concurrent_hash_map_of(&entries);
            self.instance_with(class, &[("map", Value::Ref(map))])
        };
        let system = self.jdk_class("java.lang.System");
        self.static_field(system, "props", Value::Ref(object));
        object
    }

    /// The application class loader. Its `classes` list gets every class that names it as its loader.
    pub fn app_class_loader(&mut self) -> Addr {
        if let Some(loader) = self.app_class_loader {
            return loader;
        }
        let class = self.jdk_class(match self.jdk {
            Jdk::V8 | Jdk::Android => "sun.misc.Launcher$AppClassLoader",
            Jdk::V17 | Jdk::V21 => "jdk.internal.loader.ClassLoaders$AppClassLoader",
        });
        let name = self.string("app");
        let loader = self.instance_with(class, &[("name", Value::Ref(name))]);
        let base = self.jdk_class("java.lang.ClassLoader");
        self.static_field(base, "scl", Value::Ref(loader));
        self.app_class_loader = Some(loader);
        loader
    }

    /// Begins a class of the application class loader.
    pub fn app_class(&mut self, name: &str) -> super::ClassBuilder<'_> {
        let loader = self.app_class_loader();
        self.class(name).loader(loader)
    }

    pub(crate) fn fill_class_loader(&mut self) {
        let Some(loader) = self.app_class_loader else { return };
        let loaded: Vec<Addr> = self
            .classes
            .iter()
            .filter(|class| class.loader == loader.0)
            .map(|class| Addr(class.address))
            .collect();
        let list = self.array_list(&loaded);
        self.set_field(loader, "classes", Value::Ref(list));
    }

    /// A `java.lang.ref.WeakReference`, `SoftReference`, ... or a subclass of one, to `referent`.
    pub fn reference(&mut self, class: ClassRef, referent: Addr) -> Addr {
        self.instance_with(class, &[("referent", Value::Ref(referent))])
    }
}

/// A hash like `Object.hashCode` gives: positive, unlike the address.
fn identity_hash(object: Addr) -> i32 {
    (crate::splitmix::mix(object.0) as u32 & 0x7fff_ffff).cast_signed()
}
