//! What lists show of the decisions of one journal file, packed: 48 bytes each and the texts by which people search.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::decision::{Action, DecisionId, Verdict};
use crate::journal::Session;
use crate::mail::{Category, Direction, Moment};

/// What a packed sheet begins with; another layout gets another word.
const MAGIC: &[u8; 8] = b"KITHSH01";
/// Bytes of a row.
const ROW: usize = 48;
/// Bytes of a packed sheet before its rows: magic, bytes of the journal file that are covered, rows.
const HEAD: usize = 24;
/// Bytes kept of each text, in the order of [`Field`] with what stands behind: of most the whole.
const TEXT_BYTES_MAX: [usize; 5] = [200, 200, 600, 300, 400];
/// Between the texts of a row; [`texts`] lets no other stand in them.
const BETWEEN: char = '\u{1f}';
/// Between the recipients of a row.
const COMMA: &str = ", ";

/// The texts of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum Field {
    /// Reverse-path.
    Sender,
    /// Address of From.
    Author,
    /// Recipients.
    Recipients,
    /// Subject; behind it stand queue id, Message-ID, client and the names of the strongest reasons, to be searched only.
    Subject,
}

/// One decision as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::admin) struct Row {
    pub(in crate::admin) id: DecisionId,
    pub(in crate::admin) at: Moment,
    /// Where its entry begins in the journal file.
    pub(in crate::admin) position: u64,
    pub(in crate::admin) score: Option<f32>,
    pub(in crate::admin) verdict: Verdict,
    pub(in crate::admin) action: Action,
    pub(in crate::admin) category: Option<Category>,
    pub(in crate::admin) direction: Option<Direction>,
    /// Whether something could not be known.
    pub(in crate::admin) has_gap: bool,
    /// Whether it was an alert by its rarity.
    pub(in crate::admin) is_alert: bool,
}

/// The rows of one journal file, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::admin) struct Sheet {
    /// Bytes of the journal file that are covered.
    pub(in crate::admin) covered: u64,
    rows: Vec<u8>,
    texts: Vec<u8>,
}

/// The parts of an entry that a row shows; the others are passed over unread.
#[derive(Deserialize)]
struct Brief {
    id: DecisionId,
    #[serde(default)]
    at: String,
    #[serde(default)]
    queue_id: Option<String>,
    #[serde(default)]
    message_id: Option<String>,
    #[serde(default)]
    envelope: Session,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    direction: Option<Direction>,
    #[serde(default)]
    verdict: Verdict,
    #[serde(default)]
    action: Action,
    #[serde(default)]
    category: Option<Category>,
    #[serde(default)]
    score: Option<f32>,
    #[serde(default)]
    reasons: Vec<Named>,
    #[serde(default)]
    rarity: Option<Alert>,
    #[serde(default)]
    gaps: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Alert {
    #[serde(default)]
    alert: bool,
}

const VERDICTS: [Verdict; 5] = [Verdict::Accept, Verdict::Tag, Verdict::Hold, Verdict::Tempfail, Verdict::Reject];
const DIRECTIONS: [Direction; 3] = [Direction::Inbound, Direction::Outbound, Direction::Internal];
/// In a byte that names one of a list: none of them.
const NONE: u8 = u8::MAX;
/// Reasons whose names can be searched.
const REASONS_MAX: usize = 5;

impl Sheet {
    /// Adds the entry of a line that begins at this place; one that cannot be read is passed over.
    pub(in crate::admin) fn add(&mut self, position: u64, line: &[u8]) {
        let Ok(brief) = serde_json::from_slice::<Brief>(line) else { return };
        let Ok(start) = u32::try_from(self.texts.len()) else { return };
        self.texts.extend_from_slice(texts(&brief).as_bytes());
        let at = Moment::parse(&brief.at).unwrap_or_else(|| brief.id.moment());
        let place = |list: &[Verdict], verdict| list.iter().position(|known| *known == verdict).map_or(NONE, small);
        let category = brief.category.and_then(|category| Category::ALL.iter().position(|known| *known == category));
        let direction = brief.direction.and_then(|way| DIRECTIONS.iter().position(|known| *known == way));
        let is_alert = brief.rarity.is_some_and(|rarity| rarity.alert);
        let flags = u8::from(!brief.gaps.is_empty()) | u8::from(is_alert) << 1;
        // An id is written as its 26 characters, since only its own room knows its bits.
        let mut row = [0; ROW];
        row[..26].copy_from_slice(&ascii_id(brief.id));
        row[26..32].copy_from_slice(&at.0.to_le_bytes()[..6]);
        row[32..37].copy_from_slice(&position.to_le_bytes()[..5]);
        row[37..41].copy_from_slice(&start.to_le_bytes());
        row[41..45].copy_from_slice(&brief.score.unwrap_or(f32::NAN).to_le_bytes());
        row[45] = place(&VERDICTS, brief.verdict) << 4 | place(&VERDICTS, brief.action) & 15;
        row[46] = category.map_or(NONE, small);
        row[47] = direction.map_or(3, small) << 4 | flags;
        self.rows.extend_from_slice(&row);
    }

