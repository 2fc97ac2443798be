//! One object of several that holds it all: which one it is, and what the others have that it lacks.
//!
//! Of six subscriptions one has a backlog: its name tells which, and that a thread waits for more in each of the others tells why. Cost: a look at the other
//! objects of the class, and at the frames of all threads.

use super::Story;
use super::entry::words_of;
use super::own_list::owner_of;
use super::words::simple_name;
use crate::inspect::holders::{Held, report_frame};
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{
    Origin, ThreadState, collection_length, instances_of, origin_of, origin_of_named, thread_state,
    unmounted_threads, values,
};
use crate::report::{Arg, HolderKind, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot, StackFrame, Thread};
use hashbrown::HashSet;

/// More are no few that differ by a name.
const MOST: usize = 1024;
/// UTF-16 units of a text by which objects are told apart.
const SHOWN: usize = 60;

impl Story {
    /// That it is in the field of a few of many objects of their class only.
    pub(super) fn few_of_many(&self, snapshot: &Snapshot) -> Option<Text> {
        const FEW: usize = 16;
        let Held { holder, kind, origin, .. } = &self.held;
        let is_field = holder.kind == HolderKind::InstanceField && *kind == SuspectKind::Leak;
        if !is_field || *origin != Origin::Application || self.shared.is_some() || self.copies.is_some() {
            return None;
        }
        // Of the objects that lead to each other one always is the first.
        let class = holder.class.as_deref().filter(|class| !self.is_link(snapshot, class))?;
        let counts = snapshot.class_counts();
        let all =
            snapshot.classes().named(class).iter().map(|class| counts[class.index()].instances).sum::<u64>();
        let holding = self.owners.len();
        ((1..=FEW).contains(&holding) && holding as u64 * 3 <= all).then(|| {
            let args = [
                ("count", Arg::Count(holding as u64)),
                ("all", Arg::Count(all)),
                ("class", Arg::name(simple_name(class))),
            ];
            Text::with("suspect-few-of-many", args)
        })
    }

    /// Tells of one of several objects which it is, and that nobody takes from it as from the others.
    pub(super) fn look_at_its_sisters(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        let snapshot = context.snapshot;
        let told = suspect.activity.iter().position(|text| text.is_message("suspect-few-of-many"));
        let owner = self.declaring(snapshot).filter(|_| self.owners.len() == 1);
        let is_asked = suspect.kind == SuspectKind::Leak && suspect.holder.kind == HolderKind::InstanceField;
        let (Some(told), Some(owner)) = (told, owner.filter(|_| is_asked)) else { return Ok(()) };
        let class = snapshot.class_of(owner);
        let mut sisters = instances_of(snapshot, &[class])?;
        sisters.retain(|&sister| sister != owner && snapshot.is_reachable(sister));
        if sisters.len() > MOST {
            return Ok(());
        }
        let apart =
            told_apart(context, owner, &sisters).or_else(|| told_apart_by_owners(context, owner, &sisters));
        if let Some((field, value)) = apart {
            let args = [
                ("all", Arg::Count(sisters.len() as u64 + 1)),
                ("class", Arg::name(simple_name(snapshot.class_name(owner)).into_owned())),
                ("field", Arg::name(field)),
            ];
            suspect.activity[told] = match value {
                Some(value) => {
                    let value = ("value", Arg::name(value));
                    Text::with("suspect-few-of-many-named", args.into_iter().chain([value]))
                }
                None => Text::with("suspect-few-of-many-hidden", args),
            };
        }
        let general = suspect.advice.iter().position(|text| text.is_message("suspect-advice-field"));
        let is_open = suspect.standing == Standing::Blamed && suspect.rule.is_none();
        let Some(general) = general.filter(|_| is_open) else { return Ok(()) };
        let Some((waiting, frame)) = self.readers_of_others(snapshot, owner, &sisters) else {
            return Ok(());
        };
        if unmounted_threads(snapshot)?.count > 0 {
            return Ok(());
        }
        let class = ("class", Arg::name(simple_name(snapshot.class_name(owner)).into_owned()));
        let args = [
            ("others", Arg::Count(sisters.len() as u64)),
            class.clone(),
            ("count", Arg::Count(waiting)),
            ("place", Arg::name(report_frame(frame).to_string())),
        ];
        suspect.activity.insert(told + 1, Text::with("suspect-no-reader", args));
        let args = [class, ("holder", suspect.holder.words())];
        suspect.advice[general] = Text::with("suspect-advice-no-reader", args);
        suspect.backlog = true;
        Ok(())
    }

