//! Reads HTML once, from the first tag to the last: what a reader would see, the links, and what else it holds.

use std::ops::Range;

use super::super::link::{Target, link};
use super::super::{HtmlFacts, Link, LinkPlace, bare};
use super::element::Elements;
use super::entity::decode;
use super::style::{Colour, Style};
use super::tag::Tag;
use super::token::{Token, Tokens};

/// What was read from one HTML text.
#[derive(Debug, Default)]
pub(in super::super) struct Page {
    /// What a reader would see, lines broken where blocks start and end.
    pub visible: String,
    /// What it holds besides.
    pub facts: HtmlFacts,
    /// Links of elements, in reading order.
    pub links: Vec<Link>,
    /// Web addresses in the visible text outside of links.
    pub bare: Vec<Link>,
    /// Content-IDs that images name (`cid:…`, RFC 2392).
    pub content_ids: Vec<String>,
    /// Whether there was more visible text, or deeper nesting, than is kept.
    pub text_cut: bool,
    /// Whether there were more links than are kept.
    pub links_cut: bool,
}

/// Reads HTML, keeping at most so many bytes of visible text and so many links of each kind.
pub(in super::super) fn read(html: &str, text_bytes_max: usize, links_max: usize) -> Page {
    let mut reader = Reader {
        page: Page { facts: HtmlFacts { present: true, ..HtmlFacts::default() }, ..Page::default() },
        elements: Elements::default(),
        text_bytes_max,
        links_max,
        gap: false,
        base: None,
        anchor: None,
        taken: Vec::new(),
    };
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => reader.text(&decode(text, false)),
            Token::Open(name) => reader.open(name, &mut tokens),
            Token::Close(name) => reader.close(Tag::of(name.as_bytes())),
        }
    }
    reader.end_anchor();
    let Reader { mut page, taken, elements, .. } = reader;
    page.text_cut |= elements.too_deep;
    page.links_cut |= bare::find(&page.visible, &taken, links_max, &mut page.bare);
    page
}

/// A link whose label is being read.
struct Anchor {
    target: String,
    /// Where it stands among the links.
    place: usize,
    /// Where its label starts in the visible text.
    label_at: usize,
}

struct Reader {
    page: Page,
    elements: Elements,
    text_bytes_max: usize,
    links_max: usize,
    /// Whether white space came since the last visible word.
    gap: bool,
    base: Option<Target>,
    anchor: Option<Anchor>,
    /// The labels of links in the visible text.
    taken: Vec<Range<usize>>,
}

/// The attributes of one start tag that matter, references not decoded.
#[derive(Default)]
struct Attributes<'a> {
    href: Option<&'a str>,
    src: Option<&'a str>,
    action: Option<&'a str>,
    kind: Option<&'a str>,
    value: Option<&'a str>,
    background: Option<&'a str>,
    scripts: usize,
    style: Style,
}

impl<'a> Attributes<'a> {
    fn read(attributes: &[(&'a str, &'a str)]) -> Self {
        let mut read = Self::default();
        for &(name, value) in attributes.iter() {
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            // Of two attributes with one name the first counts.
            match name.as_bytes().first().map(u8::to_ascii_lowercase) {
                Some(b'h') if is("href") => read.href = read.href.or(Some(value)),
                Some(b'h') if is("hidden") => read.style.gone = true,
                Some(b's') if is("src") => read.src = read.src.or(Some(value)),
                Some(b's') if is("style") => read.style.read(&decode(value, true)),
                Some(b'a') if is("action") => read.action = read.action.or(Some(value)),
                Some(b'f') if is("formaction") => read.action = read.action.or(Some(value)),
                Some(b't') if is("type") => read.kind = read.kind.or(Some(value)),
                Some(b'v') if is("value") => read.value = read.value.or(Some(value)),
                Some(b'c' | b'i') if is("class") || is("id") => read.style.classed = true,
                Some(b'c') if is("color") => read.style.colour = read.style.colour.or_else(|| Colour::read(value)),
                Some(b'b') if is("bgcolor") => {
                    read.style.background = read.style.background.or_else(|| Colour::read(value));
                }
                Some(b'b') if is("background") => {
                    read.background = read.background.or(Some(value));
                    read.style.painted = true;
                }
                Some(b'o') if name.len() > 4 && is_handler(name) => read.scripts += 1,
                _ => {}
            }
        }
        read
    }

