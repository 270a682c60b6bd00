//! The services of the contract, one file each: authenticate, check, convert, call, convert.

mod admin;
mod quarantine;

use std::sync::Arc;

use analytics_domain::{
    ApiKeyScope, Clock,
    ports::{Catalog, EventStore, IngestCounts, SegmentStore, TraceLog},
};
use analytics_proto::validation::Validate;
use analytics_rpc::{Authenticator, Caller, RpcError, check};
use tonic::Request;

pub use self::{admin::AdminGrpc, quarantine::QuarantineGrpc};

/// What `AdminService` reads and writes.
pub struct AdminPorts {
    /// Projects and keys.
    pub catalog: Arc<dyn Catalog>,
    /// The events.
    pub events: Arc<dyn EventStore>,
    /// Their day segments.
    pub segments: Arc<dyn SegmentStore>,
    /// How many events were taken, filtered and rejected.
    pub counts: Arc<dyn IngestCounts>,
    /// What happened to events lately; none where this process cannot know.
    pub trace: Option<Arc<dyn TraceLog>>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
}

/// Who calls comes first: the contract's rules are nobody else's business.
async fn admit<T: Validate>(
    authenticator: &Authenticator,
    request: Request<T>,
    any_of: &[ApiKeyScope],
) -> Result<(Caller, T), RpcError> {
    let caller = authenticator.authenticate(request.metadata(), any_of).await?;
    check(request.get_ref())?;
    Ok((caller, request.into_inner()))
}
