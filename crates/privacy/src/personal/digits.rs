//! The digits of a text, with what stands between them.

/// The digits of a text in groups. Groups belong to one sequence when little but punctuation stands between them.
#[derive(Debug)]
pub(super) struct DigitGroups<'a> {
    /// The whole text.
    pub(super) text: &'a [u8],
    /// Sequences of groups in order.
    pub(super) sequences: Vec<Sequence>,
}

/// Groups of digits such as `+1 (202) 555-0143`.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    /// All digits.
    pub(super) digits: Vec<u8>,
    /// How many digits each group has.
    pub(super) lengths: Vec<usize>,
    /// Where the first digit stands.
    pub(super) start: usize,
    /// Behind the last digit.
    pub(super) end: usize,
}

/// A number with more digits than this is an id that nobody counts by, or a secret.
const LONGEST_ORDINARY_NUMBER: usize = 19;

impl<'a> DigitGroups<'a> {
    /// Finds the groups of a text.
    pub(super) fn of(text: &'a [u8]) -> Self {
        let mut sequences: Vec<Sequence> = Vec::new();
        let mut index = 0;
        while index < text.len() {
            if !text[index].is_ascii_digit() {
                index += 1;
                continue;
            }
            let start = index;
            while index < text.len() && text[index].is_ascii_digit() {
                index += 1;
            }
            let group = &text[start..index];
            match sequences.last_mut() {
                Some(last) if joins_groups(&text[last.end..start]) => last.push(group, index),
                _ => {
                    let mut sequence = Sequence { start, ..Sequence::default() };
                    sequence.push(group, index);
                    sequences.push(sequence);
                }
            }
        }
        Self { text, sequences }
    }

    /// Whether a number of 20 or more digits stands in the text that is no time.
    pub(super) fn contain_long_number(&self) -> bool {
        self.sequences
            .iter()
            .any(|sequence| sequence.groups().any(|group| group.len() > LONGEST_ORDINARY_NUMBER && !is_time(group)))
    }

    /// The byte before a sequence.
    pub(super) fn before(&self, sequence: &Sequence) -> Option<u8> {
        sequence.start.checked_sub(1).map(|index| self.text[index])
    }

    /// The byte behind a sequence.
    pub(super) fn behind(&self, sequence: &Sequence) -> Option<u8> {
        self.text.get(sequence.end).copied()
    }
}

impl Sequence {
    fn push(&mut self, group: &[u8], end: usize) {
        self.digits.extend_from_slice(group);
        self.lengths.push(group.len());
        self.end = end;
    }

    /// The groups in order.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.digits.as_slice();
        self.lengths.iter().map(move |length| {
            let (group, behind) = rest.split_at(*length);
            rest = behind;
            group
        })
    }
}

/// Whether what stands between two groups leaves them one number: one or two of the usual separators.
fn joins_groups(between: &[u8]) -> bool {
    between.len() <= 2 && between.iter().all(|byte| b" -._+()/".contains(byte))
}

/// Whether digits are a time: `YYYYMMDDhhmm`, with seconds and fractions as may be, or milliseconds since 1970.
pub(super) fn is_time(digits: &[u8]) -> bool {
    let number = |range: std::ops::Range<usize>| {
        digits.get(range).map(|part| part.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    };
    let is_calendar = matches!(digits.len(), 12 | 14 | 17 | 20)
        && number(0..4).is_some_and(|year| (1900..2100).contains(&year))
        && number(4..6).is_some_and(|month| (1..=12).contains(&month))
        && number(6..8).is_some_and(|day| (1..=31).contains(&day))
        && number(8..10).is_some_and(|hour| hour < 24)
        && number(10..12).is_some_and(|minute| minute < 60);
    let is_since_1970 = digits.len() == 13 && digits[0] == b'1'; // 2001 to 2033
    is_calendar || is_since_1970
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_join_over_little_punctuation() {
        let groups = DigitGroups::of(b"tel +1 (202) 555-0143, room 12");
        let lengths: Vec<_> = groups.sequences.iter().map(|sequence| sequence.lengths.clone()).collect();
        assert_eq!(lengths, [vec![1, 3, 3, 4], vec![2]]);
        let first: Vec<_> = groups.sequences[0].groups().collect();
        assert_eq!(first, [&b"1"[..], b"202", b"555", b"0143"]);
        assert_eq!(groups.before(&groups.sequences[0]), Some(b'+'));
        assert_eq!(groups.behind(&groups.sequences[1]), None);
    }

    #[test]
    fn times_are_told_from_numbers() {
        for time in ["201505171030", "20150517103000", "20150517103000123", "1431857105000"] {
            assert!(is_time(time.as_bytes()), "{time}");
        }
        for number in ["20151317103000", "20150532103000", "4111111111111111", "12345678", "2431857105000"] {
            assert!(!is_time(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn a_number_of_twenty_digits_is_long() {
        assert!(DigitGroups::of(b"id-98765432109876543210").contain_long_number());
        assert!(!DigitGroups::of(b"id-9876543210987654321").contain_long_number());
        assert!(!DigitGroups::of(b"20150517103000123456").contain_long_number());
    }
}
