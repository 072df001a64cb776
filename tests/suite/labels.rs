//! What people say of decisions: given, corrected, from mailboxes, and where it flows.

use std::fs;
use std::process::Stdio;

use kith::decision::DecisionId;
use serde_json::Value;

use crate::mta::postfix::Postfix;
use crate::mta::sink::Sink;
use crate::mta::smtp::Smtp;
use crate::mta::{leashed, until};
use crate::serve::{KITH, Kith, call};

/// Messages that passed, each delivered with its id.
struct World {
    kith: Kith,
    _sink: Sink,
    /// Each as the recipient has it, with its decision.
    mail: Vec<(DecisionId, String)>,
}

impl World {
    fn start(count: usize) -> Self {
        let kith = Kith::start("[policy.tagging]\nheaders = \"everything\"\n");
        let sink = Sink::start();
        let postfix = Postfix::start(&sink, &kith.milter(), &[]);
        for number in 0..count {
            let mail = format!(
                "From: ann@sender.example\r\nTo: bob@kith.test\r\nSubject: number {number}\r\n\
                 Message-ID: <{number}@sender.example>\r\n\r\nAt one?\r\n"
            );
            let sent = Smtp::connect(postfix.port()).send("ann@sender.example", &["bob@kith.test"], mail.as_bytes());
            assert_eq!(sent.code(), 250);
        }
        let mut delivered = sink.wait_for(count);
        delivered.sort_by_key(|one| one.header("Subject"));
        let id = |text: &String| DecisionId::parse(text).expect("an id");
        let mail = delivered.into_iter().map(|one| (id(&one.header("X-Kith-ID")[0]), one.message)).collect();
        Self { kith, _sink: sink, mail }
    }

    fn labels(&self) -> Vec<Value> {
        let text = self.kith.run(&["label", "--list", "--json"]);
        text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    }

    fn attacks(&self) -> usize {
        let text = self.kith.run(&["baseline", "show", "--json", "ann@sender.example"]);
        let object: Value = serde_json::from_str(text.lines().next().expect("known")).expect("an object");
        object["recent"]["attacks"].as_f64().map_or(0, |count| count.round() as usize)
    }
}

#[test]
fn a_label_is_kept_corrected_and_takes_trust_back() {
    let mut world = World::start(2);
    let (first, second) = (world.mail[0].0.to_string(), world.mail[1].0.to_string());
    // The daemon has the baselines, and does it.
    let said = world.kith.run(&["label", "--who", "eve", "--note", "the link", &first, "attack:credential_phishing"]);
    assert!(said.contains("1 messages taken back"), "{said}");
    world.kith.run(&["label", &second, "attack"]);
    let corrected = world.kith.run(&["label", &second, "safe"]);
    assert!(corrected.contains("1 messages given back"), "{corrected}");
    let labels = world.labels();
    let field = |name: &str| labels.iter().map(|label| label[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("label"), ["attack", "attack", "safe"]);
    assert_eq!((&labels[0]["who"], &labels[0]["category"]), (&"eve".into(), &"credential_phishing".into()));
    world.kith.signal("TERM");
    world.kith.wait();
    assert_eq!(world.attacks(), 1, "a correction gives trust back");
    let back = |what: &str| world.kith.run(&["baseline", what, &first]);
    assert!(back("give-back").contains("1 messages are attacks no longer"));
    assert!(back("take-back").contains("1 messages labelled as attacks"));
    let csv = world.kith.state().with_file_name("examples.csv");
    let said = world.kith.run(&["label", "--examples", &csv.display().to_string()]);
    assert!(said.starts_with("2 examples written; of 0 "), "{said}");
    let csv = fs::read_to_string(csv).expect("written");
    let attacks: Vec<_> = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap_or_default()).collect();
    assert_eq!(
        (attacks, csv.lines().next().map(|head| head.contains(",reply_to_differs,"))),
        (vec!["1", "0"], Some(true))
    );
    let unknown = call(&world.kith.state().with_file_name(""), &["label", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "safe"]);
    assert_eq!(unknown.status.code(), Some(66));
}

#[test]
fn a_mailbox_of_reports_labels_what_its_senders_got() {
    let world = World::start(4);
    let maildir = world.kith.state().with_file_name("abuse");
    for folder in ["new", "cur", "tmp"] {
        fs::create_dir_all(maildir.join(folder)).expect("room");
    }
    let put = |name: &str, mail: &str| fs::write(maildir.join("new").join(name), mail).expect("room");
    let report = |by: &str, original: &str| {
        format!(
            "From: {by}\r\nMessage-ID: <r@kith.test>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\
             look\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--b--\r\n"
        )
    };
    put("1", &report("bob@kith.test", &world.mail[0].1));
    put("2", &report("eve@evil.example", &world.mail[1].1));
    put("3", &world.mail[2].1.replace("X-Kith-ID", "X-Other"));
    let dir = maildir.display().to_string();
    let arguments = ["label", "--from-maildir", &dir, "--as", "attack:spam"];
    let said = world.kith.run(&arguments);
    assert!(said.ends_with("2 decisions labelled by 3 messages\n"), "{said}");
    let labels = world.labels();
    let ids: Vec<_> = labels.iter().map(|label| label["id"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(ids, [world.mail[0].0.to_string(), world.mail[2].0.to_string()]);
    assert_eq!((&labels[0]["who"], &labels[0]["how"]), (&"bob@kith.test".into(), &"mailbox".into()));
    assert!(world.kith.run(&arguments).ends_with("0 decisions labelled by 3 messages\n"), "nothing is said twice");

    let mut watching = leashed(std::path::Path::new(KITH));
    watching.args(arguments).arg("--watch").arg("--config").arg(world.kith.state().with_file_name("kith.toml"));
    let mut watching = watching.arg("--state").arg(world.kith.state()).stdout(Stdio::null()).spawn().expect("runs");
    put("4", &world.mail[3].1);
    until("what arrives is labelled", || (world.labels().len() == 3).then_some(()));
    crate::mta::end(&mut watching);
}
