//! The server's settings: from a file, the environment and flags, the later winning. Unknown names are refused, and the effective
//! settings can be shown with where each came from.

mod settings;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use serde::Deserialize as _;
use toml::{Table, Value};

pub(crate) use self::settings::{LogFormat, Role, SecretUrl, Settings};
use crate::cli::SettingFlags;

/// Environment variables of ours that are no settings of the server.
const OTHER_VARIABLES: [&str; 5] =
    ["ANALYTICS_CONFIG", "ANALYTICS_API_KEY", "ANALYTICS_CA_FILE", "ANALYTICS_ENDPOINT", "ANALYTICS_REAL_LOG"];
const ENVIRONMENT_PREFIX: &str = "ANALYTICS_";

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    File(PathBuf),
    Environment(String),
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// The effective settings, and where each was set.
#[derive(Debug, Clone)]
pub(crate) struct Effective {
    pub(crate) settings: Settings,
    pub(crate) origins: BTreeMap<String, Origin>,
}

/// Reads file, environment and flags. What none of them sets is as the role needs it.
pub(crate) fn load(
    role: Role,
    flags: &SettingFlags,
    environment: impl Iterator<Item = (String, String)>,
) -> anyhow::Result<Effective> {
    let known = known_settings(role)?;
    let mut layers = Layers { known, values: Table::new(), origins: BTreeMap::new() };
    if let Some(path) = &flags.common.config {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the settings file {} cannot be read", path.display()))?;
        let table: Table = text.parse().map_err(|error| not_toml(path, &text, &error))?;
        for (name, value) in table {
            layers.set(&name, value, Origin::File(path.clone()))?;
        }
    }
    for (variable, text) in environment {
        let Some(name) = variable.strip_prefix(ENVIRONMENT_PREFIX) else { continue };
        if !OTHER_VARIABLES.contains(&variable.as_str()) {
            layers.set_text(&name.to_lowercase(), &text, Origin::Environment(variable.clone()))?;
        }
    }
    let named = [
        ("data_dir", "--data-dir", &flags.data_dir),
        ("listen", "--listen", &flags.listen),
        ("management_listen", "--management-listen", &flags.common.management_listen),
        ("log_format", "--log-format", &flags.common.log_format),
        ("log_filter", "--log-filter", &flags.common.log_filter),
    ];
    for (name, flag, text) in named {
        if let Some(text) = text {
            layers.set_text(name, text, Origin::Flag(flag.to_owned()))?;
        }
    }
    for pair in &flags.common.set {
        let Some((name, text)) = pair.split_once('=') else {
            // Not quoted: it may be a password.
            bail!("--set takes NAME=VALUE, and one of those given has no `=`");
        };
        layers.set_text(name, text, Origin::Flag("--set".to_owned()))?;
    }
    layers.finish(role)
}

/// The error's own text would quote the line, which may hold a password.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    anyhow::anyhow!("the settings file {} is not valid TOML, at line {line}: {}", path.display(), error.message())
}

/// Every setting with its default; null stands for none.
fn known_settings(role: Role) -> anyhow::Result<BTreeMap<String, serde_json::Value>> {
    let defaults = serde_json::to_value(Settings::of(role))?;
    Ok(defaults.as_object().map(|object| object.clone().into_iter().collect()).unwrap_or_default())
}

struct Layers {
    known: BTreeMap<String, serde_json::Value>,
    values: Table,
    origins: BTreeMap<String, Origin>,
}

impl Layers {
    fn set(&mut self, name: &str, value: Value, origin: Origin) -> anyhow::Result<()> {
        if !self.known.contains_key(name) {
            let names: Vec<&str> = self.known.keys().map(String::as_str).collect();
            bail!("unknown setting `{name}` ({origin}); the settings are {}", names.join(", "));
        }
        // Checked one by one, so that a message can say where the wrong value stands.
        let single = Table::from_iter([(name.to_owned(), value.clone())]);
        if let Err(error) = Settings::deserialize(Value::Table(single)) {
            bail!("setting `{name}` ({origin}): {}", error.to_string().trim());
        }
        self.values.insert(name.to_owned(), value);
        self.origins.insert(name.to_owned(), origin);
        Ok(())
    }

