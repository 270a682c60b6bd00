//! What SQLite's failures mean to the one who has to act. The driver's own text ends here: it can quote SQL.

use analytics_domain::ports::{CatalogError, StoreError};

use crate::event_values::UnreadableValue;

/// A failure, told by whether the same call may succeed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The environment is at fault.
    Unavailable(String),
    /// What was to be written is at fault: without it the same call may succeed.
    Refused(String),
    /// What is there is at fault, or this program.
    Corrupt(String),
}

impl Failure {
    pub(super) fn unreadable(what: &str) -> Self {
        Self::Corrupt(what.to_owned())
    }
}

/// SQLite's primary result codes (the low byte of an extended one) that say who is at fault.
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
    pub(super) const TOOBIG: i32 = 18;
    pub(super) const CONSTRAINT: i32 = 19;
    pub(super) const MISMATCH: i32 = 20;
    pub(super) const AUTH: i32 = 23;
    pub(super) const RANGE: i32 = 25;
    pub(super) const NOTADB: i32 = 26;

    // Extended ones: a row collides with another, or refers to one that is not there.
    pub(super) const CONSTRAINT_FOREIGNKEY: i32 = CONSTRAINT | 3 << 8;
    pub(super) const CONSTRAINT_PRIMARYKEY: i32 = CONSTRAINT | 6 << 8;
    pub(super) const CONSTRAINT_UNIQUE: i32 = CONSTRAINT | 8 << 8;
    pub(super) const CONSTRAINT_ROWID: i32 = CONSTRAINT | 10 << 8;
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
            sqlx::Error::Encode(_) => Self::Refused("a value cannot be sent to the database".to_owned()),
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
        // New identities never collide with what is there unless that is damaged: blaming events would refuse them all.
        code::CONSTRAINT
            if [
                code::CONSTRAINT_FOREIGNKEY,
                code::CONSTRAINT_PRIMARYKEY,
                code::CONSTRAINT_UNIQUE,
                code::CONSTRAINT_ROWID,
            ]
            .contains(&extended) =>
        {
            Failure::Corrupt(format!(
                "the database has a row where a new one belongs, or lacks one that it needs (SQLite code {extended})"
            ))
        }
        code::CONSTRAINT | code::TOOBIG | code::MISMATCH | code::RANGE => {
            Failure::Refused(format!("the database refuses a value (SQLite code {extended})"))
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
            Failure::Refused(reason) => Self::Refused(reason),
            Failure::Corrupt(reason) => Self::Corrupt(reason),
        }
    }
}

impl From<Failure> for CatalogError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unavailable(reason),
            Failure::Refused(reason) | Failure::Corrupt(reason) => Self::Corrupt(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Extended codes count as their primary one: SQLITE_IOERR_WRITE, SQLITE_READONLY_DBMOVED, SQLITE_BUSY_SNAPSHOT, and all others.
    #[test]
    fn what_the_environment_does_is_never_blamed_on_an_event() {
        for primary in [3, 5, 6, 7, 8, 10, 13, 14, 15, 23] {
            for extended in [primary, primary | 1 << 8, primary | 4 << 8, primary | 33 << 8] {
                assert!(matches!(of_code(extended), Failure::Unavailable(_)), "{extended}");
            }
        }
        assert!(matches!(Failure::from(sqlx::Error::PoolTimedOut), Failure::Unavailable(_)));
        assert!(matches!(Failure::from(sqlx::Error::WorkerCrashed), Failure::Unavailable(_)));
    }

    /// SQLITE_CONSTRAINT_CHECK, _NOTNULL, _TRIGGER, _DATATYPE; SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE.
    #[test]
    fn what_an_event_is_is_refused() {
        for extended in [19, 19 | 1 << 8, 19 | 5 << 8, 19 | 7 << 8, 19 | 12 << 8, 18, 20, 25] {
            assert!(matches!(of_code(extended), Failure::Refused(_)), "{extended}");
            assert!(matches!(StoreError::from(of_code(extended)), StoreError::Refused(_)), "{extended}");
            assert!(matches!(CatalogError::from(of_code(extended)), CatalogError::Corrupt(_)), "{extended}");
        }
    }

    /// SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR; and SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID and _FOREIGNKEY, by which new
    /// events would all be refused.
    #[test]
    fn what_is_damaged_is_neither() {
        for extended in [11, 11 | 1 << 8, 26, 1, 19 | 6 << 8, 19 | 8 << 8, 19 | 10 << 8, 19 | 3 << 8] {
            assert!(matches!(of_code(extended), Failure::Corrupt(_)), "{extended}");
        }
    }
}
