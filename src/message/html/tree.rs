//! HTML as a tree, for those who ask where in a page something stands.

use super::entity::decode;
use super::tag::Tag;
use super::token::{Token, Tokens};

/// Nodes of one tree; what follows is left out. A long newsletter has 5,000.
const NODES_MAX: usize = 50_000;
/// Elements that may be open at once; what is nested deeper stands side by side. Honest mail nests up to 100.
const DEPTH_MAX: usize = 200;

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The root, above `html`.
    Root,
    /// An element.
    Element {
        /// Its name, lower case.
        name: String,
        /// Its attributes, names in lower case, values decoded.
        attributes: Vec<(String, String)>,
    },
    /// Text, decoded.
    Text(String),
    /// A comment.
    Comment(String),
}

/// A node. Nodes stand in the order of the document: those within a node follow it directly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The place of the node around it; the root is its own.
    pub parent: usize,
    /// The place behind the last node within it.
    pub end: usize,
    /// Where its source begins and ends.
    source: (usize, usize),
}

/// A page as a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    source: String,
    nodes: Vec<Node>,
}

impl Tree {
    /// Reads a page. `html`, `head`, `body`, `tbody` and `tr` are put in where they are implied, as browsers do.
    pub fn read(html: &str) -> Self {
        let mut builder =
            Builder { tree: Self { source: html.to_owned(), nodes: Vec::new() }, open: Vec::new(), in_body: false };
        builder.push(NodeKind::Root, 0, 0);
        builder.open.push(0);
        let (mut tokens, mut behind) = (Tokens::new(html), 0);
        while let Some(token) = tokens.next() {
            let at = tokens.started();
            builder.comments(html.get(behind..at).unwrap_or_default(), behind);
            match token {
                Token::Text(text) => builder.text(&decode(text, false), at, tokens.reached()),
                Token::Open(name) => builder.element(name, &mut tokens, at),
                Token::Close(name) => builder.close(&name.to_ascii_lowercase(), at, tokens.reached()),
            }
            behind = tokens.reached();
        }
        builder.comments(html.get(behind..).unwrap_or_default(), behind);
        builder.close_down_to(0, html.len());
        builder.tree
    }

    /// All nodes; the root first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The source of a node.
    pub fn raw(&self, place: usize) -> &str {
        let node = self.nodes.get(place);
        node.and_then(|node| self.source.get(node.source.0..node.source.1)).unwrap_or_default()
    }

    /// All text within a node, as it stands.
    pub fn text(&self, place: usize) -> String {
        let Some(node) = self.nodes.get(place) else { return String::new() };
        let within = &self.nodes[place..node.end.max(place + 1)];
        within
            .iter()
            .filter_map(|node| if let NodeKind::Text(text) = &node.kind { Some(text.as_str()) } else { None })
            .collect()
    }
}

impl Node {
    /// The name of an element; empty for other nodes.
    pub fn name(&self) -> &str {
        if let NodeKind::Element { name, .. } = &self.kind { name } else { "" }
    }

    /// The attributes of an element.
    pub fn attributes(&self) -> &[(String, String)] {
        if let NodeKind::Element { attributes, .. } = &self.kind { attributes } else { &[] }
    }
}

struct Builder {
    tree: Tree,
    /// The places of the open nodes, outermost first.
    open: Vec<usize>,
    in_body: bool,
}

impl Builder {
    fn push(&mut self, kind: NodeKind, from: usize, to: usize) -> Option<usize> {
        let place = self.tree.nodes.len();
        if place >= NODES_MAX {
            return None;
        }
        let parent = self.open.last().copied().unwrap_or(0);
        self.tree.nodes.push(Node { kind, parent, end: place + 1, source: (from, to) });
        Some(place)
    }

    fn name(&self, depth: usize) -> &str {
        self.open.get(depth).and_then(|place| self.tree.nodes.get(*place)).map_or("", Node::name)
    }

    fn innermost(&self) -> &str {
        self.name(self.open.len().saturating_sub(1))
    }

    fn start(&mut self, name: &str, attributes: Vec<(String, String)>, from: usize, to: usize) -> bool {
        let place = self.push(NodeKind::Element { name: name.to_owned(), attributes }, from, to);
        match place.filter(|_| self.open.len() < DEPTH_MAX) {
            Some(place) => {
                self.open.push(place);
                true
            }
            None => false,
        }
    }

