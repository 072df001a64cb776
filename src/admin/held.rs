//! What is done to held mail from the pages and their JSON: as the commands do it, by the rights of who asks, written down.

use std::fmt::Display;
use std::sync::Arc;

use axum::http::StatusCode;

use super::console::Console;
use super::guard::{Person, Program};
use super::labels::Said;
use super::users::Role;
use crate::decision::DecisionId;
use crate::labels::{How, Label, LettingGo, NotLetGo};
use crate::mail::{Address, Moment};
use crate::quarantine::{Asker, Kept, Released, Row, Shelved, Unreleased, Wanted, What};

/// Who does something.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) who: String,
    pub(super) from: String,
    pub(super) role: Role,
    pub(super) how: How,
}

impl From<&Person> for Actor {
    fn from(person: &Person) -> Self {
        Self { who: person.name.clone(), from: person.from.clone(), role: person.role, how: How::Console }
    }
}

impl From<&Program> for Actor {
    fn from(program: &Program) -> Self {
        let who = format!("token {}", program.name);
        Self { who, from: program.from.clone(), role: program.role, how: How::Api }
    }
}

impl Actor {
    /// As whom he asks for a release; `None` for one who only looks.
    fn asker(&self) -> Option<Asker> {
        match self.role {
            Role::Viewer => None,
            Role::Operator => Some(Asker::Operator),
            Role::Administrator => Some(Asker::Administrator),
        }
    }
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Undone {
    pub(super) status: StatusCode,
    pub(super) why: String,
}

impl Undone {
    fn new(status: StatusCode, why: impl Display) -> Self {
        Self { status, why: why.to_string() }
    }

    fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, Unreleased::Missing)
    }

    /// What failed stands in the log, and who asked is told so.
    pub(super) fn failed(error: impl Display) -> Self {
        log::error!("console: {error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something failed; the log of kith says what")
    }
}

/// A page of the list, newest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Leaf {
    pub(super) rows: Vec<Arc<Row>>,
    /// All that are asked for, on other pages too.
    pub(super) matching: usize,
    /// From where the next page goes on.
    pub(super) next: Option<DecisionId>,
    /// Messages that cannot be read.
    pub(super) unreadable: usize,
}

/// The page of those that are asked for which begins behind `before`.
pub(super) fn leaf(shelved: &Shelved, wanted: &Wanted, before: Option<DecisionId>, rows_max: usize) -> Leaf {
    let mut leaf = Leaf { unreadable: shelved.unreadable, ..Leaf::default() };
    for row in shelved.rows.iter().rev().filter(|row| wanted.takes(row)) {
        leaf.matching += 1;
        if before.is_some_and(|before| row.id >= before) {
            continue;
        }
        if leaf.rows.len() < rows_max {
            leaf.rows.push(Arc::clone(row));
        } else if leaf.next.is_none() {
            leaf.next = leaf.rows.last().map(|row| row.id);
        }
    }
    leaf
}

/// The messages beside one in the same list: the newer and the older.
pub(super) fn beside(shelved: &Shelved, wanted: &Wanted, id: DecisionId) -> (Option<DecisionId>, Option<DecisionId>) {
    let ids = || shelved.rows.iter().filter(|row| wanted.takes(row)).map(|row| row.id);
    (ids().find(|one| *one > id), ids().rfind(|one| *one < id))
}

impl Console {
    /// A held message.
    pub(super) fn kept(&self, id: DecisionId) -> Result<Kept, Undone> {
        let kept = self.shelf.folder().find(id).map_err(Undone::failed)?;
        kept.filter(|kept| !kept.standing.removed).ok_or_else(Undone::missing)
    }

    /// The content of a held message.
    pub(super) fn content(&self, id: DecisionId) -> Result<Vec<u8>, Undone> {
        let content = self.shelf.folder().content(id).map_err(Undone::failed)?;
        content.map(|(_, content)| content).ok_or_else(Undone::missing)
    }

    /// Whether this role may let a message go.
    pub(super) fn may_release(&self, actor: &Actor, row: &Row) -> bool {
        let filter = self.filter();
        actor.asker().is_some_and(|asker| filter.quarantine().rights.allow(asker, row.category, &row.grounds))
    }

