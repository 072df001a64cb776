//! Which domains are worth protecting, how that is kept, and which of them a message would pass for.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::{Likeness, Lookalikes};
use crate::baseline::baselines::Baselines;
use crate::baseline::key::{Key, Kind};
use crate::baseline::learner::Learner;
use crate::baseline::overlay::Bytes;
use crate::baseline::query::Query;
use crate::baseline::record::Record;
use crate::baseline::snapshot::{Baseline, Profile};
use crate::baseline::store::Store;
use crate::mail::{Domain, Moment};

/// Stands behind a domain that is a supplier, where its standing is kept; occurs in no domain.
const SUPPLIER: &str = "$";

/// Domains whose links to a host make it one of everybody's.
const LINKED_BY_MIN: u32 = 3;

/// The known domains for which those of a message would pass, and how many are protected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Likenesses {
    /// Domains that are protected; where it is 0, no likeness can be known.
    pub protected: usize,
    /// Of the author's domain.
    pub author: Option<Likeness>,
    /// Whether that which the author's domain passes for is a supplier's.
    pub author_as_supplier: bool,
    /// Of the domain of Reply-To, where it differs from the author's.
    pub reply: Option<Likeness>,
    /// Of the first link that has one.
    pub link: Option<Likeness>,
}

/// When a domain has standing: it is worth protecting, and passes for none but itself.
#[derive(Clone, Copy, Debug)]
pub(in crate::baseline) struct Rule {
    /// Days since its first message, at least.
    pub days: f64,
    /// Messages that our own people wrote there, at least,
    pub written_to: u32,
    /// or messages of it that built trust, decayed, at least.
    pub messages: f32,
}

impl Rule {
    /// Whether a domain has standing by its profile at a moment.
    pub fn holds(&self, profile: &Profile, at: Moment) -> bool {
        let counts = profile.counts;
        at.days_since(profile.first_seen) >= self.days
            && (profile.written_to >= self.written_to || counts.trusted >= self.messages)
            && counts.attacks + counts.refused <= counts.trusted
    }
}

/// The key under which the standing of a domain is kept, by the key of its profile.
pub(in crate::baseline) fn standing_key(mut profile: Key) -> Key {
    profile[0] = Kind::Standing as u8;
    profile
}

/// The key of the profile, by that of the standing.
pub(in crate::baseline) fn profile_key(mut standing: Key) -> Key {
    standing[0] = Kind::Domain as u8;
    standing
}

impl Lookalikes {
    /// The index of the domains that are kept as protected. What cannot be read is protected again with its next message.
    pub(in crate::baseline) fn read(store: &Store, max: usize) -> Self {
        let mut index = Self::new(max);
        let read = store.each_record(Kind::Standing, &mut |_, bytes| {
            let known = std::str::from_utf8(bytes).ok().is_some_and(|row| {
                let (domain, supplier) = row.strip_suffix(SUPPLIER).map_or((row, false), |domain| (domain, true));
                let added = index.add(domain);
                index.set_supplier(domain, supplier);
                added
            });
            if known || index.count() >= max { Ok(()) } else { Err("a record is damaged".to_owned()) }
        });
        if let Err(why) = read {
            log::error!("baseline: not all domains to be protected from look-alikes could be read: {why}");
        }
        index
    }
}

