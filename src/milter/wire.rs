//! Frames on the wire: a length of four bytes in network order, a command byte, and what belongs to the command.

use std::fmt;

/// Longest frame that is taken. The largest that an MTA sends are 1 MiB (`SMFIP_MDS_1M`); what claims to be longer is
/// no milter client but something else that found the port.
pub(super) const FRAME_BYTES_MAX: usize = 1_048_576 + 4_096;

/// Room that a gathering buffer may keep between frames; beyond it one large header would be paid for until the end.
const GATHERED_BYTES_KEPT: usize = 16_384;

/// Bytes before the payload: length and command.
const HEAD_BYTES: usize = 5;

/// A violation of the protocol by the client; the connection cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A frame of a length that no MTA sends.
    FrameLength(usize),
    /// A command byte that the protocol does not know.
    UnknownCommand(u8),
    /// A command whose payload is too short for it.
    Malformed(u8),
    /// A command other than the negotiation came first.
    NotNegotiated(u8),
    /// The options were negotiated a second time.
    NegotiatedTwice,
    /// A version of the protocol before 2.
    Version(u32),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrameLength(length) => {
                write!(f, "a frame of {length} bytes is no milter frame; is it an MTA that connects to this port?")
            }
            Self::UnknownCommand(byte) => write!(f, "unknown milter command 0x{byte:02x}"),
            Self::Malformed(byte) => write!(f, "milter command '{}' is malformed", char::from(*byte)),
            Self::NotNegotiated(byte) => {
                write!(f, "milter command '{}' came before the negotiation", byte.escape_ascii())
            }
            Self::NegotiatedTwice => f.write_str("the milter options were negotiated twice"),
            Self::Version(version) => {
                write!(
                    f,
                    "milter protocol version {version} is too old; set the MTA to 2 or later (Postfix: milter_protocol)"
                )
            }
        }
    }
}

impl std::error::Error for Fault {}

/// What the bytes that came amount to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A complete frame: command and payload.
    Frame(u8, &'a [u8]),
    /// A run of body bytes, handed on as it comes, so that a body is copied once; the last run of a frame is marked.
    Body(&'a [u8], bool),
}

/// Cuts a stream of bytes into frames. A frame that came in one read is lent from it, without a copy.
#[derive(Debug, Default)]
pub(super) struct Framer {
    head: [u8; HEAD_BYTES],
    /// Bytes of the head that are here; `HEAD_BYTES` while a payload is awaited.
    head_bytes: usize,
    /// Bytes of the payload that are still to come.
    missing: usize,
    gathered: Vec<u8>,
    /// The gathered frame was handed out and is to be forgotten.
    spent: bool,
}

impl Framer {
    /// Takes the next piece from the front of `input`; `None` when more bytes are needed, and then `input` is empty.
    pub(super) fn take<'p, 'i: 'p>(&'p mut self, input: &mut &'i [u8]) -> Result<Option<Piece<'p>>, Fault> {
        if self.spent {
            self.spent = false;
            self.gathered.clear();
            self.gathered.shrink_to(GATHERED_BYTES_KEPT);
        }
        while self.head_bytes < HEAD_BYTES {
            let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
            self.head[self.head_bytes] = byte;
            self.head_bytes += 1;
            *input = rest;
            if self.head_bytes == HEAD_BYTES {
                self.missing = self.payload_bytes()?;
            }
        }
        let kind = self.head[4];
        if kind == b'B' {
            return Ok(self.body(input));
        }
        let (here, rest) = input.split_at(self.missing.min(input.len()));
        *input = rest;
        self.missing -= here.len();
        if self.missing > 0 {
            self.gathered.extend_from_slice(here);
            return Ok(None);
        }
        self.head_bytes = 0;
        if self.gathered.is_empty() {
            return Ok(Some(Piece::Frame(kind, here)));
        }
        self.gathered.extend_from_slice(here);
        self.spent = true;
        Ok(Some(Piece::Frame(kind, &self.gathered)))
    }

    /// Bytes of memory that a frame under way holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.gathered.capacity()
    }

    fn payload_bytes(&self) -> Result<usize, Fault> {
        let [a, b, c, d, _] = self.head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if (1..=FRAME_BYTES_MAX).contains(&length) { Ok(length - 1) } else { Err(Fault::FrameLength(length)) }
    }

    fn body<'i>(&mut self, input: &mut &'i [u8]) -> Option<Piece<'i>> {
        if input.is_empty() && self.missing > 0 {
            return None;
        }
        let (here, rest) = input.split_at(self.missing.min(input.len()));
        *input = rest;
        self.missing -= here.len();
        if self.missing == 0 {
            self.head_bytes = 0;
        }
        Some(Piece::Body(here, self.missing == 0))
    }
}

