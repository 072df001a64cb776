//! The HTML of a held message, written anew for a frame that may do nothing: elements of a short list without any attribute
//! but numbers, and text.
//!
//! Nothing of the message's own markup is passed on. The tree that was read of it is told in elements of our own, so what a
//! browser reads out of it does not depend on how it would have read the message: there is no raw text, no foreign content,
//! no address and no style in what comes out. The frame in which it stands is the second barrier.

use super::defang;
use super::shown::visible;
use crate::message::{NodeKind, Tree};

/// Bytes written of one message; what follows is left out, and said to be.
const BYTES_MAX: usize = 4_194_304;
/// Characters of an alternative text or a field's name.
const NAME_CHARS_MAX: usize = 100;
/// Cells that one may span: HTML's own limit of columns.
const SPAN_MAX: u32 = 1_000;

/// Elements that are passed on.
const KEPT: [&str; 39] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "small",
    "sub",
    "sup",
    "blockquote",
    "pre",
    "code",
    "tt",
    "center",
    "span",
    "cite",
    "address",
];
/// Elements of which nothing is told: what stands in them is not text for a reader.
const DROPPED: [&str; 19] = [
    "head",
    "script",
    "style",
    "template",
    "iframe",
    "object",
    "applet",
    "svg",
    "math",
    "audio",
    "video",
    "canvas",
    "noembed",
    "noframes",
    "noscript",
    "frameset",
    "xmp",
    "plaintext",
    "title",
];

/// The document of the frame.
pub(super) fn document(html: &str) -> String {
    let body = harmless(html);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light\">\
         <title>HTML part</title></head><body>{body}</body></html>\n"
    )
}

/// The same words in harmless elements.
fn harmless(html: &str) -> String {
    let tree = Tree::read(html);
    let mut out = String::new();
    // What is to be written when the place is reached, innermost last.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut at = 0;
    let nodes = tree.nodes();
    while let Some(node) = nodes.get(at) {
        while open.last().is_some_and(|(end, _)| *end <= at) {
            out.extend(open.pop().map(|(_, closing)| closing));
        }
        if out.len() > BYTES_MAX {
            break;
        }
        at += 1;
        match &node.kind {
            NodeKind::Root | NodeKind::Comment(_) => {}
            NodeKind::Text(text) => push(&mut out, text),
            NodeKind::Element { name, .. } if DROPPED.contains(&name.as_str()) => at = node.end.max(at),
            NodeKind::Element { name, attributes } => {
                if let Some(closing) = element(&mut out, name, attributes) {
                    open.push((node.end, closing));
                }
            }
        }
    }
    let is_cut = at < nodes.len();
    open.into_iter().rev().for_each(|(_, closing)| out.push_str(&closing));
    if is_cut {
        out.push_str("<p><em>[the rest is left out]</em></p>");
    }
    out
}

/// Begins an element; what ends it.
fn element(out: &mut String, name: &str, attributes: &[(String, String)]) -> Option<String> {
    let value =
        |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    match name {
        "br" | "hr" => {
            out.push_str(if name == "br" { "<br>" } else { "<hr>" });
            None
        }
        "img" => {
            note(out, "image", value("alt"));
            None
        }
        "input" => {
            note(out, "field", &format!("{} {}", value("type"), value("name")));
            None
        }
        "a" | "area" if !value("href").is_empty() => {
            out.push_str("<u>");
            let mut closing = String::from("</u> <code>");
            push(&mut closing, &defang::target(value("href")));
            closing.push_str("</code>");
            Some(closing)
        }
        "form" => {
            note(out, "form to", &defang::target(value("action")));
            Some("<br>".to_owned())
        }
        _ => {
            let name = KEPT.into_iter().find(|kept| *kept == name)?;
            out.push_str(&format!("<{name}{}>", spans(name, attributes)));
            Some(format!("</{name}>"))
        }
    }
}

/// How many cells a cell spans.
fn spans(name: &str, attributes: &[(String, String)]) -> String {
    if name != "td" && name != "th" {
        return String::new();
    }
    let span = |wanted: &str| {
        let (_, value) = attributes.iter().find(|(name, _)| name == wanted)?;
        let cells: u32 = value.trim().parse().ok().filter(|cells| (2..=SPAN_MAX).contains(cells))?;
        Some(format!(" {wanted}=\"{cells}\""))
    };
    ["colspan", "rowspan"].into_iter().filter_map(span).collect()
}

