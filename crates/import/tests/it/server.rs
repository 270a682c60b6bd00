//! A server of the contract in this process. It keeps identities like the real one and fails when told to.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use analytics_import::{ImportTarget, Progress};
use analytics_proto::v1::{
    self, import_service_server::ImportService, import_service_server::ImportServiceServer,
    ingest_service_server::IngestService, ingest_service_server::IngestServiceServer,
};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{
    Code, Request, Response, Status,
    transport::{Channel, Server},
};
use tonic_types::{ErrorDetails, StatusExt as _};

/// What the server saw and will do.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) imports: Vec<v1::CreateImportRequest>,
    pub(crate) running: HashSet<String>,
    pub(crate) finished: Vec<String>,
    pub(crate) batches: Vec<v1::TrackRequest>,
    pub(crate) keys: HashSet<String>,
    /// The answers to the next batches, instead of taking them; the batch is taken first where `Lost` says so.
    pub(crate) script: VecDeque<Act>,
    stored: HashSet<(String, i64, i32)>,
}

/// What to do with a batch.
pub(crate) enum Act {
    /// Fail with this status.
    Fail(Status),
    /// Take the batch, but fail as if the answer were lost.
    LoseAnswer,
    /// Ask to send the events from this index on again.
    RetryFrom(usize),
    /// Take it.
    Take,
}

/// A handle to the server.
#[derive(Clone, Default)]
pub(crate) struct TestServer(pub(crate) Arc<Mutex<State>>);

impl TestServer {
    /// Serves on a free port until the test ends.
    pub(crate) async fn start(&self) -> Channel {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::builder()
            .add_service(IngestServiceServer::new(self.clone()))
            .add_service(ImportServiceServer::new(self.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy()
    }

    pub(crate) async fn target(&self) -> ImportTarget {
        ImportTarget { channel: self.start().await, key: "secret".to_owned(), project: "web".to_owned() }
    }

    pub(crate) fn script(&self, acts: impl IntoIterator<Item = Act>) {
        self.0.lock().unwrap().script.extend(acts);
    }
}

/// A failure as the error table of the product makes it.
pub(crate) fn failure(code: Code, reason: v1::ErrorReason, message: &str) -> Status {
    let details = ErrorDetails::with_error_info(reason.as_str_name(), "analytics.v1", []);
    Status::with_error_details(code, message, details)
}

fn verdict(verdict: v1::Verdict) -> v1::EventVerdict {
    v1::EventVerdict { verdict: verdict.into(), ..v1::EventVerdict::default() }
}

impl State {
    /// Bots are filtered, events without an id rejected, and the others stored once.
    fn take(&mut self, event: &v1::Event) -> v1::EventVerdict {
        if event.client.as_ref().is_some_and(|client| client.user_agent.contains("bot")) {
            return v1::EventVerdict { filter_rule: v1::FilterRule::Bot.into(), ..verdict(v1::Verdict::Filtered) };
        }
        if event.event_id.is_empty() {
            return v1::EventVerdict {
                reason: v1::ErrorReason::InvalidField.into(),
                field: "event_id".to_owned(),
                description: "is no UUID".to_owned(),
                ..verdict(v1::Verdict::Rejected)
            };
        }
        let at = event.occurred_at.unwrap_or_default();
        let is_new = self.stored.insert((event.event_id.clone(), at.seconds, at.nanos));
        verdict(if is_new { v1::Verdict::Stored } else { v1::Verdict::Duplicate })
    }
}

#[tonic::async_trait]
impl IngestService for TestServer {
    type TrackStreamStream = tokio_stream::Empty<Result<v1::TrackStreamResponse, Status>>;

    async fn track_stream(
        &self,
        _: Request<tonic::Streaming<v1::TrackStreamRequest>>,
    ) -> Result<Response<Self::TrackStreamStream>, Status> {
        Err(Status::unimplemented("importers send calls"))
    }

    async fn track(&self, request: Request<v1::TrackRequest>) -> Result<Response<v1::TrackResponse>, Status> {
        let mut state = self.0.lock().unwrap();
        state.keys.extend(request.metadata().get("authorization").map(|key| key.to_str().unwrap().to_owned()));
        let request = request.into_inner();
        let act = state.script.pop_front().unwrap_or(Act::Take);
        if let Act::Fail(status) = act {
            return Err(status);
        }
        if !state.running.contains(&request.import) {
            return Err(failure(Code::NotFound, v1::ErrorReason::ImportNotFound, "no such import runs"));
        }
        let taken = if let Act::RetryFrom(index) = act { index } else { request.events.len() };
        let mut verdicts: Vec<_> = request.events[..taken].iter().map(|event| state.take(event)).collect();
        verdicts.resize(request.events.len(), verdict(v1::Verdict::Retry));
        state.batches.push(request);
        match act {
            Act::LoseAnswer => Err(Status::unavailable("the connection broke")),
            _ => Ok(Response::new(v1::TrackResponse { verdicts, ..v1::TrackResponse::default() })),
        }
    }
}

#[tonic::async_trait]
impl ImportService for TestServer {
    async fn create_import(
        &self,
        request: Request<v1::CreateImportRequest>,
    ) -> Result<Response<v1::CreateImportResponse>, Status> {
        let request = request.into_inner();
        let name = format!("{}/imports/{}", request.parent, request.import_id);
        let mut state = self.0.lock().unwrap();
        let resumed = !state.running.insert(name.clone());
        state.imports.push(request);
        let import = Some(v1::Import { name, ..v1::Import::default() });
        Ok(Response::new(v1::CreateImportResponse { import, resumed }))
    }

    async fn finish_import(
        &self,
        request: Request<v1::FinishImportRequest>,
    ) -> Result<Response<v1::FinishImportResponse>, Status> {
        let mut state = self.0.lock().unwrap();
        let name = request.into_inner().name;
        state.running.remove(&name);
        state.finished.push(name);
        Ok(Response::new(v1::FinishImportResponse {}))
    }
}

/// Keeps the messages of an import.
#[derive(Default)]
pub(crate) struct Messages(pub(crate) Mutex<Vec<String>>);

impl Progress for Messages {
    fn reading(&self, _: u64, _: Option<u64>) {}
    fn sending(&self, _: u64, _: u64) {}
    fn message(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
    fn finished(&self) {}
}
