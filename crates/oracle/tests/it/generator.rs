use std::collections::{BTreeMap, BTreeSet};

use analytics_oracle::{Bots, GenSpec, LogClock, LogFormat, OddLines, Rules, count, generate, zone};
use jiff::fmt::strtime;

fn spec(zone_name: &str, start: &str) -> GenSpec {
    GenSpec::of(zone(zone_name).expect("a zone"), start.parse().expect("a date"))
}

fn text(seed: u64, spec: &GenSpec) -> String {
    String::from_utf8_lossy(&generate(seed, spec)).into_owned()
}

/// Time of a line, in seconds; read with another parser than the oracle's.
fn time_of(line: &str) -> Option<i64> {
    let inside = line.split_once('[')?.1.split_once(']')?.0;
    Some(strtime::parse("%d/%b/%Y:%H:%M:%S %z", inside).ok()?.to_timestamp().ok()?.as_second())
}

#[test]
fn the_same_seed_gives_the_same_log() {
    let spec = spec("Europe/Berlin", "2024-10-25");
    let log = generate(1, &spec);
    assert_eq!(log, generate(1, &spec));
    assert_ne!(log, generate(2, &spec));
    assert!(log.len() > 1_000_000, "{} bytes", log.len());
}

#[test]
fn lines_are_out_of_order_but_within_a_minute() {
    let log = text(1, &spec("UTC", "2024-10-25"));
    let times: Vec<i64> = log.lines().filter_map(time_of).collect();
    let mut latest = i64::MIN;
    let mut furthest_back = 0;
    for time in times {
        latest = latest.max(time);
        furthest_back = furthest_back.max(latest - time);
    }
    assert!((50..=60).contains(&furthest_back), "{furthest_back} s");
}

#[test]
fn every_trap_is_in_the_log() {
    for (zone_name, start) in [
        ("UTC", "2024-10-25"),
        ("Europe/Berlin", "2024-10-25"),
        ("Europe/Berlin", "2024-03-29"),
        ("Australia/Lord_Howe", "2024-04-05"),
        ("America/Sao_Paulo", "2018-11-02"),
    ] {
        let spec = spec(zone_name, start);
        let log = text(7, &spec);
        let counted = count(log.as_bytes(), &Rules::of(spec.zone.clone()));
        let lines = &counted.lines;
        assert!(lines.skipped.method > 100 && lines.skipped.status > 100 && lines.skipped.asset > 1000, "{lines:?}");
        assert!(lines.filtered_bots > 100 && lines.downloads > 100 && lines.unparsable.len() > 30, "{lines:?}");

        let mut different = BTreeSet::new();
        let repeated = log.lines().filter(|line| !different.insert(*line)).count();
        assert!(repeated > 50, "{repeated} repeated lines");

        let days = &counted.days;
        assert!(days.len() >= 7, "{} days", days.len());
        // Sessions over midnight make the days' visitors more than the visitors of all.
        let by_day: u64 = days.iter().map(|day| day.measures.visitors).sum();
        assert!(by_day > counted.totals.visitors + 30, "{by_day} and {}", counted.totals.visitors);

        let mut rules = Rules::of(spec.zone.clone());
        rules.bots = Bots::Include;
        assert!(count(log.as_bytes(), &rules).totals.sessions > counted.totals.sessions + 30);
    }
}

#[test]
fn gaps_lie_on_both_sides_of_half_an_hour() {
    // Gaps between views of the same client, of the lines as they are written.
    let log = text(3, &spec("UTC", "2024-10-25"));
    let mut times_of_client: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for line in log.lines() {
        if let (Some(time), Some((client, _))) = (time_of(line), line.split_once(' ')) {
            times_of_client.entry(client).or_default().push(time);
        }
    }
    let mut times_of_gap: BTreeMap<i64, u32> = BTreeMap::new();
    for times in times_of_client.values_mut() {
        times.sort_unstable();
        for pair in times.windows(2) {
            *times_of_gap.entry(pair[1] - pair[0]).or_default() += 1;
        }
    }
    for gap in [0, 1799, 1800, 1801] {
        assert!(times_of_gap[&gap] > 20, "{gap} s: {}", times_of_gap[&gap]);
    }
}

#[test]
fn the_stories_of_one_day_add_up() {
    let mut spec = spec("UTC", "2024-10-25");
    spec.days = 1;
    spec.visitors = 0;
    let totals = count(&generate(1, &spec), &Rules::of(spec.zone.clone())).totals;
    // Sessions, in the order of the stories: gaps 2, skipped 2, kept alive 1; midnight 2 and 1, then 1, 1, 2;
    // marathons 2, 2, 2; bounce 1, downloads with a view 3, without 1, same second 1, equal lines 1; shared network
    // 3 (two bots are left out), one network 2, mapped 1; restless 1 (57 steps of 25 minutes are 23:45).
    assert_eq!(totals.sessions, 5 + 7 + 6 + 7 + 6 + 1);
    // Bounces: the 4th of the gaps, both of the skipped, 01:00 and the last of the gaps over midnight (two sessions
    // of one view), bounce, three of the shared network, the far one of the /64s.
    assert_eq!(totals.bounces, 1 + 2 + 1 + 2 + 1 + 3 + 1);
    // Visitors: as sessions, but for those of one visitor day: gaps 1 less, skipped 1 less.
    assert_eq!(totals.visitors, totals.sessions - 2);
    let views = (4 + 2 + 2) + (4 + 2 + 6) + (53 + 51 + 52) + (1 + 3 + 2 + 3) + (3 + 4 + 3) + 57;
    assert_eq!((totals.views, totals.events), (views, views + 1 + 3 + 1));
}

#[test]
fn the_offset_of_the_log_changes_no_number() {
    let mut spec = spec("Europe/Berlin", "2024-10-25");
    let rules = Rules::of(spec.zone.clone());
    let in_utc = generate(5, &spec);
    spec.clock = LogClock::Zone(spec.zone.clone());
    let in_local_time = generate(5, &spec);
    spec.clock = LogClock::FixedMinutes(-210);
    let in_st_johns = generate(5, &spec);

    assert!(in_local_time.windows(5).any(|bytes| bytes == b"+0200"));
    assert!(in_local_time.windows(5).any(|bytes| bytes == b"+0100"));
    assert!(in_st_johns.windows(5).any(|bytes| bytes == b"-0330"));
    let expected = count(&in_utc, &rules);
    assert_eq!(expected, count(&in_local_time, &rules));
    assert_eq!(expected, count(&in_st_johns, &rules));
}

#[test]
fn formats_and_odd_lines() {
    let mut spec = spec("UTC", "2024-10-25");
    let rules = Rules::of(spec.zone.clone());
    let combined = count(&generate(9, &spec), &rules);
    assert_eq!(combined.totals.events_without_visitor, 0);

    spec.format = LogFormat::Common;
    let common = count(&generate(9, &spec), &rules);
    assert_eq!(common.lines.filtered_bots, 0);
    assert!(common.totals.visitors < combined.totals.visitors);

    spec.format = LogFormat::Mixed;
    let mixed = count(&generate(9, &spec), &rules);
    assert!(mixed.lines.filtered_bots > 0 && mixed.totals.visitors > combined.totals.visitors);

    spec.format = LogFormat::Combined;
    spec.odd_lines = OddLines::Write;
    let odd = count(&generate(9, &spec), &rules);
    assert_eq!(odd.totals.events_without_visitor, 6);
}
