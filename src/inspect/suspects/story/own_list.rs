//! A list or a queue of the application's own making: objects that lead from one to the next, the first of which is in a field of an object that owns them all.
//!
//! A chain of revisions is kept by whoever keeps any one of them; a list has an owner, whose code puts into it and takes out. What tells it is a second field of the
//! owner that leads to the last one, or a number of it that is how many there are. A list with both ends is a queue, as a rule: then who has one of its class in
//! hand that is not in it may have taken that. Cost: a walk along the list, of bounded length, and a look at the variables of all threads.

use super::Story;
use super::linked::Linked;
use super::words;
use crate::inspect::holders::report_frame;
use crate::inspect::threads::what;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, is_made_by_compiler, origin_of, origin_of_named, thread_name};
use crate::report::{Arg, HolderKind, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot, StackFrame, Thread};
use hashbrown::HashSet;

/// Shorter lists are not worth a word,
const FEW: u64 = 256;
/// unless there are many.
const FEW_IN_EACH: u64 = 8;
/// Owners that are looked at.
const OWNERS: usize = 32;
/// Steps along all lists.
const MOST_STEPS: u64 = 1 << 23;
/// More threads than these are given their work by something else.
const MOST_TAKERS: usize = 4;

/// A list of the application's own making.
#[derive(Debug)]
pub(super) struct OwnList {
    /// Of the field that leads to the first one, and of that which leads to the last one.
    head: String,
    tail: Option<String>,
    /// The field by which one leads to the next.
    next: String,
    class: String,
    count: u64,
    /// How many such lists there are, if more than one; they have that many together.
    lists: u64,
    /// The owner and the first one, where there is one list.
    one: Option<(ObjectIx, ObjectIx)>,
}

/// What an owner has.
struct Owned {
    class: ClassIx,
    head: String,
    tail: Option<String>,
    count: u64,
    first: ObjectIx,
}

impl Story {
    /// The list that it is, or the lists, if it is one: by the chains that its objects form, or by the object that its holder's field leads to.
    pub(super) fn own_list(
        &self,
        snapshot: &Snapshot,
        suspect: &Suspect,
        linked: Option<&Linked>,
    ) -> Option<OwnList> {
        if suspect.kind != SuspectKind::Leak || suspect.rule.is_some() {
            return None;
        }
        let chains = linked.and_then(Linked::chains);
        let of_chains = chains
            .as_ref()
            .and_then(|chains| chains_with_owners(snapshot, &suspect.class, chains.field, chains.heads));
        if of_chains.is_some() {
            return of_chains;
        }
        // What is in the nodes may be counted, and not the nodes; and whoever has taken one that leads to the first one holds the list as well.
        let holder = &self.held.holder;
        let owner = self.declaring(snapshot).filter(|_| holder.kind == HolderKind::InstanceField)?;
        let first = self.held.object;
        let next = chains.map(|chains| chains.field).or_else(|| link_of(snapshot, first))?;
        let mut left = MOST_STEPS;
        let owned = owned_by(snapshot, owner, next, &mut left)?;
        (owned.count >= FEW && owned.first == first).then(|| OwnList {
            next: next.to_owned(),
            class: snapshot.class_name(first).to_owned(),
            one: Some((owner, first)),
            count: owned.count,
            lists: 1,
            head: field_of(snapshot, &owned, &owned.head),
            tail: owned.tail.as_deref().map(|tail| field_of(snapshot, &owned, tail)),
        })
    }
}

/// The lists that these are the first ones of, if nearly all of those that are looked at are in such.
fn chains_with_owners(snapshot: &Snapshot, class: &str, next: &str, heads: &[ObjectIx]) -> Option<OwnList> {
    let mut owners: Vec<ObjectIx> = heads.iter().filter_map(|&head| owner_of(snapshot, head)).collect();
    owners.sort_unstable();
    owners.dedup();
    let step = owners.len().div_ceil(OWNERS).max(1);
    let asked: Vec<ObjectIx> = owners.iter().copied().step_by(step).collect();
    let mut left = MOST_STEPS;
    let found: Vec<(ObjectIx, Owned)> = asked
        .iter()
        .filter_map(|&owner| Some((owner, owned_by(snapshot, owner, next, &mut left)?)))
        .collect();
    let (owner, first) = found.iter().max_by_key(|(_, owned)| owned.count)?;
    let is_alike = |(_, other): &&(ObjectIx, Owned)| other.class == first.class && other.head == first.head;
    let alike: Vec<&(ObjectIx, Owned)> = found.iter().filter(is_alike).collect();
    let known: u64 = alike.iter().map(|(_, owned)| owned.count).sum();
    let is_one = owners.len() == 1;
    let is_it = alike.len() * 10 >= asked.len() * 8
        && if is_one { known >= FEW } else { known >= FEW_IN_EACH * alike.len() as u64 };
    is_it.then(|| OwnList {
        next: next.to_owned(),
        class: class.to_owned(),
        one: is_one.then_some((*owner, first.first)),
        count: if is_one { known } else { known / alike.len() as u64 },
        lists: owners.len() as u64,
        head: field_of(snapshot, first, &first.head),
        tail: first.tail.as_deref().map(|tail| field_of(snapshot, first, tail)),
    })
}

