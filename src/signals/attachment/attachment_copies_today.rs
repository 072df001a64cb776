//! The same file is coming many times today.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the same file is coming many times today",
    "For malicious files under way. Messages of about the last day that brought the same file, as ln(1 + n), the most \
     among the files; unknown without files, or without baseline.",
    measure,
)
.against(&[Attack::MalwareByAttachment, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let pace = |file: &Option<Profile>| file.as_ref().map_or(0.0, |known| known.pace);
    log(evidence.baseline.attachments.iter().map(pace).reduce(f32::max)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn copies_of_a_day_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![Some(profile())]), Some(0.262));
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![None]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
