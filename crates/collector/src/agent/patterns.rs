//! The patterns that name browsers and operating systems.
//!
//! Some name what they find by whatever stands in a place of the user agent. That would carry a piece of it into the store, chosen by
//! its sender. Only texts that a pattern itself spells out may become names; the others find the unnamed [`OTHER`].

use regex_syntax::hir::{Hir, HirKind, literal::Extractor};
use ua_parser::{os, user_agent};

/// What the list calls something without a name.
pub(super) const OTHER: &str = "Other";

/// What a pattern's first group matches may be one of so many texts: far more than any pattern of the list spells out.
const MOST_NAMES: usize = 1_000;

#[derive(serde::Deserialize)]
pub(super) struct AgentPatterns {
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    os_parsers: Vec<os::Parser<'static>>,
}

impl AgentPatterns {
    /// Reads the list, and takes away the names that are not spelled out.
    pub(super) fn read(json: &'static str) -> serde_json::Result<Self> {
        let mut patterns: Self = serde_json::from_str(json)?;
        for parser in &mut patterns.user_agent_parsers {
            if !is_spelled_out(&parser.regex, parser.family_replacement.as_deref()) {
                parser.family_replacement = Some(OTHER.into());
            }
        }
        for parser in &mut patterns.os_parsers {
            if !is_spelled_out(&parser.regex, parser.os_replacement.as_deref()) {
                parser.os_replacement = Some(OTHER.into());
            }
        }
        Ok(patterns)
    }

    pub(super) fn browsers(&mut self) -> Result<user_agent::Extractor<'static>, ua_parser::Error> {
        Ok(user_agent::Builder::new().push_all(self.user_agent_parsers.drain(..))?.build()?)
    }

    pub(super) fn systems(&mut self) -> Result<os::Extractor<'static>, ua_parser::Error> {
        Ok(os::Builder::new().push_all(self.os_parsers.drain(..))?.build()?)
    }
}

/// Whether the name is given, or one of finitely many texts. `$1` in a given name, and no name, stand for the first group.
fn is_spelled_out(pattern: &str, name: Option<&str>) -> bool {
    let without_first_group = name.map(|name| name.replace("$1", ""));
    match without_first_group {
        Some(rest) if rest.contains('$') => false,
        Some(rest) if name.is_some_and(|name| name == rest) => true,
        _ => regex_syntax::parse(pattern).is_ok_and(|pattern| first_group(&pattern).is_none_or(is_finite)),
    }
}

fn first_group(pattern: &Hir) -> Option<&Hir> {
    match pattern.kind() {
        HirKind::Capture(group) if group.index == 1 => Some(&group.sub),
        HirKind::Capture(group) => first_group(&group.sub),
        HirKind::Repetition(repeated) => first_group(&repeated.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().find_map(first_group),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => None,
    }
}

fn is_finite(group: &Hir) -> bool {
    Extractor::new().limit_total(MOST_NAMES).extract(group).is_exact()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_a_pattern_spells_out_may_become_names() {
        for (pattern, name, expected) in [
            (r"(Firefox|[Ii]ceweasel|Seamonkey2?)/(\d+)", None, true),
            (r"(?:^|x)(Chrome)/(\d+)\.(\w+)", None, true),
            (r"MSIE (\d+)", Some("IE"), true),
            (r"(FxiOS|Focus)/", Some("Firefox ($1)"), true),
            (r"no group", None, true),
            (r"^(.{0,200})/(\d+) CFNetwork", None, false),
            (r"([A-Za-z]{0,50}[Bb]ot)", None, false),
            (r"(\S+) Browser", Some("$1"), false),
            (r"(Known) (\S+)", Some("$1 $2"), false),
        ] {
            assert_eq!(is_spelled_out(pattern, name), expected, "{pattern} {name:?}");
        }
    }

    #[test]
    fn nearly_all_patterns_of_the_list_keep_their_names() {
        let json = include_str!("../../data/uap-core.json");
        let given: AgentPatterns = serde_json::from_str(json).expect("the list");
        let read = AgentPatterns::read(json).expect("the list");
        let lost: Vec<&str> = given
            .user_agent_parsers
            .iter()
            .zip(&read.user_agent_parsers)
            .filter(|(given, read)| given.family_replacement != read.family_replacement)
            .map(|(given, _)| given.regex.as_ref())
            .collect();
        assert!((1..=given.user_agent_parsers.len() / 20).contains(&lost.len()), "{lost:#?}");
    }
}
