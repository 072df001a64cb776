//! `kith baseline show`: what is known of an address, a domain or a pair, in words or as JSON.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::open;
use crate::baseline::{Counts, Custom, NameUse, Portrait, Profile, Shape, Subject, Trade};
use crate::cli::{Common, Exit, Failure};
use crate::mail::{Address, Domain, Moment};

/// Values of a trait that are shown in words, most usual first; JSON has all.
const VALUES_MAX: usize = 6;

/// Show what is known of an address, a domain, a pair AUTHOR:RECIPIENT, or a name
///
/// Weights are recent: what came half_life_days ago counts half. Only marks are stored of what is usual; a mark whose
/// word is unknown is shown as # and eight digits.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// One JSON object a line, as `export` gives them, with all values
    #[arg(long)]
    json: bool,
    /// An address, a domain, two addresses with a colon between, or a display name of several words
    #[arg(value_name = "ADDRESS|DOMAIN|A:B|NAME")]
    key: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let key = &arguments.key;
    let subjects = subjects(key).ok_or_else(|| {
        Failure::usage(format!("{key:?} is neither an address, a domain, a pair AUTHOR:RECIPIENT, nor a name"))
    })?;
    let (baselines, settings) = open(&arguments.common)?;
    let now = Moment::now();
    let mut out = std::io::stdout().lock();
    let mut known = false;
    for (what, subject) in subjects {
        let Some(portrait) = baselines.portray(&subject, now).map_err(Failure::unavailable)? else { continue };
        known = true;
        if arguments.json {
            writeln!(out, "{}", object(&portrait))?;
            continue;
        }
        match &portrait.shape {
            Shape::Profile(profile, customs) => {
                let counts = counts(profile, settings.baseline.young_hours);
                let trade = trade_of(profile.trade, profile.counts, customs);
                write!(out, "{what}\n{counts}{trade}{}", usual(customs))?;
            }
            Shape::Name(used) => write!(out, "{what}\n{}", use_of(used))?,
        }
    }
    if known { Ok(()) } else { Err(Failure::new(Exit::NoInput, unknown(key, baselines.watched_since()))) }
}

fn unknown(key: &str, since: Option<Moment>) -> String {
    match since {
        Some(since) => format!("nothing is known of {key}; the baselines watch since {}", since.rfc3339()),
        None => format!("nothing is known of {key}; the baselines are empty"),
    }
}

/// What a key may name.
fn subjects(key: &str) -> Option<Vec<(String, Subject)>> {
    if let Some((author, recipient)) = key.split_once(':') {
        let (author, recipient) = (Address::parse(author)?, Address::parse(recipient)?);
        return Some(vec![(format!("{author} to {recipient}"), Subject::Pair(author, recipient))]);
    }
    if let Some(address) = Address::parse(key) {
        return Some(vec![
            (format!("{address} as author"), Subject::Sender(address.clone())),
            (format!("{address} as recipient"), Subject::Recipient(address)),
        ]);
    }
    if let Some(domain) = Domain::parse(key) {
        return Some(vec![(format!("{domain} as author"), Subject::Domain(domain))]);
    }
    // A colon or an at sign was to be an address.
    let is_name = key.split_whitespace().count() > 1 && !key.contains(['@', ':']);
    is_name.then(|| vec![(format!("{key} as a name"), Subject::Name(key.to_owned()))])
}

