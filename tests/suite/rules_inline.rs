//! Rules while mail passes: listed, acting as far as they were promoted, excused, read anew.

use std::fs;
use std::process::Command;

use kith::decision::Verdict;
use kith::filter::{Filter, Judged, Origin};
use kith::rules::in_force::{Grounds, Promotion, State, States};
use kith::rules::{Consequence, InForce};
use kith::settings::Settings;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const MAIL: &str = "Authentication-Results: mx.own.example; dmarc=pass header.from=partner.example\r\n\
    From: Ann <ann@partner.example>\r\nTo: bob@own.example\r\nSubject: The payment\r\nX-Drill: yes\r\n\
    Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@partner.example>\r\n\r\nAt one?\r\n";

/// Rules in a folder, and a filter by them.
struct Place {
    folder: TempDir,
    state: TempDir,
    settings: Settings,
    runtime: Runtime,
}

impl Place {
    fn new(rules: &str) -> Self {
        let (folder, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let text = format!(
            "[organisation]\ndomains = ['own.example']\n[auth]\nresolver = 'off'\ntrusted_authserv_ids = ['mx.own.example']\n\
             [policy]\nmode = 'act'\n[rules]\npaths = [{:?}]\n{rules}\n",
            folder.path()
        );
        let settings = toml::from_str(&text).expect("sound");
        Self { folder, state, settings, runtime: Runtime::new().expect("startable") }
    }

    fn write(&self, name: &str, kind: &str, source: &str) {
        let rule = format!("name: The {name}\ntype: {kind}\nseverity: high\nsource: |\n  {source}\n");
        fs::write(self.folder.path().join(name).with_extension("yml"), rule).expect("written");
    }

    fn promote(&self, rule: &str, state: State) {
        let rules = InForce::open(&self.settings.rules, &self.settings.organisation, None).expect("readable");
        let rules = rules.expect("there are rules");
        let heading = rules.set().headings().find(|heading| heading.key == rule).expect("the rule");
        let mut states = States::read(self.state.path()).expect("readable");
        let promotion = Promotion {
            state,
            by: "the test".to_owned(),
            at: "2026-11-25T00:00:00Z".to_owned(),
            digest: heading.digest.clone(),
            grounds: Some(Grounds::default()),
        };
        states.promote(heading, promotion);
        states.write(self.state.path()).expect("written");
    }

    fn open(&self) -> Filter {
        let _inside = self.runtime.enter();
        Filter::open(&self.settings.filter(), Some(self.state.path())).expect("openable")
    }

    fn judge(&self, filter: &Filter) -> Judged {
        self.runtime.block_on(filter.judge_stored(MAIL.as_bytes(), &Origin::default()))
    }
}

fn says(judged: &Judged, name: &str) -> Option<String> {
    judged.decision.reasons.iter().find(|reason| reason.name == name).map(|reason| reason.because.clone())
}

const ACT: &str = "mode = 'act'\nactions = [{ severity = 'high', action = 'hold' }]";
const SOURCE: &str = "type.inbound and strings.icontains(subject.subject, 'payment')";

#[test]
fn matches_are_listed_and_do_nothing_unless_all_say_so() {
    for (settings, promoted, expected) in [
        ("", Some(State::Act), Verdict::Accept),
        ("mode = 'act'", Some(State::Act), Verdict::Accept),
        (ACT, None, Verdict::Accept),
        (ACT, Some(State::Tag), Verdict::Tag),
        (ACT, Some(State::Act), Verdict::Hold),
    ] {
        let place = Place::new(settings);
        place.write("own", "rule", SOURCE);
        if let Some(state) = promoted {
            place.promote("own", state);
        }
        let judged = place.judge(&place.open());
        assert_eq!(judged.decision.verdict, expected, "{settings} {promoted:?}");
        let because = says(&judged, "rule.own").expect("listed");
        assert_eq!(because, "\u{201c}The own\u{201d} (high) matches: subject.subject \u{201c}payment\u{201d}");
        assert!(judged.stages.rules < 5_000_000);
    }
}

#[test]
fn a_rule_that_asks_something_else_is_no_longer_promoted() {
    let place = Place::new(ACT);
    place.write("own", "rule", SOURCE);
    place.promote("own", State::Act);
    assert_eq!(place.judge(&place.open()).decision.verdict, Verdict::Hold);
    place.write("own", "rule", "type.inbound");
    let judged = place.judge(&place.open());
    assert_eq!(judged.decision.verdict, Verdict::Accept);
    assert!(says(&judged, "rule.own").is_some());
}

#[test]
fn an_exclusion_works_only_by_what_was_proved() {
    let header = "any(headers.hops, any(.fields, .name == 'X-Drill')) or strings.icontains(subject.subject, 'payment')";
    let proved = "sender.email.domain.domain == 'partner.example' and headers.auth_summary.dmarc.pass";
    for (settings, source, expected) in [
        ("", proved, Consequence::Hold),
        ("exclusions = true", header, Consequence::Hold),
        ("exclusions = true", proved, Consequence::List),
    ] {
        let place = Place::new(&format!("{settings}\n{ACT}"));
        place.write("own", "rule", SOURCE);
        place.write("drill", "exclusion", source);
        place.promote("own", State::Act);
        let judged = place.judge(&place.open());
        let matches = judged.matches.as_ref().expect("there are rules");
        assert_eq!(matches.matched[0].does, expected, "{settings} {source}");
        assert_eq!(says(&judged, "rule.drill").is_some(), expected == Consequence::List);
    }
}

#[test]
fn rules_are_read_anew_when_their_files_change_and_one_with_a_fault_is_refused_alone() {
    let place = Place::new("");
    place.write("own", "rule", SOURCE);
    let filter = place.open();
    assert!(filter.renewed().is_none());
    place.write("second", "rule", "type.inbound");
    place.write("wrong", "rule", "type.inbond");
    let anew = filter.renewed().expect("changed");
    assert!(says(&place.judge(&anew), "rule.second").is_some());
    assert!(says(&place.judge(&filter), "rule.second").is_none(), "a session keeps what it began with");
    assert!(anew.renewed().is_none());
    fs::remove_dir_all(place.folder.path()).expect("removable");
    assert!(anew.renewed().is_none(), "rules that cannot be read do not take away those in force");
}

#[test]
fn the_journal_says_which_rules_matched_and_by_what() {
    let place = Place::new("");
    place.write("own", "rule", SOURCE);
    place.write("open", "rule", "ml.attack_score().verdict == 'malicious'");
    let matches = place.judge(&place.open()).matches.expect("there are rules");
    let written = kith::journal::Rules::of(&matches, "d");
    let json = serde_json::to_value(&written).expect("JSON");
    assert_eq!(json["matched"][0]["rule"], "own");
    assert_eq!(json["matched"][0]["does"], "list");
    assert_eq!(json["matched"][0]["found"][0]["place"], "subject.subject");
    assert_eq!((json["undecided"].as_u64(), json["digest"].as_str()), (Some(1), Some("d")));
}

/// Runs the program and gives its exit code and what it printed, to standard error too.
fn kith(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kith")).args(arguments).output().expect("the program runs");
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&printed).into_owned())
}

