//! Words: turns [`Text`] into English or Simplified Chinese.
//!
//! Owns the catalogues (`locales/*.ftl`, embedded) and how figures are written. Knows nothing of terminals or HTML: a
//! renderer that wants to set names and figures apart from the words takes [`Language::pieces`]. Words never fail: a
//! message that no catalogue has is shown by its id, and tests keep the two catalogues complete.
//!
//! Names of messages follow the report: `section-ID` and `section-ID-about` for sections, `table-ID` for tables, trees,
//! bars, maps and path graphs, `facts-ID` for groups of facts (optional), `column-KEY`, `fact-KEY`.

mod figures;
mod messages;

pub use figures::{bytes, bytes_delta, count, count_delta, date, exact_bytes, share, spark};
pub use messages::messages;

use crate::report::{Arg, NamedValue, Text};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::str::FromStr;
use std::sync::OnceLock;
use unic_langid::langid;

/// A language of the reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, String> {
        match tag {
            "en" => Ok(Self::En),
            "zh" => Ok(Self::Zh),
            other => Err(format!("no such language: {other} (there are en and zh)")),
        }
    }
}

/// A part of a text, so that a renderer can set names and figures apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The program's own words.
    Words(String),
    /// A name or value from the dump: not to be trusted.
    Name(String),
    /// A size as shown, and to the byte.
    Size {
        /// With a unit.
        shown: String,
        /// To the byte.
        exact: String,
    },
    /// A share in percent.
    Share(String),
}

impl Piece {
    /// The words alone.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Words(words) | Self::Name(words) | Self::Share(words) | Self::Size { shown: words, .. } => {
                words
            }
        }
    }
}

/// Stand around the number of an argument in a formatted message. No catalogue contains them.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The tag for `lang` attributes.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
        }
    }

    /// The catalogue as it was written, for tests and documentation.
    pub const fn catalogue(self) -> &'static str {
        match self {
            Self::En => include_str!("../../locales/en.ftl"),
            Self::Zh => include_str!("../../locales/zh.ftl"),
        }
    }

    /// Whether the catalogue has that message.
    pub fn has(self, id: &str) -> bool {
        self.bundle().get_message(id).is_some_and(|message| message.value().is_some())
    }

    /// The text in this language, with names of bearable length.
    pub fn text(self, text: &Text) -> String {
        let pieces = self.pieces(text);
        let words = pieces.iter().map(|piece| match piece {
            Piece::Name(name) => shorten(name),
            other => Cow::Borrowed(other.as_str()),
        });
        words.collect()
    }

    /// The message `id` without arguments.
    pub fn message(self, id: &str) -> String {
        self.text(&Text::message(id))
    }

    /// The text in this language, names and figures apart from words.
    pub fn pieces(self, text: &Text) -> Vec<Piece> {
        let mut pieces = Vec::new();
        self.collect(text, &mut pieces);
        pieces
    }

    /// Texts inside texts nest as deep as their authors wrote them (the JSON reader bounds that), so recursion is safe.
    fn collect(self, text: &Text, pieces: &mut Vec<Piece>) {
        match text {
            Text::Plain(words) => push_words(pieces, words),
            Text::Both { en, zh } => {
                pieces.push(Piece::Words(if self == Self::En { en } else { zh }.clone()));
            }
            Text::Values { values, share: part } => {
                for (i, NamedValue { en, zh, value }) in values.iter().enumerate() {
                    let comma = if i > 0 { ", " } else { "" };
                    let label = if self == Self::En { en } else { zh };
                    push_words(pieces, &format!("{comma}{label}={value}"));
                }
                if let Some(part) = part {
                    push_words(pieces, &format!(" ({})", share(*part)));
                }
            }
            Text::Message { id, args } => {
                let Some(pattern) = self.bundle().get_message(id).and_then(|message| message.value()) else {
                    pieces.push(Piece::Words(id.clone()));
                    return;
                };
                let mut values = FluentArgs::with_capacity(args.len());
                for (i, (name, arg)) in args.iter().enumerate() {
                    let value = match arg {
                        // Numbers choose plural forms; everything else is put in afterwards.
                        Arg::Count(number) => FluentValue::from(*number as f64),
                        _ => FluentValue::from(format!("{OPEN}{i}{CLOSE}")),
                    };
                    values.set(name.as_str(), value);
                }
                let mut errors = Vec::new();
                let formatted = self.bundle().format_pattern(pattern, Some(&values), &mut errors);
                let args: Vec<&Arg> = args.values().collect();
                self.fill(&formatted, &args, pieces);
            }
        }
    }

    fn fill(self, formatted: &str, args: &[&Arg], pieces: &mut Vec<Piece>) {
        let mut rest = formatted;
        while let Some((words, after)) = rest.split_once(OPEN) {
            push_words(pieces, words);
            let (number, after) = after.split_once(CLOSE).unwrap_or((after, ""));
            match number.parse().ok().and_then(|i: usize| args.get(i)) {
                Some(Arg::Bytes(size)) => {
                    pieces.push(Piece::Size { shown: bytes(*size), exact: exact_bytes(*size) });
                }
                Some(Arg::Share(part)) => pieces.push(Piece::Share(share(*part))),
                Some(Arg::Count(number)) => push_words(pieces, &count(*number)),
                Some(Arg::Name(name)) => pieces.push(Piece::Name(name.clone())),
                Some(Arg::Text(inner)) => self.collect(inner, pieces),
                None => {}
            }
            rest = after;
        }
        push_words(pieces, rest);
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; 2] = [OnceLock::new(), OnceLock::new()];
        BUNDLES[self as usize].get_or_init(|| {
            let tag = match self {
                Self::En => langid!("en"),
                Self::Zh => langid!("zh-Hans"),
            };
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(|value, _| match value {
                FluentValue::Number(number) if number.value >= 0.0 => Some(count(number.value as u64)),
                _ => None,
            }));
            // A mistake in a catalogue costs the message, not the report; a test finds it.
            let resource =
                FluentResource::try_new(self.catalogue().to_owned()).unwrap_or_else(|(usable, _)| usable);
            let _duplicates = bundle.add_resource(resource);
            bundle
        })
    }
}

