//! Clients that send events while things break, and note what they were told of each.

mod events;
mod stream;
mod unary;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use analytics_proto::v1::{self, admin_service_client::AdminServiceClient};
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use self::events::EVENTS_PER_BATCH;
pub(crate) use self::events::{FLAWED_EVENTS, projects, request_of};
use crate::{
    calls::{by, channel},
    ledger::{Ledger, LedgerWriter},
    support::{Deployment, block_on},
};

/// Clients of one run, spread over the gateways.
const CLIENTS: usize = 4;
/// For a connection that broke: no server says when to come back.
const RECONNECT: Duration = Duration::from_millis(50);

/// What may go wrong beside RETRY and UNAVAILABLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tolerated {
    Nothing,
    /// Whoever they are connected to is killed.
    BrokenConnections,
}

/// Whether some events of each batch are such that a server does not take them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flawed {
    None,
    /// One that it refuses, and one that it does not count.
    Some,
}

/// How clients send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoadOptions {
    pub(crate) tolerated: Tolerated,
    /// How often each batch is sent, at once. By unary calls only.
    pub(crate) copies: usize,
    /// One after the other, what they wait for.
    pub(crate) ack_levels: &'static [v1::AckLevel],
    /// How many of the clients send over streams; the others call.
    pub(crate) streams: usize,
    /// What the names of the projects begin with: several runs over one platform have projects of their own.
    pub(crate) prefix: &'static str,
    pub(crate) flawed: Flawed,
}

impl Default for LoadOptions {
    fn default() -> Self {
        let ack_levels = &[v1::AckLevel::Durable, v1::AckLevel::Committed];
        Self { tolerated: Tolerated::Nothing, copies: 1, ack_levels, streams: 0, prefix: "load", flawed: Flawed::Some }
    }
}

/// Clients that send batch after batch until they are told to stop.
pub(crate) struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

struct Shared {
    key: String,
    options: LoadOptions,
    stop: AtomicBool,
    ledger: Mutex<LedgerWriter>,
    /// Sendings of a batch that are not answered, by their numbers, and how many kills there were before each.
    open: Mutex<BTreeMap<u64, u64>>,
    begun: AtomicU64,
    refused: AtomicUsize,
    kills: AtomicU64,
    /// Batches that were not answered when something was killed, and were sent once more after it.
    cut_off: AtomicUsize,
}

/// One sending of a batch that is not answered yet.
#[must_use]
struct Attempt(u64);

/// One that failed; the batch is to be sent once more. It stays open until then.
#[must_use]
struct Failed {
    attempt: Attempt,
    was_cut_off: bool,
}

impl Load {
    /// Starts the clients. The projects must not exist yet.
    pub(crate) fn start(platform: &dyn Deployment, options: LoadOptions) -> Self {
        Self::start_at(platform, platform.endpoints(), options)
    }

    /// Starts clients that send to these addresses.
    pub(crate) fn start_at(platform: &dyn Deployment, endpoints: Vec<String>, options: LoadOptions) -> Self {
        block_on(create_projects(platform.endpoint(), platform.admin_key(), options.prefix));
        let shared = Arc::new(Shared {
            key: platform.admin_key(),
            options,
            stop: AtomicBool::new(false),
            ledger: Mutex::new(LedgerWriter::new()),
            open: Mutex::default(),
            begun: AtomicU64::new(0),
            refused: AtomicUsize::new(0),
            kills: AtomicU64::new(0),
            cut_off: AtomicUsize::new(0),
        });
        let start = |number: usize| {
            let (shared, endpoints) = (Arc::clone(&shared), endpoints.clone());
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(client(&shared, number, &endpoints));
            })
        };
        Self { clients: (0..CLIENTS).map(start).collect(), shared }
    }

    /// Waits until every client waits for an answer: when nothing can be answered, for one that will not come.
    pub(crate) fn wait_for_calls(&self) {
        self.wait_until(|shared| shared.open().len() >= CLIENTS);
    }

    /// Waits until another call was refused.
    pub(crate) fn wait_for_refusal(&self) {
        let before = self.shared.refused.load(Ordering::SeqCst);
        self.wait_until(|shared| shared.refused.load(Ordering::SeqCst) > before);
    }

    /// How often a batch was refused, or nobody knows what became of it.
    pub(crate) fn refused(&self) -> usize {
        self.shared.refused.load(Ordering::SeqCst)
    }

    /// Something is being killed now.
    pub(crate) fn kill_begins(&self) {
        self.shared.kills.fetch_add(1, Ordering::SeqCst);
    }

    /// Waits until every batch that was not answered at the last kill is answered or was sent once more.
    pub(crate) fn wait_until_kill_is_over(&self) {
        let kills = self.shared.kills.load(Ordering::SeqCst);
        self.wait_until(|shared| shared.open().values().all(|before| *before >= kills));
    }

    /// How many batches were not answered when something was killed, and were sent once more after it.
    pub(crate) fn cut_off(&self) -> usize {
        self.shared.cut_off.load(Ordering::SeqCst)
    }

    /// Waits until so many more events were acknowledged.
    pub(crate) fn wait_for_more(&self, events: usize) {
        let enough = self.shared.ledger().acknowledged() + events;
        self.wait_until(|shared| shared.ledger().acknowledged() >= enough);
    }

    /// Waits until every client may have sent another batch after those that are being sent now.
    pub(crate) fn wait_for_another_round(&self) {
        self.wait_for_more(2 * CLIENTS * EVENTS_PER_BATCH as usize);
    }

    fn wait_until(&self, is_so: impl Fn(&Shared) -> bool) {
        while !is_so(&self.shared) {
            assert!(!self.clients.iter().any(JoinHandle::is_finished), "a client failed: it says why above");
            thread::yield_now();
        }
    }

    /// Lets the clients finish: every batch that was begun is sent until it is answered. Reads the ledger back from its file.
    pub(crate) fn finish(self) -> Ledger {
        self.shared.stop.store(true, Ordering::SeqCst);
        for client in self.clients {
            client.join().expect("a client failed: it says why above");
        }
        self.shared.ledger().read()
    }
}

