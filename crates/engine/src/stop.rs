use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Tells loops on other threads that nobody waits for their result any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

/// The loops were told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stopped;

impl Stop {
    /// To be asked once a block.
    pub(crate) fn check(&self) -> Result<(), Stopped> {
        if self.0.load(Ordering::Relaxed) { Err(Stopped) } else { Ok(()) }
    }

    /// Stops the loops when it is dropped, as it is when the caller drops the future of the answer.
    pub(crate) fn guard(&self) -> StopGuard {
        StopGuard(self.clone())
    }
}

pub(crate) struct StopGuard(Stop);

impl Drop for StopGuard {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
