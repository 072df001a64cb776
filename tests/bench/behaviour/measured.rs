//! Messages with what was measured of them, also as a file: sub-detectors can be compared anew without a replay.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use kith::mail::Moment;
use kith::signals::{Signals, registry};

use super::attack::{KINDS, Kind};
use super::draw::hash;

/// A message, measured.
pub struct Measured {
    /// `None` for ordinary mail.
    pub kind: Option<Kind>,
    /// Which text of the kind.
    pub text: usize,
    pub stage: Stage,
    pub at: Moment,
    /// The model's score.
    pub points: f32,
    pub signals: Signals,
}

/// When a message came, and whether anybody keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In the warm-up: learned, and counted nowhere.
    Warm,
    /// Learned and counted.
    Learned,
    /// Compared with what was learned and counted, then forgotten.
    Probed,
}

const STAGES: [Stage; 3] = [Stage::Warm, Stage::Learned, Stage::Probed];

/// The kind's byte of ordinary mail.
const ORDINARY: u8 = u8::MAX;

/// Tells files of other signals.
fn digest() -> u64 {
    registry().iter().fold(0, |digest, signal| digest.rotate_left(5) ^ hash(signal.name))
}

/// A file that is being written.
pub struct Writer(BufWriter<File>);

impl Writer {
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(&digest().to_le_bytes())?;
        Ok(Self(file))
    }

    pub fn add(&mut self, one: &Measured) -> io::Result<()> {
        let kind = one.kind.and_then(|kind| KINDS.iter().position(|k| *k == kind)).map_or(ORDINARY, |nth| nth as u8);
        self.0.write_all(&[kind, one.text as u8, one.stage as u8])?;
        self.0.write_all(&one.at.0.to_le_bytes())?;
        self.0.write_all(&one.points.to_le_bytes())?;
        one.signals.0.iter().try_for_each(|value| self.0.write_all(&value.unwrap_or(f32::NAN).to_le_bytes()))
    }

    pub fn close(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Reads what a replay wrote, message by message.
pub fn read(path: &Path, mut each: impl FnMut(Measured)) -> io::Result<()> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    if u64::from_le_bytes(take(&mut file)?) != digest() {
        return Err(io::Error::new(ErrorKind::InvalidData, "measured by other signals: replay again"));
    }
    loop {
        let [kind, text, stage] = match take::<3>(&mut file) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            head => head?,
        };
        let at = Moment(i64::from_le_bytes(take(&mut file)?));
        let points = f32::from_le_bytes(take(&mut file)?);
        let mut values = vec![0; registry().len() * 4];
        file.read_exact(&mut values)?;
        let value = |bytes: &[u8; 4]| Some(f32::from_le_bytes(*bytes)).filter(|value| !value.is_nan());
        let signals = Signals(values.as_chunks().0.iter().map(value).collect());
        let stage = STAGES.get(usize::from(stage)).copied().unwrap_or(Stage::Warm);
        each(Measured { kind: KINDS.get(usize::from(kind)).copied(), text: text.into(), stage, at, points, signals });
    }
}

fn take<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes).map(|()| bytes)
}