    /// Closes all open nodes from a depth on.
    fn close_down_to(&mut self, depth: usize, at: usize) {
        let end = self.tree.nodes.len();
        for place in self.open.drain(depth.min(self.open.len())..) {
            let node = &mut self.tree.nodes[place];
            node.end = end;
            node.source.1 = node.source.1.max(at);
        }
    }

    /// The depth of the innermost open element of these names, unless one of `bounds` stands within it.
    fn depth_of(&self, names: &[&str], bounds: &[&str]) -> Option<usize> {
        for depth in (1..self.open.len()).rev() {
            let name = self.name(depth);
            if names.contains(&name) {
                return Some(depth);
            }
            if bounds.contains(&name) {
                return None;
            }
        }
        None
    }

    fn close_within(&mut self, names: &[&str], bounds: &[&str], at: usize) {
        if let Some(depth) = self.depth_of(names, bounds) {
            self.close_down_to(depth, at);
        }
    }

    /// Opens `html`, and `head` or `body`, where they are implied.
    fn imply(&mut self, in_head: bool, at: usize) {
        if self.open.len() == 1 {
            self.start("html", Vec::new(), at, at);
        }
        if self.in_body || self.open.len() > 2 && self.innermost() != "head" {
            return;
        }
        if in_head {
            if self.open.len() == 2 {
                self.start("head", Vec::new(), at, at);
            }
            return;
        }
        self.close_down_to(2, at);
        self.start("body", Vec::new(), at, at);
        self.in_body = true;
    }

    fn text(&mut self, text: &str, from: usize, to: usize) {
        if !self.in_body && text.trim().is_empty() {
            return;
        }
        self.imply(false, from);
        self.push(NodeKind::Text(text.to_owned()), from, to);
    }

    fn element(&mut self, name: &str, tokens: &mut Tokens<'_>, at: usize) {
        let attributes = tokens.attributes().iter();
        let attributes: Vec<_> =
            attributes.map(|(name, value)| (name.to_ascii_lowercase(), decode(value, true).into_owned())).collect();
        let (tag, name) = (Tag::of(name.as_bytes()), name.to_ascii_lowercase());
        let name = name.as_str();
        match name {
            "html" if self.open.len() == 1 => {
                self.start(name, attributes, at, tokens.reached());
                return;
            }
            "html" => return,
            "head" if !self.in_body && self.open.len() <= 2 => {
                self.imply(true, at);
                return;
            }
            "head" => return,
            "body" if !self.in_body => {
                self.imply(false, at);
                self.take_body(attributes, at);
                return;
            }
            "body" => return,
            _ => {}
        }
        let in_head = matches!(name, "title" | "meta" | "link" | "style" | "script" | "base" | "noscript" | "template");
        self.imply(in_head, at);
        self.close_implied(name, tag, at);
        let void = tag.is_void();
        let opened = self.start(name, attributes, at, tokens.reached());
        if void {
            if opened {
                self.open.pop();
            }
            return;
        }
        if matches!(name, "script" | "style" | "title" | "textarea" | "xmp" | "iframe" | "noembed" | "noframes") {
            let from = tokens.reached();
            let content = tokens.raw_until(name);
            let shown = if matches!(name, "title" | "textarea") {
                decode(content, false).into_owned()
            } else {
                content.to_owned()
            };
            if !shown.is_empty() {
                self.push(NodeKind::Text(shown), from, from + content.len());
            }
        }
    }

    fn take_body(&mut self, attributes: Vec<(String, String)>, at: usize) {
        let place = self.open.last().copied().unwrap_or(0);
        let node = &mut self.tree.nodes[place];
        if node.name() == "body" {
            node.kind = NodeKind::Element { name: "body".to_owned(), attributes };
            node.source = (at, at);
        }
    }

    /// Closes what a start tag ends by itself, and opens what it implies in a table.
    fn close_implied(&mut self, name: &str, tag: Tag, at: usize) {
        const CELLS: [&str; 4] = ["table", "template", "caption", "html"];
        match name {
            "li" => self.close_within(&["li"], &["ul", "ol", "table", "td"], at),
            "dd" | "dt" => self.close_within(&["dd", "dt"], &["dl", "table", "td"], at),
            "option" => self.close_within(&["option"], &["select"], at),
            "a" => self.close_within(&["a"], &["table", "td", "th"], at),
            "td" | "th" => self.close_within(&["td", "th"], &CELLS, at),
            "tr" => self.close_within(&["tr"], &CELLS, at),
            "tbody" | "thead" | "tfoot" => self.close_within(&["tbody", "thead", "tfoot"], &CELLS, at),
            _ if tag.is_block() => self.close_within(&["p"], &["table", "td", "th", "button"], at),
            _ => {}
        }
        if matches!(name, "td" | "th" | "tr") && self.innermost() == "table" {
            self.start("tbody", Vec::new(), at, at);
        }
        if matches!(name, "td" | "th") && matches!(self.innermost(), "tbody" | "thead" | "tfoot") {
            self.start("tr", Vec::new(), at, at);
        }
    }

