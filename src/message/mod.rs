//! A parsed mail: headers, parts, texts, links, attachments, hops, and what is wrong with it.

mod model;

pub use model::{Attachment, Defect, Header, Hop, HtmlFacts, Link, LinkPlace, Message, Part, Settings, Texts};
