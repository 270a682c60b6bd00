//! Settings of projects and keys as text: the form in which both databases keep them.

use analytics_domain::{ApiKeyScope, WeekStart};

pub(crate) fn week_start_name(week_start: WeekStart) -> &'static str {
    match week_start {
        WeekStart::Monday => "monday",
        WeekStart::Sunday => "sunday",
    }
}

pub(crate) fn week_start_named(name: &str) -> Option<WeekStart> {
    [WeekStart::Monday, WeekStart::Sunday].into_iter().find(|week_start| week_start_name(*week_start) == name)
}

/// Names joined by commas.
pub(crate) fn scope_names(scopes: &[ApiKeyScope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}

/// What [`scope_names`] wrote; none when a name is unknown.
pub(crate) fn scopes_named(names: &str) -> Option<Vec<ApiKeyScope>> {
    names.split(',').filter(|name| !name.is_empty()).map(ApiKeyScope::from_name).collect()
}
