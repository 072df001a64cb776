//! Look-alikes: which of the domains worth protecting a foreign one would pass for, found by an index, not a scan.
//!
//! A domain is worth protecting where it has standing: mail was exchanged with it for long. Domains are learned in plain
//! whatever is set about addresses; the index holds no address.

mod index;
mod keys;
mod standing;
mod table;
mod words;

pub use index::Lookalikes;
pub use standing::Likenesses;
pub(super) use standing::{Rule, profile_key, standing_key};

use crate::mail::Domain;

/// How one domain passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LikenessKind {
    /// The same label under another suffix: `partner.net` for `partner.com`.
    Suffix,
    /// Look-alike letters or another hyphen: `partnerr` is none, `partn3r` is.
    Letters,
    /// One or two letters more, fewer, changed or swapped.
    Edits,
    /// Words added, changed or swapped: `partner-billing.com`.
    Words,
    /// The whole name stands inside another: `partner.com.evil.net`.
    Within,
}

/// A domain that another passes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The registrable domain that is known.
    pub domain: Domain,
    /// How it is imitated.
    pub kind: LikenessKind,
}
