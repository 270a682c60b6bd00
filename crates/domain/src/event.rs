//! An event as it is logged, stored and counted: after everything personal was forgotten.

use std::collections::BTreeMap;

use crate::{Day, EventId, Micros, Millis, UserHash, VisitorHash};

/// One thing that happened. Holds neither an address nor a user agent: those end in the collector.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The sender's id.
    pub event_id: EventId,
    /// The sender's claim, as sent: with `event_id` the identity of the event.
    pub occurred_at: Micros,
    /// The corrected time, which every report uses.
    pub time: Millis,
    /// The day under whose salt the visitor was hashed, or the day of `time` in the project's zone. Fixed on arrival.
    pub visitor_day: Day,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// The name; never empty.
    pub name: String,
    /// Who.
    pub actor: Actor,
    /// Whether a visitor caused it: decides about bounces.
    pub interactive: bool,
    /// Orders events of one instant.
    pub sequence: Option<i64>,
    /// The host of its URL, lower case, without a port.
    pub host: Option<String>,
    /// The path of its URL after privacy cleaning; `/` when empty.
    pub page: Option<String>,
    /// The host of the referrer without `www.`, unless it is the event's own.
    pub referrer: Option<String>,
    /// Campaign tag `utm_source`.
    pub utm_source: Option<String>,
    /// Campaign tag `utm_medium`.
    pub utm_medium: Option<String>,
    /// Campaign tag `utm_campaign`.
    pub utm_campaign: Option<String>,
    /// Campaign tag `utm_term`.
    pub utm_term: Option<String>,
    /// Campaign tag `utm_content`.
    pub utm_content: Option<String>,
    /// The name of the click id that its URL carried, such as `gclid`. The value is never kept.
    pub click_id: Option<String>,
    /// By what kind of way the visitor came.
    pub channel: Option<Channel>,
    /// The country, an ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// The name of the region within the country.
    pub region: Option<String>,
    /// The name of the city.
    pub city: Option<String>,
    /// The browser's name, such as `Firefox`.
    pub browser: Option<String>,
    /// The operating system's name, such as `Windows`.
    pub os: Option<String>,
    /// The class of the device.
    pub device: Option<DeviceClass>,
    /// The preferred language, as sent.
    pub language: Option<String>,
    /// The class of the viewport's width.
    pub screen_class: Option<ScreenClass>,
    /// An amount of money.
    pub value: Option<Money>,
    /// Typed properties by name.
    pub properties: BTreeMap<String, PropertyValue>,
}

/// Who caused an event. A visitor and a user do not exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Actor {
    /// The visitor of the event's visitor day.
    pub visitor: Option<VisitorHash>,
    /// The signed-in user.
    pub user: Option<UserHash>,
}

/// An enum whose members have a name for answers and documents and a number for stores.
macro_rules! named_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant = $code),+ }

        impl $name {
            /// All of them, by code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that answers and documents use.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The number that stores use. It never changes.
            pub fn code(self) -> u8 {
                self as u8
            }

            /// The one with this stored number.
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

named_enum! {
    /// What kind of thing happened.
    EventKind {
        /// A page or screen was shown.
        View = "view" = 1,
        /// Something was clicked.
        Click = "click" = 2,
        /// A goal was reached.
        Conversion = "conversion" = 3,
        /// A step of a funnel was reached.
        FunnelStep = "funnel_step" = 4,
        /// Anything else; its name says what.
        Custom = "custom" = 5,
    }
}

named_enum! {
    /// The class of a device.
    DeviceClass {
        /// A desktop or laptop computer.
        Desktop = "desktop" = 1,
        /// A phone.
        Mobile = "mobile" = 2,
        /// A tablet.
        Tablet = "tablet" = 3,
        /// Television, console, watch and the like.
        Other = "other" = 4,
    }
}

named_enum! {
    /// By what kind of way a visitor came.
    Channel {
        /// Without a referrer or a campaign.
        Direct = "direct" = 1,
        /// From a page of the same site.
        Internal = "internal" = 2,
        /// From the results of a search engine.
        OrganicSearch = "organic_search" = 3,
        /// From an advertisement of a search engine.
        PaidSearch = "paid_search" = 4,
        /// From a social network.
        OrganicSocial = "organic_social" = 5,
        /// From an advertisement of a social network.
        PaidSocial = "paid_social" = 6,
        /// From a video site.
        OrganicVideo = "organic_video" = 7,
        /// From an advertisement of a video site.
        PaidVideo = "paid_video" = 8,
        /// From a mail.
        Email = "email" = 9,
        /// From an assistant of artificial intelligence.
        AiAssistant = "ai_assistant" = 10,
        /// From any other site.
        Referral = "referral" = 11,
        /// From any other advertisement.
        PaidOther = "paid_other" = 12,
        /// From a display advertisement.
        Display = "display" = 13,
        /// From a partner who is paid for it.
        Affiliate = "affiliate" = 14,
        /// From any other campaign.
        OtherCampaign = "other_campaign" = 15,
    }
}

named_enum! {
    /// The class of a viewport's width.
    ScreenClass {
        /// Below 576 pixels.
        Mobile = "mobile" = 1,
        /// Below 992 pixels.
        Tablet = "tablet" = 2,
        /// Below 1440 pixels.
        Laptop = "laptop" = 3,
        /// From 1440 pixels.
        Desktop = "desktop" = 4,
    }
}

pub(crate) use named_enum;

impl ScreenClass {
    /// The class of a width in CSS pixels.
    pub fn of_width_px(width_px: u32) -> Self {
        match width_px {
            0..576 => Self::Mobile,
            576..992 => Self::Tablet,
            992..1440 => Self::Laptop,
            _ => Self::Desktop,
        }
    }
}

/// A typed value. Absence is no value: it is `None` around this.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyValue {
    /// Text.
    String(String),
    /// A finite number.
    Number(f64),
    /// True or false.
    Bool(bool),
}

/// An exact amount in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217.
    pub currency_code: String,
    /// Millionths of the currency's unit.
    pub amount_micros: i64,
}
