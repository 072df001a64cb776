//! From labelled mail to a calibrated additive model, and its figures.

mod bin;
mod boost;
mod calibrate;
mod examples;
mod figures;
mod fit;
mod isotonic;
mod leak;
mod rank;
mod settings;
mod share;
mod split;
mod weigh;

pub use examples::{EXAMPLES_MAX, Examples, Label, Refused};
pub use figures::{Figures, Operating, SourceFigures, figures};
pub use fit::{FitError, Fitted, fit};
pub use leak::{InputLeak, Leaks, SourceLeak, leaks};
pub use settings::FitSettings;
pub use share::Share;
pub use split::{Slices, split};
