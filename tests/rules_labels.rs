//! Rules against real dumps whose labels say which rules must speak. The kept dumps are always run; those of the folders named in
//! `OOMPH_DUMPS` (separated by `:`, made with `hprof-fixtures/make-dumps`) as well.

#![expect(clippy::print_stdout, reason = "the findings are what one wants to read when a label is missed")]

use oomph::inspect::rules::RuleSet;
use oomph::inspect::{Context, FINDINGS, Options};
use oomph::progress::Progress;
use oomph::render::text::Language;
use oomph::report::{Finding, Severity, Text};
use oomph::snapshot::{Options as OpenOptions, Snapshot};
use std::path::{Path, PathBuf};

/// The value of a line `key = "..."` or `key = ["...", "..."]` of a label.
fn values(label: &str, key: &str) -> Vec<String> {
    let label: toml::Table = label.parse().expect("labels are TOML");
    match label.get(key) {
        Some(toml::Value::String(value)) => vec![value.clone()],
        Some(toml::Value::Array(all)) => all.iter().filter_map(|v| Some(v.as_str()?.to_owned())).collect(),
        _ => Vec::new(),
    }
}

fn dumps() -> Vec<(PathBuf, PathBuf)> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps");
    let more = std::env::var("OOMPH_DUMPS").unwrap_or_default();
    let folders = std::iter::once(kept).chain(more.split(':').filter(|f| !f.is_empty()).map(PathBuf::from));
    let mut found = Vec::new();
    for folder in folders {
        let mut labels: Vec<PathBuf> = std::fs::read_dir(&folder)
            .expect("a folder of dumps")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        labels.sort();
        for label in labels {
            let dump = ["hprof", "hprof.gz", "hprof.zst"].iter().map(|end| label.with_extension(end));
            found.extend(dump.into_iter().find(|path| path.exists()).map(|dump| (label.clone(), dump)));
        }
    }
    found
}

/// The built-in rules, read from their files, so that a changed file needs no new build to be tried.
fn rules_in_files() -> RuleSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inspect/rules/builtin");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut rules = RuleSet::default();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a rule file");
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        rules.extend(RuleSet::parse(&text, &name).unwrap_or_else(|error| panic!("{error}")));
    }
    rules
}

#[test]
fn all_rule_files_are_built_in() {
    let ids = |rules: &RuleSet| {
        let mut ids: Vec<String> = rules.iter().map(|rule| rule.id().to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&rules_in_files()), ids(&RuleSet::builtin()));
}

fn words(text: &Text) -> String {
    match text {
        Text::Both { en, .. } => en.clone(),
        Text::Plain(words) => words.clone(),
        values @ Text::Values { .. } => Language::En.text(values),
        Text::Message { id, args } => format!("{id} {args:?}"),
        other => format!("{other:?}"),
    }
}

fn print(finding: &Finding) {
    let holder = finding.holder.as_ref().map(|holder| holder.label()).unwrap_or_default();
    println!(
        "    {:?} {}: {} [{} B, {}]",
        finding.severity,
        finding.id,
        words(&finding.title),
        finding.bytes,
        holder
    );
    for text in &finding.evidence {
        println!("        {}", words(text));
    }
}

#[test]
fn labelled_dumps_get_their_rules_and_healthy_ones_no_error() {
    let rules = rules_in_files();
    let mut wrong = Vec::new();
    for (label_file, dump) in dumps() {
        let label = std::fs::read_to_string(&label_file).expect("a label");
        let snapshot =
            Snapshot::open(&dump, &OpenOptions::default(), &Progress::default()).expect("a good dump");
        let findings = rules.run(&Context::new(&snapshot, Options::default())).expect("rules can be applied");
        println!("{}", dump.display());
        findings.iter().for_each(print);
        let mut wanted = values(&label, "rule");
        wanted.extend(values(&label, "expects"));
        wanted.retain(|rule| !FINDINGS.contains(&rule.as_str()));
        let is_found = |rule: &String| findings.iter().any(|finding| finding.id == *rule);
        wrong.extend(
            wanted.iter().filter(|rule| !is_found(rule)).map(|rule| format!("{}: no {rule}", dump.display())),
        );
        let is_healthy =
            wanted.is_empty() && matches!(&*values(&label, "kind").concat(), "healthy" | "reference");
        let alarms = findings.iter().filter(|finding| is_healthy && finding.severity == Severity::Error);
        wrong.extend(alarms.map(|finding| format!("{}: false alarm {}", dump.display(), finding.id)));
        let told = serde_json::to_string(&findings).expect("findings are plain data");
        if told.contains("s3cret") {
            wrong.push(format!("{}: a password is told", dump.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
