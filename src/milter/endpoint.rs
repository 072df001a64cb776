//! Names of sockets, in the spellings of Sendmail and of Postfix.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A TCP port on an address, or on the addresses of a name.
    Inet {
        /// Address or name.
        host: String,
        /// Port; 0 takes a free one.
        port: u16,
        /// Whether a name stands for its IPv6 addresses; otherwise for those of IPv4.
        is_ipv6: bool,
    },
    /// A unix socket.
    Unix(PathBuf),
}

impl Endpoint {
    /// Reads `inet:port@host` (Sendmail), `inet:host:port` (Postfix), `inet:port` (all addresses), the same with
    /// `inet6:`, and `unix:/path` or `local:/path`. IPv6 addresses may stand in brackets.
    ///
    /// # Errors
    /// A sentence for the administrator that shows the text and how to write it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text:?} is no socket; write it like inet:127.0.0.1:8891, inet:8891@localhost or unix:/run/kith/kith.sock"
            )
        };
        let (family, rest) = text.trim().split_once(':').ok_or_else(wrong)?;
        match family {
            "unix" | "local" if rest.starts_with('/') => Ok(Self::Unix(PathBuf::from(rest))),
            "inet" | "inet6" => {
                let is_ipv6 = family == "inet6";
                let every: IpAddr = if is_ipv6 { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() };
                let (host, port) = match (rest.split_once('@'), rest.rsplit_once(':')) {
                    (Some((port, host)), _) | (None, Some((host, port))) => (host.to_owned(), port),
                    (None, None) => (every.to_string(), rest),
                };
                let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(&host).to_owned();
                let port = port.parse().map_err(|_| wrong())?;
                if host.is_empty() { Err(wrong()) } else { Ok(Self::Inet { host, port, is_ipv6 }) }
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inet { host, port, is_ipv6 } => {
                let family = if *is_ipv6 { "inet6" } else { "inet" };
                if host.contains(':') {
                    write!(f, "{family}:[{host}]:{port}")
                } else {
                    write!(f, "{family}:{host}:{port}")
                }
            }
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Option<&str>) {
        let read = Endpoint::parse(input);
        assert_eq!(read.as_ref().ok().map(ToString::to_string).as_deref(), expected, "{input}");
        assert!(read.err().is_none_or(|sentence| sentence.contains("write it like")));
    }

    #[test]
    fn both_spellings_are_read() {
        check("inet:8891@localhost", Some("inet:localhost:8891"));
        check("inet:localhost:8891", Some("inet:localhost:8891"));
        check("inet:8891", Some("inet:0.0.0.0:8891"));
        check("inet6:8891", Some("inet6:[::]:8891"));
        check("inet6:8891@::1", Some("inet6:[::1]:8891"));
        check("inet:[::1]:8891", Some("inet:[::1]:8891"));
        check("inet6:8891@[::1]", Some("inet6:[::1]:8891"));
        check("unix:/run/kith.sock", Some("unix:/run/kith.sock"));
        check("local:/run/kith.sock", Some("unix:/run/kith.sock"));
    }

    #[test]
    fn what_is_no_socket_is_refused() {
        for text in
            ["", "8891", "inet:", "inet:host:", "inet:65536@localhost", "inet:8891@", "unix:kith.sock", "udp:1@x"]
        {
            check(text, None);
        }
    }
}
