//! The values of a table, column by column.

use std::borrow::Cow;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number; yes and no are 1 and 0, since engines differ in how they write truth.
    Int,
    /// A number in single precision.
    Float,
}

/// One value on its way into a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    Int(i64),
    Float(f32),
}

impl<'a> Cell<'a> {
    /// A text, or null.
    pub(super) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }

    /// A number of things; one that no column holds is null.
    pub(super) fn count(count: usize) -> Self {
        i64::try_from(count).map_or(Self::Null, Self::Int)
    }

    /// A number, or null.
    pub(super) fn float(number: Option<f32>) -> Self {
        number.map_or(Self::Null, Self::Float)
    }
}

/// The values of one column, null where `None`.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Texts.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Numbers.
    Float(Vec<Option<f32>>),
}

impl Cells {
    /// No values of that kind.
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Vec::new()),
            Kind::Int => Self::Int(Vec::new()),
            Kind::Float => Self::Float(Vec::new()),
        }
    }

    /// So many nulls.
    pub(super) fn nulls(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Text => Self::Text(vec![None; rows]),
            Kind::Int => Self::Int(vec![None; rows]),
            Kind::Float => Self::Float(vec![None; rows]),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Float(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether at most so many values differ.
    pub(super) fn are_few(&self, max: usize) -> bool {
        fn few<V: PartialEq>(values: impl Iterator<Item = V>, max: usize) -> bool {
            let mut seen = Vec::with_capacity(max);
            for value in values {
                if seen.contains(&value) {
                    continue;
                }
                if seen.len() == max {
                    return false;
                }
                seen.push(value);
            }
            true
        }
        match self {
            Self::Text(values) => few(values.iter().flatten().map(String::as_str), max),
            Self::Int(values) => few(values.iter().flatten().copied(), max),
            Self::Float(values) => few(values.iter().flatten().map(|value| value.to_bits()), max),
        }
    }

    /// Adds a value; one of another kind becomes null.
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(values), Cell::Text(text)) => values.push(Some(text.into_owned())),
            (Self::Int(values), Cell::Int(number)) => values.push(Some(number)),
            (Self::Float(values), Cell::Float(number)) => values.push(Some(number)),
            (Self::Text(values), _) => values.push(None),
            (Self::Int(values), _) => values.push(None),
            (Self::Float(values), _) => values.push(None),
        }
    }

    /// These values as another kind: what an older file held as another kind is read as far as that loses nothing.
    pub(super) fn into_kind(self, kind: Kind) -> Self {
        let rows = self.len();
        match (self, kind) {
            (Self::Text(values), Kind::Text) => Self::Text(values),
            (Self::Int(values), Kind::Int) => Self::Int(values),
            (Self::Float(values), Kind::Float) => Self::Float(values),
            (Self::Int(values), Kind::Float) => {
                Self::Float(values.into_iter().map(|number| number.map(|number| number as f32)).collect())
            }
            (Self::Int(values), Kind::Text) => {
                Self::Text(values.into_iter().map(|number| number.map(|number| number.to_string())).collect())
            }
            _ => Self::nulls(kind, rows),
        }
    }

    /// Adds the values of another column of the same kind.
    pub(super) fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Text(values), Self::Text(more)) => values.extend(more),
            (Self::Int(values), Self::Int(more)) => values.extend(more),
            (Self::Float(values), Self::Float(more)) => values.extend(more),
            (this, other) => {
                let kind = match this {
                    Self::Text(_) => Kind::Text,
                    Self::Int(_) => Kind::Int,
                    Self::Float(_) => Kind::Float,
                };
                this.append(other.into_kind(kind));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_another_kind_is_null() {
        let mut cells = Cells::new(Kind::Int);
        cells.push(Cell::Int(3));
        cells.push(Cell::text(Some("three")));
        cells.append(Cells::Float(vec![Some(3.5)]));
        assert_eq!(cells, Cells::Int(vec![Some(3), None, None]));
    }

    #[test]
    fn older_kinds_are_read_where_nothing_is_lost() {
        let numbers = || Cells::Int(vec![Some(7), None]);
        assert_eq!(numbers().into_kind(Kind::Float), Cells::Float(vec![Some(7.0), None]));
        assert_eq!(numbers().into_kind(Kind::Text), Cells::Text(vec![Some("7".to_owned()), None]));
        assert_eq!(Cells::Text(vec![Some("x".to_owned())]).into_kind(Kind::Int), Cells::Int(vec![None]));
    }
}
