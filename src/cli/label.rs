//! `kith label`: what people say of decisions, and where that flows.

mod examples;
mod mailbox;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::baseline::take_back;
use super::{Common, Exit, Failure, who};
use crate::baseline::Attack;
use crate::decision::DecisionId;
use crate::feedback::{Row, find};
use crate::labels::{Book, How, Label, Opinion};
use crate::mail::{Category, Moment};
use crate::settings::Settings;

/// Say of a decision that its message is safe or an attack; the newest label counts, and nothing is lost
///
/// An attack loses the trust that it earned in the baselines, and gets it back when it is said to be safe. Labels are examples for training (--examples).
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["id", "list", "from_maildir", "examples"]))]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Print all labels in the order in which they were given
    #[arg(long)]
    list: bool,
    /// As JSON
    #[arg(long, requires = "list")]
    json: bool,
    /// Label what is reported or was moved to this Maildir: attached, quoted with its header, or the message itself
    #[arg(long, value_name = "DIR", requires = "opinion_of_all")]
    from_maildir: Option<PathBuf>,
    /// What the messages of the Maildir are: safe, attack, or attack:CATEGORY
    #[arg(long = "as", id = "opinion_of_all", value_name = "OPINION", requires = "from_maildir")]
    opinion_of_all: Option<String>,
    /// Go on with each message that arrives in the Maildir
    #[arg(long, requires = "from_maildir")]
    watch: bool,
    /// Believe reports of people who were no recipients of what they report
    #[arg(long, requires = "from_maildir")]
    any_reporter: bool,
    /// Write the signals of all labelled decisions to this file as CSV, as `kith train --examples` does
    #[arg(long, value_name = "FILE")]
    examples: Option<PathBuf>,
    /// Who says so [default: the login]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Why, in words
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// How much it counts as an example [default: 1; 0.5 from a Maildir]
    #[arg(long, value_name = "N", value_parser = weight)]
    weight: Option<f32>,
    /// The decision's id, as in X-Kith-ID and in the log
    #[arg(requires = "opinion")]
    id: Option<String>,
    /// safe, attack, or attack:CATEGORY
    opinion: Option<String>,
}

fn weight(text: &str) -> Result<f32, String> {
    let weight = text.parse::<f32>().ok().filter(|weight| (0.0..=100.0).contains(weight));
    weight.ok_or_else(|| format!("{text:?} is no weight from 0 to 100"))
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let (arguments, settings) = (&arguments, arguments.common.settings()?);
    let book = Book::of(&settings.state_directory);
    if arguments.list {
        return list(&book, arguments.json);
    }
    if let Some(file) = &arguments.examples {
        return examples::write(&settings, &book, file);
    }
    let desk = Desk { arguments, settings: &settings, book: &book };
    if let (Some(dir), Some(opinion)) = (&arguments.from_maildir, &arguments.opinion_of_all) {
        return mailbox::run(&desk, dir, parsed(opinion)?);
    }
    let (Some(id), Some(opinion)) = (&arguments.id, &arguments.opinion) else {
        return Err(Failure::usage("name a decision and what it is: kith label ID safe|attack[:CATEGORY]"));
    };
    let opinion = parsed(opinion)?;
    let id = DecisionId::parse(id)
        .ok_or_else(|| Failure::usage(format!("{id:?} is no decision id; it has 26 letters and digits")))?;
    let row = find(&settings.state_directory, id).map_err(Failure::unavailable)?.ok_or_else(|| {
        Failure::new(Exit::NoInput, format!("neither journal nor quarantine of {} knows {id}", settings.state_directory.display()))
    })?;
    desk.label(&row, opinion, &who(arguments.who.as_ref()), How::Command)
}

