//! An installation with two projects and a key of each kind.

use std::sync::Arc;

use analytics_admin::{AdminGrpc, AdminPorts, QuarantineGrpc};
use analytics_domain::{
    ApiKey, ApiKeyScope, KeyId, ManualClock, Micros, NewProject, Project, ProjectId, WeekStart, Zone,
    ports::{Catalog, SegmentStore, TraceLog},
};
use analytics_proto::v1::{
    ErrorReason, admin_service_client::AdminServiceClient, admin_service_server::AdminServiceServer,
    quarantine_service_client::QuarantineServiceClient, quarantine_service_server::QuarantineServiceServer,
};
use analytics_rpc::{Authenticator, ERROR_DOMAIN, KeySecret};
use analytics_storage::{
    segment_files::SegmentFiles,
    sqlite::{SqliteOptions, SqliteStore},
};
use analytics_stream::{TraceLogOptions, local::LocalTraceLog};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

pub(crate) const NOW: Micros = Micros(1_700_000_000_123_456);

pub(crate) type Client = AdminServiceClient<AdminServiceServer<AdminGrpc>>;
pub(crate) type QuarantineClient = QuarantineServiceClient<QuarantineServiceServer<QuarantineGrpc>>;

pub(crate) struct World {
    pub(crate) catalog: Arc<SqliteStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) admin: Client,
    pub(crate) quarantine: QuarantineClient,
    pub(crate) segments: Arc<dyn SegmentStore>,
    pub(crate) trace: Arc<dyn TraceLog>,
    pub(crate) web: ProjectId,
    pub(crate) shop: ProjectId,
    /// Reaches all projects, with all scopes.
    pub(crate) root: KeySecret,
    /// Belong to the project `web`.
    pub(crate) web_admin: KeySecret,
    pub(crate) web_ingest: KeySecret,
    pub(crate) web_query: KeySecret,
    /// Belongs to the project `shop`.
    pub(crate) shop_admin: KeySecret,
    /// Reached all projects until it was revoked.
    pub(crate) revoked: KeySecret,
    _directory: tempfile::TempDir,
}

/// Whether this server can read what collectors and processors remember.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traces {
    Known,
    Elsewhere,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Traces::Known).await
    }

    pub(crate) async fn with(traces: Traces) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let catalog = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a store");
        let clock = Arc::new(ManualClock::new(NOW));
        let authenticator = Authenticator::new(catalog.clone(), clock.clone());
        let segments: Arc<dyn SegmentStore> = Arc::new(SegmentFiles::open(directory.path()).expect("a directory"));
        let trace: Arc<dyn TraceLog> = Arc::new(LocalTraceLog::new(TraceLogOptions::default(), clock.clone()));
        let ports = AdminPorts {
            catalog: catalog.clone(),
            events: catalog.clone(),
            segments: segments.clone(),
            counts: catalog.clone(),
            trace: (traces == Traces::Known).then(|| trace.clone()),
            clock: clock.clone(),
        };
        let service = AdminGrpc::new(ports, authenticator.clone());
        let quarantine = QuarantineGrpc::new(catalog.clone(), catalog.clone(), authenticator);
        let web = create_project(&*catalog, "web").await.id;
        let shop = create_project(&*catalog, "shop").await.id;
        let all = ApiKeyScope::ALL.as_slice();
        let root = create_key(&*catalog, "root", None, all).await;
        let web_admin = create_key(&*catalog, "webadmin", Some(web), &[ApiKeyScope::Admin]).await;
        let web_ingest = create_key(&*catalog, "webingest", Some(web), &[ApiKeyScope::Ingest]).await;
        let web_query = create_key(&*catalog, "webquery", Some(web), &[ApiKeyScope::Query]).await;
        let shop_admin = create_key(&*catalog, "shopadmin", Some(shop), &[ApiKeyScope::Admin]).await;
        let revoked = create_key(&*catalog, "revoked", None, all).await;
        catalog.revoke_key(&KeyId("revoked".to_owned()), NOW).await.expect("revoked").expect("the key");
        let admin = AdminServiceClient::new(AdminServiceServer::new(service));
        Self {
            catalog,
            clock,
            admin,
            quarantine: QuarantineServiceClient::new(QuarantineServiceServer::new(quarantine)),
            segments,
            trace,
            web,
            shop,
            root,
            web_admin,
            web_ingest,
            web_query,
            shop_admin,
            revoked,
            _directory: directory,
        }
    }

    pub(crate) fn wait_ms(&self, milliseconds: i64) {
        use analytics_domain::Clock as _;
        self.clock.set(Micros(self.clock.now().0 + milliseconds * 1000));
    }
}

async fn create_project(catalog: &dyn Catalog, name: &str) -> Project {
    let project = NewProject {
        name: name.parse().expect("a name"),
        zone: Zone::named("Europe/Berlin").expect("a zone"),
        week_start: WeekStart::Monday,
        session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
        lateness: NewProject::DEFAULT_LATENESS,
        user_hash_secret: [7; 32],
        create_time: NOW,
        ingest: Default::default(),
    };
    catalog.create_project(project).await.expect("created")
}

async fn create_key(catalog: &dyn Catalog, id: &str, project: Option<ProjectId>, scopes: &[ApiKeyScope]) -> KeySecret {
    let secret = KeySecret::generate();
    let key = ApiKey {
        id: KeyId(id.to_owned()),
        secret_hash: secret.hash(),
        project,
        scopes: scopes.to_vec(),
        display_name: id.to_owned(),
        last_four: secret.last_four().to_owned(),
        create_time: NOW,
        revoke_time: None,
        limits: Default::default(),
        last_use_time: None,
    };
    catalog.create_key(key).await.expect("created");
    secret
}

/// The request with a key.
pub(crate) fn by<T>(key: &KeySecret, message: T) -> Request<T> {
    with_authorization(&format!("Bearer {}", key.expose()), message)
}

pub(crate) fn with_authorization<T>(value: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", value.parse().expect("a header value"));
    request
}

/// The failure must be of this code and reason; returns it for more.
#[track_caller]
pub(crate) fn failure<T>(result: Result<T, Status>, code: Code, reason: ErrorReason) -> Status {
    let Err(status) = result else { panic!("succeeded instead of {reason:?}") };
    assert_eq!(status.code(), code, "{status:?}");
    let info = status.get_details_error_info().expect("an ErrorInfo");
    assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason.as_str_name(), ERROR_DOMAIN));
    status
}

/// The request must be refused for these fields.
#[track_caller]
pub(crate) fn refused_fields<T>(result: Result<T, Status>, reason: ErrorReason, fields: &[&str]) -> Status {
    let status = failure(result, Code::InvalidArgument, reason);
    let violations = status.get_details_bad_request().expect("a BadRequest").field_violations;
    assert_eq!(violations.iter().map(|violation| violation.field.as_str()).collect::<Vec<_>>(), fields);
    status
}
