//! Two tenants, a key of each kind, and something to find.

use std::io::Write as _;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::rows::{Row, Scope};
use crate::support::Deployment;

/// Whose data nobody else may see.
pub(super) const VICTIM: &str = "victim";
/// An event of it.
pub(super) const EVENT_ID: &str = "0190163d-8694-739b-aea5-966c26f8ad91";
/// The page of that event.
const PAGE: &str = "/known-to-nobody";

pub(super) struct Keys {
    /// Of the victim, one for each scope.
    own: [String; 4],
    /// Reaches all.
    pub(super) root: String,
    /// Of another project, with all scopes.
    pub(super) stranger: String,
    /// Of the victim with all scopes, each refused for another reason.
    pub(super) revoked: String,
    pub(super) expired: String,
    /// Works from the victim's page only.
    pub(super) of_page: String,
    /// Of another installation.
    pub(super) unknown: String,
    /// The name of a key of the victim that calls are about.
    pub(super) target: String,
}

impl Keys {
    pub(super) fn make(platform: &dyn Deployment) -> Self {
        platform.create_project(VICTIM, "UTC");
        platform.create_project("stranger", "UTC");
        import(platform);
        let own = Scope::ALL.map(|scope| secret_of(&create(platform, VICTIM, &[scope], &[])));
        let revoked = create(platform, VICTIM, &Scope::ALL, &[]);
        platform.analytics(&["key", "revoke", &name_of(&revoked)]).success();
        let expired = secret_of(&create(platform, VICTIM, &Scope::ALL, &["--expires-in", "1s"]));
        // Asked until its second is over; the runner's own limit is the only other end.
        while platform.analytics_by(&expired, &["project", "list"]).code == Some(0) {}
        let page = ["--origin", "https://victim.example"];
        let unknown = "ak_003gw58w4cn32e1z8s6n8pv2d5r7ezm5hj9sn8d8nyvbvh6btbcgz7gc";
        Self {
            own,
            root: platform.admin_key(),
            stranger: secret_of(&create(platform, "stranger", &Scope::ALL, &[])),
            revoked: secret_of(&revoked),
            expired,
            of_page: secret_of(&create(platform, VICTIM, &Scope::ALL, &page)),
            unknown: unknown.to_owned(),
            target: name_of(&create(platform, VICTIM, &[Scope::Query], &["--display-name", "victims own"])),
        }
    }

    pub(super) fn of(&self, scope: Scope) -> &str {
        &self.own[scope as usize]
    }

    /// Fails when something says what only the victim may know. What a caller asked about it knew already.
    #[track_caller]
    pub(super) fn assert_nothing_told(&self, row: &Row, told: &str) {
        let asked = String::from_utf8_lossy(&row.message);
        for secret in [VICTIM, PAGE, "victims own", &self.target].into_iter().filter(|secret| !asked.contains(secret)) {
            assert!(!told.contains(secret), "{} tells `{secret}`: {told}", row.path);
        }
    }

    /// All that calls could have changed, but for when keys were used.
    pub(super) fn everything(&self, platform: &dyn Deployment) -> [Value; 4] {
        let mut keys = platform.analytics(&["key", "list", "--json"]).json();
        for key in keys["apiKeys"].as_array_mut().expect("keys") {
            key.as_object_mut().expect("a key").remove("lastUseTime");
        }
        let projects = platform.analytics(&["project", "list", "--json"]).json();
        let counts = platform.analytics(&["project", "counts", VICTIM, "--json"]).json();
        let quarantine = platform.analytics(&["quarantine", "list", "--json"]).json();
        [keys, projects, counts, quarantine]
    }
}

fn create(platform: &dyn Deployment, project: &str, scopes: &[Scope], more: &[&str]) -> Value {
    let mut arguments = vec!["key", "create", "--json", "--project", project];
    arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope.name()]));
    arguments.extend(more);
    platform.analytics(&arguments).json()
}

fn secret_of(created: &Value) -> String {
    created["secret"].as_str().expect("shown once").to_owned()
}

fn name_of(created: &Value) -> String {
    created["apiKey"]["name"].as_str().expect("a name").to_owned()
}

fn import(platform: &dyn Deployment) {
    let mut file = NamedTempFile::new().expect("a file");
    let line = format!(
        "{{\"eventId\":\"{EVENT_ID}\",\"occurredAt\":\"2024-06-14T09:30:00Z\",\"kind\":\"EVENT_KIND_VIEW\",\
         \"url\":\"https://victim.example{PAGE}\"}}"
    );
    writeln!(file, "{line}").expect("writable");
    let path = file.path().to_str().expect("UTF-8");
    platform.analytics(&["import", "events", path, "--project", VICTIM]).success();
}
