//! What the tables say of the filter itself: volumes, precision and misses with their intervals, the audit sample, the budget.

mod audit;
mod budget;
mod draw;
mod estimate;
mod figures;
mod flips;
mod interval;
mod share;
mod text;

pub use audit::{AuditError, Drawn, drawn, next};
pub use budget::{Bounds, Budget, Step, budget};
pub use estimate::Missed;
pub use figures::{By, Figures, Report, report};
pub use flips::{Changed, Cost, chances};
pub use interval::Interval;
pub use share::Share;
