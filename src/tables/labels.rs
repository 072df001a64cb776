//! The rows of labels: what people said of decisions, and which word is the last.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use crate::decision::DecisionId;
use crate::labels::{Book, Label};
use crate::mail::Moment;

/// A label as a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    /// The label.
    pub(super) label: Label,
    /// The decision's id as text.
    pub(super) id: String,
    /// When it was said, in milliseconds since 1970.
    pub(super) at_ms: Option<i64>,
    /// Whether it is the last on its decision.
    pub(super) current: bool,
}

/// All labels of a state directory in their order, and the bytes that held them at least.
pub(super) fn read(state: &Path) -> io::Result<(Vec<Said>, u64)> {
    let book = Book::of(state);
    // Asked first: what is written meanwhile counts as not read, and is packed the next time.
    let bytes = book.bytes()?;
    let labels = book.all()?;
    let last: HashMap<DecisionId, usize> = labels.iter().enumerate().map(|(place, label)| (label.id, place)).collect();
    let row = |(place, label): (usize, Label)| Said {
        id: label.id.to_string(),
        at_ms: Moment::parse(&label.at).map(|at| at.0),
        current: last.get(&label.id) == Some(&place),
        label,
    };
    Ok((labels.into_iter().enumerate().map(row).collect(), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{How, Opinion};

    #[test]
    fn the_last_word_is_the_current_one() {
        let state = tempfile::tempdir().expect("a directory");
        assert_eq!(read(state.path()).expect("readable"), (Vec::new(), 0));
        let (one, other) = (DecisionId::new(Moment(1), 1), DecisionId::new(Moment(1), 2));
        for (id, opinion) in [(one, Opinion::Safe), (one, Opinion::Attack), (other, Opinion::Safe)] {
            let label = Label::new(id, opinion, "ann", How::Command, Moment(86_400_000));
            Book::of(state.path()).add(&label).expect("written");
        }
        let (rows, bytes) = read(state.path()).expect("readable");
        let current: Vec<_> = rows.iter().map(|row| (row.label.id, row.label.opinion, row.current)).collect();
        assert_eq!(current, [(one, Opinion::Safe, false), (one, Opinion::Attack, true), (other, Opinion::Safe, true)]);
        assert_eq!(rows[0].at_ms, Some(86_400_000));
        assert!(bytes > 300, "{bytes}");
    }
}
