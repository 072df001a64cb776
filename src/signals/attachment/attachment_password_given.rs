//! The text gives the password of an archive.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;
use crate::signals::phrases::stands_in;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the text gives the password of an archive",
    "An encrypted archive passes filters, and its password comes along. 1 where an archive or document comes \
     with a phrase about its password, else 0; unknown without files.",
    measure,
)
.of(Category::Malware)
.prior(1.5);

const PHRASES: &[&str] = &[
    "password:",
    "password is",
    "password for the",
    "password to open",
    "passcode",
    "archive password",
    "zip password",
    "pass:",
    "passwort:",
    "passwort lautet",
    "kennwort",
    "mot de passe :",
    "mot de passe est",
    "contraseña:",
    "contraseña es",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        let is_closed =
            matches!(file.extension.as_str(), "zip" | "rar" | "7z" | "iso" | "pdf" | "doc" | "docx" | "xls" | "xlsx");
        is_closed && PHRASES.iter().any(|phrase| stands_in(evidence.wording(), phrase))
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_password_beside_an_archive_is_seen() {
        check(module_path!(), mail().text("Archive password: 1234").attachment("a.zip", None), Some(1.0));
        check(module_path!(), mail().attachment("a.zip", None), Some(0.0));
        check(module_path!(), mail().text("Archive password: 1234"), None);
    }
}
