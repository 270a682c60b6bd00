//! Names and numbers that tell things apart.

use std::{fmt, str::FromStr};

/// The number of a project inside one installation: what stores key by. It never leaves the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectId(pub i64);

/// A name was not of its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}: use {form}")]
pub struct InvalidName {
    /// What was given.
    pub given: String,
    /// What it should have been.
    pub what: &'static str,
    /// The form to use.
    pub form: &'static str,
}

/// The last part of a project's public name: a letter, then letters, digits and hyphens, at most 63.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectName(String);

impl ProjectName {
    /// The name as text, without `projects/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProjectName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let mut bytes = text.bytes();
        let first_is_letter = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
        if first_is_letter && text.len() <= 63 && bytes.all(is_name_byte) {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidName {
            given: text.to_owned(),
            what: "project name",
            form: "a lower-case letter, then lower-case letters, digits and hyphens, at most 63 in all",
        })
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a running import, unique within its project; chosen by the client so that the same source gives the same id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportId(String);

impl ImportId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImportId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let starts_well = text.bytes().next().is_some_and(|byte| byte != b'-');
        if starts_well && text.len() <= 63 && text.bytes().all(is_name_byte) {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidName {
            given: text.to_owned(),
            what: "import id",
            form: "lower-case letters, digits and hyphens, at most 63",
        })
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// The id that a sender gave an event: the 16 bytes of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub [u8; 16]);

/// The id of one entry of the event log. Stored rows carry it, so that a redelivered entry recognises its own rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub i64);

/// The number of something in quarantine: from 1, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuarantineId(pub i64);

/// A visitor within one project and visitor day: 64 bits of a keyed hash whose salt is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VisitorHash(pub i64);

/// A user within one project: 128 bits of a keyed hash of the application's user id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserHash(pub [u8; 16]);

/// The id of an API key: 1 to 32 lower-case letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
