//! The words of a rule with figures filled in, and instances described by their fields.
//!
//! Owns the names that may stand in braces. Secrets never get into words: values are masked by the name of the field and by their own look.

use super::evaluate::Evaluator;
use super::expression::{Expression, ExpressionError};
use super::rule::Described;
use crate::ix::ObjectIx;
use crate::query;
use crate::report::{NamedValue, Text, figures};
use crate::snapshot::Snapshot;
use std::borrow::Cow;

/// Values of a description that are shown at most.
const MOST_VALUE_CHARS: usize = 160;

/// Text with places to be filled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template {
    raw: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Literal(String),
    Figure(Figure),
    /// Asked of the representative instance.
    Value(Expression),
    /// The words that go with a number: those for one, and those for any other.
    Choice {
        of: Box<Piece>,
        one: String,
        others: String,
    },
}

/// What the engine itself knows about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Count,
    Retained,
    Share,
    Key,
    Groups,
    Holder,
    Class,
    Expected,
    Varied,
}

const FIGURES: &[(&str, Figure)] = &[
    ("count", Figure::Count),
    ("retained", Figure::Retained),
    ("share", Figure::Share),
    ("key", Figure::Key),
    ("groups", Figure::Groups),
    ("holder", Figure::Holder),
    ("class", Figure::Class),
    ("expected", Figure::Expected),
    ("varied", Figure::Varied),
];

/// What is filled in.
#[derive(Debug, Clone, Default)]
pub(super) struct Filling {
    pub(super) count: u64,
    pub(super) retained_bytes: u64,
    pub(super) share: f64,
    pub(super) key: Option<String>,
    pub(super) groups: u64,
    /// Whether the figures are of all groups, of which the key is that of the largest.
    pub(super) is_of_all: bool,
    pub(super) holder: Option<String>,
    pub(super) class: String,
    pub(super) expected: u64,
    /// The name under which nearly each of them has another value.
    pub(super) varied: Option<String>,
    /// The instance that stands for all.
    pub(super) object: Option<ObjectIx>,
}

impl Template {
    /// Reads text with `{names}`; `{{` is a brace.
    pub(super) fn parse(text: &str) -> Result<Self, ExpressionError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        while let Some(found) = text[at..].find(['{', '}']) {
            literal.push_str(&text[at..at + found]);
            at += found;
            let brace = &text[at..at + 1];
            if text[at + 1..].starts_with(brace) {
                literal.push_str(brace);
                at += 2;
                continue;
            }
            let end = text[at..].find('}').filter(|_| brace == "{");
            let Some(end) = end else {
                let message =
                    format!("a `{brace}` without its other half; write `{brace}{brace}` for the sign itself");
                return Err(ExpressionError { place: at..text.len(), message });
            };
            let inner = &text[at + 1..at + end];
            let place = at + 1..at + end;
            let (of, choice) = inner.split_once(';').map_or((inner, None), |(of, words)| (of, Some(words)));
            let figure = FIGURES.iter().find(|(name, _)| *name == of.trim());
            let piece = match figure {
                Some(&(_, figure)) => Piece::Figure(figure),
                None => Piece::Value(Expression::parse(of).map_err(|error| ExpressionError {
                    place: place.start + error.place.start..place.end,
                    message: error.message,
                })?),
            };
            let piece = match choice.map(|words| words.split_once(';')) {
                None => piece,
                Some(Some((one, others))) if !others.contains(';') => Piece::Choice {
                    of: Box::new(piece),
                    one: one.trim().to_owned(),
                    others: others.trim().to_owned(),
                },
                Some(_) => {
                    let message =
                        "expected two kinds of words here, as in `{count; thread; threads}`".to_owned();
                    return Err(ExpressionError { place, message });
                }
            };
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(piece);
            at += end + 1;
        }
        literal.push_str(&text[at..]);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self { raw: text.to_owned(), pieces })
    }

    fn fill(&self, snapshot: &Snapshot, with: &Filling) -> String {
        let mut words = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => words.push_str(literal),
                Piece::Figure(figure) => words.push_str(&with.figure(*figure)),
                Piece::Value(expression) => {
                    let value = with.object.and_then(|object| shown(snapshot, expression, object));
                    words.push_str(value.as_deref().unwrap_or("?"));
                }
                Piece::Choice { of, one, others } => {
                    words.push_str(if with.is_one(snapshot, of) { one } else { others });
                }
            }
        }
        words
    }

    /// As a pattern over names: `*` in the template's own words stands for anything, values stand for themselves. `None` if a value is
    /// missing.
    pub(super) fn pattern(&self, snapshot: &Snapshot, object: ObjectIx) -> Option<regex::Regex> {
        let mut expression = String::from("^(?s)");
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => expression.push_str(&regex::escape(literal).replace("\\*", ".*")),
                Piece::Figure(_) | Piece::Choice { .. } => return None,
                Piece::Value(value) => {
                    let text = Evaluator { snapshot }.text(value, object)?;
                    expression.push_str(&regex::escape(&text));
                }
            }
        }
        expression.push('$');
        regex::Regex::new(&expression).ok()
    }
}

