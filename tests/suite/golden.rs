//! Golden decisions: every message of `tests/corpus` is judged, and verdict, category, score and strongest reasons are
//! held against the `.expect` file beside it. `UPDATE=1` rewrites those files; their diff is reviewed as behaviour.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use kith::decision::Verdict;
use kith::filter::{Filter, Judged, Origin};
use kith::mail::{Address, Domain};
use kith::settings::Settings;
use kith::{mailbox, message};
use tokio::runtime::Runtime;

/// Reasons that a golden file names.
const REASONS: usize = 5;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The messages, as path and bytes.
fn messages() -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![corpus()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                let raw = mailbox::read(std::slice::from_ref(&path)).next().expect("one").expect("readable").raw;
                found.push((path, raw));
            }
        }
    }
    found.sort();
    found
}

fn judged() -> Vec<(PathBuf, Judged)> {
    let runtime = Runtime::new().expect("startable");
    let mut settings = Settings::default();
    "off".clone_into(&mut settings.auth.resolver);
    settings.organisation.domains = vec![Domain::parse("harbour.example").expect("valid")];
    let filter = Filter::open(&settings.filter(), None).expect("openable");
    let judge = |(path, raw): (PathBuf, Vec<u8>)| {
        let parsed = message::parse(&raw, &message::Settings::default());
        let own = |address: &&Address| address.domain().as_str() == "harbour.example";
        let to = parsed.to.iter().chain(&parsed.cc).filter_map(|mailbox| mailbox.address.as_ref()).find(own).cloned();
        let origin = Origin { received_client: true, recipients: to.into_iter().collect(), ..Origin::default() };
        (path, runtime.block_on(filter.judge_stored(&raw, &origin)))
    };
    messages().into_iter().map(judge).collect()
}

fn words(judged: &Judged) -> String {
    let decision = &judged.decision;
    let mut text = format!("verdict: {}\n", decision.verdict.name());
    let category = decision.category.map_or("none", |category| category.name());
    let _ = writeln!(text, "category: {category}");
    let _ = writeln!(text, "score: {:.2}", decision.score.expect("scored"));
    for reason in decision.reasons.iter().take(REASONS) {
        let _ = writeln!(text, "{:+.2} {}", reason.contribution, reason.name);
    }
    text
}

#[test]
fn decisions_on_the_corpus_are_as_expected() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut changed = Vec::new();
    let all = judged();
    assert!(all.len() >= 20, "the corpus is there");
    for (path, judged) in all {
        let (seen, file) = (words(&judged), path.with_extension("expect"));
        if update {
            fs::write(&file, &seen).expect("writable");
        } else if fs::read_to_string(&file).ok().as_deref() != Some(seen.as_str()) {
            changed.push(format!("{}\n{seen}", file.display()));
        }
    }
    assert!(changed.is_empty(), "decided otherwise than expected (UPDATE=1 rewrites):\n{}", changed.join("\n"));
}

#[test]
fn no_ordinary_message_of_the_corpus_is_held() {
    for (path, judged) in judged().iter().filter(|(path, _)| path.parent().is_some_and(|p| p.ends_with("ordinary"))) {
        assert!(judged.decision.verdict < Verdict::Hold, "{}: {}", path.display(), words(judged));
    }
}

#[test]
fn contributions_sum_exactly_to_the_score() {
    for (path, judged) in judged() {
        let decision = &judged.decision;
        let sum: f32 = decision.reasons.iter().rev().map(|reason| reason.contribution).sum();
        assert_eq!(Some(decision.base + sum), decision.score, "{}", path.display());
    }
}
