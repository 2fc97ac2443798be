//! Annotations: workflow commands of GitHub Actions and the code quality report of GitLab.

use super::place::{FindSource, Place, place};
use super::{details, message};
use crate::gate::{Judgement, Status};
use crate::render::terminal::clean;
use crate::render::text::Language;
use crate::report::Fingerprint;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Lines that GitHub Actions reads from the log of a step, with file and line where the problem points to code.
pub fn github(judgements: &[Judgement], language: Language, find: FindSource<'_>) -> String {
    let mut out = String::new();
    for judgement in judgements {
        let mut line = |level: &str, place: Option<Place>, title: &str, text: &str| {
            let (title, text) = (property(title), data(text));
            let file = place.as_ref().map(|place| format!("file={},", property(&place.file)));
            let line = place.as_ref().and_then(|place| place.line).map(|line| format!("line={line},"));
            let (file, line) = (file.unwrap_or_default(), line.unwrap_or_default());
            out.push_str(&format!("::{level} {file}{line}title={title}::{text}\n"));
        };
        if let Some(error) = &judgement.error {
            line("error", None, &format!("oomph: {}", judgement.file), error);
        }
        for outcome in &judgement.outcomes {
            let level = match outcome.status {
                Status::Failed => "error",
                Status::Tolerated => "notice",
                Status::NotMeasured => "warning",
                Status::Passed => continue,
            };
            let title = format!("oomph: {} ({})", outcome.budget, judgement.file);
            let mut text = vec![message(outcome, language)];
            text.extend(details(&judgement.file, outcome, language));
            line(level, place(outcome, find), &title, &text.join("\n"));
        }
    }
    out
}

/// Text for people in the log of a step, which is searched for commands everywhere: a name that a line is broken before, or that holds
/// `##[`, would be obeyed. Commands are off in it until the mark comes that is made of the text, so that the text cannot hold it.
pub fn github_log(text: &str) -> String {
    let mark = Fingerprint::of(&["log", text]);
    format!("::stop-commands::oomph-{mark}\n{text}::oomph-{mark}::\n")
}

/// Words after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The report that GitLab shows as code quality: broken budgets with the code that they point to, else the dump.
///
/// # Panics
/// Never: plain data has a JSON form.
pub fn gitlab(judgements: &[Judgement], language: Language, find: FindSource<'_>) -> String {
    let mut issues: Vec<Value> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    // GitLab takes issues of one fingerprint for one, and compares those of two branches by it.
    let mut unique = |fingerprint: String| {
        let count = seen.entry(fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 { format!("{fingerprint}-{count}") } else { fingerprint }
    };
    for judgement in judgements {
        if let Some(error) = &judgement.error {
            issues.push(json!({
                "description": clean(error),
                "check_name": "unreadable",
                "fingerprint": unique("unreadable".to_owned()),
                "severity": "critical",
                "location": {"path": relative(&judgement.file), "lines": {"begin": 1}},
            }));
        }
        for outcome in judgement.with_status(Status::Failed) {
            let place = place(outcome, find);
            let line = place.as_ref().and_then(|place| place.line).unwrap_or(1);
            let path = place.map(|place| place.file);
            issues.push(json!({
                "description": format!("{}: {}", judgement.file, message(outcome, language)),
                "check_name": outcome.rule.as_ref().unwrap_or(&outcome.budget),
                "fingerprint": unique(format!("{}-{}", outcome.budget, outcome.fingerprint)),
                "severity": "major",
                "location": {
                    "path": path.as_deref().unwrap_or_else(|| relative(&judgement.file)),
                    "lines": {"begin": line},
                },
            }));
        }
    }
    serde_json::to_string_pretty(&issues).expect("plain data has a JSON form") + "\n"
}

/// GitLab knows paths without a leading `./`.
fn relative(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_not_searched_for_commands() {
        let log = github_log("thread\n  ::add-mask::x\n");
        let lines: Vec<&str> = log.lines().collect();
        let mark = lines[0].strip_prefix("::stop-commands::").unwrap();
        assert_eq!(lines[1..], ["thread", "  ::add-mask::x", &format!("::{mark}::")]);
        assert_ne!(github_log("another\n").lines().next(), Some(lines[0]), "nobody can know the mark before");
    }

    #[test]
    fn no_text_begins_a_command() {
        assert_eq!(data("a\n::error::b 100%"), "a%0A::error::b 100%25");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
