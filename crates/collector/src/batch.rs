//! What the pipeline needs to know about a batch as a whole.

use std::{net::IpAddr, sync::Arc};

use analytics_domain::{Micros, Project, ports::ImportKey};
use analytics_privacy::ConsentSignals;

/// Whose word counts for address, user agent and time.
pub(crate) enum Origin {
    /// A key that stands in web pages: the connection tells who sent the events.
    Connection(Connection),
    /// A secret key of a backend, which tells itself on whose behalf it sends.
    OnBehalf,
    /// An import of history: the clock and the order are those of what is imported.
    Import {
        /// Its salts and sessions.
        key: ImportKey,
        /// Whether known bots are counted.
        bots: Bots,
    },
}

/// What a connection tells about its other end.
pub(crate) struct Connection {
    pub(crate) address: Option<IpAddr>,
    pub(crate) user_agent: Option<Arc<str>>,
    pub(crate) signals: ConsentSignals,
}

/// What to do with known bots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bots {
    /// Their events are filtered.
    Filter,
    /// They are counted like everybody.
    Count,
}

/// A batch's circumstances.
pub(crate) struct BatchContext {
    pub(crate) project: Arc<Project>,
    pub(crate) origin: Origin,
    pub(crate) received_at: Micros,
    pub(crate) sent_at: Option<Micros>,
}

impl BatchContext {
    pub(crate) fn bots(&self) -> Bots {
        match &self.origin {
            Origin::Import { bots, .. } => *bots,
            Origin::Connection(_) | Origin::OnBehalf => Bots::Filter,
        }
    }
}
