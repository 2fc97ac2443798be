//! Whose code a class of a heap is: by its name, by who loaded it, and by where it was loaded from.
//!
//! No list of packages knows all libraries. Where the dump tells that the application's own classes lie in a directory (or in
//! `BOOT-INF/classes`, `WEB-INF/classes`, or beside the main class), classes from other archives that share no package with them are a
//! library's. The places come from `ProtectionDomain.codesource.location`. Cost: worked out once, a record per class.

pub use crate::origin::{
    Origin, is_called_a_collection, is_collection_library, is_made_by_compiler, is_of_collections,
    library_of, origin_of_name,
};

use super::values;
use crate::hprof::{HeapRecord, ObjectId};
use crate::ix::ClassIx;
use crate::snapshot::{Class, Heap};
use hashbrown::{HashMap, HashSet};

/// Whose code a class is. Code that the boot loader has loaded is the JDK's, whatever its name.
pub fn origin_of(heap: &Heap, class: ClassIx) -> Origin {
    heap.code_origins(work_out)[class.index()]
}

/// The same of the class of that name, by its name alone if the dump has none.
pub fn origin_of_named(heap: &Heap, name: &str) -> Origin {
    heap.classes().named(name).first().map_or_else(|| origin_of_name(name), |&class| origin_of(heap, class))
}

/// Where a class was loaded from: `file:/srv/app/lib/h2-2.2.jar`. `None` for classes of the JDK, arrays, and where the dump does not say.
pub fn loaded_from(heap: &Heap, class: ClassIx) -> Option<String> {
    let domain = protection_domain(heap, heap.classes().get(class))?;
    location(heap, domain)
}

fn protection_domain(heap: &Heap, class: &Class) -> Option<ObjectId> {
    let HeapRecord::Class(dump) = heap.record(class.mirror.get()?) else { return None };
    Some(dump.protection_domain).filter(|domain| !domain.is_null())
}

fn location(heap: &Heap, domain: ObjectId) -> Option<String> {
    /// UTF-16 units of a path.
    const LIMIT: usize = 4096;
    let url = heap.follow_all(heap.find(domain)?, &["codesource", "location"])?;
    values::text(heap, url, LIMIT)
}

fn by_name(class: &Class) -> Origin {
    let origin = origin_of_name(&class.name);
    // Agents and `-Xbootclasspath/a` put libraries there too, but no application's own code.
    if origin == Origin::Application && class.loader_id.is_null() && class.described && !class.is_array() {
        let default_package = !class.name.contains('.');
        return if default_package { Origin::Application } else { Origin::Library };
    }
    origin
}

/// What an application is written in, as far as one class loader sees it.
#[derive(Default)]
struct Own<'h> {
    /// The first two parts of the packages of classes that are the application's own.
    packages: HashSet<&'h str>,
    /// Archives that hold such classes: everything in them is taken for the application's.
    archives: HashSet<usize>,
}

fn work_out(heap: &Heap) -> Box<[Origin]> {
    let classes = heap.classes();
    let mut origins: Vec<Origin> = classes.iter().map(|(_, class)| by_name(class)).collect();
    let unknown = || {
        let named = classes.iter().zip(&origins).filter(|(_, origin)| **origin == Origin::Application);
        named.map(|(class, _)| class).filter(|(_, class)| !class.is_array())
    };
    let mut places = Places::default();
    let found: Vec<(ClassIx, &Class, Place)> =
        unknown().map(|(ix, class)| (ix, class, places.of(heap, class))).collect();
    let command = heap.system_properties().into_iter().find(|(key, _)| key == "sun.java.command");
    let main = command.as_ref().and_then(|(_, command)| command.split_whitespace().next());
    let mut own: HashMap<ObjectId, Own<'_>> = HashMap::new();
    for (_, class, place) in &found {
        if *place == Place::Own || Some(&*class.name) == main {
            let own = own.entry(class.loader_id).or_default();
            own.packages.insert(first_packages(&class.name));
        }
    }
    for (_, class, place) in &found {
        if let (Some(own), Place::Archive(archive)) = (own.get_mut(&class.loader_id), place)
            && own.packages.contains(first_packages(&class.name))
        {
            own.archives.insert(*archive);
        }
    }
    for (ix, class, place) in found {
        if let (Some(own), Place::Archive(archive)) = (own.get(&class.loader_id), place)
            && !own.archives.contains(&archive)
        {
            origins[ix.index()] = Origin::Library;
        }
    }
    for at in generated(heap, &origins) {
        origins[at.index()] = Origin::Library;
    }
    for (array, class) in classes.iter().filter(|(_, class)| class.is_array()) {
        if let Some(element) = classes.named(class.name.trim_end_matches("[]")).first() {
            origins[array.index()] = origins[element.index()];
        }
    }
    origins.into_boxed_slice()
}

