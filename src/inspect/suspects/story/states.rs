//! What the fields of the things that pile up say of whether these are done with: closed sessions that are still registered, leases that ran out an hour ago.
//!
//! Owns which names of fields say so, and of which values. What is told is what the fields have; that nobody needs the things any more is concluded only where
//! they are a leak for other reasons, for a table of closed accounts is data. Cost: the class column once for each suspect, and the records of some thousand
//! objects.

use super::keys::mixed;
use super::listeners;
use super::state_names::{Asks, Says, asked_by, is_of_no_use_later, said_by, says_taken_out, words_of_name};
use super::subject::Subject;
use super::words::{self, General, simple_name};
use super::{Part, Story};
use crate::hprof::Value;
use crate::inspect::Context;
use crate::inspect::suspects::elements::{counted_with, is_plumbing};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{
    CollectionPart, Origin, is_literal, is_made_by_compiler, mask_value, origin_of, values, visit_part,
};
use crate::report::{Arg, Holder, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{FieldValue, Link, Snapshot};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// Objects that are looked at,
const MOST: u64 = 1 << 12;
/// and at least so many, or nothing is said of them.
const FEW: usize = 20;
/// The part of them of which it has to be so, in tenths.
const NEARLY_ALL: usize = 9;
/// The part of them, in tenths, of which it is worth telling though the others are not so.
const MANY: usize = 6;
/// Owners each of which is asked whether it has an object.
const FEW_OWNERS: usize = 64;
/// Steps up to one of more owners.
const MOST_STEPS: usize = 64;
/// Objects of a class that are asked for a value that none of those that are looked at has.
const MOST_ASKED: u64 = 1 << 20;
/// A moment that lies further back than this, in days, is a date in the data, or no moment.
const DAYS: i64 = 400;
/// What is said of the states, at most.
const MOST_SAID: usize = 2;

/// What is said where they are a leak, of flags and constants, and of moments.
const DONE_WITH: [&str; 2] = ["suspect-state-done", "suspect-state-passed-done"];

/// What the values of one field have in common.
struct Tally {
    /// Its place among the fields of the class.
    at: usize,
    name: String,
    asks: Asks,
    /// How many say that their object is done with: flags, moments, and counts.
    done: usize,
    /// How many moments never come.
    never: usize,
    by_constant: HashMap<ObjectIx, usize>,
}

/// What is told of one field.
struct State {
    field: String,
    /// The value that nearly all have, but of moments.
    value: Option<String>,
    kind: Told,
    count: usize,
    says: Says,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Flag,
    Passed,
    Since,
    Constant,
    Left,
    Never,
}

/// What the fields of some objects say of whether these are done with, and what to do with what `holder` has of them then.
pub(in crate::inspect) fn states_of(
    context: &Context<'_>,
    objects: Vec<ObjectIx>,
    holder: &Holder,
) -> (Vec<Text>, Option<Text>) {
    let snapshot = context.snapshot;
    let objects = of_one_class(snapshot, objects);
    let Some((class, samples, states)) = states(context, &objects) else { return (Vec::new(), None) };
    let told = states.iter().enumerate().map(|(at, state)| state.words(snapshot, class, samples, at == 0));
    let first = states.first().filter(|state| state.says != Says::Nothing);
    (told.collect(), first.map(|state| Text::with(state.advice()[0], state.advice_args(holder))))
}

impl Story {
    /// Tells of many things of one class what state they are in, if nearly all of them are in the same.
    pub(super) fn tell_states(&self, context: &Context<'_>, suspect: &mut Suspect, subject: &Subject) {
        let elements = subject.elements.map_or(0, |elements| elements.count);
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.instances.max(elements) >= FEW as u64;
        if !is_asked {
            return;
        }
        let snapshot = context.snapshot;
        let sampled = self.sampled(snapshot, subject);
        let states = states(context, &sampled).or_else(|| {
            let below = below(snapshot, &sampled);
            let mut below = below.into_iter().chain(self.keys_of_map(snapshot, suspect));
            below.find_map(|objects| states(context, &objects))
        });
        let Some((class, samples, states)) = states else { return };
        // Where it may only be data there is nothing to conclude.
        let is_no_data = states.first().is_some_and(|state| {
            state.says == Says::Done
                && (is_of_no_use_later(&simple_name(&snapshot.classes().get(class).name))
                    || state.kind == Told::Flag && says_taken_out(&state.field))
        });
        if is_no_data {
            words::make_sure(&mut suspect.advice);
        }
        let is_leak = is_no_data || !suspect.is_leak_if_it_grows();
        if let Some(done) = states.first().filter(|state| state.says != Says::Nothing) {
            done.advise(suspect);
        }
        for (at, state) in states.iter().enumerate().rev() {
            // What follows is said of the first.
            let text = state.words(snapshot, class, samples, is_leak && at == 0);
            if state.says == Says::Done {
                suspect.activity.insert(0, text);
            } else {
                suspect.activity.push(text);
            }
        }
    }

    /// Whether nearly all of the objects that it is about say that they are done with: then a number of them that looks like a limit is none.
    pub(super) fn are_done_with(&self, context: &Context<'_>) -> bool {
        let snapshot = context.snapshot;
        let found = states(context, &self.sampled(snapshot, &self.subject(snapshot)));
        found.is_some_and(|(_, _, states)| states.first().is_some_and(|state| state.says == Says::Done))
    }

    /// Some of the objects that the suspect is about, from all over it: what lambdas have captured in place of these.
    fn sampled(&self, snapshot: &Snapshot, subject: &Subject) -> Vec<ObjectIx> {
        let of_elements = subject.elements.map(|elements| (elements.class, elements.count));
        let candidates = [Some((subject.class, subject.instances)), of_elements];
        let Some((class, count)) = candidates
            .into_iter()
            .flatten()
            .find(|&(class, count)| count >= FEW as u64 && may_tell(snapshot, class))
        else {
            return Vec::new();
        };
        let is_lambda = is_lambda(snapshot, class);
        let classes = if is_lambda { counted_with(snapshot, class) } else { vec![class] };
        let some = self.spread_over(snapshot, &classes, count);
        if !is_lambda {
            return some;
        }
        let captured = |&lambda: &ObjectIx| {
            let mut targets = snapshot.references().of(lambda);
            targets.find(|&target| {
                let class = snapshot.class_of(target);
                snapshot.mirrored_class(target).is_none()
                    && may_tell(snapshot, class)
                    && !is_lambda_of(snapshot, target)
            })
        };
        let mut captured: Vec<ObjectIx> = some.iter().filter_map(captured).collect();
        captured.sort_unstable();
        captured.dedup();
        of_one_class(snapshot, captured)
    }

    /// Objects of these classes from all over the suspect, of which it has so many.
    fn spread_over(&self, snapshot: &Snapshot, classes: &[ClassIx], count: u64) -> Vec<ObjectIx> {
        let tree = snapshot.dominators();
        let all: u64 = classes.iter().map(|class| snapshot.class_counts()[class.index()].instances).sum();
        let is_all = all <= count + count / 10;
        let members: &[ObjectIx] = match self.main_part() {
            Part::Group { group, .. } => &group.members,
            Part::Object { .. } => &[],
        };
        let owners: HashSet<ObjectIx> = self.owners.iter().copied().collect();
        let is_in_it = |object: ObjectIx| {
            if is_all {
                return true;
            }
            if !members.is_empty() {
                return members.binary_search(&object).is_ok();
            }
            if owners.len() <= FEW_OWNERS {
                return owners.iter().any(|&owner| owner == object || tree.dominates(owner, object));
            }
            let mut above = std::iter::once(object).chain(tree.dominators(object).take(MOST_STEPS));
            above.any(|above| owners.contains(&above))
        };
        // By chance, and the same ones each time: at even distances there may be something else between them.
        let step = usize::try_from(all.div_ceil(MOST)).unwrap_or(usize::MAX).max(1);
        let is_chosen = |object: &ObjectIx| mixed(object.index() as u64).is_multiple_of(step);
        let chosen = classes.iter().flat_map(|&class| {
            let instances = snapshot.par_instances(class).filter(is_chosen);
            instances.filter(|&object| tree.is_reachable(object) && is_in_it(object)).collect::<Vec<_>>()
        });
        chosen.take(usize::try_from(MOST).unwrap_or(usize::MAX)).collect()
    }

    /// Some of the keys of the map that has nearly all of it.
    fn keys_of_map(&self, snapshot: &Snapshot, suspect: &Suspect) -> Option<Vec<ObjectIx>> {
        let mut keys = Vec::new();
        visit_part(snapshot, self.map_with_it(snapshot, suspect)?, CollectionPart::Keys, &mut |key| {
            keys.push(key);
            keys.len() < 1 << 12
        });
        let may_tell = keys.first().is_some_and(|&key| may_tell(snapshot, snapshot.class_of(key)));
        may_tell.then(|| of_one_class(snapshot, keys))
    }
}

/// Whether a text says that nearly all are done with, and still held.
pub(super) fn is_done_with(text: &Text) -> bool {
    text.is_one_of(&DONE_WITH)
}

/// Whether objects of a class may have fields of somebody's that say something.
fn may_tell(snapshot: &Snapshot, class: ClassIx) -> bool {
    origin_of(snapshot, class) != Origin::Jdk && !snapshot.classes().get(class).is_array()
}

fn is_lambda(snapshot: &Snapshot, class: ClassIx) -> bool {
    snapshot.classes().get(class).name.contains("$$Lambda")
}

fn is_lambda_of(snapshot: &Snapshot, object: ObjectIx) -> bool {
    is_lambda(snapshot, snapshot.class_of(object))
}

/// Those of the commonest class, if nearly all are of it.
fn of_one_class(snapshot: &Snapshot, mut objects: Vec<ObjectIx>) -> Vec<ObjectIx> {
    let Some(class) = objects.first().map(|&object| snapshot.class_of(object)) else { return Vec::new() };
    let whole = objects.len();
    objects.retain(|&object| snapshot.class_of(object) == class);
    if objects.len() * 10 >= whole * NEARLY_ALL { objects } else { Vec::new() }
}

/// The objects that nearly each of these has one of its own of in a field: what a message in an envelope is, by field. Those that belong to others as well are among
/// them: they may be what is in another state.
fn below(snapshot: &Snapshot, wrappers: &[ObjectIx]) -> Vec<Vec<ObjectIx>> {
    let mut by_field: Vec<(String, usize, Vec<ObjectIx>)> = Vec::new();
    for &wrapper in wrappers {
        snapshot.links(wrapper, |link, target| {
            let class = snapshot.class_of(target);
            if let Link::Field { class: declaring, name } = link
                && class != snapshot.class_of(wrapper)
                && may_tell(snapshot, class)
                && !is_plumbing(snapshot, target)
                && !snapshot.classes().get(declaring).name.contains("$$Lambda")
            {
                let is_own = snapshot.dominators().immediate_dominator(target).object() == Some(wrapper);
                match by_field.iter_mut().find(|(field, ..)| field == name) {
                    Some((_, own, targets)) => {
                        *own += usize::from(is_own);
                        targets.push(target);
                    }
                    None => by_field.push((name.to_owned(), usize::from(is_own), vec![target])),
                }
            }
            true
        });
    }
    by_field
        .into_iter()
        .filter(|&(_, own, _)| own * 10 >= wrappers.len() * NEARLY_ALL)
        .map(|(_, _, targets)| of_one_class(snapshot, targets))
        .collect()
}

/// The states that nearly all of some objects of one class are in, their class, and how many were looked at.
fn states(context: &Context<'_>, objects: &[ObjectIx]) -> Option<(ClassIx, usize, Vec<State>)> {
    let snapshot = context.snapshot;
    let &first = objects.first().filter(|_| objects.len() >= FEW)?;
    let class = snapshot.class_of(first);
    let of_class = words_of_name(&simple_name(&snapshot.classes().get(class).name));
    let may_tell = |value: &FieldValue<'_>| {
        let declaring = &snapshot.classes().get(value.class).name;
        may_tell(snapshot, value.class) && !is_made_by_compiler(declaring, &value.field.name)
    };
    let mut tallies: Vec<Tally> = snapshot
        .fields(first)
        .enumerate()
        .filter(|(_, value)| may_tell(value))
        .filter_map(|(at, value)| {
            let asks = asked_by(&value.field.name, &of_class);
            // What a field of a library is there for is not known by its constants.
            let is_own = origin_of(snapshot, value.class) == Origin::Application;
            let constant = || constant_in(snapshot, value.value).filter(|_| is_own);
            let is_constant = || constant().is_some_and(|object| is_enum(snapshot, object));
            Some((at, value, asks.or_else(|| is_constant().then_some(Asks::Constant))?))
        })
        .map(|(at, value, asks)| {
            let name = value.field.name.to_string();
            Tally { at, name, asks, done: 0, never: 0, by_constant: HashMap::new() }
        })
        .collect();
    if tallies.is_empty() {
        return None;
    }
    let now_ms = i64::try_from(snapshot.origin().created_ms).unwrap_or(0);
    for &object in objects {
        let mut fields = snapshot.fields(object).enumerate();
        for tally in &mut tallies {
            // Both are in the order of the fields.
            if let Some((_, value)) = fields.find(|&(at, _)| at == tally.at) {
                tally.add(snapshot, value.value, now_ms);
            }
        }
    }
    let mut states: Vec<State> =
        tallies.iter().filter_map(|tally| tally.state(context, class, objects)).collect();
    states.sort_by_key(|state| (state.says, state.kind));
    if states.first().is_some_and(|first| first.says == Says::Done) {
        // What else they are says nothing more.
        states.retain(|state| state.says == Says::Done);
    }
    states.truncate(MOST_SAID);
    (!states.is_empty()).then_some((class, objects.len(), states))
}

