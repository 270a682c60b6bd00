//! Whether this server can do its work, and what is missing if not.

use std::{collections::BTreeMap, sync::Arc};

use tokio::sync::watch;
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};

type Checks = BTreeMap<&'static str, State>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    importance: Importance,
    missing: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Importance {
    Needed,
    Useful,
}

/// What this server needs, each by a name, and whether it is there. Clones share one state.
#[derive(Debug, Clone)]
pub struct Readiness(Arc<watch::Sender<Checks>>);

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The name of the check.
    pub check: &'static str,
    /// What is wrong, for the operator.
    pub reason: String,
}

impl Readiness {
    /// Needs nothing yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Checks::new())))
    }

    /// Adds something that is needed; it counts as missing, for this reason, until it is said to be there.
    pub fn need(&self, check: &'static str, reason: impl Into<String>) -> ReadinessCheck {
        self.check(check, Importance::Needed, reason.into())
    }

    /// Adds something without which a part of the work goes on: it is told when it is missing, and the server is ready all the same.
    /// A server that balancers take out for it would do less.
    pub fn want(&self, check: &'static str, reason: impl Into<String>) -> ReadinessCheck {
        self.check(check, Importance::Useful, reason.into())
    }

    fn check(&self, check: &'static str, importance: Importance, reason: String) -> ReadinessCheck {
        let check = ReadinessCheck { check, importance, readiness: self.clone() };
        check.is_missing(reason);
        check
    }

    /// Everything that is missing, by name, needed or not.
    pub fn missing(&self) -> Vec<Missing> {
        let missing =
            |(check, state): (&&'static str, &State)| state.missing.clone().map(|reason| Missing { check, reason });
        self.0.borrow().iter().filter_map(missing).collect()
    }

    /// Whether nothing is missing that is needed.
    pub fn is_ready(&self) -> bool {
        all_there(&self.0.borrow())
    }

    /// The service `grpc.health.v1.Health`, which answers for the whole server and for these services by the state of the checks,
    /// and the work of keeping it up to date, which never ends: spawn it.
    pub async fn health_service(
        &self,
        services: impl IntoIterator<Item = &'static str>,
    ) -> (HealthServer<HealthService>, impl Future<Output = ()> + Send + 'static) {
        let reporter = HealthReporter::new();
        let server = HealthServer::new(HealthService::from_health_reporter(reporter.clone()));
        let services: Vec<&'static str> = std::iter::once("").chain(services).collect();
        let mut checks = self.0.subscribe();
        // Before anyone can ask: a fresh reporter says that all is well.
        let status = status_of(&checks.borrow_and_update());
        tell(&reporter, &services, status).await;
        let report = async move {
            while checks.changed().await.is_ok() {
                let status = status_of(&checks.borrow_and_update());
                tell(&reporter, &services, status).await;
            }
        };
        (server, report)
    }
}

async fn tell(reporter: &HealthReporter, services: &[&'static str], status: ServingStatus) {
    for service in services {
        reporter.set_service_status(service, status).await;
    }
}

fn status_of(checks: &Checks) -> ServingStatus {
    if all_there(checks) { ServingStatus::Serving } else { ServingStatus::NotServing }
}

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

fn all_there(checks: &Checks) -> bool {
    checks.values().all(|state| state.missing.is_none() || state.importance == Importance::Useful)
}

/// One thing that the server needs.
#[derive(Debug, Clone)]
pub struct ReadinessCheck {
    check: &'static str,
    importance: Importance,
    readiness: Readiness,
}

impl ReadinessCheck {
    /// It is there.
    pub fn is_there(&self) {
        self.set(None);
    }

    /// It is missing, for this reason.
    pub fn is_missing(&self, reason: impl Into<String>) {
        self.set(Some(reason.into()));
    }

    fn set(&self, missing: Option<String>) {
        let state = State { importance: self.importance, missing };
        self.readiness.0.send_if_modified(|checks| {
            let before = checks.insert(self.check, state.clone());
            before != Some(state)
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::StreamExt as _;
    use tonic::Request;
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

    use super::*;

    #[test]
    fn what_is_missing_is_told_by_name_until_it_is_there() {
        let readiness = Readiness::new();
        assert!(readiness.is_ready());
        let store = readiness.need("store", "the store was not opened yet");
        let log = readiness.need("log", "the log was not opened yet");
        log.is_there();
        assert!(!readiness.is_ready());
        let missing = Missing { check: "store", reason: "the store was not opened yet".to_owned() };
        assert_eq!(readiness.missing(), [missing]);
        store.is_there();
        assert!(readiness.is_ready());
    }

    #[test]
    fn what_is_only_useful_is_told_and_takes_nothing_out() {
        let readiness = Readiness::new();
        let collectors = readiness.want("collectors", "none answers");
        assert!(readiness.is_ready());
        let missing = Missing { check: "collectors", reason: "none answers".to_owned() };
        assert_eq!(readiness.missing(), [missing]);
        collectors.is_there();
        assert_eq!(readiness.missing(), []);
    }

    #[tokio::test]
    async fn the_health_service_follows_the_checks() {
        let readiness = Readiness::new();
        let store = readiness.need("store", "not yet");
        let (server, report) = readiness.health_service(["analytics.v1.QueryService"]).await;
        let mut health = HealthClient::new(server);
        let mut watches = Vec::new();
        for service in ["", "analytics.v1.QueryService"] {
            let request = Request::new(HealthCheckRequest { service: service.to_owned() });
            watches.push(health.watch(request).await.expect("a service").into_inner());
        }
        let reporting = tokio::spawn(report);
        for status in [ServingStatus::NotServing, ServingStatus::Serving, ServingStatus::NotServing] {
            for watch in &mut watches {
                let seen = tokio::time::timeout(Duration::from_secs(10), watch.next()).await.expect("a change");
                assert_eq!(seen.expect("no end").expect("no error").status, status as i32);
            }
            if status == ServingStatus::NotServing { store.is_there() } else { store.is_missing("the disk is full") }
        }
        reporting.abort();
    }
}
