//! The names of everything that the log keeps in Redis.

use analytics_domain::ProjectId;

/// The one consumer group of every shard.
pub(super) const GROUP: &str = "processors";

/// The one consumer of the group. It is the same for whoever holds the lease, so that nobody leaves a consumer with pending entries
/// behind.
pub(super) const CONSUMER: &str = "processor";

/// Names that are not of one shard.
#[derive(Debug, Clone)]
pub(super) struct LogKeys {
    prefix: String,
}

impl LogKeys {
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    /// How many shards there are, written once.
    pub(super) fn shard_count(&self) -> String {
        format!("{}:log:shards", self.prefix)
    }

    /// The processors that live, by the instant until which they do.
    pub(super) fn processors(&self) -> String {
        format!("{}:log:processors", self.prefix)
    }

    /// What is written to see whether anything can be.
    pub(super) fn probe(&self) -> String {
        format!("{}:log:probe", self.prefix)
    }

    /// The channel on which one process waits for outcomes.
    pub(super) fn reply_channel(&self, process: &str) -> String {
        format!("{}:log:reply:{process}", self.prefix)
    }

    /// The keys of a shard. What stands in braces decides about the slot in a cluster: a script needs all its keys in one.
    pub(super) fn shard(&self, number: u16) -> ShardKeys {
        let key = |what: &str| format!("{}:{{log-{number:02}}}:{what}", self.prefix);
        ShardKeys { number, entries: key("entries"), pending: key("pending"), lease: key("lease") }
    }
}

/// The keys of one shard.
#[derive(Debug, Clone)]
pub(super) struct ShardKeys {
    pub(super) number: u16,
    /// The stream of entries.
    pub(super) entries: String,
    /// How many events and bytes are in the stream.
    pub(super) pending: String,
    /// Whose consumer may read it.
    pub(super) lease: String,
}

/// The shard of a project. Every process must agree, of whatever version, so it never changes: the finalizer of SplitMix64, which
/// spreads numbers that follow each other.
pub(super) fn shard_of(project: ProjectId, shards: u16) -> u16 {
    let mut hash = project.0 as u64;
    hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    (hash % u64::from(shards)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shard_of_a_project_never_changes() {
        let shards: Vec<u16> = (1..=12).map(|id| shard_of(ProjectId(id), 16)).collect();
        assert_eq!(shards, [5, 10, 0, 4, 12, 12, 4, 8, 7, 9, 13, 12]);
    }

    #[test]
    fn projects_are_spread() {
        let mut projects_of_shard = [0; 16];
        for id in 0..1600 {
            projects_of_shard[usize::from(shard_of(ProjectId(id), 16))] += 1;
        }
        assert!(projects_of_shard.iter().all(|count| (50..200).contains(count)), "{projects_of_shard:?}");
    }

    #[test]
    fn keys_of_a_shard_share_a_slot_of_a_cluster() {
        let keys = LogKeys::new("a").shard(7);
        assert_eq!(
            [keys.entries, keys.pending, keys.lease],
            ["a:{log-07}:entries", "a:{log-07}:pending", "a:{log-07}:lease"]
        );
    }
}
