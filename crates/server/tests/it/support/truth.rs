//! What is stored and what still waits in the log, past the services.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use super::{block_on, stack::Backends};

/// A processor takes over what another one left within its lease and an interval of looking, 10 seconds in all, and tries failed commits
/// every second. What was handed out, is not acknowledged and did not move for so long is forgotten.
const FORGOTTEN_MS: u64 = 20_000;

/// The group of processors.
const GROUP: &str = "processors";

/// Where a platform keeps events.
#[derive(Debug, Clone)]
pub(crate) enum Truth {
    /// The database file of `serve`.
    Embedded(PathBuf),
    /// TimescaleDB, and the Redis of the log.
    Services(Backends),
}

/// A row of the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredEvent {
    pub(crate) id: Uuid,
    pub(crate) project: String,
    pub(crate) page: String,
}

impl Truth {
    /// All events of projects whose names begin so, each row of them.
    pub(crate) fn events(&self, prefix: &str) -> Vec<StoredEvent> {
        let rows = self.rows(&format!(
            "SELECT {}, p.name, e.page FROM events e JOIN projects p ON p.id = e.project_id WHERE p.name LIKE '{prefix}-%'",
            self.id_text("e.event_id"),
        ));
        let event = |[id, project, page]: [String; 3]| StoredEvent { id: id.parse().expect("an id"), project, page };
        rows.into_iter().map(event).collect()
    }

    /// The ids of all events in quarantine.
    pub(crate) fn quarantined(&self) -> Vec<Uuid> {
        let id = self.id_text("event_id");
        let rows = self.rows(&format!("SELECT {id}, '', '' FROM quarantine WHERE event_id IS NOT NULL"));
        rows.into_iter().map(|[id, ..]| id.parse().expect("an id")).collect()
    }

    /// Whether what is not stored now never will be: the log is empty, or nobody takes what is in it.
    pub(crate) fn is_settled(&self) -> bool {
        match self {
            Self::Embedded(_) => true,
            Self::Services(backends) => log_is_settled(backends),
        }
    }

    /// Ids are 16 bytes in SQLite.
    fn id_text(&self, column: &str) -> String {
        match self {
            Self::Embedded(_) => format!("hex({column})"),
            Self::Services(_) => format!("{column}::text"),
        }
    }

    fn rows(&self, statement: &str) -> Vec<[String; 3]> {
        let statement = AssertSqlSafe(statement.to_owned());
        match self {
            Self::Embedded(file) => block_on(async move {
                let options = SqliteConnectOptions::new().filename(file).read_only(true);
                let mut connection = SqliteConnection::connect_with(&options).await.expect("the file is there");
                let rows = sqlx::query(statement).fetch_all(&mut connection).await.expect("it answers");
                rows.iter().map(|row| [row.get(0), row.get(1), row.get(2)]).collect()
            }),
            Self::Services(backends) => block_on(async move {
                let mut connection =
                    PgConnection::connect(&backends.database_url).await.expect("the database is there");
                let rows = sqlx::query(statement).fetch_all(&mut connection).await.expect("it answers");
                rows.iter().map(|row| [row.get(0), row.get(1), row.get(2)]).collect()
            }),
        }
    }
}

/// The streams of the log.
pub(crate) fn streams(backends: &Backends) -> (redis::Connection, Vec<String>) {
    let client = redis::Client::open(backends.redis_url.as_str()).expect("a URL");
    let mut connection = client.get_connection().expect("it is there");
    let pattern = format!("{}:{{log-*}}:entries", backends.redis_prefix);
    let streams = redis::cmd("KEYS").arg(pattern).query(&mut connection).expect("names");
    (connection, streams)
}

/// How many entries of the log were handed to a processor and are not acknowledged.
pub(crate) fn unacknowledged_entries(backends: &Backends) -> u64 {
    let (mut connection, streams) = streams(backends);
    let pending = streams.iter().map(|stream| {
        let summary: Vec<redis::Value> =
            redis::cmd("XPENDING").arg(stream).arg(GROUP).query(&mut connection).unwrap_or_default();
        summary.first().map_or(0, |count| redis::from_redis_value_ref::<u64>(count).expect("a number"))
    });
    pending.sum()
}

fn log_is_settled(backends: &Backends) -> bool {
    let (mut connection, streams) = streams(backends);
    streams.iter().all(|stream| {
        let entries: u64 = redis::cmd("XLEN").arg(stream).query(&mut connection).expect("a number");
        let mut handed_out = |idle_ms: u64| {
            let mut pending = redis::cmd("XPENDING");
            pending.arg(stream).arg(GROUP).arg("IDLE").arg(idle_ms).arg("-").arg("+").arg(100_000);
            pending.query::<Vec<redis::Value>>(&mut connection).map_or(0, |entries| entries.len())
        };
        // Whoever took any of them lately may take the others soon.
        entries == 0 || (handed_out(0) > 0 && handed_out(0) == handed_out(FORGOTTEN_MS))
    })
}
