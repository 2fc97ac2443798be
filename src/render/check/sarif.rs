//! SARIF 2.1.0: a result for each broken budget, with the code that it points to where a stack or a holder's class tells it.
//!
//! What the policy tolerates is there too, suppressed with its reason. The source file of a class is guessed as compilers lay
//! them out (`com/acme/Shop.java` below `%SRCROOT%`); a line is given only where a stack has one.

use super::{details, message};
use crate::gate::{Judgement, Outcome, Status};
use crate::render::text::Language;
use crate::report::Holder;
use serde_json::{Map, Value, json};
use serde_sarif::sarif::Sarif;
use std::collections::BTreeMap;

/// All dumps as one run.
///
/// # Panics
/// Never: what is written is of the form that the format's own types have; tests check it with broken budgets of all kinds.
pub fn sarif(judgements: &[Judgement], language: Language) -> String {
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
            results.push(result(judgement, outcome, language));
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

fn result(judgement: &Judgement, outcome: &Outcome, language: Language) -> Value {
    let mut text = vec![format!("{}: {}", judgement.file, message(outcome, language))];
    text.extend(details(&judgement.file, outcome, language));
    let mut result = json!({
        "ruleId": rule_id(outcome),
        "level": "error",
        "message": {"text": text.join("\n")},
        "partialFingerprints": {"oomph/v1": outcome.fingerprint.0},
        "properties": {
            "dump": judgement.file,
            "budget": outcome.budget,
            "measured": outcome.measured.map(crate::gate::Figure::magnitude),
            "allowed": outcome.allowed.map(crate::gate::Figure::magnitude),
        },
    });
    if let Some(location) = location(outcome) {
        result["locations"] = json!([location]);
    }
    if outcome.status == Status::Tolerated {
        let reason = outcome.note.as_ref().map(|note| language.text(note)).unwrap_or_default();
        result["level"] = "note".into();
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

fn location(outcome: &Outcome) -> Option<Value> {
    let mut location = Map::new();
    if let Some(frame) = &outcome.frame {
        if let Some(uri) = source_file(&frame.class, frame.file.as_deref()) {
            let mut physical = json!({"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}});
            if let Some(line) = frame.line.filter(|&line| line > 0) {
                physical["region"] = json!({"startLine": line});
            }
            location.insert("physicalLocation".to_owned(), physical);
        }
        let name = format!("{}.{}", frame.class, frame.method);
        location
            .insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": name, "kind": "function"}]));
    } else {
        let holder = outcome.holder.as_ref()?;
        let class = holder.class.as_deref()?;
        if let Some(uri) = source_file(class, None) {
            let physical = json!({"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}});
            location.insert("physicalLocation".to_owned(), physical);
        }
        let kind = if holder.field.is_some() { "member" } else { "type" };
        let name = Holder::label(holder);
        location.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": name, "kind": kind}]));
    }
    Some(Value::Object(location))
}

/// The source file of a class of the application, relative to the root of its sources.
fn source_file(class: &str, file: Option<&str>) -> Option<String> {
    const NOT_OURS: [&str; 5] = ["java.", "javax.", "jdk.", "sun.", "com.sun."];
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '-');
    let outer = class.split('$').next().filter(|outer| !outer.is_empty())?;
    if !outer.chars().all(is_name) || NOT_OURS.iter().any(|prefix| outer.starts_with(prefix)) {
        return None;
    }
    let (package, simple) = outer.rsplit_once('.').map_or(("", outer), |(package, simple)| (package, simple));
    let file = match file.filter(|file| file.chars().all(is_name)) {
        Some(file) => file.to_owned(),
        None => format!("{simple}.java"),
    };
    Some(if package.is_empty() { file } else { format!("{}/{file}", package.replace('.', "/")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_files_of_the_application_only() {
        assert_eq!(source_file("com.acme.Shop$Cart", None).as_deref(), Some("com/acme/Shop.java"));
        assert_eq!(source_file("com.acme.ShopKt", Some("Shop.kt")).as_deref(), Some("com/acme/Shop.kt"));
        assert_eq!(source_file("java.util.HashMap", None), None);
        assert_eq!(source_file("../../etc/passwd", None), None);
        assert_eq!(source_file("Main", None).as_deref(), Some("Main.java"));
    }
}
