use std::sync::Arc;

use tokio::sync::Semaphore;

/// Threads for loops over days, at most so many at the same time over all questions.
#[derive(Clone)]
pub(crate) struct Workers(Arc<Semaphore>);

impl Workers {
    pub(crate) fn new(parallelism: usize) -> Self {
        Self(Arc::new(Semaphore::new(parallelism.clamp(1, Semaphore::MAX_PERMITS))))
    }

    /// Runs a job on a thread of its own. A job that panics makes the caller panic.
    pub(crate) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
        let permit = self.0.clone().acquire_owned().await.expect("the semaphore is never closed");
        let job = move || {
            let _permit = permit;
            job()
        };
        match tokio::task::spawn_blocking(job).await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Only a runtime that shuts down cancels, and it drops this future as well.
                Err(_) => std::future::pending().await,
            },
        }
    }
}
