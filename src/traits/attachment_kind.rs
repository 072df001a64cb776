//! The kinds of files that come attached.

use super::shown::{Keeper, Shown, Trait, distinct};

/// An organisation gets some dozens of kinds; a person sends a few.
const VALUES_MAX: usize = 48;
const KEEPERS: &[Keeper] = &[Keeper::Sender, Keeper::Domain, Keeper::Pair, Keeper::Organisation];

pub(super) const TRAIT: Trait = Trait::new(14, "kind of attachment", KEEPERS, VALUES_MAX, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let files = shown.message.attachments.iter().filter(|file| !file.inline);
    // By extension, since that decides what opens it; by type where the name has none.
    let kind = |extension: &str, declared: &str| if extension.is_empty() { declared.to_owned() } else { extension.to_owned() };
    distinct(files.map(|file| kind(&file.extension, &file.declared_type)))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn an_extension_is_a_kind() {
        check(module_path!(), "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n--b--\n", &["pdf"]);
    }

    #[test]
    fn text_alone_has_none() {
        check(module_path!(), "Subject: x\n\nx", &[]);
    }
}
