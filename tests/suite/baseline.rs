//! Baselines as a whole: what is recalled after what was learned.

use std::collections::HashSet;
use std::path::Path;

use kith::auth::AuthResults;
use kith::baseline::{Baseline, Baselines, Learned, Observation, OpenError, Profile, Query, Settings, Subject};
use kith::mail::{Address, Direction, Domain, Envelope, Mailbox, Moment, Network, Organisation};
use kith::message::{Attachment, Contents, Message, Texts};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;

/// One message in a line of words, and what became of it.
#[derive(Clone, Debug)]
pub struct Mail {
    pub id: String,
    pub from: String,
    pub name: String,
    pub to: Vec<String>,
    pub client: String,
    pub at: Moment,
    pub login: bool,
    pub proved: bool,
    pub delivered: bool,
    pub refused: bool,
    /// Message-IDs that it names as its thread, the first one first.
    pub references: Vec<String>,
    /// The name that it gives to its first recipient.
    pub calls: String,
    /// Names and addresses in Cc.
    pub copies: Vec<(String, String)>,
    /// Its text.
    pub text: String,
    /// Names of the files that it brings.
    pub files: Vec<String>,
}

impl Mail {
    pub fn new(id: &str, from: &str, to: &[&str]) -> Self {
        Self {
            id: id.to_owned(),
            from: from.to_owned(),
            name: String::new(),
            to: to.iter().map(|&r| r.to_owned()).collect(),
            client: "192.0.2.25".to_owned(),
            at: Moment(0),
            login: false,
            proved: true,
            delivered: true,
            refused: false,
            references: Vec::new(),
            calls: String::new(),
            copies: Vec::new(),
            text: String::new(),
            files: Vec::new(),
        }
    }

    pub fn on(self, day: i64) -> Self {
        Self { at: Moment(day * DAY), ..self }
    }

    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    pub fn unproved(self) -> Self {
        Self { proved: false, ..self }
    }

    pub fn refused(self) -> Self {
        Self { delivered: false, refused: true, ..self }
    }

    pub fn put_off(self) -> Self {
        Self { delivered: false, ..self }
    }

    pub fn logged_in(self) -> Self {
        Self { login: true, proved: false, ..self }
    }

    pub fn through(self, client: &str) -> Self {
        Self { client: client.to_owned(), ..self }
    }

    pub fn answering(self, references: &[&str]) -> Self {
        Self { references: references.iter().map(|&id| id.to_owned()).collect(), ..self }
    }

    pub fn query(&self) -> Query {
        let address = Address::parse(&self.from);
        let envelope = Envelope {
            client: self.client.parse().ok(),
            helo: Some("mx.host.example".to_owned()),
            login: self.login.then(|| "someone".to_owned()),
            sender: address.clone(),
            recipients: self.to.iter().filter_map(|r| Address::parse(r)).collect(),
            ..Envelope::default()
        };
        let called = self.to.first().filter(|_| !self.calls.is_empty());
        let called = called.map(|to| Mailbox { display_name: self.calls.clone(), address: Address::parse(to) });
        let copy = |(name, address): &(String, String)| Mailbox {
            display_name: name.clone(),
            address: Address::parse(address),
        };
        let texts = Texts { plain: self.text.clone(), ..Texts::default() };
        let message = Message {
            texts,
            attachments: self.files.iter().map(|name| file(name)).collect(),
            cc: self.copies.iter().map(copy).collect(),
            from: vec![Mailbox { display_name: self.name.clone(), address }],
            message_id: Some(self.id.clone()),
            references: self.references.clone(),
            in_reply_to: self.references.last().cloned().into_iter().collect(),
            to: called.into_iter().collect(),
            ..Message::default()
        };
        let organisation =
            Organisation { domains: Domain::parse("own.example").into_iter().collect(), ..Organisation::default() };
        let query = Query::of(&envelope, &message, &AuthResults::default(), &organisation, self.at);
        Query { authenticated: query.authenticated || self.proved, ..query }
    }

    pub fn observation(&self) -> Observation {
        Observation { query: self.query(), delivered: self.delivered, refused: self.refused }
    }
}

