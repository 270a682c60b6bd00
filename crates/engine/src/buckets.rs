use analytics_domain::{Millis, calendar::Bucket};
use analytics_segment::{BLOCK_ROWS, Times};

use crate::block::Block;

const MINUTE_MS: u64 = 60_000;

/// The buckets that the times of one day touch.
pub(crate) struct DayBuckets {
    /// The place of the first of them among all.
    first: usize,
    /// Milliseconds from the first one's start to the day's earliest time; negative when that lies before every bucket.
    lead_ms: i64,
    /// The starts of the others, in milliseconds from the first one's.
    later_starts_ms: Vec<i64>,
    /// The bucket of each minute from the first one's start, where every bucket begins at a full minute from there.
    by_minute: Option<Vec<u32>>,
}

impl DayBuckets {
    /// `buckets` ascend without gaps.
    pub(crate) fn new(buckets: &[Bucket], times: &Times) -> Self {
        let earliest = times.earliest();
        let latest = Millis(earliest.0 + i64::from(times.latest_offset_ms()));
        let first =
            buckets.partition_point(|bucket| bucket.interval.end <= earliest).min(buckets.len().saturating_sub(1));
        let touched = &buckets[first.min(buckets.len())..];
        let touched = &touched[..touched.partition_point(|bucket| bucket.interval.start <= latest)];
        let origin = touched.first().map_or(earliest, |bucket| bucket.interval.start);
        let later_starts_ms: Vec<i64> =
            touched.iter().skip(1).map(|bucket| bucket.interval.start.since(origin).0).collect();
        let lead_ms = earliest.since(origin).0;
        let on_minutes = later_starts_ms.iter().all(|start_ms| start_ms % MINUTE_MS as i64 == 0);
        let by_minute = (on_minutes && !later_starts_ms.is_empty()).then(|| {
            let minutes = latest.since(origin).0 as u64 / MINUTE_MS + 1;
            let mut bucket = 0;
            let of_minute = |minute: u64| {
                while later_starts_ms.get(bucket).is_some_and(|start_ms| *start_ms as u64 <= minute * MINUTE_MS) {
                    bucket += 1;
                }
                bucket as u32
            };
            (0..minutes).map(of_minute).collect()
        });
        Self { first, lead_ms, later_starts_ms, by_minute }
    }

    /// The place of the day's first bucket among all.
    pub(crate) fn first(&self) -> usize {
        self.first
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.later_starts_ms.len() + 1
    }

    /// The bucket of an instant of the day. An instant outside of all buckets is given some bucket.
    pub(crate) fn of(&self, offset_ms: u32) -> u32 {
        let since_origin_ms = self.lead_ms + i64::from(offset_ms);
        self.later_starts_ms.partition_point(|start_ms| *start_ms <= since_origin_ms) as u32
    }

    /// Writes the bucket of each row of the block.
    pub(crate) fn unpack(&self, offsets_ms: &[u32], block: &Block<'_>, out: &mut [u32; BLOCK_ROWS]) {
        let offsets_ms = &offsets_ms[block.first_row..block.first_row + block.rows];
        let rows = out.iter_mut().zip(offsets_ms);
        match (&self.by_minute, u64::try_from(self.lead_ms)) {
            (Some(by_minute), Ok(lead_ms)) => {
                rows.for_each(|(out, offset_ms)| {
                    *out = by_minute[((lead_ms + u64::from(*offset_ms)) / MINUTE_MS) as usize];
                });
            }
            _ => rows.for_each(|(out, offset_ms)| *out = self.of(*offset_ms)),
        }
    }
}

#[cfg(test)]
mod tests {
    use analytics_domain::Interval;
    use analytics_segment::{Builder, Column, names};

    use super::*;
    use crate::test_events::event_at;

    fn times(instants_ms: &[i64]) -> Times {
        let mut builder = Builder::new();
        instants_ms.iter().for_each(|time_ms| builder.push(&event_at(*time_ms)));
        match builder.build().expect("a small day").column(names::TIME) {
            Some(Column::Times(times)) => times,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_table_of_minutes_and_the_search_agree() {
        let times = times(&[1_000_000, 1_059_999, 1_060_000, 5_000_000]);
        for unit_ms in [60_000, 60_001, 1_000, 3_600_000] {
            let bucket = |index: i64| Bucket {
                interval: Interval { start: Millis(index * unit_ms), end: Millis((index + 1) * unit_ms) },
                utc_offset_seconds: 0,
            };
            let buckets: Vec<Bucket> = (0..6_000).map(bucket).collect();
            let day = DayBuckets::new(&buckets, &times);
            for offset_ms in times.offsets_ms() {
                let expected = (1_000_000 + i64::from(*offset_ms)) / unit_ms;
                assert_eq!((day.first() + day.of(*offset_ms) as usize) as i64, expected);
                if let Some(by_minute) = &day.by_minute {
                    let minute = (day.lead_ms as u64 + u64::from(*offset_ms)) / MINUTE_MS;
                    assert_eq!(by_minute[minute as usize], day.of(*offset_ms));
                }
            }
            assert_eq!(day.by_minute.is_some(), unit_ms % 60_000 == 0);
        }
    }
}
