//! Hints to listeners of all processes, by publish and subscribe of the durable Redis.
//!
//! Redis forgets a message once it was sent to whoever listens, so a broken connection loses hints: its subscriptions are told.

use std::time::Duration;

use analytics_domain::{
    Day, ProjectId, Version,
    ports::{Change, ChangeSubscription, DayChanged, Notifier, NotifierError},
};
use async_trait::async_trait;
use futures::{FutureExt, StreamExt};
use redis::{
    Msg, Value,
    aio::{PubSub, PubSubSink, PubSubStream},
};
use tokio::{
    pin, select,
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, oneshot,
    },
    time::{Instant, MissedTickBehavior, interval_at, sleep},
};

use super::{RedisError, SharedConnection};

/// The first field of a message. A reader that does not know it takes the message as a hint that something changed.
const FORMAT: &str = "1";
/// A server that is silent for so long after it was asked is gone.
const PING_TIMEOUT: Duration = Duration::from_secs(5);
/// How often an idle connection is tried, since a lost one may look like a quiet one.
const PING_INTERVAL: Duration = Duration::from_secs(10);
/// Between attempts to connect again.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);
/// Subscriptions that wait for their confirmation; more wait before they ask.
const MAX_WAITING: usize = 64;

/// How a [`RedisNotifier`] works.
#[derive(Debug, Clone, Copy)]
pub struct RedisNotifierOptions {
    /// A subscription that is more hints behind than this loses the oldest and is told so. At least 1; rounded up to a power of two.
    pub max_hints_behind: usize,
}

impl Default for RedisNotifierOptions {
    fn default() -> Self {
        Self { max_hints_behind: 1024 }
    }
}

/// A notifier for many processes. Clones share one connection to listen; their subscriptions end with the last clone.
#[derive(Debug, Clone)]
pub struct RedisNotifier {
    connection: SharedConnection,
    channel: String,
    requests: mpsc::Sender<Request>,
}

/// Somebody wants to hear what is sent from now on.
type Request = oneshot::Sender<Result<broadcast::Receiver<Change>, RedisError>>;

impl RedisNotifier {
    /// A notifier for all processes that use the same prefix. It connects when it is first used, to listen when somebody first
    /// subscribes. Call it inside a tokio runtime.
    pub fn new(connection: SharedConnection, prefix: &str, options: RedisNotifierOptions) -> Self {
        let channel = format!("{prefix}:changes");
        let (requests, waiting) = mpsc::channel(MAX_WAITING);
        let listener = Listener {
            connection: connection.clone(),
            channel: channel.clone(),
            waiting,
            hints: broadcast::Sender::new(options.max_hints_behind.max(1)),
        };
        tokio::spawn(listener.run());
        Self { connection, channel, requests }
    }
}

#[async_trait]
impl Notifier for RedisNotifier {
    async fn publish(&self, change: DayChanged) -> Result<(), NotifierError> {
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(&self.channel).arg(write(change));
        // How many servers' clients heard it says little: nobody listening is no failure.
        let _receivers: i64 = self.connection.query(&publish).await.map_err(failed)?;
        Ok(())
    }

    async fn subscribe(&self) -> Result<Box<dyn ChangeSubscription>, NotifierError> {
        let ended = || NotifierError("it has ended".to_owned());
        let (request, answer) = oneshot::channel();
        self.requests.send(request).await.map_err(|_| ended())?;
        let hints = answer.await.map_err(|_| ended())?.map_err(failed)?;
        Ok(Box::new(RedisSubscription { hints }))
    }
}

struct RedisSubscription {
    hints: broadcast::Receiver<Change>,
}

