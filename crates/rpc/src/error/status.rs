//! The error table itself: one row for each error.

use std::{collections::HashMap, time::Duration};

use analytics_domain::{ApiKeyScope, DurationMs};
use analytics_proto::{v1::ErrorReason, validation::Violation};
use rand::RngExt as _;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

use super::{RpcError, scope_names};
use crate::names;

/// The `domain` of every `google.rpc.ErrorInfo` of this product.
pub const ERROR_DOMAIN: &str = "analytics.v1";

/// So many violations are told in one status.
const MAX_VIOLATIONS: usize = 20;
/// Details travel as a header, and the strictest gRPC implementation takes no more than 8 KiB of those.
const MAX_VIOLATIONS_BYTES: usize = 4096;
const MAX_TEXT_BYTES: usize = 512;
/// Enough to part callers; a long wait must not become much longer.
const MAX_JITTER_MS: u64 = 10_000;

impl RpcError {
    /// The gRPC status code.
    pub fn code(&self) -> Code {
        self.row().0
    }

    /// The reason, for programs.
    pub fn reason(&self) -> ErrorReason {
        self.row().1
    }

    fn row(&self) -> (Code, ErrorReason) {
        match self {
            Self::KeyMissing => (Code::Unauthenticated, ErrorReason::KeyMissing),
            Self::KeyMistyped | Self::KeyUnknown => (Code::Unauthenticated, ErrorReason::KeyUnknown),
            Self::KeyRevoked { .. } => (Code::Unauthenticated, ErrorReason::KeyRevoked),
            Self::KeyExpired { .. } => (Code::Unauthenticated, ErrorReason::KeyExpired),
            Self::OriginNotAllowed(_) => (Code::PermissionDenied, ErrorReason::OriginNotAllowed),
            Self::QuotaExceeded { .. } => (Code::ResourceExhausted, ErrorReason::QuotaExceeded),
            Self::ScopeMissing { .. } | Self::KeyOfOneProject { .. } => {
                (Code::PermissionDenied, ErrorReason::ScopeMissing)
            }
            Self::FieldNotAllowed { .. } => (Code::PermissionDenied, ErrorReason::FieldNotAllowed),
            Self::InvalidFields(_) | Self::Undecodable(_) => (Code::InvalidArgument, ErrorReason::InvalidField),
            Self::RequestTooLarge { .. } | Self::AnswerTooLarge { .. } => {
                (Code::InvalidArgument, ErrorReason::MessageTooLarge)
            }
            Self::ProjectNotFound(_) => (Code::NotFound, ErrorReason::ProjectNotFound),
            Self::ProjectRequired { .. } => (Code::InvalidArgument, ErrorReason::ProjectRequired),
            Self::ProjectExists(_) => (Code::AlreadyExists, ErrorReason::ProjectExists),
            Self::TimeZoneUnknown { .. } => (Code::InvalidArgument, ErrorReason::TimeZoneUnknown),
            Self::KeyNotFound(_) => (Code::NotFound, ErrorReason::KeyNotFound),
            Self::ImportNotFound(_) => (Code::NotFound, ErrorReason::ImportNotFound),
            Self::QuarantinedEventNotFound(_) => (Code::NotFound, ErrorReason::QuarantinedEventNotFound),
            Self::NotComputable { .. } => (Code::InvalidArgument, ErrorReason::NotComputable),
            Self::DeadlineExceeded => (Code::DeadlineExceeded, ErrorReason::DeadlineExceeded),
            Self::Unavailable { .. } => (Code::Unavailable, ErrorReason::Unavailable),
            Self::Internal { .. } => (Code::Internal, ErrorReason::Internal),
        }
    }

    fn metadata(&self) -> HashMap<String, String> {
        let entry = match self {
            Self::ScopeMissing { required, .. } => ("required_scope", scope_names(required, ",").replace('`', "")),
            Self::KeyOfOneProject { .. } => ("required_scope", ApiKeyScope::Admin.as_str().to_owned()),
            Self::FieldNotAllowed { required, .. } => ("required_scope", required.as_str().to_owned()),
            Self::RequestTooLarge { limit_bytes } | Self::AnswerTooLarge { limit_bytes } => {
                ("limit_bytes", limit_bytes.to_string())
            }
            Self::QuotaExceeded { quota, .. } => ("quota", quota.as_str().to_owned()),
            _ => return HashMap::new(),
        };
        HashMap::from([(entry.0.to_owned(), entry.1)])
    }

    /// The fields to name in `google.rpc.BadRequest`.
    fn violations(&self) -> Vec<FieldViolation> {
        let (field, text) = match self {
            Self::InvalidFields(violations) => return told(violations),
            Self::Undecodable(_) | Self::RequestTooLarge { .. } => (String::new(), self.to_string()),
            Self::FieldNotAllowed { field, .. } => (field.clone(), self.to_string()),
            Self::ProjectRequired { field } | Self::TimeZoneUnknown { field, .. } => {
                ((*field).to_owned(), self.to_string())
            }
            Self::NotComputable { field, message } => (field.clone(), message.clone()),
            _ => return Vec::new(),
        };
        vec![FieldViolation::new(truncated(&field), truncated(&text))]
    }
}

impl From<RpcError> for Status {
    fn from(error: RpcError) -> Self {
        match &error {
            RpcError::Internal { cause } => tracing::error!(cause, "a call failed for a reason inside the server"),
            RpcError::Unavailable { what, cause, .. } => tracing::warn!(what, cause, "a call was put off"),
            _ => {}
        }
        let mut details = ErrorDetails::with_error_info(error.reason().as_str_name(), ERROR_DOMAIN, error.metadata());
        let violations = error.violations();
        if !violations.is_empty() {
            details.set_bad_request(violations);
        }
        if let RpcError::Unavailable { retry_after, .. } | RpcError::QuotaExceeded { retry_after, .. } = &error {
            details.set_retry_info(Some(jittered(*retry_after)));
        }
        if let RpcError::QuotaExceeded { id, quota, per_second, .. } = &error {
            let description =
                format!("{} of this key is {per_second}, counted by each collector for itself", quota.as_str());
            details.add_quota_failure_violation(names::of_key(id), description);
        }
        Status::with_error_details(error.code(), truncated(&error.to_string()), details)
    }
}

/// Between the delay and half as much again, so that callers who failed together do not come back together.
fn jittered(delay: DurationMs) -> Duration {
    let delay_ms = u64::try_from(delay.0).unwrap_or(0);
    Duration::from_millis(delay_ms + rand::rng().random_range(0..=(delay_ms / 2).min(MAX_JITTER_MS)))
}

fn told(violations: &[Violation]) -> Vec<FieldViolation> {
    let mut bytes = 0;
    violations
        .iter()
        .take(MAX_VIOLATIONS)
        .map(|violation| FieldViolation::new(truncated(&violation.field), truncated(&violation.description)))
        .take_while(|violation| {
            bytes += violation.field.len() + violation.description.len();
            bytes <= MAX_VIOLATIONS_BYTES
        })
        .collect()
}

fn truncated(text: &str) -> String {
    if text.len() <= MAX_TEXT_BYTES {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(MAX_TEXT_BYTES);
    format!("{}…", &text[..end])
}
