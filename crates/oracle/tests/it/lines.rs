use analytics_oracle::{Bots, PageMetric, Rules, Scope, Skipped, count, zone};

use crate::{CHROME, count_in, line, view};

const GOOGLE: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const AT: &str = "17/May/2015:10:00:00";

fn get(target: &str, status: u16) -> String {
    line("10.0.0.1", AT, &format!("GET {target} HTTP/1.1"), status, CHROME)
}

#[test]
fn the_first_reason_that_fits_takes_the_line() {
    let log = [
        line("10.0.0.1", AT, "HEAD /a HTTP/1.1", 404, CHROME), // method, though the status is wrong too
        line("10.0.0.1", AT, "POST /a.css HTTP/1.1", 200, GOOGLE), // method
        get("/a.css", 404),                                    // status
        get("/a", 301),                                        // status
        get("/a", 199),                                        // status
        get("/a", 300),                                        // status
        get("/a.pdf", 500),                                    // status, for a download as for a view
        line("10.0.0.1", AT, "GET /a.css HTTP/1.1", 200, GOOGLE), // asset, though a bot fetched it
        get("/A.JPG?v=1", 200),                                // asset: case and query do not matter
        line("10.0.0.1", AT, "GET /a HTTP/1.1", 200, GOOGLE),  // bot
        line("10.0.0.1", AT, "GET /a.pdf HTTP/1.1", 200, GOOGLE), // bot
        get("/a.PDF", 206),                                    // download
        get("/a.tar.gz?x=.css", 200),                          // download
        get("/a", 200),                                        // views from here on
        get("/a", 299),
        get("/a", 304),
        get("/a?next=/b.css", 200),
        get("/css", 200),
        get("/a.css/", 200),
        get("/a.pdf.html", 200),
    ]
    .concat();

    let counted = count_in("UTC", &log);
    assert_eq!(counted.lines.read, 20);
    assert_eq!(counted.lines.skipped, Skipped { method: 2, status: 5, asset: 2 });
    assert_eq!(counted.lines.filtered_bots, 2);
    assert_eq!((counted.lines.downloads, counted.lines.views), (2, 7));
    assert!(counted.lines.unparsable.is_empty());
    assert_eq!((counted.totals.events, counted.totals.views), (9, 7));

    let mut rules = Rules::of(zone("UTC").unwrap());
    rules.bots = Bots::Include;
    let with_bots = count(log.as_bytes(), &rules);
    assert_eq!(with_bots.lines.filtered_bots, 0);
    assert_eq!((with_bots.lines.downloads, with_bots.lines.views), (3, 8));
    // The bot is another agent on the same network.
    assert_eq!((counted.totals.visitors, with_bots.totals.visitors), (1, 2));
}

#[test]
fn lines_that_cannot_be_read_are_told_by_number() {
    let good = view("10.0.0.1", "10:00:00", "/a");
    let log = [
        good.as_str(),
        "\n",                                                                                // 2
        "garbage\n",                                                                         // 3
        "10.0.0.1 - - [31/Feb/2015:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n",              // 4
        "10.0.0.1 - - [17/May/2015:24:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n",              // 5
        "10.0.0.1 - - [17/Mai/2015:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n",              // 6
        "10.0.0.1 - - [17/May/2015:10:00:00 +0000] \"-\" 408 -\n",                           // 7
        "10.0.0.1 - - [17/May/2015:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"open\n", // 8
        "10.0.0.1 - - [17/May/2015:10:00:00 +0000] \"GET / HTTP/1.1\" 200 -\n",              // 9: common format, good
        good.trim_end(), // 10: no newline at the end, good
    ]
    .concat();

    let counted = count_in("UTC", &log);
    assert_eq!(counted.lines.unparsable, [2, 3, 4, 5, 6, 7, 8]);
    assert_eq!((counted.lines.read, counted.lines.views), (10, 3));
    // Lines 1 and 10 are one visitor; line 9 has no agent and so is another.
    assert_eq!(counted.totals.visitors, 2);
    assert_eq!(count_in("UTC", "").lines.read, 0);
}

#[test]
fn equal_lines_are_separate_events() {
    let counted = count_in("UTC", &view("10.0.0.1", "10:00:00", "/a").repeat(3));
    assert_eq!((counted.totals.events, counted.totals.sessions, counted.totals.visitors), (3, 1, 1));
    // Three views: no bounce, and engaged without lasting.
    assert_eq!((counted.totals.bounces, counted.totals.engaged_sessions), (0, 1));
    assert_eq!(counted.top_pages(1, PageMetric::Views, Scope::AllEvents).rows[0].views, 3);
}

#[test]
fn a_visitor_is_a_network_and_an_agent() {
    let agents = |client: &str, agent: &str| line(client, AT, "GET / HTTP/1.1", 200, agent);
    let log = [
        // One visitor: a network of 64 bits, however written.
        agents("2001:db8:1:2::1", CHROME),
        agents("2001:db8:1:2:ffff:ffff:ffff:ffff", CHROME),
        agents("2001:0DB8:0001:0002:0:0:0:1", CHROME),
        // The next one is the next.
        agents("2001:db8:1:3::1", CHROME),
        // One visitor: a mapped address is the IPv4 address.
        agents("10.0.0.1", CHROME),
        agents("::ffff:10.0.0.1", CHROME),
        agents("::FFFF:a00:1", CHROME),
        // Another address, another agent, no agent (one visitor, whichever way the log says it).
        agents("10.0.0.2", CHROME),
        agents("10.0.0.1", "Firefox"),
        agents("10.0.0.1", "-"),
        agents("10.0.0.1", ""),
        // No address, no visitor.
        agents("host.example.net", CHROME),
    ]
    .concat();

    let counted = count_in("UTC", &log);
    assert_eq!(counted.totals.events, 12);
    assert_eq!((counted.totals.visitors, counted.totals.sessions), (6, 6));
    assert_eq!(counted.totals.events_without_visitor, 1);
}

#[test]
fn the_offset_of_a_line_decides_its_time() {
    // Both are 08:00:00 in UTC, and the last is a second later.
    let log = "10.0.0.1 - - [17/May/2015:10:00:00 +0200] \"GET / HTTP/1.1\" 200 1\n\
               10.0.0.1 - - [17/May/2015:04:30:00 -0330] \"GET / HTTP/1.1\" 200 1\n\
               10.0.0.1 - - [17/May/2015:08:00:01 +0000] \"GET / HTTP/1.1\" 200 1\n";
    let counted = count_in("UTC", log);
    assert_eq!((counted.totals.sessions, counted.totals.session_duration_sum_ms), (1, 1000));
}
