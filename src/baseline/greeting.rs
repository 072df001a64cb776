//! Whom a letter greets with deference: by a title and a surname, or as Sir or Madam.

use crate::mail::Mailbox;
use crate::message::Message;

use super::name::alike;

/// Bytes of the text in which the greeting is looked for.
const TEXT_BYTES_MAX: usize = 2_048;
/// Characters of a line that still is a greeting.
const CHARS_MAX: usize = 60;

/// Words that open a greeting and name nobody.
const SALUTATIONS: &[&str] = &[
    "dear",
    "hello",
    "hi",
    "good",
    "morning",
    "afternoon",
    "evening",
    "sehr",
    "geehrte",
    "geehrter",
    "liebe",
    "lieber",
    "guten",
    "tag",
    "morgen",
    "cher",
    "chère",
    "bonjour",
    "estimado",
    "estimada",
    "buenos",
    "días",
    "gentile",
    "egregio",
    "geachte",
    "beste",
    "and",
    "und",
];
/// Titles that show respect.
const TITLES: &[&str] = &[
    "dr",
    "doctor",
    "doktor",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "sir",
    "madam",
    "maam",
    "herr",
    "herrn",
    "frau",
    "monsieur",
    "madame",
    "mme",
    "señor",
    "señora",
    "sr",
    "sra",
    "dott",
    "dottore",
    "dottoressa",
    "signor",
    "signora",
    "heer",
    "mevrouw",
];

/// Whom a letter greets so, as it is asked for each person that it names.
pub(super) struct Greeting {
    /// Words of the name behind the title; empty for a title alone.
    names: Vec<String>,
    /// Whether it greets with a title at all.
    titled: bool,
}

impl Greeting {
    /// The greeting of a letter: its first line.
    pub fn of(message: &Message) -> Self {
        let text = message.texts.own(TEXT_BYTES_MAX);
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let lower =
            if line.chars().count() <= CHARS_MAX { line.to_lowercase().replace('\'', "") } else { String::new() };
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let opens = words.first().is_some_and(|word| SALUTATIONS.contains(word) || TITLES.contains(word));
        // Who greets both knows neither.
        let form = words.contains(&"sir") && words.contains(&"madam");
        let titled = opens && !form && words.iter().any(|word| TITLES.contains(word));
        let named = words.into_iter().filter(|word| !SALUTATIONS.contains(word) && !TITLES.contains(word));
        let names = if titled { named.map(str::to_owned).collect() } else { Vec::new() };
        Self { names, titled }
    }

    /// Whether it greets this person of the letter's To with deference; a title alone greets the `only` one.
    pub fn defers_to(&self, mailbox: &Mailbox, only: bool) -> bool {
        if !self.titled {
            return false;
        }
        let name = alike(&mailbox.display_name, mailbox.address.as_ref());
        let is_named = || name.split(' ').any(|word| self.names.iter().any(|called| called == word));
        if self.names.is_empty() { only } else { is_named() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Address;

    fn check(text: &str, only: bool, expected: bool) {
        let mut message = Message::default();
        text.clone_into(&mut message.texts.plain);
        let vera = Mailbox { display_name: "Chief, Vera".to_owned(), address: Address::parse("vera@own.example") };
        assert_eq!(Greeting::of(&message).defers_to(&vera, only), expected, "{text}");
    }

    #[test]
    fn a_title_and_the_surname_show_deference() {
        check("Dear Dr. Chief,\n\nplease", false, true);
        check("\nSehr geehrte Frau Chief,\nanbei", false, true);
        check("Ms Chief: here it is", false, true);
        check("Dear Mr Smith,\n", true, false);
        check("Dear Vera,\n", true, false);
        check("Mr Chief is not in today, as Dr Smith told us yesterday when he came by here.", true, false);
        check("Tell Mr Chief", true, false);
    }

    #[test]
    fn a_title_alone_greets_the_only_reader() {
        check("Sir,\n", true, true);
        check("Good morning, Ma'am", true, true);
        check("Dear Sir,\n", false, false);
        check("Dear Sir or Madam,\n", true, false);
        check("", true, false);
    }
}
