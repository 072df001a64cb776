//! The elements that are open while HTML is read, and what is seen of the text in them.

use super::style::{Colour, Style};
use super::tag::Tag;

/// Open elements kept; what is nested deeper is read as if it stood at this depth. Honest mail nests up to 100.
pub(super) const OPEN_MAX: usize = 200;

/// What is seen of the text at some point: an element's own style on top of what it inherits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sight {
    gone: bool,
    tiny: bool,
    invisible: bool,
    colour: Option<Colour>,
    background: Option<Colour>,
}

impl Sight {
    fn within(self, own: &Style) -> Self {
        // What a class may set is not known, so nothing is concluded from what it may have replaced.
        let inherited = if own.classed { Self { colour: None, background: None, ..self } } else { self };
        let background = match own.background {
            _ if own.painted => None,
            Some(Colour::Clear) | None => inherited.background,
            own => own,
        };
        Self {
            gone: self.gone || own.gone,
            tiny: own.tiny.unwrap_or(self.tiny),
            invisible: own.invisible.unwrap_or(self.invisible),
            colour: own.colour.or(inherited.colour),
            background,
        }
    }

    /// Whether no reader sees the text.
    pub(super) fn is_hidden(self) -> bool {
        let like_background = match (self.colour, self.background) {
            (Some(Colour::Clear), _) => true,
            (Some(colour), Some(background)) => colour.looks_like(background),
            _ => false,
        };
        self.gone || self.tiny || self.invisible || like_background
    }
}

struct Open {
    tag: Tag,
    own: Style,
    sight: Sight,
}

/// The open elements, outermost first. Start and end tags change it as the tree construction of the Standard would
/// (§13.2.6), as far as that changes who is inside whom.
#[derive(Default)]
pub(super) struct Elements {
    open: Vec<Open>,
    /// How many of them are `p`, `a` and `table`: most tags need not look for one.
    paragraphs: usize,
    anchors: usize,
    tables: usize,
    /// Whether something was nested deeper than [`OPEN_MAX`].
    pub too_deep: bool,
}

impl Elements {
    /// What is seen of text that stands here. Text directly in a table is shown before the table, so the table's own
    /// style does not hide it.
    pub(super) fn sight(&self) -> Sight {
        let mut at = self.open.len();
        while at > 0 && self.open[at - 1].tag.is_table_part() {
            at -= 1;
            if self.open[at].tag == Tag::TABLE {
                break;
            }
        }
        self.sight_at(at)
    }

    fn sight_at(&self, depth: usize) -> Sight {
        depth.checked_sub(1).map_or_else(Sight::default, |at| self.open[at].sight)
    }

    /// What an element without content is seen as.
    pub(super) fn sight_of(&self, own: &Style) -> Sight {
        self.sight().within(own)
    }

    /// Whether text that stands here belongs to a link.
    pub(super) fn in_anchor(&self) -> bool {
        self.anchors > 0
    }

    /// Opens an element, after closing those that it ends without an end tag.
    pub(super) fn open(&mut self, tag: Tag, own: Style) {
        if self.tables == 0 && tag.belongs_in_table() && tag != Tag::TABLE {
            // Rows and cells outside of a table count for nothing.
            return;
        }
        self.close_implied(tag);
        let inherited = if tag.belongs_in_table() { self.sight_at(self.open.len()) } else { self.sight() };
        if self.open.len() >= OPEN_MAX {
            self.too_deep = true;
            return;
        }
        self.paragraphs += usize::from(tag == Tag::P);
        self.anchors += usize::from(tag == Tag::A);
        self.tables += usize::from(tag == Tag::TABLE);
        self.open.push(Open { tag, own, sight: inherited.within(&own) });
    }

    /// Adds a style to what is outermost: the body's tag may come at any place.
    pub(super) fn open_body(&mut self, own: Style) {
        if self.open.is_empty() {
            self.open.push(Open { tag: Tag::BODY, own, sight: Sight::default().within(&own) });
        }
    }

    /// Closes what a start tag ends by itself (§13.2.6.4.7, and the table modes).
    fn close_implied(&mut self, tag: Tag) {
        match tag {
            Tag::LI => self.close_up_to(&[Tag::LI], &[Tag::UL, Tag::OL]),
            Tag::DD | Tag::DT => self.close_up_to(&[Tag::DD, Tag::DT], &[Tag::DL]),
            Tag::OPTION => self.close_up_to(&[Tag::OPTION], &[Tag::SELECT]),
            Tag::A if self.anchors > 0 => self.close_up_to(&[Tag::A], &[]),
            Tag::TD | Tag::TH => self.leave_cell(&[Tag::TD, Tag::TH]),
            Tag::TR => self.leave_cell(&[Tag::TR, Tag::TD, Tag::TH]),
            Tag::TBODY | Tag::THEAD | Tag::TFOOT => {
                self.leave_cell(&[Tag::TBODY, Tag::THEAD, Tag::TFOOT, Tag::TR, Tag::TD, Tag::TH]);
            }
            _ => {}
        }
        if self.paragraphs > 0 && tag.is_block() && !tag.belongs_in_table() {
            self.close_up_to(&[Tag::P], &[Tag::BUTTON]);
        }
    }

