//! The half of every salt that comes from the configuration.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use analytics_privacy::ServerSecret;
use anyhow::Context;

use crate::config::Settings;

const SECRET_FILE: &str = "secret";

/// Reads the secret of the settings, or the one of the data directory, which the first start makes.
pub(super) fn read_or_make(settings: &Settings) -> anyhow::Result<ServerSecret> {
    if let Some(path) = &settings.secret_file {
        return read(path);
    }
    let path = settings.data_dir.join(SECRET_FILE);
    let make = || rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let text =
        read_or_write(&path, make).with_context(|| format!("the secret {} cannot be read or made", path.display()))?;
    Ok(ServerSecret::new(text.as_bytes())?)
}

/// Reads the secret of the settings. Separate processes must all have the same, so none is made.
pub(crate) fn read_shared(settings: &Settings) -> anyhow::Result<ServerSecret> {
    let path = settings.secret_file.as_ref().context(
        "the setting `secret_file` is not set: make a file with `openssl rand -hex 32 > FILE` and give the same one to every collector",
    )?;
    read(path)
}

fn read(path: &Path) -> anyhow::Result<ServerSecret> {
    if std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
        tracing::warn!(path = %path.display(), "other users may read the secret: run `chmod 600` on its file");
    }
    let bytes = std::fs::read(path)
        .with_context(|| format!("the setting `secret_file`, {}, cannot be read", path.display()))?;
    Ok(ServerSecret::new(bytes.trim_ascii())?)
}

/// The text of a file that only its owner may read; made and written through to the disk if there is none.
pub(super) fn read_or_write(path: &Path, make: impl FnOnce() -> String) -> io::Result<String> {
    match File::open(path) {
        Ok(mut file) => {
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            Ok(text.trim().to_owned())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = make();
            // Whole or not at all: half a secret would be taken for one.
            let aside = path.with_extension("new");
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
            writeln!(file, "{text}")?;
            file.sync_all()?;
            std::fs::rename(&aside, path)?;
            Ok(text)
        }
        Err(error) => Err(error),
    }
}