    /// A value written as text takes the type that the setting has.
    fn set_text(&mut self, name: &str, text: &str, origin: Origin) -> anyhow::Result<()> {
        let wrong = |what: &str| anyhow::anyhow!("setting `{name}` ({origin}): `{text}` is no {what}");
        let value = match self.known.get(name) {
            Some(serde_json::Value::Bool(_)) => Value::Boolean(text.parse().map_err(|_| wrong("`true` or `false`"))?),
            Some(serde_json::Value::Number(_)) => Value::Integer(text.parse().map_err(|_| wrong("whole number"))?),
            Some(serde_json::Value::Array(_)) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
            }
            _ => Value::String(text.to_owned()),
        };
        self.set(name, value, origin)
    }

    fn finish(self, role: Role) -> anyhow::Result<Effective> {
        let mut settings = Settings::deserialize(Value::Table(self.values))?;
        let defaults = Settings::of(role);
        if !self.origins.contains_key("listen") {
            settings.listen = defaults.listen;
        }
        if !self.origins.contains_key("management_listen") {
            settings.management_listen = defaults.management_listen;
        }
        let origin_of = |name: String| {
            let origin = self.origins.get(&name).cloned().unwrap_or(Origin::Default);
            (name, origin)
        };
        Ok(Effective { settings, origins: self.known.into_keys().map(origin_of).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::CommonFlags;

    fn of_file(file: &Path) -> SettingFlags {
        let common = CommonFlags { config: Some(file.to_owned()), ..Default::default() };
        SettingFlags { common, ..Default::default() }
    }

    fn load_with(environment: &[(&str, &str)], set: &[&str]) -> anyhow::Result<Effective> {
        let common = CommonFlags { set: set.iter().map(|&pair| pair.to_owned()).collect(), ..Default::default() };
        let flags = SettingFlags { common, ..Default::default() };
        load(Role::Serve, &flags, environment.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())))
    }

    #[test]
    fn flags_win_over_the_environment_and_the_environment_over_defaults() {
        let environment = [("ANALYTICS_DRAIN_SECONDS", "7"), ("ANALYTICS_CACHE_BYTES", "1"), ("PATH", "/bin")];
        let effective = load_with(&environment, &["cache_bytes=2"]).expect("valid");
        assert_eq!(effective.settings.drain_seconds, 7);
        assert_eq!(effective.settings.cache_bytes, 2);
        assert_eq!(effective.origins["cache_bytes"], Origin::Flag("--set".to_owned()));
        assert_eq!(effective.origins["drain_seconds"].to_string(), "environment ANALYTICS_DRAIN_SECONDS");
        assert_eq!(effective.origins["listen"], Origin::Default);
    }

    #[test]
    fn unknown_names_and_wrong_values_say_where_they_stand() {
        let unknown = load_with(&[("ANALYTICS_CASH_BYTES", "1")], &[]).expect_err("unknown").to_string();
        assert!(unknown.contains("`cash_bytes` (environment ANALYTICS_CASH_BYTES)"), "{unknown}");
        let wrong = load_with(&[], &["listen=nowhere"]).expect_err("no address").to_string();
        assert!(wrong.contains("setting `listen` (--set)"), "{wrong}");
        let wrong = load_with(&[], &["log_format=xml"]).expect_err("no format").to_string();
        assert!(wrong.contains("pretty") && wrong.contains("json"), "{wrong}");
    }

    #[test]
    fn a_file_that_is_no_toml_is_not_quoted() {
        let file = std::env::temp_dir().join(format!("analytics-no-settings-{}.toml", std::process::id()));
        std::fs::write(&file, "listen = \"127.0.0.1:5000\"\ndatabase_url = postgres://me:s3cret@db\n")
            .expect("writable");
        let flags = of_file(&file);
        let error = format!("{:#}", load(Role::Serve, &flags, std::iter::empty()).expect_err("no TOML"));
        std::fs::remove_file(&file).expect("it was written");
        assert!(error.contains("line 2") && !error.contains("s3cret"), "{error}");
    }

    #[test]
    fn the_settings_of_a_file_are_read_and_checked() {
        let file = std::env::temp_dir().join(format!("analytics-settings-{}.toml", std::process::id()));
        std::fs::write(&file, "listen = \"127.0.0.1:5000\"\nallowed_origins = [\"https://app.example.com\"]\n")
            .expect("writable");
        let flags = of_file(&file);
        let effective = load(Role::Serve, &flags, std::iter::empty()).expect("valid");
        std::fs::remove_file(&file).expect("it was written");
        assert_eq!(effective.settings.listen.port(), 5000);
        assert_eq!(effective.settings.allowed_origins, ["https://app.example.com"]);
    }
}
