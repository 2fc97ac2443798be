//! Suspects: what holds much memory, who holds it, and what it is made of.
//!
//! What it finds: objects that accumulate memory, groups of equal objects, class loaders that pile up, and garbage.
//! Why it matters: this is what an analyst would look for by hand in the dominator tree.
//! How: a walk down the dominator tree ([`accumulate`]), an owner for each place found ([`super::holders`]), places with the same owner
//! put together into one story, stories ranked by what would be freed; owners in the application's own code come before those in
//! libraries, and these before the JDK's own caches.
//! False positives: a cache that is meant to be large is reported like one that grew; only its share tells.

mod accumulate;
mod alike;
mod at_work;
mod beans;
mod bypassed;
mod chunks;
mod crowd;
mod elements;
mod ended;
mod explain;
mod full;
mod garbage;
mod large;
mod list_ends;
mod parts;
mod past;
mod shared;
mod sides;
mod split;
mod story;
mod ways;

pub(in crate::inspect) use story::simple_name;

use super::finalizable::{FINALIZER, Stage, stage};
use super::holders::{Held, Ownership};
use super::{Context, InspectError, Inspection, Outcome, class_values};
use crate::hprof::ObjectId;
use crate::ix::ObjectIx;
use crate::query::Waiting;
use crate::report::{Block, Cell, Column, Section, Standing, Suspect, Table};
use crate::snapshot::{Snapshot, SnapshotError};
use accumulate::{Accumulation, Group};
pub(super) use ended::FAILED_TASK;
use past::Place;
use shared::Entries;
use story::{Part, Size, Story, Whole};
pub(super) use story::{prove, states_of};

/// Places that retain less than this part of the heap are not looked at.
const SMALLEST_SHARE: u64 = 100;
/// Nor those that retain less than this.
const SMALLEST_BYTES: u64 = 64 << 10;
/// At most so many suspects are reported.
const MOST: usize = 10;
/// For so many of them it is looked who else holds them.
const LOOKED_AT_FOR_OTHERS: usize = 4;
/// For so many of them all ways to their objects are looked at.
const DRAWN: usize = 4;

/// See the module.
#[derive(Debug)]
pub(super) struct Suspects;

impl Inspection for Suspects {
    fn id(&self) -> &'static str {
        "suspects"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let suspects = context.suspects()?;
        let columns = vec![
            Column::right("rank"),
            Column::left("kind"),
            Column::left("title"),
            Column::left("holder"),
            Column::right("retained_bytes"),
            Column::right("share"),
            Column::right("instances"),
            Column::left("class"),
            Column::left("root"),
        ];
        let row = |suspect: &Suspect| {
            vec![
                Cell::Count(u64::from(suspect.rank)),
                Cell::term(suspect.kind_word(), suspect.kind_message()),
                Cell::Text(suspect.title.clone()),
                Cell::Value(suspect.holder.label()),
                Cell::Bytes(suspect.retained_bytes),
                Cell::Share(suspect.share),
                Cell::Count(suspect.instances),
                Cell::Class(suspect.class.clone()),
                suspect.root.clone().map_or(Cell::None, Cell::Value),
            ]
        };
        let mut rows: Vec<_> = suspects.iter().map(row).collect();
        let omitted = context.options.cut(&mut rows);
        let table = Table { id: "suspects".into(), columns, rows, omitted };
        let section = Section { id: self.id().into(), blocks: vec![Block::Table(table)] };
        Ok(Outcome { section, findings: Vec::new() })
    }
}

