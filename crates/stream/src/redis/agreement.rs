//! Something that every process of an installation must have the same of.

use std::time::Duration;

use super::{RedisError, SharedConnection};

/// Says what this process has, under a name, for so long. False when another process says something else: then the two must not
/// work side by side. Whoever goes on working says it again before the time is over; once nobody does, another value may be said.
///
/// # Errors
/// When the server cannot be asked.
pub async fn agree(
    connection: &SharedConnection,
    name: &str,
    value: &[u8],
    lifetime: Duration,
) -> Result<bool, RedisError> {
    let seconds = lifetime.as_secs().max(1);
    let said = redis::cmd("SET").arg(name).arg(value).arg("NX").arg("GET").arg("EX").arg(seconds).to_owned();
    let earlier: Option<Vec<u8>> = connection.query(&said).await?;
    match earlier {
        None => Ok(true),
        Some(earlier) if earlier == value => {
            let _kept: i64 = connection.query(redis::cmd("EXPIRE").arg(name).arg(seconds)).await?;
            Ok(true)
        }
        Some(_) => Ok(false),
    }
}