    /// How many rows there are.
    pub(in crate::admin) fn len(&self) -> usize {
        self.rows.len() / ROW
    }

    /// A row; `None` beyond the last, or where it is damaged.
    pub(in crate::admin) fn row(&self, number: usize) -> Option<Row> {
        let row = self.raw(number)?;
        let score = f32::from_le_bytes(row[41..45].try_into().ok()?);
        let six = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        Some(Row {
            id: DecisionId::parse(std::str::from_utf8(&row[..26]).ok()?)?,
            at: Moment(i64::try_from(six(&row[26..32])).ok()?),
            position: six(&row[32..37]),
            score: Some(score).filter(|score| !score.is_nan()),
            verdict: *VERDICTS.get(usize::from(row[45] >> 4))?,
            action: *VERDICTS.get(usize::from(row[45] & 15))?,
            category: Category::ALL.get(usize::from(row[46])).copied(),
            direction: DIRECTIONS.get(usize::from(row[47] >> 4)).copied(),
            has_gap: row[47] & 1 != 0,
            is_alert: row[47] & 2 != 0,
        })
    }

    /// The verdict and category of a row, for a search that reads no more of it.
    pub(in crate::admin) fn outcome(&self, number: usize) -> Option<(Verdict, Option<Category>)> {
        let row = self.raw(number)?;
        let category = Category::ALL.get(usize::from(row[46])).copied();
        Some((*VERDICTS.get(usize::from(row[45] >> 4))?, category))
    }

    /// The number of a decision's row.
    pub(in crate::admin) fn find(&self, id: DecisionId) -> Option<usize> {
        let id = ascii_id(id);
        (0..self.len()).rev().find(|number| self.raw(*number).is_some_and(|row| row[..26] == id))
    }

    /// All texts, in the case in which they were written.
    pub(in crate::admin) fn texts(&self) -> &[u8] {
        &self.texts
    }

    /// Where the texts of a row lie in [`Sheet::texts`].
    pub(in crate::admin) fn span(&self, number: usize) -> std::ops::Range<usize> {
        let start = |number| {
            let row = self.raw(number)?;
            Some(u32::from_le_bytes(row[37..41].try_into().ok()?) as usize)
        };
        let end = start(number + 1).unwrap_or(self.texts.len()).min(self.texts.len());
        start(number).map_or(0..0, |start| start.min(end)..end)
    }

    /// A text of a row.
    pub(in crate::admin) fn text(&self, number: usize, field: Field) -> String {
        let all = String::from_utf8_lossy(&self.texts[self.span(number)]).into_owned();
        all.split(BETWEEN).nth(field as usize).unwrap_or_default().to_owned()
    }

    fn raw(&self, number: usize) -> Option<&[u8]> {
        self.rows.get(number.checked_mul(ROW)?..(number + 1).checked_mul(ROW)?)
    }

    /// The sheet in bytes.
    pub(in crate::admin) fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + self.rows.len() + self.texts.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.covered.to_le_bytes());
        bytes.extend_from_slice(&(self.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&self.rows);
        bytes.extend_from_slice(&self.texts);
        bytes
    }

    /// The sheet of such bytes; `None` where they are damaged or of another version.
    pub(in crate::admin) fn unpack(mut bytes: Vec<u8>) -> Option<Self> {
        let number = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let (covered, rows) = (number(8)?, usize::try_from(number(16)?).ok()?);
        let texts = HEAD.checked_add(rows.checked_mul(ROW)?)?;
        if !bytes.starts_with(MAGIC) || texts > bytes.len() {
            return None;
        }
        let texts = bytes.split_off(texts);
        bytes.drain(..HEAD);
        Some(Self { covered, rows: bytes, texts })
    }
}

/// A place in a short list.
fn small(place: usize) -> u8 {
    u8::try_from(place).unwrap_or(NONE)
}

fn ascii_id(id: DecisionId) -> [u8; 26] {
    let mut bytes = [b'0'; 26];
    bytes.iter_mut().zip(id.to_string().bytes()).for_each(|(to, from)| *to = from);
    bytes
}

