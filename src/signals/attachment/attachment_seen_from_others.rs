//! Others sent the same file before.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "others sent the same file before",
    "One file from many houses is a campaign, or a form. Sender domains whose delivered messages brought the same \
     file, as ln(1 + n), the most among the files; unknown without files, or without baseline.",
    measure,
)
.against(&[Attack::MalwareByAttachment, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let senders = |file: &Option<Profile>| file.as_ref().map_or(0.0, |known| known.correspondents as f32);
    log(evidence.baseline.attachments.iter().map(senders).reduce(f32::max)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn senders_of_a_file_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![Some(profile())]), Some(1.386));
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![None]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
