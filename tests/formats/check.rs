//! Judgements in each format, of a report with names that attack them.

use crate::gate::judged;
use crate::json::assert_valid;
use crate::sample;
use jiff::civil::date;
use oomph::gate::{Judgement, Policy, evaluate};
use oomph::render::check::{self, Place};
use oomph::render::text::Language;
use oomph::report::{Severity, Text};
use serde_json::Value;

const POLICY: &str = r#"
    [heap]
    max-reachable = "1 MiB"
    max-objects = 100_000_000
    [threads]
    max-retained = "1 MiB"
    [[class]]
    class = "*"
    max-retained = 8
    [[suspect]]
    max = 0
    [[finding]]
    severity = "warning"
    max = 0
    [[waste]]
    max = 0
    [[allow]]
    rule = "duplicate-strings"
    reason = "ticket | 4711 <b>"
    until = 2027-06-30
"#;

fn judgements() -> Vec<Judgement> {
    vec![judged(POLICY, None), Judgement::unreadable("b\u{1b}[31m|<i>.hprof", "no\nHPROF & \"all\"")]
}

/// A repository with one source.
fn find(guess: &str, field: Option<&str>) -> Option<Place> {
    (guess == "com/acme/MqRegistry.java").then(|| Place::new("mq/src/a,b.java", field.map(|_| 17)))
}

fn errors(schema: &str, value: &Value) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(schema);
    // The published schema has a pattern with a bracket too many, which strict regular expressions refuse.
    let text = std::fs::read_to_string(path).unwrap().replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn json_fits_its_schema() {
    for language in Language::ALL {
        let value = check::json(&judgements(), language);
        assert_valid("check.schema.json", &value);
        assert_eq!(value["passed"], false);
        let statuses: Vec<_> =
            value["dumps"][0]["outcomes"].as_array().unwrap().iter().map(|o| &o["status"]).collect();
        for status in ["passed", "tolerated", "not-measured", "failed"] {
            assert!(statuses.iter().any(|s| *s == status), "{status}");
        }
    }
}

#[test]
fn sarif_fits_the_standard() {
    let log: Value = serde_json::from_str(&check::sarif(&judgements(), Language::En, &find)).unwrap();
    let errors = errors("tests/formats/schemas/sarif-2.1.0.json", &log);
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(
        results.iter().any(|result| {
            result.pointer("/locations/0/physicalLocation/region/startLine").is_some_and(|line| line == 41)
        }),
        "a stack gives a line"
    );
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().is_some_and(|uri| !uri.is_empty()), "{result:#}");
        assert!(
            place["region"]["startLine"].as_u64().is_some_and(|line| line > 0),
            "GitHub wants one: {result:#}"
        );
    }
    assert!(
        results.iter().any(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            place["artifactLocation"]["uri"] == "mq/src/a%2Cb.java" && place["region"]["startLine"] == 17
        }),
        "the field that holds it has a line in the repository"
    );
    assert!(results.iter().any(|result| result["suppressions"][0]["kind"] == "external"));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{}", result["ruleId"]);
    }
    let mut broken = log.clone();
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(
        !self::errors("tests/formats/schemas/sarif-2.1.0.json", &broken).is_empty(),
        "the schema can refuse"
    );
}

#[test]
fn junit_is_read_back_with_the_same_counts() {
    let xml = check::junit(&judgements(), Language::En);
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    let [first, second] = report.test_suites.as_slice() else { panic!("two dumps") };
    let outcomes = judgements()[0].outcomes.len();
    assert_eq!((first.tests, second.errors), (outcomes, 1));
    assert!(first.failures > 3 && first.skipped >= 2);
    let mut names: Vec<&str> = first.test_cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "names are distinct");
    assert!(!xml.contains('\u{1b}') && !xml.contains("<script>"));
}

#[test]
fn annotations_are_one_line_each() {
    let text = check::github(&judgements(), Language::En, &find);
    for line in text.lines() {
        assert!(
            ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start)),
            "{line}"
        );
    }
    assert!(text.contains("::error file=mq/src/a%2Cb.java,line=17,title=oomph%3A suspect.max"), "{text}");
    assert!(text.contains(",line=41,title="), "a stack gives a line: {text}");
    assert!(text.contains("b\u{1b}") == text.contains('\u{1b}'));
    let issues: Value =
        serde_json::from_str(&check::gitlab(&[judgements(), judgements()].concat(), Language::En, &find))
            .unwrap();
    let issues = issues.as_array().unwrap();
    let fingerprints: std::collections::BTreeSet<_> =
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), issues.len(), "GitLab takes two of one fingerprint for one");
    assert!(issues.iter().any(|issue| issue["check_name"] == "unreadable"));
    assert!(issues.iter().any(|issue| {
        issue["location"]["path"] == "mq/src/a,b.java" && issue["location"]["lines"]["begin"] == 17
    }));
    for issue in issues {
        for pointer in [
            "/description",
            "/check_name",
            "/fingerprint",
            "/severity",
            "/location/path",
            "/location/lines/begin",
        ] {
            assert!(issue.pointer(pointer).is_some(), "{pointer}");
        }
    }
}

