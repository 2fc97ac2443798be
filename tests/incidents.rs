//! `docs/incidents.md`: each command of the document prints what the document shows.
//!
//! A block ```` ```console ```` begins with `$` and a command, which a shell runs in the folder of the kept dumps; what follows must be
//! what it prints. `OOMPH_UPDATE_DOCS=1 cargo test --test incidents` writes into the document what the commands print now.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

const BEGIN: &str = "```console\n$ ";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a command prints.
fn run(command: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_oomph")).parent().expect("a program lies in a folder");
    let output = Command::new("sh")
        .args(["-c", command])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .env("LC_ALL", "C.UTF-8")
        .current_dir(root().join("hprof-fixtures/dumps"))
        .output()
        .expect("there is a shell");
    let printed = String::from_utf8(output.stdout).expect("oomph prints UTF-8");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !printed.is_empty(), "{command}: {errors}");
    // Blank lines at an end of a block are nothing to see.
    let lines: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// The document with what its commands print now, and how many commands there are.
fn renewed(document: &str) -> (String, usize) {
    let mut parts = document.split(BEGIN);
    let mut renewed = parts.next().unwrap_or("").to_owned();
    let mut commands = 0;
    for part in parts {
        let (block, rest) = part.split_once("```").expect("a block has an end");
        let command = block.lines().next().expect("a command");
        renewed += &format!("{BEGIN}{command}\n{}```{rest}", run(command));
        commands += 1;
    }
    (renewed, commands)
}

#[test]
fn the_commands_print_what_the_document_shows() {
    let path = root().join("docs/incidents.md");
    let document = std::fs::read_to_string(&path).expect("the document");
    let (renewed, commands) = renewed(&document);
    assert!(commands >= 7, "only {commands} commands");
    if std::env::var_os("OOMPH_UPDATE_DOCS").is_some() {
        std::fs::write(&path, renewed).expect("the document can be written");
        return;
    }
    for (shown, now) in document.lines().zip(renewed.lines()) {
        assert_eq!(shown, now, "docs/incidents.md; OOMPH_UPDATE_DOCS=1 renews it");
    }
    assert_eq!(document.len(), renewed.len(), "docs/incidents.md; OOMPH_UPDATE_DOCS=1 renews it");
}

#[test]
fn a_changed_word_is_noticed() {
    let document = format!("{BEGIN}echo one\ntwo\n```\n");
    assert_eq!(renewed(&document), (format!("{BEGIN}echo one\none\n```\n"), 1));
}
