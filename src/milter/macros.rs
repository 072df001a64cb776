//! The macros that an MTA tells with its commands, kept by stage.

use super::command::string;

/// Longest list of one stage that is kept; MTAs send some hundred bytes, and what is longer is left out whole.
const STAGE_BYTES_MAX: usize = 65_536;

/// Letters of the commands that macros come with, in the order of a conversation.
const STAGES: [u8; 7] = *b"CHMRTNE";
/// The first stage that belongs to a message and not to the SMTP session.
const FIRST_OF_MESSAGE: usize = 2;

/// The macros of a session. Lists are kept as they came and searched when a value is needed, which is once a message.
#[derive(Debug, Default)]
pub(super) struct Macros {
    stages: [Vec<u8>; STAGES.len()],
}

impl Macros {
    /// Replaces the macros of a stage; those of later stages lapse, since they belong to what was before. A stage that
    /// has no macros in the protocol is passed over.
    pub(super) fn set(&mut self, stage: u8, pairs: &[u8]) {
        let Some(at) = STAGES.iter().position(|&letter| letter == stage) else { return };
        self.stages[at..].iter_mut().for_each(Vec::clear);
        if pairs.len() <= STAGE_BYTES_MAX {
            self.stages[at].extend_from_slice(pairs);
        }
    }

    /// Forgets what belongs to a message.
    pub(super) fn end_message(&mut self) {
        self.stages[FIRST_OF_MESSAGE..].iter_mut().for_each(Vec::clear);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.stages.iter_mut().for_each(Vec::clear);
    }

    /// The value that was told last, the name without braces; `None` where there is none or it is empty.
    pub(super) fn find(&self, name: &str) -> Option<&[u8]> {
        self.stages.iter().rev().find_map(|pairs| find(pairs, name.as_bytes()))
    }
}

fn find<'a>(mut pairs: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    let mut found = None;
    while !pairs.is_empty() {
        let (name, rest) = string(pairs);
        let (value, rest) = string(rest);
        pairs = rest;
        let bare = name.strip_prefix(b"{").and_then(|n| n.strip_suffix(b"}")).unwrap_or(name);
        if bare == wanted && !value.is_empty() {
            found = Some(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &[(u8, &[u8])], name: &str, expected: Option<&str>) {
        let mut macros = Macros::default();
        sent.iter().for_each(|(stage, pairs)| macros.set(*stage, pairs));
        assert_eq!(macros.find(name), expected.map(str::as_bytes), "{name}");
    }

    #[test]
    fn names_match_with_and_without_braces() {
        check(&[(b'C', b"j\0mx\0{daemon_name}\0smtpd\0")], "j", Some("mx"));
        check(&[(b'C', b"j\0mx\0{daemon_name}\0smtpd\0")], "daemon_name", Some("smtpd"));
        check(&[(b'C', b"{j}\0mx\0")], "j", Some("mx"));
        check(&[(b'C', b"j\0mx")], "j", Some("mx"));
    }

    #[test]
    fn what_was_told_last_counts() {
        check(&[(b'M', b"i\0A1\0"), (b'E', b"i\0A2\0")], "i", Some("A2"));
        check(&[(b'R', b"i\0A1\0"), (b'R', b"x\0y\0")], "i", None);
        check(&[(b'M', b"i\0A1\0"), (b'E', b"i\0\0")], "i", Some("A1"));
        check(&[(b'M', b"i\0")], "i", None);
    }

    #[test]
    fn a_stage_ends_the_stages_behind_it() {
        check(&[(b'E', b"i\0A1\0"), (b'M', b"x\0y\0")], "i", None);
        check(&[(b'C', b"j\0mx\0"), (b'M', b"x\0y\0")], "j", Some("mx"));
        check(&[(b'M', b"i\0A1\0"), (b'U', b"i\0A2\0"), (b'?', b"i\0A3\0")], "i", Some("A1"));
    }

    #[test]
    fn a_message_leaves_the_macros_of_its_session() {
        let mut macros = Macros::default();
        macros.set(b'C', b"j\0mx\0");
        macros.set(b'M', b"i\0A1\0");
        macros.end_message();
        assert_eq!((macros.find("j"), macros.find("i")), (Some(&b"mx"[..]), None));
        macros.clear();
        assert_eq!(macros.find("j"), None);
    }

    #[test]
    fn lists_have_a_limit() {
        let list = |length: usize| [b"j\0".to_vec(), vec![b'x'; length - 2]].concat();
        let mut macros = Macros::default();
        macros.set(b'C', &list(STAGE_BYTES_MAX));
        assert!(macros.find("j").is_some());
        macros.set(b'C', &list(STAGE_BYTES_MAX + 1));
        assert!(macros.find("j").is_none());
    }
}
