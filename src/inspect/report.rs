//! Puts a report together: facts, verdict, the OutOfMemoryError, suspects, the findings and sections of all inspections.
//!
//! Owns the order of things in a report and the sentences of the verdict.

use super::{ALL, Context, InspectError, Inspection, Outcome, classloaders, off_heap, oom};
use crate::graph::GraphError;
use crate::graph::reachable;
use crate::ix::ObjectIx;
use crate::progress::Unit;
use crate::query::{Origin, fold_tasks, origin_of_name};
use crate::report::{
    Arg, Certified, Confidence, DamageNote, DumpFacts, Finding, HeapFacts, Holder, HolderKind, JvmFacts,
    LayoutFacts, Oom, OomRole, Outside, OutsideKind, Pattern, Report, Severity, SoftReach, Standing, Suspect,
    SuspectKind, THROWN_EARLIER, Text, Verdict,
};
use crate::snapshot::layout;
use crate::snapshot::{DamageKind, MarkedHeap, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use hashbrown::HashMap;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::path::Path;

/// Garbage is worth a sentence from this part of the dump on.
const MUCH_GARBAGE: f64 = 0.3;

/// What holds less of the heap is told, but no reason to worry.
const CONSPICUOUS: f64 = 0.1;
/// Unless it is as large as this.
const LARGE: u64 = 64 << 20;
/// What leaks is called large or small by nobody below this; in a small heap it is told all the same.
const SMALL: u64 = 1 << 20;
/// A call that holds less than this is no reason why a process does not answer.
const MOST_OF_HEAP: f64 = 0.5;

/// The whole report. `wanted` says which inspections are run; suspects and the verdict always are.
///
/// # Errors
/// Memory or scratch space ran out, or the user stopped it.
pub fn report(context: &Context<'_>, wanted: impl Fn(&str) -> bool) -> Result<Report, InspectError> {
    let snapshot = context.snapshot;
    let mut report = Report::new(dump_facts(snapshot), jvm_facts(snapshot), heap_facts(context)?);
    if looks_at_contents(&wanted) {
        // Before the search for paths takes its memory.
        let _phase = snapshot.progress().phase("contents", Unit::Steps, 1);
        context.look_at_contents()?;
    }
    let wanted = ALL.iter().filter(|inspection| wanted(inspection.id()));
    let (alone, others): (Vec<_>, Vec<_>) = wanted.clone().partition(|inspection| inspection.stands_alone());
    let search = || {
        let _phase = snapshot.progress().phase("suspects", Unit::Steps, 1);
        Ok::<_, InspectError>((context.suspects()?.to_vec(), oom::find(context)?))
    };
    // The search is mostly serial.
    let (found, alone) = snapshot.progress().join("inspections", search, || run_all(context, &alone));
    (report.suspects, report.oom) = found?;
    report.heap.outside = off_heap::outside(context)?;
    let mut outcomes = alone?;
    for inspection in others {
        let _phase = snapshot.progress().phase(inspection.id(), Unit::Steps, 1);
        outcomes.insert(inspection.id(), Inspection::run(*inspection, context)?);
    }
    for outcome in wanted.filter_map(|inspection| outcomes.remove(inspection.id())) {
        report.findings.extend(outcome.findings);
        report.inspections.push(outcome.section);
    }
    report.sort_findings();
    report.verdict = verdict(&report);
    Ok(report)
}

type Outcomes = HashMap<&'static str, Outcome>;

/// Runs inspections beside each other, without phases: those of the search that goes on meanwhile are shown.
fn run_all(context: &Context<'_>, inspections: &[&&dyn Inspection]) -> Result<Outcomes, InspectError> {
    inspections.par_iter().map(|inspection| Ok((inspection.id(), inspection.run(context)?))).collect()
}

/// Whether several inspections want to look into objects, so that one pass for all of them is worth it.
fn looks_at_contents(wanted: impl Fn(&str) -> bool) -> bool {
    ["strings", "arrays", "collections", "boxed", "waste"].into_iter().filter(|id| wanted(id)).count() > 1
}

/// What is known of the file.
pub fn dump_facts(snapshot: &Snapshot) -> DumpFacts {
    let origin = snapshot.origin();
    let created = i64::try_from(origin.created_ms).ok().filter(|&ms| ms > 0);
    let created = created.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    let damage = snapshot.damage().kinds().filter(|(kind, _)| !kind.is_ordinary());
    DumpFacts {
        file: Path::new(&origin.file)
            .file_name()
            .map_or_else(|| origin.file.clone(), |name| name.to_string_lossy().into_owned()),
        bytes: snapshot.source().file_bytes(),
        format: origin.format.clone(),
        id_bytes: snapshot.encoding().id_bytes() as u8,
        created: created.map(|time| time.to_string()),
        truncated: snapshot.damage().count(DamageKind::Truncated) > 0
            || snapshot.source().broken_off().is_some(),
        damage: damage
            .map(|(kind, count)| DamageNote {
                kind: kind.id().to_owned(),
                count: count.count,
                first_offset: count.first_offset,
                message: Text::with(
                    &format!("damage-{}", kind.id()),
                    [("count", Arg::Count(count.count)), ("size", Arg::Bytes(count.bytes))],
                ),
            })
            .collect(),
    }
}

/// What is known of the virtual machine.
pub fn jvm_facts(snapshot: &Snapshot) -> JvmFacts {
    let properties = snapshot.system_properties();
    let property = |key: &str| properties.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
    let vm = [property("java.vm.name"), property("java.vm.version")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let layout = snapshot.layout();
    let model = layout.model();
    JvmFacts {
        version: property("java.version"),
        vendor: property("java.vendor"),
        vm: Some(vm).filter(|vm| !vm.is_empty()),
        object_layout: LayoutFacts {
            header_bytes: model.header_bytes,
            reference_bytes: model.reference_bytes,
            alignment_bytes: model.alignment_bytes,
            compact_headers: model.compact_headers,
            confidence: match layout.confidence() {
                layout::Confidence::Exact => Confidence::Exact,
                layout::Confidence::Likely => Confidence::Likely,
                layout::Confidence::Estimated => Confidence::Estimated,
            },
            evidence: layout_evidence(layout),
        },
        properties: crate::query::masked_properties(&properties),
    }
}

/// What speaks for the layout, in sentences.
fn layout_evidence(layout: &layout::ObjectLayout) -> Vec<Text> {
    let count = |name, count| (name, Arg::Count(count));
    let found = layout.evidence();
    let mut texts = vec![Text::with(
        "layout-evidence",
        [
            count("confirmed", found.confirmed.into()),
            count("refuted", found.refuted.into()),
            count("open", found.open.into()),
        ],
    )];
    if layout.classes_sized_by_gap() > 0 {
        texts.push(Text::with(
            "layout-sized-by-gap",
            [count("classes", layout.classes_sized_by_gap() as u64)],
        ));
    }
    if layout.is_forced() {
        texts.push(Text::with("layout-given", []));
    }
    texts
}

fn heap_facts(context: &Context<'_>) -> Result<HeapFacts, InspectError> {
    let snapshot = context.snapshot;
    let total = context.histogram().total();
    let is_loader = |class| snapshot.classes().is_named(class, "java.lang.ClassLoader");
    let loaders = context
        .histogram()
        .iter()
        .filter(|&(class, _)| is_loader(class))
        .map(|(_, count)| count.instances)
        .sum();
    let limit = context.heap_limit();
    Ok(HeapFacts {
        objects: total.instances,
        shallow_bytes: total.shallow_bytes,
        unreachable_objects: total.unreachable_instances,
        unreachable_bytes: total.unreachable_bytes,
        limit_bytes: limit.map(|limit| limit.bytes),
        limit_is_estimate: limit.is_some_and(|limit| limit.is_estimate),
        unmounted_threads: context.unmounted_threads()?.count,
        classes: snapshot.loaded_class_count() as u64,
        class_loaders: loaders,
        gc_roots: snapshot.roots().all().len() as u64,
        // Who holds it is looked at later.
        outside: Vec::new(),
        soft: context.soft_reach()?,
        certified: snapshot.certificate().map(|certificate| Certified {
            objects: certificate.object_count,
            edges: certificate.edge_count,
            ordered_objects: certificate.ordered_count,
        }),
    })
}

/// What is reachable only through soft references, and only through finalizers.
pub(super) fn soft_reach(heap: &MarkedHeap) -> Result<SoftReach, SnapshotError> {
    let Some(strongly) = heap.strongly_reachable()? else { return Ok(SoftReach::default()) };
    let mut without_final = BitColumn::new(heap.storage(), "final slots", heap.references().slot_count())
        .map_err(GraphError::from)?;
    heap.final_slots().iter().for_each(|&slot| without_final.set(slot as usize));
    // It may be asked beside the search for dominators, whose phases are shown.
    let progress = heap.progress().unobserved();
    let softly = reachable(&heap.graph(), Some(&without_final), heap.storage(), &progress)?;
    fold_tasks(
        heap,
        SoftReach::default,
        |mut reach, objects| {
            let objects = objects.map(ObjectIx::from_usize);
            for object in objects.filter(|&object| heap.is_reachable(object) && !strongly.contains(object)) {
                let bytes = heap.shallow_bytes(object);
                if softly.contains(object) {
                    reach.softly_bytes += bytes;
                    reach.softly_objects += 1;
                } else {
                    reach.finalizer_bytes += bytes;
                    reach.finalizer_objects += 1;
                }
            }
            reach
        },
        |a, b| SoftReach {
            softly_bytes: a.softly_bytes + b.softly_bytes,
            softly_objects: a.softly_objects + b.softly_objects,
            finalizer_bytes: a.finalizer_bytes + b.finalizer_bytes,
            finalizer_objects: a.finalizer_objects + b.finalizer_objects,
        },
    )
}

fn is_garbage(suspect: &Suspect) -> bool {
    suspect.kind == SuspectKind::Garbage
}

/// What happened, in a few sentences, the most important first.
fn verdict(report: &Report) -> Verdict {
    if report.heap.objects + report.heap.unreachable_objects == 0 {
        // What is wrong with the file stands above.
        return Verdict { sentences: vec![Text::message("verdict-empty")], healthy: false };
    }
    let mut sentences = Vec::new();
    if let Some(oom) = &report.oom {
        sentences.push(oom_sentence(oom));
        sentences.extend(generated(oom));
        sentences.extend(too_large(oom));
    }
    let all_kept: Vec<&Suspect> =
        report.suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage).collect();
    let kept: Vec<&Suspect> = all_kept.iter().filter(|suspect| !suspect.is_ordinary()).copied().collect();
    let errors: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let second = beside(&kept);
    // What a suspect of the verdict is told by is not told again.
    let told = |finding: &&&Finding| {
        let mut of_suspects = kept.first().into_iter().chain(&second);
        of_suspects.all(|suspect| suspect.rule.as_deref() != Some(&*finding.id) && !is_same(finding, suspect))
    };
    let mut failures: Vec<Text> = Vec::new();
    for text in errors.iter().filter(told).map(|finding| told_with_holder(finding)) {
        // Errors that were thrown at several places are told by the same words.
        if failures.len() < 2 && !failures.contains(&text) {
            failures.push(text);
        }
    }
    // A single array that was too large says nothing of what was in the heap.
    let is_about_array = report.oom.as_ref().is_some_and(|oom| oom::is_about_one_array(&oom.kind));
    let limit = report.heap.limit_bytes.unwrap_or(0);
    let is_beside = |first: &&&Suspect| first.is_leak_if_it_grows() && first.retained_bytes * 10 < limit * 3;
    let is_largest_in_small_heap = |first: &Suspect| {
        first.retained_bytes < SMALL
            && all_kept.iter().all(|other| other.retained_bytes <= first.retained_bytes)
    };
    let said = kept.first().filter(|first| !(is_about_array && is_beside(first)));
    let cause = said.map(|first| {
        let id = match first.kind {
            SuspectKind::Load if first.pattern == Pattern::Threads => "verdict-threads-virtual",
            // The call that takes from it ends when there is nothing more to take.
            SuspectKind::Load if first.backlog => "verdict-backlog",
            SuspectKind::Load if first.holder.threads.is_some() => "verdict-load-of-calls",
            SuspectKind::Load if first.holder.frame.is_none() => "verdict-load-in-flight",
            SuspectKind::Load => "verdict-load",
            _ if first.pattern == Pattern::Threads => "verdict-threads",
            _ if first.pattern == Pattern::EmptyCollection => "verdict-room",
            _ if first.holder.kind == HolderKind::ThreadLocal => "verdict-thread-local",
            _ if first.is_full_queue() => "verdict-backlog-full",
            _ if first.backlog => "verdict-backlog",
            _ if first.cache => "verdict-cache",
            _ if first.is_leak_if_it_grows() && is_largest_in_small_heap(first) => "verdict-small-heap",
            _ if first.is_leak_if_it_grows() => "verdict-leak-if-it-grows",
            _ => "verdict-leak",
        };
        let mut args = suspect_args(first);
        args.push(("others", Arg::Count(kept.len() as u64 - 1)));
        Text::with(id, args)
    });
    let activity = said.into_iter().flat_map(|first| first.activity.iter().take(3).cloned());
    // What a request holds in a heap that is not full is no reason for an outage, nor is what may be data; a deadlock is.
    let is_ordinary_load = |first: &&Suspect| {
        first.kind == SuspectKind::Load && first.share < MOST_OF_HEAP && report.oom.is_none()
    };
    // That something ran out is what happened; what the heap holds now comes after it.
    let has_run_out = errors.iter().any(|finding| finding.id == THROWN_EARLIER);
    if has_run_out || kept.first().is_some_and(|first| is_ordinary_load(first) || first.is_leak_if_it_grows())
    {
        sentences.extend(failures);
        sentences.extend(cause.into_iter().chain(activity));
    } else {
        sentences.extend(cause.into_iter().chain(activity));
        sentences.extend(failures);
    }
    sentences.extend(pressure(report, kept.first().copied()));
    // Who reads no further than this must know of the second one as well.
    sentences.extend(second.map(|suspect| Text::with("verdict-beside", suspect_args(suspect))));
    let heap = &report.heap;
    if is_beside_garbage(report, &kept) {
        sentences.splice(0..0, unreached(report));
    } else {
        sentences.extend(unreached(report));
    }
    let may_be_data = kept.first().is_none_or(|first| first.is_leak_if_it_grows());
    let at = if report.oom.is_none() && may_be_data { 0 } else { sentences.len() };
    let outside = outside(report);
    let is_said_outside = |finding: &&Finding| {
        let kinds = [OutsideKind::Direct, OutsideKind::Arena];
        !outside.is_empty() && kinds.iter().any(|&kind| is_about_outside(finding, kind))
    };
    let of_outside: Vec<String> =
        report.findings.iter().filter(is_said_outside).map(|finding| finding.id.clone()).collect();
    sentences.splice(at..at, outside);
    let is_unknown = roots_lost(report) && is_much_unreached(report);
    let healthy = report.oom.is_none() && kept.is_empty() && errors.is_empty() && !is_unknown;
    if healthy {
        let told = |finding: &&Finding| {
            let rule = Some(finding.id.as_str());
            report.suspects.iter().any(|suspect| suspect.rule.as_deref() == rule && is_garbage(suspect))
        };
        let warnings = report.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        let is_said = |finding: &&Finding| {
            !told(finding) && !is_mere_waste(finding, heap.shallow_bytes) && !of_outside.contains(&finding.id)
        };
        let warnings: Vec<&Finding> = warnings.filter(is_said).take(2).collect();
        sentences.extend(warnings.iter().map(|finding| told_with_holder(finding)));
        let is_large = |suspect: &&&Suspect| suspect.share >= CONSPICUOUS || suspect.retained_bytes >= LARGE;
        let large = all_kept.iter().filter(is_large);
        if let Some(first) = large.max_by_key(|suspect| (suspect.retained_bytes, Reverse(suspect.rank))) {
            // There is something large, and nothing speaks against it.
            let id = match first.standing {
                // What is warned of is conspicuous.
                _ if !warnings.is_empty() => "verdict-largest-holder",
                Standing::Largest if first.is_fixed() => "verdict-largest-fixed",
                Standing::Largest => "verdict-largest",
                _ => "verdict-ordinary",
            };
            sentences.push(Text::with(id, suspect_args(first)));
        } else {
            let id = if warnings.is_empty() { "verdict-healthy" } else { "verdict-no-holder" };
            sentences.push(Text::with(id, [("size", Arg::Bytes(heap.shallow_bytes))]));
            let largest =
                all_kept.iter().max_by_key(|suspect| (suspect.retained_bytes, Reverse(suspect.rank)));
            sentences
                .extend(largest.map(|suspect| Text::with("verdict-largest-holder", suspect_args(suspect))));
        }
    }
    Verdict { sentences, healthy }
}

/// Whether a finding is about waste that is no reason to read on: nearly every heap has repeated texts, nothing grows by them, and who has a healthy
/// heap wants to read that it is healthy. They are in the verdict if they are most of a heap, or much of a large one; else among the findings only.
fn is_mere_waste(finding: &Finding, heap_bytes: u64) -> bool {
    const WASTE: [&str; 3] = ["strings.repeated", "collections.wasteful", "arrays.repeated"];
    const LEAST_BYTES: u64 = 16 << 20;
    const LARGE: u64 = 64 << 20;
    let is_much =
        finding.bytes >= heap_bytes / 2 || (finding.bytes >= LARGE && finding.bytes >= heap_bytes / 3);
    WASTE.contains(&&*finding.id) && !(is_much && finding.bytes >= LEAST_BYTES)
}

fn roots_lost(report: &Report) -> bool {
    report.dump.damage.iter().any(|damage| damage.kind == DamageKind::LostRoots.id())
}

/// The bytes of the whole dump, with what is unreachable.
fn all_bytes(report: &Report) -> u64 {
    report.heap.shallow_bytes + report.heap.unreachable_bytes
}

fn is_much_unreached(report: &Report) -> bool {
    let all = all_bytes(report);
    all > 0 && report.heap.unreachable_bytes as f64 >= MUCH_GARBAGE * all as f64
}

/// Whether most of the dump is garbage, and what is held in it is little and perhaps meant to be there.
fn is_beside_garbage(report: &Report, kept: &[&Suspect]) -> bool {
    const LITTLE: f64 = 0.1;
    let all = all_bytes(report) as f64;
    let is_little =
        |first: &&Suspect| first.is_leak_if_it_grows() && (first.retained_bytes as f64) < LITTLE * all;
    report.oom.is_none()
        && report.heap.unreachable_bytes as f64 >= MOST_OF_HEAP * all
        && kept.first().is_some_and(is_little)
}

/// How full the heap is, where that matters: beside what may only be data there is no hurry, and what fills nearly all of it will soon have it all.
fn pressure(report: &Report, first: Option<&Suspect>) -> Option<Text> {
    const FREE: f64 = 0.5;
    const NEARLY_FULL: f64 = 0.9;
    let limit = report.heap.limit_bytes.filter(|_| report.oom.is_none())?;
    let first = first.filter(|first| first.kind == SuspectKind::Leak)?;
    let used = report.heap.shallow_bytes as f64 / limit as f64;
    let id = match used {
        _ if used >= NEARLY_FULL => "verdict-heap-nearly-full",
        _ if used < FREE && first.is_leak_if_it_grows() => "verdict-heap-free",
        _ => return None,
    };
    Some(Text::with(id, [("share", Arg::Share(used)), ("limit", Arg::Bytes(limit))]))
}

/// What is said of the unreachable part, if it is large.
fn unreached(report: &Report) -> Vec<Text> {
    if !is_much_unreached(report) {
        return Vec::new();
    }
    let heap = &report.heap;
    let roots_lost = roots_lost(report);
    let share = heap.unreachable_bytes as f64 / all_bytes(report) as f64;
    let args = [
        ("size", Arg::Bytes(heap.unreachable_bytes)),
        ("share", Arg::Share(share)),
        ("threads", Arg::Count(heap.unmounted_threads)),
    ];
    let id = if roots_lost {
        "verdict-roots-lost"
    } else if heap.unmounted_threads > 0 {
        "verdict-unmounted"
    } else {
        "verdict-garbage"
    };
    let mut sentences = vec![Text::with(id, args)];
    if let Some(garbage) = report.suspects.iter().find(|suspect| is_garbage(suspect)) {
        let id = if heap.unmounted_threads > 0 && !roots_lost {
            "verdict-unmounted-made-of"
        } else if garbage.share > 0.5 {
            "verdict-garbage-made-of"
        } else {
            "verdict-garbage-partly"
        };
        sentences.push(Text::with(id, suspect_args(garbage)));
    }
    sentences
}

/// What there is outside of the heap, if the heap is small beside it: whoever looks at the heap alone looks at the wrong place. What a finding
/// says is not said twice.
fn outside(report: &Report) -> Vec<Text> {
    const LEAST_BYTES: u64 = 256 << 20;
    const TIMES_THE_HEAP: u64 = 2;
    let is_told = |kind| {
        let mut errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
        errors.any(|finding| is_about_outside(finding, kind))
    };
    let is_much = |outside: &&Outside| {
        outside.bytes >= LEAST_BYTES
            && outside.bytes / TIMES_THE_HEAP >= report.heap.shallow_bytes
            && !is_told(outside.kind)
    };
    let buffers = report.heap.outside.iter().filter(is_much).map(Outside::words);
    // What compressors hold the heap does not show either.
    let compressors = report.findings.iter().filter(|finding| {
        finding.id == "off-heap.open-compressors"
            && finding.bytes >= LEAST_BYTES
            && finding.bytes / TIMES_THE_HEAP >= report.heap.shallow_bytes
    });
    buffers.chain(compressors.map(told_with_holder)).collect()
}

/// Whether a finding is about what is outside of the heap in that kind of memory.
fn is_about_outside(finding: &Finding, kind: OutsideKind) -> bool {
    let class = match kind {
        OutsideKind::Direct => "java.nio.DirectByteBuffer",
        OutsideKind::Arena => "java.lang.foreign.Arena",
        OutsideKind::Mapped => return false,
    };
    finding.class.as_deref() == Some(class)
}

/// The title of a finding, with the holder where that is something of the application's.
fn told_with_holder(finding: &Finding) -> Text {
    let title = finding.title.clone();
    let is_own = |holder: &&Holder| {
        holder.field.is_some()
            && holder.class.as_deref().is_some_and(|class| origin_of_name(class) == Origin::Application)
    };
    // Who keeps an error says nothing of what it is about.
    let is_about_holder = finding.id != THROWN_EARLIER;
    match finding.holder.as_ref().filter(is_own).filter(|_| is_about_holder) {
        Some(holder) => {
            let id = match finding.count {
                _ if finding.id == classloaders::GENERATED => "verdict-finding-instances",
                1 => "verdict-finding-of",
                _ => "verdict-finding-held",
            };
            Text::with(id, [("title", Arg::text(title)), ("holder", holder.words())])
        }
        None => Text::with("verdict-finding", [("title", Arg::text(title))]),
    }
}

/// Whether a finding is about most of the memory of a suspect: the same holder, and at least half as much; or about something that each of many
/// objects of the suspect has inside.
fn is_same(finding: &Finding, suspect: &Suspect) -> bool {
    let is_in_each = suspect.instances > 1 && finding.count == suspect.instances;
    (is_in_each || finding.bytes * 2 >= suspect.retained_bytes)
        && finding.holder.as_ref().is_some_and(|holder| holder.label() == suspect.holder.label())
}

/// The leak that is to blame beside the first one, unless it is the same memory held by others, too; or a call that holds much.
fn beside<'s>(kept: &[&'s Suspect]) -> Option<&'s Suspect> {
    const MUCH: f64 = 0.2;
    let (first, rest) = kept.split_first()?;
    let shares =
        |suspect: &Suspect, other: &Suspect| suspect.holders.iter().any(|share| share.holder == other.holder);
    let is_other = |suspect: &&&Suspect| {
        let is_large_load = suspect.kind == SuspectKind::Load && suspect.share >= MUCH;
        (suspect.kind == SuspectKind::Leak || is_large_load)
            && suspect.holder != first.holder
            && !shares(suspect, first)
            && !shares(first, suspect)
    };
    rest.iter().find(is_other).copied()
}

