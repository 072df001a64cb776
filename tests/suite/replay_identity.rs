//! Thousands of messages decided on while the filter learns, and decided on again from the archive: bit for bit the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kith::baseline::Attack;
use kith::filter::{Again, Believed, Filter, Replay};
use kith::journal::{self, Entry};
use kith::mail::{Address, Envelope, Moment};
use kith::message;
use kith::milter::{Filter as _, Transaction};
use kith::settings::Settings;
use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::mta::cache;

/// Messages of the test: real ones where there are so many.
const MESSAGES: usize = 2_000;
/// Messages that are under way together.
const TOGETHER: usize = 8;
/// Between two messages, so that habits form and fade: 2,000 of them take two months.
const STEP_MS: i64 = 43 * 60_000;

/// Files of real mail, attacks among ordinary mail; the project's own samples where the corpus was not fetched.
fn samples() -> Vec<PathBuf> {
    let listed = |folder: PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<_> =
            entries.filter(|path| path.extension().is_some_and(|e| e == "txt" || e == "eml")).collect();
        files.sort();
        files
    };
    let corpus = cache().join("spam-assassin");
    let (ordinary, attacks) = (listed(corpus.join("easy-ham-1")), listed(corpus.join("spam-1")));
    if ordinary.len() + attacks.len() >= MESSAGES {
        let attacks = attacks.into_iter().cycle();
        return ordinary.chunks(5).zip(attacks).flat_map(|(four, one)| four.iter().cloned().chain([one])).collect();
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let kinds = fs::read_dir(own).expect("there").flatten().map(|entry| entry.path());
    let mut files: Vec<_> = kinds.flat_map(listed).collect();
    files.sort();
    files
}

/// The nth message: a sample with what a trusted host says of its author, told from the others made of the same sample.
fn mail(samples: &[PathBuf], n: usize) -> (Envelope, Vec<u8>) {
    // One in forty comes again, as after an answer that an MTA did not hear.
    let n = if n % 40 == 39 { n - 10 } else { n };
    let text = fs::read(&samples[n % samples.len()]).expect("readable");
    let text = String::from_utf8_lossy(&text).replace("\r\n", "\n");
    let round = n / samples.len();
    let text = text.replace("Message-ID: <", &format!("Message-ID: <{round}.")).replace('\n', "\r\n");
    let head = message::parse(text.as_bytes(), &message::Settings::default());
    let author = head.author().cloned().or_else(|| Address::parse("nobody@sender.example")).expect("valid");
    let from_us = n % 7 == 3;
    let proof = if n % 3 == 0 { "none".to_owned() } else { format!("pass header.from={}", author.domain()) };
    let raw = match from_us {
        // One of our own writes to him.
        true => format!(
            "From: Bob <bob@own.example>\r\nTo: {author}\r\nMessage-ID: <{n}@own.example>\r\nSubject: Re: {n}\r\n\r\nYes.\r\n"
        ),
        false => format!("Authentication-Results: mx.own.example; dmarc={proof}\r\n{text}"),
    };
    let own = ["bob", "ann", "eve"].map(|name| Address::parse(&format!("{name}@own.example")).expect("valid"));
    let hash = author.to_string().bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let envelope = Envelope {
        client: Some([198, 51, 100, hash].into()),
        helo: Some(format!("mail.{}", author.domain())),
        login: from_us.then(|| "bob".to_owned()),
        sender: Some(if from_us { own[0].clone() } else { author.clone() }),
        recipients: if from_us { vec![author] } else { own[..1 + n % 3].to_vec() },
        queue_id: Some(format!("Q{n}")),
        ..Envelope::default()
    };
    (envelope, raw.into_bytes())
}

fn settings(state: &Path) -> Settings {
    let rules = state.join("own-rules");
    fs::create_dir_all(&rules).expect("writable");
    for (name, source) in [
        ("free", "type.inbound and strings.icontains(subject.subject, 'free')"),
        ("links", "type.inbound and length(body.links) > 0"),
        ("stranger", "type.inbound and profile.by_sender().prevalence == 'new'"),
    ] {
        let rule = format!("name: The {name}\ntype: rule\nseverity: high\nsource: |\n  {source}\n");
        fs::write(rules.join(name).with_extension("yml"), rule).expect("writable");
    }
    let text = format!(
        "state_directory = {state:?}\n[organisation]\ndomains = ['own.example']\n\
         [auth]\nresolver = 'off'\ntrusted_authserv_ids = ['mx.own.example']\n[policy]\nmode = 'act'\n\
         [quarantine]\nkeep = 'own'\nkept_days_max = 0\n[rules]\npaths = [{rules:?}]\n\
         [archive]\non = true\ndays_max = 0\n[journal]\nfile_bytes_max = 4000000\n"
    );
    toml::from_str(&text).expect("sound")
}

