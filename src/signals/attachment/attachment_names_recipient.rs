//! A file is named after its recipient.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;
use crate::signals::resemblance::label;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a file is named after its recipient",
    "Phishing pages are made for one victim. 1 where a file's name holds the recipient's address, local part or \
     domain label, else 0; unknown without files or recipients.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipient = evidence.recipients().next()?;
    let local = recipient.local().to_lowercase();
    let domain = label(&recipient.domain().registrable()).to_owned();
    any(evidence, |file| {
        let name = file.name.to_lowercase();
        [&local, &domain].iter().any(|part| part.len() >= 5 && name.contains(part.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_name_of_our_house_on_a_file_is_seen() {
        check(module_path!(), mail().attachment("Harbour_Payroll.htm", None), Some(1.0));
        check(module_path!(), mail().attachment("minutes.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
