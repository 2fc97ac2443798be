//! What an index belongs to: a dump as it was, and the options that it was opened with.
//!
//! Owns the tie to the dump (size, time of the last change, a hash of its head, its tail and samples between) and the name that the file gets.
//! Cost: reading some 400 KB of the dump.

use super::super::Options;
use super::super::layout::model::{Model, Packing};
use super::wire::{Decoder, Encoder};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use twox_hash::XxHash3_64;

/// What the name of an index ends with.
const ENDING: &str = "oomph-index";
/// Bytes that are looked at at either end of the dump.
const END_BYTES: u64 = 64 << 10;
/// Samples between the ends.
const SAMPLES: u64 = 64;
/// Bytes of a sample: a page.
const SAMPLE_BYTES: u64 = 4 << 10;

/// A dump file as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    bytes: u64,
    /// Since 1970, in seconds and nanoseconds; before that seconds count as zero.
    changed: (u64, u32),
    samples: u64,
}

impl Tie {
    /// Looks at a file. `None` for what is no plain file.
    pub(super) fn of(dump: &Path) -> io::Result<Option<Self>> {
        // A pipe must not even be opened: that would wait for whoever writes to it.
        if !std::fs::metadata(dump)?.is_file() {
            return Ok(None);
        }
        let mut file = File::open(dump)?;
        let facts = file.metadata()?;
        let bytes = facts.len();
        let changed = facts.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut content = Vec::new();
        let mut sample = |at: u64, count: u64| {
            file.seek(SeekFrom::Start(at))?;
            (&mut file).take(count).read_to_end(&mut content).map(|_| ())
        };
        sample(0, END_BYTES)?;
        for at in 1..=SAMPLES {
            sample((u128::from(bytes) * u128::from(at) / u128::from(SAMPLES + 1)) as u64, SAMPLE_BYTES)?;
        }
        sample(bytes.saturating_sub(END_BYTES), END_BYTES)?;
        let samples = XxHash3_64::oneshot(&content);
        Ok(Some(Self { bytes, changed: (changed.as_secs(), changed.subsec_nanos()), samples }))
    }

    /// What of the dump is not as it was, if anything.
    pub(super) fn difference(&self, was: &Self) -> Option<&'static str> {
        if self.bytes != was.bytes {
            Some("size")
        } else if self.samples != was.samples {
            Some("content")
        } else if self.changed != was.changed {
            Some("time of change")
        } else {
            None
        }
    }
}

/// The dump and the options that decide what is in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) tie: Tie,
    pub(super) choice: Choice,
}

/// The options that decide what is in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    dump: Option<u64>,
    soft_as_weak: bool,
    layout: Option<Model>,
}

impl Choice {
    pub(super) fn of(options: &Options) -> Self {
        Self {
            dump: options.dump.map(|number| number as u64),
            soft_as_weak: options.soft_as_weak,
            layout: options.layout,
        }
    }

    /// Other options have a file of their own: `heap.hprof.dump-2.soft-as-weak.oomph-index`.
    fn suffix(&self) -> String {
        let mut suffix = String::new();
        if let Some(number) = self.dump {
            suffix += &format!(".dump-{number}");
        }
        if self.soft_as_weak {
            suffix += ".soft-as-weak";
        }
        if let Some(model) = &self.layout {
            suffix += &format!(".layout-{}", model.to_string().replace([',', '='], "-"));
        }
        suffix
    }

    /// Where the index of `dump` stands: beside it, or in `dir`. There its name tells dumps of the same name apart by where they are.
    pub(super) fn path(&self, dump: &Path, dir: Option<&Path>) -> PathBuf {
        let name = dump.file_name().unwrap_or_default();
        let mut file = name.to_owned();
        if dir.is_some() {
            let whole = std::fs::canonicalize(dump).unwrap_or_else(|_| dump.to_owned());
            file.push(format!("-{:016x}", XxHash3_64::oneshot(whole.as_os_str().as_encoded_bytes())));
        }
        file.push(format!("{}.{ENDING}", self.suffix()));
        dir.map_or_else(|| dump.with_file_name(&file), |dir| dir.join(&file))
    }
}

