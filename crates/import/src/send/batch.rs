//! Batches within the limits of `Track`.

use analytics_proto::v1;
use prost::Message as _;
use tokio::sync::mpsc;

use crate::{ImportError, input::Place};

/// The contract's limit.
const MAX_EVENTS: usize = 1000;
/// Servers take messages up to 1 MiB; the rest is room for the envelope.
const MAX_BYTES: usize = 900 * 1024;
/// A larger event fits in no batch. Valid ones are far smaller.
pub(crate) const MAX_EVENT_BYTES: usize = MAX_BYTES / 2;
/// Tag and length of an event within its batch.
const FRAME_BYTES: usize = 6;

/// An event and where it was read; none for one that was made up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) event: v1::Event,
    pub(crate) place: Option<Place>,
}

/// Puts events into batches and hands those over while the one before is being stored.
pub(crate) struct Batches {
    sender: mpsc::Sender<Vec<Outgoing>>,
    batch: Vec<Outgoing>,
    bytes: usize,
}

impl Batches {
    pub(super) fn new(sender: mpsc::Sender<Vec<Outgoing>>) -> Self {
        Self { sender, batch: Vec::with_capacity(MAX_EVENTS), bytes: 0 }
    }

    /// Adds the next event in order of time.
    pub(crate) fn push(&mut self, event: v1::Event, place: Option<Place>) -> Result<(), ImportError> {
        let bytes = event.encoded_len() + FRAME_BYTES;
        if self.batch.len() == MAX_EVENTS || self.bytes + bytes > MAX_BYTES {
            self.flush()?;
        }
        self.bytes += bytes;
        self.batch.push(Outgoing { event, place });
        Ok(())
    }

    /// Hands over what is left.
    pub(super) fn flush(&mut self) -> Result<(), ImportError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(MAX_EVENTS));
        self.sender.blocking_send(batch).map_err(|_| ImportError::Stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches_of(events: Vec<v1::Event>) -> Vec<Vec<Outgoing>> {
        let (sender, mut receiver) = mpsc::channel(100);
        let mut batches = Batches::new(sender);
        for event in events {
            batches.push(event, None).unwrap();
        }
        batches.flush().unwrap();
        drop(batches);
        std::iter::from_fn(|| receiver.blocking_recv()).collect()
    }

    #[test]
    fn a_batch_holds_a_thousand_events() {
        let batches = batches_of(vec![v1::Event::default(); 2001]);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [1000, 1000, 1]);
    }

    #[test]
    fn a_batch_of_large_events_stays_below_the_limit_of_a_message() {
        let large = v1::Event { url: "x".repeat(40_000), ..v1::Event::default() };
        let batches = batches_of(vec![large; 50]);
        assert_eq!(batches.iter().map(Vec::len).sum::<usize>(), 50);
        assert!(batches.len() > 2, "{}", batches.len());
        for batch in batches {
            let events = batch.into_iter().map(|outgoing| outgoing.event).collect();
            let request = v1::TrackRequest { events, ..v1::TrackRequest::default() };
            assert!(request.encoded_len() <= MAX_BYTES, "{}", request.encoded_len());
        }
    }

    #[test]
    fn the_reader_stops_when_the_sender_has_failed() {
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        let mut batches = Batches::new(sender);
        batches.push(v1::Event::default(), None).unwrap();
        assert!(matches!(batches.flush(), Err(ImportError::Stopped)));
    }
}