impl Filling {
    fn figure(&self, figure: Figure) -> String {
        match figure {
            Figure::Count => figures::count(self.count),
            Figure::Retained => figures::bytes(self.retained_bytes),
            Figure::Share => figures::share(self.share),
            Figure::Key => self.key.clone().unwrap_or_else(|| "?".to_owned()),
            Figure::Groups => figures::count(self.groups),
            Figure::Holder => self.holder.clone().unwrap_or_else(|| "?".to_owned()),
            Figure::Class => self.class.clone(),
            Figure::Expected => figures::count(self.expected),
            Figure::Varied => self.varied.clone().unwrap_or_else(|| "?".to_owned()),
        }
    }

    /// Whether what stands in a place is the number one.
    fn is_one(&self, snapshot: &Snapshot, piece: &Piece) -> bool {
        match piece {
            Piece::Figure(Figure::Count) => self.count == 1,
            Piece::Figure(Figure::Groups) => self.groups == 1,
            Piece::Figure(Figure::Expected) => self.expected == 1,
            Piece::Value(expression) => {
                let number = self.object.and_then(|object| Evaluator { snapshot }.number(expression, object));
                number == Some(1.0)
            }
            _ => false,
        }
    }
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) en: Template,
    pub(super) zh: Template,
}

impl Words {
    pub(super) fn fill(&self, snapshot: &Snapshot, with: &Filling) -> Text {
        let others = with.groups.saturating_sub(1);
        let key = with.key.as_ref().filter(|_| with.is_of_all && others > 0);
        let Some(key) = key else {
            return Text::Both { en: self.en.fill(snapshot, with), zh: self.zh.fill(snapshot, with) };
        };
        let others_shown = figures::count(others);
        let other = if others == 1 { "other" } else { "others" };
        let of_key = |key: String| Filling { key: Some(key), ..with.clone() };
        Text::Both {
            en: self.en.fill(snapshot, &of_key(format!("{key} and {others_shown} {other}"))),
            zh: self.zh.fill(snapshot, &of_key(format!("{key} 等 {} 个", figures::count(with.groups)))),
        }
    }

    /// The same with what is known of the largest of several, and that it is that.
    pub(super) fn fill_of_largest(&self, snapshot: &Snapshot, with: &Filling, count: u64) -> Text {
        let count = figures::count(count);
        let [en, zh] = [&self.en, &self.zh].map(|template| template.fill(snapshot, with));
        Text::Both {
            en: format!("{en} (the largest of {count})"),
            zh: format!("{zh}（{count} 个中最大的一个）"),
        }
    }

    /// The same, but nothing if they are about a name under which the values vary, and none is known.
    pub(super) fn fill_if_known(&self, snapshot: &Snapshot, with: &Filling) -> Option<Text> {
        let is_known = with.varied.is_some() || !self.names(Figure::Varied);
        is_known.then(|| self.fill(snapshot, with))
    }

    /// Whether that figure stands in them.
    pub(super) fn names(&self, figure: Figure) -> bool {
        let is_it = |piece: &Piece| match piece {
            Piece::Choice { of, .. } => **of == Piece::Figure(figure),
            piece => *piece == Piece::Figure(figure),
        };
        self.en.pieces.iter().any(is_it)
    }

    /// Whether that figure itself stands in them, not only words that go with it.
    pub(super) fn prints(&self, figure: Figure) -> bool {
        self.en.pieces.contains(&Piece::Figure(figure))
    }

    /// Whether that value of the instance stands in them.
    pub(super) fn prints_value(&self, value: &Expression) -> bool {
        self.en.pieces.iter().any(|piece| matches!(piece, Piece::Value(shown) if shown == value))
    }

    /// Whether a number of the instance that stands for all is among them, and not how many these are.
    pub(super) fn has_number_of_one(&self, snapshot: &Snapshot, object: Option<ObjectIx>) -> bool {
        let is_number = |expression: &Expression| {
            let is_name = is_a_name(expression.name().unwrap_or(""));
            let number = || object.and_then(|object| Evaluator { snapshot }.whole_number(expression, object));
            expression.is_count() || expression.is_bytes() || !is_name && number().is_some()
        };
        let is_one = |piece: &Piece| matches!(piece, Piece::Value(expression) if is_number(expression));
        self.en.pieces.iter().any(is_one) && !self.names(Figure::Count) && !self.names(Figure::Groups)
    }

    pub(super) fn raw(&self) -> (&str, &str) {
        (&self.en.raw, &self.zh.raw)
    }
}

