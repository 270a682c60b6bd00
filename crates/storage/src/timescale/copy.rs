//! Rows in the binary format of COPY, and sending them.

use sqlx::{PgConnection, postgres::PgCopyIn};

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
        let mut buffer = Vec::with_capacity(SIGNATURE.len() + HEADER_REST.len() + bytes + TRAILER.len());
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
        self.announce(value.len())?;
        self.0.extend_from_slice(value);
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
        self.announce(1 + object.len())?;
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

    /// No more rows follow.
    pub(super) fn end(&mut self) {
        self.0.extend_from_slice(&TRAILER);
    }

    /// Sends all rows, which have ended, with a statement such as `COPY events (id) FROM STDIN (FORMAT binary)`.
    pub(super) async fn send(&self, connection: &mut PgConnection, statement: &str) -> Result<(), Failure> {
        let mut sender = Sender::begin(connection, statement).await?;
        sender.send(&self.0).await?;
        sender.finish().await
    }

    /// Announces a value of so many bytes, which follow.
    pub(super) fn announce(&mut self, bytes: usize) -> Result<(), TooLong> {
        let bytes = i32::try_from(bytes).map_err(|_| TooLong)?;
        self.0.extend_from_slice(&bytes.to_be_bytes());
        Ok(())
    }

    /// Appends the bytes of a value that was announced, and sends what is worth sending. For rows that are too many or too wide to be
    /// held at once.
    pub(super) async fn append(&mut self, value: &[u8], sender: &mut Sender<'_>) -> Result<(), Failure> {
        if value.len() < SEND_BYTES {
            self.0.extend_from_slice(value);
            if self.0.len() < SEND_BYTES { Ok(()) } else { self.flush(sender).await }
        } else {
            self.flush(sender).await?;
            sender.send(value).await
        }
    }

    /// Sends what was encoded so far and forgets it.
    pub(super) async fn flush(&mut self, sender: &mut Sender<'_>) -> Result<(), Failure> {
        sender.send(&self.0).await?;
        self.0.clear();
        Ok(())
    }
}

/// A COPY that takes rows. Unless it is finished, its connection has to be thrown away.
pub(super) struct Sender<'c>(PgCopyIn<&'c mut PgConnection>);

impl<'c> Sender<'c> {
    pub(super) async fn begin(connection: &'c mut PgConnection, statement: &str) -> Result<Self, Failure> {
        Ok(Self(connection.copy_in_raw(statement).await?))
    }

    pub(super) async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        for part in bytes.chunks(SEND_BYTES) {
            self.0.send(part).await?;
        }
        Ok(())
    }

    /// Returns once the server has taken every row. The connection can be used after a failure too: the server says what is wrong
    /// with a row only here.
    pub(super) async fn finish(self) -> Result<(), Failure> {
        self.0.finish().await?;
        Ok(())
    }
}

/// The object within the binary form of jsonb.
pub(super) fn jsonb_text(bytes: &[u8]) -> Option<&str> {
    let (version, text) = bytes.split_first()?;
    if *version == JSONB_VERSION { std::str::from_utf8(text).ok() } else { None }
}
