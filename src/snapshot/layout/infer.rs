//! Formulas propose, gaps refute or confirm: which model fits the addresses of a dump, and the size of each class under it.
//!
//! A gap is an upper bound. A formula that says more than a gap is refuted; one that says the same is confirmed; one that says less proves nothing, since
//! garbage or the end of a region can follow any object. A wrong model is refuted by hundreds of classes or confirmed by hardly any, so the count of both
//! decides, and the release of the JVM only where they do not. Cost: classes times models.

use super::fields::FieldMix;
use super::gaps::GapEvidence;
use super::hidden;
use super::model::{Model, Packing};
use super::packing::{CONTENDED_PADDING_BYTES, Footprint, OwnFields, align_up, static_bytes};
use super::shape::{CLASS, ClassShape, JvmFacts, STACK_CHUNK, release_by_shape};
use super::{Confidence, Evidence, SizeSource};

/// Fewer objects than this may lie at multiples of 16 by chance.
const ENOUGH_FOR_ALIGNMENT: u64 = 100;
/// So many instances of a class that the JVM adds something to, most of them followed by the same gap, tell its size.
const ENOUGH_FOR_GROWTH: u32 = 4;
/// For each size that the gaps leave open, so many have to be confirmed for objects to lie close to each other in the whole heap.
const CONFIRMED_FOR_EACH_OPEN: u32 = 25;

/// What is compared: the classes of a dump, super classes first, and what is known of the JVM.
pub(super) struct Basis<'s> {
    pub(super) shapes: &'s [ClassShape<'s>],
    order: Vec<(usize, Option<usize>)>,
    jvm: JvmFacts<'s>,
    release: Option<u16>,
}

impl<'s> Basis<'s> {
    pub(super) fn new(shapes: &'s [ClassShape<'s>], jvm: &JvmFacts<'s>) -> Self {
        let release = jvm.release().or_else(|| release_by_shape(shapes));
        Self { shapes, order: parents_first(shapes), jvm: *jvm, release }
    }

    /// The release to take hidden fields from: the dump's, or one that has the packing that the gaps speak for.
    fn release(&self, model: &Model) -> u16 {
        self.release.unwrap_or(match model.packing {
            Packing::Jdk7To14 => 8,
            Packing::Jdk15 => hidden::NEWEST_RELEASE,
        })
    }

    fn own_fields(&self, class: usize, model: &Model) -> OwnFields {
        hidden::own_fields(&self.shapes[class], self.release(model), model.packing, model.word_bytes)
    }

    /// Static fields as far as they lie in the `java.lang.Class` object.
    fn statics(&self, class: usize, model: &Model) -> FieldMix {
        let inside = self.jvm.android || hidden::has_statics_in_mirror(self.release(model));
        if inside { self.shapes[class].statics } else { FieldMix::NONE }
    }
}

/// A model with the numbers that speak for and against it.
pub(super) struct Fit {
    pub(super) model: Model,
    pub(super) evidence: Evidence,
}

