//! Host, page, campaign tags and click id; what may be personal in a URL ends here.

use super::Surroundings;
use crate::draft::{Draft, Dropped};

pub(super) fn apply(surroundings: &Surroundings<'_>, mut draft: Draft) -> Result<Draft, Dropped> {
    if let Some(url) = draft.url.take() {
        let clean = analytics_privacy::clean_page_url(&url, &surroundings.batch.project.ingest.kept_query_parameters);
        draft.host = clean.host;
        draft.page = Some(clean.page);
        draft.campaign = clean.campaign;
        draft.click_id = clean.click_id;
    }
    Ok(draft)
}
