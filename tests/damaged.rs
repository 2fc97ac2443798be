//! Dumps that a full disk, a killed JVM, a bad copy or malice has damaged: never a panic, and every whole record is kept.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it has to be")]

use hprof_fixtures::corrupt::{cut_out, flip_bytes, insert, overwrite, truncate_at};
use hprof_fixtures::{Addr, HeapBuilder, HeapRecords, IdSize, Model, SplitMix64, random_heap};
use oomph::hprof::ObjectId;
use oomph::progress::Progress;
use oomph::snapshot::{DamageKind, Options, Snapshot, SnapshotError};
use oomph::storage::Source;
use std::collections::BTreeMap;

fn try_open(bytes: Vec<u8>) -> Result<Snapshot, SnapshotError> {
    Snapshot::from_source(Source::from_memory(bytes), "damaged", &Options::default(), &Progress::silent())
}

/// Opens the dump and asks all there is to ask of each object.
fn open(bytes: Vec<u8>) -> Snapshot {
    let snapshot = try_open(bytes).expect("damage inside of a dump is no error");
    for object in snapshot.objects() {
        let address = snapshot.address_of(object);
        assert!(address.is_null() || snapshot.find(address).is_some());
        let _ = (snapshot.class_name(object), snapshot.array_length(object), snapshot.text(object, 50));
        assert!(
            !snapshot.is_reachable(object)
                || snapshot.retained_bytes(object) >= snapshot.shallow_bytes(object)
        );
        let (fields, elements) = (snapshot.fields(object).count(), snapshot.elements(object).len());
        assert!(fields == 0 || elements == 0);
        let mut links = 0;
        snapshot.links(object, |_, _| {
            links += 1;
            links < 1000
        });
    }
    snapshot.referrers().expect("memory suffices");
    snapshot
}

struct Dump {
    bytes: Vec<u8>,
    /// Where the record of each class and object begins, ascending, and its address.
    places: Vec<(usize, Addr)>,
}

/// A small dump; its objects stand in segments of at most `segment` bytes.
fn dump(seed: u64, size: usize, segment: usize) -> Dump {
    let mut heap = HeapBuilder::hotspot17().records(HeapRecords::Segments(segment));
    random_heap(&mut heap, seed, size);
    let (bytes, model) = heap.finish_with_model();
    let places = places(&bytes, &model);
    Dump { bytes, places }
}

/// Looks for tag, address and trace of each object. A LOAD_CLASS can look like one too, but stands before the heap.
fn places(bytes: &[u8], model: &Model) -> Vec<(usize, Addr)> {
    let heads = bytes
        .windows(13)
        .enumerate()
        .filter(|(_, head)| (0x20..=0x23).contains(&head[0]) && head[9..] == [0, 0, 0, 1])
        .map(|(at, head)| (Addr(head[1..9].iter().fold(0, |id, &byte| id << 8 | u64::from(byte))), at))
        .filter(|(address, _)| model.objects.contains_key(address));
    let last_by_address: BTreeMap<Addr, usize> = heads.collect();
    assert_eq!(last_by_address.len(), model.objects.len(), "each object is found");
    let mut places: Vec<(usize, Addr)> =
        last_by_address.into_iter().map(|(address, at)| (at, address)).collect();
    places.sort_unstable();
    places
}

fn has(snapshot: &Snapshot, address: Addr) -> bool {
    snapshot.find(ObjectId(address.0)).is_some()
}

impl Dump {
    /// Objects whose records end at or before `at`. A record ends where the next one begins, or earlier.
    fn whole_before(&self, at: usize) -> impl Iterator<Item = Addr> + '_ {
        self.places.windows(2).filter(move |pair| pair[1].0 <= at).map(|pair| pair[0].1)
    }

    /// Objects whose records begin at or after `at`.
    fn whole_after(&self, at: usize) -> impl Iterator<Item = Addr> + '_ {
        self.places.iter().filter(move |place| place.0 >= at).map(|place| place.1)
    }

    /// A place among the records of instances and arrays, the last ones left out.
    fn in_objects(&self, random: &mut SplitMix64) -> usize {
        let classes = self.places.iter().filter(|(at, _)| self.bytes[*at] == 0x20).count();
        let (start, end) = (self.places[classes].0, self.places[self.places.len() * 9 / 10].0);
        start + random.index(end - start)
    }
}

