//! The bytes of a dump: a mapped file, or a packed file or stream that was unpacked into a scratch file.

use super::store::Storage;
use crate::progress::{Cancelled, Progress, Unit};
use memmap2::{Mmap, MmapOptions};
use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// Why a dump's bytes could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The file cannot be opened or mapped.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// It is no regular file.
    #[error("{} is a directory, not a heap dump", .0.display())]
    Directory(PathBuf),
    /// The packed data hold nothing that can be unpacked.
    #[error("cannot unpack {}: {source}", path.display())]
    Unpack {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// The unpacked bytes cannot be written.
    #[error("cannot write the unpacked dump to a scratch file in {} (after {written} bytes): {source}; --scratch names another folder", dir.display())]
    Scratch {
        /// The folder for scratch files.
        dir: PathBuf,
        /// What was written before.
        written: u64,
        /// The operating system's answer.
        source: io::Error,
    },
    /// Stopped by the user.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// How a dump is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip, one or many members.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Packing {
    /// Tells the packing from the first bytes.
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(&[0x1f, 0x8b]) {
            Self::Gzip
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
            || matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
        {
            Self::Zstd
        } else {
            Self::Plain
        }
    }
}

/// The unpacked bytes of a dump.
#[derive(Debug)]
pub struct Source {
    bytes: Bytes,
    packing: Packing,
    file_bytes: u64,
    broken_off: Option<String>,
}

#[derive(Debug)]
enum Bytes {
    Map(Mmap),
    Memory(Vec<u8>),
}

impl Source {
    /// Opens a file, `-` for standard input, and unpacks it if it is packed.
    ///
    /// # Errors
    /// It cannot be read, or its unpacked bytes cannot be stored. Packed data that break off are no error: what was unpacked
    /// is kept, and [`Self::broken_off`] tells.
    pub fn open(path: &Path, storage: &Storage, progress: &Progress) -> Result<Self, SourceError> {
        if path == Path::new("-") {
            return Self::spool(path, Box::new(io::stdin().lock()), 0, storage, progress);
        }
        let failed = |source| SourceError::Read { path: path.to_path_buf(), source };
        let file = File::open(path).map_err(failed)?;
        let facts = file.metadata().map_err(failed)?;
        if facts.is_dir() {
            return Err(SourceError::Directory(path.to_path_buf()));
        }
        if !facts.is_file() {
            return Self::spool(path, Box::new(file), 0, storage, progress);
        }
        let mut head = Vec::new();
        (&file).take(8).read_to_end(&mut head).map_err(failed)?;
        if Packing::of(&head) == Packing::Plain {
            let bytes = if facts.len() == 0 {
                Bytes::Memory(Vec::new())
            } else {
                Bytes::Map(map(&file).map_err(failed)?)
            };
            return Ok(Self { bytes, packing: Packing::Plain, file_bytes: facts.len(), broken_off: None });
        }
        if Packing::of(&head) == Packing::Gzip {
            let packed = map(&file).map_err(failed)?;
            if super::gzip::is_chunked(&packed) {
                return Self::unpack_chunks(path, &packed, storage, progress);
            }
        }
        let file = File::open(path).map_err(failed)?;
        Self::spool(path, Box::new(file), facts.len(), storage, progress)
    }

    /// Bytes that are in memory already.
    pub fn from_memory(bytes: Vec<u8>) -> Self {
        Self {
            file_bytes: bytes.len() as u64,
            bytes: Bytes::Memory(bytes),
            packing: Packing::Plain,
            broken_off: None,
        }
    }

    /// How the file was packed.
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// The size of the file itself, packed if it was.
    pub fn file_bytes(&self) -> u64 {
        self.file_bytes
    }

    /// Why the packed data ended before their end, if they did.
    pub fn broken_off(&self) -> Option<&str> {
        self.broken_off.as_deref()
    }

