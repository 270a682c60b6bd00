//! What is required, and why.

use super::{Problem, Severity, facts::Facts};

/// The oldest version that has what the scripts and the log need.
const MIN_VERSION: (u32, u32) = (7, 0);

pub(super) fn durable(facts: &Facts) -> Vec<Problem> {
    let mut problems = common(facts);
    problems.extend(must_be(facts, "appendonly", "yes", "everything acknowledged would be lost when Redis dies"));
    problems.extend(must_be(
        facts,
        "appendfsync",
        "always",
        "events acknowledged a moment ago would be lost when Redis dies",
    ));
    problems.extend(must_be(
        facts,
        "no-appendfsync-on-rewrite",
        "no",
        "events acknowledged while the file is rewritten would be lost when the machine dies",
    ));
    problems.extend(must_be(
        facts,
        "maxmemory-policy",
        "noeviction",
        "acknowledged events would be thrown away when memory is full",
    ));
    problems
}

pub(super) fn ephemeral(facts: &Facts) -> Vec<Problem> {
    let mut problems = common(facts);
    problems.extend(must_be(facts, "appendonly", "no", "salts would reach a disk with every command"));
    problems.extend(must_be(facts, "save", "", "salts would reach a disk with every snapshot"));
    for setting in ["shutdown-on-sigterm", "shutdown-on-sigint"] {
        let saves = |flags: &str| flags.split(' ').any(|flag| flag == "save");
        if let Some(flags) = facts.setting(setting).filter(|flags| saves(flags)) {
            let why = "salts would reach a disk when Redis is stopped";
            problems.push(wrong_setting(facts, setting, flags, "default", why));
        }
    }
    let replicas = facts.count("connected_slaves");
    if replicas > 0 {
        problems.push(Problem {
            severity: Severity::Unsafe,
            found: format!("it has {replicas} replica(s): copies of the salts that may reach a disk there"),
            remedy:
                "Detach them with `REPLICAOF NO ONE` and empty them; losing this Redis only counts visitors of a day \
                     anew"
                    .to_owned(),
        });
    }
    let file = match (facts.setting("dir"), facts.setting("dbfilename")) {
        (Some(directory), Some(name)) => format!("{directory}/{name}"),
        _ => "its snapshot file".to_owned(),
    };
    if facts.count("rdb_saves") > 0 {
        problems.push(Problem {
            severity: Severity::Unsafe,
            found: "it has written a snapshot since it was started, and salts with it if there were any".to_owned(),
            remedy: format!("End what calls SAVE or BGSAVE, remove {file} and its copies, and restart Redis"),
        });
    }
    let loaded = facts.count("rdb_last_load_keys_loaded");
    if loaded > 0 {
        problems.push(Problem {
            severity: Severity::Unsafe,
            found: format!("it was started with {loaded} keys from a snapshot: what it holds has been on a disk"),
            remedy: format!("Remove {file} and its copies, and restart Redis"),
        });
    }
    // Nothing else destroys them before their time.
    let policy = must_be(facts, "maxmemory-policy", "noeviction", "salts would be thrown away when memory is full");
    problems.extend(policy.map(|problem| Problem { severity: Severity::Unusable, ..problem }));
    problems
}

/// Whether two servers are one.
pub(super) fn apart(durable: &Facts, ephemeral: &Facts, durable_address: &str) -> Option<Problem> {
    let run_id = durable.info("run_id")?;
    (ephemeral.info("run_id") == Some(run_id)).then(|| Problem {
        severity: Severity::Unsafe,
        found: format!(
            "`redis_url` ({durable_address}) names the same server: the log must reach a disk, and salts must not"
        ),
        remedy: "Start a second Redis with `appendonly no` and `save \"\"`, and name it in `ephemeral_redis_url`"
            .to_owned(),
    })
}

fn common(facts: &Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(reason) = facts.unreadable() {
        problems.push(Problem {
            severity: Severity::Unsafe,
            found: format!("its settings cannot be read, so nobody knows whether they are safe ({reason})"),
            remedy:
                "Allow `CONFIG GET` and `INFO` to this user (`ACL SETUSER NAME +config|get +info`); a service that \
                     forbids them to everybody cannot be checked"
                    .to_owned(),
        });
    }
    if let Some(version) = facts.info("redis_version")
        && is_too_old(version)
    {
        problems.push(Problem {
            severity: Severity::Unusable,
            found: format!("it is version {version}"),
            remedy: "Use Redis 7.0 or newer, or Valkey".to_owned(),
        });
    }
    if facts.info("role") == Some("slave") {
        let primary = match (facts.info("master_host"), facts.info("master_port")) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            _ => "another server".to_owned(),
        };
        problems.push(Problem {
            severity: Severity::Unusable,
            found: format!("it is a replica of {primary}, which takes no writes and lags behind"),
            remedy: "Name the primary instead, or make this one independent with `REPLICAOF NO ONE`".to_owned(),
        });
    }
    problems
}

fn is_too_old(version: &str) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    let (Some(major), minor) = (numbers.next(), numbers.next()) else { return false };
    (major, minor.unwrap_or(0)) < MIN_VERSION
}

/// Every version that is new enough has these settings.
fn must_be(facts: &Facts, setting: &str, required: &str, why: &str) -> Option<Problem> {
    match facts.setting(setting) {
        Some(found) if found == required => None,
        Some(found) => Some(wrong_setting(facts, setting, found, required, why)),
        // That is said already.
        None if facts.unreadable().is_some() => None,
        None => Some(Problem {
            severity: Severity::Unsafe,
            found: format!("it does not show `{setting}`: if that is not `{required}`, {why}"),
            remedy: "Use a Redis whose settings can be read".to_owned(),
        }),
    }
}

fn wrong_setting(facts: &Facts, setting: &str, found: &str, required: &str, why: &str) -> Problem {
    let line = if required.is_empty() { format!("{setting} \"\"") } else { format!("{setting} {required}") };
    let lasting = match facts.info("config_file") {
        Some(file) if !file.is_empty() => format!("put `{line}` into {file}, which a restart reads"),
        _ => format!("start it with `--{line}`: it has no configuration file, so a restart would undo what is set now"),
    };
    Problem {
        severity: Severity::Unsafe,
        found: format!("`{setting}` is `{found}`: {why}"),
        remedy: format!("Run `CONFIG SET {line}`, and {lasting}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_7_are_too_old() {
        for version in ["2.8.24", "6.2.14", "6.99"] {
            assert!(is_too_old(version), "{version}");
        }
        // What cannot be read says nothing.
        for version in ["7.0.0", "7.0", "7", "8.0.2", "10.1.0", "255.255.255", "next"] {
            assert!(!is_too_old(version), "{version}");
        }
    }
}
