use analytics_oracle::{Count, Rules, count, zone};

use crate::{CHROME, count_in, line};

fn utc(at: &str) -> String {
    line("10.0.0.1", at, "GET / HTTP/1.1", 200, CHROME)
}

fn days(counted: &Count) -> Vec<(&str, &str, u64)> {
    counted.days.iter().map(|day| (day.date.as_str(), day.start.as_str(), day.seconds / 3600)).collect()
}

fn empty_days(zone_name: &str, from: &str, to: &str) -> Count {
    let mut rules = Rules::of(zone(zone_name).expect("a zone"));
    rules.range = Some((from.parse().expect("a date"), to.parse().expect("a date")));
    count(b"", &rules)
}

#[test]
fn days_are_those_of_the_zone() {
    // 27 October 2024 in Berlin: from 22:00 UTC (+2) to 23:00 UTC of the next evening (+1), 25 hours.
    let berlin = empty_days("Europe/Berlin", "2024-10-26", "2024-10-29");
    assert_eq!(
        days(&berlin),
        [
            ("2024-10-26", "2024-10-25T22:00:00Z", 24),
            ("2024-10-27", "2024-10-26T22:00:00Z", 25),
            ("2024-10-28", "2024-10-27T23:00:00Z", 24),
        ]
    );
    assert_eq!(empty_days("Europe/Berlin", "2024-03-31", "2024-04-01").days[0].seconds, 23 * 3600);
    // Lord Howe moves by half an hour.
    assert_eq!(empty_days("Australia/Lord_Howe", "2024-04-07", "2024-04-08").days[0].seconds, 24 * 3600 + 1800);
    assert_eq!(empty_days("Australia/Lord_Howe", "2024-10-06", "2024-10-07").days[0].seconds, 24 * 3600 - 1800);
    // Sao Paulo had no midnight on 4 November 2018: the day begins at 01:00 local (-2), 03:00 UTC.
    let sao_paulo = empty_days("America/Sao_Paulo", "2018-11-03", "2018-11-05");
    assert_eq!(
        days(&sao_paulo),
        [("2018-11-03", "2018-11-03T03:00:00Z", 24), ("2018-11-04", "2018-11-04T03:00:00Z", 23)]
    );
    // St John's went from 00:01 back to 23:01 the day before: the earlier midnight counts, 02:30 UTC.
    let st_johns = empty_days("America/St_Johns", "2009-10-31", "2009-11-02");
    assert_eq!(
        days(&st_johns),
        [("2009-10-31", "2009-10-31T02:30:00Z", 24), ("2009-11-01", "2009-11-01T02:30:00Z", 25)]
    );
    // Apia had no 30 December 2011.
    let apia: Vec<_> =
        empty_days("Pacific/Apia", "2011-12-29", "2012-01-01").days.into_iter().map(|day| day.date).collect();
    assert_eq!(apia, ["2011-12-29", "2011-12-31"]);
}

#[test]
fn the_same_log_in_two_zones() {
    // In UTC both sessions are of 26 October, so one visitor. In Berlin the second, at 00:30 local, is of the 27th.
    let log = utc("26/Oct/2024:20:00:00") + &utc("26/Oct/2024:22:30:00");
    let (in_utc, in_berlin) = (count_in("UTC", &log), count_in("Europe/Berlin", &log));
    assert_eq!((in_utc.totals.visitors, in_utc.totals.sessions, in_utc.days.len()), (1, 2, 1));
    assert_eq!((in_berlin.totals.visitors, in_berlin.totals.sessions, in_berlin.days.len()), (2, 2, 2));
}

#[test]
fn the_24_hours_end_inside_a_day_of_25() {
    // Berlin, 27 October 2024, from 00:10 (22:10 UTC) to 23:40 local (22:40 UTC): 49 steps of half an hour, 24.5 h.
    // The event 24 h after the start opens a second session; that one begins on the 27th too, so one visitor day.
    let mut log = String::new();
    for step in 0..=49 {
        let minutes = 22 * 60 + 10 + step * 30;
        let (day, rest) = (26 + minutes / 1440, minutes % 1440);
        log += &utc(&format!("{day}/Oct/2024:{:02}:{:02}:00", rest / 60, rest % 60));
    }
    let berlin = count_in("Europe/Berlin", &log);
    assert_eq!((berlin.totals.sessions, berlin.totals.visitors, berlin.days.len()), (2, 1, 1));
    // In UTC the second session begins on the 27th, the first on the 26th.
    assert_eq!(count_in("UTC", &log).totals.visitors, 2);
}
