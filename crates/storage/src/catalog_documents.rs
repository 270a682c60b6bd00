//! The settings of projects and the limits of keys as JSON objects: the form in which both databases keep them.
//!
//! Fields are only added. A missing one has its default, an unknown one is passed over.

use analytics_domain::{ApiKeyLimits, ConsentPolicy, DatacenterPolicy, IngestSettings, Micros, VisitorMode};
use serde::{Deserialize, Serialize};

/// A stored object is not of the known form. Says nothing of its content: networks and origins are nobody else's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnreadableDocument;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct IngestDocument {
    consent: Option<String>,
    visitor_mode: Option<String>,
    datacenters: Option<String>,
    own_networks: Vec<String>,
    blocked_networks: Vec<String>,
    blocked_user_agents: Vec<String>,
    blocked_pages: Vec<String>,
    kept_query_parameters: Vec<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct LimitsDocument {
    origins: Vec<String>,
    expire_time_micros: Option<i64>,
    events_per_second: Option<u32>,
    bytes_per_second: Option<u64>,
}

/// Every field is written, also those that have their default: an update has to win over what is there.
pub(crate) fn ingest_to_json(settings: &IngestSettings) -> String {
    let networks = |of: &[ipnet::IpNet]| of.iter().map(ToString::to_string).collect();
    to_json(&IngestDocument {
        consent: Some(settings.consent.as_str().to_owned()),
        visitor_mode: Some(settings.visitor_mode.as_str().to_owned()),
        datacenters: Some(settings.datacenters.as_str().to_owned()),
        own_networks: networks(&settings.own_networks),
        blocked_networks: networks(&settings.blocked_networks),
        blocked_user_agents: settings.blocked_user_agents.clone(),
        blocked_pages: settings.blocked_pages.clone(),
        kept_query_parameters: settings.kept_query_parameters.clone(),
    })
}

/// What [`ingest_to_json`] wrote, in this or another version.
pub(crate) fn ingest_from_json(text: &str) -> Result<IngestSettings, UnreadableDocument> {
    let read: IngestDocument = serde_json::from_str(text).map_err(|_| UnreadableDocument)?;
    let networks = |of: Vec<String>| {
        of.iter().map(|network| network.parse()).collect::<Result<_, _>>().map_err(|_| UnreadableDocument)
    };
    Ok(IngestSettings {
        consent: named(read.consent, ConsentPolicy::ALL, ConsentPolicy::as_str)?,
        visitor_mode: named(read.visitor_mode, VisitorMode::ALL, VisitorMode::as_str)?,
        datacenters: named(read.datacenters, DatacenterPolicy::ALL, DatacenterPolicy::as_str)?,
        own_networks: networks(read.own_networks)?,
        blocked_networks: networks(read.blocked_networks)?,
        blocked_user_agents: read.blocked_user_agents,
        blocked_pages: read.blocked_pages,
        kept_query_parameters: read.kept_query_parameters,
    })
}

/// Every field is written, as in [`ingest_to_json`]; one without a value as null.
pub(crate) fn limits_to_json(limits: &ApiKeyLimits) -> String {
    to_json(&LimitsDocument {
        origins: limits.origins.clone(),
        expire_time_micros: limits.expire_time.map(|time| time.0),
        events_per_second: limits.events_per_second,
        bytes_per_second: limits.bytes_per_second,
    })
}

/// What [`limits_to_json`] wrote, in this or another version.
pub(crate) fn limits_from_json(text: &str) -> Result<ApiKeyLimits, UnreadableDocument> {
    let read: LimitsDocument = serde_json::from_str(text).map_err(|_| UnreadableDocument)?;
    Ok(ApiKeyLimits {
        origins: read.origins,
        expire_time: read.expire_time_micros.map(Micros),
        events_per_second: read.events_per_second,
        bytes_per_second: read.bytes_per_second,
    })
}

fn to_json(document: &impl Serialize) -> String {
    serde_json::to_string(document).expect("a struct of texts and numbers has a JSON form, and a string takes it")
}

/// The value of this name, or the default without one. An unknown name is no default: to count as the default does could count more
/// than its owner allows.
fn named<T: Copy + Default>(
    name: Option<String>,
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, UnreadableDocument> {
    let Some(name) = name else { return Ok(T::default()) };
    all.iter().copied().find(|value| name_of(*value) == name).ok_or(UnreadableDocument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_has_its_default_and_what_is_unknown_is_passed_over() {
        assert_eq!(ingest_from_json("{}"), Ok(IngestSettings::default()));
        assert_eq!(limits_from_json("{}"), Ok(ApiKeyLimits::default()));
        let some = r#"{"visitor_mode":"network","of_tomorrow":{"a":[1]},"blocked_pages":["/intern/*"]}"#;
        let expected = IngestSettings {
            visitor_mode: VisitorMode::Network,
            blocked_pages: vec!["/intern/*".to_owned()],
            ..IngestSettings::default()
        };
        assert_eq!(ingest_from_json(some), Ok(expected));
        let some = r#"{"events_per_second":5,"of_tomorrow":null,"expire_time_micros":null}"#;
        let expected = ApiKeyLimits { events_per_second: Some(5), ..ApiKeyLimits::default() };
        assert_eq!(limits_from_json(some), Ok(expected));
    }

    /// The names of fields and values are stored: they never change.
    #[test]
    fn the_stored_form_stays() {
        assert_eq!(
            ingest_to_json(&IngestSettings {
                own_networks: vec!["2001:db8::/32".parse().unwrap()],
                ..Default::default()
            }),
            r#"{"consent":"count_without_ids","visitor_mode":"network_and_agent","datacenters":"count","own_networks":["2001:db8::/32"],"blocked_networks":[],"blocked_user_agents":[],"blocked_pages":[],"kept_query_parameters":[]}"#
        );
        assert_eq!(
            limits_to_json(&ApiKeyLimits { expire_time: Some(Micros(7)), ..Default::default() }),
            r#"{"origins":[],"expire_time_micros":7,"events_per_second":null,"bytes_per_second":null}"#
        );
    }

    #[test]
    fn other_values_are_refused() {
        for text in ["", "1", r#"{"consent":"ask"}"#, r#"{"own_networks":["here"]}"#, r#"{"blocked_pages":"/"}"#] {
            assert_eq!(ingest_from_json(text), Err(UnreadableDocument), "{text}");
        }
        for text in ["", "null", r#"{"events_per_second":-1}"#, r#"{"origins":[1]}"#] {
            assert_eq!(limits_from_json(text), Err(UnreadableDocument), "{text}");
        }
    }
}
