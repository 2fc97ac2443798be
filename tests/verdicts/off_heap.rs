//! Memory outside of the heap that objects on it stand for.

use crate::{english, held_by_static, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::report::{OutsideKind, Report};

const SIZE: i64 = 256 << 10;

/// Tiles with an arena each, which has allocated memory twice, `size` in all, and of which so many are closed.
fn tiles(open: usize, closed: usize, size: i64, is_gone: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let session = heap.class("jdk.internal.foreign.MemorySessionImpl").field("resourceList", Kind::Ref);
    let session = session.field("state", Kind::Int).build();
    let session = heap.class("jdk.internal.foreign.SharedSession").extends(session).build();
    let list = heap.class("jdk.internal.foreign.MemorySessionImpl$ResourceList").field("fst", Kind::Ref);
    let list = list.build();
    let cleanup = heap.class("jdk.internal.foreign.MemorySessionImpl$ResourceList$ResourceCleanup");
    let cleanup = cleanup.field("next", Kind::Ref).build();
    let of_memory = heap.class("jdk.internal.foreign.SegmentFactories$1").extends(cleanup);
    let of_memory = of_memory.field("val$allocationSize", Kind::Long).build();
    let tile =
        heap.app_class("com.acme.TileSession").field("arena", Kind::Ref).field("closed", Kind::Boolean);
    let tile = tile.build();
    let all: Vec<Addr> = (0..open + closed)
        .map(|number| {
            // What else is done when it is closed has no memory.
            let other = heap.instance(cleanup, &[Value::Ref(Addr::NULL)]);
            let size = ("val$allocationSize", Value::Long(size / 2));
            let first = heap.instance_with(of_memory, &[("next", Value::Ref(other)), size]);
            let second = heap.instance_with(of_memory, &[("next", Value::Ref(first)), size]);
            let list = heap.instance(list, &[Value::Ref(second)]);
            let state = Value::Int(if number < open { 0 } else { -1 });
            let session =
                heap.instance_with(session, &[("resourceList", Value::Ref(list)), ("state", state)]);
            heap.instance(tile, &[Value::Ref(session), Value::Boolean(is_gone)])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Tiles", "ALL", all);
    judge(heap)
}

#[test]
fn arenas_that_nobody_closes_are_told_with_who_holds_them() {
    let report = tiles(3000, 500, SIZE, false);
    let finding = report.findings.iter().find(|finding| finding.id == "off-heap.open-arenas").unwrap();
    let bytes = 3000 * SIZE.unsigned_abs();
    assert_eq!((finding.count, finding.bytes), (3000, bytes));
    assert_eq!(finding.holder.as_ref().unwrap().label(), "com.acme.Tiles.ALL");
    let outside = &report.heap.outside[0];
    assert_eq!((outside.kind, outside.count, outside.bytes), (OutsideKind::Arena, 3000, bytes));
    assert_eq!(outside.holder.as_ref().unwrap().label(), "com.acme.Tiles.ALL");
    let first = english(&report.verdict.sentences[..1]);
    let wanted = "held by com.acme.Tiles.ALL: 750 MiB outside of the heap, in 3,000 arenas of java.lang.foreign that are not closed";
    assert!(first.contains(wanted) && first.contains("a leak if it grows"), "one story: {first}");
    assert_eq!(english(&report.verdict.sentences).matches("750 MiB").count(), 1);
}

#[test]
fn things_that_are_done_with_are_told_by_what_they_have_outside_of_the_heap() {
    // That is too little to be told before any heap, and twice as much as is on this one.
    let report = tiles(3000, 0, 64 << 10, true);
    let first = english(&report.verdict.sentences[..1]);
    let wanted = "3,000 TileSession held by com.acme.Tiles.ALL: 188 MiB outside of the heap, in 3,000 arenas";
    assert!(first.starts_with(wanted) && first.ends_with("as long as the process lives."), "{first}");
    let advice = english(&report.suspects[0].advice);
    assert!(
        advice.starts_with("When each is done with (closed is true), close what it has outside"),
        "{advice}"
    );
    assert!(advice.contains("Close each arena"), "{advice}");
    assert_eq!(report.outside_to_tell().count(), 0);
    // Of a few bytes each nothing is said.
    let first = english(&tiles(3000, 0, 64, true).verdict.sentences[..1]);
    assert!(!first.contains("outside"), "{first}");
}

#[test]
fn few_arenas_or_closed_ones_are_no_finding() {
    for (open, closed) in [(40, 0), (0, 3000)] {
        let report = tiles(open, closed, SIZE, false);
        assert!(report.findings.iter().all(|finding| finding.id != "off-heap.open-arenas"));
    }
}

/// Where memory of a library begins: as the system gives it for large ones.
const MAPPED: i64 = 0x7f00_0000_0010;

/// Frames of a recorder, each with a `Memory` of JNA: so many that have theirs, such that were closed, and views of the first.
fn memories(open: usize, closed: usize, views: usize, size: i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let pointer = heap.class("com.sun.jna.Pointer").loader(loader).field("peer", Kind::Long).build();
    let memory = heap.class("com.sun.jna.Memory").loader(loader).extends(pointer);
    let memory = memory.field("size", Kind::Long).build();
    let shared = heap.class("com.sun.jna.Memory$SharedMemory").loader(loader).extends(memory).build();
    let frame = heap.app_class("com.acme.Frame").field("pixels", Kind::Ref).build();
    let all: Vec<Addr> = (0..open + closed + views)
        .map(|number| {
            let (class, at) = match number {
                _ if number < open => (memory, Some(number)),
                _ if number < open + closed => (memory, None),
                _ => (shared, Some(number - open - closed)),
            };
            let peer = at.map_or(0, |at| MAPPED + (size + 4096) * i64::try_from(at).unwrap());
            let fields = [("peer", Value::Long(peer)), ("size", Value::Long(size))];
            let pixels = heap.instance_with(class, &fields);
            heap.instance(frame, &[Value::Ref(pixels)])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Recorder", "FRAMES", all);
    judge(heap)
}

#[test]
fn memory_that_objects_of_a_library_own_is_told_with_who_holds_them() {
    let report = memories(420, 60, 200, 700_000);
    let finding = report.findings.iter().find(|finding| finding.id == "off-heap.native-memory").unwrap();
    assert_eq!((finding.count, finding.bytes), (420, 420 * 700_000));
    assert_eq!(finding.holder.as_ref().unwrap().label(), "com.acme.Recorder.FRAMES");
    let first = crate::english(&report.verdict.sentences[..1]);
    let wanted = "Outside of the heap: 280 MiB in 420 com.sun.jna.Memory, most of it held by com.acme.Recorder.FRAMES.";
    assert_eq!(first, wanted);
    let all = crate::english(&report.verdict.sentences);
    assert!(!all.contains("Nothing conspicuous"), "{all}");
    for (open, closed) in [(20, 0), (0, 420)] {
        let report = memories(open, closed, 0, 700_000);
        assert!(report.findings.iter().all(|finding| finding.id != "off-heap.native-memory"));
    }
}

/// Objects of a class of the application's that nobody knows, with a number and a size, of which `at` tells the number.
fn numbered(class: &str, field: &str, size: i64, at: impl Fn(i64) -> i64) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let class = heap.app_class(class).field(field, Kind::Long).field("size", Kind::Long).build();
    let all: Vec<Addr> =
        (0..420).map(|number| heap.instance(class, &[Value::Long(at(number)), Value::Long(size)])).collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Recorder", "FRAMES", all);
    judge(heap)
}

/// An address and a size are an estimate, and only where the numbers are such as memory has that each owns.
#[test]
fn memory_of_a_class_that_nobody_knows_is_an_estimate() {
    let native = |report: &Report| {
        let outside = report.heap.outside.iter().find(|outside| outside.kind == OutsideKind::Native);
        outside.map(|outside| (outside.count, outside.is_estimate))
    };
    let report = numbered("com.acme.Block", "address", 700_000, |number| MAPPED + number * 700_016);
    assert_eq!(native(&report), Some((420, true)));
    let first = crate::english(&report.verdict.sentences[..1]);
    assert!(
        first.contains("about 280 MiB (estimate") && first.contains("com.acme.Recorder.FRAMES"),
        "{first}"
    );
    // One address for all, positions in a file, numbers of customers, and a field that is none.
    assert_eq!(native(&numbered("com.acme.Slice", "address", 700_000, |_| MAPPED)), None);
    assert_eq!(
        native(&numbered("com.acme.Page", "address", 700_000, |number| 4096 + number * 700_016)),
        None
    );
    assert_eq!(
        native(&numbered("com.acme.Key", "handle", 700_000, |number| MAPPED + number * 700_001)),
        None
    );
    assert_eq!(
        native(&numbered("com.acme.Run", "started", 700_000, |number| MAPPED + number * 700_016)),
        None
    );
}

/// What no process can have is a damaged number, and the sum of many is no larger.
#[test]
fn sizes_that_cannot_be_are_not_believed() {
    for size in [i64::MAX, 1 << 54, -2] {
        let report = tiles(3000, 0, size, false);
        let bytes: u64 = report.heap.outside.iter().map(|outside| outside.bytes).sum();
        assert!(bytes <= 1 << 56, "{size}: {bytes}");
    }
}

/// Sockets of devices that have hung up, as whoever read from them has seen, or that are silent.
fn sockets(count: usize, has_ended: bool) -> Report {
    const CONNECTED: i32 = 3;
    let mut heap = HeapBuilder::hotspot17();
    let base =
        heap.class("java.net.SocketImpl").field("localport", Kind::Int).field("port", Kind::Int).build();
    let socket = heap.class("sun.nio.ch.NioSocketImpl").extends(base);
    let socket = socket.field("state", Kind::Int).field("readEOF", Kind::Boolean).build();
    let device = heap.app_class("com.acme.Device").field("socket", Kind::Ref).build();
    let all: Vec<Addr> = (0..count)
        .map(|_| {
            let fields = [
                ("state", Value::Int(CONNECTED)),
                ("port", Value::Int(9100)),
                ("readEOF", Value::Boolean(has_ended)),
            ];
            let socket = heap.instance_with(socket, &fields);
            heap.instance(device, &[Value::Ref(socket)])
        })
        .collect();
    let all = heap.array_list(&all);
    held_by_static(&mut heap, "com.acme.Hub", "DEVICES", all);
    judge(heap)
}

#[test]
fn connections_that_the_other_side_has_closed_are_told() {
    let half_closed = |report: &Report| {
        let found = report.findings.iter().find(|finding| finding.id == "sockets.half-closed");
        found.map(|finding| finding.count)
    };
    assert_eq!(half_closed(&sockets(180, true)), Some(180));
    assert_eq!(half_closed(&sockets(180, false)), None);
    // A few are on the way to be closed at any time.
    assert_eq!(half_closed(&sockets(5, true)), None);
}

/// What was never created has no descriptor: those of TLS make sockets only to ask for their defaults.
#[test]
fn sockets_without_a_descriptor_are_not_open() {
    let dropped = |descriptor: Option<i32>| {
        const NEW: i32 = 0;
        let mut heap = HeapBuilder::hotspot17();
        let file = heap.class("java.io.FileDescriptor").field("fd", Kind::Int).build();
        let base = heap.class("java.net.SocketImpl").field("fd", Kind::Ref).build();
        let socket = heap.class("sun.nio.ch.NioSocketImpl").extends(base).field("state", Kind::Int).build();
        for _ in 0..30 {
            let file = descriptor.map(|number| heap.instance(file, &[Value::Int(number)]));
            let file = Value::Ref(file.unwrap_or(Addr::NULL));
            heap.instance_with(socket, &[("state", Value::Int(NEW)), ("fd", file)]);
        }
        let report = judge(heap);
        report.findings.iter().find(|finding| finding.id == "sockets.not-closed").map(|finding| finding.count)
    };
    assert_eq!(dropped(Some(17)), Some(30));
    assert_eq!(dropped(Some(-1)), None);
    assert_eq!(dropped(None), None);
}

/// An open zip file keeps what it has unpacked an entry with for the next one: nobody but the file closes that.
#[test]
fn what_zip_files_keep_for_their_next_entry_is_not_left_open() {
    let told = |in_files: usize, others: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let stream = heap.class("java.util.zip.Inflater$InflaterZStreamRef").field("address", Kind::Long);
        let stream = stream.build();
        let inflater = heap.class("java.util.zip.Inflater").field("zsRef", Kind::Ref).build();
        let deque = heap.class("java.util.ArrayDeque").field("elements", Kind::Ref).build();
        let file = heap.class("java.util.zip.ZipFile$CleanableResource").field("inflaterCache", Kind::Ref);
        let file = file.build();
        let all: Vec<Addr> = (0..in_files + others)
            .map(|number| {
                let stream = heap.instance(stream, &[Value::Long(4096)]);
                let inflater = heap.instance(inflater, &[Value::Ref(stream)]);
                if number >= in_files {
                    return inflater;
                }
                let elements = heap.object_array("java.lang.Object[]", &[inflater]);
                let cache = heap.instance(deque, &[Value::Ref(elements)]);
                heap.instance(file, &[Value::Ref(cache)])
            })
            .collect();
        let all = heap.array_list(&all);
        held_by_static(&mut heap, "com.acme.Packs", "ALL", all);
        let findings = judge(heap).findings;
        findings.iter().find(|finding| finding.id == "off-heap.open-compressors").map(|found| found.count)
    };
    assert_eq!(told(700, 0), None);
    assert_eq!(told(700, 600), Some(600));
}

#[test]
fn compressors_that_nobody_closes_are_told_with_who_holds_them() {
    const COUNT: usize = 1600;
    let mut heap = HeapBuilder::hotspot17();
    let stream = heap.class("java.util.zip.Deflater$DeflaterZStreamRef").field("address", Kind::Long).build();
    let deflater = heap.class("java.util.zip.Deflater").field("zsRef", Kind::Ref).build();
    let document = heap.app_class("com.acme.Document").field("deflater", Kind::Ref).build();
    let all: Vec<(Addr, Addr)> = (0..COUNT)
        .map(|number| {
            let stream = heap.instance(stream, &[Value::Long(4096)]);
            let deflater = heap.instance(deflater, &[Value::Ref(stream)]);
            let document = heap.instance(document, &[Value::Ref(deflater)]);
            (heap.boxed_int(i32::try_from(number).unwrap()), document)
        })
        .collect();
    let all = heap.hash_map(&all);
    held_by_static(&mut heap, "com.acme.Archive", "OPEN", all);
    let report = judge(heap);
    let finding = report.findings.iter().find(|finding| finding.id == "off-heap.open-compressors").unwrap();
    assert_eq!(finding.count, COUNT as u64);
    assert_eq!(finding.holder.as_ref().unwrap().label(), "com.acme.Archive.OPEN");
    let first = crate::english(&report.verdict.sentences[..1]);
    assert!(
        first.contains("1,600 instances of java.util.zip.Deflater")
            && first.contains("com.acme.Archive.OPEN"),
        "{first}"
    );
}

/// Direct buffers of 60 of the 64 MiB that there may be, in a field of each of so many associations of a table, of which some were aborted.
fn associations(count: usize, are_aborted: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    heap.class("java.nio.Bits").static_field("MAX_MEMORY", Value::Long(64 << 20)).sticky().build();
    let buffer = heap.class("java.nio.Buffer").field("capacity", Kind::Int).field("address", Kind::Long);
    let buffer = buffer.build();
    let buffer = heap.class("java.nio.DirectByteBuffer").extends(buffer);
    let buffer = buffer.field("cleaner", Kind::Ref).field("att", Kind::Ref).build();
    let cleaner = heap.class("jdk.internal.ref.Cleaner").build();
    let class =
        heap.app_class("com.acme.Association").field("pdus", Kind::Ref).field("aborted", Kind::Boolean);
    let class = class.build();
    let capacity = i32::try_from((60 << 20) / count).unwrap();
    let entries: Vec<(Addr, Addr)> = (0..count)
        .map(|at| {
            let cleaner = heap.instance(cleaner, &[]);
            let fields = [
                ("capacity", Value::Int(capacity)),
                ("address", Value::Long(1)),
                ("cleaner", Value::Ref(cleaner)),
            ];
            let pdus = heap.instance_with(buffer, &fields);
            let aborted = Value::Boolean(are_aborted && at % 20 != 0);
            let key = heap.boxed_int(i32::try_from(at).unwrap());
            (key, heap.instance(class, &[Value::Ref(pdus), aborted]))
        })
        .collect();
    let map = heap.hash_map(&entries);
    let table = heap.app_class("com.acme.Associations").field("byNumber", Kind::Ref).build();
    let table = heap.instance(table, &[Value::Ref(map)]);
    held_by_static(&mut heap, "com.acme.Server", "ASSOCIATIONS", table);
    judge(heap)
}

#[test]
fn who_keeps_the_owners_of_direct_buffers_is_named_with_their_states() {
    let found = |report: &Report| {
        let finding = report.findings.iter().find(|finding| finding.id == "off-heap.direct-memory").unwrap();
        let holder = finding.holder.as_ref().map(oomph::report::Holder::label);
        (holder.unwrap(), english(&finding.evidence), english(&finding.advice))
    };
    let report = associations(1000, true);
    let (holder, evidence, advice) = found(&report);
    assert_eq!(holder, "com.acme.Associations.byNumber");
    assert!(evidence.starts_with("com.acme.Association.pdus holds 1,000 of them"), "{evidence}");
    let aborted = "aborted is true in 950 of 1,000 Association that were looked at: they seem done with";
    assert!(evidence.contains(aborted), "{evidence}");
    let expected = "Take each out of com.acme.Associations.byNumber when it is done with (aborted is true)";
    assert!(advice.starts_with(expected), "{advice}");
    let verdict = english(&report.verdict.sentences);
    assert_eq!(
        verdict.matches("direct buffers").count() + verdict.matches("Direct buffers").count(),
        1,
        "{verdict}"
    );
    assert!(verdict.contains("mostly held by com.acme.Associations.byNumber"), "{verdict}");
    let (holder, evidence, advice) = found(&associations(1000, false));
    assert_eq!(holder, "com.acme.Associations.byNumber");
    assert!(!evidence.contains("aborted") && !advice.contains("aborted"), "{evidence} | {advice}");
    // A few are told by themselves.
    assert_eq!(found(&associations(4, true)).0, "com.acme.Association.pdus");
}