/// Classes that a library has made for itself, of no known package: a class loader of its own has defined them, from nowhere or from where the loader itself
/// comes from, and they are called as nobody calls a class. Their fields stand in no source that anybody could change.
fn generated(heap: &Heap, origins: &[Origin]) -> Vec<ClassIx> {
    let is_by_library = |class: &Class| {
        let loader = class.loader.get();
        loader.is_some_and(|loader| origins[heap.class_of(loader).index()] == Origin::Library)
    };
    let is_from_nowhere = |class: &Class| {
        let domain = protection_domain(heap, class);
        let of_loader = || class.loader.get().and_then(|loader| protection_domain(heap, heap.class(loader)));
        domain.is_none_or(|domain| location(heap, domain).is_none() || of_loader() == Some(domain))
    };
    let is_it = |(at, class): &(ClassIx, &Class)| {
        origins[at.index()] == Origin::Application
            && !class.is_array()
            && is_name_of_generated(&class.name)
            && is_by_library(class)
            && is_from_nowhere(class)
    };
    heap.classes().iter().filter(is_it).map(|(at, _)| at).collect()
}

/// Whether a name has a hash in it, or is in a package for what is generated.
fn is_name_of_generated(name: &str) -> bool {
    /// So many hexadecimal digits are no word.
    const HASH: usize = 12;
    let is_no_word = |part: &str| {
        part.len() >= HASH
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    name.starts_with("generated.")
        || name.contains(".generated.")
        || name.split(['.', '_', '$']).any(is_no_word)
}

/// `com.acme` of `com.acme.shop.Order`.
fn first_packages(class: &str) -> &str {
    let package = class.rfind('.').map_or("", |dot| &class[..dot]);
    let second = package.match_indices('.').nth(1);
    second.map_or(package, |(dot, _)| &package[..dot])
}

/// Where a class lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Among what was compiled with the application.
    Own,
    /// In an archive, by its number.
    Archive(usize),
    /// The dump does not say, or it is neither.
    Unknown,
}

/// Places by protection domain, and the numbers of archives.
#[derive(Default)]
struct Places {
    domains: HashMap<ObjectId, Place>,
    archives: HashMap<String, usize>,
}

impl Places {
    fn of(&mut self, heap: &Heap, class: &Class) -> Place {
        let Some(domain) = protection_domain(heap, class) else { return Place::Unknown };
        if let Some(&place) = self.domains.get(&domain) {
            return place;
        }
        let place = location(heap, domain).map_or(Place::Unknown, |location| self.read(location));
        self.domains.insert(domain, place);
        place
    }

    fn read(&mut self, location: String) -> Place {
        if ["BOOT-INF/classes", "WEB-INF/classes"].iter().any(|own| location.contains(own)) {
            Place::Own
        } else if location.contains(".jar") {
            let next = self.archives.len();
            Place::Archive(*self.archives.entry(location).or_insert(next))
        } else if location.starts_with("file:") && location.ends_with('/') {
            Place::Own
        } else {
            Place::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_packages_tell_whose_it_is() {
        let shown = ["com.acme.shop.Order", "com.acme.Order", "shop.Order", "Order"].map(first_packages);
        assert_eq!(shown, ["com.acme", "com.acme", "shop", ""]);
    }

    #[test]
    fn a_hash_in_a_name_tells_that_nobody_wrote_it() {
        let shown = [
            "generated.StatementFields",
            "rules.Rule_a6f48e9445ab65454581458a1f45914f2e382cb5_vwap",
            "com.acme.Order",
            "com.acme.Order$1",
            "com.acme.Deadbeef_202511291200",
        ];
        assert_eq!(shown.map(is_name_of_generated), [true, true, false, false, true]);
    }

    #[test]
    fn reads_places_as_class_loaders_write_them() {
        let mut places = Places::default();
        let mut read = |location: &str| places.read(location.to_owned());
        assert_eq!(read("file:/srv/app/classes/"), Place::Own);
        assert_eq!(read("jar:nested:/srv/app.jar/!BOOT-INF/classes/!/"), Place::Own);
        assert_eq!(read("file:/srv/tomcat/webapps/shop/WEB-INF/classes/"), Place::Own);
        assert_eq!(read("jar:file:/srv/app.jar!/BOOT-INF/lib/h2.jar!/"), Place::Archive(0));
        assert_eq!(read("file:/srv/lib/acme.jar"), Place::Archive(1));
        assert_eq!(read("jar:file:/srv/app.jar!/BOOT-INF/lib/h2.jar!/"), Place::Archive(0));
        assert_eq!(read("jrt:/com.acme.shop"), Place::Unknown);
    }
}
