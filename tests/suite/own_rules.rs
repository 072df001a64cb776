//! The rules that come with Kith: each is sound, matches its own sample of the attack, and leaves ordinary mail alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::commands::{corpus, kith, out};

/// Whom the samples attack.
const SETTINGS: &str = "[organisation]\ndomains = [\"harbourline.com\"]\nvips = [\"Carla Harbour\"]\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a kind below a folder, as paths below it without their ending.
fn stems(folder: &Path, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for kind in fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path()) {
        if !kind.is_dir() {
            continue;
        }
        for file in fs::read_dir(&kind).expect("readable").map(|entry| entry.expect("readable").path()) {
            if file.extension().is_some_and(|found| found == ending) {
                let stem = file.with_extension("");
                found.push(stem.strip_prefix(folder).expect("below it").display().to_string());
            }
        }
    }
    found.sort();
    found
}

/// The rules that match each message below a folder, after ordinary mail was learned.
fn matches(mail: &str) -> BTreeMap<String, Vec<String>> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (settings, state) = (folder.path().join("kith.toml"), folder.path().join("state").display().to_string());
    fs::write(&settings, SETTINGS).expect("writable");
    let settings = settings.display().to_string();
    let (rules, lists) = (root().join("conf/rules"), root().join("conf/lists").display().to_string());
    kith(&["baseline", "import", "--config", &settings, "--state", &state, &corpus("ordinary")]);
    let rules = rules.display().to_string();
    let run = ["rules", "run", "--json", "--config", &settings, "--state", &state, "--lists", &lists];
    let output = kith(&[&run[..], &["--trust-authres", "newest", &rules, mail]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let object = |line: &str| serde_json::from_str::<Value>(line).expect("an object a line");
    let names = |object: &Value| -> Vec<String> {
        let matches = object["matches"].as_array().expect("a list");
        let file = |found: &Value| found["file"].as_str().expect("a file").to_owned();
        let stem = |file: String| file.trim_start_matches(&rules).trim_matches('/').trim_end_matches(".yml").to_owned();
        matches.iter().map(file).map(stem).collect()
    };
    let all = out(&output);
    let path = |object: &Value| object["path"].as_str().expect("a path").to_owned();
    all.lines().map(object).map(|object| (path(&object), names(&object))).collect()
}

#[test]
fn every_own_rule_matches_its_sample() {
    let samples = root().join("tests/rules/own");
    let rules = stems(&root().join("conf/rules"), "yml");
    assert_eq!(rules, stems(&samples, "eml"), "each rule has a sample of its name, and each sample a rule");
    assert!(rules.len() >= 40, "{} rules", rules.len());
    let found = matches(&samples.display().to_string());
    let silent: Vec<&String> = rules
        .iter()
        .filter(|rule| {
            let sample = samples.join(format!("{rule}.eml")).display().to_string();
            !found.get(&sample).is_some_and(|matched| matched.contains(rule))
        })
        .collect();
    assert!(silent.is_empty(), "these do not match their samples: {silent:?}");
}

#[test]
fn no_own_rule_matches_ordinary_mail() {
    let found = matches(&corpus("ordinary"));
    assert!(found.len() > 10);
    let wrong: Vec<_> = found.iter().filter(|(_, matched)| !matched.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_own_rule_can_be_evaluated() {
    let (rules, lists) = (root().join("conf/rules").display().to_string(), root().join("conf/lists"));
    let output = kith(&["rules", "check", "--json", "--lists", &lists.display().to_string(), &rules]);
    let report: Value = serde_json::from_str(&out(&output)).expect("an object");
    assert_eq!(report["typed"], report["files"], "{report}");
    let missing = report["missing"].as_object().expect("by what lacks");
    // What only the settings of an organisation bring.
    assert!(missing.keys().all(|lack| lack.contains("$org_")), "{missing:?}");
}
