//! An index that is stale, damaged, or of others is never believed: each is rejected, and no byte of one can be changed unnoticed.

use super::{Dump, answers, rejection, snapshot};
use hprof_fixtures::{HeapBuilder, SplitMix64, random_heap};
use oomph::progress::Progress;
use oomph::snapshot::{IndexError, KeptIndex, Options, Rejection, Reopened, Snapshot};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;
use twox_hash::XxHash3_64;

fn small() -> Dump {
    let mut heap = HeapBuilder::hotspot17();
    random_heap(&mut heap, 4, 120);
    Dump::new(&heap.finish())
}

fn open(dump: &Dump) -> Reopened {
    dump.reopen(&Options::default())
}

#[test]
fn an_index_of_a_dump_that_has_changed_is_stale() {
    let dump = small();
    let bytes = std::fs::read(&dump.path).unwrap();
    dump.keep(&Options::default());
    let time = std::fs::metadata(&dump.path).unwrap().modified().unwrap();
    let write = |bytes: &[u8], time| {
        std::fs::write(&dump.path, bytes).unwrap();
        File::options().write(true).open(&dump.path).unwrap().set_modified(time).unwrap();
    };
    assert!(matches!(open(&dump), Reopened::Snapshot(_)));
    write(&[&bytes[..], &[0]].concat(), time);
    assert!(matches!(rejection(open(&dump)), Rejection::Stale("size")));
    for at in [20, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        write(&changed, time);
        assert!(matches!(rejection(open(&dump)), Rejection::Stale("content")), "{at}");
    }
    write(&bytes, time + Duration::from_nanos(1));
    assert!(matches!(rejection(open(&dump)), Rejection::Stale("time of change")));
    write(&bytes, time);
    assert!(matches!(open(&dump), Reopened::Snapshot(_)));
}

#[test]
fn a_dump_that_changes_while_it_is_read_gets_no_index() {
    let dump = small();
    let place = dump.place(&Options::default());
    let snapshot = dump.build(&Options::default());
    File::options().append(true).open(&dump.path).unwrap().set_len(10).unwrap();
    assert!(matches!(place.save(&snapshot), Err(IndexError::Changed(_))));
    assert_eq!(dump.files(), ["heap.hprof"]);
}

#[test]
fn no_byte_can_be_flipped_unnoticed() {
    let dump = small();
    let (built, path) = dump.keep(&Options::default());
    let truth = answers(&built);
    let bytes = std::fs::read(&path).unwrap();
    let mut file = File::options().write(true).open(&path).unwrap();
    let mut put = |at: usize, byte: u8| {
        file.seek(SeekFrom::Start(at as u64)).unwrap();
        file.write_all(&[byte]).unwrap();
    };
    let mut random = SplitMix64::new(3);
    let mut rejected = 0;
    // Every byte that says something, and some of the padding between.
    for at in (0..bytes.len()).filter(|at| bytes[*at] != 0 || at % 61 == 0) {
        let flipped = bytes[at] ^ (1 << random.below(8));
        put(at, flipped);
        match open(&dump) {
            Reopened::Rejected(_) => rejected += 1,
            Reopened::Absent => panic!("it is there"),
            Reopened::Snapshot(reopened) => {
                // Zeros between sections are not read.
                assert_eq!(bytes[at], 0, "byte {at} is believed");
                assert!(answers(&reopened) == truth, "byte {at}");
            }
        }
        put(at, bytes[at]);
    }
    assert!(rejected > 2000, "{rejected}");
    assert!(answers(&snapshot(open(&dump))) == truth);
}

#[test]
fn an_index_of_any_other_length_is_rejected() {
    let dump = small();
    let (_, path) = dump.keep(&Options::default());
    let bytes = std::fs::read(&path).unwrap();
    for length in (0..bytes.len()).step_by(509).chain(bytes.len() - 3..bytes.len()) {
        std::fs::write(&path, &bytes[..length]).unwrap();
        rejection(open(&dump));
    }
    std::fs::write(&path, [&bytes[..], &[0; 4096]].concat()).unwrap();
    assert!(matches!(rejection(open(&dump)), Rejection::Damaged(_)));
    std::fs::write(&path, vec![0; bytes.len()]).unwrap();
    assert!(matches!(rejection(open(&dump)), Rejection::NoIndex));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(rejection(open(&dump)), Rejection::Unreadable(_)));
    std::fs::remove_dir(&path).unwrap();
    assert!(matches!(open(&dump), Reopened::Absent));
}

#[test]
fn an_index_of_another_version_or_machine_is_rejected() {
    let dump = small();
    let (_, path) = dump.keep(&Options::default());
    let bytes = std::fs::read(&path).unwrap();
    let with = |at: usize, value: &[u8]| {
        let mut changed = bytes.clone();
        changed[at..at + value.len()].copy_from_slice(value);
        changed
    };
    let format = u32::from_ne_bytes(bytes[8..12].try_into().unwrap());
    let mut order = bytes[12..16].to_vec();
    order.reverse();
    // The version of the program is the first text of the head; the checksum of the head is made right again.
    let version = bytes.windows(5).position(|text| text == env!("CARGO_PKG_VERSION").as_bytes()).unwrap();
    let mut other_program = with(version, b"9");
    let head_end = u64::from_ne_bytes(bytes[16..24].try_into().unwrap()) as usize;
    let sum = XxHash3_64::oneshot(&other_program[40..head_end]);
    other_program[32..40].copy_from_slice(&sum.to_ne_bytes());
    for changed in [with(8, &(format + 1).to_ne_bytes()), with(12, &order), other_program] {
        std::fs::write(&path, changed).unwrap();
        assert!(matches!(rejection(open(&dump)), Rejection::OtherVersion));
    }
}

