//! The Message-ID was made in another domain than the author's.

use crate::evidence::Evidence;
use crate::mail::Domain;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the Message-ID was made in another domain than the author's",
    "For forged authors; honest where a provider sends for many domains. 1 or 0; unknown where either domain \
     is.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let id = evidence.message.message_id.as_deref()?;
    let made_in = Domain::parse(id.rsplit_once('@')?.1)?;
    fact(made_in.registrable() != *evidence.author_registrable()?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_foreign_identifier_is_seen() {
        check(module_path!(), mail().with(|m| m.message.message_id = Some("1@other.example".to_owned())), Some(1.0));
        check(
            module_path!(),
            mail().with(|m| m.message.message_id = Some("1@mx.partner.example".to_owned())),
            Some(0.0),
        );
        check(module_path!(), mail().with(|m| m.message.message_id = None), None);
    }
}
