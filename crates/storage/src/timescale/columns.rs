//! Encoded rows as arrays, one for each column: the other way to send them, by which a statement can leave out what is there.
//!
//! An element of an array has the same form as a value in COPY, so the bytes are gathered as they are.

use sqlx::{
    Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgTypeInfo, types::Oid},
};

/// PostgreSQL's own types of columns, by their object ids, which are the same in every database: of a value, and of an array of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ColumnType {
    value: u32,
    array: u32,
}

pub(super) const BOOLEAN: ColumnType = ColumnType { value: 16, array: 1000 };
pub(super) const BYTEA: ColumnType = ColumnType { value: 17, array: 1001 };
pub(super) const BIGINT: ColumnType = ColumnType { value: 20, array: 1016 };
pub(super) const SMALLINT: ColumnType = ColumnType { value: 21, array: 1005 };
pub(super) const INTEGER: ColumnType = ColumnType { value: 23, array: 1007 };
pub(super) const TEXT: ColumnType = ColumnType { value: 25, array: 1009 };
pub(super) const DATE: ColumnType = ColumnType { value: 1082, array: 1182 };
pub(super) const TIMESTAMPTZ: ColumnType = ColumnType { value: 1184, array: 1185 };
pub(super) const UUID: ColumnType = ColumnType { value: 2950, array: 2951 };
pub(super) const JSONB: ColumnType = ColumnType { value: 3802, array: 3807 };

/// The values of one column.
pub(super) struct ColumnArray {
    of: ColumnType,
    values: i32,
    bytes: Vec<u8>,
}

impl ColumnArray {
    fn new(of: ColumnType) -> Self {
        Self { of, values: 0, bytes: Vec::new() }
    }
}

/// Arrays of the values of encoded rows.
pub(super) fn transpose<'r>(rows: impl Iterator<Item = &'r [u8]>, types: &[ColumnType]) -> Vec<ColumnArray> {
    let mut arrays: Vec<ColumnArray> = types.iter().copied().map(ColumnArray::new).collect();
    for row in rows {
        // After the count of its values.
        let mut rest = row.get(2..).unwrap_or_default();
        for array in &mut arrays {
            let Some(length) = rest.first_chunk() else { break };
            // NULL has a length of -1 and no bytes.
            let end = 4 + usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
            let Some((value, after)) = rest.split_at_checked(end) else { break };
            array.bytes.extend_from_slice(value);
            array.values += 1;
            rest = after;
        }
    }
    arrays
}

impl Type<Postgres> for ColumnArray {
    /// `anyarray`; which one it is, [`Encode::produces`] says.
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(2277))
    }
}

impl Encode<'_, Postgres> for ColumnArray {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // One dimension, no flags, the type, the length, and the index of the first.
        for header in [1, 0, self.of.value as i32, self.values, 1] {
            buffer.extend_from_slice(&header.to_be_bytes());
        }
        buffer.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(Oid(self.of.array)))
    }
}
