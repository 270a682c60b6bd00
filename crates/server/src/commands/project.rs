//! `analytics project`.

use analytics_proto::v1;

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
    let week_start = match week_start {
        WeekStartArg::Monday => v1::WeekStart::Monday,
        WeekStartArg::Sunday => v1::WeekStart::Sunday,
    };
    let request = v1::CreateProjectRequest {
        project_id: name.to_owned(),
        time_zone: time_zone.to_owned(),
        week_start: week_start.into(),
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
