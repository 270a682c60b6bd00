use analytics_oracle::{Rules, count, zone};

use crate::{CHROME, count_in, line, view};

/// A view of one visitor, `seconds` after 17 May 2015, 00:00:00 UTC.
fn after(seconds: u32) -> String {
    let (day, rest) = (17 + seconds / 86_400, seconds % 86_400);
    let at = format!("{day}/May/2015:{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    line("10.0.0.1", &at, "GET / HTTP/1.1", 200, CHROME)
}

#[test]
fn a_gap_of_half_an_hour_goes_on_and_a_second_more_does_not() {
    for (gap, sessions) in [("10:29:59", 1), ("10:30:00", 1), ("10:30:01", 2)] {
        let log = view("10.0.0.1", "10:00:00", "/a") + &view("10.0.0.1", gap, "/b");
        assert_eq!(count_in("UTC", &log).totals.sessions, sessions, "{gap}");
    }
    // Counted from the last event, not from the first; and in order of time, not of lines.
    // 10:00:00, 10:29:59, 10:59:59 | 11:30:00: durations 3599 s and 0.
    let log = ["11:30:00", "10:59:59", "10:00:00", "10:29:59"].map(|time| view("10.0.0.1", time, "/a")).concat();
    let totals = count_in("UTC", &log).totals;
    assert_eq!((totals.sessions, totals.bounces, totals.engaged_sessions), (2, 1, 1));
    assert_eq!(totals.session_duration_sum_ms, 3_599_000);
    assert_eq!(totals.session_duration_mean_ms, Some(1_799_500.0));
    assert_eq!((totals.bounce_rate, totals.views_per_session), (Some(0.5), Some(2.0)));
}

#[test]
fn a_session_over_midnight_is_one_visitor_of_both_days() {
    // 23:50, 00:20: one session, one visitor day. 01:00: after 40 minutes a session of the second day.
    let log = [after(23 * 3600 + 50 * 60), after(24 * 3600 + 20 * 60), after(25 * 3600)];
    let first_two = count_in("UTC", &log[..2].concat());
    assert_eq!(first_two.totals.visitors, 1);
    let by_day: Vec<_> = first_two.days.iter().map(|day| (day.measures.visitors, day.measures.sessions)).collect();
    assert_eq!(by_day, [(1, 1), (1, 0)]);

    // The second day now has two: (17 May, visitor) and (18 May, visitor).
    let all = count_in("UTC", &log.concat());
    assert_eq!((all.totals.visitors, all.totals.sessions), (2, 2));
    let by_day: Vec<_> = all.days.iter().map(|day| (day.measures.visitors, day.measures.sessions)).collect();
    assert_eq!(by_day, [(1, 1), (2, 1)]);

    // Asked for the second day only: the events of it, and the session that began in it. The first session's is not
    // clipped into it, and the visitor day of 00:20 is still 17 May.
    let mut rules = Rules::of(zone("UTC").unwrap());
    rules.range = Some(("2015-05-18".parse().unwrap(), "2015-05-20".parse().unwrap()));
    let second = count(log.concat().as_bytes(), &rules);
    assert_eq!((second.totals.events, second.totals.visitors, second.totals.sessions), (2, 2, 1));
    assert_eq!(second.days.iter().map(|day| day.measures.events).collect::<Vec<_>>(), [2, 0]);
}

#[test]
fn a_session_ends_at_24_hours() {
    // Every half hour from noon. Step 47 is 23:30:00 after the start; step 48, 24:00:00 after it, opens the second.
    let noon = 12 * 3600;
    let until_step = |last: u32| (0..=last).map(|step| after(noon + step * 1800)).collect::<String>();
    assert_eq!(count_in("UTC", &until_step(47)).totals.sessions, 1);
    let split = count_in("UTC", &until_step(50)).totals;
    // First: 48 views, 84,600 s. Second: steps 48, 49, 50, 3,600 s. Visitor days 17 and 18 May.
    assert_eq!((split.sessions, split.visitors), (2, 2));
    assert_eq!(split.session_duration_sum_ms, 88_200_000);

    // 23:59:59 still belongs to the first.
    let log = until_step(47) + &after(noon + 86_399);
    assert_eq!(count_in("UTC", &log).totals.session_duration_sum_ms, 86_399_000);
    let log = log + &after(noon + 86_400);
    assert_eq!(count_in("UTC", &log).totals.sessions, 2);
}

#[test]
fn what_is_no_event_keeps_no_session_alive() {
    let between = |request: &str, status| line("10.0.0.1", "17/May/2015:10:20:00", request, status, CHROME);
    let ends = view("10.0.0.1", "10:00:00", "/a") + &view("10.0.0.1", "10:40:00", "/b");
    for (request, status, sessions) in [
        ("GET /a HTTP/1.1", 404, 2),
        ("POST /a HTTP/1.1", 200, 2),
        ("GET /a.css HTTP/1.1", 200, 2),
        ("GET /a.pdf HTTP/1.1", 200, 1),
        ("GET /a HTTP/1.1", 200, 1),
    ] {
        let log = ends.clone() + &between(request, status);
        assert_eq!(count_in("UTC", &log).totals.sessions, sessions, "{request} {status}");
    }
}

#[test]
fn bounces_and_engagement() {
    let log = [
        view("10.0.0.1", "10:00:00", "/a"), // one view: bounce
        view("10.0.0.2", "10:00:00", "/a"), // a view and a download in the same second: neither bounce nor engaged
        view("10.0.0.2", "10:00:00", "/a.zip"),
        view("10.0.0.3", "10:00:00", "/a.zip"), // no view: no bounce, not engaged, in the denominator
        view("10.0.0.4", "10:00:00", "/a"),     // two views in one second: engaged
        view("10.0.0.4", "10:00:00", "/b"),
        view("10.0.0.5", "10:00:00", "/a"), // 9 s: not yet
        view("10.0.0.5", "10:00:09", "/a.zip"),
        view("10.0.0.6", "10:00:00", "/a"), // 10 s: engaged
        view("10.0.0.6", "10:00:10", "/a.zip"),
    ]
    .concat();
    let totals = count_in("UTC", &log).totals;
    assert_eq!((totals.sessions, totals.bounces, totals.engaged_sessions), (6, 1, 2));
    assert_eq!((totals.events, totals.views, totals.session_views), (10, 6, 6));
    assert_eq!(totals.session_duration_mean_ms, Some(19_000.0 / 6.0));
}
