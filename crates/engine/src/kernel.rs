//! The one pass over a day that every report is made of.

use analytics_domain::{IdentityCoverage, Millis};
use analytics_segment::BLOCK_ROWS;

use crate::{
    block::{Block, Mask, for_each_bit, for_each_row, intersect},
    buckets::DayBuckets,
    combinations::{CodeTuple, Combinations},
    dimension::DimensionCodes,
    filter::DayFilter,
    plan::{Groups, Plan},
    sessions::{Session, Sessions},
    stop::{Stop, Stopped},
    sums::{EventSums, SessionSums},
    users::DayUsers,
    view::DayView,
    window::Window,
};

/// What one day adds to an answer, by groups of its own numbering.
pub(crate) struct DaySums<'a> {
    pub(crate) events: Vec<EventSums>,
    pub(crate) sessions: Vec<SessionSums>,
    pub(crate) users: DayUsers,
    pub(crate) coverage: IdentityCoverage,
    /// Whether visitors were asked for and there are any.
    pub(crate) has_visitors: bool,
    pub(crate) groups: DayGroups<'a>,
}

/// How the day's groups are numbered.
pub(crate) enum DayGroups<'a> {
    Single,
    Buckets(DayBuckets),
    Combinations(Combinations<'a>),
    /// Only group 0, without the rows and sessions of these combinations.
    Except {
        combinations: Combinations<'a>,
        left_out: Vec<bool>,
    },
}

/// Computes what a day adds. `sessions` must be there when the plan needs them, as of its instant.
pub(crate) fn sum_day<'a>(
    plan: &Plan,
    view: &'a DayView,
    sessions: Option<&'a Sessions>,
    stop: &Stop,
) -> Result<DaySums<'a>, Stopped> {
    let range = Window::new(view.times(), plan.interval.start, plan.interval.end, plan.as_of);
    let existing = Window::new(view.times(), Millis(i64::MIN), Millis(i64::MAX), plan.as_of);
    let filter = match &plan.filter {
        Some(filter) => DayFilter::new(filter, view, sessions, range, stop)?,
        None => DayFilter::Constant(true),
    };
    let groups = DayGroups::new(plan, view, sessions);
    let user_count = view.users().map_or(0, |users| users.users().len());
    let sums = DaySums {
        events: vec![EventSums::NONE; groups.known_count().unwrap_or_default()],
        sessions: Vec::new(),
        users: DayUsers::new(groups.known_count(), user_count),
        coverage: IdentityCoverage::default(),
        has_visitors: false,
        groups,
    };
    let counted_sessions = sessions.filter(|_| plan.needs.sessions);
    let chosen = counted_sessions.map_or_else(Vec::new, |sessions| vec![false; sessions.all().len()]);
    let mut pass =
        Pass { plan, view, block: Block::new(view, sessions), sums, chosen, row_groups: Box::new([0; BLOCK_ROWS]) };
    if range.is_empty() || filter.is_never() {
        return Ok(pass.sums);
    }
    pass.sum_events(&filter, range, existing, stop)?;
    pass.sums.has_visitors = plan.needs.visitors && pass.sums.events.iter().any(|sums| sums.visitors > 0);
    if let Some(sessions) = counted_sessions {
        pass.sum_sessions(sessions, range, existing, stop)?;
    }
    Ok(pass.sums)
}

struct Pass<'a, 'p> {
    plan: &'p Plan,
    view: &'a DayView,
    block: Block<'a>,
    sums: DaySums<'a>,
    /// The sessions at least one of whose events passes.
    chosen: Vec<bool>,
    row_groups: Box<[u32; BLOCK_ROWS]>,
}

