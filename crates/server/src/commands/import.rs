//! `analytics import`.

use std::{sync::Arc, time::Duration};

use analytics_import::{
    Progress, Summary,
    access_log::{self, AccessLogOptions},
    events::{self, EventsOptions},
    progress,
};
use anyhow::bail;

use crate::{
    cli::{FormatArgs, ImportArgs, ImportCommand},
    client::Client,
    output,
};

pub(crate) async fn run(command: ImportCommand) -> anyhow::Result<()> {
    match command {
        ImportCommand::AccessLog(ImportArgs { files, project, include_bots, patience, format, connect }) => {
            let target = Client::connect(&connect).await?.import_target(&project);
            let options = AccessLogOptions { files, include_bots, patience: Duration::from_secs(patience) };
            let summary = access_log::import(target, options, progress_of(format)).await?;
            print_summary(&summary, format)?;
            match summary.rejected_count() {
                _ if summary.read > 0 && summary.unparsable.count == summary.read => {
                    bail!("no line could be read: is this an access log in the common or combined format?")
                }
                0 => Ok(()),
                rejected => bail!("{rejected} lines were refused, as told above; nothing else is missing"),
            }
        }
        ImportCommand::Events(ImportArgs { files, project, include_bots, patience, format, connect }) => {
            let target = Client::connect(&connect).await?.import_target(&project);
            let options = EventsOptions { files, include_bots, patience: Duration::from_secs(patience) };
            let summary = events::import(target, options, progress_of(format)).await?;
            print_summary(&summary, format)?;
            // Unlike lines of a log, every line of an event file was meant to be an event.
            match summary.unparsable.count + summary.rejected_count() {
                0 => Ok(()),
                lost => bail!(
                    "{lost} lines gave no event: correct them and import the file again, the others are not stored twice"
                ),
            }
        }
    }
}

/// Machines get the summary alone.
pub(super) fn progress_of(format: FormatArgs) -> Arc<dyn Progress> {
    if format.json { progress::silent() } else { progress::stderr() }
}

pub(super) fn print_summary(summary: &Summary, format: FormatArgs) -> anyhow::Result<()> {
    if format.json {
        return output::print_json(summary);
    }
    println!("{summary}");
    Ok(())
}
