//! A cold start from a mailbox on a real Dovecot: over TLS, on from where it stopped, and without leaving a mark there.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use kith::mail::Moment;
use kith::mailbox::{Imap, ImapUrl};
use serde_json::Value;

/// Debian's user of mail folders: Dovecot serves no mail of root's.
const MAIL: u32 = 8;

/// Dovecot on loopback with one mailbox, and an authority of its own.
struct Server {
    folder: tempfile::TempDir,
    port: u16,
    child: Child,
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
    let output = output.expect("openssl runs; install it with: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Writes an authority, another that signed nothing, and a certificate of the first for loopback, with its key.
pub fn certify(dir: &Path) {
    for name in ["authority", "stranger"] {
        let request = "req -x509 -newkey rsa:2048 -nodes -days 2";
        openssl(dir, &format!("{request} -subj /CN={name} -keyout {name}.key -out {name}.pem"));
    }
    fs::write(dir.join("names"), "subjectAltName=IP:127.0.0.1").expect("writable");
    openssl(dir, "req -newkey rsa:2048 -nodes -subj /CN=mx -keyout mx.key -out mx.csr");
    openssl(
        dir,
        "x509 -req -in mx.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile names -out mx.pem",
    );
}

impl Server {
    fn start(messages: usize) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let dir = folder.path();
        fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).expect("ours");
        certify(dir);
        for sub in ["Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp"] {
            fs::create_dir(dir.join(sub)).expect("writable");
            chown(dir.join(sub), Some(MAIL), Some(MAIL)).expect("root runs these tests");
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let conf = dir.join("dovecot.conf");
        fs::write(&conf, configuration(dir, port)).expect("writable");
        let child = launch(dir);
        let server = Self { folder, port, child };
        server.deliver(0..messages);
        server.wait();
        server
    }

    fn wait(&self) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(start.elapsed() < Duration::from_secs(30), "dovecot does not listen: {log}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn stop(&mut self) {
        // Dovecot ends its own children when it is asked to; killed, it would leave them.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }

    /// Has Dovecot number the messages anew. It must not run meanwhile: a process of the last session that still ends
    /// would write down some of the old numbers, and those messages then have two.
    fn number_anew(&mut self) {
        self.stop();
        for entry in fs::read_dir(self.path("Maildir")).expect("readable").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("dovecot.index") || name == "dovecot-uidlist" {
                fs::remove_file(entry.path()).expect("there");
            }
        }
        // Dovecot takes the second for the new UIDVALIDITY.
        std::thread::park_timeout(Duration::from_millis(1_100));
        self.child = launch(self.folder.path());
        self.wait();
    }

    fn deliver(&self, numbers: std::ops::Range<usize>) {
        for n in numbers {
            let text = format!(
                "Received: from mx.partner.example (mx.partner.example [192.0.2.7]) by mx.own.example; {} Mar 2026 \
                 09:00:00 +0000\r\nMessage-ID: <{n}@partner.example>\r\nFrom: Paula <paula@partner.example>\r\nTo: \
                 own@own.example\r\nSubject: Report\r\nDate: {} Mar 2026 10:00:00 +0100\r\n\r\nHello.\r\n{}",
                1 + n % 28,
                1 + n % 28,
                "x".repeat(n * 100),
            );
            // As every deliverer does: what is half written is not there yet.
            let [half, whole] = ["tmp", "new"]
                .map(|sub| self.folder.path().join(format!("Maildir/{sub}/{}.{n}.mx", 1_772_000_000 + n)));
            fs::write(&half, text).expect("writable");
            chown(&half, Some(MAIL), Some(MAIL)).expect("root runs these tests");
            fs::rename(&half, &whole).expect("one file system");
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Imports the mailbox; what else is given stands at the end.
    fn import(&self, password: &str, ca: Option<&str>, mailbox: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command.args(["baseline", "import", "--state", &self.path("state")]);
        command.args(["--imap", &format!("imaps://own%40own.example@127.0.0.1:{}/{mailbox}", self.port)]);
        command.args(ca.iter().flat_map(|ca| ["--ca".to_owned(), self.path(ca)]));
        command.env("KITH_IMAP_PASSWORD", password).stdin(Stdio::null()).output().expect("the program")
    }

    fn imported(&self) -> String {
        let output = self.import("secret", Some("authority.pem"), "INBOX");
        let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(output.status.success(), "{output:?} {}", log());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn seen(&self) -> Value {
        let state = self.path("state");
        let output = super::commands::kith(&["baseline", "show", "--json", "--state", &state, "paula@partner.example"]);
        let first = String::from_utf8_lossy(&output.stdout).lines().next().expect("known").to_owned();
        serde_json::from_str::<Value>(&first).expect("JSON")["seen"].clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn launch(dir: &Path) -> Child {
    let child =
        Command::new("dovecot").arg("-F").arg("-c").arg(dir.join("dovecot.conf")).stderr(Stdio::inherit()).spawn();
    child.expect("dovecot runs; install it with: apt-get install dovecot-imapd")
}

fn configuration(dir: &Path, port: u16) -> String {
    let dir = dir.display();
    format!(
        "base_dir = {dir}/run\nstate_dir = {dir}/run-state\nlog_path = {dir}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
         ssl = required\nssl_cert = <{dir}/mx.pem\nssl_key = <{dir}/mx.key\nfirst_valid_uid = {MAIL}\n\
         first_valid_gid = {MAIL}\n\
         passdb {{\n driver = static\n args = password=secret\n}}\n\
         userdb {{\n driver = static\n args = uid={MAIL} gid={MAIL} home={dir}/Maildir mail=maildir:{dir}/Maildir\n}}\n\
         service imap-login {{\n inet_listener imap {{\n  port = 0\n }}\n\
         \x20inet_listener imaps {{\n  port = {port}\n  ssl = yes\n }}\n}}\n"
    )
}

#[test]
fn a_mailbox_is_learned_once_and_left_as_it_was() {
    let mut server = Server::start(70);
    assert_eq!(server.imported(), "70 messages learned, 0 were learned before\n");
    assert_eq!(server.seen(), 70);
    assert_eq!(server.imported(), "0 messages learned, 70 were learned before\n");
    server.deliver(70..73);
    assert_eq!(server.imported(), "3 messages learned, 70 were learned before\n");
    assert_eq!(server.seen(), 73);
    // Nothing was marked as read or moved away.
    let names = |sub: &str| fs::read_dir(server.path(sub)).expect("readable").flatten().map(|e| e.file_name());
    let all: Vec<String> =
        names("Maildir/new").chain(names("Maildir/cur")).map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(all.len(), 73);
    assert!(all.iter().all(|name| !name.split(":2,").nth(1).is_some_and(|flags| flags.contains('S'))), "{all:?}");
    // Numbered anew, its messages are known by what they are.
    server.number_anew();
    assert_eq!(server.imported(), "73 messages learned, 0 were learned before\n");
    assert_eq!(server.seen(), 73);
}

/// Moments of the messages, in the order in which they are read, in seconds.
async fn moments(server: &Server, from: i64) -> Vec<i64> {
    let url = format!("imaps://own%40own.example@127.0.0.1:{}/INBOX", server.port);
    let authority = server.folder.path().join("authority.pem");
    let mut imap = Imap::open(&ImapUrl::parse(&url).expect("one"), "secret", Some(&authority)).await.expect("open");
    let uids = imap.uids().await.expect("told");
    imap.begin(&uids, Moment::from_secs(from)).await.expect("told");
    let mut moments = Vec::new();
    loop {
        let letters = imap.next_letters().await.expect("told");
        if letters.is_empty() {
            break;
        }
        moments.extend(letters.into_iter().map(|letter| letter.at.0 / 1_000));
    }
    imap.close().await;
    moments
}

#[test]
fn messages_are_read_in_the_order_of_time() {
    let server = Server::start(0);
    // Dovecot numbers by the names of the files, and takes their times for when they came.
    server.deliver(0..40);
    let first = 1_772_000_000;
    for n in 0..40_u64 {
        let path = server.path(&format!("Maildir/new/{}.{n}.mx", first + n));
        let file = fs::File::options().write(true).open(path).expect("there");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(first + 1_000 - n)).expect("ours");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let newest = first as i64 + 1_000;
    assert_eq!(runtime.block_on(moments(&server, 0)), (newest - 39..=newest).collect::<Vec<_>>());
    assert_eq!(runtime.block_on(moments(&server, newest - 1)), [newest - 1, newest]);
}

#[test]
fn what_keeps_a_mailbox_closed_is_told() {
    let server = Server::start(1);
    let check = |password: &str, ca: Option<&str>, mailbox: &str, code: i32, expected: &str| {
        let output = server.import(password, ca, mailbox);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(expected) && !said.contains("secret"), "{said}");
    };
    check("wrong", Some("authority.pem"), "INBOX", 69, "does not let own@own.example in");
    check("secret", Some("stranger.pem"), "INBOX", 69, "proves no name that is trusted");
    check("secret", None, "INBOX", 69, "--ca");
    check("secret", Some("missing.pem"), "INBOX", 69, "missing.pem");
    check("secret", Some("authority.pem"), "Nowhere", 69, "does not open \"Nowhere\"");
    check("secret", Some("authority.pem"), "%0d%0aA1%20LOGOUT", 64, "--imap takes imaps://");
    let file = server.path("password");
    fs::write(&file, "secret\nnot this\n").expect("writable");
    let url = format!("imaps://own%40own.example@127.0.0.1:{}", server.port);
    let (state, ca) = (server.path("state"), server.path("authority.pem"));
    let import = |more: &[&str]| {
        super::commands::kith(&[&["baseline", "import", "--state", &state, "--imap", &url, "--ca", &ca], more].concat())
    };
    let output = import(&["--password-file", &file]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(import(&["--password-file", "/nonexistent/password"]).status.code(), Some(66));
}
