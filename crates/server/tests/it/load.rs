//! Clients that send events while things break, and remember what they were told of each.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1::{self, admin_service_client::AdminServiceClient, ingest_service_client::IngestServiceClient};
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt as _;

use crate::{
    calls::{by, channel},
    support::{Deployment as _, Stack, block_on},
};

/// Clients send to so many projects: enough that every processor has some of them.
const PROJECTS: u64 = 24;
/// Each batch names this many days.
const DAYS: u64 = 30;
const DAY_SECONDS: i64 = 24 * 60 * 60;
const EVENTS_PER_BATCH: u64 = 60;
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

/// How clients send.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoadOptions {
    pub(crate) tolerated: Tolerated,
    /// How often each batch is sent, at once.
    pub(crate) copies: usize,
    /// One after the other, what they wait for.
    pub(crate) ack_levels: &'static [v1::AckLevel],
}

impl Default for LoadOptions {
    fn default() -> Self {
        let ack_levels = &[v1::AckLevel::Durable, v1::AckLevel::Committed];
        Self { tolerated: Tolerated::Nothing, copies: 1, ack_levels }
    }
}

/// What the clients know.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The ids of all events that left a client.
    pub(crate) sent: HashSet<String>,
    /// Those that a server took responsibility for.
    pub(crate) acknowledged: HashSet<String>,
}

/// The names of the projects that clients send to.
pub(crate) fn projects() -> impl Iterator<Item = String> {
    (0..PROJECTS).map(project)
}

fn project(number: u64) -> String {
    format!("load-{number}")
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
    ledger: Mutex<Ledger>,
    begun: AtomicUsize,
    refused: AtomicUsize,
    /// Batches that were sent once more, for nobody knew what became of them.
    sent_again: AtomicUsize,
}

impl Load {
    /// Starts the clients. The projects must not exist yet.
    pub(crate) fn start(stack: &Stack, options: LoadOptions) -> Self {
        block_on(create_projects(stack.endpoint(), stack.admin_key()));
        let shared = Arc::new(Shared {
            key: stack.admin_key(),
            options,
            stop: AtomicBool::new(false),
            ledger: Mutex::default(),
            begun: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            sent_again: AtomicUsize::new(0),
        });
        let endpoints = stack.endpoints();
        let start = |number: usize| {
            let (shared, endpoints) = (Arc::clone(&shared), endpoints.clone());
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(client(&shared, number as u64, &endpoints));
            })
        };
        Self { clients: (0..CLIENTS).map(start).collect(), shared }
    }

    /// Waits until every client has sent another batch. When nothing can be answered meanwhile, they wait for it from then on.
    pub(crate) fn wait_for_calls(&self) {
        let enough = self.shared.begun.load(Ordering::SeqCst) + CLIENTS;
        self.wait_until(|shared| shared.begun.load(Ordering::SeqCst) >= enough);
    }

    /// Waits until another call was refused.
    pub(crate) fn wait_for_refusal(&self) {
        let before = self.shared.refused.load(Ordering::SeqCst);
        self.wait_until(|shared| shared.refused.load(Ordering::SeqCst) > before);
    }

    /// How many batches were sent once more.
    pub(crate) fn sent_again(&self) -> usize {
        self.shared.sent_again.load(Ordering::SeqCst)
    }

    /// Waits until so many more events were acknowledged.
    pub(crate) fn wait_for_more(&self, events: usize) {
        let enough = self.shared.ledger().acknowledged.len() + events;
        self.wait_until(|shared| shared.ledger().acknowledged.len() >= enough);
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

    /// Lets the clients finish: every batch that was begun is sent until it is acknowledged.
    pub(crate) fn finish(self) -> Ledger {
        self.shared.stop.store(true, Ordering::SeqCst);
        for client in self.clients {
            client.join().expect("a client failed: it says why above");
        }
        std::mem::take(&mut *self.shared.ledger())
    }
}

impl Shared {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("nobody panics with it")
    }
}

async fn create_projects(endpoint: String, key: String) {
    let mut admin = AdminServiceClient::new(channel(&endpoint).await);
    for project_id in projects() {
        let request = v1::CreateProjectRequest {
            project_id,
            time_zone: "Europe/Berlin".to_owned(),
            week_start: v1::WeekStart::Monday.into(),
        };
        admin.create_project(by(&key, request)).await.expect("it does not exist yet");
    }
}

