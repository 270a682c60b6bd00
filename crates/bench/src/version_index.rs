//! Which index serves "what is new in this day since a version": what each candidate costs the writer, and what it saves the reader.
//!
//! The same rows are sent by binary COPY, in the order and size of commits, into hypertables that differ in their indexes only. This is
//! done in a database of its own, but the bytes of the write-ahead log are those of the whole server: nothing else should use it.

mod reads;
mod report;
mod variant;

use std::{fs, io::Write as _, path::PathBuf, time::Instant};

use analytics_testkit::FreshDatabase;
use anyhow::{Context as _, Result, ensure};
use clap::Args;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use self::{
    reads::{Days, Reads},
    report::{Measured, Report, Written},
    variant::{IdKind, VARIANTS, Variant},
};
use crate::{
    postgres::{self, Payload, backend_cpu_seconds},
    process::Machine,
    progress::Step,
};

/// A round is one commit of the hot project and 20 of others, as `rows.sql` says.
const ROUND: [usize; 21] = {
    let mut round = [COLD_COMMIT; 21];
    round[0] = HOT_COMMIT;
    round
};
const ROUND_ROWS: usize = 10_000;
const HOT_COMMIT: usize = 5_000;
const COLD_COMMIT: usize = 250;
/// The chunk of the last day was analysed the day before, as that of a running day mostly is.
const DAYS: usize = 4;
/// The hypertable of `events.sql` has chunks of a week: with so many more there is one year of them.
const FURTHER_CHUNKS: usize = 50;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many rows, over four days; rounded down to multiples of 40,000
    #[arg(long, value_name = "N", default_value_t = 400_000, value_parser = clap::value_parser!(u64).range(40_000..=100_000_000))]
    rows: u64,

    /// Where version-index.json goes
    #[arg(long, value_name = "DIR", default_value = "bench-out")]
    out: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(measure(options.rows))?;
    fs::create_dir_all(&options.out)?;
    fs::write(options.out.join("version-index.json"), serde_json::to_string_pretty(&report)?)?;
    std::io::stdout().write_all(report.to_text().as_bytes())?;
    Ok(())
}

async fn measure(rows: u64) -> Result<Report> {
    let database = FreshDatabase::create().await;
    let mut connection = PgConnection::connect(database.url()).await?;
    // As in the store's sessions: else the planner reads and sorts all that is left of a day to get the next page of it.
    connection.execute("SET random_page_cost = 1.1; SET enable_sort = off; SET jit = off").await?;
    let rows = usize::try_from(rows)?;
    let rounds = rows / DAYS / ROUND_ROWS;
    let step = Step::waiting("making rows");
    connection.execute(AssertSqlSafe(rows_sql(rounds))).await?;
    let payload = |ids: IdKind| format!("SELECT {} FROM rows ORDER BY number", ids.columns());
    let ordered = Payload::of_query(&mut connection, &payload(IdKind::ByTime)).await?;
    let random = Payload::of_query(&mut connection, &payload(IdKind::Random)).await?;
    connection.execute("DROP TABLE rows").await?;
    ensure!(ordered.len() == rounds * DAYS * ROUND_ROWS, "rows.sql made {} rows", ordered.len());
    drop(step);

    let mut variants = Vec::new();
    for variant in &VARIANTS {
        let payload = match variant.ids {
            IdKind::ByTime => &ordered,
            IdKind::Random => &random,
        };
        let measured = measure_variant(&mut connection, variant, payload, rounds).await;
        variants.push(measured.with_context(|| format!("measuring `{}`", variant.name))?);
    }
    let versions = postgres::versions(&mut connection).await?;
    Ok(Report { machine: Machine::this(), versions, rows: ordered.len(), variants })
}

