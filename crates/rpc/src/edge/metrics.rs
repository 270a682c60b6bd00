//! Counts calls by method and status code, how long they took, and the streams that are open.

use std::{collections::HashMap, sync::Arc};

use analytics_proto::FILE_DESCRIPTOR_SET;
use http::HeaderMap;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tokio::{sync::OwnedSemaphorePermit, time::Instant};
use tonic::Code;

/// What is known of a method.
#[derive(Debug, Clone)]
pub(super) struct Method {
    /// `package.Service/Method`, or `other`: a path is the caller's choice, and labels live for ever.
    pub(super) label: Arc<str>,
    pub(super) kind: Kind,
}

/// How long a call of a method goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Until its answer is there.
    Unary,
    /// As long as both sides like.
    Streaming,
    /// The same, of callers who need no key.
    KeylessStreaming,
}

/// The methods that get a label of their own.
pub(super) struct Methods(HashMap<Arc<str>, Kind>);

/// Of the services that every server offers beside the contract.
const COMMON: [(&str, Kind); 4] = [
    ("grpc.health.v1.Health/Check", Kind::Unary),
    ("grpc.health.v1.Health/Watch", Kind::KeylessStreaming),
    ("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Kind::KeylessStreaming),
    ("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Kind::KeylessStreaming),
];

impl Methods {
    pub(super) fn of_contract() -> Self {
        let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("the generated descriptor set decodes");
        let of_contract = set.file.iter().flat_map(|file| {
            file.service.iter().flat_map(|service| {
                service.method.iter().map(|method| {
                    let streams = method.client_streaming() || method.server_streaming();
                    let name = format!("{}.{}/{}", file.package(), service.name(), method.name());
                    (Arc::from(name), if streams { Kind::Streaming } else { Kind::Unary })
                })
            })
        });
        Self(of_contract.chain(COMMON.map(|(name, kind)| (Arc::from(name), kind))).collect())
    }

    pub(super) fn at(&self, path: &str) -> Method {
        match path.strip_prefix('/').and_then(|name| self.0.get_key_value(name)) {
            Some((label, &kind)) => Method { label: label.clone(), kind },
            None => Method { label: Arc::from("other"), kind: Kind::Unary },
        }
    }
}

/// A stream that is open, as counted until this is dropped, and its place among those that may be.
pub(super) struct OpenStream(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl OpenStream {
    pub(super) fn begin(permit: OwnedSemaphorePermit) -> Self {
        metrics::gauge!("analytics_rpc_open_streams").increment(1.0);
        Self(permit)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        metrics::gauge!("analytics_rpc_open_streams").decrement(1.0);
    }
}

/// One call, which is counted when this is dropped: after its last byte, or when the caller has gone.
pub(super) struct Recording {
    method: Arc<str>,
    began: Instant,
    code: Option<Code>,
}

impl Recording {
    pub(super) fn begin(method: Arc<str>) -> Self {
        Self { method, began: Instant::now(), code: None }
    }

    /// Takes the status from headers or trailers that have one.
    pub(super) fn see_headers(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.code = Some(Code::from_bytes(status.as_bytes()));
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let code = code_name(self.code.unwrap_or(Code::Cancelled));
        let seconds = self.began.elapsed().as_secs_f64();
        metrics::counter!("analytics_rpc_requests_total", "method" => self.method.clone(), "code" => code).increment(1);
        metrics::histogram!("analytics_rpc_request_duration_seconds", "method" => self.method.clone()).record(seconds);
    }
}

fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