/// A flag, also one in an object of its own.
fn flag_of(snapshot: &Snapshot, value: Value) -> Option<bool> {
    match value {
        Value::Boolean(flag) => Some(flag),
        Value::Reference(id) => {
            let object = snapshot.find(id)?;
            let is_flag = ["java.lang.Boolean", "java.util.concurrent.atomic.AtomicBoolean"]
                .contains(&snapshot.class_name(object));
            snapshot.integer(object, "value").filter(|_| is_flag).map(|value| value != 0)
        }
        _ => None,
    }
}

/// A whole number that counts something, also one in an object of its own.
fn count_of(snapshot: &Snapshot, value: Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(number.into()),
        Value::Long(number) => Some(number),
        Value::Reference(id) => {
            let object = snapshot.find(id)?;
            let is_number = matches!(
                snapshot.class_name(object),
                "java.lang.Long"
                    | "java.lang.Integer"
                    | "java.util.concurrent.atomic.AtomicLong"
                    | "java.util.concurrent.atomic.AtomicInteger"
            );
            snapshot.integer(object, "value").filter(|_| is_number)
        }
        _ => None,
    }
}

/// What a moment is beside the time of the dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Passed,
    Never,
    Other,
}

/// Whether a moment has passed, in milliseconds or seconds since 1970. Other numbers, as those of a clock that starts with the machine, are no moments to us.
fn when(snapshot: &Snapshot, value: Value, now_ms: i64) -> When {
    const DAY_MS: i64 = 86_400_000;
    let is_past = |ms: i64| (now_ms - DAYS * DAY_MS..now_ms).contains(&ms);
    let of_object = |object| match snapshot.class_name(object) {
        "java.time.Instant" => snapshot.integer(object, "seconds")?.checked_mul(1000),
        "java.util.Date" | "java.sql.Timestamp" => snapshot.integer(object, "fastTime"),
        _ => None,
    };
    let object = value.reference().and_then(|id| snapshot.find(id));
    if let Some(ms) = object.and_then(of_object) {
        return if is_past(ms) { When::Passed } else { When::Other };
    }
    match count_of(snapshot, value) {
        Some(i64::MAX) => When::Never,
        Some(number) if is_past(number) || number.checked_mul(1000).is_some_and(is_past) => When::Passed,
        _ => When::Other,
    }
}

