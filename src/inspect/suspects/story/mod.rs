//! A suspect in the making: places with one owner, what they have in common, and how it is told.

mod arrays;
mod beside;
mod between;
mod borrowed;
mod buffers;
mod captured;
mod chained;
mod consumer;
mod copies;
mod coroutines;
mod each;
mod emptied;
mod entry;
mod excused;
mod extent;
mod failed;
mod few;
mod fitting;
mod fixed;
mod key_shapes;
mod keys;
mod known;
mod library_keys;
mod linked;
mod listeners;
mod loading;
mod meant;
mod naming;
mod of_classes;
mod of_library;
mod own;
mod own_list;
mod own_pool;
mod own_threads;
mod pair;
mod per_thread;
mod queued;
mod reached;
mod resting;
mod served;
mod sisters;
mod slices;
mod spare;
mod spread;
mod stale;
mod standing;
mod state_names;
mod states;
mod subject;
mod taken_out;
mod tell;
mod thread_values;
mod threads;
mod unanswered;
mod views;
mod wholes;
mod words;
mod young;

pub(super) use entry::ENTRY;
pub(in crate::inspect::suspects) use linked::leave_own_nodes;
use meant::OwnLimit;
pub(super) use own::OWN_BELOW;
pub(in crate::inspect::suspects) use own_list::links_of;
use served::{Call, Helpers};
use stale::Stale;
use standing::Fixed;
pub(super) use standing::{Size, Whole};
pub(in crate::inspect::suspects) use state_names::words_of_name;
pub(in crate::inspect) use states::states_of;
pub(super) use words::{advice, fingerprint, most_in_field, title, title_full_of};
pub(in crate::inspect) use words::{prove, simple_name};

use super::accumulate::Group;
use super::crowd::{Crowd, Doing};
use super::shared::{Asked, Entries, Others, Shared};
use super::ways::Entry;
use crate::hprof::ObjectId;
use crate::inspect::holders::{Held, is_thread};
use crate::inspect::{Context, InspectError};
use crate::ix::{ClassIx, ObjectIx};
use crate::report::{Holder, HolderKind, SuspectKind, normalise_thread};
use crate::snapshot::Snapshot;

/// A place in the heap.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// One object below which memory spreads out.
    Object { object: ObjectIx, own_bytes: u64 },
    /// Many objects of a class.
    Group {
        group: Group,
        /// Members, among those looked at, that have the holder.
        agreeing: u64,
        /// Members that were looked at.
        samples: u64,
        /// The holders of the others, with what each of them holds, as far as that can be told from those looked at.
        others: Vec<(Holder, u64)>,
        /// Whether it is of the JDK's texts, numbers or arrays of these.
        is_data: bool,
        /// Whether each of most of them is in a field that others have one each of, so that it is about these.
        is_of_each: bool,
    },
}

/// Places with the same holder.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) held: Held,
    parts: Vec<Part>,
    /// What would be freed; set by [`Self::settle`].
    bytes: u64,
    /// Whether the holder alone keeps all of it.
    alone: bool,
    /// Objects that retain all of it together and do not retain each other; empty where only samples are known.
    owners: Vec<ObjectIx>,
    /// What several of the objects with the holder's field lead to, and none of them keeps alone.
    among: Vec<ObjectIx>,
    /// What a thread's variables keep alive together and the holder's frame is to blame for.
    together: Vec<ObjectIx>,
    /// The thread that does.
    thread: Option<ObjectIx>,
    /// What other threads have in hand in methods that the holder's has called.
    joined: Vec<ObjectIx>,
    /// The class of which there are several copies, and how many.
    copies: Option<(String, u64)>,
    /// The threads that are too many, if it is their number that holds it.
    crowd: Option<Crowd>,
    /// Threads each of which keeps one of its objects, some of them, if that is what holds them.
    own_threads: Vec<ObjectIx>,
    /// What the threads do that hold it together, if there are several and they are no crowd.
    calls: Option<Doing>,
    /// The call that waits for what these threads do.
    serves: Option<Call>,
    /// The threads that do parts of this call's work.
    helpers: Option<Helpers>,
    /// How many calls of a method that calls itself hold it, each a part.
    nested: Option<u64>,
    /// Values of thread-locals whose key is gone, if that is what it is.
    stale: Option<Stale>,
    /// All who hold it, if there are several.
    shared: Option<Shared>,
    /// Whether it is named after who keeps it, to which the shortest path does not lead.
    is_by_keeper: bool,
    /// Whether so many others refer to it that nobody is its holder alone.
    is_referred_to: bool,
    /// Whether one of its own elements leads back to it, which something else has in hand.
    is_kept_by_element: bool,
    /// Whether methods of the JDK's are at work with it: the holder alone keeps it when they have returned.
    is_at_work: bool,
    /// Whether it is a collection of soft references, which are cleared before memory runs out.
    is_soft: bool,
    /// The rule that knows that it is as large as it is meant to be.
    meant: Option<String>,
    /// Whether it is a map that may evict, as far as the dump shows.
    may_evict: bool,
    /// Why it will never be larger, if nearly all of it is in something that nothing can be added to once it is made.
    cannot_grow: Option<Fixed>,
    /// Whether it has as many elements as the application's own code allows.
    is_at_limit: bool,
    /// The limit that the application's own code sets, where that is far.
    own_limit: Option<OwnLimit>,
    /// How large it is beside the rest.
    pub(super) size: Size,
    /// Whether little more would have fit into the heap.
    is_in_full_heap: bool,
    /// Whether it keeps the class loaders whose classes have taken all the room for classes: what it takes of the heap says nothing then.
    keeps_loaders: bool,
    /// Whether it is small beside the direct buffers, and without any, where these have taken all that is allowed.
    is_beside_direct: bool,
    /// Whether nothing but a single array was too large for the heap, which is nearly free.
    is_beside_array: bool,
}

