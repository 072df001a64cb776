//! `kith quarantine list`: held mail, one line a message.

use std::io::Write;

use clap::Args;

use super::Place;
use super::row::Filter;
use crate::cli::{Common, Failure};
use crate::quarantine::Row;

/// Recipients and reasons named in a line.
const NAMED_MAX: usize = 3;

/// List held mail, oldest first: in Kith's own store, and in the MTA's quarantine by the journal and the MTA's queue
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    filter: Filter,
    /// One JSON object a message and line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let (rows, complaints) = arguments.filter.rows(&place)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in &rows {
        if arguments.json {
            serde_json::to_writer(&mut out, row).map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", line(row))?;
        }
    }
    out.flush()?;
    complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
    Ok(())
}

/// A message in one line without control characters: who writes what to whom, and why it is held.
fn line(row: &Row) -> String {
    let sender = row.author.as_deref().or(row.sender.as_deref()).unwrap_or("<>");
    let named: Vec<_> = row.recipients.iter().take(NAMED_MAX).map(|one| one.address.as_str()).collect();
    let more = row.recipients.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let score = row.score.map_or("unscored".to_owned(), |score| format!("{score:.2}"));
    let category = row.category.map_or("policy", |category| category.name());
    let unheard = if row.unheard { ", unheard" } else { "" };
    let reasons: Vec<_> = row.reasons.iter().take(NAMED_MAX).map(String::as_str).collect();
    let text = format!(
        "{} {} [{}{unheard}; {}] {category} {score} {sender} -> {}{more}: {} ({})",
        row.id,
        row.at.get(..16).unwrap_or(&row.at),
        row.state,
        row.keeper,
        named.join(", "),
        row.subject.as_deref().unwrap_or("-"),
        reasons.join(", ")
    );
    text.chars().map(|c| if harmless(c) { c } else { '?' }).collect()
}

/// Whether a character leaves a terminal and the order of a line alone.
pub(super) fn harmless(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::DecisionId;
    use crate::mail::{Category, Moment};
    use crate::quarantine::Recipient;

    #[test]
    fn a_line_is_one_line_whatever_the_message_says() {
        let recipient = |n: usize| Recipient { address: format!("r{n}@own.example"), state: "held" };
        let row = Row {
            id: DecisionId::new(Moment(1_700_000_000_000), 1),
            at: "2023-11-14T22:13:20Z".into(),
            keeper: "own",
            state: "held",
            unheard: true,
            queue_id: None,
            message_id: None,
            sender: None,
            author: Some("a@x.example".into()),
            recipients: (0..5).map(recipient).collect(),
            subject: Some("Hi\r\n\u{1b}[2J\u{202e}x".into()),
            category: Some(Category::Spam),
            score: Some(5.0),
            reasons: vec!["a".into()],
            grounds: Vec::new(),
            bytes: 9,
        };
        assert_eq!(
            line(&row),
            "01HF7YAT000000000000000001 2023-11-14T22:13 [held, unheard; own] spam 5.00 a@x.example -> r0@own.example, \
             r1@own.example, r2@own.example and 2 more: Hi???[2J?x (a)"
        );
    }
}
