//! Where a visitor came from: the referrer, and the channel that it and the campaign make.

use analytics_privacy::{Referrer, clean_referrer};

use super::Surroundings;
use crate::{
    channel::{Arrival, channel_of},
    draft::{Draft, Dropped},
};

pub(super) fn apply(_: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    let referrer = match draft.referrer_url.take() {
        Some(url) => clean_referrer(&url, draft.host.as_deref()),
        None => Referrer::None,
    };
    // An event without a URL, such as one of an app's server, came by no way that could be told.
    if draft.page.is_some() || referrer != Referrer::None {
        let arrival = Arrival { referrer: &referrer, campaign: &draft.campaign, click_id: draft.click_id };
        draft.channel = Some(channel_of(&arrival));
    }
    draft.referrer = referrer.into_host();
    Ok(draft)
}
