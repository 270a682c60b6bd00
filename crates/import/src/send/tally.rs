//! What became of the events, counted.

use std::collections::BTreeMap;

use analytics_proto::v1;

use crate::{
    input::{Inputs, Place},
    summary::{NAMED_LINES, Rejection},
};

/// Counts by verdict.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) sent: u64,
    pub(super) stored: u64,
    pub(super) duplicate: u64,
    pub(super) accepted: u64,
    pub(super) filtered: BTreeMap<String, u64>,
    rejected: BTreeMap<(String, String), Rejected>,
}

#[derive(Debug, Default)]
struct Rejected {
    description: String,
    count: u64,
    first: Vec<Place>,
}

impl Tally {
    /// Counts a verdict that is final.
    pub(super) fn count(&mut self, verdict: v1::EventVerdict, place: Option<Place>) {
        self.sent += 1;
        match verdict.verdict() {
            v1::Verdict::Stored => self.stored += 1,
            v1::Verdict::Duplicate => self.duplicate += 1,
            v1::Verdict::Filtered => {
                let rule = verdict.filter_rule().as_str_name().trim_start_matches("FILTER_RULE_").to_lowercase();
                *self.filtered.entry(rule).or_default() += 1;
            }
            v1::Verdict::Rejected => {
                let key = (verdict.reason().as_str_name().to_owned(), verdict.field);
                let rejected = self.rejected.entry(key).or_default();
                if rejected.count == 0 {
                    rejected.description = verdict.description;
                }
                rejected.count += 1;
                if rejected.first.len() < NAMED_LINES {
                    rejected.first.extend(place);
                }
            }
            // RETRY is none; what a newer server may say besides is no loss either.
            v1::Verdict::Accepted | v1::Verdict::Retry | v1::Verdict::Unspecified => self.accepted += 1,
        }
    }

    /// What was rejected, the most frequent first.
    pub(super) fn rejections(&self, inputs: Option<&Inputs>) -> Vec<Rejection> {
        let mut rejections: Vec<Rejection> = self
            .rejected
            .iter()
            .map(|((reason, field), rejected)| Rejection {
                reason: reason.clone(),
                field: field.clone(),
                description: rejected.description.clone(),
                count: rejected.count,
                first: inputs
                    .map_or_else(Vec::new, |inputs| rejected.first.iter().map(|place| inputs.place(*place)).collect()),
            })
            .collect();
        rejections.sort_by_key(|rejection| std::cmp::Reverse(rejection.count));
        rejections
    }
}
