//! Which files a path stands for.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The scenario at `path`, or those below it in the order of their names.
pub(super) fn scenario_files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(path, &mut files).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(files)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        let is_scenario =
            entry.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        // Links to folders are not followed: they may form a ring.
        let is_folder = entry.symlink_metadata()?.is_dir();
        if is_folder || (is_scenario && entry.is_file()) {
            collect(&entry, files)?;
        }
    }
    Ok(())
}
