//! Parsing on real mail: conformance corpora, truncations at any place, and arbitrary bytes.

use std::fs;
use std::path::{Path, PathBuf};

use kith::message::{Message, Settings, header_fields, parse};
use proptest::prelude::*;

/// Files of the conformance corpora whose number of leaves differs from what james-mime4j expects. It may only fall.
/// In three a multipart without its boundary is shown as text here; in two white space ends the boundary itself.
const LEAVES_DIFFER_MAX: usize = 5;

/// The corpora of real mail beside the checkout, or, in a clone without them, the project's own samples.
fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared/conformance/mime");
    let mut files = Vec::new();
    walk(&if shared.is_dir() { shared } else { root.join("tests/corpus") }, &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// What holds of every message, whatever its bytes are.
fn check(raw: &[u8], settings: &Settings) -> Message {
    let message = parse(raw, settings);
    assert_eq!(message.bytes, raw.len());
    assert!(message.headers.len() <= settings.headers_max);
    assert!(message.headers.len() <= header_fields(raw).count());
    assert!(message.parts.len() <= settings.parts_max);
    assert!(message.links.len() <= settings.links_max);
    assert!(message.attachments.len() <= settings.attachments_max);
    assert!(message.texts.plain.len() <= settings.text_bytes_max);
    assert!(message.texts.visible.len() <= settings.text_bytes_max);
    assert!(message.parts.iter().all(|part| part.depth <= settings.depth_max + 1));
    let once: std::collections::HashSet<_> = message.defects.iter().collect();
    assert_eq!(once.len(), message.defects.len());
    assert!(!message.defects.contains(&kith::message::Defect::ParserFailed));
    message
}

fn small() -> Settings {
    Settings {
        headers_max: 5,
        header_bytes_max: 100,
        mailboxes_max: 2,
        parts_max: 4,
        depth_max: 2,
        text_bytes_max: 50,
        html_bytes_max: 200,
        links_max: 2,
        attachments_max: 1,
        contents_bytes_max: 1_000,
    }
}

#[test]
fn every_file_of_the_corpora_parses() {
    for path in corpus() {
        let raw = fs::read(&path).expect("readable");
        check(&raw, &Settings::default());
        check(&raw, &small());
    }
}

#[test]
fn messages_cut_anywhere_parse() {
    for path in corpus() {
        let raw = fs::read(&path).expect("readable");
        // A large file is cut at fewer places, so that no one file takes most of the time.
        let step = 97 * (1 + raw.len() / 20_000);
        for end in (0..raw.len()).step_by(step) {
            check(&raw[..end], &Settings::default());
        }
    }
}

#[test]
fn the_trees_are_those_that_james_mime4j_expects() {
    let mut differ = Vec::new();
    for path in corpus() {
        let expected = path.with_file_name(format!(
            "{}_decoded.xml",
            path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
        ));
        if path.extension().is_none_or(|e| e != "msg") || !expected.is_file() {
            continue;
        }
        let xml = String::from_utf8_lossy(&fs::read(&expected).expect("readable")).into_owned();
        let leaves = xml.matches("<text-body").count() + xml.matches("<binary-body").count();
        let message = check(&fs::read(&path).expect("readable"), &Settings::default());
        let nodes = |part: &&kith::message::Part| {
            !part.media_type.starts_with("multipart/") && !matches!(part.media_type.as_str(), "message/rfc822")
        };
        let read = message.parts.iter().filter(nodes).count();
        if read != leaves {
            differ.push(format!("{}: {read} instead of {leaves}", path.display()));
        }
    }
    assert!(differ.len() <= LEAVES_DIFFER_MAX, "{} files differ:\n{}", differ.len(), differ.join("\n"));
}

/// Pieces of which hostile mail is made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\r\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("Content-Type: multipart/mixed; boundary=b\n".to_owned()),
        Just("Content-Type: text/html; charset=utf-7\n".to_owned()),
        Just("Content-Type: message/rfc822\n".to_owned()),
        Just("Content-Transfer-Encoding: base64\n".to_owned()),
        Just("Content-Transfer-Encoding: quoted-printable\n".to_owned()),
        Just("Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%A4\n".to_owned()),
        Just("From: =?utf-8?b?w6Q=?= <a@b>, \"x\n".to_owned()),
        Just("Received: from a (b [192.0.2.1]) by c with d; 1 Jan 2026 00:00:00 +0000\n".to_owned()),
        Just("--b\n".to_owned()),
        Just("--b--\n".to_owned()),
        Just("<a href='http://1.2/%zz'><b style='display:none;color:#fff'>".to_owned()),
        Just("</a></b><table><tr><td>&nbsp;&#x".to_owned()),
        Just("http://www.example.com/ www. ://".to_owned()),
        "<p [on=' \u{e4}\u{3000}-]{0,8}>",
        "[ -~\u{e4}\u{3000}\\n]{0,30}",
        any::<String>().prop_map(|text| text.chars().take(20).collect()),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_a_message(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        check(&raw, &Settings::default());
        check(&raw, &small());
    }

    #[test]
    fn any_mixture_of_mail_is_a_message(pieces in proptest::collection::vec(piece(), 0..40)) {
        let raw = pieces.concat();
        check(raw.as_bytes(), &Settings::default());
        check(raw.as_bytes(), &small());
    }

    #[test]
    fn a_header_is_the_same_with_either_line_end(lines in proptest::collection::vec("[A-Za-z]{1,8}:[ -~]{0,20}", 0..10)) {
        let values = |ending: &str| {
            let raw = lines.iter().map(|line| format!("{line}{ending}")).collect::<String>() + ending;
            header_fields(raw.as_bytes()).map(|field| field.value.to_vec()).collect::<Vec<_>>()
        };
        prop_assert_eq!(values("\n"), values("\r\n"));
    }
}
