//! What has to happen at once on the server.

use std::sync::LazyLock;

use redis::Script;

macro_rules! script {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!($file)));
    };
}

script!(
    /// Appends an entry unless its shard is full or stands still.
    APPEND, "scripts/append.lua");
script!(
    /// Tells how long a shard's oldest entry has waited.
    AGE, "scripts/age.lua");
script!(
    /// Takes entries out of a shard that are in the store.
    ACKNOWLEDGE, "scripts/acknowledge.lua");
script!(
    /// Makes a shard's consumer group and counts what is in it.
    PREPARE, "scripts/prepare.lua");
script!(
    /// Takes a lease that is free, or holds on to one's own.
    HOLD_LEASE, "scripts/hold_lease.lua");
script!(
    /// Gives a lease back.
    RELEASE_LEASE, "scripts/release_lease.lua");
script!(
    /// Says that a processor lives, and tells how many do.
    HEARTBEAT, "scripts/heartbeat.lua");
