//! What the administrator wants done with which findings: the settings of the decision.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::mail::{Category, Missing};

use super::Verdict;
use super::entries::{Allow, Block, ENTRIES_MAX, RECIPIENTS_MAX};
use super::marks::Tagging;
use super::thresholds::{CategoryThresholds, Thresholds};

/// Longest text of the administrator's own in a reply; one line of SMTP carries 512 bytes with everything else.
const CONTACT_BYTES_MAX: usize = 120;

/// Whether the policy is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Score, decide and write down, but let every message pass.
    #[default]
    Monitor,
    /// Carry the verdict out.
    Act,
}

impl Mode {
    /// The stable name, as in settings and log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Monitor => "monitor",
            Self::Act => "act",
        }
    }
}

/// What is done with a message of which nothing is known, because Kith itself failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fallback {
    /// Deliver unchecked.
    Accept,
    /// Refuse for now: the sending host will try again.
    Tempfail,
}

impl Fallback {
    /// The same as a verdict.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Accept => Verdict::Accept,
            Self::Tempfail => Verdict::Tempfail,
        }
    }
}

/// The policy: what is done with which findings. In order of precedence: a message that a person released passes;
/// then `allow` and `block` entries; then gaps that defer; then a missing score; then thresholds, and the least verdict
/// of what is rare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// `monitor` scores and logs but never acts; `act` carries verdicts out.
    pub mode: Mode,
    /// Gaps for which a message is refused for now (4xx), whatever its score: any of `content`, `spf`, `dkim`, `dmarc`,
    /// `arc`, `baseline`, `score`. A sender whose DNS is broken for days will see its mail bounce.
    pub defer_on: Vec<Missing>,
    /// Verdict when there is no score: any but `reject`, for it is not the sender's fault.
    pub when_unscored: Verdict,
    /// The least verdict of a message that is an alert by its rarity (`[anomaly]`): `accept` only writes the alert down,
    /// `tag` and `hold` act on as many messages a day as the budget allows, right or wrong.
    pub when_rare: Verdict,
    /// When the answer was not ready in time: `accept` or `tempfail`.
    pub when_overdue: Fallback,
    /// When there was no room to look at the message.
    pub when_overloaded: Fallback,
    /// When looking at the message failed in a way that nobody foresaw.
    pub when_panicked: Fallback,
    /// When the message lies beyond a limit (bytes, headers, recipients).
    pub when_over_limit: Fallback,
    /// Who helps a sender whose mail was refused, for the reply: an address, telephone number or web page; empty for
    /// none.
    pub contact: String,
    /// From which score on each verdict holds.
    pub thresholds: Thresholds,
    /// Thresholds that differ for a category of attack, by its name.
    pub category: BTreeMap<Category, CategoryThresholds>,
    /// Marks on messages.
    pub tagging: Tagging,
    /// Senders whose mail always passes, provided that they prove who they are.
    pub allow: Vec<Allow>,
    /// Senders whose mail never passes.
    pub block: Vec<Block>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            // A filter is watched before it is trusted.
            mode: Mode::Monitor,
            // DNS fails often, and a score without one result is still a score.
            defer_on: Vec::new(),
            // Mail flows: a model that is missing is an alarm for the log, not a reason to stop mail.
            when_unscored: Verdict::Accept,
            // The rarest ten of any day are alerts, on a day without attacks too: they are for eyes.
            when_rare: Verdict::Accept,
            // It may be this message that takes long, and then a second attempt would, too.
            when_overdue: Fallback::Accept,
            // Load passes, and the next attempt finds room.
            when_overloaded: Fallback::Tempfail,
            // A second attempt would fail in the same way.
            when_panicked: Fallback::Accept,
            // The MTA has limits of its own and let it pass.
            when_over_limit: Fallback::Accept,
            contact: String::new(),
            thresholds: Thresholds::default(),
            category: BTreeMap::new(),
            tagging: Tagging::default(),
            allow: Vec::new(),
            block: Vec::new(),
        }
    }
}

impl Policy {
    /// The thresholds that hold for a category.
    pub fn thresholds_of(&self, category: Category) -> Thresholds {
        self.category.get(&category).map_or(self.thresholds, |own| own.over(&self.thresholds))
    }

    /// What is done with a verdict in this policy's mode.
    pub fn action(&self, verdict: Verdict) -> Verdict {
        match self.mode {
            Mode::Monitor => Verdict::Accept,
            Mode::Act => verdict,
        }
    }

    /// What is wrong with the policy, each fault in words with its place and the mend; empty for a sound one.
    pub fn check(&self) -> Vec<String> {
        let mut faults = self.thresholds.faults("policy.thresholds");
        // Where the general thresholds are wrong, each category would only repeat it.
        if faults.is_empty() {
            for category in self.category.keys() {
                faults.extend(self.thresholds_of(*category).faults(&format!("policy.category.{category}")));
            }
        }
        if self.when_unscored == Verdict::Reject {
            faults.push("policy.when_unscored = \"reject\" would refuse mail for a fault of ours; use hold".into());
        }
        if !matches!(self.when_rare, Verdict::Accept | Verdict::Tag | Verdict::Hold) {
            faults.push("policy.when_rare must be accept, tag or hold: what is rare is not therefore bad".into());
        }
        let printable = self.contact.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if !printable || self.contact.len() > CONTACT_BYTES_MAX {
            faults.push(format!("policy.contact must be one line of at most {CONTACT_BYTES_MAX} ASCII characters"));
        }
        faults.extend(self.tagging.faults());
        self.check_entries(&mut faults);
        faults
    }