impl Tally {
    fn add(&mut self, snapshot: &Snapshot, value: Value, now_ms: i64) {
        match self.asks {
            Asks::Flag { set, .. } => match flag_of(snapshot, value) {
                Some(flag) => self.done += usize::from(flag == set),
                // How many are open or pending.
                None if !set => self.never += usize::from(count_of(snapshot, value) == Some(0)),
                None => {}
            },
            Asks::State | Asks::Constant => {
                if let Some(object) = constant_in(snapshot, value) {
                    *self.by_constant.entry(object).or_default() += 1;
                }
            }
            Asks::Moment => match when(snapshot, value, now_ms) {
                When::Passed => self.done += 1,
                When::Never => self.never += 1,
                When::Other => {}
            },
            Asks::Since(_) => {
                let is_set = match value {
                    Value::Reference(id) => {
                        !id.is_null() && count_of(snapshot, value).is_none_or(|at| at > 0)
                    }
                    _ => count_of(snapshot, value).is_some_and(|at| at > 0),
                };
                self.done += usize::from(is_set);
            }
            Asks::Left => self.done += usize::from(count_of(snapshot, value) == Some(0)),
        }
    }

    /// What is to be told of it, of so many objects of that class.
    fn state(&self, context: &Context<'_>, class: ClassIx, objects: &[ObjectIx]) -> Option<State> {
        let snapshot = context.snapshot;
        let is_nearly_all = |count: usize| count * 10 >= objects.len() * NEARLY_ALL;
        let are_many = |count: usize| count * 10 >= objects.len() * MANY;
        let state = |kind, value: Option<&str>, count, says| {
            let value = value.map(str::to_owned);
            Some(State { field: self.name.clone(), value, kind, count, says })
        };
        match self.asks {
            Asks::Flag { set: true, says, .. } if is_nearly_all(self.done) => {
                state(Told::Flag, Some("true"), self.done, says)
            }
            // What is done with is taken out by nobody, though others are not yet.
            Asks::Flag { set: true, says, .. } if says != Says::Nothing && are_many(self.done) => {
                state(Told::Flag, Some("true"), self.done, Says::Recorded)
            }
            Asks::Flag { set: false, says, is_set_at_first } if is_nearly_all(self.done) => {
                // What nobody has ever set is the value that each field begins with.
                let was_set = self.done < objects.len() || self.is_anywhere_set(snapshot, class);
                let flag = (was_set || is_set_at_first).then_some("false");
                let says = if was_set { says } else { Says::Nothing };
                flag.and_then(|flag| state(Told::Flag, Some(flag), self.done, says))
            }
            Asks::Flag { .. } if self.never == objects.len() => {
                state(Told::Left, Some("0"), self.never, Says::Nothing)
            }
            Asks::Flag { .. } => None,
            Asks::State | Asks::Constant => {
                let (&constant, &count) =
                    self.by_constant.iter().max_by_key(|&(&object, &count)| (count, object))?;
                let value = constant_name(context, constant).filter(|_| is_nearly_all(count))?;
                let says = said_by(&value);
                let is_told = match says {
                    Says::Done => true,
                    Says::Recorded => origin_of(snapshot, class) == Origin::Application,
                    // Nobody knows what those of a library mean.
                    Says::Nothing => {
                        self.asks == Asks::State && origin_of(snapshot, class) == Origin::Application
                    }
                };
                if is_told { state(Told::Constant, Some(&value), count, says) } else { None }
            }
            Asks::Moment if is_nearly_all(self.done) => state(Told::Passed, None, self.done, Says::Done),
            Asks::Moment if self.never == objects.len() => {
                state(Told::Never, None, self.never, Says::Nothing)
            }
            // A table of invoices has such dates as well.
            Asks::Moment if are_many(self.done) => state(Told::Passed, None, self.done, Says::Nothing),
            Asks::Moment => None,
            Asks::Since(Says::Done) if is_nearly_all(self.done) => {
                state(Told::Since, None, self.done, Says::Done)
            }
            // What all have they may have had from the first.
            Asks::Since(_) if are_many(self.done) && self.done < objects.len() => {
                state(Told::Since, None, self.done, Says::Recorded)
            }
            Asks::Since(_) => None,
            Asks::Left if self.done == objects.len() => {
                state(Told::Left, Some("0"), self.done, Says::Nothing)
            }
            Asks::Left => None,
        }
    }

