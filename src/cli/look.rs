//! Looking around in a dump: `find`, `show`, `paths`.

use super::args::{Find, Paths, Show, address};
use super::failure::Failure;
use super::inspect::write;
use super::open::Session;
use crate::hprof::ObjectId;
use crate::inspect::{ClassPattern, Context, Options, find_section, paths_section, show_section};
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

fn options(limit: usize, strings: bool) -> Options {
    Options { limit, class_limit: 0, strings, ..Options::default() }
}

fn object(snapshot: &Snapshot, address: u64) -> Result<ObjectIx, Failure> {
    let found = snapshot.find(ObjectId(address));
    found.ok_or_else(|| {
        Failure::new(format!("no object begins at {address:#x} in {}", snapshot.origin().file))
    })
}

fn pattern(text: &str) -> Result<ClassPattern, Failure> {
    ClassPattern::parse(text).map_err(Failure::new)
}

pub(super) fn find(session: &Session, args: &Find) -> Result<(), Failure> {
    if args.pattern.starts_with("0x") {
        let address = address(&args.pattern).map_err(Failure::new)?;
        let snapshot = session.open(&args.dump_file)?;
        let object = object(&snapshot, address)?;
        let section = show_section(&Context::new(&snapshot, options(args.limit, args.strings)), object);
        return write(session, &section, &args.writing);
    }
    let pattern = pattern(&args.pattern)?;
    let snapshot = session.open(&args.dump_file)?;
    let section = find_section(&Context::new(&snapshot, options(args.limit, args.strings)), &pattern);
    write(session, &section, &args.writing)
}

pub(super) fn show(session: &Session, args: &Show) -> Result<(), Failure> {
    let snapshot = session.open(&args.dump_file)?;
    let object = object(&snapshot, args.address)?;
    let section = show_section(&Context::new(&snapshot, options(args.limit, args.strings)), object);
    write(session, &section, &args.writing)
}

pub(super) fn paths(session: &Session, args: &Paths) -> Result<(), Failure> {
    let by_address = args.target.starts_with("0x");
    let pattern = if by_address { None } else { Some(pattern(&args.target)?) };
    let snapshot = session.open(&args.dump_file)?;
    let context = Context::new(&snapshot, options(args.limit, false));
    let targets: Vec<ObjectIx> = match &pattern {
        None => vec![object(&snapshot, address(&args.target).map_err(Failure::new)?)?],
        Some(pattern) => {
            let objects = pattern.objects(&snapshot);
            if objects.is_empty() {
                return Err(Failure::new(format!(
                    "no object of a class like {} in {}",
                    args.target,
                    snapshot.origin().file
                )));
            }
            objects
        }
    };
    let section = paths_section(&context, &targets)?;
    write(session, &section, &args.writing)
}
