//! The transfer encoding and character set of the text.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(24, "encoding", &[Keeper::Sender], 8, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let kind = shown.message.header("Content-Type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        return Vec::new();
    }
    let charset = kind.split("charset=").nth(1).and_then(|rest| rest.trim_matches('"').split(['"', ';', ' ']).next());
    let transfer = shown.message.header("Content-Transfer-Encoding").unwrap_or("7bit").trim().to_ascii_lowercase();
    one(charset.map(|charset| format!("{charset} {transfer}")))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn charset_and_transfer_show() {
        check(module_path!(), "Content-Type: text/plain; charset=\"UTF-8\"\nContent-Transfer-Encoding: base64\n\neA==", &["utf-8 base64"]);
    }

    #[test]
    fn a_multipart_has_none_of_its_own() {
        check(module_path!(), "Content-Type: multipart/mixed; boundary=b\n\nx", &[]);
    }
}
