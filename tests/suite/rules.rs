//! The rule language on data: expressions and what they come to; and a whole feed, where one is at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kith::auth::AuthResults;
use kith::baseline::Baseline;
use kith::evidence::Evidence;
use kith::mail::{Address, Direction, Domain, Envelope, Moment, Organisation};
use kith::message::{self, parse};
use kith::rules::check::check;
use kith::rules::evaluate::{Outcome, Run, Value};
use kith::rules::facts::View;
use kith::rules::feed;
use kith::rules::language;
use kith::rules::lists::Lists;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Where a checkout of a public feed of rules lies: it is data to run on, and no part of the project.
const FEED: &str = "KITH_TEST_FEED";

const MAIL: &str = "Authentication-Results: mx.harbour.com; dmarc=pass header.from=partner.co.uk; compauth=fail reason=1\r\n\
    Received: from out.partner.co.uk (out.partner.co.uk [198.51.100.7]) by mx.harbour.com; 6 Jan 2026 00:00:02 +0000\r\n\
    DKIM-Signature: v=1; a=rsa-sha256; d=partner.co.uk; s=k; h=from:to; bh=x; b=y\r\n\
    Received: from desk.partner.co.uk by out.partner.co.uk; 6 Jan 2026 00:00:01 +0000\r\n\
    From: Anna Partner <Anna@Mail.Partner.co.uk>\r\nTo: Bob <bob@harbour.com>\r\nSubject: Re: [plan] Minutes\r\n\
    Date: Tue, 6 Jan 2026 01:00:00 +0100\r\nMessage-ID: <2@partner.co.uk>\r\nIn-Reply-To: <1@harbour.com>\r\n\
    References: <0@harbour.com> <1@harbour.com>\r\nX-Mailer: Penpal 3\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <p>Please see <a href=\"https://files.partner.co.uk/m?x=1\">the minutes</a><br>or call 192.0.2.7</p>\
    <div style=\"display:none\">hidden words</div>\
    <p>On Mon, 5 Jan 2026, Bob &lt;bob@harbour.com&gt; wrote:</p><p>Where are they?</p>\r\n--b\r\n\
    Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"Plan.PDF\"\r\n\r\n\
    %PDF-1.7\r\n--b--\r\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

/// What an expression comes to, in the words of the data files.
fn outcome(source: &str, run: &Run<'_>) -> String {
    let checked = language::parse(source).and_then(|node| check(&node, None));
    match checked {
        Err(fault) => format!("error {}", fault.message),
        Ok(checked) => match run.value(&checked.code) {
            Value::Null(Some(lack)) => format!("lacks {}", lack.words()),
            value => value.json().to_string(),
        },
    }
}

fn check_file(name: &str) {
    let envelope = Envelope {
        sender: Address::parse("bounce@partner.co.uk"),
        recipients: ["bob@harbour.com", "carol@harbour.com"].iter().filter_map(|text| Address::parse(text)).collect(),
        ..Envelope::default()
    };
    let organisation = Organisation {
        domains: vec![Domain::parse("harbour.com").expect("a domain")],
        vips: vec!["Carla Harbour".to_owned()],
        ..Organisation::default()
    };
    let message = parse(MAIL.as_bytes(), &message::Settings::default());
    let (auth, baseline) = (AuthResults::default(), Baseline::unknown(Direction::Inbound, None));
    let evidence = Evidence::new(&envelope, &message, &auth, &baseline, &organisation, Moment(1_768_000_000_000));
    let lists = Lists::of(&organisation);
    let run = Run::new(View::of(&evidence), &lists);
    let data = fs::read_to_string(root().join(name)).expect("the data is there");
    let mut wrong = Vec::new();
    let mut checked = 0;
    for line in data.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (source, expected) = line.rsplit_once(" => ").expect("a line is `expression => value`");
        let found = outcome(source, &run);
        let agrees = match expected.strip_prefix("error ") {
            Some(words) => found.starts_with("error ") && found.contains(words),
            None if expected.starts_with("lacks ") => found == expected,
            None => {
                let value: serde_json::Value = serde_json::from_str(expected).expect("a value is JSON");
                serde_json::from_str(&found).is_ok_and(|found: serde_json::Value| found == value)
            }
        };
        if !agrees {
            wrong.push(format!("{source}\n    expected {expected}\n    found    {found}"));
        }
        checked += 1;
    }
    assert!(wrong.is_empty() && checked > 20, "{} of {checked} in {name}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn expressions_come_to_what_they_should() {
    check_file("language.txt");
}

#[test]
fn a_message_is_seen_in_the_words_of_the_data_model() {
    check_file("message.txt");
}

/// A rule that loops over loops ends, undecided, however much a message brings it.
#[test]
fn a_rule_has_a_budget_of_steps() {
    let loops = |depth: usize| (0..depth).fold("true".to_owned(), |inner, _| format!("all(body.links, {inner})"));
    let (links, condition) = (500, |depth| language::parse(&loops(depth)).expect("sound"));
    let href: String = (0..links).map(|n| format!("<a href=\"https://a{n}.example/\">b{n}</a>")).collect();
    let raw = format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{href}\r\n");
    let message = parse(raw.as_bytes(), &message::Settings::default());
    let (auth, baseline) = (AuthResults::default(), Baseline::unknown(Direction::Inbound, None));
    let (envelope, organisation, lists) = (Envelope::default(), Organisation::default(), Lists::default());
    let evidence = Evidence::new(&envelope, &message, &auth, &baseline, &organisation, Moment(0));
    let run = Run::new(View::of(&evidence), &lists);
    let outcome = |depth| run.outcome(&check(&condition(depth), None).expect("typed").code);
    assert_eq!(outcome(2), Outcome::Match);
    assert!(matches!(outcome(3), Outcome::Undecided(lack) if lack.words().contains("more steps")));
    assert_eq!(outcome(1), Outcome::Match);
}

