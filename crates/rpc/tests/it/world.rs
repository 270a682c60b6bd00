//! A catalog with keys, and an authenticator over it.

use std::sync::Arc;

use analytics_domain::{
    ApiKey, ApiKeyLimits, ApiKeyScope, KeyId, ManualClock, Micros, NewProject, Project, ProjectId, WeekStart, Zone,
    ports::Catalog,
};
use analytics_rpc::{Authenticator, Caller, KeySecret, RpcError};
use analytics_storage::sqlite::{SqliteOptions, SqliteStore};
use tonic::metadata::MetadataMap;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const HOUR: i64 = 3600 * SECOND;

pub(crate) struct World {
    pub(crate) catalog: Arc<SqliteStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) authenticator: Authenticator,
    directory: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let catalog = SqliteStore::open(directory.path(), SqliteOptions::default()).await.expect("a store");
        let clock = Arc::new(ManualClock::new(Micros(0)));
        let authenticator = Authenticator::new(catalog.clone(), clock.clone());
        Self { catalog, clock, authenticator, directory }
    }

    pub(crate) async fn project(&self, name: &str) -> Project {
        let project = NewProject {
            name: name.parse().expect("a name"),
            zone: Zone::utc(),
            week_start: WeekStart::Monday,
            session_timeout: NewProject::DEFAULT_SESSION_TIMEOUT,
            lateness: NewProject::DEFAULT_LATENESS,
            user_hash_secret: [7; 32],
            create_time: Micros(0),
            ingest: Default::default(),
        };
        self.catalog.create_project(project).await.expect("created")
    }

    pub(crate) async fn key(&self, id: &str, project: Option<ProjectId>) -> KeySecret {
        self.limited_key(id, project, ApiKeyLimits::default()).await
    }

    pub(crate) async fn limited_key(&self, id: &str, project: Option<ProjectId>, limits: ApiKeyLimits) -> KeySecret {
        let secret = KeySecret::generate();
        let key = ApiKey {
            id: KeyId(id.to_owned()),
            secret_hash: secret.hash(),
            project,
            scopes: vec![ApiKeyScope::Query],
            display_name: String::new(),
            last_four: secret.last_four().to_owned(),
            create_time: Micros(0),
            revoke_time: None,
            limits,
            last_use_time: None,
        };
        self.catalog.create_key(key).await.expect("created");
        secret
    }

    pub(crate) async fn revoke(&self, id: &str) {
        self.catalog.revoke_key(&KeyId(id.to_owned()), Micros(0)).await.expect("revoked").expect("the key");
    }

    /// Neither read nor written from now on.
    pub(crate) async fn lose_catalog(&self) {
        self.catalog.close().await.expect("closed");
        std::fs::remove_dir_all(self.directory.path()).expect("removed");
    }

    pub(crate) async fn key_in_catalog(&self, id: &str) -> ApiKey {
        self.catalog.key_by_id(&KeyId(id.to_owned())).await.expect("read").expect("the key")
    }

    pub(crate) async fn call(&self, secret: &KeySecret) -> Result<Caller, RpcError> {
        self.authenticator.authenticate(&bearer(secret), &[ApiKeyScope::Query]).await
    }
}

pub(crate) fn bearer(secret: &KeySecret) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    metadata.insert("authorization", format!("bearer {}", secret.expose()).parse().expect("a value"));
    metadata
}
