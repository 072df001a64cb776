//! Rules on files: what is inside attachments, by expression; and the sample mails of a feed, where one is at hand.

use std::fs;
use std::path::{Path, PathBuf};

use kith::auth::{self, AuthResults, DmarcCheck, Source};
use kith::baseline::Baseline;
use kith::evidence::Evidence;
use kith::files::Signatures;
use kith::mail::{Direction, Domain, Envelope, Moment, Organisation};
use kith::message::{self, parse};
use kith::rules::check::check;
use kith::rules::evaluate::{Outcome, Run, Value};
use kith::rules::facts::View;
use kith::rules::feed;
use kith::rules::language;
use kith::rules::lists::Lists;

const ZIP: &str = "UEsDBBQAAAAIAHiEeV3w7TP7JQAAACMAAAAMAAAAaW5uZXIvcnVuLmpzK0ssUog3qDBUsFVILMlP0lBKdA8rTnK3sFXStFbQ11coKs0D\
    AFBLAwQUAAAACAB4hHldNIuLVTMAAAAxAAAACAAAAHJlYWQudHh088lPV8jMU0gsUcgoKSkottLXz8lPz8zTK0gsKslLLdJLrUjMLchJ1U+0T7I1\
    VMjLLwcAUEsBAhQDFAAAAAgAeIR5XfDtM/slAAAAIwAAAAwAAAAAAAAAAAAAAIABAAAAAGlubmVyL3J1bi5qc1BLAQIUAxQAAAAIAHiEeV00i4tV\
    MwAAADEAAAAIAAAAAAAAAAAAAACAAU8AAAByZWFkLnR4dFBLBQYAAAAAAgACAHAAAACoAAAAAAA=";

fn mail() -> String {
    format!(
        "From: Anna <anna@partner.co.uk>\r\nTo: bob@harbour.com\r\nSubject: Files\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <p>Please see <a href=\"https://files.partner.co.uk/m\"><b>the minutes</b></a></p>\r\n--b\r\n\
        Content-Type: application/zip; name=files.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{ZIP}\r\n--b\r\n\
        Content-Type: text/calendar; name=meeting.ics\r\n\r\nBEGIN:VCALENDAR\r\nPRODID:-//Pen//1\r\nBEGIN:VEVENT\r\n\
        SUMMARY:Plan\r\nDESCRIPTION:See https://partner.co.uk/x\r\nORGANIZER:mailto:anna@partner.co.uk\r\nX-ODD:1\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n--b\r\nContent-Type: application/octet-stream; name=page.html\r\n\r\n\
        <html><title>Sign in</title><form><input type=password></form></html>\r\n--b\r\n\
        Content-Type: application/octet-stream; name=inner.eml\r\n\r\n\
        From: c@third.example\r\nSubject: Inner\r\nDate: x\r\n\r\nHello there\r\n--b--\r\n"
    )
}

/// What expressions come to on the message, with or without rules of YARA.
fn on_mail(signatures: Option<&Signatures>, ask: impl FnOnce(&dyn Fn(&str) -> String)) {
    let organisation =
        Organisation { domains: vec![Domain::parse("harbour.com").expect("a domain")], ..Organisation::default() };
    let message = parse(mail().as_bytes(), &message::Settings::default());
    let (auth, baseline) = (AuthResults::default(), Baseline::unknown(Direction::Inbound, None));
    let envelope = Envelope::default();
    let evidence = Evidence::new(&envelope, &message, &auth, &baseline, &organisation, Moment(1_768_000_000_000));
    let lists = Lists::of(&organisation);
    let view = View::of(&evidence);
    let run = Run::new(signatures.map_or(view, |signatures| view.with_signatures(signatures)), &lists);
    ask(&|source| {
        let checked = language::parse(source).and_then(|node| check(&node, None));
        match checked.map(|checked| run.value(&checked.code)) {
            Err(fault) => format!("error {}", fault.message),
            Ok(Value::Null(Some(lack))) => format!("lacks {}", lack.words()),
            Ok(value) => value.json().to_string(),
        }
    });
}

