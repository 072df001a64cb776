//! Pages of HTML.

use super::kind::{Kind, Reading};
use super::markup::{Piece, attribute, decoded, pieces};
use super::{PageFacts, bytes, javascript};

/// Pages of HTML.
pub(super) const KIND: Kind = Kind {
    flavors: &["html_file"],
    media_type: "text/html",
    is: |head| {
        let named = matches!(head.extension, "htm" | "html" | "shtml" | "xhtml" | "mht" | "mhtml" | "hta");
        let opens = ["<!doctype html", "<html", "<head", "<body", "<script", "<title", "<iframe", "<table", "<div"];
        opens.iter().any(|word| head.opens(word)) || head.is_text() && (named || head.mentions("<html"))
    },
    read,
};

/// Scripts of one page that are read.
const SCRIPTS_MAX: usize = 1_000;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let source = decoded_page(content);
    let (page, scripts) = page(&source);
    if let Some(title) = &page.title {
        reading.facts.metadata.add("Title", title);
    }
    reading.facts.page = Some(page);
    if !scripts.is_empty() && reading.budget.spend(scripts.len()) {
        reading.facts.javascript = Some(javascript::read(&scripts));
    }
}

/// The source as text, from UTF-16 where a byte order mark says so.
fn decoded_page(content: &[u8]) -> String {
    match content.strip_prefix(b"\xff\xfe") {
        Some(content) => bytes::wide(content),
        None => bytes::text(content),
    }
}

/// What a page tells, and its scripts, joined.
pub(super) fn page(source: &str) -> (PageFacts, String) {
    let (mut page, mut scripts) = (PageFacts::default(), String::new());
    let (mut rest, lower) = (source, source.to_ascii_lowercase());
    while page.scripts.len() < SCRIPTS_MAX
        && let Some(found) = lower[source.len() - rest.len()..].find("<script")
    {
        let tag = &rest[found + "<script".len()..];
        let Some(end) = tag.find('>') else { break };
        let attributes = &tag[..end];
        let body = &tag[end + 1..];
        let close = lower[source.len() - body.len()..].find("</script").unwrap_or(body.len());
        page.scripts.push(language(attributes));
        scripts.push_str(&body[..close]);
        scripts.push('\n');
        rest = &body[close..];
    }
    let mut in_title = false;
    for piece in pieces(source) {
        match piece {
            Piece::Open(name, attributes) => {
                in_title = name.eq_ignore_ascii_case("title") && page.title.is_none();
                for handler in ["onload", "onclick", "onsubmit", "onerror", "onmouseover"] {
                    if let Some(code) = attribute(attributes, handler) {
                        scripts.push_str(&code);
                        scripts.push('\n');
                    }
                }
            }
            Piece::Text(text) if in_title => {
                page.title = Some(decoded(text.trim()).into_owned());
                in_title = false;
            }
            _ => {}
        }
    }
    (page, scripts)
}

/// The language that a script's tag states.
fn language(attributes: &str) -> Option<String> {
    let stated = attribute(attributes, "language").or_else(|| attribute(attributes, "type"))?;
    Some(stated.strip_prefix("text/").unwrap_or(&stated).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::taken;

    #[test]
    fn a_page_tells_its_title_and_scripts() {
        let html = "<html><TITLE> Sign &amp; in </TITLE><SCRIPT language=\"VBScript\">x = 1</SCRIPT>\
            <body onload=\"go('a')\"><script>document.write(\"b\")</script>";
        let exploded = taken("a.html", html.as_bytes());
        let facts = &exploded.found[0].facts;
        let page = facts.page.as_ref().expect("a page");
        assert_eq!((page.title.as_deref(), page.scripts.as_slice()), (Some("Sign & in"), &[Some("VBScript".into()), None][..]));
        let script = facts.javascript.as_ref().expect("scripts");
        assert_eq!(script.identifiers, ["x", "document", "write", "go"]);
        assert_eq!(script.strings, ["b", "a"]);
    }

    #[test]
    fn a_script_that_never_ends_is_read_to_the_end() {
        let (page, scripts) = page("<script>a('x");
        assert_eq!((page.scripts.len(), scripts.as_str()), (1, "a('x\n"));
        assert_eq!(super::page("<script").0, PageFacts::default());
    }
}
