//! Growth against an earlier report, and problems that it did not have.
//!
//! Things are the same in both reports if their names are, without what the virtual machine numbers anew in each process;
//! suspects and findings by fingerprint, collections by the path that leads to them.

use super::compare::{grown_branches, grown_collections};
use super::judge::{Budget, Evidence, Judge};
use super::limit::{CountLimit, Figure, SizeLimit};
use super::measure::{self, Census, ClassSum};
use super::tree::{self, Place};
use crate::report::{Arg, Fingerprint, Holder, Report, Suspect, Text, normalise_class};
use std::collections::{BTreeMap, BTreeSet};

/// Growth by less than this part of the earlier heap is none, unless the policy says otherwise: a class that grew from one
/// object to two has doubled.
const IGNORED: SizeLimit = SizeLimit::Share(0.001);

/// Judges `judge`'s report against `earlier`.
pub(super) fn growth(judge: &mut Judge<'_>, earlier: &Report) {
    let rules = judge.rules;
    let growth = &rules.growth;
    let (old, new) = (&earlier.heap, &judge.report.heap);
    let filled = Filled::between(earlier, judge.report);
    if let Some(limit) = growth.heap {
        let grown = new.shallow_bytes.saturating_sub(old.shallow_bytes).saturating_sub(filled.bytes);
        let evidence = most_grown(judge.report, earlier);
        let figures = limit.compare(grown, old.shallow_bytes);
        let what = if filled.bytes == 0 { "gate-what-heap-growth" } else { "gate-what-heap-growth-beyond" };
        judge.at_most(&Budget { key: "growth.heap", what }, "", figures, evidence);
    }
    let ignored = growth.ignore_below.unwrap_or(IGNORED).bytes(old.shallow_bytes);
    if growth.classes.is_some() || growth.instances.is_some() {
        classes(judge, earlier, ignored, growth.classes, growth.instances, &filled);
    }
    suspects(judge, earlier, ignored, growth.suspects, growth.collections);
    let numbers = [
        (
            "growth.threads",
            "gate-what-thread-growth",
            growth.threads,
            measure::thread_count as fn(&Report) -> _,
        ),
        ("growth.loaders", "gate-what-loader-growth", growth.loaders, |report| {
            Some(report.heap.class_loaders)
        }),
    ];
    for (key, what, limit, count) in numbers {
        let Some(limit) = limit else { continue };
        match (count(earlier), count(judge.report)) {
            (Some(old), Some(new)) => {
                let figures = limit.compare(new.saturating_sub(old), old);
                judge.at_most(&Budget { key, what }, "", figures, Evidence::default());
            }
            _ => judge.not_measured(key, ""),
        }
    }
    new_problems(judge, earlier, ignored);
}

/// What caches that have a limit have taken up since: they may, up to it, and until a service has warmed up they do.
struct Filled {
    bytes: u64,
    /// What suspects among them are made of, by class.
    by_class: BTreeMap<String, ClassSum>,
}

impl Filled {
    fn between(earlier: &Report, report: &Report) -> Self {
        let limits = measure::limits(report);
        let grown = grown_collections(&[earlier, report], 0);
        let filled = grown.iter().filter(|row| row.limit.is_some());
        let bytes = filled.map(|row| row.bytes.change().unsigned_abs()).sum();
        let mut by_class: BTreeMap<String, ClassSum> = BTreeMap::new();
        for suspect in report.suspects.iter().filter(|suspect| measure::limit_of(suspect, &limits).is_some())
        {
            let was = earlier.suspects.iter().find(|was| was.fingerprint == suspect.fingerprint);
            for part in &suspect.composition {
                let was = was.and_then(|was| was.composition.iter().find(|was| was.class == part.class));
                let (instances, bytes) = was.map_or((0, 0), |was| (was.instances, was.bytes));
                let sum = by_class.entry(normalise_class(&part.class).into_owned()).or_default();
                sum.instances += part.instances.saturating_sub(instances);
                sum.shallow_bytes += part.bytes.saturating_sub(bytes);
            }
        }
        Self { bytes, by_class }
    }

    /// What there is of a class without what was taken up.
    fn without(&self, class: &str, now: ClassSum) -> ClassSum {
        let filled = self.by_class.get(class).copied().unwrap_or_default();
        ClassSum {
            instances: now.instances.saturating_sub(filled.instances),
            shallow_bytes: now.shallow_bytes.saturating_sub(filled.shallow_bytes),
        }
    }
}

/// Why the heap has grown: not what is large in it, but what has become so.
fn most_grown<'a>(report: &'a Report, earlier: &Report) -> Evidence<'a> {
    let Some(most) = grown_collections(&[earlier, report], 0).into_iter().next() else {
        return Evidence::default();
    };
    let suspect = report.suspects.iter().find(|suspect| suspect.holder.label() == most.holder);
    match suspect.filter(|_| most.field.is_none()) {
        Some(suspect) => Evidence::suspect(suspect),
        None => Evidence { branch: most.field, ..Evidence::default() },
    }
}

