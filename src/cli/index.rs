//! Kept indexes on the command line: which is used, which is made, and what is said of it. `oomph index` itself.
//!
//! Nothing is written unasked: only `oomph index` and `--index` keep one. One that is there and serves is used by every command.

use super::args::Index;
use super::failure::Failure;
use super::open::Session;
use super::output;
use crate::progress::Progress;
use crate::snapshot::{IndexError, KeptIndex, Options, Reopened, Snapshot};
use indicatif::{HumanBytes, HumanCount};
use std::path::Path;

/// `oomph index`.
pub(super) fn run(session: &Session, args: &Index) -> Result<(), Failure> {
    let options = session.options();
    let kept = place(session, &args.dump_file, &options)?;
    let (objects, bytes, made) = match reopen(session, &kept, &options, &session.progress)? {
        Some(snapshot) => {
            (snapshot.object_count(), std::fs::metadata(kept.path()).map_or(0, |f| f.len()), false)
        }
        None => {
            kept.check_writable()?;
            let snapshot = Snapshot::open(&args.dump_file, &options, &session.progress)?;
            (snapshot.object_count(), kept.save(&snapshot)?, true)
        }
    };
    session.finish_progress();
    output::to_stdout(&format!(
        "{}{}: {}, {:.1} bytes for each of {} objects\n",
        kept.path().display(),
        if made { "" } else { " is up to date" },
        HumanBytes(bytes),
        bytes as f64 / objects.max(1) as f64,
        HumanCount(objects as u64),
    ))
}

/// Opens a dump: from an index if one serves, else with `build`, and keeps an index if the user wants one.
pub(super) fn open(
    session: &Session,
    file: &Path,
    options: &Options,
    progress: &Progress,
    build: impl FnOnce() -> Result<Snapshot, Failure>,
) -> Result<Snapshot, Failure> {
    let wanted = if session.global.index.is_some() { Some(place(session, file, options)?) } else { None };
    if let Some(snapshot) =
        wanted.as_ref().map_or(Ok(None), |kept| reopen(session, kept, options, progress))?
    {
        return Ok(snapshot);
    }
    let beside = KeptIndex::existing(file, None, options);
    let beside = beside.filter(|beside| wanted.as_ref().is_none_or(|wanted| wanted.path() != beside.path()));
    if let Some(snapshot) = beside.map_or(Ok(None), |kept| reopen(session, &kept, options, progress))? {
        return Ok(snapshot);
    }
    let wanted = wanted.filter(|kept| is_told(session, kept.check_writable()));
    let snapshot = build()?;
    if let Some(kept) = wanted {
        match kept.save(&snapshot) {
            Err(IndexError::Cancelled(_)) => return Err(Failure::Interrupted),
            saved => {
                if is_told(session, saved) {
                    session.note(&format!("kept the index {}", kept.path().display()));
                }
            }
        }
    }
    Ok(snapshot)
}

/// An index that cannot be kept is no reason to keep the answer back.
fn is_told<T>(session: &Session, result: Result<T, IndexError>) -> bool {
    if let Err(error) = &result {
        session.note(&error.to_string());
    }
    result.is_ok()
}

/// Where the index of a dump is to be kept.
fn place(session: &Session, file: &Path, options: &Options) -> Result<KeptIndex, Failure> {
    let dir = session.global.index.as_ref().and_then(|dir| dir.as_deref());
    if let Some(dir) = dir {
        let made = std::fs::create_dir_all(dir);
        made.map_err(|error| Failure::new(format!("cannot make the folder {}: {error}", dir.display())))?;
    }
    Ok(KeptIndex::new(file, dir, options)?)
}

/// The snapshot of an index, if it is there and serves. Says so if it does not.
fn reopen(
    session: &Session,
    kept: &KeptIndex,
    options: &Options,
    progress: &Progress,
) -> Result<Option<Snapshot>, Failure> {
    if session.global.no_index {
        return Ok(None);
    }
    Ok(match kept.open(options, progress)? {
        Reopened::Snapshot(snapshot) => Some(*snapshot),
        Reopened::Absent => None,
        Reopened::Rejected(why) => {
            session.note(&format!("the index {} is not used: {why}", kept.path().display()));
            None
        }
    })
}
