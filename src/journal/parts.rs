//! What an entry says of the session, of what was proved and of the rules; and how much of each text is kept.

use std::cmp::Reverse;
use std::net::IpAddr;

use serde::{Deserialize, Serialize, Serializer};

use crate::mail::Envelope;
use crate::rules::evaluate::Found;
use crate::rules::{Consequence, Match, Matches};

/// Bytes kept of each text that comes from outside: as much as tells one from another.
pub(super) const TEXT_BYTES_MAX: usize = 512;
/// Recipients written down; their number is written in any case.
pub(super) const RECIPIENTS_MAX: usize = 50;
/// Matches of rules written down; their number is written in any case.
const MATCHES_MAX: usize = 50;

/// What the SMTP session said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Address of the client.
    pub client: Option<IpAddr>,
    /// Its confirmed name.
    #[serde(serialize_with = "clipped")]
    pub client_name: Option<String>,
    /// Argument of HELO or EHLO.
    #[serde(serialize_with = "clipped")]
    pub helo: Option<String>,
    /// Login name.
    #[serde(serialize_with = "clipped")]
    pub login: Option<String>,
    /// Reverse-path; `None` for the null sender.
    #[serde(serialize_with = "clipped")]
    pub sender: Option<String>,
    /// The first 50 forward-paths.
    #[serde(serialize_with = "clipped_each")]
    pub recipients: Vec<String>,
    /// How many there were.
    pub recipient_count: usize,
}

impl From<&Envelope> for Session {
    fn from(envelope: &Envelope) -> Self {
        Self {
            client: envelope.client,
            client_name: envelope.client_name.clone(),
            helo: envelope.helo.clone(),
            login: envelope.login.clone(),
            sender: envelope.sender.as_ref().map(ToString::to_string),
            recipients: envelope.recipients.iter().take(RECIPIENTS_MAX).map(ToString::to_string).collect(),
            recipient_count: envelope.recipients.len(),
        }
    }
}

/// What the sender proved, as outcome and domain: `pass example.org`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthSummary {
    /// Who made the checks: `nobody`, `ourselves`, or a trusted host's name.
    pub source: String,
    /// SPF of the reverse-path.
    pub spf: String,
    /// DKIM, one for each signature.
    pub dkim: Vec<String>,
    /// DMARC.
    pub dmarc: String,
    /// ARC.
    pub arc: String,
}

/// A rule that matched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matched {
    /// The name of its file without the ending.
    pub rule: String,
    /// Its identifier, where it has one.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: String,
    /// Its severity, where it says.
    pub severity: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// What it did: `list`, `tag` or `hold`.
    pub does: Consequence,
    /// Whether it would have done more, but was muted.
    pub muted: bool,
    /// What it found, at most a dozen values.
    pub found: Vec<Found>,
}

impl From<&Match> for Matched {
    fn from(found: &Match) -> Self {
        let rule = &found.rule;
        Self {
            rule: rule.key.clone(),
            id: rule.id.clone(),
            name: clip(&rule.name).to_owned(),
            r#type: rule.kind.name().to_owned(),
            severity: rule.severity.clone(),
            tags: rule.tags.clone(),
            does: found.does,
            muted: found.is_muted,
            found: found.found.clone(),
        }
    }
}

/// What the rules said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// The first 50 that matched, those that act before the others.
    pub matched: Vec<Matched>,
    /// How many matched.
    pub matched_count: usize,
    /// How many could not be told for lack of something.
    pub undecided: usize,
    /// Those that failed.
    pub failed: Vec<String>,
    /// The exclusion that excused the message from what rules do.
    pub excluded_by: Option<String>,
    /// Digest of all rules.
    pub digest: String,
}

impl Rules {
    /// What rules of a digest said.
    pub fn of(matches: &Matches, digest: &str) -> Self {
        // What acts is kept whatever else matched: the verdict rests on it.
        let mut matched: Vec<&Match> = matches.matched.iter().collect();
        matched.sort_by_key(|found| Reverse(found.does));
        Self {
            matched: matched.into_iter().take(MATCHES_MAX).map(Matched::from).collect(),
            matched_count: matches.matched.len(),
            undecided: matches.undecided.len(),
            failed: matches.failed.iter().take(MATCHES_MAX).map(|rule| rule.key.clone()).collect(),
            excluded_by: matches.excluded_by.as_ref().map(|rule| rule.key.clone()),
            digest: digest.to_owned(),
        }
    }
}

/// The beginning of a text, cut between characters.
pub(super) fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES_MAX)]
}

/// A text as far as it is kept.
pub(super) fn clipped<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_deref().map(clip).serialize(serializer)
}

fn clipped_each<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().take(RECIPIENTS_MAX).map(|text| clip(text)))
}
