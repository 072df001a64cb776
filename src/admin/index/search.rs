//! Searching the index, newest first, for as long as a page may take; what was not searched by then is the next page's.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use memchr::memmem::Finder;

use super::{Field, Index, Row, Sheet, Summary, category_bit, verdict_bit};
use crate::decision::{DecisionId, Verdict};
use crate::mail::{Category, Moment};

/// Longest text that is searched for.
const TEXT_BYTES_MAX: usize = 200;

/// What is searched; empty texts and `None` are for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::admin) struct Wanted {
    pub(in crate::admin) verdict: Option<Verdict>,
    pub(in crate::admin) category: Option<Category>,
    /// Part of the reverse-path or of the author's address.
    pub(in crate::admin) sender: String,
    /// Part of a recipient's address.
    pub(in crate::admin) recipient: String,
    /// Part of any text of the decision.
    pub(in crate::admin) text: String,
}

/// The decisions before this one: a sheet, by its first decision, and a row in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) struct Cursor {
    first: DecisionId,
    row: usize,
}

impl Cursor {
    /// Reads what [`fmt::Display`] wrote.
    pub(in crate::admin) fn parse(text: &str) -> Option<Self> {
        let (first, row) = text.split_once('-')?;
        Some(Self { first: DecisionId::parse(first)?, row: row.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.row)
    }
}

/// A decision that was found, with its texts.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::admin) struct Hit {
    pub(in crate::admin) row: Row,
    pub(in crate::admin) sender: String,
    pub(in crate::admin) author: String,
    pub(in crate::admin) recipients: String,
    pub(in crate::admin) subject: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::admin) struct Page {
    pub(in crate::admin) hits: Vec<Hit>,
    /// Where to go on; `None` where all was searched.
    pub(in crate::admin) next: Option<Cursor>,
    /// Where the time was over before the page was full: back to here was searched.
    pub(in crate::admin) searched_back_to: Option<Moment>,
    /// Whether older decisions are not in the index yet.
    pub(in crate::admin) is_building: bool,
}

/// A text that is searched for, in the forms in which it is found: letters of ASCII in any case, others as they were
/// typed, small, or great.
struct Needle(Vec<Finder<'static>>);

impl Needle {
    fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
        if text.is_empty() {
            return None;
        }
        let mut forms = vec![text.to_owned()];
        if !text.is_ascii() {
            forms.extend([text.to_lowercase(), text.to_uppercase()]);
        }
        forms.iter_mut().for_each(|form| form.make_ascii_lowercase());
        forms.sort();
        forms.dedup();
        Some(Self(forms.iter().map(|form| Finder::new(form.as_bytes()).into_owned()).collect()))
    }

    fn is_in(&self, folded: &[u8]) -> bool {
        self.0.iter().any(|form| form.find(folded).is_some())
    }
}

/// What is searched, ready for use.
struct Sieve<'a> {
    wanted: &'a Wanted,
    sender: Option<Needle>,
    recipient: Option<Needle>,
    text: Option<Needle>,
}

impl Sieve<'_> {
    fn needles(&self) -> impl Iterator<Item = &Needle> {
        [&self.sender, &self.recipient, &self.text].into_iter().flatten()
    }

    /// Whether a sheet can have anything that is searched.
    fn may_pass(&self, summary: &Summary) -> bool {
        let verdict = self.wanted.verdict.is_none_or(|verdict| summary.verdicts & verdict_bit(verdict) != 0);
        let category = self.wanted.category.is_none_or(|one| summary.categories & category_bit(Some(one)) != 0);
        verdict && category
    }

    fn passes(&self, sheet: &Sheet, folded: &[u8], number: usize) -> bool {
        let Some((verdict, category)) = sheet.outcome(number) else { return false };
        if self.wanted.verdict.is_some_and(|wanted| wanted != verdict)
            || self.wanted.category.is_some_and(|wanted| Some(wanted) != category)
        {
            return false;
        }
        let Some(texts) = folded.get(sheet.span(number)) else { return self.needles().next().is_none() };
        if !self.text.as_ref().is_none_or(|needle| needle.is_in(texts)) {
            return false;
        }
        let fields: Vec<&[u8]> = texts.split(|byte| *byte == 0x1f).collect();
        let part = |field: Field| fields.get(field as usize).copied().unwrap_or_default();
        let from = |needle: &Needle| needle.is_in(part(Field::Sender)) || needle.is_in(part(Field::Author));
        self.sender.as_ref().is_none_or(from)
            && self.recipient.as_ref().is_none_or(|needle| needle.is_in(part(Field::Recipients)))
    }
}