impl Pass<'_, '_> {
    fn sum_events(
        &mut self,
        filter: &DayFilter<'_>,
        range: Window,
        existing: Window,
        stop: &Stop,
    ) -> Result<(), Stopped> {
        let latest_ms = self.view.times().latest_offset_ms();
        let (whole_in_range, whole_exists) = (range.holds_up_to(latest_ms), existing.holds_up_to(latest_ms));
        if matches!(filter, DayFilter::Constant(true)) {
            self.chosen.fill(true);
        }
        let choose_sessions = self.chosen.contains(&false);
        for index in 0..self.view.block_count() {
            stop.check()?;
            self.block.enter(index);
            let in_range = if whole_in_range { self.block.all() } else { self.block.within(range) };
            if in_range.iter().all(|word| *word == 0) && !choose_sessions {
                continue;
            }
            let passing = filter.rows(&self.block);
            if choose_sessions {
                let exists = if whole_exists { self.block.all() } else { self.block.within(existing) };
                let telling = intersect(&intersect(&passing, &exists), &self.block.with_visitor());
                for_each_row(&telling, |row| self.chosen[self.block.session_numbers[row] as usize] = true);
            }
            self.add_rows(&intersect(&passing, &in_range));
        }
        Ok(())
    }

    fn add_rows(&mut self, mask: &Mask) {
        if mask.iter().all(|word| *word == 0) {
            return;
        }
        let with_user = self.block.with_user();
        let with_visitor = self.block.with_visitor();
        for ((mask, user), visitor) in mask.iter().zip(with_user).zip(with_visitor) {
            let coverage = &mut self.sums.coverage;
            coverage.with_user += i64::from((mask & user).count_ones());
            coverage.with_visitor_only += i64::from((mask & !user & visitor).count_ones());
            coverage.with_neither += i64::from((mask & !user & !visitor).count_ones());
        }
        if !self.plan.needs.events {
            return;
        }
        let views = if self.plan.needs.views { self.block.views() } else { [0; BLOCK_ROWS / 64] };
        let mut mask = *mask;
        let grouped = self.sums.groups.unpack(self.view, &self.block, &mut mask, &mut self.row_groups);
        self.sums.events.resize(self.sums.groups.count().max(self.sums.events.len()), EventSums::NONE);
        match grouped {
            RowGroups::AllZero => {
                let sums = &mut self.sums.events[0];
                for word in 0..mask.len() {
                    add_to_one(sums, &self.block.visitors, word, mask[word], views[word], with_visitor[word]);
                }
            }
            RowGroups::Neighbouring => {
                for word in 0..mask.len() {
                    let groups = &self.row_groups[word * 64..(word + 1) * 64];
                    let (mask, views, with_visitor) = (mask[word], views[word], with_visitor[word]);
                    if mask == u64::MAX && groups.iter().all(|group| *group == groups[0]) {
                        let sums = &mut self.sums.events[groups[0] as usize];
                        add_to_one(sums, &self.block.visitors, word, mask, views, with_visitor);
                    } else {
                        add_to_each(
                            &mut self.sums.events,
                            groups,
                            &self.block.visitors,
                            word,
                            mask,
                            views,
                            with_visitor,
                        );
                    }
                }
            }
            RowGroups::Mixed => {
                for word in 0..mask.len() {
                    let groups = &self.row_groups[word * 64..(word + 1) * 64];
                    let (mask, views, with_visitor) = (mask[word], views[word], with_visitor[word]);
                    add_to_each(&mut self.sums.events, groups, &self.block.visitors, word, mask, views, with_visitor);
                }
            }
        }
        if let Some(users) = self.view.users().filter(|_| self.plan.needs.users) {
            for_each_row(&intersect(&mask, &with_user), |row| {
                let group = if matches!(grouped, RowGroups::AllZero) { 0 } else { self.row_groups[row] };
                self.sums.users.insert(group, users.codes().get(self.block.first_row + row) - 1);
            });
        }
    }

    fn sum_sessions(
        &mut self,
        sessions: &Sessions,
        range: Window,
        existing: Window,
        stop: &Stop,
    ) -> Result<(), Stopped> {
        for (chosen, session) in self.chosen.iter_mut().zip(sessions.all()) {
            *chosen &= range.contains(session.start_ms);
        }
        if self.plan.sessions_by_page() {
            return self.sum_sessions_by_page(sessions, existing, stop);
        }
        for (number, session) in sessions.all().iter().enumerate() {
            if number % BLOCK_ROWS == 0 {
                stop.check()?;
            }
            if !self.chosen[number] {
                continue;
            }
            if let Some(group) = self.sums.groups.of_session(number, session) {
                add_session(&mut self.sums.sessions, group, number, session);
            }
        }
        Ok(())
    }

