//! It speaks of a document shared or to be signed.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "shared a document",
    "shared a file",
    "shared a folder",
    "shared with you",
    "has shared",
    "shared document",
    "shared file",
    "shared files",
    "document shared",
    "file shared",
    "view document",
    "view the document",
    "view file",
    "view shared",
    "view documents",
    "open document",
    "open file",
    "review document",
    "review the document",
    "review and sign",
    "please sign",
    "sign the document",
    "signature requested",
    "signature required",
    "requires your signature",
    "your signature",
    "electronic signature",
    "e-signature",
    "esign",
    "docusign",
    "adobe sign",
    "pending document",
    "pending documents",
    "secure document",
    "secured document",
    "secure file",
    "secure message",
    "encrypted message",
    "protected message",
    "protected document",
    "encrypted document",
    "document has been",
    "document is ready",
    "document for you",
    "documents for your",
    "completed document",
    "download document",
    "download file",
    "download the file",
    "access document",
    "access the document",
    "access the file",
    "onedrive",
    "sharepoint",
    "google drive",
    "google doc*",
    "dropbox",
    "wetransfer",
    "we transfer",
    "excel document",
    "excel online",
    "adobe document",
    "pdf document",
    "scanned document",
    "scanned from",
    "scanned file",
    "scan to email",
    "document scan*",
    "multifunction printer",
    "xerox scan*",
    "freigegebenes dokument",
    "dokument geteilt",
    "dokument anzeigen",
    "dokument unterschreiben",
    "hat ein dokument",
    "document partagé",
    "a partagé un document",
    "a partagé",
    "consulter le document",
    "documento compartido",
    "ha compartido",
    "ver documento",
    "firmar el documento",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of a document shared or to be signed",
    "For credential phishing behind a document's link. Number of distinct phrases.",
    PHRASES,
)
.of(Category::CredentialPhishing);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_shared_file_is_seen() {
        check(module_path!(), mail().text("Anna has shared a file via OneDrive. View document."), Some(4.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
