//! How a suspect is put into words: title, evidence, confidence, advice, fingerprint.

use super::fitting::is_fitted;
use super::listeners;
use super::stale::is_map_of_threads;
use super::subject::Subject;
use super::{Part, Story};
use crate::inspect::suspects::elements::{is_collection, is_plumbing};
use crate::inspect::suspects::shared::Shared;
use crate::ix::ObjectIx;
use crate::query::{
    CollectionKind, Origin, collection_kind, collection_length, origin_of_name, origin_of_named,
};
use crate::report::{
    Arg, COMPARE, COMPARE_EMPTIED, COMPARE_QUEUE, Confidence, Fingerprint, Holder, HolderKind, HolderShare,
    OF_SEVERAL, Pattern, SHARED, Share, Suspect, SuspectKind, Text, normalise_class,
};
use crate::snapshot::Snapshot;
use std::borrow::Cow;

impl Story {
    /// Says of a call that keeps many things of the application's in a list that it need not keep them all.
    pub(super) fn advise_on_rows(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        const MANY: u64 = 1000;
        let is_asked = suspect.kind == SuspectKind::Load
            && suspect.pattern == Pattern::Collection
            && suspect.instances >= MANY
            && collection_kind(snapshot, self.held.object) == Some(CollectionKind::List)
            && origin_of_named(snapshot, &suspect.class) == Origin::Application;
        let ids = [
            ("suspect-advice-load", "suspect-advice-load-rows"),
            ("suspect-advice-load-until", "suspect-advice-load-rows-until"),
        ];
        for text in suspect.advice.iter_mut().filter(|_| is_asked) {
            if let Text::Message { id, args } = text
                && let Some((_, of_rows)) = ids.iter().find(|(general, _)| general == id)
            {
                (*of_rows).clone_into(id);
                args.insert("class".into(), Arg::name(simple_name(&suspect.class)));
            }
        }
    }

    /// The title that names all who hold it, and what it is full of, if it is one object.
    pub(super) fn shared_title(&self, class: &str, instances: u64, contents: Option<&Share>) -> Option<Text> {
        let [two, several, two_with, several_with] = OF_SEVERAL;
        let shared = self.shared.as_ref().filter(|shared| shared.others_to_name > 0)?;
        let [first, second, ..] = &shared.holders[..] else { return None };
        let args = [
            ("class", Arg::name(simple_name(class))),
            ("count", Arg::Count(instances)),
            ("first", first.holder.words()),
            ("second", second.holder.words()),
            ("rest", Arg::Count((shared.others_to_name as u64).saturating_sub(1))),
        ];
        let is_two = shared.others_to_name == 1;
        Some(match contents {
            Some(contents) => {
                let of_contents = [
                    ("count", Arg::Count(contents.instances)),
                    ("element", Arg::name(simple_name(&contents.class))),
                ];
                let id = if is_two { two_with } else { several_with };
                Text::with(id, args.into_iter().chain(of_contents))
            }
            None => Text::with(if is_two { two } else { several }, args),
        })
    }

