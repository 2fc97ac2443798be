//! Over how many it is spread: the threads that have a value of a thread-local, the objects with the field that is the holder, the keys of a map of lists.
//!
//! A path leads to one of them and shows what that one has; beside the sum of all that says nothing unless it is told how many there are. Only what was counted is
//! said: nothing where a part of it is elsewhere. Cost: the entries of the thread-locals of threads that are called alike, a few steps up from each place, or the
//! entries of one map.

use super::entry::{ENTRY, words_of};
use super::states;
use super::subject::Subject;
use super::words::{General, simple_name};
use super::{Part, Story};
use crate::hprof::ObjectId;
use crate::inspect::Context;
use crate::inspect::suspects::elements::counts_as;
use crate::ix::ObjectIx;
use crate::query::{
    CollectionKind, CollectionPart, Origin, collection_kind, collection_length, elements_of, entries_of,
    instances_of, origin_of_name, visit_part,
};
use crate::report::{Arg, HolderKind, Pattern, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};

/// What tells over how many keys it is spread, and over how many objects in the collection.
const UNDER_KEYS: [&str; 3] = ["suspect-under-keys", "suspect-under-keys-shown", "suspect-under-numbers"];
const IN_EACH: [&str; 2] = ["suspect-in-each", "suspect-in-each-several"];

/// Entries of a map that are looked at: of a larger one nothing is said.
const MOST_ENTRIES: u64 = 1 << 20;

impl Story {
    /// Over how many it is spread, where the holder or the title does not say it.
    pub(super) fn spread(&self, context: &Context<'_>, suspect: &Suspect, subject: &Subject) -> Option<Text> {
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && self.crowd.is_none()
            && self.own_threads.is_empty()
            && self.copies.is_none()
            && self.shared.is_none()
            && !suspect.title.is_message("suspect-title-threads-of-executors")
            // That nearly all of it is under one key says more than how many there are.
            && !suspect.activity.iter().any(|text| text.is_one_of(&ENTRY));
        if !is_asked {
            return None;
        }
        match suspect.holder.kind {
            // That there is one for each thread is said.
            HolderKind::ThreadLocal if suspect.is_alike_in_threads() => None,
            HolderKind::ThreadLocal => self.over_threads(context.snapshot),
            HolderKind::InstanceField | HolderKind::StaticField => {
                let of_objects = self.over_objects(context.snapshot, suspect);
                of_objects
                    .or_else(|| self.over_keys(context, suspect, subject))
                    .or_else(|| self.in_each(context.snapshot, suspect, subject))
                    .or_else(|| self.in_entries(context.snapshot, suspect, subject))
            }
            _ => None,
        }
    }

    /// Tells over how many it is spread, and to bound what is in each of these where they are not what grows.
    pub(super) fn tell_spread(&self, context: &Context<'_>, suspect: &mut Suspect, subject: &Subject) {
        /// With fewer in each it may be the keys that are too many.
        const EACH: u64 = 64;
        let Some(spread) = self.spread(context, suspect, subject) else { return };
        let number = |name: &str| match &spread {
            Text::Message { args, .. } => args.get(name).cloned(),
            _ => None,
        };
        let are_full = match number("keys").or_else(|| number("count")) {
            Some(Arg::Count(places)) => suspect.instances >= places * EACH,
            _ => false,
        };
        let ids = if spread.is_one_of(&UNDER_KEYS) && are_full {
            Some(["suspect-advice-under-keys", "suspect-advice-under-keys-if-it-grows"])
        } else if spread.is_one_of(&IN_EACH) && are_full {
            Some(["suspect-advice-in-each", "suspect-advice-in-each-if-it-grows"])
        } else {
            None
        };
        if let Some((ids, general)) = ids.zip(General::of(&suspect.advice)) {
            let mut args = vec![("holder", suspect.holder.words())];
            args.extend(["class", "field"].into_iter().filter_map(|name| Some((name, number(name)?))));
            general.replace_with(suspect, ids, args);
        }
        // That they are done with comes first.
        let at = suspect.activity.iter().take_while(|text| states::is_done_with(text)).count();
        suspect.activity.insert(at, spread);
        let shared: u64 = self.among.iter().map(|&object| context.snapshot.retained_bytes(object)).sum();
        if shared * 100 >= self.bytes {
            let size = [("size", Arg::Bytes(shared))];
            suspect.activity.insert(at + 1, Text::with("suspect-shared-among", size));
        }
    }

