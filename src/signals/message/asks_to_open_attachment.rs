//! It asks to open the attached file.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "see attached",
    "see the attached",
    "see attachment",
    "see the attachment",
    "please find attached",
    "find attached",
    "find the attached",
    "attached please find",
    "attached herewith",
    "attached is",
    "is attached",
    "are attached",
    "attached file",
    "attached document",
    "attached documents",
    "attached invoice",
    "attached copy",
    "attached form",
    "attached pdf",
    "attached zip",
    "attached letter",
    "attached details",
    "attached for your",
    "open the attached",
    "open the attachment",
    "open attached",
    "open attachment",
    "open the file",
    "download the attachment",
    "download the attached",
    "download attached",
    "download attachment",
    "view the attached",
    "view attachment",
    "view the attachment",
    "view attached",
    "check the attached",
    "check attached",
    "check attachment",
    "kindly find",
    "kindly check",
    "kindly see",
    "kindly open",
    "kindly review",
    "review the attached",
    "review attached",
    "refer to the attached",
    "refer to attached",
    "per attached",
    "as attached",
    "in the attachment",
    "in attachment",
    "in the attached",
    "enable content",
    "enable editing",
    "enable macros",
    "enable macro",
    "password for the file",
    "password to open",
    "file password",
    "archive password",
    "the password is",
    "password:",
    "zip password",
    "siehe anhang",
    "im anhang",
    "anbei",
    "anhang öffnen",
    "angehängte",
    "beigefügte",
    "anbei finden sie",
    "inhalte aktivieren",
    "bearbeitung aktivieren",
    "ci-joint",
    "ci-jointe",
    "pièce jointe",
    "en pièce jointe",
    "fichier joint",
    "voir pièce jointe",
    "adjunto",
    "archivo adjunto",
    "ver adjunto",
    "se adjunta",
    "en adjunto",
    "in allegato",
    "allegato",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks to open the attached file",
    "For malware and phishing by attachment. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Malware);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_file_to_open_is_seen() {
        check(
            module_path!(),
            mail().text("Please find attached the form. Open the attachment and enable content."),
            Some(4.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
