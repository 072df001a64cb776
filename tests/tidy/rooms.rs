//! The table of rooms, and what code may speak of by it.

use std::collections::BTreeMap;

use crate::paths::{Target, paths};
use crate::source::{self, Source};
use crate::{Finding, finding};

/// One row of the table in `src/README.md`.
#[derive(Debug, PartialEq)]
pub struct Room {
    pub line: usize,
    pub may_use: Vec<String>,
    pub doors: Vec<String>,
}

/// The rooms by name.
pub type Table = BTreeMap<String, Room>;

/// Where the table stands.
pub const TABLE: &str = "src/README.md";

/// Reads the table: rows of four columns whose first names a room in backticks.
pub fn table(text: &str) -> Table {
    let rows = text.lines().enumerate().filter_map(|(index, line)| {
        let cells: Vec<_> = line.trim().strip_prefix('|')?.trim_end_matches('|').split('|').map(str::trim).collect();
        let [name, _, may_use, doors] = cells.as_slice() else { return None };
        let name = name.strip_prefix('`')?.strip_suffix('`')?.to_owned();
        Some((name, Room { line: index + 1, may_use: names(may_use), doors: names(doors) }))
    });
    rows.collect()
}

fn names(cell: &str) -> Vec<String> {
    let names = cell.split(',').map(|name| name.trim().trim_matches('`').to_owned());
    names.filter(|name| !name.is_empty() && name != "—").collect()
}

/// The rows themselves: they list rooms above them, and crates that are dependencies.
pub fn check_table(table: &Table, manifest: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut doors: BTreeMap<&str, &str> = BTreeMap::new();
    if table.is_empty() {
        found.push(finding(TABLE, 1, "has no table of rooms: write one with room, what lives there, may use, door to"));
    }
    for (name, room) in table {
        for used in &room.may_use {
            match table.get(used) {
                None => found.push(finding(TABLE, room.line, &format!("`{name}` may use `{used}`, which is no room"))),
                Some(other) if other.line >= room.line => found.push(finding(
                    TABLE,
                    room.line,
                    &format!("`{name}` may use `{used}`, which stands below it: turn the dependency round"),
                )),
                Some(_) => {}
            }
        }
        for door in &room.doors {
            if !is_dependency(manifest, door) {
                let message = format!("`{name}` is the door to {door}, which is no dependency: take it out of the row");
                found.push(finding(TABLE, room.line, &message));
            }
            if let Some(other) = doors.insert(door, name) {
                found.push(finding(
                    TABLE,
                    room.line,
                    &format!("{door} has two doors, `{other}` and `{name}`: keep one"),
                ));
            }
        }
    }
    found
}

fn is_dependency(manifest: &str, door: &str) -> bool {
    let written = door.replace('_', "-");
    manifest.lines().filter_map(|line| line.split_once('=')).any(|(name, _)| {
        let name = name.trim();
        name == written || name == door
    })
}

/// Every room has a row, and every row a room. `rooms` are the folders and files of `src/`.
pub fn check_rooms(table: &Table, rooms: &[String]) -> Vec<Finding> {
    let unlisted = rooms.iter().filter(|name| !table.contains_key(*name));
    let mut found: Vec<_> = unlisted
        .map(|name| finding(&format!("src/{name}"), 1, "is not in the table of src/README.md: give it a row"))
        .collect();
    let empty = table.iter().filter(|(name, _)| !rooms.contains(name));
    found.extend(empty.map(|(name, room)| {
        finding(TABLE, room.line, &format!("`{name}` has a row and no room: a room that has nothing does not exist"))
    }));
    found
}

/// What one file of `src/` may speak of: rooms of its row, and foreign crates behind its own door.
pub fn check_paths(table: &Table, source: &Source) -> Vec<Finding> {
    let room = room_of(&source.path);
    let row = room.and_then(|name| table.get(name));
    let mut found = Vec::new();
    for mention in paths(source) {
        let message = match mention.target {
            Target::Room(name) => wrong_room(table, room, &name),
            // What a test names travels nowhere.
            Target::Outside(_) if mention.in_tests => None,
            Target::Outside(name) => {
                let door = table.iter().find(|(_, other)| other.doors.contains(&name));
                door.filter(|(_, other)| row.is_none_or(|row| row.line != other.line)).map(|(owner, _)| {
                    format!("names {name}, whose only door is `{owner}`: ask that room for what you need, in its words")
                })
            }
        };
        found.extend(message.map(|message| finding(&source.path, mention.line, &message)));
    }
    found
}

/// Why a file of `room` may not speak of the room `name`; `lib.rs` and `main.rs` stand outside and may.
fn wrong_room(table: &Table, room: Option<&str>, name: &str) -> Option<String> {
    let room = room.filter(|room| *room != name)?;
    let row = table.get(room)?;
    let Some(other) = table.get(name) else {
        return Some(format!("uses crate::{name}, which is no room: name things from the room where they live"));
    };
    if row.may_use.iter().any(|used| used == name) {
        return None;
    }
    Some(if other.line > row.line {
        format!("`{room}` uses `{name}`, which stands below it: move what is shared up, or hand it in as a value")
    } else {
        format!("`{room}` uses `{name}`, which its row does not list: list it in src/README.md, or do without")
    })
}

/// Rooms whose answer depends on nothing but what they are handed, so that a decision can be replayed.
const PURE: [&str; 3] = ["decision", "model", "signals"];

/// Words by which a pure room would reach for a clock, a disk, a network, chance or other tasks.
const IMPURE: [&str; 8] = ["Instant", "SystemTime", "TcpStream", "UdpSocket", "async", "await", "fs", "tokio"];

