//! Reads the class dumps into [`Classes`].
//!
//! HotSpot writes all classes before the first object, so usually only the beginning of the heap is read here. Dumps that do
//! otherwise are found out by the scan, which then asks for all classes.

use super::super::classes::{Class, Classes, Field, Names, StaticField, java_name};
use super::super::damage::{Damage, DamageKind};
use super::records::TopLevel;
use crate::hprof::{ClassDump, Encoding, HeapRecord, HeapRecords, ObjectId};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Which classes to look for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::snapshot) enum Search {
    /// Those before the first object.
    Leading,
    /// Those anywhere.
    Everywhere,
}

pub(in crate::snapshot) fn read(
    bytes: &[u8],
    parts: &[Range<usize>],
    encoding: Encoding,
    top: &TopLevel,
    search: Search,
    damage: &mut Damage,
) -> Classes {
    let dumps: Vec<(usize, ClassDump<'_>)> = match search {
        Search::Leading => leading(bytes, parts, encoding),
        Search::Everywhere => {
            parts.par_iter().flat_map_iter(|part| in_part(bytes, part, encoding, top)).collect()
        }
    };
    let mut names = Names::new(bytes, &top.names);
    let mut classes = Classes::default();
    let mut supers = Vec::with_capacity(dumps.len());
    for (at, dump) in dumps {
        if classes.find(dump.class).is_some() {
            damage.add(DamageKind::DuplicateClass, Some(at as u64), 1, 0);
            continue;
        }
        supers.push(dump.super_class);
        let class = class(&dump, encoding, top, &mut names);
        classes.push(class);
    }
    let circles = classes.complete(&supers, encoding);
    damage.add(DamageKind::CircularClass, None, circles, 0);
    classes
}

/// The name of a class by its id, as Java writes it, and the type of its elements if it is an array class.
pub(in crate::snapshot) fn name_of(
    id: ObjectId,
    top: &TopLevel,
    names: &Names<'_>,
) -> (Arc<str>, Option<crate::hprof::FieldType>) {
    match top.class_names.get(&id).and_then(|&name| names.text(name)) {
        Some(text) => {
            let (name, element) = java_name(&text);
            (name.into(), element)
        }
        None => (format!("unknown class {:#x}", id.0).into(), None),
    }
}

fn class(dump: &ClassDump<'_>, encoding: Encoding, top: &TopLevel, names: &mut Names<'_>) -> Class {
    let (name, element) = name_of(dump.class, top, names);
    let mut own_bytes = 0u32;
    let fields = dump
        .instance_fields()
        .map(|(name, ty)| {
            let offset = own_bytes;
            own_bytes += ty.bytes(encoding) as u32;
            Field { name: names.shared(name), ty, offset }
        })
        .collect();
    let statics =
        dump.static_fields().map(|(name, value)| StaticField { name: names.shared(name), value }).collect();
    Class {
        loader_id: dump.loader,
        fields,
        statics,
        own_bytes,
        declared_bytes: dump.instance_bytes,
        element,
        described: true,
        ..Class::undescribed(dump.class, name)
    }
}

fn leading<'a>(bytes: &'a [u8], parts: &[Range<usize>], encoding: Encoding) -> Vec<(usize, ClassDump<'a>)> {
    let mut dumps = Vec::new();
    for part in parts {
        let mut walk = HeapRecords::new(&bytes[..part.end], part.start, encoding);
        loop {
            let at = walk.at();
            match walk.next() {
                Ok(Some(HeapRecord::Class(dump))) => dumps.push((at, dump)),
                Ok(Some(HeapRecord::Root { .. } | HeapRecord::HeapInfo { .. })) => {}
                Ok(Some(_)) | Err(_) => return dumps,
                Ok(None) => break,
            }
        }
    }
    dumps
}

fn in_part<'a>(
    bytes: &'a [u8],
    part: &Range<usize>,
    encoding: Encoding,
    top: &TopLevel,
) -> Vec<(usize, ClassDump<'a>)> {
    let bytes = &bytes[..part.end];
    let mut dumps = Vec::new();
    let mut walk = HeapRecords::new(bytes, part.start, encoding);
    loop {
        let at = walk.at();
        match walk.next() {
            Ok(Some(HeapRecord::Class(dump))) => dumps.push((at, dump)),
            Ok(Some(_)) => {}
            Ok(None) => return dumps,
            Err(_) => {
                let known = |class: ObjectId| top.class_names.contains_key(&class);
                let next = (at + 1..part.end)
                    .find(|&at| super::records::certainly_heap_record(bytes, at, encoding, known));
                let Some(next) = next else { return dumps };
                walk = HeapRecords::new(bytes, next, encoding);
            }
        }
    }
}
