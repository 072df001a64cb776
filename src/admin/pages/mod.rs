//! The pages: one file and one template each.

/// The pages: each file has its `routes`, and a `TAB` where it stands in the navigation, which is in this order.
macro_rules! pages {
    ($($name:ident),* $(,)?) => {
        $(pub(super) mod $name;)*

        /// What stands in the navigation.
        const TABS: &[Option<Tab>] = &[$($name::TAB),*];

        /// The routes of all pages.
        pub(super) fn router() -> axum::Router<std::sync::Arc<super::console::Console>> {
            axum::Router::new()$(.merge($name::routes()))*
        }
    };
}

pages! {
    decisions,
    decision,
    quarantine,
    held,
    orders,
    linked,
    relation,
    reports,
    audit,
    overview,
    health,
    rules,
    models,
    settings,
    activity,
    sign_in,
}

use super::guard::Person;
use super::users::Role;

/// A page in the navigation.
#[derive(Clone, Copy, Debug)]
struct Tab {
    path: &'static str,
    name: &'static str,
    /// Who sees it.
    role: Role,
}

impl Tab {
    /// One that everybody sees.
    const fn shown(path: &'static str, name: &'static str) -> Option<Self> {
        Some(Self { path, name, role: Role::Viewer })
    }

    /// One that administrators see.
    const fn to_administrators(path: &'static str, name: &'static str) -> Option<Self> {
        Some(Self { path, name, role: Role::Administrator })
    }
}

/// What stands around each page.
#[derive(Clone, Debug)]
struct Frame {
    name: String,
    role: &'static str,
    tabs: Vec<Tab>,
    /// The token of the form by which one signs out.
    token: String,
    /// The page on which one is, by the path of its tab without the stroke.
    here: &'static str,
}

impl Frame {
    /// Whether one is on the page of a tab, or on one below it.
    fn is_at(&self, tab: &Tab) -> bool {
        tab.path.strip_prefix('/') == Some(self.here)
    }

    fn of(person: &Person, here: &'static str) -> Self {
        Self {
            name: person.name.clone(),
            role: person.role.name(),
            tabs: TABS.iter().flatten().filter(|tab| person.role >= tab.role).copied().collect(),
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