    /// The part of [`Policy::check`] that looks at allow and block entries.
    fn check_entries(&self, faults: &mut Vec<String>) {
        if self.allow.len() + self.block.len() > ENTRIES_MAX {
            faults.push(format!(
                "policy.allow and policy.block have {} entries, more than {ENTRIES_MAX}: each is compared with every \
                 message; block long lists in the MTA",
                self.allow.len() + self.block.len()
            ));
        }
        for entry in &self.allow {
            if entry.sender.is_top_level() {
                faults.push(format!("policy.allow: {} is a whole top-level domain; name a domain in it", entry.sender));
            }
        }
        for entry in &self.block {
            if entry.verdict == Verdict::Accept {
                faults.push(format!("policy.block: {} with verdict accept; use policy.allow", entry.sender));
            }
        }
        let scoped = self.allow.iter().map(|e| (&e.sender, &e.recipients));
        for (sender, recipients) in scoped.chain(self.block.iter().map(|e| (&e.sender, &e.recipients))) {
            if recipients.len() > RECIPIENTS_MAX {
                faults.push(format!("the entry of {sender} has more than {RECIPIENTS_MAX} recipients; name a domain"));
            }
        }
    }

    /// SHA-256 of the policy in hexadecimal, for the journal: two policies with the same digest decide alike. Meant to
    /// be taken once when settings are loaded.
    pub fn digest(&self) -> String {
        // The debug form names every field, tells infinity from other numbers, and cannot fail.
        Sha256::digest(format!("{self:?}")).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Policy {
        toml::from_str(text).expect("readable")
    }

    fn check(text: &str, expected: &[&str]) {
        let found = read(text).check();
        assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
        for (fault, part) in found.iter().zip(expected) {
            assert!(fault.contains(part), "{fault} lacks {part}");
        }
    }

    #[test]
    fn the_shipped_policy_only_monitors() {
        let shipped = Policy::default();
        assert_eq!(shipped.action(Verdict::Reject), Verdict::Accept);
        assert_eq!(Policy { mode: Mode::Act, ..shipped }.action(Verdict::Reject), Verdict::Reject);
        assert_eq!(read(""), Policy::default());
        check("", &[]);
    }

    #[test]
    fn a_policy_reads_from_toml_and_writes_to_it() {
        let policy = read(
            "mode = 'act'\ndefer_on = ['spf', 'dkim']\nwhen_overloaded = 'accept'\n[thresholds]\nreject = 9\n\
             [category.malware]\nhold = 2.5\n[[allow]]\nsender = '*@partner.example'\n\
             [[block]]\nsender = 'evil.example'\nrecipients = ['anna@own.example']\nverdict = 'hold'\n",
        );
        assert_eq!(policy.defer_on, [Missing::Spf, Missing::Dkim]);
        assert_eq!(policy.thresholds_of(Category::Malware).hold, 2.5);
        assert_eq!(policy.thresholds_of(Category::Malware).reject, 9.0);
        assert_eq!(policy.thresholds_of(Category::Spam), policy.thresholds);
        assert!(policy.check().is_empty(), "{:?}", policy.check());
        let text = toml::to_string(&policy).expect("writable");
        assert!(text.contains("tag = 2.2\n"), "{text}");
        assert_eq!(read(&text), policy);
    }

    #[test]
    fn unknown_keys_and_words_are_refused() {
        for text in ["hold = 3", "mode = 'off'", "defer_on = ['dns']", "when_overdue = 'reject'", "[category.virus]"] {
            assert!(toml::from_str::<Policy>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn faults_name_their_place() {
        check("[thresholds]\ntag = 5", &["policy.thresholds.hold = 4.6 lies below policy.thresholds.tag = 5"]);
        check("[category.spam]\nreject = 1", &["policy.category.spam.reject = 1"]);
        check("when_unscored = 'reject'", &["policy.when_unscored"]);
        check("[[block]]\nsender = 'a.example'\nverdict = 'accept'", &["use policy.allow"]);
        check("[[allow]]\nsender = 'com'", &["com is a whole top-level domain"]);
        check("[[block]]\nsender = 'top'", &[]);
        check("contact = \"two\\nlines\"", &["policy.contact"]);
        check(&format!("contact = '{}'", "c".repeat(121)), &["policy.contact"]);
        check(&format!("contact = '{}'", "c".repeat(120)), &[]);
    }

    #[test]
    fn entries_have_a_limit() {
        let entries = |n| "[[block]]\nsender = 'a.example'\n".repeat(n);
        check(&entries(ENTRIES_MAX), &[]);
        check(&entries(ENTRIES_MAX + 1), &["more than"]);
        let scope = |n| format!("[[allow]]\nsender = 'a.example'\nrecipients = [{}]", "'b@c.example',".repeat(n));
        check(&scope(RECIPIENTS_MAX), &[]);
        check(&scope(RECIPIENTS_MAX + 1), &["recipients; name a domain"]);
    }

    #[test]
    fn policies_that_differ_have_another_digest() {
        let shipped = Policy::default();
        assert_eq!(shipped.digest(), Policy::default().digest());
        assert_eq!(shipped.digest().len(), 64);
        assert_ne!(shipped.digest(), read("[thresholds]\nhold = 4.7").digest());
        assert_ne!(shipped.digest(), read("[thresholds]\nhold = inf").digest());
    }
}
