//! The small real dumps in `hprof-fixtures/dumps` against what the JVM itself said of them, and against their labels.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

use flate2::read::GzDecoder;
use oomph::inspect::{Context, Options as InspectOptions, report};
use oomph::progress::Progress;
use oomph::render::text::Language;
use oomph::report::{HolderKind, OomRole, Report, SuspectKind, Text};
use oomph::snapshot::{Options, Snapshot};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

fn dumps() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hprof-fixtures/dumps")
}

fn open(name: &str) -> Snapshot {
    let dir = dumps();
    let packed = ["hprof.gz", "hprof.zst"].map(|packing| dir.join(format!("{name}.{packing}")));
    let file = packed
        .iter()
        .find(|file| file.exists())
        .unwrap_or_else(|| panic!("{name} is not in {}", dir.display()));
    Snapshot::open(file, &Options::default(), &Progress::silent()).unwrap()
}

fn analyze(name: &str) -> Report {
    let snapshot = open(name);
    report(&Context::new(&snapshot, InspectOptions::default()), |_| true).unwrap()
}

/// Instances and bytes by class as the JVM counted them, and the classes that it left out because they moved between two counts.
fn histogram(name: &str) -> (BTreeMap<String, (u64, u64)>, Vec<String>) {
    let mut text = String::new();
    let file = std::fs::File::open(dumps().join(format!("{name}.histogram.txt.gz"))).unwrap();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let (mut counted, mut moved) = (BTreeMap::new(), Vec::new());
    for line in text.lines() {
        if let Some(classes) = line.strip_prefix("# moved") {
            moved.extend(classes.split([' ', ',', ':']).filter(|word| !word.is_empty()).map(java_name));
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let [number, instances, bytes, class, ..] = words[..] else { continue };
        if !number.ends_with(':') {
            continue;
        }
        let entry = counted.entry(java_name(class)).or_insert((0, 0));
        entry.0 += instances.parse::<u64>().unwrap();
        entry.1 += bytes.parse::<u64>().unwrap();
    }
    (counted, moved)
}

/// `[[Ljava.lang.String;` as `java.lang.String[][]`; hidden classes lose their number.
fn java_name(vm: &str) -> String {
    let dimensions = vm.bytes().take_while(|&b| b == b'[').count();
    let element = &vm[dimensions..];
    let element = match (dimensions, element) {
        (0, name) => name,
        (_, "B") => "byte",
        (_, "C") => "char",
        (_, "D") => "double",
        (_, "F") => "float",
        (_, "I") => "int",
        (_, "J") => "long",
        (_, "S") => "short",
        (_, "Z") => "boolean",
        (_, name) => name.trim_start_matches('L').trim_end_matches(';'),
    };
    let plain = element.split(['+', '/']).next().unwrap();
    plain.to_owned() + &"[]".repeat(dimensions)
}

/// All objects of a dump by class, reachable or not.
fn counted(snapshot: &Snapshot) -> BTreeMap<String, (u64, u64)> {
    let mut counts = BTreeMap::new();
    for object in snapshot.objects() {
        let name = java_name(snapshot.class_name(object));
        let entry = counts.entry(name).or_insert((0, 0));
        entry.0 += 1;
        entry.1 += snapshot.shallow_bytes(object);
    }
    counts
}

/// Zero bytes off for each class. `java.lang.Class` is another matter: the JVM also counts mirrors of classes in its archive that are
/// not loaded, which the dump leaves out; the size of one mirror is what can be compared.
fn sizes_are_those_of_the_jvm(name: &str) {
    let snapshot = open(name);
    let (truth, moved) = histogram(name);
    assert!(truth.len() > 300, "{name}: a histogram of {} classes is none", truth.len());
    let ours = counted(&snapshot);
    let mut wrong = Vec::new();
    for (class, &(instances, bytes)) in &truth {
        // Fillers are arrays of ints to the dump.
        if class == "java.lang.Class"
            || class.contains("FillerElement")
            || class == "int[]"
            || moved.contains(class)
        {
            continue;
        }
        match ours.get(class) {
            Some(&found) if found == (instances, bytes) => {}
            found => wrong
                .push(format!("{class}: the JVM says {instances} with {bytes} bytes, oomph says {found:?}")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{name}: {} of {} classes differ:\n{}",
        wrong.len(),
        truth.len(),
        wrong.join("\n")
    );
}

#[test]
fn sizes_on_jdk_17() {
    sizes_are_those_of_the_jvm("mq-kept");
    sizes_are_those_of_the_jvm("tomcat-dead");
    sizes_are_those_of_the_jvm("shelf");
}

#[test]
fn sizes_on_jdk_21() {
    sizes_are_those_of_the_jvm("healthy-spring-tomcat");
}

#[test]
fn sizes_on_jdk_25() {
    sizes_are_those_of_the_jvm("zoo");
    sizes_are_those_of_the_jvm("mq-garbage");
    sizes_are_those_of_the_jvm("pool-monitor");
}

#[test]
fn a_static_list_of_factories_is_a_leak_of_that_field() {
    let report = analyze("mq-kept");
    let first = &report.suspects[0];
    assert_eq!(first.kind, SuspectKind::Leak);
    assert_eq!(first.holder.kind, HolderKind::StaticField);
    assert_eq!(first.holder.label(), "com.acme.mq.MqRegistry.FACTORIES");
    assert_eq!(
        (first.class.as_str(), first.instances),
        ("org.apache.activemq.ActiveMQConnectionFactory", 2000)
    );
    assert_eq!(first.path[0].class, "com.acme.mq.MqRegistry");
    assert!(report.oom.is_none());
}

#[test]
fn factories_that_nothing_holds_are_garbage_and_no_leak() {
    let report = analyze("mq-garbage");
    assert!(
        report.suspects.iter().all(|suspect| suspect.kind == SuspectKind::Garbage),
        "{:#?}",
        report.suspects
    );
    let first = &report.suspects[0];
    assert_eq!(
        (first.class.as_str(), first.instances),
        ("org.apache.activemq.ActiveMQConnectionFactory", 1500)
    );
}

#[test]
fn an_export_that_ran_out_of_memory_is_load_and_its_thread_the_culprit() {
    let report = analyze("xssf-oom");
    let first = &report.suspects[0];
    assert_eq!(first.kind, SuspectKind::Load);
    assert_eq!(first.holder.kind, HolderKind::StackLocal);
    let frame = first.holder.frame.as_ref().unwrap();
    assert_eq!((frame.class.as_str(), frame.method.as_str()), ("com.acme.export.OrderExport", "export"));
    assert_eq!(first.class, "org.apache.poi.xssf.usermodel.XSSFWorkbook");
    let oom = report.oom.unwrap();
    assert_eq!(oom.kind, "java-heap-space");
    assert_eq!(oom.role, OomRole::Culprit);
    assert_eq!(oom.thread.as_deref(), Some("http-nio-127.0.0.1-9010-exec-2"));
    assert_eq!(oom.site.unwrap().method, "export");
}

#[test]
fn a_healthy_heap_has_nothing_conspicuous() {
    let report = analyze("healthy-spring-tomcat");
    // The largest holder is named all the same.
    assert!(report.suspects.iter().all(|suspect| suspect.share < 0.1), "{:#?}", report.suspects);
    assert!(report.verdict.healthy, "{:#?}", report.findings);
}

/// The disk was full: the file ends before the GC roots, which this virtual machine writes last. The static field that holds the leak is
/// whole, so it has to be found all the same, and what cannot be told must not be called garbage.
#[test]
fn a_dump_without_its_end_still_tells_who_holds_the_leak() {
    let mut whole = Vec::new();
    let file = std::fs::File::open(dumps().join("mq-kept.hprof.gz")).unwrap();
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut whole).unwrap();
    for percent in [85, 90, 95] {
        let cut = whole[..whole.len() / 100 * percent].to_vec();
        let source = oomph::storage::Source::from_memory(cut);
        let snapshot =
            Snapshot::from_source(source, "cut.hprof", &Options::default(), &Progress::silent()).unwrap();
        let report = report(&Context::new(&snapshot, InspectOptions::default()), |_| true).unwrap();
        let lost = report.dump.damage.iter().any(|damage| damage.kind == "lost-roots");
        assert!(lost, "{percent} %: {:?}", report.dump.damage);
        let first = &report.suspects[0];
        assert_eq!(first.kind, SuspectKind::Leak, "{percent} %");
        assert_eq!(first.holder.label(), "com.acme.mq.MqRegistry.FACTORIES", "{percent} %");
        let id = |text: &Text| match text {
            Text::Message { id, .. } => id.clone(),
            _ => String::new(),
        };
        let said: Vec<String> = report.verdict.sentences.iter().map(id).collect();
        assert!(said.iter().any(|id| id == "verdict-leak"), "{percent} %: {said:?}");
        assert!(said.iter().all(|id| id != "verdict-garbage"), "{percent} %: {said:?}");
        assert!(report.suspects.iter().all(|suspect| suspect.kind != SuspectKind::Garbage), "{percent} %");
    }
}

/// The virtual machine was killed while it wrote: what it had written last was a whole segment, so that no record is cut.
#[test]
fn a_dump_that_ends_between_two_segments_is_not_taken_for_whole() {
    const SEGMENT: u8 = 0x1C;
    let mut whole = Vec::new();
    let file = std::fs::File::open(dumps().join("mq-garbage.hprof.zst")).unwrap();
    ruzstd::decoding::StreamingDecoder::new(file).unwrap().read_to_end(&mut whole).unwrap();
    let mut at = whole.iter().position(|&byte| byte == 0).unwrap() + 1 + 4 + 8;
    let mut ends = Vec::new();
    while at < whole.len() {
        let length = u32::from_be_bytes(whole[at + 5..at + 9].try_into().unwrap());
        let end = at + 9 + length as usize;
        if whole[at] == SEGMENT {
            ends.push(end);
        }
        at = end;
    }
    assert!(ends.len() > 4, "{} segments", ends.len());
    for &end in [&ends[ends.len() / 2], &ends[ends.len() - 1]] {
        let source = oomph::storage::Source::from_memory(whole[..end].to_vec());
        let snapshot =
            Snapshot::from_source(source, "cut.hprof", &Options::default(), &Progress::silent()).unwrap();
        let report = report(&Context::new(&snapshot, InspectOptions::default()), |_| true).unwrap();
        assert!(report.dump.truncated, "{end}: {:?}", report.dump.damage);
        assert_eq!(report.dump.damage[0].kind, "unclosed");
        // In the whole dump most is garbage.
        let said: Vec<String> = report.verdict.sentences.iter().map(|text| Language::En.text(text)).collect();
        let said = said.join(" ");
        assert!(
            said.contains("Nothing that is left in the file leads to") && !said.contains("garbage"),
            "{said}"
        );
        assert!(said.contains("ActiveMQConnectionFactory"), "what it is: {said}");
        assert!(!report.verdict.healthy && !said.contains("not under pressure"), "{said}");
        assert!(report.suspects.iter().all(|suspect| suspect.kind != SuspectKind::Garbage));
    }
}

/// Cut before the first object there is nothing to judge, and so nothing may be called healthy.
#[test]
fn a_dump_without_objects_is_not_called_healthy() {
    let mut whole = Vec::new();
    let file = std::fs::File::open(dumps().join("mq-kept.hprof.gz")).unwrap();
    flate2::read::MultiGzDecoder::new(file).take(1_000_000).read_to_end(&mut whole).unwrap();
    let source = oomph::storage::Source::from_memory(whole);
    let snapshot =
        Snapshot::from_source(source, "cut.hprof", &Options::default(), &Progress::silent()).unwrap();
    let report = report(&Context::new(&snapshot, InspectOptions::default()), |_| true).unwrap();
    assert_eq!(report.verdict.sentences, [Text::message("verdict-empty")]);
    assert!(!report.verdict.healthy);
}
