//! The service of the contract: check, convert, ask the engine, convert.

use std::sync::Arc;

use analytics_domain::{ApiKeyScope, Clock, QueryScope};
use analytics_engine::{Engine, EngineError};
use analytics_proto::{
    v1::{self, query_service_server::QueryService},
    validation::Validate,
};
use analytics_rpc::{Authenticator, RpcError, check, deadline_of, names};
use tokio::time::Instant;
use tonic::{Request, Response, Status, metadata::MetadataMap};

use crate::conversion::{InvalidField, answer, scope, spec};

impl From<InvalidField> for RpcError {
    fn from(invalid: InvalidField) -> Self {
        Self::invalid_field(invalid.field, invalid.description)
    }
}

/// What the engine says, in the terms of the error table.
fn engine_error(error: EngineError) -> RpcError {
    match error {
        EngineError::NotComputable { field, reason } => RpcError::NotComputable { field, message: reason },
        EngineError::TooManyBuckets(error) => RpcError::invalid_field("trend.unit", error.to_string()),
        EngineError::DeadlineExceeded => RpcError::DeadlineExceeded,
        EngineError::Store(error) => error.into(),
        EngineError::PastKeptChanging | EngineError::Unsettled(_) => RpcError::overloaded(error.to_string()),
    }
}

/// `QueryService` over an engine.
pub struct QueryGrpc {
    engine: Arc<Engine>,
    authenticator: Authenticator,
    clock: Arc<dyn Clock>,
}

impl QueryGrpc {
    /// The service.
    pub fn new(engine: Arc<Engine>, authenticator: Authenticator, clock: Arc<dyn Clock>) -> Self {
        Self { engine, authenticator, clock }
    }

    /// Checks the key and the request and takes the scope out: there is no other way to one, so no question without a project
    /// that the caller's key gives.
    async fn scope(
        &self,
        metadata: &MetadataMap,
        request: &impl Validate,
        scope: Option<v1::QueryScope>,
    ) -> Result<QueryScope, RpcError> {
        let caller = self.authenticator.authenticate(metadata, &[ApiKeyScope::Query]).await?;
        check(request)?;
        let scope = scope.unwrap_or_default();
        let name = names::project("scope.project", &scope.project)?;
        let project = caller.project(Some(&name)).await?;
        Ok(scope::scope_of(scope, project.as_ref().clone(), self.clock.now().to_millis())?)
    }

    async fn totals(
        &self,
        metadata: &MetadataMap,
        request: v1::QueryTotalsRequest,
    ) -> Result<v1::QueryTotalsResponse, RpcError> {
        let scope = self.scope(metadata, &request, request.scope.clone()).await?;
        let spec = spec::totals_of(request.totals.unwrap_or_default())?;
        let totals = self.engine.totals(&scope, &spec, deadline(metadata)).await.map_err(engine_error)?;
        Ok(answer::totals_response(totals))
    }

    async fn trend(
        &self,
        metadata: &MetadataMap,
        request: v1::QueryTrendRequest,
    ) -> Result<v1::QueryTrendResponse, RpcError> {
        let scope = self.scope(metadata, &request, request.scope.clone()).await?;
        let spec = spec::trend_of(request.trend.unwrap_or_default())?;
        let trend = self.engine.trend(&scope, &spec, deadline(metadata)).await.map_err(engine_error)?;
        Ok(answer::trend_response(trend))
    }

    async fn breakdown(
        &self,
        metadata: &MetadataMap,
        request: v1::QueryBreakdownRequest,
    ) -> Result<v1::QueryBreakdownResponse, RpcError> {
        let scope = self.scope(metadata, &request, request.scope.clone()).await?;
        let spec = spec::breakdown_of(request.breakdown.unwrap_or_default())?;
        let breakdown = self.engine.breakdown(&scope, &spec, deadline(metadata)).await.map_err(engine_error)?;
        Ok(answer::breakdown_response(breakdown))
    }
}

#[tonic::async_trait]
impl QueryService for QueryGrpc {
    async fn query_totals(
        &self,
        request: Request<v1::QueryTotalsRequest>,
    ) -> Result<Response<v1::QueryTotalsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        Ok(Response::new(self.totals(&metadata, request).await?))
    }

    async fn query_trend(
        &self,
        request: Request<v1::QueryTrendRequest>,
    ) -> Result<Response<v1::QueryTrendResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        Ok(Response::new(self.trend(&metadata, request).await?))
    }

    async fn query_breakdown(
        &self,
        request: Request<v1::QueryBreakdownRequest>,
    ) -> Result<Response<v1::QueryBreakdownResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        Ok(Response::new(self.breakdown(&metadata, request).await?))
    }
}

/// The instant by which the answer must be there.
fn deadline(metadata: &MetadataMap) -> Option<Instant> {
    Some(deadline_of(metadata, Instant::now()))
}
