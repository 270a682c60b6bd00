//! What PostgreSQL's failures mean to the one who has to act. Its own text ends here: it can quote values and SQL.

use analytics_domain::ports::{CatalogError, SegmentError, StoreError};

use super::types::OutOfRange;
use crate::event_values::UnreadableValue;

/// A failure, told by what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The environment is at fault.
    Unavailable(String),
    /// What was to be written is at fault: without it the same call may succeed.
    Refused(String),
    /// What is there is at fault, or this program.
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
            sqlx::Error::Encode(_) => Self::Refused("a value cannot be sent to the database".to_owned()),
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
        "22021" | "22P05" => {
            Failure::Refused("a text holds the character U+0000, which PostgreSQL cannot store".to_owned())
        }
        // A trigger that somebody added.
        "P0001" => Failure::Refused("a trigger of the database refuses a row (SQLSTATE P0001)".to_owned()),
        "XX001" | "XX002" => {
            Failure::Corrupt(format!("the database found damaged data (SQLSTATE {state}): restore a backup"))
        }
        "42601" => Failure::unreadable("the database refused a statement (SQLSTATE 42601)"),
        // Data exceptions, violated constraints, and limits of the program such as the size of an index entry.
        _ if ["22", "23", "54"].contains(&state.get(..2).unwrap_or_default()) => {
            Failure::Refused(format!("the database refuses a value (SQLSTATE {state})"))
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
        Self::Refused("a time or day is out of the range of PostgreSQL".to_owned())
    }
}

/// The variants that callers know.
enum Told {
    Unavailable(String),
    Refused(String),
    Corrupt(String),
}

impl From<Failure> for Told {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unavailable(reason),
            Failure::Refused(reason) => Self::Refused(reason),
            Failure::Corrupt(reason) => Self::Corrupt(reason),
            Failure::Overtaken => {
                Self::Unavailable("other transactions were in the way again and again: try again".to_owned())
            }
            Failure::Exists => Self::Corrupt("the database refused a row whose key exists already".to_owned()),
        }
    }
}

macro_rules! told_as {
    ($($error:ident, refusing as $refused:ident);+) => {
        $(impl From<Failure> for $error {
            fn from(failure: Failure) -> Self {
                match failure.into() {
                    Told::Unavailable(reason) => Self::Unavailable(reason),
                    Told::Refused(reason) => Self::$refused(reason),
                    Told::Corrupt(reason) => Self::Corrupt(reason),
                }
            }
        })+
    };
}

told_as!(StoreError, refusing as Refused; CatalogError, refusing as Corrupt; SegmentError, refusing as Corrupt);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_environment_does_is_never_blamed_on_an_event() {
        for state in [
            READ_ONLY, "53000", "53100", "53200", "53300", "53400", "57014", "57P01", "57P02", "57P03", "57P04",
            "57P05", "25P03", "25P02", "55P03", "55006", "08000", "08003", "08006", "08P01", "42P01", "42703", "42P10",
            "42883", "42501", "3F000", "3D000", "28P01", "58000", "58030", "58P01", "F0000", "40003", "0A000", "XX000",
            "", "é",
        ] {
            assert!(matches!(of_state(state), Failure::Unavailable(_)), "{state}");
            assert!(matches!(StoreError::from(of_state(state)), StoreError::Unavailable(_)), "{state}");
        }
        for state in ["40001", "40P01"] {
            assert_eq!(of_state(state), Failure::Overtaken);
            assert!(matches!(StoreError::from(of_state(state)), StoreError::Unavailable(_)));
        }
    }

    #[test]
    fn what_an_event_is_is_refused() {
        for state in [
            "22000", "22001", "22003", "22008", "22021", "22P02", "22P03", "22P04", "22P05", "23502", "23503", "23514",
            "23P01", "54000", "54001", "54011", "P0001",
        ] {
            assert!(matches!(of_state(state), Failure::Refused(_)), "{state}");
            assert!(matches!(StoreError::from(of_state(state)), StoreError::Refused(_)), "{state}");
            assert!(matches!(CatalogError::from(of_state(state)), CatalogError::Corrupt(_)), "{state}");
            assert!(matches!(SegmentError::from(of_state(state)), SegmentError::Corrupt(_)), "{state}");
        }
    }

    /// A row whose key exists is found by its identity, so what is left of that is no event's fault.
    #[test]
    fn what_is_damaged_is_neither() {
        for state in ["XX001", "XX002", "23505", "42601"] {
            assert!(matches!(StoreError::from(of_state(state)), StoreError::Corrupt(_)), "{state}");
        }
    }
}
