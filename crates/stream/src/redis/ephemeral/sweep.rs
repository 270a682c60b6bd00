//! Destroys what is due, wherever it is.

use std::collections::HashSet;

use analytics_domain::Millis;
use redis::Cmd;

use super::{
    super::{RedisError, SharedConnection},
    keys::Unit,
    scripts,
};

/// The server looks at about so many keys at a time.
const KEYS_PER_STEP: usize = 500;

/// Walks through all keys, whose number is that of days and imports, not of visitors. There is no list of what will be due: it would
/// have to be kept together with keys that a cluster has elsewhere, and what is on no list would live on.
pub(super) async fn destroy_due(connection: &SharedConnection, prefix: &str, now: Millis) -> Result<(), RedisError> {
    let pattern = Unit::pattern(prefix);
    let mut cursor = 0_u64;
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(KEYS_PER_STEP);
        let (next, keys): (u64, Vec<Vec<u8>>) = connection.query(&scan).await?;
        let units: HashSet<Unit> = keys.iter().filter_map(|key| Unit::of_key(prefix, key)).collect();
        destroy_due_of(connection, prefix, units.into_iter().collect(), now).await?;
        if next == 0 {
            return Ok(());
        }
        cursor = next;
    }
}

async fn destroy_due_of(
    connection: &SharedConnection,
    prefix: &str,
    units: Vec<Unit>,
    now: Millis,
) -> Result<(), RedisError> {
    if units.is_empty() {
        return Ok(());
    }
    let mut read_ends = redis::pipe();
    for unit in &units {
        read_ends.cmd("GETRANGE").arg(unit.keys(prefix).first()).arg(0).arg(7);
    }
    let ends: Vec<Vec<u8>> = connection.pipeline(&read_ends).await?;
    for (unit, end) in units.iter().zip(ends) {
        // Without a first key, the others are what it left.
        let is_due = end.try_into().map_or(true, |end| i64::from_be_bytes(end) <= now.0);
        if is_due {
            // The script looks again: another collector may just have touched it.
            let keys = unit.keys(prefix);
            let arguments = |command: &mut Cmd| {
                command.arg(keys.len()).arg(&keys).arg(now.0);
            };
            connection.eval::<()>(&scripts::DESTROY_DUE, arguments).await?;
        }
    }
    Ok(())
}
