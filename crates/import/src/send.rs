//! Sends events as one import: in order of time, batch after batch, each stored before the next is sent.

mod backoff;
mod batch;
mod call;
mod tally;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

pub(crate) use batch::{Batches, MAX_EVENT_BYTES};

use crate::{ImportError, ImportTarget, Progress, Summary, Unit, input::Inputs, summary::BadLines};
use call::Calls;
use tally::Tally;

/// Batches that are made ready while another is being stored.
const BATCHES_AHEAD: usize = 2;

/// How an import is sent.
#[derive(Debug, Clone)]
pub(crate) struct SendOptions {
    pub(crate) include_bots: bool,
    /// How long a server that does not answer is waited for.
    pub(crate) patience: Duration,
}

/// An import that was read and can be sent.
pub(crate) struct Prepared {
    /// A pure function of project, kind and content: a second start of the same command goes on with the same import.
    pub(crate) import_id: String,
    pub(crate) content: Content,
    /// About how many events there are, for the progress.
    pub(crate) expected_events: u64,
    pub(crate) events: Events,
}

/// Gives all events in order of time, on a thread that may block.
pub(crate) type Events = Box<dyn FnOnce(&mut Batches) -> Result<(), ImportError> + Send>;

/// Where events come from.
pub(crate) enum Content {
    /// Lines that were read.
    Lines(LineCounts),
    /// They are made up.
    MadeUp,
}

/// What was read.
#[derive(Default)]
pub(crate) struct LineCounts {
    pub(crate) read: u64,
    pub(crate) skipped: BTreeMap<String, u64>,
    pub(crate) unparsable: BadLines,
    /// To name the lines of events that the server rejects.
    pub(crate) inputs: Option<Arc<Inputs>>,
}

/// Prepares an import, sends it, and tells what became of it. `prepare` runs on a thread that may block.
pub(crate) async fn run(
    target: ImportTarget,
    options: SendOptions,
    progress: Arc<dyn Progress>,
    prepare: impl FnOnce(&dyn Progress) -> Result<Prepared, ImportError> + Send + 'static,
) -> Result<Summary, ImportError> {
    let result = read_and_send(target, options, progress.clone(), prepare).await;
    // After a failure too: whoever tells it needs the terminal.
    progress.finished();
    result
}

async fn read_and_send(
    target: ImportTarget,
    options: SendOptions,
    progress: Arc<dyn Progress>,
    prepare: impl FnOnce(&dyn Progress) -> Result<Prepared, ImportError> + Send + 'static,
) -> Result<Summary, ImportError> {
    let began = Instant::now();
    let project = target.project.clone();
    let calls = Calls::new(target, options.patience, progress.clone())?;
    let prepared = {
        let progress = progress.clone();
        tokio::task::spawn_blocking(move || prepare(progress.as_ref())).await??
    };
    let (import, resumed) = calls.create(&prepared.import_id, options.include_bots).await?;

    let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
    let events = prepared.events;
    let reader = tokio::task::spawn_blocking(move || {
        let mut batches = Batches::new(sender);
        events(&mut batches)?;
        batches.flush()
    });
    let mut tally = Tally::default();
    progress.sending(0, prepared.expected_events);
    while let Some(batch) = batches.recv().await {
        calls.track(&import, batch, &mut tally).await?;
        progress.sending(tally.sent, prepared.expected_events);
    }
    reader.await??;
    calls.finish(&import).await?;

    let (unit, lines) = match prepared.content {
        Content::Lines(lines) => (Unit::Lines, lines),
        Content::MadeUp => (Unit::Events, LineCounts { read: tally.sent, ..LineCounts::default() }),
    };
    let elapsed_seconds = began.elapsed().as_secs_f64();
    Ok(Summary {
        project,
        import,
        resumed,
        unit,
        read: lines.read,
        skipped: lines.skipped,
        unparsable: lines.unparsable,
        sent: tally.sent,
        stored: tally.stored,
        duplicate: tally.duplicate,
        accepted: tally.accepted,
        rejected: tally.rejections(lines.inputs.as_deref()),
        filtered: tally.filtered,
        elapsed_seconds,
        events_per_second: tally.sent as f64 / elapsed_seconds.max(f64::MIN_POSITIVE),
    })
}
