//! An event that the store refuses, from the command line: found, explained, exported, tried again and at last stored.

use std::io::Write as _;

use analytics_domain::{Clock as _, SystemClock};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::NamedTempFile;
use uuid::Uuid;

use crate::{
    support::{Deployment, Truth, block_on, in_both_modes},
    wrong_input::assert_says,
};

#[test]
fn what_the_store_refuses_is_kept_until_it_can_be_stored() {
    in_both_modes(assert_poison_is_looked_after);
}

fn assert_poison_is_looked_after(platform: &dyn Deployment) {
    platform.create_project("web", "UTC");
    let refusal = Refusal::of("poison").made(&platform.truth());
    let (good, poison) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    send(platform, &[(&good, "fine"), (&poison, "poison")]);
    // A processor tries a few times before it believes that the event is at fault.
    while quarantined(platform).is_empty() {}

    let listed = quarantined(platform);
    assert_eq!((listed.len(), &listed[0]["eventId"]), (1, &Value::from(poison.as_str())));
    assert_eq!(listed[0]["project"], "projects/web");
    let name = listed[0]["name"].as_str().expect("a name").to_owned();
    let number = name.strip_prefix("quarantinedEvents/").expect("a number");
    assert_says(&platform.analytics(&["quarantine", "list", "--project", "web"]).success(), &[number, &poison, "web"]);
    assert_says(&platform.analytics(&["quarantine", "show", number]).success(), &[&poison, "bytes", "Why"]);
    assert_eq!(platform.analytics(&["quarantine", "show", &name, "--json"]).json(), listed[0]);

    let file = tempfile::tempdir().expect("a directory");
    let path = file.path().join("export.ndjson");
    let export = ["quarantine", "export", "--output", path.to_str().expect("UTF-8")];
    platform.analytics(&export).success();
    let exported = std::fs::read_to_string(&path).expect("it was written");
    assert_eq!(exported, platform.analytics(&["quarantine", "export"]).success());
    let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines, listed);
    assert!(lines[0]["record"].as_str().expect("base64").len() > 40);
    assert_says(&platform.analytics(&export).failure(), &["export.ndjson cannot be made"]);

    assert_eq!(steps(platform, &poison).last().map(String::as_str), Some("TRACE_STEP_KIND_QUARANTINED"));
    assert_says(&platform.analytics(&["trace", &poison, "--project", "web"]).success(), &["accepted", "quarantined"]);

    let refused = platform.analytics(&["quarantine", "replay", number]);
    assert_says(&refused.stdout, &["0 stored", "1 still refused", number]);
    assert_says(&refused.failure(), &["1 of them are still refused and stay in quarantine"]);
    let summary = platform.analytics(&["quarantine", "replay", "--all", "--json"]);
    assert_eq!(summary.code, Some(1), "a script must notice");
    let summary: Value = serde_json::from_str(&summary.stdout).expect("JSON");
    assert_eq!((&summary["stored"], &summary["refused"][0]["name"]), (&0.into(), &Value::from(name.as_str())));

    refusal.ended(&platform.truth());
    let summary = platform.analytics(&["quarantine", "replay", "--all", "--project", "web"]).success();
    assert_says(&summary, &["1 stored, 0 stored before, 0 still refused"]);
    assert!(quarantined(platform).is_empty());
    for id in [&good, &poison] {
        let traced = platform.analytics(&["trace", id, "--project", "web", "--json"]).json();
        assert_eq!(traced["stored"].as_array().map(Vec::len), Some(1), "{traced}");
    }
    let gone = platform.analytics(&["quarantine", "replay", number]).failure();
    assert_says(&gone, &["1 of them are not in quarantine"]);
    assert_says(&platform.analytics(&["quarantine", "delete", number]).failure(), &["not in quarantine"]);
    assert_says(&platform.analytics(&["quarantine", "show", number]).failure(), &[&name, "analytics quarantine list"]);
}

#[test]
fn what_nobody_wants_is_thrown_away_and_an_unknown_event_is_told() {
    in_both_modes(assert_quarantine_is_emptied);
}

