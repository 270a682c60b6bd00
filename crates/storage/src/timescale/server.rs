//! Which server and database, and the first connection to it.

use std::{fmt, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::{
    connect_error::{ConnectError, Trouble},
    failure,
};

/// Names a server and a database to people. Never holds a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress {
    host: String,
    port: u16,
    database: String,
    role: String,
}

impl ServerAddress {
    /// The role that connects.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.host, self.port, self.database)
    }
}

/// A server to connect to.
pub(super) struct Server {
    options: PgConnectOptions,
    pub(super) address: ServerAddress,
}

impl Server {
    pub(super) fn parse(url: &str) -> Result<Self, ConnectError> {
        // The driver would take anything with a host.
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(ConnectError::InvalidUrl { reason: "it does not begin with `postgres://`".to_owned() });
        }
        // What the driver says is wrong can quote a part of the address, and that part can be the password.
        let options = PgConnectOptions::from_str(url).map_err(|_| ConnectError::InvalidUrl {
            reason: "it cannot be read: special characters in the password have to be percent-encoded".to_owned(),
        })?;
        let address = ServerAddress {
            host: options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string()),
            port: options.get_port(),
            database: options.get_database().unwrap_or(options.get_username()).to_owned(),
            role: options.get_username().to_owned(),
        };
        // Statements are not logged, they would quote SQL.
        let options = options.application_name("analytics").disable_statement_logging();
        Ok(Self { options, address })
    }

    pub(super) async fn connect(&self, timeout: Duration) -> Result<PgConnection, ConnectError> {
        match tokio::time::timeout(timeout, self.options.connect()).await {
            Ok(connected) => connected.map_err(|error| self.refusal(error)),
            Err(_) => Err(ConnectError::Unreachable {
                server: self.address.clone(),
                reason: format!("it did not answer within {} s", timeout.as_secs_f64()),
            }),
        }
    }

    pub(super) fn into_options(self) -> PgConnectOptions {
        self.options
    }

    pub(super) fn explain(&self, trouble: Trouble) -> ConnectError {
        match trouble {
            Trouble::Driver(error) => self.refusal(error),
            Trouble::Refused(error) => error,
        }
    }

    /// What an error on the way to a working connection means.
    pub(super) fn refusal(&self, error: sqlx::Error) -> ConnectError {
        let server = self.address.clone();
        let state = error.as_database_error().and_then(|error| error.code()).map(String::from);
        match (state.as_deref(), &error) {
            (Some("28P01" | "28000"), _) => ConnectError::WrongPassword { server },
            (Some("3D000"), _) => ConnectError::NoSuchDatabase { server },
            (Some("42501"), _) => ConnectError::PermissionDenied { server },
            (None, sqlx::Error::Io(io)) => ConnectError::Unreachable { server, reason: io.to_string() },
            (None, sqlx::Error::Tls(_)) => {
                let insists = !matches!(self.options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::Prefer);
                let reason = if insists {
                    "its certificate is not trusted, or it has none: check sslmode and sslrootcert"
                } else {
                    "no encrypted connection could be made"
                };
                ConnectError::Encryption { server, reason: reason.to_owned() }
            }
            _ => ConnectError::of_failure(server, failure::Failure::from(error)),
        }
    }
}
