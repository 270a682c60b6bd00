//! Servers below the services that cannot be used as they are: what mends itself is waited for, and everything else ends the start
//! with words that say what to do.

use std::net::{Ipv4Addr, SocketAddr};

use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient, query_service_client::QueryServiceClient};
use analytics_testkit::{
    FreshDatabase,
    servers::{PrivatePostgres, PrivateRedis, free_port},
};
use tempfile::TempDir;
use tonic::{Code, Status};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tonic_types::StatusExt as _;

use crate::{
    calls::{channel, reason_of},
    support::{
        Backends, Outcome, Service, analytics_with, block_on, get, outcome_of, settings_of, wait_until_ready_is,
    },
    truth::execute,
    wrong_input::assert_says,
};

/// Addresses at which nobody listens, and a secret.
struct Nowhere {
    backends: Backends,
    home: TempDir,
}

impl Nowhere {
    fn new() -> Self {
        let home = TempDir::new().expect("a directory");
        std::fs::write(home.path().join("secret"), [7; 32]).expect("writable");
        let address = || SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let backends = Backends {
            database_url: format!("postgres://postgres@{}/postgres", address()),
            redis_url: format!("redis://{}", address()),
            ephemeral_redis_url: format!("redis://{}", address()),
            redis_prefix: "analytics".to_owned(),
        };
        Self { backends, home }
    }

    /// A process of the role over these servers.
    fn service(&self, role: &'static str) -> Service {
        Service::new(role, settings_of(&self.backends, &self.home))
    }

    /// What a process of the role says before it ends.
    #[track_caller]
    fn refusal(&self, role: &'static str) -> String {
        outcome_of(self.service(role).command()).failure()
    }

    fn setup(&self) -> Outcome {
        outcome_of(analytics_with(&["setup"], &[("database_url", &self.backends.database_url)]))
    }
}

