//! Databases of earlier versions, with data in them: nothing is lost when this version opens them, and what is new works.

use std::collections::{BTreeMap, BTreeSet};

use analytics_domain::{
    Actor, ApiKeyLimits, ApiKeySettings, DeviceClass, Event, EventId, EventKind, IngestSettings, KeyId, Micros, Millis,
    Money, ProjectId, ProjectSettings, PropertyValue, ScreenClass, UserHash, VisitorHash, WeekStart,
    ports::{Catalog, EventOutcome, EventStore, IngestCounts, Quarantine},
};
use analytics_testkit::sample;

use crate::support::read_all;

const PROJECT: ProjectId = ProjectId(1);

macro_rules! migrations {
    ($backend:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../migrations/", $backend, "/", $name, ".sql")))),+]
    };
}

/// What the old version stored; it knew no more of an event.
fn old_events() -> Vec<Event> {
    let some = |text: &str| Some(text.to_owned());
    let full = Event {
        event_id: EventId([0xab; 16]),
        occurred_at: Micros(1_772_323_201_000_123),
        time: Millis(1_772_323_201_456),
        kind: EventKind::Conversion,
        name: "order".to_owned(),
        actor: Actor { visitor: Some(VisitorHash(-7)), user: Some(UserHash([0xcd; 16])) },
        interactive: true,
        sequence: Some(3),
        host: some("example.com"),
        page: some("/a"),
        referrer: some("search.example"),
        utm_source: some("newsletter"),
        utm_medium: some("email"),
        utm_campaign: some("spring"),
        utm_term: some(""),
        utm_content: some("top"),
        browser: some("Firefox"),
        os: some("Linux"),
        device: Some(DeviceClass::Tablet),
        language: some("de-CH"),
        screen_class: Some(ScreenClass::Laptop),
        value: Some(Money { currency_code: "CHF".to_owned(), amount_micros: -5 }),
        properties: BTreeMap::from([("plan".to_owned(), PropertyValue::String("pro".to_owned()))]),
        ..sample::event(1)
    };
    vec![full, sample::event(2)]
}

/// Everything is there as it was, with the defaults of what is new, and every port takes something new.
async fn use_migrated<S: Catalog + EventStore + Quarantine + IngestCounts>(store: &S) {
    let day = sample::DAY;
    let stored = read_all(store, PROJECT, day).await;
    assert_eq!(stored.into_iter().map(|stored| stored.event).collect::<Vec<_>>(), old_events());
    let state = store.day(PROJECT, day).await.unwrap().unwrap();
    assert_eq!((state.version.0, state.generation.0, state.event_count), (1, 4, 2));

    let project = store.project_by_id(PROJECT).await.unwrap().unwrap();
    assert_eq!((project.name.as_str(), project.zone.name()), ("web", "Europe/Berlin"));
    assert_eq!((project.lateness.0, project.user_hash_secret), (2, [7; 32]));
    assert_eq!(project.ingest, IngestSettings::default());
    let key = store.key_by_id(&KeyId("k1".to_owned())).await.unwrap().unwrap();
    assert_eq!((key.project, key.create_time, key.revoke_time), (Some(PROJECT), Micros(20), None));
    assert_eq!((&key.limits, key.last_use_time), (&ApiKeyLimits::default(), None));

    // What the old version stored is known again, and full events stand beside it.
    let entry = sample::entry(9, PROJECT, [old_events(), vec![sample::full_event(3)]].concat());
    let done = store.commit(PROJECT, &[entry]).await.unwrap();
    assert_eq!(done.outcomes, [[EventOutcome::Duplicate, EventOutcome::Duplicate, EventOutcome::Stored]]);
    assert_eq!(read_all(store, PROJECT, day).await[2].event, sample::full_event(3));
    let ingest = IngestSettings { blocked_pages: vec!["/x".to_owned()], ..IngestSettings::default() };
    let settings = ProjectSettings { week_start: WeekStart::Sunday, lateness: project.lateness, ingest };
    let wanted = settings.ingest.clone();
    let updated = store.update_project(PROJECT, Box::new(|_| settings)).await.unwrap().unwrap();
    assert_eq!(updated.ingest, wanted);
    // Names of properties of events that are stored already are kept when they come again.
    let names = store.admit_property_names(PROJECT, &["plan"], Micros(30)).await.unwrap().unwrap();
    assert_eq!(names, BTreeSet::from(["plan".to_owned()]));
    let limits = ApiKeyLimits { events_per_second: Some(5), ..ApiKeyLimits::default() };
    let settings = ApiKeySettings { display_name: "new".to_owned(), limits };
    let wanted = settings.limits.clone();
    assert_eq!(store.update_key(&key.id, Box::new(|_| settings)).await.unwrap().unwrap().limits, wanted);
    assert_eq!(store.list_quarantined(None, None, 10).await, Ok(vec![]));
    assert_eq!(store.ingest_counts(PROJECT, day..=day).await, Ok(vec![]));
}

