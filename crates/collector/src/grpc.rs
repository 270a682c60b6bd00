//! The services of the contract: check, convert, call, convert.

use std::sync::Arc;

use analytics_domain::{ApiKeyScope, ImportId, Micros, Millis, Project, ProjectName, ports::ImportKey};
use analytics_privacy::ConsentSignals;
use analytics_proto::v1::{self, import_service_server::ImportService, ingest_service_server::IngestService};
use analytics_rpc::{Authenticator, Caller, ClientAddress, RpcError, check, deadline_of, names};
use prost::Message as _;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Extensions, Request, Response, Status, Streaming, metadata::MetadataMap};

use crate::{
    CollectError, Collector,
    batch::{BatchContext, Bots, Connection, Origin},
    collector::Prepared,
    conversion::micros_of,
    stream::{BatchStream, Places, Refused, StreamLimits},
};

impl From<CollectError> for RpcError {
    fn from(error: CollectError) -> Self {
        match error {
            CollectError::Ephemeral(error) => error.into(),
            CollectError::Catalog(error) => error.into(),
            CollectError::Log(error) => error.into(),
        }
    }
}

/// `IngestService` over a collector.
pub struct IngestGrpc(Arc<Ingest>);

/// What calls and streams share.
pub(crate) struct Ingest {
    pub(crate) collector: Arc<Collector>,
    authenticator: Authenticator,
    pub(crate) streams: Streams,
}

/// What streams share.
pub(crate) struct Streams {
    pub(crate) limits: StreamLimits,
    /// Bytes that all of them may still hold.
    bytes: Arc<Semaphore>,
    places: Places,
}

impl Streams {
    fn new(limits: StreamLimits) -> Self {
        Self { bytes: Arc::new(Semaphore::new(limits.bytes_of_all)), places: Places::default(), limits }
    }
}

impl IngestGrpc {
    /// The service.
    pub fn new(collector: Arc<Collector>, authenticator: Authenticator, streams: StreamLimits) -> Self {
        Self(Arc::new(Ingest { collector, authenticator, streams: Streams::new(streams) }))
    }
}

impl Ingest {
    /// Whoever sends events. Not being able to tell is no verdict about the key.
    pub(crate) async fn caller(&self, metadata: &MetadataMap) -> Result<Caller, Refused> {
        let caller = self.authenticator.authenticate(metadata, &[ApiKeyScope::Ingest, ApiKeyScope::Import]).await;
        caller.map_err(|error| match error.code() {
            Code::Unauthenticated | Code::PermissionDenied => Refused::Key(error),
            _ => Refused::Batch(error),
        })
    }

    async fn batch(
        &self,
        metadata: &MetadataMap,
        extensions: &Extensions,
        request: &v1::TrackRequest,
    ) -> Result<BatchContext, Refused> {
        // First: what is waited for below would count as skew of the sender's clock.
        let received_at = self.collector.clock().now();
        let caller = self.caller(metadata).await?;
        self.context(&caller, metadata, extensions, request, received_at).await.map_err(Refused::Batch)
    }

    async fn context(
        &self,
        caller: &Caller,
        metadata: &MetadataMap,
        extensions: &Extensions,
        request: &v1::TrackRequest,
        received_at: Micros,
    ) -> Result<BatchContext, RpcError> {
        check(request)?;
        caller.admit(request.events.len(), || request.encoded_len())?;
        let project = caller.project(names::optional_project("project", &request.project)?.as_ref()).await?;
        Ok(BatchContext {
            origin: self.origin(caller, &project, request, || connection_of(metadata, extensions)).await?,
            project,
            received_at,
            sent_at: sent_at_of(request)?,
        })
    }

    async fn origin(
        &self,
        caller: &Caller,
        project: &Project,
        request: &v1::TrackRequest,
        connection: impl FnOnce() -> Connection,
    ) -> Result<Origin, RpcError> {
        let may_import = caller.has_scope(ApiKeyScope::Import);
        match (request.import.as_str(), may_import) {
            ("", true) => Ok(Origin::OnBehalf),
            ("", false) => Ok(Origin::Connection(connection())),
            (_, false) => Err(RpcError::FieldNotAllowed { field: "import".to_owned(), required: ApiKeyScope::Import }),
            (import, true) => {
                let (name, import) = names::import("import", import)?;
                if name != project.name {
                    let description =
                        format!("belongs to another project than the batch (`projects/{}`)", project.name);
                    return Err(RpcError::invalid_field("import", description));
                }
                Ok(self.collector.import_origin(ImportKey { project: project.id, import }).await?)
            }
        }
    }

    /// Checks a batch of a stream and makes it ready to be appended, with its share of what all streams may hold.
    pub(crate) async fn make_ready(
        &self,
        metadata: &MetadataMap,
        extensions: &Extensions,
        request: Option<v1::TrackRequest>,
        bytes: usize,
    ) -> Result<(Box<Prepared>, OwnedSemaphorePermit), Refused> {
        let missing = || RpcError::invalid_field("batch", "is required: put the events there");
        let request = request.ok_or_else(missing).map_err(Refused::Batch)?;
        let share = u32::try_from(bytes.min(self.streams.limits.bytes_of_all)).unwrap_or(u32::MAX);
        let permit = self.streams.bytes.clone().acquire_many_owned(share).await;
        let permit = permit.map_err(|_| Refused::Batch(RpcError::internal("the streams' share was closed")))?;
        let batch = self.batch(metadata, extensions, &request).await?;
        let prepared = self.collector.prepare(batch, request.into()).await;
        Ok((Box::new(prepared.map_err(|error| Refused::Batch(error.into()))?), permit))
    }
}

