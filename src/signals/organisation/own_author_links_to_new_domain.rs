//! One of our own links to a domain never seen.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::insiders::is_inside;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "one of our own links to a domain never seen",
    "For own accounts that were taken over. 1 where the author is one of our own and a link domain is new to us, else \
     0; unknown without links to other domains, or without baseline.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::MalwareByLink]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let domains = &evidence.baseline.link_domains;
    if !evidence.baseline.is_known() || domains.is_empty() {
        return None;
    }
    fact(is_inside(evidence) && domains.iter().any(|domain| is_new(domain.as_ref())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_our_own_count() {
        check(module_path!(), mail().internal().with(|m| m.baseline.link_domains = vec![None]), Some(1.0));
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![None]), Some(0.0));
        check(module_path!(), mail().internal(), None);
    }
}
