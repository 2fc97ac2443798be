//! What is rare in dumps, made with the heap builder: several dumps in one file, more than 4 GiB in one record, the hprof agent's other records,
//! Android's heaps, roots and arrays without data.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

use hprof_fixtures::{
    Addr, AllocSite, AllocSites, HeapBuilder, HeapRecords, IdSize, Kind, PrimitiveArray, Root, Value,
};
use oomph::hprof::ObjectId;
use oomph::ix::ObjectIx;
use oomph::progress::Progress;
use oomph::snapshot::layout::Confidence;
use oomph::snapshot::{Options, Snapshot};
use oomph::storage::Source;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::process::{Command, Output, Stdio};

/// Bytes of a file's header: `JAVA PROFILE 1.0.2`, a zero, the width of an id, the time.
const HEADER_BYTES: usize = 19 + 4 + 8;
const HEAP_DUMP: u8 = 0x0c;

fn open(bytes: Vec<u8>, options: &Options) -> Snapshot {
    Snapshot::from_source(Source::from_memory(bytes), "made", options, &Progress::silent()).unwrap()
}

fn find(snapshot: &Snapshot, address: Addr) -> Option<ObjectIx> {
    snapshot.find(ObjectId(address.0))
}

fn rooted(heap: &mut HeapBuilder, object: Addr) {
    heap.root(Root::JniGlobal { object, handle: Addr(1) });
}

