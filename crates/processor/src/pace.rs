//! When the next commit begins: at once, or a moment later with more in it.
//!
//! A transaction costs the store as much as some hundred rows do, so a commit for each entry that comes makes it work several times as
//! much as it must. What nobody waits for may wait a moment itself, while more is likely to come.

use std::time::Duration;

use analytics_domain::ports::{Awaited, Delivery};
use tokio::time::Instant;

/// A commit of so many events is worth its transaction.
const FULL_EVENTS: usize = 1_000;

/// Keeps small commits apart from each other.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    last: Option<Instant>,
}

impl Pace {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, last: None }
    }

    /// Until when more should be waited for before these are stored. None when somebody waits for one of them, when they are many, or
    /// when nothing was stored lately: a lone entry is not held up.
    pub(crate) fn wait_until(&self, deliveries: &[Delivery], now: Instant) -> Option<Instant> {
        let due = self.last? + self.interval;
        let events: usize = deliveries.iter().map(|delivery| delivery.entry.events.len()).sum();
        let is_awaited = deliveries.iter().any(|delivery| delivery.awaited == Awaited::ByAppender);
        (due > now && events < FULL_EVENTS && !is_awaited).then_some(due)
    }

    /// A commit begins.
    pub(crate) fn began(&mut self, now: Instant) {
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use analytics_domain::ProjectId;
    use analytics_testkit::sample;

    use super::*;

    const INTERVAL: Duration = Duration::from_millis(10);

    fn delivery(awaited: Awaited, events: u32) -> Delivery {
        let entry = sample::entry(1, ProjectId(1), sample::events(0..events));
        Delivery { token: 0, redeliveries: 0, entry, awaited }
    }

    #[test]
    fn only_what_nobody_waits_for_waits_and_only_while_more_is_likely_to_come() {
        let start = Instant::now();
        let mut pace = Pace::new(INTERVAL);
        let unawaited = || delivery(Awaited::ByNobody, 1);
        assert_eq!(pace.wait_until(&[unawaited()], start), None, "the first entry");
        pace.began(start);
        let soon = start + INTERVAL / 2;
        assert_eq!(pace.wait_until(&[unawaited()], soon), Some(start + INTERVAL));
        assert_eq!(pace.wait_until(&[unawaited(), delivery(Awaited::ByAppender, 1)], soon), None, "somebody waits");
        assert_eq!(pace.wait_until(&[unawaited(), delivery(Awaited::ByNobody, 999)], soon), None, "they are many");
        assert!(pace.wait_until(&[unawaited(), delivery(Awaited::ByNobody, 998)], soon).is_some());
        assert_eq!(pace.wait_until(&[unawaited()], start + INTERVAL), None, "nothing was stored lately");
    }
}
