//! Where segments lie: `segments/p<project>/<day>/g<generation>-v<version>.seg` in the data directory.
//!
//! A file is written in `segments/unfinished`, synced and renamed into place, so whatever has the right name is whole.

use std::{
    ffi::OsStr,
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use analytics_domain::{Day, Generation, ProjectId, Version, ports::SegmentKey};

pub(super) struct Layout {
    root: PathBuf,
    /// Tells files apart that are written at the same time.
    next_unfinished: AtomicU64,
}

impl Layout {
    /// Makes the directories and removes what a crash left unfinished.
    pub(super) fn prepare(data_dir: &Path) -> io::Result<Self> {
        let layout = Self { root: data_dir.join("segments"), next_unfinished: AtomicU64::new(0) };
        make_private(&layout.unfinished())?;
        for leftover in fs::read_dir(layout.unfinished())? {
            fs::remove_file(leftover?.path())?;
        }
        Ok(layout)
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    fn project_dir(&self, project: ProjectId) -> PathBuf {
        self.root.join(format!("p{}", project.0))
    }

    fn day_dir(&self, project: ProjectId, day: Day) -> PathBuf {
        self.project_dir(project).join(day.to_string())
    }

    pub(super) fn file(&self, key: SegmentKey) -> PathBuf {
        self.day_dir(key.project, key.day).join(format!("g{}-v{}.seg", key.generation.0, key.version.0))
    }

    /// An empty file to write a segment to, closed to other users.
    pub(super) fn begin(&self) -> io::Result<(PathBuf, File)> {
        let number = self.next_unfinished.fetch_add(1, Ordering::Relaxed);
        let path = self.unfinished().join(number.to_string());
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok((path, file))
    }

    /// Puts a file that is written and synced into its place. Once this returns the segment survives a power cut.
    pub(super) fn finish(&self, unfinished: &Path, key: SegmentKey) -> io::Result<()> {
        let day_dir = self.day_dir(key.project, key.day);
        if !day_dir.is_dir() {
            make_private(&day_dir)?;
            // A directory is durable once its parent is.
            sync_dir(&self.project_dir(key.project))?;
            sync_dir(&self.root)?;
        }
        fs::rename(unfinished, self.file(key))?;
        sync_dir(&day_dir)
    }

    /// The segments of a day, in no order.
    pub(super) fn segments(&self, project: ProjectId, day: Day) -> io::Result<Vec<SegmentKey>> {
        let entries = match fs::read_dir(self.day_dir(project, day)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut keys = Vec::new();
        for entry in entries {
            if let Some((generation, version)) = parse_name(&entry?.file_name()) {
                keys.push(SegmentKey { project, day, generation, version });
            }
        }
        Ok(keys)
    }
}

fn parse_name(name: &OsStr) -> Option<(Generation, Version)> {
    let (generation, version) = name.to_str()?.strip_prefix('g')?.strip_suffix(".seg")?.split_once("-v")?;
    Some((Generation(generation.parse().ok()?), Version(version.parse().ok()?)))
}

fn make_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