fn file(name: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        declared_type: "application/octet-stream".to_owned(),
        content_id: String::new(),
        extension: name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_owned()),
        actual_type: None,
        sha256: [name.len() as u8; 32],
        bytes: 100,
        disposition: String::new(),
        inline: false,
        contents: Contents::default(),
    }
}

pub fn settings() -> Settings {
    Settings {
        half_life_days: 30.0,
        commit_milliseconds: 5,
        young_hours: 0.0,
        settled_days: 0.0,
        ..Settings::default()
    }
}

fn open(dir: &Path) -> Baselines {
    Baselines::open(&dir.join("baseline"), &settings()).expect("writable")
}

/// The baseline of the last mail, after all mails before it were learned.
fn recalled(mails: &[Mail]) -> Baseline {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    let (last, before) = mails.split_last().expect("at least one");
    for mail in before {
        baselines.learn_now(&mail.observation());
    }
    baselines.recall(&last.query())
}

/// How usual what the last message shows of a trait is for the author's domain.
fn usual(baseline: &Baseline, name: &str) -> Option<f32> {
    Some(baseline.sender_domain.as_ref()?.usual(name)?.weight)
}

fn seen(profile: Option<&Profile>) -> (u32, f32, f32, u32) {
    profile.map_or((0, 0.0, 0.0, 0), |p| (p.seen, p.counts.trusted, p.counts.refused, p.written_to))
}

#[test]
fn nothing_is_known_before_anything_was_learned() {
    let baseline = recalled(&[Mail::new("1", "anna@a.example", &["bob@own.example"]).named("Anna")]);
    assert!(!baseline.is_known() && baseline.gaps.is_empty());
    assert_eq!((baseline.learned, baseline.watched_since), (0, None));
    assert!(baseline.sender.is_none() && baseline.sender_domain.is_none() && baseline.network.is_none());
    assert_eq!(baseline.recipients.len(), 1);
    assert_eq!(baseline.name.map(|n| n.seen), Some(0));
}

#[test]
fn a_message_is_never_part_of_its_own_baseline() {
    let mail = Mail::new("1", "anna@mail.a.example", &["bob@own.example", "eve@own.example"]).on(1);
    let again = Mail { id: "2".to_owned(), ..mail.clone() }.on(31);
    let baseline = recalled(&[mail, again]);
    assert!(baseline.is_known());
    assert_eq!((baseline.learned, baseline.watched_since), (1, Some(Moment(DAY))));
    let sender = baseline.sender.clone().expect("seen");
    assert_eq!((sender.seen, sender.counts.messages, sender.correspondents), (1, 0.5, 2));
    assert_eq!((sender.first_seen, sender.last_seen), (Moment(DAY), Moment(DAY)));
    assert_eq!(seen(baseline.sender_domain.as_ref()), (1, 0.5, 0.0, 0));
    assert_eq!(seen(baseline.network.as_ref()), (1, 0.5, 0.0, 0));
    assert_eq!((usual(&baseline, "network"), usual(&baseline, "helo")), (Some(0.5), Some(0.5)));
    assert_eq!(usual(&baseline, "signer"), None);
    for view in &baseline.recipients {
        assert_eq!(seen(view.profile.as_ref()), (1, 0.5, 0.0, 0));
        assert_eq!(seen(view.pair.as_ref()), (1, 0.5, 0.0, 0));
        assert_eq!(seen(view.domain_pair.as_ref()), (1, 0.5, 0.0, 0));
    }
}

#[test]
fn colleagues_of_a_known_author_are_known_by_domain_alone() {
    let baseline = recalled(&[
        Mail::new("1", "anna@a.example", &["bob@own.example"]),
        Mail::new("2", "otto@a.example", &["bob@own.example"]).through("198.51.100.1"),
    ]);
    assert!(baseline.sender.is_none() && baseline.network.is_none());
    assert_eq!(usual(&baseline, "network"), Some(0.0));
    let view = &baseline.recipients[0];
    assert!(view.pair.is_none() && view.domain_pair.is_some());
}

