//! The committed record, which every later version must read, and which this version still writes byte for byte.

use analytics_domain::{ProjectId, ports::LogEntry};
use analytics_records::{DecodedEntry, decode, encode};
use analytics_testkit::sample;

const LOG_ENTRY_1: &[u8] = include_bytes!("golden/log_entry_1.binpb");

fn entry() -> LogEntry {
    sample::entry(-7, ProjectId(42), vec![sample::full_event(1), sample::event(2)])
}

#[test]
fn the_committed_record_is_read() {
    let decoded = decode(LOG_ENTRY_1).expect("it is readable for ever");
    assert_eq!(decoded, DecodedEntry { entry: entry(), reply_channel: Some("analytics:log:reply:1".to_owned()) });
}

#[test]
fn the_committed_record_is_what_is_written() {
    assert_eq!(encode(entry(), "analytics:log:reply:1"), LOG_ENTRY_1);
}

#[test]
fn fields_of_a_newer_version_are_ignored() {
    // Field 1000, four bytes long.
    let unknown = [0xc2, 0x3e, 4, 1, 2, 3, 4];
    let mut record = LOG_ENTRY_1.to_vec();
    record.extend(unknown);
    // A third event, which begins with the unknown field: length-delimited field 5 of the entry.
    let only_third = encode(sample::entry(0, ProjectId(0), vec![sample::event(3)]), "");
    let event_start = only_third.iter().position(|&byte| byte == 5 << 3 | 2).expect("it has an event");
    let event = &only_third[event_start + 2..];
    record.extend([5 << 3 | 2, u8::try_from(unknown.len() + event.len()).expect("a small event")]);
    record.extend(unknown);
    record.extend(event);

    let expected = LogEntry { events: [entry().events, vec![sample::event(3)]].concat(), ..entry() };
    assert_eq!(decode(&record).expect("it is readable").entry, expected);
}
