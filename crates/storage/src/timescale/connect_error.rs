//! Why the store cannot be used, told to who has to act.

use super::{failure::Failure, server::ServerAddress};

/// Why the store could not be connected. Names servers and databases, never a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The environment fails: trying again may help.
    #[error("the database {server} cannot be used now: {reason}")]
    Unreachable {
        /// Which one.
        server: ServerAddress,
        /// Why.
        reason: String,
    },
    /// The address is of another form.
    #[error("the database URL is not of the form `postgres://USER:PASSWORD@HOST:PORT/DATABASE`: {reason}")]
    InvalidUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// The server does not let the role in.
    #[error(
        "the database server does not let `{}` into {server}: check user and password in the database URL, and pg_hba.conf on the server",
        server.role()
    )]
    WrongPassword {
        /// Which one.
        server: ServerAddress,
    },
    /// The server has no such database.
    #[error(
        "there is no database {server}: as a superuser run `CREATE DATABASE \"{}\" OWNER \"{}\"`",
        server.database(), server.role()
    )]
    NoSuchDatabase {
        /// Which one.
        server: ServerAddress,
    },
    /// The connection cannot be encrypted as the address asks.
    #[error("no encrypted connection to the database {server}: {reason}")]
    Encryption {
        /// Which one.
        server: ServerAddress,
        /// Why.
        reason: String,
    },
    /// The role may not make or use what is needed.
    #[error(
        "`{role}` may not create its tables in {server}: as a superuser, connected to that database, run `ALTER DATABASE \"{database}\" OWNER TO \
         \"{role}\"; GRANT ALL ON SCHEMA public TO \"{role}\"`",
        role = server.role(), database = server.database()
    )]
    PermissionDenied {
        /// Which one.
        server: ServerAddress,
    },
    /// The server or TimescaleDB is too old.
    #[error("the database {server} runs {found}, and {needed} or newer is needed: upgrade it")]
    TooOld {
        /// Which one.
        server: ServerAddress,
        /// What runs there.
        found: String,
        /// The oldest that works.
        needed: &'static str,
    },
    /// The database has no TimescaleDB, and it could not be added.
    #[error("the database {server} has no TimescaleDB: {remedy}")]
    TimescaleMissing {
        /// Which one.
        server: ServerAddress,
        /// What to do.
        remedy: String,
    },
    /// The database belongs to another program.
    #[error("the database {server} holds tables of another program ({tables}): give analytics a database of its own")]
    NotOurs {
        /// Which one.
        server: ServerAddress,
        /// Some of them.
        tables: String,
    },
    /// The schema was written by a newer version.
    #[error(
        "the schema of the database {server} was written by a newer version (it is {found}, this version knows {known}): start that version again"
    )]
    NewerSchema {
        /// Which one.
        server: ServerAddress,
        /// The number of its newest migration.
        found: i64,
        /// The number of the newest migration that this version knows.
        known: i64,
    },
    /// Tables were changed by hand in a way that cannot be put right by adding.
    #[error("the schema of the database {server} was changed by hand: {differences}. Put it back, or restore a backup")]
    SchemaDrift {
        /// Which one.
        server: ServerAddress,
        /// What is missing or in the way.
        differences: String,
    },
}

impl ConnectError {
    /// Whether the same call may succeed later without anybody changing anything here.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::InvalidUrl { .. }
            | Self::WrongPassword { .. }
            | Self::NoSuchDatabase { .. }
            | Self::Encryption { .. }
            | Self::PermissionDenied { .. }
            | Self::TooOld { .. }
            | Self::TimescaleMissing { .. }
            | Self::NotOurs { .. }
            | Self::NewerSchema { .. }
            | Self::SchemaDrift { .. } => false,
        }
    }

    pub(super) fn of_failure(server: ServerAddress, failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(reason) => Self::Unreachable { server, reason },
            // The content of catalogs is read before any row of ours.
            Failure::Refused(reason) | Failure::Corrupt(reason) => Self::SchemaDrift { server, differences: reason },
            Failure::Overtaken | Failure::Exists => {
                Self::Unreachable { server, reason: "another process changes its schema".to_owned() }
            }
        }
    }
}

/// What ends the preparation of a database: the driver's word, which has to be explained, or ours.
#[derive(Debug)]
pub(super) enum Trouble {
    Driver(sqlx::Error),
    Refused(ConnectError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<ConnectError> for Trouble {
    fn from(error: ConnectError) -> Self {
        Self::Refused(error)
    }
}
