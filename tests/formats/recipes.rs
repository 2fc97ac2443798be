//! The recipes and the page about CI: files are well-formed, and every command that they show runs on a committed dump.

use crate::commands::{dumps, oomph};
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(docs().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn yaml_and_xml_are_well_formed() {
    for name in ["github-actions.yml", "gitlab-ci.yml", "kubernetes-job.yaml"] {
        let parsed = yaml_rust2::YamlLoader::load_from_str(&read(&format!("recipes/{name}")));
        let parsed = parsed.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(parsed[0].as_hash().is_some_and(|map| !map.is_empty()), "{name}");
    }
    let pom = read("recipes/maven/pom.xml");
    let mut reader = quick_xml::Reader::from_str(&pom);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    for name in ["systemd/oomph.path", "systemd/oomph.service"] {
        for line in read(&format!("recipes/{name}")).lines().filter(|line| !line.is_empty()) {
            assert!(line.starts_with(['#', '[']) || line.split_once('=').is_some(), "{name}: {line}");
        }
    }
}

/// The words of each `oomph check` that a recipe shows.
fn checks() -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for name in [
        "github-actions.yml",
        "gitlab-ci.yml",
        "Jenkinsfile",
        "maven/pom.xml",
        "gradle/heap-gate.gradle",
        "systemd/oomph.service",
        "kubernetes-job.yaml",
    ] {
        // Folded YAML continues a command on the next line; lists of arguments have quotes and commas.
        let text = read(&format!("recipes/{name}")).replace("\n          --", " --");
        let plain = text.replace("args: [\"check\"", "oomph check").replace(['"', '\'', ',', ')', ']'], " ");
        let plain = plain.replace("<arg line= ", "oomph ").replace("/>", " ");
        let before = found.len();
        for line in plain.lines() {
            let Some((_, command)) = line.split_once("oomph check ") else { continue };
            let command = command.split(".split").next().unwrap();
            let words = std::iter::once("check").chain(command.split_whitespace()).map(str::to_owned);
            found.push((name.to_owned(), words.collect()));
        }
        assert!(found.len() > before, "{name} shows no check");
    }
    found
}

#[test]
fn recipes_show_commands_that_run() {
    for (name, words) in checks() {
        let folder = tempfile::tempdir().unwrap();
        let place = |path: &str| folder.path().join(path.trim_start_matches('/'));
        for path in
            ["target/dumps", "build/dumps", "dumps", "var/lib/dumps", "var/lib/node_exporter", "scratch"]
        {
            std::fs::create_dir_all(place(path)).unwrap();
            if path.ends_with("dumps") {
                std::fs::copy(dumps().join("mq-kept.hprof.gz"), place(path).join("a.hprof.gz")).unwrap();
            }
        }
        std::fs::write(place("oomph.toml"), "[heap]\nmax-reachable = \"1 GiB\"\n").unwrap();
        std::fs::create_dir_all(place("heap-baseline")).unwrap();
        let made = oomph(
            folder.path(),
            &["check", "dumps", "--baseline", "heap-baseline", "--update-baseline", "-q"],
        );
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        let words: Vec<String> = words
            .iter()
            .map(|word| if word.starts_with('/') { place(word).display().to_string() } else { word.clone() })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = oomph(folder.path(), &words);
        let has_policy = words.contains(&"--policy");
        let expected = if has_policy { 0 } else { 1 };
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(expected), "{name}: {words:?}\n{told}");
        for (option, file) in words.iter().zip(words.iter().skip(1)) {
            if ["--junit", "--sarif", "--markdown", "--gitlab", "--prometheus"].contains(option) {
                assert!(folder.path().join(file).metadata().unwrap().len() > 0, "{name}: {file}");
            }
        }
    }
}

#[test]
fn the_page_about_ci_shows_commands_and_a_policy_that_work() {
    let page = read("ci.md");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(dumps().join("mq-kept.hprof.gz"), folder.path().join("soak.hprof.gz")).unwrap();
    let mut ran = 0;
    for block in page.split("```sh\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            if let Some(made) = line.strip_prefix("mkdir -p ") {
                std::fs::create_dir_all(folder.path().join(made)).unwrap();
                continue;
            }
            let command = line.strip_prefix("oomph ").expect("nothing but oomph and mkdir");
            let words: Vec<&str> = command.split_whitespace().collect();
            let output = oomph(folder.path(), &words);
            let told = String::from_utf8_lossy(&output.stderr);
            // The dump leaks: without a policy it fails, and nothing here is bad usage.
            assert!(matches!(output.status.code(), Some(0 | 1)), "{line}\n{told}");
            ran += 1;
        }
    }
    assert!(ran >= 6, "{ran}");
    let policy = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    policy.parse::<oomph::gate::Policy>().unwrap();
    // Every table and key of the policy is on the page.
    let shown = oomph(folder.path(), &["check", "soak.hprof.gz"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("allowed: 0"), "as the page shows it");
}
