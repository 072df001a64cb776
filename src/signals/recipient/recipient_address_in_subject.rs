//! The subject holds the recipient's address or its name before the at sign.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::stands_in;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject holds the recipient's address or its name before the at sign",
    "Phishing and bulk mail fill in what they know. 2 for the address, 1 for the local part as a word, else 0; \
     unknown without recipients.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let first = evidence.recipients().next()?;
    let subject = normalise(&evidence.message.subject);
    let local = first.local().to_lowercase();
    Some(if subject.contains(&first.key()) {
        2.0
    } else {
        f32::from(u8::from(local.len() >= 3 && stands_in(&subject, &local)))
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_address_weighs_more_than_the_name() {
        check(module_path!(), mail().subject("bob@harbour.example: mailbox full"), Some(2.0));
        check(module_path!(), mail().subject("Bob, you won"), Some(1.0));
        check(module_path!(), mail().subject("Bobsled"), Some(0.0));
    }
}
