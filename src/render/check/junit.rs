//! JUnit XML: a suite for each dump, a case for each budget. What is tolerated or not measured is skipped.

use super::{details, message};
use crate::gate::{Judgement, Outcome, Status};
use crate::render::text::Language;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;

/// All dumps as one XML document.
///
/// # Panics
/// Never: writing to memory does not fail.
pub fn junit(judgements: &[Judgement], language: Language) -> String {
    let mut report = Report::new("oomph check");
    report.add_test_suites(judgements.iter().map(|judgement| suite(judgement, language)));
    report.to_string().expect("writing to memory does not fail")
}

fn suite(judgement: &Judgement, language: Language) -> TestSuite {
    let mut suite = TestSuite::new(&judgement.file);
    if let Some(error) = &judgement.error {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(error).set_type("unreadable");
        suite.add_test_case(case("the dump can be read", &judgement.file, status));
        return suite;
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in &judgement.outcomes {
        let name = match outcome.subject.as_str() {
            "" => outcome.budget.clone(),
            subject => format!("{} {subject}", outcome.budget),
        };
        // CI systems take two cases of one name for one.
        let count = names.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} ({count})") } else { name };
        suite.add_test_case(case(&name, &judgement.file, status(&judgement.file, outcome, language)));
    }
    suite
}

fn case(name: &str, file: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    // A dot would make a package of what stands before it.
    case.set_classname(format!("oomph.{}", file.replace('.', "_")));
    case
}

fn status(file: &str, outcome: &Outcome, language: Language) -> TestCaseStatus {
    let words = message(outcome, language);
    let mut status = match outcome.status {
        Status::Passed => return TestCaseStatus::success(),
        Status::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Tolerated | Status::NotMeasured => TestCaseStatus::skipped(),
    };
    let note = outcome.note.iter().map(|note| language.text(note));
    match outcome.status {
        Status::Failed => {
            let mut text = vec![words.clone()];
            text.extend(details(file, outcome, language));
            status.set_message(words).set_type(outcome.budget.as_str()).set_description(text.join("\n"));
        }
        _ => {
            let text: Vec<String> = std::iter::once(words).chain(note).collect();
            status.set_message(text.join(" · "));
        }
    }
    status
}
