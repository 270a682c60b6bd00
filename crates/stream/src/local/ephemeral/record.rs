//! What the journal holds, as protobuf messages with fixed numbers: a later version reads what an earlier one wrote.

use std::fmt;

use analytics_domain::{
    Day, ImportId, Millis, ProjectId, VisitorHash,
    ports::{ImportKey, RunningImport, SaltScope},
    running_session::RunningSession,
};
use prost::Message;
use zeroize::Zeroizing;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// One change of the store.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Record {
    #[prost(oneof = "RecordKind", tags = "1, 2, 3")]
    pub(super) kind: Option<RecordKind>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum RecordKind {
    #[prost(message, tag = "1")]
    NonceMade(NonceMade),
    #[prost(message, tag = "2")]
    SessionsKept(SessionsKept),
    #[prost(message, tag = "3")]
    ImportKept(ImportKept),
}

/// Whose salts and sessions.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ScopeRecord {
    #[prost(int64, tag = "1")]
    project: i64,
    /// Absent for live events.
    #[prost(string, optional, tag = "2")]
    import: Option<String>,
}

/// A day got its nonce.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NonceMade {
    #[prost(message, optional, tag = "1")]
    pub(super) scope: Option<ScopeRecord>,
    #[prost(int32, tag = "2")]
    pub(super) day: i32,
    #[prost(bytes = "vec", tag = "3")]
    pub(super) nonce: Vec<u8>,
    /// Absent when the nonce goes with its import.
    #[prost(int64, optional, tag = "4")]
    pub(super) destroy_at_ms: Option<i64>,
}

/// The nonce must not be printed.
impl fmt::Debug for NonceMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonceMade").field("scope", &self.scope).field("day", &self.day).finish_non_exhaustive()
    }
}

/// Sessions began or went on.
#[derive(Clone, PartialEq, Message)]
pub(super) struct SessionsKept {
    #[prost(message, optional, tag = "1")]
    pub(super) scope: Option<ScopeRecord>,
    #[prost(message, repeated, tag = "2")]
    pub(super) days: Vec<SessionsOfDay>,
}

/// The sessions of one visitor day, column by column.
#[derive(Clone, PartialEq, Message)]
pub(super) struct SessionsOfDay {
    #[prost(int32, tag = "1")]
    pub(super) day: i32,
    #[prost(sfixed64, repeated, tag = "2")]
    visitors: Vec<i64>,
    /// From the day's midnight in UTC, which keeps them short.
    #[prost(sint64, repeated, tag = "3")]
    starts_ms: Vec<i64>,
    /// From the session's start to its last event.
    #[prost(int64, repeated, tag = "4")]
    durations_ms: Vec<i64>,
}

/// An import was opened or touched.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ImportKept {
    #[prost(message, optional, tag = "1")]
    pub(super) scope: Option<ScopeRecord>,
    #[prost(bool, tag = "2")]
    include_bots: bool,
    #[prost(int64, tag = "3")]
    create_time_ms: i64,
    #[prost(int64, tag = "4")]
    expire_time_ms: i64,
}

impl Record {
    pub(super) fn new(kind: RecordKind) -> Self {
        Self { kind: Some(kind) }
    }

    /// The encoded record; wiped when dropped, since it may hold a nonce.
    pub(super) fn encode_wiped(self) -> Zeroizing<Vec<u8>> {
        let bytes = Zeroizing::new(self.encode_to_vec());
        if let Some(RecordKind::NonceMade(made)) = self.kind {
            drop(Zeroizing::new(made.nonce));
        }
        bytes
    }
}

impl ScopeRecord {
    pub(super) fn of(scope: &SaltScope) -> Self {
        match scope {
            SaltScope::Live(project) => Self { project: project.0, import: None },
            SaltScope::Import(key) => Self::of_import(key),
        }
    }

    pub(super) fn of_import(key: &ImportKey) -> Self {
        Self { project: key.project.0, import: Some(key.import.as_str().to_owned()) }
    }

