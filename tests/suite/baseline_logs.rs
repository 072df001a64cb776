//! A cold start from Postfix's logs: ties without content, read on where an import stopped.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::commands::kith;

/// Lines of one message: who brought it with which login, from whom, to whom.
fn message(text: &mut String, n: usize, day: usize, client: &str, login: &str, from: &str, to: &[&str]) {
    let login = if login.is_empty() { String::new() } else { format!(", sasl_method=PLAIN, sasl_username={login}") };
    let mut line = |second: usize, said: &str| {
        let _ = writeln!(text, "Mar {day:>2} 09:{:02}:{second:02} mx postfix/{said}", n % 60);
    };
    let id = format!("4{n:05}A");
    line(0, &format!("smtpd[7]: connect from host[{client}]"));
    line(0, &format!("smtpd[7]: {id}: client=host[{client}]{login}"));
    line(1, &format!("cleanup[7]: {id}: message-id=<{n}@mail>"));
    line(1, &format!("qmgr[7]: {id}: from=<{from}>, size=900, nrcpt={} (queue active)", to.len()));
    for to in to {
        line(
            2,
            &format!("lmtp[7]: {id}: to=<{to}>, relay=d, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"),
        );
    }
    line(3, &format!("qmgr[7]: {id}: removed"));
}

/// Ten days of mail: our own Anna writes to a partner who answers; a stranger writes; somebody claims to be the partner
/// before Anna ever wrote.
fn log(days: std::ops::RangeInclusive<usize>) -> String {
    let mut text = String::new();
    for day in days {
        let n = day * 10;
        message(&mut text, n, day, "198.51.100.9", "", "p@partner.example", &["anna@own.example"]);
        message(&mut text, n + 1, day, "192.0.2.77", "anna", "anna@own.example", &["p@partner.example"]);
        message(
            &mut text,
            n + 2,
            day,
            "198.51.100.9",
            "",
            "p@partner.example",
            &["anna@own.example", "all@own.example"],
        );
        message(&mut text, n + 3, day, "203.0.113.5", "", "eve@stranger.example", &["anna@own.example"]);
        message(&mut text, n + 4, day, "203.0.113.5", "", "", &["anna@own.example"]);
    }
    text
}

struct Store {
    folder: tempfile::TempDir,
}

impl Store {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        fs::write(folder.path().join("kith.toml"), "[organisation]\ndomains = [\"own.example\"]\n").expect("writable");
        Self { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let (what, rest) = arguments.split_first().expect("a command");
        let (config, state) = (self.path("kith.toml"), self.path("state"));
        kith(&[&["baseline", what, "--config", &config, "--state", &state], rest].concat())
    }

    /// Imports logs, and says what the program said.
    fn import(&self, logs: &[&str]) -> String {
        let output = self.run(&[&["import", "--postfix-log"], logs].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn show(&self, key: &str) -> Vec<Value> {
        let output = self.run(&["show", "--json", key]);
        String::from_utf8_lossy(&output.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("writable");
        path.display().to_string()
    }
}

#[test]
fn a_log_tells_who_wrote_to_whom_and_when() {
    let store = Store::new();
    let path = store.write("mail.log", &log(1..=10));
    assert_eq!(store.import(&[&path]), "50 messages learned, 0 were learned before\n");
    let partner = &store.show("p@partner.example")[0];
    assert_eq!((&partner["seen"], &partner["written_to"]), (&20.into(), &10.into()));
    // The first came before Anna wrote there, and proves nothing; what followed is of somebody known.
    let recent = &partner["recent"];
    let (messages, trusted) =
        (recent["messages"].as_f64().expect("a number"), recent["trusted"].as_f64().expect("a number"));
    assert!(trusted > 0.9 * messages && trusted < messages, "{recent}");
    assert_eq!(partner["usual"], Value::Array(Vec::new()), "a log shows no trait");
    let stranger = &store.show("eve@stranger.example")[0];
    assert_eq!((&stranger["seen"], &stranger["recent"]["trusted"]), (&10.into(), &0.0.into()));
    let pair = &store.show("p@partner.example:all@own.example")[0];
    assert_eq!(pair["seen"], 10);
}

#[test]
fn a_log_is_read_on_where_it_was_left() {
    let store = Store::new();
    let log = log(1..=10);
    let path = store.write("mail.log", &log[..log.len() / 2]);
    let first = store.import(&[&path]);
    assert!(first.ends_with(" messages learned, 0 were learned before\n"), "{first}");
    let count = |said: &str| said.split(' ').next().and_then(|n| n.parse::<usize>().ok()).expect("a number");
    // It grew; then it was rotated, and another follows, in which a message ends that began before.
    let path = store.write("mail.log", &log);
    let second = store.import(&[&path]);
    assert_eq!(count(&first) + count(&second), 50, "{first}{second}");
    assert_eq!(store.import(&[&path]), "0 messages learned, 50 were learned before\n");
    let mut next = String::new();
    message(&mut next, 500, 11, "198.51.100.9", "", "p@partner.example", &["anna@own.example"]);
    let (began, ended) = next.split_at(next.find("Mar 11 09:20:03").expect("there"));
    let rotated = store.write("mail.log.1", &(log + began));
    fs::remove_file(&path).expect("there");
    let path = store.write("mail.log", ended);
    assert_eq!(store.import(&[&path, &rotated]), "1 messages learned, 50 were learned before\n");
    assert_eq!(store.show("p@partner.example")[0]["seen"], 21);
}

#[test]
fn an_import_that_is_killed_goes_on() {
    let store = Store::new();
    let mut text = String::new();
    for n in 0..3_000 {
        message(&mut text, n, 1 + n / 120, "192.0.2.77", "anna", "anna@own.example", &[&format!("p{n}@x{n}.example")]);
    }
    let path = store.write("mail.log", &text);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_kith"))
        .args(["baseline", "import", "--config", &store.path("kith.toml"), "--state", &store.path("state")])
        .args(["--postfix-log", &path])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the program");
    let start = std::time::Instant::now();
    let facts = || fs::metadata(Path::new(&store.path("state")).join("baseline/0.jnl")).is_ok();
    while !facts() && start.elapsed().as_secs() < 60 {
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
    std::thread::park_timeout(std::time::Duration::from_millis(600));
    child.kill().expect("ours");
    child.wait().expect("ours");
    let said = store.import(&[&path]);
    let numbers: Vec<usize> = said.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert_eq!(numbers.iter().sum::<usize>(), 3_000, "{said}");
    assert_eq!(store.show("anna@own.example")[0]["seen"], 3_000);
}

#[test]
fn wrong_arguments_are_told() {
    let store = Store::new();
    assert_eq!(store.run(&["import"]).status.code(), Some(64));
    let path = store.write("mail.log", &log(1..=1));
    assert_eq!(store.run(&["import", "--log-zone", "CET", "--postfix-log", &path]).status.code(), Some(64));
    let output = store.run(&["import", "--postfix-log", "/nonexistent/mail.log", &path]);
    assert_eq!(output.status.code(), Some(66));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nonexistent/mail.log"));
    assert_eq!(store.show("eve@stranger.example")[0]["seen"], 1, "the other was read");
}
