//! What `oomph check` writes, and when: files are written anew as dumps are judged, so that a run that is killed leaves what it had found.
//!
//! A file always tells of all dumps. One whose turn has not come stands in it as not judged, which is a failure to whoever reads it: an
//! unfinished run is never taken for one that passed, nor are the files of an earlier run for those of this one.

use super::super::args::Check;
use super::super::failure::Failure;
use super::super::inspect::{language, terminal_options};
use super::super::open::Session;
use super::super::output;
use super::super::reports::Found;
use super::super::sources::Sources;
use crate::gate::Judgement;
use crate::render::check::{self, Place};
use crate::render::terminal::TerminalOptions;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};

/// How often files are written that later dumps make old. Each time costs as much as there are dumps.
const TIMES: usize = 100;

pub(super) struct Outputs<'a> {
    session: &'a Session,
    args: &'a Check,
    /// Of all dumps, in their order; from `judged` on they stand for what is still to come.
    judgements: Vec<Judgement>,
    judged: usize,
    /// How many have been told of on standard output.
    printed: usize,
    /// Whether somebody still reads standard output.
    is_read: bool,
    /// Listing the folders of a repository is for those formats only that show code.
    sources: OnceCell<Sources>,
}

impl<'a> Outputs<'a> {
    pub(super) fn new(session: &'a Session, args: &'a Check, items: &[Found]) -> Self {
        let to_come = items.iter().map(|item| {
            let file = match item {
                Ok(file) => file,
                Err((typed, _)) => typed,
            };
            Judgement::unreadable(&file.display().to_string(), "not judged: the run ended before")
        });
        Self {
            session,
            args,
            judgements: to_come.collect(),
            judged: 0,
            printed: 0,
            is_read: true,
            sources: OnceCell::new(),
        }
    }

    /// What is said of the next dump: told at once on standard output, and kept in the files.
    pub(super) fn add(&mut self, judgement: Judgement) -> Result<(), Failure> {
        self.judgements[self.judged] = judgement;
        self.judged += 1;
        self.print_judged()?;
        if self.judged.is_multiple_of(self.judgements.len().div_ceil(TIMES)) {
            // A disk that is full now may have room in the end, when the files are written for good.
            let _ = self.keep();
        }
        Ok(())
    }

    /// Everything is judged that will be: the final files, the table of all dumps, annotations. Gives all judgements.
    pub(super) fn finish(mut self) -> Result<Vec<Judgement>, Failure> {
        for format in self.formats() {
            if let Some(path) = format.path {
                output::to_file(path, &(format.make)(&self)?)?;
            }
        }
        self.session.finish_progress();
        // What an interruption left over is told with the others.
        self.judged = self.judgements.len();
        self.print_judged()?;
        let words = language(self.args.lang);
        self.print_log(&check::terminal_summary(&self.judgements, &self.terminal_options()))?;
        if self.args.github {
            self.print(&check::github(&self.judgements, words, &|file, field| self.find(file, field)))?;
            if let Some(summary) = std::env::var_os("GITHUB_STEP_SUMMARY") {
                append(Path::new(&summary), &check::markdown(&self.judgements, words))?;
            }
        }
        Ok(self.judgements)
    }

    /// Writes the files that can be replaced.
    ///
    /// # Errors
    /// If one cannot be written.
    pub(super) fn keep(&self) -> Result<(), Failure> {
        for format in self.formats() {
            if let Some(path) = format.path.filter(|path| output::is_replaceable(path)) {
                output::to_file(path, &(format.make)(self)?)?;
            }
        }
        Ok(())
    }

    fn formats(&self) -> [Format<'a>; 7] {
        let args = self.args;
        [
            Format::new(&args.json, |all| {
                let value = check::json(&all.judgements, language(all.args.lang));
                Ok(serde_json::to_string_pretty(&value).map_err(Failure::new)? + "\n")
            }),
            Format::new(&args.junit, |all| Ok(check::junit(&all.judgements, language(all.args.lang)))),
            Format::new(&args.sarif, |all| {
                let find = |file: &str, field: Option<&str>| all.find(file, field);
                Ok(check::sarif(&all.judgements, language(all.args.lang), &find))
            }),
            Format::new(&args.markdown, |all| Ok(check::markdown(&all.judgements, language(all.args.lang)))),
            Format::new(&args.csv, |all| Ok(check::csv(&all.judgements, language(all.args.lang)))),
            Format::new(&args.gitlab, |all| {
                let find = |file: &str, field: Option<&str>| all.find(file, field);
                Ok(check::gitlab(&all.judgements, language(all.args.lang), &find))
            }),
            // Who watches a dump that waits for its turn should not be alarmed by it.
            Format::new(&args.prometheus, |all| Ok(check::prometheus(&all.judgements[..all.judged]))),
        ]
    }

    fn find(&self, file: &str, field: Option<&str>) -> Option<Place> {
        self.sources.get_or_init(|| Sources::below(Path::new("."))).find(file, field)
    }

    fn terminal_options(&self) -> TerminalOptions {
        terminal_options(self.session, language(self.args.lang), false)
    }

    /// The text for people about what was judged and not told yet.
    fn print_judged(&mut self) -> Result<(), Failure> {
        let news = &self.judgements[self.printed..self.judged];
        let text = check::terminal_dumps(news, self.args.all, &self.terminal_options());
        self.printed = self.judged;
        self.print_log(&text)
    }

    /// Text for people, unless standard output is taken by data.
    fn print_log(&mut self, text: &str) -> Result<(), Failure> {
        let is_taken = self.formats().iter().any(|format| format.path.is_some_and(output::is_stdout));
        if text.is_empty() || is_taken {
            return Ok(());
        }
        if self.args.github { self.print(&check::github_log(text)) } else { self.print(text) }
    }

    /// To standard output. Whoever closes it has read enough, which neither stops the gate nor makes it pass.
    fn print(&mut self, text: &str) -> Result<(), Failure> {
        if !self.is_read {
            return Ok(());
        }
        match output::to_stdout(text) {
            Err(Failure::ClosedPipe) => {
                self.is_read = false;
                Ok(())
            }
            other => other,
        }
    }
}

/// One of the formats, where it goes to if it is wanted, and how it is made.
struct Format<'a> {
    path: Option<&'a Path>,
    make: fn(&Outputs<'_>) -> Result<String, Failure>,
}

impl<'a> Format<'a> {
    fn new(path: &'a Option<PathBuf>, make: fn(&Outputs<'_>) -> Result<String, Failure>) -> Self {
        Self { path: path.as_deref(), make }
    }
}

/// Other steps of the job write to the summary too.
fn append(path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}
