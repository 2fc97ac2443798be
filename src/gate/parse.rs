//! Reads a policy file and says what is wrong with it: line, column, and what was probably meant.

use super::pattern::Patterns;
use super::policy::{Allowance, Entry, Policy, Rules};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The only `schema` that a policy may name.
const SCHEMA: &str = "oomph/policy/1";

/// What `[[waste]]` may name as `kind`.
const WASTE_KINDS: [&str; 5] = ["strings", "arrays", "zeros", "collections", "boxed"];

/// A policy that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
#[non_exhaustive]
pub struct PolicyError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what was probably meant.
    pub message: String,
}

impl PolicyError {
    fn at(text: &str, span: Option<Range<usize>>, message: String) -> Self {
        let offset = span.map_or(0, |span| span.start);
        let before = text.get(..offset).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
        }
    }
}

impl std::str::FromStr for Policy {
    type Err = PolicyError;

    /// Reads and checks a policy file.
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        check_tables(text)?;
        let rules: Rules = toml::from_str(text).map_err(|error| {
            let named = error.span().and_then(|span| text.get(span)).unwrap_or_default();
            PolicyError::at(text, error.span(), explain(error.message(), named))
        })?;
        let complain =
            |span: Range<usize>, message: &str| Err(PolicyError::at(text, Some(span), message.to_owned()));
        if let Some(schema) = rules.schema.as_ref().filter(|schema| schema.get_ref() != SCHEMA) {
            return complain(schema.span(), &format!("this program reads policies of schema \"{SCHEMA}\""));
        }
        if let Some(file) = &rules.file {
            return complain(file.span(), "`file` belongs below `[[dump]]`");
        }
        check_entries(text, &rules)?;
        let mut by_dump = Vec::new();
        for entry in &rules.dump {
            let dump = entry.get_ref();
            if let Some(inner) = dump.dump.first() {
                return complain(inner.span(), "`[[dump]]` does not stand below another `[[dump]]`");
            }
            let Some(file) = &dump.file else {
                return complain(entry.span(), "each `[[dump]]` needs `file`, a pattern of file names");
            };
            check_entries(text, dump)?;
            by_dump.push((file.get_ref().clone(), dump.clone()));
        }
        Ok(Self { common: Rules { dump: Vec::new(), ..rules }, by_dump })
    }
}

impl Policy {
    /// Whether every rule that the policy names is one of the `known` ones. `text` is what the policy was read from.
    ///
    /// # Errors
    /// Where it names one that nobody knows, and what was probably meant: a budget for it could not be broken.
    pub fn check_rules(&self, text: &str, known: &[&str]) -> Result<(), PolicyError> {
        for rules in self.all() {
            let suspects = rules.suspect.iter().map(|entry| entry.get_ref().rule.as_ref());
            let findings = rules.finding.iter().map(|entry| entry.get_ref().rule.as_ref());
            let allowances = rules.allow.iter().map(|entry| entry.get_ref().rule.as_ref());
            for named in suspects.chain(findings).chain(allowances).flatten() {
                if let Some(unknown) = named.get_ref().without_match(known) {
                    let meant = meant(unknown, known, || "`oomph rules list` shows them".to_owned());
                    let message =
                        format!("no rule is called `{unknown}`; {meant} (--rules FILE adds your own)");
                    return Err(PolicyError::at(text, Some(named.span()), message));
                }
            }
        }
        Ok(())
    }

    /// Whether every kind of damage that the policy ignores is one of the `known` ones. `text` is what the policy was read from.
    ///
    /// # Errors
    /// Where it names one that does not exist, and what was probably meant: that damage would go on to count.
    pub fn check_damage(&self, text: &str, known: &[&str]) -> Result<(), PolicyError> {
        self.all().try_for_each(|rules| check_kinds(text, "damage", rules.damage.ignore.as_ref(), known))
    }

