//! A rule: what it looks for, when it speaks, what it says.
//!
//! Owns the checked form of a rule. How it is written in a file is [`super::parse`]'s; how it is applied is [`super::apply`]'s.

use super::expression::{Condition, Expression};
use super::words::{Figure, Template, Words};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{ClassPattern, is_measure_of_heap};
use crate::report::{NamedValue, Severity, Suspect, SuspectKind, Text, UNTIL_DUE};
use crate::snapshot::{Snapshot, SnapshotError};

/// A rule of a rule file.
#[derive(Debug)]
pub struct Rule {
    pub(super) id: String,
    pub(super) severity: Severity,
    pub(super) subject: Subject,
    pub(super) classes: Vec<ClassPattern>,
    pub(super) sub_classes: bool,
    pub(super) conditions: Vec<Condition>,
    /// A class without which the rule says nothing.
    pub(super) loaded: Option<ClassPattern>,
    /// The bytes that an instance stands for, instead of what it retains.
    pub(super) measure: Option<Expression>,
    /// The object whose holder is the one to blame, instead of the instance.
    pub(super) holds: Option<Expression>,
    /// What an instance hands out, whose holders are told.
    pub(super) lends: Option<Lends>,
    /// How many things an instance has: added up over what is counted together.
    pub(super) entries: Option<Expression>,
    /// Names with values, of which the name is told under which nearly each instance has another one.
    pub(super) varied: Vec<(Expression, Expression)>,
    pub(super) missing_thread: Vec<Template>,
    /// Classes whose methods make such objects: see [`super::building`].
    pub(super) built_by: Vec<ClassPattern>,
    /// The class and the field that refers to what waits for another one: see [`super::behind`].
    pub(super) behind: Option<(String, String)>,
    pub(super) per: Per,
    /// With a key: an object that must be the very same one, too.
    pub(super) same: Option<Expression>,
    pub(super) expected: u64,
    pub(super) when: Vec<Threshold>,
    pub(super) error_when: Vec<Threshold>,
    pub(super) min_groups: u64,
    pub(super) garbage: Option<Threshold>,
    pub(super) describe: Vec<Described>,
    pub(super) title: Words,
    pub(super) advice: Vec<Words>,
    pub(super) link: Option<String>,
    pub(super) explains_suspects: bool,
    /// Whether a suspect inside of an instance is told as the instance.
    pub(super) names_suspects: bool,
    /// Whether a suspect that it explains goes by what the instances are known as also where a field of the application's holds it.
    pub(super) names_own: bool,
    /// As what an instance is known to who uses the library: a cache of that name.
    pub(super) known_as: Option<Words>,
    /// Whether an instance is as large as it is meant to be.
    pub(super) meant: bool,
    /// What a suspect is that it explains, if that is no leak.
    pub(super) kind: Option<Kind>,
    pub(super) holders: Vec<String>,
    /// Classes whose fields hold what belongs to an instance.
    pub(super) parts: Vec<ClassPattern>,
}

/// What an instance hands out, and is to be given back: the connections of a pool.
#[derive(Debug)]
pub(super) struct Lends {
    /// The class of what is handed out; sub classes count, too.
    pub(super) class: String,
    /// The instance that it is of.
    pub(super) of: Expression,
    /// What holds of it until it is given back.
    pub(super) conditions: Vec<Condition>,
}

/// What a suspect is that a rule explains, where the rule knows that it is no leak or does not prove one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It waits to be worked off.
    Backlog,
    /// A cache, which is too large for the heap or may become so.
    Cache,
    /// It goes when what is going on is done.
    Load,
    /// Each of it stays until its time comes.
    Timed,
    /// A leak only if it grows.
    Unproven,
    /// Data, as large as they were made.
    Data,
}

/// What the things are that a rule counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// Instances of the classes.
    Instances,
    /// The classes themselves.
    Classes,
    /// What a static field of the classes refers to.
    Static(String),
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Per {
    /// All of the heap.
    Heap,
    /// What was loaded by one class loader.
    Loader,
    /// Instances of one class; of classes those of one name.
    Class,
    /// Things for which this gives the same text.
    Key(Expression),
    /// Each thing by itself.
    Instance,
}

/// From where on a group is worth a finding. All that is given must be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Threshold {
    pub(super) min_count: u64,
    /// Retained bytes; for garbage what hangs on it.
    pub(super) min_bytes: u64,
    /// The same as a part of the reachable heap, for garbage of the unreachable one.
    pub(super) min_share: f64,
    /// The same as a part of what the heap may take at most; not asked where the dump does not tell that, or where that is no [measure](is_measure_of_heap) of what is in use.
    pub(super) min_limit_share: f64,
}

