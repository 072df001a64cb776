//! Copies of it came from others.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it came from others",
    "A text that somebody else sent before. 1 where no copy came from this author's domain, 0 where one did; unknown \
     without copies.",
    measure,
)
.against(&[Attack::Bulk, Attack::CredentialPhishing, Attack::AdvanceFee]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(campaigns::campaign(evidence)?.usual("author_domain")?.is_absent()?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_text_of_others_is_seen() {
        check(module_path!(), mail().in_campaign().habit("author_domain", 0.0), Some(1.0));
        check(module_path!(), mail().in_campaign(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
