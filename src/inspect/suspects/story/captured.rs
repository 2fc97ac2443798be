//! Elements that keep what is around them: the object that an inner class was made in, what a lambda has captured.
//!
//! A summary of 32 bytes that is an inner class keeps the whole job that made it, and its class does not say so. Owns the way from an element to such a
//! field. Cost: a walk down to the first few elements, and a few steps down from each.

use super::Story;
use super::linked::next_of;
use super::subject::Subject;
use super::words::{General, simple_name};
use crate::hprof::ObjectId;
use crate::inspect::holders::path_step;
use crate::inspect::suspects::elements::counts_as;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, origin_of};
use crate::report::{Arg, PathStep, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};

/// Fewer are no crowd.
const CROWD: u64 = 16;
/// Elements that are looked at,
const LOOKED_AT: usize = 16;
/// and objects above them.
const MOST_ABOVE: usize = 1 << 16;
/// From an element to what has captured something.
const STEPS: usize = 4;
/// What is kept on average by each, in bytes: less is nothing that anybody would do without.
const LEAST: u64 = 256;

/// What to do with callbacks, without and with the condition that there are more and more of them.
const CALLBACKS: [&str; 2] = ["suspect-advice-callbacks", "suspect-advice-callbacks-if-it-grows"];

/// A field that the compiler has made, by which an object keeps nearly all of what it retains.
struct Captured {
    /// The class that has the field, and its name.
    class: ClassIx,
    field: String,
    inner: ObjectIx,
    target: ObjectIx,
}

impl Story {
    /// In how many places of its class's code the lambdas are made that it has so many of, if in several: they were counted as one.
    pub(super) fn places_of_lambdas(&self, snapshot: &Snapshot, subject: &Subject) -> Option<Text> {
        let elements = subject.elements.filter(|elements| elements.places > 1)?;
        let name = simple_name(&snapshot.classes().get(elements.class).name).into_owned();
        let host = name.split_once("$$Lambda").map_or("", |(host, _)| host).to_owned();
        let args = [
            ("count", Arg::Count(elements.count)),
            ("lambda", Arg::name(name)),
            ("places", Arg::Count(elements.places)),
            ("class", Arg::name(host)),
        ];
        Some(Text::with("suspect-lambdas-of-places", args))
    }

    /// Tells of elements that keep, by a field that stands in no source, what is nearly all of each.
    pub(super) fn tell_what_is_captured(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
        subject: &Subject,
    ) {
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.rule.is_none()
            && suspect.instances >= CROWD;
        if !is_asked {
            return;
        }
        let elements = self.some_elements(snapshot, subject.class);
        let captured: Vec<Captured> =
            elements.iter().filter_map(|&element| captured(snapshot, element)).collect();
        let Some(first) = captured.first() else { return };
        let kept = snapshot.class_of(first.target);
        let is_alike = |other: &&Captured| {
            counts_as(snapshot, other.class, first.class)
                && other.field == first.field
                && snapshot.class_of(other.target) == kept
        };
        let alike = captured.iter().filter(is_alike).count();
        let bytes: u64 = captured.iter().map(|one| snapshot.retained_bytes(one.target)).sum();
        let bytes = bytes / captured.len() as u64;
        if elements.len() < LOOKED_AT || alike * 10 < elements.len() * 9 || bytes < LEAST {
            return;
        }
        let name = |class: ClassIx| Arg::name(simple_name(&snapshot.classes().get(class).name).into_owned());
        let inner = snapshot.class_of(first.inner);
        let is_outer = is_outer(&first.field);
        let args = [
            ("class", name(subject.class)),
            ("inner", name(inner)),
            ("own", Arg::Bytes(snapshot.shallow_bytes(first.inner))),
            ("field", Arg::name(first.field.clone())),
            ("kept", name(kept)),
            ("size", Arg::Bytes(bytes)),
        ];
        let id = match (is_outer, counts_as(snapshot, inner, subject.class)) {
            (true, true) => "suspect-each-outer",
            (true, false) => "suspect-each-outer-within",
            (false, true) => "suspect-each-captured",
            (false, false) => "suspect-each-captured-within",
        };
        suspect.activity.insert(0, Text::with(id, args));
        let args = [("inner", name(inner)), ("kept", name(kept))];
        let is_this = is_outer || is_host(snapshot, inner, kept);
        let id = match (is_outer, is_this) {
            (true, _) => "suspect-advice-outer",
            (false, true) => "suspect-advice-captured-this",
            (false, false) => "suspect-advice-captured",
        };
        let is_lambda = snapshot.classes().get(inner).name.contains("$$Lambda");
        if is_lambda && !is_outer && inner == subject.class && suspect.title.is_message("suspect-title-many")
        {
            let args = [
                ("count", Arg::Count(suspect.instances)),
                ("kept", name(kept)),
                ("holder", suspect.holder.words()),
            ];
            suspect.title = Text::with("suspect-title-captured", args);
        }
        let advice = Text::with(id, args);
        // Where each waits to be run it may need all of it; a listener that is taken back keeps nothing, whatever it has captured.
        let waits = || suspect.backlog || is_queue(snapshot.class_name(self.held.object));
        let of_listeners = suspect.advice.iter().position(|text| text.is_message("suspect-advice-listeners"));
        let at = match of_listeners {
            Some(at) => at + 1,
            None if !is_this && waits() => suspect.advice.len(),
            None => 0,
        };
        // What others keep of an object that has handed out a method of its own.
        let is_of_another = suspect.holder.class.as_deref() != Some(&*snapshot.classes().get(kept).name);
        let general = General::of(&suspect.advice);
        let general = general.filter(|_| is_lambda && is_this && !is_outer && is_of_another && !waits());
        // What a registered listener is about is what it has captured, and goes when it is taken back.
        let is_listener_of_it = is_lambda && is_this && !is_outer && of_listeners.is_some();
        if is_listener_of_it {
            // Nothing but that is to be done.
        } else if let Some(general) = general {
            let args = vec![("holder", suspect.holder.words()), ("kept", name(kept))];
            general.replace_with(suspect, CALLBACKS, args);
            suspect.advice.push(advice);
        } else {
            suspect.advice.insert(at, advice);
        }
        lead_on(snapshot, &mut suspect.path, subject.class);
    }