/// What one earlier mail of anna leaves behind: seen, trusted, refused; infrastructure; name.
fn trust(mail: Mail, expected: (u32, f32, f32), network: f32, bearers: usize) {
    let next = Mail::new("next", "anna@a.example", &["bob@own.example"]).named("Anna Muster");
    let baseline = recalled(&[mail.named("Anna Muster"), next]);
    let (count, trusted, refused, _) = seen(baseline.sender.as_ref());
    assert_eq!((count, trusted, refused), expected);
    assert_eq!(seen(baseline.sender_domain.as_ref()), (count, trusted, refused, 0));
    assert_eq!(seen(baseline.recipients[0].pair.as_ref()), (count, trusted, refused, 0));
    assert_eq!(usual(&baseline, "network"), Some(network));
    assert_eq!(baseline.name.map(|n| (n.seen, n.addresses.len(), n.own)), Some((1, bearers, false)));
}

#[test]
fn only_delivered_and_authenticated_mail_builds_trust() {
    let mail = || Mail::new("1", "anna@a.example", &["bob@own.example"]);
    trust(mail(), (1, 1.0, 0.0), 1.0, 1);
    trust(mail().unproved(), (1, 0.0, 0.0), 0.0, 0);
    trust(mail().refused(), (1, 0.0, 1.0), 0.0, 0);
    trust(mail().put_off(), (1, 0.0, 0.0), 0.0, 0);
    // Both at once is a contradiction, taken for the worse.
    trust(Mail { refused: true, ..mail() }, (1, 0.0, 1.0), 0.0, 0);
}

#[test]
fn forgeries_do_not_age_a_key() {
    let mail = |id, day| Mail::new(id, "anna@a.example", &["bob@own.example"]).on(day);
    let baseline = recalled(&[mail("1", 0).unproved(), mail("2", 50), mail("3", 60).unproved(), mail("4", 61)]);
    assert_eq!(baseline.sender.map(|p| (p.first_seen, p.last_seen)), Some((Moment(50 * DAY), Moment(60 * DAY))));
}

#[test]
fn a_forgery_sent_ahead_does_not_hide_the_true_message() {
    let mail = || Mail::new("1", "anna@a.example", &["bob@own.example"]);
    let baseline = recalled(&[mail().unproved(), mail(), Mail::new("2", "anna@a.example", &[])]);
    assert_eq!(seen(baseline.sender.as_ref()), (2, 1.0, 0.0, 0));
}

#[test]
fn outbound_mail_makes_its_recipients_solicited() {
    let out = Mail::new("1", "bob@own.example", &["anna@a.example", "own2@own.example"]).logged_in();
    assert_eq!(out.query().direction, Direction::Outbound);
    let reply = Mail::new("2", "anna@a.example", &["bob@own.example", "eve@own.example"]);
    let baseline = recalled(&[out, reply]);
    assert_eq!(seen(baseline.sender.as_ref()), (0, 0.0, 0.0, 1));
    assert!(baseline.sender.is_some_and(|p| p.is_solicited()));
    assert_eq!(seen(baseline.sender_domain.as_ref()), (0, 0.0, 0.0, 1));
    let [bob, eve] = &baseline.recipients[..] else { panic!("two recipients") };
    assert_eq!(seen(bob.pair.as_ref()), (0, 0.0, 0.0, 1));
    assert_eq!(seen(bob.domain_pair.as_ref()), (0, 0.0, 0.0, 1));
    assert!(eve.pair.is_none() && eve.domain_pair.is_none() && eve.profile.is_none());
}

#[test]
fn only_what_left_makes_solicited() {
    let out = || Mail::new("1", "bob@own.example", &["anna@a.example"]);
    let reply = || Mail::new("2", "anna@a.example", &["bob@own.example"]);
    // Claimed from outside; held; passed on for an outside author.
    let forged = Mail { proved: false, ..out() };
    let forwarded = Mail { from: "eve@b.example".to_owned(), ..out().logged_in() };
    for mail in [forged, out().logged_in().refused(), forwarded] {
        assert!(recalled(&[mail, reply()]).sender.is_none());
    }
}

