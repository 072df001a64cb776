//! It is bulk mail to which nobody here ever wrote.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::bulk::is_bulk;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is bulk mail to which nobody here ever wrote",
    "For greymail: subscribed to once, or never. Messages of its domain, as ln(1 + n), where its header says bulk and \
     none of us ever wrote there, else 0; unknown without author or baseline, and of bulk where our people's letters do \
     not pass.",
    measure,
)
.against(&[Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.author()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    let domain = evidence.baseline.sender_domain.as_ref().filter(|_| is_bulk(evidence));
    if domain.is_none() || evidence.baseline.solicited(domain)? {
        return log(0.0);
    }
    log(domain.map_or(0.0, |domain| domain.seen as f32))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_unanswered_bulk_counts() {
        check(module_path!(), mail().header("Precedence", "bulk").with(|m| m.baseline.sender_domain.as_mut().expect("known").written_to = 0), Some(3.045));
        check(module_path!(), mail().header("Precedence", "bulk"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().header("Precedence", "bulk").with(|m| (m.baseline.sees_own, m.baseline.sender_domain.as_mut().expect("known").written_to) = (false, 0)), None);
    }
}