/// Records after damage that may be lost with it: those that are too like noise to begin again with.
const LOST_AFTER: usize = 12;

#[test]
fn a_cut_dump_keeps_all_whole_records() {
    for segment in [1 << 20, 700] {
        let dump = dump(3, 150, segment);
        let first = dump.places[0].0;
        for length in (0..first).step_by(97).chain((first..dump.bytes.len() - 9).step_by(5)) {
            let cut = truncate_at(&dump.bytes, length);
            if length < 31 {
                assert!(try_open(cut).is_err(), "{length} bytes are less than a header");
                continue;
            }
            let snapshot = open(cut);
            for address in dump.whole_before(length) {
                assert!(has(&snapshot, address), "{:#x} is whole in the first {length} bytes", address.0);
            }
            assert_eq!(dump.whole_after(length).filter(|&address| has(&snapshot, address)).count(), 0);
            // Also between two segments, where no record is cut.
            assert!(snapshot.damage().is_damaged(), "cut at {length}");
        }
    }
}

#[test]
fn junk_takes_only_what_it_hits() {
    let dump = dump(5, 600, 3000);
    let mut random = SplitMix64::new(1);
    for round in 0..120 {
        let at = dump.in_objects(&mut random);
        let length = 1 + random.index(300);
        let junk: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        let (bytes, hit) = match round % 3 {
            0 => (insert(&dump.bytes, at, &junk), at..at),
            1 => (overwrite(&dump.bytes, at, &junk), at..at + length),
            _ => (cut_out(&dump.bytes, at..at + length), at..at + length),
        };
        let snapshot = open(bytes);
        let what = format!("round {round}: {length} bytes at {at}");
        // a few bytes inside of an array or of fields are other values, no damage; the longest array has 160 bytes
        assert!(snapshot.damage().is_damaged() || round % 3 == 1 && length < 200, "{what}");
        for address in dump.whole_before(hit.start) {
            assert!(has(&snapshot, address), "{what}: {:#x} stands before", address.0);
        }
        let lost = dump.whole_after(hit.end).filter(|&address| !has(&snapshot, address)).count();
        assert!(
            lost <= LOST_AFTER,
            "{what}: {lost} whole records behind it are lost, {:?}",
            snapshot.damage()
        );
    }
}

#[test]
fn one_wrong_byte_takes_little() {
    let dump = dump(8, 600, 3000);
    let mut random = SplitMix64::new(2);
    let mut all_lost: Vec<usize> = Vec::new();
    for _ in 0..200 {
        let at = dump.in_objects(&mut random);
        let wrong = [dump.bytes[at] ^ (1 + random.below(255) as u8)];
        let snapshot = open(overwrite(&dump.bytes, at, &wrong));
        for address in dump.whole_before(at) {
            assert!(has(&snapshot, address), "{at}: {:#x} stands before", address.0);
        }
        all_lost.push(dump.whole_after(at + 1).filter(|&address| !has(&snapshot, address)).count());
    }
    all_lost.sort_unstable();
    assert_eq!(all_lost[all_lost.len() / 2], 0, "most bytes are values or addresses: {all_lost:?}");
    // the worst is a length that swallows what is left of a segment
    let in_segment = 3000 / 25;
    assert!(all_lost.iter().all(|&lost| lost <= in_segment), "{all_lost:?}");
}

#[test]
fn many_wrong_bytes_anywhere_end_in_an_answer() {
    for (seed, base) in (0..300)
        .zip([HeapBuilder::hotspot17(), HeapBuilder::hotspot6_32bit(), HeapBuilder::android()].iter().cycle())
    {
        let mut heap = base.clone();
        random_heap(&mut heap, seed, 80);
        let bytes = heap.finish();
        let (header, rest) = bytes.split_at(31);
        let count = 1 + seed as usize % 60;
        let _ = open([header, &flip_bytes(rest, seed, count)].concat());
        if let Ok(snapshot) = try_open(flip_bytes(&bytes, seed, 2 * count)) {
            let _ = snapshot.object_count();
        }
    }
}