fn suspect_args(suspect: &Suspect) -> Vec<(&'static str, Arg)> {
    vec![
        ("title", Arg::text(suspect.title.clone())),
        ("holder", suspect.holder.words()),
        ("size", Arg::Bytes(suspect.retained_bytes)),
        ("share", Arg::Share(suspect.share)),
        ("class", Arg::name(&suspect.class)),
        ("count", Arg::Count(suspect.instances)),
    ]
}

/// Which classes there are too many of, and what to change: where nobody holds them there is no suspect that says it.
fn generated(oom: &Oom) -> Vec<Text> {
    let is_generating = oom.role == OomRole::Culprit && oom.culprit.is_none();
    if !is_generating || !oom::is_about_classes(&oom.kind) {
        return Vec::new();
    }
    let copies = oom.evidence.iter().find_map(|text| match text {
        Text::Message { id, args } if id == "oom-evidence-copies" => Some(args.clone()),
        _ => None,
    });
    let told = copies.map(|args| Text::Message { id: "verdict-classes".into(), args });
    told.into_iter().chain([Text::message("verdict-classes-advice")]).collect()
}

/// How large an array was to be that was too large, and what to change: what is held has nothing to do with it.
fn too_large(oom: &Oom) -> Vec<Text> {
    if oom.role != OomRole::Culprit || !oom::is_about_one_array(&oom.kind) {
        return Vec::new();
    }
    let size = oom.evidence.iter().find_map(|text| match text {
        Text::Message { id, args } if id == "oom-evidence-asked-size" => Some(args.clone()),
        _ => None,
    });
    let told = size.map(|args| Text::Message { id: "verdict-array-size".into(), args });
    told.into_iter().chain([Text::message("verdict-array-advice")]).collect()
}

