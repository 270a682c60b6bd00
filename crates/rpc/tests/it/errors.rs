//! The table: what each failure says to programs and to people.

use analytics_domain::{
    ApiKeyScope, DurationMs, KeyId, Micros, ProjectId, ProjectName, QuarantineId,
    ports::{CatalogError, EphemeralError, ImportKey, LogError, StoreError},
};
use analytics_proto::{
    v1::{ErrorReason as Reason, TrackRequest},
    validation::Violation,
};
use analytics_rpc::{Quota, RpcError, check};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

fn web() -> ProjectName {
    "web".parse().expect("a name")
}

fn key() -> KeyId {
    KeyId("k1".to_owned())
}

fn quota_exceeded() -> RpcError {
    RpcError::QuotaExceeded { id: key(), quota: Quota::Events, per_second: 50, retry_after: DurationMs(7000) }
}

/// An instance of every variant, with its row.
fn table() -> Vec<(RpcError, Code, Reason)> {
    let text = str::to_owned;
    vec![
        (RpcError::KeyMissing, Code::Unauthenticated, Reason::KeyMissing),
        (RpcError::KeyMistyped, Code::Unauthenticated, Reason::KeyUnknown),
        (RpcError::KeyUnknown, Code::Unauthenticated, Reason::KeyUnknown),
        (RpcError::KeyRevoked { id: key(), revoke_time: Micros(0) }, Code::Unauthenticated, Reason::KeyRevoked),
        (RpcError::KeyExpired { id: key(), expire_time: Micros(0) }, Code::Unauthenticated, Reason::KeyExpired),
        (RpcError::OriginNotAllowed(key()), Code::PermissionDenied, Reason::OriginNotAllowed),
        (quota_exceeded(), Code::ResourceExhausted, Reason::QuotaExceeded),
        (RpcError::QuarantinedEventNotFound(QuarantineId(7)), Code::NotFound, Reason::QuarantinedEventNotFound),
        (
            RpcError::ScopeMissing { id: key(), required: vec![ApiKeyScope::Ingest, ApiKeyScope::Import] },
            Code::PermissionDenied,
            Reason::ScopeMissing,
        ),
        (
            RpcError::KeyOfOneProject { id: key(), what: "creating a project" },
            Code::PermissionDenied,
            Reason::ScopeMissing,
        ),
        (
            RpcError::FieldNotAllowed { field: text("import"), required: ApiKeyScope::Import },
            Code::PermissionDenied,
            Reason::FieldNotAllowed,
        ),
        (RpcError::invalid_field("events", "is empty"), Code::InvalidArgument, Reason::InvalidField),
        (RpcError::Undecodable(text("no tag")), Code::InvalidArgument, Reason::InvalidField),
        (RpcError::RequestTooLarge { limit_bytes: 1 }, Code::InvalidArgument, Reason::MessageTooLarge),
        (RpcError::AnswerTooLarge { limit_bytes: 1 }, Code::InvalidArgument, Reason::MessageTooLarge),
        (RpcError::ProjectNotFound(web()), Code::NotFound, Reason::ProjectNotFound),
        (RpcError::ProjectRequired { field: "project" }, Code::InvalidArgument, Reason::ProjectRequired),
        (RpcError::ProjectExists(web()), Code::AlreadyExists, Reason::ProjectExists),
        (
            RpcError::TimeZoneUnknown { field: "time_zone", given: text("x"), suggestions: Vec::new() },
            Code::InvalidArgument,
            Reason::TimeZoneUnknown,
        ),
        (RpcError::KeyNotFound(key()), Code::NotFound, Reason::KeyNotFound),
        (RpcError::ImportNotFound("june".parse().expect("an id")), Code::NotFound, Reason::ImportNotFound),
        (
            RpcError::NotComputable { field: text("breakdown.metrics[0]"), message: text("has no meaning") },
            Code::InvalidArgument,
            Reason::NotComputable,
        ),
        (RpcError::DeadlineExceeded, Code::DeadlineExceeded, Reason::DeadlineExceeded),
        (RpcError::overloaded("SECRET"), Code::Unavailable, Reason::Unavailable),
        (RpcError::internal("SECRET"), Code::Internal, Reason::Internal),
    ]
}

#[test]
fn every_failure_has_its_code_reason_and_details() {
    for (error, code, reason) in table() {
        assert_eq!((error.code(), error.reason()), (code, reason), "{error}");
        let status = Status::from(error.clone());
        assert_eq!(status.code(), code, "{error}");
        assert_eq!(status.message(), error.to_string());
        assert!(!status.message().contains("SECRET") && !status.message().is_empty());
        let info = status.get_details_error_info().expect("an ErrorInfo");
        assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason.as_str_name(), "analytics.v1"));
        assert_eq!(
            status.get_details_retry_info().is_some(),
            matches!(code, Code::Unavailable | Code::ResourceExhausted)
        );
        assert_eq!(info.metadata.contains_key("limit_bytes"), reason == Reason::MessageTooLarge, "{error}");
        let lacks_scope = matches!(reason, Reason::ScopeMissing | Reason::FieldNotAllowed);
        assert_eq!(info.metadata.contains_key("required_scope"), lacks_scope, "{error}");
    }
}