    /// Whether any object of the class has the flag set, garbage as well.
    fn is_anywhere_set(&self, snapshot: &Snapshot, class: ClassIx) -> bool {
        let counts = &snapshot.class_counts()[class.index()];
        let is_set = |object: ObjectIx| {
            let value = snapshot.fields(object).nth(self.at);
            value.and_then(|value| flag_of(snapshot, value.value)) == Some(true)
        };
        counts.instances + counts.unreachable_instances <= MOST_ASKED
            && snapshot.par_instances(class).any(is_set)
    }
}

/// The constant that a field has, also one in an object of its own.
fn constant_in(snapshot: &Snapshot, value: Value) -> Option<ObjectIx> {
    let object = value.reference().and_then(|id| snapshot.find(id))?;
    match snapshot.class_name(object) {
        "java.util.concurrent.atomic.AtomicReference" => snapshot.follow(object, "value"),
        _ => Some(object),
    }
}

fn is_enum(snapshot: &Snapshot, object: ObjectIx) -> bool {
    snapshot.classes().is_named(snapshot.class_of(object), "java.lang.Enum")
}

/// What a constant of the code is called: that of an enumeration, or a text that stands in the code.
fn constant_name(context: &Context<'_>, object: ObjectIx) -> Option<String> {
    const LONGEST: usize = 40;
    let snapshot: &Snapshot = context.snapshot;
    if snapshot.string_units(object).is_some() {
        let may_be_shown = context.options.strings || is_literal(snapshot, object);
        let text = values::text(snapshot, object, LONGEST).filter(|_| may_be_shown)?;
        return Some(format!("\"{}\"", mask_value(&text)));
    }
    is_enum(snapshot, object).then(|| values::plain(snapshot, object)).flatten()
}