/// A pure room stays pure, tests aside.
pub fn check_purity(source: &Source) -> Vec<Finding> {
    if !room_of(&source.path).is_some_and(|room| PURE.contains(&room)) {
        return Vec::new();
    }
    let words = source::words(&source.product);
    // A model is read once, before any message.
    let loads = |word: &str| word == "fs" && source.path == "src/model/load.rs";
    let found = words.iter().filter(|word| IMPURE.contains(&word.text) && !loads(word.text));
    let mend = |word: &str| format!("names {word} in a room that is pure: have the value handed in");
    found.map(|word| finding(&source.path, source.line(word.at.start), &mend(word.text))).collect()
}

/// The room of a file: `auth` for `src/auth/spf.rs` and `src/auth.rs`.
pub fn room_of(path: &str) -> Option<&str> {
    let inner = path.strip_prefix("src/")?;
    let first = inner.split('/').next()?;
    Some(first.trim_end_matches(".rs")).filter(|name| !["lib", "main"].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assert_findings;

    const README: &str = "| room | what lives there | may use | door to |\n|---|---|---|---|\n\
        | `mail` | Words. | — | idna |\n| `auth` | Proof. | mail | mail_auth |\n\
        | `baseline` | Usual. | mail | fjall |\n";
    const MANIFEST: &str = "[dependencies]\nidna = \"1\"\nmail-auth = { version = \"0.13\" }\nfjall = \"3\"\n";

    fn check(file: &str, text: &str, expected: &[&str]) {
        let found = check_paths(&table(README), &Source::new(file, text));
        assert_findings(&found, expected);
    }

    #[test]
    fn the_table_is_read() {
        let table = table(README);
        assert_eq!(table.keys().collect::<Vec<_>>(), ["auth", "baseline", "mail"]);
        assert_eq!(table["auth"], Room { line: 4, may_use: vec!["mail".into()], doors: vec!["mail_auth".into()] });
        assert_findings(&check_table(&table, MANIFEST), &[]);
    }

    #[test]
    fn a_row_may_not_point_upward_nor_to_nothing() {
        let upward = README.replace("| Words. | — |", "| Words. | auth |");
        assert_findings(&check_table(&table(&upward), MANIFEST), &["src/README.md:3: `mail` may use `auth`, which"]);
        let unknown = README.replace("| mail | fjall |", "| mail, post | fjall |");
        assert_findings(&check_table(&table(&unknown), MANIFEST), &["src/README.md:5: `baseline` may use `post`"]);
        let twice = README.replace("fjall", "mail_auth");
        assert_findings(&check_table(&table(&twice), MANIFEST), &["src/README.md:5: mail_auth has two doors"]);
        let gone = MANIFEST.replace("fjall", "redb");
        assert_findings(&check_table(&table(README), &gone), &["src/README.md:5: `baseline` is the door to fjall"]);
        assert_findings(&check_table(&table(""), ""), &["src/README.md:1: has no table"]);
    }

    #[test]
    fn rooms_and_rows_agree() {
        let rooms = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_findings(&check_rooms(&table(README), &rooms(&["auth", "baseline", "mail"])), &[]);
        let found = check_rooms(&table(README), &rooms(&["auth", "mail", "post"]));
        assert_findings(&found, &["src/post:1: is not in the table", "src/README.md:5: `baseline` has a row and"]);
    }

    #[test]
    fn a_room_uses_only_rooms_of_its_row() {
        check("src/auth/spf.rs", "use crate::mail::Domain;\nuse crate::auth::X;", &[]);
        check("src/lib.rs", "pub use crate::auth::X;", &[]);
        check(
            "src/auth/spf.rs",
            "\nuse crate::baseline::X;",
            &["src/auth/spf.rs:2: `auth` uses `baseline`, which stands below"],
        );
        check(
            "src/baseline/mod.rs",
            "fn f(_: crate::auth::X) {}",
            &["src/baseline/mod.rs:1: `baseline` uses `auth`, which its row"],
        );
        check(
            "src/baseline/mod.rs",
            "use super::auth::X;",
            &["src/baseline/mod.rs:1: `baseline` uses `auth`, which its row"],
        );
        check(
            "src/auth/spf.rs",
            "use crate::{mail, post::X};",
            &["src/auth/spf.rs:1: uses crate::post, which is no room"],
        );
    }

    #[test]
    fn a_foreign_crate_is_named_only_behind_its_door() {
        check("src/auth/spf.rs", "use mail_auth::X; use serde::Serialize; fjalls::x();", &[]);
        check(
            "src/auth/spf.rs",
            "fn f() {\n    fjall::open();\n}",
            &["src/auth/spf.rs:2: names fjall, whose only door is `baseline`"],
        );
        check("src/auth/spf.rs", "#[cfg(test)]\nmod tests { use fjall::X; }", &[]);
        check("src/main.rs", "use fjall::X;", &["src/main.rs:1: names fjall, whose only door is `baseline`"]);
    }

    #[test]
    fn pure_rooms_reach_for_nothing() {
        let impure = "use std::time::Instant;\nfn f() { std::fs::read(\"fs\"); }";
        assert_findings(&check_purity(&Source::new("src/auth/spf.rs", impure)), &[]);
        let expected = ["src/model/run.rs:1: names Instant", "src/model/run.rs:2: names fs"];
        assert_findings(&check_purity(&Source::new("src/model/run.rs", impure)), &expected);
        let loading = Source::new("src/model/load.rs", impure);
        assert_findings(&check_purity(&loading), &["src/model/load.rs:1: names Instant"]);
        let test = format!("#[cfg(test)]\nmod tests {{ {impure} }}");
        assert_findings(&check_purity(&Source::new("src/model/run.rs", &test)), &[]);
    }
}
