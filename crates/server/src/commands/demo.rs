//! `analytics demo`, and what `serve --demo` does with it.

use analytics_domain::{Clock as _, SystemClock};
use analytics_import::{DEFAULT_PATIENCE, Summary, demo, progress};
use anyhow::Context;

use super::{import, project};
use crate::{
    cli::{ConnectArgs, DemoArgs, WeekStartArg},
    client::Client,
};

const DEMO_PROJECT: &str = "demo";
const DEMO_ZONE: &str = "Europe/Berlin";

pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let client = Client::connect(&args.connect).await?;
    let time_zone = match find(&client, &args.project).await? {
        Some(time_zone) => time_zone,
        None => project::create(&client, &args.project, &args.time_zone, WeekStartArg::Monday).await?.time_zone,
    };
    let options = demo::DemoOptions { seed: args.seed, days: args.days, scale: args.scale, ..options(&time_zone)? };
    let summary = demo::fill(client.import_target(&args.project), options, import::progress_of(args.format)).await?;
    import::print_summary(&summary, args.format)
}

/// Fills the demo project up to now. What an earlier start stored of it is not stored again.
pub(crate) async fn fill_missing_demo(connect: ConnectArgs) -> anyhow::Result<()> {
    let client = Client::connect(&connect).await?;
    if find(&client, DEMO_PROJECT).await?.is_none() {
        project::create(&client, DEMO_PROJECT, DEMO_ZONE, WeekStartArg::Monday).await?;
    }
    let target = client.import_target(DEMO_PROJECT);
    let summary: Summary = demo::fill(target, options(DEMO_ZONE)?, progress::stderr()).await?;
    tracing::info!(stored = summary.stored, known = summary.duplicate, "the demo project is filled");
    Ok(())
}

/// The time zone of a project, if it exists.
async fn find(client: &Client, name: &str) -> anyhow::Result<Option<String>> {
    let name = format!("projects/{name}");
    let projects = project::list(client).await?;
    Ok(projects.into_iter().find(|project| project.name == name).map(|project| project.time_zone))
}

fn options(time_zone: &str) -> anyhow::Result<demo::DemoOptions> {
    let now = jiff::Timestamp::from_microsecond(SystemClock.now().0).context("the clock shows an impossible time")?;
    let zone = analytics_domain::Zone::named(time_zone)?;
    Ok(demo::DemoOptions { patience: DEFAULT_PATIENCE, ..demo::DemoOptions::new(now, zone.rules().clone()) })
}
