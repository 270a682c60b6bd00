//! What the store knows, in memory: a pure value that the journal's records rebuild.

use std::collections::HashMap;

use analytics_domain::{
    Day, DurationMs, Millis, ProjectId, VisitorHash,
    ports::{EphemeralError, ImportKey, RunningImport, SaltScope, VisitorDayNonce, VisitorProbe},
    running_session::{RunningSession, decide},
};
use zeroize::Zeroizing;

use super::record::{ImportKept, NonceMade, Record, RecordKind, ScopeRecord, SessionsKept, SessionsOfDay};

/// A rewritten journal holds at most so many sessions in one record.
const SESSIONS_PER_RECORD: usize = 10_000;

#[derive(Default)]
pub(super) struct State {
    live: HashMap<ProjectId, Days>,
    imports: HashMap<ImportKey, Import>,
}

#[derive(Default)]
pub(super) struct Days(HashMap<Day, SaltDay>);

struct Import {
    running: RunningImport,
    days: Days,
}

/// A day that has a nonce. Sessions are kept under such days only: without a nonce nothing could be hashed for the day, and
/// nothing would say when to forget them.
struct SaltDay {
    /// Boxed, so that no copy is left behind where a map grew.
    nonce: Box<Zeroizing<[u8; 32]>>,
    /// None when it goes with its import.
    destroy_at: Option<Millis>,
    sessions: HashMap<VisitorHash, RunningSession>,
}

impl SaltDay {
    fn is_due(&self, now: Millis) -> bool {
        self.destroy_at.is_some_and(|destroy_at| destroy_at <= now)
    }
}

impl State {
    /// The days of a scope. An import runs until its time by the clock, whether it was swept or not.
    pub(super) fn days(&mut self, scope: &SaltScope, now: Millis) -> Result<&mut Days, EphemeralError> {
        match scope {
            SaltScope::Live(project) => Ok(self.live.entry(*project).or_default()),
            SaltScope::Import(key) => self
                .imports
                .get_mut(key)
                .filter(|import| import.running.expire_time > now)
                .map(|import| &mut import.days)
                .ok_or_else(|| EphemeralError::ImportNotRunning(key.clone())),
        }
    }

    pub(super) fn import(&self, key: &ImportKey, now: Millis) -> Result<RunningImport, EphemeralError> {
        self.imports
            .get(key)
            .map(|import| import.running)
            .filter(|running| running.expire_time > now)
            .ok_or_else(|| EphemeralError::ImportNotRunning(key.clone()))
    }

    /// Starts an import or changes the one that runs.
    pub(super) fn keep_import(&mut self, key: ImportKey, running: RunningImport) {
        self.imports
            .entry(key)
            .and_modify(|import| import.running = running)
            .or_insert_with(|| Import { running, days: Days::default() });
    }

    /// True when there was one, running or expired.
    pub(super) fn destroy_import(&mut self, key: &ImportKey) -> bool {
        self.imports.remove(key).is_some()
    }

    /// True when anything was due.
    pub(super) fn destroy_due(&mut self, now: Millis) -> bool {
        let mut destroyed = false;
        for days in self.live.values_mut() {
            let before = days.0.len();
            days.0.retain(|_, day| !day.is_due(now));
            destroyed |= days.0.len() < before;
        }
        self.live.retain(|_, days| !days.0.is_empty());
        let before = self.imports.len();
        self.imports.retain(|_, import| import.running.expire_time > now);
        destroyed || self.imports.len() < before
    }

    /// Applies a record of the journal; false when this version does not understand it.
    pub(super) fn replay(&mut self, record: Record) -> bool {
        self.try_replay(record).is_some()
    }

    fn try_replay(&mut self, record: Record) -> Option<()> {
        // Nothing is expired by this: what has expired since it was written is destroyed when all is read.
        let always = Millis(i64::MIN);
        match record.kind? {
            RecordKind::NonceMade(made) => {
                let scope = made.scope.as_ref()?.to_scope()?;
                let bytes = Zeroizing::new(made.nonce);
                let nonce = VisitorDayNonce(bytes.as_slice().try_into().ok()?);
                self.days(&scope, always).ok()?.insert(Day(made.day), nonce, made.destroy_at_ms.map(Millis));
            }
            RecordKind::SessionsKept(kept) => {
                let days = self.days(&kept.scope.as_ref()?.to_scope()?, always).ok()?;
                for sessions in &kept.days {
                    days.0.get_mut(&Day(sessions.day))?.sessions.extend(sessions.sessions());
                }
            }
            RecordKind::ImportKept(kept) => match kept.scope.as_ref()?.to_scope()? {
                SaltScope::Import(key) => self.keep_import(key, kept.to_import()),
                SaltScope::Live(_) => return None,
            },
        }
        Some(())
    }

    /// Everything, as records that rebuild it: an import before its days, a nonce before its day's sessions.
    pub(super) fn records(&self) -> impl Iterator<Item = Record> {
        let live =
            self.live.iter().flat_map(|(project, days)| days.records(ScopeRecord::of(&SaltScope::Live(*project))));
        let imports = self.imports.iter().flat_map(|(key, import)| {
            let kept = Record::new(RecordKind::ImportKept(ImportKept::of(key, import.running)));
            std::iter::once(kept).chain(import.days.records(ScopeRecord::of_import(key)))
        });
        live.chain(imports)
    }
}

impl Days {
    pub(super) fn nonce(&self, day: Day, now: Millis) -> Option<VisitorDayNonce> {
        self.0.get(&day).filter(|salt_day| !salt_day.is_due(now)).map(|salt_day| VisitorDayNonce(**salt_day.nonce))
    }

