//! A disk that takes nothing more for a while, as those of a busy machine do for a moment.

use std::{path::PathBuf, process::Command};

use tempfile::TempDir;

/// A disk under a server of a test, which goes on when this is dropped.
pub(crate) struct SlowDisk {
    library: PathBuf,
    gate: PathBuf,
    _directory: TempDir,
}

impl SlowDisk {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("a directory");
        let (library, gate) = (directory.path().join("slow_disk.so"), directory.path().join("gate"));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/slow_disk.c");
        let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
        assert!(compiled.expect("the linker of Rust is `cc`").success());
        Self { library, gate, _directory: directory }
    }

    /// What the server needs in its environment.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let text = |path: &PathBuf| path.to_str().expect("UTF-8").to_owned();
        vec![("LD_PRELOAD".to_owned(), text(&self.library)), ("SLOW_DISK_GATE".to_owned(), text(&self.gate))]
    }

    /// From now on nothing reaches the disk for certain.
    pub(crate) fn stand_still(&self) {
        std::fs::write(&self.gate, []).expect("writable");
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        std::fs::remove_file(&self.gate).expect("it stood still");
    }
}
