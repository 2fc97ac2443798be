//! Colours, widths, line breaks, and the cleaning of what comes from a dump.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Whether there are colours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) color: bool,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn error(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn warning(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub(super) fn accent(self, text: &str) -> String {
        self.paint("36", text)
    }
}

/// The text without anything that a terminal would obey: control characters, escapes, marks that turn the direction of writing.
pub(in crate::render) fn clean(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| if harmful(c) { format!("\\u{{{:x}}}", u32::from(c)) } else { c.to_string() };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Columns on the terminal, colours not counted.
pub(super) fn width(text: &str) -> usize {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    plain.push_str(rest);
    plain.width()
}

/// Breaks text into lines of at most `room` columns, at spaces where there are some, before Chinese characters elsewhere. Words that are longer are broken where a name has
/// parts: after a dot, before `$` or `(`, but not within parentheses, where a place in the code stands; and anywhere if there is no such place.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // The last place in the line where it may be broken, and the columns up to there.
    let mut breakable: Option<(usize, usize)> = None;
    // The last place in the word, and whether it stands in parentheses.
    let (mut part, mut is_inside): (Option<usize>, bool) = (None, false);
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if used + columns > room && !line.is_empty() {
            if c == ' ' {
                lines.push(std::mem::take(&mut line));
                (used, breakable, part, is_inside) = (0, None, None, false);
                continue;
            }
            let rest = match (breakable, part) {
                // A Chinese character can begin a line anywhere.
                _ if columns == 2 && !is_closing(c) => String::new(),
                (Some((at, _)), _) if at > 0 => line.split_off(at),
                // What begins with a place of its own stands there already.
                (_, Some(at)) if at > 0 && (line.ends_with('$') || !matches!(c, '$' | '(')) => {
                    line.split_off(at)
                }
                _ => String::new(),
            };
            lines.push(std::mem::replace(&mut line, rest.trim_start().to_owned()));
            used = line.width();
            breakable = None;
            (part, is_inside) = parts_of(&line);
        }
        if c == ' ' || columns == 2 && !is_closing(c) {
            breakable = Some((line.len(), used));
        }
        if matches!(c, '$' | '(') && !is_inside && !line.ends_with('$') {
            part = Some(line.len());
        }
        is_inside = c == '(' || is_inside && !matches!(c, ')' | ' ');
        line.push(c);
        used += columns;
        match c {
            ' ' => part = None,
            '.' if !is_inside => part = Some(line.len()),
            _ => {}
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The last place in the last word of a line at which it may be broken, and whether the line ends within parentheses.
fn parts_of(line: &str) -> (Option<usize>, bool) {
    let begin = line.rfind(' ').map_or(0, |at| at + 1);
    let word = &line[begin..];
    let open = word.rfind('(').filter(|&at| !word[at..].contains(')'));
    let outside = &word[..open.unwrap_or(word.len())];
    let dot = outside.rfind('.').map(|at| at + 1);
    let dollar = outside.rfind('$').map(|at| outside[..at].trim_end_matches('$').len());
    let part = open.or(dot.max(dollar)).filter(|&at| at > 0);
    (part.map(|at| begin + at), open.is_some())
}

/// Whether a line cannot begin with that character.
fn is_closing(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '”' | '’' | '…')
}

/// The text in at most `room` columns; what is too long loses its beginning, since the end of a class name says most.
pub(super) fn fit(text: &str, room: usize) -> Cow<'_, str> {
    if text.width() <= room || room == 0 {
        return Cow::Borrowed(text);
    }
    let mut kept = Vec::new();
    let mut used = 1;
    for c in text.chars().rev() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        kept.push(c);
    }
    Cow::Owned(std::iter::once('…').chain(kept.into_iter().rev()).collect())
}

/// The text in at most `room` columns; what is too long loses its end.
pub(super) fn fit_beginning(text: &str, room: usize) -> Cow<'_, str> {
    if text.width() <= room || room == 0 {
        return Cow::Borrowed(text);
    }
    let mut used = 1;
    let mut kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect();
    kept.push('…');
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        assert_eq!(clean("a\u{1b}[31mb\n\u{202e}c"), "a\\u{1b}[31mb\\u{a}\\u{202e}c");
        assert!(matches!(clean("com.acme.Größe"), Cow::Borrowed(_)));
    }

    #[test]
    fn breaks_lines_at_spaces_and_between_chinese_characters() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("堆空间不足", 4), ["堆空", "间不", "足"]);
        assert_eq!(wrap("堆空间，不足", 6), ["堆空", "间，不", "足"], "no line begins with a comma");
        assert_eq!(wrap("", 4), [""]);
        let name = "org.axon.inmemory.InMemoryEngine.events";
        assert_eq!(wrap(name, 36), ["org.axon.inmemory.InMemoryEngine.", "events"]);
        assert_eq!(wrap(name, 20), ["org.axon.inmemory.", "InMemoryEngine.", "events"]);
        let place = "at com.acme.PositionCache.position(PositionCache.java:3).";
        assert_eq!(wrap(place, 46), ["at", "com.acme.PositionCache.position", "(PositionCache.java:3)."]);
        assert_eq!(wrap("com.acme.Outer$Inner", 16), ["com.acme.Outer", "$Inner"]);
        assert_eq!(wrap("com.acme.Outer$Inner", 14), ["com.acme.Outer", "$Inner"]);
        assert_eq!(wrap("org$pekko$Children$$_refs", 19), ["org$pekko$Children", "$$_refs"]);
        assert_eq!(wrap("org$pekko$Children$$_refs", 22), ["org$pekko$Children", "$$_refs"]);
    }

    #[test]
    fn long_names_lose_their_beginning() {
        assert_eq!(fit("com.acme.Order", 8), "…e.Order");
        assert_eq!(fit("short", 8), "short");
    }

    #[test]
    fn long_values_lose_their_end() {
        assert_eq!(fit_beginning("a value in words", 8), "a value…");
        assert_eq!(fit_beginning("堆空间不足", 6), "堆空…");
        assert_eq!(fit_beginning("short", 5), "short");
    }

    #[test]
    fn colours_have_no_width() {
        assert_eq!(width("\u{1b}[1mab\u{1b}[0mc"), 3);
    }
}
