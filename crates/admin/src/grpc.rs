//! The service of the contract: authenticate, check, convert, call, convert.

use std::sync::Arc;

use analytics_domain::{ApiKeyScope, Clock, ports::Catalog};
use analytics_proto::{
    v1::{self, admin_service_server::AdminService},
    validation::Validate,
};
use analytics_rpc::{Authenticator, Caller, RpcError, check, names};
use tonic::{Request, Response, Status};

use crate::{
    conversion::{key_to_create, key_to_wire, page_size, project_to_create, project_to_wire},
    directory::Directory,
};

/// `AdminService` over a catalog.
pub struct AdminGrpc {
    directory: Directory,
    authenticator: Authenticator,
}

impl AdminGrpc {
    /// The service.
    pub fn new(catalog: Arc<dyn Catalog>, clock: Arc<dyn Clock>, authenticator: Authenticator) -> Self {
        Self { directory: Directory::new(catalog, clock), authenticator }
    }

    /// Who calls comes first: the contract's rules are nobody else's business.
    async fn admit<T: Validate>(&self, request: Request<T>, any_of: &[ApiKeyScope]) -> Result<(Caller, T), RpcError> {
        let caller = self.authenticator.authenticate(request.metadata(), any_of).await?;
        check(request.get_ref())?;
        Ok((caller, request.into_inner()))
    }
}

#[tonic::async_trait]
impl AdminService for AdminGrpc {
    async fn create_project(
        &self,
        request: Request<v1::CreateProjectRequest>,
    ) -> Result<Response<v1::CreateProjectResponse>, Status> {
        let (caller, request) = self.admit(request, &[ApiKeyScope::Admin]).await?;
        let project = self.directory.create_project(&caller, project_to_create(&request)?).await?;
        Ok(Response::new(v1::CreateProjectResponse { project: Some(project_to_wire(&project)) }))
    }

    async fn get_project(
        &self,
        request: Request<v1::GetProjectRequest>,
    ) -> Result<Response<v1::GetProjectResponse>, Status> {
        let (caller, request) = self.admit(request, &[ApiKeyScope::Admin, ApiKeyScope::Query]).await?;
        let project = caller.project(Some(&names::project("name", &request.name)?)).await?;
        Ok(Response::new(v1::GetProjectResponse { project: Some(project_to_wire(&project)) }))
    }

    async fn list_projects(
        &self,
        request: Request<v1::ListProjectsRequest>,
    ) -> Result<Response<v1::ListProjectsResponse>, Status> {
        let (caller, request) = self.admit(request, &[ApiKeyScope::Admin, ApiKeyScope::Query]).await?;
        let page = self.directory.list_projects(&caller, page_size(request.page_size), &request.page_token).await?;
        let projects = page.items.iter().map(|project| project_to_wire(project)).collect();
        Ok(Response::new(v1::ListProjectsResponse { projects, next_page_token: page.next_token }))
    }

    async fn create_api_key(
        &self,
        request: Request<v1::CreateApiKeyRequest>,
    ) -> Result<Response<v1::CreateApiKeyResponse>, Status> {
        let (caller, request) = self.admit(request, &[ApiKeyScope::Admin]).await?;
        let (key, secret) = self.directory.create_key(&caller, key_to_create(request)?).await?;
        let response =
            v1::CreateApiKeyResponse { api_key: Some(key_to_wire(&key)), secret: secret.expose().to_owned() };
        Ok(Response::new(response))
    }

    async fn list_api_keys(
        &self,
        request: Request<v1::ListApiKeysRequest>,
    ) -> Result<Response<v1::ListApiKeysResponse>, Status> {
        let (caller, request) = self.admit(request, &[ApiKeyScope::Admin]).await?;
        let project = names::optional_project("project", &request.project)?;
        let size = page_size(request.page_size);
        let page = self.directory.list_keys(&caller, project.as_ref(), size, &request.page_token).await?;
        let api_keys = page.items.iter().map(key_to_wire).collect();
        Ok(Response::new(v1::ListApiKeysResponse { api_keys, next_page_token: page.next_token }))
    }

    async fn revoke_api_key(
        &self,
        request: Request<v1::RevokeApiKeyRequest>,
    ) -> Result<Response<v1::RevokeApiKeyResponse>, Status> {
        let (caller, request) = self.admit(request, &[ApiKeyScope::Admin]).await?;
        let key = self.directory.revoke_key(&caller, &names::key("name", &request.name)?).await?;
        Ok(Response::new(v1::RevokeApiKeyResponse { api_key: Some(key_to_wire(&key)) }))
    }

    async fn update_project(
        &self,
        _: Request<v1::UpdateProjectRequest>,
    ) -> Result<Response<v1::UpdateProjectResponse>, Status> {
        Err(Status::unimplemented("STUB"))
    }

    async fn list_ingest_counts(
        &self,
        _: Request<v1::ListIngestCountsRequest>,
    ) -> Result<Response<v1::ListIngestCountsResponse>, Status> {
        Err(Status::unimplemented("STUB"))
    }

    async fn trace_event(&self, _: Request<v1::TraceEventRequest>) -> Result<Response<v1::TraceEventResponse>, Status> {
        Err(Status::unimplemented("STUB"))
    }

    async fn update_api_key(
        &self,
        _: Request<v1::UpdateApiKeyRequest>,
    ) -> Result<Response<v1::UpdateApiKeyResponse>, Status> {
        Err(Status::unimplemented("STUB"))
    }

    async fn rotate_api_key(
        &self,
        _: Request<v1::RotateApiKeyRequest>,
    ) -> Result<Response<v1::RotateApiKeyResponse>, Status> {
        Err(Status::unimplemented("STUB"))
    }
}
