//! Rules: what is known of libraries, as data.
//!
//! What it finds: objects of known libraries that are there too often, hold too much, are in the wrong state, or miss their threads.
//! Why it matters: a class name and a size do not tell what to change; somebody who knows the library can, and has written it down.
//! How: each rule of a TOML file names classes, conditions on an instance, and from how many or how much on it speaks (`rule`); the
//! objects of all those classes are gathered in one pass over the heap and judged rule by rule (`apply`).
//! False positives: a rule's thresholds are what is unusual, not what is wrong; a service with 100 brokers has 100 factories.
//!
//! Owns the rule language (`docs/rules.md`) and the built-in set (`builtin/*.toml`). Cost: one pass over the class column of the heap, and a
//! few records for each object of a class that some rule asks about.

mod apply;
mod behind;
mod building;
mod evaluate;
mod expression;
mod garbage;
mod in_hand;
mod inspection;
mod labels;
mod parse;
mod rule;
mod statement;
mod sums;
mod tell;
mod trial;
mod weight;
mod words;

pub(in crate::inspect) use evaluate::may_change;
pub(in crate::inspect) use tell::ENTRIES;

pub use inspection::Rules;
pub use parse::RuleError;
pub use rule::Rule;
pub use trial::{Trial, list_section, trial_section};

use super::{Context, InspectError};
use crate::hprof::ObjectId;
use crate::ix::{ClassIx, ObjectIx};
use crate::report::{Cell, Finding, Pattern, SHARED, Severity, Suspect, Text, figures};
use crate::snapshot::Snapshot;
use std::sync::{Arc, LazyLock};

/// The files of the built-in set. Of several rules that know an object equally well the first explains it.
const BUILTIN: &[(&str, &str)] = &[
    ("tomcat.toml", include_str!("builtin/tomcat.toml")),
    ("spring.toml", include_str!("builtin/spring.toml")),
    ("activemq.toml", include_str!("builtin/activemq.toml")),
    ("poi.toml", include_str!("builtin/poi.toml")),
    ("documents.toml", include_str!("builtin/documents.toml")),
    ("easyexcel.toml", include_str!("builtin/easyexcel.toml")),
    ("redis.toml", include_str!("builtin/redis.toml")),
    ("pools.toml", include_str!("builtin/pools.toml")),
    ("orm.toml", include_str!("builtin/orm.toml")),
    ("netty.toml", include_str!("builtin/netty.toml")),
    ("http.toml", include_str!("builtin/http.toml")),
    ("messaging.toml", include_str!("builtin/messaging.toml")),
    ("caches.toml", include_str!("builtin/caches.toml")),
    ("async.toml", include_str!("builtin/async.toml")),
    ("data.toml", include_str!("builtin/data.toml")),
    ("dataflow.toml", include_str!("builtin/dataflow.toml")),
    ("frameworks.toml", include_str!("builtin/frameworks.toml")),
    ("logging.toml", include_str!("builtin/logging.toml")),
    ("json.toml", include_str!("builtin/json.toml")),
    ("jdk.toml", include_str!("builtin/jdk.toml")),
    ("java.toml", include_str!("builtin/java.toml")),
];

static BUILTIN_SET: LazyLock<Arc<RuleSet>> = LazyLock::new(|| {
    let parsed =
        BUILTIN.iter().map(|(file, text)| parse::parse(text, file).expect("the built-in rules are tested"));
    Arc::new(RuleSet { rules: parsed.flatten().map(Arc::new).collect() })
});

/// Rules, in the order in which they explain a suspect.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
}

impl RuleSet {
    /// The rules that come with the program.
    pub fn builtin() -> Arc<Self> {
        Arc::clone(&BUILTIN_SET)
    }

