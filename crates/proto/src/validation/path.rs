//! Where in a message a check looks.

use std::fmt;

/// The path of a field. It is a chain of borrowed links, so that a check that finds nothing allocates nothing.
#[derive(Clone, Copy, Debug)]
pub enum FieldPath<'a> {
    /// The message itself.
    Root,
    /// A field of a message.
    Field {
        /// The message.
        parent: &'a FieldPath<'a>,
        /// The field's proto name.
        name: &'static str,
    },
    /// An item of a repeated field.
    Item {
        /// The repeated field.
        parent: &'a FieldPath<'a>,
        /// The item's position, from 0.
        index: usize,
    },
    /// A value of a map.
    MapValue {
        /// The map.
        parent: &'a FieldPath<'a>,
        /// The value's key.
        key: MapKey<'a>,
    },
    /// A key of a map, written as its value is.
    MapKey {
        /// The map.
        parent: &'a FieldPath<'a>,
        /// The key.
        key: MapKey<'a>,
    },
}

/// A key of a map.
#[derive(Clone, Copy, Debug)]
pub enum MapKey<'a> {
    /// A string.
    Text(&'a str),
    /// A signed integer.
    Signed(i64),
    /// An unsigned integer.
    Unsigned(u64),
    /// A bool.
    Bool(bool),
}

impl<'a> FieldPath<'a> {
    /// The field of this name in the message at this path.
    pub fn field(&'a self, name: &'static str) -> FieldPath<'a> {
        FieldPath::Field { parent: self, name }
    }

    /// The item at this position of the repeated field at this path.
    pub fn item(&'a self, index: usize) -> FieldPath<'a> {
        FieldPath::Item { parent: self, index }
    }

    /// The value of this key in the map at this path.
    pub fn map_value(&'a self, key: impl Into<MapKey<'a>>) -> FieldPath<'a> {
        FieldPath::MapValue { parent: self, key: key.into() }
    }

    /// The key itself in the map at this path.
    pub fn map_key(&'a self, key: impl Into<MapKey<'a>>) -> FieldPath<'a> {
        FieldPath::MapKey { parent: self, key: key.into() }
    }

    pub(super) fn is_map_key(&self) -> bool {
        matches!(self, FieldPath::MapKey { .. })
    }
}

impl fmt::Display for FieldPath<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldPath::Root => Ok(()),
            FieldPath::Field { parent: FieldPath::Root, name } => out.write_str(name),
            FieldPath::Field { parent, name } => write!(out, "{parent}.{name}"),
            FieldPath::Item { parent, index } => write!(out, "{parent}[{index}]"),
            FieldPath::MapValue { parent, key } | FieldPath::MapKey { parent, key } => write!(out, "{parent}[{key}]"),
        }
    }
}

/// A key longer than this many characters is cut in a path: it may be as long as a whole message.
const MAX_KEY_CHARS: usize = 64;

impl fmt::Display for MapKey<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MapKey::Text(text) => match text.char_indices().nth(MAX_KEY_CHARS) {
                Some((end, _)) => write!(out, "{:?}", format!("{}…", &text[..end])),
                None => write!(out, "{text:?}"),
            },
            MapKey::Signed(number) => number.fmt(out),
            MapKey::Unsigned(number) => number.fmt(out),
            MapKey::Bool(value) => value.fmt(out),
        }
    }
}

impl<'a> From<&'a String> for MapKey<'a> {
    fn from(key: &'a String) -> Self {
        Self::Text(key)
    }
}

impl From<&bool> for MapKey<'_> {
    fn from(key: &bool) -> Self {
        Self::Bool(*key)
    }
}

macro_rules! integer_keys {
    ($($integer:ty => $variant:ident),*) => {
        $(impl From<&$integer> for MapKey<'_> {
            fn from(key: &$integer) -> Self {
                Self::$variant((*key).into())
            }
        })*
    };
}

integer_keys!(i32 => Signed, i64 => Signed, u32 => Unsigned, u64 => Unsigned);
