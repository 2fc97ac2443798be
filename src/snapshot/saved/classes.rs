//! Classes in the facts of an index. Cost: some tens of bytes per class; the name of each field once.

use super::super::classes::{Class, Classes, Field, StaticField, Strength};
use super::wire::{Decoder, Encoder};
use crate::hprof::{FieldType, ObjectId, Value};
use crate::ix::ClassIx;

pub(super) fn encode(classes: &Classes, to: &mut Encoder) {
    for class in &classes.all {
        encode_class(class, to);
    }
    to.class(classes.class_class());
    FieldType::PRIMITIVES.into_iter().for_each(|element| to.class(classes.primitive_array(element)));
}

/// The `count` classes; bounds are set already.
pub(super) fn decode(from: &mut Decoder<'_>, count: usize) -> Option<Classes> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(decode_class(from)?);
    }
    let class_class = from.class()?;
    let mut arrays = [ClassIx(0); FieldType::PRIMITIVES.len()];
    for array in &mut arrays {
        *array = from.class()?;
    }
    Some(Classes::restore(all, class_class, arrays))
}

fn encode_class(class: &Class, to: &mut Encoder) {
    let Class {
        id,
        name,
        super_class,
        loader_id,
        loader,
        mirror,
        fields,
        statics,
        own_bytes,
        record_bytes,
        declared_bytes,
        element,
        strength,
        described,
    } = class;
    to.number(id.0);
    to.text(name);
    to.option(super_class.map(|class| u64::from(class.0)));
    to.number(loader_id.0);
    to.optional_object(*loader);
    to.optional_object(*mirror);
    to.count(fields.len());
    for Field { name, ty, offset } in fields {
        to.text(name);
        to.u8(*ty as u8);
        to.number(u64::from(*offset));
    }
    to.count(statics.len());
    for StaticField { name, value } in statics {
        to.text(name);
        encode_value(*value, to);
    }
    [own_bytes, record_bytes, declared_bytes].into_iter().for_each(|&bytes| to.number(u64::from(bytes)));
    to.u8(element.map_or(0, |element| element as u8));
    to.u8(match strength {
        None => 0,
        Some(Strength::Soft) => 1,
        Some(Strength::Weak) => 2,
        Some(Strength::Final) => 3,
        Some(Strength::Phantom) => 4,
    });
    to.flag(*described);
}

fn decode_class(from: &mut Decoder<'_>) -> Option<Class> {
    Some(Class {
        id: ObjectId(from.number()?),
        name: from.text()?,
        super_class: if from.flag()? { Some(from.class()?) } else { None },
        loader_id: ObjectId(from.number()?),
        loader: from.optional_object()?,
        mirror: from.optional_object()?,
        fields: from.list(|from| {
            Some(Field { name: from.text()?, ty: FieldType::from_code(from.u8()?)?, offset: from.u32()? })
        })?,
        statics: from.list(|from| Some(StaticField { name: from.text()?, value: decode_value(from)? }))?,
        own_bytes: from.u32()?,
        record_bytes: from.u32()?,
        declared_bytes: from.u32()?,
        element: match from.u8()? {
            0 => None,
            code => Some(FieldType::from_code(code)?),
        },
        strength: match from.u8()? {
            0 => None,
            1 => Some(Strength::Soft),
            2 => Some(Strength::Weak),
            3 => Some(Strength::Final),
            4 => Some(Strength::Phantom),
            _ => return None,
        },
        described: from.flag()?,
    })
}

/// The type and the bits.
#[expect(clippy::cast_sign_loss, reason = "the bits of signed numbers")]
fn encode_value(value: Value, to: &mut Encoder) {
    let (ty, bits) = match value {
        Value::Reference(id) => (FieldType::Reference, id.0),
        Value::Boolean(v) => (FieldType::Boolean, u64::from(v)),
        Value::Char(v) => (FieldType::Char, u64::from(v)),
        Value::Float(v) => (FieldType::Float, u64::from(v.to_bits())),
        Value::Double(v) => (FieldType::Double, v.to_bits()),
        Value::Byte(v) => (FieldType::Byte, u64::from(v as u8)),
        Value::Short(v) => (FieldType::Short, u64::from(v as u16)),
        Value::Int(v) => (FieldType::Int, u64::from(v as u32)),
        Value::Long(v) => (FieldType::Long, v as u64),
    };
    to.u8(ty as u8);
    to.number(bits);
}

#[expect(clippy::cast_possible_wrap, reason = "the bits of signed numbers")]
fn decode_value(from: &mut Decoder<'_>) -> Option<Value> {
    let ty = FieldType::from_code(from.u8()?)?;
    let bits = from.number()?;
    Some(match ty {
        FieldType::Reference => Value::Reference(ObjectId(bits)),
        FieldType::Boolean => Value::Boolean(bits != 0),
        FieldType::Char => Value::Char(bits as u16),
        FieldType::Float => Value::Float(f32::from_bits(bits as u32)),
        FieldType::Double => Value::Double(f64::from_bits(bits)),
        FieldType::Byte => Value::Byte(bits as i8),
        FieldType::Short => Value::Short(bits as i16),
        FieldType::Int => Value::Int(bits as i32),
        FieldType::Long => Value::Long(bits as i64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_all_their_bits() {
        let values = [
            Value::Reference(ObjectId(u64::MAX)),
            Value::Boolean(true),
            Value::Char(0xd83d),
            Value::Float(-0.0),
            Value::Double(f64::MIN_POSITIVE),
            Value::Byte(-1),
            Value::Short(i16::MIN),
            Value::Int(-5),
            Value::Long(i64::MIN),
        ];
        let mut encoder = Encoder::default();
        values.iter().for_each(|&value| encode_value(value, &mut encoder));
        let bytes = encoder.finish();
        let mut decoder = Decoder::new(&bytes);
        values.iter().for_each(|&value| assert_eq!(decode_value(&mut decoder), Some(value)));
    }
}
