//! Properties of wire and session, on arbitrary bytes and arbitrary conversations.

use kith::milter::{Answer, Edit, Event, Reply, Session, Settings};
use proptest::collection::vec;
use proptest::prelude::*;

const OFFER: &[u8] = b"\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff";

/// Feeds the bytes in the pieces, answers every message, and returns how many there were. Every message must have been
/// told by MAIL and RCPT, which `envelopes` counts where it is known.
fn feed(bytes: &[u8], piece: usize, answer: &Answer) -> (usize, Vec<u8>) {
    let mut session = Session::new(&Settings { message_bytes_max: 10_000, ..Settings::default() });
    let mut messages = 0;
    for piece in bytes.chunks(piece.max(1)) {
        let mut rest = piece;
        while !rest.is_empty() {
            let Ok((taken, event)) = session.take(rest) else { return (messages, session.output().clone()) };
            assert!(taken > 0, "something is taken, or an event says why not");
            rest = &rest[taken..];
            match event {
                Some(Event::Message { raw, .. }) => {
                    messages += 1;
                    assert!(raw.len() <= 10_000 && raw.windows(2).any(|pair| pair == b"\r\n"));
                    assert!(!session.is_idle());
                    session.answer(answer);
                }
                Some(Event::Beyond { .. }) => session.answer(answer),
                Some(Event::Quit) => return (messages, session.output().clone()),
                None => (),
            }
        }
    }
    (messages, session.output().clone())
}

/// Whether the output is a row of whole frames, each of a letter that an MTA knows.
fn is_framed(mut output: &[u8]) -> bool {
    while let Some((length, rest)) = output.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        if length == 0 || rest.len() < length || !b"Ocadrtsypqhimeb+2-".contains(&rest[0]) {
            return false;
        }
        output = &rest[length..];
    }
    output.is_empty()
}

/// The first byte of each further line of header values: all must be white space, or the line were a field of its own.
fn header_lines(mut output: &[u8]) -> Vec<u8> {
    let mut begins = Vec::new();
    while let Some((length, rest)) = output.split_first_chunk::<4>() {
        let (frame, behind) = rest.split_at(u32::from_be_bytes(*length) as usize);
        output = behind;
        let text = match frame[0] {
            b'h' => &frame[1..],
            b'i' | b'm' => &frame[5..],
            _ => continue,
        };
        begins.extend(text.windows(2).filter(|pair| pair[0] == b'\n').map(|pair| pair[1]));
    }
    begins
}

/// A frame with a letter that is mostly one of the protocol's, and any payload.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let letter = prop_oneof![30 => proptest::sample::select(b"CDHMRTLNBEAUKO".to_vec()), 1 => any::<u8>()];
    let payload = prop_oneof![
        3 => vec(any::<u8>(), 0..40),
        2 => Just(b"<anna@example.org>\0SIZE=1\0".to_vec()),
        2 => Just(b"Subject\0 hello\n there\0".to_vec()),
        1 => Just(b"mx\x006\0\x19IPv6:2001:db8::7\0".to_vec()),
        1 => Just(b"Mi\x004Fq1\0".to_vec()),
    ];
    (letter, payload).prop_map(|(letter, payload)| framed(letter, &payload))
}

fn framed(letter: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len() + 1).expect("short");
    [&length.to_be_bytes()[..], &[letter], payload].concat()
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let text = || any::<String>();
    prop_oneof![
        (text(), text()).prop_map(|(name, value)| Edit::AddHeader { name, value }),
        (any::<u32>(), text()).prop_map(|(index, value)| Edit::InsertHeader { index, name: "X-A".to_owned(), value }),
        (any::<u32>(), text()).prop_map(|(nth, value)| Edit::ChangeHeader { nth, name: "X-A".to_owned(), value }),
        (text(), text()).prop_map(|(address, arguments)| Edit::ChangeSender { address, arguments }),
        (text(), text()).prop_map(|(address, arguments)| Edit::AddRecipient { address, arguments }),
        text().prop_map(|address| Edit::DeleteRecipient { address }),
        vec(any::<u8>(), 0..200).prop_map(Edit::ReplaceBody),
        text().prop_map(|reason| Edit::Quarantine { reason }),
    ]
}

fn any_reply() -> impl Strategy<Value = Reply> {
    prop_oneof![
        Just(Reply::Continue),
        Just(Reply::Tempfail),
        (any::<u16>(), any::<String>(), vec(any::<String>(), 0..4)).prop_map(|(code, enhanced, lines)| Reply::Custom {
            code,
            enhanced,
            lines
        }),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_the_session_panic(bytes in vec(any::<u8>(), 0..400), piece in 1..50_usize) {
        feed(&bytes, piece, &Answer::plain(Reply::Continue));
        let (_, output) = feed(&[OFFER, &bytes].concat(), piece, &Answer::plain(Reply::Continue));
        prop_assert!(is_framed(&output));
    }

    #[test]
    fn no_conversation_makes_a_message_without_envelope(frames in vec(any_frame(), 0..40), piece in 1..50_usize) {
        let bytes = [OFFER.to_vec(), frames.concat()].concat();
        let (messages, output) = feed(&bytes, piece, &Answer::plain(Reply::Continue));
        // At most one message for each end that stands behind a MAIL and a RCPT.
        let (mut possible, mut sender, mut recipient) = (0, false, false);
        for letter in frames.iter().map(|frame| frame[4]) {
            match letter {
                b'M' => (sender, recipient) = (true, false),
                b'R' => recipient = sender,
                b'E' => {
                    possible += usize::from(recipient);
                    (sender, recipient) = (false, false);
                }
                b'A' | b'C' | b'K' => (sender, recipient) = (false, false),
                _ => (),
            }
        }
        prop_assert!(messages <= possible, "{messages} of {possible}");
        prop_assert!(is_framed(&output));
    }

    #[test]
    fn the_pieces_make_no_difference(frames in vec(any_frame(), 0..20), piece in 1..30_usize) {
        let bytes = [OFFER.to_vec(), frames.concat()].concat();
        let answer = Answer::plain(Reply::Reject);
        prop_assert_eq!(feed(&bytes, piece, &answer), feed(&bytes, bytes.len(), &answer));
    }

    #[test]
    fn whatever_the_filter_says_is_well_formed(edits in vec(any_edit(), 0..5), reply in any_reply()) {
        let frames = [framed(b'M', b"<>\0"), framed(b'R', b"<a@b.example>\0"), framed(b'E', b"")];
        let message = [OFFER.to_vec(), frames.concat()].concat();
        let (messages, output) = feed(&message, message.len(), &Answer { edits, reply, sent: None });
        prop_assert_eq!(messages, 1);
        prop_assert!(is_framed(&output));
        prop_assert!(header_lines(&output).iter().all(|begin| b" \t".contains(begin)));
    }
}
