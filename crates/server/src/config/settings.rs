//! Every setting, and what it is when nothing sets it.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use serde::{Deserialize, Serialize, Serializer};

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Everything, over the embedded store.
    Serve,
    /// Takes events into the log.
    Collector,
    /// Takes entries from the log into the store.
    Processor,
    /// Answers questions, and manages projects and keys.
    Query,
    /// The one address for every client.
    Gateway,
}

impl Role {
    /// The ports of its services, and of health and metrics. The processor has no services.
    fn ports(self) -> (u16, u16) {
        match self {
            Self::Serve => (4000, 4002),
            Self::Collector => (4001, 4101),
            Self::Processor => (0, 4002),
            Self::Query => (4003, 4103),
            Self::Gateway => (4000, 4100),
        }
    }
}

/// The address of a server, which may hold a password: that is shown to nobody.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct SecretUrl(String);

impl SecretUrl {
    /// The address with its password, for the driver.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    fn without_password(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else { return "***".to_owned() };
        let (user, place) = match rest.rsplit_once('@') {
            Some((credentials, place)) => match credentials.split_once(':') {
                Some((user, _)) => (format!("{user}:***@"), place),
                None => (format!("{credentials}@"), place),
            },
            None => (String::new(), rest),
        };
        // Drivers take a password among the parameters too.
        match place.split_once('?') {
            Some((place, _)) => format!("{scheme}://{user}{place}?***"),
            None => format!("{scheme}://{user}{place}"),
        }
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_password())
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.without_password())
    }
}

/// The settings of a server. One file may serve every role; each reads what concerns it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// Where the embedded store lives.
    pub(crate) data_dir: PathBuf,
    /// The TimescaleDB of separate services, such as `postgres://analytics:PASSWORD@db.example.com/analytics`.
    pub(crate) database_url: Option<SecretUrl>,
    /// The most connections of one process to it.
    pub(crate) database_connections: u32,
    /// The Redis that keeps the event log and must lose nothing, such as `redis://:PASSWORD@log.example.com`.
    pub(crate) redis_url: Option<SecretUrl>,
    /// The Redis that keeps salts and running sessions and must keep nothing on a disk: another server.
    pub(crate) ephemeral_redis_url: Option<SecretUrl>,
    /// What the names of all keys in both begin with.
    pub(crate) redis_prefix: String,
    /// A collector takes no events of projects whose shard of the log holds one that was not stored within so many hours; at least 1.
    pub(crate) log_max_age_hours: u64,
    /// Where the gateway finds collectors; all of them are used.
    pub(crate) collector_urls: Vec<String>,
    /// Where the gateway finds query services; all of them are used.
    pub(crate) query_urls: Vec<String>,
    /// The address that serves gRPC; that of `serve` and the gateway, grpc-web and the page too.
    pub(crate) listen: SocketAddr,
    /// The certificate of that address, with those that vouch for it, in PEM: then it speaks TLS only. Read again when it changes.
    pub(crate) tls_cert_file: Option<PathBuf>,
    /// The key of that certificate, in PEM.
    pub(crate) tls_key_file: Option<PathBuf>,
    /// Authorities in PEM that the gateway trusts beside the usual ones, for addresses of services that begin with `https://`.
    pub(crate) upstream_ca_file: Option<PathBuf>,
    /// The most connections of clients at the same time; more wait.
    pub(crate) max_connections: usize,
    /// The most streams that are open at the same time; more are told to come back.
    pub(crate) max_streams: usize,
    /// The address that serves health, readiness and metrics.
    pub(crate) management_listen: SocketAddr,
    /// How logs are written.
    pub(crate) log_format: LogFormat,
    /// What is logged.
    pub(crate) log_filter: String,
    /// The file with the half of every salt that comes from the configuration; made in the data directory when not set.
    pub(crate) secret_file: Option<PathBuf>,
    /// A database of places in the format of MaxMind (.mmdb) that gives events their country, and region and city if it has them.
    pub(crate) geo_file: Option<PathBuf>,
    /// A text file with the networks of data centers, one a line, for projects that filter those.
    pub(crate) datacenter_file: Option<PathBuf>,
    /// Where salts and running sessions live; must be on a tmpfs. By default a directory of its own below /dev/shm.
    pub(crate) ephemeral_dir: Option<PathBuf>,
    /// Start although the Redis of the log may lose events that were acknowledged.
    pub(crate) unsafe_allow_log_loss: bool,
    /// Keep salts and running sessions on a disk: whoever gets hold of it, or of a backup, may link visitors.
    pub(crate) unsafe_allow_salts_on_disk: bool,
    /// The most bytes of decoded columns to keep between queries.
    pub(crate) cache_bytes: u64,
    /// How many days a server may evaluate at the same time; 0: one for each processor.
    pub(crate) query_parallelism: usize,
    /// Open calls get so long to finish when the server stops.
    pub(crate) drain_seconds: u64,
    /// Other origins whose pages may call this server, such as `https://app.example.com`.
    pub(crate) allowed_origins: Vec<String>,
    /// A path under which everything is served, such as `/analytics`.
    pub(crate) path_prefix: String,
    /// Where events are taken as JSON and by the pixel, below that prefix; another name than `/track` is known to fewer blockers.
    pub(crate) track_path: String,
    /// Proxies whose `x-forwarded-for` is believed, such as `10.0.0.7`; with any, those on this machine too.
    pub(crate) trusted_proxies: Vec<IpAddr>,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(Role::Serve)
    }
}

impl Settings {
    /// What a role has when nothing is set.
    pub(crate) fn of(role: Role) -> Self {
        let (port, management_port) = role.ports();
        Self {
            data_dir: PathBuf::from("data"),
            database_url: None,
            database_connections: 10,
            redis_url: None,
            ephemeral_redis_url: None,
            redis_prefix: "analytics".to_owned(),
            log_max_age_hours: 48,
            collector_urls: vec!["http://127.0.0.1:4001".to_owned()],
            query_urls: vec!["http://127.0.0.1:4003".to_owned()],
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            tls_cert_file: None,
            tls_key_file: None,
            upstream_ca_file: None,
            max_connections: 4096,
            max_streams: 1024,
            management_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, management_port)),
            log_format: LogFormat::Pretty,
            log_filter: "info".to_owned(),
            secret_file: None,
            geo_file: None,
            datacenter_file: None,
            ephemeral_dir: None,
            unsafe_allow_log_loss: false,
            unsafe_allow_salts_on_disk: false,
            cache_bytes: 256 << 20,
            query_parallelism: 0,
            drain_seconds: 20,
            allowed_origins: Vec::new(),
            path_prefix: String::new(),
            track_path: "/track".to_owned(),
            trusted_proxies: Vec::new(),
        }
    }

    pub(crate) fn log_max_age(&self) -> Duration {
        Duration::from_secs(self.log_max_age_hours.max(1).saturating_mul(60 * 60))
    }

    pub(crate) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (given, shown) in [
            ("postgres://me:s3cret@db:5432/analytics", "postgres://me:***@db:5432/analytics"),
            ("redis://:p@ss@log:6379", "redis://:***@log:6379"),
            ("redis://log:6379", "redis://log:6379"),
            ("postgres://me@db/analytics", "postgres://me@db/analytics"),
            ("postgres://db/analytics?user=me&password=s3cret", "postgres://db/analytics?***"),
            ("unix:///run/redis.sock?pass=s3cret", "unix:///run/redis.sock?***"),
            ("s3cret", "***"),
        ] {
            let url = SecretUrl(given.to_owned());
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(serde_json::to_value(&url).expect("text"), shown);
        }
    }
}
