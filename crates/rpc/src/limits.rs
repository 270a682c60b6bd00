//! The limits of every server. A framework's defaults leave most of these open.

use std::time::Duration;

use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto,
};

/// The largest message of `IngestService`, in bytes.
pub(crate) const INGEST_REQUEST_BYTES: usize = 1024 * 1024;
/// The most events of a batch, as the contract says.
pub(crate) const MAX_EVENTS: usize = 1000;

/// How much one server takes on.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest request of `IngestService`, in bytes. Give it to the service as `max_decoding_message_size`.
    pub ingest_request_bytes: usize,
    /// The largest request of every other service, in bytes. Give it to the services as `max_decoding_message_size`.
    pub request_bytes: usize,
    /// The largest answer, in bytes. Give it to the services as `max_encoding_message_size`.
    pub answer_bytes: usize,
    /// The most bytes of headers of one request.
    pub header_bytes: u32,
    /// A unary call, or the beginning of a stream, may take so long, whatever the caller allows.
    pub call_timeout: Duration,
    /// So many calls are worked on at the same time; more are told to come back. A call is refused before its message is read.
    pub calls: usize,
    /// So many streams are open at the same time; more are told to come back. They are no calls in the sense above: a stream may stay
    /// for as long as its connection.
    pub streams: usize,
    /// So many streams of health and reflection are open at the same time, apart from the others: they ask for no key, and whoever has
    /// none must not shut out those who have one.
    pub keyless_streams: usize,
    /// So many calls of one connection at the same time; more wait at the caller.
    pub streams_per_connection: u32,
    /// So many bytes that a stream's handler did not read yet are taken of it: a handler that waits holds its caller back.
    pub stream_window_bytes: u32,
    /// The same for all streams of one connection together. Some that wait must not hold up the others.
    pub connection_window_bytes: u32,
    /// So many connections at the same time; more wait to be accepted.
    pub connections: usize,
    /// A connection that made no request within this is asked to go away: silence costs its maker nothing, and each takes a place.
    pub first_request_timeout: Duration,
    /// A connection that did not finish its TLS handshake within this is closed.
    pub tls_handshake_timeout: Duration,
    /// A silent connection is asked for a sign of life after so long.
    pub keepalive_interval: Duration,
    /// It is closed when none comes within this. One of HTTP 1.1 cannot be asked: it is closed after both times together.
    pub keepalive_timeout: Duration,
    /// A connection is asked to go away after so long, so that load spreads over new servers.
    pub connection_age: Duration,
    /// The calls of such a connection, and those of a server that stops, may go on for so long.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ingest_request_bytes: INGEST_REQUEST_BYTES,
            request_bytes: 4 * 1024 * 1024,
            answer_bytes: 8 * 1024 * 1024,
            header_bytes: 8 * 1024,
            call_timeout: Duration::from_secs(10),
            calls: 1024,
            streams: 1024,
            keyless_streams: 64,
            streams_per_connection: 128,
            stream_window_bytes: 256 * 1024,
            connection_window_bytes: 2 * 1024 * 1024,
            connections: 4096,
            tls_handshake_timeout: Duration::from_secs(5),
            first_request_timeout: Duration::from_secs(10),
            keepalive_interval: Duration::from_secs(30),
            keepalive_timeout: Duration::from_secs(10),
            connection_age: Duration::from_secs(15 * 60),
            grace: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// A builder of HTTP connections, 1.1 and 2, with these limits.
    pub fn connection_builder(&self) -> auto::Builder<TokioExecutor> {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(self.streams_per_connection)
            .max_header_list_size(self.header_bytes)
            .initial_stream_window_size(self.stream_window_bytes)
            .initial_connection_window_size(self.connection_window_bytes)
            .keep_alive_interval(self.keepalive_interval)
            .keep_alive_timeout(self.keepalive_timeout);
        builder
            .http1()
            .timer(TokioTimer::new())
            // The smallest buffer that is allowed; the head of a request has to fit in it.
            .max_buf_size((self.header_bytes as usize).max(8 * 1024))
            .header_read_timeout(self.keepalive_interval + self.keepalive_timeout);
        builder
    }

    /// The largest request that the service at this path takes, in bytes.
    pub(crate) fn request_bytes_at(&self, path: &str) -> usize {
        if path.starts_with("/analytics.v1.IngestService/") { self.ingest_request_bytes } else { self.request_bytes }
    }
}