/// Reads `safe`, `attack` or `attack:CATEGORY`.
fn parsed(text: &str) -> Result<(Opinion, Option<Category>), Failure> {
    let (word, category) = text.split_once(':').map_or((text, None), |(word, category)| (word, Some(category)));
    let names: Vec<_> = Category::ALL.iter().map(|one| one.name()).collect();
    let found = category.map(|name| Category::ALL.into_iter().find(|one| one.name() == name));
    match (word, found) {
        ("safe", None) => Ok((Opinion::Safe, None)),
        ("attack", None) => Ok((Opinion::Attack, None)),
        ("attack", Some(Some(category))) => Ok((Opinion::Attack, Some(category))),
        _ => Err(Failure::usage(format!("{text:?} is none of safe, attack, attack:CATEGORY with one of {}", names.join(", ")))),
    }
}

fn list(book: &Book, json: bool) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for label in book.all().map_err(Failure::unavailable)? {
        if json {
            serde_json::to_writer(&mut out, &label).map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{label}")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Where labels are given.
struct Desk<'a> {
    arguments: &'a Arguments,
    settings: &'a Settings,
    book: &'a Book,
}

impl Desk<'_> {
    /// Gives a label, and takes back what an attack earned, or gives it back to what was none.
    fn label(&self, row: &Row, opinion: (Opinion, Option<Category>), who: &str, how: How) -> Result<(), Failure> {
        let (opinion, category) = opinion;
        let mut label = Label::new(row.id, opinion, who, how, Moment::now()).of(category);
        label = label.noted(self.arguments.note.as_deref());
        label.weight = self.arguments.weight.unwrap_or(label.weight);
        let before = self.book.in_force().map_err(Failure::unavailable)?.remove(&row.id);
        self.book.add(&label).map_err(|error| {
            let state = self.settings.state_directory.display();
            Failure::new(Exit::CannotCreate, format!("the labels in {state} cannot be written: {error}"))
        })?;
        writeln!(std::io::stdout().lock(), "{label}")?;
        if opinion == Opinion::Attack {
            return self.take_back(row);
        }
        if before.is_some_and(|before| before.opinion == Opinion::Attack) {
            return self.give_back(row);
        }
        Ok(())
    }

    /// Gives back what was taken from what is no attack.
    fn give_back(&self, row: &Row) -> Result<(), Failure> {
        let (Some(message_id), Some(author)) = (row.message_id.clone(), row.author.clone()) else { return Ok(()) };
        if !take_back::is_possible(self.settings) {
            return Ok(());
        }
        let given = take_back::ask_back(&self.arguments.common, &Attack::Message { message_id, author })?;
        writeln!(
            std::io::stdout().lock(),
            "{}: {} messages given back to the baselines, {} answers to them",
            row.id,
            given.messages,
            given.answers
        )?;
        Ok(())
    }

    /// Takes back what an attack earned. Where there are no baselines there is nothing to take back.
    fn take_back(&self, row: &Row) -> Result<(), Failure> {
        let (Some(message_id), Some(author)) = (row.message_id.clone(), row.author.clone()) else {
            eprintln!("{}: its trust cannot be taken back: it has no Message-ID or no author", row.id);
            return Ok(());
        };
        if !take_back::is_possible(self.settings) {
            return Ok(());
        }
        let taken = take_back::ask(&self.arguments.common, &Attack::Message { message_id, author })?;
        writeln!(
            std::io::stdout().lock(),
            "{}: {} messages taken back from the baselines, {} answers to them",
            row.id,
            taken.messages,
            taken.answers
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opinions_are_read() {
        let check = |text: &str, expected: Option<(Opinion, Option<Category>)>| {
            assert_eq!(parsed(text).ok(), expected, "{text}");
        };
        check("safe", Some((Opinion::Safe, None)));
        check("attack", Some((Opinion::Attack, None)));
        check("attack:malware", Some((Opinion::Attack, Some(Category::Malware))));
        for wrong in ["", "Safe", "safe:spam", "attack:", "attack:virus", "spam"] {
            check(wrong, None);
        }
        assert!(weight("0.5").is_ok() && weight("-1").is_err() && weight("NaN").is_err() && weight("101").is_err());
    }
}