    /// Whether the day's nonce is to be destroyed but was not yet.
    pub(super) fn is_due(&self, day: Day, now: Millis) -> bool {
        self.0.get(&day).is_some_and(|salt_day| salt_day.is_due(now))
    }

    pub(super) fn insert(&mut self, day: Day, nonce: VisitorDayNonce, destroy_at: Option<Millis>) {
        let salt_day = SaltDay { nonce: Box::new(Zeroizing::new(nonce.0)), destroy_at, sessions: HashMap::new() };
        self.0.insert(day, salt_day);
    }

    /// Decides for each probe in turn and keeps the sessions, each probe seeing what the ones before it left.
    pub(super) fn assign(&mut self, probes: &[VisitorProbe], timeout: DurationMs, now: Millis) -> Assignment {
        let mut assignment = Assignment::default();
        let mut sessions = Vec::new();
        for probe in probes {
            sessions.clear();
            sessions.extend(probe.candidates.iter().map(|(day, visitor)| {
                let salt_day = self.0.get(day).filter(|salt_day| !salt_day.is_due(now))?;
                salt_day.sessions.get(visitor).copied()
            }));
            let decision = decide(&sessions, probe.time, timeout);
            assignment.candidates.push(decision.candidate);
            let before = sessions.get(decision.candidate).copied().flatten();
            let Some(&(day, visitor)) = probe.candidates.get(decision.candidate) else { continue };
            if before == Some(decision.session) {
                continue;
            }
            if let Some(salt_day) = self.0.get_mut(&day).filter(|salt_day| !salt_day.is_due(now)) {
                salt_day.sessions.insert(visitor, decision.session);
                assignment.changes.push(SessionChange { day, visitor, before, after: decision.session });
            }
        }
        assignment
    }

    /// Takes back what an assignment changed.
    pub(super) fn undo(&mut self, changes: &[SessionChange]) {
        for change in changes.iter().rev() {
            let Some(salt_day) = self.0.get_mut(&change.day) else { continue };
            match change.before {
                Some(before) => salt_day.sessions.insert(change.visitor, before),
                None => salt_day.sessions.remove(&change.visitor),
            };
        }
    }

    fn records(&self, scope: ScopeRecord) -> impl Iterator<Item = Record> {
        self.0.iter().flat_map(move |(day, salt_day)| {
            let made = nonce_record(scope.clone(), *day, VisitorDayNonce(**salt_day.nonce), salt_day.destroy_at);
            std::iter::once(made).chain(salt_day.session_records(*day, scope.clone()))
        })
    }
}

impl SaltDay {
    fn session_records(&self, day: Day, scope: ScopeRecord) -> impl Iterator<Item = Record> {
        let mut sessions = self.sessions.iter();
        std::iter::from_fn(move || {
            let mut of_day = SessionsOfDay::empty(day);
            for (visitor, session) in sessions.by_ref().take(SESSIONS_PER_RECORD) {
                of_day.push(*visitor, *session);
            }
            (of_day.len() > 0).then(|| {
                let kept = SessionsKept { scope: Some(scope.clone()), days: vec![of_day] };
                Record::new(RecordKind::SessionsKept(kept))
            })
        })
    }
}

/// The record of a day's new nonce.
pub(super) fn nonce_record(scope: ScopeRecord, day: Day, nonce: VisitorDayNonce, destroy_at: Option<Millis>) -> Record {
    Record::new(RecordKind::NonceMade(NonceMade {
        scope: Some(scope),
        day: day.0,
        nonce: nonce.0.to_vec(),
        destroy_at_ms: destroy_at.map(|at| at.0),
    }))
}

/// What was decided for a batch of probes.
#[derive(Default)]
pub(super) struct Assignment {
    /// The index of each probe's candidate.
    pub(super) candidates: Vec<usize>,
    /// In the order in which they were made.
    pub(super) changes: Vec<SessionChange>,
}

/// A session before and after a probe.
pub(super) struct SessionChange {
    day: Day,
    visitor: VisitorHash,
    before: Option<RunningSession>,
    after: RunningSession,
}

/// One record of all changes of a batch; replayed in this order they leave the last of each session.
pub(super) fn sessions_record(scope: &SaltScope, changes: &[SessionChange]) -> Record {
    let mut days: Vec<SessionsOfDay> = Vec::new();
    for change in changes {
        let index = days.iter().rposition(|of_day| of_day.day == change.day.0).unwrap_or_else(|| {
            days.push(SessionsOfDay::empty(change.day));
            days.len() - 1
        });
        if let Some(of_day) = days.get_mut(index) {
            of_day.push(change.visitor, change.after);
        }
    }
    Record::new(RecordKind::SessionsKept(SessionsKept { scope: Some(ScopeRecord::of(scope)), days }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_that_could_not_be_written_leaves_no_trace() {
        let mut days = Days::default();
        days.insert(Day(0), VisitorDayNonce([1; 32]), None);
        let probe = |visitor, ms| VisitorProbe { candidates: vec![(Day(0), VisitorHash(visitor))], time: Millis(ms) };
        let assign = |days: &mut Days, probes: &[VisitorProbe]| days.assign(probes, DurationMs(100), Millis(0)).changes;
        assign(&mut days, &[probe(1, 10)]);
        let sessions = |days: &Days| days.0[&Day(0)].sessions.clone();
        let before = sessions(&days);
        let changes = assign(&mut days, &[probe(1, 20), probe(2, 20), probe(1, 30), probe(2, 200)]);
        assert_eq!((changes.len(), sessions(&days).len()), (4, 2));
        days.undo(&changes);
        assert_eq!(sessions(&days), before);
    }
}
