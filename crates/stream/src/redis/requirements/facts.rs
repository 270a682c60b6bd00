//! What a Redis says of itself.

use std::collections::HashMap;

use super::super::{RedisError, SharedConnection};

/// The settings that matter.
const SETTINGS: [&str; 9] = [
    "appendonly",
    "appendfsync",
    "no-appendfsync-on-rewrite",
    "save",
    "maxmemory-policy",
    "shutdown-on-sigterm",
    "shutdown-on-sigint",
    "dir",
    "dbfilename",
];

/// What was found out. Managed services and access lists may forbid to ask.
pub(super) struct Facts {
    /// The fields of INFO, or why they cannot be read.
    info: Result<HashMap<String, String>, String>,
    /// The settings, or why they cannot be read.
    settings: Result<HashMap<String, String>, String>,
}

impl Facts {
    pub(super) async fn read(connection: &SharedConnection) -> Result<Self, RedisError> {
        // Whoever may not even do this has a wrong password or the wrong server: that is said in its own words.
        let () = connection.query(&redis::cmd("PING")).await?;
        let info = allowed(connection.query::<String>(&redis::cmd("INFO")).await)?;
        let mut get_settings = redis::pipe();
        for setting in SETTINGS {
            // One at a time: before 7.0 a server takes no more.
            get_settings.cmd("CONFIG").arg("GET").arg(setting);
        }
        let settings = allowed(connection.pipeline::<Vec<HashMap<String, String>>>(&get_settings).await)?;
        Ok(Self {
            info: info.map(|text| fields(&text)),
            settings: settings.map(|found| found.into_iter().flatten().collect()),
        })
    }

    /// Why the settings cannot be read, if they cannot.
    pub(super) fn unreadable(&self) -> Option<&str> {
        self.info.as_ref().err().or(self.settings.as_ref().err()).map(String::as_str)
    }

    /// A field of INFO. None when this version has no such field, or it cannot be read.
    pub(super) fn info(&self, field: &str) -> Option<&str> {
        self.info.as_ref().ok()?.get(field).map(String::as_str)
    }

    /// A field of INFO that counts something; 0 when this version has no such field.
    pub(super) fn count(&self, field: &str) -> u64 {
        self.info(field).and_then(|count| count.parse().ok()).unwrap_or(0)
    }

    /// A setting. None when this version has no such setting, or it cannot be read.
    pub(super) fn setting(&self, name: &str) -> Option<&str> {
        self.settings.as_ref().ok()?.get(name).map(String::as_str)
    }
}

/// Tells what the server does not allow from what fails.
fn allowed<T>(answer: Result<T, RedisError>) -> Result<Result<T, String>, RedisError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(RedisError::AccessRefused { reason, .. } | RedisError::Refused { reason, .. }) => Ok(Err(reason)),
        Err(error) => Err(error),
    }
}

fn fields(info: &str) -> HashMap<String, String> {
    let fields = info.lines().filter_map(|line| line.split_once(':'));
    fields.map(|(field, value)| (field.to_owned(), value.to_owned())).collect()
}