/// All suspects, most to blame first.
pub(super) fn find(context: &Context<'_>) -> Result<Vec<Suspect>, InspectError> {
    let snapshot = context.snapshot;
    let mut found = accumulate::find(snapshot, threshold(context));
    accumulate::spread_samples(snapshot, &mut found.groups, threshold(context));
    let ownership = context.ownership()?;
    let collections = found.accumulations.iter().filter_map(|&found| place(snapshot, ownership, found));
    let mut places: Vec<Place> = collections.collect();
    large::put_together(snapshot, ownership, &mut places);
    for group in found.groups {
        places.extend(of_group(snapshot, ownership, group, threshold(context))?);
    }
    past::look(snapshot, ownership, &mut places)?;
    at_work::look(snapshot, ownership, &mut places)?;
    let mut stories: Vec<Story> = Vec::new();
    for Place { mut held, part, .. } in places {
        story::leave_own_nodes(snapshot, &mut held);
        Story::add(&mut stories, held, part);
    }
    Story::join_callers(snapshot, &mut stories);
    let waiting = Waiting::of(snapshot);
    for story in &mut stories {
        story.settle(snapshot, ownership);
        story.look_into_thread_locals(snapshot);
        story.blame_who_holds_the_copies(context, ownership);
        story.blame_the_threads(snapshot, ownership)?;
        story.look_whom_it_serves(snapshot, &waiting);
        story.look_for_recursion(snapshot);
        story.look_whether_it_is_meant(context);
        story.leave_nodes(snapshot);
        story.look_behind_borrowed(ownership);
    }
    stories.retain(|story| !story.is_part_of_threads(snapshot));
    Story::put_to_calls(&mut stories);
    stories.sort_by_key(|story| (std::cmp::Reverse(story.bytes()), story.held.object));
    let whole = Whole::of(context)?;
    let (mut larger_bytes, mut larger) = (0, Vec::new());
    for story in &mut stories {
        story.look_how_large(snapshot, &whole, larger_bytes);
        // What lies within another one is counted there.
        let (object, tree) = (story.held.object, snapshot.dominators());
        if !larger.iter().any(|&other| tree.dominates(other, object) || tree.dominates(object, other)) {
            larger.push(object);
            larger_bytes += story.bytes();
        }
    }
    stories.retain(|story| story.size > Size::Small);
    stories.sort_by_key(|story| (std::cmp::Reverse(story.weight()), story.held.object));
    stories.truncate(MOST);
    let entered: Vec<_> =
        stories.iter().take(LOOKED_AT_FOR_OTHERS).flat_map(|story| story.entered_at(snapshot)).collect();
    let asked: Vec<_> = stories.iter().flat_map(Story::looked_at).collect();
    let entries = Entries::find(snapshot, &entered)?.asking(asked);
    for story in stories.iter_mut().take(LOOKED_AT_FOR_OTHERS) {
        story.look_for_others(context, &entries)?;
    }
    leave_out_shared(&mut stories);
    let mut told: Vec<(Story, Suspect)> = Vec::new();
    for story in stories {
        let suspect = story.tell(context)?;
        told.push((story, suspect));
    }
    Story::excuse_what_cannot_grow(context, &mut told);
    Story::excuse_what_is_little(context, &mut told);
    // Beside what is to blame nobody wants to know what else is merely there.
    let is_blamed = |(_, suspect): &(Story, Suspect)| suspect.standing == Standing::Blamed;
    if told.iter().any(is_blamed) {
        told.retain(|both| both.0.size == Size::Big || is_blamed(both));
    }
    // What is merely there in something that is to blame is a part of that story.
    let blamed: Vec<_> =
        told.iter().filter(|both| is_blamed(both)).map(|(story, _)| story.held.object).collect();
    let tree = snapshot.dominators();
    let is_part = |story: &Story| {
        let object = story.held.object;
        blamed.iter().any(|&outer| outer != object && tree.dominates(outer, object))
    };
    told.retain(|(story, suspect)| suspect.standing != Standing::Largest || !is_part(story));
    sides::tell_sides(context, &mut told)?;
    let takes_along: Vec<bool> =
        told.iter().map(|(story, _)| told.iter().any(|(crowd, _)| crowd.takes_along(story))).collect();
    let mut takes_along = takes_along.into_iter();
    told.retain(|_| !takes_along.next().unwrap_or(false));
    leave_out_the_same(context, &mut told);
    merge_nested(context, &mut told);
    beans::tell_registered(context, &mut told)?;
    parts::tell_together(context, &mut told)?;
    parts::tell_enclosed(context, &mut told)?;
    alike::tell_copies(&mut told);
    // What several hold together may be more than it seemed.
    told.sort_by_key(|(story, suspect)| {
        (std::cmp::Reverse(story.weight_as(context, suspect)), story.held.object)
    });
    told.iter_mut().for_each(|(story, suspect)| story.tell_classes_of_elements(snapshot, suspect));
    told.iter_mut().for_each(|(_, suspect)| class_values::tell_how_sure(snapshot, suspect));
    for at in 0..told.len().min(DRAWN) {
        draw_ways(context, ownership, &mut told[..=at]);
    }
    let mut told: Vec<Suspect> = told.into_iter().map(|(_, suspect)| suspect).collect();
    told.extend(garbage::tell(context)?);
    // A search for paths that was stopped looks like one that found none.
    snapshot.progress().check().map_err(SnapshotError::from)?;
    for (rank, suspect) in (1..).zip(&mut told) {
        suspect.rank = rank;
        bypassed::note(snapshot, &mut suspect.path);
    }
    Ok(told)
}