    /// None when the import's id has no valid form.
    pub(super) fn to_scope(&self) -> Option<SaltScope> {
        let project = ProjectId(self.project);
        match &self.import {
            None => Some(SaltScope::Live(project)),
            Some(import) => {
                let import = import.parse::<ImportId>().ok()?;
                Some(SaltScope::Import(ImportKey { project, import }))
            }
        }
    }
}

impl SessionsOfDay {
    pub(super) fn empty(day: Day) -> Self {
        Self { day: day.0, ..Self::default() }
    }

    pub(super) fn push(&mut self, visitor: VisitorHash, session: RunningSession) {
        self.visitors.push(visitor.0);
        self.starts_ms.push(session.start.0.saturating_sub(self.midnight_ms()));
        self.durations_ms.push(session.last.since(session.start).0);
    }

    pub(super) fn len(&self) -> usize {
        self.visitors.len()
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = (VisitorHash, RunningSession)> {
        let midnight_ms = self.midnight_ms();
        self.visitors.iter().zip(&self.starts_ms).zip(&self.durations_ms).map(
            move |((visitor, start_ms), duration_ms)| {
                let start = Millis(midnight_ms.saturating_add(*start_ms));
                let last = Millis(start.0.saturating_add(*duration_ms));
                (VisitorHash(*visitor), RunningSession { start, last })
            },
        )
    }

    fn midnight_ms(&self) -> i64 {
        i64::from(self.day) * DAY_MS
    }
}

impl ImportKept {
    pub(super) fn of(key: &ImportKey, import: RunningImport) -> Self {
        Self {
            scope: Some(ScopeRecord::of_import(key)),
            include_bots: import.include_bots,
            create_time_ms: import.create_time.0,
            expire_time_ms: import.expire_time.0,
        }
    }

    pub(super) fn to_import(&self) -> RunningImport {
        RunningImport {
            include_bots: self.include_bots,
            create_time: Millis(self.create_time_ms),
            expire_time: Millis(self.expire_time_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn import_scope() -> SaltScope {
        let import = "a-1".parse().expect("a valid id");
        SaltScope::Import(ImportKey { project: ProjectId(7), import })
    }

    fn assert_golden(kind: RecordKind, golden: &str) {
        let record = Record::new(kind);
        let bytes = record.encode_to_vec();
        assert_eq!(hex(&bytes), golden);
        assert_eq!(Record::decode(bytes.as_slice()).expect("what was encoded"), record);
    }

    #[test]
    fn a_nonce_keeps_its_bytes() {
        let made = NonceMade {
            scope: Some(ScopeRecord::of(&SaltScope::Live(ProjectId(7)))),
            day: 20_000,
            nonce: vec![0xab; 4],
            destroy_at_ms: Some(1_728_000_000_000),
        };
        assert!(!format!("{made:?}").contains("171"), "a nonce must not be printed");
        assert_golden(RecordKind::NonceMade(made), "0a150a02080710a09c011a04abababab208080cea6a532");
    }

    #[test]
    fn sessions_keep_their_bytes() {
        let mut sessions = SessionsOfDay::empty(Day(20_000));
        let start = Millis(20_000 * DAY_MS - 1);
        sessions.push(VisitorHash(-2), RunningSession { start, last: Millis(start.0 + 300) });
        let kept = SessionsKept { scope: Some(ScopeRecord::of(&import_scope())), days: vec![sessions] };
        assert_golden(
            RecordKind::SessionsKept(kept),
            "12200a0708071203612d31121508a09c011208feffffffffffffff1a01012202ac02",
        );
    }

    #[test]
    fn an_import_keeps_its_bytes() {
        let import = RunningImport { include_bots: true, create_time: Millis(1_000), expire_time: Millis(87_401_000) };
        let SaltScope::Import(key) = import_scope() else { unreachable!("it is an import's") };
        assert_golden(
            RecordKind::ImportKept(ImportKept::of(&key, import)),
            "1a130a0708071203612d31100118e80720a8c4d629",
        );
    }
}