fn assert_quarantine_is_emptied(platform: &dyn Deployment) {
    platform.create_project("web", "UTC");
    Refusal::of("poison").made(&platform.truth());
    let ids: [String; 3] = std::array::from_fn(|_| Uuid::now_v7().to_string());
    send(platform, &[(&ids[0], "poison"), (&ids[1], "poison"), (&ids[2], "poison")]);
    while quarantined(platform).len() < 3 {}
    let first = quarantined(platform)[0]["name"].as_str().expect("a name").to_owned();
    let limited = platform.analytics(&["quarantine", "list", "--limit", "2"]).success();
    assert_says(&limited, &["There are more"]);
    assert_says(&platform.analytics(&["quarantine", "delete", &first]).success(), &["Deleted 1."]);
    let deleted = platform.analytics(&["quarantine", "delete", "--all", "--json"]).json();
    assert_eq!(deleted["deletedCount"], "2");
    assert!(quarantined(platform).is_empty());

    let unknown = platform.analytics(&["trace", &Uuid::now_v7().to_string(), "--project", "web"]).failure();
    assert_says(&unknown, &["nothing is known of event", "within the last 24 hours"]);
    assert_says(&platform.analytics(&["trace", "7", "--project", "web"]).failure(), &["event_id", "UUID"]);
}

/// A rule of the database that refuses events of a name.
struct Refusal(&'static str);

impl Refusal {
    fn of(name: &'static str) -> Self {
        Self(name)
    }

    fn made(self, truth: &Truth) -> Self {
        let name = self.0;
        match truth {
            Truth::Embedded(_) => run(
                truth,
                format!(
                    "CREATE TRIGGER refusal BEFORE INSERT ON events WHEN NEW.name = '{name}' \
                     BEGIN SELECT RAISE(ABORT, 'refused'); END"
                ),
            ),
            Truth::Services(_) => run(
                truth,
                format!(
                    "CREATE FUNCTION refusal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     IF NEW.name = '{name}' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$; \
                     CREATE TRIGGER refusal BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refusal()"
                ),
            ),
        }
        self
    }

    fn ended(self, truth: &Truth) {
        let table = if matches!(truth, Truth::Services(_)) { " ON events" } else { "" };
        run(truth, format!("DROP TRIGGER refusal{table}"));
    }
}

fn run(truth: &Truth, sql: String) {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql));
    block_on(async {
        match truth {
            Truth::Embedded(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                let mut database = SqliteConnection::connect_with(&options).await.expect("the file");
                sql.execute(&mut database).await.map(drop)
            }
            Truth::Services(backends) => {
                let mut database = PgConnection::connect(&backends.database_url).await.expect("the database");
                sql.execute(&mut database).await.map(drop)
            }
        }
    })
    .expect("it is SQL");
}

/// Sends events of these ids and names.
fn send(platform: &dyn Deployment, events: &[(&String, &str)]) {
    let now = jiff::Timestamp::from_microsecond(SystemClock.now().0).expect("an instant");
    let mut file = NamedTempFile::new().expect("a file");
    for (id, name) in events {
        let line = format!(
            "{{\"eventId\":\"{id}\",\"occurredAt\":\"{now}\",\"kind\":\"EVENT_KIND_CUSTOM\",\"name\":\"{name}\",\
             \"url\":\"https://example.org/\"}}"
        );
        writeln!(file, "{line}").expect("writable");
    }
    let path = file.path().to_str().expect("UTF-8");
    platform.analytics(&["import", "events", path, "--project", "web"]).success();
}

fn quarantined(platform: &dyn Deployment) -> Vec<Value> {
    let mut listed = platform.analytics(&["quarantine", "list", "--json"]).json();
    listed["quarantinedEvents"].as_array_mut().map(std::mem::take).unwrap_or_default()
}

fn steps(platform: &dyn Deployment, id: &str) -> Vec<String> {
    let traced = platform.analytics(&["trace", id, "--project", "web", "--json"]).json();
    let steps = traced["steps"].as_array().cloned().unwrap_or_default();
    steps.iter().map(|step| step["kind"].as_str().expect("a kind").to_owned()).collect()
}
