//! What the sender proved: SPF, DKIM, DMARC and ARC, by our own look-ups or as a trusted host noted them.

mod results;

pub use results::{ArcChain, AuthResults, DkimSignature, DmarcCheck, DmarcPolicy, Outcome, Source, SpfCheck};
