//! What inspections are given: the snapshot, what was asked for, and tables that several of them need, made once.

use super::collections::{CollectionFields, fields};
use super::holders::Ownership;
use super::preview::Preview;
use super::references::{Found as FoundReferences, ReferenceQuestion};
use super::report::soft_reach;
use super::rules::RuleSet;
use super::strings::Holders as StringHolders;
use super::{InspectError, class_values, finalizable, no_garbage, suspects};
use crate::query::{
    ArrayStats, BoxCount, CollectionStats, GarbageTops, HeapLimit, Histogram, Texts, UnmountedThreads, ask,
    boxed_numbers, garbage_tops, heap_limit, unmounted_threads,
};
use crate::report::{Finalizable, Finding, GarbageOf, NoGarbage, SoftReach, Suspect};
use crate::snapshot::{Snapshot, SnapshotError};
use std::sync::{Arc, OnceLock};

/// Where less of the heap is taken than this part, garbage included, that only waits for the next collection: nothing tells how fast it was made.
pub(super) const GARBAGE_WAITS: f64 = 0.75;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Rows of a table at most; 0 for all.
    pub limit: usize,
    /// Rows of the histogram of classes at most, where it should have more than other tables: somebody will search it for a name.
    pub class_limit: usize,
    /// Rows of the dominator tree in all.
    pub tree_rows: usize,
    /// Whether contents of strings may appear in the report.
    pub strings: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { limit: 100, class_limit: 0, tree_rows: 400, strings: false }
    }
}

impl Options {
    /// Keeps the first rows and says how many are left out.
    pub fn cut<T>(&self, rows: &mut Vec<T>) -> u64 {
        if self.limit == 0 || rows.len() <= self.limit {
            return 0;
        }
        let omitted = rows.len() - self.limit;
        rows.truncate(self.limit);
        omitted as u64
    }

    /// The same options for the histogram of classes.
    pub(super) fn for_classes(&self) -> Self {
        let limit = if self.limit == 0 { 0 } else { self.limit.max(self.class_limit) };
        Self { limit, ..self.clone() }
    }
}

/// What an inspection works on.
#[derive(Debug)]
pub struct Context<'a> {
    /// The opened dump.
    pub snapshot: &'a Snapshot,
    /// What was asked for.
    pub options: Options,
    rules: Arc<RuleSet>,
    histogram: OnceLock<Histogram>,
    ownership: OnceLock<Ownership<'a>>,
    suspects: OnceLock<Vec<Suspect>>,
    texts: OnceLock<Texts>,
    string_holders: OnceLock<StringHolders>,
    collections: OnceLock<CollectionStats>,
    collection_fields: OnceLock<CollectionFields>,
    arrays: OnceLock<ArrayStats>,
    boxes: OnceLock<Vec<BoxCount>>,
    references: OnceLock<FoundReferences>,
    soft_reach: OnceLock<SoftReach>,
    rule_findings: OnceLock<Vec<Finding>>,
    unmounted_threads: OnceLock<UnmountedThreads>,
    class_value_bytes: OnceLock<u64>,
    finalizable: OnceLock<Option<Finalizable>>,
    garbage_tops: OnceLock<(Vec<GarbageTops>, u64)>,
    no_garbage: OnceLock<NoGarbage>,
    pub(super) garbage: OnceLock<Option<GarbageOf>>,
}

impl<'a> Context<'a> {
    /// A context for all inspections of one snapshot.
    pub fn new(snapshot: &'a Snapshot, options: Options) -> Self {
        Self {
            snapshot,
            options,
            rules: RuleSet::builtin(),
            histogram: OnceLock::new(),
            ownership: OnceLock::new(),
            suspects: OnceLock::new(),
            texts: OnceLock::new(),
            string_holders: OnceLock::new(),
            collections: OnceLock::new(),
            collection_fields: OnceLock::new(),
            arrays: OnceLock::new(),
            boxes: OnceLock::new(),
            references: OnceLock::new(),
            soft_reach: OnceLock::new(),
            rule_findings: OnceLock::new(),
            unmounted_threads: OnceLock::new(),
            class_value_bytes: OnceLock::new(),
            finalizable: OnceLock::new(),
            garbage_tops: OnceLock::new(),
            no_garbage: OnceLock::new(),
            garbage: OnceLock::new(),
        }
    }

