//! The event log on Redis Streams: durable when it answers, delivered at least once.
//!
//! Projects are divided into shards; each shard is one stream with one consumer group, whose entries one processor at a time reads.
//! An entry leaves its stream when it is in the store and never before: nothing is trimmed. Instead each shard counts what is in it
//! and refuses more than its bound. What must not come apart (append and count; acknowledge, delete and count) is one script.

mod acknowledger;
mod appender;
mod consumer;
mod entry;
mod keys;
mod lease;
mod options;
mod queue;
mod reader;
mod replies;
mod scripts;
mod shards;

pub use appender::{Backlog, RedisLog};
pub use consumer::RedisConsumer;
pub use options::{LogOpenError, RedisLogOptions};
pub use shards::RedisShards;
