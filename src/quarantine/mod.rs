//! Held mail: why it is held, where it is kept, and how it is known again once a person released it.

mod content;
mod digest;
mod disk;
mod event;
mod folder;
mod held;
mod index;
mod key;
mod logbook;
mod passing;
mod permit;
mod reason;
mod release;
mod rights;
mod row;
mod seal;
mod settings;
mod shelf;
mod smtp;
mod store;

pub use digest::{Digests, Letter, Link, LinkFlaw, Linked, Sent, Settings as DigestSettings, Undone, plain};
pub use event::{Event, Part, Stage, Standing, What};
pub use folder::{FOLDER, Folder, Kept, Listing};
pub use held::{Held, Identity};
pub use key::{KeyFault, SealKey};
pub use logbook::{Follow, LOG};
pub use reason::reason;
pub use release::{Release, Released, Unreleased};
pub use rights::{Asker, Rights, grounds};
pub use row::{Recipient, Row, Standings, Wanted};
pub use seal::{Flaw, SEAL_HEADER, Seal, Sealing, release_of, unseal};
pub use settings::{Keep, Settings};
pub use shelf::{Shelf, Shelved};
pub use store::{Claim, KITH, Store, Unkept};
