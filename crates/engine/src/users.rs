use analytics_domain::UserHash;
use analytics_segment::Bitmap;
use foldhash::HashMap;

/// Distinct (group, user) pairs of one day, users by their places in the day's list.
pub(crate) struct DayUsers {
    user_count: usize,
    pairs: Pairs,
}

enum Pairs {
    /// A bit for each pair there can be.
    Bits(Bitmap),
    /// Where those would be too many, the pairs that were seen, some repeatedly.
    List { pairs: Vec<(u32, u32)>, distinct_up_to: usize },
}

/// 8 MiB.
const MAX_BITS: usize = 64 << 20;

impl DayUsers {
    /// `group_count` is none when it is not known yet.
    pub(crate) fn new(group_count: Option<usize>, user_count: usize) -> Self {
        let bits = group_count.and_then(|groups| groups.checked_mul(user_count)).filter(|bits| *bits <= MAX_BITS);
        let pairs = match bits {
            Some(bits) => Pairs::Bits(Bitmap::zeros(bits)),
            None => Pairs::List { pairs: Vec::new(), distinct_up_to: 0 },
        };
        Self { user_count, pairs }
    }

    pub(crate) fn insert(&mut self, group: u32, user: u32) {
        match &mut self.pairs {
            Pairs::Bits(bits) => bits.set(group as usize * self.user_count + user as usize),
            Pairs::List { pairs, distinct_up_to } => {
                if pairs.last() == Some(&(group, user)) {
                    return;
                }
                pairs.push((group, user));
                if pairs.len() > 2 * *distinct_up_to + (1 << 20) {
                    pairs.sort_unstable();
                    pairs.dedup();
                    *distinct_up_to = pairs.len();
                }
            }
        }
    }

    /// Calls `each` with each pair, some repeatedly.
    pub(crate) fn for_each(&self, mut each: impl FnMut(u32, u32)) {
        match &self.pairs {
            Pairs::Bits(bits) => bits.ones().for_each(|bit| {
                each((bit / self.user_count) as u32, (bit % self.user_count) as u32);
            }),
            Pairs::List { pairs, .. } => pairs.iter().for_each(|(group, user)| each(*group, *user)),
        }
    }
}

/// Distinct (group, user) pairs over all days.
#[derive(Default)]
pub(crate) struct DistinctUsers {
    numbers: HashMap<UserHash, u32>,
    /// The group in the upper half, the user's number in the lower.
    pairs: Vec<u64>,
    distinct_up_to: usize,
}

impl DistinctUsers {
    /// Adds those of a day, `users` being the day's list and `row_of` telling which group is which over all days.
    pub(crate) fn add(&mut self, day: &DayUsers, users: &[UserHash], mut row_of: impl FnMut(u32) -> usize) {
        let mut number_of = vec![u32::MAX; users.len()];
        day.for_each(|group, user| {
            let number = &mut number_of[user as usize];
            if *number == u32::MAX {
                let next = self.numbers.len() as u32;
                *number = *self.numbers.entry(users[user as usize]).or_insert(next);
            }
            self.pairs.push((row_of(group) as u64) << 32 | u64::from(*number));
        });
        if self.pairs.len() > 2 * self.distinct_up_to + (1 << 20) {
            self.compact();
        }
    }

    fn compact(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.distinct_up_to = self.pairs.len();
    }

    /// Calls `each` with the group of each distinct pair.
    pub(crate) fn for_each_group(mut self, mut each: impl FnMut(usize)) {
        self.compact();
        self.pairs.iter().for_each(|pair| each((pair >> 32) as usize));
    }
}
