//! An event on its way through the pipeline.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use analytics_domain::{
    Actor, Channel, Day, DeviceClass, Event, EventId, EventKind, Micros, Millis, Money, PropertyValue, ScreenClass,
};
use analytics_privacy::{CampaignTags, ConsentSignals};
use analytics_proto::v1;

use crate::{address_files::Place, agent::AgentFacts};

/// An event whose shape was checked, with what is still known of its sender. It ends in the pipeline's last step, which makes an
/// [`Event`] of it: a type that can hold neither address, user agent nor user id. Not printable, for the same reason.
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
    /// As sent; the URL step takes it.
    pub(crate) url: Option<String>,
    /// As sent; the channel step takes it.
    pub(crate) referrer_url: Option<String>,
    /// Personal: dropped by the last step.
    pub(crate) sender: Sender,

    // What the steps find.
    pub(crate) time: Millis,
    pub(crate) identity: Identity,
    pub(crate) host: Option<String>,
    pub(crate) page: Option<String>,
    pub(crate) referrer: Option<String>,
    pub(crate) campaign: CampaignTags,
    pub(crate) click_id: Option<&'static str>,
    pub(crate) channel: Option<Channel>,
    pub(crate) agent: Arc<AgentFacts>,
    pub(crate) browser: Option<String>,
    pub(crate) os: Option<String>,
    pub(crate) device: Option<DeviceClass>,
    pub(crate) place: Place,
    pub(crate) actor: Actor,
    pub(crate) visitor_day: Day,
}

impl Draft {
    /// Makes the event that is logged and stored. Address, user agent and user id are dropped with the draft.
    pub(crate) fn forget(self) -> Event {
        Event {
            event_id: self.event_id,
            occurred_at: self.occurred_at,
            time: self.time,
            visitor_day: self.visitor_day,
            kind: self.kind,
            name: self.name,
            actor: self.actor,
            interactive: self.interactive,
            sequence: self.sequence,
            host: self.host,
            page: self.page,
            referrer: self.referrer,
            utm_source: self.campaign.source,
            utm_medium: self.campaign.medium,
            utm_campaign: self.campaign.campaign,
            utm_term: self.campaign.term,
            utm_content: self.campaign.content,
            click_id: self.click_id.map(str::to_owned),
            channel: self.channel,
            country: self.place.country,
            region: self.place.region,
            city: self.place.city,
            browser: self.browser,
            os: self.os,
            device: self.device,
            language: self.language,
            screen_class: self.screen_class,
            value: self.value,
            properties: self.properties,
        }
    }
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
