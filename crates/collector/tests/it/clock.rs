//! The three clocks: when it happened, when it was sent, when it came.

use analytics_domain::Micros;
use analytics_proto::v1::{self, ErrorReason, EventVerdict, Verdict};

use crate::world::{
    FIREFOX, HOME, HOUR, IncludeBots, MINUTE, SECOND, Sender, Site, World, at, batch, from, noon, plus, timestamp,
    verdicts, view,
};

/// Sends views of these times by a sender whose clock shows `sent_at`.
async fn track_at(world: &World, sender: &Sender, sent_at: Micros, times: &[Micros]) -> Vec<EventVerdict> {
    let events = times.iter().enumerate().map(|(number, time)| view(number, *time)).collect();
    let request = v1::TrackRequest { sent_at: Some(timestamp(sent_at)), ..batch(events) };
    world.call(sender, request).await.expect("taken").verdicts
}

async fn times(world: &World, site: &Site) -> Vec<i64> {
    world.stored(site).await.iter().map(|event| event.time.0 - noon().to_millis().0).collect()
}

fn refusal(verdict: &EventVerdict) -> (Verdict, ErrorReason, &str) {
    (verdict.verdict(), verdict.reason(), &verdict.field)
}

/// 9999-12-31T23:59:59Z, the last second that may be sent.
const LAST: Micros = Micros(253_402_300_799 * SECOND);
const SKEW: (Verdict, ErrorReason, &str) = (Verdict::Rejected, ErrorReason::ClockSkew, "occurred_at");
const LATE: (Verdict, ErrorReason, &str) = (Verdict::Rejected, ErrorReason::TooLate, "occurred_at");
const STORED: (Verdict, ErrorReason, &str) = (Verdict::Stored, ErrorReason::Unspecified, "");

#[tokio::test]
async fn a_clock_that_is_off_is_corrected_by_one_offset_for_the_batch() {
    let world = World::new().await;
    // Neither the order in the batch nor that of the times decides about the offset.
    let ages = [-10 * SECOND, -4 * HOUR, 0, -5 * SECOND - 1];
    for (name, skew) in [("slow", 3 * MINUTE), ("fast", -3 * MINUTE)] {
        let site = world.site(name, "UTC").await;
        let sent_at = plus(noon(), -skew);
        let claims = ages.map(|age| plus(sent_at, age));
        track_at(&world, &site.browser(), sent_at, &claims).await;
        assert_eq!(times(&world, &site).await, [-10_000, -14_400_000, 0, -5_001]);
        let stored = world.stored(&site).await;
        assert_eq!(stored.iter().map(|event| event.occurred_at).collect::<Vec<_>>(), claims, "as sent");
    }
}

#[tokio::test]
async fn two_minutes_are_the_network_and_more_are_not() {
    let world = World::new().await;
    for (name, skew, expected_ms) in [
        ("a-minute", MINUTE, -60_000),
        ("two-minutes", 2 * MINUTE, -120_000),
        ("two-minutes-ahead", -2 * MINUTE, 120_000),
        ("more", 2 * MINUTE + 1, 0),
        ("more-ahead", -2 * MINUTE - 1, 0),
    ] {
        let site = world.site(name, "UTC").await;
        let sent_at = plus(noon(), -skew);
        track_at(&world, &site.browser(), sent_at, &[sent_at]).await;
        assert_eq!(times(&world, &site).await, [expected_ms], "{name}");
    }
}

#[tokio::test]
async fn without_the_time_of_sending_nothing_is_corrected() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let odd = Micros(noon().0 - 7 * MINUTE - 123_457);
    assert_eq!(world.track(&web.browser(), vec![view(0, odd)]).await, [Verdict::Stored]);
    let stored = world.stored(&web).await;
    assert_eq!((stored[0].occurred_at, stored[0].time), (odd, odd.to_millis()));
}