/// What suspects retained in the earlier report, also where they were none then: a cache at the limit of what is a suspect is one in this
/// dump and none in the next, without having grown.
struct Before<'a> {
    suspects: BTreeMap<&'a Fingerprint, u64>,
    fields: BTreeMap<String, (Holder, u64)>,
}

impl<'a> Before<'a> {
    fn of(earlier: &'a Report) -> Self {
        let suspects = earlier.suspects.iter().map(|suspect| (&suspect.fingerprint, suspect.retained_bytes));
        Self { suspects: suspects.collect(), fields: tree::held_by_fields(earlier).unwrap_or_default() }
    }

    fn bytes(&self, suspect: &Suspect) -> u64 {
        let by_field = || self.fields.get(&suspect.holder.label()).map(|(_, bytes)| *bytes);
        self.suspects.get(&suspect.fingerprint).copied().or_else(by_field).unwrap_or(0)
    }
}

/// Reports of two releases of Java. How many objects of its own classes a release makes says nothing of the application.
struct OtherJava {
    was: String,
    is: String,
}

impl OtherJava {
    fn between(earlier: &Report, report: &Report) -> Option<Self> {
        let release = |report: &Report| {
            let version = report.jvm.version.as_deref()?;
            // 1.8.0_402, 17.0.15
            let numbers = version.strip_prefix("1.").unwrap_or(version);
            numbers.split(|c: char| !c.is_ascii_digit()).next().map(str::to_owned)
        };
        let (was, is) = (release(earlier)?, release(report)?);
        (was != is).then_some(Self { was, is })
    }

    fn text(&self) -> Text {
        Text::with("gate-other-java", [("was", Arg::name(&*self.was)), ("is", Arg::name(&*self.is))])
    }
}

/// Whether the class, or the field of a class, belongs to the Java that runs the application.
fn is_of_java(class: &str) -> bool {
    ["java.", "javax.", "jdk.", "sun.", "com.sun."].iter().any(|package| class.starts_with(package))
}

fn classes(
    judge: &mut Judge<'_>,
    earlier: &Report,
    ignored: u64,
    sizes: Option<SizeLimit>,
    numbers: Option<CountLimit>,
    filled: &Filled,
) {
    let (Some(old), Some(new)) = (Census::of(earlier), Census::of(judge.report)) else {
        return judge.not_measured("growth.classes", "");
    };
    let other_java = OtherJava::between(earlier, judge.report);
    let grown: Vec<_> = new
        .by_class
        .iter()
        .filter(|(class, _)| other_java.is_none() || !is_of_java(class))
        .map(|(class, now)| (class, filled.without(class, *now), old.get(class)))
        .filter(|(_, now, was)| now.shallow_bytes > was.shallow_bytes.saturating_add(ignored))
        .collect();
    let report = judge.report;
    let branches = grown_branches(&[earlier, report]);
    let evidence = |judge: &Judge<'_>, class: &str| {
        let at = judge
            .explains(|name| name == class)
            .and_then(|suspect| report.suspects.iter().find(|other| other.rank == suspect.rank));
        let grown = || branches.iter().find(|branch| branch.class == class);
        let branch = || grown()?.holder.clone().map(Place::of);
        at.map(Evidence::suspect).unwrap_or_else(|| Evidence { branch: branch(), ..Evidence::default() })
    };
    if let Some(other) = other_java {
        let key = if sizes.is_some() { "growth.classes" } else { "growth.instances" };
        judge.not_measured_because(key, "java.*", other.text());
    }
    if let Some(limit) = sizes {
        let items = grown.iter().map(|(class, now, was)| {
            let figures = limit.compare(now.shallow_bytes - was.shallow_bytes, was.shallow_bytes);
            ((*class).clone(), figures, evidence(judge, class))
        });
        let items = items.collect();
        judge.each_at_most(&Budget { key: "growth.classes", what: "gate-what-growth" }, "*", items);
    }
    if let Some(limit) = numbers {
        let items = grown.iter().map(|(class, now, was)| {
            let figures = limit.compare(now.instances.saturating_sub(was.instances), was.instances);
            ((*class).clone(), figures, evidence(judge, class))
        });
        let items = items.collect();
        judge.each_at_most(
            &Budget { key: "growth.instances", what: "gate-what-instance-growth" },
            "*",
            items,
        );
    }
}

