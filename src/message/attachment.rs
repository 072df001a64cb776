//! Describes a file that came with the message.

use sha2::{Digest, Sha256};

use super::{Attachment, Contents};

/// Longest ending that is taken for an extension; what is longer is part of a sentence.
const EXTENSION_BYTES_MAX: usize = 16;

/// Describes a file by what is said of it and by its decoded content.
pub(super) fn describe(name: &str, declared_type: &str, inline: bool, content: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        declared_type: declared_type.to_owned(),
        content_id: String::new(),
        extension: extension(name),
        actual_type: infer::get(content).map(|kind| kind.mime_type()),
        sha256: Sha256::digest(content).into(),
        bytes: content.len(),
        disposition: String::new(),
        inline,
        contents: Contents::default(),
    }
}

/// The last extension, lower case. Dots and spaces at the end are dropped, as Windows does when it opens a file.
fn extension(name: &str) -> String {
    let name = name.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let Some((_, extension)) = name.rsplit_once('.') else { return String::new() };
    let sound = extension.len() <= EXTENSION_BYTES_MAX && !extension.contains(['/', '\\']);
    if sound { extension.trim().to_lowercase() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(extension(name), expected, "{name}");
    }

    #[test]
    fn the_last_extension_counts() {
        check("invoice.pdf.EXE", "exe");
        check("invoice.exe. . ", "exe");
        check("archive.tar.gz", "gz");
        check("README", "");
        check(".profile", "profile");
        check("", "");
        check("a.b/c", "");
        check("x\u{202e}fdp.exe", "exe");
    }

    #[test]
    fn extensions_have_a_limit() {
        check(&format!("a.{}", "b".repeat(EXTENSION_BYTES_MAX)), &"b".repeat(EXTENSION_BYTES_MAX));
        check(&format!("a.{}", "b".repeat(EXTENSION_BYTES_MAX + 1)), "");
    }

    #[test]
    fn the_first_bytes_tell_the_type() {
        let file = describe("a.pdf", "application/pdf", false, b"MZ\x90\x00and more");
        assert_eq!(file.actual_type, Some("application/vnd.microsoft.portable-executable"));
        assert_eq!(file.bytes, 12);
        assert_eq!(describe("", "", false, b"%PDF-1.7").actual_type, Some("application/pdf"));
        assert_eq!(describe("", "", false, b"plain").actual_type, None);
    }

    #[test]
    fn the_digest_is_of_the_content() {
        let digest = describe("", "", true, b"abc").sha256;
        assert_eq!(digest[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
