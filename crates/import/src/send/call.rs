//! The calls of an import, each repeated while the server cannot be reached.

use std::{sync::Arc, time::Duration};

use analytics_proto::v1::{
    self, ErrorReason, import_service_client::ImportServiceClient, ingest_service_client::IngestServiceClient,
};
use tonic::{
    Code, Request, Response, Status,
    metadata::{Ascii, MetadataValue},
    transport::Channel,
};
use tonic_types::StatusExt as _;

use super::{backoff::Backoff, batch::Outgoing, tally::Tally};
use crate::{ImportError, ImportTarget, Progress};

/// No single call waits longer for an answer.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// The server of an import.
pub(super) struct Calls {
    imports: ImportServiceClient<Channel>,
    ingest: IngestServiceClient<Channel>,
    bearer: MetadataValue<Ascii>,
    project: String,
    patience: Duration,
    progress: Arc<dyn Progress>,
}

impl Calls {
    pub(super) fn new(
        target: ImportTarget,
        patience: Duration,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, ImportError> {
        let bearer = format!("Bearer {}", target.key).parse().map_err(|_| ImportError::Key)?;
        Ok(Self {
            imports: ImportServiceClient::new(target.channel.clone()),
            ingest: IngestServiceClient::new(target.channel),
            bearer,
            project: format!("projects/{}", target.project),
            patience,
            progress,
        })
    }

    /// Starts an import or goes on with a running one: its name, and whether it was running.
    pub(super) async fn create(&self, import_id: &str, include_bots: bool) -> Result<(String, bool), ImportError> {
        let request =
            v1::CreateImportRequest { parent: self.project.clone(), import_id: import_id.to_owned(), include_bots };
        let response = self.call(request, |request| {
            let mut client = self.imports.clone();
            async move { client.create_import(request).await }
        });
        let response = response.await.map_err(ImportError::from)?;
        let name = format!("{}/imports/{import_id}", self.project);
        Ok((response.import.map_or(name, |import| import.name), response.resumed))
    }

    /// Sends a batch until every event has a verdict.
    pub(super) async fn track(
        &self,
        import: &str,
        mut batch: Vec<Outgoing>,
        tally: &mut Tally,
    ) -> Result<(), ImportError> {
        let mut backoff = Backoff::new(self.patience);
        loop {
            let response = self.track_once(import, &batch).await?;
            if response.verdicts.len() != batch.len() {
                return Err(ImportError::Verdicts { verdicts: response.verdicts.len(), events: batch.len() });
            }
            let mut asked = Duration::ZERO;
            let mut again = Vec::new();
            for (outgoing, verdict) in batch.into_iter().zip(response.verdicts) {
                if verdict.verdict() == v1::Verdict::Retry {
                    asked = asked.max(delay_of(verdict.retry_after));
                    again.push(outgoing);
                } else {
                    tally.count(verdict, outgoing.place);
                }
            }
            if again.is_empty() {
                return Ok(());
            }
            batch = again;
            let Some(delay) = backoff.next(asked) else {
                return Err(gave_up(&backoff, "it asks to send the same events later".to_owned()));
            };
            tokio::time::sleep(delay).await;
        }
    }

    async fn track_once(&self, import: &str, batch: &[Outgoing]) -> Result<v1::TrackResponse, ImportError> {
        let mut request = v1::TrackRequest {
            project: self.project.clone(),
            events: batch.iter().map(|outgoing| outgoing.event.clone()).collect(),
            import: import.to_owned(),
            ..v1::TrackRequest::default()
        };
        request.set_ack_level(v1::AckLevel::Committed);
        let response = self.call(request, |request| {
            let mut client = self.ingest.clone();
            async move { client.track(request).await }
        });
        response.await.map_err(|failure| failure.about(import))
    }

    /// Ends the import. When its end is not known, another start of the same command finds out.
    pub(super) async fn finish(&self, import: &str) -> Result<(), ImportError> {
        let request = v1::FinishImportRequest { name: import.to_owned() };
        let finished = self.call(request, |request| {
            let mut client = self.imports.clone();
            async move { client.finish_import(request).await }
        });
        match finished.await {
            // The answer to an earlier attempt was lost.
            Err(Failure::Refused(status)) if reason_of(&status) == Some(ErrorReason::ImportNotFound) => Ok(()),
            other => other.map(|_| ()).map_err(ImportError::from),
        }
    }

    /// Makes a call, again and again while the server cannot be reached. Every call of an import may be repeated.
    async fn call<Req, Res, Sent>(&self, message: Req, send: impl Fn(Request<Req>) -> Sent) -> Result<Res, Failure>
    where
        Req: Clone,
        Sent: Future<Output = Result<Response<Res>, Status>>,
    {
        let mut backoff = Backoff::new(self.patience);
        let mut failed_before = false;
        loop {
            let mut request = Request::new(message.clone());
            request.metadata_mut().insert("authorization", self.bearer.clone());
            request.set_timeout(CALL_TIMEOUT);
            let status = match send(request).await {
                Ok(response) => {
                    if failed_before {
                        self.progress.message("The server answers again.");
                    }
                    return Ok(response.into_inner());
                }
                Err(status) if may_pass(&status) => status,
                Err(status) => return Err(Failure::Refused(Box::new(status))),
            };
            let cause = cause_of(&status);
            let asked = status.get_details_retry_info().and_then(|info| info.retry_delay).unwrap_or_default();
            let Some(delay) = backoff.next(asked) else {
                return Err(Failure::GaveUp(gave_up(&backoff, cause)));
            };
            if !failed_before {
                failed_before = true;
                let patience = self.patience.as_secs();
                self.progress
                    .message(&format!("The server does not answer ({cause}); trying again for up to {patience} s."));
            }
            tokio::time::sleep(delay).await;
        }
    }
}

fn gave_up(backoff: &Backoff, cause: String) -> ImportError {
    ImportError::GaveUp { waited: backoff.waited(), cause }
}

/// How a call failed for good.
enum Failure {
    Refused(Box<Status>),
    GaveUp(ImportError),
}

impl Failure {
    /// The error of a call that belongs to a running import.
    fn about(self, import: &str) -> ImportError {
        match self {
            Self::Refused(status) if reason_of(&status) == Some(ErrorReason::ImportNotFound) => {
                ImportError::Expired { import: import.to_owned() }
            }
            other => other.into(),
        }
    }
}

impl From<Failure> for ImportError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(status) => Self::Refused { status },
            Failure::GaveUp(error) => error,
        }
    }
}

/// Whether the same call may succeed later. What a server answers has details; what has none comes from a broken connection.
fn may_pass(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => true,
        Code::Unknown | Code::Internal => status.details().is_empty(),
        _ => false,
    }
}

fn reason_of(status: &Status) -> Option<ErrorReason> {
    ErrorReason::from_str_name(&status.get_details_error_info()?.reason)
}

/// The innermost cause of a broken connection says most.
fn cause_of(status: &Status) -> String {
    let mut cause: &dyn std::error::Error = status;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if std::ptr::addr_eq(cause, status) { status.message().to_owned() } else { cause.to_string() }
}

fn delay_of(delay: Option<pbjson_types::Duration>) -> Duration {
    let delay = delay.unwrap_or_default();
    Duration::new(u64::try_from(delay.seconds).unwrap_or(0), u32::try_from(delay.nanos).unwrap_or(0))
}
