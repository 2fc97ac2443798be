//! SARIF 2.1.0: a result for each broken budget, with the code that it points to where a stack or a holder's class tells it.
//!
//! What the policy tolerates is there too, suppressed with its reason. Line 1 stands where no line is known.

use super::place::{FindSource, place};
use super::{details, message};
use crate::gate::{Judgement, Outcome, Status};
use crate::render::text::Language;
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;
use std::collections::BTreeMap;

/// All dumps as one run.
///
/// # Panics
/// Never: what is written is of the form that the format's own types have; tests check it with broken budgets of all kinds.
pub fn sarif(judgements: &[Judgement], language: Language, find: FindSource<'_>) -> String {
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    let mut results = Vec::new();
    for judgement in judgements {
        let reported =
            judgement.outcomes.iter().filter(|o| matches!(o.status, Status::Failed | Status::Tolerated));
        for outcome in reported {
            let id = rule_id(outcome);
            rules.entry(id.clone()).or_insert_with(
                || json!({"id": id, "name": id, "shortDescription": {"text": format!("oomph: {id}")}}),
            );
            results.push(result(judgement, outcome, language, find));
        }
    }
    let notifications: Vec<Value> = judgements
        .iter()
        .filter_map(|judgement| {
            let text = format!("{}: {}", judgement.file, judgement.error.as_ref()?);
            Some(json!({"level": "error", "message": {"text": text}}))
        })
        .collect();
    let log = json!({
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{
            "tool": {"driver": {
                "name": "oomph",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    let typed: Sarif = serde_json::from_value(log).expect("the log is of the types of SARIF");
    serde_json::to_string_pretty(&typed).expect("a log has a JSON form") + "\n"
}

fn rule_id(outcome: &Outcome) -> String {
    outcome.rule.clone().unwrap_or_else(|| outcome.budget.clone())
}

fn result(judgement: &Judgement, outcome: &Outcome, language: Language, find: FindSource<'_>) -> Value {
    let mut text = vec![format!("{}: {}", judgement.file, message(outcome, language))];
    text.extend(details(&judgement.file, outcome, language));
    let mut result = json!({
        "ruleId": rule_id(outcome),
        "level": "error",
        "message": {"text": text.join("\n")},
        "locations": [location(judgement, outcome, find)],
        "partialFingerprints": {"oomph/v1": outcome.fingerprint.0},
        "properties": {
            "dump": judgement.file,
            "budget": outcome.budget,
            "measured": outcome.measured.map(crate::gate::Figure::magnitude),
            "allowed": outcome.allowed.map(crate::gate::Figure::magnitude),
        },
    });
    if outcome.status == Status::Tolerated {
        let reason = outcome.note.as_ref().map(|note| language.text(note)).unwrap_or_default();
        result["level"] = "note".into();
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

/// GitHub refuses a whole file of results if one of them has no file with a line: what points to no code points to the dump.
fn location(judgement: &Judgement, outcome: &Outcome, find: FindSource<'_>) -> Value {
    let (uri, line) = match place(outcome, find) {
        Some(place) => (place.file, place.line),
        None => (judgement.file.clone(), None),
    };
    let mut location = json!({"physicalLocation": {
        "artifactLocation": {"uri": uri_of(&uri), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": line.unwrap_or(1)},
    }});
    let logical = if let Some(frame) = &outcome.frame {
        Some((format!("{}.{}", frame.class, frame.method), "function"))
    } else {
        let holder = outcome.holder.as_ref().filter(|holder| holder.class.is_some());
        holder.map(|holder| (holder.label(), if holder.field.is_some() { "member" } else { "type" }))
    };
    if let Some((name, kind)) = logical {
        location["logicalLocations"] = json!([{"fullyQualifiedName": name, "kind": kind}]);
    }
    location
}

/// A path as a reference of RFC 3986, relative where the path is.
fn uri_of(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' | b'$' => {
                uri.push(char::from(byte));
            }
            b'\\' => uri.push('/'),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri_of("./dumps/a b:1%.hprof"), "dumps/a%20b%3A1%25.hprof");
        assert_eq!(uri_of("dumps\\a.hprof"), "dumps/a.hprof");
    }
}
