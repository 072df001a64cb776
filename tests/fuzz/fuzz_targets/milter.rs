//! Any bytes through wire and session: nothing panics, memory stays bounded, and no message comes without envelope.
#![no_main]

use kith::milter::{Answer, Event, Reply, Session, Settings};
use libfuzzer_sys::fuzz_target;

/// The first byte says how the others are cut into reads.
fn converse(input: &[u8]) {
    let Some((&piece, bytes)) = input.split_first() else { return };
    let settings = Settings { message_bytes_max: 65_536, ..Settings::default() };
    let mut session = Session::new(&settings);
    for piece in bytes.chunks(usize::from(piece).max(1)) {
        let mut rest = piece;
        while !rest.is_empty() {
            let Ok((taken, event)) = session.take(rest) else { return };
            assert!(taken > 0, "something is taken, or a fault says why not");
            rest = &rest[taken..];
            assert!(session.held_bytes() < 4 * 1_048_576);
            match event {
                Some(Event::Message { raw, .. }) => {
                    assert!(bytes.contains(&b'M') && bytes.contains(&b'R'));
                    assert!(raw.len() <= settings.message_bytes_max);
                    session.answer(&Answer::plain(Reply::Continue));
                }
                Some(Event::Beyond { .. }) => session.answer(&Answer::plain(Reply::Tempfail)),
                Some(Event::Quit) => return,
                None => (),
            }
            session.output().clear();
        }
    }
}

fuzz_target!(|input: &[u8]| converse(input));
