//! Its recipient is not named in To or Cc.

use crate::evidence::Evidence;
use crate::mail::Address;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient is not named in To or Cc",
    "For blind copies to many. Share of the envelope's recipients that To and Cc do not name, 0 to 1; unknown \
     without an envelope.",
    measure,
);

/// Each of one is compared with each of the other, so both are few.
const LOOKED_MAX: usize = 20;
const NAMED_MAX: usize = 200;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.envelope.recipients;
    let named: Vec<&Address> = evidence
        .message
        .to
        .iter()
        .chain(&evidence.message.cc)
        .filter_map(|m| m.address.as_ref())
        .take(NAMED_MAX)
        .collect();
    let looked = recipients.len().min(LOOKED_MAX);
    let missing = recipients.iter().take(looked).filter(|r| !named.iter().any(|n| n.is_same_mailbox(r))).count();
    (looked > 0).then(|| missing as f32 / looked as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_blind_copy_is_a_share() {
        check(module_path!(), mail().recipient("carol@harbour.example"), Some(0.5));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.recipients.clear()), None);
    }
}
