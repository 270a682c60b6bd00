//! Event files: NDJSON with one `analytics.v1.Event` in proto3 JSON a line, plain or gzip.

use std::{path::PathBuf, sync::Arc, time::Duration};

use analytics_proto::v1;
use prost::Message as _;

use crate::{
    DEFAULT_PATIENCE, ImportError, ImportTarget, Progress, Summary, identity,
    input::{Inputs, Line},
    send::{self, Batches, Content, LineCounts, MAX_EVENT_BYTES, Prepared, SendOptions},
    sorter::{Record, Sorter},
};

/// Valid events are far smaller.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// What to import and how.
#[derive(Debug, Clone)]
pub struct EventsOptions {
    /// The files; all of them together are one import. `-` is standard input.
    pub files: Vec<PathBuf>,
    /// Count known bots too.
    pub include_bots: bool,
    /// How long a server that does not answer is waited for.
    pub patience: Duration,
}

impl Default for EventsOptions {
    fn default() -> Self {
        Self { files: Vec::new(), include_bots: false, patience: DEFAULT_PATIENCE }
    }
}

/// Imports events. They keep the ids that they have.
///
/// # Errors
/// When a file cannot be read, or the server refuses or cannot be reached for longer than [`EventsOptions::patience`]. The same command
/// may be given again: nothing is stored twice.
pub async fn import(
    target: ImportTarget,
    options: EventsOptions,
    progress: Arc<dyn Progress>,
) -> Result<Summary, ImportError> {
    let project = target.project.clone();
    let EventsOptions { files, include_bots, patience } = options;
    let prepare = move |progress: &dyn Progress| prepare(&project, files, include_bots, progress);
    send::run(target, SendOptions { include_bots, patience }, progress, prepare).await
}

/// Reads every event and sorts them.
fn prepare(
    project: &str,
    files: Vec<PathBuf>,
    include_bots: bool,
    progress: &dyn Progress,
) -> Result<Prepared, ImportError> {
    let inputs = Arc::new(Inputs::new(files)?);
    let mut counts = LineCounts { inputs: Some(inputs.clone()), ..LineCounts::default() };
    let mut sorter = Sorter::new();
    let contents = inputs.for_each_line(MAX_LINE_BYTES, progress, |place, line| {
        counts.read += 1;
        match line {
            Line::Whole(line) if line.trim_ascii().is_empty() => {
                *counts.skipped.entry("empty line".to_owned()).or_default() += 1;
            }
            line => match read(line) {
                Ok((time_micros, event)) => {
                    sorter.push(Record { time_micros, place, content: event.encode_to_vec().into() })?;
                }
                Err(problem) => counts.unparsable.add(inputs.place(place), problem),
            },
        }
        Ok(())
    })?;
    Ok(Prepared {
        import_id: identity::import_id("events", project, include_bots, contents),
        content: Content::Lines(counts),
        expected_events: sorter.count(),
        events: Box::new(move |batches| send_sorted(sorter, batches)),
    })
}

fn send_sorted(sorter: Sorter, batches: &mut Batches) -> Result<(), ImportError> {
    sorter.for_each(|record| {
        let event = v1::Event::decode(&*record.content).expect("it was encoded by this process");
        batches.push(event, Some(record.place))
    })
}

/// Reads an event and its time in microseconds. The server checks the rest, and names the field of what it rejects.
fn read(line: Line<'_>) -> Result<(i64, v1::Event), String> {
    let Line::Whole(line) = line else {
        return Err(format!("is longer than {MAX_LINE_BYTES} bytes"));
    };
    let json = &mut serde_json::Deserializer::from_slice(line);
    let event: v1::Event = serde_path_to_error::deserialize(&mut *json).map_err(told)?;
    json.end().map_err(|error| error.to_string())?;
    if event.encoded_len() > MAX_EVENT_BYTES {
        return Err(format!("the event is larger than {MAX_EVENT_BYTES} bytes"));
    }
    let time_micros = event.occurred_at.as_ref().and_then(micros_of).ok_or("occurred_at: is missing or no instant")?;
    Ok((time_micros, event))
}

/// The field and what is wrong with it.
fn told(error: serde_path_to_error::Error<serde_json::Error>) -> String {
    let field = error.path().to_string();
    let problem = error.inner();
    if field == "." { problem.to_string() } else { format!("{field}: {problem}") }
}

fn micros_of(time: &pbjson_types::Timestamp) -> Option<i64> {
    time.seconds.checked_mul(1_000_000)?.checked_add(i64::from(time.nanos) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(line: &str) -> Result<(i64, v1::Event), String> {
        read(Line::Whole(line.as_bytes()))
    }

    #[test]
    fn an_event_is_read_by_either_spelling() {
        let camel = r#"{"eventId":"0190163d-8694-739b-aea5-966c26f8ad91","occurredAt":"2024-06-14T11:30:00.000001+02:00","kind":"EVENT_KIND_VIEW","url":"/pricing"}"#;
        let snake = r#"{"event_id":"0190163d-8694-739b-aea5-966c26f8ad91","occurred_at":"2024-06-14T09:30:00.000001Z","kind":1,"url":"/pricing"}"#;
        let (time_micros, event) = read_text(camel).unwrap();
        assert_eq!(time_micros, 1_718_357_400_000_001);
        assert_eq!((event.url.as_str(), event.kind()), ("/pricing", v1::EventKind::View));
        assert_eq!(read_text(snake).unwrap(), (time_micros, event));
    }

    #[test]
    fn what_is_no_event_is_told_with_its_field() {
        for (line, words) in [
            ("{", "EOF"),
            ("[]", "Event"),
            ("{} {}", "trailing"),
            ("{}", "occurred_at"),
            (r#"{"eventId":5}"#, "eventId: invalid type"),
            (r#"{"occurredAt":"yesterday"}"#, "occurredAt: "),
            (r#"{"kind":"EVENT_KIND_LOOK"}"#, "kind: "),
            (r#"{"uri":"/"}"#, "unknown field `uri`"),
            (r#"{"client":{"ip":"192.0.2.1"}}"#, "client.ip: unknown field `ip`"),
            (r#"{"properties":{"plan":"pro"}}"#, "properties.plan: "),
            (r#"{"value":{"amountMicros":"1.5"}}"#, "value.amountMicros: "),
            (r#"{"screenWidthPx":-1}"#, "screenWidthPx: "),
        ] {
            let problem = read_text(line).unwrap_err();
            assert!(problem.contains(words), "{line}: {problem}");
        }
        let long = Line::TooLong;
        assert!(read(long).unwrap_err().contains("longer than"));
        let large = format!(r#"{{"occurredAt":"2024-06-14T09:30:00Z","url":"{}"}}"#, "x".repeat(MAX_EVENT_BYTES));
        assert!(read_text(&large).unwrap_err().contains("larger than"));
    }
}
