//! Expressions asked of an object.
//!
//! Owns what a missing field means: nothing. A class of another version has other fields; a rule about it stays silent.
//! Cost: a record or two per field that is followed.

use super::expression::{Chain, Comparison, Condition, Expression, Function, Operator, Pick};
use super::in_hand;
use super::statement::without_literals;
use crate::hprof::{RootTag, Value};
use crate::inspect::bounds::{self, Passed};
use crate::inspect::holders::is_thread;
use crate::ix::{ClassIx, ObjectIx};
use crate::query::values;
use crate::query::{
    CollectionPart as Part, Origin, elements_of, heap_limit, kept_by_thread_local, origin_of, visit_part,
};
use crate::report::{normalise_class, normalise_thread};
use crate::snapshot::Snapshot;
use hashbrown::HashMap;
use rayon::prelude::*;
use std::ops::ControlFlow;

/// Elements of one collection that are looked at.
const MOST_PICKED: u32 = 1 << 20;
/// Values of many that `some` gives.
const MOST_IN_WORDS: usize = 3;
/// Objects that one thread looks at in a row.
const CHUNK: usize = 1 << 12;
/// How far ahead of its use a record is asked for.
const AHEAD: usize = 8;
/// Units of a text that are compared or shown at most.
const TEXT_LIMIT: usize = 300;

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    Null,
    Number(f64),
    Flag(bool),
    Text(String),
    Object(ObjectIx),
}

impl Outcome {
    fn of_value(snapshot: &Snapshot, value: Value) -> Option<Self> {
        match value {
            Value::Reference(id) if id.is_null() => Some(Self::Null),
            // A reference to what is not in the dump says nothing.
            Value::Reference(id) => snapshot.find(id).map(Self::Object),
            Value::Boolean(flag) => Some(Self::Flag(flag)),
            value => values::primitive(value).map(Self::Number),
        }
    }

    fn number(&self, snapshot: &Snapshot) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Flag(flag) => Some(f64::from(u8::from(*flag))),
            Self::Object(object) => values::number(snapshot, *object),
            _ => None,
        }
    }

    fn text(&self, snapshot: &Snapshot) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Object(object) => match snapshot.class_of_mirror(*object) {
                Some(class) => Some(normalise_class(&class.name).into_owned()),
                None => values::text(snapshot, *object, TEXT_LIMIT),
            },
            Self::Null => None,
        }
    }
}

/// Expressions asked of the objects of a snapshot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evaluator<'a> {
    pub(super) snapshot: &'a Snapshot,
}