    /// How many objects have the field that holds it, how much each, and where all of these are.
    fn over_objects(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<Text> {
        /// From a place of it up, and from an element: of a tree or a chain.
        const MOST_STEPS: usize = 8;
        const MOST_LINKS: usize = 1 << 10;
        /// Who has less than this part of the largest has next to nothing.
        const PART: u64 = 64;
        let class = suspect.holder.class.as_deref()?;
        // How many of all objects of the class it is says more.
        let is_told = suspect.activity.iter().any(|text| text.is_message("suspect-few-of-many"));
        let is_one = self.owners.len() == 1 || suspect.instances == self.owners.len() as u64;
        if is_told || is_one || suspect.holder.kind != HolderKind::InstanceField {
            return None;
        }
        let tree = snapshot.dominators();
        let declaring = |place: ObjectIx, most_steps: usize| {
            let mut above = tree.dominators(place).take(most_steps);
            above.find(|&above| snapshot.classes().is_named(snapshot.class_of(above), class))
        };
        // What a method has in hand besides is not retained by the object, but it is in its field.
        let bytes = |&object: &ObjectIx| {
            let inside = suspect.holder.field.as_deref().and_then(|field| snapshot.follow(object, field));
            let inside = inside.map_or(0, |inside| snapshot.retained_bytes(inside));
            snapshot.retained_bytes(object).max(inside)
        };
        // All objects like that one; the sizes tell whether they have all of it.
        let alike = |first: ObjectIx| -> Option<Vec<ObjectIx>> {
            let alike = instances_of(snapshot, &[snapshot.class_of(first)]).ok()?;
            let most = alike.iter().map(bytes).max()?;
            Some(alike.into_iter().filter(|object| bytes(object).saturating_mul(PART) >= most).collect())
        };
        let mut objects: Vec<ObjectIx> = if self.owners.is_empty() {
            // Of what was found by its class alone some elements are known; all objects like the ones that these lie in are counted.
            let samples = self.parts.iter().flat_map(Part::samples).copied();
            let mut places = [self.held.object].into_iter().chain(samples);
            alike(places.find_map(|place| declaring(place, MOST_LINKS))?)?
        } else {
            self.owners.iter().map(|&owner| declaring(owner, MOST_STEPS)).collect::<Option<_>>()?
        };
        objects.sort_unstable();
        objects.dedup();
        if objects.len() < 2 {
            return None;
        }
        // What is spread over smaller pieces in one of them was found by the class of these: the number is of all that have it.
        let rest = |objects: &[ObjectIx]| self.bytes.abs_diff(objects.iter().map(bytes).sum());
        if let Some(all) = alike(objects[0]).filter(|all| rest(all) < rest(&objects)) {
            objects = all;
        }
        let mut sizes: Vec<u64> = objects.iter().map(bytes).collect();
        // What a method has in hand of the only one that does not retain it all is what the others have not.
        let in_hand = |at: &usize| snapshot.retained_bytes(objects[*at]) < sizes[*at];
        let missing = self.bytes.saturating_sub(sizes.iter().sum());
        let mut at_work = (0..objects.len()).filter(in_hand);
        if let (Some(only), None) = (at_work.next(), at_work.next()) {
            sizes[only] += missing;
        }
        let args = [
            ("count", Arg::Count(objects.len() as u64)),
            ("class", Arg::name(simple_name(class))),
            ("sizes", self.sizes(&sizes)?),
        ];
        Some(match self.field_with_all(snapshot, &objects) {
            Some(place) => {
                Text::with("suspect-in-objects-of", args.into_iter().chain([("place", Arg::name(place))]))
            }
            None => Text::with("suspect-in-objects", args),
        })
    }

    /// The nearest field on the path, not the JDK's, by which alone all these objects are reached.
    fn field_with_all(&self, snapshot: &Snapshot, objects: &[ObjectIx]) -> Option<String> {
        let tree = snapshot.dominators();
        let address = |&object: &ObjectIx| snapshot.address_of(object).0;
        let addresses: Vec<u64> = objects.iter().map(address).collect();
        let at = self.held.path.iter().position(|step| addresses.contains(&step.address))?;
        let has_all = |target: ObjectIx| objects.iter().all(|&object| tree.dominates(target, object));
        self.held.path[..=at].windows(2).rev().find_map(|steps| {
            let field = steps[0].field.as_deref().filter(|field| !field.starts_with('['))?;
            let target = snapshot.find(ObjectId(steps[1].address))?;
            let is_own = origin_of_name(&steps[0].class) != Origin::Jdk;
            (is_own && has_all(target)).then(|| format!("{}.{field}", steps[0].class))
        })
    }

    /// Under how many keys of the map that holds it the objects are, where the map keeps several in a collection under each, and how many under the one with most.
    fn over_keys(&self, context: &Context<'_>, suspect: &Suspect, subject: &Subject) -> Option<Text> {
        const TIMES: u64 = 2;
        let snapshot = context.snapshot;
        let map = self.held.object;
        let is_map = collection_kind(snapshot, map) == Some(CollectionKind::Map);
        let keys = collection_length(snapshot, map).filter(|&keys| (2..=MOST_ENTRIES).contains(&keys))?;
        let is_several = subject.pattern == Pattern::Collection && suspect.instances >= keys * TIMES;
        if !is_map || !is_several || suspect.rule.is_some() {
            return None;
        }
        let (mut sum, mut most) = (0, (0, None));
        for (key, value) in entries_of(snapshot, map, usize::MAX) {
            let value = value?;
            let inside = collection_kind(snapshot, value)?;
            let length = collection_length(snapshot, value)?;
            let first = match inside {
                CollectionKind::Map => {
                    entries_of(snapshot, value, 1).into_iter().next().and_then(|(_, value)| value)
                }
                _ => elements_of(snapshot, value, 1).into_iter().next(),
            };
            // What else is in the collections is nothing that was counted.
            if first.is_some_and(|first| !counts_as(snapshot, snapshot.class_of(first), subject.class)) {
                return None;
            }
            sum += length;
            if length > most.0 {
                most = (length, key);
            }
        }
        // Those that two keys lead to were counted once.
        if sum.abs_diff(suspect.instances) * 20 > suspect.instances {
            return None;
        }
        let Some(key) = most.1 else {
            // Numbers that are no objects.
            let args = [("keys", Arg::Count(keys)), ("most", Arg::Count(most.0))];
            return Some(Text::with("suspect-under-numbers", args));
        };
        let args = [
            ("keys", Arg::Count(keys)),
            ("class", Arg::name(simple_name(snapshot.class_name(key)).into_owned())),
            ("most", Arg::Count(most.0)),
        ];
        // A constant is a name of the code.
        let is_constant = snapshot.classes().is_named(snapshot.class_of(key), "java.lang.Enum");
        let is_shown = is_constant || snapshot.string_units(key).is_some();
        Some(match words_of(context, key).filter(|_| is_shown) {
            Some(words) => {
                Text::with("suspect-under-keys-shown", args.into_iter().chain([("key", Arg::name(words))]))
            }
            None => Text::with("suspect-under-keys", args),
        })
    }

    /// In which field of the objects in the collection that holds it they are, where these are few and have many of them each: more is put into the field, as
    /// into the listeners of a channel, and not into the collection.
    fn in_each(&self, snapshot: &Snapshot, suspect: &Suspect, subject: &Subject) -> Option<Text> {
        /// Fewer are told in other words.
        const FEW: u64 = 8;
        const EACH: u64 = 8;
        const MOST: u64 = 1 << 16;
        let collection = self.held.object;
        let length = collection_length(snapshot, collection)
            .or_else(|| snapshot.array_length(collection).map(u64::from))
            .filter(|length| (FEW..=MOST).contains(length))?;
        if subject.pattern != Pattern::Collection
            || suspect.rule.is_some()
            || suspect.instances < length * EACH
        {
            return None;
        }
        let on_path = suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
        let below: Vec<ObjectIx> = on_path.skip_while(|&object| object != collection).skip(1).collect();
        let is_own = |object: ObjectIx| {
            let class = snapshot.class(object);
            origin_of_name(&class.name) == Origin::Application
                && !class.is_array()
                && !class.name.contains("$$Lambda")
        };
        let pair = below.windows(2).find(|pair| is_own(pair[0]))?;
        let class = snapshot.class_of(pair[0]);
        let Some(Link::Field { name, .. }) = snapshot.link(pair[0], pair[1]) else { return None };
        let count = snapshot.class_counts()[class.index()].instances;
        if counts_as(snapshot, class, subject.class) || count.abs_diff(length) * 20 > length {
            return None;
        }
        let entries = |object: ObjectIx| {
            let inside = snapshot.follow(object, name)?;
            if snapshot.class(inside).is_array() {
                return Some(snapshot.elements(inside).filter(|id| !id.is_null()).count() as u64);
            }
            collection_length(snapshot, inside)
        };
        let all = instances_of(snapshot, &[class]).ok()?;
        let reachable = all.into_iter().filter(|&object| snapshot.dominators().is_reachable(object));
        let places: u64 = reachable.filter_map(entries).sum();
        if places * 10 < suspect.instances * 9 {
            return None;
        }
        let args = [
            ("count", Arg::Count(count)),
            ("class", Arg::name(simple_name(&snapshot.classes().get(class).name).into_owned())),
            ("field", Arg::name(name)),
            ("places", Arg::Count(places)),
        ];
        let is_in_several = places >= suspect.instances * 2;
        Some(Text::with(if is_in_several { IN_EACH[1] } else { IN_EACH[0] }, args))
    }

    /// How many entries the map has that holds it, where the title counts something else: what is under the keys is no collection that could be counted.
    fn in_entries(&self, snapshot: &Snapshot, suspect: &Suspect, subject: &Subject) -> Option<Text> {
        /// Fewer are no reason.
        const FEW: u64 = 16;
        const LOOKED_AT: usize = 1000;
        let map = self.held.object;
        let is_map = collection_kind(snapshot, map) == Some(CollectionKind::Map);
        if !is_map || subject.pattern != Pattern::Collection || suspect.rule.is_some() {
            return None;
        }
        let length = collection_length(snapshot, map).filter(|&length| length >= FEW)?;
        if length.abs_diff(suspect.instances) * 20 <= suspect.instances {
            return None;
        }
        let mut keys = Vec::new();
        visit_part(snapshot, map, CollectionPart::Keys, &mut |key| {
            keys.push(snapshot.class_of(key));
            keys.len() < LOOKED_AT
        });
        let class = *keys.first().filter(|class| keys.iter().all(|key| key == *class))?;
        let class = simple_name(&snapshot.classes().get(class).name).into_owned();
        let args = [("entries", Arg::Count(length)), ("class", Arg::name(class))];
        Some(Text::with("suspect-in-entries", args))
    }

    /// The least and the most of these sizes, or about how much each is; nothing if they are not what it consists of.
    pub(super) fn sizes(&self, sizes: &[u64]) -> Option<Arg> {
        self.are_all(sizes).then(|| size_of_each(sizes)).flatten()
    }

    /// Whether these sizes are what it consists of.
    pub(super) fn are_all(&self, sizes: &[u64]) -> bool {
        const PART: u64 = 10;
        let sum: u64 = sizes.iter().sum();
        sum * PART >= self.bytes * 8 && self.bytes * PART >= sum * 8
    }
}

/// The least and the most of these sizes, or about how much each is.
pub(super) fn size_of_each(sizes: &[u64]) -> Option<Arg> {
    const PART: u64 = 10;
    let (&least, &most) = sizes.iter().min().zip(sizes.iter().max())?;
    let sum: u64 = sizes.iter().sum();
    let range = [("least", Arg::Bytes(least)), ("most", Arg::Bytes(most))];
    Some(Arg::text(if (most - least) * PART <= most {
        Text::with("size-about", [("size", Arg::Bytes(sum / sizes.len() as u64))])
    } else {
        Text::with("size-range", range)
    }))
}
