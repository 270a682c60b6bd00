//! The settings of a project: what to change, and how they are shown.

use std::net::IpAddr;

use analytics_proto::v1;
use anyhow::bail;
use pbjson_types::FieldMask;

use crate::{
    cli::{ConsentArg, ProjectSettingArgs, SettingList, VisitorModeArg, WeekStartArg},
    output,
};

/// The request that makes the typed changes to a project as it is now. Only fields that are typed are sent, so that nobody else's change
/// is undone.
pub(super) fn update_of(current: v1::Project, args: ProjectSettingArgs) -> anyhow::Result<v1::UpdateProjectRequest> {
    let mut settings = current.ingest_settings.unwrap_or_default();
    let mut paths = Vec::new();
    let mut project = v1::Project { name: current.name, ..Default::default() };
    if let Some(week_start) = args.week_start {
        project.set_week_start(week_start_of(week_start));
        paths.push("week_start");
    }
    if let Some(lateness) = args.lateness {
        project.lateness = Some(output::duration(lateness));
        paths.push("lateness");
    }
    if let Some(consent) = args.consent {
        settings.set_consent_policy(match consent {
            ConsentArg::CountWithoutIds => v1::ConsentPolicy::CountWithoutIds,
            ConsentArg::Drop => v1::ConsentPolicy::Drop,
        });
        paths.push("ingest_settings.consent_policy");
    }
    if let Some(mode) = args.visitor_mode {
        settings.set_visitor_mode(match mode {
            VisitorModeArg::NetworkAndAgent => v1::VisitorMode::NetworkAndAgent,
            VisitorModeArg::Network => v1::VisitorMode::Network,
            VisitorModeArg::CoarseNetworkAndAgent => v1::VisitorMode::CoarseNetworkAndAgent,
            VisitorModeArg::RandomPerRequest => v1::VisitorMode::RandomPerRequest,
        });
        paths.push("ingest_settings.visitor_mode");
    }
    if let Some(filter) = args.filter_datacenters {
        settings.filter_datacenters = filter;
        paths.push("ingest_settings.filter_datacenters");
    }
    let ProjectSettingArgs { clear, .. } = &args;
    let mut change = |list: SettingList, path, items: &mut Vec<String>, added: &[String], removed: &[String]| {
        if change_list(items, clear.contains(&list), added, removed)? {
            paths.push(path);
        }
        anyhow::Ok(())
    };
    change(
        SettingList::OwnNetworks,
        "ingest_settings.own_networks",
        &mut settings.own_networks,
        &args.own_networks,
        &args.removed_own_networks,
    )?;
    change(
        SettingList::BlockedNetworks,
        "ingest_settings.blocked_networks",
        &mut settings.blocked_networks,
        &args.blocked_networks,
        &args.unblocked_networks,
    )?;
    change(
        SettingList::BlockedAgents,
        "ingest_settings.blocked_user_agents",
        &mut settings.blocked_user_agents,
        &args.blocked_agents,
        &args.unblocked_agents,
    )?;
    change(
        SettingList::BlockedPages,
        "ingest_settings.blocked_pages",
        &mut settings.blocked_pages,
        &args.blocked_pages,
        &args.unblocked_pages,
    )?;
    change(
        SettingList::KeptParameters,
        "ingest_settings.kept_query_parameters",
        &mut settings.kept_query_parameters,
        &args.kept_parameters,
        &args.dropped_parameters,
    )?;
    project.ingest_settings = Some(settings);
    let update_mask = FieldMask { paths: paths.into_iter().map(str::to_owned).collect() };
    Ok(v1::UpdateProjectRequest { project: Some(project), update_mask: Some(update_mask) })
}

