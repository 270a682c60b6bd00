//! What is kept of an event's URL.

mod campaign;
mod clean;
pub(crate) mod host;
mod path;
mod percent;

pub use campaign::{CampaignTags, MAX_CAMPAIGN_TAG_BYTES};
pub use clean::{CleanUrl, clean_page_url};
pub use path::{MAX_PAGE_BYTES, REDACTED};
