//! An abuse mailbox: what its letters enclose is labelled as an attack by who sent them, if he had got it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::clerk::{Clerk, Noted};
use super::rows::{Found, Row, find_all};
use super::seen::{Looked, Seen, messages};
use super::{Inbox, Settings};
use crate::labels::{How, Opinion, Report, Subject};
use crate::mail::{Address, Moment, Organisation};
use crate::{mailbox, message};

/// Days of the journal that are searched: what people report is fresh.
pub(super) const SEARCH_DAYS: i64 = 60;

/// Looks into the mailboxes of reports, and labels what they report; at most so many letters as the settings say. How
/// many labels were given.
///
/// # Errors
/// Something cannot be read or written; the next look goes on where this ended.
pub fn look_into_reports(
    state: &Path,
    settings: &Settings,
    organisation: &Organisation,
    now: Moment,
) -> io::Result<usize> {
    let mut left = settings.messages_per_look_max;
    let desk = Desk { state, settings, organisation, now };
    let mut waiting = Inbox::of(state).waiting()?;
    waiting.truncate(left);
    left -= waiting.len();
    let mut labelled = desk.take(&waiting, true)?;
    for path in &waiting {
        fs::remove_file(path)?;
    }
    for maildir in settings.abuse_maildirs.iter().map(PathBuf::from) {
        let there = match messages(&maildir) {
            Ok(there) => there,
            Err(error) => {
                log::warn!("feedback: {} cannot be read: {error}; give kith the right to", maildir.display());
                continue;
            }
        };
        let mut seen = Seen::load(state, &maildir)?;
        let before = seen.names.len();
        seen.names.retain(|name, _| there.contains_key(name));
        let fresh: BTreeMap<_, _> =
            there.into_iter().filter(|(name, _)| !seen.names.contains_key(name)).take(left).collect();
        left -= fresh.len();
        labelled += desk.take(&fresh.values().cloned().collect::<Vec<_>>(), false)?;
        // Written down afterwards: what is looked at twice is labelled once all the same.
        let is_changed = seen.is_new || !fresh.is_empty() || seen.names.len() != before;
        seen.names.extend(fresh.into_keys().map(|name| (name, Looked::default())));
        if is_changed {
            seen.store(state)?;
        }
    }
    Ok(labelled)
}

struct Desk<'a> {
    state: &'a Path,
    settings: &'a Settings,
    organisation: &'a Organisation,
    now: Moment,
}

impl Desk<'_> {
    /// Labels what these letters report.
    fn take(&self, paths: &[PathBuf], is_proved: bool) -> io::Result<usize> {
        if paths.is_empty() {
            return Ok(0);
        }
        let limits = message::Settings::default();
        let mut reports = Vec::new();
        for stored in mailbox::read(paths) {
            match stored {
                Ok(stored) => reports.push(Report::read(&stored.raw, &limits)),
                Err(error) => log::warn!("feedback: {error}"),
            }
        }
        let found = found(self.state, reports.iter().flat_map(|one| one.enclosed.iter().chain(&one.own)), self.now)?;
        let mut clerk = Clerk::open(self.state, self.settings.reports_per_day_max, self.now)?;
        let mut labelled = 0;
        for report in &reports {
            let Some(by) = report.by.as_ref().filter(|by| self.is_believed(report, by, &found, is_proved)) else {
                log::info!("feedback: a report is not believed, since its author is none of our own or not proved");
                continue;
            };
            for row in report.enclosed.iter().filter_map(|subject| found.of(subject, |row| is_recipient(row, by))) {
                let said = (Opinion::Attack, None);
                match clerk.note(row, said, &by.to_string(), How::AbuseMailbox, "reported to the abuse mailbox")? {
                    Noted::Written => labelled += 1,
                    Noted::Known => {}
                    Noted::TooMany => log::warn!("feedback: {by} reported more today than is believed"),
                }
            }
        }
        Ok(labelled)
    }

    /// Whether a report is by whom it says: one of our own, and not one whose own decision says that nobody proved it. One
    /// that never came by here is from within.
    fn is_believed(&self, report: &Report, by: &Address, found: &Found, is_proved: bool) -> bool {
        let unproved = |row: &Row| !row.is_proved;
        let is_forged = || match &report.own {
            None => true,
            Some(own) => found.of(own, unproved).is_some(),
        };
        self.organisation.owns(by.domain()) && (is_proved || !is_forged())
    }
}

/// Whether a decision was of a message for this one.
pub(super) fn is_recipient(row: &Row, one: &Address) -> bool {
    row.recipients.iter().any(|other| other.is_same_mailbox(one))
}

/// The decisions of these messages, in one reading of the journal.
pub(super) fn found<'a>(
    state: &Path,
    subjects: impl Iterator<Item = &'a Subject> + Clone,
    now: Moment,
) -> io::Result<Found> {
    let ids = subjects.clone().filter_map(|subject| subject.id).collect();
    let message_ids = subjects.filter_map(|subject| subject.message_id.clone()).collect();
    find_all(state, &ids, &message_ids, Moment(now.0 - SEARCH_DAYS * 86_400_000))
}
