//! What the processes of servers compute for events, beside servers that do the least that such a server must. No time counts here:
//! clients share the machine, and so may others.

use std::{env, path::Path, process::Command, sync::Arc};

use analytics_stream::redis::RedisServer;
use analytics_testkit::servers::redis_url;
use anyhow::{Context as _, Result};
use serde::Serialize;

use super::{
    RUNS,
    batches::Batches,
    deployment::{Deployment, Running, free_address},
    sender::Sending,
};
use crate::{
    backlog::{redis_cpu_seconds, remove_keys},
    compare::median,
    progress::Step,
};

/// What is sent in one measurement.
pub(crate) struct Load {
    name: &'static str,
    events_per_call: usize,
    calls: u64,
    /// Before anything is counted: connections, caches of user agents and salts.
    warm_up_calls: u64,
    in_flight: usize,
    collector_goal: f64,
    together_goal: Option<f64>,
}

/// As backends send.
pub(crate) const BATCHES: Load = Load {
    name: "taking batches of 100",
    events_per_call: 100,
    calls: 2_000,
    warm_up_calls: 200,
    in_flight: 16,
    collector_goal: 0.5,
    together_goal: Some(0.8),
};

/// As browsers send.
pub(crate) const SINGLES: Load = Load {
    name: "taking single events",
    events_per_call: 1,
    calls: 40_000,
    warm_up_calls: 2_000,
    in_flight: 64,
    collector_goal: 0.8,
    together_goal: None,
};

/// Seconds of processors for a million events: medians. Ratios are the peer's over ours, of one run each: medians too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ServerCpu {
    pub(crate) events_per_call: usize,
    pub(crate) calls: u64,
    /// The product: its collector, and Redis meanwhile.
    pub(crate) ours: Computed,
    /// A server that only decodes.
    pub(crate) decode_peer: Computed,
    /// A server that decodes, encodes and appends, and Redis meanwhile.
    pub(crate) append_peer: Computed,
    /// The server that only decodes ÷ the collector.
    pub(crate) collector_ratio: f64,
    /// The least that this should be.
    pub(crate) collector_goal: f64,
    /// The server that appends and Redis ÷ the collector and Redis.
    pub(crate) together_ratio: f64,
    /// The least that this should be; none when there is no goal.
    pub(crate) together_goal: Option<f64>,
    /// The most memory that the collector had.
    pub(crate) collector_peak_bytes: u64,
}

/// Seconds of processors for a million events.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub(crate) struct Computed {
    pub(crate) server_seconds: f64,
    pub(crate) redis_seconds: f64,
    /// Of wall time: what others on the machine spoil.
    pub(crate) events_per_second: f64,
}

impl Computed {
    fn together(&self) -> f64 {
        self.server_seconds + self.redis_seconds
    }
}

/// Ours, the decoding peer's, the appending peer's.
type Run = [Computed; 3];

pub(super) async fn measure(load: &Load, seed: u64, binary: &Path) -> Result<ServerCpu> {
    let step = Step::counting(load.name, (RUNS * 3) as u64 * load.calls);
    let batches = Arc::new(Batches::new(seed, load.events_per_call));
    let redis = RedisServer::parse(&redis_url())?;
    let mut runs: Vec<Run> = Vec::with_capacity(RUNS);
    let mut collector_peak_bytes = 0;
    for run in 0..RUNS as u64 {
        let deployment = Deployment::prepare(binary).await?;
        let collector = deployment.start("collector").await?;
        let ours = measured(load, &batches, &collector, &deployment.key, &redis).await?;
        collector_peak_bytes = collector_peak_bytes.max(collector.resident_bytes().1);
        drop(collector);
        remove_keys(&redis, &deployment.prefix).await?;
        step.at((run * 3 + 1) * load.calls);

        let decode = start_peer("decode", None).await?;
        let decoded = measured(load, &batches, &decode, &deployment.key, &redis).await?;
        drop(decode);
        step.at((run * 3 + 2) * load.calls);

        let stream = format!("{}:peer", deployment.prefix);
        let append = start_peer("append", Some(&stream)).await?;
        let appended = measured(load, &batches, &append, &deployment.key, &redis).await?;
        drop(append);
        remove_keys(&redis, &deployment.prefix).await?;
        step.at((run * 3 + 3) * load.calls);
        runs.push([ours, decoded, appended]);
    }
    Ok(ServerCpu { collector_peak_bytes, ..ServerCpu::of(load, &runs) })
}

impl ServerCpu {
    fn of(load: &Load, runs: &[Run]) -> Self {
        let middle = |value: &dyn Fn(&Run) -> f64| median(runs.iter().map(value));
        let computed = |place: usize| Computed {
            server_seconds: middle(&|run| run[place].server_seconds),
            redis_seconds: middle(&|run| run[place].redis_seconds),
            events_per_second: middle(&|run| run[place].events_per_second),
        };
        Self {
            events_per_call: load.events_per_call,
            calls: load.calls,
            ours: computed(0),
            decode_peer: Computed { redis_seconds: 0.0, ..computed(1) },
            append_peer: computed(2),
            collector_ratio: middle(&|[ours, decode, _]| decode.server_seconds / ours.server_seconds),
            collector_goal: load.collector_goal,
            together_ratio: middle(&|[ours, _, append]| append.together() / ours.together()),
            together_goal: load.together_goal,
            collector_peak_bytes: 0,
        }
    }
}

/// This program in the part of a peer.
async fn start_peer(deed: &str, stream: Option<&str>) -> Result<Running> {
    let address = free_address();
    let mut command = Command::new(env::current_exe()?);
    command.args(["peer", deed, &address.to_string()]);
    command.args(stream.map(|stream| ["--stream", stream]).into_iter().flatten());
    let mut peer = Running::spawn(&mut command, address)?;
    peer.wait_until_open().await?;
    Ok(peer)
}

async fn measured(
    load: &Load,
    batches: &Arc<Batches>,
    server: &Running,
    key: &str,
    redis: &RedisServer,
) -> Result<Computed> {
    let sending = Sending {
        endpoint: server.endpoint(),
        key: key.to_owned(),
        batches: batches.clone(),
        in_flight: load.in_flight,
    };
    sending.send(load.warm_up_calls).await?;
    let clocks = async || -> Result<_> {
        let redis = redis_cpu_seconds(Some(redis)).await?.context("Redis does not tell what it computed")?;
        Ok((server.cpu_seconds()?, redis))
    };
    let (server_before, redis_before) = clocks().await?;
    let seconds = sending.send(load.calls).await?;
    let (server_after, redis_after) = clocks().await?;
    let events = (load.calls * batches.events_per_batch() as u64) as f64;
    Ok(Computed {
        server_seconds: (server_after - server_before) / events * 1e6,
        redis_seconds: (redis_after - redis_before) / events * 1e6,
        events_per_second: events / seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_the_peers_over_ours_and_the_median_of_the_runs_counts() {
        let computed =
            |server_seconds, redis_seconds| Computed { server_seconds, redis_seconds, events_per_second: 1.0 };
        let runs = [
            [computed(4.0, 1.0), computed(1.0, 0.5), computed(2.0, 2.0)],
            [computed(4.0, 1.0), computed(2.0, 0.5), computed(3.0, 2.0)],
            [computed(4.0, 1.0), computed(9.0, 0.5), computed(9.0, 2.0)],
        ];
        let measured = ServerCpu::of(&BATCHES, &runs);
        assert_eq!((measured.collector_ratio, measured.together_ratio), (0.5, 1.0));
        assert_eq!(measured.decode_peer.redis_seconds, 0.0, "it does not use Redis");
    }
}
