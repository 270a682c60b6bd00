//! `analytics quarantine`.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use analytics_proto::v1;
use anyhow::{Context as _, bail};

use super::project::resource_name;
use crate::{
    cli::{ChosenArgs, QuarantineCommand},
    client::{Client, failed},
    output::{self, Column},
};

mod replay;

/// Pages of records are large; those of names would be small, but there is no such list.
const PAGE: i32 = 200;
/// So many are replayed or deleted in one call.
const AT_ONCE: usize = 50;

pub(crate) async fn run(command: QuarantineCommand) -> anyhow::Result<()> {
    match command {
        QuarantineCommand::List { project, limit, format, connect } => {
            let client = Client::connect(&connect).await?;
            let mut pages = Pages::new(&client, project.as_deref(), limit as usize);
            let mut events = Vec::new();
            while let Some(page) = pages.next().await? {
                events.extend(page);
            }
            if format.json {
                return output::print_json(&v1::ListQuarantinedEventsResponse {
                    quarantined_events: events,
                    next_page_token: String::new(),
                });
            }
            print_list(&events);
            if pages.are_more() {
                println!("There are more: `--limit` shows them, `analytics quarantine export` writes all.");
            }
            Ok(())
        }
        QuarantineCommand::Show { number, format, connect } => {
            let client = Client::connect(&connect).await?;
            let request = v1::GetQuarantinedEventRequest { name: resource(&number) };
            let response = client.quarantine().get_quarantined_event(request).await.map_err(failed)?.into_inner();
            let event = response.quarantined_event.unwrap_or_default();
            if format.json {
                return output::print_json(&event);
            }
            print_one(&event);
            Ok(())
        }
        QuarantineCommand::Export { project, output, connect } => {
            let client = Client::connect(&connect).await?;
            let pages = Pages::new(&client, project.as_deref(), usize::MAX);
            match output {
                None => export(pages, &mut io::stdout().lock()).await.map(drop),
                Some(path) => {
                    let count = export_to(pages, &path).await?;
                    eprintln!("Wrote {count} to {}.", path.display());
                    Ok(())
                }
            }
        }
        QuarantineCommand::Replay(chosen) => replay::run(chosen).await,
        QuarantineCommand::Delete(chosen) => delete(chosen).await,
    }
}

/// What is in quarantine, page by page.
struct Pages<'a> {
    client: &'a Client,
    project: String,
    left: usize,
    /// None after the last page.
    token: Option<String>,
}

impl<'a> Pages<'a> {
    fn new(client: &'a Client, project: Option<&str>, limit: usize) -> Self {
        Self { client, project: resource_name(project), left: limit, token: Some(String::new()) }
    }

    fn are_more(&self) -> bool {
        self.token.is_some()
    }

    async fn next(&mut self) -> anyhow::Result<Option<Vec<v1::QuarantinedEvent>>> {
        let Some(page_token) = self.token.take_if(|_| self.left > 0) else { return Ok(None) };
        let request = v1::ListQuarantinedEventsRequest {
            project: self.project.clone(),
            page_size: i32::try_from(self.left).unwrap_or(PAGE).min(PAGE),
            page_token,
        };
        let page = self.client.quarantine().list_quarantined_events(request).await.map_err(failed)?.into_inner();
        self.left -= page.quarantined_events.len().min(self.left);
        self.token = Some(page.next_page_token).filter(|token| !token.is_empty());
        Ok(Some(page.quarantined_events))
    }
}

async fn export_to(pages: Pages<'_>, path: &Path) -> anyhow::Result<usize> {
    // Never over an older export: that may be all that is left of what was deleted since.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = file.with_context(|| format!("{} cannot be made", path.display()))?;
    let mut file = BufWriter::new(file);
    let count = export(pages, &mut file).await?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error);
    file.and_then(|file| file.sync_all()).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(count)
}

async fn export(mut pages: Pages<'_>, to: &mut impl Write) -> anyhow::Result<usize> {
    let mut count = 0;
    while let Some(page) = pages.next().await? {
        for event in &page {
            writeln!(to, "{}", serde_json::to_string(event)?).context("the export cannot be written")?;
        }
        count += page.len();
    }
    to.flush().context("the export cannot be written")?;
    Ok(count)
}

async fn delete(chosen: ChosenArgs) -> anyhow::Result<()> {
    let client = Client::connect(&chosen.connect).await?;
    let mut deleted_count = 0;
    let names = names_of(&client, &chosen).await?;
    for names in names.chunks(AT_ONCE) {
        let request = v1::DeleteQuarantinedEventsRequest { names: names.to_vec() };
        let response = client.quarantine().delete_quarantined_events(request).await.map_err(failed)?.into_inner();
        deleted_count += response.deleted_count;
    }
    if chosen.format.json {
        output::print_json(&v1::DeleteQuarantinedEventsResponse { deleted_count })?;
    } else {
        println!("Deleted {}.", output::count(deleted_count));
    }
    match names.len() as i64 - deleted_count {
        absent if absent > 0 && !chosen.all => {
            bail!("{absent} of them are not in quarantine, or the key does not reach them")
        }
        _ => Ok(()),
    }
}

/// Those that were typed, or all that are there now: what comes later is not meant.
async fn names_of(client: &Client, chosen: &ChosenArgs) -> anyhow::Result<Vec<String>> {
    if !chosen.all {
        return Ok(chosen.numbers.iter().map(|number| resource(number)).collect());
    }
    let mut names = Vec::new();
    let mut pages = Pages::new(client, chosen.project.as_deref(), usize::MAX);
    while let Some(page) = pages.next().await? {
        names.extend(page.into_iter().map(|event| event.name));
    }
    Ok(names)
}

fn resource(number: &str) -> String {
    if number.starts_with("quarantinedEvents/") { number.to_owned() } else { format!("quarantinedEvents/{number}") }
}

fn number_of(name: &str) -> &str {
    name.trim_start_matches("quarantinedEvents/")
}

fn print_list(events: &[v1::QuarantinedEvent]) {
    let headings = [
        ("Number", Column::Number),
        ("Project", Column::Text),
        ("Event", Column::Text),
        ("Since", Column::Text),
        ("Bytes", Column::Number),
        ("Why", Column::Text),
    ];
    let rows = events.iter().map(|event| {
        vec![
            number_of(&event.name).to_owned(),
            event.project.trim_start_matches("projects/").to_owned(),
            if event.event_id.is_empty() { "unreadable".to_owned() } else { event.event_id.clone() },
            output::instant(event.create_time),
            output::count(event.record.len() as i64),
            event.reason.clone(),
        ]
    });
    output::print_table(&headings, rows.collect());
}

fn print_one(event: &v1::QuarantinedEvent) {
    let known =
        |text: &str| if text.is_empty() { "not known: the record cannot be read".to_owned() } else { text.to_owned() };
    output::print_fields([
        ("Number", number_of(&event.name).to_owned()),
        ("Project", known(event.project.trim_start_matches("projects/"))),
        ("Event", known(&event.event_id)),
        ("Since", output::instant(event.create_time)),
        ("Why", event.reason.clone()),
        ("Record", format!("{} bytes; `--json` shows them in base64", output::count(event.record.len() as i64))),
    ]);
}
