//! The journal's tables from the command line: packed, asked in SQL, reported, and read by other engines alike.

use std::fs;
use std::path::Path;

use kith::decision::DecisionId;
use kith::mail::Moment;

use crate::commands::{kith, out};

/// A state directory with so many decisions over three days: every fifth is held, every seventh tagged, and every third of
/// either is labelled, wrongly held ones among them. Some messages that passed are labelled, too.
pub fn filled(decisions: i64) -> tempfile::TempDir {
    let state = tempfile::tempdir().expect("a directory");
    fs::create_dir_all(state.path().join("journal")).expect("made");
    let (mut journal, mut labels) = (String::new(), String::new());
    let begin = Moment::now().0 - 3 * 86_400_000;
    for n in 0..decisions {
        let ms = begin + n * (2 * 86_400_000 / decisions.max(1));
        let (at, id) = (Moment(ms).rfc3339(), DecisionId::new(Moment(ms), n as u128));
        let (verdict, score) = match n {
            n if n % 5 == 0 => ("hold", 4.75 + (n % 8) as f32 / 4.0),
            n if n % 7 == 0 => ("tag", 2.25 + (n % 4) as f32 / 2.0),
            _ => ("accept", -4.0 + (n % 24) as f32 / 4.0),
        };
        let category = if verdict == "accept" { "null" } else { "\"credential_phishing\"" };
        let half = (score + 1.5) / 2.0;
        journal += &format!(
            "{{\"id\":\"{id}\",\"at\":\"{at}\",\"schema\":1,\"verdict\":\"{verdict}\",\"action\":\"{verdict}\",\
             \"category\":{category},\"score\":{score},\"base\":-1.5,\"bytes\":{n},\"envelope\":{{\"recipients\":\
             [\"anna@own.example\",\"bert{}@own.example\"],\"recipient_count\":2}},\"signals\":{{\"links_count\":{}.0}},\
             \"contributions\":{{\"reply_to_differs\":{half},\"links_count\":{half}}},\"reasons\":[{{\"name\":\
             \"reply_to_differs\",\"because\":\"x\",\"contribution\":{half}}}],\"matches\":[\"rule {}\"],\
             \"digests\":{{\"model\":\"m1\"}}}}\n",
            n % 3,
            n % 6,
            n % 2,
        );
        let said = match verdict {
            "accept" if n % 31 == 1 => Some(if n % 4 == 0 { "attack" } else { "safe" }),
            "accept" => None,
            _ if n % 3 == 0 => Some(if n % 12 == 0 { "safe" } else { "attack" }),
            _ => None,
        };
        if let Some(said) = said {
            let at = Moment(ms + 3_600_000).rfc3339();
            labels += &format!(
                "{{\"id\":\"{id}\",\"label\":\"{said}\",\"category\":null,\"who\":\"anna\",\"at\":\"{at}\",\
                 \"how\":\"release\",\"weight\":1.0,\"note\":null}}\n"
            );
        }
    }
    fs::write(state.path().join("journal/journal.jsonl"), journal).expect("written");
    fs::write(state.path().join("labels.jsonl"), labels).expect("written");
    state
}

/// What a command says of a state directory, which must end well.
fn said(state: &Path, arguments: &[&str]) -> String {
    let state = state.display().to_string();
    let output = kith(&[arguments, &["--state", &state]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    out(&output)
}

#[test]
fn the_journal_is_packed_and_asked() {
    let state = filled(120);
    let packed = said(state.path(), &["journal", "pack"]);
    assert!(packed.starts_with("120 decisions packed"), "{packed}");
    assert!(said(state.path(), &["journal", "pack"]).starts_with("0 decisions packed"));
    let text = said(state.path(), &["sql", "--csv", "select verdict, count(*) n from decisions group by 1 order by 1"]);
    assert_eq!(text, "verdict,n\r\naccept,82\r\nhold,24\r\ntag,14\r\n");
    let json = said(state.path(), &["sql", "--json", "select count(*) n from deliveries", "--as-is"]);
    assert_eq!(json, "{\"n\":240}\n");
    assert!(said(state.path(), &["sql"]).contains("labels: id, label, category, who"));
    assert_eq!(
        said(state.path(), &["sql", "--csv", "select count(*) n from decisions", "--since", "0d"]),
        "n\r\n0\r\n"
    );
}

#[test]
fn a_wrong_query_says_what_was_meant() {
    let state = filled(1);
    let output = kith(&["sql", "select verdikt from decisions", "--state", &state.path().display().to_string()]);
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(64), "{why}");
    assert!(why.contains("no such column: verdikt; did you mean verdict"), "{why}");
}