    fn is_kind(&self, kinds: &[&str]) -> bool {
        self.kind.is_some_and(|kind| kinds.iter().any(|wanted| kind.trim().eq_ignore_ascii_case(wanted)))
    }
}

/// Whether an attribute of this name holds a script, as `onload` does. A name may be of any characters.
fn is_handler(name: &str) -> bool {
    name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"))
}

impl Reader {
    fn open(&mut self, name: &str, tokens: &mut Tokens<'_>) {
        let tag = Tag::of(name.as_bytes());
        let attributes = Attributes::read(tokens.attributes());
        self.page.facts.scripts += attributes.scripts + usize::from(tag == Tag::SCRIPT);
        match tag {
            Tag::SCRIPT | Tag::STYLE | Tag::TITLE | Tag::IFRAME | Tag::NOEMBED | Tag::NOFRAMES | Tag::NOSCRIPT => {
                // None of it is shown to the reader.
                tokens.raw_until(name);
                if tag == Tag::IFRAME
                    && let Some(source) = attributes.src
                {
                    self.link(source, LinkPlace::Image);
                }
            }
            Tag::TEXTAREA => {
                let content = tokens.raw_until(name);
                self.text(&decode(content, false));
            }
            Tag::XMP => {
                let content = tokens.raw_until(name);
                self.text(content);
            }
            Tag::HTML | Tag::HEAD => {}
            Tag::BODY => self.elements.open_body(attributes.style),
            Tag::TEMPLATE => self.elements.open(tag, Style { gone: true, ..Style::default() }),
            _ => self.open_shown(tag, &attributes),
        }
    }

    /// Opens an element that may show something.
    fn open_shown(&mut self, tag: Tag, attributes: &Attributes<'_>) {
        if let Some(background) = attributes.background {
            self.link(background, LinkPlace::Image);
        }
        if let Some(action) = attributes.action.filter(|action| !action.is_empty()) {
            self.link(action, LinkPlace::Form);
        }
        match tag {
            Tag::IMG | Tag::IMAGE => self.image(attributes.src),
            Tag::INPUT => self.input(attributes),
            Tag::FRAME | Tag::EMBED => {
                if let Some(source) = attributes.src {
                    self.link(source, LinkPlace::Image);
                }
            }
            Tag::FORM => self.page.facts.forms += 1,
            Tag::AREA => {
                if let Some(href) = attributes.href {
                    self.link(href, LinkPlace::Anchor);
                }
            }
            Tag::BASE if self.base.is_none() => {
                self.base = attributes.href.map(|href| Target::read(&decode(href, true), None));
            }
            Tag::TD | Tag::TH => self.gap = true,
            Tag::BR => self.break_line(),
            _ if tag.is_block() => self.break_line(),
            _ => {}
        }
        if !tag.is_void() {
            self.elements.open(tag, attributes.style);
        }
        if tag == Tag::A {
            self.end_anchor();
            self.anchor = attributes.href.map(|href| Anchor {
                target: decode(href, true).into_owned(),
                place: self.page.links.len(),
                label_at: self.page.visible.len(),
            });
        } else {
            self.end_anchor_outside();
        }
    }

    fn close(&mut self, tag: Tag) {
        self.elements.close(tag);
        if tag.is_block() || tag == Tag::BR {
            self.break_line();
        } else if matches!(tag, Tag::TD | Tag::TH) {
            self.gap = true;
        }
        self.end_anchor_outside();
    }

