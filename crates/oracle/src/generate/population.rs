//! Many visitors with ordinary habits, and gaps on both sides of the half hour more often than by chance.

use super::{
    hit::Hit,
    people::{AGENTS, ASSETS, BOTS, DOWNLOADS, PAGES, QUERIES, REFERRERS, network},
};
use crate::prng::Prng;

struct Person {
    clients: Vec<String>,
    agent: &'static str,
}

pub(super) fn visit(hits: &mut Vec<Hit>, random: &mut Prng, visitors: u32, day_starts_s: &[i64]) {
    let mut networks = vec![network(random)];
    for _ in 0..visitors {
        // One in five shares a network with somebody, and then perhaps the agent too: two people, one visitor.
        if !random.percent(20) {
            networks.push(network(random));
        }
        let clients = if random.percent(20) { random.pick(&networks) } else { &networks[networks.len() - 1] };
        let agents: &[&'static str] = if random.percent(8) { &BOTS } else { &AGENTS };
        let person = Person { clients: clients.clone(), agent: random.pick::<&'static str>(agents) };
        for _ in 0..=random.below(4) {
            let start_s = random.pick(day_starts_s) + time_of_day_s(random);
            session(hits, random, &person, start_s);
        }
    }
}

/// By day rather than by night, and one in eight shortly before midnight.
fn time_of_day_s(random: &mut Prng) -> i64 {
    if random.percent(12) {
        return random.between(23 * 3600 + 1800, 24 * 3600 - 1);
    }
    (random.between(0, 86_399) + random.between(0, 86_399)) / 2
}

fn session(hits: &mut Vec<Hit>, random: &mut Prng, person: &Person, start_s: i64) {
    let mut time_s = start_s;
    for _ in 0..=random.below(12) {
        let (method, target, status) = request(random);
        let hit = Hit {
            time_s,
            client: random.pick(&person.clients).clone(),
            agent: person.agent,
            referrer: (*random.pick(&REFERRERS)).to_owned(),
            request: format!("{method} {target} HTTP/1.1"),
            status,
        };
        for _ in 0..random.below(3) {
            let asset = random.pick(&ASSETS);
            let time_s = time_s + random.between(0, 2);
            hits.push(Hit { time_s, request: format!("GET {asset} HTTP/1.1"), status: 200, ..hit.clone() });
        }
        // A reload within the second gives the same line once more, or twice.
        for _ in 0..if random.percent(3) { 1 + random.below(2) } else { 0 } {
            hits.push(hit.clone());
        }
        hits.push(hit);
        time_s += gap_s(random);
    }
}

fn request(random: &mut Prng) -> (&'static str, String, u16) {
    let page = *random.pick_front(&PAGES);
    match random.below(100) {
        0..62 => ("GET", page.to_owned(), 200),
        62..72 => ("GET", format!("{page}{}", random.pick(&QUERIES)), 200),
        72..77 => ("GET", page.to_owned(), 304),
        77..83 => ("GET", (*random.pick(&DOWNLOADS)).to_owned(), *random.pick(&[200, 200, 206, 404])),
        83..86 => ("GET", "/old".to_owned(), 301),
        86..90 => ("GET", "/nothing-here".to_owned(), 404),
        90..92 => ("GET", page.to_owned(), 500),
        92..96 => ("POST", "/checkout".to_owned(), *random.pick(&[200, 301])),
        96..99 => ("HEAD", page.to_owned(), 200),
        _ => ("OPTIONS", "/".to_owned(), 204),
    }
}

fn gap_s(random: &mut Prng) -> i64 {
    match random.below(100) {
        0..3 => 1799,
        3..6 => 1800,
        6..9 => 1801,
        9..15 => 0,
        15..80 => random.between(3, 300),
        80..97 => random.between(300, 1798),
        _ => random.between(1802, 4 * 3600),
    }
}
