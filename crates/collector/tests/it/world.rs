//! A collector over the embedded stores, and those who send to it.

use std::{net::IpAddr, path::Path, sync::Arc};

use analytics_collector::{
    AddressFiles, Collector, CollectorOptions, CollectorPorts, ImportGrpc, IngestGrpc, StreamLimits,
};
use analytics_domain::{
    ApiKey, ApiKeyScope, ConsentPolicy, Day, Event, IngestSettings, Interval, KeyId, ManualClock, Micros, Millis,
    NewProject, Project, ProjectId, Version, VisitorHash, WeekStart, Zone,
    ports::{Catalog, DeliveryOutcome, EphemeralStore, EventPosition, EventStore, LogConsumer},
};
use analytics_privacy::ServerSecret;
use analytics_proto::v1::{
    self, ErrorReason, Verdict, import_service_server::ImportService, ingest_service_server::IngestService,
};
use analytics_rpc::{Authenticator, ClientAddress, KeySecret, new_key_id};
use analytics_storage::sqlite::{SqliteOptions, SqliteStore};
use analytics_stream::TraceLogOptions;
use analytics_stream::local::{
    EphemeralOptions, JournalPlacement, LocalConsumer, LocalEphemeralStore, LocalLog, LocalLogOptions, LocalTraceLog,
};
use tempfile::TempDir;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

pub(crate) const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
pub(crate) const GOOGLEBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
pub(crate) const HOME: &str = "203.0.113.7";
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// When a world begins: a Monday at noon in UTC.
pub(crate) fn noon() -> Micros {
    at("2026-03-02T12:00:00Z")
}

/// The half of every salt that is configured.
pub(crate) fn secret() -> ServerSecret {
    ServerSecret::new(*b"a secret that only tests may know").expect("long enough")
}

/// The instant of a text such as `2026-03-02T12:00:00Z`.
pub(crate) fn at(text: &str) -> Micros {
    Micros(text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond())
}

pub(crate) fn plus(time: Micros, micros: i64) -> Micros {
    Micros(time.0 + micros)
}

pub(crate) fn day(text: &str) -> Day {
    Day::from_date(text.parse().expect("a date"))
}

pub(crate) fn timestamp(time: Micros) -> pbjson_types::Timestamp {
    let nanos = time.0.rem_euclid(SECOND) as i32 * 1000;
    pbjson_types::Timestamp { seconds: time.0.div_euclid(SECOND), nanos }
}

/// A view of `/page`; its id is its number.
pub(crate) fn view(number: usize, occurred_at: Micros) -> v1::Event {
    v1::Event {
        event_id: uuid::Uuid::from_u128(number as u128).to_string(),
        occurred_at: Some(timestamp(occurred_at)),
        kind: v1::EventKind::View.into(),
        url: "https://shop.example/page".to_owned(),
        ..Default::default()
    }
}

/// The event, on behalf of somebody.
pub(crate) fn from(address: &str, user_agent: &str, event: v1::Event) -> v1::Event {
    let client = v1::ClientContext { ip_address: address.to_owned(), user_agent: user_agent.to_owned() };
    v1::Event { client: Some(client), ..event }
}

pub(crate) fn batch(events: Vec<v1::Event>) -> v1::TrackRequest {
    v1::TrackRequest { events, ..Default::default() }
}

/// The visitor of an event that has one, with the day that he belongs to.
pub(crate) fn visitor(event: &Event) -> (Day, VisitorHash) {
    (event.visitor_day, event.actor.visitor.expect("a visitor"))
}

pub(crate) fn verdicts(response: &v1::TrackResponse) -> Vec<Verdict> {
    response.verdicts.iter().map(v1::EventVerdict::verdict).collect()
}

pub(crate) fn reason_of(status: &Status) -> (Code, Option<ErrorReason>) {
    let info = status.get_details_error_info();
    (status.code(), info.and_then(|info| ErrorReason::from_str_name(&info.reason)))
}

