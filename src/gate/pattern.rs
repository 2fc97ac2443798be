//! Patterns of names in a policy: `*` stands for any characters, `?` for one, everything else for itself.
//!
//! Not the globs of a shell: in class names brackets, braces and dots are ordinary (`byte[]`, `com.acme.Row[]`).
//! Cost: at most length of the name times length of the pattern.

use serde::{Deserialize, Deserializer, de};

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct Pattern(String);

impl Pattern {
    /// The pattern as a policy writes it.
    pub(super) fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    /// Whether the whole `name` fits.
    pub(super) fn matches(&self, name: &str) -> bool {
        wildcard(self.0.as_bytes(), name.as_bytes())
    }
}

/// Matches byte by byte; on a mismatch it goes back to the last `*` and lets it stand for one byte more. `?` takes one
/// whole character of UTF-8.
fn wildcard(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                n += 1;
                while name.get(n).is_some_and(|byte| byte & 0xC0 == 0x80) {
                    n += 1;
                }
            }
            Some(&byte) if byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((after, from)) => {
                    star = Some((after, from + 1));
                    p = after;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

/// One pattern or a list of them; those that begin with `!` take names out again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Patterns(Vec<Pattern>);

impl Patterns {
    /// From patterns as a policy writes them.
    pub(super) fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        Self(patterns.into_iter().map(Pattern::new).collect())
    }

    /// Whether `name` fits one of the patterns and none of those with `!`.
    pub(super) fn matches(&self, name: &str) -> bool {
        let mut found = false;
        for Pattern(pattern) in &self.0 {
            match pattern.strip_prefix('!') {
                Some(out) if wildcard(out.as_bytes(), name.as_bytes()) => return false,
                Some(_) => {}
                None => found = found || wildcard(pattern.as_bytes(), name.as_bytes()),
            }
        }
        found
    }
}

impl Patterns {
    /// The first pattern that none of the names fits, without its `!`.
    pub(super) fn without_match(&self, names: &[&str]) -> Option<&str> {
        let patterns = self.0.iter().map(|Pattern(pattern)| pattern.strip_prefix('!').unwrap_or(pattern));
        let mut unused = patterns
            .filter(|pattern| !names.iter().any(|name| wildcard(pattern.as_bytes(), name.as_bytes())));
        unused.next()
    }
}

impl std::fmt::Display for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, Pattern(pattern)) in self.0.iter().enumerate() {
            write!(f, "{}{pattern}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> de::Visitor<'de> for OneOrMany {
            type Value = Patterns;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a pattern or a list of patterns")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Patterns, E> {
                if text.starts_with('!') {
                    return Err(E::custom("a pattern with `!` takes away from other patterns: write a list"));
                }
                Ok(Patterns::new([text]))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Patterns, A::Error> {
                let mut patterns = Vec::new();
                while let Some(pattern) = list.next_element::<Pattern>()? {
                    patterns.push(pattern);
                }
                if patterns.iter().all(|Pattern(pattern)| pattern.starts_with('!')) {
                    return Err(de::Error::custom(
                        "a list of patterns needs one that does not begin with `!`",
                    ));
                }
                Ok(Patterns(patterns))
            }
        }
        from.deserialize_any(OneOrMany)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, name, fits) in [
            ("com.acme.*", "com.acme.shop.Order", true),
            ("com.acme.*", "com.acme", false),
            ("*Factory", "a.ConnectionFactory", true),
            ("*Factory", "a.FactoryBean", false),
            ("byte[]", "byte[]", true),
            ("*[]", "com.acme.Row[]", true),
            ("*a*b*", "xaxxbx", true),
            ("*a*b", "xaxxbx", false),
            ("a?c", "a\u{4e2d}c", true),
            ("a?c", "ac", false),
            ("", "", true),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_end_soon() {
        let pattern = Pattern::new("*a".repeat(200));
        assert!(!pattern.matches(&("a".repeat(20_000) + "b")));
    }

    #[test]
    fn exclusions() {
        let patterns = Patterns::new(["com.acme.*", "!com.acme.cache.*"]);
        assert!(patterns.matches("com.acme.Order") && !patterns.matches("com.acme.cache.Entry"));
        assert_eq!(patterns.to_string(), "com.acme.*, !com.acme.cache.*");
    }
}
