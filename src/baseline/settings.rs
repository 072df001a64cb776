//! What an administrator may set about baselines.

use serde::{Deserialize, Serialize};

use super::likeness::Rule;
use super::shared::SharedSettings;

/// Settings of the communication baselines. The folder of the store is given by the caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Days after which a message counts half; at least 0.01. A change applies to what is stored already, from the
    /// last time it was touched.
    pub half_life_days: f64,
    /// Distinct correspondents remembered per profile, at most 255; beyond them their number is estimated.
    pub correspondents_max: usize,
    /// Bytes of habits kept of each profile: 8 for each value of a trait (a mail program, a link domain, an account).
    pub habits_bytes_max: usize,
    /// Hours for which an address, a domain or a pair still counts as new after its first trusted message, unless one
    /// of our own wrote there: an attacker who warms up an address has to wait so long.
    pub young_hours: f64,
    /// Days that the baseline must have watched before *never seen* counts as new; until then it is unknown.
    pub settled_days: f64,
    /// Days without a letter of our own people to another domain after which their mail takes another way: then it is
    /// unknown, and not denied, that one of them wrote to somebody who is known by his own mail.
    pub own_silent_days: f64,
    /// Messages of one author a day that build trust; those beyond are counted, but add none.
    pub trusted_daily_of_sender_max: u32,
    /// Messages of one client network a day that build trust.
    pub trusted_daily_of_network_max: u32,
    /// Days since its first message after which a domain can have standing: then it is protected from look-alikes, and is
    /// none itself.
    pub standing_days: f64,
    /// Messages that our own people wrote to a domain which by then give it standing.
    pub standing_written_to_min: u32,
    /// Messages of a domain that build trust, decayed, which by then give it standing without any answer.
    pub standing_messages_min: u32,
    /// Domains protected from look-alikes, which are held in memory, 130 to 200 bytes each.
    pub protected_domains_max: usize,
    /// Days after which a campaign of near-duplicates is half forgotten.
    pub campaign_half_life_days: f64,
    /// Days for which what was learned of each message is kept, so that it can be taken back or learned anew; 0 keeps
    /// nothing.
    pub facts_days: u32,
    /// How addresses are stored: `plain`, or `hashed` with the store's own secret, so that no address can be read in
    /// it; then `show` cannot name the addresses behind a display name. A change applies to what is learned from then
    /// on.
    pub addresses: Addresses,
    /// Own people who make a name of another one important, so that it is protected as those in `organisation.vips` are:
    /// so many copied it on their letters, half as many greeted it by a title, or twice as many wrote to it, within some
    /// months; at most 12.
    pub important_people_min: u32,
    /// Addresses remembered of each display name, at most 255.
    pub name_addresses_max: usize,
    /// Recipients looked up per message; those after them have no view in the baseline.
    pub recipients_max: usize,
    /// Recipients learned per message, at most 255.
    pub recipients_learned_max: usize,
    /// Messages remembered so that a repeated delivery is not counted twice. A message is forgotten when a newer one
    /// falls into its slot.
    pub remembered_messages_max: u32,
    /// Days after which a message with a known Message-ID counts as a new one.
    pub remembered_days: u16,
    /// Messages that wait to be learned; those beyond are not learned, and counted.
    pub learn_queue_max: usize,
    /// Bytes of profiles that wait to be written; while there are more, nothing is learned.
    pub pending_bytes_max: usize,
    /// Milliseconds from learning a message to writing it to disk, in one group with all that came since.
    pub commit_milliseconds: u64,
    /// Seconds between attempts to open the store again after a write failed; at least 1.
    pub reopen_seconds: u64,
    /// Bytes of memory for profiles that were read or written lately.
    pub recent_bytes_max: usize,
    /// Bytes of memory for blocks read from the store.
    pub cache_bytes_max: u64,
    /// Bytes of memory for written profiles before they go into a table file; applies to a new store.
    pub write_buffer_bytes_max: u64,
    /// Bytes of disk for the store's write-ahead log, at least 67108864.
    pub log_bytes_max: u64,
    /// Threads that write and merge table files.
    pub compaction_threads: usize,
    /// The store by which several hosts share one baseline.
    pub shared: SharedSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Business ties live for months: a monthly invoice must still weigh, last year's supplier hardly.
            half_life_days: 60.0,
            // The estimate beyond is within 18 % (1/sqrt(30)), for 128 bytes a profile.
            correspondents_max: 32,
            // 128 values. A person has about 30, a big provider overflows any bound.
            habits_bytes_max: 1_024,
            // A working day: who prepares an address in the morning cannot use it before the evening.
            young_hours: 10.0,
            // A week shows those who write weekly; import past mail to have it at once.
            settled_days: 7.0,
            // Longer than a small office's holidays; a host that only receives never sees one.
            own_silent_days: 21.0,
            // A busy correspondent; automatic senders reach it, and gain nothing by more.
            trusted_daily_of_sender_max: 50,
            // A provider's network carries thousands of authors, a small host's few.
            trusted_daily_of_network_max: 5_000,
            // Look-alikes are used within days of their registration: who waits a month, answered, is a correspondent.
            standing_days: 30.0,
            // One answer is got from anyone by a question.
            standing_written_to_min: 3,
            // Two a week over the month.
            standing_messages_min: 8,
            // The suppliers and customers of a large company, in at most 40 MB.
            protected_domains_max: 200_000,
            // Campaigns run for hours; a newsletter's next issue is another text.
            campaign_half_life_days: 0.5,
            // After six half-lives a message weighs 1.5 %.
            facts_days: 400,
            addresses: Addresses::Plain,
            // A team copies its head; that six agree takes more than one habit, or one mailbox taken over.
            important_people_min: 6,
            // One person has a few addresses; a name with more is no person's.
            name_addresses_max: 8,
            // 22 profiles and 3 for each recipient: 40 point reads a message.
            recipients_max: 6,
            // Postfix's smtpd_recipient_overshoot_limit is 1000; beyond 50 it is a list, and ties are not personal.
            recipients_learned_max: 50,
            // A week of a busy host, for at most 70 MB of disk.
            remembered_messages_max: 1_048_576,
            // MTAs give up after five days (RFC 5321 §4.5.4.1); some senders reuse Message-IDs for ever.
            remembered_days: 6,
            // Several seconds of 1,000 messages/s, at about 1 kB each.
            learn_queue_max: 8_192,
            // About 2,500 messages of ten profiles each.
            pending_bytes_max: 8_388_608,
            // One fsync for all that came in a quarter of a second; so much is lost when power fails.
            commit_milliseconds: 250,
            // Long enough not to flood a sick disk, short against the time in which an operator makes room.
            reopen_seconds: 15,
            // A message is learned soon after it was recalled, and then need not be read again: 4,000 messages of ten profiles.
            recent_bytes_max: 16_777_216,
            // Most recalls touch what was touched lately; the system's page cache holds the rest.
            cache_bytes_max: 16_777_216,
            // The larger, the seldomer all is merged; up to four of these may exist while one is written.
            write_buffer_bytes_max: 8_388_608,
            // Two log files of the size the store uses.
            log_bytes_max: 134_217_728,
            // The mail never waits for it. Of two, one was measured to spin while the other merges.
            compaction_threads: 1,
            shared: SharedSettings::default(),
        }
    }
}

