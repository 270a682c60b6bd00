//! `analytics quarantine replay`.

use analytics_proto::v1::{self, ReplayOutcome};
use anyhow::bail;
use serde::Serialize;

use super::{AT_ONCE, names_of, number_of};
use crate::{
    cli::ChosenArgs,
    client::{Client, failed},
    output::{self, Column},
};

/// What became of them.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    stored: usize,
    duplicate: usize,
    not_found: usize,
    refused: Vec<v1::ReplayResult>,
}

impl Summary {
    fn add(&mut self, result: v1::ReplayResult) {
        match result.outcome() {
            ReplayOutcome::Stored => self.stored += 1,
            ReplayOutcome::Duplicate => self.duplicate += 1,
            ReplayOutcome::NotFound => self.not_found += 1,
            // One that this version does not know leaves it where it is, as far as anybody can tell.
            ReplayOutcome::Refused | ReplayOutcome::Unspecified => self.refused.push(result),
        }
    }

    fn print(&self) {
        if !self.refused.is_empty() {
            let headings = [("Still refused", Column::Number), ("Why", Column::Text)];
            let rows =
                self.refused.iter().map(|result| vec![number_of(&result.name).to_owned(), result.description.clone()]);
            output::print_table(&headings, rows.collect());
        }
        println!(
            "{} stored, {} stored before, {} still refused, {} not in quarantine.",
            self.stored,
            self.duplicate,
            self.refused.len(),
            self.not_found
        );
    }
}

pub(super) async fn run(chosen: ChosenArgs) -> anyhow::Result<()> {
    let client = Client::connect(&chosen.connect).await?;
    let names = names_of(&client, &chosen).await?;
    let mut summary = Summary::default();
    for (index, some) in names.chunks(AT_ONCE).enumerate() {
        if index > 0 {
            eprintln!("{} of {} replayed", output::count((index * AT_ONCE) as i64), output::count(names.len() as i64));
        }
        let request = v1::ReplayQuarantinedEventsRequest { names: some.to_vec() };
        let response = client.quarantine().replay_quarantined_events(request).await;
        match response {
            Ok(response) => response.into_inner().results.into_iter().for_each(|result| summary.add(result)),
            Err(status) => {
                summary.print();
                return Err(failed(status).context("not all were replayed; what was done stays done"));
            }
        }
    }
    if chosen.format.json {
        output::print_json(&summary)?;
    } else {
        summary.print();
    }
    match (summary.refused.len(), summary.not_found) {
        (0, absent) if absent > 0 && !chosen.all => {
            bail!("{absent} of them are not in quarantine, or the key does not reach them")
        }
        (0, _) => Ok(()),
        (refused, _) => bail!("{refused} of them are still refused and stay in quarantine"),
    }
}