/// Whether two objects have the same holder, whatever thread it is in.
pub(super) fn same_holder(a: &Held, b: &Held) -> bool {
    let place =
        |held: &Held| held.holder.frame.as_ref().map(|frame| (frame.class.clone(), frame.method.clone()));
    let thread = |held: &Held| held.holder.thread.as_deref().map(|name| normalise_thread(name).into_owned());
    // What a call has in hand goes with the call, whatever fields it is in.
    let is_of_call = |held: &Held| held.kind == SuspectKind::Load && held.holder.frame.is_some();
    if is_of_call(a) && is_of_call(b) {
        return place(a) == place(b) && thread(a) == thread(b);
    }
    // Whatever threads have values of a thread-local, they are that one's. Where its key is gone, or no field has it, only the threads tell one from another.
    let is_of_any_thread = a.holder.kind == HolderKind::ThreadLocal
        && a.holder.field.is_some()
        && !stale::is_map_of_threads(&a.holder);
    a.holder.kind == b.holder.kind
        && a.holder.class == b.holder.class
        && a.holder.field == b.holder.field
        && place(a) == place(b)
        && (is_of_any_thread || thread(a) == thread(b))
}

impl Story {
    /// Adds a place to the story of its holder.
    pub(super) fn add(stories: &mut Vec<Self>, held: Held, part: Part) {
        match stories.iter_mut().find(|story| same_holder(&story.held, &held)) {
            Some(story) => story.parts.push(part),
            None => stories.push(Self {
                held,
                parts: vec![part],
                bytes: 0,
                alone: false,
                owners: Vec::new(),
                among: Vec::new(),
                together: Vec::new(),
                thread: None,
                joined: Vec::new(),
                copies: None,
                crowd: None,
                own_threads: Vec::new(),
                calls: None,
                serves: None,
                helpers: None,
                nested: None,
                stale: None,
                shared: None,
                is_by_keeper: false,
                is_referred_to: false,
                is_kept_by_element: false,
                is_at_work: false,
                is_soft: false,
                meant: None,
                may_evict: false,
                cannot_grow: None,
                is_at_limit: false,
                own_limit: None,
                size: Size::Small,
                is_in_full_heap: false,
                keeps_loaders: false,
                is_beside_direct: false,
                is_beside_array: false,
            }),
        }
    }

    /// What would be freed, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes in what was told by itself.
    pub(super) fn grow_to(&mut self, bytes: u64) {
        self.bytes = bytes;
    }

    pub(super) fn share(&self, total: u64) -> f64 {
        if total == 0 { 0.0 } else { self.bytes as f64 / total as f64 }
    }