#[test]
fn own_names_are_those_of_own_people() {
    let own = |mail: Mail| {
        let next = Mail::new("2", "x@b.example", &["bob@own.example"]).named("Bob Muster");
        recalled(&[mail.named("Muster, Bob"), next]).name.expect("named")
    };
    let bob = || Mail::new("1", "bob@own.example", &["anna@a.example"]);
    let logged_in = own(bob().logged_in());
    assert!(logged_in.own);
    assert_eq!(logged_in.addresses, [("bob@own.example".to_owned(), 1.0)]);
    assert!(own(bob().unproved().through("127.0.0.1")).own);
    assert!(!own(bob()).own, "an own address proved by its domain is not proved to be a person's");
    assert!(!own(Mail::new("1", "bob@b.example", &[]).logged_in()).own, "another's address");
    assert!(!own(bob().logged_in().refused()).own);
}

/// Learns the deliveries of one message and says what each was.
fn repeated(deliveries: &[Mail], expected: &[Learned], counts: (u32, f32, f32, u32), bob: (u32, f32, f32, u32)) {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    let learned: Vec<Learned> = deliveries.iter().map(|mail| baselines.learn_now(&mail.observation())).collect();
    assert_eq!(learned, expected);
    let baseline = baselines.recall(&Mail::new("next", "anna@a.example", &["bob@own.example"]).query());
    assert_eq!(seen(baseline.sender.as_ref()), counts);
    assert_eq!(seen(baseline.recipients[0].pair.as_ref()), bob);
    assert_eq!(baseline.learned, 1);
}

#[test]
fn a_retry_is_not_counted_twice() {
    use Learned::{Counted, Known};
    let mail = |to: &[&str]| Mail::new("1", "anna@a.example", to);
    let (bob, eve) = ("bob@own.example", "eve@own.example");
    repeated(&[mail(&[bob]), mail(&[bob])], &[Counted, Known], (1, 1.0, 0.0, 0), (1, 1.0, 0.0, 0));
    repeated(&[mail(&[eve]), mail(&[bob])], &[Counted, Counted], (1, 1.0, 0.0, 0), (1, 1.0, 0.0, 0));
    repeated(&[mail(&[bob]).put_off(), mail(&[bob])], &[Counted, Counted], (1, 1.0, 0.0, 0), (1, 1.0, 0.0, 0));
    repeated(
        &[mail(&[bob]).refused(), mail(&[bob]).refused(), mail(&[bob])],
        &[Counted, Known, Counted],
        (1, 1.0, 1.0, 0),
        (1, 1.0, 1.0, 0),
    );
}

#[test]
fn a_message_is_remembered_across_a_restart_and_not_for_ever() {
    let folder = tempfile::tempdir().expect("writable");
    let mail = Mail::new("1", "anna@a.example", &["bob@own.example"]).on(10);
    let baselines = open(folder.path());
    assert_eq!(baselines.learn_now(&mail.observation()), Learned::Counted);
    drop(baselines);
    let baselines = open(folder.path());
    assert_eq!(baselines.learn_now(&mail.clone().on(16).observation()), Learned::Known);
    assert_eq!(baselines.learn_now(&mail.on(17).observation()), Learned::Counted);
}

#[test]
fn recipients_beyond_the_bound_have_no_view() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    let recipients = |n: usize| (0..n).map(|n| format!("r{n}@own.example")).collect::<Vec<_>>();
    let max = settings().recipients_max;
    for count in [max, max + 1] {
        let mail = Mail { to: recipients(count), ..Mail::new("1", "anna@a.example", &[]) };
        assert_eq!(baselines.recall(&mail.query()).recipients.len(), max);
    }
    let (learned, beyond) = (settings().recipients_learned_max, settings().recipients_learned_max + 1);
    let mail = Mail { to: recipients(beyond), ..Mail::new("1", "anna@a.example", &[]) };
    baselines.learn_now(&mail.observation());
    let pair = |n: usize| {
        let to = Address::parse(&format!("r{n}@own.example")).expect("valid");
        let from = Address::parse("anna@a.example").expect("valid");
        baselines.show(&Subject::Pair(from, to), Moment(0)).expect("readable")
    };
    assert!(pair(learned - 1).is_some() && pair(learned).is_none());
}

