//! A server of the ingest service on a port, and a client that streams to it.

use std::{net::SocketAddr, time::Duration};

use analytics_collector::StreamLimits;
use analytics_proto::v1::{
    self, ingest_service_client::IngestServiceClient, ingest_service_server::IngestServiceServer,
    track_stream_response::Result as Answer,
};
use analytics_rpc::{Drain, EdgeLayer, Limits, TrustedProxies, serve};
use futures::Stream;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Status, Streaming, service::Routes, transport::Channel};
use tower::Layer as _;

use crate::world::{Sender, World};

/// A server over a world's collector. It serves until it is drained or the test ends.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) drain: Drain,
    pub(crate) ended: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(world: &World, streams: StreamLimits) -> Self {
        let limits = Limits { grace: Duration::from_secs(3600), ..Limits::default() };
        let service =
            IngestServiceServer::new(world.ingest(streams)).max_decoding_message_size(limits.ingest_request_bytes);
        let service = EdgeLayer::new(&limits).layer(Routes::new(service).into_axum_router());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let drain = Drain::new(limits.grace);
        let draining = drain.clone();
        let ended =
            tokio::spawn(async move { serve(listener, service, &limits, TrustedProxies::none(), &draining).await });
        Self { address, drain, ended }
    }

    pub(crate) async fn client(&self) -> IngestServiceClient<Channel> {
        IngestServiceClient::connect(format!("http://{}", self.address)).await.expect("it listens")
    }

    /// Opens a stream of these messages.
    pub(crate) async fn open_with(
        &self,
        sender: &Sender,
        messages: impl Stream<Item = v1::TrackStreamRequest> + Send + 'static,
    ) -> Result<Streaming<v1::TrackStreamResponse>, Status> {
        let answers = self.client().await.track_stream(sender.request(messages)).await?;
        Ok(answers.into_inner())
    }

    /// Opens a stream to which messages are handed one by one.
    pub(crate) async fn open(&self, sender: &Sender) -> Client {
        let (messages, taken) = mpsc::unbounded_channel();
        let answers = self.open_with(sender, UnboundedReceiverStream::new(taken)).await.expect("a good key");
        Client { messages: Some(messages), answers }
    }
}

/// An open stream.
pub(crate) struct Client {
    messages: Option<mpsc::UnboundedSender<v1::TrackStreamRequest>>,
    answers: Streaming<v1::TrackStreamResponse>,
}

impl Client {
    pub(crate) fn send(&self, batch_number: i64, batch: v1::TrackRequest) {
        let message = v1::TrackStreamRequest { batch_number, batch: Some(batch) };
        // When the stream has ended, its status tells why.
        let _ = self.messages.as_ref().expect("not closed").send(message);
    }

    /// Says that there is no more.
    pub(crate) fn close(&mut self) {
        self.messages = None;
    }

    /// The next answer; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Answer>, Status> {
        Ok(self.answers.message().await?.map(|answer| answer.result.expect("an answer")))
    }

    pub(crate) async fn verdicts(&mut self) -> (i64, v1::TrackResponse) {
        match self.next().await.expect("the stream goes on").expect("an answer") {
            Answer::Verdicts(verdicts) => (verdicts.batch_number, verdicts.response.expect("verdicts")),
            other => panic!("no verdicts: {other:?}"),
        }
    }

    pub(crate) async fn refusal(&mut self) -> v1::BatchRefusal {
        match self.next().await.expect("the stream goes on").expect("an answer") {
            Answer::Refusal(refusal) => refusal,
            other => panic!("no refusal: {other:?}"),
        }
    }

    /// The status that ends the stream, and the numbers of the batches that were answered before.
    pub(crate) async fn failure(&mut self) -> (Vec<i64>, Status) {
        let mut answered = Vec::new();
        loop {
            match self.next().await {
                Ok(Some(Answer::Verdicts(verdicts))) => answered.push(verdicts.batch_number),
                Ok(other) => panic!("it did not fail: {other:?}"),
                Err(status) => return (answered, status),
            }
        }
    }
}
