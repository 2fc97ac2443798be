//! The policy: what a dump may hold, as a TOML file says it.
//!
//! Owns the shape of the file. Reading it with good error messages is `parse`, judging by it is `evaluate`. Each table
//! may stand at the top, for every dump, or below `[[dump]]`, for dumps whose file name fits.

use super::limit::{CountLimit, SizeLimit};
use super::pattern::{Pattern, Patterns};
use crate::report::{Severity, SuspectKind};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

/// Budgets for any number of dumps.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Policy {
    /// For every dump.
    pub(super) common: Rules,
    /// For dumps whose file name fits, in the order of the file.
    pub(super) by_dump: Vec<(Pattern, Rules)>,
}

impl Policy {
    /// The budgets for a dump of that file name: the common ones, and over them those of each `[[dump]]` that fits.
    /// A single value is replaced by a later one; entries of lists are added, or replaced by one of the same `name`.
    pub(super) fn rules_for(&self, file: &str) -> Rules {
        let mut rules = self.common.clone();
        for (_, more) in self.by_dump.iter().filter(|(pattern, _)| pattern.matches(file)) {
            rules.lay_over(more);
        }
        rules
    }

    /// The policy of `oomph check` without a file: no leak suspect over a tenth of the heap, no finding of
    /// severity `error`, no damage.
    pub fn standard() -> Self {
        let suspect = SuspectBudget {
            kind: Some(SuspectKind::Leak),
            min_retained: Some(SizeLimit::Share(0.1)),
            max: Some(0),
            ..SuspectBudget::default()
        };
        let finding =
            FindingBudget { severity: Some(Severity::Error), max: Some(0), ..FindingBudget::default() };
        let common = Rules {
            suspect: vec![Spanned::new(0..0, suspect)],
            finding: vec![Spanned::new(0..0, finding)],
            damage: DamageBudget { max: Some(0), ..DamageBudget::default() },
            ..Rules::default()
        };
        Self { common, by_dump: Vec::new() }
    }

    /// The policy of `oomph check --baseline` without a file: what the baseline has is known, so only new leak suspects, new findings of
    /// severity `error`, damage, and growth as far as [`super::propose`] would forbid it: of the heap by a fifth, of a
    /// collection by half.
    pub fn standard_growth() -> Self {
        let growth = GrowthBudget {
            heap: Some(SizeLimit::Share(0.2)),
            collections: Some(CountLimit::Share(0.5)),
            ignore_below: Some(SizeLimit::Share(0.01)),
            ..GrowthBudget::default()
        };
        let damage = DamageBudget { max: Some(0), ..DamageBudget::default() };
        Self { common: Rules { damage, growth, ..Rules::default() }, by_dump: Vec::new() }
    }
}

/// The tables of a policy file, at the top or below `[[dump]]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Rules {
    pub(super) schema: Option<Spanned<String>>,
    pub(super) file: Option<Spanned<Pattern>>,
    pub(super) heap: HeapBudget,
    pub(super) threads: ThreadsBudget,
    pub(super) loaders: LoadersBudget,
    pub(super) off_heap: OffHeapBudget,
    pub(super) damage: DamageBudget,
    pub(super) growth: GrowthBudget,
    pub(super) class: Vec<Spanned<ClassBudget>>,
    pub(super) package: Vec<Spanned<PackageBudget>>,
    pub(super) loader: Vec<Spanned<LoaderBudget>>,
    pub(super) holder: Vec<Spanned<HolderBudget>>,
    pub(super) thread: Vec<Spanned<ThreadBudget>>,
    pub(super) suspect: Vec<Spanned<SuspectBudget>>,
    pub(super) finding: Vec<Spanned<FindingBudget>>,
    pub(super) waste: Vec<Spanned<WasteBudget>>,
    pub(super) allow: Vec<Spanned<Allowance>>,
    pub(super) dump: Vec<Spanned<Rules>>,
}

/// Takes over what `$from` sets.
macro_rules! lay_over {
    ($over:expr, $from:expr, $($field:ident),+) => {
        $(if $from.$field.is_some() { $over.$field = $from.$field.clone(); })+
    };
}

impl Rules {
    fn lay_over(&mut self, more: &Self) {
        lay_over!(self.heap, more.heap, max_reachable, max_objects, max_classes, max_unreachable);
        lay_over!(self.threads, more.threads, max, max_retained, max_locals, max_thread_locals, forbid_oom);
        lay_over!(self.loaders, more.loaders, max);
        lay_over!(self.off_heap, more.off_heap, max);
        lay_over!(self.damage, more.damage, max, ignore);
        lay_over!(
            self.growth,
            more.growth,
            heap,
            classes,
            instances,
            suspects,
            collections,
            threads,
            loaders,
            ignore_below,
            new_suspects,
            new_findings
        );
        add(&mut self.class, &more.class);
        add(&mut self.package, &more.package);
        add(&mut self.loader, &more.loader);
        add(&mut self.holder, &more.holder);
        add(&mut self.thread, &more.thread);
        add(&mut self.suspect, &more.suspect);
        add(&mut self.finding, &more.finding);
        add(&mut self.waste, &more.waste);
        self.allow.extend(more.allow.iter().cloned());
    }
}