/// The object of the application's in one of whose fields an object is that nothing else leads to: the owner of a list, the actor of a mailbox.
pub(super) fn owner_of(snapshot: &Snapshot, object: ObjectIx) -> Option<ObjectIx> {
    let above = snapshot.dominators().immediate_dominator(object).object()?;
    let is_own = snapshot.mirrored_class(above).is_none()
        && !snapshot.class(above).is_array()
        && origin_of(snapshot, snapshot.class_of(above)) == Origin::Application;
    (is_own && snapshot.references().of(above).any(|target| target == object)).then_some(above)
}

/// The first field by which an object leads to another one of its class, or of one that it shares a class of the application's with.
pub(super) fn link_of(snapshot: &Snapshot, object: ObjectIx) -> Option<&str> {
    links_of(snapshot, object).first().copied()
}

/// All such fields.
pub(in crate::inspect::suspects) fn links_of(snapshot: &Snapshot, object: ObjectIx) -> Vec<&str> {
    let mut found = Vec::new();
    snapshot.links(object, |link, target| {
        if let Link::Field { class, name } = link
            && target != object
            && origin_of(snapshot, class) == Origin::Application
            && snapshot.classes().lineage(snapshot.class_of(target)).any(|(other, _)| other == class)
            && !is_made_by_compiler(&snapshot.classes().get(class).name, name)
        {
            found.push(name);
        }
        true
    });
    found
}

/// What an object has that owns a list by which one leads to the next by that field: `None` if neither another field of it leads to the last one, nor a number of it
/// tells how many there are.
fn owned_by(snapshot: &Snapshot, owner: ObjectIx, next: &str, left: &mut u64) -> Option<Owned> {
    let mut fields: Vec<(ClassIx, &str, ObjectIx)> = Vec::new();
    snapshot.links(owner, |link, target| {
        if let Link::Field { class, name } = link
            && snapshot.field(target, next).is_some()
            && !is_made_by_compiler(&snapshot.classes().get(class).name, name)
        {
            fields.push((class, name, target));
        }
        true
    });
    let mut longest: Option<(u64, ObjectIx, usize)> = None;
    for (at, &(.., head)) in fields.iter().enumerate() {
        let (count, last) = along(snapshot, head, next, left)?;
        if longest.is_none_or(|(most, ..)| count > most) {
            longest = Some((count, last, at));
        }
    }
    let (count, last, at) = longest.filter(|&(count, ..)| count > 1)?;
    let (class, head, first) = fields[at];
    let tail = fields.iter().find(|&&(_, name, target)| name != head && target == last).map(|tail| tail.1);
    let is_owner = tail.is_some() || has_count_of(snapshot, owner, first, count);
    is_owner.then(|| Owned { class, head: head.to_owned(), tail: tail.map(str::to_owned), count, first })
}

/// How many there are from that one on, and the last one; `None` if they lead back to the first one, or are too many.
pub(super) fn along(
    snapshot: &Snapshot,
    first: ObjectIx,
    next: &str,
    left: &mut u64,
) -> Option<(u64, ObjectIx)> {
    let (mut count, mut last) = (1, first);
    while let Some(following) = snapshot.follow(last, next) {
        *left = left.checked_sub(1)?;
        if following == first || following == last {
            return None;
        }
        (count, last) = (count + 1, following);
    }
    Some((count, last))
}

/// Whether a number of the owner's is how many there are in the list, or how many there are in the arrays that each one in it has.
fn has_count_of(snapshot: &Snapshot, owner: ObjectIx, first: ObjectIx, count: u64) -> bool {
    /// What is being put in or taken out may be counted or not yet.
    const PART: u64 = 50;
    let least = count - (count / PART).max(1);
    let most = count + (count / PART).max(1);
    let slots = snapshot.references().of(first).filter(|&array| snapshot.class(array).is_array());
    let slots = slots.filter_map(|array| snapshot.array_length(array)).map(u64::from).max().unwrap_or(1);
    let is_it = |number: i64| {
        u64::try_from(number).is_ok_and(|number| {
            (least..=most).contains(&number)
                || slots > 1 && (count.saturating_sub(1) * slots..=count * slots).contains(&number)
        })
    };
    let mut atomic = snapshot
        .references()
        .of(owner)
        .filter(|&target| snapshot.class_name(target).starts_with("java.util.concurrent.atomic.Atomic"));
    snapshot.fields(owner).any(|field| field.value.integer().is_some_and(is_it))
        || atomic.any(|number| snapshot.integer(number, "value").is_some_and(is_it))
}

