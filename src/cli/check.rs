//! The gate: `oomph check`. Many dumps one after the other, each with all threads and the whole memory budget, so that memory is
//! bounded by the largest of them. A dump that cannot be read does not stop the others.

mod outputs;

use super::args::Check;
use super::failure::Failure;
use super::inspect::language;
use super::open::Session;
use super::reports::Found;
use super::{output, reports, rules};
use crate::gate::{Date, Judgement, NEEDED, Policy, evaluate, propose, today};
use crate::inspect::FINDINGS;
use crate::inspect::rules::{Rule, RuleSet};
use crate::progress::Progress;
use crate::render::json;
use crate::report::Report;
use crate::snapshot::DamageKind;
use outputs::Outputs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub(super) fn run(session: &Session, args: &Check) -> Result<ExitCode, Failure> {
    let items = reports::expand(&args.dump_files);
    let rules = rules::load(&args.rules)?;
    if args.init {
        return init(session, args, &rules, items);
    }
    let policy = match (&args.policy, &args.baseline) {
        (Some(path), _) => read_policy(path, &rules)?,
        (None, None) => Policy::standard(),
        (None, Some(_)) => Policy::standard_growth(),
    };
    check_baseline(args, items.len())?;
    let today = today();
    let mut outputs = Outputs::new(session, args, &items);
    // A place that cannot be written to is told now, not after an hour.
    outputs.keep()?;
    for item in &items {
        let judgement = match item {
            Ok(file) => judge(session, args, (&policy, today), &rules, file),
            Err((typed, words)) => Ok(Judgement::unreadable(&typed.display().to_string(), words.as_str())),
        };
        match judgement {
            Ok(judgement) => outputs.add(judgement)?,
            Err(Failure::Interrupted) => {
                // What was judged before an interruption is not lost.
                outputs.finish()?;
                return Err(Failure::Interrupted);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(match worst(&outputs.finish()?) {
        0 => ExitCode::SUCCESS,
        code => ExitCode::from(code),
    })
}

/// What the policy says of one dump. A dump that cannot be read or takes too long is a judgement too: it does not stop the others.
fn judge(
    session: &Session,
    args: &Check,
    (policy, today): (&Policy, Date),
    rules: &Arc<RuleSet>,
    file: &Path,
) -> Result<Judgement, Failure> {
    let shown = file.display().to_string();
    let report = match load(session, args, rules, file) {
        Ok(report) => report,
        Err(Failure::Interrupted) if session.progress.check().is_ok() => {
            let words = format!("not done after {} seconds (--timeout)", args.timeout.unwrap_or(0));
            return Ok(Judgement::unreadable(&shown, words));
        }
        Err(Failure::Message(words)) => return Ok(Judgement::unreadable(&shown, words)),
        Err(other) => return Err(other),
    };
    let mut judgement = match baseline(args, file) {
        Ok(Earlier::NotAsked) => evaluate(policy, &report, None, today),
        Ok(Earlier::WrittenNow(path)) => {
            evaluate(policy, &report, None, today).as_first_baseline(&path.display().to_string())
        }
        Ok(Earlier::Report(earlier)) => evaluate(policy, &report, Some(&earlier), today),
        // A new load test has none yet, and the dump of a virtual machine that ran out of memory never will.
        Ok(Earlier::Missing(path)) => {
            evaluate(policy, &report, None, today).without_baseline(&path.display().to_string())
        }
        Err(Failure::Message(words)) => return Ok(Judgement::unreadable(&shown, words)),
        Err(other) => return Err(other),
    };
    judgement.file = shown;
    if let Some(path) = args.baseline.as_ref().filter(|_| args.update_baseline) {
        write_report(&baseline_path(path, file), &report, args)?;
    }
    Ok(judgement)
}

/// 2 if a dump could not be read or nothing was measured on it, else 1 if a budget is broken, else 0.
fn worst(judgements: &[Judgement]) -> u8 {
    let code = |judgement: &Judgement| match (judgement.is_measured(), judgement.passed()) {
        (false, _) => 2,
        (true, false) => 1,
        (true, true) => 0,
    };
    judgements.iter().map(code).max().unwrap_or(0)
}

/// A policy with room above what the first dump has now.
fn init(
    session: &Session,
    args: &Check,
    rules: &Arc<RuleSet>,
    items: Vec<Found>,
) -> Result<ExitCode, Failure> {
    let Some(first) = items.into_iter().next() else { return Err(Failure::new("--init needs a dump")) };
    let file = first.map_err(|(typed, words)| Failure::new(format!("{}: {words}", typed.display())))?;
    let text = propose(&load(session, args, rules, &file)?);
    session.finish_progress();
    match &args.policy {
        Some(path) if path.exists() => {
            Err(Failure::new(format!("{} is there already; --init does not overwrite it", path.display())))
        }
        Some(path) => {
            output::to_file(path, &text)?;
            session.note(&format!("wrote {}", path.display()));
            Ok(ExitCode::SUCCESS)
        }
        None => output::to_stdout(&text).map(|()| ExitCode::SUCCESS),
    }
}

fn read_policy(path: &Path, rules: &RuleSet) -> Result<Policy, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    let known: Vec<&str> = rules.iter().map(Rule::id).chain(FINDINGS.iter().copied()).collect();
    let kinds = DamageKind::ALL.map(DamageKind::id);
    let policy = text.parse::<Policy>().and_then(|policy| {
        policy.check_rules(&text, &known)?;
        policy.check_damage(&text, &kinds)?;
        Ok(policy)
    });
    policy.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// One file is the baseline of one dump; several dumps have theirs in a folder.
fn check_baseline(args: &Check, count: usize) -> Result<(), Failure> {
    match &args.baseline {
        None if args.update_baseline => Err(Failure::new("--update-baseline needs --baseline")),
        Some(path) if args.update_baseline && count > 1 && !path.is_dir() => Err(Failure::new(format!(
            "{} is no folder: the baselines of several dumps need one",
            path.display()
        ))),
        Some(path) if !args.update_baseline && !path.exists() => {
            Err(Failure::new(format!("there is no baseline {}; --update-baseline writes it", path.display())))
        }
        _ => Ok(()),
    }
}

/// In a folder, the baseline of `soak.hprof.gz` is `soak.json`.
fn baseline_path(baseline: &Path, dump: &Path) -> PathBuf {
    if !baseline.is_dir() {
        return baseline.to_owned();
    }
    let name = dump.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut stem = name.as_str();
    for ending in [".gz", ".zst", ".json", ".hprof"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    baseline.join(format!("{stem}.json"))
}

/// What a dump is compared with.
enum Earlier {
    NotAsked,
    /// There is none yet; this run writes it.
    WrittenNow(PathBuf),
    Missing(PathBuf),
    Report(Box<Report>),
}

fn baseline(args: &Check, dump: &Path) -> Result<Earlier, Failure> {
    match args.baseline.as_ref().map(|path| baseline_path(path, dump)) {
        None => Ok(Earlier::NotAsked),
        Some(path) if path.exists() => reports::read(&path).map(|report| Earlier::Report(Box::new(report))),
        // The first run writes what later ones compare with.
        Some(path) if args.update_baseline => Ok(Earlier::WrittenNow(path)),
        Some(path) => Ok(Earlier::Missing(path)),
    }
}

/// The report, unless it takes longer than is allowed or the user stops the program.
fn load(session: &Session, args: &Check, rules: &Arc<RuleSet>, file: &Path) -> Result<Report, Failure> {
    let progress = session.progress_of_its_own();
    let done = Arc::new(AtomicBool::new(false));
    let watch = {
        let (all, one, done) = (session.progress.clone(), progress.clone(), Arc::clone(&done));
        let deadline = args.timeout.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        std::thread::spawn(move || watch(&all, &one, &done, deadline))
    };
    let report = reports::load(session, file, NEEDED, rules, &progress);
    done.store(true, Ordering::Relaxed);
    watch.thread().unpark();
    // The watcher does nothing that can fail.
    let _ = watch.join();
    report
}

fn watch(all: &Progress, one: &Progress, done: &AtomicBool, deadline: Option<Instant>) {
    while !done.load(Ordering::Relaxed) {
        if all.check().is_err() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            one.cancel();
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

fn write_report(path: &Path, report: &Report, args: &Check) -> Result<(), Failure> {
    let value = json::report(report, language(args.lang));
    let text = serde_json::to_string_pretty(&value).map_err(Failure::new)?;
    output::to_file(path, &(text + "\n"))
}