fn counts(profile: &Profile, young_hours: f64) -> String {
    let counts = &profile.counts;
    let age = if profile.young {
        format!("young: known for less than {young_hours} hours, it still counts as new")
    } else if profile.is_solicited() {
        "settled: our own people wrote there".to_owned()
    } else {
        "settled".to_owned()
    };
    let other = (counts.messages - counts.trusted - counts.refused - counts.attacks).max(0.0);
    format!(
        "  seen              {} times, first {}, last {}\n  \
           age               {age}\n  \
           recent weight     {:.1} messages\n  \
           verdicts          {:.1} delivered and proved, {:.1} refused, {:.1} labelled as attacks, {other:.1} unproved or \
           put off\n  \
           answers           our people wrote there {} times (recently {:.1}, {:.1} of them as an answer); {:.1} of its \
           trusted messages answered ours\n  \
           correspondents    about {}\n  \
           last day          {:.1} messages\n",
        profile.seen,
        profile.first_seen.rfc3339(),
        profile.last_seen.rfc3339(),
        counts.messages,
        counts.trusted,
        counts.refused,
        counts.attacks,
        profile.written_to,
        counts.written_to,
        counts.answered,
        counts.solicited,
        profile.correspondents,
        profile.pace,
    )
}

/// A domain's talk of money, and whether it is a supplier; nothing for who never spoke of it.
fn trade_of(trade: Option<Trade>, counts: Counts, customs: &[Custom]) -> String {
    let Some(trade) = trade else { return String::new() };
    let of = |name: &str| customs.iter().find(|custom| custom.name == name);
    let accounts = of("account").map_or(0, |custom| custom.values.len());
    let recent = of("money_talk").map_or(0.0, |custom| custom.messages);
    let share = if counts.trusted > 0.0 { (100.0 * recent / counts.trusted).min(100.0) } else { 0.0 };
    let since = trade.since.rfc3339();
    let (what, since) =
        if trade.supplier { ("supplier  ", format!("since {since}")) } else { ("trade     ", format!("no supplier yet: since {since}")) };
    format!(
        "  {what}        {since}, {} messages about invoices, orders or payments ({share:.0} % of its recent ones), \
         {accounts} accounts\n",
        trade.letters,
    )
}

/// Who bears a name, which addresses are one person's, and who regards it.
pub(super) fn use_of(used: &NameUse) -> String {
    let all: f32 = used.addresses.iter().map(|(_, weight)| weight).sum();
    let share = |(address, weight): &(String, f32)| format!("{address} {:.0} %", 100.0 * weight / all.max(f32::MIN_POSITIVE));
    let listed = |list: Vec<String>| if list.is_empty() { "nobody".to_owned() } else { list.join(", ") };
    let esteem = used.esteem;
    format!(
        "  seen              {} times{}\n  \
           borne by          {}\n  \
           proved of         {}\n  \
           regard            {} of our people copied it, {} greeted it by a title, {} wrote to it\n  \
           important         {}\n",
        used.seen,
        if used.own { ", by one of our own" } else { "" },
        listed(used.addresses.iter().map(share).collect()),
        listed(used.person.addresses.clone()),
        esteem.copied_by,
        esteem.deferred_by,
        esteem.written_by,
        if esteem.important { "yes: it is protected as those of organisation.vips are" } else { "no" },
    )
}

fn usual(customs: &[Custom]) -> String {
    let mut text = String::new();
    for custom in customs.iter().filter(|custom| !custom.values.is_empty()) {
        let shown = custom.values.iter().take(VALUES_MAX).map(|(value, share)| format!("{value} {:.0} %", share * 100.0));
        let more = custom.values.len().saturating_sub(VALUES_MAX);
        let more = if more > 0 { format!(", {more} more") } else { String::new() };
        let shown = shown.collect::<Vec<_>>().join(", ");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  usual {:<20} {shown}{more} (of {:.1} messages)", custom.noun, custom.messages);
    }
    text
}

