//! A second look at the bytes, for this crate's tests only: walks records and sub-records by the letter of the
//! format, written apart from the code that writes them.

use std::collections::{BTreeMap, HashMap};

/// What a walk over a whole file found.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) version: String,
    pub(crate) id_size: usize,
    /// Records by tag.
    pub(crate) records: BTreeMap<u8, u64>,
    /// Sub-records by tag.
    pub(crate) subs: BTreeMap<u8, u64>,
    /// Names by identifier.
    pub(crate) names: HashMap<u64, String>,
    /// Class name by address.
    pub(crate) class_names: HashMap<u64, String>,
    /// Classes: superclass, loader, instance size, static values that are references, own field types.
    pub(crate) classes: HashMap<u64, Class>,
    /// Objects in file order: address, class (0 for a primitive array), outgoing references.
    pub(crate) objects: Vec<Object>,
    /// Roots: tag, object.
    pub(crate) roots: Vec<(u8, u64)>,
}

#[derive(Debug, Default)]
pub(crate) struct Class {
    pub(crate) superclass: u64,
    pub(crate) loader: u64,
    pub(crate) instance_size: u32,
    pub(crate) static_references: Vec<u64>,
    pub(crate) fields: Vec<(u64, u8)>,
}

#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) address: u64,
    pub(crate) class: u64,
    /// Bytes of the fields or elements in the file.
    pub(crate) body: Vec<u8>,
    /// Elements of an array.
    pub(crate) length: u32,
    /// Element type of an array, 0 for an instance.
    pub(crate) element: u8,
}

struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
    id_size: usize,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let out = &self.all[self.at..self.at + n];
        self.at += n;
        out
    }
    fn number(&mut self, n: usize) -> u64 {
        self.take(n).iter().fold(0, |acc, &b| acc << 8 | u64::from(b))
    }
    fn id(&mut self) -> u64 {
        self.number(self.id_size)
    }
    fn value_of(&mut self, kind: u8) -> u64 {
        let n = self.size_of(kind);
        self.number(n)
    }
    fn size_of(&self, kind: u8) -> usize {
        match kind {
            2 => self.id_size,
            4 | 8 => 1,
            5 | 9 => 2,
            6 | 10 => 4,
            7 | 11 => 8,
            _ => panic!("type {kind} at {:#x}", self.at),
        }
    }
}

/// Walks a file whose lengths must all be right. Heap dump records are `giant` if their length is not to be trusted
/// and they go on to the end of the file.
pub(crate) fn walk(file: &[u8], giant: bool) -> Walk {
    let zero = file.iter().position(|&b| b == 0).expect("a header");
    let mut walk = Walk { version: String::from_utf8_lossy(&file[..zero]).into_owned(), ..Walk::default() };
    let mut bytes = Bytes { all: file, at: zero + 1, id_size: 4 };
    bytes.id_size = bytes.number(4) as usize;
    walk.id_size = bytes.id_size;
    bytes.take(8);
    while bytes.at < file.len() {
        let tag = bytes.number(1) as u8;
        assert_eq!(bytes.number(4), 0, "time of a record");
        let length = bytes.number(4) as usize;
        *walk.records.entry(tag).or_default() += 1;
        let heap = matches!(tag, 0x0c | 0x1c);
        let end = if giant && heap { file.len() } else { bytes.at + length };
        assert!(end <= file.len(), "record {tag:#x} is longer than the file");
        match tag {
            0x01 => {
                let id = bytes.id();
                let text = String::from_utf8_lossy(bytes.take(end - bytes.at)).into_owned();
                assert!(walk.names.insert(id, text).is_none(), "name {id:#x} twice");
            }
            0x02 => {
                bytes.take(4);
                let class = bytes.id();
                bytes.take(4);
                let name = bytes.id();
                walk.class_names.insert(class, walk.names[&name].clone());
            }
            0x0c | 0x1c => {
                while bytes.at < end {
                    sub_record(&mut bytes, &mut walk);
                }
            }
            _ => {
                bytes.take(length);
            }
        }
        assert_eq!(bytes.at, end, "record {tag:#x} has another length than it says");
    }
    walk
}

