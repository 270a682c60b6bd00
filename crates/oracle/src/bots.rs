//! Who is a bot. The product uses a long, well-kept list; the oracle takes its rule from the caller, because the
//! list is data and not what is being tested.

use regex::{RegexSet, RegexSetBuilder};

/// The bots the generator writes, each of which is on every well-kept list of crawlers.
const WELL_KNOWN: [&str; 7] =
    ["Googlebot", "bingbot", "AhrefsBot", "SemrushBot", "DuckDuckBot", "facebookexternalhit", "Applebot"];

/// The rule for generated logs: true for the bots that [`generate`](crate::generate()) writes. For a real log, pass
/// the product's list instead: the two would differ about the hundreds of bots this one does not name.
#[must_use]
pub fn is_well_known_bot(agent: &str) -> bool {
    WELL_KNOWN.iter().any(|name| agent.contains(name))
}

/// A rule made of regular expressions (case-sensitive, found anywhere in the agent), such as the `pattern`s of the
/// npm package crawler-user-agents.
///
/// # Errors
/// When a pattern is no regular expression.
pub fn patterns(list: &[&str]) -> Result<impl Fn(&str) -> bool + use<>, regex::Error> {
    // The default limit is too small for a thousand patterns.
    let set: RegexSet = RegexSetBuilder::new(list).size_limit(256 << 20).build()?;
    Ok(move |agent: &str| set.is_match(agent))
}
