//! Between the contract and the domain.

pub(crate) mod answer;
pub(crate) mod filter;
pub(crate) mod scope;
pub(crate) mod spec;

/// A field of a question that the contract's rules alone could not refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidField {
    /// Its path in the request.
    pub(crate) field: String,
    /// What is wrong and what to do.
    pub(crate) description: String,
}

impl InvalidField {
    pub(crate) fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}
