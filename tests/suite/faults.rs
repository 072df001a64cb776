//! What fails around the filter: DNS, the disk, its own files. Mail flows by the policy, and the log says what is degraded.

use std::fs;
use std::path::{Path, PathBuf};

use kith::decision::{DecisionId, Verdict};
use kith::journal::{self, Entry};
use kith::mail::Missing;
use kith::quarantine::SEAL_HEADER;

use crate::dns::DnsServer;
use crate::mta::postfix::Postfix;
use crate::mta::sink::Sink;
use crate::mta::smtp::{Sent, Smtp};
use crate::mta::until;
use crate::serve::{Kith, call, fill, on_small_disk, prepared};

fn send(port: u16, subject: &str) -> Sent {
    let message = format!("From: ann@sender.example\r\nTo: bob@kith.test\r\nSubject: {subject}\r\n\r\nAt one?\r\n");
    let mut smtp = Smtp::connect_as(port, "192.0.2.7", "mail.sender.example", "mail.sender.example");
    smtp.send("ann@sender.example", &["bob@kith.test"], message.as_bytes())
}

/// The entry of the decision with which the log tells of a queue id.
fn entry_of(kith: &Kith, queue_id: &str) -> Entry {
    let id = until(&format!("the log tells of {queue_id}"), || {
        let log = kith.log();
        let line = log.lines().find_map(|line| line.strip_prefix(&format!("{queue_id}: id=")).map(str::to_owned));
        DecisionId::parse(&line?[..26])
    });
    let folder = kith.state().join(journal::FOLDER);
    until("its entry is written", || journal::find(&folder, id).expect("a readable journal"))
}

fn check_dns(what: &str) {
    let dns = DnsServer::start(what);
    let auth = format!(
        "[auth]\nresolver = \"{}\"\ndns_milliseconds_max = 1000\ndns_query_milliseconds_max = 400\n",
        dns.addr()
    );
    let kith = Kith::start(&auth);
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let sent = send(postfix.port(), "lunch");
    assert_eq!(sent.code(), 250, "{what}: {sent:?}");
    let results = sink.wait_for(1)[0].header("Authentication-Results");
    assert!(results.len() == 1 && results[0].contains("spf=temperror"), "{what}: {results:?}");
    let entry = entry_of(&kith, &sent.id().expect("Postfix took it"));
    let gaps: Vec<_> = entry.gaps.iter().map(|gap| gap.missing).collect();
    assert!(gaps.contains(&Missing::Spf) && gaps.contains(&Missing::Dmarc), "{what}: {:?}", entry.gaps);
    assert_eq!(entry.verdict, Verdict::Accept, "{what}");
    // The budget is 1 s. The machine that runs this may be slow, but an answer that takes 5 s is not waited for.
    let spent = entry.elapsed_us.0.iter().find(|(step, _)| step == "verify").map_or(0, |(_, us)| *us);
    assert!(spent < 4_500_000, "{what}: {spent} microseconds for authentication");
    kith.reload(&format!("{auth}[policy]\ndefer_on = [\"spf\"]\n"));
    kith.wait_for("settings reloaded", 1);
    let deferred = send(postfix.port(), "lunch again");
    assert_eq!(deferred.code(), 451, "{what}: {deferred:?}");
    assert!(deferred.end.lines[0].contains("it could not be checked"), "{what}: {deferred:?}");
    assert!(!kith.log().contains("panicked"), "{what}");
}

#[test]
fn a_dead_dns_is_a_gap_and_mail_flows() {
    check_dns("* TIMEOUT");
}

#[test]
fn a_failing_dns_is_a_gap_and_mail_flows() {
    check_dns("* SERVFAIL");
}

#[test]
fn a_slow_dns_is_a_gap_and_mail_flows() {
    check_dns("* DELAY 5000\nsender.example TXT \"v=spf1 -all\"");
}

