//! Mail at rest: single files, folders, Maildirs, mbox files, compressed or not, read message by message; a mailbox
//! on an IMAP server; Postfix's log of what passed.

mod imap;
mod index;
mod mbox;
mod packed;
mod postfix;
mod walk;

use std::fmt;
use std::path::PathBuf;

pub use imap::{Imap, ImapUrl, Letter};
pub use index::{Index, Place};
pub use packed::{pack, unpack};
pub use postfix::{Logged, Logs, Passed};
pub use walk::{Stored, read};

/// Longest message that is read, in bytes: twice Postfix's usual message_size_limit of 10 MB, with room for those that
/// raised it. A longer one is reported and passed over.
pub const MESSAGE_BYTES_MAX: usize = 64 << 20;

/// Why a stored message could not be read. The reader is to blame the file, not the mail.
#[derive(Debug)]
pub struct ReadError {
    /// The file or folder.
    pub path: PathBuf,
    /// What went wrong.
    pub cause: Cause,
}

/// What went wrong with a stored message.
#[derive(Debug)]
pub enum Cause {
    /// The system refused.
    Io(std::io::Error),
    /// Longer than [`MESSAGE_BYTES_MAX`].
    TooLong,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            Cause::Io(error) => write!(f, "cannot read {path}: {error}"),
            Cause::TooLong => {
                write!(f, "{path} holds a message of more than {MESSAGE_BYTES_MAX} bytes; it is left out")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// The bytes with every line ended by CRLF, as SMTP transports them (RFC 5321 §2.3.8) and signatures cover them.
fn with_crlf(bytes: Vec<u8>) -> Vec<u8> {
    let bare = (0..bytes.len()).filter(|&i| bytes[i] == b'\n' && (i == 0 || bytes[i - 1] != b'\r')).count();
    if bare == 0 {
        return bytes;
    }
    let mut out = Vec::with_capacity(bytes.len() + bare);
    let mut last = 0;
    for byte in bytes {
        if byte == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(byte);
        last = byte;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_crlf() {
        let check = |input: &str, expected: &str| {
            assert_eq!(with_crlf(input.as_bytes().to_vec()), expected.as_bytes(), "{input:?}");
        };
        check("a\nb\r\n\nc", "a\r\nb\r\n\r\nc");
        check("\n", "\r\n");
        check("a\r\n", "a\r\n");
        check("a\rb\n", "a\rb\r\n");
    }
}
