//! The project's own traffic, and what it blocks. Matched before anything is stored.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError},
};

use analytics_domain::{IngestSettings, Project, ProjectId};
use analytics_proto::v1;

use super::Surroundings;
use crate::{
    draft::{Draft, Dropped},
    network_set::NetworkSet,
};

pub(super) fn apply(surroundings: &Surroundings<'_>, draft: Draft) -> Result<Draft, Dropped> {
    match surroundings.rules.broken_by(&draft) {
        Some(rule) => Err(Dropped::Filtered(rule)),
        None => Ok(draft),
    }
}

/// The rules of one project, made ready for look-ups.
#[derive(Default)]
pub(super) struct Rules {
    own_networks: NetworkSet,
    blocked_networks: NetworkSet,
    /// In lower case.
    blocked_user_agents: Vec<String>,
    blocked_pages: Vec<String>,
}

impl Rules {
    fn new(settings: &IngestSettings) -> Self {
        Self {
            own_networks: settings.own_networks.iter().copied().collect(),
            blocked_networks: settings.blocked_networks.iter().copied().collect(),
            blocked_user_agents: settings.blocked_user_agents.iter().map(|text| text.to_lowercase()).collect(),
            blocked_pages: settings.blocked_pages.clone(),
        }
    }

    fn broken_by(&self, draft: &Draft) -> Option<v1::FilterRule> {
        let is_from = |networks: &NetworkSet| draft.sender.address.is_some_and(|address| networks.contains(address));
        if is_from(&self.own_networks) {
            return Some(v1::FilterRule::OwnTraffic);
        }
        let blocked = is_from(&self.blocked_networks)
            || self.blocks_agent(draft.sender.user_agent.as_deref())
            || self.blocks_page(draft.host.as_deref(), draft.page.as_deref());
        blocked.then_some(v1::FilterRule::Blocked)
    }

    fn blocks_agent(&self, user_agent: Option<&str>) -> bool {
        let Some(user_agent) = user_agent.filter(|_| !self.blocked_user_agents.is_empty()) else { return false };
        let user_agent = user_agent.to_lowercase();
        self.blocked_user_agents.iter().any(|text| user_agent.contains(text.as_str()))
    }

    /// A rule is about the page; one that begins with a host, such as `intern.example.com/*`, about the page of that host.
    fn blocks_page(&self, host: Option<&str>, page: Option<&str>) -> bool {
        let Some(page) = page.filter(|_| !self.blocked_pages.is_empty()) else { return false };
        let with_host = host.map(|host| format!("{host}{page}"));
        let matches = |rule: &String| {
            matches_wildcard(rule, page) || with_host.as_deref().is_some_and(|page| matches_wildcard(rule, page))
        };
        self.blocked_pages.iter().any(matches)
    }
}

/// Whether the whole text matches; `*` stands for any text, empty ones included.
fn matches_wildcard(rule: &str, text: &str) -> bool {
    let mut pieces = rule.split('*');
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    // The first place of each piece leaves the most room for the others.
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The rules of all projects, compiled when their settings change and not for every batch.
#[derive(Default)]
pub(super) struct RulesOfProjects(Mutex<HashMap<ProjectId, Compiled>>);

struct Compiled {
    /// Kept, so that no other project's settings can come to lie at its address.
    of: Arc<Project>,
    rules: Arc<Rules>,
}

impl RulesOfProjects {
    pub(super) fn of(&self, project: &Arc<Project>) -> Arc<Rules> {
        let compile = || Compiled { of: project.clone(), rules: Arc::new(Rules::new(&project.ingest)) };
        // Nothing that runs under the lock can leave it half done.
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(project.id) {
            Entry::Vacant(entry) => entry.insert(compile()).rules.clone(),
            Entry::Occupied(mut entry) => {
                if !Arc::ptr_eq(&entry.get().of, project) {
                    if entry.get().of.ingest == project.ingest {
                        entry.get_mut().of = project.clone();
                    } else {
                        entry.insert(compile());
                    }
                }
                entry.get().rules.clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (rule, text, expected) in [
            ("/intern", "/intern", true),
            ("/intern", "/intern/", false),
            ("/intern/*", "/intern/", true),
            ("/intern/*", "/intern/a/b", true),
            ("/intern/*", "/x/intern/a", false),
            ("*/intern/*", "/x/intern/a", true),
            ("*.pdf", "/a/b.pdf", true),
            ("*.pdf", "/a/b.pdf/c", false),
            ("/a*b*c", "/axbxbxc", true),
            ("/a*b*c", "/axc", false),
            ("/aa*aa", "/aaa", false),
            ("*", "", true),
            ("**", "/x", true),
            ("/Intern", "/intern", false),
            ("/*ü", "/grün/ü", true),
        ] {
            assert_eq!(matches_wildcard(rule, text), expected, "{rule} on {text}");
        }
    }

    #[test]
    fn a_rule_may_name_the_host() {
        let settings = IngestSettings {
            blocked_pages: vec!["/x".to_owned(), "intern.example/*".to_owned(), "*.test.example/*".to_owned()],
            ..Default::default()
        };
        let rules = Rules::new(&settings);
        for (host, page, expected) in [
            (Some("shop.example"), "/x", true),
            (None, "/x", true),
            (Some("intern.example"), "/y", true),
            (Some("a.test.example"), "/y", true),
            (Some("shop.example"), "/intern.example/y", false),
            (None, "/y", false),
        ] {
            assert_eq!(rules.blocks_page(host, Some(page)), expected, "{host:?}{page}");
        }
        assert!(!rules.blocks_page(Some("intern.example"), None));
    }
}