fn oom_sentence(oom: &Oom) -> Text {
    let id = match oom.role {
        OomRole::Culprit if oom.asked_by.is_some() => "verdict-oom-array-asked",
        OomRole::Culprit if oom::is_about_one_array(&oom.kind) => "verdict-oom-array",
        OomRole::Culprit if oom.is_one_of_many() => "verdict-oom-one-of-them",
        OomRole::Culprit if oom.is_at_work_for_another() => "verdict-oom-works-for",
        OomRole::Culprit if oom.culprit.is_some() => "verdict-oom-filling",
        OomRole::Culprit if oom::is_about_classes(&oom.kind) => "verdict-oom-classes",
        OomRole::Culprit if oom.others_hold_more => "verdict-oom-culprit-beside",
        OomRole::Culprit => "verdict-oom-culprit",
        OomRole::Victim => "verdict-oom-victim",
        OomRole::Unknown if oom.culprit.is_some() => "verdict-oom-within",
        OomRole::Unknown => "verdict-oom-unknown",
    };
    let site = oom.site.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let mut args = vec![
        ("kind", Arg::text(Text::message(&format!("oom-kind-{}", oom.kind)))),
        ("thread", Arg::name(oom.thread.clone().unwrap_or_else(|| "?".to_owned()))),
        ("site", Arg::name(site)),
        ("size", Arg::Bytes(oom.thread_retained_bytes)),
    ];
    args.extend(oom.culprit.as_ref().map(|holder| ("holder", holder.words())));
    args.extend(oom.asked_by.as_ref().map(|frame| ("place", Arg::name(frame.to_string()))));
    Text::with(id, args)
}
