//! What can be changed of projects and keys later.

use analytics_domain::{
    ApiKeyLimits, ApiKeySettings, ConsentPolicy, DatacenterPolicy, IngestSettings, ProjectSettings, VisitorMode,
    ports::CatalogError,
};

use super::{ApiKey, Arc, DurationMs, KeyId, Micros, NewProject, Project, ProjectId, Store, WeekStart, create, name};
use super::{new_key, new_project};

/// With another value than the default in every field, and texts that a store could trip over.
fn full_settings() -> IngestSettings {
    let networks = |of: &[&str]| of.iter().map(|network| network.parse().expect("it is a network")).collect();
    let texts = |of: &[&str]| of.iter().map(|&text| text.to_owned()).collect();
    IngestSettings {
        consent: ConsentPolicy::Drop,
        visitor_mode: VisitorMode::RandomPerRequest,
        datacenters: DatacenterPolicy::Filter,
        own_networks: networks(&["192.0.2.7/32", "2001:db8::/32"]),
        blocked_networks: networks(&["0.0.0.0/0", "198.51.100.0/24", "::1/128"]),
        blocked_user_agents: texts(&["b\u{f6}t", "\"quoted\\", "'; DROP TABLE projects; --"]),
        blocked_pages: texts(&["/intern/*", "", "/\u{1f6d2}?"]),
        kept_query_parameters: texts(&["article", "p"]),
    }
}

fn full_limits() -> ApiKeyLimits {
    ApiKeyLimits {
        origins: vec!["https://example.com".to_owned(), "http://localhost:3000".to_owned()],
        expire_time: Some(Micros(1_800_000_000_000_001)),
        events_per_second: Some(u32::MAX),
        bytes_per_second: Some(u64::MAX),
    }
}

/// Every field and every choice of each.
pub async fn the_ingest_settings_of_a_project_are_read_back(store: &Store) {
    let mut all = vec![IngestSettings::default(), full_settings()];
    all.extend(ConsentPolicy::ALL.iter().map(|&consent| IngestSettings { consent, ..full_settings() }));
    all.extend(VisitorMode::ALL.iter().map(|&visitor_mode| IngestSettings { visitor_mode, ..full_settings() }));
    all.extend(DatacenterPolicy::ALL.iter().map(|&datacenters| IngestSettings { datacenters, ..full_settings() }));
    for (index, ingest) in all.into_iter().enumerate() {
        let new = NewProject { ingest: ingest.clone(), ..new_project(&format!("project-{index}")) };
        let created = store.create_project(new).await.expect("the catalog works");
        assert_eq!(created.ingest, ingest);
        assert_eq!(store.project_by_id(created.id).await, Ok(Some(created)));
    }
}

/// The settings; neither its name, zone, session timeout and secret nor another project. A field can be set back to nothing.
pub async fn an_updated_project_has_the_new_settings_and_all_else_as_before(store: &Store) {
    let before = create(store, "web").await;
    let other = create(store, "app").await;
    let updates = [
        ProjectSettings { week_start: WeekStart::Sunday, lateness: DurationMs(1), ingest: full_settings() },
        ProjectSettings {
            week_start: WeekStart::Sunday,
            lateness: DurationMs(i64::MAX),
            ingest: IngestSettings::default(),
        },
    ];
    for settings in updates {
        let ProjectSettings { week_start, lateness, ingest } = settings.clone();
        let expected = Project { week_start, lateness, ingest, ..before.clone() };
        assert_eq!(store.update_project(before.id, Box::new(|_| settings)).await.as_ref(), Ok(&Some(expected.clone())));
        assert_eq!(store.project_by_name(&before.name).await, Ok(Some(expected)));
    }
    assert_eq!(store.project_by_name(&name("app")).await, Ok(Some(other)));
}