    /// Lets a message go to these of its recipients, or to all where none is named.
    pub(super) fn release(&self, actor: &Actor, id: DecisionId, to: &[Address]) -> Result<Released, Undone> {
        let forbidden = |why: String| Undone::new(StatusCode::FORBIDDEN, why);
        let asker = actor.asker().ok_or_else(|| forbidden("this takes the role of operator".to_owned()))?;
        let (kept, filter) = (self.kept(id)?, self.filter());
        let (state, settings) = (self.state(), filter.quarantine());
        let letting = LettingGo { state, settings, who: &actor.who, asker, again: false };
        let let_go = letting.let_go(&kept.held, to, Moment::now()).map_err(|why| match why {
            NotLetGo::LeftTo(..) => forbidden(why.to_string()),
            NotLetGo::Key(fault) => Undone::failed(fault),
            NotLetGo::Unreleased(Unreleased::Disk(error)) => Undone::failed(error),
            NotLetGo::Unreleased(Unreleased::Missing) => Undone::missing(),
            NotLetGo::Unreleased(Unreleased::NoRecipient(_)) => Undone::new(StatusCode::BAD_REQUEST, why),
            NotLetGo::Unreleased(_) => Undone::new(StatusCode::CONFLICT, why),
        })?;
        if let Some(error) = let_go.unlabelled {
            log::error!("console: {id} was released, and could not be labelled as safe: {error}");
        }
        let to: Vec<_> = let_go.released.released.iter().map(ToString::to_string).collect();
        self.activity.note(&actor.who, &actor.from, "released", &format!("{id} to {}", to.join(", ")));
        Ok(let_go.released)
    }

    /// Deletes a message for good.
    pub(super) fn delete(&self, actor: &Actor, id: DecisionId) -> Result<(), Undone> {
        self.kept(id)?;
        let deleted = self.shelf.folder().remove(id, &actor.who, What::Deleted, Moment::now());
        if !deleted.map_err(Undone::failed)? {
            return Err(Undone::new(StatusCode::CONFLICT, Unreleased::Busy));
        }
        self.activity.note(&actor.who, &actor.from, "deleted", &id.to_string());
        Ok(())
    }

    /// Says of a decision that its message was safe or an attack. It is in the journal, or its message is held.
    pub(super) fn label(&self, actor: &Actor, id: DecisionId, said: &Said) -> Result<Label, Undone> {
        let label = said.label(id, &actor.who, actor.how).map_err(|why| Undone::new(StatusCode::BAD_REQUEST, why))?;
        if self.index.entry(id).map_err(Undone::failed)?.is_none() && self.kept(id).is_err() {
            return Err(Undone::new(StatusCode::NOT_FOUND, "the journal holds no such decision"));
        }
        self.labels.add(&label).map_err(Undone::failed)?;
        self.activity.note(&actor.who, &actor.from, "labelled", &format!("{id} {}", label.words()));
        Ok(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quarantine::{Held, Standing, Standings};

    fn shelved(rows: i64) -> Shelved {
        let row = |n: i64| {
            let held =
                Held { id: DecisionId::new(Moment(n), 1), subject: Some(format!("s{}", n % 2)), ..Held::default() };
            Arc::new(Row::from(&Kept { held, standing: Standing::after(&[], &[]), unheard: false }))
        };
        Shelved { rows: (1..=rows).map(row).collect(), unreadable: 1 }
    }

    fn wanted(subject: &str) -> Wanted {
        Wanted { subject: subject.to_owned(), standings: Standings::All, ..Wanted::default() }
    }

    fn moments(leaf: &Leaf) -> Vec<i64> {
        leaf.rows.iter().map(|row| row.id.moment().0).collect()
    }

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let shelved = shelved(9);
        let first = leaf(&shelved, &wanted("s1"), None, 2);
        assert_eq!((moments(&first), first.matching, first.unreadable), (vec![9, 7], 5, 1));
        let second = leaf(&shelved, &wanted("s1"), first.next, 2);
        let third = leaf(&shelved, &wanted("s1"), second.next, 2);
        assert_eq!((moments(&second), moments(&third), third.next), (vec![5, 3], vec![1], None));
        assert_eq!(leaf(&shelved, &wanted("s2"), None, 2).matching, 0);
        assert_eq!(leaf(&shelved, &wanted(""), None, 9).next, None, "a full page need not have a next one");
    }

    #[test]
    fn one_has_neighbours_in_the_same_list() {
        let shelved = shelved(5);
        let check = |at: i64, newer: Option<i64>, older: Option<i64>| {
            let (above, below) = beside(&shelved, &wanted("s1"), DecisionId::new(Moment(at), 1));
            assert_eq!((above.map(|id| id.moment().0), below.map(|id| id.moment().0)), (newer, older), "{at}");
        };
        check(3, Some(5), Some(1));
        check(5, None, Some(3));
        check(1, Some(3), None);
        check(2, Some(3), Some(1));
    }
}
