//! Shallow sizes against what JVMs said of the same heaps: the small real dumps beside their histograms, to the last byte, and the public
//! dumps of JDK 6 when `../shared/corpus` (or `OOMPH_CORPUS`) is there. `hprof-fixtures/size-matrix` does the same for every JVM, collector
//! and flag of a machine; `docs/sizes.md` has its result.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a helper of a test may fail like a test, and says what it could not test"
)]

use flate2::read::GzDecoder;
use oomph::hprof::FieldType;
use oomph::progress::Progress;
use oomph::snapshot::layout::Confidence;
use oomph::snapshot::layout::model::Model;
use oomph::snapshot::{Options, Snapshot};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

const CLASS: &str = "java.lang.Class";

/// Instances and bytes by class.
type Counts = BTreeMap<String, (u64, u64)>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn open(file: &Path, layout: Option<Model>) -> Snapshot {
    let mut options = Options::default();
    options.layout = layout;
    Snapshot::open(file, &options, &Progress::silent()).unwrap()
}

/// `[[Ljava.lang.String;` as `java.lang.String[][]`. The number of a hidden class goes: releases write it in different ways.
fn java_name(vm: &str) -> String {
    const PRIMITIVES: [(&str, &str); 8] = [
        ("B", "byte"),
        ("C", "char"),
        ("D", "double"),
        ("F", "float"),
        ("I", "int"),
        ("J", "long"),
        ("S", "short"),
        ("Z", "boolean"),
    ];
    let element = vm.trim_start_matches('[');
    let dimensions = vm.len() - element.len();
    let primitive = PRIMITIVES.iter().find(|(code, _)| dimensions > 0 && *code == element);
    let element = match primitive {
        Some((_, name)) => name,
        None if dimensions > 0 => element.trim_start_matches('L').trim_end_matches(';'),
        None => element,
    };
    element.split(['+', '/']).next().unwrap().to_owned() + &"[]".repeat(dimensions)
}

