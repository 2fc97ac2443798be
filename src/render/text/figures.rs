//! Figures as people read them: those of the report, and dates, which follow the language.

use super::Language;

pub use crate::report::figures::{bytes, bytes_delta, count, count_delta, exact_bytes, share, spark};

/// A moment given as ISO 8601, in UTC: `25 Nov 2026, 20:10:05 UTC`, `2026年11月25日 20:10:05 UTC`. Anything else is
/// returned as it is.
pub fn date(language: Language, iso: &str) -> String {
    let Ok(moment) = iso.parse::<jiff::Timestamp>() else { return iso.to_owned() };
    let format = match language {
        Language::En => "%-d %b %Y, %H:%M:%S UTC",
        Language::Zh => "%Y年%-m月%-d日 %H:%M:%S UTC",
    };
    moment.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_language() {
        let iso = "2026-11-25T20:10:05Z";
        assert_eq!(date(Language::En, iso), "25 Nov 2026, 20:10:05 UTC");
        assert_eq!(date(Language::Zh, iso), "2026年11月25日 20:10:05 UTC");
        assert_eq!(date(Language::En, "yesterday"), "yesterday");
    }
}
