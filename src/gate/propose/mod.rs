//! A first policy from a report: budgets with room above what the dump has now, each with a comment.
//!
//! Owns what is worth a budget and how much room it gets. Room is for what differs between two healthy dumps of one service: caches with a limit
//! may fill, pools may grow a little, traffic differs. What is small now and may stay so gets a budget of its own, for a leak that begins is
//! small, too: far below any budget of the whole heap, but soon above twice what its field held. Cost: rows of the report.

mod holders;

use super::measure;
use crate::origin::{Origin, origin_of_name};
use crate::report::figures::bytes;
use crate::report::{HolderKind, Report, Severity, SuspectKind, normalise_class, normalise_thread};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Room above the present figures.
const ROOM: f64 = 1.25;

/// The text of a policy that the dump of this report passes, to be edited by people.
///
/// Suspects and fields that hold much now get budgets of their own, so that a new one fails under its own name.
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
    write_totals(out, report)?;
    write_threads(out, report)?;
    writeln!(out, "[loaders]\n# now {}", report.heap.class_loaders)?;
    writeln!(out, "max = {}\n", with_room(report.heap.class_loaders, 8))?;
    if let Some(now) = measure::off_heap_bytes(report) {
        writeln!(out, "[off-heap]\n# now {}", bytes(now))?;
        writeln!(out, "max = \"{} MiB\"\n", with_room(now, 16 << 20).div_ceil(1 << 20))?;
    }
    writeln!(out, "[damage]\nmax = {}\n", report.dump.damage.iter().map(|note| note.count).sum::<u64>())?;
    write_suspects(out, report)?;
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    writeln!(out, "# Findings that explain, or will cause, an outage.\n[[finding]]\nseverity = \"error\"")?;
    writeln!(out, "max = {}\n", errors.count())?;
    holders::write(out, report)?;
    write_classes(out, report)?;
    writeln!(
        out,
        "# Against --baseline; new leak suspects and new errors always fail.\n[growth]\nheap = \"20%\"\n\
         classes = \"50%\"\ncollections = \"50%\"\nthreads = \"50%\"\nloaders = 8\nignore-below = \"1%\"\n"
    )?;
    writeln!(
        out,
        "# A server without these threads answers nobody.\n# [[thread]]\n# thread = \"http-*-Acceptor*\"\n# min = 1\n"
    )?;
    writeln!(out, "# Known and forgiven until a day.\n# [[allow]]\n# fingerprint = \"0123456789abcdef\"")?;
    writeln!(out, "# reason = \"ticket 4711\"\n# until = 2027-01-31")
}

fn write_totals(out: &mut String, report: &Report) -> std::fmt::Result {
    let heap = &report.heap;
    let to_come = holders::bytes_to_come(report);
    let full = heap.shallow_bytes.saturating_add(to_come);
    writeln!(out, "[heap]")?;
    match to_come {
        0 => writeln!(out, "# now {}", bytes(heap.shallow_bytes))?,
        _ => {
            let (now, more) = (bytes(heap.shallow_bytes), bytes(to_come));
            writeln!(out, "# now {now}, and {more} more when the caches that have a limit are full")?;
        }
    }
    writeln!(out, "max-reachable = \"{} MiB\"", with_room(full, 1 << 20).div_ceil(1 << 20))?;
    writeln!(out, "# now {}", heap.objects)?;
    let objects = u128::from(heap.objects) * u128::from(full) / u128::from(heap.shallow_bytes.max(1));
    writeln!(out, "max-objects = {}", with_room(u64::try_from(objects).unwrap_or(u64::MAX), 1000))?;
    writeln!(out, "# max-unreachable = \"50%\"   # garbage; a dump made with `live` has none\n")
}

/// The number of threads, and what one of them may hold for a request: not those that hold much now, and not `main`, which holds what the
/// program holds.
fn write_threads(out: &mut String, report: &Report) -> std::fmt::Result {
    const MOST: u64 = 8;
    let Some(count) = measure::thread_count(report) else { return Ok(()) };
    let threads = measure::threads(report).unwrap_or_default();
    let much = threads.iter().filter(|t| t.locals_retained_bytes > report.heap.shallow_bytes / MOST);
    let mut others: BTreeSet<String> =
        much.map(|thread| normalise_thread(&thread.name).into_owned()).collect();
    others.insert("main".to_owned());
    writeln!(out, "[threads]\n# now {count}\nmax = {}", with_room(count, 8))?;
    writeln!(out, "forbid-oom = {}\n", report.oom.is_none())?;
    writeln!(out, "# What the local variables of one thread may hold: the size of one request.\n[[thread]]")?;
    let others: Vec<String> = others.iter().map(|name| quoted(&format!("!{name}"))).collect();
    writeln!(out, "thread = [\"*\", {}]\nmax-locals = \"25%\"\n", others.join(", "))
}

