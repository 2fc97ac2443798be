//! Reads a rule file and says what is wrong with it: file, line, column, and what was probably meant.

use super::expression::{Condition, Expression, ExpressionError};
use super::rule::{Described, Kind, Lends, Per, Rule, Subject, Threshold};
use super::words::{Template, Words};
use crate::query::ClassPattern;
use crate::report::Severity;
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// The only `schema` that a rule file may name.
const SCHEMA: &str = "oomph/rules/1";

/// A rule file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: line {line}, column {column}: {message}")]
#[non_exhaustive]
pub struct RuleError {
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what was probably meant.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawFile {
    schema: Option<Spanned<String>>,
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    id: Spanned<String>,
    severity: Severity,
    class: Spanned<OneOrMany>,
    #[serde(default = "yes")]
    subclasses: bool,
    #[serde(default)]
    count: RawSubject,
    #[serde(rename = "static")]
    static_field: Option<String>,
    #[serde(rename = "where", default)]
    conditions: Vec<Spanned<String>>,
    loaded: Option<Spanned<String>>,
    measure: Option<Spanned<String>>,
    holds: Option<Spanned<String>>,
    lends: Option<RawLends>,
    entries: Option<Spanned<String>>,
    #[serde(default)]
    varied: Vec<(Spanned<String>, Spanned<String>)>,
    #[serde(default)]
    missing_thread: Vec<Spanned<String>>,
    #[serde(default)]
    built_by: Vec<Spanned<String>>,
    behind: Option<Spanned<String>>,
    per: Option<Spanned<RawPer>>,
    key: Option<Spanned<String>>,
    same: Option<Spanned<String>>,
    #[serde(default)]
    expected: u64,
    #[serde(default)]
    when: Vec<RawThreshold>,
    #[serde(default)]
    error_when: Vec<RawThreshold>,
    #[serde(default)]
    min_groups: u64,
    garbage: Option<RawThreshold>,
    #[serde(default)]
    describe: Vec<Spanned<String>>,
    title: RawWords,
    advice: Vec<RawWords>,
    link: Option<String>,
    #[serde(default = "yes")]
    suspects: bool,
    #[serde(default)]
    meant: bool,
    #[serde(default)]
    backlog: bool,
    kind: Option<RawKind>,
    #[serde(default)]
    names_suspects: bool,
    #[serde(default)]
    names_own: bool,
    known_as: Option<RawWords>,
    #[serde(default)]
    holders: Vec<String>,
    #[serde(default)]
    parts: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawLends {
    class: String,
    of: Spanned<String>,
    #[serde(rename = "where", default)]
    conditions: Vec<Spanned<String>>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum RawSubject {
    #[default]
    Instances,
    Classes,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum RawKind {
    Backlog,
    Cache,
    Load,
    Timed,
    Unproven,
    Data,
}

impl RawKind {
    fn checked(self) -> Kind {
        match self {
            Self::Backlog => Kind::Backlog,
            Self::Cache => Kind::Cache,
            Self::Load => Kind::Load,
            Self::Timed => Kind::Timed,
            Self::Unproven => Kind::Unproven,
            Self::Data => Kind::Data,
        }
    }
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum RawPer {
    Heap,
    Loader,
    Class,
    Key,
    Instance,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    en: Spanned<String>,
    zh: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawThreshold {
    #[serde(default)]
    min_count: u64,
    min_retained: Option<Spanned<String>>,
    min_share: Option<Spanned<String>>,
    min_limit_share: Option<Spanned<String>>,
}

struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> de::Visitor<'de> for Names {
            type Value = OneOrMany;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a class or a list of them")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![name.to_owned()]))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = seq.next_element()? {
                    names.push(name);
                }
                Ok(OneOrMany(names))
            }
        }
        from.deserialize_any(Names)
    }
}

/// A rule file as it is read.
struct Reader<'t> {
    text: &'t str,
    file: &'t str,
}

/// The rules of a file, in its order.
pub(super) fn parse(text: &str, file: &str) -> Result<Vec<Rule>, RuleError> {
    let reader = Reader { text, file };
    let raw: RawFile = toml::from_str(text)
        .map_err(|error| reader.error(error.span().unwrap_or(0..0), explain(error.message())))?;
    if let Some(schema) = raw.schema.filter(|schema| schema.get_ref() != SCHEMA) {
        return Err(reader.error(schema.span(), format!("this program reads rules of schema \"{SCHEMA}\"")));
    }
    let mut rules: Vec<Rule> = Vec::new();
    for rule in raw.rule {
        let place = rule.get_ref().id.span();
        let rule = reader.rule(rule)?;
        if rules.iter().any(|known| known.id == rule.id) {
            return Err(reader.error(place, format!("there is a rule `{}` already", rule.id)));
        }
        rules.push(rule);
    }
    Ok(rules)
}

