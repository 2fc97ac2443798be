//! The memory budget: hands out columns, from anonymous memory while the budget lasts, from scratch files after that.

use super::column::{Column, Element};
use memmap2::{MmapMut, MmapOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Why bytes could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Anonymous memory was refused by the operating system.
    #[error("cannot get {bytes} bytes of memory for {what}: {source}")]
    Memory {
        /// What the bytes were for.
        what: &'static str,
        /// How many bytes were asked for.
        bytes: u64,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// A scratch file could not be made or grown.
    #[error("cannot write a scratch file of {bytes} bytes for {what} in {}: {source}", dir.display())]
    Scratch {
        /// What the file was for.
        what: &'static str,
        /// Its size.
        bytes: u64,
        /// The folder for scratch files.
        dir: PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
}

/// How a column will be read, which decides what leaves memory first when the budget gets short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// From one end to the other: it can live in a file at little cost.
    Sequential,
    /// At random: it stays in memory as long as the budget allows.
    Random,
}

/// The use of memory by one kind of column, for `--verbose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryUse {
    /// What the bytes are for.
    pub what: &'static str,
    /// Bytes of anonymous memory.
    pub anonymous_bytes: u64,
    /// Bytes in mapped scratch files.
    pub scratch_bytes: u64,
}

/// Gives out memory within a budget. Cheap to clone; clones share the budget.
#[derive(Debug, Clone)]
pub struct Storage {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    whole_budget_bytes: u64,
    set_aside_bytes: AtomicU64,
    scratch: PathBuf,
    anonymous_bytes: AtomicU64,
    peak_bytes: AtomicU64,
    has_spilled: AtomicBool,
    uses: Mutex<Vec<MemoryUse>>,
}

impl Default for Storage {
    fn default() -> Self {
        Self::new(u64::MAX, std::env::temp_dir())
    }
}