    /// What to do where several hold it: of one collection that all of them refer to it is enough to take out what is in it. Nobody can have the fields of a
    /// library own it or refer to it weakly.
    pub(super) fn advice_of_several(&self, snapshot: &Snapshot) -> Option<Text> {
        let [each, same_collection] = SHARED;
        let shared = self.shared.as_ref()?;
        let is_of_library = |share: &HolderShare| {
            share.holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Library)
        };
        // An object that works for several others is no element that one of these could remove.
        let is_beside_work = || {
            let is_part = |&(referrer, _): &(ObjectIx, ObjectIx)| is_plumbing(snapshot, referrer);
            let is_whole = shared.entries.iter().all(|&(_, target)| target == self.held.object);
            is_whole
                && !snapshot.class(self.held.object).is_array()
                && !is_collection(snapshot, self.held.object)
                && !shared.entries.iter().any(is_part)
        };
        if shared.holders.iter().all(is_of_library) || !shared.entries.is_empty() && is_beside_work() {
            return None;
        }
        let collection = self.held.object;
        let is_same = !shared.entries.is_empty()
            && shared.entries.iter().all(|&(_, target)| target == collection)
            && collection_length(snapshot, collection).is_some();
        Some(if is_same {
            let class = simple_name(snapshot.class_name(collection));
            Text::with(same_collection, [("class", Arg::name(class))])
        } else {
            Text::message(each)
        })
    }

    /// Who holds it together, if what each of them frees is known, and what all of them do.
    pub(super) fn exactly_shared(&self) -> Option<&Shared> {
        self.shared.as_ref().filter(|shared| shared.is_exact)
    }

    pub(super) fn confidence(&self) -> Confidence {
        match self.main_part() {
            _ if self.alone => Confidence::Exact,
            _ if self.exactly_shared().is_some_and(|all| all.together_bytes * 10 >= self.bytes * 8) => {
                let is_in_hand = self.shared.as_ref().is_some_and(|all| all.calls.is_some());
                if is_in_hand { Confidence::Likely } else { Confidence::Exact }
            }
            Part::Object { .. } => Confidence::Likely,
            // Where threads stand is not told by the objects that were looked at.
            _ if self.crowd.is_some() => Confidence::Likely,
            Part::Group { agreeing, samples, .. } if agreeing * 10 >= samples * 8 => Confidence::Likely,
            Part::Group { .. } => Confidence::Estimated,
        }
    }

    /// Says that calls have in hand what others hold, so that it is not freed before they end.
    pub(super) fn calls_besides(&self) -> Option<Text> {
        let calls = self.shared.as_ref()?.calls.as_ref()?;
        let first = calls.found.first()?;
        Some(Text::with("suspect-calls-besides", [("call", first.words())]))
    }

    pub(super) fn evidence(&self, subject: &Subject) -> Vec<Text> {
        if let Some(crowd) = &self.crowd {
            return vec![Text::with("suspect-evidence-threads", [("count", Arg::Count(crowd.count))])];
        }
        let mut evidence = Vec::new();
        if self.alone {
            let id = if self.is_at_work { "suspect-evidence-at-work" } else { "suspect-evidence-alone" };
            evidence.push(Text::with(id, [("size", Arg::Bytes(self.bytes))]));
        }
        if self.is_referred_to {
            evidence.push(Text::message("suspect-evidence-referred"));
        }
        if self.is_kept_by_element {
            evidence.push(Text::message("suspect-evidence-by-element"));
        }
        if let Some(shared) = self.exactly_shared() {
            let args = [
                ("count", Arg::Count(shared.holders.len() as u64)),
                ("size", Arg::Bytes(shared.together_bytes)),
                ("alone", Arg::Bytes(shared.holders.first().map_or(0, |first| first.alone_bytes))),
            ];
            evidence.push(Text::with("suspect-evidence-shared", args));
        }
        if let Some(elements) = subject.elements {
            let args = [("count", Arg::Count(elements.count)), ("size", Arg::Bytes(elements.bytes))];
            evidence.push(Text::with("suspect-evidence-elements", args));
        }
        if let Part::Group { agreeing, samples, .. } = self.main_part() {
            let args = [("agreeing", Arg::Count(*agreeing)), ("samples", Arg::Count(*samples))];
            evidence.push(Text::with("suspect-evidence-group", args));
        }
        let kind = if self.held.kind == SuspectKind::Load {
            "suspect-evidence-load"
        } else {
            "suspect-evidence-leak"
        };
        evidence.push(Text::message(kind));
        evidence
    }
}

/// What names a kind in a fingerprint.
fn kind_id(kind: SuspectKind) -> &'static str {
    match kind {
        SuspectKind::Leak => "kind-leak",
        SuspectKind::Load => "kind-load",
        SuspectKind::Garbage => "kind-garbage",
    }
}