impl Shared {
    fn ledger(&self) -> MutexGuard<'_, LedgerWriter> {
        self.ledger.lock().expect("nobody panics with it")
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, u64>> {
        self.open.lock().expect("nobody panics with it")
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// The batch of a client, with the acknowledgement that is asked for with it.
    fn request(&self, client: u64, batch: u64) -> v1::TrackRequest {
        let mut request = request_of(self.options.prefix, client, batch);
        if self.options.flawed == Flawed::None {
            request.events.drain(..FLAWED_EVENTS);
        }
        let ack_levels = self.options.ack_levels;
        request.set_ack_level(ack_levels[batch as usize % ack_levels.len()]);
        request
    }

    /// A batch is about to leave a client; `earlier` is an attempt of the same batch that failed.
    fn begin(&self, request: &v1::TrackRequest, earlier: Option<Failed>) -> Attempt {
        self.ledger().sending(request);
        let number = self.begun.fetch_add(1, Ordering::SeqCst);
        self.open().insert(number, self.kills.load(Ordering::SeqCst));
        if let Some(Failed { attempt, was_cut_off }) = earlier {
            self.cut_off.fetch_add(usize::from(was_cut_off), Ordering::SeqCst);
            self.open().remove(&attempt.0);
        }
        Attempt(number)
    }

    /// Returns the events that are to be sent again.
    fn answered(&self, attempt: Attempt, events: Vec<v1::Event>, answer: v1::TrackResponse) -> Vec<v1::Event> {
        let again = self.ledger().answered(events, answer);
        self.open().remove(&attempt.0);
        again
    }

    /// Nobody knows what became of the batch.
    fn failed(&self, attempt: Attempt) -> Failed {
        let kills_before = self.open()[&attempt.0];
        self.refused.fetch_add(1, Ordering::SeqCst);
        Failed { attempt, was_cut_off: kills_before < self.kills.load(Ordering::SeqCst) }
    }

    fn delay_of(&self, status: &Status) -> Duration {
        let asked = status.get_details_retry_info().and_then(|info| info.retry_delay);
        match (status.code(), asked) {
            (Code::Unavailable, Some(delay)) => delay,
            // No answer of a server: the connection broke before there was one.
            _ if self.options.tolerated == Tolerated::BrokenConnections
                && status.get_details_error_info().is_none() =>
            {
                RECONNECT
            }
            _ => panic!("a client saw {status:?}"),
        }
    }
}

fn delay(asked: pbjson_types::Duration) -> Duration {
    Duration::new(u64::try_from(asked.seconds).unwrap_or_default(), u32::try_from(asked.nanos).unwrap_or_default())
}

async fn create_projects(endpoint: String, key: String, prefix: &str) {
    let mut admin = AdminServiceClient::new(channel(&endpoint).await);
    for project_id in projects(prefix) {
        let request = v1::CreateProjectRequest {
            project_id,
            time_zone: "Europe/Berlin".to_owned(),
            week_start: v1::WeekStart::Monday.into(),
        };
        admin.create_project(by(&key, request)).await.expect("it does not exist yet");
    }
}

async fn client(shared: &Shared, number: usize, endpoints: &[String]) {
    let connect = |endpoint: &String| Channel::from_shared(endpoint.clone()).expect("a URL").connect_lazy();
    let channels: Vec<Channel> = endpoints.iter().map(connect).collect();
    if number < shared.options.streams {
        stream::client(shared, number as u64, &channels).await;
    } else {
        unary::client(shared, number as u64, &channels).await;
    }
}