#[test]
fn what_is_printed_of_an_expression_parses_to_the_same() {
    for name in ["language.txt", "message.txt"] {
        let data = fs::read_to_string(root().join(name)).expect("the data is there");
        let sources = data.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(" => "));
        for node in sources.filter_map(|(source, _)| language::parse(source).ok()) {
            let printed = language::print(&node);
            assert_eq!(language::parse(&printed).as_ref(), Ok(&node), "{printed}");
        }
    }
}

/// Parts of expressions, to be strung together at random.
const PARTS: &[&str] = &[
    "any",
    "all",
    "filter",
    "map",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "..",
    "body.links",
    ".href_url.url",
    "'a'",
    "\"\\n\"",
    "1",
    "2.5",
    "-",
    "+",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "=~",
    "<",
    "<=",
    "in",
    "in~",
    "not",
    "and",
    "or",
    "is",
    "null",
    "2 of",
    ":",
    "true",
    "false",
    "$own",
    "length",
    "strings.concat",
    "regex.contains",
    "sender.email.email",
    "// x\n",
    "\u{fc}",
    "=",
    "'",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Nothing that is written makes parser, printer or checker panic, and what is printed parses to the same.
    #[test]
    fn any_text_is_an_expression_or_a_fault(parts in vec(select(PARTS), 0..30), glue in "[ ]?") {
        let source = parts.join(&glue);
        match language::parse(&source) {
            Ok(node) => {
                let printed = language::print(&node);
                prop_assert!(language::parse(&printed).is_ok_and(|again| again == node), "{}", printed);
                if let Err(fault) = check(&node, None) {
                    prop_assert!(fault.at.end as usize <= source.len());
                }
            }
            Err(fault) => {
                prop_assert!(fault.at.start as usize <= source.len());
                fault.shown(&source, "text", 1, 0);
            }
        }
    }
}

/// Runs the program and gives its exit code and what it printed.
fn kith(arguments: &[&std::ffi::OsStr]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kith")).args(arguments).output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn checking_a_folder_reports_faults_and_ends_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, source: &str| {
        let rule = format!("name: {name}\ntype: rule\nseverity: high\nsource: |\n  {source}\n");
        fs::write(folder.path().join(name).with_extension("yml"), rule).expect("written");
    };
    write("good", "type.inbound and strings.icontains(subject.subject, 'minutes')");
    write("lacking", "beta.ocr(attachments[0]).success");
    let path = folder.path().as_os_str();
    let check = ["rules", "check", "--json"].map(std::ffi::OsStr::new);
    let (code, printed) = kith(&[&check[..], &[path]].concat());
    let report: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(code, Some(0), "{printed}");
    assert_eq!(
        report,
        serde_json::json!({"files": 2, "entities": 2, "parsed": 2, "typed": 2, "evaluable": 1,
            "missing": {"beta.ocr()": 1}, "errors": []})
    );
    write("wrong", "type.inbound and sendr.email.email == 'a'");
    let (code, printed) = kith(&[&check[..2], &[path]].concat());
    assert_eq!(code, Some(65), "{printed}");
    let shown = "wrong.yml:5:20: there is no `sendr`\n  |\n5 | type.inbound and sendr.email.email == 'a'\n\
        \u{20} |                  ^^^^^ did you mean `sender`?";
    assert!(printed.contains(shown), "{printed}");
}

#[test]
fn rules_are_run_over_mail_that_lies_at_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let (rule, mail, config) = (folder.path().join("r.yml"), folder.path().join("m.eml"), folder.path().join("k.toml"));
    let source = "type.inbound and any(body.links, .href_url.domain.root_domain == 'partner.co.uk')";
    fs::write(&rule, format!("name: own\ntype: rule\nsource: {source}\n")).expect("written");
    fs::write(&mail, MAIL).expect("written");
    fs::write(&config, "[organisation]\ndomains = [\"harbour.com\"]\n").expect("written");
    let run = ["rules", "run", "--json", "-c"].map(std::ffi::OsStr::new);
    let (code, printed) = kith(&[&run[..], &[config.as_os_str(), rule.as_os_str(), mail.as_os_str()]].concat());
    assert_eq!(code, Some(0), "{printed}");
    let line: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!((line["matches"][0]["name"].as_str(), line["undecided"].as_u64()), (Some("own"), Some(0)));
}

/// Needs a feed: set the variable to its folder, else it is skipped and says so.
#[test]
fn every_rule_of_a_feed_is_rightly_typed_and_printed() {
    let Some(folder) = std::env::var_os(FEED) else {
        eprintln!("SKIPPED: {FEED} names no folder of rules");
        return;
    };
    let (rules, report) = feed::read(Path::new(&folder), None).expect("the feed can be read");
    let faults: Vec<&str> = report.errors.iter().map(|problem| problem.shown.as_str()).collect();
    assert!(report.files > 0 && faults.is_empty(), "{}", faults.join("\n"));
    for rule in &rules {
        let printed = language::print(&rule.node);
        let again = language::parse(&printed).unwrap_or_else(|fault| panic!("{}: {fault:?}", rule.path.display()));
        assert!(again == rule.node, "{} is printed as something else", rule.path.display());
    }
    println!("{} of {} rules can be evaluated", report.evaluable, report.entities);
}