/// The class without its package, and without the number that the virtual machine gives a lambda. The caches of Caffeine are of classes that it has made for each
/// combination of what a cache does, as `SSLMS`.
pub(in crate::inspect) fn simple_name(class: &str) -> Cow<'_, str> {
    let made = class.strip_prefix("com.github.benmanes.caffeine.cache.");
    if made.is_some_and(|name| name.len() > 1 && name.bytes().all(|c| c.is_ascii_uppercase())) {
        return Cow::Borrowed("Caffeine cache");
    }
    let class = if class.contains("$$Lambda") { normalise_class(class) } else { Cow::Borrowed(class) };
    match class.rfind('.') {
        Some(dot) => Cow::Owned(class[dot + 1..].to_owned()),
        None => class,
    }
}

/// The title of one object that is full of others.
pub(super) fn title_with(class: &str, contents: &Share, holder: &Holder) -> Text {
    let args = [
        ("class", Arg::name(simple_name(class))),
        ("count", Arg::Count(contents.instances)),
        ("element", Arg::name(simple_name(&contents.class))),
        ("holder", holder.words()),
    ];
    Text::with("suspect-title-with", args)
}

/// The title of several objects that are full of others.
pub(super) fn title_many_with(class: &str, instances: u64, parts: &Share, holder: &Holder) -> Text {
    let args = [
        ("class", Arg::name(simple_name(class))),
        ("count", Arg::Count(instances)),
        ("element", Arg::name(simple_name(&parts.class))),
        ("parts", Arg::Count(parts.instances)),
        ("holder", holder.words()),
    ];
    Text::with("suspect-title-many-with", args)
}

/// The title of one suspect if it is an object that is full of what another one is about.
pub(in crate::inspect::suspects) fn title_full_of(outer: &Suspect, inner: &Suspect) -> Text {
    let contents =
        Share { class: inner.class.clone(), instances: inner.instances, bytes: inner.retained_bytes };
    title_with(&outer.class, &contents, &outer.holder)
}

/// Where most of what an object is full of is, told with that object.
pub(in crate::inspect::suspects) fn most_in_field(inner: &Suspect) -> Text {
    let args = [
        ("size", Arg::Bytes(inner.retained_bytes)),
        ("count", Arg::Count(inner.instances)),
        ("class", Arg::name(simple_name(&inner.class))),
        ("field", inner.holder.words()),
    ];
    Text::with("suspect-most-in-field", args)
}

/// The title of one object of so many bytes, and of others that are not in it.
pub(super) fn title_beside(class: &str, bytes: u64, beside: &Share, holder: &Holder) -> Text {
    let args = [
        ("class", Arg::name(simple_name(class))),
        ("size", Arg::Bytes(bytes)),
        ("count", Arg::Count(beside.instances)),
        ("element", Arg::name(simple_name(&beside.class))),
        ("holder", holder.words()),
    ];
    Text::with("suspect-title-beside", args)
}

/// The title of what those who use a library know by a name.
pub(super) fn title_known(name: Text, holder: &Holder) -> Text {
    Text::with("suspect-title-known", [("name", Arg::text(name)), ("holder", holder.words())])
}

/// The title of what is in the thread-locals of executors that nobody can shut down.
pub(super) fn title_of_executors(suspect: &Suspect, executors: u64) -> Text {
    let args = [
        ("executors", Arg::Count(executors)),
        ("class", Arg::name(simple_name(&suspect.class))),
        ("count", Arg::Count(suspect.instances)),
        ("holder", suspect.holder.words()),
    ];
    Text::with("suspect-title-threads-of-executors", args)
}

/// The title of many objects of a library, each of which keeps one of the application's.
pub(super) fn title_carrying(class: &str, instances: u64, carried: &str, holder: &Holder) -> Text {
    let args = [
        ("class", Arg::name(simple_name(class))),
        ("count", Arg::Count(instances)),
        ("element", Arg::name(simple_name(carried))),
        ("holder", holder.words()),
    ];
    Text::with("suspect-title-carrying", args)
}

