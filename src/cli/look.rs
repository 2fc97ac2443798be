//! Looking around in a dump: `find`, `show`, `paths`.

use super::args::{Find, Looking, Paths, Show, address};
use super::failure::Failure;
use super::inspect::write;
use super::open::Session;
use crate::hprof::ObjectId;
use crate::inspect::{ClassPattern, Context, Options, find_section, paths_section, show_section};
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

fn options(limit: usize) -> Options {
    Options { limit, class_limit: 0, ..Options::default() }
}

fn show_object(
    session: &Session,
    snapshot: &Snapshot,
    address: u64,
    looking: &Looking,
) -> Result<(), Failure> {
    let object = object(snapshot, address)?;
    let context = Context::new(snapshot, options(looking.limit));
    write(session, &show_section(&context, object), &looking.writing)
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
    let looking = &args.looking;
    if args.pattern.starts_with("0x") {
        let address = address(&args.pattern).map_err(Failure::new)?;
        return show_object(session, &session.open_to_look(&args.dump_file)?, address, looking);
    }
    let pattern = pattern(&args.pattern)?;
    let snapshot = session.open_to_look(&args.dump_file)?;
    let context = Context::new(&snapshot, options(looking.limit));
    write(session, &find_section(&context, &pattern), &looking.writing)
}

pub(super) fn show(session: &Session, args: &Show) -> Result<(), Failure> {
    show_object(session, &session.open_to_look(&args.dump_file)?, args.address, &args.looking)
}

pub(super) fn paths(session: &Session, args: &Paths) -> Result<(), Failure> {
    let by_address = args.target.starts_with("0x");
    let pattern = if by_address { None } else { Some(pattern(&args.target)?) };
    let snapshot = session.open_to_look(&args.dump_file)?;
    let context = Context::new(&snapshot, options(args.limit));
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
