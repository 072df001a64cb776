//! Signals of real messages: attacks show what they are, and nothing stops the measuring.

use std::fs;
use std::path::{Path, PathBuf};

use kith::auth::AuthResults;
use kith::baseline::Baseline;
use kith::evidence::Evidence;
use kith::mail::{Category, Direction, Domain, Envelope, Moment, Organisation};
use kith::message::{Settings, parse};
use kith::signals::{Signals, measure, registry};
use proptest::prelude::*;

/// Measures a message to harbour.example of which nothing but its bytes is known.
fn signals(raw: &[u8]) -> Signals {
    let message = parse(raw, &Settings::default());
    let (envelope, auth) = (Envelope::default(), AuthResults::default());
    let own = Domain::parse("harbour.example").into_iter().collect();
    let organisation = Organisation { domains: own, ..Organisation::default() };
    let baseline = Baseline::unknown(Direction::Inbound, None);
    measure(&Evidence::new(&envelope, &message, &auth, &baseline, &organisation, Moment::from_secs(1_768_000_000)))
}

/// The names of the signals that speak for a category and found something.
fn speaking(raw: &[u8], category: Category) -> Vec<&'static str> {
    let signals = signals(raw);
    let found =
        signals.iter().filter(|(signal, value)| signal.category == Some(category) && value.unwrap_or(0.0) > 0.0);
    found.map(|(signal, _)| signal.name).collect()
}

fn messages(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let files =
        fs::read_dir(folder).expect("the corpus has this folder").filter_map(Result::ok).map(|file| file.path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "eml")).collect()
}

#[test]
fn each_attack_of_the_corpus_is_spoken_of() {
    for category in Category::ALL {
        for path in messages(category.name()) {
            let found = speaking(&fs::read(&path).expect("the message can be read"), category);
            assert!(found.len() >= 2, "{}: only {found:?}", path.display());
        }
    }
}

#[test]
fn ordinary_mail_says_less_of_fortunes_and_threats() {
    for path in messages("ordinary") {
        let raw = fs::read(&path).expect("the message can be read");
        let values = signals(&raw);
        for name in ["promises_fortune", "claims_of_compromise", "asks_for_gift_cards", "names_crypto_wallet"] {
            assert!(values.value(name).unwrap_or(0.0) < 2.0, "{}: {name} is {:?}", path.display(), values.value(name));
        }
    }
}

#[test]
fn hostile_sizes_are_measured() {
    let header = "From: a@b.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n";
    let links = "<a href=\"https://h.example/x\">www.bank.example</a> ".repeat(20_000);
    let numbers = "+49 30 123456 $1,000 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ".repeat(20_000);
    let letters = "a ".repeat(500_000);
    let people = format!("To: {}\r\n", "b@c.example, ".repeat(20_000));
    for text in [format!("{header}{links}"), format!("{header}{numbers}"), format!("{header}{letters}"), people] {
        assert_eq!(signals(text.as_bytes()).0.len(), registry().len());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_measured(raw in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_eq!(signals(&raw).0.len(), registry().len());
    }

    #[test]
    fn any_text_is_measured(subject in "\\PC{0,60}", name in "\\PC{0,30}", text in "[\\PC\\n]{0,600}", target in "\\PC{0,60}") {
        let raw = format!(
            "From: {name} <a@b.example>\r\nSubject: {subject}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
             <a href=\"https://{target}\">{text}</a> https://{target} {text}"
        );
        let values = signals(raw.as_bytes());
        prop_assert!(values.0.iter().flatten().all(|value| value.is_finite()));
    }
}
