//! Events as CSV, the way the rows reach the other side.

use std::io::{self, Write};

use analytics_domain::{Event, PropertyValue};

use crate::generator::{PLAN, VARIANT};

/// Writes one event as a line of the columns that `sql/load.sql` names. Absent is empty.
pub(crate) fn write_event(out: &mut impl Write, event: &Event) -> io::Result<()> {
    let (time_ms, kind) = (event.time.0, event.kind.code());
    write!(out, "{time_ms},{},", event.visitor_day)?;
    if let Some(visitor) = event.actor.visitor {
        write!(out, "{}", visitor.0)?;
    }
    out.write_all(b",")?;
    if let Some(user) = event.actor.user {
        write!(out, "{:032x}", u128::from_be_bytes(user.0))?;
    }
    write!(out, ",{kind},{},", u8::from(event.interactive))?;
    let property = |name: &str| match event.properties.get(name) {
        Some(PropertyValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let texts = [
        Some(event.name.as_str()),
        event.host.as_deref(),
        event.page.as_deref(),
        event.referrer.as_deref(),
        event.utm_source.as_deref(),
        event.utm_medium.as_deref(),
        event.utm_campaign.as_deref(),
        event.browser.as_deref(),
        event.os.as_deref(),
        event.device.map(|device| device.as_str()),
        event.language.as_deref(),
        event.screen_class.map(|class| class.as_str()),
        event.value.as_ref().map(|value| value.currency_code.as_str()),
        property(VARIANT),
        property(PLAN),
    ];
    for text in texts {
        // The generator uses no character that would need quotes.
        out.write_all(text.unwrap_or_default().as_bytes())?;
        out.write_all(b",")?;
    }
    if let Some(value) = &event.value {
        write!(out, "{}", value.amount_micros)?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Generator;

    #[test]
    fn each_event_is_a_line_of_as_many_fields_as_the_table_has_columns() {
        let columns = include_str!("../sql/load.sql").matches("': '").count();
        for event in Generator::new(1, 500) {
            let mut line = Vec::new();
            write_event(&mut line, &event).expect("memory");
            let line = String::from_utf8(line).expect("text");
            assert_eq!(line.matches(',').count() + 1, columns, "{line}");
            assert_eq!(line.matches('\n').count(), 1);
            assert!(!line.contains('"'), "{line}");
        }
    }
}
