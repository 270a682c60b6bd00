//! What SQLite's failures mean to the one who has to act. The driver's own text ends here: it can quote SQL.

use analytics_domain::ports::{CatalogError, StoreError};

use crate::event_values::UnreadableValue;

/// A failure, told by whether the same call may succeed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The environment is at fault.
    Unavailable(String),
    /// The content is at fault, or this program.
    Corrupt(String),
}

impl Failure {
    pub(super) fn unreadable(what: &str) -> Self {
        Self::Corrupt(what.to_owned())
    }
}

/// SQLite's primary result codes (the low byte of an extended one) that have a cause outside of the program.
mod code {
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const PROTOCOL: i32 = 15;
    pub(super) const AUTH: i32 = 23;
    pub(super) const NOTADB: i32 = 26;
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().and_then(|code| code.parse().ok());
                code.map_or_else(|| Self::unreadable("the database failed without a code"), of_code)
            }
            sqlx::Error::Io(io) => Self::Unavailable(format!("the database cannot be reached: {io}")),
            sqlx::Error::PoolTimedOut => {
                Self::Unavailable("all connections that read the database are busy: ask again".to_owned())
            }
            sqlx::Error::PoolClosed => Self::Unavailable("the database is being closed".to_owned()),
            sqlx::Error::WorkerCrashed => Self::Unavailable("a database connection ended: try again".to_owned()),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Corrupt(format!("column {index} of a row has an unexpected type"))
            }
            _ => Self::unreadable("the database driver refused a statement"),
        }
    }
}

fn of_code(extended: i32) -> Failure {
    match extended & 0xff {
        code::FULL => Failure::Unavailable(
            "the disk that holds the data directory is full: free space on it, nothing else is needed".to_owned(),
        ),
        code::IOERR => Failure::Unavailable(format!(
            "the disk that holds the data directory fails to read or write (SQLite code {extended}): check the disk and its quota"
        )),
        code::BUSY | code::LOCKED | code::PROTOCOL => Failure::Unavailable(
            "another program holds a lock on the database: end it (a backup, a database shell)".to_owned(),
        ),
        code::READONLY | code::PERM | code::AUTH => Failure::Unavailable(
            "the database cannot be written: check the owner and permissions of the data directory, and that its disk is not mounted read-only".to_owned(),
        ),
        code::CANTOPEN => Failure::Unavailable(
            "a file of the database cannot be opened: check the data directory and the limit of open files".to_owned(),
        ),
        code::NOMEM => Failure::Unavailable("the database ran out of memory".to_owned()),
        code::CORRUPT | code::NOTADB => {
            Failure::Corrupt(format!("the database file is damaged (SQLite code {extended}): restore a backup"))
        }
        _ => Failure::Corrupt(format!("the database refused a statement (SQLite code {extended})")),
    }
}

impl From<UnreadableValue> for Failure {
    fn from(UnreadableValue(what): UnreadableValue) -> Self {
        Self::Corrupt(what)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unavailable(reason),
            Failure::Corrupt(reason) => Self::Corrupt(reason),
        }
    }
}

impl From<Failure> for CatalogError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unavailable(reason),
            Failure::Corrupt(reason) => Self::Corrupt(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_codes_count_as_their_primary_one() {
        // SQLITE_IOERR_WRITE, SQLITE_READONLY_DBMOVED, SQLITE_BUSY_SNAPSHOT; SQLITE_CONSTRAINT_UNIQUE.
        for extended in [10 | 3 << 8, 8 | 4 << 8, 5 | 2 << 8, 13] {
            assert!(matches!(of_code(extended), Failure::Unavailable(_)), "{extended}");
        }
        for extended in [19 | 8 << 8, 1, 11, 26] {
            assert!(matches!(of_code(extended), Failure::Corrupt(_)), "{extended}");
        }
    }
}