/// One profile as a JSON object.
pub(super) fn object(portrait: &Portrait) -> Value {
    let mut object = json!({ "kind": portrait.kind, "about": portrait.about, "key": portrait.key });
    let rest = match &portrait.shape {
        Shape::Name(used) => {
            let bearer = |(address, weight): &(String, f32)| json!({ "address": address, "weight": rounded(*weight) });
            json!({
                "seen": used.seen,
                "own": used.own,
                "addresses": used.addresses.iter().map(bearer).collect::<Vec<_>>(),
                "person": used.person.addresses,
                "copied_by": used.esteem.copied_by,
                "deferred_by": used.esteem.deferred_by,
                "written_by": used.esteem.written_by,
                "important": used.esteem.important,
            })
        }
        Shape::Profile(profile, customs) => of_profile(profile, customs),
    };
    if let (Some(object), Value::Object(rest)) = (object.as_object_mut(), rest) {
        object.extend(rest);
    }
    object
}

fn of_profile(profile: &Profile, customs: &[Custom]) -> Value {
    let counts = &profile.counts;
    let custom = |custom: &Custom| {
        let value = |(value, share): &(String, f32)| json!({ "value": value, "share": rounded(*share) });
        json!({
            "trait": custom.name,
            "messages": rounded(custom.messages),
            "values": custom.values.iter().map(value).collect::<Vec<_>>(),
        })
    };
    json!({
        "seen": profile.seen,
        "first_seen": profile.first_seen.rfc3339(),
        "last_seen": profile.last_seen.rfc3339(),
        "young": profile.young,
        "written_to": profile.written_to,
        "correspondents": profile.correspondents,
        "pace": rounded(profile.pace),
        "newcomers": rounded(profile.newcomers),
        "trade": profile.trade.map(|trade| {
            json!({ "since": trade.since.rfc3339(), "messages": trade.letters, "supplier": trade.supplier })
        }),
        "recent": {
            "messages": rounded(counts.messages),
            "trusted": rounded(counts.trusted),
            "refused": rounded(counts.refused),
            "attacks": rounded(counts.attacks),
            "written_to": rounded(counts.written_to),
            "answered": rounded(counts.answered),
            "solicited": rounded(counts.solicited),
        },
        "usual": customs.iter().map(custom).collect::<Vec<_>>(),
    })
}

/// To four decimals: what lies beyond is the rounding of another order of merging.
fn rounded(weight: f32) -> f64 {
    (f64::from(weight) * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_an_address_a_domain_or_a_pair() {
        let check = |key: &str, expected: Option<usize>| assert_eq!(subjects(key).map(|s| s.len()), expected, "{key}");
        check("a@x.example", Some(2));
        check("x.example", Some(1));
        check("a@x.example:b@y.example", Some(1));
        check("a@x.example:nobody", None);
        check("two words", Some(1));
        check("two words@", None);
        check("a:b c", None);
    }

    #[test]
    fn a_supplier_is_told_with_its_trade() {
        let custom = |name, messages, values: usize| Custom {
            name,
            noun: "",
            messages,
            values: (0..values).map(|n| (n.to_string(), 1.0)).collect(),
        };
        let customs = [custom("money_talk", 3.0, 1), custom("account", 2.0, 2)];
        let counts = Counts { trusted: 6.0, ..Counts::default() };
        let told = |supplier| {
            let trade = Some(Trade { since: Moment(0), letters: 12, supplier });
            trade_of(trade, counts, &customs)
        };
        let words = "since 1970-01-01T00:00:00Z, 12 messages about invoices, orders or payments (50 % of its recent ones), 2 \
                     accounts\n";
        assert_eq!(told(true), format!("  supplier          {words}"));
        assert_eq!(told(false), format!("  trade             no supplier yet: {words}"));
        assert_eq!(trade_of(None, counts, &customs), "");
    }

    #[test]
    fn what_is_usual_is_told_with_its_share() {
        let values = (0..8).map(|n| (format!("v{n}"), 0.125)).collect();
        let custom = Custom { name: "mailer", noun: "mail program", messages: 8.0, values };
        let expected = "v5 12 %, 2 more (of 8.0 messages)\n";
        assert!(usual(&[custom]).ends_with(expected));
        assert_eq!(usual(&[Custom { name: "", noun: "", messages: 1.0, values: Vec::new() }]), "");
    }
}
