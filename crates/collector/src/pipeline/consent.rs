//! Privacy signals: an event of somebody who objects is counted without ids or not at all, as the project says.

use analytics_privacy::ConsentDecision;
use analytics_proto::v1;

use super::Surroundings;
use crate::draft::{Draft, Dropped, Identity};

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    draft.identity = match draft.signals.decision(surroundings.batch.project.ingest.consent) {
        ConsentDecision::CountWithIds => Identity::Allowed,
        ConsentDecision::CountWithoutIds => Identity::Withheld,
        ConsentDecision::Drop => return Err(Dropped::Filtered(v1::FilterRule::Consent)),
    };
    Ok(draft)
}
