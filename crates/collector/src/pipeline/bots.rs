//! Known bots are not counted, unless an import asks for it; nor, if the project says so, is anybody in a data center.

use analytics_domain::DatacenterPolicy;
use analytics_proto::v1;

use super::Surroundings;
use crate::{
    batch::Bots,
    draft::{Draft, Dropped},
};

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    if let Some(user_agent) = draft.sender.user_agent.as_deref() {
        // One look into what is remembered tells the bot, and the browser for a later step.
        draft.agent = surroundings.agents.facts(user_agent);
        if draft.agent.bot && surroundings.batch.bots() == Bots::Filter {
            return Err(Dropped::Filtered(v1::FilterRule::Bot));
        }
    }
    match (surroundings.batch.project.ingest.datacenters, draft.sender.address) {
        (DatacenterPolicy::Filter, Some(address)) if surroundings.address_files.is_in_datacenter(address) => {
            Err(Dropped::Filtered(v1::FilterRule::Datacenter))
        }
        (DatacenterPolicy::Filter | DatacenterPolicy::Count, _) => Ok(draft),
    }
}