impl State {
    /// That nearly all have it; and what follows from that, where it is a leak.
    fn words(&self, snapshot: &Snapshot, class: ClassIx, samples: usize, is_leak: bool) -> Text {
        let id = match (self.kind, self.says == Says::Done && is_leak) {
            (Told::Passed, true) => DONE_WITH[1],
            (Told::Passed, false) => "suspect-state-passed",
            (Told::Never, _) => "suspect-state-never",
            (_, true) => DONE_WITH[0],
            (_, false) => "suspect-state",
        };
        let args = [
            ("field", Arg::name(self.field.clone())),
            ("count", Arg::Count(self.count as u64)),
            ("samples", Arg::Count(samples as u64)),
            ("others", Arg::Count((samples - self.count) as u64)),
            ("class", Arg::name(simple_name(&snapshot.classes().get(class).name).into_owned())),
        ];
        let value = self.value_words().map(|value| ("value", value));
        Text::with(id, args.into_iter().chain(value))
    }

    /// What the field has.
    fn value_words(&self) -> Option<Arg> {
        match (&self.value, self.kind) {
            (_, Told::Since) => Some(Arg::text(Text::message("suspect-state-value-set"))),
            (value, _) => value.as_deref().map(Arg::name),
        }
    }

    /// What is to be done, without and with the condition that it grows.
    fn advice(&self) -> [&'static str; 2] {
        match (self.kind, self.says) {
            (Told::Passed, _) => ["suspect-advice-passed", "suspect-advice-passed-if-it-grows"],
            (_, Says::Done) => ["suspect-advice-done", "suspect-advice-done-if-it-grows"],
            _ => ["suspect-advice-recorded", "suspect-advice-recorded-if-it-grows"],
        }
    }