    /// The rules of a file; `file` is how errors name it.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str, file: &str) -> Result<Self, RuleError> {
        Ok(Self { rules: parse::parse(text, file)?.into_iter().map(Arc::new).collect() })
    }

    /// Puts the rules of `other` before these. A rule of the same id replaces the one that was there.
    pub fn extend(&mut self, other: Self) {
        self.rules.retain(|rule| other.find(rule.id()).is_none());
        self.rules.splice(0..0, other.rules);
    }

    /// All rules.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter().map(|rule| &**rule)
    }

    /// The rule of that id.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.iter().find(|rule| rule.id() == id)
    }

    /// Applies all rules, most severe findings first.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<Finding>, InspectError> {
        apply::run(&self.rules, context)
    }

    /// How far each rule gets on a heap: what it looks at, what fulfils its conditions, what it reports.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn trial(&self, context: &Context<'_>) -> Result<Vec<Trial>, InspectError> {
        apply::trial(&self.rules, context)
    }

    /// The rule that knows most about instances of a class: one that names the class itself before one that names a super class, a severe
    /// one before a mild one.
    pub fn for_class(&self, snapshot: &Snapshot, class: ClassIx) -> Option<&Rule> {
        nearest(self.iter().filter(|rule| rule.explains_suspects), snapshot, class)
    }

    /// The first of `objects` that a rule about single instances names and that fulfils the rule's conditions, with the rule: for a suspect the
    /// object that its holder refers to, then those on the way to what fills it. How many there are of a class tells nothing here.
    /// `count` is how many things the suspect is full of, `bytes` and `share` are its own.
    fn for_objects(
        &self,
        snapshot: &Snapshot,
        objects: &[ObjectIx],
        count: u64,
        bytes: u64,
        share: f64,
    ) -> Option<(&Rule, ObjectIx)> {
        objects.iter().find_map(|&object| {
            let holds = self.singles(bytes, share).filter(|rule| rule.holds_for(snapshot, object));
            let holds = holds.filter(|rule| !is_far_too_small(snapshot, rule, object, count));
            nearest(holds, snapshot, snapshot.class_of(object)).map(|rule| (rule, object))
        })
    }

    /// The rules about single instances that explain a suspect of that size.
    fn singles(&self, bytes: u64, share: f64) -> impl Iterator<Item = &Rule> {
        let explains = |rule: &&Rule| rule.explains_suspects && rule.per == rule::Per::Instance;
        self.iter().filter(explains).filter(move |rule| rule.is_worth_telling(bytes, share))
    }

    /// The rule that knows `store`, which the holder of a suspect of that size refers to, by a field of its own in which things pile up, and finds it
    /// wrong: a registry that nobody empties.
    fn for_store(&self, snapshot: &Snapshot, store: ObjectIx, bytes: u64, share: f64) -> Option<&Rule> {
        let class = snapshot.class_of(store);
        let names_a_field = |rule: &&Rule| {
            snapshot.classes().lineage(class).any(|(_, class)| rule.knows_field_of(&class.name))
        };
        let wrong = self.singles(bytes, share).filter(|rule| rule.severity() > Severity::Info);
        nearest(wrong.filter(names_a_field).filter(|rule| rule.holds_for(snapshot, store)), snapshot, class)
    }

    /// The first of `objects` as which a suspect is better known, with the rule that says so: a database rather than a page of it.
    pub(in crate::inspect) fn better_known(
        &self,
        snapshot: &Snapshot,
        objects: &[ObjectIx],
        bytes: u64,
        share: f64,
    ) -> Option<(&Rule, ObjectIx)> {
        let naming = || self.iter().filter(|rule| rule.names_suspects);
        objects.iter().find_map(|&object| {
            let knows =
                |rule: &&Rule| rule.is_worth_telling(bytes, share) && rule.holds_for(snapshot, object);
            naming().find(knows).map(|rule| (rule, object))
        })
    }

    /// As what the first of `objects`, which lie around each other, that a rule can name is known to who uses the library: `Hazelcast map sessions`.
    /// If there is none, the last of those on the `path` from a root: these need not retain anything, so that the rule has to hold for it. One that is
    /// about a field knows only what is in that.
    pub(in crate::inspect) fn known_as(
        &self,
        snapshot: &Snapshot,
        objects: &[ObjectIx],
        path: &[ObjectIx],
    ) -> Option<Text> {
        let evaluator = evaluate::Evaluator { snapshot };
        // What many instances are called together is no name of one.
        let naming = || {
            let naming = self.iter().filter(|rule| !rule.has_parts());
            naming.filter_map(|rule| Some((rule, rule.known_as.as_ref()?)))
        };
        let name = |object: ObjectIx, knows: &dyn Fn(&Rule) -> bool| {
            let (_, words) = naming().find(|(rule, _)| knows(rule))?;
            Some(words.fill(snapshot, &words::Filling { object: Some(object), ..words::Filling::default() }))
        };
        // An executor that something else is reached through is not its tasks.
        let is_about = |rule: &Rule, object: ObjectIx| {
            let Some(held) = rule.holds.as_ref() else { return true };
            let held = evaluator.object(held, object);
            held.is_some_and(|held| objects.contains(&held) || path.contains(&held))
        };
        let around = objects.iter().find_map(|&object| {
            // What is told as one of them only where there are too many is not called so where there are few.
            let class = snapshot.class_of(object);
            let is_known = |rule: &Rule| !rule.names_suspects && rule.distance(snapshot, class).is_some();
            // A cache with a limit is named with it.
            let holds = |rule: &Rule| rule.holds_for(snapshot, object);
            let named = name(object, &|rule| holds(rule) && is_about(rule, object));
            named.or_else(|| name(object, &|rule| is_known(rule) && is_about(rule, object)))
        });
        let on_path = || {
            path.iter().rev().find_map(|&object| {
                name(object, &|rule| rule.holds_for(snapshot, object) && is_about(rule, object))
            })
        };
        around.or_else(on_path)
    }

    /// The rule, marked so, that knows one of `objects`, which are full of `count` things, to be as large as it is meant to be.
    pub(in crate::inspect) fn meant(
        &self,
        snapshot: &Snapshot,
        objects: &[ObjectIx],
        count: u64,
    ) -> Option<&Rule> {
        let mut meant = self.iter().filter(|rule| rule.meant);
        let knows = |rule: &Rule, object: ObjectIx| {
            rule.holds_for(snapshot, object) && !is_far_too_small(snapshot, rule, object, count)
        };
        meant.find(|rule| objects.iter().any(|&object| knows(rule, object)))
    }

    /// Whether a rule knows one of `objects` as a cache of which nothing is wrong that the dump would show.
    pub(in crate::inspect) fn may_evict(&self, snapshot: &Snapshot, objects: &[ObjectIx]) -> bool {
        let mut caches =
            self.iter().filter(|rule| rule.kind == Some(rule::Kind::Cache) && rule.is_largest_only());
        caches.any(|rule| objects.iter().any(|&object| rule.holds_for(snapshot, object)))
    }

    /// Whether a rule about single instances finds one of `objects` wrong. `bytes` and `share` are those of the suspect that they are.
    pub(in crate::inspect) fn finds_wrong(
        &self,
        snapshot: &Snapshot,
        objects: &[ObjectIx],
        bytes: u64,
        share: f64,
    ) -> bool {
        objects.iter().any(|&object| self.wrong(snapshot, object, bytes, share).is_some())
    }

    /// The rule about single instances that finds an object wrong. `bytes` and `share` are as in [`Self::finds_wrong`].
    pub(in crate::inspect) fn wrong(
        &self,
        snapshot: &Snapshot,
        object: ObjectIx,
        bytes: u64,
        share: f64,
    ) -> Option<&Rule> {
        let mut warnings = self.singles(bytes, share).filter(|rule| rule.severity() > Severity::Info);
        warnings.find(|rule| rule.holds_for(snapshot, object))
    }

    /// How many elements an object has and may have, as far as a rule that knows it to be as large as it is meant to be describes them (as
    /// `entries` and `limit`). `None` if no rule knows it.
    pub(in crate::inspect) fn limit_of(
        &self,
        snapshot: &Snapshot,
        object: ObjectIx,
    ) -> Option<(Option<u64>, Option<u64>)> {
        let mut limited = self.iter().filter(|rule| rule.meant || rule.kind == Some(rule::Kind::Cache));
        let rule = limited.find(|rule| rule.holds_for(snapshot, object))?;
        let number = |label| number(snapshot, rule, label, object);
        Some((number("entries"), number("limit")))
    }

    /// The rule that knows most about `count` objects of a class, of which `samples` are some: one whose conditions hold for at least half of them,
    /// and that finds so many unusual.
    fn for_crowd(
        &self,
        snapshot: &Snapshot,
        class: ClassIx,
        count: u64,
        samples: &[ObjectIx],
    ) -> Option<&Rule> {
        let evaluator = evaluate::Evaluator { snapshot };
        // A few cancelled tasks among many that wait do not explain them.
        let holds_for_most = |rule: &Rule| {
            let holds = |object: &ObjectIx| evaluator.all_hold(&rule.conditions, *object);
            let mut hold: Vec<ObjectIx> = samples.iter().copied().filter(holds).collect();
            rule.leave_out_what_is_built(snapshot, &mut hold);
            !hold.is_empty() && hold.len() * 2 >= samples.len()
        };
        let fits = |rule: &&Rule| {
            rule.explains_suspects
                && count > rule.expected
                // Without an object to look at only a rule that asks for nothing fits.
                && (samples.is_empty() && rule.conditions.is_empty() || holds_for_most(rule))
        };
        nearest(self.iter().filter(fits), snapshot, class)
    }

    /// The rule that knows a field which holds much, written `Class.field` in the rule's `holders`. The field alone tells nothing of a cache with a limit:
    /// what the rule asks for must hold for one of the objects that `around` gives, which lie around what is held.
    fn for_holder(
        &self,
        snapshot: &Snapshot,
        class: &str,
        field: &str,
        around: impl Fn() -> Vec<ObjectIx>,
    ) -> Option<&Rule> {
        let mut named = self.iter().filter(|rule| rule.knows_holder(class, field));
        named.find(|rule| rule.asks_for_nothing() || rule.holds_for_one_of(snapshot, &around()))
    }

    /// A few of `objects` in words, as the rule wants its instances described; the usual ones first, with how often they were met.
    pub fn examples(&self, snapshot: &Snapshot, rule: &Rule, objects: &[ObjectIx]) -> Vec<Text> {
        tell::examples(snapshot, rule, objects)
    }

    /// Gives a suspect the rule that knows its class or its holder, that rule's advice, and examples out of `objects`, which are instances
    /// of the suspect's class or what its holder refers to. Leaves a suspect alone that no rule knows.
    pub fn explain(&self, snapshot: &Snapshot, suspect: &mut Suspect, objects: &[ObjectIx]) {
        let class = snapshot.classes().named(&suspect.class).first().copied();
        let samples: Vec<ObjectIx> =
            objects.iter().copied().filter(|&object| Some(snapshot.class_of(object)) == class).collect();
        let elements = suspect.accumulation_point.as_ref().map_or(0, |place| place.elements);
        let count = suspect.instances.max(elements);
        let is_small = |rule: &&Rule| {
            let one = samples.first().filter(|_| suspect.instances == 1);
            one.is_some_and(|&one| is_far_too_small(snapshot, rule, one, count))
        };
        let by_class = class
            .and_then(|class| self.for_crowd(snapshot, class, suspect.instances, &samples))
            .filter(|rule| !is_small(rule));
        let by_owner = || {
            let (class, owners) = owners_of_each(snapshot, &samples)?;
            self.for_crowd(snapshot, class, suspect.instances, &owners)
        };
        let (bytes, share) = (suspect.retained_bytes, suspect.share);
        let by_object = || {
            let found = self.for_objects(snapshot, objects, count, bytes, share);
            found.map(|(rule, _)| rule)
        };
        let by_holder = || {
            let (class, field) = (suspect.holder.class.as_deref()?, suspect.holder.field.as_deref()?);
            let around = || {
                let path = suspect.path.iter().filter_map(|step| snapshot.find(ObjectId(step.address)));
                path.chain(objects.iter().copied()).collect()
            };
            self.for_holder(snapshot, class, field, around)
        };
        // Who empties the store lets go of all that is in it.
        let by_store = objects.first().and_then(|&store| self.for_store(snapshot, store, bytes, share));
        let Some(rule) = by_store.or(by_class).or_else(by_object).or_else(by_holder).or_else(by_owner) else {
            return;
        };
        let known: Vec<ObjectIx> = objects
            .iter()
            .copied()
            .filter(|&object| rule.distance(snapshot, snapshot.class_of(object)).is_some())
            .collect();
        suspect.examples = without_count(self.examples(snapshot, rule, &known), suspect.instances);
        let filling = words::Filling {
            count: suspect.instances,
            retained_bytes: suspect.retained_bytes,
            share: suspect.share,
            holder: Some(suspect.holder.label()),
            class: suspect.class.clone(),
            expected: rule.expected,
            varied: sums::varied(snapshot, rule, &known),
            object: known.first().copied(),
            ..words::Filling::default()
        };
        // What keeps class loaders is known better by its field than by what class loaders have in common.
        let by_field =
            by_holder().filter(|known| suspect.pattern == Pattern::ClassLoader && known.id != rule.id);
        let all = by_field.into_iter().chain([rule]).flat_map(|rule| &rule.advice);
        let advice: Vec<Text> = all.filter_map(|words| words.fill_if_known(snapshot, &filling)).collect();
        let at = if rule.is_about_small(snapshot, suspect) { suspect.advice.len() } else { 0 };
        suspect.advice.splice(at..at, advice);
        // Who else refers to a metric is nothing to change where the rule says what is to be taken out of it.
        if by_store.is_some() {
            suspect.advice.retain(|text| !text.is_one_of(&SHARED[..1]));
        }
        rule.name(suspect);
    }
}

