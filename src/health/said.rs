//! What people say of detectors: appended to a file by whoever says it, and taken up by the daemon.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::keep::FOLDER;
use crate::lines::{self, Lines, give_to_owner};
use crate::mail::Moment;

/// Name of the file.
const FILE: &str = "said.jsonl";

/// What is to become of a detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// What it says now is right: it is usual from now on, and adds to verdicts.
    Confirm,
    /// It adds to verdicts again; its rate is still not the usual one.
    Unmute,
    /// It adds nothing until a person says otherwise.
    Mute,
}

impl Order {
    /// The order of a name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Confirm, Self::Unmute, Self::Mute].into_iter().find(|order| order.name() == name)
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Unmute => "unmute",
            Self::Mute => "mute",
        }
    }
}

/// What somebody said of a detector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The detector.
    pub detector: String,
    /// What is to become of it.
    pub order: Order,
    /// Who said it.
    pub who: String,
    /// When, by RFC 3339.
    pub at: String,
}

impl Said {
    /// What somebody says now.
    pub fn new(detector: &str, order: Order, who: &str, at: Moment) -> Self {
        Self { detector: detector.to_owned(), order, who: who.to_owned(), at: at.rfc3339() }
    }

    /// Writes it down below a state directory, durably.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, state: &Path) -> io::Result<()> {
        let folder = state.join(FOLDER);
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            give_to_owner(state, &folder)?;
        }
        Lines::open(&path(state))?.append(self)
    }

    /// All that was ever said below a state directory, in its order.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn all(state: &Path) -> io::Result<Vec<Self>> {
        lines::read(&path(state))
    }
}

/// Bytes of the file; 0 where there is none.
pub(super) fn bytes(state: &Path) -> u64 {
    fs::metadata(path(state)).map_or(0, |about| about.len())
}

fn path(state: &Path) -> PathBuf {
    state.join(FOLDER).join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_read_in_its_order() {
        let state = tempfile::tempdir().expect("a folder");
        assert_eq!((Said::all(state.path()).expect("none"), bytes(state.path())), (Vec::new(), 0));
        let said = |order| Said::new("rule.own", order, "ann", Moment(0));
        for order in [Order::Mute, Order::Unmute] {
            said(order).write(state.path()).expect("written");
        }
        assert_eq!(Said::all(state.path()).expect("read"), [said(Order::Mute), said(Order::Unmute)]);
        assert!(bytes(state.path()) > 50);
    }

    #[test]
    fn orders_have_their_names() {
        for order in [Order::Confirm, Order::Unmute, Order::Mute] {
            assert_eq!(Order::of(order.name()), Some(order));
        }
        assert_eq!(Order::of("forget"), None);
    }
}
