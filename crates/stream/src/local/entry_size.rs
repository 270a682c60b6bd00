//! About how much memory a log entry takes.

use analytics_domain::{Event, PropertyValue, ports::LogEntry};

/// The bytes of an entry in memory, allocator overhead left out: what bounds the log, so it need not be exact.
pub(super) fn entry_bytes(entry: &LogEntry) -> usize {
    size_of::<LogEntry>() + entry.events.iter().map(event_bytes).sum::<usize>()
}

fn event_bytes(event: &Event) -> usize {
    let texts = [
        &event.host,
        &event.page,
        &event.referrer,
        &event.utm_source,
        &event.utm_medium,
        &event.utm_campaign,
        &event.utm_term,
        &event.utm_content,
        &event.click_id,
        &event.country,
        &event.region,
        &event.city,
        &event.browser,
        &event.os,
        &event.language,
    ];
    let text_bytes: usize = texts.into_iter().flatten().map(String::len).sum();
    let property_bytes: usize = event.properties.iter().map(|(name, value)| name.len() + value_bytes(value)).sum();
    size_of::<Event>() + event.name.len() + text_bytes + property_bytes
}

fn value_bytes(value: &PropertyValue) -> usize {
    // The name's header is part of the map's node as well.
    let inline = size_of::<String>() + size_of::<PropertyValue>();
    match value {
        PropertyValue::String(text) => inline + text.len(),
        PropertyValue::Number(_) | PropertyValue::Bool(_) => inline,
    }
}