    /// Closes the innermost of `tags`, unless a scope or one of `bounds` stands in between.
    fn close_up_to(&mut self, tags: &[Tag], bounds: &[Tag]) {
        for at in (0..self.open.len()).rev() {
            let tag = self.open[at].tag;
            if tags.contains(&tag) {
                return self.close_at(at);
            }
            if tag.is_scope() || bounds.contains(&tag) {
                return;
            }
        }
    }

    /// Closes the outermost of `tags` within the current table.
    fn leave_cell(&mut self, tags: &[Tag]) {
        let table = self.open.iter().rposition(|open| open.tag == Tag::TABLE).map_or(0, |at| at + 1);
        if let Some(cell) = self.open[table..].iter().position(|open| tags.contains(&open.tag)) {
            self.drop_from(table + cell);
        }
    }

    /// Closes the element that an end tag names, if it may.
    pub(super) fn close(&mut self, tag: Tag) {
        if matches!(tag, Tag::BODY | Tag::HTML) {
            // What comes after is shown all the same.
            return;
        }
        let ordinary = !tag.is_block() && !tag.is_formatting() && !tag.is_scope();
        for at in (0..self.open.len()).rev() {
            let open = self.open[at].tag;
            if open == tag {
                return self.close_at(at);
            }
            let table_tag = tag.belongs_in_table();
            let barred = if table_tag { open == Tag::TABLE } else { open.is_scope() || ordinary && open.is_block() };
            if barred {
                return;
            }
        }
    }

    /// Closes the element at a depth with what stands in it; formatting reaches on beyond.
    fn close_at(&mut self, at: usize) {
        let tag = self.open[at].tag;
        if tag.is_scope() || tag.is_table_part() {
            return self.drop_from(at);
        }
        let block_inside = self.open[at + 1..].iter().any(|open| open.tag.is_block());
        if tag.is_formatting() && block_inside {
            // The block stays open, without the formatting ("adoption agency").
            let closed = self.open.remove(at);
            self.forget(closed.tag);
        } else {
            let mut kept = at;
            for inner in at + 1..self.open.len() {
                if self.open[inner].tag.is_formatting() {
                    self.open.swap(kept, inner);
                    kept += 1;
                }
            }
            self.drop_from(kept);
        }
        for depth in at..self.open.len() {
            let inherited = self.sight_at(depth);
            let open = &mut self.open[depth];
            open.sight = inherited.within(&open.own);
        }
    }

    fn drop_from(&mut self, at: usize) {
        while self.open.len() > at {
            if let Some(closed) = self.open.pop() {
                self.forget(closed.tag);
            }
        }
    }

    fn forget(&mut self, tag: Tag) {
        self.paragraphs -= usize::from(tag == Tag::P);
        self.anchors -= usize::from(tag == Tag::A);
        self.tables -= usize::from(tag == Tag::TABLE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens (`b`), closes (`/b`) and hides (`!b`) elements; then what is open, hidden ones with an exclamation mark.
    fn check(steps: &str, expected: &str) {
        const NAMES: [&str; 10] = ["a", "b", "div", "li", "p", "span", "table", "td", "tr", "ul"];
        let mut elements = Elements::default();
        for step in steps.split_whitespace() {
            match (step.strip_prefix('/'), step.strip_prefix('!')) {
                (Some(name), _) => elements.close(Tag::of(name.as_bytes())),
                (_, Some(name)) => elements.open(Tag::of(name.as_bytes()), Style { gone: true, ..Style::default() }),
                _ => elements.open(Tag::of(step.as_bytes()), Style::default()),
            }
        }
        let shown: Vec<String> = elements
            .open
            .iter()
            .map(|open| {
                let name = NAMES.iter().find(|n| Tag::of(n.as_bytes()) == open.tag).unwrap_or(&"?");
                format!("{}{name}", if open.sight.is_hidden() { "!" } else { "" })
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{steps}");
    }

    #[test]
    fn end_tags_close_what_they_name() {
        check("div span /span /div", "");
        check("div span /div", "");
        check("div /span", "div");
        check("span div /span", "span div");
        check("table tr td /div /span", "table tr td");
        check("div table tr td /div", "div table tr td");
        check("table tr td div /table", "");
    }

    #[test]
    fn start_tags_close_what_cannot_hold_them() {
        check("p p", "p");
        check("p div", "div");
        check("ul li li", "ul li");
        check("ul li ul li", "ul li ul li");
        check("table tr td td", "table tr td");
        check("table tr td tr", "table tr");
        check("table tr td table tr td tr", "table tr td table tr");
        check("a a", "a");
        check("div td tr", "div");
    }

    #[test]
    fn formatting_reaches_beyond_the_element_around_it() {
        check("div !b /div", "!b");
        check("div !span /div", "");
        check("!b div /b", "div");
        check("table tr td !b /td", "table tr");
        check("!div b /div", "b");
    }

    #[test]
    fn what_is_inside_the_hidden_is_hidden() {
        check("!div p", "!div !p");
        check("!table div", "!table div");
        check("!table tr td", "!table !tr !td");
    }

    #[test]
    fn the_depth_has_a_limit() {
        let mut elements = Elements::default();
        for _ in 0..OPEN_MAX {
            elements.open(Tag::DIV, Style::default());
        }
        assert!(!elements.too_deep);
        elements.open(Tag::DIV, Style::default());
        assert!(elements.too_deep && elements.open.len() == OPEN_MAX);
    }
}
