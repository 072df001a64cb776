//! The names of HTML elements, and what kinds there are of them.

/// A tag's name as a number that compares fast: its bytes in lower case, or a hash of them where there are more than 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(u64);

impl Tag {
    /// The number of a name in any case.
    pub(super) const fn of(name: &[u8]) -> Self {
        let mut number = if name.len() > 8 { 0xcbf2_9ce4_8422_2325 } else { 0 };
        let mut i = 0;
        while i < name.len() {
            let byte = name[i].to_ascii_lowercase() as u64;
            number = if name.len() > 8 { (number ^ byte).wrapping_mul(0x0100_0000_01b3) } else { number << 8 | byte };
            i += 1;
        }
        Self(number)
    }
}

macro_rules! tags {
    ($($constant:ident = $name:literal),+ $(,)?) => {
        impl Tag {
            $(pub(super) const $constant: Self = Self::of($name.as_bytes());)+
        }
    };
}

tags! {
    A = "a", ADDRESS = "address", AREA = "area", ARTICLE = "article", ASIDE = "aside", B = "b", BASE = "base",
    BIG = "big", BLOCKQUOTE = "blockquote", BODY = "body", BR = "br", BUTTON = "button", CAPTION = "caption",
    CENTER = "center", CODE = "code", COL = "col", COLGROUP = "colgroup", DD = "dd", DIV = "div", DL = "dl", DT = "dt",
    EM = "em", EMBED = "embed", FIELDSET = "fieldset", FOOTER = "footer", FONT = "font", FORM = "form", FRAME = "frame",
    H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", HEAD = "head", HEADER = "header", HR = "hr",
    HTML = "html", I = "i", IFRAME = "iframe", IMAGE = "image", IMG = "img", INPUT = "input", LI = "li", LINK = "link",
    MAIN = "main", META = "meta", NAV = "nav", NOBR = "nobr", NOEMBED = "noembed", NOFRAMES = "noframes",
    NOSCRIPT = "noscript", OL = "ol", OPTION = "option", P = "p", PARAM = "param", PRE = "pre",
    S = "s", SCRIPT = "script", SECTION = "section", SELECT = "select", SMALL = "small", SOURCE = "source",
    STRIKE = "strike", STRONG = "strong", STYLE = "style", TABLE = "table", TBODY = "tbody", TD = "td",
    TEMPLATE = "template", TEXTAREA = "textarea", TFOOT = "tfoot", TH = "th", THEAD = "thead", TITLE = "title",
    TR = "tr", TRACK = "track", TT = "tt", U = "u", UL = "ul", WBR = "wbr", XMP = "xmp",
}

impl Tag {
    /// Elements without content.
    pub(super) fn is_void(self) -> bool {
        matches!(
            self,
            Self::AREA
                | Self::BASE
                | Self::BR
                | Self::COL
                | Self::EMBED
                | Self::FRAME
                | Self::HR
                | Self::IMG
                | Self::IMAGE
                | Self::INPUT
                | Self::LINK
                | Self::META
                | Self::PARAM
                | Self::SOURCE
                | Self::TRACK
                | Self::WBR
        )
    }

    /// Elements that start and end a line.
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            Self::ADDRESS
                | Self::ARTICLE
                | Self::ASIDE
                | Self::BLOCKQUOTE
                | Self::CAPTION
                | Self::CENTER
                | Self::DD
                | Self::DIV
                | Self::DL
                | Self::DT
                | Self::FIELDSET
                | Self::FOOTER
                | Self::FORM
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::HEADER
                | Self::HR
                | Self::LI
                | Self::MAIN
                | Self::NAV
                | Self::OL
                | Self::OPTION
                | Self::P
                | Self::PRE
                | Self::SECTION
                | Self::TABLE
                | Self::TBODY
                | Self::TFOOT
                | Self::THEAD
                | Self::TR
                | Self::UL
        )
    }

    /// Elements of style that reach beyond the end of the element around them ("formatting" in the Standard).
    pub(super) fn is_formatting(self) -> bool {
        matches!(
            self,
            Self::A
                | Self::B
                | Self::BIG
                | Self::CODE
                | Self::EM
                | Self::FONT
                | Self::I
                | Self::NOBR
                | Self::S
                | Self::SMALL
                | Self::STRIKE
                | Self::STRONG
                | Self::TT
                | Self::U
        )
    }

    /// Elements whose content no end tag inside can close.
    pub(super) fn is_scope(self) -> bool {
        matches!(self, Self::TABLE | Self::TD | Self::TH | Self::CAPTION | Self::TEMPLATE)
    }

    pub(super) fn is_table_part(self) -> bool {
        matches!(self, Self::TABLE | Self::TBODY | Self::THEAD | Self::TFOOT | Self::TR)
    }

    /// Whether a cell or row tag may stand directly within a table.
    pub(super) fn belongs_in_table(self) -> bool {
        self.is_table_part() || matches!(self, Self::TD | Self::TH | Self::CAPTION | Self::COLGROUP | Self::COL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbers() {
        assert_eq!(Tag::of(b"DiV"), Tag::DIV);
        assert_eq!(Tag::of(b"BLOCKQUOTE"), Tag::BLOCKQUOTE);
        assert_ne!(Tag::of(b"div2"), Tag::DIV);
    }

    #[test]
    fn kinds_follow_the_standard() {
        assert!(Tag::of(b"IMG").is_void() && !Tag::DIV.is_void());
        assert!(Tag::P.is_block() && !Tag::of(b"span").is_block());
        assert!(Tag::A.is_formatting() && !Tag::TD.is_formatting());
        assert!(Tag::TD.is_scope() && Tag::TD.belongs_in_table() && !Tag::TD.is_table_part());
    }
}
