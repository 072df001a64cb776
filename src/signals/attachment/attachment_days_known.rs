//! Of how long the same file has been known.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how long the same file has been known",
    "Logos and forms come for years, the file of an attack for hours. Days since it first came, as ln(1 + n), the \
     most among the files, 0 for one never seen; unknown without files, or without baseline.",
    measure,
)
.against(&[Attack::MalwareByAttachment]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let days = |file: &Option<Profile>| file.as_ref().map_or(0.0, |known| evidence.days_since(known.first_seen));
    log(evidence.baseline.attachments.iter().map(days).reduce(f32::max)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn days_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![Some(profile())]), Some(4.615));
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![None]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
