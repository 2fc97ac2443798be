//! The formulas against sizes that JVMs printed (`GC.class_histogram`), against the packing of the heap builder, which shares no code
//! with this, and the choice of a model against gaps made up from each of them.

use super::gaps::GapEvidence;
use super::model::{Model, Packing};
use super::shape::{CLASS, ClassShape, Field, JvmFacts};
use super::{Confidence, Evidence, ObjectLayout, SizeSource};
use crate::hprof::FieldType;
use crate::ix::ClassIx;
use hprof_fixtures::{Kind, Layout, SplitMix64};

const WIDE: Model = Model { reference_bytes: 8, ..Model::COMPRESSED };
const COMPACT: Model =
    Model { header_bytes: 8, array_header_bytes: 12, compact_headers: true, ..Model::COMPRESSED };
const OLD: Model = Model { packing: Packing::Jdk7To14, ..Model::COMPRESSED };

/// `"L name L target I priority"`: type letters of descriptors, each followed by the field's name.
fn fields(text: &'static str) -> Vec<Field<'static>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .chunks(2)
        .map(|pair| Field {
            name: pair[1],
            field_type: match pair[0] {
                "L" => FieldType::Reference,
                "Z" => FieldType::Boolean,
                "B" => FieldType::Byte,
                "C" => FieldType::Char,
                "S" => FieldType::Short,
                "I" => FieldType::Int,
                "F" => FieldType::Float,
                "J" => FieldType::Long,
                "D" => FieldType::Double,
                letter => panic!("no type {letter}"),
            },
        })
        .collect()
}

fn shape(name: &'static str, super_class: Option<u32>, text: &'static str) -> ClassShape<'static> {
    ClassShape { name, super_class, fields: fields(text), ..ClassShape::default() }
}

fn facts(java_version: &str) -> JvmFacts<'_> {
    JvmFacts { id_bytes: 8, java_version: Some(java_version), ..JvmFacts::default() }
}

/// The size of the last of some classes, each the subclass of the one before, by formula alone.
fn size_of_last(chain: &[(&'static str, &'static str)], java_version: &str, model: &Model) -> u32 {
    let shapes: Vec<_> = chain
        .iter()
        .enumerate()
        .map(|(at, (name, text))| shape(name, at.checked_sub(1).map(|at| at as u32), text))
        .collect();
    let gaps = GapEvidence::new(shapes.len());
    let layout = ObjectLayout::infer(&shapes, &gaps, &facts(java_version), Some(model));
    layout.instance_bytes(ClassIx(shapes.len() as u32 - 1))
}

const OBJECT: (&str, &str) = ("java.lang.Object", "");

#[test]
fn ordinary_classes_have_the_sizes_that_jvms_print() {
    let string = [OBJECT, ("java.lang.String", "L value I hash B coder Z hashIsZero")];
    let map = [
        OBJECT,
        ("java.util.AbstractMap", "L keySet L values"),
        ("java.util.HashMap", "L table L entrySet I size I modCount I threshold F loadFactor"),
    ];
    let long = [OBJECT, ("java.lang.Number", ""), ("java.lang.Long", "J value")];
    for (model, java, [object_bytes, string_bytes, map_bytes, long_bytes]) in [
        (Model::COMPRESSED, "17.0.9", [16, 24, 48, 24]),
        (OLD, "11.0.13", [16, 24, 48, 24]),
        (WIDE, "17.0.9", [16, 32, 64, 24]),
        (COMPACT, "25.0.2", [8, 24, 40, 16]),
    ] {
        assert_eq!(size_of_last(&[OBJECT], java, &model), object_bytes, "{model}");
        assert_eq!(size_of_last(&string, java, &model), string_bytes, "{model}");
        assert_eq!(size_of_last(&map, java, &model), map_bytes, "{model}");
        assert_eq!(size_of_last(&long, java, &model), long_bytes, "{model}");
    }
}

