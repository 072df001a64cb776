//! It brings a kind of file that nobody outside ever sent us.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::habit::news;
use crate::signals::registry::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it brings a kind of file that nobody outside ever sent us",
    "Malicious code comes in kinds of files that nobody uses: disk images, notebooks, shortcuts. 1 or 0; unknown \
     without a file, or without baseline; known kinds are those of mail that was delivered and proved.",
    measure,
)
.against(&[Attack::MalwareByAttachment])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let organisation = evidence.baseline.organisation.as_ref().filter(|_| evidence.baseline.is_known());
    news(organisation, "attachment_kind")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{Fixture, profile};
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_kind_that_never_came_is_seen() {
        let brings = || mail().with(|m| m.baseline.organisation = Some(profile()));
        let never = |m: &mut Fixture| m.baseline.organisation.as_mut().expect("set").habits.iter_mut().for_each(|(_, u)| u.weight = 0.0);
        check(module_path!(), brings().with(never), Some(1.0));
        check(module_path!(), brings(), Some(0.0));
        check(module_path!(), mail(), None);
        check(module_path!(), brings().unknown(), None);
    }
}