impl Learner {
    /// Protects a domain whose profile was changed, where it has standing: the record to be kept of that, if it is not
    /// `kept` already, or becomes a supplier by a message that `trades`.
    pub fn protect(
        &self,
        domain: &str,
        at: Moment,
        trades: bool,
        kept: bool,
        profile: Option<&Bytes>,
    ) -> Option<Vec<u8>> {
        let index = || self.likeness.read().unwrap_or_else(PoisonError::into_inner);
        let known = index().contains(domain);
        let protected = kept && known;
        if protected && (!trades || index().is_supplier(domain)) {
            return None;
        }
        let record = profile.and_then(|bytes| Record::decode(bytes))?;
        let profile = record.profile(at, self.decay, self.bounds);
        let holds = protected || self.standing.holds(&profile, at);
        if !holds && !known {
            return None;
        }
        let mut index = self.likeness.write().unwrap_or_else(PoisonError::into_inner);
        self.protected.fetch_add(1, Ordering::AcqRel);
        if !holds {
            index.remove(domain);
            return None;
        }
        if index.add(domain) {
            let supplier = profile.is_supplier();
            index.set_supplier(domain, supplier);
            let row = [domain, if supplier { SUPPLIER } else { "" }].concat();
            return (!kept || supplier).then(|| row.into_bytes());
        }
        self.crowded.make(std::time::Instant::now(), || {
            "no more domains can be protected from look-alikes; raise baseline.protected_domains_max".to_owned()
        });
        None
    }
}

impl Baselines {
    /// Which known domains those of a message would pass for. A domain with standing of its own passes for none.
    pub(in crate::baseline) fn likenesses(&self, query: &Query, baseline: &Baseline) -> Likenesses {
        let learner = &self.learner;
        let index = learner.likeness.read().unwrap_or_else(PoisonError::into_inner);
        let stands = |profile: Option<&Profile>| profile.is_some_and(|p| learner.standing.holds(p, query.at));
        let of = |host: &Domain, profile: Option<&Profile>| if stands(profile) { None } else { index.find(host) };
        let author = query.author.as_ref().filter(|_| !query.own);
        let widely_linked = |profile: &Profile| {
            profile.correspondents >= LINKED_BY_MIN && query.at.days_since(profile.first_seen) >= learner.standing.days
        };
        let mut links = query.link_hosts.iter().zip(&baseline.link_domains);
        let author = author.and_then(|author| of(author.domain(), baseline.sender_domain.as_ref()));
        Likenesses {
            protected: index.count(),
            author_as_supplier: author.as_ref().is_some_and(|known| index.is_supplier(known.domain.as_str())),
            author,
            reply: query.reply_domain.as_ref().and_then(|reply| of(reply, baseline.reply_domain.as_ref())),
            link: links.find_map(|(host, profile)| {
                let known = index.contains(host.registrable().as_str()) || profile.as_ref().is_some_and(widely_linked);
                if known { None } else { index.find(host) }
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::record::Increment;
    use crate::baseline::settings::Settings;

    const DAY: i64 = 86_400_000;

    /// Whether a domain of so many trusted and refused messages and letters to it has standing after some days.
    fn check(days: i64, trusted: u32, written_to: u32, refused: u32, expected: bool) {
        let settings = Settings { half_life_days: 1e6, ..Settings::default() };
        let (decay, bounds) = (crate::baseline::decay::Decay::new(settings.half_life_days), settings.bounds());
        let none = Increment::default();
        let mut record = Record::of(Moment(0), Increment { message: true, trusted: true, ..none });
        let more = [
            (trusted - 1, Increment { message: true, trusted: true, ..none }),
            (written_to, Increment { written_to: true, ..none }),
            (refused, Increment { message: true, refused: true, ..none }),
        ];
        for (count, increment) in more {
            (0..count).for_each(|_| record.merge(&Record::of(Moment(DAY), increment), decay, bounds));
        }
        let at = Moment(days * DAY);
        let holds = settings.standing().holds(&record.profile(at, decay, bounds), at);
        assert_eq!(holds, expected, "{days} {trusted} {written_to} {refused}");
    }

    #[test]
    fn standing_takes_time_and_mail() {
        check(30, 9, 0, 0, true);
        check(29, 9, 0, 0, false);
        check(30, 7, 0, 0, false);
        check(30, 1, 3, 0, true);
        check(30, 1, 2, 0, false);
        check(30, 9, 0, 10, false);
    }

    #[test]
    fn the_keys_of_profile_and_standing_differ_in_kind_alone() {
        let profile = [Kind::Domain as u8; 17];
        assert_eq!(profile_key(standing_key(profile)), profile);
        assert_ne!(standing_key(profile), profile);
    }
}
