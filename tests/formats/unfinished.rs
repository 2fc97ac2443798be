//! Runs of `oomph check` that do not come to their end: what they had found is kept, and nobody takes them for runs that passed.

use crate::commands::{dumps, oomph};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

fn copy(name: &str, to: &Path) {
    std::fs::copy(dumps().join(name), to).unwrap();
}

/// A dump whose reading never ends.
#[cfg(unix)]
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Starts a check of a dump that leaks, of one that is fine, and of one that nobody writes to; ends it with `signal` when the first two are judged.
#[cfg(unix)]
fn ended_by(signal: &str, folder: &Path) -> (Option<i32>, String) {
    copy("mq-kept.hprof.gz", &folder.join("a.hprof.gz"));
    copy("mq-garbage.hprof.zst", &folder.join("b.hprof.zst"));
    pipe(&folder.join("c.hprof"));
    // What an earlier run left must not be taken for what this one found.
    std::fs::write(folder.join("j.xml"), "an earlier run").unwrap();
    let files =
        ["--junit=j.xml", "--json=c.json", "--markdown=m.md", "--prometheus=p.prom", "--sarif=s.sarif"];
    let mut run = Command::new(env!("CARGO_BIN_EXE_oomph"));
    let run = run.args(["check", "a.hprof.gz", "b.hprof.zst", "c.hprof"]).args(files).current_dir(folder);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdout = BufReader::new(run.stdout.take().unwrap());
    let mut told = String::new();
    while !told.contains("✓ b.hprof.zst") {
        assert!(stdout.read_line(&mut told).unwrap() > 0, "each dump is told of when it is judged: {told}");
    }
    // The files follow the text, this one last.
    let is_kept =
        || std::fs::read_to_string(folder.join("p.prom")).is_ok_and(|text| text.contains("b.hprof"));
    for _ in 0..500 {
        if is_kept() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let id = run.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    let code = run.wait().unwrap().code();
    stdout.read_to_string(&mut told).unwrap();
    (code, told)
}

/// Name, budgets and errors of each suite.
#[cfg(unix)]
fn junit(folder: &Path) -> Option<Vec<(String, usize, usize)>> {
    let text = std::fs::read_to_string(folder.join("j.xml")).ok()?;
    let report = quick_junit::Report::deserialize_from_str(&text).ok()?;
    Some(report.test_suites.iter().map(|suite| (suite.name.to_string(), suite.tests, suite.errors)).collect())
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_what_it_had_judged() {
    let folder = tempfile::tempdir().unwrap();
    let (code, told) = ended_by("-KILL", folder.path());
    assert_eq!(code, None, "ended by a signal");
    assert!(told.starts_with("✗ a.hprof.gz: 2 of 3 budgets broken") && !told.contains("c.hprof"), "{told}");
    let suites = junit(folder.path()).unwrap();
    let [(a, a_tests, 0), (b, b_tests, 0), (c, _, 1)] = suites.as_slice() else { panic!("{suites:?}") };
    assert_eq!([a, b, c], ["a.hprof.gz", "b.hprof.zst", "c.hprof"]);
    assert!(*a_tests >= 3 && *b_tests >= 3, "{suites:?}");
    let json = std::fs::read_to_string(folder.path().join("c.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    crate::json::assert_valid("check.schema.json", &json);
    assert_eq!(json["passed"], false);
    assert_eq!(json["dumps"][1]["passed"], true);
    assert_eq!(json["dumps"][2]["error"], "not judged: the run ended before");
    let page = std::fs::read_to_string(folder.path().join("m.md")).unwrap();
    assert!(page.contains("com.acme.mq.MqRegistry.FACTORIES") && page.contains("⚠ not judged"), "{page}");
    let metrics = std::fs::read_to_string(folder.path().join("p.prom")).unwrap();
    assert!(
        metrics.contains("oomph_passed{dump=\"b.hprof.zst\"} 1") && !metrics.contains("c.hprof"),
        "{metrics}"
    );
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".oomph"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "files are whole or not there");
}

#[test]
fn a_place_that_cannot_be_written_to_is_told_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", &folder.path().join("a.hprof.gz"));
    let output = oomph(folder.path(), &["check", "a.hprof.gz", "--junit", "no/such/folder/j.xml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write no/such/folder/j.xml"));
}

#[test]
fn standard_output_has_data_or_text_and_its_reader_does_not_decide_the_gate() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", &folder.path().join("a.hprof.gz"));
    let output = oomph(folder.path(), &["check", "a.hprof.gz", "a.hprof.gz", "--json", "-"]);
    assert_eq!(output.status.code(), Some(1));
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["dumps"].as_array().unwrap().len(), 1);
    let mut run = Command::new(env!("CARGO_BIN_EXE_oomph"));
    let run = run.args(["check", "a.hprof.gz", "--junit", "j.xml"]).current_dir(folder.path());
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(run.stdout.take());
    assert_eq!(run.wait().unwrap().code(), Some(1), "a closed pipe does not make a gate pass");
    assert!(std::fs::read_to_string(folder.path().join("j.xml")).unwrap().contains("suspect.max"));
}