impl Reader<'_> {
    fn error(&self, place: Range<usize>, message: String) -> RuleError {
        let before = self.text.get(..place.start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        RuleError {
            file: self.file.to_owned(),
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
        }
    }

    /// Where in the file a place inside of a quoted text is. Exact where the text has no escapes.
    fn inside(&self, text: Range<usize>, error: ExpressionError) -> RuleError {
        let quotes = if self.text[text.clone()].starts_with("\"\"\"") { 3 } else { 1 };
        let start = (text.start + quotes + error.place.start).min(text.end);
        self.error(start..text.end, error.message)
    }

    fn patterns(&self, names: &[Spanned<String>]) -> Result<Vec<ClassPattern>, RuleError> {
        let parsed = |name: &Spanned<String>| {
            ClassPattern::parse(name.get_ref()).map_err(|message| self.error(name.span(), message))
        };
        names.iter().map(parsed).collect()
    }

    fn rule(&self, spanned: Spanned<RawRule>) -> Result<Rule, RuleError> {
        let place = spanned.span();
        let raw = spanned.into_inner();
        let id = raw.id.get_ref();
        let is_id =
            |id: &str| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c));
        if id.is_empty() || !is_id(id) {
            let message = "an id is made of small letters, digits, `-` and `.`";
            return Err(self.error(raw.id.span(), message.to_owned()));
        }
        let mut classes = Vec::new();
        for name in &raw.class.get_ref().0 {
            let pattern =
                ClassPattern::parse(name).map_err(|message| self.error(raw.class.span(), message))?;
            classes.push(pattern);
        }
        if classes.is_empty() {
            return Err(self.error(raw.class.span(), "a rule needs at least one class".to_owned()));
        }
        let subject = match (raw.count, raw.static_field) {
            (_, Some(field)) => Subject::Static(field),
            (RawSubject::Classes, None) => Subject::Classes,
            (RawSubject::Instances, None) => Subject::Instances,
        };
        let conditions = self.conditions(&raw.conditions)?;
        let mut describe = Vec::new();
        for text in &raw.describe {
            describe.push(described(text.get_ref()).map_err(|error| self.inside(text.span(), error))?);
        }
        let loaded = raw.loaded.as_ref().map(|name| {
            ClassPattern::parse(name.get_ref()).map_err(|message| self.error(name.span(), message))
        });
        let parts = self.patterns(&raw.parts)?;
        let built_by = self.patterns(&raw.built_by)?;
        let behind = raw.behind.as_ref().map(|field| {
            let parts = field.get_ref().rsplit_once('.');
            let missing =
                || self.error(field.span(), "expected a field, as in `com.acme.Stage.next`".to_owned());
            parts.map(|(class, field)| (class.to_owned(), field.to_owned())).ok_or_else(missing)
        });
        let mut varied = Vec::new();
        for (name, value) in &raw.varied {
            let parsed = |text: &Spanned<String>| {
                Expression::parse(text.get_ref()).map_err(|error| self.inside(text.span(), error))
            };
            varied.push((parsed(name)?, parsed(value)?));
        }
        let mut missing_thread = Vec::new();
        for template in &raw.missing_thread {
            missing_thread.push(self.template(template)?);
        }
        let mut advice = Vec::new();
        for words in &raw.advice {
            advice.push(self.words(words)?);
        }
        if advice.is_empty() {
            return Err(self.error(place, "a rule needs at least one advice".to_owned()));
        }
        if let Some(same) = raw.same.as_ref().filter(|_| raw.key.is_none()) {
            return Err(self.error(same.span(), "`same` goes with a `key` only".to_owned()));
        }
        Ok(Rule {
            per: self.per(raw.per, raw.key)?,
            same: self.expression(raw.same.as_ref())?,
            id: raw.id.into_inner(),
            severity: raw.severity,
            explains_suspects: raw.suspects && subject == Subject::Instances,
            meant: raw.meant,
            kind: raw.kind.map(RawKind::checked).or(raw.backlog.then_some(Kind::Backlog)),
            names_suspects: raw.names_suspects,
            names_own: raw.names_own,
            entries: self.expression(raw.entries.as_ref())?,
            varied,
            known_as: raw.known_as.as_ref().map(|words| self.words(words)).transpose()?,
            subject,
            classes,
            sub_classes: raw.subclasses,
            conditions,
            loaded: loaded.transpose()?,
            measure: self.expression(raw.measure.as_ref())?,
            holds: self.expression(raw.holds.as_ref())?,
            lends: raw.lends.map(|lends| self.lends(lends)).transpose()?,
            missing_thread,
            built_by,
            behind: behind.transpose()?,
            expected: raw.expected,
            when: self.thresholds(raw.when)?,
            error_when: self.thresholds(raw.error_when)?,
            min_groups: raw.min_groups,
            garbage: raw.garbage.map(|threshold| self.threshold(&threshold)).transpose()?,
            describe,
            title: self.words(&raw.title)?,
            advice,
            link: raw.link,
            holders: raw.holders,
            parts,
        })
    }

    fn conditions(&self, written: &[Spanned<String>]) -> Result<Vec<Condition>, RuleError> {
        let parsed = written.iter().map(|condition| {
            let parsed = Condition::parse(condition.get_ref());
            parsed.map_err(|error| self.inside(condition.span(), error))
        });
        parsed.collect()
    }

    fn lends(&self, raw: RawLends) -> Result<Lends, RuleError> {
        let of = Expression::parse(raw.of.get_ref());
        Ok(Lends {
            class: raw.class,
            of: of.map_err(|error| self.inside(raw.of.span(), error))?,
            conditions: self.conditions(&raw.conditions)?,
        })
    }

    fn per(&self, per: Option<Spanned<RawPer>>, key: Option<Spanned<String>>) -> Result<Per, RuleError> {
        let written = per.as_ref().map_or(RawPer::Heap, |per| *per.get_ref());
        match (written, key) {
            (RawPer::Key | RawPer::Heap, Some(key)) => {
                let parsed = Expression::parse(key.get_ref());
                Ok(Per::Key(parsed.map_err(|error| self.inside(key.span(), error))?))
            }
            (_, Some(key)) => Err(self.error(key.span(), "`key` goes with `per = \"key\"` only".to_owned())),
            (RawPer::Key, None) => {
                let place = per.map_or(0..0, |per| per.span());
                Err(self.error(place, "`per = \"key\"` needs a `key`".to_owned()))
            }
            (RawPer::Heap, None) => Ok(Per::Heap),
            (RawPer::Loader, None) => Ok(Per::Loader),
            (RawPer::Class, None) => Ok(Per::Class),
            (RawPer::Instance, None) => Ok(Per::Instance),
        }
    }

    fn expression(&self, text: Option<&Spanned<String>>) -> Result<Option<Expression>, RuleError> {
        let parsed = text
            .map(|text| Expression::parse(text.get_ref()).map_err(|error| self.inside(text.span(), error)));
        parsed.transpose()
    }

    fn template(&self, text: &Spanned<String>) -> Result<Template, RuleError> {
        Template::parse(text.get_ref()).map_err(|error| self.inside(text.span(), error))
    }

    fn words(&self, raw: &RawWords) -> Result<Words, RuleError> {
        for text in [&raw.en, &raw.zh] {
            if text.get_ref().trim().is_empty() {
                return Err(self.error(text.span(), "this text is empty".to_owned()));
            }
        }
        Ok(Words { en: self.template(&raw.en)?, zh: self.template(&raw.zh)? })
    }

    fn thresholds(&self, raw: Vec<RawThreshold>) -> Result<Vec<Threshold>, RuleError> {
        raw.iter().map(|threshold| self.threshold(threshold)).collect()
    }

    fn threshold(&self, raw: &RawThreshold) -> Result<Threshold, RuleError> {
        let min_bytes = match &raw.min_retained {
            None => 0,
            Some(text) => match Expression::parse(text.get_ref()) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
                Ok(Expression::Number(bytes)) if bytes >= 0.0 => bytes as u64,
                _ => {
                    let message = format!("`{}` is not a size such as \"20 MiB\"", text.get_ref());
                    return Err(self.error(text.span(), message));
                }
            },
        };
        Ok(Threshold {
            min_count: raw.min_count,
            min_bytes,
            min_share: self.share(raw.min_share.as_ref())?,
            min_limit_share: self.share(raw.min_limit_share.as_ref())?,
        })
    }

    /// A part of the heap; none of it if it is not given.
    fn share(&self, raw: Option<&Spanned<String>>) -> Result<f64, RuleError> {
        let Some(text) = raw else { return Ok(0.0) };
        let number = text.get_ref().strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
        match number {
            Some(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
            _ => {
                let message = format!("`{}` is not a part of the heap such as \"5%\"", text.get_ref());
                Err(self.error(text.span(), message))
            }
        }
    }
}

