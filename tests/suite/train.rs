//! `kith train` and `kith evaluate` as a person calls them, on small mail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use kith::model::Model;

use crate::commands::{corpus, kith};

/// A folder with mail of either kind, settings, and settings of the fitting.
struct Bench(tempfile::TempDir);

impl Bench {
    /// So many messages of either kind beside those of the project's corpus.
    fn with(ham: usize, attacks: usize) -> Self {
        let root = tempfile::tempdir().expect("temporary folder");
        for (kind, count) in [("letters", ham), ("lures", attacks)] {
            let folder = root.path().join(kind);
            fs::create_dir(&folder).expect("a new folder");
            for n in 0..count {
                fs::write(folder.join(format!("{n:04}.eml")), message(kind == "lures", n)).expect("room on disk");
            }
        }
        let bench = Self(root);
        bench.write("kith.toml", "organisation.domains = [\"harbour.example\"]\n");
        bench.write("fit.toml", "label_messages_min = 5\nbin_messages_min = 2\n");
        bench
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("room on disk");
    }

    fn run(&self, command: &str, more: &[&str]) -> Output {
        let (config, ham, attack) = (self.path("kith.toml"), self.path("letters"), self.path("lures"));
        let [family, patch] = ["ordinary/family.eml", "ordinary/patch.eml"].map(corpus);
        let labelled = ["--config", &config, "--ham", &ham, &family, &patch, "--attack", &attack];
        kith(&[&[command], &labelled[..], more].concat())
    }

    fn train(&self, fit: &str, out: &str) -> Output {
        self.run("train", &["--fit", &self.path(fit), "--out", &self.path(out)])
    }
}

/// A short message, so that each is a campaign of its own; the kinds differ as such mail does.
fn message(attack: bool, n: usize) -> String {
    let (day, hour) = (1 + n / 24 % 28, n % 24);
    let date = format!("Date: {day:02} Mar 2026 {hour:02}:10:00 +0000\r\nMessage-ID: <{attack}{n}@x.example>\r\n");
    if attack {
        let to = "To: karl.holm@harbour.example\r\nReply-To: helpdesk@freemail.test\r\n";
        let subject = "Subject: URGENT: VERIFY YOUR ACCOUNT!!!\r\n";
        return format!(
            "From: Security <alert@s{n}.example>\r\n{to}{subject}{date}\r\nConfirm your password number {n}\r\n"
        );
    }
    let to = "To: karl.holm@harbour.example\r\nIn-Reply-To: <1@harbour.example>\r\n";
    format!("From: Anna Lind <anna@partner.example>\r\n{to}Subject: Re: shelf {n}\r\n{date}\r\nShelf {n} is ready\r\n")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|file| file.expect("readable").path()).collect();
    paths.sort();
    paths
}

#[test]
fn a_model_is_trained_judged_and_put_in_force() {
    let bench = Bench::with(60, 60);
    let trained = bench.train("fit.toml", "new/model");
    assert_eq!(trained.status.code(), Some(0), "{}", said(&trained));
    let words = said(&trained);
    assert!(words.contains("fitting on 122 messages") && words.contains("written to "), "{words}");
    let folder = bench.path("new/model");
    let files = ["figures.json", "model.json", "model.onnx"].map(|name| Path::new(&folder).join(name));
    assert_eq!(listed(Path::new(&folder)), files);
    let names: Vec<&str> = kith::signals::registry().iter().map(|signal| signal.name).collect();
    let model = Model::load_from(Path::new(&folder), &names).expect("a model");
    assert_eq!(model.manifest().card.trained_on.sources.len(), 4);
    bench.write("kith.toml", &format!("organisation.domains = [\"harbour.example\"]\nmodel.path = {folder:?}\n"));
    let judged = bench.run("evaluate", &["--json"]);
    assert_eq!(judged.status.code(), Some(0), "{}", said(&judged));
    let figures: serde_json::Value = serde_json::from_slice(&judged.stdout).expect("JSON");
    assert_eq!((figures["ham"].as_u64(), figures["attacks"].as_u64()), (Some(62), Some(60)), "{figures}");
    assert!(figures["area"].as_f64().is_some_and(|area| area > 0.95), "{figures}");
    let told = said(&bench.run("evaluate", &["--attack-share", "0.5"]));
    assert!(told.starts_with("62 ordinary messages, 60 attacks; ROC area ") && told.contains("  lures "), "{told}");
}

