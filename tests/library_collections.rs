//! Collections of libraries, on a real dump with one of each whose contents a program has fixed (`hprof-fixtures/java/.../shelf/Shelf.java`).

use oomph::hprof::HeapRecord;
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::query::{
    CollectionKind, CollectionKinds, CollectionPart, collection_kind, collection_length, collection_measure,
    entries_of, values, visit_part,
};
use oomph::snapshot::{Options, Snapshot};
use std::collections::BTreeSet;
use std::path::Path;

const COUNT: u64 = 100;

/// Those whose elements stand in a way that is not read: only how many there are is told.
const ONLY_COUNTED: &[&str] = &[
    "clojure vector",
    "eclipse set",
    "fastutil tree map",
    "jctools queue of many, in chunks",
    "jctools queue of many, unbounded",
    "jctools queue of one, unbounded",
    "reactor queue",
    "rxjava queue",
    "spring map of references",
    "trove map of numbers",
];

#[test]
fn each_tells_how_many_elements_it_has_and_which() {
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps/shelf.hprof.zst");
    let shelf = Snapshot::open(&dump, &Options::default(), &Progress::silent()).expect("a good dump");
    let all = shelf.static_reference("com.acme.shelf.Shelf", "ALL").expect("the map of all");
    let all = entries_of(&shelf, all, usize::MAX);
    assert!(all.len() > 50, "{} collections", all.len());
    let kinds = CollectionKinds::new(&shelf);
    let mut wrong = Vec::new();
    for (name, collection) in all {
        let name = values::text(&shelf, name.expect("a name"), 100).expect("a name");
        let found = look_at(&shelf, &kinds, collection.expect("a collection"));
        let expected = Shelved::expected(&name);
        if found.as_ref() != Some(&expected) {
            wrong.push(format!("{name}: {found:?}, and not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is told of a collection.
#[derive(Debug, PartialEq)]
struct Shelved {
    kind: CollectionKind,
    length: u64,
    /// The texts of its keys, or of its elements if it is no map; how many there are that are no texts.
    keys: (BTreeSet<String>, usize),
    /// The texts of the values of a map.
    values: BTreeSet<String>,
}

impl Shelved {
    fn expected(name: &str) -> Self {
        let is_called = |kinds: &[&str]| name.split([' ', ',']).any(|word| kinds.contains(&word));
        let kind = match () {
            () if is_called(&["map", "trie", "table", "multimap"]) => CollectionKind::Map,
            () if is_called(&["set", "multiset"]) => CollectionKind::Set,
            () if is_called(&["queue"]) => CollectionKind::Queue,
            () => CollectionKind::List,
        };
        let length = if name.ends_with(" six") { 6 } else { COUNT };
        let texts = |begin: &str, count: u64| (0..count).map(|number| format!("{begin}-{number}")).collect();
        let is_counted = ONLY_COUNTED.contains(&name);
        let keys = match () {
            () if is_counted || name.contains(" by ") => (BTreeSet::new(), 0),
            () if name.ends_with(" same") => (BTreeSet::new(), COUNT as usize),
            () if name.ends_with(" ten") => (texts("key", 10), 0),
            () => (texts("key", length), 0),
        };
        // Those with several values for a key, and tables, have collections of them.
        let has_none = is_counted
            || kind != CollectionKind::Map
            || is_called(&["multimap", "table", "numbers", "lists"]);
        let values = if has_none { BTreeSet::new() } else { texts("value", length) };
        Self { kind, length, keys, values }
    }
}

fn look_at(shelf: &Snapshot, kinds: &CollectionKinds, collection: ObjectIx) -> Option<Shelved> {
    let kind = collection_kind(shelf, collection)?;
    let length = collection_length(shelf, collection)?;
    // The same by the two other ways in which it is asked for.
    if let HeapRecord::Instance { fields, .. } = shelf.record(collection) {
        let measure = kinds.measure(shelf, shelf.class_of(collection), collection, fields);
        assert_eq!(measure.length, Some(length), "{}", shelf.class_name(collection));
        assert!(measure.capacity.is_none_or(|capacity| capacity >= length));
    }
    let measure = collection_measure(shelf, collection);
    assert!(measure.is_none_or(|measure| measure.length == Some(length)));
    let texts = |part| {
        let (mut texts, mut others) = (BTreeSet::new(), 0);
        visit_part(shelf, collection, part, &mut |object| {
            match values::text(shelf, object, 100) {
                Some(text) => drop(texts.insert(text)),
                None => others += 1,
            }
            true
        });
        (texts, others)
    };
    if kind == CollectionKind::Map {
        let values = texts(CollectionPart::Values).0;
        Some(Shelved { kind, length, keys: texts(CollectionPart::Keys), values })
    } else {
        Some(Shelved { kind, length, keys: texts(CollectionPart::Values), values: BTreeSet::new() })
    }
}