#[test]
fn a_full_queue_drops_and_counts() {
    let folder = tempfile::tempdir().expect("writable");
    let settings = Settings { learn_queue_max: 2, commit_milliseconds: 3_600_000, ..settings() };
    let baselines = Baselines::open(&folder.path().join("b"), &settings).expect("writable");
    let observation = |n: usize| Mail::new(&n.to_string(), "anna@a.example", &[]).observation();
    // The writer may take what waits at any time; without it the queue would hold two.
    let outcomes: Vec<Learned> = (0..1_000).map(|n| baselines.learn(observation(n))).collect();
    let queued = outcomes.iter().filter(|o| **o == Learned::Queued).count() as u64;
    baselines.flush();
    let state = baselines.state();
    assert!(queued >= 2 && queued + state.dropped == 1_000);
    assert_eq!((state.learned, state.queued), (queued, 0));
}

#[test]
fn too_much_that_waits_stops_learning() {
    let folder = tempfile::tempdir().expect("writable");
    let observation = |n: usize| Mail::new(&n.to_string(), &format!("a{n}@a.example"), &[]).observation();
    let settings = Settings { pending_bytes_max: 0, ..settings() };
    let baselines = Baselines::open(&folder.path().join("b"), &settings).expect("writable");
    assert_eq!(baselines.learn_now(&observation(1)), Learned::Dropped);
    assert_eq!(baselines.state().dropped, 1);
}

#[test]
fn what_was_queued_is_seen_after_a_flush_and_kept_by_closing() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    let ask = Mail::new("ask", "anna@a.example", &["bob@own.example"]).query();
    for n in 0..100 {
        baselines.learn(Mail::new(&n.to_string(), "anna@a.example", &["bob@own.example"]).observation());
    }
    baselines.flush();
    assert_eq!(baselines.recall(&ask).sender.map(|p| p.seen), Some(100));
    baselines.learn(Mail::new("last", "anna@a.example", &[]).observation());
    drop(baselines.clone());
    drop(baselines);
    assert_eq!(open(folder.path()).recall(&ask).sender.map(|p| p.seen), Some(101));
}

#[test]
fn an_import_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    assert_eq!(baselines.import_mark("mbox"), None);
    for n in 1..=10u64 {
        let mail = Mail::new(&n.to_string(), "anna@a.example", &["bob@own.example"]);
        assert_eq!(baselines.learn_import(&mail.observation(), "mbox", n), Learned::Counted);
        assert_eq!(baselines.import_mark("mbox"), Some(n));
    }
    baselines.set_import_mark("maildir", 7);
    baselines.sync().expect("room");
    drop(baselines);
    let baselines = open(folder.path());
    assert_eq!(baselines.import_mark("mbox"), Some(10));
    assert_eq!(baselines.import_mark("maildir"), Some(7));
    assert_eq!(baselines.state().learned, 10);
}

#[test]
fn profiles_can_be_shown() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    baselines.learn_now(&Mail::new("1", "Anna@mail.a.example", &["bob@own.example"]).observation());
    let address = |text| Address::parse(text).expect("valid");
    let shown = |subject| baselines.show(&subject, Moment(0)).expect("readable").map(|p| p.seen);
    assert_eq!(shown(Subject::Sender(address("anna@mail.a.example"))), Some(1));
    assert_eq!(shown(Subject::Domain(Domain::parse("a.example").expect("valid"))), Some(1));
    assert_eq!(shown(Subject::Recipient(address("bob@own.example"))), Some(1));
    assert_eq!(shown(Subject::Pair(address("anna@mail.a.example"), address("bob@own.example"))), Some(1));
    assert_eq!(shown(Subject::Sender(address("bob@own.example"))), None);
}