/// What has one of `samples` each, if these are of one class: references with what each of them is to release.
fn owners_of_each(snapshot: &Snapshot, samples: &[ObjectIx]) -> Option<(ClassIx, Vec<ObjectIx>)> {
    let tree = snapshot.dominators();
    let mut owners: Vec<ObjectIx> =
        samples.iter().filter_map(|&sample| tree.immediate_dominator(sample).object()).collect();
    owners.sort_unstable();
    owners.dedup();
    let class = snapshot.class_of(*owners.first()?);
    let is_of_each = owners.len() > 1 && owners.len() == samples.len();
    (is_of_each && owners.iter().all(|&owner| snapshot.class_of(owner) == class)).then_some((class, owners))
}

/// The number of that label by which a rule describes an object.
fn number(snapshot: &Snapshot, rule: &Rule, label: &str, object: ObjectIx) -> Option<u64> {
    let described = rule.describe.iter().find(|described| described.label == label)?;
    let number = evaluate::Evaluator { snapshot }.number(&described.value, object)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    (number >= 0.0).then_some(number as u64)
}

/// Whether a rule knows an object to be as large as it is meant to be, with far fewer entries than `count`: a pool of four connections does not say why one
/// of them has thousands of statements.
fn is_far_too_small(snapshot: &Snapshot, rule: &Rule, object: ObjectIx, count: u64) -> bool {
    /// Each entry may be several objects, but not so many.
    const MOST_OF_EACH: u64 = 16;
    let entries = number(snapshot, rule, "entries", object).filter(|_| rule.meant);
    entries.is_some_and(|entries| entries.saturating_mul(MOST_OF_EACH) < count)
}

/// Of `rules`, the one that names `class` or the nearest class above it; of equally near ones the most severe.
fn nearest<'r>(
    rules: impl Iterator<Item = &'r Rule>,
    snapshot: &Snapshot,
    class: ClassIx,
) -> Option<&'r Rule> {
    let near = rules.filter_map(|rule| Some((rule.distance(snapshot, class)?, rule)));
    near.min_by_key(|(distance, rule)| (*distance, std::cmp::Reverse(rule.severity()))).map(|(_, rule)| rule)
}

/// A severity in a table.
fn severity(severity: Severity) -> Cell {
    match severity {
        Severity::Info => Cell::term("info", "severity-info"),
        Severity::Warning => Cell::term("warning", "severity-warning"),
        Severity::Error => Cell::term("error", "severity-error"),
    }
}

/// Examples that say more than the number of things that the title tells.
fn without_count(mut examples: Vec<Text>, instances: u64) -> Vec<Text> {
    let count = figures::count(instances);
    examples.retain(|example| match example {
        Text::Values { values, .. } => !values.iter().all(|value| value.value == count),
        _ => true,
    });
    examples
}