#[async_trait]
impl ChangeSubscription for RedisSubscription {
    async fn next(&mut self) -> Option<Change> {
        match self.hints.recv().await {
            Ok(change) => Some(change),
            Err(RecvError::Lagged(_)) => Some(Change::Missed),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Owns the one connection that listens, and hands what it hears to all subscriptions.
struct Listener {
    connection: SharedConnection,
    channel: String,
    waiting: mpsc::Receiver<Request>,
    hints: broadcast::Sender<Change>,
}

/// Why it stopped listening.
enum Stop {
    ConnectionLost(RedisError),
    NotifierEnded,
}

impl Listener {
    async fn run(mut self) {
        let mut asked: Vec<Request> = Vec::new();
        let mut is_listening = true;
        loop {
            if asked.is_empty() && self.hints.receiver_count() == 0 {
                // Nobody listens, so there is no need for a connection.
                match self.waiting.recv().await {
                    Some(request) => asked.push(request),
                    None => return,
                }
            }
            let failure = match self.listen().await {
                Ok(pubsub) => {
                    is_listening = true;
                    // Whoever had subscribed before may have missed something since.
                    self.hand_out(Change::Missed);
                    for request in asked.drain(..) {
                        self.confirm(request);
                    }
                    match self.serve(pubsub).await {
                        Stop::ConnectionLost(error) => error,
                        Stop::NotifierEnded => return,
                    }
                }
                Err(error) => error,
            };
            if std::mem::take(&mut is_listening) {
                tracing::warn!(error = %failure, "hints of changes are not heard until Redis answers again");
            }
            for request in asked.drain(..) {
                // It may have given up.
                drop(request.send(Err(failure.clone())));
            }
            let pause = sleep(RECONNECT_PAUSE);
            pin!(pause);
            loop {
                select! {
                    () = &mut pause => break,
                    request = self.waiting.recv() => match request {
                        Some(request) => asked.push(request),
                        None => return,
                    },
                }
            }
        }
    }

    /// A connection on which the server has confirmed that it sends what is published from now on.
    async fn listen(&self) -> Result<PubSub, RedisError> {
        let server = self.connection.server();
        let mut pubsub = server.pubsub().await?;
        server.bounded(PING_TIMEOUT, pubsub.subscribe(&self.channel)).await?;
        Ok(pubsub)
    }

    async fn serve(&mut self, pubsub: PubSub) -> Stop {
        let (mut sink, mut messages) = pubsub.split();
        let mut ticks = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            select! {
                message = messages.next() => match message {
                    Some(message) => self.hand_out(read(&message)),
                    None => return Stop::ConnectionLost(self.closed()),
                },
                request = self.waiting.recv() => {
                    let Some(request) = request else { return Stop::NotifierEnded };
                    match self.catch_up(&mut sink, &mut messages).await {
                        Ok(()) => self.confirm(request),
                        Err(error) => {
                            drop(request.send(Err(error.clone())));
                            return Stop::ConnectionLost(error);
                        }
                    }
                }
                _ = ticks.tick() => {
                    if let Err(error) = self.ping(&mut sink).await {
                        return Stop::ConnectionLost(error);
                    }
                }
            }
        }
    }

    /// Hands out everything that was published before this was called: the server's answer to a ping comes after that.
    async fn catch_up(&self, sink: &mut PubSubSink, messages: &mut PubSubStream) -> Result<(), RedisError> {
        self.ping(sink).await?;
        while let Some(message) = messages.next().now_or_never() {
            self.hand_out(read(&message.ok_or_else(|| self.closed())?));
        }
        Ok(())
    }

    async fn ping(&self, sink: &mut PubSubSink) -> Result<(), RedisError> {
        let _pong: Value = self.connection.server().bounded(PING_TIMEOUT, sink.ping()).await?;
        Ok(())
    }

    fn confirm(&self, request: Request) {
        // It may have given up.
        drop(request.send(Ok(self.hints.subscribe())));
    }

    fn hand_out(&self, change: Change) {
        // Fails only when nobody listens, which is no failure.
        let _listeners = self.hints.send(change);
    }

    fn closed(&self) -> RedisError {
        RedisError::Unreachable {
            address: self.connection.server().address().to_owned(),
            reason: "it closed the connection".to_owned(),
        }
    }
}

fn write(change: DayChanged) -> String {
    format!("{FORMAT} {} {} {}", change.project.0, change.day.0, change.version.0)
}

/// A message that a later version wrote says at least that something changed.
fn read(message: &Msg) -> Change {
    std::str::from_utf8(message.get_payload_bytes()).ok().and_then(parse).map_or(Change::Missed, Change::Day)
}

fn parse(message: &str) -> Option<DayChanged> {
    let (project, rest) = message.strip_prefix(FORMAT)?.strip_prefix(' ')?.split_once(' ')?;
    let (day, version) = rest.split_once(' ')?;
    Some(DayChanged {
        project: ProjectId(project.parse().ok()?),
        day: Day(day.parse().ok()?),
        version: Version(version.parse().ok()?),
    })
}

fn failed(error: RedisError) -> NotifierError {
    NotifierError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_bytes() {
        let change = DayChanged { project: ProjectId(7), day: Day(-3), version: Version(i64::MAX) };
        assert_eq!(write(change), "1 7 -3 9223372036854775807");
        assert_eq!(parse(&write(change)), Some(change));
    }

    #[test]
    fn what_is_not_understood_is_no_change_of_a_day() {
        for message in ["", "1", "1 7", "1 7 8", "1 7 8 x", "1 7 8 9 10", "2 7 8 9", "17 8 9"] {
            assert_eq!(parse(message), None, "{message}");
        }
    }
}
