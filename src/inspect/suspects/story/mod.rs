//! A suspect in the making: places with one owner, what they have in common, and how it is told.

mod arrays;
mod beside;
mod buffers;
mod captured;
mod consumer;
mod copies;
mod coroutines;
mod emptied;
mod entry;
mod extent;
mod few;
mod fitting;
mod keys;
mod known;
mod library_keys;
mod linked;
mod listeners;
mod loading;
mod meant;
mod naming;
mod of_library;
mod own;
mod own_threads;
mod per_thread;
mod queued;
mod reached;
mod served;
mod sisters;
mod spare;
mod stale;
mod standing;
mod subject;
mod taken_out;
mod threads;
mod unanswered;
mod views;
mod wholes;
mod words;
mod young;

pub(super) use entry::ENTRY;
use linked::Linked;
use meant::OwnLimit;
pub(super) use own::OWN_BELOW;
use served::{Call, Helpers};
use stale::Stale;
use standing::Fixed;
pub(super) use standing::{Size, Whole};
use subject::Subject;
pub(super) use words::{advice, fingerprint, most_in_field, title, title_full_of};

use super::accumulate::Group;
use super::crowd::{Crowd, Doing};
use super::elements;
use super::ended;
use super::explain;
use super::shared::{Asked, Entries, Others, Shared};
use super::ways::Entry;
use crate::hprof::ObjectId;
use crate::inspect::holders::{Held, Ownership, is_thread};
use crate::inspect::{Context, InspectError};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{Origin, RESOLVED, origin_of_name};
use crate::report::{Holder, HolderShare, PathStep, Standing, Suspect, SuspectKind, Text, normalise_thread};
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
    a.holder.kind == b.holder.kind
        && a.holder.class == b.holder.class
        && a.holder.field == b.holder.field
        && place(a) == place(b)
        && thread(a) == thread(b)
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
            Others::OfElements => self.alone = false,
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
                self.shared = Some(shared);
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

    pub(super) fn tell(&self, context: &Context<'_>) -> Result<Suspect, InspectError> {
        let snapshot = context.snapshot;
        let total = context.histogram().total().shallow_bytes;
        let mut subject = self.subject(snapshot);
        let composition = self.composition(context);
        naming::look_into_collections(snapshot, &mut subject, &composition);
        if self.held.kind == SuspectKind::Load && self.main_part().object().is_none() {
            naming::look_for_own(snapshot, &mut subject, &composition);
        }
        let path = self.path(context.ownership()?, &subject);
        self.count_beside(snapshot, &mut subject, &composition, &path);
        self.count_in_wholes(snapshot, &mut subject);
        let class = snapshot.classes().get(subject.class).name.to_string();
        let held = &self.held;
        let place = self.accumulation_point(snapshot, &subject);
        let contents = self.contents(snapshot, &subject, &composition);
        let title = self.shared_title(&class, subject.instances, contents.as_ref());
        let is_shared = title.is_some();
        let of_crowd = self.crowd.as_ref().map(|crowd| crowd.title(held.holder.frame.as_ref()));
        let title =
            of_crowd.or_else(|| self.title_of_recursion()).or(title).unwrap_or_else(|| match &contents {
                Some(contents) => words::title_with(&class, contents, &held.holder),
                None => self
                    .title_beside(snapshot, &subject, &composition)
                    .unwrap_or_else(|| words::title(held.kind, &class, subject.instances, &held.holder)),
            });
        let mut suspect = Suspect {
            rank: 0,
            kind: held.kind,
            standing: Standing::Blamed,
            pattern: subject.pattern,
            title,
            fingerprint: fingerprint(held.kind, &class, &held.holder),
            class,
            instances: subject.instances,
            retained_bytes: self.bytes,
            share: self.share(total),
            holder: held.holder.clone(),
            until: self.until(snapshot),
            holders: self.holders(),
            path_graph: None,
            path_graph_of: None,
            together_bytes: self.exactly_shared().map_or(0, |shared| shared.together_bytes),
            accumulation_point: place,
            path,
            root: Some(held.root.clone()),
            composition,
            examples: Vec::new(),
            rule: None,
            backlog: false,
            cache: false,
            activity: self.activity(context.ownership()?),
            advice: Vec::new(),
            confidence: self.confidence(),
            evidence: self.evidence(&subject),
        };
        suspect.advice = advice(&suspect);
        if self.nested.is_some() {
            suspect.advice = vec![Text::message("suspect-advice-recursion")];
        }
        if self.shared.is_some() {
            suspect.advice.extend(self.advice_on_sharing(context, &suspect)?);
        }
        let mut known = vec![held.object];
        known.extend(self.crowd.as_ref().map(|crowd| crowd.largest));
        known.extend(subject.variable);
        known.extend(subject.elements.map(|elements| elements.first));
        known.extend(self.main_part().samples());
        known.extend(self.main_part().cleaned(snapshot));
        known.extend(self.declaring(snapshot));
        let container = self.main_part().object();
        let mut objects = explain::objects(snapshot, subject.class, &known, container, &suspect.path);
        if let Some(carried) =
            Self::carried(snapshot, &subject, &objects, &suspect.composition).filter(|_| !is_shared)
        {
            let is_plumbing = |&object: &ObjectIx| elements::is_plumbing(snapshot, object);
            let is_plumbing = self.main_part().samples().first().is_some_and(is_plumbing);
            suspect.title = if is_plumbing || !self.own_threads.is_empty() {
                // Nobody knows the entries of a library's map by their class, nor what it has a thread run.
                words::title(suspect.kind, &carried, suspect.instances, &suspect.holder)
            } else {
                words::title_carrying(&suspect.class, suspect.instances, &carried, &suspect.holder)
            };
        }
        if let Some(known) = self.retell(context, &mut suspect)? {
            objects.insert(0, known);
        }
        context.rules().explain(snapshot, &mut suspect, &objects);
        if self.is_soft {
            suspect.advice = vec![Text::message("suspect-advice-soft")];
        } else if let Some(rule) = self.meant.as_deref().and_then(|id| context.rules().find(id)) {
            if suspect.rule.as_deref() != Some(rule.id()) {
                suspect.examples.clear();
            }
            suspect.rule = Some(rule.id().to_owned());
            suspect.advice = rule.advice_on(snapshot);
            suspect.advice.push(Text::message("suspect-advice-meant"));
        } else if self.is_at_limit {
            suspect.advice = vec![Text::message("suspect-advice-meant")];
        } else if !standing::is_wrong_by_rule(context, &suspect) {
            // What a rule knows only as a cache may be full of what another one finds wrong.
            let known = suspect.rule.clone();
            self.name_by_finding(context, &mut suspect)?;
            if suspect.rule == known {
                self.explain_by_finding(context, &mut suspect)?;
            }
        }
        self.leave_to_rule(context, &mut suspect);
        // Whoever knows the library knows whether it goes.
        let of_task = self.task_that_may_loop(snapshot).filter(|_| suspect.rule.is_none());
        suspect.activity.extend(of_task);
        let linked = if suspect.rule.is_none() { self.linked(snapshot, &suspect)? } else { None };
        match &linked {
            // The entry of a map in one of its nodes is none of the holder.
            Some(linked) if linked.is_tree() => {}
            _ => suspect.activity.extend(self.entry(context, &suspect)),
        }
        suspect.activity.extend(linked.as_ref().map(Linked::words));
        if let Some(advice) = linked.as_ref().and_then(Linked::advice) {
            suspect.advice.splice(..suspect.advice.len().min(1), [advice]);
        }
        if suspect.rule.is_none()
            && suspect.kind == SuspectKind::Leak
            && let Some((keys, advice)) = self.keys_without_equals(snapshot)
        {
            suspect.activity.push(keys);
            suspect.advice = vec![advice];
        } else if suspect.rule.is_none()
            && let Some((same, advice)) = self.same_elements(snapshot, &subject)
        {
            suspect.activity.push(same);
            suspect.advice.insert(0, advice);
        }
        if self.is_left_over() {
            // No call of the code that was at work then can remove them any more.
            suspect.examples.clear();
            suspect.advice = words::advice(&suspect);
        }
        self.advise_by_owners_of_threads(context, &mut suspect)?;
        self.tell_if_full(snapshot, &mut suspect);
        let on_path: Vec<ObjectIx> =
            suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address))).collect();
        self.tell_who_works_it_off(snapshot, &on_path, &mut suspect)?;
        if let Some(name) = self.known_as(context, &suspect, &on_path)? {
            suspect.title = words::title_known(name, &suspect.holder);
            suspect.activity.extend(self.entries_by_rule(context, &suspect)?);
        }
        if linked.is_none() {
            let of_each = self.own_field_of_each(context.ownership()?, &suspect);
            suspect.activity.extend(of_each.or_else(|| self.own_below(snapshot, &suspect)));
        }
        suspect.activity.extend(self.leads_to_in_each(snapshot, &suspect, &subject));
        if suspect.rule.is_none()
            && let Some(spare) =
                self.spare(snapshot).or_else(|| self.spare_inside(context, &suspect.composition))
        {
            spare.tell(snapshot, &mut suspect);
        }
        suspect.standing = self.standing(context, &suspect, &subject, contents.as_ref());
        if suspect.standing == Standing::Largest {
            self.tell_as_largest(&mut suspect);
            self.tell_own_limit(&mut suspect);
            suspect.activity.extend(self.free_buffers(snapshot).map(|buffers| buffers.words(snapshot)));
        }
        self.tell_if_emptied(context, &mut suspect, &subject)?;
        self.tell_if_table_of_library(context, &mut suspect, &subject);
        self.look_into_library(snapshot, &mut suspect);
        self.tell_keys_of_library(context, &mut suspect);
        self.tell_if_each_grows(snapshot, &mut suspect, &subject);
        self.look_at_its_sisters(context, &mut suspect)?;
        self.tell_limit_too_high(context, &mut suspect);
        self.tell_if_unanswered(snapshot, &mut suspect, &objects);
        self.tell_how_to_be_sure(context, &mut suspect);
        self.tell_what_is_captured(snapshot, &mut suspect, &subject);
        self.tell_what_was_taken_out(snapshot, &mut suspect);
        suspect.activity.extend(self.places_of_lambdas(snapshot, &subject));
        suspect.activity.extend(self.reached_by(snapshot, &suspect)?);
        suspect.activity.extend(self.none_is_young(context, &suspect, &subject));
        suspect.activity.extend(self.is_being_loaded(snapshot).filter(|_| !self.is_in_full_heap));
        if suspect.standing == Standing::Blamed {
            self.tell_room(context, &mut suspect);
        }
        if suspect.standing == Standing::Blamed
            && let Some(owner) = self.declaring(snapshot)
            && let Some((text, is_alone)) = ended::told(snapshot, held, owner)
        {
            if is_alone { &mut suspect.activity } else { &mut suspect.advice }.push(text);
        } else if suspect.standing == Standing::Blamed {
            self.tell_who_takes(snapshot, &mut suspect)?;
        }
        self.fit_advice(snapshot, &mut suspect);
        suspect.advice.splice(0..0, self.advice_by_activity());
        Ok(suspect)
    }

    /// The object whose field the holder is.
    pub(super) fn declaring(&self, snapshot: &Snapshot) -> Option<ObjectIx> {
        let held = snapshot.address_of(self.held.object).0;
        let at = self.held.path.iter().position(|step| step.address == held)?;
        snapshot.find(ObjectId(self.held.path.get(at.checked_sub(1)?)?.address))
    }

    /// The path down to one of the elements, or to the variable of the frame that holds it all.
    fn path(&self, ownership: &Ownership<'_>, subject: &Subject) -> Vec<PathStep> {
        let frame = self.held.holder.frame.as_ref();
        if let Some(crowd) = self.crowd.as_ref().filter(|crowd| crowd.bytes == self.bytes) {
            let down = ownership.path_to(crowd.largest_part(ownership.snapshot()));
            // It begins at the thread unless something else leads to it by a shorter way.
            let thread = ownership.snapshot().address_of(crowd.largest).0;
            if down.iter().any(|step| step.address == thread) {
                return down;
            }
        }
        if let (Some(variable), Some(frame), Some(thread)) = (subject.variable, frame, self.thread) {
            return ownership.path_by_local(thread, frame, variable);
        }
        let down = subject.elements.map(|elements| ownership.path_to(elements.first)).unwrap_or_default();
        // The element may have a shorter path that leads past the holder.
        let same = self.held.path.iter().zip(&down).all(|(a, b)| a.address == b.address);
        // A link deep in a chain is as good as the first one.
        let near = (self.held.path.len() + 1..self.held.path.len() + 12).contains(&down.len());
        if same && near {
            return down;
        }
        // What is held at two places has one shortest path, which may lead by the other one.
        let held = ownership.snapshot().address_of(self.held.object).0;
        let at = |path: &[PathStep]| path.iter().position(|step| step.address == held);
        match at(&self.held.path).zip(at(&down)) {
            Some((above, below)) if self.is_by_keeper && down.len() < below + 12 => {
                [&self.held.path[..above], &down[below..]].concat()
            }
            _ => self.held.path.clone(),
        }
    }

    /// The references by which each of several holders holds it.
    pub(super) fn entries(&self) -> &[Entry] {
        self.shared.as_ref().map_or(&[], |shared| &shared.entries)
    }

    /// All who hold it; where only samples of it are known, an estimate of what each of the others holds.
    fn holders(&self) -> Vec<HolderShare> {
        if self.shared.is_some() {
            return self.exactly_shared().map_or_else(Vec::new, |shared| shared.holders.clone());
        }
        /// Who holds less than this part of it holds a constant that looks like it.
        const LEAST: u64 = 16;
        let groups = self.parts.iter().filter_map(|part| match part {
            Part::Group { others, .. } => Some(others),
            Part::Object { .. } => None,
        });
        let estimated = groups
            .flatten()
            .map(|(holder, bytes)| HolderShare { holder: holder.clone(), alone_bytes: *bytes });
        let mut all: Vec<HolderShare> = Vec::new();
        for share in estimated.filter(|share| !self.is_noise_beside(share)) {
            match all.iter_mut().find(|known| known.holder == share.holder) {
                Some(known) => known.alone_bytes += share.alone_bytes,
                None => all.push(share),
            }
        }
        all.retain(|share| share.alone_bytes.saturating_mul(LEAST) >= self.bytes);
        all.sort_by_key(|share| std::cmp::Reverse(share.alone_bytes));
        all.truncate(5);
        all
    }

    /// A table of the JDK has objects of every common class, too: where the application or a library is to blame for most of them, that says nothing,
    /// unless it is a good part of what is no mere text. Nor does the JVM's own list of the constants of a class.
    fn is_noise_beside(&self, share: &HolderShare) -> bool {
        const GOOD_PART: u64 = 5;
        let other = &share.holder;
        let of_jdk = other.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Jdk);
        let is_small = self.main_part().is_data() || share.alone_bytes.saturating_mul(GOOD_PART) < self.bytes;
        // A thread-local that no field refers to has no name.
        let is_nameless = other.class.is_none() && other.frame.is_none();
        is_nameless
            || other.field.as_deref() == Some(RESOLVED)
            || of_jdk && self.held.origin != Origin::Jdk && is_small
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
