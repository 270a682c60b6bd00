//! Requests against the rules of their contract.

use analytics_proto::validation::Validate;

use crate::RpcError;

/// Checks a request against the rules that its contract states.
///
/// # Errors
/// Names every field that breaks one.
pub fn check(request: &impl Validate) -> Result<(), RpcError> {
    let violations = request.validate();
    if violations.is_empty() { Ok(()) } else { Err(RpcError::InvalidFields(violations)) }
}
