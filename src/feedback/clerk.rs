//! Who writes recipients' labels down: each once, and only so many of one person a day.

use std::io;
use std::path::Path;

use super::rows::Row;
use crate::labels::{Book, How, Label, Opinion};
use crate::mail::{Category, Moment};

/// What became of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noted {
    /// It is written down.
    Written,
    /// It was said before by the same person.
    Known,
    /// He said too much on this day.
    TooMany,
}

/// The labels, and who may still say something.
pub(super) struct Clerk {
    book: Book,
    labels: Vec<Label>,
    per_day_max: usize,
    now: Moment,
}

impl Clerk {
    /// Reads what was said.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(state: &Path, per_day_max: usize, now: Moment) -> io::Result<Self> {
        let book = Book::of(state);
        let labels = book.all()?;
        Ok(Self { book, labels, per_day_max, now })
    }

    /// Writes down what somebody says of a decision, unless he said it already: corrected by others or not, he need not say
    /// it twice.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note(
        &mut self,
        row: &Row,
        said: (Opinion, Option<Category>),
        who: &str,
        how: How,
        note: &str,
    ) -> io::Result<Noted> {
        let (opinion, category) = said;
        let last = self.labels.iter().rev().find(|label| label.id == row.id && label.who == who);
        if last.is_some_and(|label| label.opinion == opinion) {
            return Ok(Noted::Known);
        }
        let is_today = |label: &&Label| Moment::parse(&label.at).is_some_and(|at| self.now.days_since(at) < 1.0);
        let is_his = |label: &&Label| label.who == who && [How::AbuseMailbox, How::JunkFolder].contains(&label.how);
        if self.labels.iter().filter(is_his).filter(is_today).count() >= self.per_day_max {
            return Ok(Noted::TooMany);
        }
        let label = Label::new(row.id, opinion, who, how, self.now).of(category).noted(Some(note));
        self.book.add(&label)?;
        log::info!("feedback: {label}");
        self.labels.push(label);
        Ok(Noted::Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::DecisionId;

    #[test]
    fn nobody_says_a_thing_twice_or_too_much_on_one_day() {
        let state = tempfile::tempdir().expect("a directory");
        let row = |n: u128| Row {
            id: DecisionId::new(Moment(1_000), n),
            message_id: None,
            author: None,
            recipients: Vec::new(),
            is_unmarked: true,
            is_proved: true,
        };
        let day = 86_400_000;
        let note = |n: u128, opinion: Opinion, who: &str, at: i64| {
            let mut clerk = Clerk::open(state.path(), 2, Moment(at)).expect("readable");
            clerk.note(&row(n), (opinion, None), who, How::AbuseMailbox, "reported").expect("room")
        };
        let (attack, safe) = (Opinion::Attack, Opinion::Safe);
        assert_eq!(note(1, attack, "ann", day), Noted::Written);
        assert_eq!(note(1, attack, "ann", day), Noted::Known);
        assert_eq!(note(1, safe, "bob", day), Noted::Written);
        assert_eq!(note(1, attack, "ann", day), Noted::Known, "corrected by bob, and not said again");
        assert_eq!(note(1, safe, "ann", day), Noted::Written);
        assert_eq!(note(2, attack, "ann", day), Noted::TooMany);
        assert_eq!(note(2, attack, "bob", day), Noted::Written);
        assert_eq!(note(2, attack, "ann", 2 * day), Noted::Written, "another day");
    }
}
