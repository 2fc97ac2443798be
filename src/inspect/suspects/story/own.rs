//! The application's own objects in what a library holds: whoever reads that an actor's cell or a server's table holds it all wants to know of what.
//!
//! Owns the choice of the class and of its field. Cost: a walk down the dominator tree as far as the first objects of the application's, for each suspect
//! that no field of its own holds.

use super::Story;
use super::linked::next_of;
use super::own_list::{along, link_of};
use super::subject::Subject;
use super::words::{self, General, simple_name};
use crate::inspect::holders::{Ownership, is_own_field};
use crate::inspect::suspects::elements::counts_as;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{CollectionPart, Origin, is_made_by_compiler, is_of_collections, origin_of, visit_part};
use crate::report::{Arg, Share, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashMap;
use std::cmp::Reverse;

/// What tells on which objects of the application's most of a suspect hangs.
pub(in crate::inspect::suspects) const OWN_BELOW: [&str; 2] = ["suspect-own", "suspect-own-field"];
/// What tells that each of these has many others, and that these are a list.
const OWN_ELEMENTS: &str = "suspect-own-elements";
const OWN_CHAINS: &str = "suspect-own-chains";
/// With so many in each it is not the number of those that have them which grows.
const IN_EACH: u64 = 64;
/// What hangs on objects of the application's in a library's is told if it is more than half of it.
const OVER_HALF: f64 = 0.5;
/// What hangs on the objects of a class counts if it is at least this part of it all.
const MOST: f64 = 0.6;
/// So many objects are a crowd,
const CROWD: u64 = 16;
/// and if each has so many others, these are what there is much of.
const EACH: u64 = 8;
/// Objects that are visited at most: where there are more above the application's own, these are no answer.
const MOST_VISITED: usize = 1 << 22;
/// Objects whose fields are looked at,
const LOOKED_AT: usize = 16;
/// and so many of those below them.
const MOST_BELOW: usize = 1 << 16;

/// Objects of a class of the application's, none of which lies below another of the application's.
#[derive(Default)]
struct Own {
    count: u64,
    bytes: u64,
    some: Vec<ObjectIx>,
}

impl Story {
    /// Takes in parts of the same things: so many bytes in all.
    pub(in crate::inspect::suspects) fn take_in<'s>(
        &mut self,
        parts: impl Iterator<Item = &'s Self>,
        bytes: u64,
    ) {
        self.owners.extend(parts.flat_map(|part| &part.owners));
        self.grow_to(bytes);
    }

    /// Tells on which objects of the application's most of it hangs; where each has a list of its own these are what it is about.
    pub(super) fn tell_own_below(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let Some(mut text) = self.own_below(snapshot, suspect) else { return };
        if let Text::Message { id, args } = &mut text
            && [OWN_CHAINS, OWN_ELEMENTS].contains(&&**id)
            && let (Some(Arg::Count(count)), Some(Arg::Name(class)), Some(Arg::Name(owner))) =
                (args.get("count"), args.get("class"), args.get("owner"))
            && (*count >= suspect.instances * IN_EACH || self.is_in_arrays_alone(snapshot, suspect))
        {
            let ids = if id == OWN_CHAINS {
                suspect.title = words::title(suspect.kind, class, *count, &suspect.holder);
                // The title says how many.
                "suspect-own-chains-of-title".clone_into(id);
                ["suspect-advice-own-lists", "suspect-advice-own-lists-if-it-grows"]
            } else {
                ["suspect-advice-each", "suspect-advice-each-if-it-grows"]
            };
            if let Some(general) = General::of(&suspect.advice) {
                let owner = ("class", Arg::name(simple_name(owner).into_owned()));
                general.replace_with(suspect, ids, vec![owner]);
            }
        }
        suspect.activity.push(text);
    }

    /// Whether nothing but arrays without gaps is between the holder's field and those in the title: a grid has as many cells as it was made with.
    fn is_in_arrays_alone(&self, snapshot: &Snapshot, suspect: &Suspect) -> bool {
        const DEEPEST: usize = 4;
        let is_full = |&object: &ObjectIx| {
            snapshot.class(object).is_array() && snapshot.elements(object).all(|id| !id.is_null())
        };
        let inside = |&object: &ObjectIx| {
            let first = snapshot.references().of(object).next();
            first.filter(|_| is_full(&object))
        };
        let held = self.held.object;
        let first = std::iter::successors(Some(held), inside).take(DEEPEST).last();
        is_full(&held) && first.is_some_and(|first| snapshot.class_name(first) == suspect.class)
    }

    /// On which objects of the application's most of it hangs, and on which of their fields, if the suspect's holder and title name none of its classes.
    pub(in crate::inspect::suspects) fn own_below(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
    ) -> Option<Text> {
        let of = |class| {
            origin_of(snapshot, class) == Origin::Application && !snapshot.classes().get(class).is_array()
        };
        let is_named = snapshot.classes().named(&suspect.class).iter().any(|&class| of(class));
        let is_told = is_own_field(&suspect.holder) || is_named;
        if suspect.kind != SuspectKind::Leak || (is_told && !(is_named && suspect.instances >= CROWD)) {
            return None;
        }
        let tree = snapshot.dominators();
        let mut by_class: HashMap<ClassIx, Own> = HashMap::new();
        // A lambda has been made for what it has captured: its class tells where it was made, and not what it keeps.
        let mut lambdas: HashMap<ClassIx, Own> = HashMap::new();
        let mut stack = vec![&self.owners[..]];
        for _ in 0..MOST_VISITED {
            let Some(object) = next_of(&mut stack) else { break };
            let class = snapshot.class_of(object);
            let is_lambda = snapshot.classes().get(class).name.contains("$$Lambda");
            if of(class) && snapshot.mirrored_class(object).is_none() {
                let own = if is_lambda { &mut lambdas } else { &mut by_class }.entry(class).or_default();
                own.add(snapshot, object);
                if !is_lambda {
                    continue;
                }
            }
            stack.push(tree.children(object));
        }
        let is_most = |own: &Own| own.bytes as f64 >= OVER_HALF * self.bytes as f64;
        let most = |by_class: HashMap<ClassIx, Own>| {
            let most = by_class.into_iter().max_by_key(|&(class, ref own)| (own.bytes, Reverse(class)));
            most.filter(|(_, own)| is_most(own))
        };
        let (class, own) = most(by_class).or_else(|| most(lambdas))?;
        if next_of(&mut stack).is_some() {
            return None;
        }
        let described = snapshot.classes().get(class);
        if is_told {
            // Each of those in the title has many others.
            let is_many = |share: &&Share| {
                let classes = snapshot.classes().named(&share.class);
                share.instances >= EACH * own.count
                    && classes.iter().any(|&other| other != class && of(other))
            };
            let many = suspect.composition.iter().find(is_many)?;
            let field = own.field(snapshot).filter(|_| *described.name == *suspect.class)?;
            if !own.is_full_of(snapshot, &field, &many.class, many.instances) {
                return None;
            }
            let args = [
                ("count", Arg::Count(many.instances)),
                ("class", Arg::name(&many.class)),
                ("field", Arg::name(&*field)),
                ("owner", Arg::name(&*described.name)),
            ];
            return Some(match own.next_in_chains(snapshot, &field, &many.class, many.instances) {
                Some(next) => {
                    let more = [
                        ("next", Arg::name(next)),
                        ("lists", Arg::Count(own.count)),
                        ("each", Arg::Count(many.instances / own.count)),
                    ];
                    Text::with(OWN_CHAINS, args.into_iter().chain(more))
                }
                None => Text::with(OWN_ELEMENTS, args),
            });
        }
        // A rule may have named it.
        let simple = described.name.rsplit('.').next().unwrap_or_default();
        if names(&suspect.title, simple) {
            return None;
        }
        let name = Arg::name(&*described.name);
        let args = [("count", Arg::Count(own.count)), ("class", name)];
        match own.field(snapshot) {
            Some(field) => {
                Some(Text::with("suspect-own-field", args.into_iter().chain([("field", Arg::name(field))])))
            }
            None => Some(Text::with("suspect-own", args)),
        }
    }

    /// What nearly all of each element of the application's hangs on, if that is one object of a library's in one field: a cell of a page keeps the page, and
    /// with it whoever has read it.
    pub(super) fn leads_to_in_each(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
        subject: &Subject,
    ) -> Option<Text> {
        /// Less is nothing that anybody would keep a part of instead.
        const LEAST_BYTES: u64 = 8 << 10;
        const NEARLY_ALL: f64 = 0.9;
        const STEPS: usize = 3;
        let is_one = |object: ObjectIx| {
            let class = snapshot.class(object);
            origin_of(snapshot, snapshot.class_of(object)) == Origin::Library
                && !class.is_array()
                && !is_of_collections(&class.name)
        };
        let elements = subject.elements.filter(|elements| {
            suspect.kind == SuspectKind::Leak
                && elements.class == subject.class
                && elements.count >= CROWD
                && elements.bytes >= elements.count * LEAST_BYTES
                && origin_of(snapshot, elements.class) == Origin::Application
        })?;
        let mut own = Own::default();
        visit_part(snapshot, self.held.object, CollectionPart::Values, &mut |element| {
            if counts_as(snapshot, snapshot.class_of(element), elements.class) {
                own.some.push(element);
            }
            own.some.len() < LOOKED_AT
        });
        let field = own.field(snapshot)?;
        let mut targets = Vec::new();
        for &object in &own.some {
            each_field(snapshot, object, |name, target| targets.extend((name == field).then_some(target)));
        }
        let first = *targets.first()?;
        let is_alike = |&target: &ObjectIx| snapshot.class_of(target) == snapshot.class_of(first);
        let bytes: u64 = targets.iter().map(|&target| snapshot.retained_bytes(target)).sum();
        let share = bytes as f64 / own.bytes_of_some(snapshot) as f64;
        if targets.len() < own.some.len()
            || share < NEARLY_ALL
            || !is_one(first)
            || !targets.iter().all(is_alike)
        {
            return None;
        }
        // Down to what most of it is.
        let whole = snapshot.retained_bytes(first);
        let below = |&object: &ObjectIx| {
            let children = snapshot.dominators().children(object).iter().copied();
            let largest = children.max_by_key(|&child| (snapshot.retained_bytes(child), child))?;
            (is_one(largest) && snapshot.retained_bytes(largest) * 2 >= whole).then_some(largest)
        };
        let mut way: Vec<_> = std::iter::successors(Some(first), below)
            .take(STEPS)
            .map(|object| simple_name(snapshot.class_name(object)).into_owned())
            .collect();
        way.dedup();
        let args = [
            ("class", Arg::name(simple_name(&snapshot.classes().get(elements.class).name).into_owned())),
            ("field", Arg::name(field)),
            ("share", Arg::Share(share)),
            ("way", Arg::name(way.join(" → "))),
        ];
        Some(Text::with("suspect-each-leads-to", args))
    }

    /// The field of the application's by which each of many objects is in what a library keeps: its lambda in a table of handlers, its object in a queue.
    pub(super) fn own_field_of_each(&self, ownership: &Ownership<'_>, suspect: &Suspect) -> Option<Text> {
        let snapshot = ownership.snapshot();
        let samples = self.main_part().samples();
        let is_of_them = samples.first().is_some_and(|&sample| snapshot.class_name(sample) == suspect.class);
        if self.held.kind != SuspectKind::Leak || !is_of_them || is_own_field(&suspect.holder) {
            return None;
        }
        let samples = samples.iter().take(LOOKED_AT);
        let mut fields = samples.map(|&sample| ownership.of(sample, 0).map(|held| held.holder));
        let first = fields.next()?.filter(is_own_field)?;
        fields
            .all(|field| field.is_some_and(|field| field.label() == first.label()))
            .then(|| Text::with("suspect-own-each", [("holder", first.words())]))
    }
}

