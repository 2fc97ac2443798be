//! `--verify` on the committed dumps: the whole program certifies them and says so in each of its formats.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn dumps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps")
}

fn oomph(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oomph")).args(args).current_dir(folder).output().unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn every_committed_dump_is_certified() {
    let mut dump_files = 0;
    for entry in std::fs::read_dir(dumps()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.contains(".hprof") {
            continue;
        }
        dump_files += 1;
        let args = ["dominators", "--verify", "--format", "json", "--limit", "1", &name];
        let json: serde_json::Value = serde_json::from_str(&out(&oomph(&dumps(), &args))).unwrap();
        let certified = &json["certified"];
        let objects = certified["certified_objects"].as_u64().unwrap();
        assert!(objects > 10_000, "{name}: {certified}");
        assert!(certified["edges"].as_u64().unwrap() > objects, "{name}: {certified}");
        let ordered = certified["ordered_objects"].as_u64().unwrap();
        assert!(ordered > 0 && ordered < objects, "{name}: {certified}");
    }
    assert!(dump_files >= 5);
}

#[test]
fn reports_say_whether_they_are_certified() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(dumps().join("mq-kept.hprof.gz"), folder.path().join("a.hprof.gz")).unwrap();
    let analyze = |verify: &[&str]| {
        let args = ["analyze", "a.hprof.gz", "--html", "a.html", "--json", "a.json"];
        let words = out(&oomph(folder.path(), &[&args, verify].concat()));
        let read = |file| std::fs::read_to_string(folder.path().join(file)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&read("a.json")).unwrap();
        (words, read("a.html"), json["heap"]["certified"].clone())
    };
    let (words, html, json) = analyze(&["--verify"]);
    assert!(words.contains("Certified: the dominators and retained sizes of all"), "{words}");
    assert!(html.contains("low-high order") && html.contains("已验证"));
    assert!(json["objects"].as_u64().unwrap() > 0);
    let (words, html, json) = analyze(&[]);
    assert!(!words.contains("Certified") && !html.contains("low-high order") && json.is_null());
    let chinese = out(&oomph(folder.path(), &["dominators", "a.hprof.gz", "--verify", "--lang", "zh"]));
    assert!(chinese.contains("支配者和保留大小已验证的对象"), "{chinese}");
}

/// What an index keeps is proved like what has just been computed.
#[test]
fn a_kept_index_is_certified_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(dumps().join("mq-kept.hprof.gz"), folder.path().join("heap.hprof.gz")).unwrap();
    let run = |args: &[&str]| {
        let output = oomph(folder.path(), args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let json: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
        (json["certified"].clone(), told)
    };
    let args = ["dominators", "heap.hprof.gz", "--format", "json", "--limit", "1", "--verbose"];
    let (built, told) = run(&[&args[..], &["--verify", "--index"]].concat());
    assert!(told.contains("kept the index"), "{told}");
    assert!(told.contains("108,585 objects are proved right"), "{told}");
    let (reopened, told) = run(&[&args[..], &["--verify"]].concat());
    assert!(told.contains("check the index") && !told.contains("scan"), "{told}");
    assert!(told.contains("108,585 objects are proved right"), "{told}");
    assert_eq!(built["certified_objects"], 108_585);
    assert_eq!(reopened, built);
    let (unasked, told) = run(&args);
    assert!(unasked.is_null() && !told.contains("proved"), "nobody asked: {told}");
}