    /// The tables for every dump, then those of each `[[dump]]`.
    fn all(&self) -> impl Iterator<Item = &Rules> {
        std::iter::once(&self.common).chain(self.by_dump.iter().map(|(_, rules)| rules))
    }
}

/// Whether every pattern fits one of the kinds that there are.
fn check_kinds(
    text: &str,
    what: &str,
    named: Option<&Spanned<Patterns>>,
    known: &[&str],
) -> Result<(), PolicyError> {
    let Some(named) = named else { return Ok(()) };
    let Some(unknown) = named.get_ref().without_match(known) else { return Ok(()) };
    let meant = meant(unknown, known, || format!("possible are {}", known.join(", ")));
    let message = format!("no kind of {what} is `{unknown}`; {meant}");
    Err(PolicyError::at(text, Some(named.span()), message))
}

/// A question for the word that was probably meant, or else what `otherwise` says.
fn meant(written: &str, known: &[&str], otherwise: impl FnOnce() -> String) -> String {
    match nearest(written, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise(),
    }
}

/// The name that is most like the one that was written, if one is.
fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LIKE: f64 = 0.75;
    let likeness = known.map(|name| (strsim::jaro_winkler(written, name), name));
    likeness.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|best| best.0 > LIKE).map(|(_, name)| name)
}

/// Tables that may stand several times, with double brackets.
const LISTS: [&str; 10] =
    ["class", "package", "loader", "holder", "thread", "suspect", "finding", "waste", "allow", "dump"];
/// Tables that stand once.
const SINGLE: [&str; 6] = ["heap", "threads", "loaders", "off-heap", "damage", "growth"];

/// `[class]` where `[[class]]` is meant and the other way round, which serde tells in its own words, and growth by 20 bytes, which is meant to be
/// 20 %. Text that is no TOML is left to serde.
fn check_tables(text: &str) -> Result<(), PolicyError> {
    fn check(text: &str, tables: &DeTable<'_>, above: &str) -> Result<(), PolicyError> {
        for (name, value) in tables {
            let key = name.get_ref().as_ref();
            let is_list = matches!(value.get_ref(), DeValue::Array(_));
            let is_table = matches!(value.get_ref(), DeValue::Table(_));
            let message = if LISTS.contains(&key) && is_table {
                format!("`{key}` may stand several times: write [[{above}{key}]]")
            } else if SINGLE.contains(&key) && is_list {
                format!("`{key}` stands once: write [{above}{key}]")
            } else {
                check_growth(text, key, value)?;
                continue;
            };
            return Err(PolicyError::at(text, Some(name.span()), message));
        }
        Ok(())
    }
    /// A bare number up to 100 where growth is measured in bytes.
    fn check_growth(text: &str, table: &str, value: &Spanned<DeValue<'_>>) -> Result<(), PolicyError> {
        let (DeValue::Table(keys), "growth") = (value.get_ref(), table) else { return Ok(()) };
        for (key, value) in keys {
            let is_size = ["heap", "classes", "suspects"].contains(&key.get_ref().as_ref());
            let DeValue::Integer(number) = value.get_ref() else { continue };
            let number = number.to_string();
            if is_size && number.parse::<u64>().is_ok_and(|number| (1..=100).contains(&number)) {
                let message = format!(
                    "{number} are bytes: write \"{number}%\" for a part of what there was, or \"{number} B\""
                );
                return Err(PolicyError::at(text, Some(value.span()), message));
            }
        }
        Ok(())
    }
    let Ok(all) = DeTable::parse(text) else { return Ok(()) };
    check(text, all.get_ref(), "")?;
    if let Some(DeValue::Array(dumps)) = all.get_ref().get("dump").map(Spanned::get_ref) {
        for dump in dumps.iter() {
            if let DeValue::Table(tables) = dump.get_ref() {
                check(text, tables, "dump.")?;
            }
        }
    }
    Ok(())
}

