//! Commands of the MTA, read from their frames (Sendmail's `mfdef.h` gives the letters).

use std::net::{IpAddr, Ipv4Addr};

use super::negotiation::Options;
use super::wire::Fault;

/// Longest text of a command that is kept: twice the longest SMTP command line (RFC 5321 §4.5.3.1.4).
const TEXT_BYTES_MAX: usize = 1_024;

/// A command of the MTA. Texts are as they came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    /// `O`: what the MTA offers.
    Negotiate(Options),
    /// `D`: macros for the command whose letter is given; names and values, each ended by NUL.
    Macros(u8, &'a [u8]),
    /// `C`: a client connected to the MTA.
    Connect { name: &'a [u8], client: Option<IpAddr> },
    /// `H`: HELO or EHLO.
    Helo(&'a [u8]),
    /// `M`: the reverse-path (its ESMTP arguments are not needed).
    Mail(&'a [u8]),
    /// `R`: a forward-path.
    Rcpt(&'a [u8]),
    /// `T`: DATA.
    Data,
    /// `L`: a header field.
    Header { name: &'a [u8], value: &'a [u8] },
    /// `N`: the end of the header.
    EndOfHeader,
    /// `E`: the end of the message, with what is left of the body.
    EndOfMessage(&'a [u8]),
    /// `A`: the message is given up; the connection goes on.
    Abort,
    /// `U`: an SMTP command that the MTA does not know.
    Unknown,
    /// `Q`: the end.
    Quit,
    /// `K`: the end of the SMTP session; another follows on the same socket.
    QuitNewConnection,
}

impl<'a> Command<'a> {
    /// Reads a frame other than a body's. A missing last NUL is forgiven.
    pub(super) fn read(kind: u8, payload: &'a [u8]) -> Result<Self, Fault> {
        let malformed = Fault::Malformed(kind);
        Ok(match kind {
            b'O' => Self::Negotiate(Options::read(payload).ok_or(malformed)?),
            b'D' => payload.split_first().map(|(&stage, pairs)| Self::Macros(stage, pairs)).ok_or(malformed)?,
            b'C' => connect(payload).ok_or(malformed)?,
            b'H' => Self::Helo(string(payload).0),
            b'M' => Self::Mail(string(payload).0),
            b'R' => Self::Rcpt(string(payload).0),
            b'T' => Self::Data,
            b'L' => {
                let (name, rest) = string(payload);
                Self::Header { name, value: string(rest).0 }
            }
            b'N' => Self::EndOfHeader,
            b'E' => Self::EndOfMessage(payload),
            b'A' => Self::Abort,
            b'U' => Self::Unknown,
            b'Q' => Self::Quit,
            b'K' => Self::QuitNewConnection,
            other => return Err(Fault::UnknownCommand(other)),
        })
    }
}

/// The text of a command for the envelope: UTF-8 with replacement, cut to a sane length.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(TEXT_BYTES_MAX)]).into_owned()
}

/// The bytes up to the first NUL, and those behind it.
pub(super) fn string(payload: &[u8]) -> (&[u8], &[u8]) {
    match payload.iter().position(|&b| b == 0) {
        Some(end) => (&payload[..end], &payload[end + 1..]),
        None => (payload, &[]),
    }
}

/// `name NUL family [port:2 address NUL]`. An address that cannot be read is `None`: MTAs do send such, and the message
/// is to be judged all the same.
fn connect(payload: &[u8]) -> Option<Command<'_>> {
    let (name, rest) = string(payload);
    let (&family, rest) = rest.split_first()?;
    let client = match family {
        b'4' | b'6' => rest.get(2..).and_then(|address| ip(string(address).0)),
        // A unix socket: the client runs on this host, which Postfix too reports as the loopback address.
        b'L' => Some(Ipv4Addr::LOCALHOST.into()),
        _ => None,
    };
    Some(Command::Connect { name, client })
}

/// An IP address as MTAs write it: plain, or in the form of RFC 5321 §4.1.3 with its `IPv6:` prefix.
pub(super) fn ip(bytes: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let text = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let tagged = text.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("ipv6:"));
    let text = if tagged { &text[5..] } else { text };
    // A scope (`fe80::1%eth0`) says nothing about the client's address.
    let text = text.split('%').next().unwrap_or(text);
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &[u8], expected: Option<&str>) {
        let Ok(Command::Connect { client, .. }) = Command::read(b'C', payload) else {
            panic!("{} is no CONNECT", payload.escape_ascii());
        };
        assert_eq!(client.map(|c| c.to_string()).as_deref(), expected, "{}", payload.escape_ascii());
    }

    #[test]
    fn clients_of_all_families_are_read() {
        check(b"mx.example.org\x004\x00\x19192.0.2.7\0", Some("192.0.2.7"));
        check(b"mx.example.org\x006\x00\x19IPv6:2001:db8::7\0", Some("2001:db8::7"));
        check(b"mx.example.org\x006\x00\x192001:db8::7\0", Some("2001:db8::7"));
        check(b"mx.example.org\x006\x00\x19IPv6:::ffff:192.0.2.7\0", Some("192.0.2.7"));
        check(b"fe\x006\x00\x19fe80::1%eth0\0", Some("fe80::1"));
        check(b"localhost\0L\x00\x00/run/socket\0", Some("127.0.0.1"));
        check(b"unknown\0U", None);
    }

    #[test]
    fn a_client_that_cannot_be_read_is_unknown() {
        check(b"x\x004\x00\x19not an address\0", None);
        check(b"x\x004\x00", None);
        check(b"x\x004", None);
        check(b"x\0?\x00\x19192.0.2.7\0", None);
        check(b"x\x004\x00\x19192.0.2.7", Some("192.0.2.7"));
        check(b"x\x006\x00\x19IPv\xe9:1\0", None);
    }

    #[test]
    fn commands_are_read_by_their_letter() {
        let read = |kind, payload| Command::read(kind, payload);
        assert_eq!(read(b'M', b"<a@example.org>\0SIZE=1\0"), Ok(Command::Mail(b"<a@example.org>")));
        assert_eq!(read(b'L', b"Subject\0"), Ok(Command::Header { name: b"Subject", value: b"" }));
        assert_eq!(read(b'L', b"Subject\0 x\0"), Ok(Command::Header { name: b"Subject", value: b" x" }));
        assert_eq!(read(b'D', b"Mi\0AB12\0"), Ok(Command::Macros(b'M', b"i\0AB12\0")));
        assert_eq!(read(b'E', b"rest"), Ok(Command::EndOfMessage(b"rest")));
        assert_eq!(read(b'K', b""), Ok(Command::QuitNewConnection));
    }

    #[test]
    fn what_is_too_short_is_malformed() {
        for (kind, payload) in [(b'O', &b"\0\0\0\x06"[..]), (b'D', b""), (b'C', b"name"), (b'C', b"")] {
            assert_eq!(Command::read(kind, payload), Err(Fault::Malformed(kind)));
        }
        assert_eq!(Command::read(b'z', b""), Err(Fault::UnknownCommand(b'z')));
    }

    #[test]
    fn texts_are_cut_to_their_limit() {
        assert_eq!(text(&[b'a'; TEXT_BYTES_MAX]).len(), TEXT_BYTES_MAX);
        assert_eq!(text(&[b'a'; TEXT_BYTES_MAX + 1]).len(), TEXT_BYTES_MAX);
        assert_eq!(text(b"caf\xe9"), "caf\u{fffd}");
    }
}