/// What is smaller is not looked at by itself, in bytes.
fn threshold(context: &Context<'_>) -> u64 {
    (context.histogram().total().shallow_bytes / SMALLEST_SHARE).max(SMALLEST_BYTES)
}

/// Leaves out what goes with what several hold: it is counted there.
fn leave_out_shared(stories: &mut Vec<Story>) {
    let goes_with = |story: &Story, other: &Story| {
        other.bytes() >= story.bytes() && other.held.object != story.held.object && other.frees(story)
    };
    let kept: Vec<bool> =
        stories.iter().map(|story| !stories.iter().any(|other| goes_with(story, other))).collect();
    let mut kept = kept.into_iter();
    stories.retain(|_| kept.next().unwrap_or(true));
}

/// Leaves out what a rule has told in the same words of something around it: a page of a database within the table that the page is in.
fn leave_out_the_same(context: &Context<'_>, told: &mut Vec<(Story, Suspect)>) {
    let is_same = |(story, suspect): &(Story, Suspect), (outer, other): &(Story, Suspect)| {
        suspect.rule.is_some()
            && suspect.rule == other.rule
            && suspect.title == other.title
            && suspect.kind == other.kind
            && story.lies_in(context.snapshot, outer.held.object)
    };
    let mut left_out = vec![false; told.len()];
    for at in 0..told.len() {
        left_out[at] =
            (0..told.len()).any(|other| other != at && !left_out[other] && is_same(&told[at], &told[other]));
    }
    let mut left_out = left_out.into_iter();
    told.retain(|_| !left_out.next().unwrap_or(false));
}

/// Leaves out what is told by another suspect that lies around it or in it: the maps of a catalogue that itself keeps far more than each of
/// them, and an object that keeps little beside the collection in it that is told.
fn merge_nested(context: &Context<'_>, told: &mut Vec<(Story, Suspect)>) {
    let is_in = |outer: &(Story, Suspect), inner: &(Story, Suspect)| {
        outer.1.kind == inner.1.kind && inner.0.lies_within(context.snapshot, &outer.0)
    };
    let (mut left_out, count) = (vec![false; told.len()], told.len());
    let mut fillings: Vec<(usize, usize)> = Vec::new();
    for outer in 0..count {
        let inside: Vec<usize> = (0..count).filter(|&at| is_in(&told[outer], &told[at])).collect();
        // What lies in several of them is counted in the outermost.
        let is_top = |&&at: &&usize| !inside.iter().any(|&other| is_in(&told[other], &told[at]));
        let inside_bytes: u64 = inside.iter().filter(is_top).map(|&at| told[at].0.bytes()).sum();
        let own_bytes = told[outer].0.bytes().saturating_sub(inside_bytes);
        let is_told_by = |at: usize| told[outer].1.rule.is_none() || told[outer].1.rule == told[at].1.rule;
        let is_blamed = |at: usize| told[at].1.standing == Standing::Blamed;
        let is_as_bad = |at: usize| is_blamed(at) || told[at].1.standing == told[outer].1.standing;
        let filling = inside.iter().copied().find(|&at| is_filling(&told[outer].1, &told[at].1));
        if inside.iter().any(|&at| is_as_bad(at) && is_told_by(at)) && own_bytes * 2 <= inside_bytes {
            left_out[outer] = true;
        } else if let Some(filling) =
            filling.or_else(|| inside.iter().copied().find(|&at| is_of_each(&told[outer].1, &told[at].1)))
        {
            left_out[filling] = true;
            fillings.push((outer, filling));
        } else if is_blamed(outer) {
            let is_minor = |&&at: &&usize| told[at].0.bytes() * 2 <= own_bytes && told[at].1.rule.is_none();
            inside.iter().filter(is_minor).for_each(|&at| left_out[at] = true);
            // Half of it in one field, half in another: the object that has both fields is told, and nothing is counted twice.
            if let [only] = inside[..]
                && (told[only].1.rule.is_none() || told[only].1.rule == told[outer].1.rule)
                && told[only].0.declaring(context.snapshot) == Some(told[outer].0.held.object)
            {
                left_out[only] = true;
            }
        }
    }
    for (outer, filling) in fillings.into_iter().filter(|&(outer, _)| !left_out[outer]) {
        let inner = &told[filling].1;
        let (advice, most) = (inner.advice.clone(), story::most_in_field(inner));
        // What several of them share is in none of them alone.
        let is_all = !is_of_each(&told[outer].1, inner);
        let outer = &mut told[outer].1;
        outer.activity.extend(is_all.then_some(most));
        outer.advice = advice;
    }
    let mut left_out = left_out.into_iter();
    told.retain(|_| !left_out.next().unwrap_or(false));
}