#[tokio::test]
async fn an_ingest_key_may_be_late_by_the_projects_lateness() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (just, beyond) = (plus(noon(), -48 * HOUR), plus(noon(), -48 * HOUR - 1000));
    let told = track_at(&world, &web.browser(), noon(), &[just, beyond, noon()]).await;
    assert_eq!(told.iter().map(refusal).collect::<Vec<_>>(), [STORED, LATE, STORED]);
    assert!(told[1].description.contains("48h"), "{}", told[1].description);

    // The corrected time decides: this one happened two hours ago.
    let sent_at = plus(noon(), -47 * HOUR);
    let app = world.site("app", "UTC").await;
    let told = track_at(&world, &app.browser(), sent_at, &[plus(sent_at, -2 * HOUR)]).await;
    assert_eq!(told.iter().map(refusal).collect::<Vec<_>>(), [STORED]);
    assert_eq!(times(&world, &app).await, [-2 * 3_600_000]);
}

#[tokio::test]
async fn secret_keys_may_send_any_past_time() {
    let world = World::new().await;
    let web = world.site("web", "Europe/Berlin").await;
    let past = [at("2015-05-17T10:05:00Z"), at("1969-12-31T23:59:59.999999Z"), at("0001-01-01T00:00:00Z")];
    let events = || past.into_iter().enumerate().map(|(number, time)| from(HOME, FIREFOX, view(number, time)));
    assert_eq!(world.track(&web.backend(), events().collect()).await, [Verdict::Stored; 3]);
    let stored = world.stored(&web).await;
    for (event, time) in stored.iter().zip(past) {
        assert_eq!((event.occurred_at, event.time), (time, time.to_millis()));
        assert_eq!(event.actor.visitor, None, "its salt is long gone");
    }
    let (import, _) = world.open_import(&web, "history", IncludeBots::No).await.expect("opened");
    assert_eq!(world.import(&web, &import, events().collect()).await, [Verdict::Duplicate; 3]);
}

#[tokio::test]
async fn what_has_not_happened_yet_is_refused_whatever_the_key() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (just, beyond) = (plus(noon(), 10 * MINUTE), plus(noon(), 10 * MINUTE + 1000));
    for sender in [web.browser(), web.backend()] {
        let told = track_at(&world, &sender, noon(), &[beyond, LAST]).await;
        assert_eq!(told.iter().map(refusal).collect::<Vec<_>>(), [SKEW, SKEW]);
        assert!(told[0].description.contains("2026-03-02T12:00:00Z"), "{}", told[0].description);
    }
    let (import, _) = world.open_import(&web, "history", IncludeBots::No).await.expect("opened");
    assert_eq!(world.import(&web, &import, vec![view(0, beyond)]).await, [Verdict::Rejected]);
    assert_eq!(track_at(&world, &web.browser(), noon(), &[just]).await[0].verdict(), Verdict::Stored);
}

#[tokio::test]
async fn a_clock_that_is_off_by_more_than_the_lateness_is_refused() {
    let world = World::new().await;
    for (name, skew, expected) in [
        ("as-much", 48 * HOUR, STORED),
        ("more", 48 * HOUR + 1, SKEW),
        ("as-much-ahead", -48 * HOUR, STORED),
        ("more-ahead", -48 * HOUR - 1, SKEW),
    ] {
        for key in ["ingest", "import"] {
            let site = world.site(&format!("{name}-{key}"), "UTC").await;
            let sender = if key == "ingest" { site.browser() } else { site.backend() };
            let sent_at = plus(noon(), -skew);
            let told = track_at(&world, &sender, sent_at, &[sent_at]).await;
            assert_eq!(refusal(&told[0]), expected, "{name} {key}");
        }
    }
}

#[tokio::test]
async fn an_import_is_judged_by_its_own_clock() {
    let world = World::new().await;
    let web = world.site("web", "UTC").await;
    let (import, _) = world.open_import(&web, "history", IncludeBots::No).await.expect("opened");
    let time = at("2015-05-17T10:05:00Z");
    let events = vec![from(HOME, FIREFOX, view(0, time))];
    let request = v1::TrackRequest { import, sent_at: Some(timestamp(time)), ..batch(events) };
    assert_eq!(verdicts(&world.call(&web.backend(), request).await.expect("taken")), [Verdict::Stored]);
    let stored = world.stored(&web).await;
    assert_eq!((stored[0].time, stored[0].actor.visitor.is_some()), (time.to_millis(), true));
}
