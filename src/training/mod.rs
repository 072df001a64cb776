//! From labelled mail to a calibrated additive model, and its figures.

mod bin;
mod boost;
mod calibrate;
mod campaign;
mod examples;
mod figures;
mod fit;
mod import;
mod import_imap;
mod isotonic;
mod leak;
mod logs;
mod rank;
mod replay;
mod settings;
mod share;
mod split;
mod weigh;

pub use examples::{EXAMPLES_MAX, Examples, Input, Label, Refused};
pub use figures::{Figures, Operating, SourceFigures, figures};
pub use fit::{FitError, Fitted, fit};
pub use import::{Imported, import};
pub use import_imap::import_imap;
pub use leak::{InputLeak, Leaks, SourceLeak, leaks};
pub use logs::import_logs;
pub use replay::{ReplayError, Replayed, Source, replay};
pub use settings::FitSettings;
pub use share::Share;
pub use split::{Slices, split};
