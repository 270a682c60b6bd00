//! One row for each RPC: a message about the victim, and what becomes of it.

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1::{self, time_range::Range};
use prost::Message;
use tonic::Code;

use super::keys::{EVENT_ID, VICTIM};

/// A scope of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Ingest,
    Query,
    Import,
    Admin,
}

impl Scope {
    pub(super) const ALL: [Self; 4] = [Self::Ingest, Self::Query, Self::Import, Self::Admin];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Query => "query",
            Self::Import => "import",
            Self::Admin => "admin",
        }
    }
}

/// What a key of another project gets, whatever its scopes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Foreign {
    /// A refusal.
    Refused(Code, &'static str),
    /// An answer with nothing of the victim in it.
    Nothing,
}

pub(super) struct Row {
    pub(super) path: &'static str,
    pub(super) message: Vec<u8>,
    /// Any of these will do.
    pub(super) scopes: &'static [Scope],
    /// Only a key that reaches all projects may do it.
    pub(super) reaches_all: bool,
    pub(super) foreign: Foreign,
    /// What a key gets that may do it.
    pub(super) own: Code,
}

const SENDING: &[Scope] = &[Scope::Ingest, Scope::Import];
const IMPORTING: &[Scope] = &[Scope::Import];
const ASKING: &[Scope] = &[Scope::Query];
const READING: &[Scope] = &[Scope::Admin, Scope::Query];
const MANAGING: &[Scope] = &[Scope::Admin];

const NO_PROJECT: Foreign = Foreign::Refused(Code::NotFound, "PROJECT_NOT_FOUND");
const NO_KEY: Foreign = Foreign::Refused(Code::NotFound, "KEY_NOT_FOUND");

fn row(path: &'static str, scopes: &'static [Scope], foreign: Foreign, message: impl Message) -> Row {
    Row { path, message: message.encode_to_vec(), scopes, reaches_all: false, foreign, own: Code::Ok }
}

/// `target` is a key of the victim that the calls are about.
pub(super) fn rows(target: &str) -> Vec<Row> {
    [ingest(), questions(), projects(), keys(target), quarantine()].into_iter().flatten().collect()
}

fn victim() -> String {
    format!("projects/{VICTIM}")
}

fn batch() -> v1::TrackRequest {
    let event = v1::Event {
        event_id: uuid::Uuid::now_v7().to_string(),
        occurred_at: Some(now()),
        kind: v1::EventKind::View.into(),
        url: "https://victim.example/sent".to_owned(),
        client: None,
        ..Default::default()
    };
    let ack_level = v1::AckLevel::Committed.into();
    v1::TrackRequest { project: victim(), events: vec![event], ack_level, ..Default::default() }
}

fn now() -> pbjson_types::Timestamp {
    let now = SystemClock.now().0;
    pbjson_types::Timestamp { seconds: now / 1_000_000, nanos: (now % 1_000_000 * 1000) as i32 }
}

fn ingest() -> Vec<Row> {
    let import = format!("{}/imports/june", victim());
    let create = v1::CreateImportRequest { parent: victim(), import_id: "june".to_owned(), include_bots: false };
    vec![
        row("/analytics.v1.IngestService/Track", SENDING, NO_PROJECT, batch()),
        Row {
            // The stream itself is opened: only its batch is refused.
            foreign: Foreign::Nothing,
            ..row(
                "/analytics.v1.IngestService/TrackStream",
                SENDING,
                Foreign::Nothing,
                v1::TrackStreamRequest { batch_number: 1, batch: Some(batch()) },
            )
        },
        row("/analytics.v1.ImportService/CreateImport", IMPORTING, NO_PROJECT, create),
        row(
            "/analytics.v1.ImportService/FinishImport",
            IMPORTING,
            NO_PROJECT,
            v1::FinishImportRequest { name: import },
        ),
    ]
}

fn questions() -> Vec<Row> {
    let metrics = || vec![v1::Metric { kind: v1::MetricKind::Views.into() }];
    let scope = || {
        let dates = v1::DateInterval { start_date: "2024-06-14".to_owned(), end_date: "2024-06-15".to_owned() };
        let range = Some(v1::TimeRange { range: Some(Range::Dates(dates)) });
        Some(v1::QueryScope { project: victim(), range, ..Default::default() })
    };
    let trend = v1::TrendSpec { metrics: metrics(), unit: v1::TimeUnit::Day.into() };
    let page = v1::Dimension { dimension: Some(v1::dimension::Dimension::Field(v1::DimensionField::Page.into())) };
    let breakdown = v1::BreakdownSpec { metrics: metrics(), dimensions: vec![page], limit: 10 };
    let totals = v1::TotalsSpec { metrics: metrics() };
    vec![
        row(
            "/analytics.v1.QueryService/QueryTotals",
            ASKING,
            NO_PROJECT,
            v1::QueryTotalsRequest { scope: scope(), totals: Some(totals) },
        ),
        row(
            "/analytics.v1.QueryService/QueryTrend",
            ASKING,
            NO_PROJECT,
            v1::QueryTrendRequest { scope: scope(), trend: Some(trend) },
        ),
        row(
            "/analytics.v1.QueryService/QueryBreakdown",
            ASKING,
            NO_PROJECT,
            v1::QueryBreakdownRequest { scope: scope(), breakdown: Some(breakdown) },
        ),
    ]
}