/// What serde cannot check: that each entry of a list sets a limit, that each allowance says what it allows.
fn check_entries(text: &str, rules: &Rules) -> Result<(), PolicyError> {
    fn each<E: Entry>(text: &str, entries: &[Spanned<E>], known: &str) -> Result<(), PolicyError> {
        match entries.iter().find(|entry| !entry.get_ref().limits()) {
            Some(entry) => {
                let message = format!("this entry sets no limit: give it at least one of {known}");
                Err(PolicyError::at(text, Some(entry.span()), message))
            }
            None => Ok(()),
        }
    }
    each(text, &rules.class, "`max-instances`, `max-shallow`, `max-retained`, `max-unreachable`")?;
    each(text, &rules.package, "`max-instances`, `max-shallow`, `max-retained`")?;
    each(text, &rules.loader, "`max`, `max-classes`, `max-retained`")?;
    each(text, &rules.holder, "`max-retained`, `max-elements`")?;
    each(text, &rules.thread, "`max`, `min`, `max-retained`, `max-locals`, `max-thread-locals`")?;
    each(text, &rules.suspect, "`max`, `max-retained`")?;
    each(text, &rules.finding, "`max`, `max-count`, `max-bytes`")?;
    each(text, &rules.waste, "`max`")?;
    for entry in &rules.waste {
        check_kinds(text, "waste", entry.get_ref().kind.as_ref(), &WASTE_KINDS)?;
    }
    if let Some(entry) = rules.package.iter().find(|entry| entry.get_ref().package.is_none()) {
        return Err(PolicyError::at(text, Some(entry.span()), "this entry needs `package`".to_owned()));
    }
    for entry in &rules.allow {
        let Allowance { fingerprint, rule, class, holder, reason, .. } = entry.get_ref();
        let names_nothing = rule.is_none() && [fingerprint, class, holder].iter().all(|by| by.is_none());
        let message = if names_nothing {
            "an allowance needs one of `fingerprint`, `rule`, `class`, `holder`"
        } else if reason.trim().is_empty() {
            "an allowance needs a reason"
        } else {
            continue;
        };
        return Err(PolicyError::at(text, Some(entry.span()), message.to_owned()));
    }
    Ok(())
}

/// Adds to serde's "unknown field `x`, expected one of `a`, `b`" which of them was probably meant, and to what says nothing of it what it is
/// about. `named` is what stands where the error is.
fn explain(message: &str, named: &str) -> String {
    if message.starts_with("duplicate key") {
        return format!("`{named}` is there twice: put both together");
    }
    if let Some(missing) = message.strip_prefix("missing field ") {
        return format!("this entry needs {}", missing.trim_end());
    }
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let mut names = message.split('`').skip(1).step_by(2);
    match names.next() {
        Some(unknown) if is_unknown => {
            let known: Vec<&str> = names.collect();
            let what = if message.starts_with("unknown field") { "key" } else { "value" };
            let meant = meant(unknown, &known, || format!("possible are {}", known.join(", ")));
            format!("unknown {what} `{unknown}`; {meant}")
        }
        // Types of this program say nothing to who writes a policy.
        _ => message.trim_end().replace("expected u64", "expected a whole number, 0 or more"),
    }
}

