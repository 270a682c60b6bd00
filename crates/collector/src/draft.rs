//! An event on its way through the pipeline.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use analytics_domain::{EventId, EventKind, Micros, Millis, Money, PropertyValue, ScreenClass};
use analytics_privacy::{CampaignTags, ConsentSignals};
use analytics_proto::v1;

use crate::agent::AgentFacts;

/// An event whose shape was checked, with what is still known of its sender. It ends in the pipeline's last step, which makes a
/// [`analytics_domain::Event`] of it: a type that can hold neither address, user agent nor user id. Not printable, for the same
/// reason.
pub(crate) struct Draft {
    pub(crate) event_id: EventId,
    pub(crate) occurred_at: Micros,
    pub(crate) kind: EventKind,
    pub(crate) name: String,
    pub(crate) interactive: bool,
    pub(crate) sequence: Option<i64>,
    pub(crate) language: Option<String>,
    pub(crate) screen_class: Option<ScreenClass>,
    pub(crate) value: Option<Money>,
    pub(crate) properties: BTreeMap<String, PropertyValue>,
    pub(crate) signals: ConsentSignals,
    /// As sent; the URL step takes them.
    pub(crate) url: Option<String>,
    pub(crate) referrer_url: Option<String>,
    /// Personal: the visitor step takes these.
    pub(crate) sender: Sender,

    // What the steps find.
    pub(crate) time: Millis,
    pub(crate) identity: Identity,
    pub(crate) host: Option<String>,
    pub(crate) page: Option<String>,
    pub(crate) referrer: Option<String>,
    pub(crate) campaign: CampaignTags,
    pub(crate) agent: Arc<AgentFacts>,
}

/// Who sent an event, before it is forgotten.
pub(crate) struct Sender {
    pub(crate) address: Option<IpAddr>,
    pub(crate) user_agent: Option<Arc<str>>,
    pub(crate) user_id: Option<String>,
}

/// Whether an event may have a visitor and a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Nobody objected.
    Allowed,
    /// A privacy signal asks for counting without ids.
    Withheld,
}

/// Why an event goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// It is refused for good.
    Rejected {
        /// Why, for programs.
        reason: v1::ErrorReason,
        /// The path of the field below the event.
        field: String,
        /// What to do, for people.
        description: String,
    },
    /// A rule of the project does not count it.
    Filtered(v1::FilterRule),
}

impl Dropped {
    pub(crate) fn rejected(reason: v1::ErrorReason, field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::Rejected { reason, field: field.into(), description: description.into() }
    }

    /// The label of its counter.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Rejected { reason, .. } => reason.as_str_name(),
            Self::Filtered(rule) => rule.as_str_name(),
        }
    }
}
