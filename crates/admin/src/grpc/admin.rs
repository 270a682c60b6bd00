//! `AdminService`.

use analytics_domain::ApiKeyScope;
use analytics_proto::{
    v1::{self, admin_service_server::AdminService},
    validation::Validate,
};
use analytics_rpc::{Authenticator, Caller, RpcError, names};
use tonic::{Request, Response, Status};

use super::AdminPorts;
use crate::{
    conversion::{counts, key, page_size, project, trace},
    counts::Counts,
    directory::Directory,
    trace::Tracer,
};

/// Changes things.
const ADMIN: &[ApiKeyScope] = &[ApiKeyScope::Admin];
/// Looks at a project.
const READ: &[ApiKeyScope] = &[ApiKeyScope::Admin, ApiKeyScope::Query];

/// `AdminService` over the stores.
pub struct AdminGrpc {
    directory: Directory,
    counts: Counts,
    tracer: Tracer,
    authenticator: Authenticator,
}

impl AdminGrpc {
    /// The service.
    pub fn new(ports: AdminPorts, authenticator: Authenticator) -> Self {
        let AdminPorts { catalog, events, segments, counts, trace, clock } = ports;
        Self {
            directory: Directory::new(catalog, clock.clone()),
            counts: Counts::new(counts, clock.clone()),
            tracer: Tracer::new(events, segments, trace, clock),
            authenticator,
        }
    }

    async fn admit<T: Validate>(&self, request: Request<T>, any_of: &[ApiKeyScope]) -> Result<(Caller, T), RpcError> {
        super::admit(&self.authenticator, request, any_of).await
    }
}

#[tonic::async_trait]
impl AdminService for AdminGrpc {
    async fn create_project(
        &self,
        request: Request<v1::CreateProjectRequest>,
    ) -> Result<Response<v1::CreateProjectResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let created = self.directory.create_project(&caller, project::to_create(&request)?).await?;
        Ok(Response::new(v1::CreateProjectResponse { project: Some(project::to_wire(&created)) }))
    }

    async fn get_project(
        &self,
        request: Request<v1::GetProjectRequest>,
    ) -> Result<Response<v1::GetProjectResponse>, Status> {
        let (caller, request) = self.admit(request, READ).await?;
        let found = self.directory.project(&caller, &names::project("name", &request.name)?).await?;
        Ok(Response::new(v1::GetProjectResponse { project: Some(project::to_wire(&found)) }))
    }

    async fn list_projects(
        &self,
        request: Request<v1::ListProjectsRequest>,
    ) -> Result<Response<v1::ListProjectsResponse>, Status> {
        let (caller, request) = self.admit(request, READ).await?;
        let page = self.directory.list_projects(&caller, page_size(request.page_size), &request.page_token).await?;
        let projects = page.items.iter().map(project::to_wire).collect();
        Ok(Response::new(v1::ListProjectsResponse { projects, next_page_token: page.next_token }))
    }

    async fn update_project(
        &self,
        request: Request<v1::UpdateProjectRequest>,
    ) -> Result<Response<v1::UpdateProjectResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let (name, change) = project::change_of(request)?;
        let updated = self.directory.update_project(&caller, &name, change).await?;
        Ok(Response::new(v1::UpdateProjectResponse { project: Some(project::to_wire(&updated)) }))
    }

    async fn list_ingest_counts(
        &self,
        request: Request<v1::ListIngestCountsRequest>,
    ) -> Result<Response<v1::ListIngestCountsResponse>, Status> {
        let (caller, request) = self.admit(request, READ).await?;
        let project = caller.project(names::optional_project("project", &request.project)?.as_ref()).await?;
        let counts = self.counts.list(&project, counts::days_of(&request)?).await?;
        Ok(Response::new(v1::ListIngestCountsResponse { counts: counts.iter().map(counts::to_wire).collect() }))
    }

    async fn trace_event(
        &self,
        request: Request<v1::TraceEventRequest>,
    ) -> Result<Response<v1::TraceEventResponse>, Status> {
        let (caller, request) = self.admit(request, READ).await?;
        let project = caller.project(names::optional_project("project", &request.project)?.as_ref()).await?;
        let traced = self.tracer.trace(&project, trace::event_id_of("event_id", &request.event_id)?).await?;
        Ok(Response::new(trace::to_wire(&traced)))
    }

    async fn create_api_key(
        &self,
        request: Request<v1::CreateApiKeyRequest>,
    ) -> Result<Response<v1::CreateApiKeyResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let (created, secret) = self.directory.create_key(&caller, key::to_create(request)?).await?;
        let response =
            v1::CreateApiKeyResponse { api_key: Some(key::to_wire(&created)), secret: secret.expose().to_owned() };
        Ok(Response::new(response))
    }

    async fn list_api_keys(
        &self,
        request: Request<v1::ListApiKeysRequest>,
    ) -> Result<Response<v1::ListApiKeysResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let project = names::optional_project("project", &request.project)?;
        let size = page_size(request.page_size);
        let page = self.directory.list_keys(&caller, project.as_ref(), size, &request.page_token).await?;
        let api_keys = page.items.iter().map(key::to_wire).collect();
        Ok(Response::new(v1::ListApiKeysResponse { api_keys, next_page_token: page.next_token }))
    }

    async fn update_api_key(
        &self,
        request: Request<v1::UpdateApiKeyRequest>,
    ) -> Result<Response<v1::UpdateApiKeyResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let (id, change) = key::change_of(request)?;
        let updated = self.directory.update_key(&caller, &id, change).await?;
        Ok(Response::new(v1::UpdateApiKeyResponse { api_key: Some(key::to_wire(&updated)) }))
    }

    async fn rotate_api_key(
        &self,
        request: Request<v1::RotateApiKeyRequest>,
    ) -> Result<Response<v1::RotateApiKeyResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let (id, overlap) = (names::key("name", &request.name)?, key::overlap_of(&request)?);
        let rotated = self.directory.rotate_key(&caller, &id, overlap).await?;
        Ok(Response::new(v1::RotateApiKeyResponse {
            api_key: Some(key::to_wire(&rotated.key)),
            secret: rotated.secret.expose().to_owned(),
            replaced: Some(key::to_wire(&rotated.replaced)),
        }))
    }

    async fn revoke_api_key(
        &self,
        request: Request<v1::RevokeApiKeyRequest>,
    ) -> Result<Response<v1::RevokeApiKeyResponse>, Status> {
        let (caller, request) = self.admit(request, ADMIN).await?;
        let revoked = self.directory.revoke_key(&caller, &names::key("name", &request.name)?).await?;
        Ok(Response::new(v1::RevokeApiKeyResponse { api_key: Some(key::to_wire(&revoked)) }))
    }
}
