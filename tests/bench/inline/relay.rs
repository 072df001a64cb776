//! The same mail through a private Postfix that takes it and throws it away.

use std::time::{Duration, Instant};

use crate::letter::Letter;
use crate::load::{Answered, run};
use crate::mta::postfix::Postfix;
use crate::mta::sink::Sink;
use crate::mta::smtp::Smtp;

/// Mail is not delivered: the far end would take processor time from what is measured.
const THROWN_AWAY: &str = "relay_transport = discard:";

/// Sends every message once, each in a session of its own and in the name of the host that once sent it. `milter` is in
/// Postfix's spelling; empty for none.
pub fn relay(milter: &str, letters: &[Letter], connections: usize) -> (Vec<Answered>, Duration) {
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, milter, &[THROWN_AWAY, "milter_default_action = tempfail"]);
    let port = postfix.port();
    run(letters, connections, || {
        move |letter| {
            let begun = Instant::now();
            let answer = send(port, letter);
            Answered { answer, latency: begun.elapsed() }
        }
    })
}

fn send(port: u16, letter: &Letter) -> &'static str {
    let envelope = &letter.envelope;
    let address = envelope.client.map_or_else(|| "[UNAVAILABLE]".to_owned(), |ip| ip.to_string());
    // XCLIENT takes no name that is not a host's.
    let is_host = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let name = envelope.client_name.as_deref().filter(is_host).unwrap_or("[UNAVAILABLE]");
    let helo = envelope.helo.as_deref().unwrap_or("unknown");
    let mut smtp = Smtp::connect_as(port, &address, name, helo);
    smtp.pipelining = true;
    let code = smtp.send(&letter.sender(), &[&letter.recipient()], &letter.raw).code();
    smtp.write(b"QUIT\r\n");
    match code {
        250 => "accepted",
        400..=499 => "tempfail",
        _ => "rejected",
    }
}
