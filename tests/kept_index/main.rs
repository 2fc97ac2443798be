//! The kept index: what is opened from it is what is built, and one that does not serve is never believed.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

mod broken;
mod command;
mod equal;

use oomph::inspect::{Context, Options as InspectOptions, paths_section, report, show_section};
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::render::json;
use oomph::render::text::Language;
use oomph::snapshot::{KeptIndex, Options, Rejection, Reopened, Snapshot};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A folder with a dump in it.
struct Dump {
    dir: tempfile::TempDir,
    path: PathBuf,
}

impl Dump {
    fn new(bytes: &[u8]) -> Self {
        Self::named("heap.hprof", bytes)
    }

    fn named(name: &str, bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self { dir, path }
    }

    /// The names of all files in the folder.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn build(&self, options: &Options) -> Snapshot {
        Snapshot::open(&self.path, options, &Progress::silent()).unwrap()
    }

    fn place(&self, options: &Options) -> KeptIndex {
        KeptIndex::new(&self.path, None, options).unwrap()
    }

    fn reopen(&self, options: &Options) -> Reopened {
        self.place(options).open(options, &Progress::silent()).unwrap()
    }

    /// Builds and keeps; returns the snapshot and where the index is.
    fn keep(&self, options: &Options) -> (Snapshot, PathBuf) {
        let place = self.place(options);
        let snapshot = self.build(options);
        let bytes = place.save(&snapshot).unwrap();
        assert_eq!(std::fs::metadata(place.path()).unwrap().len(), bytes);
        (snapshot, place.path().to_owned())
    }
}

fn snapshot(reopened: Reopened) -> Snapshot {
    match reopened {
        Reopened::Snapshot(snapshot) => *snapshot,
        Reopened::Absent => panic!("there is no index"),
        Reopened::Rejected(why) => panic!("the index is rejected: {why}"),
    }
}

fn rejection(reopened: Reopened) -> Rejection {
    match reopened {
        Reopened::Rejected(why) => why,
        other => panic!("not rejected: {other:?}"),
    }
}

/// All that a snapshot says of every object and of itself.
fn answers(snapshot: &Snapshot) -> String {
    let mut text = format!(
        "{:?} {:?} {:?}\n{:?}\n{:?} {:?}\n{:?} {:?}\n",
        snapshot.origin(),
        snapshot.encoding(),
        snapshot.damage(),
        snapshot.layout(),
        snapshot.roots(),
        snapshot.threads(),
        snapshot.soft_slots(),
        snapshot.final_slots(),
    );
    for (_, class) in snapshot.classes().iter() {
        writeln!(text, "{class:?} {:?}", snapshot.classes().named(&class.name)).unwrap();
    }
    for object in snapshot.objects() {
        let address = snapshot.address_of(object);
        writeln!(
            text,
            "{address:?} {:?} {:?} {:?} {:?} {} {} {:?} {:?} {:?} {:?} {:?}",
            snapshot.find(address),
            snapshot.class_of(object),
            snapshot.mirrored_class(object),
            snapshot.array_length(object),
            snapshot.shallow_bytes(object),
            snapshot.retained_bytes(object),
            snapshot.dominators().immediate_dominator(object),
            snapshot.dominators().children(object),
            snapshot.graph().successors(object).collect::<Vec<_>>(),
            snapshot.references().slots(object),
            snapshot.roots_of(object),
        )
        .unwrap();
    }
    let referrers = snapshot.referrers().unwrap();
    snapshot.objects().for_each(|object| {
        writeln!(text, "{:?}", referrers.of(object).collect::<Vec<_>>()).unwrap();
    });
    text
}

/// The full report, each inspection alone, paths to some objects and what is shown of them, all as JSON.
fn reports(snapshot: &Snapshot) -> Vec<(&'static str, String)> {
    let options = || {
        let mut options = InspectOptions::default();
        (options.limit, options.strings) = (0, true);
        options
    };
    let context = Context::new(snapshot, InspectOptions::default());
    let whole = report(&context, |_| true).unwrap();
    let mut reports = vec![("report", serde_json::to_string(&json::report(&whole, Language::En)).unwrap())];
    let write = |section: &_| serde_json::to_string(&json::section(section, Language::En)).unwrap();
    for id in ["histogram", "dominators", "threads", "unreachable", "references", "classloaders"] {
        let outcome = oomph::inspect::find(id).unwrap().run(&Context::new(snapshot, options())).unwrap();
        reports.push((id, write(&outcome.section)));
    }
    let count = snapshot.object_count();
    let some: Vec<ObjectIx> = (0..count).step_by(count / 20 + 1).map(ObjectIx::from_usize).collect();
    let context = Context::new(snapshot, options());
    reports.push(("paths", write(&paths_section(&context, &some).unwrap())));
    for object in some {
        reports.push(("show", write(&show_section(&context, object))));
    }
    reports
}

fn assert_same_reports(one: &Snapshot, other: &Snapshot, what: &str) {
    for ((name, one), (_, other)) in reports(one).into_iter().zip(reports(other)) {
        if one != other {
            let at = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            let around =
                |text: &str| String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..]).into_owned();
            let (one, other) = (around(&one), around(&other));
            panic!("{what}: {name} differs\n{:.300}\n{:.300}", one, other);
        }
    }
}

/// Keeps an index and compares all that it says with what was built.
fn assert_equal_when_reopened(bytes: &[u8], options: &Options, what: &str) {
    let dump = Dump::new(bytes);
    let (built, _) = dump.keep(options);
    let reopened = snapshot(dump.reopen(options));
    let (built, reopened) = (answers(&built), answers(&reopened));
    let different = built.lines().zip(reopened.lines()).find(|(built, reopened)| built != reopened);
    assert!(different.is_none(), "{what}: {different:#?}");
    assert_eq!(built.len(), reopened.len(), "{what}");
}

/// The small real dumps.
fn real_dumps() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps");
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut dumps: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().contains(".hprof.")).collect();
    dumps.sort();
    assert!(dumps.len() >= 6, "{dumps:?}");
    dumps
}
