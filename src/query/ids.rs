//! Texts without the ids in them: what many of them have in common, and what may be shown of one.
//!
//! Owns what an id looks like: a UUID, a number in base 16 that is long enough, a long word in which letters and digits take turns, or a long row of digits. What is named by a word and a short number, as a pool, a host or a port
//! is, stays as it is.

use std::borrow::Cow;

/// Characters of the shortest number in base 16 that is taken for an id.
const SHORTEST_ID: usize = 8;
/// Changes between letters and digits in a word that nobody has made up.
const TURNS: usize = 3;
/// Of the shortest row of digits.
const SHORTEST_NUMBER: usize = 6;
/// Characters of a UUID.
const UUID: usize = 36;

/// The text with a `*` for each id.
pub fn without_ids(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_uuid = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hex(part))
    };
    let takes_turns = |word: &str| {
        let are_digits = || word.bytes().map(|byte| byte.is_ascii_digit());
        let turns = are_digits().zip(are_digits().skip(1)).filter(|(one, next)| one != next).count();
        turns >= TURNS && word.is_ascii()
    };
    let is_id = |word: &str| {
        let has_digits = || word.bytes().any(|byte| byte.is_ascii_digit());
        word.len() >= SHORTEST_ID && (is_hex(word) && has_digits() || takes_turns(word))
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        if let Some(uuid) = rest.get(..UUID).filter(|uuid| is_uuid(uuid)) {
            out.push('*');
            rest = &rest[uuid.len()..];
        } else if end == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            let (word, after) = rest.split_at(end);
            if is_id(word) {
                out.push('*')
            } else {
                push_without_numbers(&mut out, word)
            }
            rest = after;
        }
    }
    Cow::Owned(out)
}

/// Adds a word with a `*` for each long row of digits.
fn push_without_numbers(out: &mut String, word: &str) {
    let mut rest = word;
    while !rest.is_empty() {
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (before, numbers) = rest.split_at(letters);
        let digits = numbers.find(|c: char| !c.is_ascii_digit()).unwrap_or(numbers.len());
        let (number, after) = numbers.split_at(digits);
        out.push_str(before);
        out.push_str(if number.len() >= SHORTEST_NUMBER { "*" } else { number });
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::without_ids;

    #[test]
    fn ids_are_left_out() {
        for (text, without) in [
            ("session:3f2504e0-4f89-41d3-9a0c-0305e82c3301", "session:*"),
            ("container-9a7f03bc", "container-*"),
            ("/users/3f2504e04f8941d39a0c0305e82c3301/cart", "/users/*/cart"),
            ("acquirer-2#4f30ee0c2d489248", "acquirer-2#*"),
            ("anon-1k3zq07x", "anon-*"),
            ("order1234567x", "order*x"),
            ("order-123456", "order-*"),
            ("facade-of-decade", "facade-of-decade"),
            ("tcp://mq.acme.example:61616", "tcp://mq.acme.example:61616"),
            ("http-nio-9010-exec-7", "http-nio-9010-exec-7"),
            ("2026-11-30", "2026-11-30"),
            ("no more than äöü", "no more than äöü"),
            ("a1 äöü", "a1 äöü"),
            ("", ""),
        ] {
            assert_eq!(without_ids(text), without);
        }
    }
}
