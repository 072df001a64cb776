//! What the replays show: recall by kind at fixed false positives and within the daily budget, with intervals.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::attack::{Family, KINDS};
use super::compare::{Compared, Seen};

/// A name, and whether a message belongs under it.
type Group<'a> = (&'a str, &'a dyn Fn(&Seen) -> bool);

/// A column by its head, and which messages it counts.
type Column<'a> = (String, Box<dyn Fn(&Seen) -> bool + 'a>);

/// A measure by which messages are ordered: the higher, the more suspicious.
type Order = fn(&Seen) -> (f64, f64);

fn by_rarity(seen: &Seen) -> (f64, f64) {
    (-seen.budget, seen.surprise)
}

fn by_model(seen: &Seen) -> (f64, f64) {
    (f64::from(seen.points), 0.0)
}

/// Some of all, with its 95 % interval (Wilson, 1927).
#[derive(Clone, Copy, Default)]
pub struct Part {
    pub hits: usize,
    pub of: usize,
}

impl Part {
    fn count<'a>(seen: impl Iterator<Item = &'a Seen>, is_hit: impl Fn(&Seen) -> bool) -> Self {
        seen.fold(Self::default(), |part, seen| Self { hits: part.hits + usize::from(is_hit(seen)), of: part.of + 1 })
    }

    fn interval(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, share, z) = (self.of as f64, self.hits as f64 / self.of as f64, 1.96_f64);
        let (middle, wide) =
            (share + z * z / (2.0 * n), z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt());
        let scale = 1.0 + z * z / n;
        (((middle - wide) / scale).max(0.0), ((middle + wide) / scale).min(1.0))
    }

    fn text(self) -> String {
        if self.of == 0 {
            return "-".to_owned();
        }
        let (low, high) = self.interval();
        let share = 100.0 * self.hits as f64 / self.of as f64;
        format!("{share:.0} ({:.0}-{:.0})", 100.0 * low, 100.0 * high)
    }

    fn json(self) -> Value {
        let (low, high) = self.interval();
        json!({ "hits": self.hits, "of": self.of, "low": low, "high": high })
    }
}

/// The value that at most this share of ordinary mail exceeds.
fn threshold(ordinary: &[&Seen], order: Order, share: f64) -> (f64, f64) {
    let mut values: Vec<_> = ordinary.iter().map(|seen| order(seen)).collect();
    values.sort_by(|a, b| compare(*b, *a));
    let at = (values.len() as f64 * share) as usize;
    values.get(at).copied().unwrap_or((f64::INFINITY, 0.0))
}

fn compare(a: (f64, f64), b: (f64, f64)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// All replays together.
pub struct Figures<'a> {
    ordinary: Vec<&'a Seen>,
    /// What was learned, and so shared the budget.
    attacks: Vec<&'a Seen>,
    /// What was compared and forgotten.
    probes: Vec<&'a Seen>,
    columns: Vec<Column<'a>>,
    days: usize,
    microseconds: f64,
    state_bytes: usize,
}

impl<'a> Figures<'a> {
    pub fn of(replays: &'a [Compared], budget: f64) -> Self {
        let all = || replays.iter().flat_map(|replay| &replay.seen);
        let ordinary: Vec<&Seen> = all().filter(|seen| seen.kind.is_none()).collect();
        let attacks: Vec<&Seen> = all().filter(|seen| seen.kind.is_some() && !seen.is_probe).collect();
        let probes: Vec<&Seen> = all().filter(|seen| seen.is_probe).collect();
        let mut columns: Vec<Column<'_>> = Vec::new();
        columns.push((format!("{budget}/day"), Box::new(|seen| seen.alert)));
        for part in [3.0, 10.0] {
            let smaller = budget / part;
            columns.push((format!("{smaller:.2}/day"), Box::new(move |seen| seen.budget <= smaller)));
        }
        for (name, order) in [("DAS", by_rarity as Order), ("model", by_model)] {
            for share in [1e-3, 1e-4] {
                let least = threshold(&ordinary, order, share);
                let label = format!("{name} 1:{:.0}", 1.0 / share);
                columns.push((label, Box::new(move |seen| compare(order(seen), least).is_gt())));
            }
        }
        let count = replays.len().max(1) as f64;
        Self {
            ordinary,
            attacks,
            probes,
            columns,
            days: replays.iter().map(|replay| replay.days).sum(),
            microseconds: replays.iter().map(|replay| replay.microseconds).sum::<f64>() / count,
            state_bytes: replays.iter().map(|replay| replay.state_bytes).max().unwrap_or_default(),
        }
    }