/// Decides on all messages, some of them at once, and learns behind their back. One author is found to be an attacker in
/// the middle of it, and later the program is started anew.
fn pass(settings: &Settings, runtime: &Runtime) {
    let open = || {
        let _inside = runtime.enter();
        Arc::new(Filter::open(&settings.filter(), Some(&settings.state_directory)).expect("openable"))
    };
    let mut filter = open();
    let mut archived = 0;
    let samples = samples();
    let base = Moment(Moment::now().0 - STEP_MS * MESSAGES as i64);
    let at = |n: usize| Moment(base.0 + STEP_MS * n as i64);
    for first in (0..MESSAGES).step_by(TOGETHER) {
        if first == MESSAGES / 2 {
            let (envelope, _) = mail(&samples, 1);
            let author = envelope.sender.expect("it has one");
            let attack = Attack::Author { author, since: base };
            let baselines = filter.baselines().expect("open");
            baselines.take_back(&attack, Moment(at(first).0 - 1)).expect("taken back");
        }
        if first == MESSAGES * 3 / 4 {
            filter.close();
            archived = filter.archived().expect("there is a state").kept;
            drop(filter);
            filter = open();
        }
        let answers = (first..(first + TOGETHER).min(MESSAGES)).map(|n| {
            let (filter, (envelope, raw)) = (Arc::clone(&filter), mail(&samples, n));
            let transaction = Transaction {
                envelope,
                raw,
                received_at: at(n),
                deadline: Instant::now().into_std() + std::time::Duration::from_secs(60),
            };
            runtime.spawn(async move {
                let answer = filter.answer(transaction).await;
                if let Some(sent) = answer.sent {
                    sent(true);
                }
            })
        });
        for answer in answers.collect::<Vec<_>>() {
            runtime.block_on(answer).expect("it does not panic");
        }
    }
    filter.close();
    let counts = filter.archived().expect("there is a state");
    assert_eq!((counts.kept + archived, counts.lost), (MESSAGES as u64, 0), "all messages are archived");
}

fn entries(state: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    let read = journal::each(&state.join(journal::FOLDER), Moment(i64::MIN), |_| true, |entry| entries.push(entry));
    read.expect("readable");
    entries
}

#[test]
fn what_was_archived_is_decided_again_bit_for_bit() {
    let state = tempfile::tempdir().expect("writable");
    let (settings, runtime) = (settings(state.path()), Runtime::new().expect("startable"));
    pass(&settings, &runtime);
    let entries = entries(state.path());
    assert_eq!(entries.len(), MESSAGES);
    let rows = Replay::open(&settings.filter(), &[]).expect("openable");
    let mut again = Again::open(&settings.filter(), state.path(), &[], Believed::AsOf, None).expect("openable");
    let mut places: Vec<_> =
        entries.iter().map(|entry| (again.find(entry).expect("readable").expect("archived"), entry)).collect();
    places.sort_by_key(|(place, _)| place.head.reached.map(|reached| reached.facts));
    let (mut verdicts, mut matched, mut differing) = (BTreeMap::new(), 0, Vec::new());
    for (place, entry) in places {
        let judged = again.judge(entry, &place);
        again.pass(entry);
        let Ok(judged) = judged else {
            differing.push(format!("{} {:?} {judged:?}", entry.id, place.head.reached));
            continue;
        };
        *verdicts.entry(entry.verdict).or_insert(0) += 1;
        matched += entry.rules.as_ref().map_or(0, |rules| rules.matched_count);
        if !again.is_same(entry, &judged) {
            let signals = entry.signals.0.iter().zip(judged.signals.iter());
            let other: Vec<_> = signals
                .filter(|((_, then), (_, now))| then.map(f32::to_bits) != now.map(f32::to_bits))
                .map(|((name, then), (_, now))| format!("{name}: {then:?} -> {now:?}"))
                .collect();
            differing.push(format!("{} {:?} {other:?}", entry.id, place.head.reached));
        }
        assert!(Replay::is_same(entry, &rows.decide(entry).expect("from its row")), "{}", entry.id);
    }
    assert!(differing.is_empty(), "{} of {MESSAGES} differ:\n{}", differing.len(), differing.join("\n"));
    // It is no proof that nothing is held, or that no rule matches.
    assert!(verdicts.len() >= 2 && matched > 20, "{verdicts:?} {matched}");
}
