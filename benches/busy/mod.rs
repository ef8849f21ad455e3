//! How busy threads are.

use std::collections::BTreeMap;
use std::time::Duration;

/// Time on a processor of every thread of this process.
pub(crate) fn busy() -> BTreeMap<String, Duration> {
    let tasks = std::fs::read_dir("/proc/self/task").expect("the system tells of its threads");
    let time = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        let nanoseconds = text.split(' ').next()?.parse().ok()?;
        Some((task.file_name().to_string_lossy().into_owned(), Duration::from_nanos(nanoseconds)))
    };
    tasks.flatten().filter_map(time).collect()
}
