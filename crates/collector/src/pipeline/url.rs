//! Host, page, campaign tags and referrer; what may be personal in a URL ends here.

use super::Surroundings;
use crate::draft::{Draft, Dropped};

pub(super) fn apply(_: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    if let Some(url) = draft.url.take() {
        let clean = analytics_privacy::clean_page_url(&url);
        draft.host = clean.host;
        draft.page = Some(clean.page);
        draft.campaign = clean.campaign;
    }
    if let Some(referrer_url) = draft.referrer_url.take() {
        draft.referrer = analytics_privacy::referrer_host(&referrer_url, draft.host.as_deref());
    }
    Ok(draft)
}
