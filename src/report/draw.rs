//! The audit sample as it is written down: who was drawn, from which stratum, with what chance.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The file of drawings within the state directory; it only grows.
const DRAWINGS: &str = "audit.jsonl";

/// A part of a day's mail from which messages are drawn alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stratum {
    /// Passed without a mark, but not by far: here misses are likeliest.
    Near,
    /// Passed without a mark.
    Passed,
    /// Tagged.
    Tagged,
    /// Held or refused.
    Stopped,
}

impl Stratum {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Near, Self::Passed, Self::Tagged, Self::Stopped];

    /// Whether its mail passed without a mark.
    pub(super) fn is_passed(self) -> bool {
        matches!(self, Self::Near | Self::Passed)
    }
}

/// A message that was drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Drawing {
    /// The decision's id.
    pub(super) id: String,
    /// The day of which it was drawn.
    pub(super) date: String,
    /// The seed by which it was.
    pub(super) seed: String,
    /// The stratum.
    pub(super) stratum: Stratum,
    /// The chance that it had.
    pub(super) probability: f64,
    /// When it was drawn.
    pub(super) at: String,
}

/// All drawings of a state directory; none where there is no file. Lines that are none are passed over.
pub(super) fn read(state: &Path) -> io::Result<Vec<Drawing>> {
    let text = match fs::read_to_string(state.join(DRAWINGS)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text?,
    };
    let sound = |drawing: &Drawing| drawing.probability > 0.0 && drawing.probability <= 1.0;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(sound).collect())
}

/// Adds drawings, durably, in one write.
pub(super) fn append(state: &Path, drawings: &[Drawing]) -> io::Result<()> {
    let mut text = Vec::new();
    for drawing in drawings {
        serde_json::to_writer(&mut text, drawing)?;
        text.push(b'\n');
    }
    let mut file = OpenOptions::new().append(true).create(true).mode(0o640).open(state.join(DRAWINGS))?;
    file.write_all(&text)?;
    file.sync_all()
}