    /// Some of the objects of a class in it, the outermost.
    fn some_elements(&self, snapshot: &Snapshot, class: ClassIx) -> Vec<ObjectIx> {
        let samples = self.main_part().samples();
        let is_one = |object: ObjectIx| counts_as(snapshot, snapshot.class_of(object), class);
        let mut found: Vec<ObjectIx> = samples.iter().copied().filter(|&sample| is_one(sample)).collect();
        let mut stack = vec![&self.owners[..]];
        for _ in 0..MOST_ABOVE {
            if found.len() >= LOOKED_AT {
                break;
            }
            let Some(object) = next_of(&mut stack) else { break };
            if is_one(object) {
                found.push(object);
            } else {
                stack.push(snapshot.dominators().children(object));
            }
        }
        found.truncate(LOOKED_AT);
        found
    }
}

/// What `object` keeps by such a field, itself or a few steps down where nearly all of it is.
fn captured(snapshot: &Snapshot, object: ObjectIx) -> Option<Captured> {
    let is_most = |part: ObjectIx| snapshot.retained_bytes(part) * 10 >= snapshot.retained_bytes(object) * 8;
    let mut inner = object;
    for _ in 0..STEPS {
        if let Some(found) = captured_by(snapshot, inner).filter(|found| is_most(found.target)) {
            return Some(found);
        }
        let children = snapshot.dominators().children(inner).iter().copied();
        let largest = children.max_by_key(|&child| (snapshot.retained_bytes(child), child))?;
        // What is in an array or a collection of it is one of many.
        if !is_most(largest) || snapshot.class(largest).is_array() {
            return None;
        }
        inner = largest;
    }
    None
}

/// The largest of what an object of the application's alone keeps by fields that the compiler has made.
fn captured_by(snapshot: &Snapshot, inner: ObjectIx) -> Option<Captured> {
    let tree = snapshot.dominators();
    let mut found: Option<Captured> = None;
    if origin_of(snapshot, snapshot.class_of(inner)) != Origin::Application {
        return None;
    }
    snapshot.links(inner, |link, target| {
        if let Link::Field { class, name } = link
            && (is_outer(name) || is_captured(name))
            && snapshot.mirrored_class(target).is_none()
            && tree.immediate_dominator(target).object() == Some(inner)
            && found
                .as_ref()
                .is_none_or(|known| snapshot.retained_bytes(known.target) < snapshot.retained_bytes(target))
        {
            found = Some(Captured { class, field: name.to_owned(), inner, target });
        }
        true
    });
    found
}

/// Whether a field of that name is the object that one of an inner class was made in: as Java and Kotlin call it, and as Scala does.
fn is_outer(field: &str) -> bool {
    field.strip_prefix("this$").is_some_and(|level| level.bytes().all(|c| c.is_ascii_digit()))
        || field == "$outer"
}

/// Whether a field of that name is a variable that was captured: by an anonymous class, a lambda, or one of Kotlin's.
fn is_captured(field: &str) -> bool {
    ["val$", "arg$", "$"].iter().any(|begin| field.starts_with(begin))
}

/// Whether a class without a name or a lambda was written in the class of what it keeps.
fn is_host(snapshot: &Snapshot, inner: ClassIx, kept: ClassIx) -> bool {
    let inner = &snapshot.classes().get(inner).name;
    let host = inner.split_once("$$Lambda").map_or("", |(host, _)| host);
    *snapshot.classes().get(kept).name == *host
}

/// Whether a class is a queue by its name.
fn is_queue(class: &str) -> bool {
    ["Queue", "Deque"].iter().any(|word| class.contains(word))
}

/// Leads a path that ends at an element on to what that keeps.
fn lead_on(snapshot: &Snapshot, path: &mut Vec<PathStep>, class: ClassIx) {
    let last = path.last().and_then(|last| snapshot.find(ObjectId(last.address)));
    let Some(last) = last.filter(|&last| snapshot.class_of(last) == class) else { return };
    let Some(captured) = captured_by(snapshot, last) else { return };
    if let Some(step) = path.last_mut() {
        step.field = Some(captured.field);
    }
    path.push(path_step(snapshot, captured.target, None));
}
