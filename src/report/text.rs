//! Words for people: a message of the catalogue with its arguments, or words that exist in both languages already.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something a report says to a person. Renderers turn it into a language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Text {
    /// A message of the catalogue (`locales/*.ftl`).
    Message {
        /// The name of the message.
        id: String,
        /// Its arguments by name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        args: BTreeMap<String, Arg>,
    },
    /// Words written in both languages, as in rule files.
    Both {
        /// English.
        en: String,
        /// Simplified Chinese.
        zh: String,
    },
    /// What an object holds, by name: `running=true, connections=2`.
    Values {
        /// The values in the order of their rule.
        values: Vec<NamedValue>,
        /// How many of the objects looked at have the same, if more than one has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<f64>,
    },
    /// Words that are the same in every language: names, values.
    Plain(String),
}

/// A value and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NamedValue {
    /// What it is called in English, or the name of a field.
    pub en: String,
    /// In Simplified Chinese.
    pub zh: String,
    /// The value as it is shown.
    pub value: String,
}

/// An argument of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Arg {
    /// A size in bytes, shown with a unit.
    Bytes(u64),
    /// A number of things, shown with separators.
    Count(u64),
    /// A part of a whole, 0 to 1, shown in percent.
    Share(f64),
    /// A name or value from the dump.
    Name(String),
    /// Another text.
    Text(Box<Text>),
}

impl Text {
    /// The message `id` without arguments.
    pub fn message(id: &str) -> Self {
        Self::Message { id: id.to_owned(), args: BTreeMap::new() }
    }

    /// The message `id` with `args`.
    pub fn with(id: &str, args: impl IntoIterator<Item = (&'static str, Arg)>) -> Self {
        Self::Message { id: id.to_owned(), args: args.into_iter().map(|(k, v)| (k.to_owned(), v)).collect() }
    }

    /// The same words in every language.
    pub fn plain(words: impl Into<String>) -> Self {
        Self::Plain(words.into())
    }

    /// Whether it is the message `id`, with whatever arguments.
    pub fn is_message(&self, id: &str) -> bool {
        self.is_one_of(&[id])
    }

    /// Whether it is one of these messages, with whatever arguments.
    pub fn is_one_of(&self, ids: &[&str]) -> bool {
        matches!(self, Self::Message { id: own, .. } if ids.contains(&&**own))
    }

    /// The argument of that name of a message, or of a message inside of it.
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        let Self::Message { args, .. } = self else { return None };
        let inside = || {
            let mut texts =
                args.values().filter_map(|arg| if let Arg::Text(text) = arg { Some(text) } else { None });
            texts.find_map(|text| text.arg(name))
        };
        args.get(name).or_else(inside)
    }

    /// Whether it is `other`, or a message about it: a sentence with the title of a finding.
    pub fn is_or_has(&self, other: &Text) -> bool {
        let has = |arg: &Arg| matches!(arg, Arg::Text(text) if **text == *other);
        self == other || matches!(self, Self::Message { args, .. } if args.values().any(has))
    }
}

impl Arg {
    /// A name or value.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// A text inside a text.
    pub fn text(text: Text) -> Self {
        Self::Text(Box::new(text))
    }
}