#[test]
fn what_the_jvm_adds_is_counted() {
    let thread_17 = "L name I priority Z daemon Z interrupted Z stillborn J eetop L target L group L contextClassLoader \
        L inheritedAccessControlContext L threadLocals L inheritableThreadLocals J stackSize J tid I threadStatus L parkBlocker \
        L blocker L blockerLock L uncaughtExceptionHandler J threadLocalRandomSeed I threadLocalRandomProbe \
        I threadLocalRandomSecondarySeed";
    let thread_25 = "J eetop J tid L name Z interrupted L contextClassLoader L holder L threadLocals L inheritableThreadLocals \
        L scopedValueBindings L interruptLock L parkBlocker L nioBlocker L cont L uncaughtExceptionHandler \
        J threadLocalRandomSeed I threadLocalRandomProbe I threadLocalRandomSecondarySeed L container L headStackableScopes";
    let queue_17 = "I phase I stackPred I config I base L array L owner I top I source I nsteals";
    let queue_25 = "L owner L array I base I config I top I phase I stackPred I source I nsteals I parking";
    let member = "L clazz L name L type I flags L method L resolution";
    for (class, text, java, model, bytes) in [
        ("java.lang.Thread", thread_17, "17.0.15", Model::COMPRESSED, 368),
        ("java.lang.Thread", thread_17, "17.0.15", WIDE, 408),
        ("java.lang.Thread", thread_25, "25.0.2", Model::COMPRESSED, 112),
        ("java.lang.Thread", thread_25, "25.0.2", WIDE, 168),
        ("java.util.concurrent.ForkJoinPool$WorkQueue", queue_17, "17.0.15", Model::COMPRESSED, 304),
        ("java.util.concurrent.ForkJoinPool$WorkQueue", queue_25, "25.0.2", Model::COMPRESSED, 312),
        ("java.util.concurrent.ForkJoinPool$WorkQueue", queue_25, "25.0.2", COMPACT, 304),
        ("java.util.concurrent.atomic.Striped64$Cell", "J value", "25.0.2", COMPACT, 272),
        ("java.util.concurrent.atomic.Striped64$Cell", "J value", "11.0.13", OLD, 280),
        ("java.lang.invoke.MemberName", member, "11.0.13", OLD, 48),
        ("java.lang.invoke.ResolvedMethodName", "", "17.0.15", Model::COMPRESSED, 24),
        ("java.lang.invoke.ResolvedMethodName", "L vmholder", "25.0.2", Model::COMPRESSED, 24),
    ] {
        assert_eq!(size_of_last(&[OBJECT, (class, text)], java, &model), bytes, "{class} on {java}, {model}");
    }
}

#[test]
fn arrays_begin_where_the_jvm_lets_them() {
    let sizes = |model: &Model| {
        [(FieldType::Byte, 4), (FieldType::Byte, 5), (FieldType::Long, 1), (FieldType::Reference, 3)]
            .map(|(element, length)| model.array_bytes(element, length))
    };
    assert_eq!(sizes(&Model::COMPRESSED), [24, 24, 24, 32]);
    assert_eq!(sizes(&COMPACT), [16, 24, 24, 24]);
    assert_eq!(sizes(&WIDE), [24, 24, 24, 40]);
    assert_eq!(sizes(&Model { alignment_bytes: 32, ..Model::COMPRESSED }), [32, 32, 32, 32]);
    assert_eq!(Model::COMPRESSED.array_bytes(FieldType::Long, u64::MAX), u64::MAX - 7);
}

#[test]
fn statics_lie_in_the_mirror_since_7() {
    let mut with_statics = shape("Shop", Some(0), "");
    with_statics.statics = [FieldType::Reference, FieldType::Long, FieldType::Byte].into_iter().collect();
    let shapes = [shape("java.lang.Object", None, ""), with_statics, shape(CLASS, Some(0), "L name")];
    let mirrors = |java| {
        let layout =
            ObjectLayout::infer(&shapes, &GapEvidence::new(3), &facts(java), Some(&Model::COMPRESSED));
        [0, 1].map(|class| layout.mirror_bytes(ClassIx(class)))
    };
    let [plain, with_statics] = mirrors("17.0.1");
    assert_eq!(with_statics - plain, 24, "4 + 4 to align, 8, 1 + 7 to the next word");
    let [plain, with_statics] = mirrors("1.6.0_30");
    assert_eq!(with_statics, plain);
}