/// Says what stood here and is not shown.
fn note(out: &mut String, what: &str, name: &str) {
    let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
    out.push_str("<em>[");
    push(out, if name.is_empty() { what.to_owned() } else { format!("{what}: {name}") }.as_str());
    out.push_str("]</em>");
}

/// Text, escaped, with what cannot be seen written out.
fn push(out: &mut String, text: &str) {
    let is_space = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    let text = defang::running(text);
    for part in text.split_inclusive(is_space) {
        let word = part.trim_end_matches(is_space);
        for c in visible(word).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                c => out.push(c),
            }
        }
        if part.len() > word.len() {
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(harmless(html), expected, "{html}");
    }

    #[test]
    fn words_stay_and_what_acts_goes() {
        check("<p onclick=x style='color:red'>a &lt;b&gt;</p>", "<p>a &lt;b&gt;</p>");
        check("<title>t</title><script>s</script><style>c</style>x", "x");
        check("<svg><script>s</script><a>b</a></svg>c<math><mi>d</mi></math>", "c");
        check("<blink>a<b>b</blink>", "a<b>b</b>");
        check(
            "<table><tr><td colspan=2 rowspan='x' id=i>a",
            "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
        );
        check("a<br>b<!-- c --><hr>", "a<br>b<hr>");
        check("pay\u{200b}pal 'n\" &amp;", "pay⟨U+200B⟩pal &#39;n&quot; &amp;");
        check("<textarea><script>x</script></textarea>", "&lt;script&gt;x&lt;/script&gt;");
    }

    #[test]
    fn where_things_lead_is_text() {
        check("<a href=https://e.example/>bank</a>!", "<u>bank</u> <code>hxxps://e[.]example/</code>!");
        check("<a href='javascript:x(\"<b>\")'>y</a>", "<u>y</u> <code>javascript[:]x(&quot;&lt;b&gt;&quot;)</code>");
        check("<a name=x>y</a>", "y");
        check("<img src=http://e.example alt='<logo>'>", "<em>[image: &lt;logo&gt;]</em>");
        check(
            "<form action=http://e.example><input type=password name=p></form>",
            "<em>[form to: hxxp://e[.]example]</em><em>[field: password p]</em><br>",
        );
        check("http://e.example", "hxxp://e.example");
    }

    #[test]
    fn there_is_an_end() {
        // Each of them is six bytes when it is written.
        let quotes = "\"".repeat(BYTES_MAX / 6 + 1);
        let wide = harmless(&format!("<p>{quotes}"));
        assert!(wide.len() > BYTES_MAX && wide.ends_with("</p>"), "one text is not cut in the middle");
        let many = harmless(&format!("{quotes}<b>x"));
        assert!(many.ends_with("<em>[the rest is left out]</em></p>") && !many.contains("<b>"));
        assert!(harmless("<p>a<b>x").ends_with("<b>x</b></p>"));
    }

    /// What is written: its tags, and the text between them.
    fn tags(out: &str) -> Vec<&str> {
        out.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag)).collect()
    }

    fn is_ours(tag: &str) -> bool {
        let name = tag.strip_prefix('/').unwrap_or(tag);
        let (name, spans) = name.split_once(' ').unwrap_or((name, ""));
        let own = KEPT.contains(&name) || matches!(name, "br" | "hr");
        let numbers = |c: char| c.is_ascii_digit() || "colrwspan= \"".contains(c);
        own && spans.chars().all(numbers)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        /// Whatever comes, only our own elements leave, and no attribute but spans.
        #[test]
        fn nothing_but_our_own_elements_comes_out(html in "(<?/?(a|svg|p|td|style|script|img|math|table|template|title|!--|-->|noscript)?[ /]?(href|src|onload|colspan)?(=)?['\"<>&\u{0}a:;#x/-]{0,3}){0,30}") {
            let out = harmless(&html);
            for tag in tags(&out) {
                prop_assert!(is_ours(tag), "{html:?} gives {out:?}");
            }
            let leaks = out.contains('\0') || out.contains("://e");
            prop_assert!(!leaks);
        }

        #[test]
        fn no_bytes_make_it_fail(html in ".{0,400}") {
            let out = harmless(&html);
            prop_assert!(tags(&out).into_iter().all(is_ours), "{html:?} gives {out:?}");
        }
    }
}
