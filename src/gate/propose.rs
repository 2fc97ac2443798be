//! A first policy from a report: budgets with room above what the dump has now, each with a comment.

use super::measure;
use crate::report::figures::bytes;
use crate::report::{HolderKind, Report, SuspectKind};
use std::fmt::Write;

/// Room above the present figures.
const ROOM: f64 = 1.25;

/// The text of a policy that the dump of this report passes, to be edited by people.
///
/// Suspects that the dump has now get budgets of their own, so that a new one fails under its own name.
pub fn propose(report: &Report) -> String {
    let mut text = String::from(
        "# Budgets for heap dumps: oomph check DUMP... --policy THIS_FILE\n\
         # Sizes: \"200 MiB\", \"1.5 GB\", or a part of the heap: \"10%\". Patterns: * any characters, ? one, a leading ! excludes.\n\
         # `file` of a [[dump]] table is a pattern of file names; its budgets replace those at the top.\n\
         schema = \"oomph/policy/1\"\n\n",
    );
    // Writing to a string cannot fail.
    let _ = write_budgets(&mut text, report);
    text
}

fn write_budgets(out: &mut String, report: &Report) -> std::fmt::Result {
    let heap = &report.heap;
    writeln!(out, "[heap]")?;
    writeln!(out, "# now {}", bytes(heap.shallow_bytes))?;
    writeln!(out, "max-reachable = \"{} MiB\"", with_room(heap.shallow_bytes).div_ceil(1 << 20))?;
    writeln!(out, "# now {}", heap.objects)?;
    writeln!(out, "max-objects = {}", with_room(heap.objects))?;
    writeln!(out, "# max-unreachable = \"50%\"   # garbage; a dump made with `live` has none\n")?;
    if let Some(count) = measure::thread_count(report) {
        writeln!(out, "[threads]\n# now {count}\nmax = {}", with_room(count))?;
        writeln!(out, "# what the local variables of one thread may hold: the size of one request")?;
        writeln!(out, "max-locals = \"25%\"\nforbid-oom = {}\n", report.oom.is_none())?;
    }
    writeln!(out, "[loaders]\n# now {}\nmax = {}\n", heap.class_loaders, with_room(heap.class_loaders))?;
    writeln!(out, "[damage]\nmax = {}\n", report.dump.damage.iter().map(|note| note.count).sum::<u64>())?;
    write_suspects(out, report)?;
    let errors = report.findings.iter().filter(|finding| finding.severity == crate::report::Severity::Error);
    writeln!(out, "# Findings that explain, or will cause, an outage.\n[[finding]]\nseverity = \"error\"")?;
    writeln!(out, "max = {}\n", errors.count())?;
    for suspect in report.suspects.iter().filter(|suspect| is_field(suspect.holder.kind)) {
        writeln!(out, "[[holder]]\n# now {}", bytes(suspect.retained_bytes))?;
        writeln!(out, "holder = {}", quoted(&suspect.holder.label()))?;
        writeln!(out, "max-retained = \"{} KiB\"\n", with_room(suspect.retained_bytes).div_ceil(1 << 10))?;
    }
    writeln!(
        out,
        "# Against --baseline; new leak suspects and new errors always fail.\n[growth]\nheap = \"20%\"\n\
         classes = \"50%\"\ncollections = \"50%\"\nthreads = \"50%\"\nloaders = 2\nignore-below = \"1 MiB\"\n"
    )?;
    writeln!(out, "# [[class]]\n# class = \"com.acme.*Factory\"\n# max-instances = 1\n")?;
    writeln!(
        out,
        "# A server without these threads answers nobody.\n# [[thread]]\n# thread = \"http-*-Acceptor*\"\n# min = 1\n"
    )?;
    writeln!(out, "# Known and forgiven until a day.\n# [[allow]]\n# fingerprint = \"0123456789abcdef\"")?;
    writeln!(out, "# reason = \"ticket 4711\"\n# until = 2027-01-31")
}

/// No leak suspect but those that there are now: a number of them would say at the next one only that there are too many.
fn write_suspects(out: &mut String, report: &Report) -> std::fmt::Result {
    const LEAST: f64 = 0.05;
    let known = report.suspects.iter();
    let known = known.filter(|suspect| suspect.kind == SuspectKind::Leak && suspect.share >= LEAST / 2.0);
    let (fields, others): (Vec<_>, Vec<_>) = known.partition(|suspect| is_field(suspect.holder.kind));
    writeln!(out, "# Leak suspects over a twentieth of the heap.\n[[suspect]]\nkind = \"leak\"")?;
    writeln!(out, "min-retained = \"5%\"\nmax = 0")?;
    let excluded = |out: &mut String, key: &str, mut names: Vec<String>| -> std::fmt::Result {
        names.dedup();
        if names.is_empty() {
            return Ok(());
        }
        writeln!(out, "{key} = [")?;
        writeln!(out, "    \"*\",")?;
        for name in names {
            writeln!(out, "    {},", quoted(&format!("!{name}")))?;
        }
        writeln!(out, "]")
    };
    if !fields.is_empty() {
        writeln!(out, "# here already, with budgets of their own below; take out what should not be")?;
        excluded(out, "holder", fields.iter().map(|suspect| suspect.holder.label()).collect())?;
    }
    if !others.is_empty() {
        writeln!(out, "# here already")?;
        for suspect in &others {
            writeln!(out, "# {}: {}", suspect.fingerprint.0, plain(&suspect.holder.label()))?;
        }
        excluded(out, "fingerprint", others.iter().map(|suspect| suspect.fingerprint.0.clone()).collect())?;
    }
    writeln!(out)
}

/// Whether a holder is a field that the program's source has, by whose name a budget can be given.
fn is_field(kind: HolderKind) -> bool {
    matches!(kind, HolderKind::StaticField | HolderKind::InstanceField | HolderKind::ThreadLocal)
}

/// A name in a comment: one line.
fn plain(name: &str) -> String {
    name.replace(|c: char| c.is_control(), "?")
}

fn with_room(now: u64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; not negative")]
    let more = (now as f64 * ROOM) as u64;
    more.max(now.saturating_add(1))
}

/// A basic string of TOML. Names come from the dump and may hold anything.
fn quoted(name: &str) -> String {
    toml::Value::String(name.to_owned()).to_string()
}
