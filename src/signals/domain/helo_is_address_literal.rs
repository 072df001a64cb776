//! Its client gave an address for its name.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client gave an address for its name",
    "Mail servers have names; home-made senders and infected machines have none. 1 or 0; unknown without HELO.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let helo = evidence.envelope.helo.as_deref()?;
    let bare = helo.trim_start_matches('[').trim_end_matches(']').trim_start_matches("IPv6:");
    fact(bare.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn brackets_make_no_name() {
        check(module_path!(), mail().with(|m| m.envelope.helo = Some("[192.0.2.1]".to_owned())), Some(1.0));
        check(module_path!(), mail().with(|m| m.envelope.helo = Some("192.0.2.1".to_owned())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.helo = None), None);
    }
}
