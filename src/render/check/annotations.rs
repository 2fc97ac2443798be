//! Annotations: workflow commands of GitHub Actions and the code quality report of GitLab.

use super::{details, message};
use crate::gate::{Judgement, Outcome, Status};
use crate::render::text::Language;
use serde_json::{Value, json};

/// Lines that GitHub Actions reads from the log of a step.
pub fn github(judgements: &[Judgement], language: Language) -> String {
    let mut out = String::new();
    for judgement in judgements {
        let mut line = |level: &str, title: &str, text: &str| {
            let (title, text) = (property(title), data(text));
            out.push_str(&format!("::{level} title={title}::{text}\n"));
        };
        if let Some(error) = &judgement.error {
            line("error", &format!("oomph: {}", judgement.file), error);
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
            line(level, &title, &text.join("\n"));
        }
    }
    out
}

/// Words after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The report that GitLab shows as code quality: broken budgets with the file that they point to.
pub fn gitlab(judgements: &[Judgement], language: Language) -> String {
    let mut issues: Vec<Value> = Vec::new();
    for judgement in judgements {
        for outcome in judgement.with_status(Status::Failed) {
            issues.push(issue(judgement, outcome, language));
        }
    }
    serde_json::to_string_pretty(&issues).expect("plain data has a JSON form") + "\n"
}

fn issue(judgement: &Judgement, outcome: &Outcome, language: Language) -> Value {
    let line = outcome.frame.as_ref().and_then(|frame| frame.line).unwrap_or(1);
    json!({
        "description": format!("{}: {}", judgement.file, message(outcome, language)),
        "check_name": outcome.rule.as_ref().unwrap_or(&outcome.budget),
        "fingerprint": format!("{}-{}", outcome.budget, outcome.fingerprint),
        "severity": "major",
        "location": {"path": judgement.file, "lines": {"begin": line}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_a_command() {
        assert_eq!(data("a\n::error::b 100%"), "a%0A::error::b 100%25");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