#[test]
fn a_redis_that_may_lose_the_log_is_refused() {
    let mut nowhere = Nowhere::new();
    let evicting = [PrivateRedis::DURABLE, &["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]].concat();
    let unfit: [(&[&str], &str); 3] = [
        (&["--appendonly", "yes", "--appendfsync", "everysec"], "appendfsync"),
        (PrivateRedis::EPHEMERAL, "appendonly"),
        (&evicting, "maxmemory-policy"),
    ];
    for (arguments, setting) in unfit {
        let redis = PrivateRedis::start(arguments);
        nowhere.backends.redis_url = redis.url();
        for role in ["collector", "processor"] {
            let address = format!("127.0.0.1:{}", redis.port());
            assert_says(&nowhere.refusal(role), &[&address, "must lose nothing", setting, "unsafe_allow_log_loss"]);
        }
    }
}

#[test]
fn a_redis_that_may_keep_salts_is_refused() {
    let mut nowhere = Nowhere::new();
    let redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let keeping = PrivateRedis::start(PrivateRedis::DURABLE);
    nowhere.backends.redis_url = redis.url();
    nowhere.backends.ephemeral_redis_url = keeping.url();
    let address = format!("127.0.0.1:{}", keeping.port());
    let said = nowhere.refusal("collector");
    assert_says(&said, &[&address, "must never reach a disk", "appendonly", "unsafe_allow_salts_on_disk"]);

    nowhere.backends.ephemeral_redis_url = redis.url();
    assert_says(&nowhere.refusal("collector"), &["redis_url", "ephemeral_redis_url"]);
}

#[test]
fn a_database_that_is_not_ours_or_newer_is_refused() {
    let mut nowhere = Nowhere::new();
    let database = block_on(FreshDatabase::create());
    database.url().clone_into(&mut nowhere.backends.database_url);
    execute(database.url(), "CREATE TABLE customers (id int)");
    assert_says(
        &nowhere.setup().failure(),
        &[database.name(), "another program", "customers", "a database of its own"],
    );

    execute(database.url(), "DROP TABLE customers");
    nowhere.setup().success();
    execute(database.url(), "INSERT INTO analytics_migrations (number, name) VALUES (9000, '9000_later')");
    let newer = [database.name(), "newer version", "9000"];
    assert_says(&nowhere.setup().failure(), &newer);
    for role in ["collector", "processor", "query"] {
        assert_says(&nowhere.refusal(role), &newer);
    }
}

#[test]
fn a_server_without_timescale_or_without_the_database_is_refused() {
    let mut nowhere = Nowhere::new();
    let postgres = PrivatePostgres::start(&["shared_preload_libraries="]);
    nowhere.backends.database_url = postgres.url();
    assert_says(&nowhere.refusal("query"), &["no TimescaleDB", "shared_preload_libraries"]);
    nowhere.backends.database_url =
        postgres.url().replace("/postgres", "/elsewhere").replace("//elsewhere", "//postgres");
    assert_says(&nowhere.setup().failure(), &["no database", "elsewhere", "CREATE DATABASE"]);
}

#[test]
fn wrong_passwords_are_refused_and_told_to_nobody() {
    let mut nowhere = Nowhere::new();
    let postgres = PrivatePostgres::start_with_password("right", &[]);
    nowhere.backends.database_url = postgres.url().replace("right", "wr0ng");
    let said = nowhere.refusal("query");
    assert_says(&said, &["does not let `postgres` into", "password"]);
    assert!(!said.contains("wr0ng"), "{said}");

    let redis = PrivateRedis::start(&[PrivateRedis::DURABLE, &["--requirepass", "right"]].concat());
    nowhere.backends.redis_url = redis.url().replace("redis://", "redis://:wr0ng@");
    let said = nowhere.refusal("processor");
    assert_says(&said, &["refuses access", "password"]);
    assert!(!said.contains("wr0ng"), "{said}");
}

#[test]
fn missing_settings_are_named() {
    type Settings = &'static [(&'static str, &'static str)];
    let cases: [(&str, Settings, &str); 6] = [
        ("setup", &[], "database_url"),
        ("query", &[], "database_url"),
        ("processor", &[("database_url", "postgres://localhost/analytics")], "redis_url"),
        ("collector", &[("database_url", "postgres://localhost/analytics")], "redis_url"),
        ("gateway", &[("collector_urls", "")], "collector_urls"),
        ("gateway", &[("query_urls", "127.0.0.1:4003")], "query_urls"),
    ];
    for (role, settings, missing) in cases {
        let said = outcome_of(analytics_with(&[role], settings)).failure();
        assert_says(&said, &[&format!("`{missing}`")]);
    }
    let mut nowhere = Nowhere::new();
    nowhere.home = TempDir::new().expect("a directory");
    assert_says(&nowhere.refusal("collector"), &["secret_file"]);
}

#[test]
fn servers_that_are_not_there_are_waited_for_and_named() {
    let mut nowhere = Nowhere::new();
    let mut postgres = PrivatePostgres::start(&[]);
    let mut redis = PrivateRedis::start(PrivateRedis::DURABLE);
    let mut ephemeral = PrivateRedis::start(PrivateRedis::EPHEMERAL);
    nowhere.backends.database_url = postgres.url();
    nowhere.backends.redis_url = redis.url();
    nowhere.backends.ephemeral_redis_url = ephemeral.url();
    nowhere.setup().success();
    postgres.kill_hard();
    redis.kill_hard();
    ephemeral.kill_hard();

    let needs = ["database: ", "log: ", "ephemeral store: "];
    let mut services = [("query", &needs[..1]), ("processor", &needs[..2]), ("collector", &needs[..])]
        .map(|(role, needs)| (nowhere.service(role), needs));
    for (service, needs) in &mut services {
        service.spawn();
        service.wait_for("listening");
        for needed in needs.iter() {
            while !says_where(&get(service.management(), "/readyz"), needed) {}
        }
        assert!(get(service.management(), "/readyz").starts_with("HTTP/1.1 503"));
        assert!(get(service.management(), "/healthz").starts_with("HTTP/1.1 200"), "it lives");
    }
    let endpoints = [&services[0].0, &services[2].0].map(|service| format!("http://{}", service.address()));
    block_on(assert_asks_to_come_back(&endpoints));
    postgres.restart();
    redis.restart();
    ephemeral.restart();
    for (service, _) in &services {
        service.wait_for("ready");
        wait_until_ready_is(service.management(), 200);
    }
}

/// What clients see of a query service and a collector that wait for their servers.
async fn assert_asks_to_come_back([query, collector]: &[String; 2]) {
    for endpoint in [query, collector] {
        let mut health = HealthClient::new(channel(endpoint).await);
        let answer = health.check(HealthCheckRequest::default()).await.expect("it answers").into_inner();
        assert_eq!(answer.status(), ServingStatus::NotServing, "{endpoint}");
    }
    let totals = v1::QueryTotalsRequest::default();
    let refused = QueryServiceClient::new(channel(query).await).query_totals(totals).await.expect_err("it starts");
    assert_says_when(&refused);
    let track = v1::TrackRequest::default();
    let refused = IngestServiceClient::new(channel(collector).await).track(track).await.expect_err("it starts");
    assert_says_when(&refused);
}

fn assert_says_when(refused: &Status) {
    assert_eq!((refused.code(), reason_of(refused).as_str()), (Code::Unavailable, "ERROR_REASON_UNAVAILABLE"));
    let delay = refused.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(delay.is_some_and(|delay| !delay.is_zero()), "{refused:?}");
}

/// Whether readiness names what is missing, and where it was looked for.
fn says_where(readiness: &str, needed: &str) -> bool {
    readiness.lines().any(|line| line.starts_with(needed) && line.contains("127.0.0.1:"))
}
