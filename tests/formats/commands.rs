//! `check`, `diff` and `render` as a job runs them, on committed dumps.

use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Root, Value};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) fn dumps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps")
}

pub(crate) fn oomph(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oomph"))
        .args(args)
        .current_dir(folder)
        .env_remove("GITHUB_STEP_SUMMARY")
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn copy(name: &str, folder: &Path, to: &str) {
    std::fs::copy(dumps().join(name), folder.join(to)).unwrap();
}

/// 40,000 devices, whose vendors are strings of their own with one of five texts, and some bytes.
fn devices(bytes: usize) -> Vec<u8> {
    let mut heap = HeapBuilder::hotspot17();
    let device = heap.app_class("com.acme.Device").field("vendor", Kind::Ref).build();
    let devices: Vec<Addr> = (0..40_000)
        .map(|number| {
            let vendor = heap.string(&format!("vendor-{}", number % 5));
            heap.instance(device, &[Value::Ref(vendor)])
        })
        .collect();
    let devices = heap.object_array("com.acme.Device[]", &devices);
    let data = heap.primitive_array(PrimitiveArray::zeros(Kind::Byte, bytes));
    let registry = heap.app_class("com.acme.Registry").static_field("DEVICES", Value::Ref(devices));
    let registry = registry.static_field("DATA", Value::Ref(data)).build();
    heap.root(Root::StickyClass(registry.address()));
    heap.finish()
}

#[test]
fn where_text_fills_the_heap_the_first_screen_tells_which_fields_repeat_it() {
    let folder = tempfile::tempdir().unwrap();
    let first_screen = |bytes: usize| {
        std::fs::write(folder.path().join("heap.hprof"), devices(bytes)).unwrap();
        text(&oomph(folder.path(), &["--no-index", "analyze", "heap.hprof"]))
    };
    let words = first_screen(16);
    assert!(words.contains("Repeated strings waste 1.8"), "{words}");
    assert!(words.contains("com.acme.Device.vendor: 1.8"), "{words}");
    // Where most is something else nobody waits for it.
    let words = first_screen(5 << 20);
    assert!(words.contains("com.acme.Registry.D") && !words.contains("Repeated strings"), "{words}");
}

#[test]
fn the_gate_ends_with_the_worst_of_its_codes() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", folder.path(), "leak.hprof.gz");
    copy("mq-garbage.hprof.zst", folder.path(), "fine.hprof.zst");
    let run = |args: &[&str]| {
        let output = oomph(folder.path(), args);
        (output.status.code(), text(&output))
    };
    let (code, words) = run(&["check", "fine.hprof.zst"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = run(&[
        "check",
        ".",
        "--junit",
        "j.xml",
        "--sarif",
        "s.sarif",
        "--markdown",
        "m.md",
        "--json",
        "c.json",
    ]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("com.acme.mq.MqRegistry.FACTORIES"), "{words}");
    for file in ["j.xml", "s.sarif", "m.md", "c.json"] {
        assert!(folder.path().join(file).metadata().unwrap().len() > 100, "{file}");
    }
    std::fs::write(folder.path().join("broken.hprof"), "no dump").unwrap();
    let (code, words) = run(&["check", "*.hprof*", "--junit", "j.xml"]);
    assert_eq!(code, Some(2), "{words}");
    assert_eq!(words.matches("! broken.hprof").count(), 1, "{words}");
    assert!(!words.contains("broken.hprof: broken.hprof"), "the name is told once: {words}");
    let junit = std::fs::read_to_string(folder.path().join("j.xml")).unwrap();
    assert!(junit.contains("leak.hprof.gz") && junit.contains("fine.hprof.zst"), "the others are judged");
    std::fs::write(folder.path().join("p.toml"), "[heap]\nmax-object = 1\n").unwrap();
    let (code, words) = run(&["check", "fine.hprof.zst", "--policy", "p.toml"]);
    assert_eq!(code, Some(2));
    assert!(
        words.contains("p.toml: line 2, column 1: unknown key `max-object`; did you mean `max-objects`?"),
        "{words}"
    );
    std::fs::write(
        folder.path().join("p.toml"),
        "[damage]\nmax = 0\nignore = [\"lost-roots\", \"truncted\"]\n",
    )
    .unwrap();
    let (code, words) = run(&["check", "fine.hprof.zst", "--policy", "p.toml"]);
    assert_eq!(code, Some(2), "a budget that nothing could be ignored for: {words}");
    assert!(
        words.contains(
            "p.toml: line 3, column 10: no kind of damage is `truncted`; did you mean `truncated`?"
        ),
        "{words}"
    );
    let (code, _) = run(&["check", "missing/*.hprof"]);
    assert_eq!(code, Some(2));
}

#[test]
fn a_proposed_policy_passes_and_a_baseline_tells_growth() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", folder.path(), "new.hprof.gz");
    copy("mq-garbage.hprof.zst", folder.path(), "old.hprof.zst");
    let run = |args: &[&str]| {
        let output = oomph(folder.path(), args);
        (output.status.code(), text(&output))
    };
    let (code, words) = run(&["check", "--init", "new.hprof.gz", "--policy", "p.toml"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = run(&["check", "new.hprof.gz", "--policy", "p.toml"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = run(&["check", "--init", "new.hprof.gz", "--policy", "p.toml"]);
    assert_eq!(code, Some(2), "an edited policy is not overwritten: {words}");
    let (code, words) = run(&["check", "old.hprof.zst", "--baseline", "base.json", "--update-baseline"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = run(&["check", "old.hprof.zst", "--policy", "p.toml", "--baseline", "base.json"]);
    assert_eq!(code, Some(0), "the same dump has not grown: {words}");
    let (code, words) = run(&["check", "new.hprof.gz", "--policy", "p.toml", "--baseline", "base.json"]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("growth.new-suspects") && words.contains("growth.heap"), "{words}");
    std::fs::create_dir(folder.path().join("bases")).unwrap();
    let args = ["check", "new.hprof.gz", "old.hprof.zst", "--baseline", "bases"];
    let (code, words) = run(&["check", "old.hprof.zst", "--baseline", "bases", "--update-baseline"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = run(&args);
    assert_eq!(code, Some(1), "{words}");
    let missing =
        "✗ growth.baseline: There is no baseline bases/new.json to compare with; --update-baseline writes";
    assert!(words.contains(missing), "{words}");
    assert!(words.contains("✓ old.hprof.zst"), "a missing baseline does not stop the others: {words}");
    let (code, words) = run(&["check", "old.hprof.zst", "--baseline", "basis"]);
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("there is no baseline basis; --update-baseline writes it"), "{words}");
    // The report of a check can be shown and compared like that of an analysis.
    let (code, words) = run(&["render", "base.json", "--html", "r.html", "--markdown", "r.md"]);
    assert_eq!(code, Some(0), "{words}");
    let (code, words) = run(&["diff", "base.json", "new.hprof.gz"]);
    assert_eq!(code, Some(0), "{words}");
    assert!(words.starts_with("com.acme.mq.MqRegistry.FACTORIES grew from 0 B to 2.48 MiB"), "{words}");
}

#[test]
fn what_is_not_there_fails_and_stops_nothing_and_a_table_sums_up() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", folder.path(), "leak.hprof.gz");
    copy("mq-garbage.hprof.zst", folder.path(), "fine.hprof.zst");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let output = oomph(
        folder.path(),
        &["check", "empty", "missing.hprof", "*.zst", "leak.hprof.gz", "old/*.hprof", "--markdown", "m.md"],
    );
    let words = text(&output);
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.contains("! empty: no dumps there") && words.contains("✓ fine.hprof.zst"), "{words}");
    let table = words.split_once("Dumps (5)\n").unwrap().1;
    for row in [
        r"(?m)^empty +not judged +no dumps there$",
        r"(?m)^fine\.hprof\.zst +passed +[\d.]+ MiB +0 +3$",
        r"(?m)^leak\.hprof\.gz +failed +[\d.]+ MiB +2 +3  suspect\.max: com\.acme\.mq\.MqRegistry\.FACTORIES$",
        r"(?m)^4 of 5 dumps failed",
    ] {
        assert!(regex::Regex::new(row).unwrap().is_match(table), "{row}\n{table}");
    }
    let page = std::fs::read_to_string(folder.path().join("m.md")).unwrap();
    assert!(page.contains("| ⚠ not judged |") && page.contains("MqRegistry.FACTORIES` |"), "{page}");
}

#[test]
fn data_on_standard_output_stand_there_alone() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-garbage.hprof.zst", folder.path(), "old.hprof.zst");
    copy("mq-kept.hprof.gz", folder.path(), "new.hprof.gz");
    for args in [
        ["analyze", "new.hprof.gz", "--json", "-", "--html", "r.html"].as_slice(),
        &["diff", "old.hprof.zst", "new.hprof.gz", "--json", "-", "--markdown", "g.md"],
        &["check", "old.hprof.zst", "--json", "/dev/stdout"],
    ] {
        let output = oomph(folder.path(), args);
        let data: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(data.is_ok_and(|data| data["schema"].is_string()), "{args:?}: {}", text(&output));
    }
    let page = std::fs::read_to_string(folder.path().join("g.md")).unwrap();
    assert!(page.contains("com.acme.mq.MqRegistry.FACTORIES") && page.contains("| --- |"), "{page}");
    let output = oomph(folder.path(), &["diff", "old.hprof.zst", "new.hprof.gz", "--json", "g.json"]);
    assert!(text(&output).starts_with("com.acme.mq.MqRegistry.FACTORIES grew"), "{}", text(&output));
    assert!(folder.path().join("g.json").exists());
}

#[test]
fn a_dump_of_a_machine_that_ran_out_of_memory_is_judged_though_it_has_no_baseline() {
    let folder = tempfile::tempdir().unwrap();
    copy("xssf-oom.hprof.zst", folder.path(), "java_pid4711.hprof.zst");
    std::fs::create_dir(folder.path().join("bases")).unwrap();
    std::fs::write(folder.path().join("p.toml"), "[threads]\nforbid-oom = true\n[growth]\nheap = \"20%\"\n")
        .unwrap();
    let args = ["check", "java_pid4711.hprof.zst", "--policy", "p.toml", "--baseline", "bases"];
    let output = oomph(folder.path(), &args);
    let words = text(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    let oom = words.find("✗ threads.forbid-oom: OutOfMemoryError").unwrap_or_else(|| panic!("{words}"));
    let missing = words.find("✗ growth.baseline: There is no baseline bases/java_pid4711.json").unwrap();
    assert!(oom < missing, "what is wrong with the heap comes first: {words}");
}

#[test]
fn a_gate_that_measures_nothing_is_not_green() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", folder.path(), "leak.hprof.gz");
    std::fs::write(folder.path().join("growth.toml"), "[growth]\nheap = \"20%\"\n").unwrap();
    std::fs::write(folder.path().join("empty.toml"), "").unwrap();
    let run = |args: &[&str]| {
        let output = oomph(folder.path(), args);
        (output.status.code(), text(&output))
    };
    let files = ["--junit", "j.xml", "--markdown", "m.md", "--json", "c.json"];
    for (policy, why) in [
        (
            "growth.toml",
            "? growth.baseline: Growth is not measured: there is no baseline to compare with (--baseline)",
        ),
        ("empty.toml", "? policy.budgets: The policy has no budget for this dump"),
    ] {
        let (code, words) = run(&[&["check", "leak.hprof.gz", "--policy", policy][..], &files[..]].concat());
        assert_eq!(code, Some(2), "{words}");
        assert!(words.contains("? leak.hprof.gz: no budget was measured") && words.contains(why), "{words}");
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(read("j.xml").contains(r#"tests="1" skipped="1""#), "{}", read("j.xml"));
        assert!(
            read("m.md").contains("❔ nothing measured") && !read("m.md").contains('✅'),
            "{}",
            read("m.md")
        );
        assert!(read("c.json").contains(r#""passed": false"#), "{}", read("c.json"));
    }
    // The first run of a new load test writes what later ones are compared with.
    let args =
        ["check", "leak.hprof.gz", "--policy", "growth.toml", "--baseline", "b.json", "--update-baseline"];
    let (code, words) = run(&args);
    assert_eq!(code, Some(0), "{words}");
    assert!(words.starts_with("✓ leak.hprof.gz: the one budget is kept"), "{words}");
    let (code, words) = run(&args[..args.len() - 1]);
    assert_eq!(code, Some(0), "{words}");
}

#[test]
fn with_a_baseline_alone_what_was_there_is_known() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-kept.hprof.gz", folder.path(), "leak.hprof.gz");
    copy("mq-garbage.hprof.zst", folder.path(), "fine.hprof.zst");
    let run = |args: &[&str]| {
        let output = oomph(folder.path(), args);
        (output.status.code(), text(&output))
    };
    for (dump, base) in [("leak.hprof.gz", "leak.json"), ("fine.hprof.zst", "fine.json")] {
        let (code, words) = run(&["check", dump, "--baseline", base, "--update-baseline"]);
        assert_eq!(code, Some(0), "what is there becomes the baseline: {words}");
    }
    let (code, words) = run(&["check", "leak.hprof.gz", "--baseline", "leak.json"]);
    assert_eq!(code, Some(0), "it has not become worse: {words}");
    let (code, words) = run(&["check", "leak.hprof.gz"]);
    assert_eq!(code, Some(1), "without a baseline it is too much: {words}");
    let (code, words) = run(&["check", "leak.hprof.gz", "--baseline", "fine.json"]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("growth.new-suspects") && words.contains("growth.heap"), "{words}");
}

#[test]
fn a_rule_that_nobody_knows_is_a_mistake_of_the_policy() {
    let folder = tempfile::tempdir().unwrap();
    copy("mq-garbage.hprof.zst", folder.path(), "fine.hprof.zst");
    let check = |rule: &str, more: &[&str]| {
        let policy = format!("[[finding]]\nrule = \"{rule}\"\nmax = 0\n");
        std::fs::write(folder.path().join("p.toml"), policy).unwrap();
        let output =
            oomph(folder.path(), &[&["check", "fine.hprof.zst", "--policy", "p.toml"], more].concat());
        (output.status.code(), text(&output))
    };
    assert_eq!(check("threads.deadlock", &[]).0, Some(0), "a finding of an inspection");
    assert_eq!(check("activemq.*", &[]).0, Some(1), "known, and found in this dump");
    let (code, words) = check("threads.deadlok", &[]);
    assert_eq!(code, Some(2));
    assert!(
        words.contains(
            "p.toml: line 2, column 8: no rule is called `threads.deadlok`; did you mean `threads.deadlock`?"
        ),
        "{words}"
    );
}

#[test]
fn what_cannot_be_meant_is_told_in_plain_words() {
    for (args, words) in [
        (&["diff", "-", "-"][..], "standard input, which can be read only once"),
        (&["histogram", "mq-kept.hprof.gz", "--dump", "0"], "the dumps of a file are numbered from 1"),
        (&["histogram", "mq-kept.hprof.gz", "--dump", "2"], "there is no dump number 2"),
        (&["histogram", "mq-kept.hprof.gz", "--layout", "header=5"], "header=5 is impossible"),
        (&["index", "-"], "standard input is no file"),
    ] {
        let output = oomph(&dumps(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output).contains(words), "{args:?}: {}", text(&output));
    }
}

/// Policies can name every finding that inspections make.
#[test]
fn every_finding_of_an_inspection_is_in_the_list() {
    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inspect"), &mut texts);
    // A finding that others have to know has its name as a constant in the report.
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report"), &mut texts);
    let id = r#"(?:id: |finding\(\s*|const [A-Z_]+: &str = )"([a-z-]+\.[a-z-]+)"(?:\.|,|;)"#;
    let id = regex::Regex::new(id).unwrap();
    // What a rule finds is not made by an inspection, though others have to know it as well.
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inspect/rules/builtin");
    let rules = std::fs::read_dir(rules).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()));
    let rules: String = rules.map(Result::unwrap).collect();
    let made: std::collections::BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| id.captures_iter(text))
        .map(|found| found.get(1).unwrap().as_str())
        .filter(|id| !rules.contains(&format!("id = \"{id}\"")))
        .collect();
    let listed: std::collections::BTreeSet<&str> = oomph::inspect::FINDINGS.iter().copied().collect();
    assert_eq!(made, listed);
}

#[test]
fn annotations_and_the_summary_of_a_job() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    std::fs::write(&summary, "before\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_oomph"))
        .args(["check", "mq-kept.hprof.gz", "--github"])
        .current_dir(dumps())
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stdout)
            .contains("\n::error file=com/acme/mq/MqRegistry.java,title=oomph%3A suspect.max")
    );
    let log = String::from_utf8_lossy(&output.stdout);
    let mark = log.lines().next().and_then(|line| line.strip_prefix("::stop-commands::")).unwrap();
    let (before, after) = log.split_once(&format!("\n::{mark}::\n")).unwrap();
    assert!(
        before.contains("✗ mq-kept") && after.starts_with("::error "),
        "commands are obeyed after the text"
    );
    let summary = std::fs::read_to_string(&summary).unwrap();
    assert!(summary.starts_with("before\n## Heap gate"), "{summary}");
}

#[test]
fn shells_and_man_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let output = oomph(&dumps(), &["completions", shell]);
        assert!(output.status.success() && text(&output).contains("off-heap"), "{shell}");
    }
    let page = text(&oomph(&dumps(), &["man"]));
    assert!(page.contains(".TH oomph") && page.contains("OOMPH CHECK"), "{page}");
}

