//! Documents in XML.

use std::collections::HashSet;

use super::bytes::text;
use super::kind::{Kind, Reading};
use super::markup::{Piece, pieces};

/// Documents in XML.
pub(super) const KIND: Kind =
    Kind { flavors: &["xml_file"], media_type: "text/xml", is: |head| head.opens("<?xml"), read };

/// Names of elements that are kept.
const TAGS_MAX: usize = 1_000;

/// Lists the elements, each once.
pub(super) fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let source = text(content);
    let (mut seen, mut tags) = (HashSet::new(), Vec::new());
    for piece in pieces(&source) {
        if let Piece::Open(name, _) = piece
            && tags.len() < TAGS_MAX
            && seen.insert(name)
        {
            tags.push(name.to_owned());
        }
    }
    reading.facts.tags = Some(tags);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::taken;

    #[test]
    fn elements_are_listed_once_and_not_for_ever() {
        let tags = |xml: &str| taken("a.xml", xml.as_bytes()).found[0].facts.tags.clone().expect("a document");
        assert_eq!(tags("<?xml version='1.0'?><a><b/><b/></a>"), ["a", "b"]);
        let many: String = (0..TAGS_MAX + 1).map(|place| format!("<t{place}/>")).collect();
        assert_eq!(tags(&format!("<?xml?>{many}")).len(), TAGS_MAX);
    }
}
