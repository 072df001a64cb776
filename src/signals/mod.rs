//! The registry of signals: one file per signal, in a folder per level; pure functions of the evidence.

/// Makes the modules of a level and the list of their signals from words: the word is the file and the signal's name.
macro_rules! signals {
    ($level:ident { $($name:ident),* $(,)? }) => {
        $(mod $name;)*

        /// The signals of this level.
        pub(super) const SIGNALS: &[crate::signals::Signal] =
            &[$($name::SIGNAL.named(stringify!($name), crate::signals::Level::$level)),*];
    };
}

mod attachment;
mod attack;
mod brands;
mod bulk;
mod campaign;
mod campaigns;
#[cfg(test)]
mod check;
mod domain;
mod downloads;
mod files;
mod free_mail;
mod habit;
mod insiders;
mod link;
mod message;
mod organisation;
mod own_names;
mod people;
mod phrases;
mod pictures;
mod range;
mod recipient;
mod registry;
mod relationship;
mod replies;
mod requests;
mod sender;
mod spread;
mod suffixes;
mod suppliers;
mod thread;
mod threads;

use crate::mail::resemblance;

pub use attack::Attack;
pub use range::Range;
pub use registry::{Level, Risk, Signal, Signals, digest, find, index_of, measure, registry};
pub use spread::Spread;
