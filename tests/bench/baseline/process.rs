//! What the system says of this process: its processor time, its memory, the room its files take.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// Processor time of this process, of all threads that live.
pub fn processor_time() -> Duration {
    time_of_threads(|_| true)
}

/// The part of it that the store's own threads took, which write and merge its files.
pub fn merging_time() -> Duration {
    time_of_threads(|name| name.starts_with("fjall"))
}

/// The part of it that the baselines' writer took, which merges and commits.
pub fn writer_time() -> Duration {
    time_of_threads(|name| name == "baseline")
}

/// Processor time of the thread that asks.
pub fn own_time() -> Duration {
    on_processor(Path::new("/proc/thread-self"))
}

fn time_of_threads(wanted: impl Fn(&str) -> bool) -> Duration {
    let tasks = fs::read_dir("/proc/self/task").map(|all| all.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let name = |task: &fs::DirEntry| fs::read_to_string(task.path().join("comm")).unwrap_or_default();
    tasks.iter().filter(|task| wanted(name(task).trim_end())).map(|task| on_processor(&task.path())).sum()
}

fn on_processor(task: &Path) -> Duration {
    let stat = fs::read_to_string(task.join("schedstat")).unwrap_or_default();
    Duration::from_nanos(stat.split_whitespace().next().and_then(|field| field.parse().ok()).unwrap_or(0))
}

/// Bytes of memory that are resident, and the most that ever were.
pub fn resident() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1_024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Bytes that a folder takes on disk.
pub fn size(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = fs::read_dir(path).map(|all| all.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let of = |path: &Path| if path.is_dir() { size(path) } else { fs::metadata(path).map_or(0, |m| m.blocks() * 512) };
    entries.iter().map(|entry| of(&entry.path())).sum()
}
