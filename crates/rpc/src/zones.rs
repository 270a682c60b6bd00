//! Time zones by name, with a hint for those who mistype one.

use analytics_domain::Zone;

use crate::RpcError;

const MAX_SUGGESTIONS: usize = 3;
const MAX_EDITS: usize = 2;

/// Looks a time zone up by its IANA name.
///
/// # Errors
/// Names `field`, and zones that may have been meant, when the database has no such zone.
pub fn zone_named(field: &'static str, name: &str) -> Result<Zone, RpcError> {
    Zone::named(name).map_err(|_| RpcError::TimeZoneUnknown {
        field,
        given: name.to_owned(),
        suggestions: suggestions(name),
    })
}

/// Zones whose city, or whose whole name, is nearly what was given; the nearest first.
fn suggestions(given: &str) -> Vec<String> {
    let given = given.trim().to_ascii_lowercase().replace(' ', "_");
    let given_city = city(&given);
    // Looking through all names costs a product of lengths: nobody mistypes a name of 64 characters.
    if given_city.len() < 3 || given.len() > 64 {
        return Vec::new();
    }
    let mut near: Vec<(usize, String)> = jiff::tz::db()
        .available()
        .filter_map(|zone| {
            let name = zone.as_str().to_ascii_lowercase();
            let distance = edits(given_city, city(&name)).min(edits(&given, &name));
            (distance <= MAX_EDITS).then(|| (distance, zone.as_str().to_owned()))
        })
        .collect();
    near.sort();
    near.into_iter().take(MAX_SUGGESTIONS).map(|(_, zone)| zone).collect()
}

fn city(zone: &str) -> &str {
    zone.rsplit_once('/').map_or(zone, |(_, city)| city)
}

/// The Levenshtein distance.
fn edits(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistyped_zones_are_recognised() {
        for (given, meant) in [
            ("Europe/Berln", "Europe/Berlin"),
            ("berlin", "Europe/Berlin"),
            ("America/Berlin", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("Europ/Paris", "Europe/Paris"),
        ] {
            assert_eq!(suggestions(given).first().map(String::as_str), Some(meant), "{given}");
        }
        assert!(suggestions("Mars/Olympus_Mons").is_empty());
        assert!(suggestions("").is_empty());
    }

    #[test]
    fn an_unknown_zone_is_refused_with_what_may_have_been_meant() {
        let error = zone_named("time_zone", "Europe/Berln").expect_err("no such zone");
        assert_eq!(
            error.to_string(),
            "`time_zone`: `Europe/Berln` is no time zone of the IANA database: did you mean `Europe/Berlin`?"
        );
        assert_eq!(zone_named("time_zone", "Europe/Berlin").expect("a zone").name(), "Europe/Berlin");
    }
}