    fn close(&mut self, name: &str, from: usize, to: usize) {
        // What follows `</body>` belongs to it still.
        if matches!(name, "body" | "html") {
            return;
        }
        let parts = matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption");
        let bounds: &[&str] = if parts { &["html"] } else { &["table", "td", "th", "caption", "html"] };
        let bounds = if parts && name != "table" { &["table", "html"] } else { bounds };
        if let Some(depth) = self.depth_of(&[name], bounds) {
            self.close_down_to(depth + 1, from);
            self.close_down_to(depth, to);
        }
    }

    /// Adds the comments between two tokens.
    fn comments(&mut self, between: &str, at: usize) {
        let mut from = 0;
        while let Some(found) = between.get(from..).and_then(|rest| rest.find("<!--")) {
            let start = from + found;
            let body = &between[start + 4..];
            let end = body.find("-->").unwrap_or(body.len());
            from = (start + 4 + end + 3).min(between.len());
            self.push(NodeKind::Comment(body[..end].to_owned()), at + start, at + from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as `name(children)`, texts in quotes.
    fn shown(tree: &Tree, place: usize) -> String {
        let node = &tree.nodes()[place];
        let (mut children, mut at) = (Vec::new(), place + 1);
        while at < node.end {
            children.push(shown(tree, at));
            at = tree.nodes()[at].end;
        }
        match &node.kind {
            NodeKind::Text(text) => format!("'{text}'"),
            NodeKind::Comment(text) => format!("!{text}"),
            NodeKind::Root => children.join(" "),
            NodeKind::Element { name, .. } if children.is_empty() => name.clone(),
            NodeKind::Element { name, .. } => format!("{name}({})", children.join(" ")),
        }
    }

    fn check(html: &str, expected: &str) {
        assert_eq!(shown(&Tree::read(html), 0), expected, "{html}");
    }

    #[test]
    fn what_is_implied_is_put_in() {
        check("<p>a<p>b", "html(body(p('a') p('b')))");
        check("<title>x</title><p>a", "html(head(title('x')) body(p('a')))");
        check("<table><tr><td>a<td>b</table>c", "html(body(table(tbody(tr(td('a') td('b')))) 'c'))");
        check("<table><td>a</table>", "html(body(table(tbody(tr(td('a'))))))");
        check("<ul><li>a<li>b</ul>", "html(body(ul(li('a') li('b'))))");
        check("<html><head></head><body>a</body></html>b", "html(head body('a' 'b'))");
        check("a<br>b<!-- c -->", "html(body('a' br 'b' ! c ))");
    }

    #[test]
    fn end_tags_close_what_they_can() {
        check("<div><b>a</div>b", "html(body(div(b('a')) 'b'))");
        check(
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
            "html(body(table(tbody(tr(td(table(tbody(tr(td('a'))))))))))",
        );
    }

    #[test]
    fn the_source_of_a_node_is_kept() {
        let tree = Tree::read("<body x=1><a href='b&amp;c'>d</a><p>e</body>");
        let place = |name: &str| tree.nodes().iter().position(|node| node.name() == name).expect("there");
        assert_eq!(tree.raw(place("a")), "<a href='b&amp;c'>d</a>");
        assert_eq!(tree.nodes()[place("a")].attributes(), [("href".to_owned(), "b&c".to_owned())]);
        assert_eq!(tree.nodes()[place("body")].attributes(), [("x".to_owned(), "1".to_owned())]);
        assert_eq!((tree.text(0).as_str(), tree.text(9_999).as_str()), ("de", ""));
    }

    #[test]
    fn there_is_an_end_to_nodes_and_depth() {
        let deep = Tree::read(&"<div>".repeat(DEPTH_MAX + 50));
        assert_eq!(deep.nodes().iter().filter(|node| node.name() == "div").count(), DEPTH_MAX + 50);
        let many = Tree::read(&"<br>".repeat(NODES_MAX + 50));
        assert_eq!(many.nodes().len(), NODES_MAX);
    }
}
