use analytics_domain::{DurationMs, Millis, running_session::SESSION_CAP};
use analytics_segment::{Bitmap, Runs, names};

use crate::view::DayView;

/// No row.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// A session that lasts so long is engaged.
const ENGAGED_MS: u32 = 10_000;

/// The columns from which sessions are derived, beside those that every question needs.
pub(crate) const NEEDED_COLUMNS: [&str; 2] = ["kind", names::INTERACTIVE];

/// The sessions of one day, derived from every event that has a visitor, before any filter.
#[derive(Debug, PartialEq)]
pub(crate) struct Sessions {
    runs: Runs,
    all: Vec<Session>,
}

/// One session. Times are offsets in the day, rows places in its view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) start_ms: u32,
    pub(crate) duration_ms: u32,
    pub(crate) views: u32,
    pub(crate) first_row: u32,
    /// [`NO_ROW`] without a view.
    pub(crate) first_view: u32,
    /// [`NO_ROW`] without a view.
    pub(crate) last_view: u32,
    has_interactive: bool,
    has_conversion: bool,
}

impl Session {
    pub(crate) fn is_bounce(&self) -> bool {
        self.views == 1 && !self.has_interactive
    }

    pub(crate) fn is_engaged(&self) -> bool {
        self.duration_ms >= ENGAGED_MS || self.has_conversion || self.views >= 2
    }

    /// The row that speaks for the session: its first view, or else its first event.
    pub(crate) fn speaking_row(&self) -> u32 {
        if self.first_view == NO_ROW { self.first_row } else { self.first_view }
    }
}

impl Sessions {
    /// Derives them as if events after `as_of` did not exist. Such events are given the number of some session nevertheless, or
    /// none: no answer looks at them.
    pub(crate) fn derive(view: &DayView, timeout: DurationMs, as_of: Millis) -> Self {
        let mut starts = Bitmap::zeros(view.row_count());
        let mut all: Vec<Session> = Vec::new();
        let offsets_ms = view.times().offsets_ms();
        let visitor_starts = view.visitors().runs().starts();
        let (kind, interactive) = (view.dictionary("kind"), view.interactive());
        let code_of = |name: &str| kind.and_then(|kind| kind.dictionary.code_of_text(name)).unwrap_or(u32::MAX);
        let (view_code, conversion_code) = (code_of("view"), code_of("conversion"));
        let last_ms = as_of.0.saturating_sub(view.times().earliest().0);
        let timeout_ms = timeout.0.max(0);
        // Where no session is open the gap to the next event is as long as can be.
        let mut previous_ms = None;
        for (row, time_ms) in offsets_ms[..view.visitors().identified_rows()].iter().copied().enumerate() {
            if visitor_starts.get(row) {
                previous_ms = None;
            }
            if i64::from(time_ms) > last_ms {
                continue;
            }
            let continued = all.last_mut().filter(|session| {
                previous_ms.is_some_and(|previous_ms: u32| i64::from(time_ms.saturating_sub(previous_ms)) <= timeout_ms)
                    && i64::from(time_ms.saturating_sub(session.start_ms)) < SESSION_CAP.0
            });
            let session = match continued {
                Some(session) => session,
                None => {
                    starts.set(row);
                    all.push(Session {
                        start_ms: time_ms,
                        duration_ms: 0,
                        views: 0,
                        first_row: row as u32,
                        first_view: NO_ROW,
                        last_view: NO_ROW,
                        has_interactive: false,
                        has_conversion: false,
                    });
                    all.last_mut().expect("one was pushed")
                }
            };
            session.duration_ms = time_ms.saturating_sub(session.start_ms);
            let code = kind.map_or(0, |kind| kind.codes.get(row));
            if code == view_code {
                session.views += 1;
                session.last_view = row as u32;
                if session.first_view == NO_ROW {
                    session.first_view = row as u32;
                }
            } else {
                session.has_conversion |= code == conversion_code;
                session.has_interactive |= interactive.is_some_and(|interactive| interactive.get(row));
            }
            previous_ms = Some(time_ms);
        }
        Self { runs: Runs::new(starts), all }
    }

    pub(crate) fn runs(&self) -> &Runs {
        &self.runs
    }

    pub(crate) fn all(&self) -> &[Session] {
        &self.all
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.runs.memory_bytes() + self.all.len() * size_of::<Session>()
    }
}
