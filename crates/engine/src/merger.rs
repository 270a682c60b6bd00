use analytics_domain::{AnswerNote, IdentityCoverage};

use crate::{
    groups::DayGroups,
    kernel::DaySums,
    rows::Rows,
    sums::{EventSums, SessionSums, Sums, add_coverage},
    users::DistinctUsers,
    view::DayView,
};

/// Adds up the days of an answer, in any order.
pub(crate) struct Merger {
    sums: Vec<Sums>,
    rows: Rows,
    users: DistinctUsers,
    coverage: IdentityCoverage,
    days_with_visitors: usize,
}

/// The days of an answer, added up.
pub(crate) struct Merged {
    /// By bucket, by row, or just one.
    pub(crate) sums: Vec<Sums>,
    pub(crate) rows: Rows,
    pub(crate) coverage: IdentityCoverage,
    pub(crate) notes: Vec<AnswerNote>,
}

impl Merger {
    /// For groups by `dimension_count` dimensions, or for `group_count` groups that are known beforehand.
    pub(crate) fn new(dimension_count: usize, group_count: usize) -> Self {
        Self {
            sums: vec![Sums::default(); group_count],
            rows: Rows::new(dimension_count),
            users: DistinctUsers::default(),
            coverage: IdentityCoverage::default(),
            days_with_visitors: 0,
        }
    }

    pub(crate) fn add(&mut self, view: &DayView, day: &DaySums<'_>) {
        add_coverage(&mut self.coverage, day.coverage);
        self.days_with_visitors += usize::from(day.has_visitors);
        match &day.groups {
            DayGroups::Single | DayGroups::Except { .. } => {
                add_groups(&mut self.sums, &mut self.users, view, day, |_| 0)
            }
            DayGroups::Buckets(buckets) => {
                let first = buckets.first();
                add_groups(&mut self.sums, &mut self.users, view, day, |group| first + group as usize);
            }
            DayGroups::Combinations(combinations) => {
                let row_of = self.rows.of_day(combinations);
                add_groups(&mut self.sums, &mut self.users, view, day, row_of);
            }
        }
    }

    pub(crate) fn finish(mut self) -> Merged {
        self.users.for_each_group(|group| self.sums[group].users += 1);
        let summed = self.days_with_visitors > 1;
        Merged {
            sums: self.sums,
            rows: self.rows,
            coverage: self.coverage,
            notes: if summed { vec![AnswerNote::DailyVisitorsSummed] } else { Vec::new() },
        }
    }
}

fn add_groups(
    sums: &mut Vec<Sums>,
    users: &mut DistinctUsers,
    view: &DayView,
    day: &DaySums<'_>,
    mut row_of: impl FnMut(u32) -> usize,
) {
    let group_count = day.events.len().max(day.sessions.len());
    for group in 0..group_count {
        let events = day.events.get(group).unwrap_or(&EventSums::NONE);
        let sessions = day.sessions.get(group).unwrap_or(&SessionSums::NONE);
        if events.events == 0 && sessions.sessions == 0 {
            continue;
        }
        let row = row_of(group as u32);
        if sums.len() <= row {
            sums.resize(row + 1, Sums::default());
        }
        sums[row].add_events(events);
        sums[row].add_sessions(sessions);
    }
    if let Some(column) = view.users() {
        users.add(&day.users, column.users(), row_of);
    }
}
