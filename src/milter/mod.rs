//! The milter protocol, versions 2 to 6: the wire, the session (a table without I/O) and the server.

mod command;
mod connection;
mod counters;
mod draft;
mod endpoint;
mod listener;
mod macros;
mod negotiation;
mod pulse;
mod reply;
mod server;
mod session;
mod settings;
mod transaction;
mod transport;
mod wire;

pub use counters::Counts;
pub use draft::Beyond;
pub use endpoint::Endpoint;
pub use listener::BindError;
pub use server::{Drained, Handle, Server};
pub use session::{Event, Session};
pub use settings::Settings;
pub use transaction::{Answer, Edit, Filter, Lapse, Reply, Transaction};
pub use wire::Fault;
