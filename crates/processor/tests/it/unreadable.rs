//! Records of the log that cannot be read.

use analytics_domain::{
    Clock, DurationMs, Micros, ProjectId,
    ports::{EventOutcome, Receipt},
};
use analytics_testkit::sample;

use crate::roads::{Road, quick, until};

/// Field 1 of a record is the number of its format.
const NEWER: &[u8] = &[0x08, 99, 0x7a, 3, b'n', b'e', b'w'];

#[tokio::test]
async fn a_damaged_record_goes_into_quarantine_byte_for_byte() {
    let road = Road::services(quick()).await;
    let whole = analytics_records::encode(sample::entry(1, ProjectId(1), sample::events(0..3)), "");
    let cut = &whole[..whole.len() - 5];
    road.add_to_stream(&[("n", b"3"), ("b", cut)]);
    road.add_to_stream(&[("other", b"thing")]);
    road.add_to_stream(&[("n", b"1"), ("b", b"\0no record\xff")]);
    let entry = sample::entry(2, ProjectId(1), sample::events(0..3));
    assert_eq!(road.append(entry).await, Receipt::Committed(vec![EventOutcome::Stored; 3]));
    until("an empty log", async || road.entries_in_log() == 0).await;
    let quarantined = road.quarantined().await;
    let mut records: Vec<&[u8]> = quarantined.iter().map(|item| item.record.as_slice()).collect();
    records.sort_unstable();
    assert_eq!(records, [b"".as_slice(), b"\0no record\xff", cut]);
    for item in &quarantined {
        assert_eq!((item.project, item.event_id), (None, None));
        assert!(item.reason.contains("record"), "{}", item.reason);
    }
    road.stop().await;
}

#[tokio::test]
async fn a_record_of_a_newer_version_waits_a_day_for_a_processor_that_reads_it() {
    let options = quick();
    let road = Road::services(options).await;
    road.add_to_stream(&[("n", b"3"), ("b", NEWER)]);
    // Others are stored many times as long as a damaged record waits.
    for id in 0..40 {
        let entry = sample::entry(id, ProjectId(1), sample::events([id as u32]));
        assert_eq!(road.append(entry).await, Receipt::Committed(vec![EventOutcome::Stored]));
    }
    let pass = |time: DurationMs| road.clock.set(Micros(road.clock.now().0 + time.0 * 1000));
    pass(DurationMs(options.newer_record_patience.0 - 60_000));
    for id in 40..80 {
        let entry = sample::entry(id, ProjectId(1), sample::events([id as u32]));
        assert_eq!(road.append(entry).await, Receipt::Committed(vec![EventOutcome::Stored]));
    }
    assert_eq!((road.entries_in_log(), road.quarantined().await.len()), (1, 0));
    pass(DurationMs(120_000));
    until("an empty log", async || road.entries_in_log() == 0).await;
    let quarantined = road.quarantined().await;
    assert_eq!(quarantined.iter().map(|item| item.record.as_slice()).collect::<Vec<_>>(), [NEWER]);
    assert!(quarantined[0].reason.contains("format 99"), "{}", quarantined[0].reason);
    road.stop().await;
}

#[tokio::test]
async fn a_damaged_record_stays_in_the_log_while_the_quarantine_cannot_be_written() {
    let road = Road::services(quick()).await;
    road.meddle("", "ALTER TABLE quarantine RENAME TO away").await;
    road.add_to_stream(&[("n", b"1"), ("b", b"no record")]);
    for id in 0..20 {
        let entry = sample::entry(id, ProjectId(1), sample::events([id as u32]));
        assert_eq!(road.append(entry).await, Receipt::Committed(vec![EventOutcome::Stored]));
    }
    assert_eq!(road.entries_in_log(), 1);
    road.meddle("", "ALTER TABLE away RENAME TO quarantine").await;
    until("an empty log", async || road.entries_in_log() == 0).await;
    assert_eq!(road.quarantined().await.len(), 1);
    road.stop().await;
}