#[test]
fn files_are_seen_in_the_words_of_the_data_model() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/files.txt");
    let data = fs::read_to_string(path).expect("the data is there");
    on_mail(None, |ask| {
        let mut wrong = Vec::new();
        for line in data.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (source, expected) = line.rsplit_once(" => ").expect("a line is `expression => value`");
            let found = ask(source);
            let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
            let agrees =
                if expected.starts_with("lacks ") { found == expected } else { json(&found) == json(expected) };
            if !agrees {
                wrong.push(format!("{source}\n    expected {expected}\n    found    {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn rules_of_yara_look_into_archives() {
    let rule = "rule coded { strings: $a = \"_0x1\" condition: $a }";
    let (signatures, refused) = Signatures::compile([("own.yar", rule)]);
    assert!(refused.is_empty(), "{refused:?}");
    on_mail(Some(&signatures), |ask| {
        assert_eq!(ask("any(file.explode(attachments[0]), any(.scan.yara.matches, .name == 'coded'))"), "true");
        assert_eq!(ask("any(file.explode(attachments[1]), any(.scan.yara.matches, .name == 'coded'))"), "false");
    });
}

/// The sample mails of a feed, each with the rules and insights that match it when its author is new and only the large
/// provider's domain has records. Needs a feed: set the variable to its folder, else it is skipped and says so.
#[test]
fn the_sample_mails_of_a_feed_match_what_they_should() {
    let Some(folder) = std::env::var_os("KITH_TEST_FEED").map(PathBuf::from) else {
        eprintln!("SKIPPED: KITH_TEST_FEED names no folder of rules");
        return;
    };
    let expected: [(&str, &[&str]); 6] = [
        ("amazon_phish_url_shortener", &["impersonation_amazon"]),
        ("bec_ceo_impersonation", &["vip_impersonation", "impersonation_sublime_security", "sender_contains_org_vip"]),
        ("fedex_brand_impersonation", &["impersonation_fedex"]),
        ("punycode_robinhood", &["link_contains_punycode_characters"]),
        ("reported_phish", &["impersonation_sublime_security"]),
        ("twitter_phish", &["impersonation_twitter"]),
    ];
    let organisation = Organisation {
        domains: ["sublimesecurity.com", "tyrellcorp.io"].iter().filter_map(|name| Domain::parse(name)).collect(),
        vips: vec!["Joshua Kamdjou".to_owned()],
        ..Organisation::default()
    };
    let mut lists = Lists::of(&organisation);
    lists.read_folder(&folder.join("../lists")).expect("the lists lie beside the feed");
    let (rules, _) = feed::read(&folder, Some(&lists)).expect("the feed can be read");
    let mut wrong = Vec::new();
    for (name, wanted) in expected {
        let raw = fs::read(folder.join("emls").join(name).with_extension("eml")).expect("a sample");
        let message = parse(&raw, &message::Settings::default());
        let envelope = Envelope::default();
        // Mail through a large provider proves itself, whoever its author says he is.
        let of_provider = message.author().is_some_and(|author| author.domain().as_str() == "gmail.com");
        let outcome = if of_provider { auth::Outcome::Pass } else { auth::Outcome::None };
        let dmarc = DmarcCheck { outcome, ..DmarcCheck::default() };
        let auth = AuthResults { source: Source::Ourselves, dmarc, ..AuthResults::default() };
        let baseline = Baseline {
            learned: 10_000,
            settled: true,
            gaps: Vec::new(),
            ..Baseline::unknown(Direction::Inbound, None)
        };
        let evidence = Evidence::new(&envelope, &message, &auth, &baseline, &organisation, Moment(1_768_000_000_000));
        let run = Run::new(View::of(&evidence), &lists);
        for rule in &rules {
            let stem = rule.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let outcome = run.outcome(&rule.checked.code);
            if wanted.contains(&stem) && outcome != Outcome::Match {
                wrong.push(format!("{name}: {stem} does not match: {outcome:?}"));
            }
            let severe = matches!(rule.entity.severity.as_deref(), Some("high" | "critical"));
            if outcome == Outcome::Match && severe && !wanted.contains(&stem) {
                wrong.push(format!("{name}: {stem} matches"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
