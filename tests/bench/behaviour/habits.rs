//! What the archive did not keep of people's habits: mail program, time zone, and the threads that replies belong to.

use std::collections::{HashMap, VecDeque};

use kith::mail::Moment;

use super::draw::{Draw, hash};

const PROGRAMS: &[&str] = &[
    "Microsoft Outlook 16.0",
    "Microsoft Outlook 15.0",
    "Apple Mail (2.3654)",
    "",
    "",
    "Mozilla Thunderbird",
    "iPhone Mail (20E252)",
    "Zimbra 8.8",
    "Lotus Notes Release 9.0",
    "WorldClient 19.5",
];
pub const WEBMAIL: &[&str] = &["", "", "Roundcube Webmail/1.4", "Open-Xchange Mailer v7.10", "SquirrelMail/1.4.22"];

/// Conversations remembered, and messages of each.
const THREADS_MAX: usize = 20_000;
const IN_THREAD_MAX: usize = 6;

pub struct Habits {
    seed: u64,
    draw: Draw,
    threads: HashMap<String, VecDeque<(String, Vec<String>)>>,
    order: VecDeque<String>,
}

impl Habits {
    pub fn new(seed: u64) -> Self {
        Self { seed, draw: Draw::new(seed, "habits"), threads: HashMap::new(), order: VecDeque::new() }
    }

    /// The mail program of an author: mostly the same one, and a newer one some day.
    pub fn program(&mut self, author: &str, at: Moment) -> &'static str {
        if self.draw.chance(0.04) {
            return self.draw.word(PROGRAMS);
        }
        // Everybody changes after some 400 days, each on another one.
        let age = (at.secs() / 86_400) as u64 + hash(author) % 400;
        Draw::new(self.seed, &format!("{author} {}", age / 400)).word(PROGRAMS)
    }

    /// The time zone of a domain's people, in hours; a journey now and then.
    pub fn zone(&mut self, domain: &str) -> i32 {
        let mut own = Draw::new(self.seed, domain);
        let zone = |draw: &mut Draw| match draw.share() {
            share if share < 0.75 => -5 - draw.below(4) as i32,
            share if share < 0.90 => draw.below(3) as i32,
            _ => draw.below(9) as i32 + 3,
        };
        if self.draw.chance(0.015) { zone(&mut self.draw) } else { zone(&mut own) }
    }

    /// What a reply refers to: the newest message of its conversation in which its author took part. An answer to what
    /// this host never saw names something unknown, or nothing.
    pub fn answers(&mut self, subject: &str, author: &str) -> Option<String> {
        let base = base(subject);
        if base.len() == subject.trim().len() {
            return None;
        }
        let known = self.threads.get(&base).and_then(|thread| {
            thread.iter().rev().find(|(_, people)| people.iter().any(|p| p == author)).map(|(id, _)| id.clone())
        });
        known.or_else(|| self.draw.chance(0.6).then(|| format!("{}@unseen.example", self.draw.digits(12))))
    }

    /// Remembers a message of a conversation.
    pub fn keep(&mut self, subject: &str, id: &str, people: Vec<String>) {
        let base = base(subject);
        if base.len() < 4 {
            return;
        }
        let thread = self.threads.entry(base.clone()).or_insert_with(|| {
            self.order.push_back(base);
            VecDeque::new()
        });
        thread.push_back((id.to_owned(), people));
        if thread.len() > IN_THREAD_MAX {
            thread.pop_front();
        }
        if self.order.len() > THREADS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.threads.remove(&oldest);
        }
    }
}

/// A subject without the prefixes of replies.
pub fn base(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((prefix, after)) = rest.split_once(':') {
        if !matches!(prefix.trim().to_lowercase().as_str(), "re" | "fw" | "fwd") {
            break;
        }
        rest = after.trim_start();
    }
    rest.to_owned()
}

/// A moment as RFC 5322 §3.3 writes it, in a time zone of whole hours.
pub fn date(at: Moment, zone: i32) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let local = Moment::from_secs(at.secs() + i64::from(zone) * 3_600);
    let text = local.rfc3339();
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("01").to_owned();
    let month = part(5..7).parse::<usize>().unwrap_or(1);
    let day = DAYS[local.secs().div_euclid(86_400).rem_euclid(7) as usize];
    let (sign, hours) = (if zone < 0 { '-' } else { '+' }, zone.unsigned_abs());
    format!("{day}, {} {} {} {} {sign}{hours:02}00", part(8..10), MONTHS[(month - 1) % 12], part(0..4), part(11..19))
}
