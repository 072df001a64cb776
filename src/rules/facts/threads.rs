//! A text split into the newest message and the older ones that it quotes, as mail programs of several languages write them.

use std::sync::LazyLock;

use regex::Regex;

use crate::mail::{Address, Mailbox};

/// Older messages of one text that are told apart.
const THREADS_MAX: usize = 50;
/// Lines of a block of header fields.
const HEAD_LINES_MAX: usize = 12;
/// Bytes of a line that is looked at: an introduction is short.
const LINE_BYTES_MAX: usize = 600;

/// A line that introduces what follows as another message, by itself.
static INTRODUCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^[>\s]*(?:
            [-_\s]*(?:original\ message|urspr\x{fc}ngliche\ nachricht|message\ d.origine|mensaje\ original
                |messaggio\ originale|oorspronkelijk\ bericht|forwarded\ message|weitergeleitete\ nachricht
                |begin\ forwarded\ message|message\ transf\x{e9}r\x{e9}|mensaje\ reenviado)[-_:\s]*
            | (?:on|am|le|el|il|op|den|em|dnia)\b.{6,300}
                (?:wrote|schrieb.{0,100}|a\ \x{e9}crit|escribi\x{f3}|ha\ scritto|schreef.{0,100}|skrev.{0,100}|escreveu
                    |napisa\x{142}.{0,20})\s*:
        )\s*$",
    )
    .ok()
});

/// The names of header fields as mail programs translate them, lower case: author, date, recipient, subject.
const AUTHOR: [&str; 8] = ["from", "von", "de", "da", "van", "fra", "fr\u{e5}n", "od"];
const RECIPIENT: [&str; 9] = ["to", "an", "\u{e0}", "para", "a", "aan", "til", "till", "do"];
const SUBJECT: [&str; 9] =
    ["subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "emne", "\u{e4}mne", "temat"];
const DATE: [&str; 13] = [
    "date",
    "sent",
    "datum",
    "gesendet",
    "envoy\u{e9}",
    "enviado",
    "inviato",
    "data",
    "verzonden",
    "sendt",
    "skickat",
    "wys\u{142}ano",
    "enviado el",
];

/// An older message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Older {
    /// The lines that introduce it.
    pub preamble: String,
    /// Its text.
    pub text: String,
    /// Who wrote it.
    pub sender: Option<Mailbox>,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// Its subject.
    pub subject: String,
}

/// The newest message's text, and the older ones, newest first.
pub(super) fn split(text: &str) -> (String, Vec<Older>) {
    let lines: Vec<&str> = text.lines().collect();
    let (mut newest, mut older): (Vec<&str>, Vec<Older>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let begins = if older.len() < THREADS_MAX { beginning(&lines, at) } else { None };
        if let Some(lines_of_it) = begins {
            older.push(introduced(&lines[at..at + lines_of_it]));
            at += lines_of_it;
            continue;
        }
        match older.last_mut() {
            Some(last) => {
                last.text.push_str(unquoted(lines[at]));
                last.text.push('\n');
            }
            None if lines[at].trim_start().starts_with('>') => {
                older.push(Older::default());
                continue;
            }
            None => newest.push(lines[at]),
        }
        at += 1;
    }
    for message in &mut older {
        message.text = message.text.trim().to_owned();
    }
    (newest.join("\n").trim().to_owned(), older)
}

fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' '])
}

/// How many lines introduce another message here; `None` where none begins.
fn beginning(lines: &[&str], at: usize) -> Option<usize> {
    let line = lines[at];
    if line.len() > LINE_BYTES_MAX {
        return None;
    }
    let introduces = |text: &str| INTRODUCES.as_ref().is_some_and(|regex| regex.is_match(text));
    if introduces(line) {
        let behind = lines[at + 1..].iter().take_while(|line| unquoted(line).is_empty()).count();
        return Some(head(lines, at + 1 + behind).map_or(1, |fields| 1 + behind + fields));
    }
    // Programs break `On …, … wrote:` over two lines.
    if let Some(next) = lines.get(at + 1).filter(|next| next.len() <= LINE_BYTES_MAX && next.trim_end().ends_with(':'))
        && introduces(&format!("{line} {}", next.trim_start_matches(['>', ' '])))
    {
        return Some(2);
    }
    let ruled = !line.trim().is_empty() && line.trim().chars().all(|c| matches!(c, '_' | '-')) && line.len() >= 10;
    head(lines, at + usize::from(ruled)).map(|fields| fields + usize::from(ruled))
}

/// The name of a header field and its value, as a mail program shows them.
fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = unquoted(line).split_once(':')?;
    let name = name.trim_matches(['*', ' ', '\u{a0}']).to_lowercase();
    (name.chars().count() <= 16).then_some((name, value.trim_start_matches('*').trim()))
}

