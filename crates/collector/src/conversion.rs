//! Between the contract and the pipeline.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use analytics_domain::{
    Actor, Day, EventId, EventKind, Micros, Millis, Money, PropertyValue, ScreenClass,
    ports::{EventOutcome, Receipt},
};
use analytics_privacy::{CampaignTags, ConsentSignals};
use analytics_proto::{
    v1::{self, ErrorReason, property_value},
    validation::Validate,
};

use crate::{
    address_files::Place,
    batch::{BatchContext, Connection, Origin},
    draft::{Draft, Dropped, Identity, Sender},
};

/// Checks the shape of an event and takes it apart.
pub(crate) fn draft_of(event: v1::Event, batch: &BatchContext) -> Result<Draft, Dropped> {
    if let Some(violation) = event.validate().into_iter().next() {
        return Err(Dropped::rejected(ErrorReason::InvalidField, violation.field, violation.description));
    }
    if let Some(field) = text_with_nul(&event) {
        let description = "holds the character U+0000, which cannot be stored: leave it out";
        return Err(Dropped::rejected(ErrorReason::InvalidField, field, description));
    }
    let kind = kind_of(event.kind())?;
    let name = name_of(event.name, kind)?;
    let signals = signals_of(event.consent_signals, batch);
    let sender = sender_of(event.client, event.user_id, batch)?;
    Ok(Draft {
        event_id: event_id_of(&event.event_id)?,
        occurred_at: occurred_at_of(event.occurred_at)?,
        kind,
        name,
        interactive: event.interactive.unwrap_or(kind != EventKind::View),
        sequence: event.sequence,
        language: non_empty(event.language),
        screen_class: event.screen_width_px.map(ScreenClass::of_width_px),
        value: event
            .value
            .map(|money| Money { currency_code: money.currency_code, amount_micros: money.amount_micros }),
        properties: properties_of(event.properties),
        signals,
        url: non_empty(event.url),
        referrer_url: non_empty(event.referrer),
        sender,
        time: Millis(0),
        identity: Identity::Withheld,
        host: None,
        page: None,
        referrer: None,
        campaign: CampaignTags::default(),
        click_id: None,
        channel: None,
        agent: Arc::default(),
        browser: None,
        os: None,
        device: None,
        place: Place::default(),
        actor: Actor::default(),
        visitor_day: Day(0),
    })
}

/// The first text that is kept and holds U+0000: PostgreSQL has no such text.
fn text_with_nul(event: &v1::Event) -> Option<String> {
    let has_nul = |text: &str| text.as_bytes().contains(&0);
    let plain =
        [("name", &event.name), ("url", &event.url), ("referrer", &event.referrer), ("language", &event.language)];
    if let Some((field, _)) = plain.into_iter().find(|(_, text)| has_nul(text)) {
        return Some(field.to_owned());
    }
    event.properties.iter().find_map(|(name, value)| match &value.value {
        _ if has_nul(name) => Some("properties".to_owned()),
        Some(property_value::Value::StringValue(text)) if has_nul(text) => {
            Some(format!("properties[\"{name}\"].string_value"))
        }
        _ => None,
    })
}

fn event_id_of(text: &str) -> Result<EventId, Dropped> {
    uuid::Uuid::parse_str(text).map(|id| EventId(id.into_bytes())).map_err(|_| {
        Dropped::rejected(
            ErrorReason::InvalidField,
            "event_id",
            "is no UUID: make one, of version 7 if you can, for each event",
        )
    })
}

fn occurred_at_of(timestamp: Option<pbjson_types::Timestamp>) -> Result<Micros, Dropped> {
    micros_of(timestamp.unwrap_or_default()).ok_or_else(|| {
        let description = "is no instant of the years 1 to 9999 with 0 to 999999999 nanoseconds";
        Dropped::rejected(ErrorReason::InvalidField, "occurred_at", description)
    })
}

