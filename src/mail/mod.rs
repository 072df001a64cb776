//! The words every room shares: addresses, domains, envelopes, moments, gaps and attack categories.

mod address;
mod category;
mod domain;
mod envelope;
mod gap;
mod moment;
mod network;
mod organisation;
mod phrases;
pub mod resemblance;

pub use address::{Address, Mailbox};
pub use category::Category;
pub use domain::Domain;
pub use envelope::Envelope;
pub use gap::{Gap, Missing};
pub use moment::Moment;
pub use network::Network;
pub use organisation::{Direction, Organisation};
pub use phrases::{Occurrence, Phrases};