pub(in crate::inspect::suspects) fn title(
    kind: SuspectKind,
    class: &str,
    instances: u64,
    holder: &Holder,
) -> Text {
    let name = ("class", Arg::name(simple_name(class)));
    let count = ("count", Arg::Count(instances));
    if let (HolderKind::Thread, Some(frame), Some(thread)) = (holder.kind, &holder.frame, &holder.thread) {
        let kind = ("kind", Arg::text(Text::message("threads-of-kind")));
        let args = [count, ("thread", Arg::name(thread)), ("place", Arg::name(frame.to_string())), kind];
        return Text::with("suspect-title-threads", args);
    }
    if let Some(thread) = holder.thread.as_ref().filter(|_| are_own_threads(holder, instances)) {
        return Text::with("suspect-title-own-threads", [name, count, ("thread", Arg::name(thread))]);
    }
    let holder = ("holder", holder.words());
    match (kind, instances) {
        (SuspectKind::Garbage, _) => Text::with("suspect-title-garbage", [name, count]),
        (_, 1) => Text::with("suspect-title-one", [name, holder]),
        _ => Text::with("suspect-title-many", [name, count, holder]),
    }
}

/// Whether the holder are as many threads as there are objects.
fn are_own_threads(holder: &Holder, instances: u64) -> bool {
    holder.kind == HolderKind::Thread
        && instances > 1
        && holder.threads.is_some_and(|threads| threads * 10 >= instances * 9)
}

pub(in crate::inspect::suspects) fn advice(suspect: &Suspect) -> Vec<Text> {
    let holder = ("holder", suspect.holder.words());
    let class = ("class", Arg::name(simple_name(&suspect.class)));
    // Nothing is put into the field itself.
    let is_one_object =
        suspect.pattern == Pattern::BigObject && suspect.instances == 1 && !suspect.class.ends_with("[]");
    // Nobody but the JDK can remove what it keeps there.
    let is_of = |origin| suspect.holder.class.as_deref().is_some_and(|class| origin_of_name(class) == origin);
    let (is_of_jdk, is_of_library) = (is_of(Origin::Jdk), is_of(Origin::Library));
    let of_listeners = listeners::field_of(suspect);
    let id = match (suspect.kind, suspect.holder.kind) {
        // Each virtual thread is a task: there is no pool of them.
        (SuspectKind::Load, HolderKind::Thread) if suspect.pattern == Pattern::Threads => {
            "suspect-advice-threads-virtual"
        }
        (_, HolderKind::Thread) if suspect.pattern == Pattern::Threads => "suspect-advice-threads",
        (SuspectKind::Load, _) if suspect.holder.threads.is_some() => "suspect-advice-load-of-calls",
        (SuspectKind::Load, _) => return vec![load_advice(suspect)],
        (SuspectKind::Garbage, _) => "suspect-advice-garbage",
        (SuspectKind::Leak, _) if are_own_threads(&suspect.holder, suspect.instances) => {
            "suspect-advice-own-threads"
        }
        (SuspectKind::Leak, _) if is_map_of_threads(&suspect.holder) => {
            "suspect-advice-thread-local-of-objects"
        }
        (SuspectKind::Leak, HolderKind::ThreadLocal) if is_of_jdk => "suspect-advice-thread-local-of-jdk",
        (SuspectKind::Leak, HolderKind::ThreadLocal) if is_of_library => {
            "suspect-advice-thread-local-of-library"
        }
        (SuspectKind::Leak, HolderKind::ThreadLocal) => "suspect-advice-thread-local",
        (SuspectKind::Leak, _) if is_of_class_path(&suspect.holder) => "suspect-advice-class-path",
        (SuspectKind::Leak, HolderKind::StaticField | HolderKind::InstanceField)
            if of_listeners.is_some() =>
        {
            "suspect-advice-listeners"
        }
        (SuspectKind::Leak, HolderKind::StaticField | HolderKind::InstanceField) if is_one_object => {
            "suspect-advice-object"
        }
        (SuspectKind::Leak, HolderKind::StaticField | HolderKind::InstanceField) => "suspect-advice-field",
        (SuspectKind::Leak, HolderKind::StackLocal) => "suspect-advice-main",
        (SuspectKind::Leak, _) => "suspect-advice-other",
    };
    let field = of_listeners.map(|field| ("field", Arg::name(field)));
    vec![Text::with(id, [holder, class].into_iter().chain(field))]
}

