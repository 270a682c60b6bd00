//! `analytics key`.

use analytics_proto::v1;

use super::{key_settings, project::resource_name};
use crate::{
    cli::{CreateKeyArgs, FormatArgs, KeyCommand, ScopeArg},
    client::{Client, failed},
    output::{self, Column},
};

pub(crate) async fn run(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Create(args) => create(args).await,
        KeyCommand::List { project, format, connect } => {
            let keys = list(&Client::connect(&connect).await?, resource_name(project.as_deref())).await?;
            if format.json {
                return output::print_json(&v1::ListApiKeysResponse { api_keys: keys, ..Default::default() });
            }
            print_keys(&keys)
        }
        KeyCommand::Update(args) => {
            let client = Client::connect(&args.connect).await?;
            let name = key_name(&args.key);
            // Only changes of a list have to know what is in it.
            let current = if args.settings.origins.is_empty() && args.settings.removed_origins.is_empty() {
                None
            } else {
                list(&client, String::new()).await?.into_iter().find(|key| key.name == name)
            };
            let request = key_settings::update_of(name, current, args.settings)?;
            let response = client.admin().update_api_key(request).await.map_err(failed)?.into_inner();
            show_one(response.api_key.unwrap_or_default(), args.format)
        }
        KeyCommand::Rotate { key, overlap, format, connect } => {
            let client = Client::connect(&connect).await?;
            let request = v1::RotateApiKeyRequest { name: key_name(&key), overlap: Some(output::duration(overlap)) };
            let response = client.admin().rotate_api_key(request).await.map_err(failed)?.into_inner();
            if format.json {
                return output::print_json(&response);
            }
            let (key, replaced) = (response.api_key.unwrap_or_default(), response.replaced.unwrap_or_default());
            println!("Created {} in the place of {}.", key.name, replaced.name);
            println!("\n    {}\n\nKeep it now: it is not shown again.", response.secret);
            println!("{} goes on working until {}.", replaced.name, output::instant(replaced.expire_time));
            Ok(())
        }
        KeyCommand::Revoke { key, format, connect } => {
            let client = Client::connect(&connect).await?;
            let request = v1::RevokeApiKeyRequest { name: key_name(&key) };
            let response = client.admin().revoke_api_key(request).await.map_err(failed)?.into_inner();
            if format.json {
                return output::print_json(&response);
            }
            let key = response.api_key.unwrap_or_default();
            let revoke_time = output::instant(key.revoke_time);
            println!("Revoked {} at {revoke_time}: it stops working within five seconds.", key.name);
            Ok(())
        }
    }
}

async fn create(args: CreateKeyArgs) -> anyhow::Result<()> {
    let client = Client::connect(&args.connect).await?;
    let request = v1::CreateApiKeyRequest {
        project: resource_name(args.project.as_deref()),
        scopes: args.scopes.into_iter().map(|scope| scope_of(scope).into()).collect(),
        display_name: args.display_name,
        origins: args.origins,
        expire_time: key_settings::end_of(args.expires_in, args.expire_time)?,
        quota: Some(v1::ApiKeyQuota {
            events_per_second: args.events_per_second.unwrap_or_default(),
            bytes_per_second: args.bytes_per_second.unwrap_or_default(),
        }),
    };
    let response = client.admin().create_api_key(request).await.map_err(failed)?.into_inner();
    if args.format.json {
        return output::print_json(&response);
    }
    let key = response.api_key.unwrap_or_default();
    println!("Created {} ({}) for {}.", key.name, scope_names(&key), reach_of(&key));
    println!("\n    {}\n\nKeep it now: it is not shown again.", response.secret);
    Ok(())
}

fn key_name(key: &str) -> String {
    if key.starts_with("apiKeys/") { key.to_owned() } else { format!("apiKeys/{key}") }
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
    let names = key.scopes().map(|scope| output::lower(scope.as_str_name(), "API_KEY_SCOPE_"));
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

fn show_one(key: v1::ApiKey, format: FormatArgs) -> anyhow::Result<()> {
    if format.json {
        return output::print_json(&key);
    }
    print_keys(&[key])?;
    println!("It holds within five seconds.");
    Ok(())
}

fn print_keys(keys: &[v1::ApiKey]) -> anyhow::Result<()> {
    let headings =
        ["Key", "Ends in", "For", "Scopes", "Reaches", "Origins", "Per second", "State", "Created", "Last used"];
    let now = output::now()?;
    let rows = keys.iter().map(|key| {
        vec![
            key.name.trim_start_matches("apiKeys/").to_owned(),
            key.last_four.clone(),
            key.display_name.clone(),
            scope_names(key),
            reach_of(key).to_owned(),
            if key.origins.is_empty() { "all".to_owned() } else { key.origins.join(" ") },
            key_settings::quota_text(key.quota.unwrap_or_default()),
            key_settings::state_text(key, now),
            output::instant(key.create_time),
            key.last_use_time.map_or_else(|| "never".to_owned(), |time| output::instant(Some(time))),
        ]
    });
    output::print_table(&headings.map(|heading| (heading, Column::Text)), rows.collect());
    Ok(())
}