/// Training ends with this code, says this, and leaves what was in the folder before it.
fn check_refused(bench: &Bench, (fit, out): (&str, &str), code: i32, words: &[&str]) {
    let before = listed(bench.0.path());
    let output = bench.train(fit, out);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert!(words.iter().all(|word| told.contains(word)), "{told} lacks one of {words:?}");
    assert!(!told.contains("panicked"), "{told}");
    assert_eq!(listed(bench.0.path()), before);
}

#[test]
fn what_cannot_be_trained_is_told_and_leaves_nothing() {
    let bench = Bench::with(30, 10);
    let to = |fit| (fit, "model");
    check_refused(&bench, to("fit.toml"), 65, &["the tune slice holds 2 attacks and needs 5 (label_messages_min)"]);
    bench.write("misspelt.toml", "label_messages_mim = 5\n");
    check_refused(&bench, to("misspelt.toml"), 78, &["misspelt.toml", "line 1", "did you mean `label_messages_min`?"]);
    bench.write("share.toml", "attack_share = 1.5\n");
    check_refused(&bench, to("share.toml"), 78, &["share.toml: attack_share must lie between 0 and 1"]);
    bench.write("unknown.toml", "leave_out = [\"no_such_signal\"]\n");
    check_refused(&bench, to("unknown.toml"), 78, &["unknown.toml: leave_out names `no_such_signal`"]);
    check_refused(&bench, to("missing.toml"), 78, &["missing.toml", "No such file"]);
    check_refused(&bench, ("fit.toml", "kith.toml"), 73, &["cannot write to ", "kith.toml", "--out"]);
    check_refused(&bench, ("fit.toml", "kith.toml/model"), 73, &["cannot write to ", "--out"]);
    fs::remove_dir_all(bench.path("lures")).expect("there");
    check_refused(&bench, to("fit.toml"), 66, &["lures: No such file", "name files, folders"]);
    fs::create_dir(bench.path("lures")).expect("a new folder");
    check_refused(&bench, to("fit.toml"), 66, &["lures holds no message"]);
}

#[test]
fn a_training_that_fails_leaves_the_old_model() {
    let bench = Bench::with(30, 10);
    fs::create_dir(bench.path("model")).expect("a new folder");
    let files = ["model.onnx", "model.json", "figures.json"];
    files.iter().for_each(|name| bench.write(&format!("model/{name}"), "old"));
    check_refused(&bench, ("fit.toml", "model"), 65, &["attacks"]);
    assert_eq!(listed(Path::new(&bench.path("model"))).len(), 3);
    assert!(files.iter().all(|name| fs::read(bench.path(&format!("model/{name}"))).expect("there") == b"old"));
}

#[test]
fn what_cannot_be_judged_is_told() {
    let bench = Bench::with(1, 1);
    let check = |more: &[&str], code: i32, word: &str| {
        let output = bench.run("evaluate", more);
        let told = said(&output);
        assert_eq!((output.status.code(), told.contains(word)), (Some(code), true), "{told}");
        assert!(output.stdout.is_empty(), "{told}");
    };
    check(&["--attack-share", "1"], 64, "--attack-share 1 must lie between 0 and 1");
    check(&["--attack-share", "many"], 64, "invalid value 'many'");
    check(&["/nonexistent/mail"], 66, "cannot read /nonexistent/mail");
    bench.write("kith.toml", "model.path = \"/nonexistent/model\"\n");
    check(&[], 78, "/nonexistent/model");
    let none = kith(&["evaluate", "--ham", &bench.path("letters")]);
    assert_eq!(none.status.code(), Some(64), "attacks are needed too");
}