/// What is said of any leak, and what it is under the condition that it grows.
const IF_IT_GROWS: [[&str; 2]; 7] = [
    ["suspect-advice-field", "suspect-advice-field-if-it-grows"],
    ["suspect-advice-object", "suspect-advice-object-if-it-grows"],
    ["suspect-advice-each", "suspect-advice-each-if-it-grows"],
    ["suspect-advice-each-and-number", "suspect-advice-each-and-number-if-it-grows"],
    ["suspect-advice-field-of-library", "suspect-advice-field-of-library-if-it-grows"],
    ["suspect-advice-below-field", "suspect-advice-below-field-if-it-grows"],
    ["suspect-advice-own-lists", "suspect-advice-own-lists-if-it-grows"],
];

/// Puts what is said of any leak under the condition that it grows; whether there was any such thing.
pub(super) fn make_conditional(advice: &mut [Text]) -> bool {
    let mut is_any = false;
    for text in advice {
        if let Text::Message { id, .. } = text
            && let Some([_, under]) = IF_IT_GROWS.iter().find(|[plain, _]| plain == id)
        {
            *id = (*under).into();
            is_any = true;
        }
    }
    is_any
}

/// Takes what is said of any leak out from under that condition again: something proves it to be one.
pub(super) fn make_sure(advice: &mut Vec<Text>) {
    if !advice.iter().any(|text| text.is_message(COMPARE)) {
        return;
    }
    advice.retain(|text| !text.is_message(COMPARE));
    for text in advice {
        if let Text::Message { id, .. } = text
            && let Some([plain, _]) = IF_IT_GROWS.iter().find(|[_, under]| under == id)
        {
            *id = (*plain).into();
        }
    }
}

/// Says of something by which it is proven to be too much, and what is to be done about that in place of what is said of any leak. That has its class and its holder.
pub(in crate::inspect) fn prove(suspect: &mut Suspect, advice: &'static str) {
    let class = ("class", Arg::name(simple_name(&suspect.class).into_owned()));
    let advice = Text::with(advice, [class, ("holder", suspect.holder.words())]);
    prove_with(suspect, advice);
}

/// The same in these words.
pub(super) fn prove_with(suspect: &mut Suspect, advice: Text) {
    make_sure(&mut suspect.advice);
    let is_general = |text: &Text| IF_IT_GROWS.iter().any(|ids| text.is_one_of(ids)) || is_fitted(text);
    match suspect.advice.iter().position(is_general) {
        Some(at) => suspect.advice[at] = advice,
        None => suspect.advice.insert(0, advice),
    }
}

/// What is said of any field or any object to which things are added and from which nothing seems to be taken out.
pub(super) struct General {
    /// Its place among all that is advised.
    at: usize,
    /// Whether it is said of one object, and not of what a field has.
    pub(super) is_of_object: bool,
    is_conditional: bool,
}

impl General {
    /// That of these, if it is among them.
    pub(super) fn of(advice: &[Text]) -> Option<Self> {
        let [field, object, ..] = &IF_IT_GROWS;
        advice.iter().enumerate().find_map(|(at, text)| {
            let is_of_object = text.is_one_of(object);
            let is_conditional = text.is_one_of(&[field[1], object[1]]);
            (is_of_object || text.is_one_of(field)).then_some(Self { at, is_of_object, is_conditional })
        })
    }

    /// What is said of few that each grow, in its place.
    pub(super) fn of_each(advice: &[Text]) -> Option<Self> {
        let [_, _, each, each_and_number, ..] = &IF_IT_GROWS;
        advice.iter().enumerate().find_map(|(at, text)| {
            let is_conditional = text.is_one_of(&[each[1], each_and_number[1]]);
            let is_it = text.is_one_of(each) || text.is_one_of(each_and_number);
            is_it.then_some(Self { at, is_of_object: false, is_conditional })
        })
    }

