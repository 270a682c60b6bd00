//! What every catalog does.

mod keys;
mod projects;
mod property_names;
mod settings;

use std::sync::Arc;

use analytics_domain::{
    ApiKey, ApiKeyScope, ApiKeySecretHash, DurationMs, KeyId, Micros, NewApiKey, NewProject, Project, ProjectId,
    ProjectName, WeekStart, Zone, ports::Catalog,
};

pub use self::{keys::*, projects::*, property_names::*, settings::*};
use crate::fresh::suite;

suite! {
    $
    /// Runs the catalog suite. Takes the path of an `async fn() -> Fresh<dyn Catalog>`.
    catalog_suite of catalog:
    a_project_is_read_back_as_it_was_created,
    a_project_that_does_not_exist_is_none,
    a_taken_name_is_refused_and_the_first_project_stays,
    names_created_at_the_same_time_are_given_once,
    projects_are_listed_by_name_in_pages,
    a_key_is_read_back_as_it_was_created,
    a_key_that_does_not_exist_is_none,
    keys_are_listed_newest_first_in_pages,
    the_keys_of_one_project_are_listed_alone,
    a_revoked_key_is_found_with_the_time_of_its_first_revocation,
    the_ingest_settings_of_a_project_are_read_back,
    an_updated_project_has_the_new_settings_and_all_else_as_before,
    a_project_or_key_that_does_not_exist_is_not_updated,
    the_limits_of_a_key_are_read_back,
    an_updated_key_has_the_new_limits_and_all_else_as_before,
    the_last_use_of_a_key_is_the_latest_that_was_noted,
    uses_noted_at_the_same_time_all_count,
    updates_at_the_same_time_leave_one_of_them,
    changes_of_different_settings_at_the_same_time_all_hold,
    names_of_properties_are_kept_once_and_given_back,
    a_project_has_no_more_names_of_properties_than_it_may,
    a_project_that_does_not_exist_has_no_names_of_properties,
    names_of_properties_asked_for_at_the_same_time_stay_within_the_limit,
}

/// The catalog under test.
type Store = Arc<dyn Catalog>;

fn name(text: &str) -> ProjectName {
    text.parse().expect("the name is well-formed")
}

fn new_project(text: &str) -> NewProject {
    NewProject {
        name: name(text),
        zone: Zone::utc(),
        week_start: WeekStart::Monday,
        session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
        lateness: NewProject::DEFAULT_LATENESS,
        user_hash_secret: [7; 32],
        create_time: Micros(1_700_000_000_000_001),
        ingest: Default::default(),
    }
}

async fn create(store: &Store, text: &str) -> Project {
    store.create_project(new_project(text)).await.expect("the catalog works")
}

fn new_key(id: &str, project: Option<ProjectId>, create_time: i64) -> NewApiKey {
    let mut secret_hash = [0; 32];
    secret_hash[..id.len()].copy_from_slice(id.as_bytes());
    ApiKey {
        id: KeyId(id.to_owned()),
        secret_hash: ApiKeySecretHash(secret_hash),
        project,
        scopes: vec![ApiKeyScope::Ingest],
        display_name: format!("key {id}"),
        last_four: "wxyz".to_owned(),
        create_time: Micros(create_time),
        revoke_time: None,
        limits: Default::default(),
        last_use_time: None,
    }
}
