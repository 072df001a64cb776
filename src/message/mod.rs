//! A parsed mail: headers, parts, texts, links, attachments, hops, and what is wrong with it.

mod accounts;
mod attachment;
mod bare;
mod content;
mod contents;
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
mod numbers;
mod own;
mod parse;
mod telephones;
mod wording;
mod words;

pub use accounts::{Account, AccountKind};
pub use contents::{Contents, Page, read_page};
pub use fields::{Field, Fields, header_fields};
pub use html::{Node, NodeKind, Tree, inner_text};
pub use model::{Attachment, Defect, Header, Hop, HtmlFacts, Link, LinkPlace, Message, Part, Settings, Texts};
pub use numbers::Numbers;
pub use parse::parse;
pub use telephones::{Telephone, Telephones};
pub use wording::{is_invisible, normalise};
