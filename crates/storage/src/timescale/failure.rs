//! What PostgreSQL's failures mean to the one who has to act. Its own text ends here: it can quote values and SQL.

use analytics_domain::ports::{CatalogError, SegmentError, StoreError};

use super::types::OutOfRange;
use crate::event_values::UnreadableValue;

/// A failure, told by what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The environment is at fault.
    Unavailable(String),
    /// The content is at fault, or this program.
    Corrupt(String),
    /// Another transaction was in the way and has won: the same transaction once more goes through.
    Overtaken,
    /// A row with the same key exists.
    Exists,
}

impl Failure {
    pub(super) fn unreadable(what: &str) -> Self {
        Self::Corrupt(what.to_owned())
    }

    fn unavailable(what: &str) -> Self {
        Self::Unavailable(what.to_owned())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => of_state(database.code().as_deref().unwrap_or("XX000")),
            sqlx::Error::Io(io) => Self::Unavailable(format!("the database cannot be reached: {}", io.kind())),
            sqlx::Error::Tls(_) => Self::unavailable(
                "the database refuses an encrypted connection, or has a certificate that is not trusted: check sslmode and sslrootcert in its URL",
            ),
            sqlx::Error::PoolTimedOut => Self::unavailable(
                "no connection to the database could be had in time: it is down, does not answer, or is overloaded",
            ),
            sqlx::Error::PoolClosed => Self::unavailable("the connections to the database are being closed"),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Corrupt(format!("column {index} of a row has an unexpected type"))
            }
            sqlx::Error::ColumnIndexOutOfBounds { .. } | sqlx::Error::Decode(_) | sqlx::Error::RowNotFound => {
                Self::unreadable("the database answered with other rows than were asked for")
            }
            sqlx::Error::Encode(_) => Self::unreadable("a value cannot be sent to the database"),
            // The connection is out of step, because the server went away in the middle of an answer. It is thrown away.
            _ => Self::unavailable("the connection to the database broke: try again"),
        }
    }
}

/// The SQLSTATE of a database that takes no writes.
pub(super) const READ_ONLY: &str = "25006";

/// Tells an SQLSTATE. What is not known counts as the environment's fault: the log keeps the events then.
pub(super) fn of_state(state: &str) -> Failure {
    match state {
        "40001" | "40P01" => Failure::Overtaken,
        "23505" => Failure::Exists,
        READ_ONLY => Failure::unavailable(
            "the database is read-only: it is a standby, or default_transaction_read_only is on; connect to the primary, or switch it off",
        ),
        "53100" => {
            Failure::unavailable("the disk of the database server is full: free space on it, nothing else is needed")
        }
        "53200" => Failure::unavailable(
            "the database server ran out of memory: if its log speaks of shared memory, raise max_locks_per_transaction",
        ),
        "53300" => Failure::unavailable(
            "the database has no connections left: raise its max_connections, or use fewer from here",
        ),
        "57014" => {
            Failure::unavailable("the database took too long for a statement: it is overloaded, or its disk is slow")
        }
        "55P03" => Failure::unavailable(
            "another session holds a lock on a table or row for too long: end it (a migration, VACUUM FULL, an open shell)",
        ),
        "57P03" => Failure::unavailable("the database server is starting up or shutting down"),
        "57P01" | "57P02" | "57P05" | "25P03" => {
            Failure::unavailable("the database server ended the connection: try again")
        }
        "42501" => Failure::unavailable(
            "the database role may not read or write the tables of analytics: grant it what it lacks, or make it their owner",
        ),
        "42P01" | "42703" | "42P10" | "42883" | "3F000" => Failure::Unavailable(format!(
            "the schema of the database was changed while it was in use (SQLSTATE {state}): start again to see what is missing"
        )),
        // The only character that a text of PostgreSQL cannot hold; jsonb has a state of its own for it.
        "22021" | "22P05" => Failure::unreadable("a text holds the character U+0000, which PostgreSQL cannot store"),
        "XX001" | "XX002" => {
            Failure::Corrupt(format!("the database found damaged data (SQLSTATE {state}): restore a backup"))
        }
        _ if ["22", "23", "54"].contains(&state.get(..2).unwrap_or_default()) || state == "42601" => {
            Failure::Corrupt(format!("the database refused a value or a statement (SQLSTATE {state})"))
        }
        _ => Failure::Unavailable(format!("the database failed (SQLSTATE {state}): its log says more")),
    }
}

impl From<UnreadableValue> for Failure {
    fn from(UnreadableValue(what): UnreadableValue) -> Self {
        Self::Corrupt(what)
    }
}

impl From<OutOfRange> for Failure {
    fn from(_: OutOfRange) -> Self {
        Self::unreadable("a time or day is out of the range of PostgreSQL")
    }
}

/// The two variants that callers know.
enum Told {
    Unavailable(String),
    Corrupt(String),
}

impl From<Failure> for Told {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unavailable(reason),
            Failure::Corrupt(reason) => Self::Corrupt(reason),
            Failure::Overtaken => {
                Self::Unavailable("other transactions were in the way again and again: try again".to_owned())
            }
            Failure::Exists => Self::Corrupt("the database refused a row whose key exists already".to_owned()),
        }
    }
}

macro_rules! told_as {
    ($($error:ident),+) => {
        $(impl From<Failure> for $error {
            fn from(failure: Failure) -> Self {
                match failure.into() {
                    Told::Unavailable(reason) => Self::Unavailable(reason),
                    Told::Corrupt(reason) => Self::Corrupt(reason),
                }
            }
        })+
    };
}

told_as!(StoreError, CatalogError, SegmentError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_environment_does_is_never_blamed_on_the_content() {
        for state in [
            READ_ONLY, "53000", "53100", "53200", "53300", "57014", "57P01", "57P02", "57P03", "57P05", "25P03",
            "55P03", "08000", "08006", "42P01", "42703", "42P10", "42501", "58030", "XX000", "0A000", "", "é",
        ] {
            assert!(matches!(of_state(state), Failure::Unavailable(_)), "{state}");
        }
        for state in ["22021", "22P05", "22003", "23502", "23514", "42601", "XX001"] {
            assert!(matches!(of_state(state), Failure::Corrupt(_)), "{state}");
        }
        for state in ["40001", "40P01"] {
            assert_eq!(of_state(state), Failure::Overtaken);
            assert!(matches!(StoreError::from(of_state(state)), StoreError::Unavailable(_)));
        }
    }
}
