//! The embedded implementations: everything stays in this process, and salts in memory-backed files beside it.

mod entry_size;
mod ephemeral;
mod log;
mod notifier;
mod trace;

pub use ephemeral::{EphemeralOptions, JournalPlacement, LocalEphemeralStore, OpenError};
pub use log::{ConsumerExists, LocalConsumer, LocalLog, LocalLogOptions};
pub use notifier::{LocalNotifier, NotifierOptions};
pub use trace::LocalTraceLog;
