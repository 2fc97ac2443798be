//! Elements of several classes in one collection: what implements one interface, as the events that a channel carries.
//!
//! A dump does not say which interfaces a class implements, so that it is told by where they are: what is at the same place in the same collection is of one kind
//! to whoever reads it. Keys are at another place than values. Cost: none beside what the elements were counted for.

use super::Story;
use super::words::simple_name;
use crate::inspect::suspects::chunks;
use crate::inspect::suspects::elements::{self, Elements, counted_as};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{CollectionKind, Origin, collection_kind, origin_of};
use crate::report::{Arg, ELEMENTS_OF_CLASSES, Suspect, Text, figures};
use crate::snapshot::{Link, Snapshot};

/// Classes that are named; the others are counted together.
const NAMED: usize = 3;
/// A class counts if it has at least this part of the largest one's, and one is told if all others together have at least that part of it.
const PART: u64 = 20;
const TOLD: u64 = 10;

impl Story {
    /// Has the title of a suspect that is full of elements count all of them, where they are of several classes of the application's at the same place.
    pub(in crate::inspect::suspects) fn tell_classes_of_elements(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
    ) {
        const TITLES: [(&str, &str); 2] =
            [("suspect-title-many", "class"), ("suspect-title-with", "element")];
        let Some(main) = self.main_part().object() else { return };
        let Text::Message { id, args } = &mut suspect.title else { return };
        let Some((_, of_class)) = TITLES.iter().find(|(title, _)| id == title) else { return };
        let (Some(Arg::Name(class)), Some(Arg::Count(count))) = (args.get(*of_class), args.get("count"))
        else {
            return;
        };
        let (class, count) = (class.clone(), *count);
        let all = elements::elements(snapshot, main);
        let name = |class: ClassIx| simple_name(&snapshot.classes().get(class).name).into_owned();
        let is_own = |found: &&Elements| {
            let name = &snapshot.classes().get(found.class).name;
            origin_of(snapshot, found.class) == Origin::Application
                && !snapshot.classes().get(found.class).is_array()
                && counted_as(name).len() == name.len()
        };
        // What is in the chunks of a queue is none of its elements.
        let in_chunks = || {
            let chunks = elements::telling_elements(snapshot, &all, main)?;
            Some(chunks::payloads(snapshot, main, chunks))
        };
        let is_it = |found: &Elements| name(found.class) == class;
        let all = if all.iter().any(is_it) { all.clone() } else { in_chunks().unwrap_or_default() };
        let mut own = all.iter().filter(is_own);
        let Some(first) = own.clone().find(|found| is_it(found)) else { return };
        let Some(place) = place(snapshot, first.first) else { return };
        let number = |found: &Elements| found.count + self.elements_elsewhere(snapshot, found.class)[0];
        // Where the title counts more or less than was met, nobody knows how many there are of the others.
        let met = number(first);
        if !(met * 9..=met * 11).contains(&(count * 10)) {
            return;
        }
        let is_beside = |found: &&Elements| {
            found.class != first.class && self::place(snapshot, found.first).as_ref() == Some(&place)
        };
        let mut others: Vec<(u64, String)> = own
            .by_ref()
            .filter(is_beside)
            .map(|found| (number(found), name(found.class)))
            .filter(|(number, _)| number * PART >= count)
            .collect();
        let sum: u64 = others.iter().map(|(number, _)| number).sum();
        if sum * TOLD < count {
            return;
        }
        others.push((count, class));
        others.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut list: Vec<String> = others
            .iter()
            .take(NAMED)
            .map(|(number, class)| format!("{} {class}", figures::count(*number)))
            .collect();
        if others.len() > NAMED {
            list.push("…".to_owned());
        }
        let list = [("list", Arg::name(list.join(", ")))];
        args.insert((*of_class).into(), Arg::text(Text::with(ELEMENTS_OF_CLASSES, list)));
        args.insert("count".into(), Arg::Count(count + sum));
    }
}

/// Where an element is: the class whose field leads to it, or to the array that it is in, and that field. `None` where keys and values are in one array.
fn place(snapshot: &Snapshot, element: ObjectIx) -> Option<(ClassIx, String, bool)> {
    let tree = snapshot.dominators();
    let parent = tree.immediate_dominator(element).object()?;
    let is_in_array = snapshot.class(parent).is_array();
    let (owner, target) =
        if is_in_array { (tree.immediate_dominator(parent).object()?, parent) } else { (parent, element) };
    // Where what leads to the array is an array itself, its class says no less.
    if snapshot.class(owner).is_array() {
        return Some((snapshot.class_of(owner), String::new(), is_in_array));
    }
    let is_map = collection_kind(snapshot, owner) == Some(CollectionKind::Map);
    match snapshot.link(owner, target)? {
        Link::Field { class, name } if !(is_in_array && is_map) => {
            Some((class, name.to_owned(), is_in_array))
        }
        _ => None,
    }
}
