//! Which processor reads which shard.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::join_all;
use tokio::{
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use super::{
    consumer::RedisConsumer,
    keys::LogKeys,
    lease::{Lease, LeaseEnd, Standing, millis},
    options::{LogOpenError, RedisLogOptions, ShardCount, agree_on_shards},
    scripts::HEARTBEAT,
};
use crate::redis::{RedisError, RedisServer, SharedConnection};

/// How often a lease is renewed while it lasts: two attempts may fail.
const RENEWALS_PER_LEASE: u32 = 3;

/// The share of one processor: it takes shards, gives surplus ones up when others come, takes over those whose holder fell silent, and
/// hands out a consumer for each.
#[derive(Debug)]
pub struct RedisShards {
    consumers: mpsc::UnboundedReceiver<RedisConsumer>,
    failure: watch::Receiver<Option<String>>,
}

impl RedisShards {
    /// Joins the processors of the log. When `stop` is cancelled, or this is dropped, every consumer ends and its shard is given back.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses, or holds a log with another number of shards.
    pub async fn open(
        server: &RedisServer,
        options: RedisLogOptions,
        stop: CancellationToken,
    ) -> Result<Self, LogOpenError> {
        let connection = server.shared();
        agree_on_shards(&connection, &options).await?;
        let (handout, consumers) = mpsc::unbounded_channel();
        let (failure, failure_receiver) = watch::channel(None);
        let process = format!("{:032x}", rand::random::<u128>());
        let keys = LogKeys::new(&options.prefix);
        tokio::spawn(
            Manager { connection, options, keys, process, leases: BTreeMap::new(), failure }.run(stop, handout),
        );
        Ok(Self { consumers, failure: failure_receiver })
    }

    /// The consumer of a shard that this process got; run a processor on each. None after the stop: then the consumers end as well, each
    /// giving its shard back.
    pub async fn next_shard(&mut self) -> Option<RedisConsumer> {
        self.consumers.recv().await
    }

    /// Why the log cannot be read; none while it can. For whoever tells whether this process can do its work.
    pub fn failure(&self) -> watch::Receiver<Option<String>> {
        self.failure.clone()
    }
}

struct Manager {
    connection: SharedConnection,
    options: RedisLogOptions,
    keys: LogKeys,
    process: String,
    leases: BTreeMap<u16, Arc<Lease>>,
    failure: watch::Sender<Option<String>>,
}

impl Manager {
    async fn run(mut self, stop: CancellationToken, handout: mpsc::UnboundedSender<RedisConsumer>) {
        let (ended, mut endings) = mpsc::unbounded_channel();
        let mut ticks = interval(self.options.lease / RENEWALS_PER_LEASE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = handout.closed() => break,
                Some(shard) = endings.recv() => drop(self.leases.remove(&shard)),
                _ = ticks.tick() => {}
            }
            let Some(result) = stop.run_until_cancelled(self.tick(&handout, &ended)).await else { break };
            self.report(result);
        }
        drop(handout);
        tokio::spawn(leave(self.connection.clone(), self.keys.processors(), self.process.clone()));
        self.leases.values().for_each(|lease| lease.surrender());
        while !self.leases.is_empty() {
            tokio::select! {
                Some(shard) = endings.recv() => drop(self.leases.remove(&shard)),
                // What is still being stored and acknowledged must stay ours.
                _ = ticks.tick() => drop(self.renew().await),
            }
        }
    }

    /// Renews what is held and brings it to the fair share.
    async fn tick(
        &mut self,
        handout: &mpsc::UnboundedSender<RedisConsumer>,
        ended: &mpsc::UnboundedSender<u16>,
    ) -> Result<(), LogOpenError> {
        let living = self.beat().await?;
        self.renew().await?;
        if agree_on_shards(&self.connection, &self.options).await? == ShardCount::Written {
            metrics::counter!("analytics_log_emptied_total").increment(1);
            tracing::error!(
                "the log was emptied or replaced while it was in use: entries that were not stored yet are lost; \
                 see whether Redis was flushed, restored or moved"
            );
        }
        let fair_share = usize::from(self.options.shards).div_ceil(living.max(1));
        self.give_up_surplus(fair_share);
        self.take_free(fair_share, handout, ended).await?;
        let held = self.leases.values().filter(|lease| matches!(lease.standing(), Standing::Held { .. })).count();
        metrics::gauge!("analytics_log_shards_held").set(held as f64);
        Ok(())
    }

    /// How many processors live, this one included.
    async fn beat(&self) -> Result<usize, RedisError> {
        self.connection
            .eval(&HEARTBEAT, |command| {
                command.arg(1).arg(self.keys.processors()).arg(&self.process).arg(millis(self.options.lease));
            })
            .await
    }

    async fn renew(&self) -> Result<(), RedisError> {
        let lost = Standing::Ended(LeaseEnd::Lost);
        let held = self.leases.values().filter(|lease| lease.standing() != lost);
        let renewals = join_all(held.map(|lease| lease.renew(&self.connection))).await;
        renewals.into_iter().collect()
    }

    fn give_up_surplus(&self, fair_share: usize) {
        let staying: Vec<&Arc<Lease>> =
            self.leases.values().filter(|lease| !matches!(lease.standing(), Standing::Ended(_))).collect();
        for lease in staying.iter().skip(fair_share) {
            tracing::info!(shard = lease.shard.number, "giving a shard to another processor");
            lease.surrender();
        }
    }

    async fn take_free(
        &mut self,
        fair_share: usize,
        handout: &mpsc::UnboundedSender<RedisConsumer>,
        ended: &mpsc::UnboundedSender<u16>,
    ) -> Result<(), RedisError> {
        let mut free: Vec<u16> = (0..self.options.shards).filter(|shard| !self.leases.contains_key(shard)).collect();
        // Processors that start together should not all ask for the same ones.
        let first = rand::random_range(0..=free.len());
        free.rotate_left(first);
        for number in free {
            if self.leases.len() >= fair_share {
                break;
            }
            let Some(lease) = Lease::take(&self.connection, &self.keys.shard(number), self.options.lease).await? else {
                continue;
            };
            let lease = Arc::new(lease);
            self.leases.insert(number, Arc::clone(&lease));
            let interval = self.options.reclaim_interval;
            let consumer = RedisConsumer::new(self.connection.clone(), lease, interval, ended.clone());
            tracing::info!(shard = number, "reading a shard");
            if handout.send(consumer).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn report(&self, result: Result<(), LogOpenError>) {
        let failure = result.err().map(|error| error.to_string());
        self.failure.send_if_modified(|known| {
            match (&known, &failure) {
                (None, Some(error)) => tracing::error!(%error, "the log cannot be read; trying again until it can"),
                (Some(_), None) => tracing::info!("the log can be read again"),
                _ => {}
            }
            let changed = *known != failure;
            *known = failure;
            changed
        });
    }
}

/// Others need not wait until this processor falls silent.
async fn leave(connection: SharedConnection, processors: String, process: String) {
    if let Err(error) = connection.query::<()>(redis::cmd("ZREM").arg(processors).arg(process)).await {
        tracing::debug!(%error, "the end of this processor could not be announced; others notice it soon");
    }
}
