//! What is opened from an index is what is built: on real dumps byte for byte in the reports, on synthetic ones for every object.

use super::{Dump, assert_equal_when_reopened, assert_same_reports, real_dumps, snapshot};
use hprof_fixtures::corrupt::{flip_bytes, truncate_at};
use hprof_fixtures::generate::{Options as GenerateOptions, ShapeKind, generate};
use hprof_fixtures::{Addr, HeapBuilder, HeapRecords, IdSize, random_heap};
use oomph::hprof::ObjectId;
use oomph::progress::Progress;
use oomph::snapshot::{DamageKind, KeptIndex, Options};
use oomph::storage::{Source, Storage};
use std::io::Cursor;

#[test]
fn reports_of_real_dumps_are_the_same_bytes() {
    for path in real_dumps() {
        let name = path.file_name().unwrap().to_str().unwrap();
        // Packed as they are: the index belongs to the packed file.
        let dump = Dump::named(name, &std::fs::read(&path).unwrap());
        let (built, index) = dump.keep(&Options::default());
        assert_eq!(index.file_name().unwrap().to_str().unwrap(), format!("{name}.oomph-index"));
        assert_same_reports(&built, &snapshot(dump.reopen(&Options::default())), name);
    }
}

#[test]
fn reports_of_a_real_dump_that_is_cut_and_of_other_options_are_the_same_bytes() {
    let path = real_dumps().into_iter().find(|path| path.to_string_lossy().contains("mq-kept")).unwrap();
    let whole = Source::open(&path, &Storage::default(), &Progress::silent()).unwrap();
    let cut = Dump::new(&whole[..whole.len() / 10 * 7]);
    let (built, _) = cut.keep(&Options::default());
    assert!(built.damage().count(DamageKind::Truncated) > 0);
    assert_same_reports(&built, &snapshot(cut.reopen(&Options::default())), "cut");

    let dump = Dump::new(&whole);
    let mut options = Options::default();
    options.soft_as_weak = true;
    options.layout = Some("uncompressed".parse().unwrap());
    let (built, _) = dump.keep(&options);
    assert_same_reports(&built, &snapshot(dump.reopen(&options)), "other options");
}

#[test]
fn every_object_of_random_heaps_is_the_same() {
    let bases = [HeapBuilder::hotspot17(), HeapBuilder::hotspot6_32bit(), HeapBuilder::android()];
    for (seed, base) in (0..24).zip(bases.iter().cycle()) {
        let mut heap = base.clone().records(HeapRecords::Segments(2000));
        random_heap(&mut heap, seed, 40 + 30 * seed as usize);
        let bytes = heap.finish();
        assert_equal_when_reopened(&bytes, &Options::default(), &format!("seed {seed}"));
        let (header, rest) = bytes.split_at(31);
        let damaged = [header, &flip_bytes(rest, seed, 25)].concat();
        assert_equal_when_reopened(&damaged, &Options::default(), &format!("seed {seed}, damaged"));
        let cut = truncate_at(&bytes, bytes.len() * 2 / 3);
        assert_equal_when_reopened(&cut, &Options::default(), &format!("seed {seed}, cut"));
        let mut options = Options::default();
        options.soft_as_weak = true;
        assert_equal_when_reopened(&bytes, &options, &format!("seed {seed}, soft as weak"));
    }
}

#[test]
fn heaps_of_all_shapes_are_the_same() {
    let shapes = [
        ShapeKind::Shop,
        ShapeKind::Zgc,
        ShapeKind::Chain,
        ShapeKind::Loaders,
        ShapeKind::Classes,
        ShapeKind::Roots,
    ];
    for shape in shapes {
        let mut out = Cursor::new(Vec::new());
        generate(&GenerateOptions { shape, objects: 6000, seed: 7, giant: None }, &mut out).unwrap();
        assert_equal_when_reopened(&out.into_inner(), &Options::default(), &format!("{shape:?}"));
    }
}