/// Random classes: names, super classes, types of own fields.
fn hierarchy(seed: u64) -> Vec<(String, Option<u32>, Vec<FieldType>)> {
    const TYPES: [FieldType; 9] = [
        FieldType::Reference,
        FieldType::Boolean,
        FieldType::Byte,
        FieldType::Char,
        FieldType::Short,
        FieldType::Int,
        FieldType::Float,
        FieldType::Long,
        FieldType::Double,
    ];
    let mut random = SplitMix64::new(seed);
    (0..200u64)
        .map(|at| {
            let parent = (at > 0 && random.below(4) > 0).then(|| random.below(at) as u32);
            let own = (0..random.below(7)).map(|_| TYPES[random.below(9) as usize]).collect();
            (format!("C{at}"), parent, own)
        })
        .collect()
}

fn shapes(classes: &[(String, Option<u32>, Vec<FieldType>)]) -> Vec<ClassShape<'_>> {
    classes
        .iter()
        .map(|(name, super_class, own)| ClassShape {
            name,
            super_class: *super_class,
            fields: own.iter().map(|&field_type| Field { name: "f", field_type }).collect(),
            ..ClassShape::default()
        })
        .collect()
}

fn kind(field: FieldType) -> Kind {
    match field {
        FieldType::Reference => Kind::Ref,
        FieldType::Boolean => Kind::Boolean,
        FieldType::Byte => Kind::Byte,
        FieldType::Char => Kind::Char,
        FieldType::Short => Kind::Short,
        FieldType::Int => Kind::Int,
        FieldType::Float => Kind::Float,
        FieldType::Long => Kind::Long,
        FieldType::Double => Kind::Double,
    }
}

#[test]
fn two_packings_written_apart_agree() {
    let pairs = [
        (Model::COMPRESSED, Layout::COMPRESSED),
        (WIDE, Layout::WIDE_REFERENCES),
        (COMPACT, Layout::COMPACT),
        (Model { packing: Packing::Jdk15, ..Model::BITS32 }, Layout::BITS_32),
    ];
    for seed in 0..20 {
        let classes = hierarchy(seed);
        for (model, other) in pairs {
            let shapes = shapes(&classes);
            let gaps = GapEvidence::new(shapes.len());
            let layout = ObjectLayout::infer(&shapes, &gaps, &facts("17"), Some(&model));
            for at in 0..classes.len() {
                let mut chain = Vec::new();
                let mut next = Some(at as u32);
                while let Some(class) = next {
                    let (_, parent, own) = &classes[class as usize];
                    chain.push(own.iter().map(|&field| kind(field)).collect::<Vec<Kind>>());
                    next = *parent;
                }
                let expected = other.instance_bytes(chain.iter().rev().map(Vec::as_slice));
                assert_eq!(
                    u64::from(layout.instance_bytes(ClassIx(at as u32))),
                    expected,
                    "seed {seed}, class {at} of {model}"
                );
            }
        }
    }
}

