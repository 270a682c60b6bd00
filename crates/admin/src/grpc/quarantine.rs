//! `QuarantineService`.

use std::sync::Arc;

use analytics_domain::{
    ApiKeyScope,
    ports::{Catalog, Quarantine},
};
use analytics_proto::{
    v1::{self, quarantine_service_server::QuarantineService},
    validation::Validate,
};
use analytics_rpc::{Authenticator, Caller, RpcError, names};
use tonic::{Request, Response, Status};

use crate::{
    conversion::{
        page_size,
        quarantine::{ids_of, replay_to_wire, to_wire},
    },
    quarantine::Ward,
};

/// `QuarantineService` over a store.
pub struct QuarantineGrpc {
    ward: Ward,
    authenticator: Authenticator,
}

impl QuarantineGrpc {
    /// The service.
    pub fn new(quarantine: Arc<dyn Quarantine>, catalog: Arc<dyn Catalog>, authenticator: Authenticator) -> Self {
        Self { ward: Ward::new(quarantine, catalog), authenticator }
    }

    async fn admit<T: Validate>(&self, request: Request<T>) -> Result<(Caller, T), RpcError> {
        super::admit(&self.authenticator, request, &[ApiKeyScope::Admin]).await
    }
}

#[tonic::async_trait]
impl QuarantineService for QuarantineGrpc {
    async fn list_quarantined_events(
        &self,
        request: Request<v1::ListQuarantinedEventsRequest>,
    ) -> Result<Response<v1::ListQuarantinedEventsResponse>, Status> {
        let (caller, request) = self.admit(request).await?;
        let project = names::optional_project("project", &request.project)?;
        let size = page_size(request.page_size);
        let page = self.ward.list(&caller, project.as_ref(), size, &request.page_token).await?;
        let quarantined_events = page.items.into_iter().map(to_wire).collect();
        Ok(Response::new(v1::ListQuarantinedEventsResponse { quarantined_events, next_page_token: page.next_token }))
    }

    async fn get_quarantined_event(
        &self,
        request: Request<v1::GetQuarantinedEventRequest>,
    ) -> Result<Response<v1::GetQuarantinedEventResponse>, Status> {
        let (caller, request) = self.admit(request).await?;
        let found = self.ward.get(&caller, names::quarantined("name", &request.name)?).await?;
        Ok(Response::new(v1::GetQuarantinedEventResponse { quarantined_event: Some(to_wire(found)) }))
    }

    async fn replay_quarantined_events(
        &self,
        request: Request<v1::ReplayQuarantinedEventsRequest>,
    ) -> Result<Response<v1::ReplayQuarantinedEventsResponse>, Status> {
        let (caller, request) = self.admit(request).await?;
        let ids = ids_of("names", &request.names)?;
        let replays = self.ward.replay(&caller, &ids).await?;
        let results = request.names.into_iter().zip(replays).map(replay_to_wire).collect();
        Ok(Response::new(v1::ReplayQuarantinedEventsResponse { results }))
    }

    async fn delete_quarantined_events(
        &self,
        request: Request<v1::DeleteQuarantinedEventsRequest>,
    ) -> Result<Response<v1::DeleteQuarantinedEventsResponse>, Status> {
        let (caller, request) = self.admit(request).await?;
        let deleted_count = self.ward.delete(&caller, &ids_of("names", &request.names)?).await?;
        Ok(Response::new(v1::DeleteQuarantinedEventsResponse { deleted_count }))
    }
}
