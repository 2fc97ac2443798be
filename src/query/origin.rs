//! Whose code a class of a heap is: by its name, and by who loaded it.

pub use crate::origin::{Origin, is_made_by_compiler, origin_of_name};

use crate::ix::ClassIx;
use crate::snapshot::Heap;

/// Whose code a class is. Code that the boot loader has loaded is the JDK's, whatever its name.
pub fn origin_of(heap: &Heap, class: ClassIx) -> Origin {
    let class = heap.classes().get(class);
    let origin = origin_of_name(&class.name);
    // Agents and `-Xbootclasspath/a` put libraries there too, but no application's own code.
    if origin == Origin::Application && class.loader_id.is_null() && class.described && !class.is_array() {
        let default_package = !class.name.contains('.');
        return if default_package { Origin::Application } else { Origin::Library };
    }
    origin
}
