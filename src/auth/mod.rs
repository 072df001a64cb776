//! What the sender proved: SPF, DKIM, DMARC and ARC, by our own look-ups or as a trusted host noted them.

mod arc;
mod cache;
mod dkim;
mod dmarc;
mod field;
mod header;
mod inquiry;
mod records;
mod resolver;
mod results;
mod settings;
mod signed;
mod spf;
mod tags;
mod trusted;
mod verifier;

pub use results::{ArcChain, AuthResults, DkimSignature, DmarcCheck, DmarcPolicy, Outcome, Source, SpfCheck};
pub use settings::{SetUpError, Settings};
pub use trusted::{Trust, forged_fields, read_trusted};
pub use verifier::Verifier;
