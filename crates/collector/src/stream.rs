//! `TrackStream`: batch after batch over one call, each answered once it is durable.
//!
//! One task per stream. It makes batches ready in their order, for sessions rest on it, and lets the appends overlap. It takes the next
//! message only while few batches wait for their answer; otherwise the messages stay with the client, whose writes then block by the flow
//! control of its connection. Nothing of a stream outlives it: what was not answered is sent again by the client.

mod answer;
mod limits;
mod places;

use std::{collections::VecDeque, sync::Arc};

use analytics_proto::v1;
use analytics_rpc::{ConnectionEnding, RpcError};
use futures::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use prost::Message as _;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until},
};
use tonic::{Code, Extensions, Request, Status, Streaming, metadata::MetadataMap};

use crate::{collector::Prepared, grpc::Ingest};

pub use limits::StreamLimits;
pub(crate) use places::{Place, Places};

/// What a stream sends.
pub(crate) type Answers = mpsc::Sender<Result<v1::TrackStreamResponse, Status>>;

/// Why a batch was not taken.
pub(crate) enum Refused {
    /// The key is not good, or not any more: the stream ends.
    Key(RpcError),
    /// It is about this batch alone.
    Batch(RpcError),
}

/// A stream that is open.
pub(crate) struct BatchStream {
    ingest: Arc<Ingest>,
    metadata: Arc<MetadataMap>,
    extensions: Extensions,
    ending: ConnectionEnding,
    /// Among the streams of its key.
    _place: Place,
    messages: Streaming<v1::TrackStreamRequest>,
    answers: Answers,
    /// Answers that the client did not take yet; few, for the batches that they are about keep their places.
    untaken: VecDeque<Untaken>,
    /// How long the client has left to take the first of them.
    take_by: Instant,
    work: FuturesUnordered<BoxFuture<'static, Done>>,
    waiting: Waiting,
    last_number: i64,
    last_message: Instant,
    /// How the stream ends once everything was answered; none while it takes messages.
    end: Option<Result<(), Status>>,
}

/// The batches that have no answer yet.
#[derive(Default)]
struct Waiting {
    batches: usize,
    bytes: usize,
    /// The latest batch is being made ready; the next one has to wait for it.
    is_making_ready: bool,
}

/// A piece of work that is done.
enum Done {
    Ready { number: i64, bytes: usize, result: Result<(Box<Prepared>, OwnedSemaphorePermit), Refused> },
    Answered { bytes: usize, answer: v1::TrackStreamResponse },
    KeyChecked(Result<(), RpcError>),
}

/// An answer that is to be sent, and the bytes of the batch that it is about, if it is about one.
struct Untaken {
    answer: v1::TrackStreamResponse,
    batch_bytes: Option<usize>,
}

/// The stream is over: nobody listens any more, or its key is not good.
struct Over;

impl BatchStream {
    pub(crate) fn new(
        ingest: Arc<Ingest>,
        place: Place,
        request: Request<Streaming<v1::TrackStreamRequest>>,
        answers: Answers,
    ) -> Self {
        let (metadata, extensions, messages) = request.into_parts();
        let ending = extensions.get::<ConnectionEnding>().cloned().unwrap_or_default();
        Self {
            ingest,
            metadata: Arc::new(metadata),
            extensions,
            ending,
            _place: place,
            messages,
            answers,
            untaken: VecDeque::new(),
            take_by: Instant::now(),
            work: FuturesUnordered::new(),
            waiting: Waiting::default(),
            last_number: 0,
            last_message: Instant::now(),
            end: None,
        }
    }