/// Appends a frame whose payload `write` appends.
pub(super) fn frame(out: &mut Vec<u8>, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 0, kind]);
    write(out);
    // No payload that this room writes comes near 4 GiB: `reply` bounds each.
    let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(kind: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        frame(&mut out, kind, |out| out.extend_from_slice(payload));
        out
    }

    /// All pieces of `reads`, body runs joined, as text.
    fn check(reads: &[&[u8]], expected: Result<&str, Fault>) {
        let mut framer = Framer::default();
        let mut seen = String::new();
        for read in reads {
            let mut input = *read;
            loop {
                match framer.take(&mut input) {
                    Ok(Some(Piece::Frame(kind, payload))) => {
                        seen.push_str(&format!("{}({})", char::from(kind), payload.escape_ascii()));
                    }
                    Ok(Some(Piece::Body(run, last))) => {
                        seen.push_str(&format!("{}{}", run.escape_ascii(), if last { ";" } else { "" }));
                    }
                    Ok(None) => break,
                    Err(fault) => return assert_eq!(Err(fault), expected),
                }
            }
            assert!(input.is_empty());
        }
        assert_eq!(Ok(seen.as_str()), expected);
    }

    #[test]
    fn frames_are_found_however_they_were_cut() {
        let stream = [framed(b'H', b"name\0"), framed(b'N', b""), framed(b'B', b"body"), framed(b'E', b"")].concat();
        for cut in 0..=stream.len() {
            let (first, second) = stream.split_at(cut);
            check(&[first, second], Ok("H(name\\x00)N()body;E()"));
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        check(&bytes, Ok("H(name\\x00)N()body;E()"));
    }

    #[test]
    fn an_empty_body_frame_is_a_piece() {
        check(&[&framed(b'B', b"")], Ok(";"));
    }

    #[test]
    fn the_longest_frame_has_a_limit() {
        let longest = u32::try_from(FRAME_BYTES_MAX).expect("small");
        check(&[&longest.to_be_bytes(), b"H"], Ok(""));
        check(&[&(longest + 1).to_be_bytes(), b"H"], Err(Fault::FrameLength(FRAME_BYTES_MAX + 1)));
        check(&[&[0, 0, 0, 0, b'H']], Err(Fault::FrameLength(0)));
        check(&[b"GET / HTTP/1.1\r\n"], Err(Fault::FrameLength(0x4745_5420)));
    }

    #[test]
    fn a_gathered_frame_gives_its_room_back() {
        let mut framer = Framer::default();
        let long = framed(b'L', &vec![b'x'; 300_000]);
        let (mut first, mut second) = long.split_at(200_000);
        assert_eq!(framer.take(&mut first), Ok(None));
        assert!(matches!(framer.take(&mut second), Ok(Some(Piece::Frame(b'L', payload))) if payload.len() == 300_000));
        let mut nothing: &[u8] = b"";
        assert_eq!(framer.take(&mut nothing), Ok(None));
        assert!(framer.held_bytes() <= GATHERED_BYTES_KEPT);
    }
}
