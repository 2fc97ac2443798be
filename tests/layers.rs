//! The layers of the design, kept: a module uses only modules of lower layers, never one of the same layer.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up. Modules of one line do not know each other.
const LAYERS: &[&[&str]] = &[
    &["ix", "origin", "prefetch", "progress", "report"],
    &["hprof", "storage"],
    &["graph"],
    &["snapshot"],
    &["query"],
    &["inspect", "gate"],
    &["render"],
    &["cli"],
];
/// Who sees a snapshot: renderers and gates see reports alone.
const BLIND: &[(&str, &[&str])] = &[
    ("render", &["hprof", "graph", "snapshot", "query", "inspect", "storage"]),
    ("gate", &["hprof", "graph", "snapshot", "query", "storage"]),
    ("graph", &["hprof"]),
    ("query", &["report"]),
];

fn layer(module: &str) -> usize {
    let at = LAYERS.iter().position(|layer| layer.contains(&module));
    at.unwrap_or_else(|| panic!("module `{module}` has no place in the layers; see DESIGN"))
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules of this crate that a file uses: `crate::NAME`, and the names in `use crate::{NAME, ...}`. Not what doc comments mention.
fn used(source: &str) -> Vec<String> {
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut modules = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` of macros of others.
        if code[..at].ends_with('$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = &list[..list.find("};").unwrap_or(list.len())];
            let mut depth = 0;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => modules.push(std::mem::take(&mut name)),
                    _ if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            modules.push(name);
        } else {
            modules.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    let first = |path: String| path.trim().split("::").next().unwrap_or("").trim().to_owned();
    modules.into_iter().map(first).filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_use_only_lower_layers() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let mut wrong = Vec::new();
    for path in all {
        let relative = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let own = relative.split(['/', '.']).next().unwrap().to_owned();
        if own == "lib" || own == "main" {
            continue;
        }
        for module in used(&fs::read_to_string(&path).unwrap()) {
            let known = LAYERS.iter().flat_map(|layer| layer.iter()).any(|name| *name == module);
            // Items and macros at the root of the crate are none of ours.
            if module == own
                || (!known && !src.join(&module).exists() && !src.join(format!("{module}.rs")).exists())
            {
                continue;
            }
            let blind = BLIND.iter().any(|(who, what)| *who == own && what.contains(&module.as_str()));
            if layer(&module) >= layer(&own) || blind {
                wrong.push(format!("{relative} uses `{module}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "modules that reach up or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn the_test_sees_what_it_should() {
    assert_eq!(used("use crate::graph::X;\nuse crate::{ix::Y, query::{a, b}};"), ["graph", "ix", "query"]);
    assert_eq!(used("// crate::cli\nlet x = crate::render::y();"), ["render"]);
}
