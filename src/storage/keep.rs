//! Files that are kept: written whole or not at all, mapped for reading.
//!
//! A new file has no name until it is complete (`O_TMPFILE`, Linux), so that nothing is left behind however the process ends, killed included.
//! Where that is not to be had, a temporary name in the same folder is removed by all ends but a kill. A finished file takes its name by a
//! rename: whoever opens that sees the old file or the new one, and of two processes that write at the same time the last one wins.

use super::column::{Column, Element};
use super::source::map;
use super::store::reserve;
use memmap2::Mmap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What temporary names end with.
const SUFFIX: &str = ".tmp";

/// A file that is being written and has not yet its name.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    /// `None` for a file without a name.
    temporary: Option<tempfile::TempPath>,
    dir: PathBuf,
    target: PathBuf,
}

impl NewFile {
    /// Begins a file that will be called `target`, in the folder of that name.
    ///
    /// # Errors
    /// The folder is not there or cannot be written to.
    pub fn create(target: &Path) -> io::Result<Self> {
        let dir = target.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (file, temporary) = match unnamed(dir) {
            Some(file) => (file, None),
            None => {
                let prefix = prefix(target);
                let named = tempfile::Builder::new().prefix(&prefix).suffix(SUFFIX).tempfile_in(dir)?;
                let (file, path) = named.into_parts();
                (file, Some(path))
            }
        };
        Ok(Self { file, temporary, dir: dir.to_owned(), target: target.to_owned() })
    }

    /// Takes the disk space for `bytes` bytes now, so that a full disk is noticed before the long writing.
    ///
    /// # Errors
    /// There is no such space.
    pub fn reserve(&self, bytes: u64) -> io::Result<()> {
        reserve(&self.file, bytes)
    }

    /// Lets the file be read by whom the file at `model` can be read by.
    ///
    /// # Errors
    /// The permissions cannot be read or set.
    pub fn share_like(&self, model: &Path) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(model)?.permissions().mode() & 0o666;
            self.file.set_permissions(std::fs::Permissions::from_mode(mode))?;
        }
        #[cfg(not(unix))]
        let _ = model;
        Ok(())
    }

    /// Gives the file its name, once all of it is on the disk. Another file of that name is replaced.
    ///
    /// # Errors
    /// The disk is full or broken, or the folder has become unwritable. Nothing is left behind.
    pub fn publish(self) -> io::Result<()> {
        self.file.sync_all()?;
        let temporary = match self.temporary {
            Some(path) => path,
            None => {
                let prefix = prefix(&self.target);
                let mut names = tempfile::Builder::new();
                names.prefix(&prefix).suffix(SUFFIX);
                names.make_in(&self.dir, |path| link(&self.file, path))?.into_temp_path()
            }
        };
        temporary.persist(&self.target).map_err(|error| error.error)?;
        // The name is safe as soon as the folder is; some file systems cannot do that, and all checks are made when the file is opened.
        #[cfg(unix)]
        let _ = File::open(&self.dir).and_then(|dir| dir.sync_all());
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// What temporary names of a file begin with.
fn prefix(target: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name
}

/// A file in `dir` that has no name.
#[cfg(target_os = "linux")]
fn unnamed(dir: &Path) -> Option<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // The way from the open file to a name leads through here.
    if !Path::new("/proc/self/fd").is_dir() {
        return None;
    }
    std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_TMPFILE)
        .mode(0o600)
        .open(dir)
        .ok()
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path) -> Option<File> {
    None
}

/// Gives a file without a name that name.
#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use std::ffi::CString;
    use std::os::fd::AsRawFd;
    use std::os::unix::ffi::OsStrExt;
    let from = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
    let to = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: both are C strings that live longer than the call, which keeps neither.
    #[expect(unsafe_code, reason = "std's hard_link does not follow the link in /proc")]
    let code = unsafe {
        libc::linkat(libc::AT_FDCWD, from.as_ptr(), libc::AT_FDCWD, to.as_ptr(), libc::AT_SYMLINK_FOLLOW)
    };
    if code == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A kept file, mapped. Its columns keep the map.
#[derive(Debug, Clone)]
pub struct KeptFile {
    map: Arc<Mmap>,
}

impl KeptFile {
    /// Maps a file.
    ///
    /// # Errors
    /// It is not there, cannot be read, is empty or no file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
        }
        Ok(Self { map: Arc::new(map(&file)?) })
    }

    /// The numbers that stand in `range` (bytes), in this machine's byte order, not copied. `None` if the range lies outside of the file, is
    /// not aligned for `T` or is not a whole number of elements.
    pub fn column<T: Element>(&self, range: Range<usize>) -> Option<Column<T>> {
        Column::from_map(Arc::clone(&self.map), range)
    }
}

impl Deref for KeptFile {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_when_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("kept");
        for text in ["first", "second"] {
            let mut file = NewFile::create(&target).unwrap();
            file.reserve(text.len() as u64).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            assert_ne!(std::fs::read(&target).unwrap_or_default(), text.as_bytes());
            file.publish().unwrap();
            assert_eq!(names(dir.path()), ["kept"]);
            assert_eq!(&KeptFile::open(&target).unwrap()[..], text.as_bytes());
        }
    }

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = NewFile::create(&dir.path().join("kept")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn the_way_with_a_temporary_name_ends_alike() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("kept");
        let named = tempfile::Builder::new().suffix(SUFFIX).tempfile_in(dir.path()).unwrap();
        let (file, path) = named.into_parts();
        let mut file =
            NewFile { file, temporary: Some(path), dir: dir.path().to_owned(), target: target.clone() };
        file.write_all(b"whole").unwrap();
        assert!(names(dir.path())[0].ends_with(".tmp"));
        file.publish().unwrap();
        assert_eq!(names(dir.path()), ["kept"]);
    }

    #[test]
    fn files_that_are_written_at_the_same_time_do_no_harm() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("kept");
        let mut files: Vec<NewFile> = (0..4).map(|_| NewFile::create(&target).unwrap()).collect();
        for (at, file) in files.iter_mut().enumerate() {
            file.write_all(&[at as u8; 100]).unwrap();
        }
        files.into_iter().for_each(|file| file.publish().unwrap());
        assert_eq!(names(dir.path()), ["kept"]);
        assert_eq!(&KeptFile::open(&target).unwrap()[..], [3; 100]);
    }
}
