//! A batch out of JSON: `{"events": […]}` as the contract has it, or an array of events, or one event.

use std::{borrow::Cow, fmt};

use analytics_proto::v1::{ErrorReason, Event, TrackRequest, TrackResponse, Verdict};
use analytics_rpc::RpcError;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// As many events as a batch may have by the contract; a service says the same of one more.
const MAX_EVENTS: usize = 1000;
/// More than a batch or an event has.
const MAX_FIELDS: usize = 64;
const MAX_DESCRIPTION_CHARS: usize = 300;
/// The fields of a batch, by both names that JSON may use.
const FIELDS_OF_BATCH: [&str; 7] = ["project", "events", "sentAt", "sent_at", "ackLevel", "ack_level", "import"];

/// What was read. An event that is no event stands empty in its place, for which it is rejected, and the reason beside it: the others
/// of its batch must not be lost for it.
pub(super) struct Batch {
    pub(super) request: TrackRequest,
    pub(super) undecodable: Vec<Undecodable>,
}

/// Why an event could not be read.
pub(super) struct Undecodable {
    index: usize,
    field: String,
    description: String,
}

impl Batch {
    pub(super) fn of_json(json: &[u8]) -> Result<Self, RpcError> {
        let first = json.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            Some(b'[') => Self::of_events(TrackRequest::default(), read::<Items<'_>>(json)?.0),
            Some(b'{') => {
                let Fields(fields) = read(json)?;
                if fields.is_empty() || fields.iter().any(|(name, _)| FIELDS_OF_BATCH.contains(&name.as_str())) {
                    Self::of_fields(fields)
                } else {
                    Self::of_events(TrackRequest::default(), vec![read(json)?])
                }
            }
            Some(_) => Err(not_a_batch()),
            None => Err(RpcError::Undecodable("the body is empty".to_owned())),
        }
    }

    fn of_fields(fields: Vec<(String, &RawValue)>) -> Result<Self, RpcError> {
        let (events, others): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name == "events");
        let others: Vec<String> = others
            .iter()
            .map(|(name, value)| format!("{}:{}", serde_json::Value::from(name.as_str()), value.get()))
            .collect();
        let request = read_part(&format!("{{{}}}", others.join(",")));
        let request = request.map_err(|(field, description)| RpcError::invalid_field(field, description))?;
        let events = match events.as_slice() {
            [] => Vec::new(),
            [(_, value)] if value.get() == "null" => Vec::new(),
            [(_, value)] => read::<Items<'_>>(value.get().as_bytes())?.0,
            _ => return Err(RpcError::Undecodable("duplicate field `events`".to_owned())),
        };
        Self::of_events(request, events)
    }

    fn of_events(mut request: TrackRequest, events: Vec<&RawValue>) -> Result<Self, RpcError> {
        if events.len() > MAX_EVENTS {
            return Err(RpcError::invalid_field("events", format!("must have at most {MAX_EVENTS} items")));
        }
        let mut undecodable = Vec::new();
        request.events = events
            .into_iter()
            .enumerate()
            .map(|(index, event)| {
                read_part(event.get()).unwrap_or_else(|(field, description)| {
                    undecodable.push(Undecodable { index, field, description });
                    Event::default()
                })
            })
            .collect();
        Ok(Self { request, undecodable })
    }
}

/// Says in the verdicts of events that could not be read why.
pub(super) fn tell_undecodable(response: &mut TrackResponse, undecodable: Vec<Undecodable>) {
    for Undecodable { index, field, description } in undecodable {
        let Some(verdict) = response.verdicts.get_mut(index) else { continue };
        if verdict.verdict() != Verdict::Rejected {
            continue;
        }
        verdict.set_reason(ErrorReason::InvalidField);
        verdict.field = field;
        // Descriptions stand with the first rejected events only.
        if !verdict.description.is_empty() {
            verdict.description = description;
        }
    }
}

fn not_a_batch() -> RpcError {
    RpcError::Undecodable("the body is no batch: send `{\"events\": […]}`, an array of events, or one event".to_owned())
}

fn read<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, RpcError> {
    serde_json::from_slice(json).map_err(|error| RpcError::Undecodable(shortened(&without_value(&error.to_string()))))
}

/// A part of the body, or the path of the field that cannot be read and why.
fn read_part<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, (String, String)> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let problem = error.inner().to_string();
        // A place in the part is none in the body.
        let problem = problem.split(" at line ").next().unwrap_or_default();
        (path_text(error.path()), shortened(&format!("cannot be read: {}", without_value(problem))))
    })
}

/// What was found is told by its kind alone: the value may be personal.
fn without_value(problem: &str) -> Cow<'_, str> {
    for start in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) = problem.strip_prefix(start).and_then(|rest| rest.rsplit_once(", expected ")) {
            let kind = found.split(['"', '`']).next().unwrap_or_default().trim_end();
            return format!("{start}{kind}, expected {expected}").into();
        }
    }
    problem.into()
}

/// The path as verdicts write it: names as in the contract, keys of properties in brackets.
fn path_text(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        let name = match segment {
            serde_path_to_error::Segment::Map { key } => key,
            serde_path_to_error::Segment::Enum { variant } => variant,
            serde_path_to_error::Segment::Seq { index } => {
                text.push_str(&format!("[{index}]"));
                continue;
            }
            serde_path_to_error::Segment::Unknown => continue,
        };
        if text == "properties" {
            text.push_str(&format!("[\"{name}\"]"));
            continue;
        }
        if !text.is_empty() {
            text.push('.');
        }
        for character in name.chars() {
            if character.is_ascii_uppercase() {
                text.push('_');
            }
            text.push(character.to_ascii_lowercase());
        }
    }
    shortened(&text)
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_DESCRIPTION_CHARS).collect()
}

