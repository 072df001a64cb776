//! Nodes of a page, and the axes on which others are reached from them (XPath 1.0 §2.2).

use std::borrow::Cow;

use super::expression::Test;
use crate::message::{NodeKind, Tree};

/// A node: one of the tree, or an attribute of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The node of the tree.
    pub node: usize,
    /// The attribute of it, by its place from 1 on; 0 for the node itself.
    pub attribute: usize,
}

impl Place {
    pub(super) const ROOT: Self = Self::of(0);

    pub(super) const fn of(node: usize) -> Self {
        Self { node, attribute: 0 }
    }

    /// The attribute that it is.
    pub fn as_attribute(self, tree: &Tree) -> Option<(&str, &str)> {
        let (name, value) = tree.nodes().get(self.node)?.attributes().get(self.attribute.checked_sub(1)?)?;
        Some((name, value))
    }

    /// Its text (§5): of an element, all text within it.
    pub fn text(self, tree: &Tree) -> Cow<'_, str> {
        if let Some((_, value)) = self.as_attribute(tree) {
            return Cow::Borrowed(value);
        }
        match tree.nodes().get(self.node).map(|node| &node.kind) {
            Some(NodeKind::Text(text) | NodeKind::Comment(text)) => Cow::Borrowed(text),
            _ => Cow::Owned(tree.text(self.node)),
        }
    }

    /// Its name; empty for what has none.
    pub(super) fn name(self, tree: &Tree) -> &str {
        match self.as_attribute(tree) {
            Some((name, _)) => name,
            None => tree.nodes().get(self.node).map_or("", |node| node.name()),
        }
    }

    pub(super) fn is(self, test: &Test, axis: Axis, tree: &Tree) -> bool {
        let kind = tree.nodes().get(self.node).map(|node| &node.kind);
        match test {
            Test::Node => true,
            Test::Text => self.attribute == 0 && matches!(kind, Some(NodeKind::Text(_))),
            Test::Comment => self.attribute == 0 && matches!(kind, Some(NodeKind::Comment(_))),
            Test::Name(wanted) => {
                let of_axis = if axis == Axis::Attribute { self.attribute > 0 } else { self.attribute == 0 };
                let name = self.name(tree);
                let named = match wanted.strip_suffix(":*") {
                    Some(prefix) => name.split_once(':').is_some_and(|(found, _)| found == prefix),
                    None => wanted == "*" || wanted == name,
                };
                of_axis && named && !name.is_empty()
            }
        }
    }
}

/// An axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Parent,
    Preceding,
    PrecedingSibling,
    Own,
}

impl Axis {
    /// The axis of a name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "ancestor" => Self::Ancestor,
            "ancestor-or-self" => Self::AncestorOrSelf,
            "attribute" => Self::Attribute,
            "child" => Self::Child,
            "descendant" => Self::Descendant,
            "descendant-or-self" => Self::DescendantOrSelf,
            "following" => Self::Following,
            "following-sibling" => Self::FollowingSibling,
            "parent" => Self::Parent,
            "preceding" => Self::Preceding,
            "preceding-sibling" => Self::PrecedingSibling,
            "self" => Self::Own,
            _ => return None,
        })
    }

    /// The nodes on it, the nearest first.
    pub(super) fn from(self, place: Place, tree: &Tree) -> Vec<Place> {
        let nodes = tree.nodes();
        let Some(node) = nodes.get(place.node) else { return Vec::new() };
        let of_attribute = place.attribute > 0;
        let each = |range: std::ops::Range<usize>| range.map(Place::of).collect::<Vec<_>>();
        match self {
            Self::Own => vec![place],
            Self::Parent if of_attribute => vec![Place::of(place.node)],
            Self::Parent if place.node == 0 => Vec::new(),
            Self::Parent => vec![Place::of(node.parent)],
            Self::Ancestor | Self::AncestorOrSelf => {
                let mut found = if self == Self::AncestorOrSelf { vec![place] } else { Vec::new() };
                let mut at = place;
                while let Some(parent) = Self::Parent.from(at, tree).first().copied() {
                    found.push(parent);
                    at = parent;
                }
                found
            }
            Self::DescendantOrSelf if of_attribute => vec![place],
            Self::DescendantOrSelf => each(place.node..node.end),
            // An attribute has neither children nor siblings.
            _ if of_attribute => Vec::new(),
            Self::Descendant => each(place.node + 1..node.end),
            Self::Attribute => {
                (1..=node.attributes().len()).map(|attribute| Place { node: place.node, attribute }).collect()
            }
            Self::Child => children(place.node, tree),
            Self::Following => each(node.end..nodes.len()),
            Self::Preceding => {
                let mut found = each(1..place.node);
                found.retain(|before| nodes[before.node].end <= place.node);
                found.reverse();
                found
            }
            Self::FollowingSibling | Self::PrecedingSibling if place.node == 0 => Vec::new(),
            Self::FollowingSibling => {
                let mut siblings = children(node.parent, tree);
                siblings.retain(|sibling| sibling.node > place.node);
                siblings
            }
            Self::PrecedingSibling => {
                let mut siblings = children(node.parent, tree);
                siblings.retain(|sibling| sibling.node < place.node);
                siblings.reverse();
                siblings
            }
        }
    }
}

fn children(parent: usize, tree: &Tree) -> Vec<Place> {
    let (nodes, mut found, mut at) = (tree.nodes(), Vec::new(), parent + 1);
    while nodes.get(parent).is_some_and(|node| at < node.end) {
        found.push(Place::of(at));
        at = nodes.get(at).map_or(usize::MAX, |node| node.end);
    }
    found
}
