//! Which texts stand in the code.
//!
//! HotSpot keeps the string constants that a class has used so far in an array, which dumps since Java 9 show as a static field. Such a text was written
//! by a programmer, so that a report may repeat it; any other one may be somebody's data. Cost: a look at these arrays, some ten thousand elements.

use crate::hprof::HeapRecord;
use crate::ix::ObjectIx;
use crate::snapshot::Snapshot;

/// The name of the field by which HotSpot shows the constants of a class.
pub const RESOLVED: &str = "<resolved_references>";

/// Whether the string `text` is a constant that the code of a class has used. Of a dump that does not show constants no text is one.
pub fn is_literal(snapshot: &Snapshot, text: ObjectIx) -> bool {
    let address = snapshot.address_of(text);
    let mut constants = snapshot.classes().iter().filter_map(|(_, class)| {
        let constants = snapshot.find(class.static_value(RESOLVED)?.reference()?)?;
        matches!(snapshot.record(constants), HeapRecord::ObjectArray { .. }).then_some(constants)
    });
    constants.any(|constants| snapshot.elements(constants).any(|id| id == address))
}