    /// A session counts once for each page of its views: of all of them, wherever they fall and whether or not they pass.
    fn sum_sessions_by_page(&mut self, sessions: &Sessions, existing: Window, stop: &Stop) -> Result<(), Stopped> {
        for index in 0..self.view.block_count() {
            stop.check()?;
            self.block.enter(index);
            let views =
                intersect(&intersect(&self.block.views(), &self.block.within(existing)), &self.block.with_visitor());
            let mut mask = [0; BLOCK_ROWS / 64];
            for_each_row(&views, |row| {
                let chosen = self.chosen[self.block.session_numbers[row] as usize];
                mask[row / 64] |= u64::from(chosen) << (row % 64);
            });
            let grouped = self.sums.groups.unpack(self.view, &self.block, &mut mask, &mut self.row_groups);
            for_each_row(&mask, |row| {
                let group = if matches!(grouped, RowGroups::AllZero) { 0 } else { self.row_groups[row] };
                let number = self.block.session_numbers[row] as usize;
                add_session(&mut self.sums.sessions, group, number, &sessions.all()[number]);
            });
        }
        Ok(())
    }
}

fn add_session(sums: &mut Vec<SessionSums>, group: u32, number: usize, session: &Session) {
    if sums.len() <= group as usize {
        sums.resize(group as usize + 1, SessionSums::NONE);
    }
    let sums = &mut sums[group as usize];
    if sums.last_session == number as u32 {
        return;
    }
    sums.last_session = number as u32;
    sums.sessions += 1;
    sums.bounces += u32::from(session.is_bounce());
    sums.engaged += u32::from(session.is_engaged());
    sums.views += u64::from(session.views);
    sums.duration_ms += u64::from(session.duration_ms);
}

/// Adds 64 rows of one group.
fn add_to_one(
    sums: &mut EventSums,
    visitors: &[u32; BLOCK_ROWS],
    word: usize,
    mask: u64,
    views: u64,
    with_visitor: u64,
) {
    sums.events += mask.count_ones();
    sums.views += (mask & views).count_ones();
    let visitors = &visitors[word * 64..(word + 1) * 64];
    if mask & with_visitor == u64::MAX {
        // Neighbours' numbers grow by one: the last one tells how many there are.
        sums.visitors += visitors[63] - visitors[0] + u32::from(visitors[0] != sums.last_visitor);
        sums.last_visitor = visitors[63];
        return;
    }
    for_each_bit(mask & with_visitor, |bit| {
        sums.visitors += u32::from(visitors[bit] != sums.last_visitor);
        sums.last_visitor = visitors[bit];
    });
}

/// Adds 64 rows, each to its own group.
fn add_to_each(
    sums: &mut [EventSums],
    groups: &[u32],
    visitors: &[u32; BLOCK_ROWS],
    word: usize,
    mask: u64,
    views: u64,
    with_visitor: u64,
) {
    let visitors = &visitors[word * 64..(word + 1) * 64];
    for_each_bit(mask & with_visitor, |bit| {
        let sums = &mut sums[groups[bit] as usize];
        sums.events += 1;
        sums.views += (views >> bit & 1) as u32;
        sums.visitors += u32::from(visitors[bit] != sums.last_visitor);
        sums.last_visitor = visitors[bit];
    });
    for_each_bit(mask & !with_visitor, |bit| {
        let sums = &mut sums[groups[bit] as usize];
        sums.events += 1;
        sums.views += (views >> bit & 1) as u32;
    });
}

/// What is known about the groups of a block's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowGroups {
    /// All are group 0 and nothing was written.
    AllZero,
    /// Neighbours mostly are of one group.
    Neighbouring,
    /// Anything.
    Mixed,
}

