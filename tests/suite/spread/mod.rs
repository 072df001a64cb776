//! How all signals spread over the mail that the suite has: its corpus, and six weeks of a small organisation.

mod letters;
mod oddities;

use std::fs;
use std::path::Path;

use kith::auth::Trust;
use kith::baseline::{Attack, Baselines, FOLDER};
use kith::filter::{Filter, Origin};
use kith::mail::{Address, Domain, Moment};
use kith::mailbox;
use kith::settings::Settings;
use kith::signals::{Signals, Spread, registry};
use tokio::runtime::Runtime;

/// A message with what is said of it beside its content.
pub struct Stored {
    at: i64,
    raw: String,
    /// Recipients that its header does not name.
    recipients: Vec<&'static str>,
    /// What its client called itself, where it is not what the header says.
    helo: Option<&'static str>,
    refused: bool,
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    "off".clone_into(&mut settings.auth.resolver);
    settings.organisation.domains = Domain::parse("harbour.example").into_iter().collect();
    settings.organisation.vips = vec!["Vera Chief".to_owned(), "vera@harbour.example".to_owned()];
    settings.organisation.groups.insert("accounts".to_owned(), vec![address("bob@harbour.example")]);
    settings.organisation.groups.insert("pay".to_owned(), vec![address("carol@harbour.example")]);
    settings
}

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn origin(stored: &Stored) -> Origin {
    Origin {
        received_client: true,
        kept: true,
        trust: Some(Trust::parse("newest")),
        recipients: stored.recipients.iter().map(|recipient| address(recipient)).collect(),
        helo: stored.helo.map(str::to_owned),
        ..Origin::default()
    }
}

/// All mail of the suite, in the order of its dates.
fn mail() -> Vec<Stored> {
    let letters = letters::ordinary().into_iter().chain(letters::attacks()).chain(letters::of_regard_and_trade());
    let plain = |at, raw| Stored { at, raw, recipients: Vec::new(), helo: None, refused: false };
    let mut all: Vec<Stored> = letters.map(|letter| plain(letter.at, letter.raw())).collect();
    all.extend(oddities::oddities());
    all.sort_by_key(|stored| stored.at);
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let read = |path: &str| String::from_utf8_lossy(&fs::read(path).expect("readable")).into_owned();
    let files = mailbox::read(&[corpus]).map(|stored| stored.expect("readable").path);
    all.extend(files.map(|path| plain(letters::END, read(&path))));
    all
}

/// Measures the suite's mail, each message against the baseline of its day. Before the last of it, a person labels what
/// one author wrote as attacks.
fn measured() -> Vec<Signals> {
    let state = tempfile::tempdir().expect("temporary folder");
    let runtime = Runtime::new().expect("startable");
    let _inside = runtime.enter();
    let (before, after): (Vec<_>, Vec<_>) = mail().into_iter().partition(|stored| stored.at < oddities::LABELLED);
    let mut signals = Vec::new();
    for part in [before, after] {
        let filter = Filter::open_unscored(&settings().filter(), Some(state.path())).expect("openable");
        signals.extend(part.into_iter().map(|stored| {
            let at = Moment::from_secs(stored.at);
            let judged = runtime.block_on(filter.judge_as_of(stored.raw.as_bytes(), &origin(&stored), at));
            if stored.refused {
                filter.learn_refused(&judged)
            } else {
                filter.learn_stored(&judged)
            }
            judged.signals
        }));
        filter.close();
        drop(filter);
        let baselines = Baselines::open(&state.path().join(FOLDER), &settings().baseline).expect("openable");
        let attack = Attack::Author { author: address("post@labelled.example"), since: Moment(0) };
        baselines.take_back(&attack, Moment::from_secs(oddities::LABELLED)).expect("taken back");
    }
    signals
}

#[test]
fn no_signal_is_the_same_for_all_mail() {
    let measured = measured();
    let mut constant = Vec::new();
    for (place, signal) in registry().iter().enumerate() {
        let spread = Spread::of(measured.iter().map(|signals| signals.0[place]));
        println!("{:<44} {spread}", signal.name);
        let high = signal.range().high.unwrap_or(f32::INFINITY);
        let within = spread.bounds.is_none_or(|(least, greatest)| least >= 0.0 && greatest <= high);
        assert!(within, "{} leaves its range {}: {:?}", signal.name, signal.range(), spread.bounds);
        if spread.is_constant() {
            constant.push(signal.name);
        }
    }
    assert_eq!(constant, [""; 0], "signals that are the same for all {} messages", measured.len());
}