impl Own {
    fn add(&mut self, snapshot: &Snapshot, object: ObjectIx) {
        self.count += 1;
        self.bytes += snapshot.retained_bytes(object);
        if self.some.len() < LOOKED_AT {
            self.some.push(object);
        }
    }

    /// The field of its own that keeps most of what all of those that are looked at retain.
    fn field(&self, snapshot: &Snapshot) -> Option<String> {
        let mut bytes_by_field: HashMap<String, u64> = HashMap::new();
        for &object in &self.some {
            each_field(snapshot, object, |field, target| {
                *bytes_by_field.entry(field.to_owned()).or_default() += snapshot.retained_bytes(target);
            });
        }
        let (field, bytes) = bytes_by_field.into_iter().max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)))?;
        (bytes as f64 >= MOST * self.bytes_of_some(snapshot) as f64).then_some(field)
    }

    /// Whether most of what those that are looked at retain are objects of a class that their field leads to, and there are about as many of these in it as in
    /// all of them together, `count`.
    fn is_full_of(&self, snapshot: &Snapshot, field: &str, class: &str, count: u64) -> bool {
        let (mut found, mut bytes) = (0u64, 0u64);
        let mut targets = Vec::new();
        for &object in &self.some {
            each_field(snapshot, object, |name, target| targets.extend((name == field).then_some(target)));
        }
        let tree = snapshot.dominators();
        let (mut stack, mut outermost) = (vec![&targets[..]], Vec::new());
        for _ in 0..MOST_BELOW {
            let Some(object) = next_of(&mut stack) else { break };
            if snapshot.class_name(object) == class {
                outermost.push(object);
                bytes += snapshot.retained_bytes(object);
            } else {
                stack.push(tree.children(object));
            }
        }
        // Of a chain each retains the next one.
        let mut stack = vec![&outermost[..]];
        for _ in 0..MOST_BELOW {
            let Some(object) = next_of(&mut stack) else { break };
            found += u64::from(snapshot.class_name(object) == class);
            stack.push(tree.children(object));
        }
        // Those that are looked at have more or fewer than the others.
        let expected = count as f64 * self.some.len() as f64 / self.count as f64;
        bytes as f64 >= MOST * self.bytes_of_some(snapshot) as f64 && found as f64 >= MOST * expected
    }

    /// The field by which one leads to the next, where that field of each leads to the first one of a list of objects of that class, and these are as many as
    /// there are in all of them together, `count`.
    fn next_in_chains(&self, snapshot: &Snapshot, field: &str, class: &str, count: u64) -> Option<String> {
        const MOST_STEPS: u64 = 1 << 20;
        let heads = self.some.iter().filter_map(|&object| snapshot.follow(object, field));
        let heads: Vec<ObjectIx> = heads.filter(|&head| snapshot.class_name(head) == class).collect();
        let next = heads.iter().find_map(|&head| link_of(snapshot, head))?;
        let mut left = MOST_STEPS;
        let found: u64 = heads
            .iter()
            .map(|&head| along(snapshot, head, next, &mut left).map(|(count, _)| count))
            .sum::<Option<u64>>()?;
        let expected = count as f64 * self.some.len() as f64 / self.count as f64;
        (found as f64 >= MOST * expected).then(|| next.to_owned())
    }

    fn bytes_of_some(&self, snapshot: &Snapshot) -> u64 {
        self.some.iter().map(|&object| snapshot.retained_bytes(object)).sum()
    }
}

/// The fields of an object that lead to what it alone retains.
fn each_field(snapshot: &Snapshot, object: ObjectIx, mut see: impl FnMut(&str, ObjectIx)) {
    snapshot.links(object, |link, target| {
        if let Link::Field { class, name } = link
            && !is_made_by_compiler(&snapshot.classes().get(class).name, name)
            && snapshot.dominators().immediate_dominator(target).object() == Some(object)
        {
            see(name, target);
        }
        true
    });
}

/// Whether a text has a word among its arguments.
fn names(text: &Text, word: &str) -> bool {
    let Text::Message { args, .. } = text else { return false };
    args.values().any(|arg| match arg {
        Arg::Name(name) => name.contains(word),
        Arg::Text(text) => names(text, word),
        _ => false,
    })
}