/// The lines of a block of header fields that begins with the author and names at least two others.
fn head(lines: &[&str], at: usize) -> Option<usize> {
    let names = |line: &&str| field(line).map(|(name, _)| name);
    if !names(lines.get(at)?).is_some_and(|name| AUTHOR.contains(&name.as_str())) {
        return None;
    }
    let is_known = |name: &String| {
        let name = name.as_str();
        DATE.contains(&name) || RECIPIENT.contains(&name) || SUBJECT.contains(&name) || matches!(name, "cc" | "kopie")
    };
    let block = lines[at..].iter().take(HEAD_LINES_MAX).take_while(|line| !unquoted(line).is_empty());
    let (mut known, mut last) = (0, 0);
    for (place, line) in block.enumerate() {
        if names(line).as_ref().is_some_and(is_known) {
            known += 1;
            last = place;
        }
    }
    (known >= 2).then_some(last + 1)
}

fn introduced(lines: &[&str]) -> Older {
    let mut older = Older { preamble: lines.join("\n"), ..Older::default() };
    for line in lines {
        let Some((name, value)) = field(line) else { continue };
        if AUTHOR.contains(&name.as_str()) {
            older.sender = mailboxes(value).into_iter().next();
        } else if RECIPIENT.contains(&name.as_str()) {
            older.to = mailboxes(value);
        } else if SUBJECT.contains(&name.as_str()) {
            value.clone_into(&mut older.subject);
        }
    }
    if older.sender.is_none() {
        // `On Monday, 5 January 2026, Anna <a@partner.example> wrote:`
        let whole = lines.join(" ");
        let address =
            whole.split(['<', '(', ' ']).find_map(|word| Address::parse(word.trim_end_matches(['>', ')', ':'])));
        let before = whole.split('<').next().unwrap_or_default();
        let name =
            before.rsplit([',', ':']).next().unwrap_or_default().trim_start_matches(|c: char| !c.is_alphabetic());
        older.sender = address.map(|address| Mailbox { display_name: name.trim().to_owned(), address: Some(address) });
    }
    older
}

/// `Anna <a@partner.example>; Bob [mailto:b@harbour.example]`
fn mailboxes(value: &str) -> Vec<Mailbox> {
    let read = |text: &str| {
        let text = text.trim();
        let at = text.find(['<', '[']).unwrap_or(text.len());
        let inner = text[at..].trim_matches(['<', '>', '[', ']']);
        let address = Address::parse(inner.strip_prefix("mailto:").unwrap_or(inner)).or_else(|| Address::parse(text));
        let display_name = if at > 0 && at < text.len() {
            &text[..at]
        } else if address.is_none() {
            text
        } else {
            ""
        };
        Mailbox { display_name: display_name.trim().trim_matches('"').to_owned(), address }
    };
    value.split(';').filter(|part| !part.trim().is_empty()).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The newest text, and of each older message who wrote it and its text.
    fn check(text: &str, newest: &str, older: &[(&str, &str)]) {
        let (found, messages) = split(text);
        assert_eq!(found, newest, "{text}");
        let sender = |m: &Older| m.sender.as_ref().and_then(|m| m.address.as_ref()).map(ToString::to_string);
        let shown: Vec<_> = messages.iter().map(|m| (sender(m).unwrap_or_default(), m.text.clone())).collect();
        let expected: Vec<_> = older.iter().map(|(who, text)| ((*who).to_owned(), (*text).to_owned())).collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn introductions_of_several_languages_are_seen() {
        check(
            "Fine.\n\nOn Mon, 5 Jan 2026 at 10:00, Anna <a@partner.example> wrote:\n> Shall we?\n> Anna",
            "Fine.",
            &[("a@partner.example", "Shall we?\nAnna")],
        );
        check(
            "Gut.\n\nAm 05.01.2026 um 10:00 schrieb Anna Muster <a@partner.example>:\n> Ja?",
            "Gut.",
            &[("a@partner.example", "Ja?")],
        );
        check("Ok\nOn Mon, 5 Jan 2026, Anna\n<a@partner.example> wrote:\n> x", "Ok", &[("a@partner.example", "x")]);
    }

    #[test]
    fn blocks_of_header_fields_are_seen() {
        let block = "Von: Anna <a@partner.example>\nGesendet: Montag\nAn: Bob\nBetreff: Plan\n\nHallo\n";
        check(&format!("Bitte.\n\n________________\n{block}"), "Bitte.", &[("a@partner.example", "Hallo")]);
        check(&format!("-----Original Message-----\n{block}"), "", &[("a@partner.example", "Hallo")]);
        let (_, older) = split(block);
        assert_eq!((older[0].subject.as_str(), older[0].to[0].display_name.as_str()), ("Plan", "Bob"));
    }

    #[test]
    fn ordinary_text_is_not_split() {
        check("From: the desk of Anna\nHello", "From: the desk of Anna\nHello", &[]);
        check("On time: always.\nBye", "On time: always.\nBye", &[]);
        check("", "", &[]);
    }

    #[test]
    fn quoted_lines_without_introduction_are_older() {
        check("Yes.\n> No?\nBye", "Yes.", &[("", "No?\nBye")]);
    }

    #[test]
    fn older_messages_have_a_limit() {
        let many = "-----Original Message-----\nx\n".repeat(THREADS_MAX + 10);
        assert_eq!(split(&many).1.len(), THREADS_MAX);
    }
}