    fn advice_args(&self, holder: &Holder) -> Vec<(&'static str, Arg)> {
        vec![
            ("holder", holder.words()),
            ("field", Arg::name(self.field.clone())),
            ("value", self.value_words().unwrap_or_else(|| Arg::name(""))),
        ]
    }

    /// Says what to do with what is done with in place of what is said of any leak.
    fn advise(&self, suspect: &mut Suspect) {
        let args = self.advice_args(&suspect.holder);
        let of_listeners = suspect.advice.iter().position(|text| text.is_message("suspect-advice-listeners"));
        let list = listeners::field_of(suspect).map(|list| ("list", Arg::name(list)));
        if let (Some(at), Some(list), Some(_), Says::Done) = (of_listeners, list, &self.value, self.says) {
            let args = args.into_iter().chain([list]);
            suspect.advice[at] = Text::with("suspect-advice-done-listeners", args);
            return;
        }
        let ids = self.advice();
        let of_each = || General::of_each(&suspect.advice).filter(|_| self.says == Says::Done);
        let Some(general) = General::of(&suspect.advice).or_else(of_each) else {
            // What is chained goes when whoever has the first one lets go of it: when that is, the state tells.
            if suspect.advice.first().is_some_and(|text| text.is_message("suspect-advice-chain")) {
                let id = ids[usize::from(suspect.is_leak_if_it_grows())];
                suspect.advice.insert(0, Text::with(id, args));
            }
            return;
        };
        general.replace_with(suspect, ids, args);
        // It comes before what would only make each smaller.
        if let Some(at) = suspect.advice.iter().position(|text| text.is_message(ids[0])) {
            suspect.advice[..=at].rotate_right(1);
        }
    }
}