/// An entry of a list of budgets.
pub(super) trait Entry {
    /// What the policy calls it.
    fn name(&self) -> Option<&str>;
    /// Whether it sets a limit at all.
    fn limits(&self) -> bool;
}

fn add<E: Entry + Clone>(entries: &mut Vec<Spanned<E>>, more: &[Spanned<E>]) {
    for entry in more {
        let name = entry.get_ref().name();
        match entries.iter_mut().find(|old| name.is_some() && old.get_ref().name() == name) {
            Some(old) => *old = entry.clone(),
            None => entries.push(entry.clone()),
        }
    }
}

macro_rules! entry {
    ($budget:ty, $($limit:ident),+) => {
        impl Entry for $budget {
            fn name(&self) -> Option<&str> {
                self.name.as_deref()
            }

            fn limits(&self) -> bool {
                $(self.$limit.is_some())||+
            }
        }
    };
}

/// `[heap]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct HeapBudget {
    /// Shallow bytes of all reachable objects.
    pub(super) max_reachable: Option<SizeLimit>,
    /// Reachable objects.
    pub(super) max_objects: Option<u64>,
    /// Loaded classes.
    pub(super) max_classes: Option<u64>,
    /// Garbage, as bytes or as a part of reachable and unreachable bytes together.
    pub(super) max_unreachable: Option<SizeLimit>,
}

/// `[threads]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct ThreadsBudget {
    /// Threads.
    pub(super) max: Option<u64>,
    /// What a single thread may retain.
    pub(super) max_retained: Option<SizeLimit>,
    /// What the local variables of a single thread may retain.
    pub(super) max_locals: Option<SizeLimit>,
    /// What the thread-locals of a single thread may retain.
    pub(super) max_thread_locals: Option<SizeLimit>,
    /// Whether a thread that threw an OutOfMemoryError fails the gate.
    pub(super) forbid_oom: Option<bool>,
}

/// `[loaders]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct LoadersBudget {
    /// Class loaders.
    pub(super) max: Option<u64>,
}

/// `[off-heap]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct OffHeapBudget {
    /// Memory outside of the heap that objects stand for.
    pub(super) max: Option<SizeLimit>,
}

/// `[damage]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct DamageBudget {
    /// Damaged places in the dump.
    pub(super) max: Option<u64>,
    /// Kinds of damage that do not count.
    pub(super) ignore: Option<Spanned<Patterns>>,
}

/// `[growth]`: against the baseline.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct GrowthBudget {
    /// Of the reachable bytes.
    pub(super) heap: Option<SizeLimit>,
    /// Of the shallow bytes of a class.
    pub(super) classes: Option<SizeLimit>,
    /// Of the instances of a class.
    pub(super) instances: Option<CountLimit>,
    /// Of what a suspect retains.
    pub(super) suspects: Option<SizeLimit>,
    /// Of the elements of a collection, by path signature.
    pub(super) collections: Option<CountLimit>,
    /// Of the number of threads.
    pub(super) threads: Option<CountLimit>,
    /// Of the number of class loaders.
    pub(super) loaders: Option<CountLimit>,
    /// Growth of a class or suspect by less than this is no growth.
    pub(super) ignore_below: Option<SizeLimit>,
    /// Kinds of suspects of which new ones fail.
    pub(super) new_suspects: Option<Vec<SuspectKind>>,
    /// The lowest severity of which new findings fail.
    pub(super) new_findings: Option<Severity>,
}

impl GrowthBudget {
    /// Whether anything of the table is written. New suspects and findings are looked for against every baseline, asked for or not.
    pub(super) fn is_asked_for(&self) -> bool {
        let sizes = [self.heap, self.classes, self.suspects];
        let counts = [self.instances, self.collections, self.threads, self.loaders];
        sizes.iter().any(Option::is_some)
            || counts.iter().any(Option::is_some)
            || self.new_suspects.is_some()
            || self.new_findings.is_some()
    }

    /// Kinds of suspects of which new ones fail: leaks, unless the policy says otherwise.
    pub(super) fn new_suspects(&self) -> &[SuspectKind] {
        self.new_suspects.as_deref().unwrap_or(&[SuspectKind::Leak])
    }

    /// The lowest severity of which new findings fail: errors, unless the policy says otherwise.
    pub(super) fn new_findings(&self) -> Severity {
        self.new_findings.unwrap_or(Severity::Error)
    }
}

