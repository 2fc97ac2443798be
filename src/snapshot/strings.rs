//! The text of `java.lang.String` objects, and the system properties.
//!
//! Owns the three layouts of String: `char[]` with `offset` and `count` (JDK 6), `char[]` (7, 8), `byte[]` with a `coder` (9 and later).
//! Cost: reading two records per string.

use super::heap::Heap;
use crate::hprof::{FieldType, Value};
use crate::ix::ObjectIx;

/// The units of a string, not copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units<'a> {
    /// One byte per character, ISO 8859-1.
    Latin1(&'a [u8]),
    /// UTF-16 in little endian (compact strings on the usual processors).
    Utf16Little(&'a [u8]),
    /// UTF-16 in big endian (arrays of chars stand so in the dump).
    Utf16Big(&'a [u8]),
}

impl<'a> Units<'a> {
    /// The bytes that they are kept in.
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Latin1(bytes) | Self::Utf16Little(bytes) | Self::Utf16Big(bytes) => bytes,
        }
    }
}

impl Units<'_> {
    /// How many UTF-16 units there are, as `String.length()` says.
    pub fn length(&self) -> usize {
        match self {
            Self::Latin1(bytes) => bytes.len(),
            Self::Utf16Little(bytes) | Self::Utf16Big(bytes) => bytes.len() / 2,
        }
    }

    /// At most `limit` units as text; surrogates that stand alone become U+FFFD.
    pub fn text(&self, limit: usize) -> String {
        let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
            let units = bytes.chunks_exact(2).take(limit).map(|pair| unit([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        match self {
            Self::Latin1(bytes) => bytes.iter().take(limit).map(|&byte| char::from(byte)).collect(),
            Self::Utf16Little(bytes) => wide(bytes, u16::from_le_bytes),
            Self::Utf16Big(bytes) => wide(bytes, u16::from_be_bytes),
        }
    }
}

impl Heap {
    /// Whether an object is a `java.lang.String`.
    pub fn is_string(&self, object: ObjectIx) -> bool {
        self.class_name(object) == "java.lang.String"
    }

    /// The units of a string; `None` for what is no string or has no value.
    pub fn string_units(&self, string: ObjectIx) -> Option<Units<'_>> {
        if !self.is_string(string) {
            return None;
        }
        let (element, bytes) = self.primitive_elements(self.follow(string, "value")?)?;
        match element {
            FieldType::Byte => Some(match self.integer(string, "coder") {
                Some(1) => Units::Utf16Little(bytes),
                _ => Units::Latin1(bytes),
            }),
            FieldType::Char => {
                let range = match (self.integer(string, "offset"), self.integer(string, "count")) {
                    (Some(offset), Some(count)) => {
                        let start = usize::try_from(offset).ok()?.checked_mul(2)?;
                        start..usize::try_from(count).ok()?.checked_mul(2)?.checked_add(start)?
                    }
                    _ => 0..bytes.len(),
                };
                Some(Units::Utf16Big(bytes.get(range)?))
            }
            _ => None,
        }
    }

    /// The text of a string, at most `limit` UTF-16 units of it.
    pub fn text(&self, string: ObjectIx, limit: usize) -> Option<String> {
        Some(self.string_units(string)?.text(limit))
    }

    /// The text that a field refers to.
    pub fn text_field(&self, object: ObjectIx, name: &str) -> Option<String> {
        const LIMIT: usize = 4096;
        self.text(self.follow(object, name)?, LIMIT)
    }

    /// The system properties, sorted by key. Empty if the dump does not hold `java.lang.System`.
    pub fn system_properties(&self) -> Vec<(String, String)> {
        let Some(properties) = ["props", "systemProperties"]
            .into_iter()
            .find_map(|field| self.static_reference("java.lang.System", field))
        else {
            return Vec::new();
        };
        // Since JDK 9 Properties keeps its entries in a ConcurrentHashMap.
        let map = self.follow(properties, "map").unwrap_or(properties);
        let Some(table) = self.follow(map, "table") else { return Vec::new() };
        let limit = self.array_length(table).unwrap_or(0) as usize + 4096;
        let mut entries = Vec::new();
        for bucket in self.elements(table) {
            let mut entry = self.find(bucket);
            while let Some(node) = entry.filter(|_| entries.len() < limit) {
                let text = |names: [&str; 2]| {
                    let object = names.into_iter().find_map(|name| self.follow(node, name))?;
                    self.text(object, 1 << 16)
                };
                if let (Some(key), Some(value)) = (text(["key", "key"]), text(["val", "value"])) {
                    entries.push((key, value));
                } else {
                    // A circle of damaged entries ends here as well.
                    entries.push((String::new(), String::new()));
                }
                entry = self.follow(node, "next");
            }
        }
        entries.retain(|(key, _)| !key.is_empty());
        entries.sort();
        entries.dedup();
        entries
    }

    /// A field's value as Java would print it: numbers, booleans, characters; references as their text if they are strings.
    pub fn describe_value(&self, value: Value, limit: usize) -> Option<String> {
        Some(match value {
            Value::Boolean(v) => v.to_string(),
            Value::Char(v) => {
                char::from_u32(u32::from(v)).map_or_else(|| format!("\\u{v:04x}"), String::from)
            }
            Value::Float(v) => v.to_string(),
            Value::Double(v) => v.to_string(),
            Value::Byte(v) => v.to_string(),
            Value::Short(v) => v.to_string(),
            Value::Int(v) => v.to_string(),
            Value::Long(v) => v.to_string(),
            Value::Reference(id) => return self.text(self.find(id)?, limit),
        })
    }
}
