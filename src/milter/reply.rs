//! An answer on the wire: changes that the MTA granted, then the final word, well formed whatever the filter said.

use super::negotiation::{Options, action, step};
use super::transaction::{Answer, Edit, Reply};
use super::wire::frame;

/// Longest run of a replaced body in one frame (`MILTER_CHUNK_SIZE`).
const CHUNK_BYTES_MAX: usize = 65_535;
/// Longest frame of any other change, its head aside (`MILTER_MAX_DATA_SIZE`); Sendmail ends the conversation at a
/// longer one.
const CHANGE_BYTES_MAX: usize = 65_535;
/// Longest line of an SMTP reply, its CRLF included (RFC 5321 §4.5.3.1.5).
const REPLY_LINE_BYTES_MAX: usize = 512;
/// Most lines of a reply, as libmilter has it.
const REPLY_LINES_MAX: usize = 32;
/// Longest reason of a quarantine; `mailq` shows it in one line.
const REASON_BYTES_MAX: usize = 512;

/// Appends the answer. Where the message is not delivered, changes are moot and left out; where it is to be held and
/// the MTA did not grant that, the answer is a temporary failure.
pub(super) fn write(answer: &Answer, options: Options, out: &mut Vec<u8>) {
    if matches!(answer.reply, Reply::Continue | Reply::Accept) {
        let is_held = answer.edits.iter().any(|edit| matches!(edit, Edit::Quarantine { .. }));
        if is_held && !options.grants(action::QUARANTINE) {
            log::error!("the MTA grants no quarantine; a message to be held was answered with a temporary failure");
            return frame(out, b't', |_| ());
        }
        for edit in &answer.edits {
            if let Err(why) = change(edit, options, out) {
                log::warn!("a change to the message was left out: {why} ({})", kind(edit));
            }
        }
    }
    match &answer.reply {
        Reply::Continue => frame(out, b'c', |_| ()),
        Reply::Accept => frame(out, b'a', |_| ()),
        Reply::Discard => frame(out, b'd', |_| ()),
        Reply::Reject => frame(out, b'r', |_| ()),
        Reply::Tempfail => frame(out, b't', |_| ()),
        Reply::Custom { code, enhanced, lines } => custom(*code, enhanced, lines, out),
    }
}

/// Appends one change, or says why it cannot be made and leaves the output as it was.
fn change(edit: &Edit, options: Options, out: &mut Vec<u8>) -> Result<(), &'static str> {
    if !options.grants(needed(edit)) {
        return Err("the MTA does not grant it");
    }
    let start = out.len();
    let spaced = options.has(step::LEADING_SPACE);
    match edit {
        Edit::AddHeader { name, value } => field(out, b'h', None, (name, value), spaced)?,
        Edit::InsertHeader { index, name, value } => field(out, b'i', Some(*index), (name, value), spaced)?,
        Edit::ChangeHeader { name, nth, value } => {
            // An empty value deletes the field; a space before it would make a blank field of it.
            field(out, b'm', Some((*nth).max(1)), (name, value), spaced && !value.is_empty())?;
        }
        Edit::ChangeSender { address, arguments } => path(out, b'e', address, arguments)?,
        Edit::AddRecipient { address, arguments } if arguments.is_empty() => path(out, b'+', address, "")?,
        Edit::AddRecipient { address, arguments } => path(out, b'2', address, arguments)?,
        Edit::DeleteRecipient { address } => path(out, b'-', address, "")?,
        Edit::ReplaceBody(body) => {
            replace_body(out, body);
            return Ok(());
        }
        Edit::Quarantine { reason } => frame(out, b'q', |out| {
            let reason = if reason.trim().is_empty() { "held" } else { reason };
            out.extend(line(reason).take(REASON_BYTES_MAX));
            out.push(0);
        }),
    }
    if out.len() - start > CHANGE_BYTES_MAX + 5 {
        out.truncate(start);
        return Err("it is too long");
    }
    Ok(())
}

/// The action that the MTA must have granted for a change.
fn needed(edit: &Edit) -> u32 {
    match edit {
        Edit::AddHeader { .. } | Edit::InsertHeader { .. } => action::ADD_HEADERS,
        Edit::ChangeHeader { .. } => action::CHANGE_HEADERS,
        Edit::ChangeSender { .. } => action::CHANGE_SENDER,
        Edit::AddRecipient { arguments, .. } if arguments.is_empty() => action::ADD_RECIPIENT,
        Edit::AddRecipient { .. } => action::ADD_RECIPIENT_ARGUMENTS,
        Edit::DeleteRecipient { .. } => action::DELETE_RECIPIENT,
        Edit::ReplaceBody(_) => action::CHANGE_BODY,
        Edit::Quarantine { .. } => action::QUARANTINE,
    }
}

