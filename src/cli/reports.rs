//! Reports for commands that compare and judge: read from JSON, or made of a dump.

use super::failure::Failure;
use super::open::Session;
use crate::inspect::report_to_compare;
use crate::inspect::rules::RuleSet;
use crate::progress::Progress;
use crate::report::Report;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Whether the file is a report by its name.
pub(super) fn is_report(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Whether the file is a dump by its name.
fn is_dump(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    [".hprof", ".hpr", ".dump"].iter().any(|ending| plain.ends_with(ending))
}

/// Reads what `oomph analyze --json` or an earlier check wrote.
pub(super) fn read(path: &Path) -> Result<Report, Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::new(format!("cannot read {}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    Report::from_json(&text).map_err(|error| failed(&error))
}

/// The report of a dump with all rows of the inspections that are `needed`, or the report that a JSON file holds.
pub(super) fn load(
    session: &Session,
    path: &Path,
    needed: &[&str],
    rules: &Arc<RuleSet>,
    progress: &Progress,
) -> Result<Report, Failure> {
    if is_report(path) {
        return read(path);
    }
    let snapshot = session.open_with(path, progress)?;
    Ok(report_to_compare(&snapshot, rules, needed)?)
}

/// Standard input can be read once.
pub(super) fn check_stdin<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    let count = files.into_iter().filter(|file| file.as_os_str() == "-").count();
    if count > 1 {
        return Err(Failure::new("- is standard input, which can be read only once"));
    }
    Ok(())
}

/// A file to look at, or what was typed and why it stands for none: with many dumps one wrong word does not stop the others.
pub(super) type Found = Result<PathBuf, (PathBuf, String)>;

/// Files as they were typed, dumps in folders by name, and files that fit a pattern with `*`. Each once, in this order.
pub(super) fn expand(typed: &[PathBuf]) -> Vec<Found> {
    let mut seen: HashSet<PathBuf> = HashSet::new();
    let mut all: Vec<Found> = Vec::new();
    for path in typed {
        let found = if path.is_dir() {
            list(path, is_dump)
        } else if !path.exists() && has_wildcard(path) {
            matching(path)
        } else {
            Ok(vec![path.clone()])
        };
        match found {
            Ok(files) if files.is_empty() => {
                all.push(Err((path.clone(), "no dumps there".to_owned())));
            }
            Ok(files) => all.extend(files.into_iter().filter(|file| seen.insert(file.clone())).map(Ok)),
            Err(words) => all.push(Err((path.clone(), words))),
        }
    }
    all
}

fn list(folder: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
        if path.is_file() && wanted(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn has_wildcard(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains(['*', '?', '[']))
}

/// Shells of CI systems do not always expand patterns. Only the last part of a path is one.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, String> {
    let folder = pattern.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = pattern.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let glob = globset::Glob::new(&name).map_err(|error| error.to_string())?.compile_matcher();
    list(folder, |file| file.file_name().is_some_and(|name| glob.is_match(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_and_reports_by_name() {
        for name in ["a.hprof", "a.HPROF.gz", "java_pid1.hprof.zst"] {
            assert!(is_dump(Path::new(name)) && !is_report(Path::new(name)), "{name}");
        }
        assert!(!is_dump(Path::new("a.hprof.oomph-index")), "a folder of dumps may hold indexes");
        assert!(!is_dump(Path::new("a.txt")) && is_report(Path::new("base.json")));
    }

    #[test]
    fn folders_and_patterns_are_sorted_and_listed_once() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.hprof", "a.hprof", "notes.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let typed = [folder.path().join("*.hprof"), folder.path().to_owned()];
        let found: Vec<PathBuf> = expand(&typed).into_iter().flatten().collect();
        assert_eq!(found, [folder.path().join("a.hprof"), folder.path().join("b.hprof")]);
        let mixed = expand(&[folder.path().join("*.zst"), folder.path().join("a.hprof")]);
        assert!(mixed[0].is_err() && mixed[1].is_ok(), "what is found is found");
    }
}
