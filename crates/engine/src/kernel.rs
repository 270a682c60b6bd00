//! The one pass over a day that every report is made of.

use analytics_domain::{IdentityCoverage, Millis};
use analytics_segment::BLOCK_ROWS;

use crate::{
    block::{Block, Mask, for_each_row, intersect},
    filter::DayFilter,
    groups::{DayGroups, RowGroups},
    plan::Plan,
    sessions::{Session, Sessions},
    stop::{Stop, Stopped},
    sums::{EventSums, SessionSums},
    tally::Rows64,
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
    let asked_users = view.users().filter(|_| plan.needs.users);
    let user_count = asked_users.map_or(0, |users| users.users().len());
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
        for word in 0..mask.len() {
            let places = word * 64..(word + 1) * 64;
            let rows = Rows64 {
                mask: mask[word],
                views: views[word],
                with_visitor: with_visitor[word],
                visitors: &self.block.visitors[places.clone()],
            };
            let groups = &self.row_groups[places];
            match grouped {
                RowGroups::AllZero => rows.add_to(&mut self.sums.events[0]),
                RowGroups::Neighbouring if rows.mask == u64::MAX && groups.iter().all(|group| *group == groups[0]) => {
                    rows.add_to(&mut self.sums.events[groups[0] as usize]);
                }
                RowGroups::Neighbouring | RowGroups::Mixed => rows.add_to_each(groups, &mut self.sums.events),
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

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

    use analytics_domain::{DurationMs, Interval, MetricKind};
    use analytics_segment::{Builder, names};

    use super::*;
    use crate::{
        plan::{Groups, Needs},
        test_events::event_at,
    };

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
