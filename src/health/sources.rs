//! Who sends what a detector speaks of, in constant space: the heaviest senders and how sure that is.

use serde::{Deserialize, Serialize};

/// Senders that are kept apart: one that makes more than an eighth of all is among them (Metwally et al., *Efficient
/// computation of frequent and top-k elements in data streams*, 2005).
const SENDERS: usize = 8;
/// Bytes kept of a name.
const NAME_BYTES_MAX: usize = 128;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Sender {
    name: String,
    count: u32,
    /// How much of the count may belong to others.
    error: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Table {
    senders: Vec<Sender>,
    all: u32,
}

/// The heaviest senders of this hour and the one before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Sources {
    now: Table,
    before: Table,
}

/// The heaviest sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Heaviest {
    /// The domain.
    pub name: String,
    /// Its share, at least.
    pub share: f64,
}

impl Table {
    fn add(&mut self, name: &str) {
        self.all = self.all.saturating_add(1);
        if let Some(known) = self.senders.iter_mut().find(|sender| sender.name == name) {
            known.count = known.count.saturating_add(1);
            return;
        }
        if self.senders.len() < SENDERS {
            self.senders.push(Sender { name: name.to_owned(), count: 1, error: 0 });
            return;
        }
        if let Some(least) = self.senders.iter_mut().min_by_key(|sender| sender.count) {
            least.name.clear();
            least.name.push_str(name);
            least.error = least.count;
            least.count = least.count.saturating_add(1);
        }
    }

    fn sure(&self, name: &str) -> u32 {
        self.senders.iter().find(|sender| sender.name == name).map_or(0, |sender| sender.count - sender.error)
    }
}

impl Sources {
    pub(super) fn add(&mut self, name: &str) {
        self.now.add(&name[..name.floor_char_boundary(NAME_BYTES_MAX)]);
    }

    /// Another hour begins.
    pub(super) fn close_hour(&mut self) {
        self.before = std::mem::take(&mut self.now);
    }

    /// The heaviest sender of the last hour or two; `None` where nobody stands out.
    pub(super) fn heaviest(&self) -> Option<Heaviest> {
        let names = self.now.senders.iter().chain(&self.before.senders).map(|sender| sender.name.as_str());
        let sure = |name: &str| self.now.sure(name).saturating_add(self.before.sure(name));
        let name = names.max_by_key(|name| sure(name))?;
        let all = self.now.all.saturating_add(self.before.all);
        let share = f64::from(sure(name)) / f64::from(all.max(1));
        (share > 1.0 / SENDERS as f64).then(|| Heaviest { name: name.to_owned(), share })
    }

    pub(super) fn is_sound(&self) -> bool {
        [&self.now, &self.before].iter().all(|table| {
            table.senders.len() <= SENDERS
                && table.senders.iter().all(|s| s.error <= s.count && s.name.len() <= NAME_BYTES_MAX)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_most_is_found_among_thousands() {
        let mut sources = Sources::default();
        for n in 0..5_000 {
            sources.add(&format!("d{n}.example"));
            sources.add("heavy.example");
        }
        let heaviest = sources.heaviest().expect("one stands out");
        assert!(heaviest.name == "heavy.example" && (0.45..=0.5).contains(&heaviest.share), "{heaviest:?}");
        assert!(sources.is_sound() && sources.now.senders.len() == SENDERS);
        sources.close_hour();
        (0..10_000).for_each(|_| sources.add("late.example"));
        assert_eq!(sources.heaviest().map(|heaviest| heaviest.name), Some("late.example".to_owned()));
        (0..2).for_each(|_| sources.close_hour());
        assert_eq!(sources.heaviest(), None);
    }

    #[test]
    fn where_nobody_stands_out_nobody_is_named() {
        let mut sources = Sources::default();
        (0..5_000).for_each(|n| sources.add(&format!("d{}.example", n % 100)));
        assert_eq!(sources.heaviest(), None);
        sources.add(&"ä".repeat(1_000));
        assert!(sources.is_sound());
    }
}