fn suspects(
    judge: &mut Judge<'_>,
    earlier: &Report,
    ignored: u64,
    sizes: Option<SizeLimit>,
    elements: Option<CountLimit>,
) {
    let report = judge.report;
    let limits = measure::limits(report);
    let other_java = OtherJava::between(earlier, report).is_some();
    let is_compared = |holder: &str| !(other_java && is_of_java(holder));
    let is_unlimited = |suspect: &&Suspect| {
        is_compared(&suspect.holder.label()) && measure::limit_of(suspect, &limits).is_none()
    };
    if let Some(limit) = sizes {
        let was: BTreeMap<&Fingerprint, u64> =
            earlier.suspects.iter().map(|suspect| (&suspect.fingerprint, suspect.retained_bytes)).collect();
        let items = report.suspects.iter().filter(is_unlimited).filter_map(|suspect| {
            let was = *was.get(&suspect.fingerprint)?;
            let grown = suspect.retained_bytes.saturating_sub(was);
            let figures = limit.compare(if grown > ignored { grown } else { 0 }, was);
            Some((suspect.holder.label(), figures, Evidence::suspect(suspect)))
        });
        let items = items.collect();
        judge.each_at_most(&Budget { key: "growth.suspects", what: "gate-what-growth" }, "*", items);
    }
    if let Some(limit) = elements {
        let was = elements_by_path(earlier);
        let items = report.suspects.iter().filter(is_unlimited).filter_map(|suspect| {
            let point = suspect.accumulation_point.as_ref()?;
            let was = *was.get(&measure::path_signature(suspect))?;
            let figures = limit.compare(point.elements.saturating_sub(was), was);
            Some((suspect.holder.label(), figures, Evidence::suspect(suspect)))
        });
        let mut items: Vec<_> = items.collect();
        // What is too small for a suspect stands in the dominator tree.
        for row in
            grown_collections(&[earlier, report], ignored).into_iter().filter(|row| row.limit.is_none())
        {
            let Some(field) = row.field.filter(|_| is_compared(&row.holder)) else { continue };
            let figures = match &row.elements {
                Some((_, elements)) => {
                    limit.compare(elements.last().saturating_sub(elements.first()), elements.first())
                }
                // Where elements are not counted, a part of what there was can be measured by size.
                None if matches!(limit, CountLimit::Share(_)) => {
                    limit.compare(row.bytes.change().unsigned_abs(), row.bytes.first())
                }
                None => continue,
            };
            items.push((row.holder, figures, Evidence { branch: Some(field), ..Evidence::default() }));
        }
        judge.each_at_most(
            &Budget { key: "growth.collections", what: "gate-what-element-growth" },
            "*",
            items,
        );
    }
}

/// Elements of the collections that suspects are about, by the path to them.
pub(super) fn elements_by_path(report: &Report) -> BTreeMap<String, u64> {
    let with_elements = |suspect: &Suspect| {
        Some((measure::path_signature(suspect), suspect.accumulation_point.as_ref()?.elements))
    };
    let mut sums = BTreeMap::new();
    for (path, elements) in report.suspects.iter().filter_map(with_elements) {
        *sums.entry(path).or_default() += elements;
    }
    sums
}

fn new_problems(judge: &mut Judge<'_>, earlier: &Report, ignored: u64) {
    let report = judge.report;
    let growth = &judge.rules.growth;
    let known: BTreeSet<&Fingerprint> = earlier.suspects.iter().map(|suspect| &suspect.fingerprint).collect();
    let kinds = growth.new_suspects();
    let before = Before::of(earlier);
    let has_grown = |suspect: &Suspect| {
        let was = before.bytes(suspect);
        was == 0 || suspect.retained_bytes > was.saturating_add(ignored)
    };
    let is_new = |suspect: &&Suspect| {
        kinds.contains(&suspect.kind)
            && !suspect.is_meant()
            && !known.contains(&suspect.fingerprint)
            && has_grown(suspect)
    };
    let new: Vec<_> = report.suspects.iter().filter(is_new).collect();
    if new.is_empty() {
        judge.push(
            "growth.new-suspects",
            "",
            false,
            Text::message("gate-no-new-suspect"),
            None,
            Evidence::default(),
        );
    }
    for suspect in new {
        let text = Text::with("gate-new-suspect", [("title", Arg::text(suspect.title.clone()))]);
        let figures = Some((Figure::Count(0), Figure::Bytes(suspect.retained_bytes)));
        judge.push(
            "growth.new-suspects",
            &suspect.holder.label(),
            true,
            text,
            figures,
            Evidence::suspect(suspect),
        );
    }
    let known: BTreeSet<&Fingerprint> = earlier.findings.iter().map(|finding| &finding.fingerprint).collect();
    let least = growth.new_findings();
    let new = report.findings.iter().filter(|f| f.severity >= least && !known.contains(&f.fingerprint));
    let new: Vec<_> = new.collect();
    if new.is_empty() {
        judge.push(
            "growth.new-findings",
            "",
            false,
            Text::message("gate-no-new-finding"),
            None,
            Evidence::default(),
        );
    }
    for finding in new {
        let text = Text::with("gate-new-finding", [("title", Arg::text(finding.title.clone()))]);
        let figures = Some((Figure::Count(0), Figure::Count(finding.count)));
        judge.push("growth.new-findings", &finding.id, true, text, figures, Evidence::finding(finding));
    }
}