/// Reads `brokerURL` or `rows = sum(sheets[*]._rows)`.
fn described(text: &str) -> Result<Described, ExpressionError> {
    let label = text.split_once('=').filter(|(label, rest)| !label.contains('(') && !rest.starts_with('='));
    let (label, expression, skipped) = match label {
        Some((label, expression)) => (Some(label.trim()), expression, label.len() + 1),
        None => (None, text, 0),
    };
    let value = Expression::parse(expression).map_err(|error| ExpressionError {
        place: error.place.start + skipped..error.place.end + skipped,
        message: error.message,
    })?;
    let is_named = label.is_some();
    let label = label.or_else(|| value.name()).unwrap_or(text).to_owned();
    Ok(Described { label, is_named, value })
}

/// `; did you mean ...` if one of the known names is like the unknown one.
pub(super) fn did_you_mean<'n>(unknown: &str, known: impl Iterator<Item = &'n str>) -> String {
    let best =
        known.map(|name| (strsim::jaro_winkler(unknown, name), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((likeness, name)) if likeness > 0.75 => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}

/// Adds to serde's "unknown field `x`, expected one of `a`, `b`" which of them was probably meant.
fn explain(message: &str) -> String {
    let what = match message {
        _ if message.starts_with("unknown field") => "key",
        _ if message.starts_with("unknown variant") => "value",
        _ => return message.trim_end().to_owned(),
    };
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(unknown) = names.next() else { return message.trim_end().to_owned() };
    let known: Vec<&str> = names.collect();
    match did_you_mean(unknown, known.iter().copied()) {
        hint if hint.is_empty() => format!("unknown {what} `{unknown}`; possible are {}", known.join(", ")),
        hint => format!("unknown {what} `{unknown}`{hint}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[rule]]
id = "acme.many-clients"
severity = "warning"
class = "com.acme.Client"
expected = 1
where = ["closed == false"]
describe = ["url", "sent = messages.count"]
title = { en = "{count} clients", zh = "{count} 个客户端" }
advice = [{ en = "Make one.", zh = "只创建一个。" }]
"#;

    fn error(from: &str, to: &str) -> String {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD);
        parse(&text, "my.toml").expect_err("a bad rule").to_string()
    }

    #[test]
    fn reads_a_rule() {
        let rules = parse(GOOD, "my.toml").unwrap();
        assert_eq!(rules[0].id(), "acme.many-clients");
        assert_eq!(rules[0].describe[1].label, "sent");
        assert_eq!(rules[0].per, Per::Heap);
    }

    #[test]
    fn errors_say_where_and_what_was_meant() {
        assert_eq!(
            error("expected", "expcted"),
            "my.toml: line 6, column 1: unknown key `expcted`; did you mean `expected`?"
        );
        assert_eq!(
            error("\"warning\"", "\"warn\""),
            "my.toml: line 4, column 12: unknown value `warn`; did you mean `warning`?"
        );
        assert_eq!(
            error("expected = 1", "same = \"pool\""),
            "my.toml: line 6, column 8: `same` goes with a `key` only"
        );
        assert_eq!(
            error("closed == false", "closed = false"),
            "my.toml: line 7, column 18: expected one of == != < <= > >= ~ !~ -> here"
        );
        assert_eq!(
            error("messages.count", "sise(messages)"),
            "my.toml: line 8, column 28: unknown function `sise`; did you mean `size`?"
        );
        assert_eq!(
            error("acme.many-clients", "Acme"),
            "my.toml: line 3, column 6: an id is made of small letters, digits, `-` and `.`"
        );
        assert!(error("{count} clients", "{count clients").contains("line 9, column 1"));
        assert!(error("zh = \"{count} 个客户端\"", "zh = \"\"").contains("this text is empty"));
        assert!(error("expected = 1", "per = \"key\"").contains("needs a `key`"));
        assert!(error("expected = 1", "when = [{ min-retained = \"10 apples\" }]").contains("is not a size"));
        assert!(
            error("expected = 1", "when = [{ min-share = \"0.1\" }]").contains("is not a part of the heap")
        );
        assert!(parse(&GOOD.repeat(2), "my.toml").unwrap_err().to_string().contains("already"));
        assert!(
            parse("schema = \"oomph/rules/2\"", "my.toml")
                .unwrap_err()
                .to_string()
                .contains("line 1, column 10")
        );
    }
}
