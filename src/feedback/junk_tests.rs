//! Mail moved into Junk and out of it, by its owner and by rules, over the daemon's ends.

use super::*;
use crate::decision::{DecisionId, Verdict};
use crate::journal::{self, Entry, Session};
use crate::labels::{Book, Label};
use crate::mail::Domain;

const OWNER: &str = "ann@own.example";

/// A state folder with decisions, and the Maildir of one of our own.
struct World {
    folder: tempfile::TempDir,
    settings: Settings,
}

/// Of this day: what people move is fresh.
fn id(n: u128) -> DecisionId {
    DecisionId::new(Moment(Moment::now().0 / 86_400_000 * 86_400_000), n)
}

impl World {
    /// Decisions 1 to 9 were of mail for the owner, 4 bears a mark; 0 was for another.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let state = folder.path().join("state");
        fs::create_dir_all(state.join(journal::FOLDER)).expect("room");
        let line = |n: u128| {
            let recipients = vec![if n == 0 { "bob@own.example".to_owned() } else { OWNER.to_owned() }];
            let entry = Entry {
                id: id(n),
                message_id: Some(format!("{n}@x")),
                envelope: Session { recipients, ..Session::default() },
                action: if n == 4 { Verdict::Tag } else { Verdict::Accept },
                ..Entry::default()
            };
            serde_json::to_string(&entry).expect("plain") + "\n"
        };
        let lines: String = (0..10).map(line).collect();
        fs::write(state.join(journal::FOLDER).join("journal.jsonl"), lines).expect("room");
        let junk_folders = vec![format!("{}/mail/{{domain}}/{{local}}/.Junk", folder.path().display())];
        let world = Self { folder, settings: Settings { junk_folders, ..Settings::default() } };
        for maildir in ["", ".Junk"] {
            for part in ["new", "cur", "tmp"] {
                fs::create_dir_all(world.maildir().join(maildir).join(part)).expect("room");
            }
        }
        world
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn maildir(&self) -> PathBuf {
        self.folder.path().join("mail/own.example/ann")
    }

    /// Puts a message somewhere.
    fn put(&self, place: &str, n: u128) {
        fs::write(self.maildir().join(place), format!("Message-ID: <{n}@x>\nFrom: a@x.example\n\nx\n")).expect("room");
    }

    /// As mail programs do it: another name there, then gone here.
    fn moved(&self, from: &str, to: &str, n: u128) {
        self.put(to, n);
        fs::remove_file(self.maildir().join(from)).expect("there");
    }

    fn look(&self) -> usize {
        let domains = vec![Domain::parse("own.example").expect("valid")];
        let organisation = Organisation { domains, ..Organisation::default() };
        look_into_junk(&self.state(), &self.settings, &organisation, Moment::now()).expect("readable")
    }

    fn labels(&self) -> Vec<(DecisionId, String)> {
        let labels = Book::of(&self.state()).all().expect("readable");
        assert!(labels.iter().all(|label| label.who == OWNER && label.how == HOW));
        labels.iter().map(|label: &Label| (label.id, label.words())).collect()
    }
}

const HOW: How = How::JunkFolder;

#[test]
fn what_is_moved_in_is_an_attack_and_what_is_moved_out_is_safe() {
    let world = World::new();
    world.put(".Junk/cur/old:2,S", 9);
    assert_eq!(world.look(), 0, "nobody knows when it was moved");
    world.put(".Junk/new/a", 1);
    world.put(".Junk/cur/b:2,S", 2);
    assert_eq!((world.look(), world.look()), (2, 0));
    fs::rename(world.maildir().join(".Junk/new/a"), world.maildir().join(".Junk/cur/a:2,S")).expect("there");
    assert_eq!(world.look(), 0, "it was only read");
    world.moved(".Junk/cur/a:2,S", "cur/z:2,S", 1);
    fs::remove_file(world.maildir().join(".Junk/cur/b:2,S")).expect("there");
    fs::remove_file(world.maildir().join(".Junk/cur/old:2,S")).expect("there");
    assert_eq!((world.look(), world.look()), (1, 0));
    let spam = || "attack:spam".to_owned();
    assert_eq!(
        world.labels(),
        [(id(1), spam()), (id(2), spam()), (id(1), "safe".to_owned())],
        "what is deleted is not safe"
    );
}

#[test]
fn what_tells_nothing_of_the_owner_is_not_labelled() {
    let world = World::new();
    world.look();
    world.put(".Junk/new/a", 0);
    world.put(".Junk/new/b", 4);
    world.put(".Junk/new/c", 77);
    assert_eq!(world.look(), 0, "for another, filed by its mark, unknown");
    world.moved(".Junk/new/b", "new/b2", 4);
    world.moved(".Junk/new/a", "new/a2", 0);
    assert_eq!(world.look(), 1);
    assert_eq!(world.labels(), [(id(4), "safe".to_owned())], "he looked for what was marked");
}

#[test]
fn a_look_has_a_bound_and_a_day_too() {
    let mut world = World::new();
    world.look();
    (1..=3).for_each(|n| world.put(&format!(".Junk/new/{n}"), n));
    world.settings.messages_per_look_max = 2;
    assert_eq!((world.look(), world.look(), world.look()), (2, 1, 0));
    world.settings.reports_per_day_max = 4;
    (5..=6).for_each(|n| world.put(&format!(".Junk/new/{n}"), n));
    assert_eq!((world.look(), world.look(), world.labels().len()), (1, 0, 4));
}

#[test]
fn a_daemon_that_ends_after_a_label_gives_it_once() {
    let world = World::new();
    world.look();
    let before = fs::read_dir(world.state().join("feedback")).expect("there").flatten().next().expect("one").path();
    let seen = fs::read(&before).expect("there");
    world.put(".Junk/new/a", 1);
    assert_eq!(world.look(), 1);
    // It ended before it wrote down that it had looked.
    fs::write(&before, seen).expect("room");
    assert_eq!((world.look(), world.labels().len()), (0, 1));
}

#[test]
fn a_pattern_names_folders_and_their_owners() {
    let root = tempfile::tempdir().expect("a directory");
    for path in ["own.example/ann/.Junk", "own.example/bob", "x y/cay/.Junk", "by/dan@own.example/Maildir/.Junk"] {
        fs::create_dir_all(root.path().join(path)).expect("room");
    }
    let check = |pattern: &str, expected: &[(&str, &str)]| {
        let found = folders(&format!("{}/{pattern}", root.path().display()));
        let shown: Vec<_> = found.iter().map(|(path, owner)| (path.clone(), owner.to_string())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(path, owner)| (root.path().join(path), (*owner).to_owned())).collect();
        assert_eq!(shown, expected, "{pattern}");
    };
    check("{domain}/{local}/.Junk", &[("own.example/ann/.Junk", "ann@own.example")]);
    check("by/{address}/Maildir/.Junk", &[("by/dan@own.example/Maildir/.Junk", "dan@own.example")]);
    check("by/{local}@{domain}/.Junk", &[]);
    check("nowhere/{address}", &[]);
}
