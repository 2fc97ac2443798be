//! Collections of libraries that are as large as they were made: unmodifiable views of others, and immutable ones.
//!
//! What is persistent, as the collections of Scala, Clojure and Vavr are, does not belong here: a field of such a one is given the next one, which has one more.

use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

/// Libraries with views through which nothing can be added: the beginnings of their names, and the fields of them that refer to what they show. An immutable
/// collection may be one that shows a collection that nobody else has.
const VIEWS: [(&str, &[&str], &[&str]); 3] = [
    ("it.unimi.dsi.fastutil.", &["Unmodifiable"], &["function", "collection"]),
    ("org.apache.commons.collections", &["Unmodifiable"], &["map", "collection"]),
    (
        "org.eclipse.collections.impl.",
        &["Unmodifiable", "AbstractUnmodifiable", "Immutable"],
        &["delegate", "map", "collection"],
    ),
];

/// Packages and names of classes whose objects cannot be changed once they are made.
const IMMUTABLE: [(&str, &str); 1] = [("org.eclipse.collections.impl.", "Immutable")];

/// The collection that an unmodifiable view of a library shows.
pub(super) fn shown_by(snapshot: &Snapshot, view: ObjectIx) -> Option<ObjectIx> {
    let mut lineage = snapshot.classes().lineage(snapshot.class_of(view));
    let fields = lineage.find_map(|(_, class)| {
        let (_, begins, fields) = VIEWS.iter().find(|(package, ..)| class.name.starts_with(package))?;
        begins.iter().any(|begin| simple(&class.name).starts_with(begin)).then_some(fields)
    })?;
    fields.iter().find_map(|field| snapshot.follow(view, field))
}

/// Whether an object is a collection of a library that cannot be changed.
pub(super) fn is_immutable(snapshot: &Snapshot, object: ObjectIx) -> bool {
    let mut lineage = snapshot.classes().lineage(snapshot.class_of(object));
    lineage.any(|(_, class)| {
        let simple = simple(&class.name);
        IMMUTABLE.iter().any(|(package, begin)| class.name.starts_with(package) && simple.starts_with(begin))
    })
}

/// The name of a class without its package and the classes around it.
fn simple(class: &str) -> &str {
    class.rsplit(['.', '$']).next().unwrap_or(class)
}
