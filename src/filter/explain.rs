//! A decision of the journal in words.

use std::borrow::Cow;

use super::{Filter, Settings};
use crate::decision::{self, Account, Decision, RARITY_PREFIX, Reach};
use crate::journal::Entry;
use crate::model::Model;
use crate::signals::{self, Risk};

/// Tells of a decision. The smallest change of facts is told where the model of these settings is the one that scored
/// the message; of another model's inputs nothing is known any more.
pub fn explain(entry: &Entry, settings: &Settings) -> String {
    told(entry, Filter::model(settings).ok().as_ref())
}

impl Filter {
    /// As [`explain`], by the model that this filter has at hand.
    pub fn explain(&self, entry: &Entry) -> String {
        told(entry, self.model.as_deref())
    }
}

/// The decision of an entry, each part of it in words.
pub fn worded(entry: &Entry) -> Decision {
    let value = |name: &str| entry.signals.of(name).copied().flatten();
    entry.decision(&|name: &str| signals::find(name).map(|signal| signal.words(value(name)).into_owned()))
}

fn told(entry: &Entry, model: Option<&Model>) -> String {
    let because = |name: &str| signals::find(name).map(|signal| signal.because);
    let decision = worded(entry);
    let reaches = model
        .filter(|model| model.digest() == entry.digests.model)
        .map(|model| {
            let reach = |(name, lowest, highest): (&str, f32, f32)| Reach {
                name: name.to_owned(),
                lowest,
                highest,
                is_fact: signals::find(name).is_some_and(|signal| signal.risk != Risk::Either),
            };
            model.ranges().map(reach).collect::<Vec<_>>()
        })
        .unwrap_or_default();
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let recipients = entry.envelope.recipients.join(", ");
    let facts = [
        ("At", entry.at.clone()),
        ("Queue id", or_none(&entry.queue_id)),
        ("Envelope", format!("<{}>", entry.envelope.sender.as_deref().unwrap_or_default())),
        ("From", or_none(&entry.author)),
        ("To", if recipients.is_empty() { "nobody named".to_owned() } else { recipients }),
        ("Subject", or_none(&entry.subject)),
        ("Proved", proved(entry)),
    ];
    let withheld: Vec<(String, f32)> = entry.muted.0.iter().filter_map(|one| withheld(entry, one)).collect();
    decision::explain(&Account {
        id: entry.id,
        decision: &decision,
        facts: &facts,
        reaches: &reaches,
        withheld: &withheld,
        because: &because,
    })
}

/// What a muted detector said of a message, in words; `None` where it said nothing.
fn withheld(entry: &Entry, (name, points): &(Cow<'static, str>, f32)) -> Option<(String, f32)> {
    if let Some(detector) = name.strip_prefix(RARITY_PREFIX) {
        let is_told = entry.rarity.as_ref().is_some_and(|rarity| rarity.alert && rarity.detector == detector);
        return is_told.then(|| (format!("an alert ({name})"), 0.0));
    }
    let value = entry.signals.of(name).copied().flatten();
    let words = signals::find(name).map_or_else(|| name.to_string(), |signal| signal.words(value).into_owned());
    (*points != 0.0).then(|| (format!("{words} ({name})"), *points))
}

fn proved(entry: &Entry) -> String {
    let auth = &entry.auth;
    if auth.source == "nobody" {
        return "nothing was checked".to_owned();
    }
    let dkim = if auth.dkim.is_empty() { "none".to_owned() } else { auth.dkim.join(", ") };
    format!("spf {}; dkim {dkim}; dmarc {}; arc {} (by {})", auth.spf, auth.dmarc, auth.arc, auth.source)
}