/// Whether one object is told with the things that another suspect is about, all of which are in a field somewhere in it: that is one story.
fn is_filling(outer: &Suspect, inner: &Suspect) -> bool {
    outer.rule.is_none()
        && inner.rule.is_none()
        && outer.standing == inner.standing
        && inner.holder.field.is_some()
        && inner.retained_bytes.saturating_mul(2) >= outer.retained_bytes
        && outer.title == story::title_full_of(outer, inner)
}

/// Whether a field of each of the things that one suspect is about holds a good part of it, which another one is about: what grows is in these.
fn is_of_each(outer: &Suspect, inner: &Suspect) -> bool {
    outer.rule.is_none()
        && inner.rule.is_none()
        && outer.standing == inner.standing
        && outer.instances > 1
        && inner.holder.field.is_some()
        && inner.holder.class.as_ref() == Some(&outer.class)
        && inner.retained_bytes.saturating_mul(3) >= outer.retained_bytes
}

/// Looks at all ways to the objects of the last of these. Where two suspects are about objects of the same class, the ways are often the same:
/// then they stand at the first one only.
fn draw_ways(context: &Context<'_>, ownership: &Ownership<'_>, told: &mut [(Story, Suspect)]) {
    let Some(((story, suspect), before)) = told.split_last_mut() else { return };
    let asked = |(story, suspect): &(Story, Suspect)| {
        (suspect.class.clone(), suspect.instances < 2, story.entries().to_vec())
    };
    let Suspect { class, instances, .. } = &*suspect;
    let this = (class.clone(), *instances < 2, story.entries().to_vec());
    let graph = match before.iter().find(|both| asked(both) == this) {
        Some((_, known)) if known.path_graph_of.is_some() => {
            suspect.path_graph_of = known.path_graph_of;
            return;
        }
        Some((_, known)) => known.path_graph.clone(),
        None => ways::merged(context, ownership, class, *instances, story.entries()),
    };
    let is_same = |(_, other): &(Story, Suspect)| graph.is_some() && other.path_graph == graph;
    match (1..).zip(before.iter()).find(|(_, both)| is_same(both)) {
        Some((rank, _)) => suspect.path_graph_of = Some(rank),
        None => suspect.path_graph = graph,
    }
}

fn place(snapshot: &Snapshot, ownership: &Ownership<'_>, found: Accumulation) -> Option<Place> {
    let collection = elements::collection_of(snapshot, found.object);
    let bytes = snapshot.retained_bytes(found.object);
    let held = ownership.of(collection, bytes).filter(|held| !is_only_finalizable(snapshot, held));
    let held = held?;
    let in_doubt = past::of_collection(snapshot, &held, collection);
    Some(Place { held, part: Part::Object { object: collection, own_bytes: found.own_bytes }, in_doubt })
}

/// Whether nothing but the list of all objects with finalizers leads there, or it is that list, and it does not stand in the queue: that is told beside
/// what is garbage ([`super::finalizable`]). What waits behind a finalizer that does not return is in the queue besides.
fn is_only_finalizable(snapshot: &Snapshot, held: &Held) -> bool {
    let find = |address: u64| snapshot.find(ObjectId(address));
    let refers = |field: Option<&str>| field == Some("referent");
    let is_queued = |one: ObjectIx| stage(snapshot, one) == Stage::Queued;
    let mut steps = held.path.iter().rev().filter(|step| step.class == FINALIZER);
    match steps.next() {
        Some(step) if refers(step.field.as_deref()) => find(step.address).is_some_and(|one| !is_queued(one)),
        Some(step) if step.field.is_none() => {
            let some = snapshot.remember(|snapshot| {
                let first =
                    snapshot.static_reference(FINALIZER, "unfinalized").or_else(|| find(step.address));
                SomeOfList(first.map_or_else(Vec::new, |first| some_of_list(snapshot, first)))
            });
            let some = &some.0;
            some.iter().filter(|&&one| is_queued(one)).count() * 2 < some.len()
        }
        _ => false,
    }
}