/// A project that chooses nothing.
pub(crate) fn new_project(name: &str, zone: &str) -> NewProject {
    NewProject {
        name: name.parse().expect("a name"),
        zone: Zone::named(zone).expect("a zone"),
        week_start: WeekStart::Monday,
        session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
        lateness: NewProject::DEFAULT_LATENESS,
        user_hash_secret: [name.as_bytes()[0]; 32],
        create_time: noon(),
        ingest: IngestSettings::default(),
    }
}

/// A project and its keys.
pub(crate) struct Site {
    pub(crate) project: Project,
    pub(crate) ingest_key: KeySecret,
    import_key: KeySecret,
}

impl Site {
    /// A browser at home.
    pub(crate) fn browser(&self) -> Sender {
        Sender { key: self.ingest_key.clone(), address: None, headers: Vec::new() }.at(HOME).with("user-agent", FIREFOX)
    }

    /// A backend with a secret key, whose own address tells nothing.
    pub(crate) fn backend(&self) -> Sender {
        Sender { key: self.import_key.clone(), address: None, headers: Vec::new() }.at("192.0.2.1")
    }
}

/// Whoever makes a call.
#[derive(Clone)]
pub(crate) struct Sender {
    key: KeySecret,
    address: Option<IpAddr>,
    headers: Vec<(&'static str, String)>,
}

impl Sender {
    pub(crate) fn at(self, address: &str) -> Self {
        Self { address: Some(address.parse().expect("an address")), ..self }
    }

    pub(crate) fn without_address(self) -> Self {
        Self { address: None, ..self }
    }

    /// With this header and no other of its name.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        for (name, value) in &self.headers {
            request.metadata_mut().insert(*name, value.parse().expect("a header"));
        }
        let key = format!("Bearer {}", self.key.expose()).parse().expect("a header");
        request.metadata_mut().insert("authorization", key);
        if let Some(address) = self.address {
            request.extensions_mut().insert(ClientAddress(address));
        }
        request
    }
}

