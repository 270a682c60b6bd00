//! The one filter tree that every question shares.

use crate::{Dimension, PropertyValue};

/// What must hold for an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every one of these.
    All(Vec<Filter>),
    /// At least one of these.
    Any(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// This, of the event itself. On a session dimension the session's value is compared.
    Condition(Condition),
    /// The event's actor has at least one event inside the range that passes; never holds without an actor.
    ActorDid(Box<Filter>),
}

/// Compares one dimension of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is compared.
    pub dimension: Dimension,
    /// How.
    pub test: FilterTest,
}

/// How a dimension is compared. Values of different types are never equal, and no other comparison holds between them; an absent
/// value passes [`FilterTest::NotEquals`] and [`FilterTest::Absent`] only.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterTest {
    /// It is this value.
    Equals(PropertyValue),
    /// It is another value, of whatever type, or absent.
    NotEquals(PropertyValue),
    /// It is one of these values.
    OneOf(Vec<PropertyValue>),
    /// It is text that contains this.
    Contains(String),
    /// It is text that starts with this.
    StartsWith(String),
    /// It is text that matches this pattern as a whole; `*` stands for any text, also none.
    MatchesWildcard(String),
    /// It is present.
    Exists,
    /// It is absent.
    Absent,
    /// It is a greater number.
    GreaterThan(f64),
    /// It is this number or a greater one.
    AtLeast(f64),
    /// It is a smaller number.
    LessThan(f64),
    /// It is this number or a smaller one.
    AtMost(f64),
}