#[test]
fn hostile_names_and_envelopes_are_learned_within_bounds() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    let long = format!("{}@{}.example", "ä".repeat(100), "x".repeat(60));
    let mails = [
        Mail::new("", "", &[]),
        Mail { client: String::new(), ..Mail::new(&"i".repeat(1_000_000), &long, &[&long, &long]) },
        Mail { to: vec![long; 100_000], ..Mail::new("\0", "a@b.example", &[]) }.named(&"\u{202e}é\0".repeat(100_000)),
        Mail { at: Moment(i64::MIN), ..Mail::new("1", "a@b.example", &["c@d.example"]) },
        Mail { at: Moment(i64::MAX), ..Mail::new("2", "a@b.example", &["c@d.example"]) },
    ];
    for mail in &mails {
        baselines.recall(&mail.query());
        baselines.learn(mail.observation());
        baselines.flush();
        assert!(baselines.recall(&mail.query()).gaps.is_empty());
    }
    assert!(baselines.state().pending_bytes < 100_000);
}

#[test]
fn a_corrupt_store_is_set_aside() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    drop(open(folder.path()));
    std::fs::write(dir.join("version"), "nonsense").expect("writable");
    let refused = Baselines::open(&dir, &settings()).map(|_| ()).expect_err("corrupt");
    assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused}");
    let (baselines, aside) = Baselines::open_or_set_aside(&dir, &settings()).expect("moved away");
    let aside = aside.expect("moved away");
    assert!(aside.moved_to.join("version").exists() && aside.to_string().contains("start anew"));
    let mail = Mail::new("1", "anna@a.example", &["bob@own.example"]);
    assert_eq!(baselines.learn_now(&mail.observation()), Learned::Counted);
    drop(baselines);
    let (baselines, aside) = Baselines::open_or_set_aside(&dir, &settings()).expect("sound");
    assert_eq!((aside, baselines.state().learned), (None, 1));
}

#[test]
fn a_store_in_use_is_not_set_aside() {
    let folder = tempfile::tempdir().expect("writable");
    let _first = open(folder.path());
    let second = Baselines::open_or_set_aside(&folder.path().join("baseline"), &settings()).map(|_| ());
    assert!(matches!(second, Err(OpenError::Locked { .. })), "{second:?}");
}

#[test]
fn recall_and_learn_go_on_from_many_threads() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let baselines = baselines.clone();
            scope.spawn(move || {
                for n in 0..200 {
                    let mail = Mail::new(&format!("{thread}.{n}"), "anna@a.example", &["bob@own.example"]);
                    assert!(baselines.recall(&mail.query()).gaps.is_empty());
                    if thread % 2 == 0 {
                        baselines.learn(mail.observation());
                    } else {
                        baselines.learn_now(&mail.observation());
                    }
                }
            });
        }
    });
    baselines.flush();
    let baseline = baselines.recall(&Mail::new("ask", "anna@a.example", &["bob@own.example"]).query());
    assert_eq!(baseline.sender.map(|p| p.seen), Some(800));
    assert_eq!(baseline.learned, 800);
}

type Event = (Moment, bool, bool);

/// The profile that the plain sum over a list of events gives.
#[derive(Default)]
struct Naive {
    /// When, whether trusted, whether refused.
    events: Vec<Event>,
    written: Vec<Moment>,
    with: HashSet<String>,
}

impl Naive {
    fn agrees(&self, profile: Option<&Profile>, at: Moment) -> Result<(), TestCaseError> {
        prop_assert_eq!(profile.is_some(), !self.events.is_empty() || !self.written.is_empty());
        let Some(profile) = profile else { return Ok(()) };
        let worth = |moment: Moment| 0.5f64.powf(at.days_since(moment).max(0.0) / 30.0);
        let sum =
            |pick: &dyn Fn(&Event) -> bool| -> f64 { self.events.iter().filter(|e| pick(e)).map(|e| worth(e.0)).sum() };
        let close = |shown: f32, expected: f64| (f64::from(shown) - expected).abs() < 1e-4 * (1.0 + expected);
        prop_assert!(close(profile.counts.messages, sum(&|_| true)), "{:?} {}", profile, sum(&|_| true));
        prop_assert!(close(profile.counts.trusted, sum(&|e| e.1)));
        prop_assert!(close(profile.counts.refused, sum(&|e| e.2)));
        prop_assert!(close(profile.counts.written_to, self.written.iter().map(|m| worth(*m)).sum()));
        prop_assert_eq!((profile.seen as usize, profile.written_to as usize), (self.events.len(), self.written.len()));
        prop_assert_eq!(profile.correspondents as usize, self.with.len());
        let first = |trusted: bool| self.events.iter().filter(|e| e.1 || !trusted).map(|e| e.0).min();
        if let Some(expected) = first(true).or(first(false)) {
            prop_assert_eq!(profile.first_seen, expected);
            prop_assert_eq!(Some(profile.last_seen), self.events.iter().map(|e| e.0).max());
        }
        Ok(())
    }
}

