//! How much memory this process may really use: the machine's available memory and the limits of its control groups. And where what does not fit
//! may go: to a disk, not to a file system that is memory too.

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of memory that can still be taken without swapping or being killed, `None` where the system does not tell.
pub fn available_memory() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| meminfo_available(&text));
    let group = fs::read_to_string("/proc/self/cgroup").ok().and_then(|text| group_available(&text));
    match (machine, group) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The folder for scratch files where nobody named one: the system's temporary folder, or `/var/tmp` where that one is kept in memory.
pub fn scratch_folder() -> PathBuf {
    let usual = std::env::temp_dir();
    let lasting = PathBuf::from("/var/tmp");
    if is_in_memory(&usual) && lasting.is_dir() && !is_in_memory(&lasting) { lasting } else { usual }
}

/// Whether a folder's files are kept in memory, as far as the system tells.
pub fn is_in_memory(folder: &Path) -> bool {
    fs::read_to_string("/proc/self/mounts").is_ok_and(|mounts| is_mounted_in_memory(&mounts, folder))
}

/// The mount that a folder is on is the one with the longest path; of several on the same path the last one counts.
fn is_mounted_in_memory(mounts: &str, folder: &Path) -> bool {
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (place, kind) = (words.nth(1)?, words.next()?);
        folder.starts_with(place).then_some((place.len(), kind))
    });
    mounts.max_by_key(|&(length, _)| length).is_some_and(|(_, kind)| matches!(kind, "tmpfs" | "ramfs"))
}

fn meminfo_available(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The tightest `limit - use` of the process's groups and their ancestors, both hierarchies (v1 `memory`, v2).
fn group_available(membership: &str) -> Option<u64> {
    let number = |path: &Path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let mut tightest = None;
    for line in membership.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(group)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let (root, limit, used) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
            c if c.split(',').any(|c| c == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
            }
            _ => continue,
        };
        // Inside a container the group's own path may not be visible; its files then stand at the root.
        for dir in Path::new(group).ancestors() {
            let dir = Path::new(root).join(dir.strip_prefix("/").unwrap_or(dir));
            let Some(limit_bytes) = number(&dir.join(limit)) else { continue };
            // Page cache counts as use but is given back under pressure.
            let cached =
                fs::read_to_string(dir.join("memory.stat")).ok().and_then(|text| inactive_file(&text));
            let used_bytes = number(&dir.join(used)).unwrap_or(0).saturating_sub(cached.unwrap_or(0));
            let left = limit_bytes.saturating_sub(used_bytes);
            tightest = Some(tightest.map_or(left, |t: u64| t.min(left)));
        }
    }
    tightest
}

fn inactive_file(stat: &str) -> Option<u64> {
    let value =
        |name: &str| stat.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
    value("total_inactive_file ").or_else(|| value("inactive_file "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_which_folders_are_memory() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/vdb /tmp/disk ext4 rw 0 0\n";
        assert!(is_mounted_in_memory(mounts, Path::new("/tmp")));
        assert!(is_mounted_in_memory(mounts, Path::new("/tmp/a")));
        assert!(!is_mounted_in_memory(mounts, Path::new("/tmp/disk/a")));
        assert!(!is_mounted_in_memory(mounts, Path::new("/var/tmp")));
        assert!(!is_mounted_in_memory(mounts, Path::new("/tmpfile")));
    }

    #[test]
    fn reads_meminfo() {
        let text = "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   2000 kB\n";
        assert_eq!(meminfo_available(text), Some(2_048_000));
        assert_eq!(meminfo_available("MemTotal: 1 kB"), None);
    }

    #[test]
    fn reads_the_cached_part_of_both_hierarchies() {
        assert_eq!(inactive_file("anon 5\ninactive_file 77\n"), Some(77));
        assert_eq!(inactive_file("inactive_file 1\ntotal_inactive_file 9\n"), Some(9));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_has_memory() {
        assert!(available_memory().is_some_and(|bytes| bytes > 1 << 20));
    }
}