fn field_of(snapshot: &Snapshot, owned: &Owned, field: &str) -> String {
    format!("{}.{field}", snapshot.classes().get(owned.class).name)
}

impl OwnList {
    /// That it is a list, and whose.
    pub(super) fn words(&self) -> Text {
        let args = [
            ("count", Arg::Count(self.count)),
            ("lists", Arg::Count(self.lists)),
            ("class", Arg::name(&self.class)),
            ("head", Arg::name(&self.head)),
            ("field", Arg::name(&self.next)),
        ];
        let tail = self.tail.as_deref().map(|tail| ("tail", Arg::name(tail)));
        let id = match (self.lists, &tail) {
            (1, None) => "suspect-own-list",
            (1, Some(_)) => "suspect-own-queue",
            _ => "suspect-own-lists",
        };
        Text::with(id, args.into_iter().chain(tail))
    }

    /// What to change, where each of many has a list: nobody bounds these by what is put into the holder.
    pub(super) fn advice(&self) -> Option<Text> {
        let (class, _) = self.head.rsplit_once('.')?;
        let class = ("class", Arg::name(words::simple_name(class).into_owned()));
        (self.lists > 1).then(|| Text::with("suspect-advice-own-lists", [class]))
    }

    /// Whether the owner knows both ends: what is put in at one is taken out at the other, as a rule.
    pub(super) fn is_queue(&self) -> bool {
        self.tail.is_some() && self.lists == 1
    }

    /// Says which threads have one of them in hand that is not in the list any more.
    pub(super) fn tell_who_takes(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let Some((owner, first)) = self.one.filter(|_| self.is_queue()) else { return };
        let class = snapshot.class_of(first);
        let of_owner = snapshot.class_name(owner);
        let is_inside = |frame: &StackFrame| *frame.class == *of_owner;
        let is_made = |frame: &StackFrame| &*frame.method == "<init>" && *frame.class == *self.class;
        // Who is at work with the list itself may be putting one into it.
        let threads = snapshot
            .threads()
            .iter()
            .filter(|thread| !thread.frames.iter().any(|frame| is_inside(frame) || is_made(frame)));
        let in_hand: Vec<(&Thread, &StackFrame, ObjectIx)> = threads
            .filter_map(|thread| {
                thread.frames.iter().find_map(|frame| {
                    let mut locals = frame.locals.iter().copied();
                    let one = locals.find(|&local| snapshot.class_of(local) == class && local != first)?;
                    Some((thread, frame, one))
                })
            })
            .collect();
        if in_hand.is_empty() {
            return;
        }
        let mut out: HashSet<ObjectIx> = in_hand.iter().map(|&(.., one)| one).collect();
        let mut next = Some(first);
        for _ in 0..MOST_STEPS {
            let Some(object) = next else { break };
            out.remove(&object);
            next = snapshot.follow(object, &self.next);
        }
        let taking: Vec<&(&Thread, &StackFrame, ObjectIx)> =
            in_hand.iter().filter(|(.., one)| out.contains(one)).collect();
        let Some((thread, _, one)) = taking.first().filter(|_| taking.len() <= MOST_TAKERS) else { return };
        // Where it has got to with it: the innermost method that somebody has written.
        let is_own = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
        let Some(place) = thread.frames.iter().find(is_own) else { return };
        let args = [
            ("count", Arg::Count(taking.len() as u64)),
            ("thread", Arg::name(thread_name(snapshot, thread.object))),
            ("place", Arg::name(report_frame(place).to_string())),
            ("class", Arg::name(snapshot.class_name(*one))),
        ];
        suspect.activity.push(match what(&thread.frames) {
            Some(doing) => {
                let doing = ("doing", Arg::text(Text::message(doing)));
                Text::with("suspect-consumer-takes", args.into_iter().chain([doing]))
            }
            None => Text::with("suspect-consumer-takes-at-work", args),
        });
        // One that was never in it leads to none.
        if taking.iter().any(|(.., one)| snapshot.follow(*one, &self.next).is_some()) {
            words::tell_as_queue(suspect, "suspect-advice-queue-consumer");
        }
    }
}
