//! Bringing back what the store lost.
//!
//! The store has an epoch, a key that lives as long as the server keeps anything. A process that finds another one than it knows brings
//! back what it has copies of. Whoever has none waits until the others had the time for that before it makes a nonce or opens an import,
//! so that visitors of the day are not counted again.

use std::time::Duration;

use analytics_domain::ports::{EphemeralError, ImportKey};
use futures::{StreamExt as _, stream};
use redis::Cmd;

use super::{
    RedisEphemeralStore,
    encoding::{day_field, unavailable, write_import},
    keys::{Unit, epoch},
    scripts,
};
use crate::redis::RedisError;

/// So many are brought back at the same time.
const CONCURRENT: usize = 32;

impl RedisEphemeralStore {
    /// Compares the epoch of the store with the one that is known, and brings back what the store lost. Tells how old the epoch is.
    pub(super) async fn follow(&self) -> Result<Duration, RedisError> {
        let new = rand::random::<[u8; 16]>();
        let (epoch, age_ms): (Vec<u8>, i64) = self
            .connection
            .eval(&scripts::EPOCH, |command| {
                command.arg(1).arg(epoch(&self.prefix)).arg(new.as_slice());
            })
            .await?;
        let known = self.copies.epoch();
        if known.as_ref() != Some(&epoch) {
            let brought_back = self.publish().await?;
            if known.is_some() {
                metrics::counter!("analytics_ephemeral_wipes_total").increment(1);
                tracing::warn!(
                    brought_back,
                    "the ephemeral Redis lost what it held; the salts that this process knew were brought back"
                );
            }
            self.copies.set_epoch(epoch);
        }
        Ok(Duration::from_millis(u64::try_from(age_ms).unwrap_or_default()))
    }

    /// Waits until whoever has a copy had the time to bring it back, if the store is new.
    pub(super) async fn settle(&self) -> Result<(), EphemeralError> {
        let age = self.follow().await.map_err(unavailable)?;
        // A clock that was put back makes nobody wait longer.
        let rest = self.options.wipe_grace.saturating_sub(age);
        if !rest.is_zero() {
            tracing::info!(?rest, "the ephemeral Redis is new: waiting for other collectors to bring back its salts");
            tokio::time::sleep(rest).await;
        }
        Ok(())
    }

    /// Brings back everything that there is a copy of; what another process brought back or made since wins.
    async fn publish(&self) -> Result<usize, RedisError> {
        let (live, imports) = self.copies.all(self.now());
        let brought_back = live.len() + imports.len();
        let live = live.into_iter().map(async |(project, day)| self.existing_live_nonce(project, day).await.map(drop));
        let mut published = stream::iter(live).buffer_unordered(CONCURRENT);
        while let Some(result) = published.next().await {
            result?;
        }
        drop(published);
        for key in imports {
            self.publish_import(&key).await?;
        }
        Ok(brought_back)
    }

    async fn publish_import(&self, key: &ImportKey) -> Result<(), RedisError> {
        let now = self.now();
        let Some(copy) = self.copies.import(key, now) else { return Ok(()) };
        let keys = Unit::Import(key.clone()).keys(&self.prefix);
        let lifetime_ms = self.lifetime_ms(copy.running.expire_time);
        let nonces: Vec<_> = copy.nonces.iter().map(|(day, nonce)| (*day, super::import_nonce_kept(nonce))).collect();
        let arguments = |command: &mut Cmd| {
            command.arg(keys.len()).arg(&keys).arg(now.0).arg(write_import(copy.running)).arg(lifetime_ms);
            for (day, nonce) in &nonces {
                command.arg(day_field(*day).as_slice()).arg(nonce.as_slice());
            }
        };
        self.connection.eval(&scripts::PUBLISH_IMPORT, arguments).await
    }

    /// Forgets copies of imports that ended elsewhere, and learns until when the others run.
    pub(super) async fn look_after_imports(&self) -> Result<(), RedisError> {
        let epoch = self.copies.epoch();
        let (_, imports) = self.copies.all(self.now());
        let mut ended = Vec::new();
        for key in imports {
            let state = Unit::Import(key.clone()).keys(&self.prefix).swap_remove(0);
            let state: Option<Vec<u8>> = self.connection.query(redis::cmd("GET").arg(state)).await?;
            match state.map(|state| super::encoding::read_import(&state)) {
                Some(Ok(running)) => self.copies.keep_import(&key, running),
                Some(Err(_)) => {}
                None => ended.push(key),
            }
        }
        // Unless the store lost them meanwhile: then they were just brought back.
        self.follow().await?;
        if self.copies.epoch() == epoch {
            ended.iter().for_each(|key| self.copies.forget_import(key));
        }
        Ok(())
    }
}
