//! The number of recipients.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many it goes to",
    "Attacks on single people go to one, bulk mail to many. Recipients of the envelope (of To and Cc without \
     one) as ln(1 + n); unknown without any.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = evidence.recipients().count();
    if recipients == 0 { None } else { log(recipients as f32) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn recipients_are_a_logarithm() {
        check(module_path!(), mail().recipient("carol@harbour.example"), Some(1.0986));
        check(
            module_path!(),
            mail().with(|m| {
                m.envelope.recipients.clear();
                m.message.to.clear()
            }),
            None,
        );
    }
}