    /// Its place among all that is advised.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Puts one of two others in its place: that without the condition or that with it, as it was.
    pub(super) fn replace(&self, suspect: &mut Suspect, [plain, conditional]: [&'static str; 2]) {
        let class = ("class", Arg::name(simple_name(&suspect.class).into_owned()));
        let args = vec![("holder", suspect.holder.words()), class];
        self.replace_with(suspect, [plain, conditional], args);
    }

    /// The same with other arguments.
    pub(super) fn replace_with(
        &self,
        suspect: &mut Suspect,
        [plain, conditional]: [&'static str; 2],
        args: Vec<(&'static str, Arg)>,
    ) {
        let id = if self.is_conditional { conditional } else { plain };
        suspect.advice[self.at] = Text::with(id, args);
    }
}

/// Has a queue that somebody should take from told as one, if nothing but what is said of any collection is said of it: no entry of a queue expires.
pub(super) fn tell_as_queue(suspect: &mut Suspect, advice: &'static str) {
    // What is put into it is meant to be taken out of it again: it is no table that is filled once.
    suspect.backlog |= replace_general(suspect, [advice; 2], COMPARE_QUEUE);
}

/// Says something else than what is said of any collection, whether it grows or not; whether there was any such thing.
pub(super) fn replace_any_general(suspect: &mut Suspect, other: &'static str) -> bool {
    let general = General::of(&suspect.advice);
    general.is_some_and(|general| {
        general.replace(suspect, [other; 2]);
        true
    })
}

/// Has a collection from which much was taken out told as one.
pub(super) fn tell_as_emptied(suspect: &mut Suspect) {
    let advice = ["suspect-advice-taken-out", "suspect-advice-taken-out-if-it-grows"];
    replace_general(suspect, advice, COMPARE_EMPTIED);
}

/// Says something else than what is said of any collection, of which there is one without and one with the condition that it grows, and how to be sure; whether
/// there was any such thing.
fn replace_general(suspect: &mut Suspect, others: [&'static str; 2], compare: &'static str) -> bool {
    let Some(general) = General::of(&suspect.advice) else { return false };
    general.replace(suspect, others);
    for text in suspect.advice.iter_mut().filter(|text| text.is_message(COMPARE)) {
        *text = Text::message(compare);
    }
    true
}

/// Whether a class loader has it for its class path: there is as much of it as there are jars, and nobody takes one out.
pub(super) fn is_of_class_path(holder: &Holder) -> bool {
    const CLASS_PATHS: [&str; 2] = ["jdk.internal.loader.URLClassPath", "sun.misc.URLClassPath"];
    holder.class.as_deref().is_some_and(|class| CLASS_PATHS.iter().any(|path| class.starts_with(path)))
}

fn load_advice(suspect: &Suspect) -> Text {
    match &suspect.until {
        Some(call) => Text::with("suspect-advice-load-until", [("call", Arg::name(call.to_string()))]),
        None => Text::message("suspect-advice-load"),
    }
}

pub(in crate::inspect::suspects) fn fingerprint(
    kind: SuspectKind,
    class: &str,
    holder: &Holder,
) -> Fingerprint {
    let holder_class = holder.class.as_deref().map(normalise_class).unwrap_or_default();
    let method = holder.frame.as_ref().map_or("", |frame| &frame.method);
    Fingerprint::of(&[
        "suspect",
        kind_id(kind),
        &normalise_class(class),
        &holder_class,
        holder.field.as_deref().unwrap_or(""),
        method,
    ])
}

#[cfg(test)]
mod tests {
    use super::simple_name;

    #[test]
    fn names_of_classes_are_short_and_mean_something() {
        for (class, name) in [
            ("com.acme.Order$Line", "Order$Line"),
            ("com.acme.Page$$Lambda$14", "Page$$Lambda"),
            ("com.github.benmanes.caffeine.cache.SSLMS", "Caffeine cache"),
            ("com.github.benmanes.caffeine.cache.BoundedLocalCache", "BoundedLocalCache"),
            ("com.acme.SSLMS", "SSLMS"),
        ] {
            assert_eq!(simple_name(class), name);
        }
    }
}