    /// How large the heap could grow, as far as the dump tells.
    pub fn heap_limit(&self) -> Option<HeapLimit> {
        let total = self.histogram().total();
        heap_limit(self.snapshot, total.shallow_bytes + total.unreachable_bytes)
    }

    /// The part of the heap that is taken, garbage included, if it is known how large it could grow.
    pub(super) fn taken_part(&self) -> Option<f64> {
        let total = self.histogram().total();
        let taken = total.shallow_bytes + total.unreachable_bytes;
        self.heap_limit().map(|limit| taken as f64 / limit.bytes as f64)
    }

    /// The same with other rules than the built-in ones.
    #[must_use]
    pub fn with_rules(self, rules: Arc<RuleSet>) -> Self {
        Self { rules, ..self }
    }

    /// The same with what was learned of the snapshot before.
    #[must_use]
    pub fn with_preview(self, preview: Option<Preview>) -> Self {
        if let Some(preview) = preview {
            self.take(preview);
        }
        self
    }

    /// The rules that are applied and that explain suspects.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What the rules find, most severe first, asked when first needed.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub(super) fn rule_findings(&self) -> Result<&[Finding], InspectError> {
        if let Some(findings) = self.rule_findings.get() {
            return Ok(findings);
        }
        let found = self.rules.run(self)?;
        Ok(self.rule_findings.get_or_init(|| found))
    }

    /// Virtual threads that the dump leaves out, counted when first asked for.
    ///
    /// # Errors
    /// The user stopped it.
    pub fn unmounted_threads(&self) -> Result<UnmountedThreads, InspectError> {
        if let Some(&unmounted) = self.unmounted_threads.get() {
            return Ok(unmounted);
        }
        let counted = unmounted_threads(self.snapshot)?;
        Ok(*self.unmounted_threads.get_or_init(|| counted))
    }

    /// What no root reaches and hangs on class values, in bytes, if it is much: garbage unless their classes are loaded. Counted when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn class_value_bytes(&self) -> Result<u64, InspectError> {
        if let Some(&bytes) = self.class_value_bytes.get() {
            return Ok(bytes);
        }
        let counted = class_values::left_over(self.snapshot)?;
        Ok(*self.class_value_bytes.get_or_init(|| counted))
    }

    /// The topmost unreachable objects by class, and the bytes that belong to none; found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub(super) fn garbage_tops(&self) -> Result<&(Vec<GarbageTops>, u64), InspectError> {
        if let Some(tops) = self.garbage_tops.get() {
            return Ok(tops);
        }
        let tops = garbage_tops(self.snapshot)?;
        Ok(self.garbage_tops.get_or_init(|| tops))
    }

    /// What no root reaches and is yet no garbage of the program's; found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn no_garbage(&self) -> Result<NoGarbage, InspectError> {
        if let Some(&found) = self.no_garbage.get() {
            return Ok(found);
        }
        let found = no_garbage::find(self)?;
        Ok(*self.no_garbage.get_or_init(|| found))
    }

    /// What only finalizers lead to and does not yet wait in their queue, if it is much; found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn finalizable(&self) -> Result<Option<&Finalizable>, InspectError> {
        if let Some(known) = self.finalizable.get() {
            return Ok(known.as_ref());
        }
        let found = finalizable::find(self)?;
        Ok(self.finalizable.get_or_init(|| found).as_ref())
    }

    /// What most of the garbage hung on, if there is much; found with the suspects.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn garbage(&self) -> Result<Option<&GarbageOf>, InspectError> {
        self.suspects()?;
        Ok(self.garbage.get().and_then(Option::as_ref))
    }

    /// Counts and sizes by class, made when first asked for.
    pub fn histogram(&self) -> &Histogram {
        self.histogram.get_or_init(|| Histogram::of(self.snapshot))
    }

    /// Who holds what, searched when first asked for (at most 4 bytes per object).
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn ownership(&self) -> Result<&Ownership<'a>, InspectError> {
        if let Some(ownership) = self.ownership.get() {
            return Ok(ownership);
        }
        let made = Ownership::new(self.snapshot)?;
        Ok(self.ownership.get_or_init(|| made))
    }

    /// The suspects, most to blame first, found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn suspects(&self) -> Result<&[Suspect], InspectError> {
        if let Some(suspects) = self.suspects.get() {
            return Ok(suspects);
        }
        let found = suspects::find(self)?;
        Ok(self.suspects.get_or_init(|| found))
    }

    /// Looks at strings, arrays, collections, boxed numbers and references in one pass, for a report that will ask for all of them.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn look_at_contents(&self) -> Result<(), InspectError> {
        if self.texts.get().is_some() && self.arrays.get().is_some() && self.references.get().is_some() {
            return Ok(());
        }
        self.take(Preview::of(self.snapshot)?);
        Ok(())
    }

    fn take(&self, preview: Preview) {
        let Preview { contents, references, string_holders, collection_fields, soft_reach } = preview;
        // What is already there is the same.
        let _ = self.string_holders.set(string_holders);
        let _ = self.collection_fields.set(collection_fields);
        let _ = self.texts.set(contents.texts);
        let _ = self.arrays.set(contents.arrays);
        let _ = self.collections.set(contents.collections);
        let _ = self.boxes.set(contents.boxes);
        let _ = self.references.set(references);
        let _ = self.soft_reach.set(soft_reach);
    }

    /// All strings, looked at when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn texts(&self) -> Result<&Texts, InspectError> {
        once(&self.texts, || Texts::of(self.snapshot))
    }

    /// Which fields refer to strings whose texts are there more than once, found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub(super) fn string_holders(&self) -> Result<&StringHolders, InspectError> {
        let texts = self.texts()?;
        once(&self.string_holders, || StringHolders::find(self.snapshot, texts))
    }

    /// All collections, measured when first asked for.
    ///
    /// # Errors
    /// The user stopped it.
    pub fn collections(&self) -> Result<&CollectionStats, InspectError> {
        once(&self.collections, || CollectionStats::of(self.snapshot))
    }

    /// Which fields refer to wasteful collections, found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub(super) fn collection_fields(&self) -> Result<&CollectionFields, InspectError> {
        let collections = self.collections()?;
        once(&self.collection_fields, || fields(self.snapshot, collections))
    }

    /// All arrays, looked at when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub fn arrays(&self) -> Result<&ArrayStats, InspectError> {
        once(&self.arrays, || ArrayStats::of(self.snapshot))
    }

    /// All boxed numbers, counted when first asked for.
    ///
    /// # Errors
    /// The user stopped it.
    pub fn boxes(&self) -> Result<&[BoxCount], InspectError> {
        once(&self.boxes, || boxed_numbers(self.snapshot, self.histogram())).map(Vec::as_slice)
    }

    /// What is reachable only through soft references, and only through finalizers, found when first asked for.
    ///
    /// # Errors
    /// Memory or scratch space ran out, or the user stopped it.
    pub(super) fn soft_reach(&self) -> Result<SoftReach, InspectError> {
        once(&self.soft_reach, || soft_reach(self.snapshot)).cloned()
    }

    /// All instances of `java.lang.ref.Reference`, counted when first asked for.
    ///
    /// # Errors
    /// The user stopped it.
    pub(super) fn references(&self) -> Result<&FoundReferences, InspectError> {
        once(&self.references, || ask(self.snapshot, &ReferenceQuestion::new(self.snapshot)))
    }
}

fn once<T>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T, SnapshotError>) -> Result<&T, InspectError> {
    if let Some(made) = cell.get() {
        return Ok(made);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}