/// An instance in words: `brokerURL=tcp://mq:61616, userName=app`. Values that are missing are left out, and so is what is null beside something
/// that is not. An id in a text, as that of an order in the name of a circuit breaker, is nobody's business.
pub(super) fn describe(snapshot: &Snapshot, values: &[Described], object: ObjectIx) -> Vec<NamedValue> {
    let mut all: Vec<(&Described, String)> = values
        .iter()
        .filter_map(|described| {
            let number = shown_number(snapshot, &described.value, object);
            let text = || shown_text(snapshot, &described.value, object, true);
            let value = number.or_else(text)?;
            Some((described, query::mask(&described.label, &value).into_owned()))
        })
        .collect();
    let is_null = |(_, value): &(&Described, String)| value == "null";
    if !all.iter().all(is_null) {
        all.retain(|value| !is_null(value));
    }
    let named = |(described, value): (&Described, String)| NamedValue {
        en: described.label.clone(),
        zh: described.chinese_label().to_owned(),
        value,
    };
    all.into_iter().map(named).collect()
}

/// A value as it is shown: sizes with units, numbers of things with separators, secrets masked.
fn shown(snapshot: &Snapshot, expression: &Expression, object: ObjectIx) -> Option<String> {
    shown_number(snapshot, expression, object).or_else(|| shown_text(snapshot, expression, object, false))
}

fn shown_number(snapshot: &Snapshot, expression: &Expression, object: ObjectIx) -> Option<String> {
    let evaluator = Evaluator { snapshot };
    if expression.is_bytes() || expression.is_count() {
        let number = evaluator.number(expression, object)?;
        // Less than nothing is no count: the least of some numbers, as -1 for what has no limit.
        if number < 0.0 && !expression.is_bytes() {
            return Some(number.to_string());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let whole = number.max(0.0) as u64;
        return Some(if expression.is_bytes() { figures::bytes(whole) } else { figures::count(whole) });
    }
    let name = expression.name().unwrap_or("");
    let number = evaluator.whole_number(expression, object).filter(|_| !is_a_name(name))?;
    Some(figures::count(number))
}

fn shown_text(
    snapshot: &Snapshot,
    expression: &Expression,
    object: ObjectIx,
    is_without_ids: bool,
) -> Option<String> {
    // What is no whole number of what is counted is nothing.
    if expression.is_bytes() || expression.is_count() {
        return None;
    }
    let text = Evaluator { snapshot }.text(expression, object)?;
    let masked = query::mask(expression.name().unwrap_or(""), &text);
    let masked = if is_without_ids { alike_told_once(query::without_ids(&masked)) } else { masked };
    let mut short: String = masked.chars().take(MOST_VALUE_CHARS).collect();
    if short.len() < masked.len() {
        short.push('…');
    }
    Some(short)
}

/// Several values of which some are alike without their ids: `acquirer-2#*, acquirer-0#*, …`.
fn alike_told_once(values: Cow<'_, str>) -> Cow<'_, str> {
    if !values.contains('*') {
        return values;
    }
    let mut told: Vec<&str> = Vec::new();
    for value in values.split(", ") {
        if !told.contains(&value) {
            told.push(value);
        }
    }
    Cow::Owned(told.join(", "))
}

/// Whether a number in a field of that name counts nothing but names something: a port, an id, a line.
fn is_a_name(field: &str) -> bool {
    const NAMES: [&str; 9] = ["port", "id", "pid", "line", "code", "year", "version", "number", "hash"];
    let lower = field.to_ascii_lowercase();
    let is_last_word = |name: &str| {
        // `sessionId` and `local_port`, but not `paid` and `airport`.
        lower.ends_with(name) && {
            let at = field.len() - name.len();
            at == 0
                || field.as_bytes()[at].is_ascii_uppercase()
                || !field.as_bytes()[at - 1].is_ascii_alphanumeric()
        }
    };
    NAMES.iter().any(|name| is_last_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_know_figures_values_and_braces() {
        let template = Template::parse("{count} of {brokerURL | config.url} {{x}}").unwrap();
        assert_eq!(template.pieces.len(), 4);
        assert_eq!(template.pieces[0], Piece::Figure(Figure::Count));
        assert!(matches!(template.pieces[2], Piece::Value(_)));
        assert_eq!(template.pieces[3], Piece::Literal(" {x}".into()));
        assert_eq!(Template::parse("a {b").unwrap_err().place.start, 2);
        assert_eq!(Template::parse("a } b").unwrap_err().place.start, 2);
        assert_eq!(Template::parse("a {b c}").unwrap_err().place.start, 5);
    }

    #[test]
    fn words_go_with_their_number() {
        let template = Template::parse("{count} {count; channel keeps; channels keep} it").unwrap();
        let Piece::Choice { of, one, others } = &template.pieces[2] else { panic!("{template:?}") };
        assert_eq!(
            (&**of, &**one, &**others),
            (&Piece::Figure(Figure::Count), "channel keeps", "channels keep")
        );
        assert!(
            Template::parse("{count; channel}").unwrap_err().message.contains("{count; thread; threads}")
        );
        assert!(Template::parse("{count; a; b; c}").is_err());
    }

    #[test]
    fn numbers_that_are_names_are_told_from_counts() {
        let names = ["port", "sessionId", "local_port", "lineNumber", "id", "exitCode"];
        let counts = ["paid", "airport", "size", "bufferSize", "grid", "numbers", "online"];
        assert_eq!(names.map(is_a_name), [true; 6]);
        assert_eq!(counts.map(is_a_name), [false; 7]);
    }
}
