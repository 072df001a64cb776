//! Communication baselines: who writes to whom, how often, from where; kept on disk, read before the answer, fed after.

mod snapshot;

pub use snapshot::{Baseline, Counts, Infrastructure, NameUse, Profile, RecipientView};
