//! It claims an own author, and came from outside.

use crate::evidence::Evidence;
use crate::mail::{Category, Direction};
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it claims an own author, and came from outside",
    "For forged colleagues. 1 where an inbound message names an author of an own domain, 0.5 where that is \
     proved all the same (a service that sends for us), else 0; unknown without author or own domains.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    if evidence.organisation.domains.is_empty() {
        return None;
    }
    let forged = evidence.direction() == Direction::Inbound && evidence.organisation.owns(author);
    Some(match (forged, evidence.author_is_proved()) {
        (false, _) => 0.0,
        (true, Some(true)) => 0.5,
        (true, _) => 1.0,
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{domain, mail};
    use crate::signals::check::check;

    #[test]
    fn a_colleague_from_outside_is_seen() {
        check(module_path!(), mail().from("Carol", "carol@harbour.example"), Some(1.0));
        check(
            module_path!(),
            mail()
                .from("Carol", "carol@harbour.example")
                .with(|m| m.auth.dmarc.domain = Some(domain("harbour.example"))),
            Some(0.5),
        );
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.organisation.domains.clear()), None);
    }
}