/// What a change is, for the log.
fn kind(edit: &Edit) -> String {
    match edit {
        Edit::AddHeader { name, .. } => format!("add header {name:?}"),
        Edit::InsertHeader { name, .. } => format!("insert header {name:?}"),
        Edit::ChangeHeader { name, .. } => format!("change header {name:?}"),
        Edit::ChangeSender { address, .. } => format!("change sender to {address:?}"),
        Edit::AddRecipient { address, .. } => format!("add recipient {address:?}"),
        Edit::DeleteRecipient { address } => format!("delete recipient {address:?}"),
        Edit::ReplaceBody(_) => "replace body".to_owned(),
        Edit::Quarantine { .. } => "quarantine".to_owned(),
    }
}

/// A header change: position, name and value. `spaced` puts the space behind the colon, which the MTA adds itself where
/// leading space was not agreed on.
fn field(
    out: &mut Vec<u8>,
    kind: u8,
    position: Option<u32>,
    (name, value): (&str, &str),
    spaced: bool,
) -> Result<(), &'static str> {
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b':');
    if !is_name {
        return Err("it is no name of a header field");
    }
    frame(out, kind, |out| {
        if let Some(position) = position {
            out.extend_from_slice(&position.to_be_bytes());
        }
        out.extend_from_slice(name.as_bytes());
        out.push(0);
        if spaced {
            out.push(b' ');
        }
        fold(out, value);
        out.push(0);
    });
    Ok(())
}

/// Appends a value whose every further line is a continuation: what the filter says must not become a field of its own,
/// nor end the header.
fn fold(out: &mut Vec<u8>, value: &str) {
    let lines = value.split('\n').map(str::trim_end).filter(|line| !line.is_empty());
    for (n, line) in lines.enumerate() {
        if n > 0 {
            out.push(b'\n');
            if !line.starts_with([' ', '\t']) {
                out.push(b'\t');
            }
        }
        out.extend(line.bytes().map(|b| if matches!(b, 0 | b'\r') { b' ' } else { b }));
    }
}

/// An envelope change: a path, and ESMTP arguments where there are any.
fn path(out: &mut Vec<u8>, kind: u8, address: &str, arguments: &str) -> Result<(), &'static str> {
    if address.is_empty() || address.bytes().chain(arguments.bytes()).any(|b| b.is_ascii_control()) {
        return Err("it is no address");
    }
    frame(out, kind, |out| {
        out.extend_from_slice(address.as_bytes());
        out.push(0);
        if !arguments.is_empty() {
            out.extend_from_slice(arguments.as_bytes());
            out.push(0);
        }
    });
    Ok(())
}

/// A new body, in as many frames as it needs; an empty one needs one too.
fn replace_body(out: &mut Vec<u8>, body: &[u8]) {
    if body.is_empty() {
        frame(out, b'b', |_| ());
    }
    for chunk in body.chunks(CHUNK_BYTES_MAX) {
        frame(out, b'b', |out| out.extend_from_slice(chunk));
    }
}

/// A reply of the filter's own: `ddd x.y.z text`, all lines but the last with a hyphen. MTAs take the text for a format,
/// so that each per cent sign is doubled; Postfix gives up the conversation when code and enhanced code disagree.
fn custom(code: u16, enhanced: &str, lines: &[String], out: &mut Vec<u8>) {
    let code = if (400..600).contains(&code) { code } else { 451 };
    let class = code / 100;
    let fallback = if class == 4 { "4.7.1" } else { "5.7.1" };
    let enhanced = if is_enhanced(enhanced, class) { enhanced } else { fallback };
    let fallback_line = ["refused by the mail filter".to_owned()];
    let lines = if lines.is_empty() { &fallback_line[..] } else { &lines[..lines.len().min(REPLY_LINES_MAX)] };
    let room = REPLY_LINE_BYTES_MAX - format!("{code} {enhanced} \r\n").len();
    frame(out, b'y', |out| {
        for (n, text) in lines.iter().enumerate() {
            let is_last = n + 1 == lines.len();
            let mark = if is_last { ' ' } else { '-' };
            out.extend_from_slice(format!("{code}{mark}{enhanced} ").as_bytes());
            for byte in line(text).take(room) {
                out.push(byte);
                if byte == b'%' {
                    out.push(b'%');
                }
            }
            if !is_last {
                out.extend_from_slice(b"\r\n");
            }
        }
        out.push(0);
    });
}