/// How addresses are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addresses {
    /// As they are.
    Plain,
    /// As keyed hashes.
    Hashed,
}

/// The bounds of one profile, as its code needs them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub correspondents: usize,
    pub habits: usize,
    pub addresses: usize,
    pub young_milliseconds: i64,
    pub people_min: u32,
    pub standing_milliseconds: i64,
}

impl Settings {
    /// The bounds of one profile: a count is one byte on disk.
    pub(super) fn bounds(&self) -> Bounds {
        let count = |n: usize| n.clamp(1, 255);
        Bounds {
            correspondents: count(self.correspondents_max),
            habits: (self.habits_bytes_max / 8).max(1),
            addresses: count(self.name_addresses_max),
            young_milliseconds: (self.young_hours.max(0.0) * 3_600_000.0) as i64,
            people_min: self.important_people_min,
            standing_milliseconds: (self.standing_days.max(0.0) * 86_400_000.0) as i64,
        }
    }

    /// Values that cannot work, each with the mend.
    pub fn faults(&self) -> Vec<String> {
        self.shared.faults()
    }

    /// When a domain has standing.
    pub(super) fn standing(&self) -> Rule {
        Rule {
            days: self.standing_days,
            written_to: self.standing_written_to_min.max(1),
            messages: self.standing_messages_min.max(1) as f32,
        }
    }

    /// Recipients learned per message: a count is one byte on disk.
    pub(super) fn recipients_learned(&self) -> usize {
        self.recipients_learned_max.min(255)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_toml() {
        let text = toml::to_string(&Settings::default()).expect("plain values");
        assert_eq!(toml::from_str::<Settings>(&text).expect("same shape"), Settings::default());
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Settings>("half_live_days = 3").is_err());
    }

    fn check(set: usize, expected: usize) {
        let settings = Settings {
            correspondents_max: set,
            name_addresses_max: set,
            recipients_learned_max: set,
            ..Settings::default()
        };
        let bounds = settings.bounds();
        assert_eq!([bounds.correspondents, bounds.addresses], [expected; 2]);
        assert_eq!(settings.recipients_learned(), set.min(255));
    }

    #[test]
    fn bounds_fit_into_one_byte() {
        check(0, 1);
        check(1, 1);
        check(255, 255);
        check(256, 255);
    }

    #[test]
    fn a_recall_reads_at_most_forty_records() {
        assert!(super::super::recall::READS_MAX + 3 * Settings::default().recipients_max <= 40);
    }
}
