//! Held mail that a person lets go: by his rights, once, and labelled as safe by it, whoever asks in which way.

use std::fmt;
use std::io;
use std::path::Path;

use super::{Book, How, Label, Opinion};
use crate::decision::DecisionId;
use crate::mail::{Address, Category, Moment};
use crate::quarantine::{Asker, Folder, Held, KeyFault, Release, Released, SealKey, Settings, Unreleased};

/// Somebody who lets messages of Kith's own store go.
#[derive(Clone, Copy)]
pub struct LettingGo<'a> {
    /// The state directory.
    pub state: &'a Path,
    /// Where they are handed over, and who may let go what.
    pub settings: &'a Settings,
    /// His name.
    pub who: &'a str,
    /// As whom he asks.
    pub asker: Asker,
    /// Whether to hand over once more what may have arrived.
    pub again: bool,
}

/// What became of it.
#[derive(Debug)]
pub struct LetGo {
    /// To whom it was released, and to whom not.
    pub released: Released,
    /// Why the label could not be written, where it could not.
    pub unlabelled: Option<io::Error>,
}

/// Why a message was not let go.
#[derive(Debug)]
pub enum NotLetGo {
    /// Its release is left to others: the kind of attack, and who may at least.
    LeftTo(Option<Category>, Asker),
    /// There is no key for its token.
    Key(KeyFault),
    /// It cannot be released.
    Unreleased(Unreleased),
}

impl fmt::Display for NotLetGo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeftTo(category, least) => {
                let kind = category.map_or("policy", |category| category.name());
                write!(f, "held as {kind}: quarantine.rights leaves its release to the {}", least.name())
            }
            Self::Key(fault) => fault.fmt(f),
            Self::Unreleased(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for NotLetGo {}

impl LettingGo<'_> {
    /// Whether he may let a message go that is held as of this category, on these grounds.
    ///
    /// # Errors
    /// To whom that is left.
    pub fn may(&self, category: Option<Category>, grounds: &[String]) -> Result<(), NotLetGo> {
        let rights = &self.settings.rights;
        if rights.allow(self.asker, category, grounds) {
            return Ok(());
        }
        Err(NotLetGo::LeftTo(category, rights.least(category, grounds)))
    }

    /// Releases a message to these of its recipients, or to all where none is named, and labels it.
    ///
    /// # Errors
    /// Nothing was handed over; why.
    pub fn let_go(&self, held: &Held, to: &[Address], now: Moment) -> Result<LetGo, NotLetGo> {
        let (id, folder) = (held.id, Folder::of(self.state));
        self.may(held.category, &held.grounds)?;
        let key = SealKey::open(self.state).map_err(NotLetGo::Key)?;
        let release = Release { folder: &folder, key: &key, settings: self.settings, who: self.who, again: self.again };
        let released = release.run(id, to, now).map_err(NotLetGo::Unreleased)?;
        let unlabelled = self.label_where_due(id, &released).err();
        Ok(LetGo { released, unlabelled })
    }

    fn label_where_due(&self, id: DecisionId, released: &Released) -> io::Result<()> {
        let is_due = if released.released.is_empty() {
            // One that was cut short after its last event has no label yet.
            !released.before.is_empty() && !Book::of(self.state).in_force()?.contains_key(&id)
        } else {
            true
        };
        if is_due { self.label(id) } else { Ok(()) }
    }

    /// Who lets a message go says that it is safe.
    ///
    /// # Errors
    /// That cannot be written.
    pub fn label(&self, id: DecisionId) -> io::Result<()> {
        Book::of(self.state).add(&Label::new(id, Opinion::Safe, self.who, How::Release, Moment::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(category: Category) -> Held {
        let recipients = vec![Address::parse("a@own.example").expect("valid")];
        Held { category: Some(category), recipients, ..Held::default() }
    }

    #[test]
    fn what_is_left_to_others_is_not_even_tried() {
        let state = tempfile::tempdir().expect("a directory");
        let settings = Settings::default();
        let check = |asker: Asker, category: Category, expected: &str| {
            let letting = LettingGo { state: state.path(), settings: &settings, who: "ann", asker, again: false };
            let why = letting.let_go(&held(category), &[], Moment::now()).expect_err("it is not there");
            assert_eq!(why.to_string(), expected);
        };
        let missing = "the quarantine does not hold it (any more)";
        let left = |kind: &str, to: &str| format!("held as {kind}: quarantine.rights leaves its release to the {to}");
        check(Asker::Operator, Category::Malware, &left("malware", "administrator"));
        check(Asker::Recipient, Category::Callback, &left("callback", "operator"));
        check(Asker::Administrator, Category::Malware, missing);
        check(Asker::Operator, Category::Callback, missing);
        assert!(Book::of(state.path()).all().expect("none").is_empty(), "nothing was said of it");
    }

    #[test]
    fn who_lets_go_says_that_it_is_safe_once() {
        let state = tempfile::tempdir().expect("a directory");
        let settings = Settings::default();
        let asker = Asker::Operator;
        let letting = LettingGo { state: state.path(), settings: &settings, who: "ann", asker, again: false };
        let one = vec![Address::parse("a@own.example").expect("valid")];
        let id = DecisionId::new(Moment(5), 1);
        let count = || Book::of(state.path()).all().expect("readable").len();
        let refused = Released { refused: vec![(one[0].clone(), "550".to_owned())], ..Released::default() };
        letting.label_where_due(id, &refused).expect("nothing to write");
        assert_eq!(count(), 0);
        let before = Released { before: one.clone(), ..Released::default() };
        letting.label_where_due(id, &before).expect("written");
        letting.label_where_due(id, &before).expect("written before");
        assert_eq!(count(), 1);
        letting.label_where_due(id, &Released { released: one, ..Released::default() }).expect("written");
        assert_eq!(count(), 2);
    }
}