impl From<Refused> for RpcError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Key(error) | Refused::Batch(error) => error,
        }
    }
}

#[tonic::async_trait]
impl IngestService for IngestGrpc {
    async fn track(&self, request: Request<v1::TrackRequest>) -> Result<Response<v1::TrackResponse>, Status> {
        let (metadata, extensions, request) = request.into_parts();
        let deadline = deadline_of(&metadata, Instant::now());
        let batch = self.0.batch(&metadata, &extensions, &request).await.map_err(RpcError::from)?;
        let response = self.0.collector.track(batch, request.into(), deadline).await.map_err(RpcError::from)?;
        Ok(Response::new(response))
    }

    type TrackStreamStream = ReceiverStream<Result<v1::TrackStreamResponse, Status>>;

    async fn track_stream(
        &self,
        request: Request<Streaming<v1::TrackStreamRequest>>,
    ) -> Result<Response<Self::TrackStreamStream>, Status> {
        let caller = self.0.caller(request.metadata()).await.map_err(RpcError::from)?;
        let Streams { limits, places, .. } = &self.0.streams;
        let place = places.take(&caller.key().id, limits.of_key)?;
        let (answers, taken_up) = mpsc::channel(1);
        let stream = BatchStream::new(self.0.clone(), place, request, answers);
        // In a task of its own: appends must not depend on whether the client takes its answers.
        tokio::spawn(stream.run());
        Ok(Response::new(ReceiverStream::new(taken_up)))
    }
}

fn sent_at_of(request: &v1::TrackRequest) -> Result<Option<Micros>, RpcError> {
    let sent_at = request.sent_at.map(|sent_at| {
        micros_of(sent_at).ok_or_else(|| RpcError::invalid_field("sent_at", "is no instant of the years 1 to 9999"))
    });
    sent_at.transpose()
}

/// The other end of the connection, or of the one before a gateway that this server trusts to have put its address in.
fn connection_of(metadata: &MetadataMap, extensions: &Extensions) -> Connection {
    let header = |name: &str| metadata.get(name).and_then(|value| value.to_str().ok());
    let address = extensions.get::<ClientAddress>().map(|client| client.0);
    let user_agent = header("user-agent").filter(|user_agent| !user_agent.is_empty()).map(Arc::from);
    Connection { address, user_agent, signals: ConsentSignals::from_headers(header("dnt"), header("sec-gpc")) }
}

/// `ImportService` over a collector.
pub struct ImportGrpc {
    collector: Arc<Collector>,
    authenticator: Authenticator,
}

impl ImportGrpc {
    /// The service.
    pub fn new(collector: Arc<Collector>, authenticator: Authenticator) -> Self {
        Self { collector, authenticator }
    }

    async fn project(&self, metadata: &MetadataMap, name: &ProjectName) -> Result<Arc<Project>, RpcError> {
        self.authenticator.authenticate(metadata, &[ApiKeyScope::Import]).await?.project(Some(name)).await
    }

    async fn create(
        &self,
        metadata: &MetadataMap,
        request: v1::CreateImportRequest,
    ) -> Result<v1::CreateImportResponse, RpcError> {
        check(&request)?;
        let name = names::project("parent", &request.parent)?;
        let project = self.project(metadata, &name).await?;
        let import = request.import_id.parse::<ImportId>();
        let import = import.map_err(|error| RpcError::invalid_field("import_id", error.to_string()))?;
        let key = ImportKey { project: project.id, import };
        let bots = if request.include_bots { Bots::Count } else { Bots::Filter };
        let (running, resumed) = self.collector.open_import(&key, bots).await?;
        let import = v1::Import {
            name: names::of_import(&project.name, &key.import),
            create_time: Some(timestamp(running.create_time)),
            expire_time: Some(timestamp(running.expire_time)),
        };
        Ok(v1::CreateImportResponse { import: Some(import), resumed })
    }

    async fn finish(&self, metadata: &MetadataMap, request: v1::FinishImportRequest) -> Result<(), RpcError> {
        check(&request)?;
        let (name, import) = names::import("name", &request.name)?;
        let project = self.project(metadata, &name).await?;
        Ok(self.collector.close_import(&ImportKey { project: project.id, import }).await?)
    }
}

#[tonic::async_trait]
impl ImportService for ImportGrpc {
    async fn create_import(
        &self,
        request: Request<v1::CreateImportRequest>,
    ) -> Result<Response<v1::CreateImportResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        Ok(Response::new(self.create(&metadata, request).await?))
    }

    async fn finish_import(
        &self,
        request: Request<v1::FinishImportRequest>,
    ) -> Result<Response<v1::FinishImportResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        self.finish(&metadata, request).await?;
        Ok(Response::new(v1::FinishImportResponse {}))
    }
}

fn timestamp(time: Millis) -> pbjson_types::Timestamp {
    let nanos = time.0.rem_euclid(1000) as i32 * 1_000_000;
    pbjson_types::Timestamp { seconds: time.0.div_euclid(1000), nanos }
}
