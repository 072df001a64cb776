//! Option negotiation: version, the changes that may be asked for, the steps that are spoken, and the macros wanted.

use super::wire::{Fault, frame};

/// Changes to a message that the MTA lets a filter make (`SMFIF_*`).
pub(super) mod action {
    /// Append and insert header fields.
    pub(in super::super) const ADD_HEADERS: u32 = 0x001;
    /// Replace the body.
    pub(in super::super) const CHANGE_BODY: u32 = 0x002;
    /// Add recipients.
    pub(in super::super) const ADD_RECIPIENT: u32 = 0x004;
    /// Remove recipients.
    pub(in super::super) const DELETE_RECIPIENT: u32 = 0x008;
    /// Replace and delete header fields.
    pub(in super::super) const CHANGE_HEADERS: u32 = 0x010;
    /// Quarantine.
    pub(in super::super) const QUARANTINE: u32 = 0x020;
    /// Replace the reverse-path.
    pub(in super::super) const CHANGE_SENDER: u32 = 0x040;
    /// Add recipients with ESMTP arguments.
    pub(in super::super) const ADD_RECIPIENT_ARGUMENTS: u32 = 0x080;
    /// Ask for macros by name.
    pub(in super::super) const ASK_MACROS: u32 = 0x100;
    /// All of them.
    pub(in super::super) const ALL: u32 = 0x1ff;
}

/// How the steps of the conversation are spoken (`SMFIP_*`).
pub(super) mod step {
    /// No reply to a header field.
    pub(in super::super) const QUIET_HEADER: u32 = 0x0000_0080;
    /// Do not send unknown SMTP commands.
    pub(in super::super) const NO_UNKNOWN: u32 = 0x0000_0100;
    /// Do not send DATA.
    pub(in super::super) const NO_DATA: u32 = 0x0000_0200;
    /// The MTA understands the reply that it may skip the rest of the body.
    pub(in super::super) const SKIP: u32 = 0x0000_0400;
    /// No reply to CONNECT.
    pub(in super::super) const QUIET_CONNECT: u32 = 0x0000_1000;
    /// No reply to HELO.
    pub(in super::super) const QUIET_HELO: u32 = 0x0000_2000;
    /// No reply to MAIL.
    pub(in super::super) const QUIET_MAIL: u32 = 0x0000_4000;
    /// No reply to RCPT.
    pub(in super::super) const QUIET_RCPT: u32 = 0x0000_8000;
    /// No reply to DATA.
    pub(in super::super) const QUIET_DATA: u32 = 0x0001_0000;
    /// No reply to unknown SMTP commands.
    pub(in super::super) const QUIET_UNKNOWN: u32 = 0x0002_0000;
    /// No reply to the end of the header.
    pub(in super::super) const QUIET_END_OF_HEADER: u32 = 0x0004_0000;
    /// No reply to body chunks.
    pub(in super::super) const QUIET_BODY: u32 = 0x0008_0000;
    /// Header values with the white space behind the colon, both ways.
    pub(in super::super) const LEADING_SPACE: u32 = 0x0010_0000;

    /// What is asked for where it is offered: each reply saved is a round trip (together 10 to 20 times the rate), and
    /// leading space keeps header fields byte for byte, which signatures with simple canonicalisation need. DATA and
    /// unknown commands tell nothing that a message is judged by.
    pub(super) const WANTED: u32 = QUIET_HEADER
        | NO_UNKNOWN
        | NO_DATA
        | SKIP
        | QUIET_CONNECT
        | QUIET_HELO
        | QUIET_MAIL
        | QUIET_RCPT
        | QUIET_DATA
        | QUIET_UNKNOWN
        | QUIET_END_OF_HEADER
        | QUIET_BODY
        | LEADING_SPACE;
}

/// The newest version of the protocol that is spoken.
const VERSION_MAX: u32 = 6;
/// The oldest (Sendmail 8.12).
const VERSION_MIN: u32 = 2;

