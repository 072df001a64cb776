//! Detector health: how often each detector speaks, of what values, with what effect, and which are muted for it.
//!
//! A detector is whatever adds to a verdict by itself: a signal (by the points that it adds for an attack), a rule, a
//! sub-detector of the search for rare messages, and the model. Each has a record of constant size. Its rate is compared
//! with its own history: counts are taken for negative binomial, with a dispersion that is learned, so that what comes in
//! bursts by nature is no alarm. Time is a value: this room knows no clock.

mod board;
mod counts;
mod episode;
mod keep;
mod labelled;
mod latency;
mod record;
mod row;
mod said;
mod settings;
mod sources;
mod tail;
#[cfg(test)]
mod tests;
mod usual;
mod values;
mod words;

pub use board::{Board, Seen, Speaking};
pub use episode::{Event, Kind};
pub use keep::{FOLDER, Keeper};
pub use labelled::Labelled;
pub use latency::Latency;
pub use row::{Row, State};
pub use said::{Order, Said};
pub use settings::{Mutable, Settings};
pub use usual::Prior;
