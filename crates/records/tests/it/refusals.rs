//! Records that are refused, each with an error that says what is wrong and nothing of what the record holds.

use analytics_domain::ProjectId;
use analytics_records::{RecordError, decode, encode};
use analytics_testkit::sample;

/// A record with one event, of which the fields with these numbers are left out: first those of the entry, then of the event.
fn without(entry_fields: &[u32], event_fields: &[u32]) -> Vec<u8> {
    let record = encode(sample::entry(1, ProjectId(2), vec![sample::event(3)]), "");
    let mut kept = Vec::new();
    for (number, bytes) in fields(&record) {
        if entry_fields.contains(&number) {
            continue;
        }
        if number == 5 {
            let event: Vec<u8> = fields(&bytes[2..])
                .into_iter()
                .filter(|(number, _)| !event_fields.contains(number))
                .flat_map(|(_, bytes)| bytes)
                .collect();
            kept.extend([5 << 3 | 2, u8::try_from(event.len()).expect("a small event")]);
            kept.extend(event);
        } else {
            kept.extend(bytes);
        }
    }
    kept
}

/// The fields of a message with their tags; lengths and tags of the sample take one byte each.
fn fields(mut message: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let mut fields = Vec::new();
    while let [tag, rest @ ..] = message {
        let length = match tag & 7 {
            0 => rest.iter().position(|byte| byte & 0x80 == 0).expect("it ends") + 1,
            1 => 8,
            _ => 1 + usize::from(rest[0]),
        };
        fields.push((u32::from(tag >> 3), message[..=length].to_vec()));
        message = &message[length + 1..];
    }
    fields
}

#[test]
fn nothing_is_missing_unless_it_was_left_out() {
    assert!(decode(&without(&[], &[])).is_ok());
    assert!(decode(&without(&[4], &[])).is_ok(), "nobody has to wait for a reply");
}

#[test]
fn a_missing_field_is_named() {
    let cases: [(&[u32], &[u32], _); 8] = [
        (&[1], &[], "format_version"),
        (&[2], &[], "entry_id"),
        (&[3], &[], "project_id"),
        (&[5], &[], "events"),
        (&[], &[3], "events.occurred_at_micros"),
        (&[], &[4], "events.time_ms"),
        (&[], &[5], "events.visitor_day"),
        (&[], &[6], "events.kind"),
    ];
    for (entry_fields, event_fields, name) in cases {
        assert_eq!(decode(&without(entry_fields, event_fields)), Err(RecordError::MissingField(name)));
    }
}

#[test]
fn another_format_is_told_even_when_its_fields_have_other_types() {
    let format_2 = [1 << 3, 2];
    assert_eq!(decode(&format_2), Err(RecordError::UnknownFormat(2)));
    // Field 2, the entry id, as a text.
    let with_another_type = [1 << 3, 2, 2 << 3 | 2, 1, b'x'];
    assert_eq!(decode(&with_another_type), Err(RecordError::UnknownFormat(2)));
    let of_this_format = [1 << 3, 1, 2 << 3 | 2, 1, b'x'];
    assert_eq!(decode(&of_this_format), Err(RecordError::Malformed { length: 5 }));
    assert_eq!(decode(b"secret"), Err(RecordError::Malformed { length: 6 }));
}

#[test]
fn values_of_a_newer_version_are_named() {
    // A field that comes twice counts the last time.
    let with = |field: u8, value: u8| {
        let mut record = without(&[5], &[]);
        let event = fields(&without(&[], &[])).pop().expect("the event is last").1;
        record.extend([event[0], event[1] + if field < 16 { 2 } else { 3 }]);
        record.extend(&event[2..]);
        if field < 16 {
            record.extend([field << 3, value]);
        } else {
            record.extend([(field << 3) | 0x80, field >> 4, value]);
        }
        decode(&record)
    };
    let unknown = |field, value| Err(RecordError::UnknownValue { field, value });
    assert_eq!(with(6, 6), unknown("events.kind", 6));
    assert_eq!(with(22, 5), unknown("events.device", 5));
    assert_eq!(with(24, 5), unknown("events.screen_class", 5));
    assert!(with(6, 5).is_ok());
    assert!(with(22, 0).is_ok());
}
