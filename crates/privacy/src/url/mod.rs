//! What is kept of an event's URL.

mod campaign;
mod clean;
mod click_id;
pub(crate) mod host;
mod kept_query;
mod path;
mod percent;

pub use campaign::{CampaignTags, MAX_CAMPAIGN_TAG_BYTES};
pub use clean::{CleanUrl, clean_page_url};
pub use click_id::CLICK_IDS;
pub use path::{MAX_PAGE_BYTES, REDACTED};
