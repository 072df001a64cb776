//! What a value can be, known before any message is seen.

use std::fmt;

use super::Object;

/// What the values of a type are, lists aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// Nothing but null.
    Null,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// Text.
    Text,
    /// A moment.
    Timestamp,
    /// An object.
    Object(Object),
    /// Texts by name.
    Texts,
    /// Lists of texts by name.
    TextLists,
    /// Whatever a JSON document holds.
    Json,
}

/// A type: a base, in so many lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// What the innermost values are.
    pub base: Base,
    /// How many lists stand around them.
    pub lists: u8,
}

impl Type {
    /// Null alone.
    pub const NULL: Self = Self::of(Base::Null);
    /// True or false.
    pub const BOOLEAN: Self = Self::of(Base::Boolean);
    /// A whole number.
    pub const INTEGER: Self = Self::of(Base::Integer);
    /// A number.
    pub const FLOAT: Self = Self::of(Base::Float);
    /// Text.
    pub const TEXT: Self = Self::of(Base::Text);
    /// A moment.
    pub const TIMESTAMP: Self = Self::of(Base::Timestamp);
    /// A JSON document.
    pub const JSON: Self = Self::of(Base::Json);
    /// Texts by name.
    pub const TEXTS: Self = Self::of(Base::Texts);
    /// Lists of texts by name.
    pub const TEXT_LISTS: Self = Self::of(Base::TextLists);

    const fn of(base: Base) -> Self {
        Self { base, lists: 0 }
    }

    /// A list of these.
    pub const fn list(self) -> Self {
        Self { base: self.base, lists: self.lists.saturating_add(1) }
    }

    /// What such a list holds; a JSON document may be one too.
    pub fn element(self) -> Option<Self> {
        match self {
            Self { base: Base::Json, lists: 0 } => Some(self),
            Self { lists: 0, .. } => None,
            Self { base, lists } => Some(Self { base, lists: lists - 1 }),
        }
    }

    /// Whether it is a number.
    pub fn is_number(self) -> bool {
        self == Self::INTEGER || self == Self::FLOAT
    }

    /// Whether nothing is known before a message is seen: anything may be compared with it.
    pub fn is_open(self) -> bool {
        self.base == Base::Json || self == Self::NULL
    }

    /// The type that holds the values of both; `None` where none does.
    pub fn joined(self, other: Self) -> Option<Self> {
        if self == other || other == Self::NULL {
            return Some(self);
        }
        if self == Self::NULL {
            return Some(other);
        }
        if self.lists != other.lists {
            return None;
        }
        let base = match (self.base, other.base) {
            (Base::Null, base) | (base, Base::Null) => base,
            (Base::Integer, Base::Float) | (Base::Float, Base::Integer) => Base::Float,
            (Base::Json, _) | (_, Base::Json) => Base::Json,
            (a, b) if a == b => a,
            _ => return None,
        };
        Some(Self { base, lists: self.lists })
    }

    /// Whether values of both may be compared for equality.
    pub fn compares_with(self, other: Self) -> bool {
        self.is_open() || other.is_open() || self.joined(other).is_some_and(|joined| joined.lists == 0)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = match self.base {
            Base::Null => "null",
            Base::Boolean => "boolean",
            Base::Integer => "integer",
            Base::Float => "float",
            Base::Text => "string",
            Base::Timestamp => "timestamp",
            Base::Object(object) => object.name(),
            Base::Texts => "map<string, string>",
            Base::TextLists => "map<string, [string]>",
            Base::Json => "json",
        };
        let (open, close) = ("[".repeat(usize::from(self.lists)), "]".repeat(usize::from(self.lists)));
        write!(f, "{open}{inner}{close}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_join_where_one_holds_both() {
        assert_eq!(Type::INTEGER.joined(Type::FLOAT), Some(Type::FLOAT));
        assert_eq!(Type::NULL.joined(Type::TEXT), Some(Type::TEXT));
        assert_eq!(Type::NULL.list().joined(Type::TEXT.list()), Some(Type::TEXT.list()));
        assert_eq!(Type::TEXT.joined(Type::INTEGER), None);
        assert_eq!(Type::TEXT.joined(Type::TEXT.list()), None);
    }

    #[test]
    fn lists_are_not_compared() {
        assert!(Type::INTEGER.compares_with(Type::FLOAT) && Type::JSON.compares_with(Type::TEXT));
        assert!(!Type::TEXT.list().compares_with(Type::TEXT.list()) && !Type::TEXT.compares_with(Type::BOOLEAN));
    }

    #[test]
    fn types_are_shown_as_they_are_written() {
        assert_eq!(Object::Link.many().to_string(), "[Link]");
        assert_eq!(Type::TEXT.list().list().to_string(), "[[string]]");
        assert_eq!(Type::JSON.element(), Some(Type::JSON));
        assert_eq!(Type::TEXT.element(), None);
    }
}