/// Not an error.
pub async fn a_project_or_key_that_does_not_exist_is_not_updated(store: &Store) {
    let project = create(store, "web").await;
    let settings = ProjectSettings { week_start: WeekStart::Sunday, lateness: DurationMs(1), ingest: full_settings() };
    assert_eq!(store.update_project(ProjectId(project.id.0 + 1), Box::new(|_| settings)).await, Ok(None));
    let settings = ApiKeySettings { display_name: String::new(), limits: full_limits() };
    assert_eq!(store.update_key(&KeyId("nobody".to_owned()), Box::new(|_| settings)).await, Ok(None));
    assert_eq!(store.project_by_id(project.id).await, Ok(Some(project)));
}

/// Every limit, and when it was last used.
pub async fn the_limits_of_a_key_are_read_back(store: &Store) {
    let keys = [
        ApiKey { limits: full_limits(), last_use_time: Some(Micros(3)), ..new_key("full", None, 1) },
        ApiKey {
            limits: ApiKeyLimits { events_per_second: Some(0), ..ApiKeyLimits::default() },
            ..new_key("one", None, 2)
        },
        ApiKey { limits: ApiKeyLimits { origins: vec![String::new()], ..full_limits() }, ..new_key("odd", None, 3) },
    ];
    for key in keys {
        assert_eq!(store.create_key(key.clone()).await.as_ref(), Ok(&key));
        assert_eq!(store.key_by_secret(&key.secret_hash).await, Ok(Some(key)));
    }
}

/// The name and the limits; not its secret, scopes, times of use and revocation, nor another key. A limit can be lifted again.
pub async fn an_updated_key_has_the_new_limits_and_all_else_as_before(store: &Store) {
    let before = ApiKey { revoke_time: Some(Micros(9)), last_use_time: Some(Micros(5)), ..new_key("a", None, 1) };
    let other = new_key("b", None, 1);
    for key in [&before, &other] {
        store.create_key(key.clone()).await.expect("the catalog works");
    }
    let updates = [
        ApiKeySettings { display_name: "web, \u{1f6d2}".to_owned(), limits: full_limits() },
        ApiKeySettings { display_name: String::new(), limits: ApiKeyLimits::default() },
    ];
    for settings in updates {
        let ApiKeySettings { display_name, limits } = settings.clone();
        let expected = ApiKey { display_name, limits, ..before.clone() };
        assert_eq!(store.update_key(&before.id, Box::new(|_| settings)).await.as_ref(), Ok(&Some(expected.clone())));
        assert_eq!(store.key_by_id(&before.id).await, Ok(Some(expected)));
    }
    assert_eq!(store.key_by_id(&other.id).await, Ok(Some(other)));
}

/// In whatever order they are noted, several times in one call too.
pub async fn the_last_use_of_a_key_is_the_latest_that_was_noted(store: &Store) {
    let (key, other) = (new_key("a", None, 1), new_key("b", None, 1));
    for key in [&key, &other] {
        store.create_key(key.clone()).await.expect("the catalog works");
    }
    let id = |text: &str| KeyId(text.to_owned());
    let noted = async |uses: &[(KeyId, Micros)]| {
        store.note_key_uses(uses).await.expect("the catalog works");
        store.key_by_id(&id("a")).await.expect("the catalog works").and_then(|key| key.last_use_time)
    };
    assert_eq!(noted(&[]).await, None);
    assert_eq!(noted(&[(id("unknown"), Micros(7)), (id("a"), Micros(20))]).await, Some(Micros(20)));
    assert_eq!(noted(&[(id("a"), Micros(10))]).await, Some(Micros(20)), "an earlier use came later");
    assert_eq!(noted(&[(id("a"), Micros(30)), (id("a"), Micros(40)), (id("a"), Micros(35))]).await, Some(Micros(40)));
    assert_eq!(store.key_by_id(&other.id).await, Ok(Some(other)));
    let expected = ApiKey { last_use_time: Some(Micros(40)), ..key.clone() };
    assert_eq!(store.key_by_id(&key.id).await, Ok(Some(expected)));
}

