use std::sync::{Arc, Mutex, PoisonError};

use analytics_domain::{Millis, ProjectId, ports::DayState};
use futures::{StreamExt, TryStreamExt};

use crate::{
    EngineError,
    kernel::sum_day,
    merger::{Merged, Merger},
    plan::Plan,
    sessions::Sessions,
    source::{Sources, Trouble, Trust, day_key},
    stop::{Stop, Stopped},
    view::DayView,
};

/// How often a day is tried that keeps changing, or whose segment keeps being replaced.
const MAX_ATTEMPTS: usize = 5;

/// Whether a day may be read in a newer state than the one given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pin {
    /// The state that is read is the answer's watermark.
    Free,
    /// Exactly the state given: another pass over the day has read it.
    Exact,
}

/// Why days were not summed.
pub(crate) enum RunError {
    /// The question cannot be answered.
    Engine(EngineError),
    /// A pinned day has no such state any more: begin again.
    Moved,
}

/// Sums days into one answer, several at the same time. Returns the states in which they were read, ascending.
pub(crate) async fn sum_days(
    sources: &Sources,
    project: ProjectId,
    plan: Arc<Plan>,
    states: Vec<DayState>,
    pin: Pin,
    merger: Merger,
    concurrency: usize,
) -> Result<(Merged, Vec<DayState>), RunError> {
    let stop = Stop::default();
    let _guard = stop.guard();
    let merger = Arc::new(Mutex::new(merger));
    let columns: Arc<[String]> = plan.columns().into();
    let days = states.into_iter().map(|state| {
        let (plan, columns, merger, stop) = (plan.clone(), columns.clone(), merger.clone(), stop.clone());
        async move {
            let Some((state, view)) = settled_view(sources, project, state, &columns, pin).await? else {
                return Ok(None);
            };
            let cache = sources.cache.clone();
            let job = move || {
                let sessions = plan.needs_sessions().then(|| {
                    let derive = || Arc::new(Sessions::derive(&view, plan.session_timeout, plan.as_of));
                    let day = day_key(project, &state);
                    if !all_exists(&view, plan.as_of) {
                        return derive();
                    }
                    cache.sessions(day, plan.session_timeout).unwrap_or_else(|| {
                        let sessions = derive();
                        cache.put_sessions(day, plan.session_timeout, sessions.clone());
                        sessions
                    })
                });
                let sums = sum_day(&plan, &view, sessions.as_deref(), &stop)?;
                merger.lock().unwrap_or_else(PoisonError::into_inner).add(&view, &sums);
                Ok(state)
            };
            match sources.workers.run(job).await {
                Ok(state) => Ok(Some(state)),
                // The guard drops with this very future: nobody can see it stopped.
                Err(Stopped) => std::future::pending().await,
            }
        }
    });
    let read: Vec<Option<DayState>> = futures::stream::iter(days).buffered(concurrency.max(1)).try_collect().await?;
    let merger = std::mem::replace(&mut *merger.lock().unwrap_or_else(PoisonError::into_inner), Merger::new(0, 0));
    Ok((merger.finish(), read.into_iter().flatten().collect()))
}

fn all_exists(view: &DayView, as_of: Millis) -> bool {
    let times = view.times();
    times.earliest().0.saturating_add(i64::from(times.latest_offset_ms())) <= as_of.0
}

/// Reads a day; from the truth alone where its segment is of no use. None when the day has no events any more.
async fn settled_view(
    sources: &Sources,
    project: ProjectId,
    mut state: DayState,
    columns: &[String],
    pin: Pin,
) -> Result<Option<(DayState, DayView)>, RunError> {
    let mut trust = Trust::Segments;
    for _ in 0..MAX_ATTEMPTS {
        let trouble = match sources.view(project, &state, columns, trust).await {
            Ok(view) => return Ok(Some((state, view))),
            Err(trouble) => trouble,
        };
        sources.cache.remove_source(day_key(project, &state));
        match trouble {
            Trouble::Store(error) => return Err(RunError::Engine(error.into())),
            Trouble::Segment(reason) => {
                tracing::warn!(project = project.0, day = %state.day, reason, "a segment is of no use: reading the truth");
                trust = Trust::TruthOnly;
            }
            Trouble::Gone => {}
            Trouble::Moved => {
                let now = sources.events.day(project, state.day).await;
                match (now.map_err(|error| RunError::Engine(error.into()))?, pin) {
                    (None, Pin::Free) => return Ok(None),
                    // A segment of the future, as after a restored backup: what it holds is not to be believed.
                    (Some(now), Pin::Free) if now == state => trust = Trust::TruthOnly,
                    (Some(now), Pin::Free) => state = now,
                    // Only a newer segment is in the way: the truth still has the older state.
                    (Some(now), Pin::Exact) if now.generation == state.generation => trust = Trust::TruthOnly,
                    (_, Pin::Exact) => return Err(RunError::Moved),
                }
            }
        }
    }
    Err(RunError::Engine(EngineError::Unsettled(state.day)))
}
