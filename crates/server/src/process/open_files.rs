//! Connections are open files, of which the system lets a process have so many.

use analytics_rpc::Limits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for everything that is no connection of a client: stores, logs, connections to other servers.
const RESERVED: usize = 256;
/// A server that takes fewer connections than this is of no use.
const FEWEST_CONNECTIONS: usize = 64;

/// Makes room for as many connections as the limits allow, as far as the process may help itself; takes fewer otherwise.
///
/// # Errors
/// When there is no room for a useful number.
pub(super) fn fit(limits: Limits) -> anyhow::Result<Limits> {
    let wanted = limits.connections.saturating_add(RESERVED);
    let allowed = raise_to(wanted as u64);
    let connections = connections_within(limits.connections, allowed)?;
    if connections < limits.connections {
        tracing::warn!(
            "this process may have {allowed} files open: it takes {connections} connections at the same time instead of {}. Raise that \
             limit to {wanted} (`ulimit -n`, `LimitNOFILE=` of systemd), or lower the setting `max_connections`",
            limits.connections
        );
    }
    Ok(Limits { connections, ..limits })
}

/// The number of files that may be open, which is raised as far as the system lets a process do by itself.
fn raise_to(wanted: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let Some(now) = current.filter(|now| *now < wanted) else { return current.unwrap_or(u64::MAX) };
    let raised = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    match setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum }) {
        Ok(()) => raised,
        Err(_) => now,
    }
}

fn connections_within(wanted: usize, open_files: u64) -> anyhow::Result<usize> {
    let room = usize::try_from(open_files).unwrap_or(usize::MAX).saturating_sub(RESERVED);
    anyhow::ensure!(
        room >= FEWEST_CONNECTIONS.min(wanted),
        "this process may have {open_files} files open, which is too few to serve anybody: raise that limit to {} or more (`ulimit -n`, \
         `LimitNOFILE=` of systemd)",
        RESERVED + FEWEST_CONNECTIONS
    );
    Ok(room.min(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_have_room_beside_other_files() {
        assert_eq!(connections_within(4096, u64::MAX).expect("room"), 4096);
        assert_eq!(connections_within(4096, 4352).expect("room"), 4096);
        assert_eq!(connections_within(4096, 1024).expect("some room"), 768);
        assert_eq!(connections_within(8, 264).expect("as many as wanted"), 8);
        let error = connections_within(4096, 300).expect_err("no room").to_string();
        assert!(error.contains("300 files") && error.contains("320 or more"), "{error}");
    }
}