/// One running collector. It takes whatever it is sent at the instant that its clock shows.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) data_dir: TempDir,
    pub(crate) ephemeral_dir: TempDir,
    pub(crate) trace: LocalTraceLog,
    /// What the next collector knows of addresses.
    pub(crate) address_files: Arc<AddressFiles>,
    /// Where the next collector keeps salts and running sessions, instead of the directory.
    pub(crate) elsewhere: Option<Arc<dyn EphemeralStore>>,
    /// Where the next collector finds the names of properties, instead of the store.
    pub(crate) names_elsewhere: Option<Arc<dyn Catalog>>,
    pub(crate) ephemeral: Option<Arc<dyn EphemeralStore>>,
    pub(crate) collector: Option<Arc<Collector>>,
    consent: ConsentPolicy,
    pub(crate) log: LocalLog,
    services: Option<(IngestGrpc, ImportGrpc)>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_consent(ConsentPolicy::CountWithoutIds).await
    }

    pub(crate) async fn with_consent(consent: ConsentPolicy) -> Self {
        let (world, consumer) = Self::with_log(LocalLogOptions::default(), consent).await;
        world.drain(consumer);
        world
    }

    /// Nothing is stored before the consumer is drained.
    pub(crate) async fn with_log(options: LocalLogOptions, consent: ConsentPolicy) -> (Self, LocalConsumer) {
        let data_dir = tempfile::tempdir().expect("a directory");
        let memory = if cfg!(target_os = "linux") { Path::new("/dev/shm").to_owned() } else { std::env::temp_dir() };
        let ephemeral_dir = tempfile::tempdir_in(memory).expect("a directory");
        let store = SqliteStore::open(data_dir.path(), SqliteOptions::default()).await.expect("a store");
        let (log, consumer) = LocalLog::new(options);
        let clock = Arc::new(ManualClock::new(noon()));
        let trace = LocalTraceLog::new(TraceLogOptions::default(), clock.clone());
        let mut world = Self {
            clock,
            store,
            data_dir,
            ephemeral_dir,
            trace,
            address_files: Arc::default(),
            elsewhere: None,
            names_elsewhere: None,
            ephemeral: None,
            collector: None,
            consent,
            log,
            services: None,
        };
        world.restart_collector();
        (world, consumer)
    }

    /// Ends the collector and starts another one where it stopped.
    pub(crate) fn restart_collector(&mut self) {
        self.stop_collector();
        let ephemeral = self.elsewhere.clone().unwrap_or_else(|| Arc::new(self.open_ephemeral()));
        self.ephemeral = Some(ephemeral.clone());
        let options = CollectorOptions { secret: secret(), address_files: self.address_files.clone() };
        let ports = CollectorPorts {
            log: Arc::new(self.log.clone()),
            catalog: self.names_elsewhere.clone().unwrap_or_else(|| self.store.clone()),
            ephemeral,
            counts: self.store.clone(),
            trace: Arc::new(self.trace.clone()),
            clock: self.clock.clone(),
        };
        let collector = Arc::new(Collector::new(options, ports));
        self.collector = Some(collector.clone());
        let authenticator = self.authenticator();
        let ingest = self.ingest(StreamLimits::default());
        self.services = Some((ingest, ImportGrpc::new(collector, authenticator)));
    }

    pub(crate) fn stop_collector(&mut self) {
        (self.services, self.collector, self.ephemeral) = (None, None, None);
    }

    fn open_ephemeral(&self) -> LocalEphemeralStore {
        let placement =
            if cfg!(target_os = "linux") { JournalPlacement::MemoryOnly } else { JournalPlacement::AllowDisk };
        let options = EphemeralOptions { clock: self.clock.clone(), placement };
        LocalEphemeralStore::open(self.ephemeral_dir.path(), options).expect("the one that was left")
    }

    fn authenticator(&self) -> Authenticator {
        Authenticator::new(self.store.clone(), self.clock.clone())
    }

    /// The ingest service of the running collector.
    pub(crate) fn ingest(&self, limits: StreamLimits) -> IngestGrpc {
        IngestGrpc::new(self.collector.clone().expect("it runs"), self.authenticator(), limits)
    }

    /// Stores what is in the log from now on.
    pub(crate) fn drain(&self, mut consumer: LocalConsumer) {
        let store = self.store.clone();
        tokio::spawn(async move {
            while let Some(deliveries) = consumer.next(1000).await.expect("the log works") {
                for delivery in deliveries {
                    let committed = store.commit(delivery.entry.project, &[delivery.entry]).await;
                    let outcomes = committed.expect("the store works").outcomes.remove(0);
                    let outcome = DeliveryOutcome::Committed(outcomes);
                    consumer.acknowledge(delivery.token, outcome).await.expect("the log works");
                }
            }
        });
    }

    pub(crate) async fn site(&self, name: &str, zone: &str) -> Site {
        self.site_with(name, zone, IngestSettings { consent: self.consent, ..Default::default() }).await
    }

    /// A project that takes its events as these settings say.
    pub(crate) async fn site_with(&self, name: &str, zone: &str, ingest: IngestSettings) -> Site {
        self.site_of(NewProject { ingest, ..new_project(name, zone) }).await
    }

    pub(crate) async fn site_of(&self, project: NewProject) -> Site {
        let project = self.store.create_project(project).await.expect("a new name");
        let ingest_key = self.key(&project, ApiKeyScope::Ingest).await;
        let import_key = self.key(&project, ApiKeyScope::Import).await;
        Site { project, ingest_key, import_key }
    }

    async fn key(&self, project: &Project, scope: ApiKeyScope) -> KeySecret {
        let secret = KeySecret::generate();
        let KeyId(id) = new_key_id();
        let key = ApiKey {
            id: KeyId(id),
            secret_hash: secret.hash(),
            project: Some(project.id),
            scopes: vec![scope],
            display_name: String::new(),
            last_four: secret.last_four().to_owned(),
            create_time: noon(),
            revoke_time: None,
            limits: Default::default(),
            last_use_time: None,
        };
        self.store.create_key(key).await.expect("a new key");
        secret
    }

    /// Sends a request as it is.
    pub(crate) async fn call(&self, sender: &Sender, request: v1::TrackRequest) -> Result<v1::TrackResponse, Status> {
        let (ingest, _) = self.services.as_ref().expect("it runs");
        Ok(ingest.track(sender.request(request)).await?.into_inner())
    }

    /// Sends events and gives the verdicts.
    pub(crate) async fn track(&self, sender: &Sender, events: Vec<v1::Event>) -> Vec<Verdict> {
        verdicts(&self.call(sender, batch(events)).await.expect("taken"))
    }

    /// Sends each event at its own time, in calls of their own.
    pub(crate) async fn track_live(&self, sender: &Sender, times: impl IntoIterator<Item = (usize, Micros)>) {
        for (number, time) in times {
            self.clock.set(time);
            assert_eq!(self.track(sender, vec![view(number, time)]).await, [Verdict::Stored]);
        }
    }

    /// Starts an import and gives its name, and whether it was running.
    pub(crate) async fn open_import(
        &self,
        site: &Site,
        import_id: &str,
        include_bots: IncludeBots,
    ) -> Result<(String, v1::CreateImportResponse), Status> {
        let (_, import) = self.services.as_ref().expect("it runs");
        let request = v1::CreateImportRequest {
            parent: format!("projects/{}", site.project.name),
            import_id: import_id.to_owned(),
            include_bots: include_bots == IncludeBots::Yes,
        };
        let response = import.create_import(site.backend().request(request)).await?.into_inner();
        Ok((response.import.as_ref().expect("the import").name.clone(), response))
    }

    pub(crate) async fn finish_import(&self, site: &Site, name: &str) -> Result<(), Status> {
        let (_, import) = self.services.as_ref().expect("it runs");
        let request = v1::FinishImportRequest { name: name.to_owned() };
        import.finish_import(site.backend().request(request)).await.map(drop)
    }

    /// Creates an import with somebody else's key.
    pub(crate) async fn create_import(
        &self,
        sender: &Sender,
        request: v1::CreateImportRequest,
    ) -> Result<v1::CreateImportResponse, Status> {
        let (_, import) = self.services.as_ref().expect("it runs");
        Ok(import.create_import(sender.request(request)).await?.into_inner())
    }

    /// Sends a batch of an import.
    pub(crate) async fn import(&self, site: &Site, name: &str, events: Vec<v1::Event>) -> Vec<Verdict> {
        let request = v1::TrackRequest { import: name.to_owned(), ..batch(events) };
        verdicts(&self.call(&site.backend(), request).await.expect("taken"))
    }

    /// Everything that is stored of a project, by number, then by the sender's time.
    pub(crate) async fn stored(&self, site: &Site) -> Vec<Event> {
        events_in(&self.store, site.project.id).await
    }
}

/// Everything that a store has of a project, by number, then by the sender's time.
pub(crate) async fn events_in(store: &SqliteStore, project: ProjectId) -> Vec<Event> {
    let always = Interval { start: Millis(i64::MIN), end: Millis(i64::MAX) };
    let first = EventPosition::after_version(Version(0));
    let mut events = Vec::new();
    for state in store.days(project, always).await.expect("read") {
        let page = store.read_day(project, state.day, first, state.version, 100_000).await.expect("read");
        events.extend(page.into_iter().map(|stored| stored.event));
    }
    events.sort_by_key(|event| (event.event_id, event.occurred_at));
    events
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncludeBots {
    Yes,
    No,
}
