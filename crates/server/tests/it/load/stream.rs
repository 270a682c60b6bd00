//! A client that sends batches over a stream. When it breaks, it opens another one and sends again what was not answered.

use std::{collections::BTreeMap, time::Duration};

use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient, track_stream_response::Result as Answer};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming, transport::Channel};

use super::{Attempt, Failed, Shared, delay};
use crate::calls::by;

/// So many batches of a stream wait for their answer.
const WINDOW: usize = 3;

/// Batches that are to be sent, and those whose answer is not there, by their numbers in the stream that is open.
struct Client<'a> {
    shared: &'a Shared,
    number: u64,
    next_batch: u64,
    last_sent: i64,
    unanswered: BTreeMap<i64, (v1::TrackRequest, Attempt)>,
    /// To be sent before anything new: nobody knows what became of them, or the server asked for them again.
    again: Vec<(v1::TrackRequest, Option<Failed>)>,
}

/// An open stream.
struct Open {
    batches: mpsc::Sender<v1::TrackStreamRequest>,
    answers: Streaming<v1::TrackStreamResponse>,
    /// The server takes no more of this stream, and asks to wait so long before the next one.
    ending: Option<Duration>,
}

pub(super) async fn client(shared: &Shared, number: u64, channels: &[Channel]) {
    let mut client =
        Client { shared, number, next_batch: 0, last_sent: 0, unanswered: BTreeMap::new(), again: Vec::new() };
    for channel in channels.iter().cycle() {
        if client.is_done() {
            return;
        }
        let pause = match client.open(channel.clone()).await {
            Ok(stream) => client.exchange(stream).await,
            Err(status) => shared.delay_of(&status),
        };
        client.give_up_waiting();
        tokio::time::sleep(pause).await;
    }
}

impl Client<'_> {
    fn is_done(&self) -> bool {
        self.shared.is_over() && self.unanswered.is_empty() && self.again.is_empty()
    }

    async fn open(&mut self, channel: Channel) -> Result<Open, Status> {
        let (batches, requests) = mpsc::channel(WINDOW);
        self.last_sent = 0;
        // A server may answer the opening with the first batch only.
        self.fill(&batches);
        let mut service = IngestServiceClient::new(channel);
        let answers = service.track_stream(by(&self.shared.key, ReceiverStream::new(requests))).await?.into_inner();
        Ok(Open { batches, answers, ending: None })
    }

    /// Sends until the window is full. New batches only until the load is over.
    fn fill(&mut self, batches: &mpsc::Sender<v1::TrackStreamRequest>) {
        while self.unanswered.len() < WINDOW {
            let (request, earlier) = match self.again.pop() {
                Some(again) => again,
                None if self.shared.is_over() => return,
                None => {
                    let batch = self.next_batch;
                    self.next_batch += 1;
                    (self.shared.request(self.number, batch), None)
                }
            };
            let attempt = self.shared.begin(&request, earlier);
            self.last_sent += 1;
            let numbered = v1::TrackStreamRequest { batch_number: self.last_sent, batch: Some(request.clone()) };
            self.unanswered.insert(self.last_sent, (request, attempt));
            // The window is no larger than the channel, and a stream that ended is told by its answers.
            let _ = batches.try_send(numbered);
        }
    }

    /// Returns how long to wait before opening another one.
    async fn exchange(&mut self, mut stream: Open) -> Duration {
        loop {
            if stream.ending.is_none() {
                self.fill(&stream.batches);
            }
            if self.is_done() {
                return Duration::ZERO;
            }
            match stream.answers.message().await {
                Ok(Some(v1::TrackStreamResponse { result: Some(answer) })) => match answer {
                    Answer::Verdicts(verdicts) => self.verdicts(verdicts),
                    Answer::Refusal(refusal) => tokio::time::sleep(self.refused(&refusal)).await,
                    Answer::Ending(ending) => {
                        stream.ending = Some(ending.retry_after.map_or(Duration::ZERO, delay));
                    }
                },
                Ok(Some(answer)) => panic!("an answer without a result: {answer:?}"),
                Ok(None) => return stream.ending.unwrap_or_default(),
                Err(status) => return self.shared.delay_of(&status),
            }
        }
    }

    fn verdicts(&mut self, verdicts: v1::BatchVerdicts) {
        let (mut request, attempt) = self.taken(verdicts.batch_number);
        let response = verdicts.response.expect("verdicts hold an answer");
        request.events = self.shared.answered(attempt, request.events, response);
        if !request.events.is_empty() {
            self.again.push((request, None));
        }
    }

    fn refused(&mut self, refusal: &v1::BatchRefusal) -> Duration {
        let (request, attempt) = self.taken(refusal.batch_number);
        let retry_after = refusal.retry_after.unwrap_or_else(|| panic!("a batch was refused for good: {refusal:?}"));
        let failed = self.shared.failed(attempt);
        self.again.push((request, Some(failed)));
        delay(retry_after)
    }

    fn taken(&mut self, batch_number: i64) -> (v1::TrackRequest, Attempt) {
        self.unanswered.remove(&batch_number).unwrap_or_else(|| panic!("nobody waits for batch {batch_number}"))
    }

    /// The stream is over: what was not answered has to be sent again.
    fn give_up_waiting(&mut self) {
        for (request, attempt) in std::mem::take(&mut self.unanswered).into_values() {
            let failed = self.shared.failed(attempt);
            self.again.push((request, Some(failed)));
        }
    }
}
