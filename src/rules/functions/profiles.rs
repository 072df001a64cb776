//! What the baselines know of a sender, in the words of the language.

use crate::auth::Outcome;
use crate::baseline::Profile;
use crate::rules::evaluate::{Call, Value, object};
use crate::rules::facts::View;
use crate::rules::schema::Object;

/// The list of domains whose users have nothing in common.
const FREE_MAIL: &str = "free_email_providers";

/// By what a sender is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// By address at a free mail provider, else by domain.
    Sender,
    /// By address.
    Email,
    /// By domain.
    Domain,
    /// By the domain that replies go to.
    ReplyTo,
}

/// The profile of a sender; null where the baselines cannot be asked.
pub(super) fn profile<'m>(call: &Call<'_, 'm>, key: Key) -> Value<'m> {
    let view = *call.view();
    let Some(baseline) = view.baseline.filter(|baseline| baseline.is_known()) else {
        return Value::lacking("the baselines know nothing yet");
    };
    let Some(author) = view.author() else { return Value::ABSENT };
    let by = match key {
        Key::Sender => match call.listed(FREE_MAIL, author.domain().as_str()) {
            Value::Boolean(true) => Key::Email,
            Value::Boolean(false) => Key::Domain,
            other => return other,
        },
        other => other,
    };
    let reply = view.message.reply_to.iter().find_map(|mailbox| mailbox.address.as_ref());
    let known = match by {
        Key::Email | Key::Sender => baseline.sender.as_ref(),
        Key::Domain => baseline.sender_domain.as_ref(),
        Key::ReplyTo => match reply {
            None => return Value::ABSENT,
            Some(reply) if reply.domain().is_aligned_with(author.domain()) => baseline.sender_domain.as_ref(),
            Some(_) => baseline.reply_domain.as_ref(),
        },
    };
    object(Object::Profile, move |name| fact(view, known, name))
}

fn fact<'m>(view: View<'m>, profile: Option<&'m Profile>, name: &str) -> Value<'m> {
    let attacks = profile.map_or(0.0, |profile| profile.counts.attacks);
    match name {
        "prevalence" => Value::text(prevalence(view, profile)),
        "solicited" => view.solicited(profile),
        "days_known" => Value::Integer(profile.map_or(0, |profile| view.days_since(profile.first_seen))),
        // A message that was delivered, authenticated and never taken back is as good as labelled benign only where
        // one of our own answered or wrote: silence labels nothing.
        "any_messages_benign" | "any_false_positives" => {
            Value::Boolean(attacks <= 0.0 && profile.is_some_and(|profile| profile.counts.solicited > 0.0))
        }
        "any_messages_malicious_or_spam" => Value::Boolean(attacks > 0.0),
        "auth_failed" => match view.auth.filter(|auth| auth.are_known()) {
            Some(auth) => Value::Boolean(auth.dmarc.outcome == Outcome::Fail || auth.spf.outcome == Outcome::Fail),
            None => Value::lacking("nothing was authenticated"),
        },
        "days_since" => object(Object::DaysSince, move |name| match (name, profile) {
            ("first_contact", Some(profile)) => Value::Integer(view.days_since(profile.first_seen)),
            ("last_contact" | "last_inbound", Some(profile)) => Value::Integer(view.days_since(profile.last_seen)),
            _ => Value::ABSENT,
        }),
        _ => Value::ABSENT,
    }
}

/// How often a sender writes: new until he is known for a while, then by his share of the messages that the baselines
/// learned.
fn prevalence(view: View<'_>, profile: Option<&Profile>) -> &'static str {
    let Some(profile) = profile.filter(|profile| !profile.young) else { return "new" };
    let learned = view.baseline.map_or(0, |baseline| baseline.learned).max(1);
    let share = f64::from(profile.seen) / learned as f64;
    match profile.seen {
        0..=1 => "outlier",
        2..=5 => "rare",
        _ if share < 0.000_1 && profile.seen < 20 => "uncommon",
        _ => "common",
    }
}
