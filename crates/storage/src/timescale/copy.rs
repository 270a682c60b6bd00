//! Rows in the binary format of COPY, and sending them.

use sqlx::PgConnection;

use super::{
    failure::Failure,
    types::{Date, Timestamp},
};

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// No flags, and no header extension.
const HEADER_REST: [u8; 8] = [0; 8];
/// Stands where the next row would begin.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
/// Stands where the length of a value would, for a value that is NULL.
const NULL: [u8; 4] = (-1_i32).to_be_bytes();
/// Before an object in the binary form of jsonb.
const JSONB_VERSION: u8 = 1;

/// How much is sent at once: each sending waits until the socket has taken everything.
const SEND_BYTES: usize = 512 * 1024;

/// A value is longer than the format can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;

/// Rows, encoded one after another. What is encoded once can be sent as often as need be.
pub(super) struct Rows(Vec<u8>);

impl Rows {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        let mut buffer = Vec::with_capacity(SIGNATURE.len() + HEADER_REST.len() + bytes);
        buffer.extend_from_slice(SIGNATURE);
        buffer.extend_from_slice(&HEADER_REST);
        Self(buffer)
    }

    /// Begins a row of so many values and returns its place.
    pub(super) fn begin(&mut self, values: usize) -> usize {
        let place = self.0.len();
        // No table has more than 1,600 columns.
        self.0.extend_from_slice(&(values as i16).to_be_bytes());
        place
    }

    pub(super) fn put(&mut self, value: &[u8]) -> Result<(), TooLong> {
        self.put_length(value.len())?;
        self.0.extend_from_slice(value);
        Ok(())
    }

    fn put_length(&mut self, bytes: usize) -> Result<(), TooLong> {
        let bytes = i32::try_from(bytes).map_err(|_| TooLong)?;
        self.0.extend_from_slice(&bytes.to_be_bytes());
        Ok(())
    }

    pub(super) fn put_fixed<const N: usize>(&mut self, value: [u8; N]) {
        self.0.extend_from_slice(&(N as i32).to_be_bytes());
        self.0.extend_from_slice(&value);
    }

    pub(super) fn put_bigint(&mut self, value: i64) {
        self.put_fixed(value.to_be_bytes());
    }

    pub(super) fn put_integer(&mut self, value: i32) {
        self.put_fixed(value.to_be_bytes());
    }

    pub(super) fn put_smallint(&mut self, value: i16) {
        self.put_fixed(value.to_be_bytes());
    }

    pub(super) fn put_timestamp(&mut self, value: Timestamp) {
        self.put_fixed(value.to_be_bytes());
    }

    pub(super) fn put_date(&mut self, value: Date) {
        self.put_fixed(value.to_be_bytes());
    }

    pub(super) fn put_jsonb(&mut self, object: &str) -> Result<(), TooLong> {
        self.put_length(1 + object.len())?;
        self.0.push(JSONB_VERSION);
        self.0.extend_from_slice(object.as_bytes());
        Ok(())
    }

    pub(super) fn put_null(&mut self) {
        self.0.extend_from_slice(&NULL);
    }

    /// Writes over the bytes at a place.
    pub(super) fn overwrite<const N: usize>(&mut self, place: usize, value: [u8; N]) {
        self.0[place..place + N].copy_from_slice(&value);
    }

    /// The bytes of rows between two places.
    pub(super) fn between(&self, begin: usize, end: usize) -> &[u8] {
        self.0.get(begin..end).unwrap_or_default()
    }

    /// Where the next row would begin, or the last one ended.
    pub(super) fn place(&self) -> usize {
        self.0.len()
    }

    /// Sends all rows, with a statement such as `COPY events (id) FROM STDIN (FORMAT binary)`. The connection can be used after a
    /// failure of the server too: what is wrong with a row it says only at the end.
    pub(super) async fn send(&self, connection: &mut PgConnection, statement: &str) -> Result<(), Failure> {
        let mut copy = connection.copy_in_raw(statement).await?;
        for part in self.0.chunks(SEND_BYTES) {
            copy.send(part).await?;
        }
        copy.send(TRAILER.as_slice()).await?;
        copy.finish().await?;
        Ok(())
    }
}

/// The object within the binary form of jsonb.
pub(super) fn jsonb_text(bytes: &[u8]) -> Option<&str> {
    let (version, text) = bytes.split_first()?;
    if *version == JSONB_VERSION { std::str::from_utf8(text).ok() } else { None }
}