/// The instant in microseconds, truncated; none when the message is not a valid timestamp.
pub(crate) fn micros_of(timestamp: pbjson_types::Timestamp) -> Option<Micros> {
    /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, as the message's own documentation says.
    const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
    let valid = SECONDS.contains(&timestamp.seconds) && (0..1_000_000_000).contains(&timestamp.nanos);
    valid.then(|| Micros(timestamp.seconds * 1_000_000 + i64::from(timestamp.nanos) / 1000))
}

fn kind_of(kind: v1::EventKind) -> Result<EventKind, Dropped> {
    match kind {
        v1::EventKind::View => Ok(EventKind::View),
        v1::EventKind::Click => Ok(EventKind::Click),
        v1::EventKind::Conversion => Ok(EventKind::Conversion),
        v1::EventKind::FunnelStep => Ok(EventKind::FunnelStep),
        v1::EventKind::Custom => Ok(EventKind::Custom),
        v1::EventKind::Unspecified => {
            Err(Dropped::rejected(ErrorReason::InvalidField, "kind", "must say what kind of thing happened"))
        }
    }
}

fn name_of(name: String, kind: EventKind) -> Result<String, Dropped> {
    match (name.is_empty(), kind) {
        (false, _) => Ok(name),
        (true, EventKind::Custom) => Err(Dropped::rejected(
            ErrorReason::InvalidField,
            "name",
            "a custom event needs a name, such as `newsletter_signup`",
        )),
        (true, kind) => Ok(kind.as_str().to_owned()),
    }
}

fn signals_of(sent: Option<v1::ConsentSignals>, batch: &BatchContext) -> ConsentSignals {
    let sent = sent.unwrap_or_default();
    let sent = ConsentSignals { do_not_track: sent.do_not_track, global_privacy_control: sent.global_privacy_control };
    match &batch.origin {
        Origin::Connection(connection) => connection.signals.or(sent),
        Origin::OnBehalf | Origin::Import { .. } => sent,
    }
}

fn sender_of(client: Option<v1::ClientContext>, user_id: String, batch: &BatchContext) -> Result<Sender, Dropped> {
    let user_id = non_empty(user_id);
    match (&batch.origin, client) {
        (Origin::Connection(_), Some(_)) => {
            let description =
                "tells on whose behalf an event is sent, which needs a key of scope `import`; leave it out";
            Err(Dropped::rejected(ErrorReason::FieldNotAllowed, "client", description))
        }
        (Origin::Connection(Connection { address, user_agent, .. }), None) => {
            Ok(Sender { address: *address, user_agent: user_agent.clone(), user_id })
        }
        (Origin::OnBehalf | Origin::Import { .. }, client) => {
            let client = client.unwrap_or_default();
            let user_agent = non_empty(client.user_agent).map(Arc::from);
            Ok(Sender { address: address_of(&client.ip_address)?, user_agent, user_id })
        }
    }
}

fn address_of(text: &str) -> Result<Option<IpAddr>, Dropped> {
    if text.is_empty() {
        return Ok(None);
    }
    // The text is personal: it is not repeated.
    text.parse().map(Some).map_err(|_| {
        Dropped::rejected(ErrorReason::InvalidField, "client.ip_address", "is neither an IPv4 nor an IPv6 address")
    })
}

