//! It brings links to where the conversation never led.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads::grown;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it brings links to where the conversation never led",
    "For links slipped into an old conversation. 1 where it links outside and one of the domains never stood in the \
     thread, else 0; unknown without a thread of two messages.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::CredentialPhishing, Attack::MalwareByLink]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let thread = grown(evidence)?;
    let new = thread.usual("link_domain").is_some_and(|usual| usual.is_absent() != Some(false));
    fact(new && !evidence.link_hosts().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_link_from_elsewhere_is_seen() {
        check(module_path!(), mail().in_thread().link("https://a.example/", "a").habit("link_domain", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread().link("https://a.example/", "a"), Some(0.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
