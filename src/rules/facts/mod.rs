//! The message in the words of the data model.

mod address;
mod attachment;
mod authentication;
mod body;
mod calendar;
mod exploded;
mod headers;
mod hops;
mod link;
mod message;
mod node;
mod query;
mod rewriter;
mod subject;
mod threads;
mod url;
mod view;

pub use address::{domain, email};
pub use body::page;
pub use calendar::calendar;
pub use exploded::{codes, exif, expanded, exploded, oletools};
pub use message::message;
pub use node::node;
pub use url::url;
pub use view::View;