#[test]
fn csv_is_read_back_with_a_row_for_each_budget() {
    for language in Language::ALL {
        let text = check::csv(&judgements(), language);
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), judgements()[0].outcomes.len() + 1);
        let at =
            |row: &csv::StringRecord, key| row[head.iter().position(|name| name == key).unwrap()].to_owned();
        for status in ["passed", "tolerated", "not-measured", "failed", "unreadable"] {
            assert!(rows.iter().any(|row| at(row, "status") == status), "{status}");
        }
        let heap = rows.iter().find(|row| at(row, "budget") == "heap.max-reachable").unwrap();
        assert_eq!((at(heap, "unit"), at(heap, "allowed")), ("bytes".to_owned(), (1 << 20).to_string()));
        assert!(at(heap, "measured").parse::<u64>().unwrap() > 1 << 20);
        assert!(rows.iter().any(|row| at(row, "holder") == "com.acme.MqRegistry.FACTORIES"));
        let unread = rows.last().unwrap();
        assert!(at(unread, "message").ends_with("no\nHPROF & \"all\""), "{unread:?}");
    }
}

#[test]
fn prometheus_text_has_the_form_of_its_exposition_format() {
    let text = check::prometheus(&judgements());
    let sample = regex::Regex::new(r#"^[a-z_]+\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\} [0-9.e+-]+$"#).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        assert!(sample.is_match(line), "{line}");
        assert!(seen.insert(line.rsplit_once(' ').unwrap().0), "twice: {line}");
    }
    assert!(text.contains("oomph_readable"));
    // Of one series in all runs, whether other budgets are broken or not.
    assert!(!text.contains("n=\"1\""), "{text}");
}

#[test]
fn markdown_and_terminal_show_nothing_that_is_obeyed() {
    for language in Language::ALL {
        let text = check::markdown(&judgements(), language);
        assert!(!text.contains("<script>") && !text.contains("<img") && !text.contains('\u{1b}'), "{text}");
        assert!(text.contains("com.acme.MqRegistry.FACTORIES"));
        let mut options = oomph::render::terminal::TerminalOptions::default();
        (options.width, options.language) = (80, language);
        let text = check::terminal(&judgements(), true, &options);
        assert!(!text.contains('\u{1b}'));
        assert!(!text.contains("gate-"), "a message has no words: {text}");
    }
}

#[test]
fn the_terminal_says_the_size_of_a_finding_once() {
    let mut report = sample::report();
    let mut told = sample::finding("said", Severity::Error, "com.acme.Said", 3 << 20, 7);
    told.title = Text::Both { en: "7 Said keep 3.00 MiB".into(), zh: "7 个 Said 占 3.00 MiB".into() };
    let silent = sample::finding("unsaid", Severity::Error, "com.acme.Unsaid", 3 << 20, 7);
    report.findings = vec![told, silent];
    report.dump.file = "orders.hprof".into();
    for language in Language::ALL {
        let mut options = oomph::render::terminal::TerminalOptions::default();
        options.language = language;
        let text = oomph::render::terminal::report(&report, &options);
        let times = |id: &str| {
            let line = text.lines().find(|line| line.contains(id)).unwrap();
            line.matches("3.00 MiB").count()
        };
        assert_eq!((times("[said]"), times("[unsaid]")), (1, 1), "{text}");
        let policy: Policy = "[[finding]]\nseverity = \"error\"\nmax = 0\n".parse().unwrap();
        let judgement = evaluate(&policy, &report, None, date(2027, 1, 1));
        let rows = check::csv(&[judgement], language);
        for row in rows.lines().filter(|row| row.contains("finding.max")) {
            assert_eq!(row.matches("3.00 MiB").count(), 1, "{row}");
        }
        assert!(rows.contains("Unsaid") && rows.contains("7 "), "{rows}");
    }
}