    /// Runs until the stream has ended.
    pub(crate) async fn run(mut self) {
        let mut ticks = interval(limits::KEY_CHECK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Whoever dropped the receiving side needs no word.
        while self.turn(&mut ticks).await.is_ok() {}
    }

    /// Waits for whatever comes first, and sees to it.
    async fn turn(&mut self, ticks: &mut Interval) -> Result<(), Over> {
        if self.waiting.batches == 0
            && self.untaken.is_empty()
            && let Some(end) = self.end.take()
        {
            if let Err(status) = end {
                self.send(Err(status)).await?;
            }
            return Err(Over);
        }
        let is_open = self.end.is_none();
        let has_room = is_open && self.waiting.has_room(&self.ingest.streams.limits);
        let has_untaken = !self.untaken.is_empty();
        tokio::select! {
            () = self.answers.closed() => Err(Over),
            // Beside everything else: work that is done has to give back what it holds of the share of all streams, whoever reads.
            Ok(()) = async { self.answers.reserve().await.map(drop) }, if has_untaken => self.send_untaken(),
            () = sleep_until(self.take_by), if has_untaken => Err(Over),
            Some(done) = self.work.next() => self.done(done).await,
            () = self.ending.begun(), if is_open => {
                self.tell_ending();
                Ok(())
            }
            _ = ticks.tick(), if is_open => {
                self.tick();
                Ok(())
            }
            message = self.messages.next(), if has_room => {
                self.take(message);
                Ok(())
            }
        }
    }

    /// Takes a message, or the end of them.
    fn take(&mut self, message: Option<Result<v1::TrackStreamRequest, Status>>) {
        self.last_message = Instant::now();
        let message = match message {
            Some(Ok(message)) => message,
            // The client has said all that it wanted to say.
            None => return self.end = Some(Ok(())),
            Some(Err(status)) => return self.end = Some(Err(self.unreadable(status))),
        };
        let number = message.batch_number;
        if number <= self.last_number {
            let description = format!(
                "{number} does not follow {}: number the batches of a stream upwards, from 1 or more",
                self.last_number
            );
            return self.end = Some(Err(RpcError::invalid_field("batch_number", description).into()));
        }
        self.last_number = number;
        let bytes = message.encoded_len();
        self.waiting.batches += 1;
        self.waiting.bytes += bytes;
        self.waiting.is_making_ready = true;
        let (ingest, metadata, extensions) = (self.ingest.clone(), self.metadata.clone(), self.extensions.clone());
        self.work.push(Box::pin(async move {
            let result = ingest.make_ready(&metadata, &extensions, message.batch, bytes).await;
            Done::Ready { number, bytes, result }
        }));
    }

    async fn done(&mut self, done: Done) -> Result<(), Over> {
        match done {
            Done::Ready { number, bytes, result } => {
                self.waiting.is_making_ready = false;
                match result {
                    Ok((prepared, permit)) => self.append(number, bytes, *prepared, permit),
                    Err(Refused::Batch(error)) => {
                        self.tell(answer::refusal(number, error), Some(bytes));
                    }
                    Err(Refused::Key(error)) => return self.fail(error).await,
                }
            }
            Done::Answered { bytes, answer } => self.tell(answer, Some(bytes)),
            Done::KeyChecked(Ok(())) => {}
            Done::KeyChecked(Err(error)) => return self.fail(error).await,
        }
        Ok(())
    }

    fn append(&mut self, number: i64, bytes: usize, prepared: Prepared, permit: OwnedSemaphorePermit) {
        let ingest = self.ingest.clone();
        self.work.push(Box::pin(async move {
            let result = ingest.collector.append(prepared, Instant::now() + limits::BATCH_TIMEOUT).await;
            // From here on the batch is no more than its answer.
            drop(permit);
            let answer = match result {
                Ok(response) => answer::verdicts(number, response),
                Err(error) => answer::refusal(number, error.into()),
            };
            Done::Answered { bytes, answer }
        }));
    }

    /// Once a second: whether the key is still good, for a stream may be silent, and whether it has been silent for too long.
    fn tick(&mut self) {
        if self.waiting.batches == 0 && self.last_message.elapsed() > self.ingest.streams.limits.idle {
            return self.tell_ending();
        }
        let (ingest, metadata) = (self.ingest.clone(), self.metadata.clone());
        let check = async move {
            match ingest.caller(&metadata).await {
                Err(Refused::Key(error)) => Done::KeyChecked(Err(error)),
                Ok(_) | Err(Refused::Batch(_)) => Done::KeyChecked(Ok(())),
            }
        };
        self.work.push(Box::pin(check));
    }

    /// Takes no more messages, says so, and answers what there is.
    fn tell_ending(&mut self) {
        self.end = Some(Ok(()));
        self.tell(answer::ending(), None);
    }

    /// Sends it after those before it.
    fn tell(&mut self, answer: v1::TrackStreamResponse, batch_bytes: Option<usize>) {
        if self.untaken.is_empty() {
            self.take_by = Instant::now() + limits::ANSWER_TIMEOUT;
        }
        self.untaken.push_back(Untaken { answer, batch_bytes });
    }

    /// Ends at once: whoever has no key gets no more answers.
    async fn fail(&mut self, error: RpcError) -> Result<(), Over> {
        // What it holds of the share of all streams is not for it to keep while nobody reads.
        self.work.clear();
        self.send(Err(error.into())).await?;
        Err(Over)
    }

    /// Sends the first one, once there is room: nobody else takes that.
    fn send_untaken(&mut self) -> Result<(), Over> {
        let Some(Untaken { answer, batch_bytes }) = self.untaken.pop_front() else { return Ok(()) };
        self.answers.try_send(Ok(answer)).map_err(|_| Over)?;
        // The room is given back once the answer is on its way: answers that nobody reads must not pile up.
        batch_bytes.into_iter().for_each(|bytes| self.waiting.answered(bytes));
        self.take_by = Instant::now() + limits::ANSWER_TIMEOUT;
        Ok(())
    }

    async fn send(&mut self, answer: Result<v1::TrackStreamResponse, Status>) -> Result<(), Over> {
        self.answers.send_timeout(answer, limits::ANSWER_TIMEOUT).await.map_err(|_| Over)
    }

    /// The framework's word for a message that cannot be read, in that of the error table.
    fn unreadable(&self, status: Status) -> Status {
        match status.code() {
            Code::OutOfRange | Code::ResourceExhausted => {
                RpcError::RequestTooLarge { limit_bytes: self.ingest.streams.limits.message_bytes }.into()
            }
            Code::Internal => RpcError::Undecodable(status.message().to_owned()).into(),
            // The connection broke: nobody will hear it.
            _ => status,
        }
    }
}

impl Waiting {
    fn has_room(&self, limits: &StreamLimits) -> bool {
        !self.is_making_ready && self.batches < limits.batches && self.bytes < limits.bytes
    }

    fn answered(&mut self, bytes: usize) {
        self.batches -= 1;
        self.bytes -= bytes;
    }
}