    fn image(&mut self, source: Option<&str>) {
        self.page.facts.images += 1;
        let Some(source) = source else { return };
        let source = decode(source, true);
        let trimmed = source.trim_start();
        let starts = |prefix: &str| trimmed.get(..prefix.len()).is_some_and(|p| p.eq_ignore_ascii_case(prefix));
        if starts("http:") || starts("https:") || starts("//") {
            self.page.facts.remote_images += 1;
        } else if starts("cid:") && self.page.content_ids.len() < self.links_max {
            self.page.content_ids.push(trimmed[4..].trim_end().to_owned());
        }
        self.link_decoded(&source, LinkPlace::Image);
    }

    fn input(&mut self, attributes: &Attributes<'_>) {
        if attributes.is_kind(&["password"]) {
            self.page.facts.password_fields += 1;
        } else if attributes.is_kind(&["image"]) {
            self.image(attributes.src);
        } else if attributes.is_kind(&["submit", "button", "reset"])
            && let Some(value) = attributes.value
            && !self.elements.sight_of(&attributes.style).is_hidden()
        {
            // The words on a button.
            self.gap = true;
            self.text(&decode(value, true));
            self.gap = true;
        }
    }

    fn link(&mut self, target: &str, place: LinkPlace) {
        self.link_decoded(&decode(target, true), place);
    }

    fn link_decoded(&mut self, target: &str, place: LinkPlace) {
        if self.page.links.len() < self.links_max {
            self.page.links.push(link(target, "", place, self.base.as_ref()));
        } else {
            self.page.links_cut = true;
        }
    }

    /// Ends a link that the last tag closed.
    fn end_anchor_outside(&mut self) {
        if self.anchor.is_some() && !self.elements.in_anchor() {
            self.end_anchor();
        }
    }

    fn end_anchor(&mut self) {
        let Some(anchor) = self.anchor.take() else { return };
        let label = self.page.visible[anchor.label_at..].trim().replace('\n', " ");
        self.taken.push(anchor.label_at..self.page.visible.len());
        if self.page.links.len() < self.links_max {
            let link = link(&anchor.target, &label, LinkPlace::Anchor, self.base.as_ref());
            self.page.links.insert(anchor.place.min(self.page.links.len()), link);
        } else {
            self.page.links_cut = true;
        }
    }

    /// Takes text, references decoded: to the visible text, each run of white space one space, or to the count of
    /// what nobody sees.
    fn text(&mut self, text: &str) {
        if self.elements.sight().is_hidden() {
            self.page.facts.hidden_chars += text.chars().filter(|c| !is_blank(*c)).count();
            return;
        }
        self.gap |= text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            let out = &mut self.page.visible;
            let space = self.gap && !out.is_empty() && !out.ends_with('\n');
            let room = self.text_bytes_max.saturating_sub(out.len() + usize::from(space));
            if space && room > 0 {
                out.push(' ');
            }
            if word.len() > room {
                out.push_str(&word[..word.floor_char_boundary(room)]);
                self.page.text_cut = true;
                // No shorter word may follow.
                self.text_bytes_max = 0;
                return;
            }
            out.push_str(word);
            self.gap = true;
        }
        if let Some(last) = text.chars().next_back() {
            self.gap = last.is_whitespace();
        }
    }

    fn break_line(&mut self) {
        let out = &mut self.page.visible;
        if !out.is_empty() && !out.ends_with('\n') && out.len() < self.text_bytes_max {
            out.push('\n');
        }
        self.gap = false;
    }
}

