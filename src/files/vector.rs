//! Pictures in SVG: XML that may hold scripts.

use super::kind::{Kind, Reading};
use super::{bytes, html, javascript, xml};

/// Pictures in SVG.
pub(super) const KIND: Kind = Kind {
    flavors: &["svg_file", "xml_file"],
    media_type: "image/svg+xml",
    is: |head| head.opens("<svg") || head.is_text() && (head.extension == "svg" || head.opens("<?xml")) && head.mentions("<svg"),
    read,
};

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    xml::read(content, reading);
    let (page, scripts) = html::page(&bytes::text(content));
    if !scripts.is_empty() && reading.budget.spend(scripts.len()) {
        reading.facts.javascript = Some(javascript::read(&scripts));
    }
    if !page.scripts.is_empty() {
        reading.facts.page = Some(page);
    }
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::taken;

    #[test]
    fn a_picture_tells_its_elements_and_scripts() {
        let svg = b"<svg xmlns='x'><a><circle/></a><circle/><script>location='https://a.example'</script></svg>";
        let exploded = taken("a.svg", svg);
        let facts = &exploded.found[0].facts;
        assert_eq!(facts.tags.as_deref(), Some(&["svg", "a", "circle", "script"].map(str::to_owned)[..]));
        assert_eq!(facts.javascript.as_ref().map(|script| script.strings.len()), Some(1));
        assert_eq!(exploded.found[0].kind.map(|kind| kind.media_type), Some("image/svg+xml"));
    }
}
