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
             \"reply_to_differs\",\"because\":\"x\",\"contribution\":{half}}}],\"rules\":{{\"matched\":[{{\"rule\":\"rule {}\"}}]}},\
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

#[test]
fn a_report_tells_what_it_knows_and_what_it_does_not() {
    let state = filled(420);
    let report = said(state.path(), &["report", "--by", "category"]);
    for expected in [
        "Decisions                    420 on ",
        "84 hold, 0 refuse, 48 tag",
        "Precision of hold and refuse 75.00 % (95 %: 56.64 to 87.32 %, 28 labels)",
        "Precision of tag             not enough labels (16)",
        "not enough labels in the audit sample",
        "Known misses                 ",
        "credential_phishing",
    ] {
        assert!(report.contains(expected), "{expected}: {report}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&said(state.path(), &["report", "--by", "rule", "--json"])).expect("an object");
    assert_eq!(json["all"]["decisions"], 420);
    assert_eq!(json["parts"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["all"]["tag_precision"]["not_enough_labels"], true);
    for by in ["detector", "model", "recipient", "day"] {
        assert!(said(state.path(), &["report", "--by", by, "--as-is"]).contains("precision"), "{by}");
    }
}

#[test]
fn a_report_of_nothing_is_a_report() {
    let state = tempfile::tempdir().expect("a directory");
    let report = said(state.path(), &["report"]);
    assert!(
        report.contains("Decisions                    0 on 0 days") && report.contains("not enough labels (0)"),
        "{report}"
    );
}

#[test]
fn an_audit_sample_is_drawn_once_and_estimated_from() {
    let state = filled(420);
    let draw = || said(state.path(), &["audit", "next", "40", "--date", "2d", "--json"]);
    let first = draw();
    assert_eq!(first.lines().count(), 40);
    assert_eq!(draw(), first, "the same day and seed give the same messages");
    let drawings = fs::read_to_string(state.path().join("audit.jsonl")).expect("written down");
    assert_eq!(drawings.lines().count(), 40, "nobody is drawn twice");
    let mut labels = fs::read_to_string(state.path().join("labels.jsonl")).expect("labels");
    for line in first.lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("an object");
        let said = if message["verdict"] == "accept" { "safe" } else { "attack" };
        labels +=
            &format!("{{\"id\":{},\"label\":\"{said}\",\"at\":\"{}\"}}\n", message["id"], Moment::now().rfc3339());
    }
    fs::write(state.path().join("labels.jsonl"), labels).expect("written");
    let report = said(state.path(), &["report"]);
    assert!(report.contains("Audit sample                 40 of 40 drawn messages are labelled"), "{report}");
    assert!(report.contains("Attacks among passed mail    0.00 % (95 %: 0.00 to"), "{report}");
    let today = kith(&["audit", "next", "--date", "0d", "--state", &state.path().display().to_string()]);
    assert_eq!(today.status.code(), Some(64));
}

#[test]
fn a_packing_that_is_killed_loses_and_doubles_nothing() {
    let state = filled(30);
    let path = state.path().display().to_string();
    let mut is_over = false;
    for milliseconds in std::iter::successors(Some(10_u64), |ms| Some(ms * 8 / 5)) {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["journal", "pack", "--state", &path])
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        if is_over {
            assert!(child.wait().expect("ends").success());
            break;
        }
        is_over = child.try_wait().expect("asked").is_some();
        // SIGKILL; one that is over already is left as it is.
        let _ = child.kill();
        child.wait().expect("ends");
    }
    for (table, rows) in [("decisions", 30), ("signals", 30), ("deliveries", 60), ("contributions", 60)] {
        let text = format!("select count(*) n, count(distinct id) ids from {table}");
        assert_eq!(said(state.path(), &["sql", "--csv", &text]), format!("n,ids\r\n{rows},30\r\n"), "{table}");
    }
}

#[test]
fn a_budget_names_a_threshold_and_shows_the_curve() {
    let state = filled(420);
    let ask = |wrong: &str, reviews: &str| {
        said(state.path(), &["budget", "--wrong-holds-per-million", wrong, "--reviews-per-day", reviews])
    };
    let wide = ask("1000000", "1000000");
    assert!(wide.contains("420 decisions with a score") && wide.contains("policy.thresholds.hold = "), "{wide}");
    assert!(ask("1", "1").contains("no threshold keeps to the budget"), "{}", ask("1", "1"));
}
