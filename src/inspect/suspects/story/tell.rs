//! How a story becomes a suspect: the order in which it is looked at, and what is said of it.
//!
//! Owns the order; what each look finds is in the file of its name. Cost: the sum of these looks.

use super::extent::COMPOSITION;
use super::linked::Linked;
use super::own_list::OwnList;
use super::subject::Subject;
use super::words::{self, advice, fingerprint};
use super::{Part, Story, naming, standing};
use crate::hprof::ObjectId;
use crate::inspect::holders::{Ownership, is_thread, link_label, path_step};
use crate::inspect::suspects::{elements, ended, explain};
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::{Origin, RESOLVED, origin_of, origin_of_name};
use crate::report::{HolderShare, PathStep, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

impl Story {
    pub(in crate::inspect::suspects) fn tell(&self, context: &Context<'_>) -> Result<Suspect, InspectError> {
        let snapshot = context.snapshot;
        let total = context.histogram().total().shallow_bytes;
        let mut subject = self.subject(snapshot);
        self.name_by_loaders(context, &mut subject);
        let counted = self.composition(context);
        let composition = counted[..counted.len().min(COMPOSITION)].to_vec();
        naming::look_into_collections(snapshot, &mut subject, &composition);
        if self.held.kind == SuspectKind::Load && self.main_part().object().is_none() {
            naming::look_for_own(snapshot, &mut subject, &composition);
        }
        let path = self.path(context.ownership()?, &subject);
        self.count_beside(snapshot, &mut subject, &counted, &path);
        self.count_nodes(snapshot, &mut subject, &counted);
        self.count_in_wholes(snapshot, &mut subject);
        let parts = self.count_in_things(snapshot, &mut subject, &counted);
        let class = snapshot.classes().get(subject.class).name.to_string();
        let held = &self.held;
        let place = self.accumulation_point(snapshot, &subject);
        let contents = self.contents(snapshot, &subject, &composition, &counted);
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
        self.advise_on_rows(snapshot, &mut suspect);
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
        self.hold_by_field_of_rule(context, &mut suspect)?;
        // Whoever knows the library knows whether it goes.
        let of_task = self.task_that_may_loop(snapshot).filter(|_| suspect.rule.is_none());
        suspect.activity.extend(of_task);
        suspect.activity.extend(self.call_waits(snapshot));
        let linked = if suspect.rule.is_none() { self.linked(snapshot, &suspect)? } else { None };
        let partly = linked.as_ref().filter(|linked| linked.is_partly()).map(Linked::words);
        let linked = linked.filter(|linked| !linked.is_partly());
        match &linked {
            // The entry of a map in one of its nodes is none of the holder.
            Some(linked) if linked.is_tree() => {}
            _ => suspect.activity.extend(self.entry(context, &suspect)),
        }
        let own_list = self.own_list(snapshot, &suspect, linked.as_ref());
        let words = own_list.as_ref().map(OwnList::words);
        suspect.activity.extend(words.or_else(|| linked.as_ref().map(Linked::words)).or(partly));
        // Whoever owns them all puts them in and takes them out.
        let advice = match &own_list {
            Some(list) => list.advice(),
            None => linked.as_ref().and_then(Linked::advice),
        };
        if let Some(advice) = advice {
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
            match of_each {
                Some(of_each) => suspect.activity.push(of_each),
                None => self.tell_own_below(snapshot, &mut suspect),
            }
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
        self.tell_parts_of_each(snapshot, &mut suspect);
        self.look_at_its_sisters(context, &mut suspect)?;
        self.tell_if_failed(context, &mut suspect);
        self.tell_limit_too_high(context, &mut suspect);
        self.tell_if_unanswered(snapshot, &mut suspect, &objects);
        self.tell_if_chained(snapshot, &mut suspect)?;
        self.tell_how_to_be_sure(context, &mut suspect);
        if suspect.rule.is_none()
            && let Some(pool) = self.own_pool(snapshot)
        {
            pool.tell(&mut suspect);
        }
        self.tell_what_is_captured(snapshot, &mut suspect, &subject);
        if let Some(slices) = self.slices(snapshot, &suspect, &suspect.composition) {
            self.tell_slices(snapshot, &mut suspect, &slices);
        }
        self.tell_what_was_taken_out(snapshot, &mut suspect);
        suspect.activity.extend(self.places_of_lambdas(snapshot, &subject));
        suspect.activity.extend(self.reached_by(snapshot, &suspect)?);
        suspect.activity.extend(self.none_is_young(context, &suspect, &subject));
        suspect.activity.extend(self.is_being_loaded(snapshot).filter(|_| !self.is_in_full_heap));
        self.tell_states(context, &mut suspect, &subject);
        self.tell_spread(context, &mut suspect, &subject);
        self.tell_how_keys_look(context, &mut suspect);
        self.tell_if_keys_may_change(snapshot, &mut suspect, &subject);
        if suspect.standing == Standing::Blamed {
            self.tell_room(context, &mut suspect);
        }
        if suspect.standing == Standing::Blamed
            && let Some(owner) = self.declaring(snapshot)
            && let Some((text, is_alone)) = ended::told(snapshot, held, owner)
        {
            if is_alone && ended::was_to_empty(&text) {
                words::prove_with(&mut suspect, ended::advice(&text));
            }
            if is_alone { &mut suspect.activity } else { &mut suspect.advice }.push(text);
        } else if suspect.standing == Standing::Blamed {
            self.tell_who_takes(snapshot, &mut suspect)?;
        }
        if suspect.standing == Standing::Blamed
            && let Some(list) = &own_list
        {
            list.tell_who_takes(snapshot, &mut suspect);
        }
        self.fit_advice(snapshot, &mut suspect, own_list.as_ref());
        self.tell_if_it_rests(snapshot, &mut suspect);
        self.tell_what_is_bounded_beside(context, &mut suspect, &subject);
        self.tell_what_things_have(snapshot, &mut suspect, parts);
        suspect.advice.splice(0..0, self.advice_by_activity());
        Ok(suspect)
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
        let is_whole = down.iter().all(|step| step.address != 0);
        let near = is_whole && (self.held.path.len() + 1..self.held.path.len() + 12).contains(&down.len());
        if same && near {
            return down;
        }
        // What is held at two places has one shortest path, which may lead by the other one.
        let held = ownership.snapshot().address_of(self.held.object).0;
        let at = |path: &[PathStep]| path.iter().position(|step| step.address == held);
        match at(&self.held.path).zip(at(&down)) {
            Some((above, below)) if self.is_by_keeper && is_whole && down.len() < below + 12 => {
                [&self.held.path[..above], &down[below..]].concat()
            }
            _ => self.lead_down(ownership.snapshot(), subject),
        }
    }

    /// The path to the holder, and on to what has most of an object of the application's that a call has in hand: a job says less than the cube that it computes.
    fn lead_down(&self, snapshot: &Snapshot, subject: &Subject) -> Vec<PathStep> {
        const STEPS: usize = 4;
        let mut path = self.held.path.clone();
        let held = self.held.object;
        let is_asked = self.held.kind == SuspectKind::Load
            && subject.variable.is_none()
            && subject.class == snapshot.class_of(held)
            && path.last().is_some_and(|last| last.address == snapshot.address_of(held).0);
        let is_own = |object: ObjectIx| {
            origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
                && !snapshot.class(object).is_array()
                && !is_thread(snapshot, object)
        };
        let mut at = held;
        for _ in 0..STEPS {
            if !is_asked || !is_own(at) {
                break;
            }
            let below = snapshot.dominators().children(at).iter().copied();
            let largest = below.max_by_key(|&child| (snapshot.retained_bytes(child), child));
            let is_most =
                |&child: &ObjectIx| snapshot.retained_bytes(child) * 10 >= snapshot.retained_bytes(at) * 6;
            let next = largest.filter(is_most).and_then(|next| Some((next, snapshot.link(at, next)?)));
            let Some((next, link)) = next else { break };
            if let Some(last) = path.last_mut() {
                last.field = Some(link_label(snapshot, link));
            }
            path.push(path_step(snapshot, next, None));
            at = next;
        }
        path
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