/// Reads a class histogram, and which classes moved while it was taken.
fn read_histogram(text: &str) -> (Counts, Vec<String>) {
    let (mut counts, mut moved) = (Counts::new(), Vec::new());
    for line in text.lines() {
        if let Some(classes) = line.strip_prefix("# moved") {
            moved.extend(classes.split([' ', ',', ':']).filter(|word| !word.is_empty()).map(java_name));
            continue;
        }
        let mut words = line.split_whitespace().peekable();
        words.next_if(|word| word.ends_with(':'));
        let (Some(instances), Some(bytes), Some(class)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let (Ok(instances), Ok(bytes)) = (instances.parse::<u64>(), bytes.parse::<u64>()) else { continue };
        let entry = counts.entry(java_name(class)).or_default();
        *entry = (entry.0 + instances, entry.1 + bytes);
    }
    (counts, moved)
}

fn count(snapshot: &Snapshot) -> Counts {
    let mut counts = Counts::new();
    for object in snapshot.objects() {
        let entry = counts.entry(java_name(snapshot.class_name(object))).or_default();
        *entry = (entry.0 + 1, entry.1 + snapshot.shallow_bytes(object));
    }
    counts
}

/// G1 of 21 and later fills gaps with objects that it counts as fillers, and that the dump shows as `int[]` and `Object`.
fn join_fillers(truth: &mut Counts) {
    for (filler, dumped_as) in
        [("jdk.internal.vm.FillerElement[]", "int[]"), ("jdk.internal.vm.FillerObject", "java.lang.Object")]
    {
        if let Some((instances, bytes)) = truth.remove(filler) {
            let entry = truth.entry(dumped_as.to_owned()).or_default();
            *entry = (entry.0 + instances, entry.1 + bytes);
        }
    }
}

fn is_explained_to_the_last_byte(name: &str) {
    let dir = root().join("hprof-fixtures/dumps");
    let file = ["hprof.gz", "hprof.zst"].map(|packing| dir.join(format!("{name}.{packing}")));
    let snapshot = open(file.iter().find(|file| file.exists()).unwrap(), None);
    let mut text = String::new();
    let packed = std::fs::File::open(dir.join(format!("{name}.histogram.txt.gz"))).unwrap();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let (mut truth, moved) = read_histogram(&text);
    assert!(truth.len() > 300, "{name}: a histogram of {} classes is none", truth.len());
    join_fillers(&mut truth);

    let layout = snapshot.layout();
    assert_eq!(layout.confidence(), Confidence::Exact, "{name}: {:?}", layout.evidence());
    let mut ours = count(&snapshot);
    // Mirrors of classes that are in the JVM's archive but were not loaded: counted by the JVM, not dumped.
    let (counted, counted_bytes) = truth.remove(CLASS).unwrap();
    let (dumped, dumped_bytes) = ours.remove(CLASS).unwrap();
    let (archived, archived_bytes) = (counted - dumped, counted_bytes - dumped_bytes);
    let own_bytes = snapshot.instance_bytes(snapshot.classes().class_class());
    assert!(archived_bytes >= archived * own_bytes, "{name}: {archived} mirrors in {archived_bytes} bytes");
    assert!(
        archived_bytes <= archived * 2 * own_bytes,
        "{name}: {archived} mirrors in {archived_bytes} bytes"
    );

    let names = truth.keys().chain(ours.keys()).filter(|class| !moved.contains(class));
    let wrong: BTreeMap<&String, _> = names
        .filter(|&class| truth.get(class) != ours.get(class))
        .map(|class| (class, (truth.get(class), ours.get(class))))
        .collect();
    assert!(wrong.is_empty(), "{name}: class, what the JVM says, what oomph says: {wrong:#?}");
}

#[test]
fn jdk_17_with_g1() {
    is_explained_to_the_last_byte("mq-kept");
}

#[test]
fn jdk_17_with_serial() {
    is_explained_to_the_last_byte("tomcat-dead");
}

#[test]
fn jdk_21_with_g1() {
    is_explained_to_the_last_byte("healthy-spring-tomcat");
}

#[test]
fn jdk_25_with_g1() {
    is_explained_to_the_last_byte("zoo");
}

#[test]
fn jdk_25_with_garbage() {
    is_explained_to_the_last_byte("mq-garbage");
}

#[test]
fn a_given_layout_is_taken_and_its_refutation_told() {
    let file = root().join("hprof-fixtures/dumps/mq-kept.hprof.gz");
    let wrong: Model = "uncompressed".parse().unwrap();
    let snapshot = open(&file, Some(wrong));
    let layout = snapshot.layout();
    assert_eq!(*layout.model(), wrong);
    assert!(layout.is_forced());
    assert_eq!(layout.confidence(), Confidence::Estimated);
    assert!(layout.evidence().refuted > 100, "{:?}", layout.evidence());
    assert_eq!(layout.array_bytes(FieldType::Reference, 3), 48);
}

fn corpus() -> Option<PathBuf> {
    let given = std::env::var_os("OOMPH_CORPUS").map(PathBuf::from);
    let dir = given.unwrap_or_else(|| root().join("../shared/corpus"));
    dir.is_dir().then_some(dir)
}

/// Sizes of instances in a dump against a histogram of the same program. It was taken at another moment, so counts may
/// differ; arrays are left out, since their lengths may, too.
fn instances_have_the_sizes_of(dump: &str, histogram: &str, at_least: usize) {
    let Some(corpus) = corpus() else {
        eprintln!("not tested: no corpus of public dumps (set OOMPH_CORPUS)");
        return;
    };
    let text = std::fs::read_to_string(corpus.join("golden").join(histogram)).unwrap();
    let (truth, _) = read_histogram(&text);
    let ours = count(&open(&corpus.join(dump), None));
    let mut compared = 0;
    for (class, (instances, bytes)) in truth.iter().filter(|(class, _)| !class.ends_with("[]")) {
        let Some((found, found_bytes)) = ours.get(class) else { continue };
        assert_eq!(found_bytes * instances, bytes * found, "{dump}: {class}");
        compared += 1;
    }
    assert!(compared >= at_least, "{dump}: only {compared} classes compared");
}

#[test]
fn jdk_6_on_64_bits_with_compressed_references() {
    instances_have_the_sizes_of(
        "mat_sun_jdk6_30_x64_compressedOops.hprof",
        "mat_sun_jdk6_30_x64_compressedOops.notes.txt",
        120,
    );
}

#[test]
fn jdk_6_on_32_bits() {
    instances_have_the_sizes_of("mat_sun_jdk6_18_x32.hprof", "mat_histogram_sun_jdk6_18_x32.txt", 90);
}

#[test]
fn jdk_6_by_the_hprof_agent_with_32_bit_ids_on_64_bits() {
    instances_have_the_sizes_of(
        "mat_sun_jdk6_31_hprofagent_compressedOops.hprof",
        "mat_sun_jdk6_31_hprofagent_compressedOops.txt",
        100,
    );
}
