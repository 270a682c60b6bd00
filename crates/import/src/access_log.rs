//! Access logs of web servers, in the common or combined format, plain or gzip.
//!
//! A line is a view when the method is GET, the status 200 to 299 or 304, and the path no file that belongs to a page; downloads become
//! the event `file_download`. Texts are taken as the log writes them: escapes such as `\"` or `\xe4` and percent-encoding stay. Bytes
//! that are no UTF-8 are percent-encoded.

mod date;
mod event;
mod line;
mod rule;

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use crate::{
    DEFAULT_PATIENCE, ImportError, ImportTarget, Progress, Summary, identity,
    input::{Inputs, Line},
    send::{self, Batches, Content, LineCounts, Prepared, SendOptions},
    sorter::{Record, Sorter},
};
use line::LogLine;
use rule::Decision;

/// Servers limit a request's head to far less.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// What to import and how.
#[derive(Debug, Clone)]
pub struct AccessLogOptions {
    /// The files; all of them together are one import. `-` is standard input.
    pub files: Vec<PathBuf>,
    /// Count known bots too.
    pub include_bots: bool,
    /// How long a server that does not answer is waited for.
    pub patience: Duration,
}

impl Default for AccessLogOptions {
    fn default() -> Self {
        Self { files: Vec::new(), include_bots: false, patience: DEFAULT_PATIENCE }
    }
}

/// Imports access logs.
///
/// # Errors
/// When a file cannot be read, or the server refuses or cannot be reached for longer than [`AccessLogOptions::patience`]. The same
/// command may be given again: nothing is stored twice.
pub async fn import(
    target: ImportTarget,
    options: AccessLogOptions,
    progress: Arc<dyn Progress>,
) -> Result<Summary, ImportError> {
    let project = target.project.clone();
    let AccessLogOptions { files, include_bots, patience } = options;
    let prepare = move |progress: &dyn Progress| prepare(project, files, include_bots, progress);
    send::run(target, SendOptions { include_bots, patience }, progress, prepare).await
}

/// Reads every line, keeps those that are events, and sorts them.
fn prepare(
    project: String,
    files: Vec<PathBuf>,
    include_bots: bool,
    progress: &dyn Progress,
) -> Result<Prepared, ImportError> {
    let inputs = Arc::new(Inputs::new(files)?);
    let mut counts = LineCounts { inputs: Some(inputs.clone()), ..LineCounts::default() };
    let mut sorter = Sorter::new();
    let contents = inputs.for_each_line(MAX_LINE_BYTES, progress, |place, line| {
        counts.read += 1;
        match decide(line) {
            Ok(Decided::Event { time_micros, line }) => {
                sorter.push(Record { time_micros, place, content: line.into() })?;
            }
            Ok(Decided::Skipped(reason)) => *counts.skipped.entry(reason.to_owned()).or_default() += 1,
            Err(problem) => counts.unparsable.add(inputs.place(place), problem),
        }
        Ok(())
    })?;
    Ok(Prepared {
        import_id: identity::import_id("access-log", &project, include_bots, contents),
        content: Content::Lines(counts),
        expected_events: sorter.count(),
        events: Box::new(move |batches| send_sorted(&project, sorter, batches)),
    })
}

enum Decided<'a> {
    Event { time_micros: i64, line: &'a [u8] },
    Skipped(&'static str),
}

fn decide(line: Line<'_>) -> Result<Decided<'_>, String> {
    let Line::Whole(line) = line else {
        return Err(format!("is longer than {MAX_LINE_BYTES} bytes"));
    };
    if line.is_empty() {
        return Ok(Decided::Skipped("empty line"));
    }
    let parsed = LogLine::parse(line).map_err(|problem| problem.to_string())?;
    Ok(match rule::decide(&parsed) {
        Decision::View | Decision::Download => Decided::Event { time_micros: parsed.time.as_microsecond(), line },
        Decision::Skipped(reason) => Decided::Skipped(reason.as_str()),
    })
}

/// Makes events of sorted lines. Equal lines have equal times, so those of one instant are enough to count them.
fn send_sorted(project: &str, sorter: Sorter, batches: &mut Batches) -> Result<(), ImportError> {
    let mut instant = i64::MIN;
    let mut seen: HashMap<Box<[u8]>, u64> = HashMap::new();
    sorter.for_each(|Record { time_micros, place, content }| {
        if time_micros != instant {
            instant = time_micros;
            seen.clear();
        }
        let line = LogLine::parse(&content).expect("only lines that were understood are sorted");
        let occurrence = seen.get(&content).copied().unwrap_or(0);
        batches.push(event::event_of(project, &content, &line, occurrence), Some(place))?;
        seen.insert(content, occurrence + 1);
        Ok(())
    })
}