fn sub_record(bytes: &mut Bytes<'_>, walk: &mut Walk) {
    let tag = bytes.number(1) as u8;
    *walk.subs.entry(tag).or_default() += 1;
    match tag {
        0xfe => {
            bytes.take(4);
            assert!(walk.names.contains_key(&bytes.id()));
        }
        0x20 => class_dump(bytes, walk),
        0x21 => {
            let address = bytes.id();
            bytes.take(4);
            let class = bytes.id();
            let n = bytes.number(4) as usize;
            let body = bytes.take(n).to_vec();
            walk.objects.push(Object { address, class, body, length: 0, element: 0 });
        }
        0x22 => {
            let address = bytes.id();
            bytes.take(4);
            let length = bytes.number(4) as u32;
            let class = bytes.id();
            let body = bytes.take(length as usize * bytes.id_size).to_vec();
            walk.objects.push(Object { address, class, body, length, element: 2 });
        }
        0x23 | 0xc3 => {
            let address = bytes.id();
            bytes.take(4);
            let length = bytes.number(4) as u32;
            let element = bytes.number(1) as u8;
            let n = if tag == 0xc3 { 0 } else { length as usize * bytes.size_of(element) };
            let body = bytes.take(n).to_vec();
            walk.objects.push(Object { address, class: 0, body, length, element });
        }
        _ => {
            let object = bytes.id();
            walk.roots.push((tag, object));
            let rest = match tag {
                0x01 => bytes.id_size,
                0x02 | 0x03 | 0x08 | 0x8e => 8,
                0x04 | 0x06 => 4,
                0x05 | 0x07 | 0xff | 0x89..=0x8d | 0x90 => 0,
                _ => panic!("sub-record {tag:#x} at {:#x}", bytes.at),
            };
            bytes.take(rest);
        }
    }
}

fn class_dump(bytes: &mut Bytes<'_>, walk: &mut Walk) {
    let address = bytes.id();
    bytes.take(4);
    let mut class = Class { superclass: bytes.id(), loader: bytes.id(), ..Class::default() };
    bytes.take(4 * bytes.id_size);
    class.instance_size = bytes.number(4) as u32;
    for _ in 0..bytes.number(2) {
        bytes.take(2);
        let kind = bytes.number(1) as u8;
        bytes.value_of(kind);
    }
    for _ in 0..bytes.number(2) {
        assert!(walk.names.contains_key(&bytes.id()));
        let kind = bytes.number(1) as u8;
        let value = bytes.value_of(kind);
        if kind == 2 && value != 0 {
            class.static_references.push(value);
        }
    }
    for _ in 0..bytes.number(2) {
        let name = bytes.id();
        assert!(walk.names.contains_key(&name));
        class.fields.push((name, bytes.number(1) as u8));
    }
    walk.classes.insert(address, class);
}

impl Walk {
    /// Non-null references out of an object's fields or elements, in file order.
    pub(crate) fn references(&self, object: &Object) -> Vec<u64> {
        let mut bytes = Bytes { all: &object.body, at: 0, id_size: self.id_size };
        let mut found = Vec::new();
        if object.element == 2 {
            found.extend((0..object.length).map(|_| bytes.id()));
        } else if object.element == 0 {
            let mut class = object.class;
            while class != 0 {
                for &(_, kind) in &self.classes[&class].fields {
                    let value = bytes.value_of(kind);
                    if kind == 2 {
                        found.push(value);
                    }
                }
                class = self.classes[&class].superclass;
            }
            assert_eq!(bytes.at, object.body.len(), "fields of {:#x}", object.address);
        }
        found.retain(|&target| target != 0);
        found
    }

    /// Number of objects whose class has this name in the file.
    pub(crate) fn count_of(&self, name: &str) -> usize {
        self.objects.iter().filter(|o| self.class_names.get(&o.class).is_some_and(|n| n == name)).count()
    }
}
