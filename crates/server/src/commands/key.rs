//! `analytics key`.

use analytics_proto::v1;

use crate::{
    cli::{KeyCommand, ScopeArg},
    client::{Client, failed},
    output::{self, Column},
};

pub(crate) async fn run(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Create { project, scopes, display_name, format, connect } => {
            let client = Client::connect(&connect).await?;
            let scopes = scopes.into_iter().map(|scope| scope_of(scope).into()).collect();
            let request =
                v1::CreateApiKeyRequest { project: resource_name(project), scopes, display_name, ..Default::default() };
            let response = client.admin().create_api_key(request).await.map_err(failed)?.into_inner();
            if format.json {
                return output::print_json(&response);
            }
            let key = response.api_key.unwrap_or_default();
            println!("Created {} ({}) for {}.", key.name, scope_names(&key), reach_of(&key));
            println!("\n    {}\n\nKeep it now: it is not shown again.", response.secret);
        }
        KeyCommand::List { project, format, connect } => {
            let keys = list(&Client::connect(&connect).await?, resource_name(project)).await?;
            if format.json {
                return output::print_json(&v1::ListApiKeysResponse { api_keys: keys, ..Default::default() });
            }
            print_keys(&keys);
        }
        KeyCommand::Revoke { key, format, connect } => {
            let client = Client::connect(&connect).await?;
            let name = if key.starts_with("apiKeys/") { key } else { format!("apiKeys/{key}") };
            let request = v1::RevokeApiKeyRequest { name };
            let response = client.admin().revoke_api_key(request).await.map_err(failed)?.into_inner();
            if format.json {
                return output::print_json(&response);
            }
            let key = response.api_key.unwrap_or_default();
            println!(
                "Revoked {} at {}: it stops working within five seconds.",
                key.name,
                output::instant(key.revoke_time)
            );
        }
    }
    Ok(())
}

fn resource_name(project: Option<String>) -> String {
    project.map_or_else(String::new, |project| format!("projects/{project}"))
}

fn scope_of(scope: ScopeArg) -> v1::ApiKeyScope {
    match scope {
        ScopeArg::Ingest => v1::ApiKeyScope::Ingest,
        ScopeArg::Query => v1::ApiKeyScope::Query,
        ScopeArg::Import => v1::ApiKeyScope::Import,
        ScopeArg::Admin => v1::ApiKeyScope::Admin,
    }
}

fn scope_names(key: &v1::ApiKey) -> String {
    let names = key.scopes().map(|scope| scope.as_str_name().trim_start_matches("API_KEY_SCOPE_").to_lowercase());
    names.collect::<Vec<_>>().join(", ")
}

fn reach_of(key: &v1::ApiKey) -> &str {
    if key.project.is_empty() { "all projects" } else { &key.project }
}

async fn list(client: &Client, project: String) -> anyhow::Result<Vec<v1::ApiKey>> {
    let mut keys = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = v1::ListApiKeysRequest { project: project.clone(), page_size: 1000, page_token };
        let page = client.admin().list_api_keys(request).await.map_err(failed)?.into_inner();
        keys.extend(page.api_keys);
        if page.next_page_token.is_empty() {
            return Ok(keys);
        }
        page_token = page.next_page_token;
    }
}

fn print_keys(keys: &[v1::ApiKey]) {
    let headings =
        ["Key", "Ends in", "For", "Scopes", "Reaches", "Created", "Revoked"].map(|heading| (heading, Column::Text));
    let rows = keys.iter().map(|key| {
        vec![
            key.name.trim_start_matches("apiKeys/").to_owned(),
            key.last_four.clone(),
            key.display_name.clone(),
            scope_names(key),
            reach_of(key).to_owned(),
            output::instant(key.create_time),
            output::instant(key.revoke_time),
        ]
    });
    output::print_table(&headings, rows.collect());
}