    /// How many of the others have nearly nothing there and a thread that waits for more, and in which method, if nearly all have and nothing of the kind is
    /// at work for this one.
    fn readers_of_others<'s>(
        &self,
        snapshot: &'s Snapshot,
        owner: ObjectIx,
        sisters: &[ObjectIx],
    ) -> Option<(u64, &'s StackFrame)> {
        const TIMES: u64 = 16;
        let field = self.held.holder.field.as_deref()?;
        let length = |one: ObjectIx| collection_length(snapshot, snapshot.follow(one, field)?);
        let most = length(owner)?;
        let is_empty = |&sister: &ObjectIx| length(sister).is_some_and(|length| length * TIMES <= most);
        let class = snapshot.class_name(owner);
        let waits = |thread: &Thread| {
            matches!(
                thread_state(snapshot, thread.object),
                Some(ThreadState::Waiting | ThreadState::TimedWaiting)
            )
        };
        let mut served: HashSet<ObjectIx> = HashSet::new();
        let mut readers: HashSet<(&str, &str)> = HashSet::new();
        let mut first: Option<&StackFrame> = None;
        for thread in snapshot.threads().iter().filter(|thread| waits(thread)) {
            let inner = thread.frames.iter().find(|frame| {
                *frame.class == *class && frame.locals.iter().any(|local| sisters.contains(local))
            });
            let Some(frame) = inner else { continue };
            if first.is_some_and(|first| first.method != frame.method) {
                return None;
            }
            first = first.or(Some(frame));
            served.extend(frame.locals.iter().filter(|local| sisters.contains(local)));
            let own = thread
                .frames
                .iter()
                .filter(|frame| origin_of_named(snapshot, &frame.class) == Origin::Application);
            readers.extend(own.map(|frame| (&*frame.class, &*frame.method)));
        }
        let served = served.iter().filter(|sister| is_empty(sister)).count();
        // Whoever reads has it in a variable, or an object that refers to it.
        let has_it = |&local: &ObjectIx| {
            local == owner
                || origin_of(snapshot, snapshot.class_of(local)) == Origin::Application
                    && snapshot.references().of(local).any(|target| target == owner)
        };
        let is_read = snapshot.threads().iter().flat_map(|thread| &thread.frames).any(|frame| {
            readers.contains(&(&*frame.class, &*frame.method)) && frame.locals.iter().any(has_it)
        });
        let is_told = served >= 2 && served * 10 >= sisters.len() * 8 && !is_read;
        first.filter(|_| is_told).map(|frame| (served as u64, frame))
    }
}

/// The same of the objects of one class that each of them belongs to: a mailbox has no name, its actor has.
fn told_apart_by_owners(
    context: &Context<'_>,
    owner: ObjectIx,
    sisters: &[ObjectIx],
) -> Option<(String, Option<String>)> {
    let snapshot = context.snapshot;
    let own = owner_of(snapshot, owner)?;
    let class = snapshot.class_of(own);
    let others: HashSet<ObjectIx> =
        sisters.iter().map(|&sister| owner_of(snapshot, sister)).collect::<Option<HashSet<_>>>()?;
    let is_alike = others.iter().all(|&other| snapshot.class_of(other) == class && other != own);
    if !is_alike || others.len() != sisters.len() {
        return None;
    }
    let mut others: Vec<ObjectIx> = others.into_iter().collect();
    others.sort_unstable();
    let (field, value) = told_apart(context, own, &others)?;
    Some((format!("{}.{field}", simple_name(snapshot.class_name(own))), value))
}

/// A field whose value the object has and none of the others, in words that a report may show: a text of the code, a constant, a number called an id. Where
/// there is none, a field with a text that it may show only if asked for, without that.
fn told_apart(
    context: &Context<'_>,
    owner: ObjectIx,
    sisters: &[ObjectIx],
) -> Option<(String, Option<String>)> {
    const NAMES: [&str; 8] = ["name", "id", "key", "topic", "url", "channel", "label", "code"];
    let snapshot = context.snapshot;
    let mut fields: Vec<(usize, String, ObjectIx)> = Vec::new();
    snapshot.links(owner, |link, target| {
        if let Link::Field { name, .. } = link
            && values::text(snapshot, target, SHOWN).is_some()
        {
            let rank = NAMES.iter().position(|known| name.to_lowercase().ends_with(known));
            fields.push((rank.unwrap_or(NAMES.len()), name.to_owned(), target));
        }
        true
    });
    // The sort is stable.
    fields.sort_by_key(|&(rank, ..)| rank);
    let mut hidden = None;
    for (_, field, value) in fields {
        let Some(own) = values::text(snapshot, value, SHOWN) else { continue };
        let is_other = |&sister: &ObjectIx| {
            let value = snapshot.follow(sister, &field)?;
            Some(values::text(snapshot, value, SHOWN)? != own)
        };
        if own.is_empty() || !sisters.iter().all(|sister| is_other(sister) == Some(true)) {
            continue;
        }
        match words_of(context, value) {
            Some(words) => return Some((field, Some(words))),
            None => hidden = hidden.or(Some(field)),
        }
    }
    hidden.map(|field| (field, None))
}