async fn client(shared: &Shared, number: u64, endpoints: &[String]) {
    let connect = |endpoint: &String| Channel::from_shared(endpoint.clone()).expect("a URL").connect_lazy();
    let channels: Vec<Channel> = endpoints.iter().map(connect).collect();
    let mut batch = 0;
    while !shared.stop.load(Ordering::SeqCst) {
        let mut request = request_of(number, batch);
        let ack_levels = shared.options.ack_levels;
        request.set_ack_level(ack_levels[batch as usize % ack_levels.len()]);
        // Each copy in another order, and by another gateway.
        let copies = shared.options.copies;
        let copies = (0..copies).map(|copy| {
            let mut request = request.clone();
            let middle = copy * request.events.len() / copies;
            request.events.rotate_left(middle);
            let channel = channels[(number as usize + batch as usize + copy) % channels.len()].clone();
            send(shared, IngestServiceClient::new(channel), request)
        });
        futures_of(copies).await;
        batch += 1;
    }
}

/// Waits for all of them at once.
async fn futures_of(copies: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut copies: Vec<_> = copies.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        copies.retain_mut(|copy| copy.as_mut().poll(context).is_pending());
        if copies.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Sends a batch until every event of it is acknowledged.
async fn send(shared: &Shared, mut client: IngestServiceClient<Channel>, mut request: v1::TrackRequest) {
    let mut is_first = true;
    while !request.events.is_empty() {
        shared.ledger().sent.extend(request.events.iter().map(|event| event.event_id.clone()));
        if !is_first {
            shared.sent_again.fetch_add(1, Ordering::SeqCst);
        }
        is_first = false;
        shared.begun.fetch_add(1, Ordering::SeqCst);
        match client.track(by(&shared.key, request.clone())).await {
            Ok(response) => request.events = remaining(shared, request.events, response.into_inner()),
            Err(status) => {
                let delay = delay_of(&status, shared.options.tolerated);
                shared.refused.fetch_add(1, Ordering::SeqCst);
                // As long as the server asks for, as every client should.
                tokio::time::sleep(delay).await;
            }
        }
    }
}

/// The events that are to be sent again.
fn remaining(shared: &Shared, events: Vec<v1::Event>, response: v1::TrackResponse) -> Vec<v1::Event> {
    assert_eq!(events.len(), response.verdicts.len());
    let mut again = Vec::new();
    let mut ledger = shared.ledger();
    for (event, verdict) in events.into_iter().zip(response.verdicts) {
        match verdict.verdict() {
            v1::Verdict::Accepted | v1::Verdict::Stored | v1::Verdict::Duplicate => {
                ledger.acknowledged.insert(event.event_id);
            }
            v1::Verdict::Retry => again.push(event),
            other => panic!("{other:?}: {}", verdict.description),
        }
    }
    again
}

fn delay_of(status: &Status, tolerated: Tolerated) -> Duration {
    let asked = status.get_details_retry_info().and_then(|info| info.retry_delay);
    match (status.code(), asked) {
        (Code::Unavailable, Some(delay)) => delay,
        // No answer of a server: the connection broke before there was one.
        _ if tolerated == Tolerated::BrokenConnections && status.get_details_error_info().is_none() => RECONNECT,
        _ => panic!("a client saw {status:?}"),
    }
}

/// Views of many days of one project.
pub(crate) fn request_of(client: u64, batch: u64) -> v1::TrackRequest {
    let now = SystemClock.now();
    let event = |number: u64| {
        let spread = (client * 7919 + batch * 104_729 + number) * 2_654_435_761;
        let days_ago = (number % DAYS) as i64;
        let micros = now.0 - days_ago * DAY_SECONDS * 1_000_000 - (spread % 3_600_000_000) as i64;
        v1::Event {
            event_id: uuid::Uuid::from_u128(rand::random()).to_string(),
            occurred_at: Some(pbjson_types::Timestamp {
                seconds: micros.div_euclid(1_000_000),
                nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32,
            }),
            kind: v1::EventKind::View.into(),
            url: format!("https://example.com/page-{}", spread % 40),
            client: Some(v1::ClientContext {
                ip_address: format!("192.0.2.{}", spread % 200),
                user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
            }),
            ..v1::Event::default()
        }
    };
    v1::TrackRequest {
        project: format!("projects/{}", project((client * 7 + batch) % PROJECTS)),
        events: (0..EVENTS_PER_BATCH).map(event).collect(),
        ..v1::TrackRequest::default()
    }
}
