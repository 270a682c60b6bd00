//! What the user agent tells: browser, operating system and device. Known bots are not counted, unless an import asks for it.

use analytics_proto::v1;

use super::Surroundings;
use crate::{
    batch::Bots,
    draft::{Draft, Dropped},
};

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    let Some(user_agent) = draft.sender.user_agent.as_deref() else { return Ok(draft) };
    draft.agent = surroundings.agents.facts(user_agent);
    match surroundings.batch.bots() {
        Bots::Filter if draft.agent.bot => Err(Dropped::Filtered(v1::FilterRule::Bot)),
        Bots::Filter | Bots::Count => Ok(draft),
    }
}
