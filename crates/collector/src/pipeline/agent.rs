//! What the user agent tells: browser, operating system and class of device.

use super::Surroundings;
use crate::draft::{Draft, Dropped};

pub(super) fn apply(_: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    draft.browser = draft.agent.browser.clone();
    draft.os = draft.agent.os.clone();
    draft.device = draft.agent.device;
    Ok(draft)
}