#[test]
fn nothing_is_held_on_a_full_disk_and_mail_flows() {
    let kith = on_small_disk("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    assert_eq!(send(postfix.port(), "first !!!!!").code(), 250);
    until("it is held", || (postfix.held().len() == 1).then_some(()));
    fill(&kith.inside().join("filler"));
    assert_eq!(send(postfix.port(), "lunch").code(), 250);
    assert_eq!(send(postfix.port(), "second !!!!!").code(), 250);
    let delivered = sink.wait_for(2);
    assert_eq!(postfix.held().len(), 1, "what cannot be written down is not held");
    let marked = delivered.iter().filter(|one| !one.header("X-Kith-Verdict").is_empty()).collect::<Vec<_>>();
    assert_eq!(marked.len(), 1, "it is marked instead");
    kith.wait_for("hold becomes tag: ", 1);
    fs::remove_file(kith.inside().join("filler")).expect("there");
    assert_eq!(send(postfix.port(), "third !!!!!").code(), 250);
    until("there is room, so it is held", || (postfix.held().len() == 2).then_some(()));
    assert!(!kith.log().contains("panicked"), "{}", kith.log());
}

#[test]
fn a_full_disk_refuses_for_now_where_the_settings_say_so() {
    let kith = on_small_disk("[journal]\nwhen_unwritable = \"tempfail\"\n");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    fill(&kith.inside().join("filler"));
    assert_eq!(send(postfix.port(), "lunch").code(), 250);
    let held = send(postfix.port(), "hold !!!!!");
    assert_eq!(held.code(), 451, "{held:?}");
    assert_eq!(send(postfix.port(), "refuse !!!!!!!!!").code(), 451);
    kith.wait_for("hold becomes tempfail: ", 1);
    assert_eq!(sink.wait_for(1).len(), 1);
    assert!(postfix.held().is_empty());
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_corrupt_store_is_set_aside_and_mail_flows() {
    let mut kith = Kith::start("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    assert_eq!(send(postfix.port(), "before").code(), 250);
    kith.signal("TERM");
    kith.wait();
    let store = kith.state().join("baseline");
    for path in files(&store) {
        let bytes = fs::read(&path).expect("readable");
        let garbled: Vec<u8> = bytes.iter().map(|byte| byte.wrapping_mul(7) ^ 0x5a).collect();
        fs::write(&path, garbled).expect("writable");
    }
    kith.restart();
    kith.wait_for("degraded: the baselines were damaged", 1);
    let asides =
        fs::read_dir(kith.state()).expect("readable").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    assert_eq!(asides.filter(|name| name.starts_with("baseline.corrupt-")).count(), 1);
    let sent = send(postfix.port(), "after");
    assert_eq!((sent.code(), sink.wait_for(2).len()), (250, 2));
    let entry = entry_of(&kith, &sent.id().expect("Postfix took it"));
    assert!(entry.gaps.is_empty(), "the new store is as good as an empty one: {:?}", entry.gaps);
}

#[test]
fn a_store_that_another_process_has_is_done_without() {
    let folder = prepared("");
    let settings = kith::baseline::Settings::default();
    let _other = kith::baseline::Baselines::open(&folder.path().join("state/baseline"), &settings).expect("opens");
    let kith = Kith::start_on(folder, &[]);
    kith.wait_for("degraded: the baseline store", 1);
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let sent = send(postfix.port(), "lunch");
    assert_eq!((sent.code(), sink.wait_for(1).len()), (250, 1));
    let entry = entry_of(&kith, &sent.id().expect("Postfix took it"));
    assert_eq!(entry.gaps.iter().map(|gap| gap.missing).collect::<Vec<_>>(), [Missing::Baseline]);
}

#[test]
fn a_torn_journal_is_mended_and_goes_on() {
    let mut kith = Kith::start("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let first = send(postfix.port(), "first !!!!!").id().expect("Postfix took it");
    let before = entry_of(&kith, &first);
    kith.kill();
    let folder = kith.state().join(journal::FOLDER);
    let current = files(&folder).into_iter().find(|path| path.extension().is_some_and(|e| e == "jsonl"));
    let current = current.expect("a journal");
    let mut bytes = fs::read(&current).expect("readable");
    bytes.extend(b"{\"id\":\"01J9ZQ\",\"torn\0\0\xff");
    fs::write(&current, bytes).expect("writable");
    kith.restart();
    kith.wait_for("ended in the middle of a line", 1);
    let second = send(postfix.port(), "second !!!!!").id().expect("Postfix took it");
    let after = entry_of(&kith, &second);
    assert!(before.id < after.id);
    assert_eq!(journal::find(&folder, before.id).expect("readable").map(|entry| entry.queue_id), Some(Some(first)));
    assert_eq!(kith.run(&["journal", "tail"]).lines().count(), 2);
}

/// A seal key spoilt in this way: the log says so, mail flows, and what is held is held without a seal until the key is
/// mended.
fn check_seal_key(spoil: impl FnOnce(&Path), said: &str) {
    let folder = prepared("");
    let key = folder.path().join("state/seal.key");
    spoil(&key);
    let mut kith = Kith::start_on(folder, &[]);
    kith.wait_for("degraded: the seal key ", 1);
    let complaint = kith.log().lines().find(|line| line.contains("degraded: ")).map(str::to_owned).unwrap_or_default();
    assert!(complaint.contains(said) && complaint.ends_with("will be judged again"), "{said}: {complaint}");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &["non_smtpd_milters = $smtpd_milters"]);
    assert_eq!((send(postfix.port(), "lunch").code(), sink.wait_for(1).len()), (250, 1), "{said}");
    let id = send(postfix.port(), "hold !!!!!").id().expect("Postfix took it");
    let held = postfix.content(&id);
    assert!(held.contains("X-Kith-Verdict: hold (spam)\n") && !held.contains(SEAL_HEADER), "{said}: {held}");
    postfix.submit("ann@sender.example", "bob@kith.test", held.as_bytes());
    until("it is judged and held again", || (postfix.held().len() == 2).then_some(()));
    if key.is_dir() { fs::remove_dir(&key) } else { fs::remove_file(&key) }.expect("there");
    kith.signal("TERM");
    kith.wait();
    kith.restart();
    let id = send(postfix.port(), "seal !!!!!").id().expect("Postfix took it");
    assert!(postfix.content(&id).contains(SEAL_HEADER), "{said}");
    assert_eq!(kith.log().matches("degraded: ").count(), 1, "{said}");
    assert!(!kith.log().contains("panicked"), "{said}: {}", kith.log());
}

/// A key of so many bytes, for its owner alone.
fn key_of(bytes: usize) -> impl FnOnce(&Path) {
    use std::os::unix::fs::PermissionsExt;
    move |key| {
        fs::write(key, vec![7; bytes]).expect("room on disk");
        fs::set_permissions(key, fs::Permissions::from_mode(0o600)).expect("ours");
    }
}

#[test]
fn a_seal_key_that_is_no_key_is_done_without_until_it_is_mended() {
    check_seal_key(key_of(0), "has 0 bytes and not 32; remove it for a new one");
    check_seal_key(key_of(31), "has 31 bytes and not 32");
    check_seal_key(key_of(4_096), "and not 32; remove it for a new one");
    check_seal_key(|key| fs::create_dir(key).expect("a new folder"), "cannot be used: it is no file");
    check_seal_key(|key| std::os::unix::fs::symlink("nowhere", key).expect("room"), "cannot be used: No such file");
}

#[test]
fn a_disk_that_cannot_be_written_is_done_without_and_mail_flows() {
    let folder = prepared("");
    let mount = format!("mount -t tmpfs -o ro kith {}; exec \"$@\"", folder.path().join("state").display());
    let kith = Kith::start_on(folder, &["unshare", "--mount", "sh", "-c", &mount, "sh"]);
    for part in ["the seal key ", "the baseline store ", "the journal "] {
        kith.wait_for(&format!("degraded: {part}"), 1);
    }
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    assert_eq!(send(postfix.port(), "lunch").code(), 250);
    assert_eq!(send(postfix.port(), "hold !!!!!").code(), 250);
    assert_eq!(
        sink.wait_for(2).iter().filter(|one| one.header("X-Kith-Verdict") == ["hold (spam); tag instead"]).count(),
        1
    );
    kith.wait_for("hold becomes tag: there is no journal", 1);
    assert!(postfix.held().is_empty() && !kith.log().contains("panicked"), "{}", kith.log());
}

/// `serve` on such settings ends at once: with this code, saying this.
fn check_refused(own: &str, code: i32, said: &[&str]) {
    let folder = prepared(own);
    let output = call(folder.path(), &["serve"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{own}: {words}");
    for part in said {
        assert!(words.contains(part), "{own}: {words} lacks {part}");
    }
}

#[test]
fn the_daemon_does_not_start_on_what_only_the_administrator_can_mend() {
    let broken = tempfile::tempdir().expect("a folder");
    fs::write(broken.path().join("model.onnx"), b"no graph").expect("room on disk");
    fs::write(broken.path().join("model.json"), b"{}").expect("room on disk");
    let path = broken.path().display().to_string();
    check_refused("model.path = \"/nonexistent/model\"\n", 78, &["kith serve: ", "/nonexistent/model"]);
    check_refused(&format!("model.path = \"{path}\"\n"), 78, &["model", &path]);
    check_refused("policy.mod = \"act\"\n", 78, &["own.toml", "line 1", "did you mean `mode`?"]);
    check_refused(
        "policy.thresholds.hold = 1.0\n",
        78,
        &["policy.thresholds.hold = 1 lies below policy.thresholds.tag"],
    );
    check_refused("auth.resolver = \"nowhere\"\n", 78, &["auth.resolver"]);
}