#[test]
fn a_rule_is_promoted_only_with_a_backtest_of_what_it_asks_now() {
    let place = Place::new(ACT);
    place.write("own", "rule", SOURCE);
    let path = |name: &str| place.state.path().join(name).display().to_string();
    let (config, mail, backtest) = (path("kith.toml"), path("m.eml"), path("backtest.json"));
    fs::write(&config, place.settings.to_toml().expect("TOML")).expect("written");
    fs::write(&mail, MAIL).expect("written");
    let state = place.state.path().display().to_string();
    let promote = ["rules", "promote", "-c", &config, "--state", &state, "own", "--to", "act", "--by", "ann"];
    let (code, said) = kith(&promote);
    assert!(code == Some(64) && said.contains("only with a backtest"), "{said}");
    let rules = place.folder.path().display().to_string();
    let (code, said) = kith(&["rules", "backtest", "-c", &config, "--json", &rules, "--safe", &mail]);
    assert_eq!(code, Some(0), "{said}");
    fs::write(&backtest, &said[..said.find("}\n").map_or(said.len(), |end| end + 1)]).expect("written");
    let (code, said) = kith(&[&promote[..], &["--backtest", &backtest]].concat());
    assert!(code == Some(0) && said.contains("own is now in state act; a match will hold the message"), "{said}");
    assert_eq!(place.judge(&place.open()).decision.verdict, Verdict::Hold);
    let states = fs::read_to_string(States::path(place.state.path())).expect("written");
    assert!(states.contains("\"by\": \"ann\"") && states.contains("\"safe_matched\": 1"), "{states}");
    place.write("own", "rule", "type.inbound");
    let (code, said) = kith(&[&promote[..], &["--backtest", &backtest]].concat());
    assert!(code == Some(65) && said.contains("asked something else"), "{said}");
}

#[test]
fn an_expression_finds_stored_mail_and_tests_of_rules_are_run() {
    let place = Place::new("");
    let mail = place.state.path().join("m.eml");
    fs::write(&mail, MAIL).expect("written");
    let mail = mail.display().to_string();
    let (code, said) = kith(&["rules", "hunt", "strings.icontains(subject.subject, 'payment')", &mail]);
    assert!(code == Some(0) && said.contains("subject.subject \"payment\"") && said.contains("1 of 1"), "{said}");
    let (_, said) = kith(&["rules", "hunt", "--since", "1h", "true", &mail]);
    assert!(said.contains("0 of 0 messages match") || said.contains("1 of 1"), "{said}");
    let (code, said) = kith(&["rules", "hunt", "subjct.subject == 'a'", &mail]);
    assert!(code == Some(65) && said.contains("did you mean `subject`?"), "{said}");
    let rule = "name: own\ntype: rule\nsource: subject.subject == 'Pay'\ntests:\n  - matches: true\n    message: |\n      From: a@b.example\n      Subject: Pay\n\n      Now.\n  - matches: false\n    file: other.eml\n";
    fs::create_dir(place.folder.path().join("tests")).expect("made");
    fs::write(place.folder.path().join("tests/other.eml"), MAIL).expect("written");
    fs::write(place.folder.path().join("own.yml"), rule).expect("written");
    let rules = place.folder.path().display().to_string();
    let (code, said) = kith(&["rules", "test", &rules]);
    assert!(code == Some(0) && said.contains("2 tests, 0 failed"), "{said}");
    fs::write(place.folder.path().join("own.yml"), rule.replace("'Pay'", "'No'")).expect("written");
    let (code, said) = kith(&["rules", "test", &rules]);
    assert!(code == Some(65) && said.contains("test 1: it does not match, and should"), "{said}");
}