/// A date as TOML writes it, or in quotes.
pub(super) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Native(toml::value::Datetime),
        Quoted(String),
    }
    let text = match Written::deserialize(from) {
        Ok(Written::Native(datetime)) => datetime.to_string(),
        Ok(Written::Quoted(text)) => text,
        Err(_) => return Err(de::Error::custom("expected a date such as 2027-01-31")),
    };
    text.parse().map_err(|_| de::Error::custom(format!("`{text}` is not a date such as 2027-01-31")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Policy>().expect_err("a bad policy").to_string()
    }

    #[test]
    fn errors_say_where_and_what_was_meant() {
        assert_eq!(
            error("[heap]\nmax-objects = 5\n\n[[class]]\nclass = \"a.B\"\nmax-instnces = 3\n"),
            "line 6, column 1: unknown key `max-instnces`; did you mean `max-instances`?"
        );
        assert_eq!(
            error("[heap]\n  max-reachable = \"10 apples\""),
            "line 2, column 19: `10 apples` is not a size: write for example \"200 MiB\", \"1.5 GB\" or \"10%\""
        );
        assert_eq!(
            error("[[suspect]]\nkind = \"leek\"\nmax = 0"),
            "line 2, column 8: unknown value `leek`; did you mean `leak`?"
        );
        assert_eq!(error("[supects]"), "line 1, column 2: unknown key `supects`; did you mean `suspect`?");
        assert!(error("[heap\n").starts_with("line 1, column 6: "));
        assert!(error("[zzz]").contains("possible are schema, file, heap"));
        assert_eq!(
            error("[threads]\nmax = -1"),
            "line 2, column 7: invalid value: integer `-1`, expected a whole number, 0 or more"
        );
        assert_eq!(
            error("[class]\nclass = \"a.B\"\nmax-instances = 1"),
            "line 1, column 2: `class` may stand several times: write [[class]]"
        );
        assert_eq!(
            error("[[dump]]\nfile = \"a\"\n[[dump.heap]]\nmax-objects = 1"),
            "line 3, column 8: `heap` stands once: write [dump.heap]"
        );
        assert_eq!(
            error("[heap]\nmax-objects = 1\n[heap]\nmax-classes = 2"),
            "line 3, column 2: `heap` is there twice: put both together"
        );
        assert_eq!(
            error("[[dump]]\nfile = \"a\"\n[dump.growth]\nheap = 20"),
            "line 4, column 8: 20 are bytes: write \"20%\" for a part of what there was, or \"20 B\""
        );
        assert!("[growth]\nheap = 0\nclasses = 4096\ninstances = 20".parse::<Policy>().is_ok());
    }

    #[test]
    fn entries_must_mean_something() {
        assert_eq!(
            error("[damage]\nmax = 0\n[[class]]\nclass = \"a.B\"\n"),
            "line 3, column 1: this entry sets no limit: give it at least one of `max-instances`, \
             `max-shallow`, `max-retained`, `max-unreachable`"
        );
        assert!(
            error("[[allow]]\nreason = \"x\"\nuntil = 2027-01-01").contains("needs one of `fingerprint`")
        );
        assert!(error("[[allow]]\nrule = \"x\"\nreason = \" \"\nuntil = 2027-01-01").contains("a reason"));
        assert!(
            error("[[allow]]\nrule = \"x\"\nreason = \"y\"\nuntil = \"soon\"").contains("line 4, column 9")
        );
        let forever = error("[[allow]]\nrule = \"x\"\nreason = \"y\"\n");
        assert_eq!(forever, "line 1, column 1: this entry needs `until`");
        assert!(
            error("[[waste]]\nkind = \"string\"\nmax = 0")
                .starts_with("line 2, column 8: no kind of waste is `string`; did you mean `strings`?")
        );
        assert_eq!(
            error("[[waste]]\nmax = 0\nkind = [\"boxed\", \"zzz\"]"),
            "line 3, column 8: no kind of waste is `zzz`; possible are strings, arrays, zeros, collections, boxed"
        );
        assert!(error("file = \"x\"").contains("belongs below"));
        let second = "[[dump]]\nfile = \"a\"\n[[dump]]\n[dump.heap]\nmax-objects = 1";
        assert!(error(second).starts_with("line 3, column 1: each `[[dump]]` needs `file`"));
        assert!(error("schema = \"oomph/policy/2\"").starts_with("line 1, column 10"));
    }

    #[test]
    fn a_rule_that_nobody_knows_is_told_with_the_one_that_was_meant() {
        let known = ["activemq.repeated-factory", "activemq.repeated-connection", "strings.repeated"];
        let check = |rule: &str| {
            let text = format!(
                "[damage]\nmax = 0\n[[dump]]\nfile = \"a\"\n[[dump.finding]]\nrule = {rule}\nmax = 0\n"
            );
            text.parse::<Policy>().unwrap().check_rules(&text, &known).map_err(|error| error.to_string())
        };
        assert_eq!(check("\"activemq.*\""), Ok(()));
        assert_eq!(check("[\"*\", \"!strings.repeated\"]"), Ok(()));
        let told = check("\"activemq.repeated-factry\"").unwrap_err();
        assert!(
            told.starts_with(
                "line 6, column 8: no rule is called `activemq.repeated-factry`; did you mean `activemq.repeated-factory`?"
            ),
            "{told}"
        );
        let told = check("[\"*\", \"!string.*\"]").unwrap_err();
        assert!(told.contains("`string.*`"), "what is taken out is checked too: {told}");
        let text = "[[allow]]\nrule = \"zzz\"\nreason = \"x\"\nuntil = 2027-01-01";
        let told = text.parse::<Policy>().unwrap().check_rules(text, &known).unwrap_err().to_string();
        assert!(told.starts_with("line 2, column 8: ") && told.contains("`oomph rules list`"), "{told}");
    }

    #[test]
    fn damage_of_a_kind_that_does_not_exist_is_told_with_the_one_that_was_meant() {
        let known = ["truncated", "lost-bytes", "unknown-record"];
        let check = |ignore: &str, table: &str| {
            let text = format!("[[dump]]\nfile = \"a\"\n{table}\nmax = 0\nignore = {ignore}\n");
            text.parse::<Policy>().unwrap().check_damage(&text, &known).map_err(|error| error.to_string())
        };
        assert_eq!(check("\"lost-*\"", "[dump.damage]"), Ok(()));
        assert_eq!(check("[\"*\", \"!truncated\"]", "[dump.damage]"), Ok(()));
        assert_eq!(
            check("[\"truncated\", \"lost-byte\"]", "[dump.damage]").unwrap_err(),
            "line 5, column 10: no kind of damage is `lost-byte`; did you mean `lost-bytes`?"
        );
        let text = "[damage]\n  ignore = \"zzz\"\nmax = 0";
        assert_eq!(
            text.parse::<Policy>().unwrap().check_damage(text, &known).unwrap_err().to_string(),
            "line 2, column 12: no kind of damage is `zzz`; possible are truncated, lost-bytes, unknown-record"
        );
    }

    #[test]
    fn both_ways_to_write_a_date() {
        for until in ["2027-01-31", "\"2027-01-31\""] {
            let text = format!("[[allow]]\nrule = \"x\"\nreason = \"y\"\nuntil = {until}");
            let policy: Policy = text.parse().unwrap();
            assert_eq!(policy.common.allow[0].get_ref().until, jiff::civil::date(2027, 1, 31));
        }
    }

    #[test]
    fn later_entries_replace_those_of_the_same_name() {
        let policy: Policy = r#"
            [heap]
            max-objects = 5
            max-classes = 7
            [[class]]
            name = "rows"
            class = "a.Row"
            max-instances = 1
            [[dump]]
            file = "soak-*"
            [dump.heap]
            max-objects = 50
            [[dump.class]]
            name = "rows"
            class = "a.Row"
            max-instances = 10
            [[dump.class]]
            class = "a.Col"
            max-instances = 2
        "#
        .parse()
        .unwrap();
        let rules = policy.rules_for("soak-1.hprof");
        assert_eq!((rules.heap.max_objects, rules.heap.max_classes), (Some(50), Some(7)));
        let instances: Vec<_> = rules.class.iter().map(|class| class.get_ref().max_instances).collect();
        assert_eq!(instances, [Some(10), Some(2)]);
        assert_eq!(policy.rules_for("other.hprof").heap.max_objects, Some(5));
    }
}
