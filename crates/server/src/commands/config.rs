//! `analytics config`.

use serde_json::{Map, json};

use crate::{
    cli::ConfigArgs,
    config,
    output::{self, Column},
};

/// Secrets are not shown: of files only their paths, of addresses no password.
pub(crate) fn run(args: ConfigArgs) -> anyhow::Result<()> {
    let effective = config::load(args.role.into(), &args.settings, std::env::vars())?;
    let settings = serde_json::to_value(&effective.settings)?;
    let value_of = |name: &str| settings.get(name).cloned().unwrap_or_default();
    if args.format.json {
        let described = effective
            .origins
            .iter()
            .map(|(name, origin)| (name.clone(), json!({ "value": value_of(name), "origin": origin.to_string() })));
        return output::print_json(&described.collect::<Map<_, _>>());
    }
    let rows = effective.origins.iter().map(|(name, origin)| {
        let value = value_of(name);
        let value =
            if value.is_null() { String::new() } else { value.as_str().map_or(value.to_string(), str::to_owned) };
        vec![name.clone(), value, origin.to_string()]
    });
    output::print_table(&[("Setting", Column::Text), ("Value", Column::Text), ("From", Column::Text)], rows.collect());
    Ok(())
}
