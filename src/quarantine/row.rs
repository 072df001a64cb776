//! A held message as one row of a list, whoever keeps it, and which rows are asked for.

use std::collections::HashSet;

use serde::Serialize;

use super::event::{Part, Stage};
use super::folder::Kept;
use crate::decision::DecisionId;
use crate::mail::{Category, Moment};

/// A held message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The decision by which it is held.
    pub id: DecisionId,
    /// When, by RFC 3339.
    pub at: String,
    /// `own` or `mta`.
    pub keeper: &'static str,
    /// `held`, `releasing`, `partly released`, `released`; `gone` where the MTA has it no longer, `unknown` where it was
    /// not asked.
    pub state: &'static str,
    /// Whether the MTA may not know that it is kept here.
    pub unheard: bool,
    /// The MTA's name of the message.
    pub queue_id: Option<String>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Reverse-path; `None` for the null sender.
    pub sender: Option<String>,
    /// The author's address.
    pub author: Option<String>,
    /// For whom it is held, and how it stands for each.
    pub recipients: Vec<Recipient>,
    /// The decoded subject.
    pub subject: Option<String>,
    /// The kind of attack; `None` where the policy held it.
    pub category: Option<Category>,
    /// Log-odds of an attack.
    pub score: Option<f32>,
    /// The names of the strongest reasons.
    pub reasons: Vec<String>,
    /// What held it beside its score.
    pub grounds: Vec<String>,
    /// Its length.
    pub bytes: u64,
}

/// A recipient, and how it stands for him.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recipient {
    /// His address.
    pub address: String,
    /// As [`Row::state`].
    pub state: &'static str,
}

fn state(part: &Part) -> &'static str {
    match part {
        Part::Held => "held",
        Part::Releasing(_, Stage::Heard(_)) | Part::Released => "released",
        Part::Releasing(..) => "releasing",
    }
}

impl From<&Kept> for Row {
    fn from(kept: &Kept) -> Self {
        let (held, standing) = (&kept.held, &kept.standing);
        let states: HashSet<_> = standing.parts.iter().map(|(_, part)| state(part)).collect();
        let one = |wanted: &str| states.len() == 1 && states.contains(wanted);
        let recipient =
            |(one, part): &(crate::mail::Address, Part)| Recipient { address: one.to_string(), state: state(part) };
        Self {
            id: held.id,
            at: held.id.moment().rfc3339(),
            keeper: "own",
            state: match () {
                () if one("held") => "held",
                () if one("released") => "released",
                () if states.contains("releasing") => "releasing",
                () => "partly released",
            },
            unheard: kept.unheard,
            queue_id: held.queue_id.clone(),
            message_id: held.message_id.clone(),
            sender: held.sender.as_ref().map(ToString::to_string),
            author: held.author.clone(),
            recipients: standing.parts.iter().map(recipient).collect(),
            subject: held.subject.clone(),
            category: held.category,
            score: held.score,
            reasons: held.reasons.clone(),
            grounds: held.grounds.clone(),
            bytes: held.bytes,
        }
    }
}

/// Which rows are asked for, by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standings {
    /// Those that are held for somebody still.
    #[default]
    Held,
    /// Those that were released, to one at least.
    Released,
    /// All.
    All,
}

/// Which rows are asked for. Texts are parts of what is searched, whatever the case; empty ones ask for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Held since.
    pub since: Option<Moment>,
    /// Held before.
    pub until: Option<Moment>,
    /// Of this kind of attack; `Some(None)` for those that have none.
    pub category: Option<Option<Category>>,
    /// In a sender's or author's address.
    pub sender: String,
    /// In a recipient's address.
    pub recipient: String,
    /// In the subject.
    pub subject: String,
    /// In the name of a reason.
    pub reason: String,
    /// How they stand.
    pub standings: Standings,
    /// Only those of which the MTA may not know that they are kept.
    pub unheard: bool,
}