impl Index {
    /// Searches from a place on for at most so many decisions and so long; always at least one sheet.
    pub(in crate::admin) fn search(
        &self,
        wanted: &Wanted,
        before: Option<Cursor>,
        hits_max: usize,
        patience: Duration,
    ) -> io::Result<Page> {
        let begun = Instant::now();
        self.refresh()?;
        let sieve = Sieve {
            wanted,
            sender: Needle::new(&wanted.sender),
            recipient: Needle::new(&wanted.recipient),
            text: Needle::new(&wanted.text),
        };
        let (sheets, is_building) = self.sheets(before);
        let mut page = Page { is_building, ..Page::default() };
        let mut looked = 0;
        for one in sheets {
            if looked > 0 && begun.elapsed() >= patience {
                page.next = Some(Cursor { first: one.first, row: one.until });
                page.searched_back_to = page.searched_back_to.or_else(|| Some(one.first.moment()));
                return Ok(page);
            }
            if one.summary.as_ref().is_some_and(|summary| !sieve.may_pass(summary)) {
                continue;
            }
            let Some(sheet) = one.sheet.or_else(|| self.load(&one.name).map(Arc::new)) else { continue };
            looked += 1;
            if let Some(row) = sift(&sheet, &sieve, one.until, hits_max, &mut page.hits) {
                page.next = Some(Cursor { first: one.first, row });
                return Ok(page);
            }
            page.searched_back_to = sheet.row(0).map(|row| row.at);
        }
        page.searched_back_to = None;
        Ok(page)
    }

    /// The sheets from a place on, newest first, and whether others are not made yet.
    fn sheets(&self, before: Option<Cursor>) -> (Vec<Place>, bool) {
        let known = self.known();
        let mut places = Vec::new();
        let mut is_building = false;
        for volume in known.volumes.iter().rev() {
            if volume.is_current {
                let Some((_, sheet)) = &known.current else { continue };
                let Some(first) = sheet.row(0).map(|row| row.id) else { continue };
                let (sheet, until) = (Some(Arc::clone(sheet)), sheet.len());
                places.push(Place { name: String::new(), first, until, summary: None, sheet });
                continue;
            }
            let Some(summary) = known.aside.get(&volume.name) else {
                // What lies before would come out of order.
                is_building = true;
                break;
            };
            let Some(first) = summary.first else { continue };
            let (name, until) = (volume.name.clone(), summary.rows);
            places.push(Place { name, first, until, summary: Some(summary.clone()), sheet: None });
        }
        if let Some(cursor) = before {
            let same = places.iter().position(|place| place.first == cursor.first);
            // Where the sheet has expired, those older than it follow.
            let start = same.or_else(|| places.iter().position(|place| place.first < cursor.first));
            places.drain(..start.unwrap_or(places.len()));
            if let (Some(_), Some(place)) = (same, places.first_mut()) {
                place.until = place.until.min(cursor.row);
            }
        }
        (places, is_building)
    }
}

/// A sheet that is to be searched.
struct Place {
    name: String,
    first: DecisionId,
    /// The row before which the search begins.
    until: usize,
    /// `None` of the one in memory.
    summary: Option<Summary>,
    sheet: Option<Arc<Sheet>>,
}

/// Adds the rows of a sheet that pass, newest first; where the page is full, the row before which to go on.
fn sift(sheet: &Sheet, sieve: &Sieve<'_>, until: usize, hits_max: usize, hits: &mut Vec<Hit>) -> Option<usize> {
    let searches = sieve.needles().next().is_some();
    let folded = if searches { sheet.texts().to_ascii_lowercase() } else { Vec::new() };
    // One look at all texts spares one at each row's.
    if !sieve.needles().all(|needle| needle.is_in(&folded)) {
        return None;
    }
    for number in (0..until.min(sheet.len())).rev() {
        if !sieve.passes(sheet, &folded, number) {
            continue;
        }
        if hits.len() >= hits_max {
            return Some(number + 1);
        }
        let text = |field| sheet.text(number, field);
        hits.extend(sheet.row(number).map(|row| Hit {
            row,
            sender: text(Field::Sender),
            author: text(Field::Author),
            recipients: text(Field::Recipients),
            subject: text(Field::Subject),
        }));
    }
    None
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
