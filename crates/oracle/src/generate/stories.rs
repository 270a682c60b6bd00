//! Visits that hit each rule on its edge. Every story has visitors of its own, and is told anew every day.

use super::{
    hit::Hit,
    people::{AGENTS, BOTS},
};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;
const HALF_HOUR_S: i64 = 30 * MINUTE_S;

/// Writes one visitor's requests at times that count from the story's start.
struct Story<'a> {
    hits: &'a mut Vec<Hit>,
    start_s: i64,
    client: String,
    agent: &'static str,
}

impl Story<'_> {
    fn view(&mut self, after_s: i64, path: &str) {
        self.get(after_s, path, 200);
    }

    fn get(&mut self, after_s: i64, path: &str, status: u16) {
        self.request(after_s, &format!("GET {path} HTTP/1.1"), status);
    }

    fn request(&mut self, after_s: i64, request: &str, status: u16) {
        self.hits.push(Hit {
            time_s: self.start_s + after_s,
            client: self.client.clone(),
            agent: self.agent,
            referrer: "-".to_owned(),
            request: request.to_owned(),
            status,
        });
    }
}

/// The stories of one day. Hours count from its first instant, so on a day on which clocks change, those after the
/// change happen an hour off; midnight's are told from the day's start and do not move.
pub(super) fn tell(hits: &mut Vec<Hit>, day_number: usize, day_start_s: i64) {
    let mut next_client = 0;
    let mut story = |start_s: i64, tell: &dyn Fn(&mut Story<'_>)| {
        next_client += 1;
        let client = format!("198.51.{day_number}.{next_client}");
        let agent = AGENTS[next_client % 10];
        tell(&mut Story { hits: &mut *hits, start_s, client, agent });
    };
    let nine_s = day_start_s + 9 * HOUR_S;

    // 29:59 and 30:00 go on, 30:01 does not.
    story(nine_s, &|it| {
        for after_s in [0, 1799, 1799 + 1800, 1799 + 1800 + 1801] {
            it.view(after_s, "/gaps");
        }
    });
    // What is no event keeps no session alive: 40 minutes between the views, with requests in between.
    story(nine_s, &|it| {
        it.view(0, "/skipped/a");
        it.get(20 * MINUTE_S, "/nothing-here", 404);
        it.request(20 * MINUTE_S, "POST /checkout HTTP/1.1", 200);
        it.get(20 * MINUTE_S, "/app.css", 200);
        it.view(40 * MINUTE_S, "/skipped/b");
    });
    // But a download does.
    story(nine_s, &|it| {
        it.view(0, "/kept-alive/a");
        it.get(20 * MINUTE_S, "/files/report.pdf", 206);
        it.view(40 * MINUTE_S, "/kept-alive/b");
    });

    // Over midnight: from 23:50 to 00:20 and, after a pause, another visitor day at 01:00.
    story(day_start_s - 10 * MINUTE_S, &|it| {
        for after_s in [0, 15 * MINUTE_S, HALF_HOUR_S, 70 * MINUTE_S] {
            it.view(after_s, "/midnight");
        }
    });
    // The last second, the first second.
    story(day_start_s - 1, &|it| {
        it.view(0, "/midnight");
        it.view(1, "/midnight");
    });
    // Gaps over midnight that just do and just do not hold the session together.
    for gap_s in [1799, 1800, 1801] {
        story(day_start_s - 900, &|it| {
            it.view(0, "/midnight");
            it.view(gap_s, "/midnight");
        });
    }

    // Longer than 24 h: an event at exactly 24:00:00 begins the next session; one at 23:59:59 does not.
    story(day_start_s + 12 * HOUR_S, &|it| {
        for step in 0..=52 {
            it.view(step * HALF_HOUR_S, "/marathon");
        }
    });
    story(day_start_s + 13 * HOUR_S, &|it| {
        for step in 0..48 {
            it.view(step * HALF_HOUR_S, "/marathon");
        }
        it.view(DAY_S - 1, "/marathon");
        it.view(DAY_S, "/marathon");
        it.view(DAY_S + 60, "/marathon");
    });
    // From five past midnight: on a day of 25 hours the new session still belongs to the same visitor day.
    story(day_start_s + 5 * MINUTE_S, &|it| {
        for step in 0..=51 {
            it.view(step * 1799, "/marathon");
        }
    });

    // Bounces and engagement: nine seconds and ten, one view and two, a download with and without a view.
    story(nine_s, &|it| it.view(0, "/bounce"));
    for download_after_s in [0, 9, 10] {
        story(nine_s, &|it| {
            it.view(0, "/files/");
            it.get(download_after_s, "/files/all.zip", 200);
        });
    }
    story(nine_s, &|it| it.get(0, "/files/all.zip", 200));
    story(nine_s, &|it| {
        it.view(0, "/same-second/a");
        it.view(0, "/same-second/b");
    });
    // Three equal lines are three views.
    story(nine_s, &|it| (0..3).for_each(|_| it.view(5, "/equal-lines")));

    // One network, several visitors: another agent, none at all, and a bot.
    story(nine_s, &|it| {
        for agent in [AGENTS[0], AGENTS[1], "-", BOTS[0], BOTS[2]] {
            it.agent = agent;
            it.view(0, "/shared-network");
        }
    });
    // Several addresses, one visitor: two hosts of a /64, a mapped address. And one that only looks near: the next /64.
    story(nine_s, &|it| {
        for (after_s, host) in [(0, "a::3"), (1700, "a:ffff:1:2:3"), (3400, "a::4"), (3400, "b::3")] {
            it.client = format!("2001:db8:{day_number:x}:{host}");
            it.view(after_s, "/one-network");
        }
    });
    story(nine_s, &|it| {
        let address = it.client.clone();
        it.view(0, "/mapped");
        it.client = format!("::ffff:{address}");
        it.view(1700, "/mapped");
        it.client = format!("::FFFF:{address}");
        it.view(3400, "/mapped");
    });
}

/// A visitor that never rests: all the days long, an event each 25 minutes, so a session each 24 hours.
pub(super) fn tell_restless(hits: &mut Vec<Hit>, start_s: i64, days: u32) {
    let client = "198.51.255.1".to_owned();
    let mut story = Story { hits, start_s: start_s + 6 * HOUR_S, client, agent: AGENTS[3] };
    for step in 0..i64::from(days) * DAY_S / 1500 {
        story.view(step * 1500, "/restless");
    }
}

/// Lines about which importers may differ: see [`super::OddLines::Write`].
pub(super) fn tell_odd(hits: &mut Vec<Hit>, day_number: usize, day_start_s: i64) {
    let client = format!("198.51.{day_number}.200");
    let mut story = Story { hits, start_s: day_start_s + 15 * HOUR_S, client, agent: AGENTS[0] };
    story.request(0, "-", 408);
    story.request(1, r"\x16\x03\x01\x02", 400);
    story.request(2, "GET /no-protocol", 200);
    story.request(3, "GET ?q=empty-path HTTP/1.1", 200);
    story.client = "client.example.net".to_owned();
    story.view(4, "/by-name");
}
