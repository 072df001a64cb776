//! What is inside a file: unpacked within a budget, with facts by kind of file.

/// Declares kinds of files: each word is a file with a `pub(super) const KIND`. The first whose mark is found counts.
macro_rules! kinds {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        /// All kinds of files that are looked into.
        static KINDS: &[&kind::Kind] = &[$(&$name::KIND),+];
    };
}

mod budget;
mod bytes;
mod compound;
mod entropy;
mod explode;
mod facts;
mod javascript;
mod kind;
mod macros;
mod markup;
mod metadata;
mod office;
mod pictures;
mod signatures;
mod streams;
mod strings;
mod urls;

kinds! {
    zip, gzip, bzip2, xz, seven_zip, rar, cab, iso, tar, ole, pdf, rtf, lnk, png, jpeg, gif, program, calendar, mail,
    vector, html, xml, script, text,
}

pub use budget::Limits;
pub use calendar::{Calendar, Component, Property};
pub use entropy::entropy;
pub use explode::{Exploded, Found, explode, exploded};
pub use facts::{Facts, JavaScript, Macros, Office, OfficeKind, PageFacts, Relationship, ZipFacts};
pub use kind::Kind;
pub use metadata::Metadata;
pub use signatures::Signatures;
pub use strings::{raw, runs};
pub use urls::urls;

/// Why a part of a file is missing that does not hold to its own format.
const BROKEN: &str = "the file is damaged";
