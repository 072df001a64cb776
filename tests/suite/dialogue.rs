//! Conversation files (`tests/dialogues/*.milter`): what they say, read once for every kind of run.
//!
//! `tests/dialogues/README.md` describes the form.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use kith::milter::{Answer, Edit, Filter, Lapse, Reply, Settings, Transaction};

use crate::dialogue_frames::{bytes, filter_frame, mta_frame};

/// A conversation.
pub struct Dialogue {
    /// Name of the file, for messages.
    pub name: String,
    /// The milter's settings: the defaults, and what the file sets.
    pub settings: Settings,
    /// What the filter answers, message by message; *continue* when they run out.
    pub answers: Vec<Scripted>,
    /// What the policy says where no answer is given.
    pub overdue: Reply,
    /// The milter conversation.
    pub lines: Vec<Line>,
    /// The same by SMTP, for runs through an MTA.
    pub smtp: Option<Smtp>,
}

/// One answer of the filter.
#[derive(Clone)]
pub struct Scripted {
    /// Changes.
    pub edits: Vec<Edit>,
    /// The final word.
    pub reply: Reply,
}

/// A line of the milter conversation, with its number in the file.
pub enum Line {
    /// Bytes of the MTA.
    Mta(usize, Vec<u8>),
    /// Bytes that the filter has to answer.
    Filter(usize, Vec<u8>),
    /// The filter closes the connection.
    Closed,
    /// A fact about the message with this index (from 0): its key, and the values.
    Fact(usize, usize, String, Vec<String>),
}

/// The conversation as an SMTP client sees it.
pub struct Smtp {
    /// Client lines (CRLF is added) and expected replies, in order.
    pub lines: Vec<SmtpLine>,
    /// What has to have become of the message.
    pub outcomes: Vec<Outcome>,
}

/// A line of an SMTP conversation.
pub enum SmtpLine {
    /// The client says this.
    Client(String),
    /// The MTA replies so: the beginning of the last line of its reply.
    Server(String),
}

/// What becomes of a message in an MTA.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The delivered message contains these bytes (line ends as LF).
    Contains(String),
    /// The delivered message does not contain these bytes.
    Lacks(String),
    /// It is delivered to this recipient.
    To(String),
    /// It is kept in the MTA's quarantine.
    Held,
    /// Nothing is delivered and nothing held.
    Nothing,
}

impl Dialogue {
    /// All conversations of the project, by name.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues");
        let entries = std::fs::read_dir(&folder).expect("the folder is there");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|e| e == "milter"));
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("readable");
        Self::parse(&name, &text).unwrap_or_else(|fault| panic!("{name}:{fault}"))
    }

    /// Reads a conversation; the error begins with the number of its line.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let mut settings = serde_json::Map::new();
        let mut dialogue = Self {
            name: name.to_owned(),
            settings: Settings::default(),
            answers: Vec::new(),
            overdue: Reply::Tempfail,
            lines: Vec::new(),
            smtp: None,
        };
        let (mut section, mut edits, mut messages) = ("filter", Vec::new(), 0_usize);
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(title) = line.strip_prefix("--- ") {
                section = title;
            } else if !line.trim().is_empty() && !line.starts_with('#') {
                let fault = |why: String| format!("{number}: {why}: {line}");
                match section {
                    "filter" => dialogue.filter_line(&mut settings, &mut edits, line).map_err(fault)?,
                    "milter" => dialogue.milter_line(number, &mut messages, line).map_err(fault)?,
                    "smtp" => dialogue.smtp_line(line).map_err(fault)?,
                    other => return Err(fault(format!("no section is called {other}"))),
                }
            }
        }
        dialogue.settings = serde_json::from_value(settings.into()).map_err(|e| format!("0: {e}"))?;
        Ok(dialogue)
    }

    fn filter_line(
        &mut self,
        settings: &mut serde_json::Map<String, serde_json::Value>,
        edits: &mut Vec<Edit>,
        line: &str,
    ) -> Result<(), String> {
        let words = words(line)?;
        let (verb, rest) = words.split_first().ok_or("empty")?;
        match verb.as_str() {
            "set" => {
                let [key, value] = rest else { return Err("write: set KEY NUMBER".to_owned()) };
                settings.insert(key.clone(), value.parse::<u64>().map_err(|e| e.to_string())?.into());
            }
            "overdue" => self.overdue = final_word(rest).ok_or("no final word")?,
            _ => match final_word(&words) {
                Some(reply) => self.answers.push(Scripted { edits: std::mem::take(edits), reply }),
                None => edits.push(edit(verb, rest).ok_or("neither a change nor a final word")?),
            },
        }
        Ok(())
    }

    fn milter_line(&mut self, number: usize, messages: &mut usize, line: &str) -> Result<(), String> {
        let words = words(&line[1..])?;
        let (verb, rest) = words.split_first().ok_or("empty")?;
        self.lines.push(match (&line[..1], verb.as_str()) {
            (">", _) => Line::Mta(number, mta_frame(verb, rest)?),
            ("<", "close") => Line::Closed,
            ("<", _) => Line::Filter(number, filter_frame(verb, rest)?),
            ("=", "message") => {
                *messages += 1;
                return Ok(());
            }
            ("=", _) => {
                Line::Fact(number, messages.checked_sub(1).ok_or("= message first")?, verb.clone(), rest.to_vec())
            }
            _ => return Err("begin with >, < or =".to_owned()),
        });
        Ok(())
    }

    fn smtp_line(&mut self, line: &str) -> Result<(), String> {
        let smtp = self.smtp.get_or_insert_with(|| Smtp { lines: Vec::new(), outcomes: Vec::new() });
        if let Some(said) = line.strip_prefix("C:") {
            smtp.lines.push(SmtpLine::Client(said.strip_prefix(' ').unwrap_or(said).to_owned()));
        } else if let Some(reply) = line.strip_prefix("S:") {
            smtp.lines.push(SmtpLine::Server(reply.trim().to_owned()));
        } else {
            let words = words(line)?;
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            smtp.outcomes.push(match words[..] {
                ["delivered", "contains", text] => Outcome::Contains(text.to_owned()),
                ["delivered", "lacks", text] => Outcome::Lacks(text.to_owned()),
                ["delivered", "to", address] => Outcome::To(address.to_owned()),
                ["held"] => Outcome::Held,
                ["nothing"] => Outcome::Nothing,
                _ => return Err("no outcome is written so".to_owned()),
            });
        }
        Ok(())
    }

    /// A filter that answers as the file says.
    pub fn script(&self) -> Arc<Script> {
        Arc::new(Script {
            answers: Mutex::new(self.answers.clone().into()),
            overdue: self.overdue.clone(),
            seen: Mutex::default(),
            sent: Arc::default(),
        })
    }
}