impl Key {
    pub(super) fn encode(&self, to: &mut Encoder) {
        to.number(self.tie.bytes);
        to.number(self.tie.changed.0);
        to.number(u64::from(self.tie.changed.1));
        to.word(self.tie.samples);
        to.option(self.choice.dump);
        to.flag(self.choice.soft_as_weak);
        to.flag(self.choice.layout.is_some());
        if let Some(model) = &self.choice.layout {
            encode_model(model, to);
        }
    }

    pub(super) fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let bytes = from.number()?;
        let changed = (from.number()?, from.u32()?);
        let tie = Tie { bytes, changed, samples: from.word()? };
        let (dump, soft_as_weak) = (from.option()?, from.flag()?);
        let layout = if from.flag()? { Some(decode_model(from)?) } else { None };
        Some(Self { tie, choice: Choice { dump, soft_as_weak, layout } })
    }
}

pub(super) fn encode_model(model: &Model, to: &mut Encoder) {
    let Model {
        word_bytes,
        header_bytes,
        array_header_bytes,
        reference_bytes,
        alignment_bytes,
        compact_headers,
        packing,
    } = *model;
    for bytes in [word_bytes, header_bytes, array_header_bytes, reference_bytes, alignment_bytes] {
        to.number(u64::from(bytes));
    }
    to.flag(compact_headers);
    to.flag(packing == Packing::Jdk15);
}

pub(super) fn decode_model(from: &mut Decoder<'_>) -> Option<Model> {
    let mut bytes = || from.u32().filter(|&bytes| bytes > 0);
    Some(Model {
        word_bytes: bytes()?,
        header_bytes: bytes()?,
        array_header_bytes: bytes()?,
        reference_bytes: bytes()?,
        alignment_bytes: bytes()?,
        compact_headers: from.flag()?,
        packing: if from.flag()? { Packing::Jdk15 } else { Packing::Jdk7To14 },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(dump: Option<u64>, soft_as_weak: bool, layout: Option<Model>) -> Choice {
        Choice { dump, soft_as_weak, layout }
    }

    #[test]
    fn each_choice_has_a_file_of_its_own() {
        let dump = Path::new("/tmp/heap.hprof");
        let beside = |choice: &Choice| choice.path(dump, None).to_str().unwrap().to_owned();
        assert_eq!(beside(&choice(None, false, None)), "/tmp/heap.hprof.oomph-index");
        assert_eq!(beside(&choice(Some(2), true, None)), "/tmp/heap.hprof.dump-2.soft-as-weak.oomph-index");
        let compact = beside(&choice(None, false, Some("compact".parse().unwrap())));
        let wide = beside(&choice(None, false, Some("header=16,reference=8".parse().unwrap())));
        assert!(compact != wide && compact.starts_with("/tmp/heap.hprof.layout-"), "{compact} {wide}");
        let in_dir = |dump: &str| choice(None, false, None).path(Path::new(dump), Some(Path::new("/kept")));
        let (a, b) = (in_dir("/a/heap.hprof"), in_dir("/b/heap.hprof"));
        assert!(a != b && a.parent() == b.parent(), "{a:?} {b:?}");
    }

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let tie = Tie { bytes: 1 << 40, changed: (1_700_000_000, 999_999_999), samples: u64::MAX };
        for choice in [choice(None, false, None), choice(Some(3), true, Some(Model::BITS32))] {
            let key = Key { tie: tie.clone(), choice };
            let mut encoder = Encoder::default();
            key.encode(&mut encoder);
            assert_eq!(Key::decode(&mut Decoder::new(&encoder.finish())), Some(key));
        }
    }

    #[test]
    fn a_change_of_a_sampled_byte_is_seen_though_size_and_time_are_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("dump");
        let mut bytes = vec![7; 4 << 20];
        std::fs::write(&path, &bytes).unwrap();
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        let was = Tie::of(&path).unwrap().unwrap();
        for at in [0, 1000, 65_535, (4 << 20) / 65 + 2, (4 << 20) - 1] {
            bytes[at] ^= 1;
            std::fs::write(&path, &bytes).unwrap();
            File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
            assert_eq!(Tie::of(&path).unwrap().unwrap().difference(&was), Some("content"), "{at}");
            bytes[at] ^= 1;
        }
        assert_eq!(Tie::of(dir.path()).unwrap(), None, "a folder is no dump");
    }
}
