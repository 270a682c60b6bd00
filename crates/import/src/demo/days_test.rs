use std::collections::{BTreeMap, HashMap, HashSet};

use analytics_proto::validation::Validate as _;

use super::*;

const NOW: &str = "2026-11-24T15:20:00Z";

fn options(days: u32, now: &str) -> DemoOptions {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    DemoOptions { days, ..DemoOptions::new(now.parse().unwrap(), zone) }
}

fn events_of(options: &DemoOptions) -> Vec<v1::Event> {
    let mut events = Vec::new();
    for_each_event::<()>(options, |event| {
        events.push(event);
        Ok(())
    })
    .unwrap();
    events
}

fn micros(event: &v1::Event) -> i64 {
    let time = event.occurred_at.unwrap();
    time.seconds * 1_000_000 + i64::from(time.nanos) / 1000
}

fn is_bot(event: &v1::Event) -> bool {
    crate::demo::agents::BOTS.iter().any(|(_, agent)| *agent == event.client.as_ref().unwrap().user_agent)
}

#[test]
fn the_same_seed_makes_the_same_events() {
    let (first, second) = (events_of(&options(3, NOW)), events_of(&options(3, NOW)));
    assert_eq!(first, second);
    let other = events_of(&DemoOptions { seed: 2, ..options(3, NOW) });
    let ids: HashSet<&str> = first.iter().map(|event| event.event_id.as_str()).collect();
    assert_eq!(ids.len(), first.len(), "ids differ");
    assert!(other.iter().all(|event| !ids.contains(event.event_id.as_str())));
}

/// Filling again later adds what happened since, and changes nothing.
#[test]
fn a_later_demo_only_adds() {
    let earlier = events_of(&options(4, NOW));
    let until = micros(earlier.last().unwrap());
    for (days, now) in [(4, "2026-11-24T19:00:00Z"), (6, "2026-11-26T03:00:00Z")] {
        let later: HashMap<String, v1::Event> =
            events_of(&options(days, now)).into_iter().map(|event| (event.event_id.clone(), event)).collect();
        let earlier_ids: HashSet<&str> = earlier.iter().map(|event| event.event_id.as_str()).collect();
        let first = micros(&earlier[0]);
        for event in later.values().filter(|event| (first..=until).contains(&micros(event))) {
            assert!(earlier_ids.contains(event.event_id.as_str()), "an event of the past is new");
        }
        for event in &earlier {
            if let Some(again) = later.get(&event.event_id) {
                assert_eq!(again, event);
            }
        }
        assert!(later.values().any(|event| micros(event) > until));
    }
}

#[test]
fn events_come_in_order_of_time_and_keep_the_contract() {
    let events = events_of(&options(3, NOW));
    assert!(events.is_sorted_by_key(micros));
    let now_micros = NOW.parse::<jiff::Timestamp>().unwrap().as_microsecond();
    assert!(events.iter().all(|event| micros(event) < now_micros));
    for event in &events {
        assert_eq!(event.validate(), [], "{event:?}");
        let client = event.client.as_ref().unwrap();
        assert!(client.ip_address.parse::<std::net::IpAddr>().is_ok(), "{client:?}");
    }
}

#[test]
fn the_size_is_as_announced() {
    // A tenth: the whole takes seconds in a test build.
    let options = DemoOptions { scale: 0.1, ..options(60, NOW) };
    let count = events_of(&options).len() as f64;
    assert!((20_000.0..30_000.0).contains(&count), "{count}");
    let expected = expected_events(&options) as f64;
    assert!((0.93..1.07).contains(&(count / expected)), "{count} of {expected}");
    let half = events_of(&DemoOptions { scale: 0.05, ..options.clone() }).len() as f64;
    assert!((0.46..0.54).contains(&(half / count)), "{half} of {count}");
}

#[test]
fn shares_are_realistic() {
    let events = events_of(&options(14, NOW));
    let share =
        |is: &dyn Fn(&v1::Event) -> bool| events.iter().filter(|event| is(event)).count() as f64 / events.len() as f64;
    let shares: BTreeMap<&str, (f64, std::ops::Range<f64>)> = BTreeMap::from([
        ("bots", (share(&is_bot), 0.01..0.05)),
        ("users", (share(&|event| !event.user_id.is_empty()), 0.15..0.4)),
        ("signals", (share(&|event| event.consent_signals.is_some()), 0.02..0.1)),
        ("views", (share(&|event| event.kind() == v1::EventKind::View), 0.6..0.9)),
        ("phones", (share(&|event| event.screen_width_px.is_some_and(|width| width < 500)), 0.3..0.6)),
        ("version 6", (share(&|event| event.client.as_ref().unwrap().ip_address.contains(':')), 0.2..0.4)),
        ("reports", (share(&|event| event.interactive == Some(false)), 0.02..0.1)),
        ("campaigns", (share(&|event| event.url.contains("utm_source=")), 0.02..0.15)),
    ]);
    for (what, (share, range)) in shares {
        assert!(range.contains(&share), "{what}: {share}");
    }
}

#[test]
fn the_funnel_narrows_at_each_step() {
    let events = events_of(&options(14, NOW));
    let count = |name: &str| events.iter().filter(|event| event.name == name).count();
    let steps = ["add_to_cart", "checkout_started", "checkout_shipping", "checkout_payment", "purchase"].map(count);
    assert!(steps.is_sorted_by(|wider, narrower| wider > narrower), "{steps:?}");
    assert!(steps[4] > 100, "{steps:?}");
    let currencies: HashSet<&str> =
        events.iter().filter_map(|event| Some(event.value.as_ref()?.currency_code.as_str())).collect();
    assert_eq!(currencies, HashSet::from(["EUR", "USD"]));
}

#[test]
fn people_sleep_at_night_and_some_sit_up_past_midnight() {
    let options = options(14, NOW);
    let events = events_of(&options);
    let local =
        |event: &v1::Event| options.time_zone.to_datetime(jiff::Timestamp::from_microsecond(micros(event)).unwrap());
    let at_hour = |hour: i8| events.iter().filter(|event| local(event).hour() == hour).count();
    assert!(at_hour(20) > 8 * at_hour(3), "{} and {}", at_hour(20), at_hour(3));

    let mut last_of: HashMap<(&str, &str), &v1::Event> = HashMap::new();
    let mut over_midnight = 0;
    for event in &events {
        let client = event.client.as_ref().unwrap();
        let before = last_of.insert((&client.ip_address, &client.user_agent), event);
        over_midnight += usize::from(before.is_some_and(|before| {
            micros(event) - micros(before) < 30 * 60 * 1_000_000 && local(before).date() != local(event).date()
        }));
    }
    assert!(over_midnight > 14, "{over_midnight}");
}

#[test]
fn users_come_back_over_weeks() {
    let events = events_of(&DemoOptions { scale: 0.1, ..options(60, NOW) });
    let mut weeks: HashMap<&str, HashSet<i64>> = HashMap::new();
    for event in events.iter().filter(|event| !event.user_id.is_empty()) {
        weeks.entry(&event.user_id).or_default().insert(micros(event).div_euclid(7 * 86_400_000_000));
    }
    let of_at_least = |count: usize| weeks.values().filter(|weeks| weeks.len() >= count).count();
    assert!(weeks.len() > 100, "{}", weeks.len());
    assert!(of_at_least(2) > weeks.len() / 2, "{} of {}", of_at_least(2), weeks.len());
    assert!(of_at_least(4) > weeks.len() / 10, "{} of {}", of_at_least(4), weeks.len());
}