    /// Unpacks the gzip members of a dump that HotSpot packed itself into a scratch file, in parallel, and maps that.
    fn unpack_chunks(
        path: &Path,
        packed: &[u8],
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, SourceError> {
        let phase = progress.phase("unpack", Unit::Bytes, packed.len() as u64);
        let scratch = |written| {
            move |source| SourceError::Scratch { dir: storage.scratch().to_path_buf(), written, source }
        };
        let mut file = tempfile::tempfile_in(storage.scratch()).map_err(scratch(0))?;
        let mut written = 0;
        let end = super::gzip::unpack(packed, |bytes, packed_bytes| {
            phase.advance(packed_bytes as u64)?;
            file.write_all(bytes).map_err(scratch(written))?;
            written += bytes.len() as u64;
            Ok::<_, SourceError>(())
        })?;
        if let (Some(source), 0) = (&end, written) {
            let source = io::Error::new(source.kind(), source.to_string());
            return Err(SourceError::Unpack { path: path.to_path_buf(), source });
        }
        let bytes = if written == 0 {
            Bytes::Memory(Vec::new())
        } else {
            Bytes::Map(map(&file).map_err(scratch(written))?)
        };
        let broken_off = end.map(|error| error.to_string());
        Ok(Self { bytes, packing: Packing::Gzip, file_bytes: packed.len() as u64, broken_off })
    }

    /// Copies a stream into a scratch file, unpacking it, and maps that.
    fn spool(
        path: &Path,
        mut from: Box<dyn Read + '_>,
        file_bytes: u64,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Self, SourceError> {
        let unpack = |source| SourceError::Unpack { path: path.to_path_buf(), source };
        let mut head = Vec::new();
        from.by_ref().take(8).read_to_end(&mut head).map_err(unpack)?;
        let packing = Packing::of(&head);
        let phase = progress.phase("unpack", Unit::Bytes, file_bytes);
        let counted = Counted { inner: io::Cursor::new(head).chain(from), phase: &phase, bytes: 0 };
        let mut counted = io::BufReader::with_capacity(1 << 20, counted);
        let scratch = |written| {
            move |source| SourceError::Scratch { dir: storage.scratch().to_path_buf(), written, source }
        };
        let mut file = tempfile::tempfile_in(storage.scratch()).map_err(scratch(0))?;
        let (written, end) = {
            let mut reader: Box<dyn Read + '_> = match packing {
                Packing::Plain => Box::new(&mut counted),
                Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(&mut counted)),
                Packing::Zstd => Box::new(
                    ruzstd::decoding::StreamingDecoder::new(&mut counted)
                        .map_err(|e| unpack(io::Error::other(e)))?,
                ),
            };
            let mut buffer = vec![0; 1 << 20];
            let mut written = 0;
            loop {
                match reader.read(&mut buffer) {
                    Ok(0) => break (written, None),
                    Ok(count) => {
                        file.write_all(&buffer[..count]).map_err(scratch(written))?;
                        written += count as u64;
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => break (written, Some(error)),
                }
            }
        };
        let read_bytes = counted.get_ref().bytes;
        progress.check()?;
        if let Some(error) = end.as_ref().filter(|_| written == 0) {
            return Err(unpack(io::Error::new(error.kind(), error.to_string())));
        }
        let bytes = if written == 0 {
            Bytes::Memory(Vec::new())
        } else {
            Bytes::Map(map(&file).map_err(scratch(written))?)
        };
        let broken_off = end.map(|error| error.to_string());
        Ok(Self { bytes, packing, file_bytes: file_bytes.max(read_bytes), broken_off })
    }
}

impl Deref for Source {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Map(map) => map,
            Bytes::Memory(bytes) => bytes,
        }
    }
}

pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the map is only read. The residual risk is another process that shortens the file meanwhile: reading past
    // the new end is then a fatal signal, as with any mapped file. Dumps are written once.
    #[expect(
        unsafe_code,
        reason = "memory maps are unsafe by nature; dumps are written once and then only read"
    )]
    unsafe {
        MmapOptions::new().map(file)
    }
}

/// Counts what is read, for the progress bar and for cancelling.
struct Counted<'a, R> {
    inner: R,
    phase: &'a crate::progress::Phase<'a>,
    bytes: u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        self.phase.advance(count as u64).map_err(io::Error::other)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(bytes: &[u8]) -> Result<Source, SourceError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        Source::open(file.path(), &Storage::default(), &Progress::silent())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn reads_plain_empty_and_packed_files() {
        assert_eq!(&open(b"abc").unwrap()[..], b"abc");
        assert_eq!(&open(b"").unwrap()[..], b"");
        let two_members = [gzip(b"abc"), gzip(b"def")].concat();
        assert_eq!(&open(&two_members).unwrap()[..], b"abcdef");
    }

    #[test]
    fn keeps_what_a_cut_gzip_file_holds() {
        let data: Vec<u8> =
            (0..100_000u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_be_bytes()).collect();
        let packed = gzip(&data);
        let source = open(&packed[..packed.len() / 2]).unwrap();
        assert!(source.len() > 1000 && data.starts_with(&source));
        assert!(source.broken_off().is_some());
    }

    #[test]
    fn a_directory_is_said_to_be_one() {
        let error =
            Source::open(&std::env::temp_dir(), &Storage::default(), &Progress::silent()).unwrap_err();
        assert!(error.to_string().contains("is a directory"), "{error}");
    }
}
