//! Held mail: why it is held, and the seal by which a released message is known.

mod content;
mod key;
mod reason;
mod seal;

pub use key::{KeyFault, SealKey};
pub use reason::reason;
pub use seal::{Flaw, SEAL_HEADER, Seal, Sealing, Settings, unseal};