/// `[[class]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct ClassBudget {
    pub(super) name: Option<String>,
    pub(super) class: Option<Patterns>,
    pub(super) loader: Option<Patterns>,
    /// Instances of all these classes.
    pub(super) max_instances: Option<u64>,
    /// Shallow bytes of all these classes.
    pub(super) max_shallow: Option<SizeLimit>,
    /// Retained bytes of each of these classes: they overlap, a sum would count twice.
    pub(super) max_retained: Option<SizeLimit>,
    /// Unreachable instances of all these classes.
    pub(super) max_unreachable: Option<u64>,
}
entry!(ClassBudget, max_instances, max_shallow, max_retained, max_unreachable);

/// `[[package]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct PackageBudget {
    pub(super) name: Option<String>,
    /// A package with all below it: `com.acme`.
    pub(super) package: Option<String>,
    pub(super) max_instances: Option<u64>,
    pub(super) max_shallow: Option<SizeLimit>,
    /// Retained bytes of each of these packages: they overlap.
    pub(super) max_retained: Option<SizeLimit>,
}
entry!(PackageBudget, max_instances, max_shallow, max_retained);

/// `[[loader]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct LoaderBudget {
    pub(super) name: Option<String>,
    /// Name or class of the loaders.
    pub(super) loader: Option<Patterns>,
    /// Number of these loaders.
    pub(super) max: Option<u64>,
    /// Classes of each of these loaders.
    pub(super) max_classes: Option<u64>,
    /// Retained bytes of each of these loaders.
    pub(super) max_retained: Option<SizeLimit>,
}
entry!(LoaderBudget, max, max_classes, max_retained);

/// `[[holder]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct HolderBudget {
    pub(super) name: Option<String>,
    /// `com.acme.MqRegistry.FACTORIES`
    pub(super) holder: Option<Patterns>,
    /// What these holders keep.
    pub(super) max_retained: Option<SizeLimit>,
    /// How many objects a collection in these holders keeps.
    pub(super) max_elements: Option<u64>,
}
entry!(HolderBudget, max_retained, max_elements);

/// `[[thread]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct ThreadBudget {
    pub(super) name: Option<String>,
    /// Names of the threads.
    pub(super) thread: Option<Patterns>,
    /// Number of these threads.
    pub(super) max: Option<u64>,
    /// At least so many: a server without its acceptor is dead.
    pub(super) min: Option<u64>,
    /// What each of these threads may retain.
    pub(super) max_retained: Option<SizeLimit>,
    /// What the local variables of each may retain.
    pub(super) max_locals: Option<SizeLimit>,
    /// What the thread-locals of each may retain.
    pub(super) max_thread_locals: Option<SizeLimit>,
}
entry!(ThreadBudget, max, min, max_retained, max_locals, max_thread_locals);

/// `[[suspect]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct SuspectBudget {
    pub(super) name: Option<String>,
    pub(super) kind: Option<SuspectKind>,
    pub(super) rule: Option<Spanned<Patterns>>,
    pub(super) class: Option<Patterns>,
    pub(super) holder: Option<Patterns>,
    pub(super) fingerprint: Option<Patterns>,
    /// Suspects that retain less are not counted.
    pub(super) min_retained: Option<SizeLimit>,
    /// Number of these suspects.
    pub(super) max: Option<u64>,
    /// What each of these suspects may retain.
    pub(super) max_retained: Option<SizeLimit>,
}
entry!(SuspectBudget, max, max_retained);

/// `[[finding]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct FindingBudget {
    pub(super) name: Option<String>,
    /// This one and worse.
    pub(super) severity: Option<Severity>,
    pub(super) rule: Option<Spanned<Patterns>>,
    pub(super) class: Option<Patterns>,
    pub(super) holder: Option<Patterns>,
    pub(super) fingerprint: Option<Patterns>,
    /// Number of these findings.
    pub(super) max: Option<u64>,
    /// Things that each of these findings may count.
    pub(super) max_count: Option<u64>,
    /// Memory that each of these findings may concern.
    pub(super) max_bytes: Option<SizeLimit>,
}
entry!(FindingBudget, max, max_count, max_bytes);

/// `[[waste]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct WasteBudget {
    pub(super) name: Option<String>,
    /// Kinds of waste, e.g. `strings`; all if not given.
    pub(super) kind: Option<Spanned<Patterns>>,
    /// Bytes of all these kinds.
    pub(super) max: Option<SizeLimit>,
}
entry!(WasteBudget, max);

/// `[[allow]]`: what is known and forgiven until a day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Allowance {
    #[serde(default)]
    pub(super) fingerprint: Option<Patterns>,
    #[serde(default)]
    pub(super) rule: Option<Spanned<Patterns>>,
    #[serde(default)]
    pub(super) class: Option<Patterns>,
    #[serde(default)]
    pub(super) holder: Option<Patterns>,
    /// Why; shown wherever the allowance is used.
    pub(super) reason: String,
    /// The last day on which it holds.
    #[serde(deserialize_with = "super::parse::date")]
    pub(super) until: Date,
}
