//! Browser, operating system and class of device, from the user agent.

use super::Surroundings;
use crate::draft::{Draft, Dropped};

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    if let Some(agent) = draft.sender.user_agent.as_deref() {
        let facts = surroundings.agents.facts(agent);
        draft.browser.clone_from(&facts.browser);
        draft.os.clone_from(&facts.os);
        draft.device = facts.device;
    }
    Ok(draft)
}
