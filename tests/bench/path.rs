//! What each step of the path costs, on the real messages of the test corpus: `cargo bench --bench path`.

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use kith::filter::{Filter, Origin};
use kith::mail::{Direction, Envelope, Moment, Organisation};
use kith::settings::Settings;
use kith::{auth, baseline, evidence, mailbox, message, model, signals};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// The messages: those of the folder that KITH_BENCH_MAIL names, else those of the test corpus.
fn messages() -> Vec<Vec<u8>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let folder = std::env::var_os("KITH_BENCH_MAIL").map_or(own, PathBuf::from);
    let read = mailbox::read(&[folder]).map(|stored| stored.expect("readable").raw);
    read.take(2_000).collect()
}

/// Runs `work` on one message after another.
fn each<T>(bencher: Bencher, work: impl Fn(&[u8]) -> T) {
    let messages = messages();
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % messages.len();
        work(black_box(&messages[at]))
    });
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let limits = message::Settings::default();
    each(bencher, |raw| message::parse(raw, &limits));
}

#[divan::bench]
fn numbers(bencher: Bencher) {
    let limits = message::Settings::default();
    let mut parsed: Vec<_> = messages().iter().map(|raw| message::parse(raw, &limits)).collect();
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % parsed.len();
        parsed[at].numbers = message::Numbers::default();
        (parsed[at].accounts().len(), parsed[at].telephones().count)
    });
}

#[divan::bench]
fn measure(bencher: Bencher) {
    let limits = message::Settings::default();
    let parsed: Vec<_> = messages().iter().map(|raw| message::parse(raw, &limits)).collect();
    let (envelope, organisation) = (Envelope::default(), Organisation::default());
    let (results, usual) = (auth::AuthResults::default(), baseline::Baseline::unknown(Direction::Inbound, None));
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % parsed.len();
        signals::measure(&evidence::Evidence::new(&envelope, &parsed[at], &results, &usual, &organisation, Moment(0)))
    });
}

/// With all that a baseline knows of each: the same mail was learned before.
#[divan::bench]
fn measure_known(bencher: Bencher) {
    let limits = message::Settings::default();
    let parsed: Vec<_> = messages().iter().map(|raw| message::parse(raw, &limits)).collect();
    let (organisation, results) = (Organisation::default(), auth::AuthResults::default());
    let state = tempfile::tempdir().expect("temporary folder");
    let baselines = baseline::Baselines::open(state.path(), &baseline::Settings::default()).expect("openable");
    let envelopes: Vec<Envelope> = parsed.iter().map(|m| Origin::default().envelope(m, &organisation)).collect();
    let queries = |at: Moment| {
        let of = |(m, envelope): (&message::Message, &Envelope)| {
            let mut query = baseline::Query::of(envelope, m, &results, &organisation, at);
            query.take_for_authentic();
            query
        };
        parsed.iter().zip(&envelopes).map(of).collect::<Vec<_>>()
    };
    for day in 0..DAYS {
        for mut query in queries(Moment::from_secs(day * 86_400)) {
            query.message_id = format!("{day} {}", query.message_id);
            baselines.learn_now(&baseline::Observation { query, delivered: true, refused: false });
        }
    }
    let now = Moment::from_secs(DAYS * 86_400);
    let known: Vec<_> = queries(now).iter().map(|query| baselines.recall(query)).collect();
    let mut at = 0;
    bencher.bench_local(|| {
        at = (at + 1) % parsed.len();
        let (envelope, m) = (&envelopes[at], &parsed[at]);
        signals::measure(&evidence::Evidence::new(envelope, m, &results, &known[at], &organisation, now))
    });
}

/// Days for which the mail of [`measure_known`] comes again and again: enough for habits and rhythms.
const DAYS: i64 = 10;

#[divan::bench]
fn infer(bencher: Bencher) {
    let names: Vec<&str> = signals::registry().iter().map(|signal| signal.name).collect();
    let model = model::Model::open(&model::Settings::default(), &names).expect("the model that came with the program");
    let values: Vec<Option<f32>> = (0..names.len()).map(|n| (n % 3 > 0).then_some(n as f32 / 8.0)).collect();
    bencher.bench_local(|| model.infer(black_box(&values)));
}

#[divan::bench]
fn judge(bencher: Bencher) {
    let runtime = Runtime::new().expect("startable");
    let _inside = runtime.enter();
    let mut settings = Settings::default();
    "off".clone_into(&mut settings.auth.resolver);
    let state = tempfile::tempdir().expect("temporary folder");
    let filter = Filter::open(&settings.filter(), Some(state.path())).expect("openable");
    let origin = Origin { received_client: true, ..Origin::default() };
    each(bencher, |raw| runtime.block_on(filter.judge_stored(raw, &origin)));
    filter.close();
}
