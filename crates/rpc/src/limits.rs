//! The limits of every server. A framework's defaults leave most of these open.

use std::time::Duration;

use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto,
};

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
    /// So many calls of one connection at the same time; more wait at the caller.
    pub streams_per_connection: u32,
    /// So many connections at the same time; more wait to be accepted.
    pub connections: usize,
    /// A connection that made no request within this is asked to go away: silence costs its maker nothing, and each takes a place.
    pub first_request_timeout: Duration,
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
            ingest_request_bytes: 1024 * 1024,
            request_bytes: 4 * 1024 * 1024,
            answer_bytes: 8 * 1024 * 1024,
            header_bytes: 8 * 1024,
            call_timeout: Duration::from_secs(10),
            calls: 1024,
            streams_per_connection: 128,
            connections: 4096,
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
