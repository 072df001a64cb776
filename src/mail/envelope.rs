//! What the SMTP session said before the content came.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Address;

/// The envelope of one message, as the MTA reports it. Facts that the MTA did not tell are `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Envelope {
    /// Address of the SMTP client; `None` for a local submission, a socket without address, or an unreadable one.
    pub client: Option<IpAddr>,
    /// Name of the client by a reverse look-up that the MTA confirmed; `None` where there is none.
    pub client_name: Option<String>,
    /// Argument of HELO or EHLO (RFC 5321 §4.1.1.1), as it was sent.
    pub helo: Option<String>,
    /// Login name of an authenticated submission (RFC 4954; macro `{auth_authen}`).
    pub login: Option<String>,
    /// Version of TLS, where the session was encrypted (macro `{tls_version}`).
    pub tls: Option<String>,
    /// Reverse-path (RFC 5321 §4.1.1.2); `None` for the null sender `<>` and for one that is no address.
    pub sender: Option<Address>,
    /// Forward-paths that the MTA accepted (RFC 5321 §4.1.1.3), in their order.
    pub recipients: Vec<Address>,
    /// Paths that the MTA accepted and that are no [`Address`], such as `postmaster` or `a@[192.0.2.1]`: the envelope as
    /// it stands here is not the whole one.
    pub unread_paths: usize,
    /// The MTA's own name of the message (macro `i`), by which its log is searched.
    pub queue_id: Option<String>,
    /// Name of the receiving MTA (macro `j`).
    pub mta: Option<String>,
}
