//! How many events were taken, filtered and rejected.

use analytics_domain::{
    Day,
    ports::{IngestCount, IngestDecision},
};
use analytics_proto::v1;
use analytics_rpc::RpcError;

use super::filter_rule_to_wire;
use crate::counts::AskedDays;

const REASON_PREFIX: &str = "ERROR_REASON_";

/// The days that are asked for, as far as they are named.
pub(crate) fn days_of(request: &v1::ListIngestCountsRequest) -> Result<AskedDays, RpcError> {
    Ok(AskedDays { first: day_of("first_date", &request.first_date)?, last: day_of("last_date", &request.last_date)? })
}

fn day_of(field: &str, text: &str) -> Result<Option<Day>, RpcError> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = text
        .parse()
        .map_err(|_| RpcError::invalid_field(field, "is no day of the calendar: write it as `2026-11-24`"))?;
    Ok(Some(Day::from_date(date)))
}

pub(crate) fn to_wire(count: &IngestCount) -> v1::IngestCount {
    let (verdict, filter_rule, reason) = match &count.decision {
        IngestDecision::Accepted => (v1::Verdict::Accepted, v1::FilterRule::Unspecified, v1::ErrorReason::Unspecified),
        IngestDecision::Filtered(rule) => {
            (v1::Verdict::Filtered, filter_rule_to_wire(*rule), v1::ErrorReason::Unspecified)
        }
        IngestDecision::Rejected(reason) => (v1::Verdict::Rejected, v1::FilterRule::Unspecified, reason_of(reason)),
    };
    v1::IngestCount {
        date: count.day.to_string(),
        verdict: verdict.into(),
        filter_rule: filter_rule.into(),
        reason: reason.into(),
        count: i64::try_from(count.count).unwrap_or(i64::MAX),
    }
}

/// One that this version does not know was written by a newer one.
fn reason_of(name: &str) -> v1::ErrorReason {
    v1::ErrorReason::from_str_name(&format!("{REASON_PREFIX}{name}")).unwrap_or_default()
}
