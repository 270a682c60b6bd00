//! Events that a store refuses for what they are: kept apart byte for byte, while everything else is stored once.

use analytics_domain::{
    Event, EventId, ProjectId, PropertyValue,
    ports::{AckLevel, EventOutcome, LogEntry, Receipt, Replay, TraceLog, TraceStep},
};
use analytics_processor::ProcessorOptions;
use analytics_testkit::{sample, servers::PrivatePostgres};
use futures::future::join_all;

use sqlx::Connection as _;

use crate::roads::{COMMITTED, Database, Place, Road, quick, record_of, until};

/// No store keeps it.
fn refused(number: u32) -> Event {
    let mut event = sample::full_event(number);
    event.properties.insert("not_a_number".to_owned(), PropertyValue::Number(f64::NAN));
    event
}

/// A trigger keeps it out until it is dropped.
fn forbidden(number: u32) -> Event {
    Event { name: "forbidden".to_owned(), ..sample::event(number) }
}

const FORBID: (&str, &str) = (
    "CREATE TRIGGER forbid BEFORE INSERT ON events WHEN NEW.name = 'forbidden' BEGIN SELECT RAISE(ABORT, 'no'); END",
    "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN IF NEW.name = 'forbidden' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$; \
     CREATE TRIGGER forbid BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION forbid()",
);
const ALLOW: (&str, &str) = ("DROP TRIGGER forbid", "DROP TRIGGER forbid ON events");

const PROJECTS: i64 = 4;
const ENTRIES: u32 = 20;
const EVENTS: u32 = 50;
/// One of a thousand: the entry and the place of the event that is refused, in every project but the last.
const POISON: (u32, usize) = (7, 31);

fn entry(project: i64, nth: u32) -> LogEntry {
    let first = nth * EVENTS;
    let mut events = sample::events(first..first + EVENTS);
    if project < PROJECTS && nth == POISON.0 {
        events[POISON.1] = forbidden(first + POISON.1 as u32);
    }
    sample::entry(project * 1_000 + i64::from(nth), ProjectId(project), events)
}

async fn one_of_a_thousand(road: Road) {
    road.meddle(FORBID.0, FORBID.1).await;
    let entries: Vec<LogEntry> =
        (0..ENTRIES).flat_map(|nth| (1..=PROJECTS).map(move |project| entry(project, nth))).collect();
    let receipts = join_all(entries.iter().map(|entry| road.append(entry.clone()))).await;
    for (entry, receipt) in entries.iter().zip(receipts) {
        let outcomes = entry.events.iter().map(|event| match event.name.as_str() {
            "forbidden" => EventOutcome::Quarantined,
            _ => EventOutcome::Stored,
        });
        assert_eq!(receipt, Receipt::Committed(outcomes.collect()), "entry {}", entry.id.0);
    }
    let poison: Vec<(LogEntry, Event)> = (1..PROJECTS)
        .map(|project| entry(project, POISON.0))
        .map(|entry| (entry.clone(), entry.events[POISON.1].clone()))
        .collect();
    let mut quarantined = road.quarantined().await;
    quarantined.sort_by_key(|item| item.project);
    assert_eq!(quarantined.len(), poison.len());
    for (item, (entry, event)) in quarantined.iter().zip(&poison) {
        assert_eq!((item.project, item.event_id), (Some(entry.project), Some(event.event_id)));
        assert_eq!(item.record, record_of(entry, event), "byte for byte");
        assert!(item.reason.contains("refuse"), "{}", item.reason);
        let traced = road.traces.steps_of(entry.project, event.event_id).await.expect("it works");
        assert_eq!(traced.last().map(|traced| &traced.step), Some(&TraceStep::Quarantined));
    }
    for project in (1..=PROJECTS).map(ProjectId) {
        assert_stored_once(&road, project, ENTRIES * EVENTS - u32::from(project.0 < PROJECTS)).await;
    }

    for item in &quarantined {
        let replay = road.store.replay(item.id).await.expect("the store works");
        assert!(matches!(replay, Replay::Refused(_)), "{replay:?}");
    }
    road.meddle(ALLOW.0, ALLOW.1).await;
    for item in &quarantined {
        assert_eq!(road.store.replay(item.id).await, Ok(Replay::Done(EventOutcome::Stored)));
    }
    assert_eq!(road.quarantined().await, []);
    for project in (1..=PROJECTS).map(ProjectId) {
        assert_stored_once(&road, project, ENTRIES * EVENTS).await;
    }
    road.stop().await;
}

