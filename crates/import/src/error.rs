//! Why an import did not come to its end.

use std::{io, path::PathBuf, time::Duration};

use tonic::Status;
use tonic_types::StatusExt as _;

/// Why an import did not come to its end. What was stored before stays; the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// An input cannot be opened or read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// The file, or `standard input`.
        path: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The input does not fit in memory and cannot be sorted on disk.
    #[error("cannot sort the input in {directory}: {cause}; make room there, or set TMPDIR to another directory")]
    Sort {
        /// Where sorted runs are kept.
        directory: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The API key cannot be sent.
    #[error("the API key holds characters that no key has")]
    Key,
    /// The server refused the import.
    #[error("{}", told_by(status))]
    Refused {
        /// What the server said.
        status: Box<Status>,
    },
    /// The server knows the import no more.
    #[error(
        "the server no longer runs {import}: it was idle for more than 24 hours, was finished by another command, or the server lost its \
         memory; start the same command again: nothing is stored twice"
    )]
    Expired {
        /// The import, as `projects/PROJECT/imports/IMPORT`.
        import: String,
    },
    /// The server could not be reached for too long.
    #[error(
        "no answer from the server for {} s ({cause}); what was sent is safe: start the same command again and it goes on where it was",
        waited.as_secs()
    )]
    GaveUp {
        /// How long it was tried.
        waited: Duration,
        /// The last failure.
        cause: String,
    },
    /// The server's answer does not fit the request.
    #[error("the server answered {verdicts} verdicts for {events} events: it is no server of this version")]
    Verdicts {
        /// How many verdicts came.
        verdicts: usize,
        /// How many events were sent.
        events: usize,
    },
    /// An option cannot be used.
    #[error("{option}: {problem}")]
    Option {
        /// The option.
        option: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// What the reading side is told when the sending side has failed; callers get the sending side's error.
    #[error("the import was stopped")]
    Stopped,
    /// A thread of the import panicked.
    #[error("the import failed in itself: {0}")]
    Panicked(#[from] tokio::task::JoinError),
}

/// The server's words, with the fields that it names.
fn told_by(status: &Status) -> String {
    let mut text = status.message().to_owned();
    if text.is_empty() {
        text = format!("the server refused: {}", status.code().description());
    }
    let violations = status.get_details_bad_request().map(|bad_request| bad_request.field_violations);
    for violation in violations.unwrap_or_default() {
        let told = text.contains(&violation.description) && text.contains(&violation.field);
        if !told {
            text.push_str(&format!("; {}: {}", violation.field, violation.description));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn the_servers_words_name_the_fields() {
        let details = ErrorDetails::with_bad_request_violation("import_id", "has a space");
        let status = Status::with_error_details(Code::InvalidArgument, "the request breaks a rule", details);
        let error = ImportError::Refused { status: Box::new(status) };
        assert_eq!(error.to_string(), "the request breaks a rule; import_id: has a space");
        let bare = ImportError::Refused { status: Box::new(Status::new(Code::PermissionDenied, "")) };
        assert!(bare.to_string().starts_with("the server refused: "), "{bare}");
    }
}
