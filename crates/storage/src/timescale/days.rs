//! The days that a commit touches, and what it adds to them.

use std::collections::BTreeMap;

use analytics_domain::{Day, Generation, Micros, Millis, ProjectId, Version, ports::DayState};
use sqlx::{PgConnection, Row, postgres::PgRow};

use super::{
    batch::Offer,
    failure::Failure,
    types::{Date, Timestamp},
};

/// What a commit adds to one day.
struct Addition {
    /// The version that the day gets if any event is added.
    version: Version,
    added: Option<Added>,
}

struct Added {
    min_time: Millis,
    max_time: Millis,
    min_occurred_at: Micros,
    max_occurred_at: Micros,
    events: i64,
}

/// The locked days of a commit, ascending.
pub(super) struct Days(BTreeMap<Day, Addition>);

impl Days {
    /// Locks these days, ascending, until the transaction ends: nobody else can raise their versions before.
    ///
    /// A row that does not exist cannot be locked, so missing ones are made first, ascending as well. Whoever waits in the first statement
    /// holds no lock that the second one takes, so two commits never wait for each other.
    pub(super) async fn lock(
        connection: &mut PgConnection,
        project: ProjectId,
        days: impl Iterator<Item = Day>,
    ) -> Result<Self, Failure> {
        let mut ascending: Vec<Day> = days.collect();
        ascending.sort_unstable();
        ascending.dedup();
        let dates: Vec<Date> = ascending.iter().map(|day| Date::of_day(*day)).collect::<Result<_, _>>()?;
        sqlx::query(
            "INSERT INTO project_days (project_id, visitor_day, version, generation, min_time, max_time, \
             min_occurred_at, max_occurred_at, event_count) \
             SELECT $1, visitor_day, 0, 1, $3, $3, $3, $3, 0 FROM unnest($2) AS days (visitor_day) ORDER BY visitor_day \
             ON CONFLICT (project_id, visitor_day) DO NOTHING",
        )
        .bind(project.0)
        .bind(&dates)
        .bind(Timestamp::EPOCH)
        .execute(&mut *connection)
        .await?;
        let rows = sqlx::query(
            "SELECT visitor_day, version FROM project_days WHERE project_id = $1 AND visitor_day = ANY($2) \
             ORDER BY visitor_day FOR UPDATE",
        )
        .bind(project.0)
        .bind(&dates)
        .fetch_all(connection)
        .await?;
        let addition = |row: &PgRow| {
            let day = row.try_get::<Date, _>(0)?.to_day();
            let version = Version(row.try_get::<i64, _>(1)? + 1);
            Ok((day, Addition { version, added: None }))
        };
        Ok(Self(rows.iter().map(addition).collect::<Result<_, sqlx::Error>>()?))
    }

    /// The version under which events of a locked day are stored.
    pub(super) fn version(&self, day: Day) -> Option<Version> {
        self.0.get(&day).map(|addition| addition.version)
    }

    /// Counts an event that was inserted.
    pub(super) fn count(&mut self, offer: &Offer) {
        let Some(addition) = self.0.get_mut(&offer.day) else { return };
        let added = addition.added.get_or_insert(Added {
            min_time: offer.time,
            max_time: offer.time,
            min_occurred_at: offer.occurred_at,
            max_occurred_at: offer.occurred_at,
            events: 0,
        });
        added.min_time = added.min_time.min(offer.time);
        added.max_time = added.max_time.max(offer.time);
        added.min_occurred_at = added.min_occurred_at.min(offer.occurred_at);
        added.max_occurred_at = added.max_occurred_at.max(offer.occurred_at);
        added.events += 1;
    }

    /// Writes the state of each day that got events and returns their versions, ascending.
    pub(super) async fn write(
        self,
        connection: &mut PgConnection,
        project: ProjectId,
    ) -> Result<Vec<(Day, Version)>, Failure> {
        let mut versions = Vec::new();
        let mut changes = Changes::default();
        let mut some_day_stays_new = false;
        for (day, Addition { version, added }) in self.0 {
            match added {
                Some(added) => {
                    changes.push(day, version, &added)?;
                    versions.push((day, version));
                }
                None => some_day_stays_new |= version == Version(1),
            }
        }
        if !versions.is_empty() {
            changes.write(connection, project).await?;
        }
        if some_day_stays_new {
            // Rows of version 0 that this transaction sees are its own.
            sqlx::query("DELETE FROM project_days WHERE project_id = $1 AND version = 0")
                .bind(project.0)
                .execute(connection)
                .await?;
        }
        Ok(versions)
    }
}

/// New states of days, by column.
#[derive(Default)]
struct Changes {
    days: Vec<Date>,
    versions: Vec<i64>,
    min_times: Vec<Timestamp>,
    max_times: Vec<Timestamp>,
    min_occurred_ats: Vec<Timestamp>,
    max_occurred_ats: Vec<Timestamp>,
    event_counts: Vec<i64>,
}

impl Changes {
    fn push(&mut self, day: Day, version: Version, added: &Added) -> Result<(), Failure> {
        self.days.push(Date::of_day(day)?);
        self.versions.push(version.0);
        self.min_times.push(Timestamp::of_millis(added.min_time)?);
        self.max_times.push(Timestamp::of_millis(added.max_time)?);
        self.min_occurred_ats.push(Timestamp::of_micros(added.min_occurred_at)?);
        self.max_occurred_ats.push(Timestamp::of_micros(added.max_occurred_at)?);
        self.event_counts.push(added.events);
        Ok(())
    }

    async fn write(self, connection: &mut PgConnection, project: ProjectId) -> Result<(), Failure> {
        // The times of a row that was made only to be locked mean nothing: least and greatest ignore a NULL.
        sqlx::query(
            "UPDATE project_days SET \
             version = changed.version, \
             min_time = least(CASE WHEN event_count > 0 THEN project_days.min_time END, changed.min_time), \
             max_time = greatest(CASE WHEN event_count > 0 THEN project_days.max_time END, changed.max_time), \
             min_occurred_at = \
             least(CASE WHEN event_count > 0 THEN project_days.min_occurred_at END, changed.min_occurred_at), \
             max_occurred_at = \
             greatest(CASE WHEN event_count > 0 THEN project_days.max_occurred_at END, changed.max_occurred_at), \
             event_count = event_count + changed.added \
             FROM unnest($2, $3, $4, $5, $6, $7, $8) \
             AS changed (visitor_day, version, min_time, max_time, min_occurred_at, max_occurred_at, added) \
             WHERE project_days.project_id = $1 AND project_days.visitor_day = changed.visitor_day",
        )
        .bind(project.0)
        .bind(self.days)
        .bind(self.versions)
        .bind(self.min_times)
        .bind(self.max_times)
        .bind(self.min_occurred_ats)
        .bind(self.max_occurred_ats)
        .bind(self.event_counts)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The columns that [`read_state`] expects, in its order.
pub(super) const STATE: &str = "visitor_day, version, generation, min_time, max_time, event_count";

/// A row selected as [`STATE`].
pub(super) fn read_state(row: &PgRow) -> Result<DayState, Failure> {
    Ok(DayState {
        day: row.try_get::<Date, _>(0)?.to_day(),
        version: Version(row.try_get(1)?),
        generation: Generation(row.try_get(2)?),
        min_time: row.try_get::<Timestamp, _>(3)?.to_millis(),
        max_time: row.try_get::<Timestamp, _>(4)?.to_millis(),
        event_count: row.try_get(5)?,
    })
}
