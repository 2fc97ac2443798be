//! What can be typed.

use crate::snapshot::layout::model::Model;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Out-Of-Memory Post-mortem for HPROF: what filled a JVM's heap, who holds it, and what to change.
#[derive(Debug, Parser)]
#[command(name = "oomph", version, max_term_width = 110, propagate_version = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of all commands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of all commands")]
pub(super) struct Global {
    /// Threads to work with [default: all processors]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
    /// Most anonymous memory to use, as 500M or 4G; work beyond that goes to scratch files [default: 3/4 of what is available]
    #[arg(long, global = true, value_name = "SIZE", value_parser = size)]
    pub(super) memory: Option<u64>,
    /// Folder for scratch files [default: the system's temporary folder, or /var/tmp where that one is kept in memory]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) scratch: Option<PathBuf>,
    /// Which dump of a file that holds several, from 1 [default: the last]
    #[arg(long, global = true, value_name = "N", value_parser = dump_number)]
    pub(super) dump: Option<usize>,
    /// Treat soft references as weak ones: what only they hold counts as unreachable
    #[arg(long, global = true)]
    pub(super) soft_as_weak: bool,
    /// How the JVM laid out objects, as compressed, compact or header=16,reference=8,alignment=8 [default: what the dump gives evidence of]
    #[arg(long, global = true, value_name = "LAYOUT")]
    pub(super) layout: Option<Model>,
    /// Keep an index, so that later commands open the dump at once: beside the dump, or in DIR
    #[arg(long, global = true, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub(super) index: Option<Option<PathBuf>>,
    /// Do not use an index that is there
    #[arg(long, global = true)]
    pub(super) no_index: bool,
    /// Prove by a low-high order that dominators and retained sizes are right; what does not stand the proof ends with exit code 2
    #[arg(long, global = true)]
    pub(super) verify: bool,
    /// Colours on the terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// No progress and no notes on standard error
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Tell what each phase took in seconds and memory
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The main job: a verdict on the terminal, and reports
    Analyze(Analyze),
    /// Objects and bytes by class
    Histogram(Inspect),
    /// What holds much memory, most to blame first
    Suspects(Inspect),
    /// The objects that retain most
    Dominators(Inspect),
    /// Threads with their stacks and what they hold
    Threads(Inspect),
    /// Class loaders and what they keep alive
    Classloaders(Inspect),
    /// Text: what it costs and what is there more than once
    Strings(Inspect),
    /// Lists, maps and sets: empty, sparse, oversized
    Collections(Inspect),
    /// Arrays: empty, zero, duplicate, largest
    Arrays(Inspect),
    /// Boxed numbers
    Boxed(Inspect),
    /// Soft, weak and phantom references, finalizers
    References(Inspect),
    /// Memory outside of the heap that objects stand for
    OffHeap(Inspect),
    /// Garbage that the collector had not yet taken
    Unreachable(Inspect),
    /// System properties and the virtual machine
    System(Inspect),
    /// What could be saved without changing what the program does
    Waste(Inspect),
    /// What is known of libraries: list the rules, test your own
    Rules(Rules),
    /// Classes by name, objects by class or address
    Find(Find),
    /// One object: fields or elements, sizes, referrers, dominators
    Show(Show),
    /// Shortest paths from GC roots to an object, or to the objects of a class
    Paths(Paths),
    /// Build and keep the index of a dump, so that later commands open it at once
    Index(Index),
    /// Growth between dumps or JSON reports of one service
    Diff(Diff),
    /// The gate for CI: dumps against a policy and a baseline
    Check(Check),
    /// Show a JSON report, or make HTML and Markdown of it
    Render(Render),
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// The man page
    Man,
}

impl Command {
    /// The inspection that a command stands for.
    pub(super) fn inspection(&self) -> Option<(&'static str, &Inspect)> {
        Some(match self {
            Self::Histogram(args) => ("histogram", args),
            Self::Suspects(args) => ("suspects", args),
            Self::Dominators(args) => ("dominators", args),
            Self::Threads(args) => ("threads", args),
            Self::Classloaders(args) => ("classloaders", args),
            Self::Strings(args) => ("strings", args),
            Self::Collections(args) => ("collections", args),
            Self::Arrays(args) => ("arrays", args),
            Self::Boxed(args) => ("boxed", args),
            Self::References(args) => ("references", args),
            Self::OffHeap(args) => ("off-heap", args),
            Self::Unreachable(args) => ("unreachable", args),
            Self::System(args) => ("system", args),
            Self::Waste(args) => ("waste", args),
            _ => return None,
        })
    }
}

/// How a single inspection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// With stable names.
    Json,
    /// One table.
    Csv,
    /// For pages that show Markdown.
    Markdown,
}

/// Languages of the words in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// How results are written.
#[derive(Debug, Clone, Args)]
pub(super) struct Writing {
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Language
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(super) lang: Lang,
}