impl<'a> DayGroups<'a> {
    fn new(plan: &Plan, view: &'a DayView, sessions: Option<&Sessions>) -> Self {
        let combinations = || {
            let codes = plan.dimensions().iter().map(|dimension| DimensionCodes::new(dimension, view, sessions));
            Combinations::new(codes.collect(), view.row_count())
        };
        match &plan.groups {
            Groups::Single => Self::Single,
            Groups::Buckets(buckets) => Self::Buckets(DayBuckets::new(buckets, view.times())),
            Groups::Dimensions(_) => Self::Combinations(combinations()),
            Groups::Except(_, tuples) => {
                let mut combinations = combinations();
                let mut left_out = Vec::new();
                for tuple in tuples.iter() {
                    let codes = combinations.dimensions().iter().zip(tuple).map(|(dimension, value)| match value {
                        None => Some(0),
                        Some(value) => dimension.dictionary().and_then(|dictionary| dictionary.code_of(value)),
                    });
                    let Some(codes) = codes.collect::<Option<Vec<u32>>>() else { continue };
                    let mut tuple = CodeTuple::default();
                    tuple[..codes.len()].copy_from_slice(&codes);
                    let number = combinations.number(tuple) as usize;
                    left_out.resize(left_out.len().max(number + 1), false);
                    left_out[number] = true;
                }
                Self::Except { combinations, left_out }
            }
        }
    }

    /// How many groups there are or can be; none when that shows only row by row.
    fn known_count(&self) -> Option<usize> {
        match self {
            Self::Combinations(combinations) if combinations.is_sparse() => None,
            _ => Some(self.count()),
        }
    }

    /// How many groups there are so far.
    fn count(&self) -> usize {
        match self {
            Self::Single | Self::Except { .. } => 1,
            Self::Buckets(buckets) => buckets.count(),
            Self::Combinations(combinations) => combinations.count(),
        }
    }

    /// Writes the group of each row of the mask, and removes from the mask the rows that are in none.
    fn unpack(&mut self, view: &DayView, block: &Block<'_>, mask: &mut Mask, out: &mut [u32; BLOCK_ROWS]) -> RowGroups {
        match self {
            Self::Single => RowGroups::AllZero,
            Self::Buckets(buckets) if buckets.count() == 1 => RowGroups::AllZero,
            Self::Buckets(buckets) => {
                buckets.unpack(view.times().offsets_ms(), block, out);
                RowGroups::Neighbouring
            }
            Self::Combinations(combinations) => {
                combinations.unpack(block, mask, out);
                RowGroups::Mixed
            }
            Self::Except { combinations, left_out } => {
                combinations.unpack(block, mask, out);
                for (word, groups) in mask.iter_mut().zip(out.chunks_exact(64)) {
                    let mut remaining = 0;
                    for (bit, group) in groups.iter().enumerate() {
                        remaining |= u64::from(!left_out.get(*group as usize).is_some_and(|out| *out)) << bit;
                    }
                    *word &= remaining;
                }
                RowGroups::AllZero
            }
        }
    }

    /// The group of a session that is of one group only; none when it is left out.
    fn of_session(&mut self, number: usize, session: &Session) -> Option<u32> {
        match self {
            Self::Single => Some(0),
            Self::Buckets(buckets) => Some(buckets.of(session.start_ms)),
            Self::Combinations(combinations) => Some(combinations.of_session(number)),
            Self::Except { combinations, left_out } => {
                let group = combinations.of_session(number) as usize;
                (!left_out.get(group).is_some_and(|out| *out)).then_some(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

    use analytics_domain::{DurationMs, Interval, MetricKind};
    use analytics_segment::{Builder, names};

    use super::*;
    use crate::{plan::Needs, test_events::event_at};

    #[test]
    fn a_pass_ends_when_nobody_waits_for_it() {
        let mut builder = Builder::new();
        builder.push(&event_at(0));
        let built = builder.build().expect("a small day");
        let column = |name: &str| Some((name.to_owned(), Arc::new(built.column(name)?)));
        let columns: HashMap<_, _> = [names::VISITOR, names::TIME].into_iter().filter_map(column).collect();
        let view = DayView::new(columns).expect("a day");
        let plan = Plan {
            interval: Interval { start: Millis(0), end: Millis(1) },
            as_of: Millis(0),
            session_timeout: DurationMs(0),
            filter: None,
            needs: Needs::of(&[MetricKind::Events]),
            groups: Groups::Single,
        };
        let stop = Stop::default();
        assert_eq!(sum_day(&plan, &view, None, &stop).map(|sums| sums.events[0].events), Ok(1));
        drop(stop.guard());
        assert_eq!(sum_day(&plan, &view, None, &stop).map(|sums| sums.events[0].events), Err(Stopped));
    }
}
