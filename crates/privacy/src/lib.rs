//! What keeps people out of the data: visitor and user hashes, URL cleaning, consent. Pure functions; what goes in is forgotten by
//! the caller, what comes out may be stored.

mod consent;
mod network;
mod personal;
mod property_name;
mod referrer;
mod secret;
mod url;
mod user_hash;
mod visitor_hash;

pub use consent::{ConsentDecision, ConsentSignals};
pub use network::Network;
pub use property_name::is_secret_property_name;
pub use referrer::{Referrer, clean_referrer};
pub use secret::{SecretTooShort, ServerSecret};
pub use url::{CLICK_IDS, CampaignTags, CleanUrl, MAX_CAMPAIGN_TAG_BYTES, MAX_PAGE_BYTES, REDACTED, clean_page_url};
pub use user_hash::UserHasher;
pub use visitor_hash::VisitorHasher;
