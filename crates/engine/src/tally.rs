use crate::{block::for_each_bit, sums::EventSums};

/// 64 neighbouring rows to count.
#[derive(Clone, Copy)]
pub(crate) struct Rows64<'a> {
    /// The rows that count.
    pub(crate) mask: u64,
    pub(crate) views: u64,
    pub(crate) with_visitor: u64,
    /// The visitor number of each row that has one.
    pub(crate) visitors: &'a [u32],
}

impl Rows64<'_> {
    /// Adds them to one group.
    pub(crate) fn add_to(self, sums: &mut EventSums) {
        sums.events += self.mask.count_ones();
        sums.views += (self.mask & self.views).count_ones();
        if self.mask & self.with_visitor == u64::MAX {
            // Neighbours' numbers grow by one: the last one tells how many there are.
            let (first, last) = (self.visitors[0], self.visitors[63]);
            sums.visitors += last - first + u32::from(first != sums.last_visitor);
            sums.last_visitor = last;
            return;
        }
        for_each_bit(self.mask & self.with_visitor, |bit| {
            sums.visitors += u32::from(self.visitors[bit] != sums.last_visitor);
            sums.last_visitor = self.visitors[bit];
        });
    }

    /// Adds each to its own group.
    pub(crate) fn add_to_each(self, groups: &[u32], sums: &mut [EventSums]) {
        for_each_bit(self.mask & self.with_visitor, |bit| {
            let sums = &mut sums[groups[bit] as usize];
            sums.events += 1;
            sums.views += (self.views >> bit & 1) as u32;
            sums.visitors += u32::from(self.visitors[bit] != sums.last_visitor);
            sums.last_visitor = self.visitors[bit];
        });
        for_each_bit(self.mask & !self.with_visitor, |bit| {
            let sums = &mut sums[groups[bit] as usize];
            sums.events += 1;
            sums.views += (self.views >> bit & 1) as u32;
        });
    }
}