mod sqlite {
    use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    use tempfile::TempDir;

    use super::use_migrated;
    use crate::support::open;

    const MIGRATIONS: &[(&str, &str)] = migrations!("sqlite":
        "0001_events", "0002_catalog", "0003_settings", "0004_quarantine_and_counts", "0005_ways_and_places",
        "0006_property_names");

    /// What the first version wrote; later migrations leave it valid.
    const DATA: &str = "
        INSERT INTO events (project_id, visitor_day, version, ordinal, entry_id, event_id, occurred_at, time, kind, name, visitor_hash,
            user_hash, interactive, sequence, host, page, referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content,
            browser, os, device, language, screen_class, currency_code, amount_micros, properties)
        VALUES (1, 20513, 1, 0, 5, x'abababababababababababababababab', 1772323201000123, 1772323201456, 3, 'order', -7,
            x'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 1, 3, 'example.com', '/a', 'search.example', 'newsletter', 'email', 'spring', '',
            'top', 'Firefox', 'Linux', 3, 'de-CH', 3, 'CHF', -5, '{\"plan\":\"pro\"}');
        INSERT INTO events (project_id, visitor_day, version, ordinal, entry_id, event_id, occurred_at, time, kind, name, interactive)
        VALUES (1, 20513, 1, 1, 5, x'000000025a5a5a5a5a5a5a5a5a5a5a5a', 1772323202000000, 1772323202000, 1, 'page_view', 0);
        INSERT INTO project_days VALUES (1, 20513, 1, 4, 1772323201456, 1772323202000, 2);
        INSERT INTO projects (id, name, zone, week_start, session_timeout_ms, lateness_ms, user_hash_secret, create_time)
        VALUES (1, 'web', 'Europe/Berlin', 'monday', 1, 2, x'0707070707070707070707070707070707070707070707070707070707070707', 10);
        INSERT INTO api_keys (id, secret_hash, project_id, scopes, display_name, last_four, create_time)
        VALUES ('k1', x'0909090909090909090909090909090909090909090909090909090909090909', 1, 'ingest', 'web', 'wxyz', 20);";

    #[tokio::test]
    async fn a_database_of_each_earlier_version_is_brought_up_to_date() {
        // The catalog came with the second one.
        for known in 2..=MIGRATIONS.len() {
            let directory = TempDir::new().unwrap();
            let path = directory.path().join("analytics.sqlite3");
            let mut old = SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
            let mut statements = String::from(
                "PRAGMA application_id = 1097755769; CREATE TABLE schema_migrations ( \
                 number INTEGER NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY, name TEXT NOT NULL) STRICT;",
            );
            for (number, (name, sql)) in (1..=known).zip(MIGRATIONS) {
                statements += sql;
                statements += &format!("INSERT INTO schema_migrations VALUES ({number}, '{name}');");
            }
            statements += DATA;
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut old).await.unwrap();
            old.close().await.unwrap();

            let store = open(directory.path()).await;
            use_migrated(&*store).await;
            store.close().await.unwrap();
            drop(store);
            open(directory.path()).await;
        }
    }
}

mod timescale {
    use std::time::Duration;

    use analytics_storage::timescale::{TimescaleOptions, TimescaleStore};
    use analytics_testkit::FreshDatabase;

    use super::use_migrated;
    use crate::{support::connect, timescale::Shell};

    const MIGRATIONS: &[(&str, &str)] = migrations!("timescale":
        "0001_events", "0002_catalog", "0003_segments", "0004_settings", "0005_quarantine_and_counts", "0006_ways_and_places",
        "0007_property_names");

