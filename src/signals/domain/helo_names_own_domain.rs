//! Its client gave a name of the organisation for its own.

use crate::evidence::Evidence;
use crate::mail::{Category, Direction, Domain};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client gave a name of the organisation for its own",
    "Spam gives the recipient's name. 1 where HELO lies in an own domain and the client does not stand in an own \
     network, else 0; unknown without HELO.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let helo = evidence.envelope.helo.as_deref()?;
    let outside = evidence.direction() == Direction::Inbound;
    fact(outside && Domain::parse(helo).is_some_and(|helo| evidence.organisation.owns(&helo)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_recipients_name_is_seen() {
        check(module_path!(), mail().with(|m| m.envelope.helo = Some("mx.harbour.example".to_owned())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.helo = None), None);
    }
}
