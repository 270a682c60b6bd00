//! PostgreSQL's times and ids as the driver binds and reads them. Its own conversions would bring a second crate of times, and lose days
//! and instants that ours can hold.

use analytics_domain::{Day, EventId, Micros, Millis};
use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef, types::Oid},
};

/// 2000-01-01, from which PostgreSQL counts, in microseconds since 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// The same in days.
const EPOCH_DAYS: i32 = 10_957;
/// What `timestamptz` holds: 4714-11-24 BC up to the end of the year 294276.
const MIN_TIMESTAMP: i64 = -211_813_488_000_000_000;
const END_TIMESTAMP: i64 = 9_223_371_331_200_000_000;
/// What `date` holds: 4714-11-24 BC up to the end of the year 5874897.
const MIN_DATE: i32 = -2_451_545;
const END_DATE: i32 = 2_145_031_949;

/// A `timestamptz`: microseconds since 2000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Timestamp(i64);

/// An instant lies outside of what `timestamptz` or `date` can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutOfRange;

impl Timestamp {
    pub(super) const EPOCH: Self = Self(0);

    pub(super) fn of_micros(micros: Micros) -> Result<Self, OutOfRange> {
        let since_2000 = micros.0.checked_sub(EPOCH_MICROS).ok_or(OutOfRange)?;
        if (MIN_TIMESTAMP..END_TIMESTAMP).contains(&since_2000) { Ok(Self(since_2000)) } else { Err(OutOfRange) }
    }

    pub(super) fn of_millis(millis: Millis) -> Result<Self, OutOfRange> {
        Self::of_micros(Micros(millis.0.checked_mul(1000).ok_or(OutOfRange)?))
    }

    /// The bound of a range: an instant that the database cannot hold stands for ever before or after all that it does.
    pub(super) fn bound(millis: Millis) -> Self {
        let infinity = if millis.0 < 0 { i64::MIN } else { i64::MAX };
        Self::of_millis(millis).unwrap_or(Self(infinity))
    }

    /// The bound of a range of what a hypertable is partitioned by: TimescaleDB knows no infinities there, and ends the time 30 years
    /// before PostgreSQL does, for it counts from 1970.
    pub(super) fn partition_bound(micros: Micros) -> Self {
        Self(micros.0.saturating_sub(EPOCH_MICROS).clamp(MIN_TIMESTAMP, END_TIMESTAMP - EPOCH_MICROS - 1))
    }

    pub(super) fn of_bytes(bytes: &[u8]) -> Result<Self, BoxDynError> {
        Ok(Self(i64::from_be_bytes(bytes.try_into()?)))
    }

    pub(super) fn to_be_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    pub(super) fn to_micros(self) -> Micros {
        Micros(self.0.saturating_add(EPOCH_MICROS))
    }

    pub(super) fn to_millis(self) -> Millis {
        self.to_micros().to_millis()
    }
}

/// A `date`: days since 2000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date(i32);

impl Date {
    pub(super) fn of_day(day: Day) -> Result<Self, OutOfRange> {
        let since_2000 = day.0.checked_sub(EPOCH_DAYS).ok_or(OutOfRange)?;
        if (MIN_DATE..END_DATE).contains(&since_2000) { Ok(Self(since_2000)) } else { Err(OutOfRange) }
    }

    /// The bound of a range: a day that the database cannot hold stands for ever before or after all that it does.
    pub(super) fn bound(day: Day) -> Self {
        let infinity = if day.0 < 0 { i32::MIN } else { i32::MAX };
        Self::of_day(day).unwrap_or(Self(infinity))
    }

    pub(super) fn to_be_bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    pub(super) fn to_day(self) -> Day {
        Day(self.0.saturating_add(EPOCH_DAYS))
    }
}

/// A `uuid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Uuid(u128);

impl Uuid {
    pub(super) fn of_event(id: EventId) -> Self {
        Self(u128::from_be_bytes(id.0))
    }

    pub(super) fn to_event(self) -> EventId {
        EventId(self.0.to_be_bytes())
    }
}

/// The object ids of PostgreSQL's own types: the same in every database.
macro_rules! pg_type {
    ($type:ty, $number:ty, $oid:literal, $array_oid:literal) => {
        impl Type<Postgres> for $type {
            fn type_info() -> PgTypeInfo {
                PgTypeInfo::with_oid(Oid($oid))
            }
        }

        impl PgHasArrayType for $type {
            fn array_type_info() -> PgTypeInfo {
                PgTypeInfo::with_oid(Oid($array_oid))
            }
        }

        impl Encode<'_, Postgres> for $type {
            fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
                buffer.extend_from_slice(&self.0.to_be_bytes());
                Ok(IsNull::No)
            }
        }

        impl Decode<'_, Postgres> for $type {
            fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
                Ok(Self(<$number>::from_be_bytes(value.as_bytes()?.try_into()?)))
            }
        }
    };
}

pg_type!(Timestamp, i64, 1184, 1185);
pg_type!(Date, i32, 1082, 1182);
pg_type!(Uuid, u128, 2950, 2951);

/// The id of an event from a `uuid`.
pub(super) fn event_id(bytes: &[u8]) -> Result<EventId, BoxDynError> {
    Ok(EventId(bytes.try_into()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_days_come_back() {
        for micros in [0, -1, 1, EPOCH_MICROS, 1_700_000_000_123_456, -62_135_596_800_000_000] {
            assert_eq!(Timestamp::of_micros(Micros(micros)).unwrap().to_micros(), Micros(micros));
        }
        assert_eq!(Timestamp::of_millis(Millis(-1)).unwrap().to_millis(), Millis(-1));
        for day in [0, -1, EPOCH_DAYS, 20_513, -719_162] {
            assert_eq!(Date::of_day(Day(day)).unwrap().to_day(), Day(day));
        }
    }

    #[test]
    fn what_the_database_cannot_hold_is_refused_and_bounds_everything() {
        for millis in [i64::MIN, i64::MAX, i64::MIN / 1000, -300_000_000_000_000] {
            assert_eq!(Timestamp::of_millis(Millis(millis)), Err(OutOfRange), "{millis}");
        }
        assert_eq!(Timestamp::bound(Millis(i64::MIN)).0, i64::MIN);
        assert_eq!(Timestamp::bound(Millis(i64::MAX)).0, i64::MAX);
        assert_eq!(Timestamp::partition_bound(Micros(i64::MIN)).0, MIN_TIMESTAMP);
        assert_eq!(Timestamp::partition_bound(Micros(i64::MAX)).to_micros(), Micros(END_TIMESTAMP - 1));
        for day in [i32::MIN, i32::MAX, -3_000_000, END_DATE + EPOCH_DAYS, MIN_DATE + EPOCH_DAYS - 1] {
            assert_eq!(Date::of_day(Day(day)), Err(OutOfRange), "{day}");
        }
        assert_eq!(Date::bound(Day(i32::MAX)).0, i32::MAX);
        assert_eq!(Date::bound(Day(-3_000_000)).0, i32::MIN);
    }
}
