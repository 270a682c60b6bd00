//! Counts calls by method and status code, and how long they took.

use std::{collections::HashSet, sync::Arc};

use analytics_proto::FILE_DESCRIPTOR_SET;
use http::HeaderMap;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tokio::time::Instant;
use tonic::Code;

/// The methods that get a label of their own: a path is the caller's choice, and labels live for ever.
pub(super) struct MethodNames(HashSet<Arc<str>>);

impl MethodNames {
    pub(super) fn of_contract() -> Self {
        let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("the generated descriptor set decodes");
        let names = set.file.iter().flat_map(|file| {
            file.service.iter().flat_map(|service| {
                service
                    .method
                    .iter()
                    .map(|method| Arc::from(format!("{}.{}/{}", file.package(), service.name(), method.name())))
            })
        });
        Self(
            names.chain([Arc::from("grpc.health.v1.Health/Check"), Arc::from("grpc.health.v1.Health/Watch")]).collect(),
        )
    }

    /// `package.Service/Method`, or `other`.
    pub(super) fn label_of(&self, path: &str) -> Arc<str> {
        let name = path.strip_prefix('/').and_then(|name| self.0.get(name));
        name.cloned().unwrap_or_else(|| Arc::from("other"))
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