async fn measure_variant(
    connection: &mut PgConnection,
    variant: &'static Variant,
    payload: &Payload,
    rounds: usize,
) -> Result<Measured> {
    let step = Step::counting(variant.name, payload.len() as u64);
    connection.execute("DROP TABLE IF EXISTS events").await?;
    connection.execute(include_str!("../sql/version_index/events.sql")).await?;
    connection.execute(AssertSqlSafe(variant.identity_sql())).await?;
    if let Some(index) = variant.index_sql() {
        connection.execute(AssertSqlSafe(index)).await?;
    }
    // Each variant pays for the same full pages.
    connection.execute("CHECKPOINT").await?;
    let mut writing = Writing { payload, row: 0, step: &step, written: Written::default() };
    writing.rounds(connection, rounds * (DAYS - 1)).await?;
    connection.execute("VACUUM (ANALYZE) events").await?;
    writing.rounds(connection, rounds).await?;
    let mut written = writing.written;
    written.index_bytes_per_row = index_bytes(connection, "events_version").await? / payload.len() as f64;
    written.identity_bytes_per_row = index_bytes(connection, "events_identity").await? / payload.len() as f64;

    let days = Days { rounds_per_day: rounds };
    let running = Reads::measure(connection, &days, &step).await?;
    connection.execute("VACUUM (ANALYZE) events").await?;
    let settled = Reads::measure(connection, &days, &step).await?;
    connection.execute(AssertSqlSafe(further_chunks_sql())).await?;
    connection.execute("VACUUM (ANALYZE) events").await?;
    let many_chunks = reads::tails(connection, &days).await?;
    Ok(Measured { variant: variant.name, written, running, settled, many_chunks })
}

struct Writing<'a> {
    payload: &'a Payload,
    row: usize,
    step: &'a Step,
    written: Written,
}

impl Writing<'_> {
    /// A round is a transaction, so that waiting for the disk does not hide what the indexes cost.
    async fn rounds(&mut self, connection: &mut PgConnection, rounds: usize) -> Result<()> {
        let wal = wal_position(connection).await?;
        let (began, began_cpu) = (Instant::now(), backend_cpu_seconds(connection).await?);
        let first = self.row;
        for _ in 0..rounds {
            let mut transaction = connection.begin().await?;
            for rows in ROUND {
                self.payload.copy_into(&mut transaction, "events", self.row..self.row + rows).await?;
                self.row += rows;
            }
            transaction.commit().await?;
            self.step.at(self.row as u64);
        }
        let (seconds, cpu) = (began.elapsed().as_secs_f64(), backend_cpu_seconds(connection).await?);
        let wal = wal_position(connection).await? - wal;
        self.written.add(
            (self.row - first) as f64,
            seconds,
            began_cpu.zip(cpu).map(|(began, ended)| ended - began),
            wal,
        );
        Ok(())
    }
}

/// How many bytes the server has ever written to its log.
async fn wal_position(connection: &mut PgConnection) -> Result<f64> {
    let query = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8";
    Ok(sqlx::query(query).fetch_one(connection).await?.try_get(0)?)
}

/// The bytes of an index over all chunks.
async fn index_bytes(connection: &mut PgConnection, name: &str) -> Result<f64> {
    let query = "SELECT coalesce(sum(pg_relation_size(oid)), 0)::float8 FROM pg_class WHERE relname LIKE '%\\_' || $1";
    Ok(sqlx::query(query).bind(name).fetch_one(connection).await?.try_get(0)?)
}

fn rows_sql(rounds: usize) -> String {
    let rows = include_str!("../sql/version_index/rows.sql");
    rows.replace("$rounds", &rounds.to_string()).replace("$days", &DAYS.to_string())
}

/// One row of another project in each week that follows.
fn further_chunks_sql() -> String {
    format!(
        "INSERT INTO events (project_id, visitor_day, version, ordinal, entry_id, event_id, occurred_at, time, kind, name, interactive) \
         SELECT 3, time::date, 1, 0, 0, gen_random_uuid(), time, time, 1, 'page_view', false \
         FROM generate_series(timestamptz '2026-03-12 12:00Z', timestamptz '2026-03-12 12:00Z' + interval '1 week' * {}, interval '1 week') AS time",
        FURTHER_CHUNKS - 1
    )
}
