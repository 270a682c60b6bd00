//! The limits beside which taking events is measured: servers that do nothing but what nobody can leave out.

use std::net::SocketAddr;

use analytics_proto::v1::{
    self,
    ingest_service_server::{IngestService, IngestServiceServer},
};
use anyhow::Result;
use clap::{Args, ValueEnum};
use futures::stream::BoxStream;
use prost::Message as _;
use redis::aio::ConnectionManager;
use tonic::{Request, Response, Status, Streaming, transport::Server};

/// A peer and where it listens.
#[derive(Debug, Args)]
pub(crate) struct PeerOptions {
    /// What it does with a batch.
    pub(crate) deed: Deed,
    /// Its address.
    pub(crate) listen: SocketAddr,
    /// The stream that gets the entries; in the environment is its server, for its address may hold a password.
    #[arg(long)]
    pub(crate) stream: Option<String>,
}

/// What a peer does with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deed {
    /// Decodes it, as the framework does, and answers nothing.
    Decode,
    /// Decodes it, forgets who sent it, encodes it again and appends that to a stream of Redis.
    Append,
}

struct Peer {
    /// Where to append; none appends nowhere.
    log: Option<(ConnectionManager, String)>,
}

/// Serves until this process is ended.
pub(crate) fn run(options: &PeerOptions) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let log = match (options.deed, &options.stream) {
            (Deed::Append, Some(stream)) => {
                let client = redis::Client::open(analytics_testkit::servers::redis_url())?;
                Some((client.get_connection_manager().await?, stream.clone()))
            }
            (Deed::Append, None) => anyhow::bail!("`append` needs --stream"),
            (Deed::Decode, _) => None,
        };
        let service = IngestServiceServer::new(Peer { log });
        Ok(Server::builder().add_service(service).serve(options.listen).await?)
    })
}

#[tonic::async_trait]
impl IngestService for Peer {
    async fn track(&self, request: Request<v1::TrackRequest>) -> Result<Response<v1::TrackResponse>, Status> {
        let Some((connection, stream)) = &self.log else { return Ok(Response::new(v1::TrackResponse::default())) };
        let mut batch = request.into_inner();
        batch.events.iter_mut().for_each(|event| event.client = None);
        let mut append = redis::cmd("XADD");
        append.arg(stream).arg("*").arg("b").arg(batch.encode_to_vec());
        let appended: Result<(), redis::RedisError> = append.query_async(&mut connection.clone()).await;
        appended.map_err(|error| Status::unavailable(error.to_string()))?;
        Ok(Response::new(v1::TrackResponse::default()))
    }

    type TrackStreamStream = BoxStream<'static, Result<v1::TrackStreamResponse, Status>>;

    async fn track_stream(
        &self,
        _: Request<Streaming<v1::TrackStreamRequest>>,
    ) -> Result<Response<Self::TrackStreamStream>, Status> {
        Err(Status::unimplemented("nothing here is measured by streams"))
    }
}
