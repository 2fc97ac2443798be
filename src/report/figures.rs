//! Figures as people read them: sizes, counts, shares. The same digits in every language.
//!
//! Sizes have binary units (1 KiB = 1024 B) and three significant digits; whoever shows one can offer
//! [`exact_bytes`] beside it.

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// A size with a binary unit and three significant digits: `512 B`, `1.46 KiB`, `23.4 MiB`, `117 GiB`.
pub fn bytes(size: u64) -> String {
    if size < 1024 {
        return format!("{size} B");
    }
    let mut value = size as f64 / 1024.0;
    let mut unit = 0;
    // 1023.5 KiB would be shown as 1024 KiB.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let decimals = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {}", UNITS[unit])
}

/// A size to the byte: `1,234,567 B`.
pub fn exact_bytes(size: u64) -> String {
    format!("{} B", count(size))
}

/// A change of a size: `+1.46 KiB`, `-3 B`, `0 B`.
pub fn bytes_delta(change: i64) -> String {
    format!("{}{}", sign(change), bytes(change.unsigned_abs()))
}

/// A number of things with separators: `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A change of a number of things: `+1,234`.
pub fn count_delta(change: i64) -> String {
    format!("{}{}", sign(change), count(change.unsigned_abs()))
}

/// Values one after the other as bars between the least and the largest of them: `▁▄█`; all alike: `▄▄▄`.
pub fn spark(values: &[u64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let least = values.iter().copied().min().unwrap_or(0);
    let range = values.iter().copied().max().unwrap_or(0) - least;
    let bar = |&value: &u64| match range {
        0 => BARS[3],
        range => BARS[((value - least) as f64 / range as f64 * 7.0).round() as usize],
    };
    values.iter().map(bar).collect()
}

/// A part of a whole in percent: `42%`, `4.2%`, `<0.1%`, `0%`. What is not a number is `?`.
pub fn share(part: f64) -> String {
    let percent = part * 100.0;
    match percent {
        p if !p.is_finite() => "?".to_owned(),
        0.0 => "0%".to_owned(),
        p if p > 0.0 && p < 0.1 => "<0.1%".to_owned(),
        p if p.abs() < 9.95 => format!("{p:.1}%"),
        p if p < 100.0 && p > 99.5 => ">99%".to_owned(),
        p => format!("{p:.0}%"),
    }
}

fn sign(change: i64) -> &'static str {
    match change {
        0 => "",
        c if c < 0 => "\u{2212}",
        _ => "+",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_from_the_least_to_the_largest() {
        assert_eq!(spark(&[10, 15, 20]), "▁▅█");
        assert_eq!(spark(&[7, 7]), "▄▄");
        assert_eq!(spark(&[0, u64::MAX]), "▁█");
        assert_eq!(spark(&[]), "");
    }

    #[test]
    fn sizes_have_three_digits_and_binary_units() {
        let shown =
            [0, 1023, 1024, 1500, 10_240, 1_048_000, 1 << 20, 24_536_678, 1 << 30, u64::MAX].map(bytes);
        let expected = [
            "0 B", "1023 B", "1.00 KiB", "1.46 KiB", "10.0 KiB", "1.00 MiB", "1.00 MiB", "23.4 MiB",
            "1.00 GiB", "16.0 EiB",
        ];
        assert_eq!(shown, expected);
        assert_eq!(exact_bytes(1_234_567), "1,234,567 B");
        assert_eq!(bytes_delta(-1500), "\u{2212}1.46 KiB");
        assert_eq!(bytes_delta(0), "0 B");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([5, -1000, 0].map(count_delta), ["+5", "\u{2212}1,000", "0"]);
    }

    #[test]
    fn shares_never_pretend() {
        let shown = [0.0, 0.0004, 0.0424, 0.0996, 0.424, 0.9999, 1.0, f64::NAN].map(share);
        assert_eq!(shown, ["0%", "<0.1%", "4.2%", "10%", "42%", ">99%", "100%", "?"]);
    }
}