#[test]
fn an_index_made_with_other_options_is_rejected() {
    let dump = small();
    let mut options = Options::default();
    options.soft_as_weak = true;
    let (_, path) = dump.keep(&options);
    std::fs::rename(&path, dump.place(&Options::default()).path()).unwrap();
    assert!(matches!(rejection(open(&dump)), Rejection::OtherOptions));
    assert!(matches!(dump.reopen(&options), Reopened::Absent));
}

/// Checksums guard against accidents. Whoever makes them right for wrong contents gets wrong answers or a rejection, but no crash on opening.
#[test]
fn contents_with_right_checksums_are_not_believed_blindly() {
    let dump = small();
    let (_, path) = dump.keep(&Options::default());
    let bytes = std::fs::read(&path).unwrap();
    let head_end = u64::from_ne_bytes(bytes[16..24].try_into().unwrap()) as usize;
    let sections_at = head_end.next_multiple_of(4096);
    // The table of sections is the end of the head: number, offset, length, one checksum for each.
    let entry = |at: usize| {
        let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
        (sections_at + word(at + 1), word(at + 9))
    };
    let mut entries = Vec::new();
    let mut at = (41..head_end).find(|&at| entry_is_first(&bytes, at)).unwrap();
    while at < head_end {
        let (start, length) = entry(at);
        entries.push((at + 17, start, length));
        at += 17 + 8 * length.div_ceil(1 << 20);
    }
    assert!(entries.len() > 20, "{entries:?}");
    let mut random = SplitMix64::new(9);
    let mut outcomes = [0; 2];
    for _ in 0..3000 {
        let mut changed = bytes.clone();
        let (sum_at, start, length) = entries[random.index(entries.len())];
        if length == 0 {
            continue;
        }
        for _ in 0..=random.index(3) {
            let at = start + random.index(length);
            changed[at] = [0, 1, 0x7f, 0xff, changed[at] ^ 4][random.index(5)];
        }
        let sum = XxHash3_64::oneshot(&changed[start..start + length]);
        changed[sum_at..sum_at + 8].copy_from_slice(&sum.to_le_bytes());
        let sum = XxHash3_64::oneshot(&changed[40..head_end]);
        changed[32..40].copy_from_slice(&sum.to_ne_bytes());
        std::fs::write(&path, changed).unwrap();
        outcomes[usize::from(matches!(open(&dump), Reopened::Rejected(_)))] += 1;
    }
    assert!(outcomes[0] > 100 && outcomes[1] > 100, "{outcomes:?}");
}

/// Whether the first entry of the table of sections (number 1, offset 0) stands at `at`, and the second one (number 2) after it.
fn entry_is_first(bytes: &[u8], at: usize) -> bool {
    bytes[at] == 1 && bytes[at + 1..at + 9] == [0; 8] && bytes[at + 25] == 2
}

#[test]
fn what_cannot_be_kept_leaves_nothing_behind() {
    let dump = small();
    let place = dump.place(&Options::default());
    let progress = Progress::silent();
    let snapshot = Snapshot::open(&dump.path, &Options::default(), &progress).unwrap();
    progress.cancel();
    assert!(matches!(place.save(&snapshot), Err(IndexError::Cancelled(_))));
    assert_eq!(dump.files(), ["heap.hprof"]);
    // A folder stands where the file should.
    std::fs::create_dir(place.path()).unwrap();
    let error = place.save(&dump.build(&Options::default())).unwrap_err().to_string();
    assert!(error.contains("heap.hprof.oomph-index"), "{error}");
    assert_eq!(dump.files(), ["heap.hprof", "heap.hprof.oomph-index"]);
    let nowhere = dump.dir.path().join("not/there");
    let place = KeptIndex::new(&dump.path, Some(&nowhere), &Options::default()).unwrap();
    assert!(matches!(place.check_writable(), Err(IndexError::Write { .. })));
    for no_file in [Path::new("-"), dump.dir.path(), Path::new("/dev/null")] {
        let error = KeptIndex::new(no_file, None, &Options::default()).unwrap_err();
        assert!(matches!(error, IndexError::NoFile(_)), "{error}");
    }
}

#[test]
fn many_may_write_while_others_read() {
    let dump = small();
    let truth = answers(&dump.keep(&Options::default()).0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..8 {
                    dump.keep(&Options::default());
                }
            });
        }
        for _ in 0..40 {
            assert!(answers(&snapshot(open(&dump))) == truth);
        }
    });
    assert_eq!(dump.files(), ["heap.hprof", "heap.hprof.oomph-index"]);
}

#[cfg(unix)]
#[test]
fn an_index_is_as_private_as_its_dump() {
    use std::os::unix::fs::PermissionsExt;
    for mode in [0o600, 0o644] {
        let dump = small();
        std::fs::set_permissions(&dump.path, std::fs::Permissions::from_mode(mode)).unwrap();
        let (_, index) = dump.keep(&Options::default());
        assert_eq!(std::fs::metadata(index).unwrap().permissions().mode() & 0o777, mode);
    }
}
