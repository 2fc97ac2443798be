//! Variables of Clojure: what its programs have instead of static fields.
//!
//! Owns how such a variable is told and what it is called. Knows nothing of paths. Cost: a few fields of one object.

use crate::ix::ObjectIx;
use crate::report::{Holder, HolderKind};
use crate::snapshot::Snapshot;

/// The class and field by which a `clojure.lang.Var` keeps its value.
pub(super) fn is_value_of_var(declaring: &str, field: &str) -> bool {
    (declaring, field) == ("clojure.lang.Var", "root")
}

/// `(def sessions ...)` in the namespace `shop.core`, as a static field `shop.core.sessions`. `None` for variables of Clojure itself and
/// such without a name.
pub(super) fn holder_of(snapshot: &Snapshot, var: ObjectIx) -> Option<Holder> {
    let name = |symbol| snapshot.text_field(symbol, "name").filter(|name| !name.is_empty());
    let namespace = name(snapshot.follow_all(var, &["ns", "name"])?)?;
    let symbol = name(snapshot.follow(var, "sym")?)?;
    let is_own = namespace == "clojure" || namespace.starts_with("clojure.");
    (!is_own).then(|| Holder::of_field(HolderKind::StaticField, &namespace, &symbol))
}