impl Storage {
    /// Storage that keeps the anonymous memory of its columns below `budget_bytes` and spills to `scratch`.
    pub fn new(budget_bytes: u64, scratch: PathBuf) -> Self {
        let shared = Shared {
            whole_budget_bytes: budget_bytes,
            set_aside_bytes: AtomicU64::new(0),
            scratch,
            anonymous_bytes: AtomicU64::new(0),
            peak_bytes: AtomicU64::new(0),
            has_spilled: AtomicBool::new(false),
            uses: Mutex::new(Vec::new()),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The budget, in bytes, without what was set aside.
    pub fn budget_bytes(&self) -> u64 {
        self.shared.budget_bytes()
    }

    /// The folder for scratch files.
    pub fn scratch(&self) -> &Path {
        &self.shared.scratch
    }

    /// Anonymous memory of all living columns, in bytes.
    pub fn anonymous_bytes(&self) -> u64 {
        self.shared.anonymous_bytes.load(Ordering::Relaxed)
    }

    /// Lowers the budget: so many bytes of it are needed for what is no column. Columns that are there stay where they are.
    pub fn set_aside(&self, bytes: u64) {
        self.shared.set_aside_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// How much anonymous memory columns may still take, in bytes.
    pub fn bytes_left(&self) -> u64 {
        self.budget_bytes().saturating_sub(self.anonymous_bytes())
    }

    /// The most that [`Self::anonymous_bytes`] ever was.
    pub fn peak_bytes(&self) -> u64 {
        self.shared.peak_bytes.load(Ordering::Relaxed)
    }

    /// Whether some column did not fit into the budget and went to a scratch file.
    pub fn has_spilled(&self) -> bool {
        self.shared.has_spilled.load(Ordering::Relaxed)
    }

    /// What the living columns are for, largest first.
    pub fn uses(&self) -> Vec<MemoryUse> {
        let mut uses = self.lock_uses().clone();
        uses.retain(|u| u.anonymous_bytes + u.scratch_bytes > 0);
        uses.sort_by_key(|u| (std::cmp::Reverse(u.anonymous_bytes + u.scratch_bytes), u.what));
        uses
    }

    /// A column of `len` zeros. `what` names it in `--verbose` and in errors.
    ///
    /// # Errors
    /// The operating system has no memory, or the scratch file cannot be made (no space left, unwritable folder).
    pub fn column<T: Element>(
        &self,
        what: &'static str,
        len: usize,
        access: Access,
    ) -> Result<Column<T>, StorageError> {
        let bytes = len.checked_mul(size_of::<T>()).ok_or_else(|| StorageError::Memory {
            what,
            bytes: u64::MAX,
            source: std::io::ErrorKind::OutOfMemory.into(),
        })?;
        if bytes == 0 {
            return Ok(Column::empty());
        }
        let lease = self.lease(what, bytes as u64, access);
        let map = if lease.anonymous {
            anonymous(what, bytes)
        } else {
            self.shared.has_spilled.store(true, Ordering::Relaxed);
            scratch_file(what, bytes, &self.shared.scratch)
        }?;
        Ok(Column::mapped(map, len, lease))
    }

    /// Decides where the bytes come from and books them.
    fn lease(&self, what: &'static str, bytes: u64, access: Access) -> Lease {
        let shared = &self.shared;
        // What is read in order leaves first: it may take only half of the budget.
        let limit = match access {
            Access::Random => shared.budget_bytes(),
            Access::Sequential => shared.budget_bytes() / 2,
        };
        let fits = |used: u64| used.checked_add(bytes).filter(|&sum| sum <= limit);
        let booked = shared.anonymous_bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        let anonymous = booked.is_ok();
        if let Ok(before) = booked {
            shared.peak_bytes.fetch_max(before + bytes, Ordering::Relaxed);
        }
        let lease = Lease { shared: Arc::clone(shared), what, bytes, anonymous };
        self.book(&lease, |slot| *slot += bytes);
        lease
    }

    fn book(&self, lease: &Lease, change: impl FnOnce(&mut u64)) {
        lease.shared.book(lease.what, lease.anonymous, change);
    }

    fn lock_uses(&self) -> std::sync::MutexGuard<'_, Vec<MemoryUse>> {
        self.shared.uses.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Shared {
    fn budget_bytes(&self) -> u64 {
        self.whole_budget_bytes.saturating_sub(self.set_aside_bytes.load(Ordering::Relaxed))
    }

    fn book(&self, what: &'static str, anonymous: bool, change: impl FnOnce(&mut u64)) {
        let mut uses = self.uses.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = uses.iter().position(|u| u.what == what).unwrap_or_else(|| {
            uses.push(MemoryUse { what, anonymous_bytes: 0, scratch_bytes: 0 });
            uses.len() - 1
        });
        change(if anonymous { &mut uses[at].anonymous_bytes } else { &mut uses[at].scratch_bytes });
    }
}

/// A booking in the budget, given back when the column is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    shared: Arc<Shared>,
    what: &'static str,
    bytes: u64,
    anonymous: bool,
}

impl Lease {
    /// Gives back all but the first `bytes` of the column that `map` holds.
    #[cfg(unix)]
    pub(super) fn shrink(&mut self, map: &mut MmapMut, bytes: usize) {
        // Advice begins at a page; huge ones are the largest there are.
        const PAGE: usize = 2 << 20;
        let Some(less) = self.bytes.checked_sub(bytes as u64) else { return };
        let from = bytes.next_multiple_of(PAGE);
        if self.anonymous && from < map.len() {
            // SAFETY: nothing looks at what is behind the elements of the column any more; it reads as zero from now on.
            #[expect(unsafe_code, reason = "memory maps are unsafe by nature")]
            let _ = unsafe {
                map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, from, map.len() - from)
            };
        }
        if self.anonymous {
            self.shared.anonymous_bytes.fetch_sub(less, Ordering::Relaxed);
        }
        self.shared.book(self.what, self.anonymous, |slot| *slot -= less);
        self.bytes -= less;
    }

    /// Here a column keeps its memory as long as it lives.
    #[cfg(not(unix))]
    pub(super) fn shrink(&mut self, _map: &mut MmapMut, _bytes: usize) {}
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.anonymous {
            self.shared.anonymous_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        }
        let bytes = self.bytes;
        self.shared.book(self.what, self.anonymous, |slot| *slot -= bytes);
    }
}

fn anonymous(what: &'static str, bytes: usize) -> Result<MmapMut, StorageError> {
    let map = MmapOptions::new().len(bytes).map_anon().map_err(|source| StorageError::Memory {
        what,
        bytes: bytes as u64,
        source,
    })?;
    // Large pages halve the time of random access; a kernel without them says no, which does no harm.
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    Ok(map)
}

/// A mapped file that has no name any more: it vanishes with the process, however that ends.
fn scratch_file(what: &'static str, bytes: usize, dir: &Path) -> Result<MmapMut, StorageError> {
    let failed = |source| StorageError::Scratch { what, bytes: bytes as u64, dir: dir.to_path_buf(), source };
    let file = tempfile::tempfile_in(dir).map_err(failed)?;
    reserve(&file, bytes as u64).map_err(failed)?;
    // SAFETY: the file was just made, is unlinked, and nobody else has it open, so nobody can shorten or change it.
    #[expect(unsafe_code, reason = "memory maps are unsafe by nature; the file is private to this process")]
    unsafe { MmapOptions::new().len(bytes).map_mut(&file) }.map_err(failed)
}

/// Takes the disk space now: running out of it later would be a fatal signal at some store into the map.
pub(super) fn reserve(file: &std::fs::File, bytes: u64) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        let length = libc::off_t::try_from(bytes).map_err(|_| std::io::ErrorKind::FileTooLarge)?;
        // SAFETY: a plain system call on an open descriptor; no memory is handed over.
        #[expect(unsafe_code, reason = "std has no fallocate")]
        let code = unsafe { libc::posix_fallocate(file.as_raw_fd(), 0, length) };
        match code {
            0 => return Ok(()),
            libc::EOPNOTSUPP | libc::EINVAL => {}
            code => return Err(std::io::Error::from_raw_os_error(code)),
        }
    }
    file.set_len(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spills_past_the_budget_and_gives_back() {
        let storage = Storage::new(1000, std::env::temp_dir());
        let a = storage.column::<u32>("a", 200, Access::Random).unwrap();
        let b = storage.column::<u32>("b", 200, Access::Random).unwrap();
        assert_eq!(storage.anonymous_bytes(), 800);
        assert_eq!(storage.uses()[0], MemoryUse { what: "a", anonymous_bytes: 800, scratch_bytes: 0 });
        assert_eq!(storage.uses()[1], MemoryUse { what: "b", anonymous_bytes: 0, scratch_bytes: 800 });
        drop(a);
        assert_eq!(storage.anonymous_bytes(), 0);
        assert_eq!(storage.peak_bytes(), 800);
        assert!(storage.has_spilled());
        assert!(b.iter().all(|&x| x == 0));
    }

    #[test]
    fn smaller_elements_take_less_wherever_they_are() {
        let storage = Storage::new(16 << 20, std::env::temp_dir());
        for is_anonymous in [true, false] {
            let _rest =
                (!is_anonymous).then(|| storage.column::<u8>("rest", 16 << 20, Access::Random).unwrap());
            let before = storage.anonymous_bytes();
            let mut numbers = storage.column::<u32>("numbers", 3 << 20, Access::Random).unwrap();
            (0..).zip(numbers.iter_mut()).for_each(|(at, number)| *number = at * 5);
            let bytes = numbers.shrink_elements(|number| number.to_le_bytes()[1]);
            assert_eq!(bytes.len(), 3 << 20);
            assert!((0u32..).zip(bytes.iter()).all(|(at, &byte)| byte == (at * 5).to_le_bytes()[1]));
            assert_eq!(storage.anonymous_bytes() - before, if is_anonymous { 3 << 20 } else { 0 });
            drop(bytes);
            assert_eq!(storage.anonymous_bytes(), before);
        }
        assert!(storage.uses().is_empty());
    }

    #[test]
    fn what_is_set_aside_is_not_for_columns() {
        let storage = Storage::new(1000, std::env::temp_dir());
        storage.set_aside(300);
        let _a = storage.column::<u8>("a", 800, Access::Random).unwrap();
        assert_eq!(storage.anonymous_bytes(), 0);
        let _b = storage.column::<u8>("b", 700, Access::Random).unwrap();
        assert_eq!((storage.anonymous_bytes(), storage.bytes_left()), (700, 0));
    }

    #[test]
    fn sequential_columns_leave_memory_first() {
        let storage = Storage::new(1000, std::env::temp_dir());
        let _a = storage.column::<u8>("a", 600, Access::Sequential).unwrap();
        assert_eq!(storage.anonymous_bytes(), 0);
    }

    #[test]
    fn an_unwritable_scratch_folder_is_an_error_that_names_it() {
        let storage = Storage::new(0, PathBuf::from("/nowhere/at/all"));
        let error = storage.column::<u8>("x", 10, Access::Random).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }
}