/// One line of ASCII (RFC 5321 §4.2): control characters become spaces, all other characters question marks.
fn line(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.chars().map(|c| match c {
        c if c.is_ascii_control() => b' ',
        c if c.is_ascii() => c as u8,
        _ => b'?',
    })
}

/// Whether `text` is an enhanced status code (RFC 3463 §2) of the class.
fn is_enhanced(text: &str, class: u16) -> bool {
    let mut parts = text.split('.');
    let number =
        |part: Option<&str>| part.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
    parts.next() == Some(&class.to_string()) && number(parts.next()) && number(parts.next()) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Options = Options { version: 6, actions: action::ALL, steps: 0 };
    const SPACED: Options = Options { steps: step::LEADING_SPACE, ..ALL };

    fn written(edits: Vec<Edit>, reply: Reply, options: Options) -> String {
        let mut out = Vec::new();
        write(&Answer { edits, reply, sent: None }, options, &mut out);
        let (mut rest, mut told) = (&out[..], Vec::new());
        while let Some((length, more)) = rest.split_first_chunk::<4>() {
            let (this, behind) = more.split_at(u32::from_be_bytes(*length) as usize);
            told.push(this.escape_ascii().to_string());
            rest = behind;
        }
        told.join(" | ")
    }

    fn check(edit: Edit, options: Options, expected: &str) {
        assert_eq!(written(vec![edit], Reply::Continue, options), expected);
    }

    fn text(s: &str) -> String {
        s.to_owned()
    }

    #[test]
    fn header_changes_carry_the_space_that_was_agreed_on() {
        let add = |value: &str| Edit::AddHeader { name: text("X-A"), value: text(value) };
        check(add("b"), ALL, r"hX-A\x00b\x00 | c");
        check(add("b"), SPACED, r"hX-A\x00 b\x00 | c");
        let insert = Edit::InsertHeader { index: 0, name: text("X-A"), value: text("b") };
        check(insert, SPACED, r"i\x00\x00\x00\x00X-A\x00 b\x00 | c");
        let change = |value: &str| Edit::ChangeHeader { name: text("X-A"), nth: 0, value: text(value) };
        check(change("b"), SPACED, r"m\x00\x00\x00\x01X-A\x00 b\x00 | c");
        check(change(""), SPACED, r"m\x00\x00\x00\x01X-A\x00\x00 | c");
    }

    #[test]
    fn a_value_cannot_become_another_field() {
        let add = |value: &str| Edit::AddHeader { name: text("X-A"), value: text(value) };
        check(add("a\nBcc: x"), ALL, r"hX-A\x00a\n\tBcc: x\x00 | c");
        check(add("a\r\n b\r\n\r\nbody\0\rx\n"), ALL, r"hX-A\x00a\n b\n\tbody  x\x00 | c");
        for name in ["", "X A", "X:A", "X\nA", "Ä"] {
            check(Edit::AddHeader { name: text(name), value: text("b") }, ALL, "c");
        }
    }

    #[test]
    fn envelope_changes_carry_their_arguments() {
        let add = |arguments: &str| Edit::AddRecipient { address: text("<a@b.example>"), arguments: text(arguments) };
        check(add(""), ALL, r"+<a@b.example>\x00 | c");
        check(add("NOTIFY=NEVER"), ALL, r"2<a@b.example>\x00NOTIFY=NEVER\x00 | c");
        check(Edit::DeleteRecipient { address: text("<a@b.example>") }, ALL, r"-<a@b.example>\x00 | c");
        check(Edit::ChangeSender { address: text("<>"), arguments: text("") }, ALL, r"e<>\x00 | c");
        check(
            Edit::ChangeSender { address: text("<a@b.example>"), arguments: text("A=1") },
            ALL,
            r"e<a@b.example>\x00A=1\x00 | c",
        );
        check(Edit::DeleteRecipient { address: text("<a@b>\0x") }, ALL, "c");
    }

    #[test]
    fn bodies_are_replaced_in_chunks() {
        let length = |n| written(vec![Edit::ReplaceBody(vec![b'x'; n])], Reply::Continue, ALL);
        let chunks = |n| length(n).split(" | ").map(str::len).collect::<Vec<_>>();
        assert_eq!(chunks(0), [1, 1]);
        assert_eq!(chunks(CHUNK_BYTES_MAX), [CHUNK_BYTES_MAX + 1, 1]);
        assert_eq!(chunks(CHUNK_BYTES_MAX + 1), [CHUNK_BYTES_MAX + 1, 2, 1]);
    }

    #[test]
    fn what_was_not_granted_is_left_out() {
        let none = Options { actions: 0, ..ALL };
        check(Edit::AddHeader { name: text("A"), value: text("b") }, none, "c");
        check(Edit::ReplaceBody(vec![b'x']), none, "c");
        let plain = Options { actions: action::ADD_RECIPIENT, ..ALL };
        check(Edit::AddRecipient { address: text("<a@b>"), arguments: text("A=1") }, plain, "c");
        check(Edit::AddRecipient { address: text("<a@b>"), arguments: text("") }, plain, r"+<a@b>\x00 | c");
    }

    #[test]
    fn mail_that_cannot_be_held_is_not_delivered() {
        let hold = |reason: &str| Edit::Quarantine { reason: text(reason) };
        check(hold("first contact\r\n100 %"), ALL, r"qfirst contact  100 %\x00 | c");
        check(hold(" "), ALL, r"qheld\x00 | c");
        check(hold("x"), Options { actions: action::ADD_HEADERS, ..ALL }, "t");
        assert_eq!(written(vec![hold("x")], Reply::Reject, Options { actions: 0, ..ALL }), "r");
        let long = written(vec![hold(&"x".repeat(REASON_BYTES_MAX + 1))], Reply::Continue, ALL);
        assert_eq!(long.len(), REASON_BYTES_MAX + r"q\x00 | c".len());
    }

    #[test]
    fn changes_to_mail_that_is_not_delivered_are_moot() {
        let add = || vec![Edit::AddHeader { name: text("A"), value: text("b") }];
        for (reply, expected) in [(Reply::Reject, "r"), (Reply::Tempfail, "t"), (Reply::Discard, "d")] {
            assert_eq!(written(add(), reply, ALL), expected);
        }
        assert_eq!(written(add(), Reply::Accept, ALL), r"hA\x00b\x00 | a");
    }

    #[test]
    fn changes_have_a_longest_frame() {
        let value = |n| vec![Edit::AddHeader { name: text("A"), value: "x".repeat(n) }];
        assert!(written(value(CHANGE_BYTES_MAX - 3), Reply::Continue, ALL).starts_with("hA"));
        assert_eq!(written(value(CHANGE_BYTES_MAX - 2), Reply::Continue, ALL), "c");
    }

    fn reply(code: u16, enhanced: &str, lines: &[&str], expected: &str) {
        let lines = lines.iter().map(|&l| text(l)).collect();
        assert_eq!(written(vec![], Reply::Custom { code, enhanced: text(enhanced), lines }, ALL), expected);
    }

    #[test]
    fn replies_are_always_well_formed() {
        reply(550, "5.7.1", &["no", "really"], r"y550-5.7.1 no\r\n550 5.7.1 really\x00");
        reply(451, "4.7.1", &["100 % näh\r\nRCPT"], r"y451 4.7.1 100 %% n?h  RCPT\x00");
        reply(550, "4.7.1", &["no"], r"y550 5.7.1 no\x00");
        reply(450, "", &["no"], r"y450 4.7.1 no\x00");
        reply(550, "5.7", &[], r"y550 5.7.1 refused by the mail filter\x00");
        reply(250, "2.0.0", &["ok"], r"y451 4.7.1 ok\x00");
        reply(599, "5.999.999", &["no"], r"y599 5.999.999 no\x00");
        reply(600, "5.7.1", &["no"], r"y451 4.7.1 no\x00");
        reply(550, "5.7.1000", &["no"], r"y550 5.7.1 no\x00");
    }

    #[test]
    fn replies_have_limits() {
        let lines = |n| Reply::Custom { code: 550, enhanced: text("5.7.1"), lines: vec![text("%"); n] };
        assert_eq!(written(vec![], lines(32), ALL).matches("%%").count(), 32);
        assert_eq!(written(vec![], lines(33), ALL).matches("%%").count(), 32);
        let line =
            |n| written(vec![], Reply::Custom { code: 550, enhanced: text("5.7.1"), lines: vec!["x".repeat(n)] }, ALL);
        let room = REPLY_LINE_BYTES_MAX - "550 5.7.1 \r\n".len();
        assert_eq!(line(room).matches('x').count(), room + 1, "and the x of the escaped NUL");
        assert_eq!(line(room + 1).matches('x').count(), room + 1);
    }
}
