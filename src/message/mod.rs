//! A parsed mail: headers, parts, texts, links, attachments, hops, and what is wrong with it.

mod attachment;
mod bare;
mod content;
mod defect;
mod encoding;
mod fields;
mod hop;
mod html;
mod idents;
mod link;
mod mailboxes;
mod media;
mod mime;
mod model;
mod parse;
mod words;

pub use fields::{Field, Fields, header_fields};
pub use model::{Attachment, Defect, Header, Hop, HtmlFacts, Link, LinkPlace, Message, Part, Settings, Texts};
pub use parse::parse;
