//! The campaign tags of a URL: the only part of its query that is kept.

use super::{
    path::{REDACTED, floor_boundary, without_controls},
    percent::{decode_fully, decode_once},
};
use crate::personal::{Surroundings, personal_data};

/// A longer tag is cut to this many bytes.
pub const MAX_CAMPAIGN_TAG_BYTES: usize = 1024;

/// The campaign tags of a URL, decoded. A tag that is empty is absent; one that looks like personal data is `:redacted`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignTags {
    /// `utm_source`.
    pub source: Option<String>,
    /// `utm_medium`.
    pub medium: Option<String>,
    /// `utm_campaign`.
    pub campaign: Option<String>,
    /// `utm_term`.
    pub term: Option<String>,
    /// `utm_content`.
    pub content: Option<String>,
}

impl CampaignTags {
    /// Reads them from a query, without its question mark. Of a tag that stands twice the first that is not empty counts.
    pub(super) fn from_query(query: &str) -> Self {
        let mut tags = Self::default();
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let tag = match key.to_ascii_lowercase().as_str() {
                "utm_source" => &mut tags.source,
                "utm_medium" => &mut tags.medium,
                "utm_campaign" => &mut tags.campaign,
                "utm_term" => &mut tags.term,
                "utm_content" => &mut tags.content,
                _ => continue,
            };
            if tag.is_none() {
                *tag = tag_value(value);
            }
        }
        tags
    }
}

fn tag_value(encoded: &str) -> Option<String> {
    let spaced = encoded.replace('+', " ");
    let decoded = match decode_once(spaced.as_bytes()) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => spaced,
    };
    let printable: String = decoded.chars().filter(|character| !character.is_control()).collect();
    let value = printable.trim();
    if is_personal(encoded) {
        return Some(REDACTED.to_owned());
    }
    let value = &value[..floor_boundary(value, MAX_CAMPAIGN_TAG_BYTES)];
    (!value.is_empty()).then(|| value.to_owned())
}

/// Links are sometimes escaped twice, and a plus may be a space or the sign of an international number.
fn is_personal(encoded: &str) -> bool {
    let encoded = without_controls(encoded);
    [encoded.replace('+', " "), encoded.into_owned()].iter().any(|text| {
        let decoded = decode_fully(text);
        personal_data(decoded.trim_ascii(), Surroundings::CampaignValue).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_decoded() {
        let tags = CampaignTags::from_query(
            "q=secret&utm_source=news%20letter&UTM_MEDIUM=e-mail&utm_campaign=Fr%C3%BChling+2015&utm_term=a%26b&utm_content=",
        );
        assert_eq!(
            tags,
            CampaignTags {
                source: Some("news letter".to_owned()),
                medium: Some("e-mail".to_owned()),
                campaign: Some("Frühling 2015".to_owned()),
                term: Some("a&b".to_owned()),
                content: None,
            }
        );
    }

    #[test]
    fn the_first_that_is_not_empty_counts() {
        let tags = CampaignTags::from_query("utm_source=&utm_source=first&utm_source=second");
        assert_eq!(tags.source.as_deref(), Some("first"));
    }

    #[test]
    fn personal_values_are_redacted_and_advertisers_numbers_kept() {
        for (value, kept) in [
            ("alice%40example.com", ":redacted"),
            ("550e8400-e29b-41d4-a716-446655440000", ":redacted"),
            ("4111111111111111", ":redacted"),
            ("%2B4930123456", ":redacted"),
            ("+4930123456", ":redacted"),
            ("alice%2540example.com", ":redacted"),
            ("2221000000000009", ":redacted"),
            ("120210000000000010", "120210000000000010"),
            ("23850000000000003", "23850000000000003"),
            ("spring_sale-2015", "spring_sale-2015"),
        ] {
            let tags = CampaignTags::from_query(&format!("utm_content={value}"));
            assert_eq!(tags.content.as_deref(), Some(kept), "{value}");
        }
    }

    #[test]
    fn odd_values_are_bounded_and_printable() {
        let tags = CampaignTags::from_query("utm_source=a%00b%0A&utm_medium=%ff%fe&utm_campaign=%20%20&utm_term");
        assert_eq!(tags.source.as_deref(), Some("ab"));
        assert_eq!(tags.medium.as_deref(), Some("\u{fffd}\u{fffd}"));
        assert_eq!((tags.campaign, tags.term), (None, None));
        let long = CampaignTags::from_query(&format!("utm_source=a{}", "é".repeat(2000)));
        assert_eq!(long.source.unwrap().len(), MAX_CAMPAIGN_TAG_BYTES - 1);
    }
}
