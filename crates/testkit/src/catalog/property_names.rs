//! Names of properties.

use std::collections::BTreeSet;

use analytics_domain::ports::{CatalogError, MAX_PROPERTY_NAMES};

use super::{Arc, Micros, ProjectId, Store, create};

async fn admit(store: &Store, project: ProjectId, names: &[&str]) -> BTreeSet<String> {
    let names = store.admit_property_names(project, names, Micros(1)).await;
    names.expect("the catalog works").expect("the project exists")
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Byte by byte, and however often they are asked for; another project has its own.
pub async fn names_of_properties_are_kept_once_and_given_back(store: &Store) {
    let (web, app) = (create(store, "web").await.id, create(store, "app").await.id);
    assert_eq!(admit(store, web, &[]).await, set(&[]));
    // Composed and decomposed, upper and lower case, with and without a space: different ones.
    let odd = ["plan", "Plan", "plan ", "\u{e9}", "e\u{301}", "", "\"';\\{},", "\u{1f6d2}\n"];
    assert_eq!(admit(store, web, &odd).await, set(&odd));
    assert_eq!(admit(store, web, &["plan", "plan", "size"]).await, set(&[&odd[..], &["size"]].concat()));
    assert_eq!(admit(store, web, &[]).await, set(&[&odd[..], &["size"]].concat()));
    assert_eq!(admit(store, app, &["size"]).await, set(&["size"]));
}

/// The first ones of a call get the room that is left, and asking for more changes nothing.
pub async fn a_project_has_no_more_names_of_properties_than_it_may(store: &Store) {
    let (web, app) = (create(store, "web").await.id, create(store, "app").await.id);
    let names: Vec<String> = (1..MAX_PROPERTY_NAMES).map(|number| format!("name{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(admit(store, web, &names).await, set(&names));
    let full = set(&[&names[..], &["z"]].concat());
    assert_eq!(full.len(), MAX_PROPERTY_NAMES);
    assert_eq!(admit(store, web, &["name5", "z", "a", "b"]).await, full);
    assert_eq!(admit(store, web, &["a"]).await, full);
    assert_eq!(admit(store, app, &["a"]).await, set(&["a"]));
    // All in one call.
    let more = create(store, "more").await.id;
    assert_eq!(admit(store, more, &[&names[..], &["z", "a", "b"]].concat()).await, full);
}

/// Not an error.
pub async fn a_project_that_does_not_exist_has_no_names_of_properties(store: &Store) {
    let unknown = ProjectId(create(store, "web").await.id.0 + 1);
    assert_eq!(store.admit_property_names(unknown, &["plan"], Micros(1)).await, Ok(None));
    assert_eq!(store.admit_property_names(unknown, &[], Micros(1)).await, Ok(None));
}

/// Collectors ask for different names, and some for the same, in different orders. What one of them was told stays.
pub async fn names_of_properties_asked_for_at_the_same_time_stay_within_the_limit(store: &Store) {
    let (web, app) = (create(store, "web").await.id, create(store, "app").await.id);
    let tasks: Vec<_> = (0..8)
        .map(|collector: usize| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let mut told = BTreeSet::new();
                for round in 0..8 {
                    let mut names: Vec<String> = (0..10).map(|number| format!("shared {round} {number}")).collect();
                    names.extend((0..30).map(|number| format!("{collector} {round} {number}")));
                    if collector.is_multiple_of(2) {
                        names.reverse();
                    }
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    let known = store.admit_property_names(web, &names, Micros(1)).await?.unwrap_or_default();
                    assert!(known.is_superset(&told), "names went away");
                    told = known;
                }
                Ok::<_, CatalogError>(told)
            })
        })
        .collect();
    let mut told = BTreeSet::new();
    for task in tasks {
        told.append(&mut task.await.expect("the task ends").expect("the catalog works"));
    }
    assert_eq!(told.len(), MAX_PROPERTY_NAMES, "2,000 were asked for");
    assert_eq!(admit(store, web, &[]).await, told);
    assert_eq!(admit(store, app, &[]).await, set(&[]));
}
