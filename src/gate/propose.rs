//! A first policy from a report: budgets with room above what the dump has now, each with a comment.

use super::measure;
use crate::report::figures::bytes;
use crate::report::{HolderKind, Report, SuspectKind};
use std::fmt::Write;

/// Room above the present figures.
const ROOM: f64 = 1.25;

/// The text of a policy that the dump of this report passes, to be edited by people.
///
/// Suspects and findings of the report become commented allowances: whoever takes one over says why and until when.
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
    let leaks = report.suspects.iter().filter(|suspect| suspect.kind == SuspectKind::Leak);
    let leaks = leaks.filter(|suspect| suspect.share >= 0.1).count();
    writeln!(out, "# Leak suspects over a tenth of the heap.\n[[suspect]]\nkind = \"leak\"")?;
    writeln!(out, "min-retained = \"10%\"\nmax = {leaks}\n")?;
    let errors = report.findings.iter().filter(|finding| finding.severity == crate::report::Severity::Error);
    writeln!(out, "# Findings that explain, or will cause, an outage.\n[[finding]]\nseverity = \"error\"")?;
    writeln!(out, "max = {}\n", errors.count())?;
    for suspect in report
        .suspects
        .iter()
        .filter(|suspect| matches!(suspect.holder.kind, HolderKind::StaticField | HolderKind::InstanceField))
    {
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

fn with_room(now: u64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; not negative")]
    let more = (now as f64 * ROOM) as u64;
    more.max(now.saturating_add(1))
}

/// A basic string of TOML. Names come from the dump and may hold anything.
fn quoted(name: &str) -> String {
    toml::Value::String(name.to_owned()).to_string()
}
