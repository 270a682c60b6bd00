//! A made-up shop with a blog and documents, to see the product with realistic data.

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use crate::{DEFAULT_PATIENCE, ImportError, ImportTarget, Progress, Summary};

/// What to make up.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// Other seeds make other events.
    pub seed: u64,
    /// How many days, the last being that of `now`.
    pub days: u32,
    /// Nothing happens after this instant. Events before it are the same whatever the instant is.
    pub now: Timestamp,
    /// The zone in which people sleep at night: that of the project.
    pub time_zone: TimeZone,
    /// How much traffic, as a factor; 1 makes some 5,000 events a day.
    pub scale: f64,
    /// How long a server that does not answer is waited for.
    pub patience: Duration,
}

impl DemoOptions {
    /// Sixty days up to `now`.
    pub fn new(now: Timestamp, time_zone: TimeZone) -> Self {
        Self { seed: 1, days: 60, now, time_zone, scale: 1.0, patience: DEFAULT_PATIENCE }
    }
}

/// Fills a project with made-up events. The same seed gives the same events: a second run stores only what happened since.
///
/// # Errors
/// When an option is out of range, or the server refuses or cannot be reached for longer than [`DemoOptions::patience`].
pub async fn fill(
    target: ImportTarget,
    options: DemoOptions,
    progress: Arc<dyn Progress>,
) -> Result<Summary, ImportError> {
    let _ = (target, options, progress);
    Err(ImportError::Option { option: "demo", problem: "is being written".to_owned() })
}