/// No leak suspect but those that there are now: a number of them would say at the next one only that there are too many.
fn write_suspects(out: &mut String, report: &Report) -> std::fmt::Result {
    const LEAST: f64 = 0.05;
    let known = report.suspects.iter();
    let known = known.filter(|suspect| suspect.kind == SuspectKind::Leak && suspect.share >= LEAST / 2.0);
    let (fields, others): (Vec<_>, Vec<_>) = known.partition(|suspect| is_field(suspect.holder.kind));
    writeln!(out, "# Leak suspects over a twentieth of the heap. What is known to have a limit is none.")?;
    writeln!(out, "[[suspect]]\nkind = \"leak\"\nmin-retained = \"5%\"\nmax = 0")?;
    if !fields.is_empty() {
        writeln!(out, "# here already, with budgets of their own below; take out what should not be")?;
        excluded(out, "holder", fields.iter().map(|suspect| suspect.holder.label()))?;
    }
    if !others.is_empty() {
        writeln!(out, "# here already")?;
        for suspect in &others {
            writeln!(out, "# {}: {}", suspect.fingerprint.0, plain(&suspect.holder.label()))?;
        }
        excluded(out, "fingerprint", others.iter().map(|suspect| suspect.fingerprint.0.clone()))?;
    }
    writeln!(out)
}

/// Ends of the names of classes of which a process needs few.
const FEW: [&str; 6] = [
    "*ConnectionFactory",
    "*DataSource",
    "*ConnectionPool",
    "*HttpClient",
    "*EntityManagerFactory",
    "*ObjectMapper",
];

/// The application's classes with many instances, and things of which a process needs few.
fn write_classes(out: &mut String, report: &Report) -> std::fmt::Result {
    const MOST: usize = 8;
    const SMALLEST_PART: u64 = 200;
    let Some(rows) = measure::classes(report) else { return Ok(()) };
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| origin_of_name(row.class) == Origin::Application) {
        let sum = sums.entry(normalise_class(row.class).into_owned()).or_default();
        sum.0 += row.instances;
        sum.1 += row.shallow_bytes;
    }
    let least = report.heap.shallow_bytes / SMALLEST_PART;
    let mut many: Vec<_> =
        sums.into_iter().filter(|(class, (_, bytes))| *bytes >= least && !class.ends_with("[]")).collect();
    many.sort_by_key(|(class, (_, bytes))| (std::cmp::Reverse(*bytes), class.clone()));
    many.truncate(MOST);
    let to_come = holders::instances_to_come(report);
    for (class, (now, _)) in many {
        let more = to_come.get(&class).copied().unwrap_or(0);
        writeln!(out, "[[class]]\n# now {now}")?;
        if more > 0 {
            writeln!(out, "# and {more} more when the cache that keeps them is full")?;
        }
        // What the virtual machine numbers has its number at the end.
        let is_numbered = class.contains("$$");
        writeln!(out, "class = {}", quoted(&if is_numbered { format!("{class}*") } else { class }))?;
        writeln!(out, "max-instances = {}\n", now.saturating_add(more).saturating_mul(2).max(1000))?;
    }
    let patterns = super::pattern::Patterns::new(FEW);
    let few = rows.iter().filter(|row| patterns.matches(row.class)).map(|row| row.instances).sum();
    writeln!(
        out,
        "# One of each, or a few, serve a whole process.\n[[class]]\nname = \"factories and clients\""
    )?;
    writeln!(out, "class = [{}]", FEW.map(quoted).join(", "))?;
    writeln!(out, "# now {few}\nmax-instances = {}\n", with_room(few, 8))
}

/// `key = ["*", "!name", ...]`: all but those names.
fn excluded(out: &mut String, key: &str, names: impl Iterator<Item = String>) -> std::fmt::Result {
    let names: BTreeSet<String> = names.collect();
    writeln!(out, "{key} = [\n    \"*\",")?;
    for name in names {
        writeln!(out, "    {},", quoted(&format!("!{name}")))?;
    }
    writeln!(out, "]")
}

/// Whether a holder is a field that the program's source has, by whose name a budget can be given.
fn is_field(kind: HolderKind) -> bool {
    matches!(kind, HolderKind::StaticField | HolderKind::InstanceField | HolderKind::ThreadLocal)
}

/// A name in a comment: one line.
fn plain(name: &str) -> String {
    name.replace(|c: char| c.is_control(), "?")
}

/// A quarter more, at least so much.
fn with_room(now: u64, least: u64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; not negative")]
    let more = (now as f64 * ROOM) as u64;
    more.max(now.saturating_add(least))
}

/// A basic string of TOML. Names come from the dump and may hold anything.
fn quoted(name: &str) -> String {
    toml::Value::String(name.to_owned()).to_string()
}