impl Evaluator<'_> {
    /// Whether all conditions hold for `object`. What cannot be evaluated does not hold.
    pub(super) fn all_hold<'c>(
        self,
        conditions: impl IntoIterator<Item = &'c Condition>,
        object: ObjectIx,
    ) -> bool {
        let mut conditions = conditions.into_iter();
        conditions.all(|condition| condition.0.iter().any(|comparison| self.holds(comparison, object)))
    }

    /// Those of `objects` for which all conditions hold, in the same order. What is asked of their class alone is asked once of each class: of a common one
    /// there may be millions of instances.
    pub(super) fn fulfilling(self, conditions: &[Condition], objects: Vec<ObjectIx>) -> Vec<ObjectIx> {
        let (of_class, others): (Vec<&Condition>, Vec<&Condition>) =
            conditions.iter().partition(|condition| condition.is_of_class());
        let mut left = objects;
        if !of_class.is_empty() {
            let mut by_class: HashMap<ClassIx, bool> = HashMap::new();
            left.retain(|&object| {
                let holds = || self.all_hold(of_class.iter().copied(), object);
                *by_class.entry(self.snapshot.class_of(object)).or_insert_with(holds)
            });
        }
        if others.is_empty() {
            return left;
        }
        let parts = left.par_chunks(CHUNK).flat_map_iter(|part| {
            let ahead = part.iter().skip(AHEAD).map(Some).chain(std::iter::repeat(None));
            part.iter().zip(ahead).filter_map(|(&object, ahead)| {
                if let Some(&ahead) = ahead {
                    self.snapshot.prefetch_record(ahead);
                }
                self.all_hold(others.iter().copied(), object).then_some(object)
            })
        });
        parts.collect()
    }

    fn holds(self, comparison: &Comparison, object: ObjectIx) -> bool {
        let mut found = false;
        if let Some(pattern) = &comparison.pattern {
            self.each(&comparison.left, object, &mut |left| {
                let like = left.text(self.snapshot).is_some_and(|text| pattern.matches(&text));
                found |= like == (comparison.operator == Operator::Like);
                if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            return found;
        }
        self.each(&comparison.left, object, &mut |left| {
            if comparison.operator == Operator::LeadsTo && !self.leads_on(&left) {
                return ControlFlow::Continue(());
            }
            self.each(&comparison.right, object, &mut |right| {
                found |= self.compare(&left, comparison.operator, &right);
                if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found
    }

    /// Whether an object may lead to others: a text does not, nor does a boxed number. What it might lead to need not be looked up.
    fn leads_on(self, from: &Outcome) -> bool {
        let Outcome::Object(object) = *from else { return false };
        let name = &*self.snapshot.class(object).name;
        name != "java.lang.String" && self.snapshot.references().of(object).next().is_some()
    }

    fn compare(self, left: &Outcome, operator: Operator, right: &Outcome) -> bool {
        let snapshot = self.snapshot;
        let ordering = match (left, right) {
            (Outcome::Null, Outcome::Null) => Some(std::cmp::Ordering::Equal),
            (Outcome::Null, _) | (_, Outcome::Null) => {
                return operator == Operator::Unequal;
            }
            (Outcome::Object(left), Outcome::Object(right)) if operator == Operator::LeadsTo => {
                return leads_to(snapshot, *left, *right);
            }
            (Outcome::Object(left), Outcome::Object(right)) if left == right => {
                Some(std::cmp::Ordering::Equal)
            }
            _ => match (left.number(snapshot), right.number(snapshot)) {
                (Some(left), Some(right)) => left.partial_cmp(&right),
                _ => match (left.text(snapshot), right.text(snapshot)) {
                    (Some(left), Some(right)) => Some(left.cmp(&right)),
                    _ => None,
                },
            },
        };
        let Some(ordering) = ordering else {
            // Two objects that stand for no value are equal if they are one.
            let are_objects = matches!((left, right), (Outcome::Object(_), Outcome::Object(_)));
            return are_objects && operator == Operator::Unequal;
        };
        match operator {
            Operator::Equal => ordering.is_eq(),
            Operator::Unequal => ordering.is_ne(),
            Operator::Less => ordering.is_lt(),
            Operator::LessOrEqual => ordering.is_le(),
            Operator::Greater => ordering.is_gt(),
            Operator::GreaterOrEqual => ordering.is_ge(),
            Operator::Like | Operator::Unlike | Operator::LeadsTo => false,
        }
    }

    /// The number that an expression gives for `object`, the first one of several.
    pub(super) fn number(self, expression: &Expression, object: ObjectIx) -> Option<f64> {
        self.first(expression, object)?.number(self.snapshot)
    }

    /// The whole number that an expression gives for `object`, if that is what it gives: no text, no flag, no fraction.
    pub(super) fn whole_number(self, expression: &Expression, object: ObjectIx) -> Option<u64> {
        let outcome = self.first(expression, object)?;
        let is_number = match outcome {
            Outcome::Number(_) => true,
            Outcome::Object(found) => {
                self.snapshot.classes().is_named(self.snapshot.class_of(found), "java.lang.Number")
            }
            _ => false,
        };
        let number = outcome
            .number(self.snapshot)
            .filter(|number| is_number && *number >= 0.0 && number.fract() == 0.0)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        Some(number as u64)
    }

    /// The text that an expression gives for `object`, the first one of several. `null` for null, the class for an object without text.
    pub(super) fn text(self, expression: &Expression, object: ObjectIx) -> Option<String> {
        let outcome = self.first(expression, object)?;
        Some(match outcome {
            Outcome::Null => "null".to_owned(),
            // The number that the virtual machine gives a lambda says nothing.
            Outcome::Object(found)
                if self
                    .snapshot
                    .class_of_mirror(found)
                    .is_some_and(|class| class.name.contains("$$Lambda")) =>
            {
                normalise_class(&outcome.text(self.snapshot)?).into_owned()
            }
            Outcome::Object(found) => {
                outcome.text(self.snapshot).unwrap_or_else(|| self.snapshot.class_name(found).to_owned())
            }
            _ => outcome.text(self.snapshot)?,
        })
    }

    /// The object that an expression gives for `object`, the first one of several.
    pub(super) fn object(self, expression: &Expression, object: ObjectIx) -> Option<ObjectIx> {
        match self.first(expression, object)? {
            Outcome::Object(found) => Some(found),
            _ => None,
        }
    }

    fn first(self, expression: &Expression, object: ObjectIx) -> Option<Outcome> {
        let mut first = None;
        self.each(expression, object, &mut |outcome| {
            first = Some(outcome);
            ControlFlow::Break(())
        });
        first
    }

    /// Visits what an expression gives for `object`: one thing, or several where a path has `[*]`; nothing where a field is missing.
    fn each(
        self,
        expression: &Expression,
        object: ObjectIx,
        visit: &mut dyn FnMut(Outcome) -> ControlFlow<()>,
    ) {
        let snapshot = self.snapshot;
        match expression {
            Expression::Number(number) => _ = visit(Outcome::Number(*number)),
            Expression::Text(text) => _ = visit(Outcome::Text(text.clone())),
            Expression::Null => _ = visit(Outcome::Null),
            Expression::Path(chains) => {
                for chain in chains {
                    let mut any = false;
                    self.chain(chain, object, &mut |outcome| {
                        any = true;
                        visit(outcome)
                    });
                    if any {
                        return;
                    }
                }
            }
            Expression::Product(a, b) => {
                if let (Some(a), Some(b)) = (self.number(a, object), self.number(b, object)) {
                    let _ = visit(Outcome::Number(a * b));
                }
            }
            Expression::Sum(a, b) => {
                if let (Some(a), Some(b)) = (self.number(a, object), self.number(b, object)) {
                    let _ = visit(Outcome::Number(a + b));
                }
            }
            Expression::Call(Function::Sum | Function::Max | Function::Min | Function::Count, _) => {
                if let Some(number) = self.gather(expression, object) {
                    let _ = visit(Outcome::Number(number));
                }
            }
            Expression::Call(
                function @ (Function::InHand | Function::Reading | Function::OnStack),
                inner,
            ) => {
                let mut objects = Vec::new();
                self.each(inner, object, &mut |outcome| {
                    if let Outcome::Object(found) = outcome {
                        objects.push(found);
                    }
                    ControlFlow::Continue(())
                });
                let count = match function {
                    Function::InHand => in_hand::count(snapshot, &objects),
                    Function::Reading => Some(in_hand::reading(snapshot, &objects)),
                    _ => Some(in_hand::on_stacks(snapshot, &objects)),
                };
                if let Some(count) = count {
                    let _ = visit(Outcome::Number(count as f64));
                }
            }
            Expression::Call(Function::Some, inner) => {
                let mut few: Vec<String> = Vec::new();
                let mut are_all = true;
                self.each(inner, object, &mut |outcome| {
                    let is_new = |text: &String| !text.trim().is_empty() && !few.contains(text);
                    let Some(text) = outcome.text(snapshot).filter(is_new) else {
                        return ControlFlow::Continue(());
                    };
                    are_all = few.len() < MOST_IN_WORDS;
                    if !are_all {
                        return ControlFlow::Break(());
                    }
                    few.push(text);
                    ControlFlow::Continue(())
                });
                if !few.is_empty() {
                    let more = if are_all { "" } else { ", …" };
                    let _ = visit(Outcome::Text(few.join(", ") + more));
                }
            }
            Expression::Call(Function::Lineage, inner) => self.each(inner, object, &mut |outcome| {
                let Outcome::Object(found) = outcome else { return ControlFlow::Continue(()) };
                let mut lineage = snapshot.classes().lineage(snapshot.class_of(found));
                lineage.try_for_each(|(_, class)| visit(Outcome::Text(class.name.to_string())))
            }),
            Expression::Call(function, inner) => self.each(inner, object, &mut |outcome| {
                let result = match (function, &outcome) {
                    (Function::Pool, outcome) => {
                        outcome.text(snapshot).map(|name| Outcome::Text(normalise_thread(&name).into_owned()))
                    }
                    (Function::Statement, outcome) => {
                        outcome.text(snapshot).map(|sql| Outcome::Text(without_literals(&sql)))
                    }
                    (Function::Bytes, outcome) => outcome.number(snapshot).map(Outcome::Number),
                    (Function::Size, Outcome::Object(found)) => {
                        values::size(snapshot, *found).map(|size| Outcome::Number(size as f64))
                    }
                    (Function::Copies, Outcome::Object(found)) => {
                        Some(Outcome::Number(copies(snapshot, *found) as f64))
                    }
                    (Function::Retained, Outcome::Object(found)) => {
                        Some(Outcome::Number(snapshot.retained_bytes(*found) as f64))
                    }
                    (Function::Kept, Outcome::Object(found)) => {
                        Some(Outcome::Number(kept_by_thread_local(snapshot, *found) as f64))
                    }
                    (Function::Passed, Outcome::Object(found)) => Some(passed(snapshot, *found)),
                    (Function::Changeable, Outcome::Object(found)) => {
                        Some(Outcome::Flag(may_change(snapshot, *found)))
                    }
                    (Function::Shallow, Outcome::Object(found)) => {
                        Some(Outcome::Number(snapshot.shallow_bytes(*found) as f64))
                    }
                    _ => None,
                };
                result.map_or(ControlFlow::Continue(()), &mut *visit)
            }),
        }
    }

    /// One number of many values.
    fn gather(self, expression: &Expression, object: ObjectIx) -> Option<f64> {
        let Expression::Call(function, inner) = expression else { return None };
        let mut gathered = None::<f64>;
        self.each(inner, object, &mut |outcome| {
            let number = match function {
                Function::Count => (outcome != Outcome::Null).then_some(1.0),
                _ => outcome.number(self.snapshot),
            };
            if let Some(number) = number {
                gathered = Some(match (function, gathered) {
                    (_, None) => number,
                    (Function::Max, Some(most)) => most.max(number),
                    (Function::Min, Some(least)) => least.min(number),
                    (_, Some(sum)) => sum + number,
                });
            }
            ControlFlow::Continue(())
        });
        gathered.or((*function == Function::Count).then_some(0.0))
    }

    fn chain(self, chain: &Chain, object: ObjectIx, visit: &mut dyn FnMut(Outcome) -> ControlFlow<()>) {
        let snapshot = self.snapshot;
        // What is still to be done: an outcome and the steps that are left. One entry unless a step picks elements.
        let mut stack = Vec::new();
        match &chain.of_class {
            None => stack.push((Outcome::Object(object), 0)),
            Some(class) if class == "heap" => {
                let number = match &*chain.steps[0].name {
                    "limit" => heap_limit(snapshot, 0).map(|limit| limit.bytes),
                    "unmounted" => Some(in_hand::left_out(snapshot)),
                    "time" => Some(snapshot.origin().created_ms).filter(|&time| time > 0),
                    _ => None,
                };
                stack.extend(number.map(|number| (Outcome::Number(number as f64), 1)));
            }
            Some(class) => {
                let first = &chain.steps[0];
                let classes = snapshot.classes().named(class).iter();
                let value = classes
                    .filter_map(|&class| snapshot.classes().get(class).static_value(&first.name))
                    .next();
                if let Some(outcome) = value.and_then(|value| Outcome::of_value(snapshot, value)) {
                    picked(snapshot, outcome, first.pick, &mut |outcome| stack.push((outcome, 1)));
                }
            }
        }
        stack.reverse();
        while let Some((outcome, done)) = stack.pop() {
            let Some(step) = chain.steps.get(done) else {
                if visit(outcome).is_break() {
                    return;
                }
                continue;
            };
            let next = match outcome {
                Outcome::Null => Some(Outcome::Null),
                Outcome::Object(object) => step_from(snapshot, object, &step.name),
                _ => None,
            };
            let Some(next) = next else { continue };
            let before = stack.len();
            picked(snapshot, next, step.pick, &mut |outcome| stack.push((outcome, done + 1)));
            stack[before..].reverse();
        }
    }
}

/// The limit that a collection of the application's own has more than, in words; null if it has none.
fn passed(snapshot: &Snapshot, collection: ObjectIx) -> Outcome {
    bounds::passed(snapshot, collection).map_or(Outcome::Null, |Passed { limit, field: (class, name) }| {
        let class = class.rsplit('.').next().unwrap_or_default();
        Outcome::Text(format!("{class}.{name} = {limit}"))
    })
}

/// Whether an object is of a class of the application's or of a library's whose objects may change: no record, no constant, nothing without a field.
pub(in crate::inspect) fn may_change(snapshot: &Snapshot, object: ObjectIx) -> bool {
    const FIXED: [&str; 2] = ["java.lang.Record", "java.lang.Enum"];
    let class = snapshot.class_of(object);
    origin_of(snapshot, class) != Origin::Jdk
        && !FIXED.iter().any(|name| snapshot.classes().is_named(class, name))
        && snapshot.mirrored_class(object).is_none()
        && snapshot.fields(object).next().is_some()
}

/// The most copies that there are of a class which `loader` has defined: plug-ins and web applications that are loaded again and again define
/// the same names each time, while a language that makes a loader for each piece of code gives each class a name of its own.
fn copies(snapshot: &Snapshot, loader: ObjectIx) -> usize {
    const LOOKED_AT: usize = 256;
    let Some(classes) = snapshot.follow(loader, "classes") else { return 0 };
    let defined = elements_of(snapshot, classes, LOOKED_AT);
    let named = defined.into_iter().filter_map(|mirror| snapshot.class_of_mirror(mirror));
    named.map(|class| snapshot.classes().named(&class.name).len()).max().unwrap_or(0)
}

/// Whether references lead from one object to another within a few dozen objects.
fn leads_to(snapshot: &Snapshot, from: ObjectIx, to: ObjectIx) -> bool {
    const MOST_SEEN: usize = 64;
    let mut seen = vec![from];
    let mut at = 0;
    while let Some(&object) = seen.get(at) {
        at += 1;
        for next in snapshot.references().of(object) {
            if next == to {
                return true;
            }
            let is_new = !seen.contains(&next) && snapshot.mirrored_class(next).is_none();
            if is_new && seen.len() < MOST_SEEN {
                seen.push(next);
            }
        }
    }
    false
}

/// What a step leads to: a field, or one of the names that no field can have.
fn step_from(snapshot: &Snapshot, object: ObjectIx, name: &str) -> Option<Outcome> {
    match name {
        "this" => return Some(Outcome::Object(object)),
        "class" => {
            let class = snapshot.class(object);
            return Some(
                class.mirror.get().map_or_else(|| Outcome::Text(class.name.to_string()), Outcome::Object),
            );
        }
        // Where the dump names no threads nothing is known of any.
        "alive" if is_thread(snapshot, object) && !snapshot.threads().is_empty() => {
            let is_root = snapshot.roots_of(object).iter().any(|root| root.kind == RootTag::ThreadObject);
            return Some(Outcome::Flag(is_root));
        }
        _ => {}
    }
    if let Some(class) = snapshot.class_of_mirror(object) {
        return match class.static_value(name) {
            Some(value) => Outcome::of_value(snapshot, value),
            None if name == "loader" => Some(class.loader.get().map_or(Outcome::Null, Outcome::Object)),
            None => None,
        };
    }
    Outcome::of_value(snapshot, snapshot.field(object, name)?)
}

fn picked(snapshot: &Snapshot, outcome: Outcome, pick: Pick, take: &mut dyn FnMut(Outcome)) {
    let (part, only) = match pick {
        Pick::Whole => return take(outcome),
        Pick::Elements => (Part::Values, None),
        Pick::Keys => (Part::Keys, None),
        Pick::Element(at) => (Part::Values, Some(at)),
    };
    let Outcome::Object(object) = outcome else { return };
    let last = only.unwrap_or(MOST_PICKED);
    let mut at = 0;
    visit_part(snapshot, object, part, &mut |element| {
        if only.is_none_or(|only| only == at) {
            take(Outcome::Object(element));
        }
        at += 1;
        at <= last
    });
}
