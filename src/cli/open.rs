//! What all commands need: threads, memory budget, progress, Ctrl-C, and the opened dump.

use super::args::{Global, When};
use super::failure::Failure;
use super::index;
use super::progress::Reporter;
use crate::inspect::{Preview, dump_facts};
use crate::progress::Progress;
use crate::render::text::Language;
use crate::snapshot::{Options, Snapshot};
use crate::storage::{Storage, available_memory, is_in_memory, scratch_folder};
use indicatif::{HumanBytes, HumanCount};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set up once for a run of the program.
pub(super) struct Session {
    pub(super) global: Global,
    pub(super) storage: Storage,
    pub(super) progress: Progress,
    reporter: Arc<Reporter>,
}

impl Session {
    pub(super) fn new(global: &Global) -> Result<Self, Failure> {
        if let Some(threads) = global.threads {
            let built = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
            built.map_err(|error| Failure::new(format!("cannot start {threads} threads: {error}")))?;
        }
        let memory = global.memory.or_else(|| available_memory().map(|bytes| bytes / 4 * 3));
        let scratch = global.scratch.clone().unwrap_or_else(scratch_folder);
        let storage = Storage::new(memory.map_or(u64::MAX, for_columns), scratch);
        let reporter = Arc::new(Reporter::new(global.quiet, global.verbose, storage.clone()));
        let observer: Arc<dyn crate::progress::Observer> = Arc::clone(&reporter) as _;
        let progress = Progress::new(observer);
        stop_on_signal(&progress)?;
        Ok(Self { global: global.clone(), storage, progress, reporter })
    }

    /// Opens a dump and tells what the user should know before anything else.
    pub(super) fn open(&self, file: &Path) -> Result<Snapshot, Failure> {
        self.open_with(file, &self.progress)
    }

    /// [`Self::open`] for an answer that does not tell by itself what is wrong with the file, as a report does.
    pub(super) fn open_to_look(&self, file: &Path) -> Result<Snapshot, Failure> {
        let snapshot = self.open(file)?;
        for damage in dump_facts(&snapshot).damage {
            let place = damage.first_offset.map_or_else(String::new, |at| format!(" (first at offset {at})"));
            self.note(&format!("{}: {}{place}", file.display(), Language::En.text(&damage.message)));
        }
        Ok(snapshot)
    }

    /// [`Self::open`] with progress that can be cancelled on its own.
    pub(super) fn open_with(&self, file: &Path, progress: &Progress) -> Result<Snapshot, Failure> {
        let build = || Ok(Snapshot::open(file, &self.options(), progress)?);
        let snapshot = index::open(self, file, &self.options(), progress, build)?;
        self.tell(file, &snapshot)?;
        Ok(snapshot)
    }

    /// [`Self::open`] for a report that looks at everything.
    pub(super) fn open_in_full(&self, file: &Path) -> Result<(Snapshot, Option<Preview>), Failure> {
        let mut seen = None;
        let build = || {
            let (snapshot, preview) = Preview::open(file, &self.options(), &self.progress)?;
            seen = preview;
            Ok(snapshot)
        };
        let snapshot = index::open(self, file, &self.options(), &self.progress, build)?;
        self.tell(file, &snapshot)?;
        Ok((snapshot, seen))
    }

    /// Tells what the user should know of a dump before anything else, and proves what is to be proved.
    fn tell(&self, file: &Path, snapshot: &Snapshot) -> Result<(), Failure> {
        if self.global.verify {
            snapshot.certify()?;
            if let Some(proof) = snapshot.certificate() {
                self.note(&format!(
                    "{}: dominators and retained sizes of {} objects are proved right",
                    file.display(),
                    HumanCount(proof.object_count)
                ));
            }
        }
        if self.storage.has_spilled() && self.global.memory.is_none() {
            self.note(&self.where_the_rest_went());
        }
        let origin = snapshot.origin();
        if origin.dump_count > 1 && self.global.dump.is_none() {
            self.note(&format!(
                "{} holds {} heap dumps; this is the last one (--dump 1 to --dump {} choose)",
                file.display(),
                origin.dump_count,
                origin.dump_count
            ));
        }
        Ok(())
    }

    /// What somebody should know who did not ask for a budget of memory.
    fn where_the_rest_went(&self) -> String {
        let budget = HumanBytes(self.storage.budget_bytes());
        let folder = self.storage.scratch();
        let warning = if is_in_memory(folder) {
            ", which is kept in memory too: name a disk with --scratch"
        } else {
            ""
        };
        let folder = folder.display();
        format!("little memory is free: what {budget} do not hold went to scratch files in {folder}{warning}")
    }

    /// How dumps are opened.
    pub(super) fn options(&self) -> Options {
        Options {
            storage: self.storage.clone(),
            dump: self.global.dump,
            soft_as_weak: self.global.soft_as_weak,
            layout: self.global.layout,
        }
    }

    /// Progress that is shown like that of the session but is cancelled apart from it.
    pub(super) fn progress_of_its_own(&self) -> Progress {
        Progress::new(Arc::clone(&self.reporter) as _)
    }

    /// A remark on standard error, unless the user wants none.
    pub(super) fn note(&self, words: &str) {
        if !self.global.quiet {
            self.reporter.say(&format!("oomph: {words}"));
        }
    }

    /// Ends the display of progress before data are written to the terminal.
    pub(super) fn finish_progress(&self) {
        self.reporter.finish();
    }

    /// Whether standard output gets colours.
    pub(super) fn colors(&self) -> bool {
        match self.global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }
}

/// The part of a budget of memory that columns may take. The rest is for what is no column: the report, names, buffers, the allocator's own.
/// On large dumps that is about a sixteenth of the columns.
fn for_columns(memory: u64) -> u64 {
    const LEAST: u64 = 48 << 20;
    memory.saturating_sub(LEAST + memory / 16)
}

/// Lets the first Ctrl-C or SIGTERM stop the work in an orderly way and the second one end the process.
fn stop_on_signal(progress: &Progress) -> Result<(), Failure> {
    let (progress, asked) = (progress.clone(), AtomicBool::new(false));
    let handler = move || {
        if asked.swap(true, Ordering::Relaxed) {
            #[expect(
                clippy::exit,
                reason = "the user insists; scratch files have no names and vanish by themselves"
            )]
            std::process::exit(130);
        }
        progress.cancel();
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::new(format!("cannot watch for signals: {error}")))
}