fn projects() -> Vec<Row> {
    let create = v1::CreateProjectRequest { project_id: "made".to_owned(), time_zone: "UTC".to_owned(), week_start: 0 };
    let settings = v1::IngestSettings { own_networks: vec!["203.0.113.7".to_owned()], ..Default::default() };
    let update = v1::UpdateProjectRequest {
        project: Some(v1::Project { name: victim(), ingest_settings: Some(settings), ..Default::default() }),
        update_mask: mask("ingest_settings.own_networks"),
    };
    vec![
        Row {
            reaches_all: true,
            ..row(
                "/analytics.v1.AdminService/CreateProject",
                MANAGING,
                Foreign::Refused(Code::PermissionDenied, "SCOPE_MISSING"),
                create,
            )
        },
        row("/analytics.v1.AdminService/GetProject", READING, NO_PROJECT, v1::GetProjectRequest { name: victim() }),
        row("/analytics.v1.AdminService/ListProjects", READING, Foreign::Nothing, v1::ListProjectsRequest::default()),
        row("/analytics.v1.AdminService/UpdateProject", MANAGING, NO_PROJECT, update),
        row(
            "/analytics.v1.AdminService/ListIngestCounts",
            READING,
            NO_PROJECT,
            v1::ListIngestCountsRequest { project: victim(), ..Default::default() },
        ),
        row(
            "/analytics.v1.AdminService/TraceEvent",
            READING,
            NO_PROJECT,
            v1::TraceEventRequest { project: victim(), event_id: EVENT_ID.to_owned() },
        ),
    ]
}

fn keys(target: &str) -> Vec<Row> {
    let name = || target.to_owned();
    let create = v1::CreateApiKeyRequest {
        project: victim(),
        scopes: vec![v1::ApiKeyScope::Query.into()],
        ..Default::default()
    };
    let update = v1::UpdateApiKeyRequest {
        api_key: Some(v1::ApiKey { name: name(), display_name: "changed".to_owned(), ..Default::default() }),
        update_mask: mask("display_name"),
    };
    let list = v1::ListApiKeysRequest { page_size: 1000, ..Default::default() };
    vec![
        row("/analytics.v1.AdminService/CreateApiKey", MANAGING, NO_PROJECT, create),
        row("/analytics.v1.AdminService/ListApiKeys", MANAGING, Foreign::Nothing, list),
        row("/analytics.v1.AdminService/UpdateApiKey", MANAGING, NO_KEY, update),
        row(
            "/analytics.v1.AdminService/RotateApiKey",
            MANAGING,
            NO_KEY,
            v1::RotateApiKeyRequest { name: name(), overlap: None },
        ),
        row("/analytics.v1.AdminService/RevokeApiKey", MANAGING, NO_KEY, v1::RevokeApiKeyRequest { name: name() }),
    ]
}

/// Nothing is in quarantine: that those of others stay hidden is seen where some are (crates/admin/tests/it/quarantine.rs).
fn quarantine() -> Vec<Row> {
    let name = || "quarantinedEvents/1".to_owned();
    let absent = Foreign::Refused(Code::NotFound, "QUARANTINED_EVENT_NOT_FOUND");
    vec![
        row(
            "/analytics.v1.QuarantineService/ListQuarantinedEvents",
            MANAGING,
            NO_PROJECT,
            v1::ListQuarantinedEventsRequest { project: victim(), ..Default::default() },
        ),
        Row {
            own: Code::NotFound,
            ..row(
                "/analytics.v1.QuarantineService/GetQuarantinedEvent",
                MANAGING,
                absent,
                v1::GetQuarantinedEventRequest { name: name() },
            )
        },
        row(
            "/analytics.v1.QuarantineService/ReplayQuarantinedEvents",
            MANAGING,
            Foreign::Nothing,
            v1::ReplayQuarantinedEventsRequest { names: vec![name()] },
        ),
        row(
            "/analytics.v1.QuarantineService/DeleteQuarantinedEvents",
            MANAGING,
            Foreign::Nothing,
            v1::DeleteQuarantinedEventsRequest { names: vec![name()] },
        ),
    ]
}

fn mask(path: &str) -> Option<pbjson_types::FieldMask> {
    Some(pbjson_types::FieldMask { paths: vec![path.to_owned()] })
}