/// White space, and the characters without width with which honest senders pad the hidden line that lists preview.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        read(html, 10_000, 100)
    }

    /// What is seen, `|` for a line end, and how many characters are not.
    fn check(html: &str, visible: &str, hidden: usize) {
        let page = page(html);
        assert_eq!(page.visible.trim_end().replace('\n', "|"), visible, "{html}");
        assert_eq!(page.facts.hidden_chars, hidden, "{html}");
    }

    #[test]
    fn attributes_may_have_names_of_any_characters() {
        let scripts = |html: &str| page(html).facts.scripts;
        assert_eq!(scripts("<p onload=x ONCLICK=y>a"), 2);
        assert_eq!(scripts("<p o\u{e7}\u{e7}\u{e7}=x \u{1f600}=y on\u{e7}\u{e7}=z on=0>a"), 1);
        check("<p o\u{e7}\u{e7}\u{e7}=x>seen", "seen", 0);
    }

    #[test]
    fn text_is_laid_out_as_lines() {
        check("<html><body>Hello <b>wor</b>ld<br>next</body></html>", "Hello world|next", 0);
        check("<p>a\r\n  b</p><p>c</p><div><div>d</div></div>e", "a b|c|d|e", 0);
        check("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b|c", 0);
        check("<ul><li>one<li>two</ul>", "one|two", 0);
        check("caf&eacute;&nbsp;&amp; <i>bar</i>", "caf\u{e9} & bar", 0);
        check("a<span> </span>b<i>c</i>", "a bc", 0);
        check("", "", 0);
    }

    #[test]
    fn what_is_no_text_is_left_out() {
        check("<head><title>T</title><style>p{}</style></head>x<script>if(a<b)</script>y", "xy", 0);
        check("a<!-- b --><noscript>c</noscript><iframe>d</iframe><template><p>e</p></template>f", "a|f", 1);
        check("<textarea>a<b></textarea><xmp><i>&amp;</xmp>", "a<b><i>&amp;", 0);
        check("<input type=submit value=\"Sign in\"><input value=x>", "Sign in", 0);
    }

    #[test]
    fn hidden_nodes_are_dropped_and_counted() {
        check("a<div style=\"display:none\">hi<b>dd</b>en</div>b", "a|b", 6);
        check("<p hidden>x</p>y", "y", 1);
        check("<p hidden>x&zwnj;&nbsp;&#847; &shy;</p>y", "y", 1);
        check("<span style='font-size:0'>x<b style='font-size:12px'>y</b></span>", "y", 1);
        check("<p style=visibility:hidden>x<b style=visibility:visible>y</b></p>", "y", 1);
        check("<table><td style='max-height:0px;overflow:hidden'>x</td>", "", 1);
        check("<font color=#ffffff style='background:#fff'>x</font>", "", 1);
        check("<body bgcolor=white><p>a<font color=#FEFEFE>x</font></p>", "a", 1);
        check("<body style='display:none'>x</body>y", "", 2);
        check("<p style=color:transparent>x</p>", "", 1);
    }

    #[test]
    fn what_only_might_be_hidden_is_shown() {
        check("<body bgcolor=white><div class=button><font color=white>Buy</font></div>", "Buy", 0);
        check("<table><td background=x.png bgcolor=white><font color=white>Buy</font></td>", "Buy", 0);
        check("<p style='color:white'>x</p>", "x", 0);
        check("<div style='font-size:0'><div style='font-size:14px'>x</div></div>", "x", 0);
    }

    #[test]
    fn unclosed_markup_hides_no_more_than_browsers_hide() {
        check("<table style='display:none'>seen<tr><td>not</table>", "seen", 3);
        check("<div><span style='display:none'>x</div>y", "y", 1);
        check("<div><font style='display:none'>x</div>y", "", 2);
        check("<p style='display:none'>x<p>y", "y", 1);
        check("<span style='display:none'>x</div>y", "", 2);
    }

    /// Links as `place target label`.
    fn check_links(html: &str, expected: &[&str]) {
        let page = page(html);
        let shown: Vec<String> = page
            .links
            .iter()
            .chain(&page.bare)
            .map(|l| format!("{:?} {} {}", l.place, l.target, l.label).trim_end().to_owned())
            .collect();
        assert_eq!(shown, expected, "{html}");
    }

    #[test]
    fn links_have_labels() {
        check_links("<a href=http://a.example/>one <b>two</b></a>", &["Anchor http://a.example/ one two"]);
        check_links("<a href='x'>a<a href='y'>b", &["Anchor x a", "Anchor y b"]);
        check_links("<a href=x>a<p>b</p></a>c", &["Anchor x a b"]);
        check_links("<a href=x><img src=y></a>", &["Anchor x", "Image y"]);
        check_links("<a href=x>a<i hidden>b</i></a>", &["Anchor x a"]);
        check_links("<a name=x>a</a>", &[]);
        check_links("<a href=\"?a=1&amp;b=2&copy=3\">x</a>", &["Anchor ?a=1&b=2&copy=3 x"]);
        check_links("<table><td><a href=x>a</td>b</a>", &["Anchor x a"]);
    }

    #[test]
    fn other_elements_link_too() {
        check_links("<map><area href=x></map>", &["Anchor x"]);
        check_links("<form action=x><button formaction=y>", &["Form x", "Form y"]);
        check_links("<td background=x><input type=image src=y>", &["Image x", "Image y"]);
        check_links("<frame src=x><iframe src=y></iframe>", &["Image x", "Image y"]);
        check_links("<form action=''>", &[]);
    }

    #[test]
    fn bare_addresses_count_outside_of_links() {
        check_links(
            "see http://a.example/x <a href=y>http://b.example/</a>",
            &["Anchor y http://b.example/", "Text http://a.example/x"],
        );
        check_links("<p style=display:none>http://a.example/</p>", &[]);
    }

    #[test]
    fn the_base_is_heeded() {
        let page = page("<base href=http://evil.test/><a href=login>x</a>");
        assert_eq!(page.links[0].host.as_ref().map(ToString::to_string).as_deref(), Some("evil.test"));
        assert_eq!(page.links[0].target, "login");
    }

    #[test]
    fn facts_are_counted() {
        let html = "<form><input type=PASSWORD><img src=http://x/><img src=cid:a@b><img src=//y/z onload=f()>\
                    <script></script></form>";
        let page = page(html);
        let expected = HtmlFacts {
            present: true,
            hidden_chars: 0,
            images: 3,
            remote_images: 2,
            forms: 1,
            password_fields: 1,
            scripts: 2,
        };
        assert_eq!(page.facts, expected);
        assert_eq!(page.content_ids, ["a@b"]);
    }

    #[test]
    fn visible_text_and_links_have_limits() {
        let at = |text: usize, links: usize| read("<p>abc def</p><a href=x></a><img src=y>", text, links);
        assert!(!at(8, 2).text_cut && !at(8, 2).links_cut);
        assert_eq!(at(8, 2).visible.trim_end(), "abc def");
        assert!(at(6, 2).text_cut);
        assert_eq!(at(6, 2).visible, "abc de");
        assert!(at(8, 1).links_cut && at(8, 1).links.len() == 1);
        assert!(at(0, 0).visible.is_empty());
    }

    #[test]
    fn hostile_html_costs_no_more_than_its_bytes() {
        // Each of these makes a tree builder work quadratically; here they end in no time, or the suite would not.
        for piece in [
            "<div>",
            "<a><b>",
            "<table>",
            "<table><tr><td>",
            "</div>",
            "<i a>",
            "<p>",
            "<",
            "<!--",
            "&",
            "<a href='",
            "<li>",
        ] {
            let page = page(&piece.repeat(200_000 / piece.len()));
            assert!(page.visible.len() <= 10_000, "{piece}");
        }
        let attributes = format!("<a {}>x", (0..50_000).map(|i| format!("a{i} ")).collect::<String>());
        assert_eq!(page(&attributes).visible, "x");
    }
}