/// The classes in an order in which each comes after its super class. A class whose chain of super classes has no end (damage) counts as having none.
fn parents_first(shapes: &[ClassShape<'_>]) -> Vec<(usize, Option<usize>)> {
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

/// The model that fits best, or the likeliest one if there is nothing to go by; `forced` is the user's.
pub(super) fn choose_model(basis: &Basis<'_>, gaps: &GapEvidence, forced: Option<&Model>) -> Fit {
    let alignment = gaps.alignment_bytes();
    let certain = alignment.filter(|&bytes| bytes == 8 || gaps.objects() >= ENOUGH_FOR_ALIGNMENT);
    let candidates = match forced {
        Some(model) => vec![*model],
        None => Model::candidates(basis.jvm.id_bytes, basis.jvm.data_model_bits, certain.unwrap_or(8)),
    };
    let mut best: Option<(i64, bool, Fit)> = None;
    for model in candidates {
        let evidence = if alignment.is_some() { weigh(basis, gaps, &model) } else { Evidence::default() };
        let score = i64::from(evidence.confirmed) - 4 * i64::from(evidence.refuted);
        let plausible = basis.release.is_none_or(|release| is_plausible(&model, release));
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
fn weigh(basis: &Basis<'_>, gaps: &GapEvidence, model: &Model) -> Evidence {
    let mut evidence = Evidence::default();
    for (element, length, gap) in gaps.arrays() {
        evidence.count(model.array_bytes(element, length), gap);
    }
    let mut footprints: Vec<Option<Footprint>> = vec![None; basis.shapes.len()];
    let mut special = vec![false; basis.shapes.len()];
    for &(class, parent) in &basis.order {
        special[class] = hidden::is_special(basis.shapes[class].name) || parent.is_some_and(|p| special[p]);
        let own = basis.own_fields(class, model);
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

/// How sure the numbers make us of a model.
pub(super) fn confidence(basis: &Basis<'_>, evidence: &Evidence, model: &Model) -> Confidence {
    let Evidence { confirmed, refuted, open } = *evidence;
    let known = basis.release.is_some_and(|release| is_plausible(model, release));
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
    basis: &Basis<'_>,
    gaps: Option<&GapEvidence>,
    evidence: &Evidence,
    model: &Model,
) -> ClassSizes {
    let is_dense =
        u64::from(evidence.open) * u64::from(CONFIRMED_FOR_EACH_OPEN) <= u64::from(evidence.confirmed);
    let count = basis.shapes.len();
    let mut sizes = ClassSizes { instance_bytes: vec![0; count], sources: vec![SizeSource::Formula; count] };
    if basis.jvm.android {
        for (class, shape) in basis.shapes.iter().enumerate() {
            sizes.instance_bytes[class] = narrow(model.object_bytes(u64::from(shape.declared_bytes)));
            sizes.sources[class] = SizeSource::Declared;
        }
        return sizes;
    }
    let mut footprints: Vec<Option<Footprint>> = vec![None; count];
    for &(class, parent) in &basis.order {
        let parent = parent_footprint(&footprints, parent, model);
        let mut footprint = parent.extend(&basis.own_fields(class, model), model);
        let formula = footprint.instance_bytes(model);
        let gap = gaps.and_then(|gaps| smallest_gap(basis, class, gaps, model));
        sizes.sources[class] = match gap {
            Some(gap) if gap.bytes == formula => SizeSource::Both,
            Some(gap) => {
                let may_grow = if hidden::is_special(basis.shapes[class].name) {
                    !hidden::is_checked(basis.release(model))
                } else {
                    is_dense
                };
                let gap = Smallest { is_usual: gap.is_usual && may_grow, ..gap };
                let (better, source) = settle(&basis.shapes[class], &parent, footprint, formula, gap, model);
                footprint = better;
                source
            }
            None => SizeSource::Formula,
        };
        sizes.instance_bytes[class] = narrow(footprint.instance_bytes(model));
        footprints[class] = Some(footprint);
    }
    sizes
}

fn narrow(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// The smallest gap after the instances of a class.
#[derive(Clone, Copy)]
struct Smallest {
    bytes: u64,
    /// Several instances, and most of them followed by just this gap.
    is_usual: bool,
}

/// The smallest gap after an instance. `java.lang.Class` has few instances of its own (the primitives), but each mirror of a class is one
/// with the statics of that class behind it. The stack is behind the fields of a `StackChunk`.
fn smallest_gap(basis: &Basis<'_>, class: usize, gaps: &GapEvidence, model: &Model) -> Option<Smallest> {
    let own = gaps.instance(class);
    match basis.shapes[class].name {
        STACK_CHUNK => return None,
        CLASS => {}
        _ => {
            let is_usual = own.at_smallest() >= ENOUGH_FOR_GROWTH && own.at_smallest() > own.seen() / 2;
            return own.smallest().map(|bytes| Smallest { bytes, is_usual });
        }
    }
    let alignment = u64::from(model.alignment_bytes);
    let bounds: Vec<u64> = (0..basis.shapes.len())
        .filter_map(|mirrored| {
            let statics = static_bytes(&basis.statics(mirrored, model), model);
            Some(gaps.mirror(mirrored)?.checked_sub(statics)? & !(alignment - 1))
        })
        .chain(own.smallest())
        .collect();
    let bytes = bounds.iter().copied().min()?;
    let at_smallest = bounds.iter().filter(|&&bound| bound == bytes).count();
    let is_usual = at_smallest >= ENOUGH_FOR_GROWTH as usize && at_smallest > bounds.len() / 2;
    Some(Smallest { bytes, is_usual })
}

/// Where the formula for the dump's release and the smallest gap differ: another release's hidden fields may fit; else the smaller of the
/// two counts. A usual gap is believed though it is larger than all formulas in two cases only, for where each instance is followed by the same
/// small piece of garbage all gaps are too large: of a class that the JVM adds something to, in a release that the table of such things was not
/// checked with; and, in a heap whose objects lie close to each other, of a class that whole paddings explain (`@Contended` in an application).
fn settle(
    shape: &ClassShape<'_>,
    parent: &Footprint,
    formula: Footprint,
    formula_bytes: u64,
    gap: Smallest,
    model: &Model,
) -> (Footprint, SizeSource) {
    let special = hidden::is_special(shape.name);
    if special {
        for release in hidden::releases_to_try(shape.name) {
            let own = hidden::own_fields(shape, release, model.packing, model.word_bytes);
            let variant = parent.extend(&own, model);
            if variant.instance_bytes(model) == gap.bytes {
                return (variant, SizeSource::Both);
            }
        }
    }
    let declared = OwnFields { plain: shape.field_mix(), ..OwnFields::default() };
    let least = if parent.is_padded() { parent.clone() } else { parent.extend(&declared, model) };
    let least = least.instance_bytes(model);
    let is_whole = gap.bytes == align_up(gap.bytes, u64::from(model.alignment_bytes));
    if !special
        && gap.is_usual
        && let Some(padded) = with_padding(shape, parent, &formula, gap.bytes, model)
    {
        return (padded, SizeSource::Gap);
    }
    let is_better = gap.bytes < formula_bytes || special && gap.is_usual;
    if is_better && gap.bytes >= least && is_whole {
        return (formula.cut_at(gap.bytes), SizeSource::Gap);
    }
    (formula, SizeSource::Formula)
}

/// The class with the paddings that make it as large as the gap, if some do: it is contended as a whole, or there is one on each side of each contended
/// field or group, where fields that lie apart may need a word more than together. Below a class with paddings that word is all that may be missing.
fn with_padding(
    shape: &ClassShape<'_>,
    parent: &Footprint,
    formula: &Footprint,
    gap_bytes: u64,
    model: &Model,
) -> Option<Footprint> {
    let excess = gap_bytes.checked_sub(formula.instance_bytes(model))?;
    let padding_bytes = (excess + CONTENDED_PADDING_BYTES / 2) & !(CONTENDED_PADDING_BYTES - 1);
    let slack = u64::from(model.alignment_bytes.max(2 * model.word_bytes));
    let has_enough = padding_bytes >= 2 * CONTENDED_PADDING_BYTES || parent.is_padded();
    if !has_enough || excess.abs_diff(padding_bytes) > slack {
        return None;
    }
    let contended = OwnFields { plain: shape.field_mix(), contended: true, ..OwnFields::default() };
    let whole = parent.extend(&contended, model);
    let is_whole = whole.instance_bytes(model) == gap_bytes;
    Some(if is_whole { whole } else { formula.padded(padding_bytes, gap_bytes, model) })
}

/// Bytes of the mirror of a class, where an object of `java.lang.Class` without statics has `own_bytes`.
pub(super) fn mirror_bytes(basis: &Basis<'_>, class: usize, own_bytes: u32, model: &Model) -> u32 {
    let statics = static_bytes(&basis.statics(class, model), model);
    narrow(model.object_bytes(u64::from(own_bytes) + statics))
}