    /// The objects by whose entries it is seen who else holds it; none where that question does not arise.
    pub(super) fn entered_at(&self, snapshot: &Snapshot) -> Vec<ObjectIx> {
        const MOST: usize = 16;
        let held = self.held.object;
        let is_whole = |object: ObjectIx| object == held || snapshot.dominators().dominates(held, object);
        let is_by_threads = self.crowd.is_some() || !self.own_threads.is_empty();
        if self.held.kind != SuspectKind::Leak || self.copies.is_some() || is_by_threads {
            return Vec::new();
        }
        let objects: Vec<ObjectIx> = match self.main_part() {
            Part::Object { object, .. } => vec![*object],
            Part::Group { group, .. } => group.samples.iter().copied().take(MOST).collect(),
        };
        let entered = if objects.iter().all(|&object| is_whole(object)) { vec![held] } else { objects };
        // Classes, loaders and threads are referred to from everywhere.
        let belongs_to_many = |&object: &ObjectIx| {
            snapshot.mirrored_class(object).is_some()
                || is_thread(snapshot, object)
                || snapshot.classes().is_named(snapshot.class_of(object), "java.lang.ClassLoader")
        };
        if entered.iter().any(belongs_to_many) { Vec::new() } else { entered }
    }

    /// Finds out who else holds it.
    pub(super) fn look_for_others(
        &mut self,
        context: &Context<'_>,
        entries: &Entries,
    ) -> Result<(), InspectError> {
        let snapshot = context.snapshot;
        let entered = self.entered_at(snapshot);
        // Of what the holder does not refer to directly the nearest field counts, whatever it retains itself.
        let bytes = if entered == [self.held.object] { self.bytes } else { 0 };
        let count = match self.main_part() {
            Part::Group { group, .. } if entered != [self.held.object] => group.count,
            _ => 1,
        };
        let ownership = context.ownership()?;
        let elements = (entered.len() == 1).then(|| self.many_elements(snapshot)).flatten();
        let asked = Asked { bytes, count, whole_bytes: self.bytes, elements };
        match entries.shared(ownership, &entered, &self.held, asked)? {
            Others::None => {}
            Others::AtWork => (self.alone, self.is_at_work) = (true, true),
            Others::OfElements => {
                self.alone = false;
                self.is_kept_by_element = true;
            }
            Others::Many => {
                self.alone = false;
                self.is_referred_to = true;
            }
            Others::All(mut shared) => {
                self.alone = false;
                if let Some(keeper) = shared.keeper.take() {
                    (self.held, self.is_by_keeper) = (*keeper, true);
                }
                self.bytes = self.bytes.max(shared.together_bytes);
                // Where all others only work for the keeper it is nobody's besides.
                self.shared = Some(shared).filter(|shared| shared.holders.len() > 1);
            }
        }
        Ok(())
    }

    /// The biggest place. Objects that share their texts and numbers with others say more than these, although they retain less.
    fn main_part(&self) -> &Part {
        const DATA: u64 = 4;
        const OF_EACH: u64 = 32;
        let weight = |part: &&Part| {
            let of_what_says_more = match part {
                Part::Group { is_data: true, is_of_each: true, .. } => OF_EACH,
                part if part.is_data() => DATA,
                _ => 1,
            };
            part.own_bytes() / of_what_says_more
        };
        self.parts.iter().max_by_key(weight).expect("a story begins with a part")
    }

    /// What the variables of the call keep alive that has it in hand; nothing if it is no call of one thread.
    pub(super) fn in_hand(&self) -> Vec<ObjectIx> {
        self.together.clone()
    }

    /// The thread that does.
    pub(super) fn thread(&self) -> Option<ObjectIx> {
        self.thread
    }

    /// The object whose field the holder is.
    pub(super) fn declaring(&self, snapshot: &Snapshot) -> Option<ObjectIx> {
        let held = snapshot.address_of(self.held.object).0;
        let at = self.held.path.iter().position(|step| step.address == held)?;
        snapshot.find(ObjectId(self.held.path.get(at.checked_sub(1)?)?.address))
    }

    /// The references by which each of several holders holds it.
    pub(super) fn entries(&self) -> &[Entry] {
        self.shared.as_ref().map_or(&[], |shared| &shared.entries)
    }
}

impl Part {
    pub(super) fn object(&self) -> Option<ObjectIx> {
        match self {
            Self::Object { object, .. } => Some(*object),
            Self::Group { .. } => None,
        }
    }

    pub(super) fn samples(&self) -> &[ObjectIx] {
        match self {
            Self::Object { .. } => &[],
            Self::Group { group, .. } => &group.samples,
        }
    }

    fn is_data(&self) -> bool {
        matches!(self, Self::Group { is_data: true, .. })
    }

    fn is_group_of(&self, class: ClassIx) -> bool {
        matches!(self, Self::Group { group, .. } if group.class == class)
    }

    fn own_bytes(&self) -> u64 {
        match self {
            Self::Object { own_bytes, .. } => *own_bytes,
            Self::Group { group, .. } => group.bytes,
        }
    }
}
