//! The two directions of a call to another process, while it goes on.
//!
//! Both are handed on frame by frame, so that each side is held back by the other. What a broken or ending connection does to them is
//! put into the words of the protocol.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use analytics_rpc::ConnectionEnding;
use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use tonic::{Status, body::Body};

use crate::forward::unavailable_status;

const STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// The answer of another process. When it breaks off, the caller is told to come back rather than left without a status.
pub(super) struct Answer {
    inner: Incoming,
    /// Whether a status is still to come.
    is_open: bool,
}

impl Answer {
    pub(super) fn new(headers: &HeaderMap, inner: Incoming) -> Self {
        Self { inner, is_open: !headers.contains_key(STATUS) }
    }

    fn break_off(&mut self, cause: &(dyn std::error::Error + 'static)) -> Frame<Bytes> {
        self.is_open = false;
        let mut trailers = HeaderMap::new();
        if let Err(error) = unavailable_status(cause).add_header(&mut trailers) {
            tracing::error!(%error, "a status could not be written");
        }
        Frame::trailers(trailers)
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = std::task::ready!(Pin::new(&mut self.inner).poll_frame(cx));
        Poll::Ready(match frame {
            Some(Ok(frame)) => {
                if frame.trailers_ref().is_some_and(|trailers| trailers.contains_key(STATUS)) {
                    self.is_open = false;
                }
                Some(Ok(frame))
            }
            Some(Err(error)) if self.is_open => Some(Ok(self.break_off(&error))),
            None if self.is_open => Some(Ok(self.break_off(&EndedWithoutStatus))),
            Some(Err(_)) | None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        !self.is_open && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.is_open { SizeHint::default() } else { self.inner.size_hint() }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the answer ended without a status")]
struct EndedWithoutStatus;

/// What a caller sends. When its connection is about to end, no message after the current one is handed on: the service then answers
/// what it has and ends the stream, and the caller sends the rest again over another connection.
pub(super) struct Messages {
    inner: Body,
    ending: Pin<Box<dyn Future<Output = ()> + Send + Sync>>,
    place: Place,
}

/// Where in the sequence of messages the last byte stood. Each is a byte of flags and four of length, then so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeFirst,
    Between,
    /// The bytes of the head that were seen, and how many.
    Head([u8; 5], usize),
    /// So many bytes are missing.
    Message(u32),
}

impl Messages {
    pub(super) fn new(inner: Body, ending: ConnectionEnding) -> Self {
        let ending = Box::pin(async move { ending.begun().await });
        Self { inner, ending, place: Place::BeforeFirst }
    }
}

impl Place {
    fn after(mut self, mut bytes: &[u8]) -> Self {
        while let Some((&first, rest)) = bytes.split_first() {
            self = match self {
                Self::BeforeFirst | Self::Between => Self::Head([first, 0, 0, 0, 0], 1),
                Self::Head(mut head, seen) => {
                    head[seen] = first;
                    let [_, length @ ..] = head;
                    match (seen, u32::from_be_bytes(length)) {
                        (4, 0) => Self::Between,
                        (4, length) => Self::Message(length),
                        _ => Self::Head(head, seen + 1),
                    }
                }
                Self::Message(missing) => {
                    let here = bytes.len().min(missing as usize);
                    bytes = &bytes[here..];
                    // No more than is missing, which fits.
                    self = match missing - here as u32 {
                        0 => Self::Between,
                        missing => Self::Message(missing),
                    };
                    continue;
                }
            };
            bytes = rest;
        }
        self
    }
}

impl HttpBody for Messages {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.place == Place::Between && self.ending.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        let frame = std::task::ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            self.place = self.place.after(data);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_between_messages_is_found_however_they_are_cut() {
        let bytes = [&[0, 0, 0, 0, 3][..], b"abc", &[1, 0, 0, 0, 0], &[0, 0, 0, 1, 0], &[7; 256]].concat();
        let between = [8, 13, bytes.len()];
        for size in 1..=bytes.len() {
            let (mut place, mut seen) = (Place::BeforeFirst, 0);
            for piece in bytes.chunks(size) {
                place = place.after(piece);
                seen += piece.len();
                assert_eq!(place == Place::Between, between.contains(&seen), "{seen} in pieces of {size}: {place:?}");
            }
        }
    }
}