/// Properties named like secrets are dropped before anything else sees them; one without a value is absent.
fn properties_of(properties: BTreeMap<String, v1::PropertyValue>) -> BTreeMap<String, PropertyValue> {
    let kept = properties.into_iter().filter(|(name, _)| !analytics_privacy::is_secret_property_name(name));
    kept.filter_map(|(name, value)| {
        let value = match value.value? {
            property_value::Value::StringValue(text) => PropertyValue::String(text),
            // Minus zero becomes zero: JSON in a database keeps no sign of it.
            property_value::Value::NumberValue(number) => PropertyValue::Number(number + 0.0),
            property_value::Value::BoolValue(truth) => PropertyValue::Bool(truth),
        };
        Some((name, value))
    })
    .collect()
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// So many rejected events of a batch are described for people: a batch with one mistake has it a thousand times.
const MAX_DESCRIPTIONS: usize = 100;

/// One verdict for each event of the request, in its order: those that went into the log take theirs from the receipt.
pub(crate) fn response_of(
    dropped: impl IntoIterator<Item = Option<Dropped>>,
    receipt: &Receipt,
    asked: v1::AckLevel,
) -> v1::TrackResponse {
    let mut outcomes = match receipt {
        Receipt::Committed(outcomes) => outcomes.as_slice(),
        Receipt::Durable => &[],
    }
    .iter();
    let mut verdicts: Vec<v1::EventVerdict> = dropped
        .into_iter()
        .map(|dropped| match dropped {
            Some(dropped) => verdict_of(dropped),
            None => logged(match outcomes.next() {
                Some(EventOutcome::Stored) => v1::Verdict::Stored,
                Some(EventOutcome::Duplicate) => v1::Verdict::Duplicate,
                // Durable, and kept until somebody decides: its sender can do nothing about it.
                Some(EventOutcome::Quarantined) | None => v1::Verdict::Accepted,
            }),
        })
        .collect();
    let rejected = verdicts.iter_mut().filter(|verdict| verdict.verdict() == v1::Verdict::Rejected);
    rejected.skip(MAX_DESCRIPTIONS).for_each(|verdict| verdict.description = String::new());
    let counts = counts_of(&verdicts);
    let commit_unknown = asked == v1::AckLevel::Committed && counts.accepted > 0;
    v1::TrackResponse { counts: Some(counts), commit_unknown, verdicts }
}

fn logged(verdict: v1::Verdict) -> v1::EventVerdict {
    v1::EventVerdict { verdict: verdict.into(), ..Default::default() }
}

fn verdict_of(dropped: Dropped) -> v1::EventVerdict {
    match dropped {
        Dropped::Rejected { reason, field, description } => v1::EventVerdict {
            verdict: v1::Verdict::Rejected.into(),
            reason: reason.into(),
            field,
            description,
            ..Default::default()
        },
        Dropped::Filtered(rule) => {
            v1::EventVerdict { verdict: v1::Verdict::Filtered.into(), filter_rule: rule.into(), ..Default::default() }
        }
    }
}

fn counts_of(verdicts: &[v1::EventVerdict]) -> v1::VerdictCounts {
    let mut counts = v1::VerdictCounts::default();
    for verdict in verdicts {
        match verdict.verdict() {
            v1::Verdict::Accepted => counts.accepted += 1,
            v1::Verdict::Stored => counts.stored += 1,
            v1::Verdict::Duplicate => counts.duplicate += 1,
            v1::Verdict::Rejected => counts.rejected += 1,
            v1::Verdict::Filtered => counts.filtered += 1,
            v1::Verdict::Retry => counts.retry += 1,
            v1::Verdict::Unspecified => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The embedded log always tells the outcome; others do not.
    #[test]
    fn events_whose_outcome_is_not_known_are_accepted() {
        let bot = || Some(Dropped::Filtered(v1::FilterRule::Bot));
        let levels = [v1::AckLevel::Unspecified, v1::AckLevel::Durable, v1::AckLevel::Committed];
        for (asked, commit_unknown) in levels.into_iter().zip([false, false, true]) {
            let response = response_of(vec![None, bot(), None], &Receipt::Durable, asked);
            let verdicts: Vec<_> = response.verdicts.iter().map(v1::EventVerdict::verdict).collect();
            assert_eq!(verdicts, [v1::Verdict::Accepted, v1::Verdict::Filtered, v1::Verdict::Accepted]);
            assert_eq!(response.counts, Some(v1::VerdictCounts { accepted: 2, filtered: 1, ..Default::default() }));
            assert_eq!(response.commit_unknown, commit_unknown, "{asked:?}");
        }
        let nothing_logged = response_of(vec![bot()], &Receipt::Durable, v1::AckLevel::Committed);
        assert!(!nothing_logged.commit_unknown);
    }
}
