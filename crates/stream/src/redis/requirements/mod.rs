//! Whether a Redis keeps what it must, or forgets what it must. Everything that is wrong is said at once.
//!
//! Settings change while a server runs, and a restart may bring others back: whoever watches a server asks again.

mod facts;
mod rules;

use std::fmt;

use self::facts::Facts;
use super::{RedisError, SharedConnection};

/// Whether what is not safe is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// It is.
    Required,
    /// It is only warned of, in the log. What could not work at all is refused all the same.
    Waived,
}

/// Why a Redis may not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// It is not fit for this: somebody has to change its configuration.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It could not be asked.
    #[error(transparent)]
    Redis(#[from] RedisError),
}

impl RequirementError {
    /// Whether it may be fine later without anybody changing the configuration.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused(_) => false,
            Self::Redis(error) => error.is_temporary(),
        }
    }
}

/// What is wrong with a Redis, and what to do about it. Its text has several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    address: String,
    purpose: Purpose,
    problems: Vec<Problem>,
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, purpose, problems } = self;
        write!(f, "Redis at {address} is not fit for {}:", purpose.what())?;
        for Problem { found, remedy, .. } in problems {
            write!(f, "\n- {found}. {remedy}.")?;
        }
        if problems.iter().all(|problem| problem.severity == Severity::Unsafe) {
            write!(f, "\nTo use it as it is, accepting that, set `{}`.", purpose.waiver())?;
        }
        Ok(())
    }
}

/// What a Redis is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Durable,
    Ephemeral,
}

impl Purpose {
    fn what(self) -> &'static str {
        match self {
            Self::Durable => "the event log, which must lose nothing",
            Self::Ephemeral => "salts, which must never reach a disk",
        }
    }

    /// The setting that turns what is unsafe into a warning.
    fn waiver(self) -> &'static str {
        match self {
            Self::Durable => "unsafe_allow_log_loss",
            Self::Ephemeral => "unsafe_allow_salts_on_disk",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    severity: Severity,
    /// What was found, and what comes of it.
    found: String,
    /// What to do.
    remedy: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    /// It works, and breaks a promise. May be waived.
    Unsafe,
    /// It does not work.
    Unusable,
}

/// Checks that a Redis loses nothing that it has acknowledged, whenever it is killed.
///
/// # Errors
/// With everything that is wrong when it may; or when it cannot be asked.
pub async fn check_durable(connection: &SharedConnection, safety: Safety) -> Result<(), RequirementError> {
    let facts = Facts::read(connection).await?;
    judge(connection, Purpose::Durable, rules::durable(&facts), safety)
}

/// Checks that a Redis writes nothing to a disk, neither by itself nor through a copy, and destroys nothing early.
///
/// # Errors
/// With everything that is wrong when it does; or when it cannot be asked.
pub async fn check_ephemeral(connection: &SharedConnection, safety: Safety) -> Result<(), RequirementError> {
    let facts = Facts::read(connection).await?;
    judge(connection, Purpose::Ephemeral, rules::ephemeral(&facts), safety)
}

/// Checks that the ephemeral Redis is another server than the durable one, under whatever name. Ask this first: what else would be
/// said of one server for both contradicts itself.
///
/// # Errors
/// When they are one; or when one of them cannot be asked.
pub async fn check_apart(
    durable: &SharedConnection,
    ephemeral: &SharedConnection,
    safety: Safety,
) -> Result<(), RequirementError> {
    let (of_durable, of_ephemeral) = (Facts::read(durable).await?, Facts::read(ephemeral).await?);
    let problems = rules::apart(&of_durable, &of_ephemeral, durable.server().address());
    judge(ephemeral, Purpose::Ephemeral, problems.into_iter().collect(), safety)
}

fn judge(
    connection: &SharedConnection,
    purpose: Purpose,
    problems: Vec<Problem>,
    safety: Safety,
) -> Result<(), RequirementError> {
    if problems.is_empty() {
        return Ok(());
    }
    let works = problems.iter().all(|problem| problem.severity == Severity::Unsafe);
    let refused = Refused { address: connection.server().address().to_owned(), purpose, problems };
    match safety {
        Safety::Waived if works => {
            tracing::warn!("UNSAFE, and allowed by `{}`: {refused}", purpose.waiver());
            Ok(())
        }
        Safety::Waived | Safety::Required => Err(refused.into()),
    }
}
