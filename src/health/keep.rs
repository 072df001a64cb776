//! Where the board is kept: a file of the state directory, replaced at once, and set aside where it is damaged.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use log::{error, warn};
use serde::{Deserialize, Serialize};

use super::board::Board;
use super::said::{self, Said};
use super::settings::Settings;
use crate::mail::Moment;

/// Folder of the state directory.
pub const FOLDER: &str = "health";
/// Name of the file.
const FILE: &str = "detectors.json";
/// And of one that could not be used.
const ASIDE: &str = "detectors.damaged";
/// Version of the file.
const VERSION: u32 = 1;
/// Bytes of a file that is read: as many records as there may be, with all that they can hold.
const BYTES_MAX: u64 = 64 * 1_024 * 1_024;

/// Where the board is kept.
#[derive(Debug)]
pub struct Keeper {
    state: PathBuf,
    /// How many messages the board had seen when it was last written: a write that comes late must not undo a later one.
    written: Mutex<u64>,
    /// Bytes of what people said when it was last looked at.
    said: Mutex<u64>,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    board: &'a Board,
}

#[derive(Deserialize)]
struct Readable {
    version: u32,
    board: Board,
}

impl Keeper {
    /// That of a state directory.
    pub fn new(state: &Path) -> Self {
        Self { state: state.to_owned(), written: Mutex::new(0), said: Mutex::new(0) }
    }

    fn file(&self) -> PathBuf {
        self.state.join(FOLDER).join(FILE)
    }

    /// The board that was kept, of these signals. One that is damaged is set aside, and the log says so; what cannot be
    /// read begins anew.
    pub fn read(&self, settings: &Settings, signals: &[&str]) -> Board {
        let file = self.file();
        let board = match self.look(settings, signals) {
            Ok(board) => board,
            Err(why) if why.kind() == io::ErrorKind::InvalidData => {
                let aside = file.with_file_name(ASIDE);
                match fs::rename(&file, &aside) {
                    Ok(()) => warn!(
                        "degraded: the health of detectors was damaged ({why}) and begins anew; the old one is {}",
                        aside.display()
                    ),
                    Err(error) => warn!("degraded: {} is damaged ({why}) and stays: {error}", file.display()),
                }
                None
            }
            Err(why) => {
                warn!("degraded: {} cannot be read: {why}; the health of detectors begins anew", file.display());
                None
            }
        };
        let board = board.unwrap_or_else(|| Board::new(settings, signals));
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = board.passed();
        board
    }

    /// The board as it was last kept; `None` where there is none yet. Nothing is changed.
    ///
    /// # Errors
    /// The file cannot be read; `InvalidData` where it is damaged.
    pub fn look(&self, settings: &Settings, signals: &[&str]) -> io::Result<Option<Board>> {
        let file = match File::open(self.file()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut text = Vec::new();
        file.take(BYTES_MAX + 1).read_to_end(&mut text)?;
        let damaged = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        if text.len() as u64 > BYTES_MAX {
            return Err(damaged(format!("more than {BYTES_MAX} bytes")));
        }
        let read: Readable = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if read.version != VERSION {
            return Err(damaged(format!("version {} is not {VERSION}", read.version)));
        }
        let mut board = read.board;
        if !board.is_sound() {
            return Err(damaged("numbers that cannot be".to_owned()));
        }
        board.settings = settings.clone();
        board.take_up(signals);
        Ok(Some(board))
    }

    /// What writes a board as it is now.
    pub fn writing(self: &std::sync::Arc<Self>, board: &Board) -> impl FnOnce() + Send + 'static + use<> {
        let (keeper, passed) = (std::sync::Arc::clone(self), board.passed());
        let text = serde_json::to_vec(&Written { version: VERSION, board });
        move || match text {
            Ok(text) => keeper.replace(&text, passed),
            Err(error) => error!("the health of detectors cannot be written: {error}"),
        }
    }

    fn replace(&self, text: &[u8], passed: u64) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if passed < *written {
            return;
        }
        match replace(&self.file(), text) {
            Ok(()) => *written = passed,
            Err(error) => {
                let file = self.file();
                warn!("{} cannot be written: {error}; a restart will forget the latest messages", file.display());
            }
        }
    }

    /// What people said that this board has not taken up; empty where nothing was said since the last look.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn unheard(&self, board: &Board) -> io::Result<Vec<Said>> {
        let mut known = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = said::bytes(&self.state);
        if bytes == *known {
            return Ok(Vec::new());
        }
        let all = Said::all(&self.state)?;
        *known = bytes;
        Ok(all.into_iter().skip(board.said).collect())
    }

    /// Notes that a board has taken up so much more of what people said.
    pub fn heard(&self, board: &mut Board, count: usize) {
        board.said += count;
    }

    /// Writes down what somebody says of a detector.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn say(&self, said: &Said) -> io::Result<()> {
        said.write(&self.state)
    }
}

impl Board {
    /// When the last message was seen.
    pub fn at(&self) -> Moment {
        self.at
    }
}

/// Replaces a file at once: a reader finds the old text or the new one.
fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut draft = tempfile::Builder::new().prefix(".detectors-").tempfile_in(folder)?;
    draft.write_all(text)?;
    draft.as_file().sync_all()?;
    draft.persist(file).map(drop).map_err(|error| error.error)
}