/// Two objects with one address: the map from addresses to objects is a sorted list then.
#[test]
fn a_dump_with_contradictions_is_the_same() {
    let mut heap = HeapBuilder::hotspot17().id_size(IdSize::Eight);
    let node = heap.class("com.acme.Node").build();
    let first = heap.instance(node, &[]);
    heap.next_at(first);
    heap.instance(node, &[]);
    heap.class("com.acme.Snake").extends_unknown(Addr(0x7777_0000)).address(Addr(0x7777_0000)).build();
    let bytes = heap.finish();
    assert_equal_when_reopened(&bytes, &Options::default(), "contradictions");
}

#[test]
fn an_empty_dump_is_the_same() {
    let mut bytes = b"JAVA PROFILE 1.0.2\0".to_vec();
    bytes.extend(8u32.to_be_bytes());
    bytes.extend([0; 8]);
    assert_equal_when_reopened(&bytes, &Options::default(), "no heap");
}

#[test]
fn each_dump_of_a_file_and_each_layout_has_an_index_of_its_own() {
    let mut two = HeapBuilder::hotspot17();
    random_heap(&mut two, 1, 60);
    let mut other = HeapBuilder::hotspot17();
    random_heap(&mut other, 2, 90);
    let bytes = [two.finish(), other.finish()[31..].to_vec()].concat();
    let dump = Dump::new(&bytes);
    let mut choices = vec![Options::default(); 4];
    choices[1].dump = Some(1);
    choices[2].soft_as_weak = true;
    choices[3].layout = Some("compact".parse().unwrap());
    let built: Vec<_> = choices.iter().map(|options| dump.keep(options)).collect();
    assert_eq!(dump.files().len(), 1 + choices.len(), "{:?}", dump.files());
    for (options, (built, _)) in choices.iter().zip(&built) {
        let reopened = snapshot(dump.reopen(options));
        assert_eq!(reopened.origin(), built.origin());
        assert!(super::answers(&reopened) == super::answers(built), "{options:?}");
    }
    assert_ne!(built[0].0.object_count(), built[1].0.object_count());
}

#[test]
fn in_a_folder_of_indexes_dumps_of_one_name_are_told_apart() {
    let indexes = tempfile::tempdir().unwrap();
    let mut heaps = [5, 6].map(|seed| {
        let mut heap = HeapBuilder::hotspot17();
        random_heap(&mut heap, seed, 100);
        Dump::new(&heap.finish())
    });
    let options = Options::default();
    for dump in &mut heaps {
        let place = KeptIndex::new(&dump.path, Some(indexes.path()), &options).unwrap();
        place.save(&dump.build(&options)).unwrap();
        assert_eq!(dump.files(), ["heap.hprof"]);
    }
    assert_eq!(std::fs::read_dir(indexes.path()).unwrap().count(), 2);
    for dump in &heaps {
        let place = KeptIndex::new(&dump.path, Some(indexes.path()), &options).unwrap();
        let reopened = snapshot(place.open(&options, &Progress::silent()).unwrap());
        assert!(super::answers(&reopened) == super::answers(&dump.build(&options)));
        let object = reopened.objects().last().unwrap();
        assert_eq!(reopened.find(ObjectId(reopened.address_of(object).0)), Some(object));
    }
}

/// What docs/index-format.md promises of an ordinary heap.
#[test]
fn an_index_is_small_and_opening_it_takes_little_memory() {
    const OBJECTS: u64 = 200_000;
    let mut out = Cursor::new(Vec::new());
    generate(&GenerateOptions { shape: ShapeKind::Shop, objects: OBJECTS, seed: 2, giant: None }, &mut out)
        .unwrap();
    let dump = Dump::new(&out.into_inner());
    let (_, index) = dump.keep(&Options::default());
    let bytes = std::fs::metadata(index).unwrap().len();
    assert!(bytes < 26 * OBJECTS, "{bytes}");
    let options = Options::default();
    let reopened = snapshot(dump.reopen(&options));
    assert!(reopened.object_count() as u64 > OBJECTS);
    let peak = options.storage.peak_bytes();
    // A bit for each object that is reachable, one for each that dominates others, and the ranks of arrays.
    assert!(peak < 3 * OBJECTS / 8, "{peak}");
}
