//! Between the contract's messages and the domain, one file for each resource.

pub(crate) mod counts;
pub(crate) mod key;
pub(crate) mod project;
pub(crate) mod quarantine;
mod settings;
mod time;
pub(crate) mod trace;

use analytics_proto::v1;
use analytics_rpc::RpcError;

const DEFAULT_PAGE_SIZE: usize = 100;

/// The contract allows 0 to 1000.
pub(crate) fn page_size(size: i32) -> usize {
    match usize::try_from(size) {
        Ok(size) if size > 0 => size,
        _ => DEFAULT_PAGE_SIZE,
    }
}

/// The paths of an update mask; there has to be one.
fn paths_of(mask: Option<pbjson_types::FieldMask>) -> Result<Vec<String>, RpcError> {
    let paths = mask.map(|mask| mask.paths).unwrap_or_default();
    if paths.is_empty() {
        return Err(RpcError::invalid_field("update_mask", "names nothing to change: name at least one field"));
    }
    Ok(paths)
}

fn cannot_be_changed(path: &str, can: &str) -> RpcError {
    let shown: String = path.chars().filter(|c| !c.is_control()).take(64).collect();
    RpcError::invalid_field("update_mask", format!("`{shown}` cannot be changed: name any of {can}"))
}

pub(crate) fn filter_rule_to_wire(rule: analytics_domain::FilterRule) -> v1::FilterRule {
    use analytics_domain::FilterRule;
    match rule {
        FilterRule::Bot => v1::FilterRule::Bot,
        FilterRule::Consent => v1::FilterRule::Consent,
        FilterRule::Blocked => v1::FilterRule::Blocked,
        FilterRule::OwnTraffic => v1::FilterRule::OwnTraffic,
        FilterRule::Datacenter => v1::FilterRule::Datacenter,
    }
}