/// See [`some_of_list`].
struct SomeOfList(Vec<ObjectIx>);

/// Some hundred of the list of all objects with finalizers, from all over it: those that were made last stand first and are in use.
fn some_of_list(snapshot: &Snapshot, first: ObjectIx) -> Vec<ObjectIx> {
    const LOOKED_AT: usize = 512;
    let next = |&one: &ObjectIx| snapshot.follow_declared(one, FINALIZER, "next");
    let all = std::iter::successors(Some(first), next).take(snapshot.object_count());
    let (mut some, mut step) = (Vec::new(), 1);
    for (at, one) in all.enumerate() {
        if at % step == 0 {
            some.push(one);
        }
        if some.len() == LOOKED_AT {
            let mut keep = [true, false].into_iter().cycle();
            some.retain(|_| keep.next().unwrap_or(true));
            step *= 2;
        }
    }
    some
}

/// The holder that most of a group's memory has, among the members looked at. If others have a good part of it for themselves, each has its own place.
fn of_group(
    snapshot: &Snapshot,
    ownership: &Ownership<'_>,
    group: Group,
    threshold: u64,
) -> Result<Vec<Place>, InspectError> {
    let mut holders: Vec<(Held, u64, u64)> = Vec::new();
    let mut in_others = 0;
    for &sample in &group.samples {
        let bytes = snapshot.retained_bytes(sample);
        let held = ownership.of_one_of(sample, group.count);
        let held = held.filter(|(held, _)| !is_only_finalizable(snapshot, held));
        let Some((held, is_in_other)) = held else { continue };
        in_others += usize::from(is_in_other);
        match holders.iter_mut().find(|(known, ..)| story::same_holder(known, &held)) {
            Some((_, count, sum)) => {
                *count += 1;
                *sum += bytes;
            }
            None => holders.push((held, 1, bytes)),
        }
    }
    holders.sort_by_key(|&(_, _, bytes)| std::cmp::Reverse(bytes));
    let looked_at: u64 = holders.iter().map(|&(_, _, bytes)| bytes).sum();
    let samples = holders.iter().map(|&(_, count, _)| count).sum();
    let is_data = elements::is_data(snapshot, group.class);
    let is_of_each = in_others * 2 > group.samples.len();
    let Some((held, agreeing, bytes)) = holders.first().cloned() else { return Ok(Vec::new()) };
    // Strings that everybody has are nobody's.
    if bytes * 2 < looked_at {
        return Ok(Vec::new());
    }
    // Who has noted links of a list has none of it, however near that is.
    if let Some((owner, agreeing, samples)) = list_ends::owner(snapshot, ownership, &group, &held) {
        let part = Part::Group { group, agreeing, samples, others: Vec::new(), is_data, is_of_each: false };
        return Ok(vec![Place { held: owner, part, in_doubt: Vec::new() }]);
    }
    let by_bytes: Vec<(Held, u64)> = holders.iter().map(|(held, _, bytes)| (held.clone(), *bytes)).collect();
    let parts = split::by_holder(snapshot, ownership, &group, &by_bytes, threshold)?;
    let place = |held: Held, group: Group, agreeing, samples, others| {
        let in_doubt = past::of_group(snapshot, &held, &group.samples, group.count);
        let part = Part::Group { group, agreeing, samples, others, is_data, is_of_each };
        Place { held, part, in_doubt }
    };
    if let Some(parts) = parts {
        let of_part = |(held, group): (Held, Group)| {
            let samples = group.samples.len() as u64;
            place(held, group, samples, samples, Vec::new())
        };
        return Ok(parts.into_iter().map(of_part).collect());
    }
    // Members of a class that everybody has are of all sizes: what is known of their bytes counts, not their number.
    let share = |bytes: u64| u128::from(group.bytes) * u128::from(bytes) / u128::from(looked_at.max(1));
    let others = holders.iter().skip(1).map(|(held, _, bytes)| (held.holder.clone(), share(*bytes) as u64));
    let others = others.collect();
    Ok(vec![place(held, group, agreeing, samples, others)])
}