prop_compose! {
    fn mails()(
        day in 0i64..90,
        author in 0usize..5,
        to in proptest::sample::subsequence(vec![0usize, 1, 2, 3, 4], 1..4),
        fate in (any::<bool>(), 0u8..3),
        login in any::<bool>(),
    ) -> (i64, usize, Vec<usize>, bool, u8, bool) {
        (day, author, to, fate.0, fate.1, login)
    }
}

const PEOPLE: [&str; 5] = ["a@x.example", "b@x.example", "c@own.example", "d@own.example", "e@y.example"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn recall_after_many_learns_equals_a_plain_sum(drawn in proptest::collection::vec(mails(), 1..40)) {
        let folder = tempfile::tempdir().expect("writable");
        // No two messages fall into one slot.
        let settings = Settings { remembered_messages_max: u32::MAX, ..settings() };
        let baselines = Baselines::open(&folder.path().join("b"), &settings).expect("writable");
        let mut mails = Vec::new();
        for (n, (day, author, to, proved, fate, login)) in drawn.into_iter().enumerate() {
            let to: Vec<&str> = to.into_iter().map(|p| PEOPLE[p]).collect();
            let mail = Mail::new(&n.to_string(), PEOPLE[author], &to).on(day);
            mails.push(Mail { proved, login, delivered: fate == 0, refused: fate == 1, ..mail });
        }
        for (n, mail) in mails.iter().enumerate() {
            prop_assert_eq!(baselines.learn_now(&mail.observation()), Learned::Counted);
            if n % 3 == 0 {
                baselines.sync().expect("room");
                prop_assert_eq!(baselines.learn_now(&mail.observation()), Learned::Known);
            }
        }
        let at = Moment(90 * DAY);
        for from in PEOPLE {
            let baseline = baselines.recall(&Mail { at, ..Mail::new("ask", from, &PEOPLE) }.query());
            let mut sender = Naive::default();
            let mut pairs = [(); 5].map(|()| Naive::default());
            for mail in &mails {
                let own = mail.login && mail.from.ends_with("@own.example");
                let event = (mail.at, mail.delivered && (mail.proved || own), mail.refused);
                if mail.from == from {
                    sender.events.push(event);
                    sender.with.extend(mail.to.iter().filter(|_| mail.delivered).cloned());
                    for to in &mail.to {
                        pairs[PEOPLE.iter().position(|p| p == to).expect("one of them")].events.push(event);
                    }
                }
                if own && mail.delivered && mail.to.iter().any(|to| to == from) {
                    sender.written.push(mail.at);
                    pairs[PEOPLE.iter().position(|p| *p == mail.from).expect("one of them")].written.push(mail.at);
                }
            }
            sender.agrees(baseline.sender.as_ref(), at)?;
            for (pair, view) in pairs.iter().zip(&baseline.recipients) {
                pair.agrees(view.pair.as_ref(), at)?;
            }
        }
    }
}

#[test]
fn networks_count_their_domains() {
    let baseline = recalled(&[
        Mail::new("1", "a@x.example", &[]).through("192.0.2.1"),
        Mail::new("2", "b@x.example", &[]).through("192.0.2.2"),
        Mail::new("3", "c@y.example", &[]).through("192.0.2.3"),
        Mail::new("4", "d@z.example", &[]).through("192.0.2.4"),
    ]);
    assert_eq!(baseline.network.map(|p| (p.seen, p.correspondents)), Some((3, 2)));
    assert_eq!("192.0.2.4".parse().ok().map(Network::of_client).map(|n| n.to_string()), Some("192.0.2.0/24".into()));
}
