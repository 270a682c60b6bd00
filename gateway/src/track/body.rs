//! Reads the body of a request, within bounds of what one may bring and of what all together may hold.

use std::{io::Read as _, sync::Arc};

use analytics_rpc::RpcError;
use axum::body::Body;
use bytes::{Buf as _, Bytes};
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Status;

use super::answer::Refusal;

/// So many bytes of bodies are held at the same time, as they were sent or decompressed, whatever is more. A place is taken as bytes
/// arrive, so that whoever sends slowly holds no more than what came.
const HELD_BYTES: usize = 32 * 1024 * 1024;
/// Bytes are counted in pieces of this size.
const PIECE_BYTES: usize = 1024;

/// Reads bodies; clones share one bound.
#[derive(Clone)]
pub(super) struct BodyReader {
    held: Arc<Semaphore>,
    most_bytes: usize,
}

/// A body in one piece, and its place among those that are held.
pub(super) struct HeldBody {
    pub(super) bytes: Bytes,
    _held: Option<OwnedSemaphorePermit>,
}

enum Coding {
    Identity,
    Gzip,
}

impl BodyReader {
    /// No body may have more bytes than this, before and after it is decompressed.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { held: Arc::new(Semaphore::new(HELD_BYTES / PIECE_BYTES)), most_bytes }
    }

    pub(super) async fn read(&self, headers: &HeaderMap, mut body: Body) -> Result<HeldBody, Refusal> {
        let coding = coding_of(headers)?;
        let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if told.is_some_and(|length: usize| length > self.most_bytes) {
            return Err(self.too_large());
        }
        let (mut bytes, mut held) = (Vec::new(), None);
        while let Some(frame) = body.frame().await {
            // Its sender went away, so nobody reads this.
            let frame = frame.map_err(|_| Status::from(RpcError::Undecodable("the body broke off".to_owned())))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() + data.remaining() > self.most_bytes {
                return Err(self.too_large());
            }
            bytes.extend_from_slice(&data);
            self.hold(bytes.len(), &mut held)?;
        }
        let bytes = match coding {
            Coding::Identity => bytes,
            Coding::Gzip => {
                let inflated = self.inflate(&bytes)?;
                self.hold(inflated.len().max(bytes.len()), &mut held)?;
                inflated
            }
        };
        Ok(HeldBody { bytes: bytes.into(), _held: held })
    }

    /// Takes what so many bytes need beyond what is held.
    fn hold(&self, bytes: usize, held: &mut Option<OwnedSemaphorePermit>) -> Result<(), Refusal> {
        let missing = bytes.div_ceil(PIECE_BYTES) - held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if missing == 0 {
            return Ok(());
        }
        let pieces = u32::try_from(missing).unwrap_or(u32::MAX);
        let Ok(more) = self.held.clone().try_acquire_many_owned(pieces) else {
            return Err(Status::from(RpcError::overloaded("requests to /track hold too many bytes")).into());
        };
        match held {
            Some(held) => held.merge(more),
            None => *held = Some(more),
        }
        Ok(())
    }

    /// Stops at the first byte too many: what follows is never made.
    fn inflate(&self, compressed: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let most_bytes = u64::try_from(self.most_bytes).unwrap_or(u64::MAX);
        let read = MultiGzDecoder::new(compressed).take(most_bytes.saturating_add(1)).read_to_end(&mut bytes);
        if read.is_err() {
            return Err(Status::from(RpcError::Undecodable("the body is not compressed with gzip".to_owned())).into());
        }
        if bytes.len() > self.most_bytes { Err(self.too_large()) } else { Ok(bytes) }
    }

    fn too_large(&self) -> Refusal {
        Status::from(RpcError::RequestTooLarge { limit_bytes: self.most_bytes }).into()
    }
}

/// JSON, called so or not: a page may send `text/plain` to another origin without asking before.
pub(super) fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if ["application/json", "text/plain"].iter().any(|known| known.eq_ignore_ascii_case(essence)) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "events are sent as JSON: with the content type application/json, text/plain, or none",
    ))
}

fn coding_of(headers: &HeaderMap) -> Result<Coding, Refusal> {
    let coding = headers.get(header::CONTENT_ENCODING).map_or("identity", |value| value.to_str().unwrap_or_default());
    match coding.trim().to_ascii_lowercase().as_str() {
        "identity" | "" => Ok(Coding::Identity),
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        _ => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "of compressions, gzip is understood: send `content-encoding: gzip`, or the JSON as it is",
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    async fn status_of(reader: &BodyReader, coding: &'static str, body: Vec<u8>) -> Result<Bytes, u16> {
        let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, http::HeaderValue::from_static(coding))]);
        let read = reader.read(&headers, Body::from(body)).await;
        read.map(|body| body.bytes).map_err(|refusal| refusal.status().as_u16())
    }

    #[tokio::test]
    async fn a_body_is_bounded_before_and_after_it_is_decompressed() {
        let reader = BodyReader::new(2000);
        assert_eq!(status_of(&reader, "identity", vec![b'x'; 2000]).await.map(|bytes| bytes.len()), Ok(2000));
        assert_eq!(status_of(&reader, "identity", vec![b'x'; 2001]).await, Err(413));
        assert_eq!(status_of(&reader, "gzip", gzip(&[b'x'; 2000])).await.map(|bytes| bytes.len()), Ok(2000));
        assert_eq!(status_of(&reader, "gzip", gzip(&[b'x'; 2001])).await, Err(413));
        // A thousand to one.
        let bomb = gzip(&vec![0; 1_500_000]);
        assert!(bomb.len() < 2000);
        assert_eq!(status_of(&reader, "gzip", bomb).await, Err(413));
        assert_eq!(status_of(&reader, "gzip", b"{}".to_vec()).await, Err(400));
        assert_eq!(status_of(&reader, "br", b"{}".to_vec()).await, Err(415));
    }

    #[tokio::test]
    async fn all_bodies_together_are_bounded_and_give_their_places_back() {
        let reader = BodyReader::new(HELD_BYTES);
        let headers = HeaderMap::new();
        let most = reader.read(&headers, Body::from(vec![0; HELD_BYTES - PIECE_BYTES])).await.map_err(|_| ()).unwrap();
        assert_eq!(status_of(&reader, "identity", vec![0; PIECE_BYTES + 1]).await, Err(503));
        assert_eq!(status_of(&reader, "gzip", gzip(&[0; PIECE_BYTES + 1])).await, Err(503));
        assert!(status_of(&reader, "identity", vec![0; PIECE_BYTES]).await.is_ok());
        drop(most);
        assert!(status_of(&reader, "identity", vec![0; PIECE_BYTES + 1]).await.is_ok());
    }
}