/// A single inspection.
#[derive(Debug, Clone, Args)]
pub(super) struct Inspect {
    /// The heap dump: .hprof, .hprof.gz, .hprof.zst, or - for standard input
    pub(super) dump_file: PathBuf,
    #[command(flatten)]
    pub(super) writing: Writing,
    /// Rows of a table at most, 0 for all [default: 40 for reading, all for programs]
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,
    /// Show the contents of strings
    #[arg(long)]
    pub(super) strings: bool,
}

/// The main job.
#[derive(Debug, Clone, Args)]
pub(super) struct Analyze {
    /// The heap dump: .hprof, .hprof.gz, .hprof.zst, or - for standard input
    pub(super) dump_file: PathBuf,
    /// Write an HTML report
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Write a JSON report
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write a Markdown summary
    #[arg(long, value_name = "FILE")]
    pub(super) markdown: Option<PathBuf>,
    /// Language [default: en; in the HTML report the browser's]
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<Lang>,
    /// Suspects to show, and rows in each table of the reports are in proportion
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(super) top: u16,
    /// Let the contents of strings into the reports
    #[arg(long)]
    pub(super) strings: bool,
    /// Apply the rules of FILE too (docs/rules.md); one with the id of a built-in rule replaces it
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Vec<PathBuf>,
    /// Put the time of this run into the HTML report (the same dump then no longer gives the same bytes)
    #[arg(long)]
    pub(super) timestamp: bool,
}

/// Rules.
#[derive(Debug, Clone, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    pub(super) command: RulesCommand,
}

/// What to do with rules.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum RulesCommand {
    /// The rules that would be applied
    List {
        /// Rules of FILE too
        #[arg(long, value_name = "FILE")]
        rules: Vec<PathBuf>,
        #[command(flatten)]
        writing: Writing,
    },
    /// Check a rule file, and tell how far each of its rules gets on a dump
    Test {
        /// The rule file
        rule_file: PathBuf,
        /// The heap dump to try it on
        dump_file: Option<PathBuf>,
        #[command(flatten)]
        writing: Writing,
    },
}

/// How classes and objects are looked at.
#[derive(Debug, Clone, Args)]
pub(super) struct Looking {
    #[command(flatten)]
    pub(super) writing: Writing,
    /// Rows of a table at most, 0 for all
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(super) limit: usize,
}

/// Search.
#[derive(Debug, Clone, Args)]
pub(super) struct Find {
    /// The heap dump
    pub(super) dump_file: PathBuf,
    /// A class name or a glob (com.acme.*, *Factory), /a regular expression/, or an address (0x7f00...)
    pub(super) pattern: String,
    #[command(flatten)]
    pub(super) looking: Looking,
}

/// One object.
#[derive(Debug, Clone, Args)]
pub(super) struct Show {
    /// The heap dump
    pub(super) dump_file: PathBuf,
    /// The object's address, as 0x7f00...
    #[arg(value_parser = address)]
    pub(super) address: u64,
    #[command(flatten)]
    pub(super) looking: Looking,
}

/// Paths to GC roots.
#[derive(Debug, Clone, Args)]
pub(super) struct Paths {
    /// The heap dump
    pub(super) dump_file: PathBuf,
    /// An address (0x7f00...) or a class
    pub(super) target: String,
    #[command(flatten)]
    pub(super) writing: Writing,
    /// Paths to show at most, 0 for all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) limit: usize,
}

/// The index.
#[derive(Debug, Clone, Args)]
pub(super) struct Index {
    /// The heap dump. The index is kept beside it, or where --index=DIR says
    pub(super) dump_file: PathBuf,
}

/// Growth.
#[derive(Debug, Clone, Args)]
pub(super) struct Diff {
    /// The oldest heap dump, or a JSON report of it
    pub(super) old: PathBuf,
    /// Newer ones, the newest last
    #[arg(required = true)]
    pub(super) new: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) writing: Writing,
    /// Write JSON too
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write Markdown too
    #[arg(long, value_name = "FILE")]
    pub(super) markdown: Option<PathBuf>,
    /// Write an HTML page
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Rows of a table at most, 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) limit: usize,
    /// Apply the rules of FILE too (docs/rules.md); one with the id of a built-in rule replaces it
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Vec<PathBuf>,
}

