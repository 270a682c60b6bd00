//! Poison: an event that the database refuses for what it is, told from whatever the environment does.

use std::time::Duration;

use analytics_domain::{
    EntryId, Event, Micros, ProjectId,
    ports::{EventOutcome, EventStore, NewQuarantined, Quarantine, QuarantinedContent, Replay, StoreError},
};
use analytics_storage::sqlite::{SqliteOptions, SqliteStore};
use analytics_testkit::sample;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use crate::{
    support::{fresh_timescale, open, read_all},
    timescale::Shell,
};

const PROJECT: ProjectId = ProjectId(1);

fn poison() -> Event {
    Event { name: "hidden poison".to_owned(), ..sample::full_event(2) }
}

fn in_quarantine() -> NewQuarantined {
    let content = QuarantinedContent::Event { project: PROJECT, entry: EntryId(1), event: poison() };
    NewQuarantined { content, reason: "refused".to_owned(), create_time: Micros(1) }
}

/// A trigger refuses one event by its name: that is told as its fault, without quoting it, and the others can be stored.
async fn is_told_as_poison<S: EventStore + Quarantine>(store: &S) {
    for size in [3, 2_000] {
        let mut events = sample::events(10..10 + size);
        events[1] = poison();
        let refused = store.commit(PROJECT, &[sample::entry(1, PROJECT, events)]).await.unwrap_err();
        assert!(matches!(refused, StoreError::Refused(_)), "{refused}");
        assert!(!refused.to_string().contains("hidden"), "{refused}");
        assert_eq!(read_all(store, PROJECT, sample::DAY).await, []);
    }
    store.quarantine(&[in_quarantine()]).await.unwrap();
    let kept = store.list_quarantined(None, None, 10).await.unwrap().remove(0);
    let entry = analytics_records::decode(&kept.record).unwrap().entry;
    assert_eq!(entry, sample::entry(1, PROJECT, vec![poison()]), "its record is that of its entry with it alone");
    assert!(matches!(store.replay(kept.id).await, Ok(Replay::Refused(_))));
    store.commit(PROJECT, &[sample::entry(1, PROJECT, sample::events([1]))]).await.unwrap();
}

/// Once the trigger is gone.
async fn is_replayed<S: EventStore + Quarantine>(store: &S) {
    let kept = store.list_quarantined(None, None, 10).await.unwrap().remove(0);
    assert_eq!(store.replay(kept.id).await, Ok(Replay::Done(EventOutcome::Stored)));
    assert_eq!(read_all(store, PROJECT, sample::DAY).await[1].event, poison());
    assert_eq!(store.list_quarantined(None, None, 10).await, Ok(vec![]));
}

#[tokio::test]
async fn a_trigger_of_sqlite_makes_poison() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path()).await;
    let mut shell =
        SqliteConnectOptions::new().filename(directory.path().join("analytics.sqlite3")).connect().await.unwrap();
    let trigger = "CREATE TRIGGER no_poison BEFORE INSERT ON events WHEN NEW.name LIKE '%poison' \
                   BEGIN SELECT RAISE(ABORT, 'hidden poison'); END";
    sqlx::raw_sql(trigger).execute(&mut shell).await.unwrap();
    is_told_as_poison(&*store).await;
    sqlx::raw_sql("DROP TRIGGER no_poison").execute(&mut shell).await.unwrap();
    is_replayed(&*store).await;
}

#[tokio::test]
async fn a_trigger_of_timescale_makes_poison() {
    let (store, database) = fresh_timescale().await;
    let mut shell = Shell::on(&database).await;
    shell
        .run(
            "CREATE FUNCTION no_poison() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN IF NEW.name LIKE '%poison' THEN RAISE EXCEPTION 'hidden %', NEW.name; END IF; RETURN NEW; END $$; \
             CREATE TRIGGER no_poison BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION no_poison()",
        )
        .await;
    is_told_as_poison(&store).await;
    shell.run("DROP TRIGGER no_poison ON events").await;
    is_replayed(&store).await;
}

/// Whatever the environment does to a replay, the event stays, and is told neither stored nor refused.
#[tokio::test]
async fn a_replay_that_the_environment_fails_changes_nothing() {
    let (store, database) = fresh_timescale().await;
    store.quarantine(&[in_quarantine()]).await.unwrap();
    let kept = store.list_quarantined(None, None, 10).await.unwrap().remove(0);
    let mut shell = Shell::on(&database).await;
    shell.run("ALTER TABLE project_days RENAME TO elsewhere").await;
    assert!(matches!(store.replay(kept.id).await, Err(StoreError::Unavailable(_))));
    assert_eq!(store.quarantined(kept.id).await, Ok(Some(kept.clone())));
    shell.run("ALTER TABLE elsewhere RENAME TO project_days").await;
    assert_eq!(store.replay(kept.id).await, Ok(Replay::Done(EventOutcome::Stored)));

    let directory = TempDir::new().unwrap();
    let options = SqliteOptions { lock_timeout: Duration::from_millis(20), ..SqliteOptions::default() };
    let store = SqliteStore::open(directory.path(), options).await.unwrap();
    store.quarantine(&[in_quarantine()]).await.unwrap();
    let kept = store.list_quarantined(None, None, 10).await.unwrap().remove(0);
    let mut shell =
        SqliteConnectOptions::new().filename(directory.path().join("analytics.sqlite3")).connect().await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut shell).await.unwrap();
    assert!(matches!(store.replay(kept.id).await, Err(StoreError::Unavailable(_))));
    sqlx::raw_sql("ROLLBACK").execute(&mut shell).await.unwrap();
    assert_eq!(store.quarantined(kept.id).await, Ok(Some(kept.clone())));
    assert_eq!(store.replay(kept.id).await, Ok(Replay::Done(EventOutcome::Stored)));
}
