//! What classes, loaders and packages retain, against the definition: the sum over those instances above which the dominator tree has no
//! other instance of the same group.

use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::snapshot::{Options, Snapshot};
use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;

/// By the definition, an object at a time.
fn by_definition<G: Eq + Hash>(
    snapshot: &Snapshot,
    group_of: impl Fn(ObjectIx) -> Option<G>,
) -> HashMap<G, u64> {
    let mut retained: HashMap<G, u64> = HashMap::new();
    for object in snapshot.objects().filter(|&object| snapshot.is_reachable(object)) {
        let Some(group) = group_of(object) else { continue };
        let mut above = snapshot.dominators().dominators(object).filter(|&above| above != object);
        let is_top = !above.any(|above| group_of(above).as_ref() == Some(&group));
        *retained.entry(group).or_default() += if is_top { snapshot.retained_bytes(object) } else { 0 };
    }
    retained
}

#[test]
fn groups_retain_what_the_definition_says() {
    // A server with several loaders; an export whose rows hang below one thread; chains of 20,000 nodes would take too long here.
    for dump in ["healthy-spring-tomcat.hprof.zst", "mq-kept.hprof.gz", "xssf-oom.hprof.zst"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps").join(dump);
        let snapshot = Snapshot::open(&file, &Options::default(), &Progress::silent()).unwrap();
        let found = snapshot.group_retained();

        let by_class = by_definition(&snapshot, |object| Some(snapshot.class_of(object)));
        assert!(by_class.len() > 500, "{dump} has few classes");
        for (class, bytes) in by_class {
            assert_eq!(found.of_class(class), bytes, "{dump}: {}", snapshot.classes().get(class).name);
        }
        let by_loader = by_definition(&snapshot, |object| Some(snapshot.class(object).loader.get()));
        assert!(by_loader.len() > 2, "{dump} has few loaders");
        for (loader, bytes) in by_loader {
            assert_eq!(found.of_loader(loader), bytes, "{dump}: {loader:?}");
        }
        let by_package = by_definition(&snapshot, |object| Some(snapshot.class(object).package()));
        for (package, bytes) in by_package {
            assert_eq!(found.of_package(package), bytes, "{dump}: {package}");
        }
    }
}