/// What a heap of `model` shows: ten instances of each class and some arrays, some followed by garbage.
fn gaps_of(classes: &[ClassShape<'_>], model: &Model, java: &str, random: &mut SplitMix64) -> GapEvidence {
    let truth = ObjectLayout::infer(classes, &GapEvidence::new(classes.len()), &facts(java), Some(model));
    let mut gaps = GapEvidence::new(classes.len());
    let mut address = 0x7000_0000u64;
    for at in 0..classes.len() as u32 {
        for _ in 0..10 {
            let garbage = random.below(3) / 2 * u64::from(model.alignment_bytes) * random.below(5);
            let gap = u64::from(truth.instance_bytes(ClassIx(at))) + garbage;
            gaps.observe_instance(at, gap);
            gaps.observe_address(address);
            address += gap;
        }
    }
    for length in 0..40 {
        for element in [FieldType::Byte, FieldType::Int, FieldType::Long, FieldType::Reference] {
            let gap = truth.array_bytes(element, length);
            gaps.observe_array(element, length, gap);
            gaps.observe_address(address);
            address += gap;
        }
    }
    gaps
}

#[test]
fn each_model_is_known_by_its_gaps_and_sizes_are_those_of_the_heap() {
    let mut random = SplitMix64::new(7);
    for alignment in [8, 16] {
        for model in Model::candidates(4, None, alignment) {
            let classes = hierarchy(random.below(1 << 40));
            let shapes = shapes(&classes);
            let java = if model.packing == Packing::Jdk15 { "25" } else { "11" };
            let gaps = gaps_of(&shapes, &model, java, &mut random);
            let id_bytes = model.word_bytes;
            // The dump does not say which JVM wrote it.
            let found =
                ObjectLayout::infer(&shapes, &gaps, &JvmFacts { id_bytes, ..JvmFacts::default() }, None);
            let truth = ObjectLayout::infer(&shapes, &gaps, &facts(java), Some(&model));
            assert_eq!(found.evidence().refuted, 0, "{model}");
            assert_eq!(found.confidence(), Confidence::Exact, "{model} {:?}", found.evidence());
            for at in 0..shapes.len() as u32 {
                assert_eq!(
                    found.instance_bytes(ClassIx(at)),
                    truth.instance_bytes(ClassIx(at)),
                    "class {at} of {model}, taken for {}",
                    found.model()
                );
            }
            assert_eq!(
                found.array_bytes(FieldType::Reference, 1001),
                truth.array_bytes(FieldType::Reference, 1001)
            );
        }
    }
}

#[test]
fn a_gap_refutes_a_formula_but_never_enlarges_an_ordinary_class() {
    let classes = hierarchy(3);
    let shapes = shapes(&classes);
    let mut gaps = gaps_of(&shapes, &Model::COMPRESSED, "17", &mut SplitMix64::new(1));
    let before = ObjectLayout::infer(&shapes, &gaps, &facts("17"), None);
    // Garbage behind most instances of a class.
    let is_leaf = |at: usize| classes.iter().all(|(_, parent, _)| *parent != Some(at as u32));
    let leaf = (0..classes.len()).rev().find(|&at| is_leaf(at)).unwrap();
    let bytes = u64::from(before.instance_bytes(ClassIx(leaf as u32)));
    for _ in 0..50 {
        gaps.observe_instance(leaf as u32, bytes + 8);
    }
    let after = ObjectLayout::infer(&shapes, &gaps, &facts("17"), None);
    assert_eq!(u64::from(after.instance_bytes(ClassIx(leaf as u32))), bytes);
    assert_eq!(after.source(ClassIx(leaf as u32)), SizeSource::Both);

    // `@Contended` classes of an unknown release may be larger than all formulas, and smaller.
    let shapes = [shape("java.lang.Object", None, ""), shape("java.lang.Thread", Some(0), "L name J tid")];
    let thread = ClassIx(1);
    for (usual, java, expected) in [(400, "30", 400), (32, "30", 32), (400, "21.0.8", 40)] {
        let mut gaps = GapEvidence::new(2);
        for at in 0..200u64 {
            gaps.observe_instance(0, 16);
            gaps.observe_array(FieldType::Byte, at, Model::COMPRESSED.array_bytes(FieldType::Byte, at));
            gaps.observe_address(0x1000 + 8 * at);
        }
        for _ in 0..9 {
            gaps.observe_instance(thread.0, usual);
        }
        let layout = ObjectLayout::infer(&shapes, &gaps, &facts(java), None);
        assert_ne!(layout.confidence(), Confidence::Estimated);
        assert_eq!(layout.instance_bytes(thread), expected, "gap {usual} on {java}");
    }
}

/// `{ int a; @Contended long hot; Object o; }` with `-XX:-RestrictContended`, a subclass with a `byte`, a class that is contended as a whole, and one
/// whose instances are followed by something else.
#[test]
fn an_application_may_have_contended_fields() {
    let shapes = [
        shape("java.lang.Object", None, ""),
        shape("Counter", Some(0), "I a J hot L o"),
        shape("Named", Some(1), "B kind"),
        shape("Whole", Some(0), "B b J l"),
        shape("Followed", Some(0), "I a J b L o"),
        shape("WholeNamed", Some(3), "I kind"),
    ];
    let sizes = |instances: usize, loose: u64| {
        let mut gaps = GapEvidence::new(shapes.len());
        for length in 0..65 {
            let garbage = if length < loose { 64 } else { 0 };
            for (element, _) in
                [(FieldType::Byte, 1), (FieldType::Long, 8), (FieldType::Int, 4), (FieldType::Char, 2)]
            {
                gaps.observe_array(element, length, Model::COMPRESSED.array_bytes(element, length) + garbage);
            }
            gaps.observe_instance(0, 16);
            gaps.observe_address(0x1000 + 8 * length);
        }
        for (class, gap) in [(1, 288), (2, 296), (3, 288), (4, 96), (5, 288)] {
            (0..instances).for_each(|_| gaps.observe_instance(class, gap));
        }
        let layout = ObjectLayout::infer(&shapes, &gaps, &facts("17.0.15"), None);
        assert_ne!(layout.confidence(), Confidence::Estimated);
        [1, 2, 3, 4, 5].map(|class| layout.instance_bytes(ClassIx(class)))
    };
    assert_eq!(sizes(9, 0), [288, 296, 288, 32, 288]);
    assert_eq!(sizes(3, 0), [32, 32, 24, 32, 32], "three gaps are too few to be believed");
    assert_eq!(sizes(9, 20), [32, 32, 24, 32, 32], "neither are gaps where there is garbage everywhere");
}

#[test]
fn ids_that_are_no_addresses_prove_nothing() {
    let shapes = [shape("java.lang.Object", None, ""), shape("Shop", Some(0), "L name")];
    let mut gaps = GapEvidence::new(2);
    for id in 1..1000 {
        gaps.observe_address(id);
        gaps.observe_instance(id as u32 % 2, 1);
    }
    let agent = JvmFacts { id_bytes: 4, java_version: Some("1.6.0_31"), ..JvmFacts::default() };
    let layout = ObjectLayout::infer(&shapes, &gaps, &agent, None);
    assert_eq!(layout.confidence(), Confidence::Estimated);
    assert_eq!(layout.evidence(), Evidence::default());
    assert_eq!((layout.model().word_bytes, layout.instance_bytes(ClassIx(1))), (4, 16));
    // The hprof agent of a 64-bit JVM.
    let on_64_bits = JvmFacts { data_model_bits: Some(64), ..agent };
    let layout = ObjectLayout::infer(&shapes, &gaps, &on_64_bits, None);
    assert_eq!((layout.model().header_bytes, layout.instance_bytes(ClassIx(0))), (12, 16));
    assert_eq!(layout.model().packing, Packing::Jdk7To14);
}

#[test]
fn android_declares_sizes() {
    let mut text = shape("java.lang.String", Some(0), "L value I count");
    text.declared_bytes = 20;
    let shapes = [shape("java.lang.Object", None, ""), text];
    let android = JvmFacts { id_bytes: 4, android: true, ..JvmFacts::default() };
    let layout = ObjectLayout::infer(&shapes, &GapEvidence::new(2), &android, None);
    assert_eq!(layout.instance_bytes(ClassIx(1)), 24);
    assert_eq!(layout.source(ClassIx(1)), SizeSource::Declared);
}

#[test]
fn a_circle_of_super_classes_ends() {
    let shapes = [shape("A", Some(1), "J a"), shape("B", Some(0), "J b"), shape("C", Some(99), "J c")];
    let layout = ObjectLayout::infer(&shapes, &GapEvidence::new(3), &facts("17"), None);
    assert!((0..3).all(|class| layout.instance_bytes(ClassIx(class)) >= 24));
}

#[test]
fn the_release_is_known_by_its_classes() {
    let release = |string: &'static str, thread: &'static str| {
        let shapes = [shape("java.lang.String", None, string), shape("java.lang.Thread", None, thread)];
        super::shape::release_by_shape(&shapes)
    };
    assert_eq!(release("L value I offset I count I hash", ""), Some(6));
    assert_eq!(release("L value I hash I hash32", ""), Some(7));
    assert_eq!(release("L value I hash", ""), Some(8));
    assert_eq!(release("L value B coder I hash", ""), Some(11));
    assert_eq!(release("L value B coder I hash Z hashIsZero", "I threadStatus"), Some(17));
    assert_eq!(release("L value B coder I hash Z hashIsZero", "L holder"), Some(21));
    assert_eq!(release("I nothing", ""), None);
    assert_eq!(facts("1.8.0_392").release(), Some(8));
    assert_eq!(facts("25-ea").release(), Some(25));
    assert_eq!(facts("0").release(), None);
    assert_eq!(facts("unknown").release(), None);
}
