//! `analytics project`.

use analytics_proto::v1;

use super::project_settings;
use crate::{
    cli::{ProjectCommand, WeekStartArg},
    client::{Client, failed},
    output::{self, Column},
};

pub(crate) async fn run(command: ProjectCommand) -> anyhow::Result<()> {
    match command {
        ProjectCommand::Create { name, time_zone, week_start, format, connect } => {
            let client = Client::connect(&connect).await?;
            let project = create(&client, &name, &time_zone, week_start).await?;
            if format.json {
                return output::print_json(&project);
            }
            println!("Created {} with days in {}.", project.name, project.time_zone);
        }
        ProjectCommand::List { format, connect } => {
            let projects = list(&Client::connect(&connect).await?).await?;
            if format.json {
                return output::print_json(&v1::ListProjectsResponse { projects, ..Default::default() });
            }
            let headings = [("Project", Column::Text), ("Time zone", Column::Text), ("Created", Column::Text)];
            let rows = projects.into_iter().map(|project| {
                let name = project.name.trim_start_matches("projects/").to_owned();
                vec![name, project.time_zone, output::instant(project.create_time)]
            });
            output::print_table(&headings, rows.collect());
        }
        ProjectCommand::Show { name, format, connect } => {
            let project = get(&Client::connect(&connect).await?, &name).await?;
            if format.json {
                return output::print_json(&project);
            }
            project_settings::print(&project);
        }
        ProjectCommand::Update(args) => {
            let client = Client::connect(&args.connect).await?;
            let current = get(&client, &args.name).await?;
            let request = project_settings::update_of(current, args.settings)?;
            let response = client.admin().update_project(request).await.map_err(failed)?.into_inner();
            let project = response.project.unwrap_or_default();
            if args.format.json {
                return output::print_json(&project);
            }
            project_settings::print(&project);
            println!("Collectors follow within five seconds.");
        }
        ProjectCommand::Counts { name, days, format, connect } => {
            let client = Client::connect(&connect).await?;
            let counts = counts(&client, &name, days).await?;
            if format.json {
                return output::print_json(&counts);
            }
            print_counts(&counts);
        }
    }
    Ok(())
}

/// Creates a project.
pub(crate) async fn create(
    client: &Client,
    name: &str,
    time_zone: &str,
    week_start: WeekStartArg,
) -> anyhow::Result<v1::Project> {
    let request = v1::CreateProjectRequest {
        project_id: name.to_owned(),
        time_zone: time_zone.to_owned(),
        week_start: project_settings::week_start_of(week_start).into(),
    };
    let response = client.admin().create_project(request).await.map_err(failed)?.into_inner();
    Ok(response.project.unwrap_or_default())
}

/// All projects that the key reaches.
pub(crate) async fn list(client: &Client) -> anyhow::Result<Vec<v1::Project>> {
    let mut projects = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = v1::ListProjectsRequest { page_size: 1000, page_token };
        let page = client.admin().list_projects(request).await.map_err(failed)?.into_inner();
        projects.extend(page.projects);
        if page.next_page_token.is_empty() {
            return Ok(projects);
        }
        page_token = page.next_page_token;
    }
}

/// The resource name of a project, as typed with or without its prefix; empty for none.
pub(super) fn resource_name(project: Option<&str>) -> String {
    match project {
        Some(name) if name.starts_with("projects/") => name.to_owned(),
        Some(name) => format!("projects/{name}"),
        None => String::new(),
    }
}

async fn get(client: &Client, name: &str) -> anyhow::Result<v1::Project> {
    let request = v1::GetProjectRequest { name: resource_name(Some(name)) };
    Ok(client.admin().get_project(request).await.map_err(failed)?.into_inner().project.unwrap_or_default())
}

async fn counts(client: &Client, name: &str, days: u16) -> anyhow::Result<v1::ListIngestCountsResponse> {
    let project = get(client, name).await?;
    let zone = jiff::tz::TimeZone::get(&project.time_zone)?;
    let last = zone.to_datetime(output::now()?).date();
    let first = last.checked_sub(jiff::Span::new().days(i64::from(days) - 1))?;
    let request =
        v1::ListIngestCountsRequest { project: project.name, first_date: first.to_string(), last_date: String::new() };
    Ok(client.admin().list_ingest_counts(request).await.map_err(failed)?.into_inner())
}

fn print_counts(counts: &v1::ListIngestCountsResponse) {
    let headings =
        [("Day", Column::Text), ("Verdict", Column::Text), ("Why", Column::Text), ("Events", Column::Number)];
    let rows = counts.counts.iter().map(|count| {
        let cause = match count.verdict() {
            v1::Verdict::Filtered => output::lower(count.filter_rule().as_str_name(), "FILTER_RULE_"),
            v1::Verdict::Rejected => count.reason().as_str_name().trim_start_matches("ERROR_REASON_").to_owned(),
            _ => String::new(),
        };
        let verdict = output::lower(count.verdict().as_str_name(), "VERDICT_");
        vec![count.date.clone(), verdict, cause, output::count(count.count)]
    });
    output::print_table(&headings, rows.collect());
}