    const DATA: &str = "
        INSERT INTO events (project_id, version, entry_id, occurred_at, time, event_id, visitor_day, ordinal, kind, interactive, name,
            visitor_hash, user_hash, sequence, host, page, referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content,
            browser, os, device, language, screen_class, currency_code, amount_micros, properties)
        VALUES (1, 1, 5, '2026-03-01 00:00:01.000123Z', '2026-03-01 00:00:01.456Z', 'abababab-abab-abab-abab-abababababab', '2026-03-01', 0,
            3, true, 'order', -7, '\\xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 3, 'example.com', '/a', 'search.example', 'newsletter', 'email',
            'spring', '', 'top', 'Firefox', 'Linux', 3, 'de-CH', 3, 'CHF', -5, '{\"plan\":\"pro\"}');
        INSERT INTO events (project_id, version, entry_id, occurred_at, time, event_id, visitor_day, ordinal, kind, interactive, name)
        VALUES (1, 1, 5, '2026-03-01 00:00:02Z', '2026-03-01 00:00:02Z', '00000002-5a5a-5a5a-5a5a-5a5a5a5a5a5a', '2026-03-01', 1, 1, false,
            'page_view');
        INSERT INTO project_days VALUES (1, '2026-03-01', 1, 4, '2026-03-01 00:00:01.456Z', '2026-03-01 00:00:02Z',
            '2026-03-01 00:00:01.000123Z', '2026-03-01 00:00:02Z', 2);
        INSERT INTO projects (name, zone, week_start, session_timeout_ms, lateness_ms, user_hash_secret, create_time)
        VALUES ('web', 'Europe/Berlin', 'monday', 1, 2, decode(repeat('07', 32), 'hex'), 'epoch');
        INSERT INTO api_keys (id, secret_hash, project_id, scopes, display_name, last_four, create_time)
        VALUES ('k1', decode(repeat('09', 32), 'hex'), 1, 'ingest', 'web', 'wxyz', '1970-01-01 00:00:00.00002Z');";

    /// The schema after so many migrations.
    fn schema_of(known: usize) -> String {
        let mut statements = String::from(
            "CREATE TABLE analytics_migrations \
             (number bigint NOT NULL CONSTRAINT analytics_migrations_pkey PRIMARY KEY, name text NOT NULL);",
        );
        for (number, (name, sql)) in (1..=known).zip(MIGRATIONS) {
            statements += sql;
            statements += &format!("INSERT INTO analytics_migrations VALUES ({number}, '{name}');");
        }
        statements
    }

    /// Somebody reads the events for hours: whoever stores some must not wait for that behind a migration.
    #[tokio::test]
    async fn a_migration_that_would_wait_for_a_long_reader_gives_up_and_is_tried_again() {
        let database = FreshDatabase::create().await;
        let (mut reader, mut writer) = (Shell::on(&database).await, Shell::on(&database).await);
        // The next one adds columns to the events.
        writer.run(&schema_of(5)).await;
        reader.run("BEGIN; SELECT count(*) FROM events").await;
        let connect_once = TimescaleStore::connect(database.url(), TimescaleOptions::default());
        let refused = tokio::time::timeout(Duration::from_secs(60), connect_once).await.expect("it gives up");
        let refused = refused.err().expect("the events are locked");
        assert!(refused.is_temporary() && refused.to_string().contains("holds a lock"), "{refused}");
        writer.run(DATA).await;
        reader.run("COMMIT").await;
        use_migrated(&connect(&database).await).await;
    }

    /// Without rewriting its events: the files of the chunks stay.
    #[tokio::test]
    async fn a_database_of_each_earlier_version_is_brought_up_to_date() {
        for known in 3..=MIGRATIONS.len() {
            let database = FreshDatabase::create().await;
            let mut old = Shell::on(&database).await;
            old.run(&schema_of(known)).await;
            old.run(DATA).await;
            let files = "SELECT string_agg(pg_relation_filenode(chunk)::text, ',') FROM show_chunks('events') AS chunk";
            let before = old.ask(files).await;

            let store = connect(&database).await;
            use_migrated(&store).await;
            assert_eq!(old.ask(files).await, before);
            store.close().await;
            connect(&database).await;
        }
    }
}
