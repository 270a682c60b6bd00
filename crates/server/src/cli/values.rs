//! Values that are typed in more than one command.

use std::time::Duration;

/// A length of time: a number and its unit, such as `72h`.
pub(super) fn length(text: &str) -> Result<Duration, String> {
    const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    let read = || {
        let unit = text.chars().last()?;
        let seconds = UNITS.into_iter().find(|(name, _)| *name == unit)?.1;
        let amount: u64 = text[..text.len() - unit.len_utf8()].parse().ok()?;
        // The longest that the contract can say.
        amount.checked_mul(seconds).filter(|seconds| *seconds <= 315_576_000_000).map(Duration::from_secs)
    };
    read().ok_or_else(|| "write a whole number and a unit, `s`, `m`, `h` or `d`, such as `72h`".to_owned())
}

/// An instant, with its zone or in UTC.
pub(super) fn instant(text: &str) -> Result<jiff::Timestamp, String> {
    text.parse().map_err(|_| "write an instant such as `2027-01-31T12:00:00Z`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_unit() {
        for (text, seconds) in [("72h", 259_200), ("90s", 90), ("5m", 300), ("400d", 34_560_000), ("0h", 0)] {
            assert_eq!(length(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "h", "72", "-1h", "1.5h", "1h30m", "72 h", "3w", "2é", "99999999999999999999d", "3652501d"] {
            assert!(length(text).is_err(), "{text}");
        }
    }
}
