//! Labels on their way to the baselines: whoever gave one and wherever, its trust is taken back, or given back.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

use super::rows::find;
use super::seen::{FOLDER, write_whole};
use crate::baseline::{Attack, Baselines};
use crate::decision::DecisionId;
use crate::labels::{Book, FILE, Label, Opinion};
use crate::mail::Moment;

/// Holds up to which byte of the labels the baselines know them.
const STAMP: &str = "flowed";

/// What reached the baselines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flowed {
    /// Labels that were acted on.
    pub labels: usize,
    /// Messages whose trust was taken back.
    pub taken: usize,
    /// Messages whose trust was given back.
    pub given: usize,
    /// Whether more labels wait.
    pub is_more: bool,
}

/// Acts on at most so many labels that the baselines do not know yet. To act twice is to act once, so that what a crash
/// repeats does no harm.
///
/// # Errors
/// The labels or the baselines cannot be read or written; the next call goes on where this ended.
pub fn flow(state: &Path, baselines: &Baselines, labels_max: usize) -> io::Result<Flowed> {
    let stamp = state.join(FOLDER).join(STAMP);
    let from = match fs::read_to_string(&stamp) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        text => text?.trim().parse().unwrap_or(0),
    };
    let length = Book::of(state).bytes()?;
    // Another file was put in its place: all of it is new.
    let from = if length < from { 0 } else { from };
    let mut flowed = Flowed::default();
    if from == length {
        return Ok(flowed);
    }
    let (fresh, to) = read_on(&state.join(FILE), from, labels_max)?;
    let mut history: HashMap<DecisionId, Vec<Label>> = HashMap::new();
    let ids: HashSet<_> = fresh.iter().map(|label| label.id).collect();
    for label in Book::of(state).all()?.into_iter().filter(|label| ids.contains(&label.id)) {
        history.entry(label.id).or_default().push(label);
    }
    for labels in history.values() {
        act(state, baselines, labels, &mut flowed)?;
    }
    flowed.labels = fresh.len();
    flowed.is_more = to < length;
    write_whole(state, &stamp, to.to_string().as_bytes())?;
    Ok(flowed)
}

/// Does what the label in force says of a decision, by all that was said of it.
fn act(state: &Path, baselines: &Baselines, labels: &[Label], flowed: &mut Flowed) -> io::Result<()> {
    let Some(newest) = labels.last() else { return Ok(()) };
    let was_attack = labels.iter().any(|label| label.opinion == Opinion::Attack);
    if !was_attack {
        return Ok(());
    }
    let row = find(state, newest.id)?;
    let Some((message_id, author)) = row.and_then(|row| Some((row.message_id?, row.author?))) else {
        log::info!("feedback: {}: the baselines cannot be told, for its author or Message-ID is not known", newest.id);
        return Ok(());
    };
    let attack = Attack::Message { message_id, author };
    let at = Moment::parse(&newest.at).unwrap_or_else(|| newest.id.moment());
    match newest.opinion {
        Opinion::Attack => flowed.taken += baselines.take_back(&attack, at).map_err(io::Error::other)?.messages,
        Opinion::Safe => flowed.given += baselines.give_back(&attack, at).map_err(io::Error::other)?.messages,
    }
    Ok(())
}

/// The labels behind a byte, and up to which byte they reach. A line that is no label is passed over.
fn read_on(path: &Path, from: u64, labels_max: usize) -> io::Result<(Vec<Label>, u64)> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let (mut lines, mut line, mut labels, mut to) = (BufReader::new(file), Vec::new(), Vec::new(), from);
    while labels.len() < labels_max {
        line.clear();
        let read = lines.read_until(b'\n', &mut line)?;
        if read == 0 || !line.ends_with(b"\n") {
            break;
        }
        to += read as u64;
        labels.extend(serde_json::from_slice::<Label>(&line).ok());
    }
    Ok((labels, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::Settings;
    use crate::labels::How;

    #[test]
    fn labels_are_read_on_in_parts_and_over_what_is_damaged() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join(FILE);
        let line = |n: u128| {
            let label = Label::new(DecisionId::new(Moment(1), n), Opinion::Safe, "ann", How::Command, Moment(1));
            serde_json::to_string(&label).expect("plain") + "\n"
        };
        let text = [line(1), "damaged\n".to_owned(), line(2), line(3)].concat();
        fs::write(&path, text.clone() + "{\"id\":").expect("room");
        let ids = |labels: &[Label]| labels.iter().map(|label| label.id).collect::<Vec<_>>();
        let (first, to) = read_on(&path, 0, 2).expect("readable");
        assert_eq!(ids(&first), [DecisionId::new(Moment(1), 1), DecisionId::new(Moment(1), 2)]);
        let (rest, to) = read_on(&path, to, 2).expect("readable");
        assert_eq!((ids(&rest), to), (vec![DecisionId::new(Moment(1), 3)], text.len() as u64), "not half a line");
    }

    #[test]
    fn a_label_of_what_is_not_known_any_more_stops_no_other() {
        let state = tempfile::tempdir().expect("a directory");
        let baselines = Baselines::open(&state.path().join("baseline"), &Settings::default()).expect("writable");
        assert_eq!(flow(state.path(), &baselines, 1).expect("nothing"), Flowed::default());
        for n in 1..=3 {
            let id = DecisionId::new(Moment(1), n);
            let label = Label::new(id, Opinion::Attack, "ann", How::Command, Moment(1));
            Book::of(state.path()).add(&label).expect("room");
        }
        let flowed = |labels, is_more| Flowed { labels, is_more, ..Flowed::default() };
        assert_eq!(flow(state.path(), &baselines, 2).expect("readable"), flowed(2, true));
        assert_eq!(flow(state.path(), &baselines, 2).expect("readable"), flowed(1, false));
        assert_eq!(flow(state.path(), &baselines, 2).expect("readable"), Flowed::default());
        fs::remove_file(state.path().join(FILE)).expect("there");
        assert_eq!(flow(state.path(), &baselines, 2).expect("readable"), Flowed::default(), "another file begins anew");
    }
}
