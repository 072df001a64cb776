//! Any bytes through wire and session: nothing panics, memory stays bounded, and no message comes without envelope.
#![no_main]

use kith::milter::{Answer, Event, Reply, Session, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, bytes) = input;
    let settings = Settings { message_bytes_max: 65_536, ..Settings::default() };
    let mut session = Session::new(&settings);
    let (mut senders, mut recipients) = (0_usize, 0_usize);
    for piece in bytes.chunks(usize::from(piece).max(1)) {
        senders += piece.iter().filter(|&&b| b == b'M').count();
        recipients += piece.iter().filter(|&&b| b == b'R').count();
        let mut rest = piece;
        while !rest.is_empty() {
            let Ok((taken, event)) = session.take(rest) else { return };
            assert!(taken > 0);
            rest = &rest[taken..];
            assert!(session.held_bytes() < 4 * 1_048_576);
            match event {
                Some(Event::Message { raw, .. }) => {
                    assert!(senders > 0 && recipients > 0);
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
});
