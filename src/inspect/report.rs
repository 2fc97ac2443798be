//! Puts a report together: facts, verdict, the OutOfMemoryError, suspects, the findings and sections of all inspections.
//!
//! Owns the order of things in a report.

use super::verdict::{name_by_rules, tell_what_is_outside, tell_who_waits, verdict};
use super::{ALL, Context, InspectError, Inspection, Outcome, off_heap, oom, sockets};
use crate::graph::GraphError;
use crate::graph::{Reachable, reachable_beyond};
use crate::ix::ObjectIx;
use crate::progress::{Progress, Unit};
use crate::query::fold_tasks;
use crate::report::{
    Arg, Certified, Confidence, DamageNote, DumpFacts, HeapFacts, JvmFacts, LayoutFacts, OomRole, Report,
    SoftReach, Standing, Suspect, SuspectKind, Text,
};
use crate::snapshot::layout;
use crate::snapshot::{MarkedHeap, Snapshot, SnapshotError};
use crate::storage::BitColumn;
use hashbrown::HashMap;
use rayon::prelude::*;
use std::path::Path;

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
    excuse_buffer_of_victim(&mut report);
    report.heap.outside = off_heap::outside(context)?;
    report.heap.garbage = context.garbage()?.cloned();
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
    tell_who_waits(&mut report.findings);
    sockets::tell_suspects(&mut report.suspects, &report.findings);
    tell_what_is_outside(&mut report);
    let whole = report.heap.whole();
    report.findings.iter_mut().for_each(|finding| tell_share_of(&mut finding.title, &whole));
    report.verdict = verdict(&report);
    name_by_rules(&mut report);
    Ok(report)
}

/// Tells of what a share is one, in a title that has one.
fn tell_share_of(title: &mut Text, (name, whole): &(&'static str, Arg)) {
    if let Text::Message { args, .. } = title
        && args.contains_key("share")
    {
        args.insert((*name).to_owned(), whole.clone());
    }
}

/// Tells the array that a thread had in hand which ran out of memory by what others hold as no more than large: what is small beside that is no story of its own.
fn excuse_buffer_of_victim(report: &mut Report) {
    const SMALL: f64 = 0.1;
    let Some(oom) = report.oom.as_ref().filter(|oom| oom.role == OomRole::Victim) else { return };
    let is_its_own = |suspect: &&mut Suspect| {
        suspect.kind == SuspectKind::Load
            && suspect.holder.threads.is_none()
            && suspect.holder.thread.is_some()
            && suspect.holder.thread == oom.thread
            && suspect.rank > 1
            && suspect.instances == 1
            && suspect.class.ends_with("[]")
            && suspect.share < SMALL
    };
    report.suspects.iter_mut().filter(is_its_own).for_each(|suspect| suspect.standing = Standing::Largest);
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
        truncated: snapshot.damage().is_cut_short() || snapshot.source().broken_off().is_some(),
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
        class_value_bytes: context.class_value_bytes()?,
        no_garbage: context.no_garbage()?,
        finalizable: context.finalizable()?.cloned(),
        // That is found with the suspects.
        garbage: None,
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

/// What roots reach without the references of finalizers, given what they reach without soft ones as well.
pub(super) fn without_finalizers(
    heap: &MarkedHeap,
    strongly: &Reachable,
    progress: &Progress,
) -> Result<Reachable, SnapshotError> {
    let mut without_final = BitColumn::new(heap.storage(), "final slots", heap.references().slot_count())
        .map_err(GraphError::from)?;
    heap.final_slots().iter().for_each(|&slot| without_final.set(slot as usize));
    let (soft_slots, storage) = (heap.soft_slots(), heap.storage());
    Ok(reachable_beyond(&heap.graph(), strongly, soft_slots, Some(&without_final), storage, progress)?)
}

/// What is reachable only through soft references, and only through finalizers.
pub(super) fn soft_reach(heap: &MarkedHeap) -> Result<SoftReach, SnapshotError> {
    let Some(strongly) = heap.strongly_reachable()? else { return Ok(SoftReach::default()) };
    // It may be asked beside the search for dominators, whose phases are shown.
    let softly = without_finalizers(heap, strongly, &heap.progress().unobserved())?;
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

#[cfg(test)]
mod tests {
    use crate::snapshot::DamageKind;

    /// A report has only the name of a kind of damage.
    #[test]
    fn lost_roots_are_known_by_their_name() {
        assert_eq!(DamageKind::LostRoots.id(), crate::report::LOST_ROOTS);
    }
}
