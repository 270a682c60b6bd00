//! The services that calls are forwarded to.

use std::collections::BTreeSet;
use std::sync::Arc;

use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Services that every server offers beside those of the contract: health, and reflection in both of its versions.
const COMMON: [&str; 3] =
    ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

/// The full names of the services that calls are forwarded to. Single RPCs are not known here, so a new one needs no new gateway.
#[derive(Debug, Clone)]
pub(crate) struct ServiceNames(Arc<BTreeSet<String>>);

impl ServiceNames {
    /// The services of the contract, and those that every server offers.
    pub(crate) fn of_contract() -> Self {
        let files = FileDescriptorSet::decode(analytics_proto::FILE_DESCRIPTOR_SET)
            .expect("the descriptor set is generated, and a test decodes it");
        let contract = files
            .file
            .iter()
            .flat_map(|file| file.service.iter().map(|service| format!("{}.{}", file.package(), service.name())));
        Self(Arc::new(contract.chain(COMMON.map(String::from)).collect()))
    }

    /// Whether the path is `/SERVICE/METHOD` of one of these services.
    pub(crate) fn cover(&self, path: &str) -> bool {
        let mut parts = path.split('/');
        let (Some(""), Some(service), Some(method), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        !method.is_empty() && self.0.contains(service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_of_offered_services_are_covered() {
        let names = ServiceNames::of_contract();
        for path in [
            "/analytics.v1.QueryService/QueryTotals",
            "/analytics.v1.IngestService/Track",
            "/analytics.v1.AdminService/AnyMethodOfTomorrow",
            "/grpc.health.v1.Health/Check",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        ] {
            assert!(names.cover(path), "{path}");
        }
        for path in [
            "",
            "/",
            "*",
            "/analytics.v1.QueryService",
            "/analytics.v1.QueryService/",
            "/analytics.v1.QueryService/QueryTotals/",
            "//analytics.v1.QueryService/QueryTotals",
            "analytics.v1.QueryService/QueryTotals",
            "/analytics.v1.QueryServiceX/QueryTotals",
            "/analytics.v1.queryservice/QueryTotals",
            "/analytics.v1/QueryTotals",
            "/google.protobuf.Any/Get",
            "/analytics%2Ev1.QueryService/QueryTotals",
            "/x/../analytics.v1.QueryService/QueryTotals",
        ] {
            assert!(!names.cover(path), "{path}");
        }
    }
}
