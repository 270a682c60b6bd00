//! Who may read a shard: whoever wrote its token last, while it lasts.

use std::time::Duration;

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use super::{
    keys::ShardKeys,
    scripts::{HOLD_LEASE, RELEASE_LEASE},
};
use crate::redis::{RedisError, SharedConnection};

/// A shard that this process may read.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) shard: ShardKeys,
    token: String,
    duration: Duration,
    state: watch::Sender<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// Until when nobody else can have taken it.
    until: Instant,
    /// Raised whenever it was taken again after it had lapsed: somebody else may have read the shard in between.
    hold: u64,
    end: Option<LeaseEnd>,
}

/// Why a lease is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeaseEnd {
    /// This process gives it up.
    Surrendered,
    /// Another process has it.
    Lost,
}

/// How a lease stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is held, for the so manieth time.
    Held { hold: u64 },
    /// Nobody knows: it could not be renewed in time.
    Lapsed,
    /// It is over.
    Ended(LeaseEnd),
}

impl Lease {
    /// Takes the lease of a shard; none when another process has it.
    pub(super) async fn take(
        connection: &SharedConnection,
        shard: &ShardKeys,
        duration: Duration,
    ) -> Result<Option<Self>, RedisError> {
        let asked = Instant::now();
        let state = State { until: asked, hold: 0, end: None };
        let token = format!("{:032x}", rand::random::<u128>());
        let lease = Self { shard: shard.clone(), token, duration, state: watch::Sender::new(state) };
        lease.renew(connection).await?;
        Ok(matches!(lease.standing(), Standing::Held { .. }).then_some(lease))
    }

    /// Makes it last from now on.
    pub(super) async fn renew(&self, connection: &SharedConnection) -> Result<(), RedisError> {
        let asked = Instant::now();
        let answer: u8 = connection
            .eval(&HOLD_LEASE, |command| {
                command.arg(1).arg(&self.shard.lease).arg(&self.token).arg(millis(self.duration));
            })
            .await?;
        self.state.send_modify(|state| match answer {
            0 => state.end = Some(LeaseEnd::Lost),
            _ => {
                state.hold += u64::from(answer == 2);
                state.until = asked + self.duration;
            }
        });
        Ok(())
    }

    /// Tells the consumer to stop.
    pub(super) fn surrender(&self) {
        self.state.send_if_modified(|state| state.end.is_none() && state.end.replace(LeaseEnd::Surrendered).is_none());
    }

    /// How it stands now.
    pub(super) fn standing(&self) -> Standing {
        let state = *self.state.borrow();
        match state.end {
            Some(end) => Standing::Ended(end),
            None if Instant::now() < state.until => Standing::Held { hold: state.hold },
            None => Standing::Lapsed,
        }
    }

    /// Waits until it ends or was renewed, at most until `deadline`.
    pub(super) async fn changed(&self, deadline: Instant) {
        let mut state = self.state.subscribe();
        let _in_time = timeout_at(deadline, state.changed()).await;
    }

    /// Waits until it ends.
    pub(super) async fn ended(&self) {
        let mut state = self.state.subscribe();
        // The state lives as long as this does.
        let _ended = state.wait_for(|state| state.end.is_some()).await;
    }

    /// Gives it back, unless another process has it.
    pub(super) async fn release(&self, connection: &SharedConnection) -> Result<(), RedisError> {
        connection
            .eval(&RELEASE_LEASE, |command| {
                command.arg(1).arg(&self.shard.lease).arg(&self.token);
            })
            .await
    }
}

/// A duration as the server takes it: at least a millisecond.
pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}
