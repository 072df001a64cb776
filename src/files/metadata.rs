//! Metadata of a file, under the names that ExifTool gives it: rules know no others.

/// Entries that are kept.
const ENTRIES_MAX: usize = 500;
/// Longest value that is kept.
const VALUE_BYTES_MAX: usize = 4_096;

/// Metadata by name, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, String)>);

impl Metadata {
    /// Adds a value under its name.
    pub(super) fn add(&mut self, name: impl Into<String>, value: impl AsRef<str>) {
        let value = value.as_ref();
        if self.0.len() < ENTRIES_MAX {
            let value = value[..value.floor_char_boundary(VALUE_BYTES_MAX)].to_owned();
            self.0.push((name.into(), value));
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All names and values.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.entries().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The first value of a name, as a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.value(name)?.trim().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_a_name_counts_and_there_is_an_end() {
        let mut metadata = Metadata::default();
        assert!(metadata.is_empty());
        for count in 0..ENTRIES_MAX + 1 {
            metadata.add("PageCount", count.to_string());
        }
        metadata.add("Title", "late");
        assert_eq!((metadata.number("PageCount"), metadata.value("Title")), (Some(0), None));
        let mut long = Metadata::default();
        long.add("Title", "\u{e4}".repeat(VALUE_BYTES_MAX));
        assert_eq!(long.value("Title").map(str::len), Some(VALUE_BYTES_MAX));
    }
}
