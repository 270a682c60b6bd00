//! Writing generated files, and telling which of the written ones are stale.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::Files;

/// Makes the folder hold exactly these files.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn write_files(folder: &Path, files: &Files) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    for name in stale_files(folder, files)? {
        let path = folder.join(&name);
        match files.get(&name) {
            Some(content) => std::fs::write(&path, content),
            None => std::fs::remove_file(&path),
        }
        .with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// The names of files that are missing from the folder, differ, or should not be there.
///
/// # Errors
/// When the folder cannot be read.
pub fn stale_files(folder: &Path, files: &Files) -> Result<BTreeSet<String>> {
    let mut stale: BTreeSet<String> = files
        .iter()
        .filter(|(name, content)| std::fs::read(folder.join(name)).ok().as_ref() != Some(content))
        .map(|(name, _)| name.clone())
        .collect();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !files.contains_key(&name) {
            stale.insert(name);
        }
    }
    Ok(stale)
}
