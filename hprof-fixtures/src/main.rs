//! `hprof-fixtures generate`: writes a dump of any size for benchmarks.

use clap::{Parser, Subcommand, ValueEnum};
use hprof_fixtures::generate::{Giant, Options, ShapeKind, generate};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Synthetic HPROF dumps.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a dump of any size, the same for the same arguments.
    Generate {
        /// What the heap looks like.
        #[arg(long, value_enum)]
        shape: ShapeName,
        /// Number of objects, about; `1e8` is allowed.
        #[arg(long, value_parser = count)]
        objects: u64,
        /// Other seeds give other heaps of the same kind.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
        /// One HEAP_DUMP record with a length of 0 or modulo 4 GiB, as old JDKs wrote, in place of segments.
        #[arg(long, value_enum)]
        giant_record: Option<GiantLength>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum ShapeName {
    /// Maps of customers with orders, texts, lists and boxes: like a real service.
    Shop,
    /// The shop under ZGC: addresses at 4 TB, file order unlike address order.
    Zgc,
    /// A singly linked list.
    Chain,
    /// One array that refers to everything.
    Star,
    /// Groups of 512 objects, half of which refer to each of the other half.
    Bipartite,
    /// One class for each object.
    Classes,
    /// Class loaders with one class each.
    Loaders,
    /// Each object is a root.
    Roots,
    /// A tree a fifth as deep as it is large.
    DeepTree,
    /// A random acyclic graph.
    WideDag,
}

#[derive(Clone, Copy, ValueEnum)]
enum GiantLength {
    Zero,
    Overflowed,
}

fn main() -> ExitCode {
    let Command::Generate { shape, objects, seed, out, giant_record } = Arguments::parse().command;
    let options = Options { shape: shape_kind(shape), objects, seed, giant: giant_record.map(giant) };
    let result = File::create(&out).and_then(|file| generate(&options, &mut BufWriter::new(file)));
    let written = result.and_then(|summary| writeln!(io::stdout(), "{}: {summary}", out.display()));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}: {error}", out.display());
            ExitCode::from(2)
        }
    }
}

const fn shape_kind(shape: ShapeName) -> ShapeKind {
    match shape {
        ShapeName::Shop => ShapeKind::Shop,
        ShapeName::Zgc => ShapeKind::Zgc,
        ShapeName::Chain => ShapeKind::Chain,
        ShapeName::Star => ShapeKind::Star,
        ShapeName::Bipartite => ShapeKind::Bipartite,
        ShapeName::Classes => ShapeKind::Classes,
        ShapeName::Loaders => ShapeKind::Loaders,
        ShapeName::Roots => ShapeKind::Roots,
        ShapeName::DeepTree => ShapeKind::DeepTree,
        ShapeName::WideDag => ShapeKind::WideDag,
    }
}

const fn giant(length: GiantLength) -> Giant {
    match length {
        GiantLength::Zero => Giant::Zero,
        GiantLength::Overflowed => Giant::Overflowed,
    }
}

/// `26500000`, `26_500_000` or `2.65e7`.
fn count(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    if let Ok(number) = digits.parse() {
        return Ok(number);
    }
    match digits.parse::<f64>() {
        Ok(number) if (1.0..1e15).contains(&number) => Ok(number as u64),
        _ => Err("a positive number such as 26500000 or 2.65e7".to_owned()),
    }
}