/// Servers that note the uses of the same keys in different orders do not wait for each other for ever, and the latest stays.
pub async fn uses_noted_at_the_same_time_all_count(store: &Store) {
    let keys: Vec<KeyId> = (0..20).map(|number| KeyId(format!("key{number}"))).collect();
    for key in &keys {
        store.create_key(new_key(&key.0, None, 1)).await.expect("the catalog works");
    }
    let tasks: Vec<_> = (0..8_i64)
        .map(|server| {
            let (store, keys) = (Arc::clone(store), keys.clone());
            tokio::spawn(async move {
                for round in 0..10 {
                    let time = Micros(100 * round + server);
                    let mut uses: Vec<_> = keys.iter().map(|key| (key.clone(), time)).collect();
                    if server % 2 == 0 {
                        uses.reverse();
                    }
                    store.note_key_uses(&uses).await?;
                }
                Ok::<_, CatalogError>(())
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("the task ends"), Ok(()));
    }
    for key in &keys {
        let key = store.key_by_id(key).await.expect("the catalog works").expect("the key exists");
        assert_eq!(key.last_use_time, Some(Micros(907)));
    }
}

/// Each update is there whole or not at all: no mixture of two.
pub async fn updates_at_the_same_time_leave_one_of_them(store: &Store) {
    let project = create(store, "web").await;
    let settings = |number: i64| ProjectSettings {
        week_start: WeekStart::Monday,
        lateness: DurationMs(number),
        ingest: IngestSettings { blocked_pages: vec![number.to_string()], ..IngestSettings::default() },
    };
    let tasks: Vec<_> = (1..=8)
        .map(|number| {
            let (store, id) = (Arc::clone(store), project.id);
            tokio::spawn(async move { store.update_project(id, Box::new(move |_| settings(number))).await })
        })
        .collect();
    for task in tasks {
        let updated = task.await.expect("the task ends").expect("the catalog works").expect("the project exists");
        assert_eq!(updated.ingest.blocked_pages, [updated.lateness.0.to_string()]);
    }
    let left = store.project_by_id(project.id).await.expect("the catalog works").expect("the project exists");
    assert!((1..=8).contains(&left.lateness.0));
    assert_eq!(left.ingest, settings(left.lateness.0).ingest);
}

/// Of projects and keys: each change starts from what the one before left.
pub async fn changes_of_different_settings_at_the_same_time_all_hold(store: &Store) {
    let project = create(store, "web").await;
    let key = store.create_key(new_key("a", None, 1)).await.expect("the catalog works");
    let (project, key) = (project.id, key.id);
    let tasks: Vec<_> = (0..8)
        .map(|number: usize| {
            let (store, key) = (Arc::clone(store), key.clone());
            tokio::spawn(async move {
                let change = move |before: Project| {
                    let Project { week_start, lateness, mut ingest, .. } = before;
                    ingest.blocked_pages.push(format!("/{number}"));
                    ProjectSettings { week_start, lateness: DurationMs(lateness.0 + 1), ingest }
                };
                store.update_project(project, Box::new(change)).await?;
                let change = move |before: ApiKey| {
                    let ApiKey { display_name, mut limits, .. } = before;
                    limits.origins.push(format!("https://{number}.example"));
                    ApiKeySettings { display_name: display_name + "+", limits }
                };
                store.update_key(&key, Box::new(change)).await.map(drop)
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("the task ends"), Ok(()));
    }
    let mut project = store.project_by_id(project).await.expect("the catalog works").expect("the project exists");
    project.ingest.blocked_pages.sort_unstable();
    assert_eq!(project.ingest.blocked_pages, ["/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7"]);
    assert_eq!(project.lateness, DurationMs(NewProject::DEFAULT_LATENESS.0 + 8));
    let key = store.key_by_id(&key).await.expect("the catalog works").expect("the key exists");
    assert_eq!((key.limits.origins.len(), key.display_name.as_str()), (8, "key a++++++++"));
}
