/// Why a record cannot be read. It never quotes what the record holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bytes are no protobuf of this shape.
    #[error("the record of {length} bytes is malformed")]
    Malformed {
        /// How many bytes it has.
        length: usize,
    },
    /// Another version wrote it, in a format that this version must not read.
    #[error("the record has format {0}; this version reads format 1: run the version that wrote it, or a newer one")]
    UnknownFormat(u32),
    /// A field is not set that every writer sets.
    #[error("the record lacks its field `{0}`")]
    MissingField(&'static str),
    /// A newer version wrote a value of an enum that this version does not have.
    #[error("the record has the unknown value {value} in its field `{field}`")]
    UnknownValue {
        /// The field.
        field: &'static str,
        /// The number of the value.
        value: i32,
    },
}

impl RecordError {
    /// Whether a newer version wrote the record, which can be read by that.
    pub fn is_of_newer_version(&self) -> bool {
        match self {
            Self::UnknownFormat(_) | Self::UnknownValue { .. } => true,
            Self::Malformed { .. } | Self::MissingField(_) => false,
        }
    }
}
