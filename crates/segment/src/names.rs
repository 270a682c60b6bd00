//! The names of the columns. They never change: stored segments bear them. A [`DimensionField`] that an event has of its own is a
//! column of the field's name.

use analytics_domain::{Dimension, DimensionField, Event};

/// Which rows are of one visitor: the one column that every segment has beside the time.
pub const VISITOR: &str = "visitor";
/// The hashes of the visitors, ascending: the order in which rows are sorted.
pub const VISITOR_HASH: &str = "visitor_hash";
/// The time.
pub const TIME: &str = "time";
/// The sequence number.
pub const SEQUENCE: &str = "sequence";
/// The event id.
pub const EVENT_ID: &str = "event_id";
/// Whether a visitor caused the event.
pub const INTERACTIVE: &str = "interactive";
/// The user.
pub const USER: &str = "user";
/// The currency of the amount.
pub const VALUE_CURRENCY: &str = "value_currency";
/// The amount in millionths.
pub const VALUE_MICROS: &str = "value_micros";

const PROPERTY_PREFIX: &str = "property:";

/// The name of a property's column.
pub fn property(name: &str) -> String {
    format!("{PROPERTY_PREFIX}{name}")
}

/// The property whose column has this name.
pub(crate) fn property_of(column: &str) -> Option<&str> {
    column.strip_prefix(PROPERTY_PREFIX)
}

/// The name of the column from which a dimension is taken: those of a session from the columns of its events.
pub fn of_dimension(dimension: &Dimension) -> String {
    match dimension {
        Dimension::Field(DimensionField::EntryPage | DimensionField::ExitPage) => {
            DimensionField::Page.as_str().to_owned()
        }
        Dimension::Field(field) => field.as_str().to_owned(),
        Dimension::Property(name) => property(name),
    }
}

/// The fields that an event has of its own.
pub(crate) const EVENT_FIELDS: [DimensionField; 20] = [
    DimensionField::Name,
    DimensionField::Kind,
    DimensionField::Host,
    DimensionField::Page,
    DimensionField::Referrer,
    DimensionField::UtmSource,
    DimensionField::UtmMedium,
    DimensionField::UtmCampaign,
    DimensionField::UtmTerm,
    DimensionField::UtmContent,
    DimensionField::Browser,
    DimensionField::Os,
    DimensionField::Device,
    DimensionField::Language,
    DimensionField::ScreenClass,
    DimensionField::Channel,
    DimensionField::ClickId,
    DimensionField::Country,
    DimensionField::Region,
    DimensionField::City,
];

/// What an event says about a field.
pub(crate) fn field_of(event: &Event, field: DimensionField) -> Option<&str> {
    match field {
        DimensionField::Name => Some(&event.name),
        DimensionField::Kind => Some(event.kind.as_str()),
        DimensionField::Host => event.host.as_deref(),
        DimensionField::Page => event.page.as_deref(),
        DimensionField::Referrer => event.referrer.as_deref(),
        DimensionField::UtmSource => event.utm_source.as_deref(),
        DimensionField::UtmMedium => event.utm_medium.as_deref(),
        DimensionField::UtmCampaign => event.utm_campaign.as_deref(),
        DimensionField::UtmTerm => event.utm_term.as_deref(),
        DimensionField::UtmContent => event.utm_content.as_deref(),
        DimensionField::Browser => event.browser.as_deref(),
        DimensionField::Os => event.os.as_deref(),
        DimensionField::Device => event.device.map(|device| device.as_str()),
        DimensionField::Language => event.language.as_deref(),
        DimensionField::ScreenClass => event.screen_class.map(|class| class.as_str()),
        DimensionField::Channel => event.channel.map(|channel| channel.as_str()),
        DimensionField::ClickId => event.click_id.as_deref(),
        DimensionField::Country => event.country.as_deref(),
        DimensionField::Region => event.region.as_deref(),
        DimensionField::City => event.city.as_deref(),
        DimensionField::EntryPage | DimensionField::ExitPage => None,
    }
}