#[test]
fn what_the_sender_has_to_change_is_named_as_a_field() {
    let fields = |error: RpcError| {
        let details = Status::from(error).get_details_bad_request();
        details.map(|bad| bad.field_violations.into_iter().map(|violation| violation.field).collect::<Vec<_>>())
    };
    let named: Vec<_> = table().into_iter().filter_map(|(error, ..)| fields(error)).flatten().collect();
    assert_eq!(named, ["import", "events", "", "", "project", "time_zone", "breakdown.metrics[0]"]);
}

#[test]
fn a_used_up_quota_is_named_and_says_when_there_is_more() {
    let status = Status::from(quota_exceeded());
    assert_eq!(
        status.message(),
        "`apiKeys/k1` has used up its quota of 50 events per second: send the same request again in 7000 ms, or less in each second"
    );
    let delay = status.get_details_retry_info().expect("a RetryInfo").retry_delay.expect("a delay").as_millis();
    assert!((7000..=10_500).contains(&delay), "{delay}");
    let violations = status.get_details_quota_failure().expect("a QuotaFailure").violations;
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].subject, "apiKeys/k1");
    assert!(violations[0].description.starts_with("events_per_second of this key is 50"), "{violations:?}");
    assert_eq!(status.get_details_error_info().expect("an ErrorInfo").metadata["quota"], "events_per_second");
}

#[test]
fn any_of_several_scopes_are_named() {
    let error = RpcError::ScopeMissing { id: key(), required: vec![ApiKeyScope::Ingest, ApiKeyScope::Import] };
    assert!(error.to_string().contains("the scope `ingest` or `import`"), "{error}");
    let info = Status::from(error).get_details_error_info().expect("an ErrorInfo");
    assert_eq!(info.metadata["required_scope"], "ingest,import");
}

#[test]
fn the_failures_of_ports_keep_their_texts_to_themselves() {
    let cause = || "SQLITE_FULL: /var/lib".to_owned();
    let import = ImportKey { project: ProjectId(1), import: "june".parse().expect("an id") };
    let failures: [(RpcError, Reason); 9] = [
        (CatalogError::ProjectExists(web()).into(), Reason::ProjectExists),
        (CatalogError::Unavailable(cause()).into(), Reason::Unavailable),
        (CatalogError::Corrupt(cause()).into(), Reason::Internal),
        (StoreError::Unavailable(cause()).into(), Reason::Unavailable),
        (StoreError::Corrupt(cause()).into(), Reason::Internal),
        (LogError::Unavailable { reason: cause(), retry_after: DurationMs(7000) }.into(), Reason::Unavailable),
        (EphemeralError::Unavailable(cause()).into(), Reason::Unavailable),
        (EphemeralError::ImportNotRunning(import).into(), Reason::ImportNotFound),
        (RpcError::overloaded(cause()), Reason::Unavailable),
    ];
    for (error, reason) in failures {
        assert_eq!(error.reason(), reason);
        let status = Status::from(error);
        assert!(!status.message().contains("SQLITE"), "{}", status.message());
        assert!(!String::from_utf8_lossy(status.details()).contains("SQLITE"));
    }
}

#[test]
fn callers_who_failed_together_come_back_apart() {
    let error = || RpcError::from(LogError::Unavailable { reason: String::new(), retry_after: DurationMs(7000) });
    let delays: Vec<u128> = (0..50)
        .map(|_| {
            let info = Status::from(error()).get_details_retry_info().expect("a RetryInfo");
            info.retry_delay.expect("a delay").as_millis()
        })
        .collect();
    assert!(delays.iter().all(|delay| (7000..=10_500).contains(delay)), "{delays:?}");
    assert!(delays.iter().any(|delay| *delay != delays[0]), "{delays:?}");
}

#[test]
fn many_or_long_violations_fit_into_a_header() {
    let violation = |length: usize| Violation { field: "f".repeat(length), description: "é".repeat(length) };
    let told = |violations: Vec<Violation>| {
        let status = Status::from(RpcError::InvalidFields(violations));
        assert!(status.details().len() < 6000 && status.message().len() < 600);
        status.get_details_bad_request().expect("a BadRequest").field_violations.len()
    };
    assert_eq!(told((0..100).map(|_| violation(5)).collect()), 20);
    assert_eq!(told((0..100).map(|_| violation(100_000)).collect()), 3);
    let error = RpcError::InvalidFields(vec![violation(1), violation(1), violation(1)]);
    assert_eq!(error.to_string(), "`f`: é (and 2 more)");
}

#[test]
fn a_request_is_checked_against_its_contract() {
    let error = check(&TrackRequest { project: "web".to_owned(), ..Default::default() }).expect_err("two violations");
    let RpcError::InvalidFields(violations) = error else { panic!("{error:?}") };
    let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(fields, ["project", "events"]);
}
