//! The pages: one file and one template each.

pub(super) mod activity;
pub(super) mod decision;
pub(super) mod decisions;
pub(super) mod held;
pub(super) mod health;
pub(super) mod models;
pub(super) mod overview;
pub(super) mod relation;
pub(super) mod rules;
pub(super) mod settings;
pub(super) mod sign_in;

use super::guard::Person;
use super::users::Role;

/// What stands around each page.
#[derive(Clone, Debug)]
struct Frame {
    name: String,
    role: &'static str,
    is_administrator: bool,
    /// The token of the form by which one signs out.
    token: String,
    /// The page on which one is.
    here: &'static str,
}

impl Frame {
    fn of(person: &Person, here: &'static str) -> Self {
        Self {
            name: person.name.clone(),
            role: person.role.name(),
            is_administrator: person.role >= Role::Administrator,
            token: person.form_token(),
            here,
        }
    }
}

/// A choice in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    name: &'static str,
    words: String,
    is_chosen: bool,
}

impl Choice {
    /// Choices of names, of which one is chosen.
    fn list<'a>(names: impl IntoIterator<Item = &'static str> + 'a, chosen: &'a str) -> Vec<Self> {
        let one = |name: &'static str| Self { name, words: name.replace('_', " "), is_chosen: name == chosen };
        names.into_iter().map(one).collect()
    }
}