/// The gate.
#[derive(Debug, Clone, Args)]
pub(super) struct Check {
    /// Heap dumps, JSON reports, folders of dumps, or patterns (dumps/*.hprof)
    #[arg(required = true, value_name = "DUMP")]
    pub(super) dump_files: Vec<PathBuf>,
    /// Budgets (TOML) [default: no leak suspect over a tenth of the heap, no finding of severity error, no damage]
    #[arg(long, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
    /// Write a policy with room above what the first dump has now, to --policy or standard output
    #[arg(long)]
    pub(super) init: bool,
    /// An earlier JSON report to measure growth against; for several dumps a folder of them, named like the dumps
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Let the present reports be the baseline from now on
    #[arg(long)]
    pub(super) update_baseline: bool,
    /// Apply the rules of FILE too (docs/rules.md); one with the id of a built-in rule replaces it
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Vec<PathBuf>,
    /// Seconds that one dump may take
    #[arg(long, value_name = "SECONDS")]
    pub(super) timeout: Option<u64>,
    /// Write JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Write SARIF 2.1.0
    #[arg(long, value_name = "FILE")]
    pub(super) sarif: Option<PathBuf>,
    /// Write Markdown for the summary of a job
    #[arg(long, value_name = "FILE")]
    pub(super) markdown: Option<PathBuf>,
    /// Write JSON
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write CSV, a row for each budget
    #[arg(long, value_name = "FILE")]
    pub(super) csv: Option<PathBuf>,
    /// Write a code quality report for GitLab
    #[arg(long, value_name = "FILE")]
    pub(super) gitlab: Option<PathBuf>,
    /// Write Prometheus text
    #[arg(long, value_name = "FILE")]
    pub(super) prometheus: Option<PathBuf>,
    /// Print annotations for GitHub Actions, and add to the job's summary
    #[arg(long)]
    pub(super) github: bool,
    /// List budgets that are kept too
    #[arg(long)]
    pub(super) all: bool,
    /// Language
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(super) lang: Lang,
}

/// A report again.
#[derive(Debug, Clone, Args)]
pub(super) struct Render {
    /// What `oomph analyze --json` wrote
    pub(super) report_file: PathBuf,
    /// Write an HTML report
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Write a Markdown summary
    #[arg(long, value_name = "FILE")]
    pub(super) markdown: Option<PathBuf>,
    /// Language [default: en; in the HTML report the browser's]
    #[arg(long, value_name = "LANG")]
    pub(super) lang: Option<Lang>,
}

/// Lets `--index DIR` stand for `--index=DIR`. The word after `--index` is the folder if it is one; a dump never is.
pub(super) fn with_index_dir(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words = words.peekable();
    let mut joined = Vec::new();
    while let Some(mut word) = words.next() {
        if word == "--index"
            && let Some(dir) = words.next_if(|next| Path::new(next).is_dir())
        {
            word.push("=");
            word.push(dir);
        }
        let is_end = word == "--";
        joined.push(word);
        if is_end {
            joined.extend(words.by_ref());
        }
    }
    joined
}

/// A size in bytes: a number with an optional unit of 1024.
fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        "t" => 1 << 40,
        _ => return Err(format!("{unit:?} is no unit; use K, M, G or T")),
    };
    let number: f64 = number.parse().map_err(|_| "a size looks like 500M or 4G".to_owned())?;
    let bytes = number * factor as f64;
    if bytes < u64::MAX as f64 { Ok(bytes as u64) } else { Err("too large".to_owned()) }
}

/// The number of a dump in its file, from 1.
fn dump_number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|&number| number > 0);
    number.ok_or_else(|| "the dumps of a file are numbered from 1".to_owned())
}

/// An address in hexadecimal, with or without `0x`.
pub(super) fn address(text: &str) -> Result<u64, String> {
    let digits = text.trim().trim_start_matches("0x").trim_start_matches("0X");
    u64::from_str_radix(digits, 16).map_err(|_| format!("{text:?} is no address; one looks like 0x7f0012a8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_inspection_has_a_command() {
        let command = Cli::command();
        for inspection in crate::inspect::ALL {
            assert!(command.find_subcommand(inspection.id()).is_some(), "{}", inspection.id());
        }
    }

    #[test]
    fn the_word_after_index_is_a_folder_or_the_dump() {
        let joined = |line: &str| with_index_dir(line.split(' ').map(OsString::from)).join(" ".as_ref());
        assert_eq!(joined("oomph threads --index src a.hprof"), "oomph threads --index=src a.hprof");
        assert_eq!(joined("oomph threads --index a.hprof"), "oomph threads --index a.hprof");
        assert_eq!(joined("oomph threads a.hprof --index"), "oomph threads a.hprof --index");
        assert_eq!(joined("oomph find -- --index src"), "oomph find -- --index src");
        let parse = |line: &str| Cli::try_parse_from(with_index_dir(line.split(' ').map(OsString::from)));
        let index = |line: &str| parse(line).unwrap().global.index;
        assert_eq!(index("oomph threads --index a.hprof"), Some(None));
        assert_eq!(index("oomph threads a.hprof --index src"), Some(Some("src".into())));
        assert_eq!(index("oomph --index=new threads a.hprof"), Some(Some("new".into())));
        assert_eq!(index("oomph index a.hprof"), None);
    }

    #[test]
    fn sizes_and_addresses() {
        assert_eq!(size("500M"), Ok(500 << 20));
        assert_eq!(size("1.5GiB"), Ok(3 << 29));
        assert_eq!(size("42"), Ok(42));
        assert!(size("many").is_err() && size("3X").is_err());
        assert_eq!(address("0x7f00"), Ok(0x7f00));
        assert!(address("zoo").is_err());
    }
}