/// A filter that answers as a conversation file says, and keeps what it saw.
pub struct Script {
    answers: Mutex<VecDeque<Scripted>>,
    overdue: Reply,
    /// The transactions, in order.
    pub seen: Mutex<Vec<Transaction>>,
    /// What was told about the sending of each answer.
    pub sent: Arc<Mutex<Vec<bool>>>,
}

impl Script {
    /// The next answer.
    pub fn next(&self) -> Answer {
        let next = self.answers.lock().expect("no panic").pop_front();
        let Scripted { edits, reply } = next.unwrap_or(Scripted { edits: Vec::new(), reply: Reply::Continue });
        let sent = Arc::clone(&self.sent);
        Answer { edits, reply, sent: Some(Box::new(move |ok| sent.lock().expect("no panic").push(ok))) }
    }
}

impl Filter for Script {
    async fn answer(&self, transaction: Transaction) -> Answer {
        self.seen.lock().expect("no panic").push(transaction);
        self.next()
    }

    fn lapse(&self, _lapse: Lapse, _queue_id: Option<&str>, _why: &str) -> Answer {
        Answer::plain(self.overdue.clone())
    }
}

/// Splits a line into words; quoted ones know `\r \n \t \0 \xHH \" \\`, and `"…"*N` repeats. A character stands for the
/// byte of its number, so that words hold any bytes.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let Some(quoted) = rest.strip_prefix('"') else {
            let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            words.push(word.to_owned());
            rest = behind.trim_start();
            continue;
        };
        let end = closing_quote(quoted).ok_or("a quote does not end")?;
        let word = unescape(&quoted[..end])?;
        rest = &quoted[end + 1..];
        let (times, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        let times = times.strip_prefix('*').map_or(Ok(1), |n| n.parse().map_err(|_| "write \"…\"*N"))?;
        words.push(word.repeat(times));
        rest = behind.trim_start();
    }
    Ok(words)
}

fn closing_quote(quoted: &str) -> Option<usize> {
    let mut is_escaped = false;
    quoted.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

fn unescape(quoted: &str) -> Result<String, String> {
    let (mut word, mut chars) = (String::new(), quoted.chars());
    while let Some(c) = chars.next() {
        word.push(match c {
            '\\' => match chars.next() {
                Some('r') => '\r',
                Some('n') => '\n',
                Some('t') => '\t',
                Some('0') => '\0',
                Some('x') => {
                    let digits: String = chars.by_ref().take(2).collect();
                    char::from(u8::from_str_radix(&digits, 16).map_err(|e| e.to_string())?)
                }
                Some(c @ ('"' | '\\')) => c,
                _ => return Err("an escape that is not known".to_owned()),
            },
            c => c,
        });
    }
    Ok(word)
}

fn final_word(words: &[String]) -> Option<Reply> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(match words[..] {
        ["continue"] => Reply::Continue,
        ["accept"] => Reply::Accept,
        ["discard"] => Reply::Discard,
        ["reject"] => Reply::Reject,
        ["tempfail"] => Reply::Tempfail,
        ["reply", code, enhanced, ref lines @ ..] => Reply::Custom {
            code: code.parse().ok()?,
            enhanced: enhanced.to_owned(),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        },
        _ => return None,
    })
}

fn edit(verb: &str, rest: &[String]) -> Option<Edit> {
    let text = |at: usize| rest.get(at).cloned();
    Some(match verb {
        "add-header" => Edit::AddHeader { name: text(0)?, value: text(1)? },
        "insert-header" => Edit::InsertHeader { index: text(0)?.parse().ok()?, name: text(1)?, value: text(2)? },
        "change-header" => Edit::ChangeHeader { nth: text(0)?.parse().ok()?, name: text(1)?, value: text(2)? },
        "change-sender" => Edit::ChangeSender { address: text(0)?, arguments: text(1).unwrap_or_default() },
        "add-recipient" => Edit::AddRecipient { address: text(0)?, arguments: text(1).unwrap_or_default() },
        "delete-recipient" => Edit::DeleteRecipient { address: text(0)? },
        "replace-body" => Edit::ReplaceBody(bytes(&text(0)?)),
        "quarantine" => Edit::Quarantine { reason: text(0)? },
        _ => return None,
    })
}
