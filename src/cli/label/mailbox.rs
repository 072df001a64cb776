//! Labels from a Maildir: an abuse mailbox, or a folder into which people move mail.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::{Desk, who};
use crate::cli::Failure;
use crate::feedback::{Found, Row, find_all};
use crate::labels::{How, Opinion, Report};
use crate::mail::{Address, Category, Moment};
use crate::mailbox;
use crate::message;

/// How often a watched Maildir is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Days of the journal that are searched: what people report is fresh.
const SEARCH_DAYS: i64 = 60;

/// Labels what lies in a Maildir or any other mailbox, and goes on with what arrives where that is asked.
pub(super) fn run(desk: &Desk<'_>, dir: &Path, opinion: (Opinion, Option<Category>)) -> Result<(), Failure> {
    if !desk.arguments.watch {
        return take(desk, &[dir.to_owned()], opinion);
    }
    let mut seen = HashSet::new();
    loop {
        let mut fresh = arrived(dir).map_err(|error| Failure::unavailable(format!("{}: {error}", dir.display())))?;
        let names: HashSet<_> = fresh.iter().map(|path| name(path)).collect();
        fresh.retain(|path| !seen.contains(&name(path)));
        seen = names;
        if !fresh.is_empty() {
            take(desk, &fresh, opinion)?;
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// The files of a Maildir.
fn arrived(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for folder in ["new", "cur"] {
        for entry in fs::read_dir(dir.join(folder))? {
            paths.push(entry?.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// The name of a message in a Maildir, whatever flags follow it.
fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split(':').next().unwrap_or_default().to_owned()
}

/// Labels what these files report.
fn take(desk: &Desk<'_>, paths: &[PathBuf], opinion: (Opinion, Option<Category>)) -> Result<(), Failure> {
    let settings = message::Settings { headers_max: 1_000, ..message::Settings::default() };
    let mut reports = Vec::new();
    for stored in mailbox::read(paths) {
        match stored {
            Ok(stored) => reports.push((stored.path, Report::read(&stored.raw, &settings))),
            Err(error) => eprintln!("{error}"),
        }
    }
    let subjects = || reports.iter().flat_map(|(_, report)| report.enclosed.iter().chain(&report.own));
    let ids = subjects().filter_map(|subject| subject.id).collect();
    let message_ids = subjects().filter_map(|subject| subject.message_id.clone()).collect();
    let since = Moment(Moment::now().0 - SEARCH_DAYS * 86_400_000);
    let state = &desk.settings.state_directory;
    let found = find_all(state, &ids, &message_ids, since).map_err(Failure::unavailable)?;
    let in_force = desk.book.in_force().map_err(Failure::unavailable)?;
    let mut labelled = 0;
    for (path, report) in &reports {
        let (meant, how) = meant(report, &found, desk.arguments.any_reporter);
        if meant.is_empty() {
            eprintln!("{path}: {how}");
        }
        let by = report.by.as_ref().filter(|_| !report.enclosed.is_empty()).map(Address::to_string);
        let who = desk.arguments.who.clone().or(by).unwrap_or_else(|| who(None));
        for row in meant {
            let same = |label: &crate::labels::Label| (label.opinion, label.category, &label.who) == (opinion.0, opinion.1, &who);
            if !in_force.get(&row.id).is_some_and(same) {
                desk.label(row, opinion, &who, How::Mailbox)?;
                labelled += 1;
            }
        }
    }
    writeln!(std::io::stdout().lock(), "{labelled} decisions labelled by {} messages", reports.len())?;
    Ok(())
}

/// The decisions that a report means; where it means none, why. Who reports was one of the recipients, for otherwise anybody
/// who got the same message elsewhere could label it here.
fn meant<'a>(report: &Report, found: &'a Found, any_reporter: bool) -> (Vec<&'a Row>, &'static str) {
    if report.enclosed.is_empty() {
        let own = report.own.iter().filter_map(|subject| found.of(subject, |_| true)).collect();
        return (own, "no decision of the journal is of this message");
    }
    let is_recipient = |row: &Row| {
        any_reporter
            || report.by.as_ref().is_some_and(|by| row.recipients.iter().any(|one| one.is_same_mailbox(by)))
    };
    let rows = report.enclosed.iter().filter_map(|subject| found.of(subject, is_recipient)).collect();
    (rows, "no decision of the journal is of the message that is reported, for who reports it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::DecisionId;
    use crate::labels::Subject;

    fn row(n: u128, recipient: &str) -> Row {
        let recipients = Address::parse(recipient).into_iter().collect();
        Row {
            id: DecisionId::new(Moment(1_000), n),
            message_id: Some("1@x".into()),
            author: None,
            recipients,
            is_unmarked: true,
            is_proved: false,
        }
    }

    #[test]
    fn who_reports_was_a_recipient() {
        let rows = vec![row(1, "ann@own.example"), row(2, "bob@own.example")];
        let by_id = rows.iter().map(|row| (row.id, row.clone())).collect();
        let found = Found { by_id, by_message_id: [("1@x".to_owned(), rows)].into() };
        let report = |by: &str, id: Option<u128>| Report {
            by: Address::parse(by),
            enclosed: vec![Subject { id: id.map(|n| row(n, "").id), message_id: Some("1@x".into()) }],
            own: None,
        };
        let check = |report: &Report, any: bool, expected: &[u128]| {
            let ids: Vec<_> = meant(report, &found, any).0.iter().map(|row| row.id).collect();
            assert_eq!(ids, expected.iter().map(|n| row(*n, "").id).collect::<Vec<_>>(), "{report:?}");
        };
        check(&report("ANN@own.example", None), false, &[1]);
        check(&report("bob@own.example", Some(2)), false, &[2]);
        check(&report("ann@own.example", Some(2)), false, &[1]);
        check(&report("eve@evil.example", Some(2)), false, &[]);
        check(&report("eve@evil.example", Some(1)), true, &[1]);
        let own = Report { by: None, enclosed: Vec::new(), own: report("", None).enclosed.first().cloned() };
        check(&own, false, &[2]);
    }

    #[test]
    fn a_message_keeps_its_name_whatever_its_flags() {
        assert_eq!((name(Path::new("/m/cur/1.h:2,S")), name(Path::new("/m/new/1.h"))), ("1.h".into(), "1.h".into()));
    }
}
