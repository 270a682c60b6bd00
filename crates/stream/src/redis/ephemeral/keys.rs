//! The names of the keys. What one script touches has the project's hash tag, so that a cluster keeps it on one server.

use analytics_domain::{
    Day, ProjectId,
    ports::{ImportKey, SaltScope},
};

/// What tells one life of the store from the next.
pub(super) fn epoch(prefix: &str) -> String {
    format!("{prefix}:epoch")
}

/// What is destroyed as a whole: a day of live events, or an import.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Unit {
    LiveDay(ProjectId, Day),
    Import(ImportKey),
}

impl Unit {
    /// All keys of the unit. The first one begins with the instant at which it ends.
    pub(super) fn keys(&self, prefix: &str) -> Vec<String> {
        let (unit, parts) = match self {
            Self::LiveDay(project, day) => {
                (format!("{prefix}:{{p{}}}:live:{}", project.0, day.0), ["nonce", "sessions"].as_slice())
            }
            Self::Import(key) => (
                format!("{prefix}:{{p{}}}:import:{}", key.project.0, key.import.as_str()),
                ["state", "nonces", "sessions"].as_slice(),
            ),
        };
        parts.iter().map(|part| format!("{unit}:{part}")).collect()
    }

    /// The unit that a key belongs to. None when it is none of ours.
    pub(super) fn of_key(prefix: &str, key: &[u8]) -> Option<Self> {
        let key = std::str::from_utf8(key).ok()?;
        let (project, rest) = key.strip_prefix(prefix)?.strip_prefix(":{p")?.split_once("}:")?;
        let project = ProjectId(project.parse().ok()?);
        let mut parts = rest.split(':');
        let unit = match (parts.next()?, parts.next()?, parts.next()?) {
            ("live", day, "nonce" | "sessions") => Self::LiveDay(project, Day(day.parse().ok()?)),
            ("import", import, "state" | "nonces" | "sessions") => {
                Self::Import(ImportKey { project, import: import.parse().ok()? })
            }
            _ => return None,
        };
        parts.next().is_none().then_some(unit)
    }

    /// A pattern that matches the keys of all units, and maybe others.
    pub(super) fn pattern(prefix: &str) -> String {
        let literal: String = prefix
            .chars()
            .flat_map(|letter| "*?[]\\^".contains(letter).then_some('\\').into_iter().chain([letter]))
            .collect();
        format!("{literal}:{{p*}}:*")
    }
}

/// The keys for assigning under these days: of each day when the events are live, of the import otherwise.
pub(super) fn of_days(prefix: &str, scope: &SaltScope, days: &[Day]) -> Vec<String> {
    match scope {
        SaltScope::Live(project) => days.iter().flat_map(|day| Unit::LiveDay(*project, *day).keys(prefix)).collect(),
        SaltScope::Import(key) => Unit::Import(key.clone()).keys(prefix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_tag_of_their_project_and_name_their_unit() {
        let import = ImportKey { project: ProjectId(7), import: "log-1".parse().expect("a valid id") };
        let live = Unit::LiveDay(ProjectId(7), Day(-3));
        assert_eq!(live.keys("a:b"), ["a:b:{p7}:live:-3:nonce", "a:b:{p7}:live:-3:sessions"]);
        for unit in [live, Unit::Import(import)] {
            for key in unit.keys("a:b") {
                assert_eq!(Unit::of_key("a:b", key.as_bytes()), Some(unit.clone()));
                assert_eq!(Unit::of_key("a", key.as_bytes()), None);
            }
        }
    }

    #[test]
    fn other_keys_are_nobodys() {
        for key in
            ["a", "a:{p7}", "a:{p7}:live:1", "a:{p7}:live:1:nonce:2", "a:{px}:live:1:nonce", "a:{p7}:import:A:state"]
        {
            assert_eq!(Unit::of_key("a", key.as_bytes()), None, "{key}");
        }
        assert_eq!(Unit::of_key("a", b"a:{p7}:live:\xff:nonce"), None);
    }

    #[test]
    fn a_pattern_takes_the_prefix_by_its_letters() {
        assert_eq!(Unit::pattern("a*[1]"), "a\\*\\[1\\]:{p*}:*");
    }
}