async fn assert_stored_once(road: &Road, project: ProjectId, events: u32) {
    let mut ids: Vec<EventId> = road.stored(project).await.iter().map(|stored| stored.event.event_id).collect();
    assert_eq!(ids.len(), events as usize, "{project:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), events as usize, "{project:?}");
}

#[tokio::test]
async fn one_refused_event_of_a_thousand_is_kept_apart_embedded() {
    one_of_a_thousand(Road::embedded(quick()).await).await;
}

#[tokio::test]
async fn one_refused_event_of_a_thousand_is_kept_apart_by_the_services() {
    one_of_a_thousand(Road::services(quick()).await).await;
}

/// The first and last events, all of them, the same one twice, and values that no trigger is needed for.
async fn every_place(road: Road) {
    let text_with_nul = Event { page: Some("/a\0b".to_owned()), ..sample::event(3) };
    let twice = sample::event(1);
    let cases: Vec<(Vec<Event>, Vec<EventOutcome>)> = {
        use EventOutcome::{Duplicate, Quarantined, Stored};
        vec![
            (vec![refused(10)], vec![Quarantined]),
            (vec![refused(20), sample::event(21), sample::event(22)], vec![Quarantined, Stored, Stored]),
            (vec![sample::event(31), sample::event(32), refused(33)], vec![Stored, Stored, Quarantined]),
            (vec![refused(40), refused(41), refused(42)], vec![Quarantined; 3]),
            (vec![twice.clone(), refused(50), refused(51), twice], vec![Stored, Quarantined, Quarantined, Duplicate]),
            (vec![sample::event(60), text_with_nul, sample::event(61)], vec![Stored, Quarantined, Stored]),
            // Two copies of one identity, of which the store refuses the first only.
            (vec![refused(70), sample::full_event(70)], vec![Quarantined, Stored]),
        ]
    };
    // SQLite keeps a text with U+0000.
    let keeps_nul = matches!(road.place, Place::Embedded { .. });
    let entries = (1..).zip(cases).map(|(id, (events, outcomes))| {
        let outcomes = if keeps_nul && id == 6 { vec![EventOutcome::Stored; 3] } else { outcomes };
        (sample::entry(id, ProjectId(1), events), outcomes)
    });
    let entries: Vec<(LogEntry, Vec<EventOutcome>)> = entries.collect();
    let receipts = join_all(entries.iter().map(|(entry, _)| road.append(entry.clone()))).await;
    let mut expected = Vec::new();
    for ((entry, outcomes), receipt) in entries.into_iter().zip(receipts) {
        assert_eq!(receipt, Receipt::Committed(outcomes.clone()), "entry {}", entry.id.0);
        let refused = entry.events.iter().zip(outcomes).filter(|(_, outcome)| *outcome == EventOutcome::Quarantined);
        expected.extend(refused.map(|(event, _)| record_of(&entry, event)));
    }
    let mut kept: Vec<Vec<u8>> = road.quarantined().await.into_iter().map(|item| item.record).collect();
    kept.sort_unstable();
    expected.sort_unstable();
    assert_eq!(kept, expected);
    road.stop().await;
}

#[tokio::test]
async fn wherever_refused_events_stand_they_alone_are_kept_apart_embedded() {
    every_place(Road::embedded(quick()).await).await;
}

#[tokio::test]
async fn wherever_refused_events_stand_they_alone_are_kept_apart_by_the_services() {
    every_place(Road::services(quick()).await).await;
}

#[tokio::test]
async fn a_refusal_is_believed_after_five_deliveries_and_not_when_it_ends_before() {
    let road = Road::services(ProcessorOptions { deliveries_before_quarantine: u32::MAX, ..quick() }).await;
    road.meddle(FORBID.0, FORBID.1).await;
    let entry = sample::entry(1, ProjectId(1), vec![sample::event(1), forbidden(2)]);
    let append = road.append(entry);
    let meanwhile = async {
        // Others of the project do not wait for it.
        for id in 2..20 {
            let other = sample::entry(id, ProjectId(1), sample::events([id as u32 + 100]));
            assert_eq!(road.append(other).await, Receipt::Committed(vec![EventOutcome::Stored]));
        }
        assert_eq!(road.quarantined().await, []);
        road.meddle(ALLOW.0, ALLOW.1).await;
    };
    let (receipt, ()) = tokio::join!(append, meanwhile);
    assert_eq!(receipt, Receipt::Committed(vec![EventOutcome::Stored; 2]));
    assert_eq!(road.quarantined().await, []);
    road.stop().await;
}

/// A processor died between the quarantine and the acknowledgement: its entry comes again.
#[tokio::test]
async fn what_is_delivered_again_after_it_was_quarantined_is_kept_once() {
    let road = Road::services(quick()).await;
    let entry = sample::entry(1, ProjectId(1), vec![sample::event(1), refused(2), sample::event(3)]);
    let expected = {
        use EventOutcome::{Quarantined, Stored};
        Receipt::Committed(vec![Stored, Quarantined, Stored])
    };
    for _ in 0..2 {
        assert_eq!(road.append(entry.clone()).await, expected);
    }
    assert_eq!(road.quarantined().await.len(), 1);
    assert_stored_once(&road, ProjectId(1), 2).await;
    road.stop().await;
}

/// The database says what it says when its disk is full, when it is read-only or when its schema was changed, however often.
#[tokio::test]
async fn the_environments_failures_put_nothing_into_quarantine() {
    let road = Road::services(quick()).await;
    for (id, state) in (1..).zip(["53100", "25006", "42P01", "57014", "58030", "XX001"]) {
        road.meddle(
            "",
            &format!(
                "CREATE SEQUENCE tries; CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN PERFORM nextval('tries'); RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$; \
                 CREATE TRIGGER fail BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION fail()"
            ),
        )
        .await;
        let append = road.append(sample::entry(id, ProjectId(id), vec![sample::event(1), refused(2)]));
        let meanwhile = async {
            let Place::Services { database, .. } = &road.place else { panic!("a road of services") };
            let mut shell = sqlx::PgConnection::connect(database.url()).await.expect("it is there");
            let mut tried = 0;
            // More often than an event has to be refused until that is believed.
            while tried < 6 {
                let tries = sqlx::query_scalar::<_, i64>("SELECT last_value FROM tries").fetch_one(&mut shell);
                tried = tries.await.expect("it is there");
            }
            assert!(road.quarantined().await.iter().all(|item| item.project != Some(ProjectId(id))), "{state}");
            road.meddle("", "DROP TRIGGER fail ON events; DROP FUNCTION fail; DROP SEQUENCE tries").await;
        };
        let (receipt, ()) = tokio::join!(append, meanwhile);
        assert_eq!(receipt, Receipt::Committed(vec![EventOutcome::Stored, EventOutcome::Quarantined]), "{state}");
    }
    road.stop().await;
}

#[tokio::test]
async fn a_quarantine_that_cannot_be_written_is_written_later() {
    let road = Road::services(quick()).await;
    road.meddle("", "ALTER TABLE quarantine RENAME TO away").await;
    let append = road.append(sample::entry(1, ProjectId(1), vec![sample::event(1), refused(2)]));
    let meanwhile = async {
        until("the neighbour", async || road.stored(ProjectId(1)).await.len() == 1).await;
        // It goes on trying.
        for id in 2..12 {
            let other = sample::entry(id, ProjectId(2), sample::events([id as u32]));
            assert_eq!(road.append(other).await, Receipt::Committed(vec![EventOutcome::Stored]));
        }
        assert_eq!(road.entries_in_log(), 1);
        road.meddle("", "ALTER TABLE away RENAME TO quarantine").await;
    };
    let (receipt, ()) = tokio::join!(append, meanwhile);
    assert_eq!(receipt, Receipt::Committed(vec![EventOutcome::Stored, EventOutcome::Quarantined]));
    assert_eq!(road.quarantined().await.len(), 1);
    assert_stored_once(&road, ProjectId(1), 1).await;
    road.stop().await;
}

#[tokio::test]
async fn a_database_that_is_killed_puts_nothing_into_quarantine() {
    let mut server = PrivatePostgres::start(&[]);
    let road = Road::services_at(Database::At(server.url()), quick()).await;
    let good = |id: i64| sample::entry(id, ProjectId(id), sample::events(0..10));
    assert_eq!(road.append(good(1)).await, Receipt::Committed(vec![EventOutcome::Stored; 10]));
    server.kill_hard();
    let appends = (2..6).map(|id| {
        let mut entry = good(id);
        entry.events.push(refused(100));
        road.log.append(entry, COMMITTED)
    });
    let appends = async { join_all(appends).await };
    let restart = async {
        until("the log has them", async || road.entries_in_log() == 4).await;
        tokio::task::spawn_blocking(move || {
            server.restart();
            server
        })
        .await
        .expect("no panic")
    };
    let (receipts, _server) = tokio::join!(appends, restart);
    for receipt in receipts {
        let Ok(Receipt::Committed(outcomes)) = receipt else { panic!("{receipt:?}") };
        assert_eq!(outcomes[..10], [EventOutcome::Stored; 10]);
        assert_eq!(outcomes[10], EventOutcome::Quarantined);
    }
    assert_eq!(road.quarantined().await.len(), 4);
    road.stop().await;
}

/// A project of which everything is refused, and for now cannot be put away either, in the same shard as another that is fine.
#[tokio::test]
async fn a_project_that_is_refused_as_a_whole_holds_up_no_other() {
    const BAD_ENTRIES: i64 = 20;
    let options =
        ProcessorOptions { max_events_per_commit: 500, max_dividing_events: 300, max_refused_events: 300, ..quick() };
    let road = Road::services(options).await;
    road.meddle("", "ALTER TABLE quarantine RENAME TO away").await;
    for id in 0..BAD_ENTRIES {
        let events = (0..50).map(|number| refused(id as u32 * 50 + number)).collect();
        road.log.append(sample::entry(id, ProjectId(1), events), AckLevel::Durable).await.expect("there is room");
    }
    for id in 1_000..1_100 {
        let good = sample::entry(id, ProjectId(2), sample::events(id as u32 * 10..id as u32 * 10 + 10));
        assert_eq!(road.append(good).await, Receipt::Committed(vec![EventOutcome::Stored; 10]));
    }
    assert_eq!(road.entries_in_log(), BAD_ENTRIES as usize);
    road.meddle("", "ALTER TABLE away RENAME TO quarantine").await;
    until("an empty log", async || road.entries_in_log() == 0).await;
    assert_eq!(road.quarantined().await.len(), BAD_ENTRIES as usize * 50);
    assert_eq!(road.stored(ProjectId(1)).await, []);
    road.stop().await;
}
