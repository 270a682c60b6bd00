//! One batch with every fault there is, over every way to send it: each event gets its own verdict, and the same one everywhere.

mod table;
mod transports;

use analytics_proto::v1::{self, ErrorReason, FilterRule, Verdict, admin_service_client::AdminServiceClient};

use self::{
    table::{Case, Expected, by_backend, by_page},
    transports::Transport,
};
use crate::{
    calls::{by, channel},
    support::{block_on, in_both_modes},
};

#[test]
fn every_fault_has_its_verdict_over_every_transport() {
    in_both_modes(|platform| {
        for project in ["web", "app"] {
            platform.create_project(project, "UTC");
        }
        let [page_key, backend_key, other_key] = block_on(prepare(platform.endpoint(), platform.admin_key()));
        for (number, transport) in Transport::ALL.into_iter().enumerate() {
            let endpoint = platform.endpoint();
            let send = |key: &str, cases: &[Case]| block_on(transport.send(&endpoint, key, cases));
            let (page, backend) = (by_page(number), by_backend(number));
            assert_verdicts(transport, &page, &send(&page_key, &page));
            assert_verdicts(transport, &backend, &send(&backend_key, &backend));

            // Once more: what was stored is a duplicate now, and nothing else changes.
            let again: Vec<Case> = page.into_iter().map(Case::again).collect();
            assert_verdicts(transport, &again, &send(&page_key, &again));
            // In another project all of it is new.
            let elsewhere = by_page(number);
            let stored = |case: &Case| !matches!(case.expected, Expected::Filtered(_));
            let elsewhere: Vec<Case> = elsewhere.into_iter().filter(stored).collect();
            assert_verdicts(transport, &elsewhere, &send(&other_key, &elsewhere));
        }
    });
}

fn assert_verdicts(transport: Transport, cases: &[Case], response: &v1::TrackResponse) {
    assert_eq!(response.verdicts.len(), cases.len(), "{transport:?}");
    let mut counts = v1::VerdictCounts::default();
    for (case, verdict) in cases.iter().zip(&response.verdicts) {
        let told = (verdict.verdict(), verdict.reason(), verdict.field.as_str(), verdict.filter_rule());
        let (none, no_rule) = (ErrorReason::Unspecified, FilterRule::Unspecified);
        let expected = match case.expected {
            Expected::Stored => (Verdict::Stored, none, "", no_rule),
            Expected::Duplicate => (Verdict::Duplicate, none, "", no_rule),
            Expected::Rejected(reason, field) => (Verdict::Rejected, reason, field, no_rule),
            Expected::Filtered(rule) => (Verdict::Filtered, none, "", rule),
        };
        assert_eq!(told, expected, "{transport:?}: {}: {}", case.name, verdict.description);
        assert_eq!(verdict.description.is_empty(), verdict.verdict() != Verdict::Rejected, "{}", case.name);
        assert_eq!(verdict.retry_after, None, "nothing is to be sent again");
        match verdict.verdict() {
            Verdict::Stored => counts.stored += 1,
            Verdict::Duplicate => counts.duplicate += 1,
            Verdict::Rejected => counts.rejected += 1,
            Verdict::Filtered => counts.filtered += 1,
            Verdict::Accepted | Verdict::Retry | Verdict::Unspecified => {}
        }
    }
    assert_eq!(response.counts, Some(counts), "{transport:?}");
    assert!(!response.commit_unknown);
}

/// Settings that filter whatever can be filtered, and keys: of a page, of a backend, and of the other project's page.
async fn prepare(endpoint: String, admin_key: String) -> [String; 3] {
    let mut admin = AdminServiceClient::new(channel(&endpoint).await);
    let settings = v1::IngestSettings {
        consent_policy: v1::ConsentPolicy::Drop.into(),
        own_networks: vec![table::OWN_NETWORK.to_owned()],
        blocked_networks: vec![table::BLOCKED_NETWORK.to_owned()],
        blocked_user_agents: vec![table::BLOCKED_AGENT.to_owned()],
        blocked_pages: vec!["/intern/*".to_owned()],
        ..Default::default()
    };
    let project =
        v1::Project { name: "projects/web".to_owned(), ingest_settings: Some(settings), ..Default::default() };
    let update = v1::UpdateProjectRequest {
        project: Some(project),
        update_mask: Some(pbjson_types::FieldMask { paths: vec!["ingest_settings".to_owned()] }),
    };
    admin.update_project(by(&admin_key, update)).await.expect("settings");
    let mut keys = Vec::new();
    for (project, scope) in [
        ("projects/web", v1::ApiKeyScope::Ingest),
        ("projects/web", v1::ApiKeyScope::Import),
        ("projects/app", v1::ApiKeyScope::Ingest),
    ] {
        let request =
            v1::CreateApiKeyRequest { project: project.to_owned(), scopes: vec![scope.into()], ..Default::default() };
        keys.push(admin.create_api_key(by(&admin_key, request)).await.expect("a key").into_inner().secret);
    }
    // A collector may know the project as it was, for some seconds.
    let probe = table::blocked_page();
    while Transport::Grpc.send(&endpoint, &keys[0], std::slice::from_ref(&probe)).await.verdicts[0].verdict()
        != Verdict::Filtered
    {}
    keys.try_into().expect("three")
}
