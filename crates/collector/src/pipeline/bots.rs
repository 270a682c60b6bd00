//! Known bots are not counted, unless an import asks for it.

use analytics_proto::v1;

use super::Surroundings;
use crate::{
    batch::Bots,
    draft::{Draft, Dropped},
};

pub(super) fn apply(surroundings: &Surroundings<'_>, draft: Draft) -> Result<Draft, Dropped> {
    let filter = surroundings.batch.bots() == Bots::Filter;
    match draft.sender.user_agent.as_deref() {
        Some(agent) if filter && surroundings.agents.facts(agent).bot => Err(Dropped::Filtered(v1::FilterRule::Bot)),
        _ => Ok(draft),
    }
}
