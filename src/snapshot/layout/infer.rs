//! Formulas propose, gaps refute or confirm: which model fits the addresses of a dump, and the size of each class under it.
//!
//! A gap is an upper bound. A formula that says more than a gap is refuted; one that says the same is confirmed; one that says less proves nothing, since
//! garbage or the end of a region can follow any object. A wrong model is refuted by hundreds of classes or confirmed by hardly any, so the count of both
//! decides, and the release of the JVM only where they do not. Cost: classes times models.

use super::fields::FieldMix;
use super::gaps::GapEvidence;
use super::hidden;
use super::model::{Model, Packing};
use super::packing::{Footprint, OwnFields, align_up, static_bytes};
use super::shape::{CLASS, ClassShape, JvmFacts};
use super::{Confidence, Evidence, SizeSource};

/// A model with the numbers that speak for and against it.
pub(super) struct Fit {
    pub(super) model: Model,
    pub(super) evidence: Evidence,
}

/// The classes in an order in which each comes after its super class. A class whose chain of super classes has no end (damage) counts as having none.
pub(super) fn parents_first(shapes: &[ClassShape<'_>]) -> Vec<(usize, Option<usize>)> {
    let mut order = Vec::with_capacity(shapes.len());
    let mut done = vec![false; shapes.len()];
    let mut on_path = vec![false; shapes.len()];
    let mut path = Vec::new();
    for start in 0..shapes.len() {
        let mut at = Some(start);
        while let Some(class) = at.filter(|&class| !done[class] && !on_path[class]) {
            on_path[class] = true;
            path.push(class);
            at = shapes[class].super_class.map(|c| c as usize).filter(|&c| c < shapes.len());
        }
        while let Some(class) = path.pop() {
            let parent =
                shapes[class].super_class.map(|c| c as usize).filter(|&c| c < shapes.len() && done[c]);
            order.push((class, parent));
            done[class] = true;
        }
    }
    order
}

/// The model that fits best, or the likeliest one if there is nothing to go by.
pub(super) fn choose_model(
    shapes: &[ClassShape<'_>],
    order: &[(usize, Option<usize>)],
    gaps: &GapEvidence,
    jvm: &JvmFacts<'_>,
) -> Fit {
    let alignment = gaps.alignment_bytes();
    let release = jvm.release();
    let candidates = Model::candidates(jvm.id_bytes, alignment.unwrap_or(8));
    let mut best: Option<(i64, bool, Fit)> = None;
    for model in candidates {
        let evidence =
            if alignment.is_some() { weigh(shapes, order, gaps, &model, jvm) } else { Evidence::default() };
        let score = i64::from(evidence.confirmed) - 4 * i64::from(evidence.refuted);
        let plausible = release.is_none_or(|release| is_plausible(&model, release));
        if best.as_ref().is_none_or(|(s, p, _)| (score, plausible) > (*s, *p)) {
            best = Some((score, plausible, Fit { model, evidence }));
        }
    }
    best.expect("there is a candidate for each id size").2
}

/// Whether that release of HotSpot can have had that model.
fn is_plausible(model: &Model, release: u16) -> bool {
    let packing = if release >= 15 { Packing::Jdk15 } else { Packing::Jdk7To14 };
    let unrounded_array_header =
        model.word_bytes == 8 && !model.array_header_bytes.is_multiple_of(8) && !model.compact_headers;
    model.packing == packing
        && (release >= 23 || !unrounded_array_header)
        && (release < 23 || model.array_header_bytes != 24)
        && (release >= 24 || !model.compact_headers)
}

/// Counts the arrays and the ordinary classes whose size under this model the gaps refute, confirm or leave open.
fn weigh(
    shapes: &[ClassShape<'_>],
    order: &[(usize, Option<usize>)],
    gaps: &GapEvidence,
    model: &Model,
    jvm: &JvmFacts<'_>,
) -> Evidence {
    let mut evidence = Evidence::default();
    for (element, length, gap) in gaps.arrays() {
        evidence.count(model.array_bytes(element, length), gap);
    }
    let release = assumed_release(jvm, model);
    let mut footprints: Vec<Option<Footprint>> = vec![None; shapes.len()];
    let mut special = vec![false; shapes.len()];
    for &(class, parent) in order {
        let shape = &shapes[class];
        special[class] = hidden::is_special(shape.name) || parent.is_some_and(|p| special[p]);
        let own = hidden::own_fields(shape, release, model.packing, model.word_bytes);
        let footprint = parent_footprint(&footprints, parent, model).extend(&own, model);
        if !special[class]
            && let Some(gap) = gaps.instance(class).smallest()
        {
            evidence.count(footprint.instance_bytes(model), gap);
        }
        footprints[class] = Some(footprint);
    }
    evidence
}

fn parent_footprint(footprints: &[Option<Footprint>], parent: Option<usize>, model: &Model) -> Footprint {
    parent.and_then(|p| footprints[p].clone()).unwrap_or_else(|| Footprint::empty(model))
}

/// The release to take hidden fields from: the dump's, or one that has the packing that the gaps speak for.
pub(super) fn assumed_release(jvm: &JvmFacts<'_>, model: &Model) -> u16 {
    jvm.release().unwrap_or(match model.packing {
        Packing::Jdk7To14 => 8,
        Packing::Jdk15 => hidden::NEWEST_RELEASE,
    })
}

/// How sure the numbers make us of a model.
pub(super) fn confidence(evidence: &Evidence, model: &Model, jvm: &JvmFacts<'_>) -> Confidence {
    let Evidence { confirmed, refuted, open } = *evidence;
    let known = jvm.release().is_some_and(|release| is_plausible(model, release));
    if refuted == 0 && confirmed >= 20 && confirmed >= open {
        Confidence::Exact
    } else if confirmed > 20 * refuted && (confirmed > open || known) && confirmed > 0 {
        Confidence::Likely
    } else {
        Confidence::Estimated
    }
}

/// Sizes of all classes under one model.
pub(super) struct ClassSizes {
    pub(super) instance_bytes: Vec<u32>,
    pub(super) sources: Vec<SizeSource>,
}

/// The size of an instance of each class.
pub(super) fn class_sizes(
    shapes: &[ClassShape<'_>],
    order: &[(usize, Option<usize>)],
    gaps: Option<&GapEvidence>,
    model: &Model,
    jvm: &JvmFacts<'_>,
) -> ClassSizes {
    let release = assumed_release(jvm, model);
    let mut sizes = ClassSizes {
        instance_bytes: vec![0; shapes.len()],
        sources: vec![SizeSource::Formula; shapes.len()],
    };
    let mut footprints: Vec<Option<Footprint>> = vec![None; shapes.len()];
    for &(class, parent) in order {
        let shape = &shapes[class];
        let parent = parent_footprint(&footprints, parent, model);
        let own = hidden::own_fields(shape, release, model.packing, model.word_bytes);
        let mut footprint = parent.extend(&own, model);
        let gap = gaps.and_then(|gaps| smallest_gap(class, shape, shapes, gaps, model));
        let formula = footprint.instance_bytes(model);
        sizes.sources[class] = match gap {
            Some(gap) if gap == formula => SizeSource::Both,
            Some(gap) => {
                let (better, source) = settle(shape, &parent, footprint, formula, gap, model);
                footprint = better;
                source
            }
            None => SizeSource::Formula,
        };
        sizes.instance_bytes[class] = u32::try_from(footprint.instance_bytes(model)).unwrap_or(u32::MAX);
        footprints[class] = Some(footprint);
    }
    sizes
}

/// The smallest gap after an instance. `java.lang.Class` has few instances of its own (the primitives), but each mirror of a class is one with the
/// statics of that class behind it.
fn smallest_gap(
    class: usize,
    shape: &ClassShape<'_>,
    shapes: &[ClassShape<'_>],
    gaps: &GapEvidence,
    model: &Model,
) -> Option<u64> {
    let own = gaps.instance(class).smallest();
    if shape.name != CLASS {
        return own;
    }
    let alignment = u64::from(model.alignment_bytes);
    let bounds = (0..shapes.len()).filter_map(|mirrored| {
        let room = gaps.mirror(mirrored)?.checked_sub(static_bytes(&shapes[mirrored].statics, model))?;
        Some(room & !(alignment - 1))
    });
    bounds.chain(own).min()
}

/// Where the formula for the dump's release and the smallest gap differ: another release's hidden fields may fit; else the smaller of the two counts.
fn settle(
    shape: &ClassShape<'_>,
    parent: &Footprint,
    formula: Footprint,
    formula_bytes: u64,
    gap: u64,
    model: &Model,
) -> (Footprint, SizeSource) {
    if hidden::is_special(shape.name) {
        for release in hidden::releases_to_try(shape.name) {
            let own = hidden::own_fields(shape, release, model.packing, model.word_bytes);
            let variant = parent.extend(&own, model);
            if variant.instance_bytes(model) == gap {
                return (variant, SizeSource::Both);
            }
        }
    }
    let least = parent
        .extend(&OwnFields { plain: shape.field_mix(), ..OwnFields::default() }, model)
        .instance_bytes(model);
    let whole = gap == align_up(gap, u64::from(model.alignment_bytes));
    if gap < formula_bytes && gap >= least && whole {
        return (formula.shrunk_to(gap), SizeSource::Gap);
    }
    (formula, SizeSource::Formula)
}

/// Bytes of the mirror of a class.
pub(super) fn mirror_bytes(class_bytes: u32, statics: &FieldMix, model: &Model) -> u32 {
    let bytes = model.object_bytes(u64::from(class_bytes) + static_bytes(statics, model));
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
