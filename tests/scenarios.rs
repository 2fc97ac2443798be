//! Dumps of labelled programs against their labels: the holder, the kind, the rule, no false alarms.
//!
//! The programs are in `hprof-fixtures/java`, the dumps are made by `hprof-fixtures/make-dumps` and looked for in the folder that
//! the variable `OOMPH_SCENARIOS` names. Without it only the small dumps that are kept in the repository are looked at.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

use oomph::inspect::{Context, Options as InspectOptions, report};
use oomph::progress::Progress;
use oomph::render::text::Language;
use oomph::report::{HolderKind, OomRole, Report, Severity, Suspect, SuspectKind};
use oomph::snapshot::{Options, Snapshot};
use std::path::{Path, PathBuf};

/// What is known of a dump.
struct Label(toml::Table);

impl Label {
    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(toml::Value::as_str)
    }

    fn list(&self, key: &str) -> Vec<&str> {
        let list = self.0.get(key).and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(toml::Value::as_str).collect()
    }

    /// What is to be found beside the first.
    fn also(&self) -> Vec<Self> {
        let list = self.0.get("also").and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(toml::Value::as_table).cloned().map(Self).collect()
    }
}

/// A line of the table.
struct Verdict {
    name: String,
    holder: Option<bool>,
    kind: Option<bool>,
    rule: Option<bool>,
    oom: Option<bool>,
    also: Option<bool>,
    alarms: usize,
    found: String,
}

fn kind_name(kind: SuspectKind) -> &'static str {
    match kind {
        SuspectKind::Leak => "leak",
        SuspectKind::Load => "load",
        SuspectKind::Garbage => "garbage",
        other => panic!("{other:?} is no kind of these scenarios"),
    }
}

fn holder_kind_name(kind: HolderKind) -> String {
    serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned()
}

/// `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let [first, .., last] = parts[..] else { return pattern == name };
    name.len() >= first.len() + last.len() && name.starts_with(first) && name.ends_with(last)
}

fn holder_is_right(label: &Label, suspect: &Suspect) -> bool {
    let holder = &suspect.holder;
    let same = |key: &str, found: Option<&str>| {
        label.text(key).is_none_or(|wanted| found.is_some_and(|found| fits(wanted, found)))
    };
    let frame = holder.frame.as_ref();
    let class = holder.class.as_deref().or(frame.map(|frame| frame.class.as_str()));
    let method = frame.map(|frame| frame.method.as_str());
    let found = holder_kind_name(holder.kind);
    let kind = same("holder_kind", Some(&found)) || label.list("holder_kind_or").contains(&found.as_str());
    let in_thread = holder.thread.is_none() || same("holder_thread", holder.thread.as_deref());
    let place = same("holder_class", class)
        && same("holder_field", holder.field.as_deref())
        && (frame.is_none() || same("holder_method", method));
    let accepted = label.list("holder_accept").iter().any(|accepted| {
        let member = holder.field.as_deref().or(method).unwrap_or("");
        class.is_some_and(|class| fits(accepted, &format!("{class}.{member}")) || fits(accepted, class))
    });
    (kind && place && in_thread) || accepted
}

/// Whether the title of each suspect that a field holds names that field: it is where somebody goes and changes something.
fn titles_name_fields(report: &Report) -> bool {
    let is_field = |suspect: &&Suspect| {
        matches!(suspect.holder.kind, HolderKind::StaticField | HolderKind::InstanceField)
            && suspect.holder.field.is_some()
    };
    report.suspects.iter().filter(is_field).all(|suspect| {
        let holder = suspect.holder.label();
        // What several hold is told by two of them.
        let first = suspect.holders.first().map(|share| share.holder.label());
        let title = Language::En.text(&suspect.title);
        title.contains(&holder) || first.is_some_and(|first| title.contains(&first))
    })
}