fn texts(brief: &Brief) -> String {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let envelope = &brief.envelope;
    let client = envelope.client.map(|client| client.to_string());
    let more = [&brief.queue_id, &brief.message_id, &client, &envelope.client_name, &envelope.helo, &envelope.login];
    let reasons = brief.reasons.iter().take(REASONS_MAX).map(|reason| reason.name.as_str());
    let more: Vec<&str> = more.into_iter().filter_map(|text| text.as_deref()).chain(reasons).collect();
    let all = [
        or_empty(&envelope.sender),
        or_empty(&brief.author),
        envelope.recipients.join(COMMA),
        or_empty(&brief.subject),
        more.join(" "),
    ];
    let mut text = String::new();
    for (part, bytes_max) in all.iter().zip(TEXT_BYTES_MAX) {
        let part = &part[..part.floor_char_boundary(bytes_max)];
        text.extend(part.chars().map(|c| if c == BETWEEN { '\u{fffd}' } else { c }));
        text.push(BETWEEN);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Reason;
    use crate::journal::{Entry, Rarity};
    use crate::mail::{Gap, Missing};

    fn entry(ms: i64) -> Entry {
        let reason = Reason { name: "reply_to_differs".into(), because: "so".into(), contribution: 1.0 };
        Entry {
            id: DecisionId::new(Moment(ms), 7),
            at: Moment(ms).rfc3339(),
            queue_id: Some("4Xyz".into()),
            envelope: Session {
                sender: Some("Bounce@Example.org".into()),
                recipients: vec!["ann@own.example".into(), "bob@own.example".into()],
                ..Session::default()
            },
            subject: Some("Über\u{1f}raschung".into()),
            verdict: Verdict::Hold,
            action: Verdict::Tag,
            category: Some(Category::Spam),
            direction: Some(Direction::Internal),
            score: Some(4.5),
            reasons: vec![reason],
            gaps: vec![Gap::new(Missing::Spf, "why")],
            rarity: Some(Rarity { alert: true, ..Rarity::default() }),
            ..Entry::default()
        }
    }

    fn sheet(entries: &[Entry]) -> Sheet {
        let mut sheet = Sheet::default();
        for (number, entry) in entries.iter().enumerate() {
            sheet.add(number as u64 * 7_000_000_000, &serde_json::to_vec(entry).expect("serialises"));
        }
        sheet
    }

    #[test]
    fn a_row_shows_what_the_entry_says() {
        let bare = Entry { id: DecisionId::new(Moment(5), 1), at: String::new(), ..Entry::default() };
        let sheet = sheet(&[entry(1_700_000_000_123), bare.clone()]);
        let row = sheet.row(0).expect("a row");
        assert_eq!((row.at, row.position, row.score), (Moment(1_700_000_000_123), 0, Some(4.5)));
        assert_eq!((row.verdict, row.action, row.category), (Verdict::Hold, Verdict::Tag, Some(Category::Spam)));
        assert_eq!((row.direction, row.has_gap, row.is_alert), (Some(Direction::Internal), true, true));
        assert_eq!(sheet.text(0, Field::Sender), "Bounce@Example.org");
        assert_eq!(sheet.text(0, Field::Recipients), "ann@own.example, bob@own.example");
        assert_eq!(sheet.text(0, Field::Subject), "Über\u{fffd}raschung");
        assert!(sheet.texts().windows(21).any(|part| part == b"4Xyz reply_to_differs"));
        let row = sheet.row(1).expect("a row");
        assert_eq!((row.id, row.at, row.position), (bare.id, Moment(5), 7_000_000_000));
        assert_eq!((row.score, row.category, row.direction, row.has_gap), (None, None, None, false));
        assert_eq!((sheet.find(bare.id), sheet.find(DecisionId::default()), sheet.row(2)), (Some(1), None, None));
    }

    #[test]
    fn a_sheet_is_unpacked_as_it_was_packed_and_damage_is_seen() {
        let mut sheet = sheet(&[entry(5), entry(6)]);
        sheet.covered = 99;
        let bytes = sheet.pack();
        assert_eq!(Sheet::unpack(bytes.clone()).as_ref(), Some(&sheet));
        assert_eq!(Sheet::unpack(bytes[..HEAD + 2 * ROW - 1].to_vec()), None);
        assert_eq!(Sheet::unpack(b"other".to_vec()), None);
        // Whatever is damaged behind the head is no reason to panic.
        for at in HEAD..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xff;
            let sheet = Sheet::unpack(damaged).expect("the head is whole");
            let _ = (sheet.row(0), sheet.outcome(1), sheet.text(0, Field::Subject), sheet.text(1, Field::Sender));
        }
    }

    #[test]
    fn garbage_adds_no_row_and_long_texts_are_cut() {
        let mut sheet = sheet(&[Entry { subject: Some("ä".repeat(400)), ..entry(5) }]);
        sheet.add(9, b"garbled {");
        assert_eq!((sheet.len(), sheet.text(0, Field::Subject).len()), (1, TEXT_BYTES_MAX[3]));
    }
}
