//! A message that is decided, held, released by a person, and comes again: decision and seal together.

use kith::auth::AuthResults;
use kith::decision::{DecisionId, Findings, Mode, Policy, Verdict, decide};
use kith::mail::{Address, Moment};
use kith::model::{Contribution, Score};
use kith::quarantine::{SEAL_HEADER, Seal, SealKey, Sealing, Settings, reason, unseal};

const NOW: Moment = Moment(1_700_000_000_000);
const MAIL: &str = "From: boss@example.org\r\nSubject: Urgent\r\n\r\nSend the money today.\r\n";

/// The verdict on a message with a score of 9, to the recipients given.
fn verdict(key: &SealKey, mail: &str, recipients: &[&str]) -> Verdict {
    let recipients: Vec<_> = recipients.iter().filter_map(|text| Address::parse(text)).collect();
    let part = Contribution { input: "asks_for_money".into(), value: Some(1.0), points: 9.0 };
    let score = Score { points: 9.0, base: 0.0, contributions: vec![part], digest: String::new() };
    let released = match unseal(key, mail.as_bytes(), &recipients, NOW, &Settings::default()) {
        Sealing::Released(id) => Some(id),
        Sealing::Absent | Sealing::Broken(_) | Sealing::Permitted(..) => None,
    };
    let auth = AuthResults::default();
    let findings = Findings { score: Some(&score), recipients: &recipients, released, ..Findings::nothing(&auth) };
    let decision = decide(&findings, &Policy { mode: Mode::Act, ..Policy::default() });
    assert!(reason(DecisionId::new(NOW, 1), &decision).len() < 200);
    decision.action
}

#[test]
fn a_held_message_passes_once_it_was_released_and_only_then() {
    let state = tempfile::tempdir().expect("a directory");
    let key = SealKey::open(state.path()).expect("made");
    let anna = ["anna@own.example"];
    assert_eq!(verdict(&key, MAIL, &anna), Verdict::Hold);
    let recipients: Vec<_> = Address::parse(anna[0]).into_iter().collect();
    let seal = Seal::new(&key, DecisionId::new(NOW, 1), MAIL.as_bytes(), &recipients).expect("sealed");
    let released = format!("Received: by mx\r\n{MAIL}")
        .replace("\r\n\r\n", &format!("\r\n{SEAL_HEADER}: {}\r\n\r\n", seal.value()));
    assert_eq!(verdict(&key, &released, &anna), Verdict::Accept);
    assert_eq!(verdict(&key, &released, &["bert@own.example"]), Verdict::Hold);
    assert_eq!(verdict(&key, &released.replace("today", "now"), &anna), Verdict::Hold);
    // After a restart the key is the same; another host's is not.
    assert_eq!(verdict(&SealKey::open(state.path()).expect("read"), &released, &anna), Verdict::Accept);
    let other = tempfile::tempdir().expect("a directory");
    assert_eq!(verdict(&SealKey::open(other.path()).expect("made"), &released, &anna), Verdict::Hold);
}
