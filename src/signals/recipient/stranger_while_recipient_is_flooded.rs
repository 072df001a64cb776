//! A stranger writes while its recipient gets more mail than usual.

use crate::evidence::Evidence;
use crate::signals::habit::busier;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger writes while its recipient gets more mail than usual",
    "The mails of a bomb come from many who never wrote before. As recipient_busier_than_usual where the author is \
     new, as ln(1 + n), else 0; unknown without author or baseline, or where that is.",
    measure,
)
.against(&[Attack::MailBomb]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let recipients = evidence.baseline.recipients.iter().map(|recipient| recipient.profile.as_ref());
    let flood = recipients.filter_map(|profile| busier(evidence, profile)).reduce(f32::max)?;
    Some(if new { flood } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_strangers_make_a_flood() {
        check(module_path!(), mail().stranger(), Some(0.713));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