/// Characters of a name that are shown. Longer names say how long they are.
pub(super) const LONGEST_NAME: usize = 240;

/// A name of bearable length: a class may be called by 64 KB.
pub(super) fn shorten(name: &str) -> Cow<'_, str> {
    cut(name, LONGEST_NAME)
}

/// At most `longest` characters; what is cut says how many more there were, in figures alone: a page shows it in both languages.
pub(super) fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(longest) else { return Cow::Borrowed(text) };
    let more = text[end..].chars().count() as u64;
    Cow::Owned(format!("{}… (+{})", &text[..end], count(more)))
}

/// What a variable holds, as the report writes it (`size 3`, `class a.B`, `42`), for people.
pub(super) fn value_in_words(words: &str) -> Text {
    let number = |digits: &str| digits.replace(',', "").parse().ok().map(Arg::Count);
    let with = |prefix: &str| words.strip_prefix(prefix);
    let found = None
        .or_else(|| Some(("value-size", "count", number(with("size ")?)?)))
        .or_else(|| Some(("value-length", "count", number(with("length ")?)?)))
        .or_else(|| Some(("value-class", "class", Arg::name(with("class ")?))));
    match found {
        Some((id, key, arg)) => Text::with(id, [(key, arg)]),
        None => Text::with("value-plain", [("value", Arg::name(words))]),
    }
}

/// The kind of a GC root, given in the words of the dump format (`sticky class`, `class of LOADER`), for people.
pub fn root_kind(words: &str) -> Text {
    if let Some(loader) = words.strip_prefix("class of ") {
        return Text::with("root-class-of", [("loader", Arg::name(loader))]);
    }
    let id = format!("root-{}", words.to_ascii_lowercase().replace(' ', "-"));
    if Language::En.has(&id) { Text::message(&id) } else { Text::plain(words) }
}

fn push_words(pieces: &mut Vec<Piece>, words: &str) {
    if words.is_empty() {
        return;
    }
    if let Some(Piece::Words(last)) = pieces.last_mut() {
        last.push_str(words);
    } else {
        pieces.push(Piece::Words(words.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogues_parse_and_have_no_duplicates() {
        for language in Language::ALL {
            let resource = FluentResource::try_new(language.catalogue().to_owned())
                .map_err(|(_, errors)| errors)
                .expect("the catalogue parses");
            let mut bundle = FluentBundle::new_concurrent(vec![]);
            bundle.add_resource(resource).expect("no message occurs twice");
        }
    }

    #[test]
    fn arguments_stand_apart_from_words() {
        let inner = Text::with("piece-test", [("x", Arg::Count(1))]);
        let text = Text::with(
            "verdict-biggest-holder",
            [
                ("holder", Arg::name("a.B.\u{E000}0\u{E001}")),
                ("size", Arg::Bytes(2048)),
                ("share", Arg::Share(0.5)),
            ],
        );
        let pieces = Language::En.pieces(&text);
        assert!(pieces.contains(&Piece::Name("a.B.\u{E000}0\u{E001}".into())), "{pieces:?}");
        assert!(
            pieces.contains(&Piece::Size { shown: "2.00 KiB".into(), exact: "2,048 B".into() }),
            "{pieces:?}"
        );
        assert_eq!(Language::Zh.text(&inner), "piece-test");
    }

    #[test]
    fn plurals_and_separators() {
        let objects = |n| Language::En.text(&Text::with("objects-count", [("count", Arg::Count(n))]));
        assert_eq!([objects(1), objects(12_345)], ["1 object", "12,345 objects"]);
        assert_eq!(Language::Zh.text(&Text::with("objects-count", [("count", Arg::Count(1))])), "1 个对象");
    }

    #[test]
    fn names_have_a_bearable_length() {
        let long = Text::with("holder-thread-named", [("thread", Arg::name("x".repeat(65_535)))]);
        assert_eq!(Language::En.text(&long), format!("thread {}… (+65,295)", "x".repeat(LONGEST_NAME)));
    }

    #[test]
    fn what_variables_hold_is_told_in_the_language_of_the_reader() {
        for (words, zh) in [
            ("size 1,234", "大小 1,234"),
            ("length 0", "长度 0"),
            ("class java.lang.String", "类 java.lang.String"),
            ("size 3.5", "size 3.5"),
            ("\"size 3\"", "\"size 3\""),
            ("GREEN", "GREEN"),
        ] {
            assert_eq!(Language::En.text(&value_in_words(words)), words);
            assert_eq!(Language::Zh.text(&value_in_words(words)), zh);
        }
    }

    #[test]
    fn an_unknown_message_is_shown_by_its_id() {
        assert_eq!(Language::En.message("no-such-message"), "no-such-message");
        assert!("fr".parse::<Language>().is_err());
    }
}