/// The values of an array, unread; the first too many ends it.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of events")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = items.next_element()? {
                    values.push(value);
                    if values.len() > MAX_EVENTS {
                        return Err(A::Error::custom(format!("there are more than {MAX_EVENTS} events")));
                    }
                }
                Ok(values)
            }
        }
        deserializer.deserialize_seq(Read).map(Self)
    }
}

/// The fields of an object, unread.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = fields.next_entry()? {
                    entries.push(entry);
                    if entries.len() > MAX_FIELDS {
                        return Err(A::Error::custom("there are more fields than a batch or an event has"));
                    }
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Read).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"eventId":"018f2f7e-0000-7000-8000-000000000001","occurredAt":"2026-11-24T12:00:00Z","kind":"EVENT_KIND_VIEW","url":"/a"}"#;

    fn batch(json: &str) -> Batch {
        Batch::of_json(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
    }

    #[test]
    fn a_batch_an_array_and_one_event_are_the_same() {
        let expected = batch(&format!(r#"{{"events":[{EVENT}]}}"#)).request;
        assert_eq!((expected.events.len(), expected.events[0].url.as_str()), (1, "/a"));
        for json in [EVENT.to_owned(), format!(" [{EVENT}]\n"), format!(r#"{{"events":[{EVENT}],"project":""}}"#)] {
            assert_eq!(batch(&json).request, expected, "{json}");
        }
    }

    #[test]
    fn the_envelope_is_read_beside_the_events() {
        let json =
            format!(r#"{{"project":"projects/web","ackLevel":"ACK_LEVEL_COMMITTED","events":[{EVENT},{EVENT}]}}"#);
        let read = batch(&json).request;
        assert_eq!((read.project.as_str(), read.ack_level, read.events.len()), ("projects/web", 2, 2));
        assert!(batch("{}").request.events.is_empty());
        assert!(batch(r#"{"events":null}"#).request.events.is_empty());
    }

    #[test]
    fn an_event_that_cannot_be_read_stands_empty_in_its_place() {
        let bad = [
            (r#"{"kind":"EVENT_KIND_NONE"}"#, "kind"),
            (r#"{"eventId":7}"#, "event_id"),
            (r#"{"properties":{"plan":{"stringValue":1}}}"#, "properties[\"plan\"].string_value"),
            (r#"{"value":{"amountMicros":"x"}}"#, "value.amount_micros"),
            ("7", ""),
            ("null", ""),
            (r#"{"nmae":"x"}"#, "nmae"),
        ];
        let items: Vec<&str> = bad.iter().map(|(json, _)| *json).collect();
        let read = batch(&format!("[{EVENT},{},{EVENT}]", items.join(",")));
        assert_eq!(read.request.events.len(), bad.len() + 2);
        assert_eq!(read.request.events[0], read.request.events[bad.len() + 1]);
        for (index, (json, field)) in bad.iter().enumerate() {
            assert_eq!(read.request.events[index + 1], Event::default(), "{json}");
            let undecodable = &read.undecodable[index];
            assert_eq!((undecodable.index, undecodable.field.as_str()), (index + 1, *field), "{json}");
            assert!(undecodable.description.starts_with("cannot be read: "), "{}", undecodable.description);
        }
    }

    #[test]
    fn why_something_cannot_be_read_repeats_no_value() {
        for json in [
            r#"[{"userId":4711}]"#,
            r#"[{"client":{"ipAddress":4711.5}}]"#,
            r#"[{"properties":"4711, expected \" `4711` x"}]"#,
            r#"[{"kind":4711}]"#,
            "[\"4711\"]",
        ] {
            let Undecodable { field, description, .. } = batch(json).undecodable.swap_remove(0);
            assert!(!format!("{field} {description}").contains("4711"), "{json}: {field} {description}");
            assert!(description.contains(", expected "), "{json}: {description}");
        }
        for json in [r#"{"events":"4711"}"#, r#"{"events":[],"project":4711}"#] {
            let error = Batch::of_json(json.as_bytes()).err().expect("refused").to_string();
            assert!(error.contains(", expected ") && !error.contains("4711"), "{error}");
        }
    }

    #[test]
    fn what_is_no_batch_is_refused_as_a_whole() {
        let many = format!("[{}0]", "0,".repeat(1000));
        let fields: Vec<String> = (0..65).map(|field| format!("\"f{field}\":0")).collect();
        for (json, problem) in [
            ("", "the body is empty"),
            ("  \n", "the body is empty"),
            ("7", "is no batch"),
            ("\"text\"", "is no batch"),
            ("[", "EOF"),
            (r#"{"events":7}"#, "an array of events"),
            (r#"{"events":[],"events":[]}"#, "duplicate"),
            (r#"{"events":[],"project":7}"#, "project"),
            (r#"{"events":[],"evnts":[]}"#, "unknown field `evnts`"),
            (r#"{"events":[]} x"#, "trailing"),
            (many.as_str(), "more than 1000 events"),
            (&format!("{{{}}}", fields.join(",")), "more fields"),
        ] {
            let error = Batch::of_json(json.as_bytes()).err().unwrap_or_else(|| panic!("{json} was read")).to_string();
            assert!(error.contains(problem), "{json}: {error}");
        }
        assert!(Batch::of_json(b"{\"events\":[\xff]}").is_err());
    }
}