/// The macros wanted, by the stage at which the MTA sends them (`SMFIM_*`). The queue name is asked for at three
/// stages: Sendmail knows it at MAIL, Postfix only after the first recipient.
const MACROS: [(u32, &str); 5] = [
    (0, "j _ {client_name} {client_addr} {client_resolve} {daemon_name}"),
    (1, "{tls_version}"),
    (2, "i {auth_authen} {tls_version}"),
    (3, "i"),
    (5, "i"),
];

/// What one side offers, or what both agreed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Version of the protocol.
    pub(super) version: u32,
    /// Bits of [`action`].
    pub(super) actions: u32,
    /// Bits of [`step`].
    pub(super) steps: u32,
}

impl Options {
    /// Reads the payload of a negotiation; `None` where it is too short.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_be_bytes(payload.get(at..at + 4)?.try_into().ok()?));
        Some(Self { version: number(0)?, actions: number(4)?, steps: number(8)? })
    }

    /// What both sides can do. Never more than was offered: Postfix and Sendmail end the conversation otherwise.
    pub(super) fn agree(self) -> Result<Self, Fault> {
        if self.version < VERSION_MIN {
            return Err(Fault::Version(self.version));
        }
        Ok(Self {
            version: self.version.min(VERSION_MAX),
            actions: self.actions & action::ALL,
            steps: self.steps & step::WANTED,
        })
    }

    /// Whether every bit of `actions` was granted.
    pub(super) fn grants(self, actions: u32) -> bool {
        self.actions & actions == actions
    }

    /// Whether every bit of `steps` was agreed on.
    pub(super) fn has(self, steps: u32) -> bool {
        self.steps & steps == steps
    }

    /// Appends the answer to the negotiation.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        frame(out, b'O', |out| {
            for number in [self.version, self.actions, self.steps] {
                out.extend_from_slice(&number.to_be_bytes());
            }
            if self.grants(action::ASK_MACROS) {
                for (stage, names) in MACROS {
                    out.extend_from_slice(&stage.to_be_bytes());
                    out.extend_from_slice(names.as_bytes());
                    out.push(0);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(offer: (u32, u32, u32), expected: Result<(u32, u32, u32), Fault>) {
        let (version, actions, steps) = offer;
        let agreed = Options { version, actions, steps }.agree().map(|o| (o.version, o.actions, o.steps));
        assert_eq!(agreed, expected, "{offer:x?}");
    }

    #[test]
    fn no_more_is_asked_for_than_was_offered() {
        check((6, 0x1ff, 0x1f_ffff), Ok((6, 0x1ff, 0x1f_f780)));
        check((6, 0x3f, 0x7f), Ok((6, 0x3f, 0)));
        check((6, 0, 0), Ok((6, 0, 0)));
        check((6, u32::MAX, u32::MAX), Ok((6, 0x1ff, 0x1f_f780)));
    }

    #[test]
    fn versions_2_to_6_are_spoken() {
        check((1, 0x3f, 0x7f), Err(Fault::Version(1)));
        check((2, 0x3f, 0x7f), Ok((2, 0x3f, 0)));
        check((6, 0x3f, 0xff), Ok((6, 0x3f, 0x80)));
        check((7, 0x3f, 0xff), Ok((6, 0x3f, 0x80)));
    }

    #[test]
    fn macros_are_asked_for_only_where_the_mta_can_be_asked() {
        let bytes = |actions| {
            let mut out = Vec::new();
            Options { version: 6, actions, steps: 0 }.write(&mut out);
            out
        };
        assert_eq!(bytes(0), b"\0\0\0\x0dO\0\0\0\x06\0\0\0\0\0\0\0\0");
        let asking = bytes(action::ASK_MACROS);
        assert!(asking.ends_with(b"\0\0\0\x05i\0"), "{}", asking.escape_ascii());
        assert_eq!(u32::from_be_bytes(asking[..4].try_into().expect("four")) as usize, asking.len() - 4);
    }
}
