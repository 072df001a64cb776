//! How far two words are apart, and which of many is nearest to one that was mistyped.

/// The edit distance of two texts in characters (Levenshtein).
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

/// The name nearest to `wrong`, if one is near enough to have been meant: at most a third of its letters differ.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (far, name) = names.into_iter().map(|name| (distance(wrong, name), name)).min()?;
    (far * 3 <= wrong.chars().count().max(3)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("süd", "sud"), 1);
    }

    #[test]
    fn only_a_near_name_is_meant() {
        assert_eq!(nearest("sendr", ["subject", "sender"]), Some("sender"));
        assert_eq!(nearest("zzz", ["subject", "sender"]), None);
        assert_eq!(nearest("x", []), None);
    }
}
