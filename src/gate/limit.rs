//! Budgets and figures: sizes like `"200 MiB"`, parts like `"10%"`, numbers of things.
//!
//! Owns how they are read and compared. Units of 1024 have an `i` (`KiB`, `MiB`, `GiB`), also accepted as `K`, `M`, `G` as the
//! virtual machine's `-Xmx` writes them; `kB`, `MB`, `GB` are units of 1000.

use crate::report::Arg;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A budget for memory: bytes, or a part of the reachable heap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SizeLimit {
    /// Bytes.
    Bytes(u64),
    /// A part of a whole, 0 to 1 (growth may exceed 1).
    Share(f64),
}

/// A budget for a number of things: a number, or (for growth) a part of what there was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CountLimit {
    /// A number of things.
    Count(u64),
    /// A part of what there was.
    Share(f64),
}

/// What a budget allows or what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Figure {
    /// A size in bytes.
    Bytes(u64),
    /// A number of things.
    Count(u64),
    /// A part of a whole, 0 to 1.
    Share(f64),
}

impl Figure {
    /// As an argument of a message.
    pub fn arg(self) -> Arg {
        match self {
            Self::Bytes(bytes) => Arg::Bytes(bytes),
            Self::Count(count) => Arg::Count(count),
            Self::Share(share) => Arg::Share(share),
        }
    }

    /// Whether it is more than `budget`, which must be of the same kind.
    pub fn exceeds(self, budget: Self) -> bool {
        match (self, budget) {
            (Self::Bytes(a), Self::Bytes(b)) | (Self::Count(a), Self::Count(b)) => a > b,
            (Self::Share(a), Self::Share(b)) => a > b,
            _ => unreachable!("a figure is measured in the unit of its budget"),
        }
    }

    /// Bytes and counts as they are, shares in millionths: for sorting and for formats that know only numbers.
    pub fn magnitude(self) -> u64 {
        match self {
            Self::Bytes(n) | Self::Count(n) => n,
            // A share is not negative, and a float cast saturates.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
            Self::Share(share) => (share * 1e6) as u64,
        }
    }
}

/// `part` of `whole`; 0 of nothing is 0, something of nothing is all of it.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if part == 0 {
        return 0.0;
    }
    if whole == 0 {
        return 1.0;
    }
    // Sizes of heaps are exact in a float up to 2^53 bytes.
    part as f64 / whole as f64
}

impl SizeLimit {
    /// The budget, and `bytes` in the same unit, where a share is one of `whole` bytes.
    pub(super) fn compare(self, bytes: u64, whole: u64) -> (Figure, Figure) {
        match self {
            Self::Bytes(budget) => (Figure::Bytes(budget), Figure::Bytes(bytes)),
            Self::Share(budget) => (Figure::Share(budget), Figure::Share(share(bytes, whole))),
        }
    }

    /// As bytes, where a share is one of `whole` bytes.
    pub(super) fn bytes(self, whole: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
            Self::Share(share) => (share * whole as f64) as u64,
        }
    }
}

impl CountLimit {
    /// The budget, and `count` in the same unit, where a share is one of `whole` things.
    pub(super) fn compare(self, count: u64, whole: u64) -> (Figure, Figure) {
        match self {
            Self::Count(budget) => (Figure::Count(budget), Figure::Count(count)),
            Self::Share(budget) => (Figure::Share(budget), Figure::Share(share(count, whole))),
        }
    }
}

/// Reads `10%` as 0.1.
fn parse_percent(text: &str) -> Option<f64> {
    let number: f64 = text.strip_suffix('%')?.trim_end().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number / 100.0)
}

/// Reads `200 MiB`, `1.5g`, `4096`.
fn parse_bytes(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let number = number.replace('_', "");
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "byte" | "bytes" => 1,
        "k" | "ki" | "kib" => 1 << 10,
        "m" | "mi" | "mib" => 1 << 20,
        "g" | "gi" | "gib" => 1 << 30,
        "t" | "ti" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return None,
    };
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(factor);
    }
    let number: f64 = number.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "digits are not negative")]
    number.is_finite().then_some((number * factor as f64) as u64)
}

impl std::str::FromStr for SizeLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        parse_percent(text).map(Self::Share).or_else(|| parse_bytes(text).map(Self::Bytes)).ok_or_else(|| {
            format!("`{text}` is not a size: write for example \"200 MiB\", \"1.5 GB\" or \"10%\"")
        })
    }
}

impl std::str::FromStr for CountLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        parse_percent(text)
            .map(Self::Share)
            .or_else(|| text.replace('_', "").parse().ok().map(Self::Count))
            .ok_or_else(|| format!("`{text}` is not a number of things: write for example 100 or \"10%\""))
    }
}

/// Reads a number or a string; both kinds of limit are written so.
struct LimitVisitor<T>(std::marker::PhantomData<T>, fn(u64) -> T, &'static str);

impl<T: std::str::FromStr<Err = String>> de::Visitor<'_> for LimitVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.2)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        Ok((self.1)(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        u64::try_from(number).map(self.1).map_err(|_| E::custom("a budget is not negative"))
    }
}

impl<'de> Deserialize<'de> for SizeLimit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a size such as \"200 MiB\" or \"10%\"";
        from.deserialize_any(LimitVisitor(std::marker::PhantomData, Self::Bytes, expected))
    }
}

impl<'de> Deserialize<'de> for CountLimit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "a number of things such as 100 or \"10%\"";
        from.deserialize_any(LimitVisitor(std::marker::PhantomData, Self::Count, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        for (text, limit) in [
            ("200 MiB", SizeLimit::Bytes(200 << 20)),
            ("1.5g", SizeLimit::Bytes(3 << 29)),
            ("2 GB", SizeLimit::Bytes(2_000_000_000)),
            ("4_096", SizeLimit::Bytes(4096)),
            ("10%", SizeLimit::Share(0.1)),
            ("0.5 %", SizeLimit::Share(0.005)),
        ] {
            assert_eq!(text.parse(), Ok(limit), "{text}");
        }
        for text in ["", "MiB", "-1", "10 apples", "1.2.3 k", "NaN%", "-3%", "99999999999 TiB"] {
            assert!(text.parse::<SizeLimit>().is_err(), "{text}");
        }
        assert_eq!("1_000".parse(), Ok(CountLimit::Count(1000)));
        assert!("10 MiB".parse::<CountLimit>().is_err());
    }

    #[test]
    fn shares_of_nothing() {
        assert_eq!(share(0, 0), 0.0);
        assert_eq!(share(5, 0), 1.0);
        assert!(SizeLimit::Share(0.5).compare(6, 10).1.exceeds(Figure::Share(0.5)));
    }
}