#[test]
fn records_that_claim_giant_lengths_are_survived() {
    let dump = dump(11, 60, 1 << 20);
    let giant = [[0xff; 4], [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 0xff, 0xff, 0xff]];
    let first = dump.places[0].0;
    for length in giant {
        // lengths of names, frames and traces; counts and sizes of classes and objects
        for at in (31..first).step_by(31).chain((first..dump.bytes.len() - 4).step_by(7)) {
            let options = Options::default();
            let bytes = overwrite(&dump.bytes, at, &length);
            let size = bytes.len() as u64;
            let source = Source::from_memory(bytes);
            let snapshot = Snapshot::from_source(source, "giant", &options, &Progress::silent()).unwrap();
            let _ = snapshot.object_count();
            let peak = options.storage.peak_bytes();
            // the least that any dump takes is 4 MB
            assert!(peak <= (8 << 20) + 100 * size, "{peak} bytes for a dump of {size}, {length:?} at {at}");
        }
    }
}

#[test]
fn what_is_no_dump_is_refused_by_name() {
    let header = |id_bytes: u32| {
        let mut bytes = b"JAVA PROFILE 1.0.2\0".to_vec();
        bytes.extend(id_bytes.to_be_bytes());
        bytes.extend([0; 8]);
        bytes
    };
    for bytes in [
        b"".to_vec(),
        b"\0".to_vec(),
        b"PK\x03\x04something zipped".to_vec(),
        b"\x7fELF and so on".to_vec(),
        b"CAFEBABE".to_vec(),
        b"{\"json\": true}".to_vec(),
        vec![0; 5000],
        vec![0xff; 5000],
    ] {
        assert!(matches!(try_open(bytes.clone()), Err(SnapshotError::NotHprof { .. })), "{bytes:?}");
    }
    for id_bytes in [0, 1, 3, 5, 16, u32::MAX] {
        assert!(matches!(try_open(header(id_bytes)), Err(SnapshotError::Header { .. })), "{id_bytes}");
    }
    for id_bytes in [4, 8] {
        let snapshot = open(header(id_bytes));
        assert_eq!(snapshot.object_count(), 0);
        assert_eq!(snapshot.damage().count(DamageKind::NoHeap), 1);
    }
}

/// Two objects at one address, an object of a class that is not there, a class that is its own superclass.
#[test]
fn contradictions_are_counted() {
    let mut heap = HeapBuilder::hotspot17().id_size(IdSize::Eight);
    let node = heap.class("com.acme.Node").build();
    let first = heap.instance(node, &[]);
    heap.next_at(first);
    heap.instance(node, &[]);
    let lonely = heap.instance(node, &[]);
    heap.class("com.acme.Snake").extends_unknown(Addr(0x7777_0000)).address(Addr(0x7777_0000)).build();
    let bytes = heap.finish();
    let snapshot = open(bytes.clone());
    assert_eq!(snapshot.damage().count(DamageKind::DuplicateObject), 1);
    assert_eq!(snapshot.damage().count(DamageKind::CircularClass), 1);
    // the last instance's class is changed to one that nobody describes
    let mut head = vec![0x21];
    head.extend(lonely.0.to_be_bytes());
    let at = bytes.windows(9).position(|window| window == head).expect("the instance is in the dump");
    let snapshot = open(overwrite(&bytes, at + 13, &0x1234_5678_u64.to_be_bytes()));
    assert!(has(&snapshot, first) && has(&snapshot, lonely));
    assert_eq!(snapshot.damage().count(DamageKind::UnknownClass), 1);
    // ... or to none at all: no JVM writes such a record, so it is taken for damage
    let snapshot = open(overwrite(&bytes, at + 13, &[0; 8]));
    assert!(has(&snapshot, first) && !has(&snapshot, lonely));
    assert_eq!(snapshot.damage().count(DamageKind::LostBytes), 1);
}
