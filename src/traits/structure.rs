//! The MIME tree of the message.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(15, "structure", &[Keeper::Sender, Keeper::Domain], 16, shows);

/// Parts that make the habit; a digest of hundreds is one as well.
const PARTS_MAX: usize = 12;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let part = |part: &crate::message::Part| format!("{}{}", part.depth, part.media_type);
    let tree: Vec<String> = shown.message.parts.iter().take(PARTS_MAX).map(part).collect();
    one(Some(tree.join(" ")))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn the_tree_is_read() {
        check(module_path!(), "Content-Type: text/plain\n\nx", &["0text/plain"]);
    }
}