/// Empties, removes and adds, in this order; whether anything was asked for.
pub(super) fn change_list(
    items: &mut Vec<String>,
    clear: bool,
    added: &[String],
    removed: &[String],
) -> anyhow::Result<bool> {
    // Before it is emptied: whoever removes what never was there mistyped something.
    for removed in removed {
        let before = items.len();
        items.retain(|item| !is_same(item, removed));
        if items.len() == before {
            match items.as_slice() {
                [] => bail!("`{removed}` cannot be removed: the list is empty"),
                items => bail!("`{removed}` cannot be removed: the list holds `{}`", items.join("`, `")),
            }
        }
    }
    if clear {
        items.clear();
    }
    for added in added {
        if !items.iter().any(|item| is_same(item, added)) {
            items.push(added.clone());
        }
    }
    Ok(clear || !added.is_empty() || !removed.is_empty())
}

/// A single address is the same with and without its length.
fn is_same(left: &str, right: &str) -> bool {
    let address = |text: &str| {
        let address: IpAddr = text.split('/').next()?.parse().ok()?;
        let length = if address.is_ipv4() { "/32" } else { "/128" };
        (text.strip_suffix(length).unwrap_or(text) == text.split('/').next()?).then_some(address)
    };
    left == right || address(left).is_some_and(|left| address(right) == Some(left))
}

pub(super) fn week_start_of(week_start: WeekStartArg) -> v1::WeekStart {
    match week_start {
        WeekStartArg::Monday => v1::WeekStart::Monday,
        WeekStartArg::Sunday => v1::WeekStart::Sunday,
    }
}

/// Shows a project, in the words of the options that change it.
pub(super) fn print(project: &v1::Project) {
    let settings = project.ingest_settings.clone().unwrap_or_default();
    let words = |name: &str, prefix| output::lower(name, prefix).replace('_', "-");
    let list = |items: &[String]| if items.is_empty() { "none".to_owned() } else { items.join(", ") };
    let rows = [
        ("Project", project.name.trim_start_matches("projects/").to_owned()),
        ("Time zone", project.time_zone.clone()),
        ("Weeks begin on", words(project.week_start().as_str_name(), "WEEK_START_")),
        ("Sessions end after", output::length(project.session_timeout)),
        ("Lateness", output::length(project.lateness)),
        ("Created", output::instant(project.create_time)),
        ("Consent", words(settings.consent_policy().as_str_name(), "CONSENT_POLICY_")),
        ("Visitor mode", words(settings.visitor_mode().as_str_name(), "VISITOR_MODE_")),
        ("Data centers", if settings.filter_datacenters { "filtered" } else { "counted" }.to_owned()),
        ("Own networks", list(&settings.own_networks)),
        ("Blocked networks", list(&settings.blocked_networks)),
        ("Blocked agents", list(&settings.blocked_user_agents)),
        ("Blocked pages", list(&settings.blocked_pages)),
        ("Kept parameters", list(&settings.kept_query_parameters)),
    ];
    output::print_fields(rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn items_are_removed_before_others_are_added_and_nothing_stands_twice() {
        let mut items = texts(&["203.0.113.7", "10.0.0.0/8"]);
        let changed = change_list(
            &mut items,
            false,
            &texts(&["2001:db8::1", "10.0.0.0/8", "2001:0db8::1/128"]),
            &texts(&["203.0.113.7/32"]),
        );
        assert!(changed.expect("it was there"));
        assert_eq!(items, ["10.0.0.0/8", "2001:db8::1"]);
        assert!(change_list(&mut items, true, &texts(&["x"]), &[]).expect("nothing to remove"));
        assert_eq!(items, ["x"]);
        assert!(!change_list(&mut items, false, &[], &[]).expect("nothing to do"));
    }

    #[test]
    fn what_is_not_there_cannot_be_removed() {
        let mut items = texts(&["10.0.0.0/8", "10.0.0.0/16"]);
        let error = change_list(&mut items, false, &[], &texts(&["10.0.0.0"])).expect_err("a range is no address");
        assert_eq!(error.to_string(), "`10.0.0.0` cannot be removed: the list holds `10.0.0.0/8`, `10.0.0.0/16`");
        let error = change_list(&mut Vec::new(), true, &[], &texts(&["x"])).expect_err("not there");
        assert_eq!(error.to_string(), "`x` cannot be removed: the list is empty");
    }
}