    /// Each row with its attacks.
    fn rows(attacks: &[&'a Seen]) -> Vec<(String, Vec<&'a Seen>)> {
        let is_fraud = |seen: &Seen| seen.kind.is_some_and(|kind| kind.family() == Family::Person);
        let groups: [Group<'_>; 7] = [
            ("spear-phishing and BEC", &is_fraud),
            ("  known relationships", &|seen| is_fraud(seen) && seen.is_known),
            ("  first contact", &|seen| is_fraud(seen) && !seen.is_known),
            ("others, by strangers", &|seen| !is_fraud(seen)),
            ("all", &|_| true),
            ("  known relationships", &|seen| seen.is_known),
            ("  first contact", &|seen| !seen.is_known),
        ];
        let row = |name: &str, is_in: &dyn Fn(&Seen) -> bool| {
            (name.to_owned(), attacks.iter().copied().filter(|seen| is_in(seen)).collect::<Vec<_>>())
        };
        let of = |family: Family| KINDS.iter().filter(move |kind| kind.family() == family);
        let kinds = of(Family::Person).chain(of(Family::Stranger));
        let mut rows: Vec<_> = kinds.map(|kind| row(kind.name(), &|seen| seen.kind == Some(*kind))).collect();
        rows.extend(groups.iter().map(|(name, is_in)| row(name, is_in)));
        rows
    }

    pub fn print(&self) {
        println!("{} ordinary messages on {} days", self.ordinary.len(), self.days);
        println!("comparing: {:.1} us a message, state {} bytes", self.microseconds, self.state_bytes);
        self.table("attacks sent and learned", &self.attacks);
        if !self.probes.is_empty() {
            self.table("attacks compared and forgotten", &self.probes);
        }
        print!("{:<24}{:>6}", "ordinary mail, per mille", "");
        for (_, is_hit) in &self.columns {
            let part = Part::count(self.ordinary.iter().copied(), is_hit);
            print!("{:>15.2}", 1_000.0 * part.hits as f64 / part.of.max(1) as f64);
        }
        println!("\n");
        let (false_alerts, true_alerts) = self.alerts();
        let days = self.days.max(1) as f64;
        let share = Part { hits: true_alerts, of: true_alerts + false_alerts };
        println!("alerts a day: {:.2}, of them attacks: {} %", share.of as f64 / days, share.text());
        println!("\nordinary messages among the alerts, by what makes them rare:");
        let of = |seen: &&&Seen| seen.alert;
        self.commonest(
            self.ordinary.iter().filter(of).map(|s| format!("{}: {}", s.detector, s.features.join("; "))),
            15,
        );
        println!("\nattacks that are no alert, by kind, text and sub-detector:");
        let missed = self.attacks.iter().chain(&self.probes).filter(|seen| !seen.alert);
        let name = |seen: &Seen| seen.kind.map_or("", super::attack::Kind::name);
        self.commonest(missed.map(|seen| format!("{} #{} ({})", name(seen), seen.text, seen.detector)), 40);
    }

    fn table(&self, head: &str, attacks: &[&'a Seen]) {
        println!("\n{head}: {}", attacks.len());
        print!("{:<24}{:>6}", "recall in % (95 %)", "n");
        self.columns.iter().for_each(|(name, _)| print!("{name:>15}"));
        println!();
        for (name, seen) in Self::rows(attacks) {
            print!("{name:<24}{:>6}", seen.len());
            for (_, is_hit) in &self.columns {
                print!("{:>15}", Part::count(seen.iter().copied(), is_hit).text());
            }
            println!();
        }
    }

    fn commonest(&self, names: impl Iterator<Item = String>, most: usize) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        names.for_each(|name| *counts.entry(name).or_default() += 1);
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        counts.iter().take(most).for_each(|(name, count)| println!("{count:>6}  {name}"));
    }

    fn alerts(&self) -> (usize, usize) {
        let count = |seen: &[&Seen]| seen.iter().filter(|seen| seen.alert).count();
        (count(&self.ordinary), count(&self.attacks))
    }

    pub fn json(&self) -> Value {
        let row = |(name, seen): (String, Vec<&Seen>)| {
            let recall = self
                .columns
                .iter()
                .map(|(column, is_hit)| (column.clone(), Part::count(seen.iter().copied(), is_hit).json()));
            json!({ "name": name.trim(), "recall": Value::Object(recall.collect()) })
        };
        let rows = |attacks: &[&'a Seen]| Value::Array(Self::rows(attacks).into_iter().map(row).collect());
        let (false_alerts, true_alerts) = self.alerts();
        json!({
            "ordinary": self.ordinary.len(), "attacks": self.attacks.len(), "probes": self.probes.len(),
            "days": self.days, "alerts": false_alerts + true_alerts, "alerts_attack": true_alerts,
            "microseconds": self.microseconds, "state_bytes": self.state_bytes,
            "learned": rows(&self.attacks), "forgotten": rows(&self.probes),
        })
    }
}
