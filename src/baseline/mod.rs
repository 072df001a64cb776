//! Communication baselines: who writes to whom, how often, from where; kept on disk, read before the answer, fed after.
//!
//! [`Baselines::recall`] gives what is usual for a message in one pass; [`Baselines::learn`] takes what became of it and
//! returns at once. One thread merges observations into records that wait in memory, seen by every read, and writes them
//! in groups with one fsync each; a crash loses at most the last group, and never part of one.

/// Where the store lies within the state directory.
pub const FOLDER: &str = "baseline";

mod anew;
mod baselines;
mod chronicle;
mod codec;
mod complaint;
mod copied;
mod decay;
mod distinct;
mod esteem;
mod export;
mod fact;
mod given_back;
mod greeting;
mod habits;
mod increment;
mod keeping;
mod key;
mod label;
mod learner;
mod likeness;
mod memory;
mod name;
mod names;
mod naming;
mod observation;
mod overlay;
mod person;
mod place;
mod portrait;
mod query;
mod ranking;
mod recall;
mod recent;
mod record;
mod remembered;
mod requests;
mod settings;
mod shared;
mod snapshot;
mod store;
mod tally;
mod trade;

pub use anew::{Attack, TakenBack};
pub use baselines::{Baselines, State};
pub use copied::Forgotten;
pub use given_back::GivenBack;
pub use likeness::{Likeness, LikenessKind, Likenesses, Lookalikes};
pub use observation::{Learned, Observation, Subject};
pub use place::{OpenError, SetAside};
pub use portrait::{Custom, Portrait, Shape};
pub use query::Query;
pub use settings::{Addresses, Settings};
pub use shared::SharedSettings;
pub use snapshot::{Baseline, Counts, Esteem, NameUse, Person, Profile, RecipientView, Trade, Usual, is_new};
