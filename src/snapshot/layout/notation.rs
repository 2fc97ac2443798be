//! How a layout is written on a command line and in messages: `--layout compressed`, `--layout header=16,reference=8,alignment=16`.
//!
//! Owns the words and what values make sense. The order of the settings does not matter, and what is not set is taken from the preset, or
//! from the 64-bit JVM with compressed references if there is none.

use super::model::{Model, Packing};
use std::fmt;
use std::str::FromStr;

/// The named layouts, the likeliest first.
const PRESETS: [(&str, Model); 6] = [
    ("compressed", Model::COMPRESSED),
    ("wide-references", Model { reference_bytes: 8, ..Model::COMPRESSED }),
    (
        "uncompressed",
        Model { header_bytes: 16, array_header_bytes: 24, reference_bytes: 8, ..Model::COMPRESSED },
    ),
    (
        "compact",
        Model { header_bytes: 8, array_header_bytes: 12, compact_headers: true, ..Model::COMPRESSED },
    ),
    (
        "compact-wide-references",
        Model {
            header_bytes: 8,
            array_header_bytes: 12,
            reference_bytes: 8,
            compact_headers: true,
            ..Model::COMPRESSED
        },
    ),
    ("32-bit", Model::BITS32),
];

/// Why a layout could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotationError {
    /// A word that is neither a preset nor a setting.
    #[error(
        "{0:?} is no layout; use {presets}, or settings such as header=12,array-header=16,reference=4,alignment=8,packing=15",
        presets = PRESETS.map(|(name, _)| name).join(", ")
    )]
    Unknown(String),
    /// A setting that no JVM has.
    #[error("{setting}={value} is impossible; use {expected}")]
    Impossible {
        /// Which setting.
        setting: &'static str,
        /// What was asked for.
        value: String,
        /// What there is.
        expected: &'static str,
    },
}

impl FromStr for Model {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, NotationError> {
        let mut model = Model::COMPRESSED;
        let mut array_header = None;
        for (at, word) in text.split(',').map(str::trim).enumerate() {
            let Some((setting, value)) = word.split_once('=') else {
                let preset = PRESETS.iter().find(|(name, _)| at == 0 && *name == word);
                model = preset.ok_or_else(|| NotationError::Unknown(word.to_owned()))?.1;
                continue;
            };
            let one_of = |setting, choices: &[u32], expected| {
                let number = value.trim().parse::<u32>().ok().filter(|number| choices.contains(number));
                number.ok_or_else(|| NotationError::Impossible { setting, value: value.to_owned(), expected })
            };
            match setting.trim() {
                "header" => model.header_bytes = one_of("header", &[8, 12, 16], "8, 12 or 16")?,
                "array-header" => {
                    array_header = Some(one_of("array-header", &[12, 16, 20, 24], "12, 16, 20 or 24")?);
                }
                "reference" => model.reference_bytes = one_of("reference", &[4, 8], "4 or 8")?,
                "alignment" => {
                    let powers = [8, 16, 32, 64, 128, 256];
                    model.alignment_bytes = one_of("alignment", &powers, "8, 16, 32, 64, 128 or 256")?;
                }
                "packing" => {
                    model.packing = match one_of("packing", &[14, 15], "14 (JDK 14 and older) or 15")? {
                        14 => Packing::Jdk7To14,
                        _ => Packing::Jdk15,
                    };
                }
                _ => return Err(NotationError::Unknown(word.to_owned())),
            }
        }
        let is_32_bit = model.word_bytes == 4;
        if model.header_bytes != 8 && is_32_bit {
            let value = model.header_bytes.to_string();
            return Err(NotationError::Impossible { setting: "header", value, expected: "8 on 32 bits" });
        }
        model.compact_headers = model.header_bytes == 8 && !is_32_bit;
        model.array_header_bytes = array_header.unwrap_or(match model.header_bytes {
            8 => 12,
            12 => 16,
            _ => 24,
        });
        Ok(model)
    }
}

/// The settings of a model, as [`FromStr`] reads them (the preset `32-bit` is needed besides for a 32-bit JVM).
impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.word_bytes == 4 {
            f.write_str("32-bit,")?;
        }
        let packing = match self.packing {
            Packing::Jdk7To14 => 14,
            Packing::Jdk15 => 15,
        };
        write!(
            f,
            "header={},array-header={},reference={},alignment={},packing={packing}",
            self.header_bytes, self.array_header_bytes, self.reference_bytes, self.alignment_bytes
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        for id_bytes in [4, 8] {
            for alignment in [8, 16] {
                for model in Model::candidates(id_bytes, None, alignment) {
                    assert_eq!(model.to_string().parse(), Ok(model), "{model}");
                }
            }
        }
    }

    #[test]
    fn presets_and_settings() {
        assert_eq!("compressed".parse(), Ok(Model::COMPRESSED));
        let compact: Model = "compact, alignment=16".parse().unwrap();
        assert_eq!((compact.header_bytes, compact.array_header_bytes, compact.alignment_bytes), (8, 12, 16));
        assert!(compact.compact_headers);
        let old: Model = "header=16,reference=8,packing=14".parse().unwrap();
        assert_eq!((old.array_header_bytes, old.packing), (24, Packing::Jdk7To14));
        assert!(!"32-bit".parse::<Model>().unwrap().compact_headers);
    }

    #[test]
    fn nonsense_is_refused_with_what_would_do() {
        let refused = |text: &str| text.parse::<Model>().unwrap_err().to_string();
        assert!(refused("").contains("compressed"));
        assert!(refused("header=12,compact").contains("\"compact\" is no layout"));
        assert_eq!(refused("header=10"), "header=10 is impossible; use 8, 12 or 16");
        assert_eq!(refused("alignment=12"), "alignment=12 is impossible; use 8, 16, 32, 64, 128 or 256");
        assert_eq!(refused("32-bit,header=16"), "header=16 is impossible; use 8 on 32 bits");
        assert!(refused("reference=-4").contains("4 or 8"));
    }
}