/// Who looks for a class by a part of its name finds it in the report: its histogram has all classes of an ordinary program.
#[test]
fn a_report_holds_all_classes_of_an_ordinary_program() {
    let folder = tempfile::tempdir().unwrap();
    copy("xssf-oom.hprof.zst", folder.path(), "heap.hprof.zst");
    let output = oomph(folder.path(), &["analyze", "heap.hprof.zst", "--json", "r.json", "--html", "r.html"]);
    assert!(output.status.success(), "{}", text(&output));
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("r.json")).unwrap()).unwrap();
    let blocks = report["inspections"]["histogram"].as_array().unwrap();
    let classes = blocks.iter().find(|block| block["id"] == "classes").unwrap();
    assert_eq!(classes["omitted"].as_u64().unwrap_or(0), 0, "no class is left out");
    let rows = classes["rows"].as_array().unwrap().len();
    assert!(rows > 1000, "{rows} classes");
    let page = folder.path().join("r.html").metadata().unwrap().len();
    assert!(page < 1_500_000, "the page has {page} bytes");
}

/// A file that ends within its classes: each answer says so, for it would be taken for that of a sound file.
#[test]
fn what_is_wrong_with_a_file_is_told_beside_each_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut packed =
        flate2::read::GzDecoder::new(std::fs::File::open(dumps().join("mq-kept.hprof.gz")).unwrap());
    let mut dump = vec![0; 300_000];
    std::io::Read::read_exact(&mut packed, &mut dump).unwrap();
    std::fs::write(folder.path().join("cut.hprof"), dump).unwrap();
    for command in [&["histogram"][..], &["threads", "--format", "json"], &["find", "java.lang.String"]] {
        let args = [&command[..1], &["cut.hprof"], &command[1..]].concat();
        let output = oomph(folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("oomph: cut.hprof: The file ends inside of a record"), "{args:?}: {told}");
    }
}
