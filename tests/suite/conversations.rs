//! What baselines remember of threads and campaigns, from message to message.

use kith::auth::AuthResults;
use kith::baseline::{Baseline, Baselines, Observation, Profile, Query, Settings};
use kith::mail::{Envelope, Moment, Organisation};
use kith::message::{self, parse};

const HOUR: i64 = 3_600;

/// A message in the n-th hour, from an author with a name, with further fields; what is asked of it.
fn query(hour: i64, from: &str, to: &str, fields: &str, text: &str) -> Query {
    let raw = format!(
        "From: {from}\nTo: {to}\nMessage-ID: <{hour}@x.example>\nSubject: Minutes of Tuesday\n{fields}\n{text}"
    );
    let message = parse(raw.replace('\n', "\r\n").as_bytes(), &message::Settings::default());
    let recipients = message.to.iter().filter_map(|mailbox| mailbox.address.clone()).collect();
    let envelope = Envelope { recipients, ..Envelope::default() };
    let at = Moment::from_secs(1_768_000_000 + hour * HOUR);
    Query::of(&envelope, &message, &AuthResults::default(), &Organisation::default(), at)
}

fn learn(baselines: &Baselines, mut query: Query, trusted: bool) {
    if trusted {
        query.take_for_authentic();
    }
    baselines.learn_now(&Observation { query, delivered: trusted, refused: !trusted });
}

fn with_baselines(test: impl FnOnce(&Baselines)) {
    let folder = tempfile::tempdir().expect("temporary folder");
    test(&Baselines::open(folder.path(), &Settings::default()).expect("openable"));
}

fn absent(profile: Option<&Profile>, name: &str) -> Option<bool> {
    profile?.usual(name)?.is_absent()
}

/// A text long enough for a campaign.
const TEXT: &str = "Dear customer, your parcel could not be brought to your door since the small fee was not paid, so please \
                    choose another day and pay the fee today by the link that stands below this letter of ours.";

#[test]
fn a_campaign_counts_its_senders_although_nobody_trusts_them() {
    with_baselines(|baselines| {
        for n in 0..5 {
            let from = format!("Post <post@one{n}.example>");
            learn(baselines, query(n, &from, "bob@harbour.example", "", TEXT), false);
        }
        let recall = |from: &str| baselines.recall(&query(6, from, "bob@harbour.example", "", TEXT));
        let known = recall("Post <post@one0.example>");
        let campaign = known.campaign.as_ref();
        assert_eq!(campaign.and_then(|c| c.usual("author_domain")).map(|usual| usual.values), Some(5));
        assert_eq!(absent(campaign, "author"), Some(false));
        let other = recall("Post <post@another.example>");
        assert_eq!(absent(other.campaign.as_ref(), "author_domain"), Some(true));
        assert_eq!(
            known.sender.and_then(|sender| sender.usual("circle_size")?.is_absent()),
            None,
            "no trust, no habit"
        );
    });
}

#[test]
fn a_thread_knows_who_takes_part_and_what_it_is_about() {
    let answers = "In-Reply-To: <0@x.example>\nReferences: <0@x.example>\n";
    with_baselines(|baselines| {
        let anna = "Anna Partner <anna@partner.example>";
        learn(baselines, query(0, anna, "Bob Oak <bob@harbour.example>", "", "Dear Bob, the minutes."), true);
        let ask = |from: &str, fields: &str, text: &str| -> Baseline {
            baselines.recall(&query(1, from, "bob@harbour.example", fields, text))
        };
        let told = |baseline: &Baseline| {
            ["participant", "participant_domain", "participant_name", "parent", "subject_core"]
                .map(|name| absent(baseline.thread.as_ref(), name))
        };
        let (known, new) = (Some(false), Some(true));
        assert_eq!(told(&ask(anna, answers, "Thank you")), [known; 5]);
        let imitated = ask("Anna Partner <anna@partner-mail.example>", answers, "Thank you");
        assert_eq!(told(&imitated), [new, new, known, known, known]);
        let colleague = ask("Carl Quay <carl@partner.example>", answers, "Thank you");
        assert_eq!(told(&colleague), [new, known, new, known, known]);
        let lost = "In-Reply-To: <9@x.example>\nReferences: <0@x.example> <9@x.example>\n";
        assert_eq!(told(&ask(anna, lost, "Thank you")), [known, known, known, new, known]);
        assert!(ask(anna, "", "Thank you").thread.is_none(), "it answers nothing");
    });
}

#[test]
fn a_thread_knows_whether_it_spoke_of_money() {
    let answers = "In-Reply-To: <0@x.example>\nReferences: <0@x.example>\n";
    let spoken = |text: &str| {
        let mut spoken = None;
        with_baselines(|baselines| {
            learn(baselines, query(0, "a@partner.example", "bob@harbour.example", "", text), true);
            let asked = baselines.recall(&query(1, "a@partner.example", "bob@harbour.example", answers, "Yes"));
            spoken = absent(asked.thread.as_ref(), "money_talk");
        });
        spoken
    };
    assert_eq!(spoken("The invoice and its payment are due."), Some(false));
    assert_eq!(spoken("See you on Tuesday."), None);
}
