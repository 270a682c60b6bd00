//! The platform as separate services over TimescaleDB and Redis.

use std::{net::SocketAddr, path::PathBuf};

use analytics_testkit::{
    FreshDatabase,
    servers::{PrivatePostgres, PrivateRedis, ephemeral_redis_url, redis_url},
};
use tempfile::TempDir;

use super::{
    block_on,
    command::{analytics_with, outcome_of},
    deployment::Deployment,
    server::is_segment_of,
    service::Service,
    truth::Truth,
};

/// How many processes of each role.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) collectors: usize,
    pub(crate) processors: usize,
    pub(crate) queries: usize,
    pub(crate) gateways: usize,
}

impl Counts {
    pub(crate) const ONE: Self = Self { collectors: 1, processors: 1, queries: 1, gateways: 1 };
    pub(crate) const TWO: Self = Self { collectors: 2, processors: 2, queries: 2, gateways: 2 };
}

/// The addresses of the servers below the services, and the prefix of what is theirs in Redis.
#[derive(Debug, Clone)]
pub(crate) struct Backends {
    pub(crate) database_url: String,
    pub(crate) redis_url: String,
    pub(crate) ephemeral_redis_url: String,
    pub(crate) redis_prefix: String,
}

/// Servers of one test, which it may kill.
pub(crate) struct PrivateServers {
    pub(crate) postgres: PrivatePostgres,
    pub(crate) redis: PrivateRedis,
    pub(crate) ephemeral: PrivateRedis,
}

impl PrivateServers {
    pub(crate) fn start() -> Self {
        Self::start_with(PrivatePostgres::start(&[]), PrivateRedis::start(PrivateRedis::DURABLE))
    }

    /// Servers some of which are not as they should be.
    pub(crate) fn start_with(postgres: PrivatePostgres, redis: PrivateRedis) -> Self {
        Self { postgres, redis, ephemeral: PrivateRedis::start(PrivateRedis::EPHEMERAL) }
    }

    pub(crate) fn backends(&self) -> Backends {
        Backends {
            database_url: self.postgres.url(),
            redis_url: self.redis.url(),
            ephemeral_redis_url: self.ephemeral.url(),
            redis_prefix: "analytics".to_owned(),
        }
    }
}

/// Running services. They are killed when dropped.
pub(crate) struct Stack {
    pub(crate) collectors: Vec<Service>,
    pub(crate) processors: Vec<Service>,
    pub(crate) queries: Vec<Service>,
    pub(crate) gateways: Vec<Service>,
    backends: Backends,
    /// The admin key, and the secret that collectors share.
    home: TempDir,
    /// Dropped last: a database in use cannot be dropped.
    _database: Option<FreshDatabase>,
}

impl Stack {
    /// One process of each role over the shared servers, on which all it keeps is its own.
    pub(crate) fn start() -> Self {
        Self::start_many(Counts::ONE)
    }

    /// So many processes of each role over the shared servers.
    pub(crate) fn start_many(counts: Counts) -> Self {
        let database = block_on(FreshDatabase::create());
        let backends = Backends {
            database_url: database.url().to_owned(),
            redis_url: redis_url(),
            ephemeral_redis_url: ephemeral_redis_url(),
            redis_prefix: database.name().to_owned(),
        };
        let mut stack = Self::new(counts, backends, &[], Some(database));
        stack.start_all();
        stack
    }

    /// One process of each role over these servers.
    pub(crate) fn start_over(backends: Backends) -> Self {
        Self::start_with(backends, &[])
    }

    /// The same with more settings, by their names, of every role but the gateway.
    pub(crate) fn start_with(backends: Backends, settings: &[(&str, &str)]) -> Self {
        let mut stack = Self::new(Counts::ONE, backends, settings, None);
        stack.start_all();
        stack
    }

    fn new(
        counts: Counts,
        backends: Backends,
        more_settings: &[(&str, &str)],
        database: Option<FreshDatabase>,
    ) -> Self {
        let home = TempDir::new().expect("a directory");
        std::fs::write(home.path().join("secret"), [7; 32]).expect("writable");
        let mut settings = settings_of(&backends, &home);
        settings.extend(more_settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let make = |role, count, settings: &[(String, String)]| -> Vec<Service> {
            (0..count).map(|_| Service::new(role, settings.to_vec())).collect()
        };
        let collectors = make("collector", counts.collectors, &settings);
        let queries = make("query", counts.queries, &settings);
        let urls = |services: &[Service]| {
            services.iter().map(|service| format!("http://{}", service.address())).collect::<Vec<_>>().join(",")
        };
        let behind = [("collector_urls", urls(&collectors)), ("query_urls", urls(&queries))];
        let behind = behind.map(|(name, urls)| (name.to_owned(), urls));
        Self {
            processors: make("processor", counts.processors, &settings),
            gateways: make("gateway", counts.gateways, &behind),
            collectors,
            queries,
            backends,
            home,
            _database: database,
        }
    }

    /// The gateways last: they are ready at once, and the others then are as well.
    fn start_all(&mut self) {
        self.setup();
        for service in [&mut self.collectors, &mut self.processors, &mut self.queries].into_iter().flatten() {
            service.spawn();
        }
        for service in [&self.collectors, &self.processors, &self.queries].into_iter().flatten() {
            service.wait_for("ready");
        }
        self.gateways.iter_mut().for_each(Service::start);
    }

    /// `analytics setup`: the tables and the admin key.
    fn setup(&self) {
        let mut setup = analytics_with(&["setup"], &[("database_url", &self.backends.database_url)]);
        setup.arg("--admin-key-file").arg(self.home.path().join("admin-key"));
        outcome_of(setup).success();
    }

    pub(crate) fn database_url(&self) -> &str {
        &self.backends.database_url
    }

    /// The sum of a metric over all processors.
    pub(crate) fn processed(&self, name: &str, labels: &str) -> f64 {
        self.processors.iter().map(|processor| processor.metric(name, labels)).sum()
    }
}

/// The settings of every role but the gateway.
pub(crate) fn settings_of(backends: &Backends, home: &TempDir) -> Vec<(String, String)> {
    let secret = home.path().join("secret").display().to_string();
    let settings = [
        ("database_url", backends.database_url.as_str()),
        ("redis_url", &backends.redis_url),
        ("ephemeral_redis_url", &backends.ephemeral_redis_url),
        ("redis_prefix", &backends.redis_prefix),
        ("secret_file", &secret),
        ("trusted_proxies", "127.0.0.1"),
    ];
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

impl Deployment for Stack {
    fn address(&self) -> SocketAddr {
        self.gateways[0].address()
    }

    fn management(&self) -> SocketAddr {
        self.gateways[0].management()
    }

    fn key_dir(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    fn truth(&self) -> Truth {
        Truth::Services(self.backends.clone())
    }

    fn endpoints(&self) -> Vec<String> {
        self.gateways.iter().map(|gateway| format!("http://{}", gateway.address())).collect()
    }

    fn wait_for_segments(&self, days: &[String]) {
        let [processor] = &self.processors[..] else { panic!("which of the processors?") };
        for day in days {
            processor.process().wait_for(|entry| is_segment_of(day, entry));
        }
    }
}
