//! What class loaders are called.
//!
//! Cost: a few records per class loader, once.

use crate::ix::ObjectIx;
use crate::snapshot::{Class, Snapshot};
use hashbrown::HashMap;

/// Names of all loaders that have defined classes.
#[derive(Debug, Default)]
pub struct LoaderNames {
    by_loader: HashMap<ObjectIx, String>,
}

impl LoaderNames {
    /// The boot loader, which is no object.
    pub const BOOT: &'static str = "<boot>";
    /// A loader of which the dump holds no more than its address.
    pub const UNKNOWN: &'static str = "<unknown>";

    /// Names each loader by its class; where several are of one class, with the address.
    pub fn new(snapshot: &Snapshot) -> Self {
        let mut loaders: Vec<ObjectIx> =
            snapshot.classes().iter().filter_map(|(_, class)| class.loader.get()).collect();
        loaders.sort_unstable();
        loaders.dedup();
        let mut of_class: HashMap<&str, usize> = HashMap::new();
        for &loader in &loaders {
            *of_class.entry(snapshot.class_name(loader)).or_default() += 1;
        }
        let name = |&loader: &ObjectIx| {
            let class = snapshot.class_name(loader);
            let name = if of_class[class] == 1 {
                class.to_owned()
            } else {
                format!("{class}@{:#x}", snapshot.address_of(loader).0)
            };
            (loader, name)
        };
        Self { by_loader: loaders.iter().map(name).collect() }
    }

    /// The name of the loader of a class.
    pub fn of(&self, class: &Class) -> &str {
        match class.loader.get() {
            Some(loader) => self.by_loader.get(&loader).map_or(Self::UNKNOWN, String::as_str),
            None if class.loader_id.is_null() => Self::BOOT,
            None => Self::UNKNOWN,
        }
    }

    /// The loaders, in the order of the dump.
    pub fn iter(&self) -> impl Iterator<Item = (ObjectIx, &str)> {
        let mut all: Vec<_> = self.by_loader.iter().map(|(&loader, name)| (loader, name.as_str())).collect();
        all.sort_unstable();
        all.into_iter()
    }
}
