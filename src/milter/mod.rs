//! The milter protocol, versions 2 to 6: the wire, the session (a table without I/O) and the server.

mod transaction;

pub use transaction::{Answer, Edit, Filter, Reply, Transaction};
