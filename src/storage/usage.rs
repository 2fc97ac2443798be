//! What this process uses: memory in RAM by kind, processor time. For people who watch (`--verbose`), so what a system does not tell is `None`.

use std::time::Duration;

/// Memory of this process that is in RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// Pages that belong to no file: columns, the allocator.
    pub anonymous_bytes: u64,
    /// Pages of files: the dump, scratch files, the program. The kernel takes them back when others need memory.
    pub file_bytes: u64,
}

/// What is in RAM now; Linux only.
pub fn resident() -> Option<Resident> {
    status_resident(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn status_resident(status: &str) -> Option<Resident> {
    let kibibytes = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    };
    Some(Resident {
        anonymous_bytes: kibibytes("RssAnon:")? << 10,
        file_bytes: (kibibytes("RssFile:")? + kibibytes("RssShmem:")?) << 10,
    })
}

/// Has the allocator of glibc give large blocks back when they are freed. Left alone it raises the size from which blocks are mapped by themselves
/// whenever one is freed, up to 32 MiB, and keeps what was freed below that: memory that nobody uses, at the time when the columns need most. To be called
/// once, before other threads are there; does nothing elsewhere.
pub fn give_back_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for (parameter, bytes) in
        [(libc::M_MMAP_THRESHOLD, LARGE_BLOCK), (libc::M_TRIM_THRESHOLD, 4 * LARGE_BLOCK)]
    {
        // SAFETY: it sets a number of the allocator's; no memory is handed over. A refusal changes nothing.
        #[expect(unsafe_code, reason = "std does not know which allocator it has")]
        unsafe {
            libc::mallopt(parameter, bytes);
        }
    }
}

/// From so many bytes a block is mapped by itself. With the 128 KiB that glibc begins with vectors that grow are moved and cleared by the kernel too often:
/// 3 % of all processor time, for 5 MiB less.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LARGE_BLOCK: libc::c_int = 1 << 20;

/// The time that all processors together have worked for this process.
#[cfg(unix)]
pub fn processor_time() -> Option<Duration> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one `timespec`, which `time` is.
    #[expect(unsafe_code, reason = "std knows no clock of processor time")]
    let code = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?);
    (code == 0).then(|| Duration::new(seconds, nanoseconds))
}

/// The time that all processors together have worked for this process; not known here.
#[cfg(not(unix))]
pub fn processor_time() -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_kernel_writes() {
        let status = "VmRSS:\t  300 kB\nRssAnon:\t     100 kB\nRssFile:\t  150 kB\nRssShmem:\t       50 kB\n";
        let expected = Resident { anonymous_bytes: 100 << 10, file_bytes: 200 << 10 };
        assert_eq!(status_resident(status), Some(expected));
        assert_eq!(status_resident("VmRSS:\t300 kB\n"), None);
    }

    #[cfg(unix)]
    #[test]
    fn work_takes_processor_time() {
        let before = processor_time().unwrap();
        while processor_time().unwrap() == before {}
    }
}
