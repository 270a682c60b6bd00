//! Dimensions: by what events can be told apart.

/// Something by which events can be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// One that every event has, if only as absent.
    Field(DimensionField),
    /// A property, by its name.
    Property(String),
}

impl Dimension {
    /// Whether a session metric may be broken down by it: session dimensions and the page.
    pub fn goes_with_session_metrics(&self) -> bool {
        match self {
            Self::Field(field) => field.is_session_dimension() || *field == DimensionField::Page,
            Self::Property(_) => false,
        }
    }
}

/// A dimension that every event has, if only as absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the contract's DimensionField describes each, and the names are the same")]
pub enum DimensionField {
    Name,
    Kind,
    Host,
    Page,
    EntryPage,
    ExitPage,
    Referrer,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent,
    Browser,
    Os,
    Device,
    Language,
    ScreenClass,
    Channel,
    ClickId,
    Country,
    Region,
    City,
}

impl DimensionField {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Name,
        Self::Kind,
        Self::Host,
        Self::Page,
        Self::EntryPage,
        Self::ExitPage,
        Self::Referrer,
        Self::UtmSource,
        Self::UtmMedium,
        Self::UtmCampaign,
        Self::UtmTerm,
        Self::UtmContent,
        Self::Browser,
        Self::Os,
        Self::Device,
        Self::Language,
        Self::ScreenClass,
        Self::Channel,
        Self::ClickId,
        Self::Country,
        Self::Region,
        Self::City,
    ];

    /// The name that the command line, segments and documents use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Host => "host",
            Self::Page => "page",
            Self::EntryPage => "entry_page",
            Self::ExitPage => "exit_page",
            Self::Referrer => "referrer",
            Self::UtmSource => "utm_source",
            Self::UtmMedium => "utm_medium",
            Self::UtmCampaign => "utm_campaign",
            Self::UtmTerm => "utm_term",
            Self::UtmContent => "utm_content",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Device => "device",
            Self::Language => "language",
            Self::ScreenClass => "screen_class",
            Self::Channel => "channel",
            Self::ClickId => "click_id",
            Self::Country => "country",
            Self::Region => "region",
            Self::City => "city",
        }
    }

    /// The field of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Whether every event of a session carries the session's value.
    pub fn is_session_dimension(self) -> bool {
        !matches!(self, Self::Name | Self::Kind | Self::Host | Self::Page)
    }
}
