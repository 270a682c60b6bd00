//! A collector that acknowledges before the append: it says ACCEPTED at once, and only then hands the batch to a real one.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use analytics_proto::v1::{
    self,
    ingest_service_client::IngestServiceClient,
    ingest_service_server::{IngestService, IngestServiceServer},
};
use tokio::{net::TcpListener, sync::oneshot};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{
    Request, Response, Status, Streaming,
    transport::{Channel, Server},
};

/// It ends when this is dropped.
pub(super) struct AcksFirst {
    address: SocketAddr,
    on_their_way: Arc<AtomicUsize>,
    _end: oneshot::Sender<()>,
}

struct Early {
    /// Batches that were acknowledged and not appended.
    on_their_way: Arc<AtomicUsize>,
    real: IngestServiceClient<Channel>,
}

impl AcksFirst {
    /// One in front of a real collector.
    pub(super) fn start(collector: &str) -> Self {
        let real = Channel::from_shared(collector.to_owned()).expect("a URL");
        let (end, ended) = oneshot::channel::<()>();
        let (told, address) = std::sync::mpsc::channel();
        let on_their_way = Arc::<AtomicUsize>::default();
        let counted = on_their_way.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
                told.send(listener.local_addr().expect("it listens")).expect("somebody waits");
                let early = Early { on_their_way: counted, real: IngestServiceClient::new(real.connect_lazy()) };
                let server = Server::builder().add_service(IngestServiceServer::new(early));
                let ended = async { drop(ended.await) };
                server.serve_with_incoming_shutdown(TcpListenerStream::new(listener), ended).await.expect("it serves");
            });
        });
        Self { address: address.recv().expect("it listens"), on_their_way, _end: end }
    }

    /// Waits until what was acknowledged is appended, or failed.
    pub(super) fn wait_until_done(&self) {
        while self.on_their_way.load(Ordering::SeqCst) > 0 {}
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

#[tonic::async_trait]
impl IngestService for Early {
    async fn track(&self, request: Request<v1::TrackRequest>) -> Result<Response<v1::TrackResponse>, Status> {
        let accepted = v1::EventVerdict { verdict: v1::Verdict::Accepted.into(), ..v1::EventVerdict::default() };
        let verdicts = vec![accepted; request.get_ref().events.len()];
        let (mut real, on_their_way) = (self.real.clone(), self.on_their_way.clone());
        on_their_way.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            // Whoever was told that it is safe does not ask what became of it.
            let _ = real.track(request).await;
            on_their_way.fetch_sub(1, Ordering::SeqCst);
        });
        Ok(Response::new(v1::TrackResponse { verdicts, ..v1::TrackResponse::default() }))
    }

    type TrackStreamStream = tokio_stream::Empty<Result<v1::TrackStreamResponse, Status>>;

    async fn track_stream(
        &self,
        _: Request<Streaming<v1::TrackStreamRequest>>,
    ) -> Result<Response<Self::TrackStreamStream>, Status> {
        Err(Status::unimplemented("clients call it"))
    }
}
