//! A made-up shop with a blog and documents, to see the product with realistic data.

mod agents;
mod days;
mod journeys;
mod people;
mod random;
mod site;
mod traffic;
mod visit;

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    DEFAULT_PATIENCE, ImportError, ImportTarget, Progress, Summary, identity,
    send::{self, Batches, Content, Prepared, SendOptions},
};

const MAX_DAYS: u32 = 3650;
const MAX_SCALE: f64 = 1000.0;

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
    if !(1..=MAX_DAYS).contains(&options.days) {
        return Err(ImportError::Option { option: "days", problem: format!("must be 1 to {MAX_DAYS}") });
    }
    if !(options.scale > 0.0 && options.scale <= MAX_SCALE) {
        return Err(ImportError::Option {
            option: "scale",
            problem: format!("must be above 0 and at most {MAX_SCALE}"),
        });
    }
    let import_id = import_id(&target.project, &options);
    let send_options = SendOptions { include_bots: false, patience: options.patience };
    let prepare = move |_: &dyn Progress| {
        Ok(Prepared {
            import_id,
            content: Content::MadeUp,
            expected_events: days::expected_events(&options),
            events: Box::new(move |batches: &mut Batches| {
                days::for_each_event(&options, |event| batches.push(event, None))
            }),
        })
    };
    send::run(target, send_options, progress, prepare).await
}

/// Filling again on the same day goes on with the same import, if that was not finished.
fn import_id(project: &str, options: &DemoOptions) -> String {
    let zone = options.time_zone.iana_name().unwrap_or_default();
    let last = days::last_date(options);
    let content = format!("{} {} {} {last} {zone}", options.seed, options.days, options.scale);
    identity::import_id("demo", project, false, vec![*blake3::hash(content.as_bytes()).as_bytes()])
}
