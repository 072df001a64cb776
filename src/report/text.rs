//! Report and budget for people.

use std::fmt::{self, Display, Formatter};

use super::budget::Budget;
use super::estimate::Missed;
use super::figures::{Figures, Report};
use super::share::Share;

/// Characters of a part's name: a rule's name is a sentence.
const PART_CHARS_MAX: usize = 48;

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { share, interval, labels } => write!(
                f,
                "{:.2} % (95 %: {:.2} to {:.2} %, {labels} labels)",
                share * 100.0,
                interval.low * 100.0,
                interval.high * 100.0
            ),
            Self::NotEnoughLabels(labels) => write!(f, "not enough labels ({labels})"),
        }
    }
}

/// A share in a column: without the number of its labels.
fn brief(share: &Share) -> String {
    match share {
        Share::Known { share, interval, .. } => {
            format!("{:.1} ({:.1}-{:.1}) %", share * 100.0, interval.low * 100.0, interval.high * 100.0)
        }
        Share::NotEnoughLabels(labels) => format!("not enough labels ({labels})"),
    }
}

impl Display for Missed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "Attacks among passed mail    {}", self.among_passed)?;
        match (self.attacks_passed, self.miss_rate) {
            (Some(attacks), Some(rate)) => writeln!(
                f,
                "Miss rate                    {:.1} % of all attacks: about {attacks:.0} passed on the days of the sample",
                rate * 100.0
            )?,
            (Some(attacks), None) => writeln!(f, "Miss rate                    unknown: about {attacks:.0} attacks")?,
            (None, _) => writeln!(f, "Miss rate                    not enough labels in the audit sample")?,
        }
        writeln!(f, "Audit sample                 {} of {} drawn messages are labelled", self.labelled, self.drawn)
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all = &self.all;
        let days = |day: &Option<String>, open: &str| day.clone().unwrap_or_else(|| open.to_owned());
        writeln!(
            f,
            "Decisions                    {} on {} days ({} to {})",
            all.decisions,
            self.days,
            days(&self.since, "the beginning"),
            days(&self.until, "now")
        )?;
        writeln!(f, "Verdicts                     {} hold, {} refuse, {} tag", all.held, all.refused, all.tagged)?;
        writeln!(f, "Kept back in fact            {} ({:.1} a day to review)", all.kept_back, self.reviews_per_day)?;
        writeln!(f, "Precision of hold and refuse {}", all.precision)?;
        writeln!(f, "Precision of tag             {}", all.tag_precision)?;
        writeln!(f, "Known false positives        {:.1} in a million decisions", all.false_positives_per_million)?;
        writeln!(f, "Known misses                 {}", all.known_misses)?;
        self.missed.fmt(f)?;
        match self.label_delay_hours {
            Some(hours) => writeln!(f, "Label delay                  {hours:.1} hours on the average")?,
            None => writeln!(f, "Label delay                  not enough labels (0)")?,
        }
        if self.by.is_some() {
            parts(f, &self.parts)?;
        }
        Ok(())
    }
}

fn parts(f: &mut Formatter<'_>, parts: &[Figures]) -> fmt::Result {
    let name = |part: &Figures| -> String {
        let name = part.part.as_deref().unwrap_or("(none)");
        name.chars().take(PART_CHARS_MAX).map(|c| if c.is_control() { '?' } else { c }).collect()
    };
    let width = parts.iter().map(|part| name(part).chars().count()).max().unwrap_or(0).max(4);
    writeln!(
        f,
        "\n{:<width$}  {:>9}  {:>7}  {:>7}  {:>7}  {:>6}  precision",
        "part", "decisions", "tag", "hold", "refuse", "misses"
    )?;
    for part in parts {
        writeln!(
            f,
            "{:<width$}  {:>9}  {:>7}  {:>7}  {:>7}  {:>6}  {}",
            name(part),
            part.decisions,
            part.tagged,
            part.held,
            part.refused,
            part.known_misses,
            brief(&part.precision)
        )?;
    }
    Ok(())
}

impl Display for Budget {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} decisions with a score, {} of them labelled", self.decisions, self.labels)?;
        match self.hold {
            Some(hold) => writeln!(
                f,
                "policy.thresholds.hold = {hold:.2} keeps to {} wrong holds in a million and {} reviews a day",
                self.bounds.wrong_holds_per_million, self.bounds.reviews_per_day
            )?,
            None => writeln!(f, "no threshold keeps to the budget for certain, as far as labels tell")?,
        }
        writeln!(
            f,
            "\n {:>6}  {:>12}  {:>7}  {:>24}  {:>12}",
            "hold", "reviews/day", "labels", "wrong/million (at most)", "attacks held"
        )?;
        for step in &self.curve {
            let wrong = match (step.wrong_holds_per_million, step.wrong_holds_per_million_most) {
                (Some(wrong), Some(most)) => format!("{wrong:.0} ({most:.0})"),
                _ => "not enough labels".to_owned(),
            };
            let held = step.attacks_held.map_or_else(|| "unknown".to_owned(), |held| format!("{:.1} %", held * 100.0));
            let mark = if self.hold == Some(step.hold) { '*' } else { ' ' };
            writeln!(
                f,
                "{mark}{:>6.2}  {:>12.1}  {:>7}  {wrong:>24}  {held:>12}",
                step.hold, step.reviews_per_day, step.labels
            )?;
        }
        Ok(())
    }
}