impl Threshold {
    /// Whether so many with so many bytes reach it, of `whole` bytes in a heap that may take `limit`.
    pub(super) fn is_reached(&self, count: u64, bytes: u64, whole: u64, limit: Option<u64>) -> bool {
        count >= self.min_count
            && bytes >= self.min_bytes
            && bytes as f64 >= self.min_share * whole as f64
            && limit
                .filter(|&limit| is_measure_of_heap(limit, whole))
                .is_none_or(|limit| bytes as f64 >= self.min_limit_share * limit as f64)
    }
}

/// A value by which an instance is described.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Described {
    pub(super) label: String,
    /// Whether the rule gave it that label, which else is the name of a field.
    pub(super) is_named: bool,
    pub(super) value: Expression,
}

impl Described {
    /// Its label in Chinese. No field is called `class`: that is the class of the instance.
    pub(super) fn chinese_label(&self) -> &str {
        if self.is_named || self.label == "class" { super::labels::chinese(&self.label) } else { &self.label }
    }
}

impl Rule {
    /// Its id, as findings and suspects name it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How bad it is, before `error-when` is looked at.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Where the library's documentation is.
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }

    /// Its title in English and Chinese, with the names of what is filled in in braces.
    pub fn title(&self) -> (&str, &str) {
        self.title.raw()
    }

    /// The classes that it is about, as its file has them.
    pub fn classes(&self) -> impl Iterator<Item = String> {
        self.classes.iter().map(|pattern| match pattern {
            ClassPattern::Name(name) => name.clone(),
            ClassPattern::Glob(glob) => glob.glob().to_string(),
            ClassPattern::Regex(regex) => format!("/{regex}/"),
        })
    }

    /// Whether a suspect of that size reaches one of the rule's thresholds, however many instances there are.
    pub(super) fn is_worth_telling(&self, bytes: u64, share: f64) -> bool {
        let reached = |threshold: &Threshold| bytes >= threshold.min_bytes && share >= threshold.min_share;
        self.when.is_empty() || self.when.iter().any(reached)
    }

    /// Whether the rule names the class of an object, and the object fulfils its conditions.
    pub(in crate::inspect) fn holds_for(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        self.distance(snapshot, snapshot.class_of(object)).is_some()
            && super::evaluate::Evaluator { snapshot }.all_hold(&self.conditions, object)
            && {
                let mut objects = vec![object];
                self.leave_out_what_is_built(snapshot, &mut objects);
                !objects.is_empty()
            }
    }

    /// Whether it has no conditions.
    pub(super) fn asks_for_nothing(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether its conditions hold for one of `objects`, or for what it looks at where that is no instance on anybody's path.
    pub(super) fn holds_for_one_of(&self, snapshot: &Snapshot, objects: &[ObjectIx]) -> bool {
        let evaluator = super::evaluate::Evaluator { snapshot };
        match &self.subject {
            Subject::Instances => objects.iter().any(|&object| self.holds_for(snapshot, object)),
            Subject::Classes => true,
            Subject::Static(field) => {
                let classes = self.classes_in(snapshot).into_iter();
                let values = classes.filter_map(|class| snapshot.classes().get(class).static_value(field));
                let mut values = values.filter_map(|value| snapshot.find(value.reference()?));
                values.any(|value| evaluator.all_hold(&self.conditions, value))
            }
        }
    }

    /// Whether the rule names that field in its `holders`.
    pub(in crate::inspect) fn knows_holder(&self, class: &str, field: &str) -> bool {
        let is_it =
            |name: &String| name.strip_suffix(field).and_then(|rest| rest.strip_suffix('.')) == Some(class);
        self.holders.iter().any(is_it)
    }

    /// Whether the rule names a field in its `holders` that this class declares.
    pub(super) fn knows_field_of(&self, class: &str) -> bool {
        self.holders.iter().any(|name| name.rsplit_once('.').is_some_and(|(declaring, _)| declaring == class))
    }

    /// Whether it explains suspects of its classes.
    pub(in crate::inspect) fn explains_suspects(&self) -> bool {
        self.explains_suspects
    }

    /// Whether a field of that class holds what belongs to an instance.
    pub(in crate::inspect) fn has_part(&self, class: &str) -> bool {
        self.parts.iter().any(|pattern| is_meant(pattern, class))
    }

    /// Whether what it finds is a small part of what it is about.
    pub(in crate::inspect) fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Whether it counts instances that an application should not have many of.
    pub(in crate::inspect) fn counts_instances(&self) -> bool {
        self.explains_suspects && self.per != Per::Instance && self.measure.is_none()
    }

    /// Gives a suspect its id, and says what that is if it is no leak.
    pub(in crate::inspect) fn name(&self, suspect: &mut Suspect) {
        suspect.rule = Some(self.id.clone());
        suspect.backlog = matches!(self.kind, Some(Kind::Backlog | Kind::Timed));
        let until_due = Text::message(UNTIL_DUE);
        if self.kind == Some(Kind::Timed) && !suspect.activity.contains(&until_due) {
            suspect.activity.insert(0, until_due);
        }
        suspect.cache = self.kind == Some(Kind::Cache);
        if self.kind == Some(Kind::Load) && suspect.kind == SuspectKind::Leak {
            suspect.kind = SuspectKind::Load;
        }
    }

    /// Whether what it finds waits to be worked off.
    pub(in crate::inspect) fn is_backlog(&self) -> bool {
        self.kind == Some(Kind::Backlog)
    }

    /// Whether what it finds goes when the call ends that has it in hand.
    pub(in crate::inspect) fn is_of_calls(&self) -> bool {
        self.kind == Some(Kind::Load)
    }

    /// Whether what it finds is a leak only if it grows.
    pub(in crate::inspect) fn is_unproven(&self) -> bool {
        self.kind == Some(Kind::Unproven)
    }

    /// Whether what it explains is only large, unless the heap is full: data that are as large as they were made, or a cache of which nothing
    /// is known that would be wrong.
    pub(in crate::inspect) fn is_largest_only(&self) -> bool {
        match self.kind {
            Some(Kind::Data) => true,
            Some(Kind::Cache) => self.severity == Severity::Info,
            _ => false,
        }
    }

    /// As what many instances are known together to who uses the library, of which `object` is one; `None` if the rule has no words for it.
    pub(in crate::inspect) fn name_of_many(
        &self,
        snapshot: &Snapshot,
        count: u64,
        object: Option<ObjectIx>,
    ) -> Option<crate::report::Text> {
        let filling = super::words::Filling { count, object, ..super::words::Filling::default() };
        Some(self.known_as.as_ref()?.fill(snapshot, &filling))
    }

    /// Whether a suspect that it explains goes by what the instances are known as, whoever holds it.
    pub(in crate::inspect) fn names_own(&self) -> bool {
        self.names_own && self.known_as.is_some()
    }

    /// Whether it adds up how many things its instances have.
    pub(in crate::inspect) fn counts_entries(&self) -> bool {
        self.entries.is_some()
    }

    /// Whether it is about an instance by itself, however many there are.
    pub(in crate::inspect) fn is_about_one(&self) -> bool {
        self.per == Per::Instance
    }

    /// Whether it is about single instances of a suspect's class that are large, and none of the many that the suspect is made of is so large: that there
    /// are so many says more than what each of them is.
    pub(in crate::inspect) fn is_about_small(&self, snapshot: &Snapshot, suspect: &Suspect) -> bool {
        let count = suspect.instances.max(1);
        let classes = snapshot.classes().named(&suspect.class);
        self.per == Per::Instance
            && count > 1
            && classes.first().is_some_and(|&class| self.distance(snapshot, class).is_some())
            && !self.is_worth_telling(suspect.retained_bytes / count, suspect.share / count as f64)
    }

    /// Its advice.
    pub(in crate::inspect) fn advice_on(&self, snapshot: &Snapshot) -> Vec<crate::report::Text> {
        let filling = super::words::Filling::default();
        self.advice.iter().filter_map(|words| words.fill_if_known(snapshot, &filling)).collect()
    }

    /// Whether so many unreachable objects may be unusual; what it asks of them is not looked at.
    pub(in crate::inspect) fn may_be_much_garbage(&self, count: u64) -> bool {
        self.garbage.is_some_and(|threshold| count >= threshold.min_count.max(1))
    }

    /// Whether these objects, all of which are unreachable, are unusual among `whole_bytes` of garbage: those for which the rule's conditions hold, with what
    /// they lead to.
    ///
    /// # Errors
    /// No memory and no scratch space.
    pub(in crate::inspect) fn is_much_garbage(
        &self,
        snapshot: &Snapshot,
        objects: &[ObjectIx],
        whole_bytes: u64,
    ) -> Result<bool, SnapshotError> {
        let Some(threshold) = self.garbage else { return Ok(false) };
        let evaluator = super::evaluate::Evaluator { snapshot };
        let fulfilling = evaluator.fulfilling(&self.conditions, objects.to_vec());
        let count = fulfilling.len() as u64;
        if count < threshold.min_count.max(1) {
            return Ok(false);
        }
        let bytes = super::garbage::bytes(snapshot, &fulfilling)?;
        Ok(threshold.is_reached(count, bytes, whole_bytes, None))
    }

    /// How nearly the rule names that class: 0 for the class itself, 1 for its super class and so on; `None` if it does not.
    pub(in crate::inspect) fn distance(&self, snapshot: &Snapshot, class: ClassIx) -> Option<usize> {
        if !self.is_loaded(snapshot) {
            return None;
        }
        let lineage = snapshot.classes().lineage(class);
        let reach = if self.sub_classes { usize::MAX } else { 1 };
        lineage
            .take(reach)
            .position(|(_, class)| self.classes.iter().any(|pattern| is_meant(pattern, &class.name)))
    }

    /// Whether an object is an instance of a class that it is about.
    pub(in crate::inspect) fn is_about_class_of(&self, snapshot: &Snapshot, object: ObjectIx) -> bool {
        self.subject == Subject::Instances && self.distance(snapshot, snapshot.class_of(object)).is_some()
    }

    /// Whether the class is in the dump without which the rule says nothing.
    fn is_loaded(&self, snapshot: &Snapshot) -> bool {
        self.loaded.as_ref().is_none_or(|pattern| match pattern {
            ClassPattern::Name(name) => !snapshot.classes().named(name).is_empty(),
            pattern => !pattern.classes(snapshot).is_empty(),
        })
    }

    /// All classes that it is about.
    pub(super) fn classes_in(&self, snapshot: &Snapshot) -> Vec<ClassIx> {
        let classes = snapshot.classes();
        if !self.is_loaded(snapshot) {
            return Vec::new();
        }
        let mut found = vec![false; classes.len()];
        for pattern in &self.classes {
            match pattern {
                ClassPattern::Name(name) => {
                    classes.named(name).iter().for_each(|class| found[class.index()] = true);
                }
                pattern => {
                    let like = classes.iter().filter(|(_, described)| pattern.matches(&described.name));
                    like.for_each(|(class, _)| found[class.index()] = true);
                }
            }
        }
        if self.sub_classes && self.subject == Subject::Instances && found.contains(&true) {
            let named = found.clone();
            for (class, _) in classes.iter() {
                found[class.index()] |= classes.lineage(class).any(|(above, _)| named[above.index()]);
            }
        }
        classes.iter().map(|(class, _)| class).filter(|class| found[class.index()]).collect()
    }

    /// Whether its title is about one group, by what the members of it have in common, and not about all groups together.
    pub(super) fn tells_of_one_group(&self) -> bool {
        let is_of_one = match self.per {
            Per::Key(_) => self.same.is_some() || self.title.names(Figure::Key),
            Per::Loader | Per::Class => self.title.names(Figure::Key) || self.title.names(Figure::Class),
            Per::Heap | Per::Instance => false,
        };
        is_of_one && !self.title.names(Figure::Groups)
    }

    /// Whether its title counts the members of all groups and names one of these for example: its words go with the number of groups.
    pub(super) fn counts_all_groups(&self) -> bool {
        let title = &self.title;
        title.prints(Figure::Key) && title.names(Figure::Groups) && !title.prints(Figure::Groups)
    }

    /// An instance in words: the values that the rule wants shown, secrets masked. Nothing of the `only` one if its title says it all. Empty if there are none.
    pub(super) fn example(&self, snapshot: &Snapshot, object: ObjectIx, only: bool) -> Vec<NamedValue> {
        let is_told = |described: &Described| self.title.prints_value(&described.value);
        if only && self.describe.iter().all(is_told) {
            return Vec::new();
        }
        super::words::describe(snapshot, &self.describe, object)
    }
}

/// A name in a rule file means that name, not all classes of that name in any package.
fn is_meant(pattern: &ClassPattern, name: &str) -> bool {
    match pattern {
        ClassPattern::Name(wanted) => wanted == name,
        pattern => pattern.matches(name),
    }
}