fn judge(name: &str, label: &Label, report: &Report) -> Verdict {
    let wanted = label.text("kind").unwrap_or("");
    let first = report.suspects.first();
    let expected: Vec<&str> = label.text("rule").into_iter().chain(label.list("expects")).collect();
    let ids: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.id.as_str())
        .chain(report.suspects.iter().filter_map(|suspect| suspect.rule.as_deref()))
        .collect();
    let rule = (!expected.is_empty()).then(|| expected.iter().all(|id| ids.contains(id)));
    let found = first.map_or_else(
        || "-".to_owned(),
        |suspect| format!("{} {} {}", kind_name(suspect.kind), suspect.holder.label(), suspect.class),
    );
    // Some problems are no heap that is full: the answer is a finding, and what the first suspect is does not matter.
    let by_suspect = label.text("answer") != Some("finding");
    let (holder, kind) = match wanted {
        _ if !by_suspect => (None, None),
        // No one holder fills the heap there: a finding is the answer.
        _ if label.text("answer") == Some("finding") => (None, None),
        "leak" | "load" => (
            Some(first.is_some_and(|suspect| holder_is_right(label, suspect))),
            Some(
                first
                    .map(|suspect| kind_name(suspect.kind))
                    .is_some_and(|kind| kind == wanted || label.list("kind_or").contains(&kind)),
            ),
        ),
        "garbage" => {
            let class = label.text("suspect_class");
            let right = first.is_some_and(|suspect| class.is_none_or(|class| suspect.class == class));
            (Some(right), Some(first.is_some_and(|suspect| suspect.kind == SuspectKind::Garbage)))
        }
        _ => (None, None),
    };
    // What is to blame must not be told as merely the largest.
    let kind = kind.map(|right| right && first.is_some_and(|suspect| !suspect.is_ordinary()));
    let kind_is_right = |kind: &str| {
        let written = label.text("oom_kind").into_iter().chain(label.list("oom_kind_or"));
        let mut kinds = written.map(|words| words.to_lowercase().replace(' ', "-"));
        kinds.any(|wanted| wanted.starts_with(kind))
    };
    let oom = label.text("oom_role").map(|role| {
        let wanted = if role == "culprit" { OomRole::Culprit } else { OomRole::Victim };
        report.oom.as_ref().is_some_and(|oom| oom.role == wanted && kind_is_right(&oom.kind))
    });
    let is_told = |other: &Label| {
        let fits = |suspect: &&Suspect| {
            holder_is_right(other, suspect) && other.text("kind") == Some(kind_name(suspect.kind))
        };
        report.suspects.iter().filter(fits).any(|suspect| !suspect.is_ordinary())
    };
    let others = label.also();
    let also = (!others.is_empty()).then(|| others.iter().all(is_told));
    // What a label expects is no false alarm.
    let unexpected = |id: &&str| !expected.contains(id);
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let alarms = if wanted == "healthy" {
        // Of what a label says that one dump cannot tell it from a leak, the verdict may say that it leaks if it grows.
        let is_left_open = |suspect: &Suspect| {
            suspect.is_leak_if_it_grows() && label.text("may_grow") == Some(&*suspect.holder.label())
        };
        let mut blamed = report.suspects.iter().filter(|suspect| !suspect.is_ordinary());
        let is_healthy = report.verdict.healthy || blamed.all(is_left_open);
        errors.map(|finding| finding.id.as_str()).filter(unexpected).count()
            + usize::from(!is_healthy && expected.is_empty() && report.oom.is_none())
    } else {
        0
    };
    Verdict { name: name.to_owned(), holder, kind, rule, oom, also, alarms, found }
}

fn dumps_in(dir: &Path) -> Vec<(String, PathBuf, Label)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Ok(label) = std::fs::read_to_string(&path).unwrap().parse() else {
            panic!("{} is no TOML", path.display())
        };
        let candidates =
            ["hprof", "hprof.gz", "hprof.zst"].map(|packing| dir.join(format!("{name}.{packing}")));
        let dump = candidates.into_iter().find(|file| file.exists());
        all.extend(dump.map(|dump| (name, dump, Label(label))));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn verdicts_are_those_of_the_labels() {
    let folder = std::env::var_os("OOMPH_SCENARIOS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!(
            "OOMPH_SCENARIOS is not set: only the dumps in the repository are looked at, no fresh ones"
        );
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps");
    let mut table = Vec::new();
    for (name, dump, label) in dumps_in(&folder.unwrap_or(kept)) {
        let snapshot = Snapshot::open(&dump, &Options::default(), &Progress::silent()).unwrap();
        let report = report(&Context::new(&snapshot, InspectOptions::default()), |_| true).unwrap();
        assert!(titles_name_fields(&report), "{name}: {:?}", report.suspects);
        table.push(judge(&name, &label, &report));
    }
    let word = |right: Option<bool>| match right {
        None => "-",
        Some(true) => "right",
        Some(false) => "WRONG",
    };
    println!(
        "{:28} {:7} {:7} {:7} {:7} {:7} {:6}  first suspect",
        "scenario", "holder", "kind", "rule", "oom", "also", "alarms"
    );
    for row in &table {
        println!(
            "{:28} {:7} {:7} {:7} {:7} {:7} {:6}  {}",
            row.name,
            word(row.holder),
            word(row.kind),
            word(row.rule),
            word(row.oom),
            word(row.also),
            row.alarms,
            row.found
        );
    }
    assert!(table.len() >= 6, "only {} labelled dumps", table.len());
    let wrong: Vec<&str> = table
        .iter()
        .filter(|row| {
            [row.holder, row.kind, row.rule, row.oom, row.also].contains(&Some(false)) || row.alarms > 0
        })
        .map(|row| row.name.as_str())
        .collect();
    assert!(wrong.is_empty(), "wrong verdicts: {}", wrong.join(", "));
}
