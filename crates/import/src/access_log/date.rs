//! The time of a log line.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// Reads `17/May/2015:10:05:03 +0000`; none for anything else and for days, times and offsets that do not exist.
pub(super) fn parse(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; 26] = text.try_into().ok()?;
    let separators = [(2, b'/'), (6, b'/'), (11, b':'), (14, b':'), (17, b':'), (20, b' ')];
    if separators.iter().any(|(at, byte)| text[*at] != *byte) {
        return None;
    }
    let month = MONTHS.iter().position(|month| *month == &text[3..6])? as i8 + 1;
    let year = number(&text[7..11])?;
    let [day, hour, minute, second] =
        [number(&text[0..2])?, number(&text[12..14])?, number(&text[15..17])?, number(&text[18..20])?]
            .map(|part| part as i8);
    let local = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    offset_of(&text[21..])?.to_timestamp(local).ok()
}

fn offset_of(text: &[u8]) -> Option<Offset> {
    let sign = match text[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (number(&text[1..3])?, number(&text[3..5])?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}

/// At most four digits.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_own_offset_counts() {
        for (text, expected) in [
            ("17/May/2015:10:05:03 +0000", "2015-05-17T10:05:03Z"),
            ("29/Feb/2024:23:59:59 -0330", "2024-03-01T03:29:59Z"),
            ("01/Jan/1970:00:00:00 +0545", "1969-12-31T18:15:00Z"),
            // The hour that Berlin's clocks show twice.
            ("27/Oct/2024:02:30:00 +0200", "2024-10-27T00:30:00Z"),
            ("27/Oct/2024:02:30:00 +0100", "2024-10-27T01:30:00Z"),
        ] {
            assert_eq!(parse(text.as_bytes()).map(|time| time.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        for text in [
            "",
            "17/May/2015:10:05:03",
            "17/May/2015:10:05:03 +000",
            "17/May/2015:10:05:03 +00000",
            "17/May/2015:10:05:03 0000 ",
            "17/may/2015:10:05:03 +0000",
            "17/Mai/2015:10:05:03 +0000",
            "17-May-2015:10:05:03 +0000",
            "30/Feb/2015:10:05:03 +0000",
            "29/Feb/2015:10:05:03 +0000",
            "00/May/2015:10:05:03 +0000",
            "17/May/0000:10:05:03 +2400",
            "17/May/2015:24:00:00 +0000",
            "17/May/2015:10:60:03 +0000",
            "17/May/2015:10:05:60 +0000",
            "17/May/2015:10:05:03 +2400",
            "17/May/2015:10:05:03 +0060",
            "17/May/2015:1a:05:03 +0000",
            "+7/May/2015:10:05:03 +0000",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
