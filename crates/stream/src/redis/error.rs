//! What can go wrong with Redis, sorted by who has to act.

use std::time::Duration;

use redis::ErrorKind;

/// Why Redis did not do it. Messages name the server and never its password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedisError {
    /// The address cannot be read.
    #[error(
        "the address of Redis is not valid ({reason}): use redis://[user:password@]host[:port][/database], or rediss:// for TLS"
    )]
    InvalidUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// The user or the password is wrong, or the user may not do this.
    #[error(
        "Redis at {address} refuses access ({reason}): check the user and password in its address, and the user's ACL"
    )]
    AccessRefused {
        /// The server, as host and port.
        address: String,
        /// The server's words.
        reason: String,
    },
    /// Something else listens there.
    #[error(
        "what answers at {address} does not speak the protocol of Redis: check host, port and TLS (redis:// or rediss://)"
    )]
    NotRedis {
        /// The server, as host and port.
        address: String,
    },
    /// The connection could not be made, or broke.
    #[error("Redis at {address} cannot be reached ({reason}): check that it runs and that this host may connect to it")]
    Unreachable {
        /// The server, as host and port.
        address: String,
        /// The system's words.
        reason: String,
    },
    /// It is connected and silent. What was asked for may have been done.
    #[error("Redis at {address} did not answer within {} ms", waited.as_millis())]
    TimedOut {
        /// The server, as host and port.
        address: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// It started a moment ago and reads its files.
    #[error("Redis at {address} is still loading its data")]
    Loading {
        /// The server, as host and port.
        address: String,
    },
    /// It answers, and takes no writes: memory or disk is full, or it is a replica.
    #[error(
        "Redis at {address} takes no writes now ({code}): check its memory limit, its disk, and that it is no replica"
    )]
    NotWritable {
        /// The server, as host and port.
        address: String,
        /// The server's code, such as `OOM` or `MISCONF`.
        code: String,
    },
    /// It refused a command.
    #[error("Redis at {address} refused a command: {reason}")]
    Refused {
        /// The server, as host and port.
        address: String,
        /// The server's words.
        reason: String,
    },
}

impl RedisError {
    /// Whether the same call may succeed later without anybody changing the configuration.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::Loading { .. } | Self::NotWritable { .. } => true,
            Self::InvalidUrl { .. } | Self::AccessRefused { .. } | Self::NotRedis { .. } | Self::Refused { .. } => {
                false
            }
        }
    }

    /// Whether the connection is of no use any more.
    pub(super) fn breaks_connection(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::NotRedis { .. } | Self::AccessRefused { .. } => {
                true
            }
            Self::InvalidUrl { .. } | Self::Loading { .. } | Self::NotWritable { .. } | Self::Refused { .. } => false,
        }
    }

    /// Whether the stream or its consumer group is not there.
    pub(super) fn is_missing_group(&self) -> bool {
        // Servers before 7.2 say the second to whoever waits while the stream is deleted.
        matches!(self, Self::Refused { reason, .. } if reason.starts_with("NOGROUP") || reason.starts_with("UNBLOCKED"))
    }

    /// Sorts an error of the driver; `waited` is how long the answer was waited for.
    pub(super) fn new(address: &str, error: &redis::RedisError, waited: Duration) -> Self {
        let address = address.to_owned();
        if error.is_timeout() {
            return Self::TimedOut { address, waited };
        }
        match error.kind() {
            ErrorKind::Io => Self::Unreachable { address, reason: error.to_string() },
            ErrorKind::Parse | ErrorKind::RESP3NotSupported => Self::NotRedis { address },
            ErrorKind::AuthenticationFailed => {
                Self::AccessRefused { address, reason: "wrong user or password".to_owned() }
            }
            ErrorKind::InvalidClientConfig => Self::InvalidUrl { reason: error.to_string() },
            // TLS, certificates included, fails with this kind.
            ErrorKind::Client => Self::Unreachable { address, reason: error.to_string() },
            _ => Self::of_server(address, error),
        }
    }

    fn of_server(address: String, error: &redis::RedisError) -> Self {
        let first = error.clone().into_server_errors().and_then(|errors| errors.first().cloned());
        let Some((_, server_error)) = first else {
            return Self::Refused { address, reason: error.category().to_owned() };
        };
        let code = server_error.code().to_owned();
        let details = server_error.details().unwrap_or_default();
        match code.as_str() {
            "LOADING" | "BUSY" => Self::Loading { address },
            "OOM" | "MISCONF" | "READONLY" | "NOREPLICAS" | "MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN" => {
                Self::NotWritable { address, code }
            }
            "NOAUTH" => Self::AccessRefused { address, reason: "it asks for a password".to_owned() },
            "WRONGPASS" => Self::AccessRefused { address, reason: "wrong user or password".to_owned() },
            "NOPERM" => Self::AccessRefused { address, reason: details.to_owned() },
            "ERR" if details.starts_with("max number of clients") => {
                Self::Unreachable { address, reason: "it has as many connections as it may have".to_owned() }
            }
            // The words for an unknown command quote its arguments.
            _ if details.contains("unknown") => Self::Refused { address, reason: format!("{code} unknown command") },
            _ => Self::Refused { address, reason: format!("{code} {details}") },
        }
    }
}
