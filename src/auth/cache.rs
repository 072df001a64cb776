//! DNS answers that are still good, bounded in number and size.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::resolver::{Answer, Kind};

/// Bytes of an answer that count as one entry: room for an SPF record or an RSA-2048 key.
const ENTRY_BYTES: usize = 512;

/// Two generations of answers: what is used moves to the young one; when that is full, the old one is forgotten. So the
/// least recently used half goes, in constant time.
pub(super) struct Cache {
    generations: Mutex<Generations>,
    half_max: usize,
}

#[derive(Default)]
struct Generations {
    young: Generation,
    old: Generation,
}

/// Answers by name, one map per kind of question, so that a name is looked up without being copied.
#[derive(Default)]
struct Generation {
    by_kind: [HashMap<Box<str>, Entry>; Kind::COUNT],
    weight: usize,
}

/// An answer and when it ceases to be good.
struct Entry {
    answer: Arc<Answer>,
    until: Instant,
    weight: usize,
}

impl Cache {
    /// A cache of at most `entries_max` answers of ordinary size.
    pub(super) fn new(entries_max: usize) -> Self {
        Self { generations: Mutex::default(), half_max: (entries_max / 2).max(1) }
    }

    /// The answer to a question, if one is kept that is still good at `now`.
    pub(super) fn recall(&self, kind: Kind, name: &str, now: Instant) -> Option<Arc<Answer>> {
        // A panic while the lock was held cannot leave half an entry behind, so the maps stay usable.
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = generations.young.by_kind[kind as usize].get(name) {
            return (entry.until > now).then(|| Arc::clone(&entry.answer));
        }
        let (name, entry) = generations.old.by_kind[kind as usize].remove_entry(name)?;
        if entry.until <= now {
            return None;
        }
        let answer = Arc::clone(&entry.answer);
        generations.insert(kind, name, entry, self.half_max);
        Some(answer)
    }

    /// Keeps an answer.
    pub(super) fn keep(&self, kind: Kind, name: &str, answer: Arc<Answer>, until: Instant) {
        let weight = 1 + answer.bytes() / ENTRY_BYTES;
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.insert(kind, name.into(), Entry { answer, until, weight }, self.half_max);
    }
}

impl Generations {
    fn insert(&mut self, kind: Kind, name: Box<str>, entry: Entry, half_max: usize) {
        if entry.weight > half_max {
            return;
        }
        if self.young.weight + entry.weight > half_max {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.weight += entry.weight;
        if let Some(before) = self.young.by_kind[kind as usize].insert(name, entry) {
            self.young.weight -= before.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn text(bytes: usize) -> Arc<Answer> {
        Arc::new(Answer::Texts(vec![vec![b'x'; bytes].into()]))
    }

    #[test]
    fn answers_are_good_until_their_time() {
        let (cache, now) = (Cache::new(10), Instant::now());
        cache.keep(Kind::Txt, "example.org", text(1), now + Duration::from_secs(60));
        assert!(cache.recall(Kind::Txt, "example.org", now + Duration::from_secs(59)).is_some());
        assert!(cache.recall(Kind::Txt, "example.org", now + Duration::from_secs(60)).is_none());
        assert!(cache.recall(Kind::Mx, "example.org", now).is_none());
    }

    #[test]
    fn the_cache_never_holds_more_than_its_limit() {
        let (cache, now) = (Cache::new(10), Instant::now());
        for i in 0..1000 {
            cache.keep(Kind::Txt, &format!("{i}.example.org"), text(1), now + Duration::from_secs(60));
        }
        let kept = |i: usize| cache.recall(Kind::Txt, &format!("{i}.example.org"), now).is_some();
        assert!(kept(999) && kept(995));
        assert!((0..1000).filter(|i| kept(*i)).count() <= 10);
    }

    #[test]
    fn what_is_used_stays() {
        let (cache, now) = (Cache::new(10), Instant::now());
        cache.keep(Kind::Txt, "often.example.org", text(1), now + Duration::from_secs(60));
        for i in 0..100 {
            cache.keep(Kind::Txt, &format!("{i}.example.org"), text(1), now + Duration::from_secs(60));
            assert!(cache.recall(Kind::Txt, "often.example.org", now).is_some(), "{i}");
        }
    }

    #[test]
    fn long_answers_count_as_several_and_too_long_ones_are_not_kept() {
        let (cache, now) = (Cache::new(10), Instant::now());
        let until = now + Duration::from_secs(60);
        cache.keep(Kind::Txt, "a.example.org", text(4 * ENTRY_BYTES), until);
        cache.keep(Kind::Txt, "b.example.org", text(5 * ENTRY_BYTES), until);
        assert!(cache.recall(Kind::Txt, "a.example.org", now).is_some());
        assert!(cache.recall(Kind::Txt, "b.example.org", now).is_none());
    }
}
