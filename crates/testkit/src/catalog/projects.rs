//! Projects.

use super::{
    Arc, DurationMs, Micros, NewProject, Project, ProjectId, ProjectName, Store, WeekStart, Zone, create, name,
    new_project,
};
use analytics_domain::ports::CatalogError;

/// By name and by number, with every setting.
pub async fn a_project_is_read_back_as_it_was_created(store: &Store) {
    for (index, (zone, week_start)) in
        [("Europe/Berlin", WeekStart::Monday), ("Pacific/Apia", WeekStart::Sunday), ("UTC", WeekStart::Sunday)]
            .into_iter()
            .enumerate()
    {
        let new = NewProject {
            name: name(&format!("project-{index}")),
            zone: Zone::named(zone).expect("the zone exists"),
            week_start,
            session_timeout: DurationMs(1),
            lateness: DurationMs(i64::MAX),
            user_hash_secret: [index as u8; 32],
            create_time: Micros(1_700_000_000_000_001 + index as i64),
            ingest: Default::default(),
        };
        let created = store.create_project(new.clone()).await.expect("the catalog works");
        assert!(created.id.0 > 0);
        let expected = Project {
            id: created.id,
            name: new.name.clone(),
            zone: new.zone,
            week_start: new.week_start,
            session_timeout: new.session_timeout,
            lateness: new.lateness,
            user_hash_secret: new.user_hash_secret,
            create_time: new.create_time,
            ingest: Default::default(),
        };
        assert_eq!(created, expected);
        assert_eq!(store.project_by_name(&new.name).await.as_ref(), Ok(&Some(expected.clone())));
        assert_eq!(store.project_by_id(created.id).await, Ok(Some(expected)));
    }
}

/// Not an error.
pub async fn a_project_that_does_not_exist_is_none(store: &Store) {
    let created = create(store, "web").await;
    assert_eq!(store.project_by_name(&name("we")).await, Ok(None));
    assert_eq!(store.project_by_id(ProjectId(created.id.0 + 1)).await, Ok(None));
}

/// With everything that it has.
pub async fn a_taken_name_is_refused_and_the_first_project_stays(store: &Store) {
    let first = create(store, "web").await;
    let again = NewProject { lateness: DurationMs(1), ..new_project("web") };
    assert_eq!(store.create_project(again).await, Err(CatalogError::ProjectExists(name("web"))));
    assert_eq!(store.project_by_name(&name("web")).await, Ok(Some(first.clone())));
    let next = create(store, "app").await;
    assert_ne!(next.id, first.id);
}

/// Each to one caller.
pub async fn names_created_at_the_same_time_are_given_once(store: &Store) {
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let store = Arc::clone(store);
            tokio::spawn(async move { store.create_project(new_project("web")).await })
        })
        .collect();
    let mut created = 0;
    for task in tasks {
        match task.await.expect("the task ends") {
            Ok(_) => created += 1,
            Err(error) => assert_eq!(error, CatalogError::ProjectExists(name("web"))),
        }
    }
    assert_eq!(created, 1);
}

/// In the order of bytes, whatever the locale of the machine says about hyphens.
pub async fn projects_are_listed_by_name_in_pages(store: &Store) {
    let names = ["a", "a-z", "a0", "ab", "b", "b-"];
    for text in ["b", "ab", "a", "b-", "a0", "a-z"] {
        create(store, text).await;
    }
    for limit in [1, 2, 5, 6, 100] {
        let mut after: Option<ProjectName> = None;
        let mut listed = Vec::new();
        loop {
            let page = store.list_projects(after.as_ref(), limit).await.expect("the catalog works");
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            after = Some(last.name.clone());
            listed.extend(page.into_iter().map(|project| project.name.to_string()));
            assert!(listed.len() <= names.len(), "pages of {limit} repeat projects");
        }
        assert_eq!(listed, names, "in pages of {limit}");
    }
    let after_none_of_them = store.list_projects(Some(&name("aa")), 1).await.expect("the catalog works");
    assert_eq!(after_none_of_them[0].name, name("ab"));
}