impl Wanted {
    /// Whether a row is one of them.
    pub fn takes(&self, row: &Row) -> bool {
        let stands = match row.state {
            _ if self.standings == Standings::All => true,
            "released" | "gone" => self.standings == Standings::Released,
            "partly released" => true,
            _ => self.standings == Standings::Held,
        };
        let at = row.id.moment();
        stands
            && (!self.unheard || row.unheard)
            && self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at < until)
            && self.category.is_none_or(|wanted| row.category == wanted)
            && holds(&self.sender, [&row.sender, &row.author].into_iter().flatten())
            && holds(&self.subject, row.subject.iter())
            && holds(&self.reason, row.reasons.iter())
            && holds(&self.recipient, row.recipients.iter().map(|one| &one.address))
    }
}

/// Whether one of the texts holds this part.
fn holds<'a>(part: &str, mut texts: impl Iterator<Item = &'a String>) -> bool {
    if part.is_empty() {
        return true;
    }
    let part = part.to_lowercase();
    texts.any(|text| text.to_lowercase().contains(&part))
}

#[cfg(test)]
mod tests {
    use super::super::event::Standing;
    use super::super::held::Held;
    use super::*;
    use crate::mail::Address;

    fn kept(parts: &[Part]) -> Kept {
        let address = |n: usize| Address::parse(&format!("r{n}@own.example")).expect("valid");
        let recipients: Vec<_> = (0..parts.len()).map(address).collect();
        let held = Held {
            id: DecisionId::new(Moment(1_700_000_000_000), 1),
            recipients: recipients.clone(),
            author: Some("Ann@x.example".to_owned()),
            subject: Some("Hello".to_owned()),
            category: Some(Category::Spam),
            reasons: vec!["reply_to_differs".to_owned()],
            ..Held::default()
        };
        let mut standing = Standing::after(&recipients, &[]);
        standing.parts = recipients.into_iter().zip(parts.iter().cloned()).collect();
        Kept { held, standing, unheard: false }
    }

    fn releasing(stage: Stage) -> Part {
        Part::Releasing("1".to_owned(), stage)
    }

    #[test]
    fn a_row_stands_as_its_recipients_do() {
        let check = |parts: &[Part], expected: &str| assert_eq!(Row::from(&kept(parts)).state, expected, "{parts:?}");
        check(&[Part::Held, Part::Held], "held");
        check(&[Part::Released, releasing(Stage::Heard(None))], "released");
        check(&[Part::Held, Part::Released], "partly released");
        check(&[Part::Released, releasing(Stage::Begun)], "releasing");
    }

    #[test]
    fn rows_are_those_that_are_asked_for() {
        let (held, released) = (Row::from(&kept(&[Part::Held])), Row::from(&kept(&[Part::Released])));
        let partly = Row::from(&kept(&[Part::Held, Part::Released]));
        let check = |wanted: &Wanted, expected: [bool; 3]| {
            assert_eq!([&held, &released, &partly].map(|row| wanted.takes(row)), expected, "{wanted:?}");
        };
        let all = || Wanted { standings: Standings::All, ..Wanted::default() };
        let text = |text: &str| text.to_owned();
        check(&Wanted::default(), [true, false, true]);
        check(&Wanted { standings: Standings::Released, ..Wanted::default() }, [false, true, true]);
        check(&all(), [true; 3]);
        check(&Wanted { unheard: true, ..all() }, [false; 3]);
        let at = held.id.moment();
        check(&Wanted { since: Some(at), ..all() }, [true; 3]);
        check(&Wanted { since: Some(Moment(at.0 + 1)), ..all() }, [false; 3]);
        check(&Wanted { until: Some(at), ..all() }, [false; 3]);
        check(&Wanted { category: Some(Some(Category::Spam)), ..all() }, [true; 3]);
        check(&Wanted { category: Some(None), ..all() }, [false; 3]);
        check(&Wanted { sender: text("ANN@"), ..all() }, [true; 3]);
        check(&Wanted { subject: text("bye"), ..all() }, [false; 3]);
        check(&Wanted { reason: text("reply"), ..all() }, [true; 3]);
        check(&Wanted { recipient: text("r1@"), ..all() }, [false, false, true]);
    }
}
