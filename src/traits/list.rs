//! The mailing list that the message came through (RFC 2919).

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(28, "mailing list", &[Keeper::Sender], 8, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let field = shown.message.header("List-Id").unwrap_or_default();
    let id = field.rsplit_once('<').map_or(field, |(_, id)| id.trim_end_matches(['>', ' ']));
    one(Some(id.trim().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn the_identifier_is_read() {
        check(module_path!(), "List-Id: Friends of X <Friends.X.example>\n\nx", &["friends.x.example"]);
    }
}
