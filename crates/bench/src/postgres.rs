//! Binary COPY as the measure of what a server can take, what the server's processes compute, and what they are.

use std::fs;

use anyhow::{Context as _, Result};
use futures::TryStreamExt as _;
use sqlx::{PgConnection, Row as _};

use crate::process;

/// The length of what binary COPY begins with: a signature, flags, and the length of an extension that nobody uses.
const HEADER_BYTES: usize = 19;
/// What it ends with.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
/// How many bytes are handed to the driver at a time; each hand-over is a write to the socket.
const SEND_BYTES: usize = 1 << 20;

/// Rows as binary COPY sends them, made once and sent as often as one likes: what is measured with them is the server alone.
pub(crate) struct Payload {
    header: Vec<u8>,
    rows: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl Payload {
    /// Takes the rows that a query yields, in its order.
    pub(crate) async fn of_query(connection: &mut PgConnection, query: &str) -> Result<Self> {
        let statement = format!("COPY ({query}) TO STDOUT (FORMAT binary)");
        let mut stream = connection.copy_out_raw(&statement).await?;
        let mut bytes = Vec::new();
        while let Some(part) = stream.try_next().await? {
            bytes.extend_from_slice(&part);
        }
        Self::of_bytes(bytes)
    }

    fn of_bytes(mut header: Vec<u8>) -> Result<Self> {
        let mut rows = header.split_off(HEADER_BYTES.min(header.len()));
        let mut ends = Vec::new();
        let mut at = 0;
        while rows[at..].first_chunk() != Some(&TRAILER) {
            at = row_end(&rows, at).context("binary COPY sent half a row")?;
            ends.push(at);
        }
        rows.truncate(at);
        Ok(Self { header, rows, ends })
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Sends the rows of a range into a table, within the transaction of the connection if it has one.
    pub(crate) async fn copy_into(
        &self,
        connection: &mut PgConnection,
        table: &str,
        range: std::ops::Range<usize>,
    ) -> Result<()> {
        let end_of = |row: usize| row.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut copy = connection.copy_in_raw(&format!("COPY {table} FROM STDIN (FORMAT binary)")).await?;
        copy.send(self.header.as_slice()).await?;
        for part in self.rows[end_of(range.start)..end_of(range.end)].chunks(SEND_BYTES) {
            copy.send(part).await?;
        }
        copy.send(TRAILER.as_slice()).await?;
        copy.finish().await?;
        Ok(())
    }
}

/// A row is the number of its fields, and for each its length (−1 for NULL) and its bytes.
fn row_end(rows: &[u8], start: usize) -> Option<usize> {
    let fields = i16::from_be_bytes(*rows.get(start..)?.first_chunk()?);
    let mut at = start + 2;
    for _ in 0..fields {
        let length = i32::from_be_bytes(*rows.get(at..)?.first_chunk()?);
        at += 4 + usize::try_from(length).unwrap_or(0);
    }
    (at <= rows.len()).then_some(at)
}

/// How long the server's processes of all connections to this database have computed. None when they run elsewhere.
pub(crate) async fn backend_cpu_seconds(connection: &mut PgConnection) -> Result<Option<f64>> {
    let query =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'";
    let rows = sqlx::query(query).fetch_all(connection).await?;
    let pids = rows.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<i32>>>()?;
    Ok(pids.into_iter().map(cpu_seconds_of).sum())
}

/// What the server is, as pairs of a name and a version.
pub(crate) async fn versions(connection: &mut PgConnection) -> Result<Vec<(String, String)>> {
    let query = "SELECT current_setting('server_version'), extversion FROM pg_extension WHERE extname = 'timescaledb'";
    let row = sqlx::query(query).fetch_one(connection).await?;
    Ok(vec![("PostgreSQL".to_owned(), row.try_get(0)?), ("TimescaleDB".to_owned(), row.try_get(1)?)])
}

/// None when there is no such process here, or another one has its id.
fn cpu_seconds_of(pid: i32) -> Option<f64> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    (name.trim() == "postgres").then(|| process::cpu_seconds_of(u32::try_from(pid).ok()?)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_where_their_fields_do_and_null_has_no_bytes() {
        let mut bytes = vec![0; HEADER_BYTES];
        bytes.extend([0, 2, 0, 0, 0, 1, 7, 255, 255, 255, 255]);
        bytes.extend([0, 1, 0, 0, 0, 0]);
        bytes.extend(TRAILER);
        let payload = Payload::of_bytes(bytes.clone()).expect("two rows");
        assert_eq!(payload.ends, [11, 17]);
        bytes.truncate(HEADER_BYTES + 9);
        assert!(Payload::of_bytes(bytes).is_err(), "half a row");
    }
}