fn oomph(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_oomph"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// A file of the hprof agent that was asked for two dumps: the names stand once, the second dump has an object more.
fn two_dumps() -> (Vec<u8>, Addr) {
    let mut heap = HeapBuilder::hotspot17();
    let row = heap.class("shop.Row").field("next", Kind::Ref).build();
    let first = heap.instance(row, &[Value::NULL]);
    rooted(&mut heap, first);
    let mut file = heap.clone().finish();
    let second = heap.instance(row, &[Value::Ref(first)]);
    rooted(&mut heap, second);
    file.extend_from_slice(&heap.finish()[HEADER_BYTES..]);
    (file, second)
}

#[test]
fn several_dumps_in_one_file() {
    let (file, second) = two_dumps();
    for (dump, number, has_second) in [(Some(1), 1, false), (Some(2), 2, true), (None, 2, true)] {
        let mut options = Options::default();
        options.dump = dump;
        let snapshot = open(file.clone(), &options);
        assert_eq!((snapshot.origin().dump_number, snapshot.origin().dump_count), (number, 2));
        assert_eq!(find(&snapshot, second).is_some(), has_second, "dump {number}");
        assert!(!snapshot.damage().is_damaged(), "{:?}", snapshot.damage());
    }
    let said = |args: &[&str]| {
        let output = oomph(args, &file);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = said(&["histogram", "-"]);
    assert_eq!(code, Some(0));
    assert!(
        told.contains("holds 2 heap dumps; this is the last one (--dump 1 to --dump 2 choose)"),
        "{told}"
    );
    let (code, told) = said(&["histogram", "--dump", "1", "-"]);
    assert_eq!((code, told.contains("holds 2")), (Some(0), false), "{told}");
    let (code, told) = said(&["histogram", "--dump", "3", "-"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("there is no dump number 3"), "{told}");
}

/// One HEAP_DUMP of 4.8 GB, whose length has overflowed, with one array of as much: a file with a hole, which takes a few kilobytes of the disk.
#[test]
fn more_than_four_gib_in_one_record() {
    const LENGTH: u32 = 600_000_000;
    let mut heap = HeapBuilder::hotspot17().records(HeapRecords::One);
    let row = heap.class("shop.Row").field("data", Kind::Ref).build();
    let before = heap.instance(row, &[Value::NULL]);
    rooted(&mut heap, before);
    let small = heap.finish();
    let (giant, behind) = (before.0 + 4096, before.0 + 4096 + 16 + 8 * u64::from(LENGTH));
    let array = |address: u64, length: u32, kind: u8| {
        let mut record = vec![0x23];
        record.extend_from_slice(&address.to_be_bytes());
        record.extend_from_slice(&0u32.to_be_bytes());
        record.extend_from_slice(&length.to_be_bytes());
        record.push(kind);
        record
    };
    let mut at = HEADER_BYTES;
    while small[at] != HEAP_DUMP {
        at += 9 + u32::from_be_bytes(small[at + 5..at + 9].try_into().unwrap()) as usize;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("giant.hprof");
    let mut file = File::create(&path).unwrap();
    file.write_all(&small).unwrap();
    file.write_all(&array(giant, LENGTH, 11)).unwrap();
    file.seek(SeekFrom::Current(8 * i64::from(LENGTH))).unwrap();
    file.write_all(&array(behind, 3, 8)).unwrap();
    file.write_all(&[1, 2, 3]).unwrap();
    let body = file.stream_position().unwrap() - (at as u64 + 9);
    assert!(body > u64::from(u32::MAX));
    file.seek(SeekFrom::Start(at as u64 + 5)).unwrap();
    file.write_all(&(body as u32).to_be_bytes()).unwrap();
    drop(file);

    let snapshot = Snapshot::open(&path, &Options::default(), &Progress::silent()).unwrap();
    assert!(!snapshot.damage().is_damaged(), "{:?}", snapshot.damage());
    let found = find(&snapshot, Addr(giant)).expect("the array is there");
    assert_eq!(snapshot.array_length(found), Some(LENGTH));
    assert_eq!(snapshot.shallow_bytes(found), 16 + 8 * u64::from(LENGTH));
    let last = find(&snapshot, Addr(behind)).expect("what comes behind 4 GiB is there");
    assert_eq!((snapshot.class_name(last), snapshot.shallow_bytes(last)), ("byte[]", 24));
    assert!(find(&snapshot, before).is_some());
}

/// `-agentlib:hprof=heap=all,cpu=samples` on a 64-bit JVM: ids are numbers of 32 bits, and beside the heap there are allocation sites, samples and threads.
#[test]
fn the_hprof_agent() {
    let mut heap = HeapBuilder::hotspot6_32bit().id_size(IdSize::Four).base_address(Addr(1));
    let row = heap.class("shop.Row").field("next", Kind::Ref).build();
    let first = heap.instance(row, &[Value::NULL]);
    rooted(&mut heap, first);
    let site = AllocSite {
        array: 0,
        class: heap.class_serial(row),
        trace: 1,
        live_bytes: 16,
        live_instances: 1,
        allocated_bytes: 32,
        allocated_instances: 2,
    };
    heap.alloc_sites(&AllocSites {
        flags: 0,
        cutoff: 0.0,
        live_bytes: 16,
        live_instances: 1,
        allocated_bytes: 32,
        allocated_instances: 2,
        sites: vec![site],
    });
    heap.heap_summary(16, 1, 32, 2).cpu_samples(&[(7, 1)]).control_settings(3, 4);
    heap.start_thread(9, first, 1, "worker", "main").end_thread(9).unload_class(row);
    let snapshot = open(heap.finish(), &Options::default());
    assert!(!snapshot.damage().is_damaged(), "{:?}", snapshot.damage());
    assert_eq!(snapshot.encoding().id_bytes(), 4);
    assert_eq!(snapshot.class_name(find(&snapshot, first).unwrap()), "shop.Row");
    assert_eq!(snapshot.layout().confidence(), Confidence::Estimated);
}

/// Two heaps, every root that only ART and Dalvik write, and arrays whose contents were left out.
#[test]
fn android() {
    let mut heap = HeapBuilder::android();
    let row = heap.class("shop.Row").field("data", Kind::Ref).build();
    heap.heap_info(90, "zygote");
    let in_zygote: Vec<Addr> = (0..8).map(|_| heap.instance(row, &[Value::NULL])).collect();
    heap.heap_info(65, "app");
    let without_data = heap.primitive_array_without_data(Kind::Byte, 1000);
    let with_data = heap.primitive_array(PrimitiveArray::Int(vec![1, 2, 3]));
    let held = heap.instance(row, &[Value::Ref(without_data)]);
    let other = heap.instance(row, &[Value::Ref(with_data)]);
    let roots = [
        Root::InternedString(in_zygote[0]),
        Root::Finalizing(in_zygote[1]),
        Root::Debugger(in_zygote[2]),
        Root::ReferenceCleanup(in_zygote[3]),
        Root::VmInternal(in_zygote[4]),
        Root::JniMonitor { object: in_zygote[5], thread: 0, frame: -1 },
        Root::Unknown(held),
        Root::NativeStack { object: other, thread: 0 },
        Root::Unreachable(in_zygote[6]),
    ];
    for root in roots {
        heap.root(root);
    }
    let snapshot = open(heap.finish(), &Options::default());
    assert!(!snapshot.damage().is_damaged(), "{:?}", snapshot.damage());
    let is_reachable = |address: Addr| snapshot.is_reachable(find(&snapshot, address).unwrap());
    assert!(in_zygote[..6].iter().all(|&address| is_reachable(address)), "each of ART's roots is one");
    assert!(!is_reachable(in_zygote[6]), "0x90 is none");
    assert!(!is_reachable(in_zygote[7]));
    assert!(is_reachable(without_data) && is_reachable(with_data));
    let array = find(&snapshot, without_data).unwrap();
    assert_eq!((snapshot.array_length(array), snapshot.class_name(array)), (Some(1000), "byte[]"));
    assert!(snapshot.shallow_bytes(array) >= 1000, "its size counts though its contents are left out");
}

/// The same dump from a file, compressed, and through a pipe.
#[test]
fn compressed_and_through_a_pipe() {
    let (file, _) = two_dumps();
    let zstd = ruzstd::encoding::compress_to_vec(&*file, ruzstd::encoding::CompressionLevel::Fastest);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&file).unwrap();
    let gzip = gzip.finish().unwrap();
    let args = ["histogram", "--quiet", "--format", "json", "-"];
    let plain = oomph(&args, &file);
    assert_eq!(plain.status.code(), Some(0));
    assert!(plain.stdout.starts_with(b"{"));
    for (what, packed) in [("zstd", zstd), ("gzip", gzip)] {
        assert_eq!(oomph(&args, &packed).stdout, plain.stdout, "{what} on standard input");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("packed");
        std::fs::write(&path, &packed).unwrap();
        let args = ["histogram", "--quiet", "--format", "json", path.to_str().unwrap()];
        assert_eq!(oomph(&args, &[]).stdout, plain.stdout, "{what} from a file");
    }
}
